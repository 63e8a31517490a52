//! Properties over generated programs and arbitrary bytes.

use proptest::prelude::*;
use vm_code::fuzzing::{Bytes, TABLE, check_accepted, fuzz_loader, generate, mutate};
use vm_code::{Liveness, verify};

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

    /// Sets of up to 64 registers are computed in another way than larger ones.
    #[test]
    fn liveness_does_not_depend_on_the_size_of_the_frame(data in prop::collection::vec(any::<u8>(), 0..500)) {
        let mut bytes = Bytes::new(&data);
        let mut code = generate(&mut bytes);
        for _ in 0..bytes.below(3) {
            mutate(&mut code, &mut bytes);
        }
        code.registers = code.registers.min(64);
        let mut wider = code.clone();
        wider.registers = 65;
        let [narrow, wide] = [&code, &wider].map(|code| Liveness::compute(code, &TABLE).expect("small enough"));
        let inside = (1u64.checked_shl(code.registers.into()).unwrap_or(0)).wrapping_sub(1);
        for at in 0..code.instructions.len() {
            let rows = [&narrow, &wide].map(|live| live.live_in(at).words().first().copied().unwrap_or(0));
            prop_assert_eq!(rows[0], rows[1] & inside, "before instruction {}", at);
        }
    }

    #[test]
    fn the_loader_stands_anything(data in prop::collection::vec(any::<u8>(), 0..500)) {
        fuzz_loader(&data);
    }
}
