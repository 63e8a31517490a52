//! The checker: walks everything reachable and says what is wrong with it.
//!
//! It trusts nothing that a collection maintains except the blocks' parse: where objects begin is found by walking each
//! block from its start, what is reachable by a traversal of its own. A collector adds its invariants (remembered sets,
//! marks) as a closure over edges.

use crate::ambiguous::Candidates;
use crate::block::Kind;
use crate::list::ObjectList;
use crate::memory::{Block, Memory};
use crate::parse::Walk;
use crate::roots::Slots;
use std::collections::HashSet;
use vm_heap::object::Weakness;
use vm_heap::{GcContext, Layout, LayoutTable, Object, RootScope, RootSource, Value};

/// Words of a bitmap with one bit for each word of a block.
const MAP_WORDS: usize = (crate::BLOCK_BYTES / 512) as usize;
type BlockMap = Box<[u64; MAP_WORDS]>;

/// One edge of the object graph.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The object that holds the reference.
    pub holder: Object,
    /// Address of the slot.
    pub slot: u64,
    /// The object referred to.
    pub target: Object,
    /// Is the slot a weak one?
    pub weak: bool,
}

/// How far a check goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// From all roots over all edges.
    Everything,
    /// From precise roots over strong edges: what a marking must have marked. Ambiguous words may be stale.
    Strong,
}

/// What is known of a block with objects that were met.
struct Met {
    /// Where objects begin.
    starts: BlockMap,
    /// Which of them were visited.
    visited: BlockMap,
}

struct Checker<'a> {
    memory: &'a Memory,
    layouts: &'a LayoutTable,
    /// By block; as long as the memory has blocks.
    met: Vec<Option<Met>>,
    work: ObjectList,
}

impl Checker<'_> {
    fn bit(&self, address: u64) -> (Block, usize, u64) {
        let block = self.memory.block_of(address);
        let word = (address - self.memory.start(block)) / 8;
        (block, (word / 64) as usize, 1 << (word % 64))
    }
    /// What is known of a block of the memory; it is parsed when it is first met.
    fn met(&mut self, block: Block) -> Result<&mut Met, String> {
        let slot = &mut self.met[block as usize];
        let met = match slot.take() {
            Some(met) => met,
            None => Met { starts: starts(self.memory, self.layouts, block)?, visited: Box::new([0; MAP_WORDS]) },
        };
        Ok(slot.insert(met))
    }
    /// Checks a word that must be a value; enters the object it refers to in the work list.
    fn value(&mut self, v: Value, place: &dyn Fn() -> String) -> Result<Option<Object>, String> {
        let valid = v.is_empty() || v.is_int() || v.is_float() || v.bits() & 3 == 2 || v.is_object();
        if !valid {
            return Err(format!("{:#x} {} is no value", v.bits(), place()));
        }
        let Some(object) = Object::from_value(v) else { return Ok(None) };
        let nothing_there = |checker: &Self| {
            let kind = if checker.memory.contains(v.bits()) { checker.memory.kind_at(v.bits()) } else { Kind::Free };
            format!("{:#x} {} points to no object (block kind {kind:?})", v.bits(), place())
        };
        if !self.memory.contains(object.address()) {
            return Err(nothing_there(self));
        }
        let (block, i, bit) = self.bit(object.address());
        let met = self.met(block)?;
        if met.starts[i] & bit == 0 {
            return Err(nothing_there(self));
        }
        if met.visited[i] & bit == 0 {
            met.visited[i] |= bit;
            self.work.push(object);
        }
        Ok(Some(object))
    }
}

/// Where the objects of a block begin.
fn starts(memory: &Memory, layouts: &LayoutTable, block: Block) -> Result<BlockMap, String> {
    let mut map: BlockMap = Box::new([0; MAP_WORDS]);
    let mut walk = Walk::new(memory, layouts, block);
    for (object, _) in walk.by_ref() {
        let word = (object.address() - memory.start(block)) / 8;
        map[(word / 64) as usize] |= 1 << (word % 64);
    }
    match walk.corrupt() {
        Some(at) => Err(format!("no object, but {:#x}, at {at:#x} in a {:?} block", word_at(at), memory.kind(block))),
        None => Ok(map),
    }
}

fn word_at(address: u64) -> u64 {
    crate::list::object_at(address).word(0)
}

