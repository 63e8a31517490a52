//! The conformance suite for collectors.
//!
//! Every check makes its own heap. All of them run with verification around each collection and with poison, so a check
//! also fails on whatever the collector's verifier finds. A collector that does not collect (its descriptor says so)
//! must pass all that is not about reclaiming.

mod arrays;
mod barriers;
mod cycles;
mod depth;
mod finalizers;
mod identity;
mod layouts;
mod limits;
mod native;
mod weak;

use crate::Create;
use crate::mock::{MockVm, checked};
use vm_heap::{CollectKind, CollectorDescriptor, HeapOptions, Trigger};

/// A check: what it is called and what it does.
pub type Check = (&'static str, fn(Create));

macro_rules! checks {
    ($($module:ident: $($check:ident),+;)+) => {
        /// Every check, in the order of the modules.
        pub const CHECKS: &[Check] = &[$($((concat!(stringify!($module), "::", stringify!($check)), $module::$check)),+),+];
    };
}

checks! {
    layouts: every_layout_keeps_its_contents, new_memory_is_zero, objects_of_every_size, each_object_sees_all,
        unreachable_objects_are_those_that_a_collection_frees;
    limits: full_heap_refuses_and_goes_on, refusal_leaves_room, external_bytes_count, huge_sizes_are_refused, held_memory_stays_below_the_limit,
        large_objects_are_reused, what_must_not_fail_passes_the_limit;
    weak: cleared_when_dead, callbacks_in_order_and_only_for_reachable_references, strong_words_of_weak_objects,
        arrays_drop_the_dead, root_slots_are_cleared_after_resurrection, reads_during_a_cycle, references_dropped_during_a_cycle,
        finalizers_around_a_cycle, short_weak_objects;
    finalizers: run_once_and_resurrect, parents_and_children_together, weak_references_are_cleared_first, settled_objects_are_not_queued,
        pending_values_are_roots;
    identity: stable_across_moves, never_reused;
    barriers: old_to_young, overwritten_snapshot, element_barriers_of_large_arrays, range_barriers_of_large_arrays,
        ranges_at_card_borders, short_ranges, moved_elements, promoted_chains;
    arrays: wide, large_of_every_kind;
    native: exact_interior_and_one_past, pins, neighbours_of_pins, native_stack_keeps_locals, conservative_all,
        find_object_everywhere;
    cycles: safepoints_drive_them, minor_after_minor, events_are_recorded;
    depth: long_list, deep_tree;
}

/// Runs every check; panics at the first that fails, after printing its name.
pub fn collector_conformance(create: Create) {
    for (name, check) in CHECKS {
        println!("{name}");
        check(create);
    }
}

/// The facts of the collector that `create` makes.
pub fn descriptor(create: Create) -> &'static CollectorDescriptor {
    create(&HeapOptions { limit: 1 << 20, ..HeapOptions::default() }).descriptor()
}

/// A VM with a checked heap of 64 MB.
fn vm(create: Create) -> MockVm {
    MockVm::new(create, checked(64 << 20))
}

impl MockVm {
    /// A full collection.
    pub fn full(&self) {
        self.heap.collect(CollectKind::Full, Trigger::Explicit);
    }
    /// A minor one.
    pub fn minor(&self) {
        self.heap.collect(CollectKind::Minor, Trigger::Explicit);
    }
    /// Two minor ones and a full one: young objects have been copied, promoted and found again.
    pub fn every_kind(&self) {
        self.minor();
        self.minor();
        self.full();
    }
}
