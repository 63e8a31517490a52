//! How large the nursery is, and how old an object must be to be promoted: by what the last minor collections found.
//!
//! A minor collection's work is what it copies. Where little survives a large nursery is best, since each collection costs
//! something by itself, and objects have more time to die. Where much survives, pauses become long: then the nursery shrinks until
//! about [`WORK`] bytes are copied at a time. What survives is copied a second time on the way to the old generation; that pays if
//! enough of it dies between the two. Where nearly nothing does, as where a program builds what it keeps, objects are promoted by
//! the first collection that finds them, for a while. A heap's first collection finds what a language has made when it started:
//! that grows old where it is.
//!
//! Where finalizers come due in large numbers, the young objects that have one are counted besides: a batch of finalizers runs as a
//! whole in one thread, and must not become so long that the others fill the heap with more meanwhile.
//!
//! Decisions depend on bytes and numbers and never on time: the same program collects at the same places in every run. (Compare the goals of
//! pause time and throughput in HotSpot's adaptive sizing, and Jones, Hosking and Moss, "The Garbage Collection Handbook", 9.7.)
//!
//! Options fix either: `nursery` and `promotion_age`. A heap that is verified has a nursery of fixed size.

use vm_heap::HeapOptions;

/// A part of a second-level cache: a collection that finds nothing alive costs so little that more is not faster, and what suddenly all
/// survives is copied in less than a millisecond.
const LARGEST: usize = 512 << 10;
/// Of a heap of which nothing is known. What a language makes of its own when it starts is nearly all there to stay, so that to
/// collect meanwhile would leave two copies in memory: this is a little more than Python makes.
const FIRST: usize = 3 << 19;
const SMALLEST: usize = 256 << 10;
/// Beside survivors whose copying will be work enough by itself.
const LEAST: usize = 128 << 10;
/// Of a heap that is verified: each collection walks through all of it, so there should be few besides those that are forced.
const VERIFIED: usize = 4 << 20;
/// Bytes that a minor collection should copy at most: about half a millisecond.
const WORK: usize = 384 << 10;

/// Collections that an object lives through before it is old, usually.
const USUAL_AGE: usize = 2;
/// Survivors of one collection that are enough to judge by.
const ENOUGH: usize = 64 << 10;
/// Collections that promote at once before aging is tried again.
const PERIOD: usize = 30;

/// Finalizers that one collection may find due before their number counts: programs whose tasks nearly always end by themselves
/// have many objects that could have finalizers run, and no need of earlier collections.
const MANY_FINALIZERS: usize = 256;
/// Young objects with finalizers that fill a nursery then.
const BATCH: usize = 1024;

/// What a minor collection copied.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Copied {
    /// Bytes of objects in eden and of survivors, wherever they went.
    pub(crate) all: usize,
    /// Bytes of them that stay young.
    pub(crate) young: usize,
    /// Bytes of them that were survivors.
    pub(crate) survivors: usize,
}

/// See the module header.
#[derive(Debug)]
pub(crate) struct Sizing {
    nursery: usize,
    age: usize,
    fixed_nursery: bool,
    fixed_age: bool,
    /// There was no collection yet.
    first: bool,
    /// Bytes that the last minor collection left as survivors.
    survivors: usize,
    /// Minor collections until aging is tried again.
    left: usize,
    /// The last collection found many finalizers due.
    many_finalizers: bool,
}

