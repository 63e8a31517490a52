//! Every test of the kit over every collector. A new collector is a line in the table below.

use vm_testkit::Create;

macro_rules! collectors {
    ($($name:ident => $create:path;)+) => {
        /// Every collector's constructor, by name.
        const COLLECTORS: &[(&str, Create)] = &[$((stringify!($name), $create)),+];
        $(mod $name {
            #[test]
            fn passes_the_conformance_suite() {
                vm_testkit::conformance::collector_conformance($create);
            }
        })+
    };
}

collectors! {
    none => gc_none::create;
    marksweep => gc_marksweep::create;
    semispace => gc_semispace::create;
    generational => gc_generational::create;
    satb => gc_satb::create;
}

#[test]
fn the_table_names_each_collector_as_it_names_itself() {
    for (name, create) in COLLECTORS {
        assert_eq!(vm_testkit::conformance::descriptor(*create).name, *name);
    }
}
