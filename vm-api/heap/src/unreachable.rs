//! What is dead, before a collection takes it.
//!
//! Collectors look at what lives and never meet what does not. A language that must say what a collection is about to free
//! is shown it by the collector when its trace is done ([`Heap::collect_showing`]), for a walk over the memory of what may have died.
//!
//! Beside that there is a marking of the heap's own, which leaves no trace: for a language that must act before the
//! collection begins, for collectors that have no such moment, and for tests of those that do. It costs about as much as another
//! full collection: bitmaps of a thirty-second of the heap, one walk to enter where objects begin, one trace; what is in the one
//! bitmap and not in the other is dead. It works on every collector, since it uses the contract alone.

use crate::collector::{Collector, GcContext, Trigger};
use crate::hashing::NumberMap;
use crate::heap::{Heap, with_spilled_registers};
use crate::layout::LayoutTable;
use crate::object::Object;
use crate::roots::{RootScope, SlotVisitor};
use crate::value::Value;

/// What a full collection has not reached, shown in the middle of it. Nothing may be allocated or stored meanwhile, and the heap is
/// not to be used.
///
/// What is unreached is as the program left it. The objects that it refers to may have moved, and where they were then lies what
/// the collector has put there: of a reference that is followed, [`Unreached::now`] says where it leads. Roots and the slots of
/// reached objects are up to date, but for weak ones.
pub trait Unreached {
    /// Calls `f` with each unreached object once, in order of their addresses.
    fn each(&self, f: &mut dyn FnMut(Object));
    /// Where an object of the heap is, reached or not.
    fn now(&self, object: Object) -> Object;
    /// Sizes and traces objects.
    fn layouts(&self) -> &LayoutTable;
}

/// Who wants to be shown it.
pub type Census<'a> = &'a mut dyn FnMut(&dyn Unreached);

const PAGE_SHIFT: u32 = 17;
const PAGE_WORDS: u64 = 1 << (PAGE_SHIFT - 3);
/// Words of a bitmap with a bit for each word of a page.
const MAP: usize = (PAGE_WORDS / 64) as usize;

/// Bits of the words in a page of addresses.
struct Page {
    starts: [u64; MAP],
    reached: [u64; MAP],
}

/// Where objects begin, and which of them have been reached.
#[derive(Default)]
struct Marking {
    numbers: NumberMap<u64, usize>,
    pages: Vec<Page>,
    /// The numbers of all pages in which objects begin, in order; made once all are entered.
    ordered: Vec<u64>,
    /// The page used last, by its number; neighbours are asked for one after the other.
    last: Option<(u64, usize)>,
    work: Vec<u64>,
}

/// The page of an address, and its bit there.
fn split(address: u64) -> (u64, usize, u64) {
    let word = (address >> 3) & (PAGE_WORDS - 1);
    (address >> PAGE_SHIFT, (word / 64) as usize, 1 << (word % 64))
}

impl Marking {
    fn find(&mut self, page: u64) -> Option<usize> {
        if let Some((number, index)) = self.last
            && number == page
        {
            return Some(index);
        }
        let index = *self.numbers.get(&page)?;
        self.last = Some((page, index));
        Some(index)
    }
    /// An object begins here.
    fn enter(&mut self, address: u64) {
        let (page, i, bit) = split(address);
        let index = match self.find(page) {
            Some(index) => index,
            None => {
                self.pages.push(Page { starts: [0; MAP], reached: [0; MAP] });
                self.numbers.insert(page, self.pages.len() - 1);
                self.pages.len() - 1
            }
        };
        self.pages[index].starts[i] |= bit;
    }
    /// The object at this address is reached.
    fn reach(&mut self, address: u64) {
        let (page, i, bit) = split(address);
        if let Some(index) = self.find(page) {
            let page = &mut self.pages[index];
            if page.starts[i] & bit != 0 && page.reached[i] & bit == 0 {
                page.reached[i] |= bit;
                self.work.push(address);
            }
        }
    }
    /// The objects that were entered and not reached, in order of their addresses.
    fn each_unreached(&self, f: &mut dyn FnMut(Object)) {
        for number in &self.ordered {
            let page = &self.pages[self.numbers[number]];
            for (i, (starts, reached)) in page.starts.iter().zip(&page.reached).enumerate() {
                let mut bits = starts & !reached;
                while bits != 0 {
                    let word = i as u64 * 64 + u64::from(bits.trailing_zeros());
                    // SAFETY: an object begins there, as the collector has just shown.
                    f(unsafe { Object::from_address((number << PAGE_SHIFT) + (word << 3)) });
                    bits &= bits - 1;
                }
            }
        }
    }
    /// Reaches what a word that may be no value points to, into, or one past the end of.
    fn reach_around(&mut self, word: u64, cx: &GcContext<'_>) {
        let word = word & !7;
        for at in [Some(word), word.checked_sub(8)].into_iter().flatten() {
            if let Some(start) = self.start_before(at) {
                // SAFETY: an object begins there, as the collector has just shown.
                let object = unsafe { Object::from_address(start) };
                if word <= start + 8 * object.size_words(cx.layouts) as u64 {
                    self.reach(start);
                }
            }
        }
    }
    /// The last beginning of an object at or before an address.
    fn start_before(&mut self, address: u64) -> Option<u64> {
        let (number, mut i, bit) = split(address);
        let mut mask = bit | (bit - 1);
        let mut behind = self.ordered.partition_point(|n| *n <= number);
        while behind > 0 {
            behind -= 1;
            let page = self.ordered[behind];
            if page != number {
                (i, mask) = (MAP - 1, u64::MAX);
            }
            let index = self.find(page)?;
            loop {
                let bits = self.pages[index].starts[i] & mask;
                if bits != 0 {
                    let word = i as u64 * 64 + u64::from(63 - bits.leading_zeros());
                    return Some((page << PAGE_SHIFT) + (word << 3));
                }
                mask = u64::MAX;
                if i == 0 {
                    break;
                }
                i -= 1;
            }
        }
        None
    }
    fn trace(&mut self, cx: &GcContext<'_>) {
        while let Some(address) = self.work.pop() {
            // SAFETY: `reach` enters only addresses at which an object begins.
            let object = unsafe { Object::from_address(address) };
            object.each_slot(cx.layouts, |word| {
                if let Some(target) = Object::from_value(object.get(word)) {
                    self.reach(target.address());
                }
            });
        }
    }
}