impl Sizing {
    pub(crate) fn new(options: &HeapOptions, least: usize) -> Sizing {
        let is_verified = options.verify_pre || options.verify_post;
        let first = if is_verified { VERIFIED } else { FIRST };
        Sizing {
            nursery: options.nursery.unwrap_or(first).max(least),
            age: options.promotion_age.unwrap_or(USUAL_AGE).clamp(1, USUAL_AGE),
            fixed_nursery: options.nursery.is_some() || is_verified,
            fixed_age: options.promotion_age.is_some(),
            first: !is_verified,
            survivors: 0,
            left: 0,
            many_finalizers: false,
        }
    }
    /// Young objects with finalizers after which a minor collection is due.
    pub(crate) fn finalizable(&self) -> usize {
        if self.many_finalizers { BATCH } else { usize::MAX }
    }
    /// A collection has found so many finalizers due.
    pub(crate) fn finalizers_due(&mut self, number: usize) {
        self.many_finalizers = number >= MANY_FINALIZERS;
    }
    /// Bytes that may be allocated before a minor collection.
    pub(crate) fn nursery(&self) -> usize {
        if self.fixed_nursery || self.survivors <= WORK / 2 {
            return self.nursery;
        }
        // They are copied once more beside what survives of the next objects.
        self.nursery.min(WORK.saturating_sub(self.survivors).max(LEAST))
    }
    /// Collections that an object lives through before it is old: 1 or 2.
    pub(crate) fn age(&self) -> usize {
        self.age
    }
    /// Does what the next minor collection reaches grow old without being copied? (Not in a heap that is verified: its collections are
    /// all of one kind.)
    pub(crate) fn settles(&self) -> bool {
        self.first && !self.fixed_age
    }
    /// A full collection has promoted all that was young.
    pub(crate) fn after_full(&mut self) {
        self.first = false;
        self.survivors = 0;
    }
    /// A minor collection has ended, in which the nursery had been used up or not.
    pub(crate) fn after_minor(&mut self, copied: Copied, used_up: bool) {
        self.first = false;
        if !self.fixed_nursery && (used_up || copied.all > WORK) {
            self.nursery = if copied.all > WORK {
                // No less than a half at once: one burst says little.
                (self.nursery * WORK / copied.all).max(self.nursery / 2).clamp(SMALLEST, LARGEST)
            } else if copied.all < WORK / 2 {
                (self.nursery + self.nursery / 4).min(LARGEST)
            } else {
                self.nursery
            };
        }
        if !self.fixed_age {
            self.choose_age(copied.survivors);
        }
        self.survivors = copied.young;
    }
    fn choose_age(&mut self, survived_again: usize) {
        if self.age == USUAL_AGE {
            // Less than an eighth has died: copying them once would have done.
            if self.survivors >= ENOUGH && survived_again > self.survivors / 8 * 7 {
                (self.age, self.left) = (1, PERIOD);
            }
        } else {
            self.left -= 1;
            if self.left == 0 {
                self.age = USUAL_AGE;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizing() -> Sizing {
        Sizing::new(&HeapOptions::default(), 0)
    }

    fn surviving(share: usize, sizing: &Sizing) -> Copied {
        Copied { all: sizing.nursery() * share / 100, young: 0, survivors: 0 }
    }

    #[test]
    fn the_nursery_shrinks_until_the_work_is_bounded_and_grows_again() {
        let mut sizing = sizing();
        for _ in 0..10 {
            let copied = surviving(80, &sizing);
            sizing.after_minor(copied, true);
        }
        assert!(surviving(80, &sizing).all <= WORK && sizing.nursery() > SMALLEST, "{sizing:?}");
        for _ in 0..40 {
            let copied = surviving(1, &sizing);
            sizing.after_minor(copied, true);
        }
        assert_eq!(sizing.nursery(), LARGEST);
        // A collection that came early says nothing about a full nursery.
        sizing.nursery = SMALLEST;
        sizing.after_minor(Copied::default(), false);
        assert_eq!(sizing.nursery(), SMALLEST);
    }

    #[test]
    fn many_survivors_leave_room_for_fewer_objects_besides() {
        let mut sizing = sizing();
        let survived = |young| Copied { all: young, young, survivors: 0 };
        sizing.after_minor(survived(WORK / 2), true);
        assert_eq!(sizing.nursery(), sizing.nursery, "{sizing:?}");
        sizing.after_minor(survived(WORK * 3 / 4), true);
        assert_eq!(sizing.nursery(), (WORK / 4).max(LEAST));
        sizing.after_minor(survived(2 * WORK), true);
        assert_eq!(sizing.nursery(), LEAST);
        sizing.after_minor(survived(1000), true);
        assert!(sizing.nursery() >= SMALLEST);
    }

    #[test]
    fn only_what_the_first_collection_finds_stays_where_it_is() {
        let mut sizing = sizing();
        assert!(sizing.settles());
        sizing.after_minor(Copied::default(), false);
        assert!(!sizing.settles());
        let options = HeapOptions { promotion_age: Some(2), ..HeapOptions::default() };
        assert!(!Sizing::new(&options, 0).settles());
    }

    #[test]
    fn what_does_not_die_young_is_promoted_at_once_for_a_while() {
        let mut sizing = sizing();
        let keep = Copied { all: 200_000, young: 100_000, survivors: 100_000 };
        sizing.after_minor(keep, true);
        assert_eq!(sizing.age(), 2, "nothing is known of the first survivors yet");
        sizing.after_minor(keep, true);
        assert_eq!(sizing.age(), 1);
        let at_once = Copied { all: 100_000, young: 0, survivors: 0 };
        let before = (0..100).take_while(|_| {
            sizing.after_minor(at_once, true);
            sizing.age() == 1
        });
        assert_eq!(before.count(), PERIOD - 1);
        let dying = Copied { all: 110_000, young: 100_000, survivors: 10_000 };
        for _ in 0..10 {
            sizing.after_minor(dying, true);
            assert_eq!(sizing.age(), 2);
        }
    }

    #[test]
    fn objects_with_finalizers_count_while_many_come_due() {
        let mut sizing = sizing();
        assert_eq!(sizing.finalizable(), usize::MAX);
        sizing.finalizers_due(MANY_FINALIZERS);
        assert_eq!(sizing.finalizable(), BATCH);
        sizing.finalizers_due(MANY_FINALIZERS - 1);
        assert_eq!(sizing.finalizable(), usize::MAX);
    }

    #[test]
    fn options_fix_both() {
        let options = HeapOptions { nursery: Some(1 << 20), promotion_age: Some(1), ..HeapOptions::default() };
        let mut sizing = Sizing::new(&options, 0);
        for _ in 0..100 {
            sizing.after_minor(Copied { all: 1 << 20, young: 0, survivors: 0 }, true);
        }
        assert_eq!((sizing.nursery(), sizing.age()), (1 << 20, 1));
    }
}
