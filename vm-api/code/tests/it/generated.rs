//! Properties over generated programs and arbitrary bytes.

use proptest::prelude::*;
use vm_code::fuzzing::{Bytes, TABLE, check_accepted, fuzz_loader, generate};
use vm_code::verify;

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn programs_are_accepted_and_round_trip(data in prop::collection::vec(any::<u8>(), 0..500), path: [u8; 8]) {
        let code = generate(&mut Bytes::new(&data));
        prop_assert_eq!(verify(&code, &TABLE), Ok(()));
        for seed in 0..4 {
            let mut path = path;
            path[0] = path[0].wrapping_add(seed);
            check_accepted(&code, &path);
        }
    }

    #[test]
    fn the_loader_stands_anything(data in prop::collection::vec(any::<u8>(), 0..500)) {
        fuzz_loader(&data);
    }
}