impl SlotVisitor for Marking {
    fn slot(&mut self, slot: &mut Value) -> bool {
        if let Some(object) = Object::from_value(*slot) {
            self.reach(object.address());
        }
        true
    }
}

fn mark(collector: &mut dyn Collector, cx: &mut GcContext<'_>) -> Marking {
    let mut marking = Marking::default();
    collector.each_object(cx, &mut |o| marking.enter(o.address()));
    for v in cx.pending.cleared.iter().chain(&cx.pending.finalizable) {
        if let Some(object) = Object::from_value(*v) {
            marking.reach(object.address());
        }
    }
    cx.roots.slots(RootScope::All, &mut marking);
    let mut words = Vec::new();
    cx.roots.ambiguous(&mut |low, high| {
        for address in (low..high).step_by(8) {
            // SAFETY: the root source says that these words may be read.
            words.push(unsafe { (address as *const u64).read_volatile() });
        }
    });
    words.sort_unstable();
    words.dedup();
    marking.ordered.extend(marking.numbers.keys());
    marking.ordered.sort_unstable();
    let lowest = marking.ordered.first().map_or(u64::MAX, |page| page << PAGE_SHIFT);
    for word in &words[words.partition_point(|word| *word < lowest)..] {
        marking.reach_around(*word, cx);
    }
    marking.trace(cx);
    marking
}

/// As the heap's own marking sees it, before anything has moved.
struct Marked<'a> {
    marking: Marking,
    layouts: &'a LayoutTable,
}

impl Unreached for Marked<'_> {
    fn each(&self, f: &mut dyn FnMut(Object)) {
        self.marking.each_unreached(f);
    }
    fn now(&self, object: Object) -> Object {
        object
    }
    fn layouts(&self) -> &LayoutTable {
        self.layouts
    }
}

/// Takes a census by a marking of its own, for collectors that are about to collect.
pub fn census_by_marking(collector: &mut dyn Collector, cx: &mut GcContext<'_>, census: Census<'_>) {
    let marking = mark(collector, cx);
    census(&Marked { marking, layouts: cx.layouts });
}

impl Heap {
    /// Shows every object that a full collection now would find unreachable, those included that their finalizers would keep
    /// for a while, and those that weak references alone lead to. The native stack is scanned from `low` on, as
    /// [`Heap::collect_above`] does.
    pub fn show_unreachable(&self, low: u64, census: Census<'_>) {
        self.with_collector(low, |collector, cx| census_by_marking(collector, cx, census));
    }
    /// A full collection as by [`Heap::collect`], in which `census` is shown once what is unreached: the objects that
    /// [`Heap::show_unreachable`] would have shown just before, but for a trace of the heap less.
    #[inline(never)]
    pub fn collect_showing(&self, trigger: Trigger, census: Census<'_>) {
        with_spilled_registers(|sp| self.with_collecting(sp, |c, cx| c.collect_showing(cx, trigger, census)));
    }
    /// The same, but the native stack is scanned from `low` on.
    ///
    /// # Safety
    /// As for [`Heap::collect_above`].
    #[inline(never)]
    pub unsafe fn collect_showing_above(&self, low: u64, trigger: Trigger, census: Census<'_>) {
        self.with_collecting(low, |c, cx| c.collect_showing(cx, trigger, census));
    }
}