/// Checks every object reachable from all roots: its shape is registered, its words are values, its references lead to
/// objects; every root that refers to a young object is among `shown`, if that is given. `edge` is called for each
/// reference, `object` once for each object. The thread's buffer must be parsable.
pub fn verify_reachable(
    memory: &Memory,
    cx: &mut GcContext<'_>,
    reach: Reach,
    shown: Option<&YoungRoots>,
    edge: &mut dyn FnMut(Edge) -> Result<(), String>,
    object_check: &mut dyn FnMut(Object) -> Result<(), String>,
) -> Result<(), String> {
    let layouts = cx.layouts;
    let mut checker =
        Checker { memory, layouts, met: memory.blocks().map(|_| None).collect(), work: ObjectList::new() };
    let mut first_error = Ok(());
    let mut n = 0usize;
    let mut root = |checker: &mut Checker<'_>, v: Value, slot: usize, what: &str| {
        let mut result = checker.value(v, &|| format!("in {what} {n}"));
        n += 1;
        if shown.is_some_and(|shown| is_young(memory, v) && !shown.0.contains(&slot)) {
            result = Err(format!("a young collection is not shown a {what} with the young object {:#x}", v.bits()));
        }
        if let (Ok(()), Err(e)) = (&first_error, result) {
            first_error = Err(e);
        }
    };
    for v in cx.pending.cleared.iter().chain(&cx.pending.finalizable) {
        // Always shown.
        checker.value(*v, &|| "in a pending entry".to_string())?;
    }
    cx.roots.slots(
        RootScope::All,
        &mut Slots(|slot: &mut Value| {
            root(&mut checker, *slot, std::ptr::from_ref(slot) as usize, "root slot");
            is_young(memory, *slot)
        }),
    );
    if reach == Reach::Everything {
        cx.roots.weak_slots(
            RootScope::All,
            &mut Slots(|slot: &mut Value| {
                root(&mut checker, *slot, std::ptr::from_ref(slot) as usize, "weak root slot");
                is_young(memory, *slot)
            }),
        );
    }
    first_error?;
    let mut ambiguous = ObjectList::new();
    let mut candidates = Candidates::default();
    if reach == Reach::Everything {
        candidates.add_ranges(memory, cx.roots);
    }
    candidates.resolve(memory, layouts, &mut ambiguous);
    for object in ambiguous.iter() {
        checker.value(object.value(), &|| "from an ambiguous root".to_string())?;
    }
    let mut slots = Vec::new();
    while let Some(object) = checker.work.pop() {
        object_check(object)?;
        slots.clear();
        let weakness = object.each_slot(layouts, |index| slots.push((index, false)));
        match weakness {
            _ if reach == Reach::Strong => {}
            Weakness::None => {}
            Weakness::FirstWord => slots.push((1, true)),
            Weakness::AllElements => {
                slots.extend((Layout::FIRST_ELEMENT..Layout::FIRST_ELEMENT + object.length()).map(|i| (i, true)));
            }
        }
        for (index, weak) in slots.iter().copied() {
            let place = || format!("in word {index} of {object:?} ({:?})", object.header());
            if let Some(target) = checker.value(object.get(index), &place)? {
                let slot = object.address() + 8 * index as u64;
                edge(Edge { holder: object, slot, target, weak })
                    .map_err(|e| format!("{e}: {:#x} {}", target.address(), place()))?;
            }
        }
    }
    Ok(())
}

/// Does a young collection have to see a slot that holds this?
fn is_young(memory: &Memory, v: Value) -> bool {
    Object::from_value(v).is_some_and(|o| memory.contains(o.address()) && memory.kind_at(o.address()).is_young())
}

/// The root slots that a young collection would be shown.
pub struct YoungRoots(HashSet<usize>);

/// Asks for them. A source that leaves one out is mended by being asked for all of them, so this comes first.
pub fn young_roots(memory: &Memory, roots: &mut dyn RootSource) -> YoungRoots {
    let mut shown = HashSet::new();
    let mut note = Slots(|slot: &mut Value| {
        shown.insert(std::ptr::from_ref(slot) as usize);
        is_young(memory, *slot)
    });
    roots.slots(RootScope::Young, &mut note);
    roots.weak_slots(RootScope::Young, &mut note);
    YoungRoots(shown)
}

/// Checks that every used block parses to its end and, unless it is unswept, has no mark bit set.
pub fn verify_blocks(memory: &Memory, layouts: &LayoutTable, marking: bool) -> Result<(), String> {
    for block in memory.blocks() {
        let kind = memory.kind(block);
        let mut walk = Walk::new(memory, layouts, block);
        walk.by_ref().for_each(drop);
        if let Some(at) = walk.corrupt() {
            return Err(format!("no object, but {:#x}, at {at:#x} in a {kind:?} block", word_at(at)));
        }
        if !marking
            && kind != Kind::Unswept
            && let Some(at) = memory.marks.next(memory.start(block), memory.end(block))
        {
            return Err(format!("a stray mark at {at:#x} in a {kind:?} block"));
        }
    }
    Ok(())
}
