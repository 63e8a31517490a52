//! The table of collectors.

use vm_api::heap::{Collector, CollectorDescriptor, HeapOptions};

/// One collector of this build.
#[derive(Debug)]
pub struct CollectorEntry {
    /// Its facts; the name in them is the one that `--gc=` takes.
    pub descriptor: &'static CollectorDescriptor,
    /// Makes an instance for one heap.
    pub create: fn(&HeapOptions) -> Box<dyn Collector>,
}

/// From `"feature" crate` lines to entries. A component's crate has `DESCRIPTOR` and `create`.
macro_rules! collectors {
    ($($feature:literal $component:ident)*) => {
        /// The collectors of this build. The first one is the default.
        pub static COLLECTORS: &[CollectorEntry] = &[
            $(
                #[cfg(feature = $feature)]
                CollectorEntry { descriptor: &$component::DESCRIPTOR, create: $component::create },
            )*
        ];
    };
}

collectors! {
    "gc-generational" gc_generational
    "gc-semispace" gc_semispace
    "gc-marksweep" gc_marksweep
    "gc-satb" gc_satb
    "gc-none" gc_none
    "gc-blocks" guide_collector
}

/// The collector with this name.
pub fn collector(name: &str) -> Option<&'static CollectorEntry> {
    COLLECTORS.iter().find(|entry| entry.descriptor.name == name)
}

/// The collector that runs when none is asked for; `None` if this build has none at all.
pub fn default_collector() -> Option<&'static CollectorEntry> {
    COLLECTORS.first()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collector_is_found_by_its_name_and_makes_itself() {
        for entry in COLLECTORS {
            let name = entry.descriptor.name;
            let found = collector(name).expect("listed");
            assert!(std::ptr::eq(found, entry), "two collectors are called {name}");
            let made = (entry.create)(&HeapOptions { limit: 16 << 20, ..HeapOptions::default() });
            assert_eq!(made.descriptor().name, name);
            assert!(!entry.descriptor.summary.is_empty() && !entry.descriptor.summary.contains('\n'));
        }
        assert!(collector("no such collector").is_none());
    }
}
