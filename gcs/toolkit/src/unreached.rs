//! What a trace has not reached, found by walking the blocks that it was looked for in: what a census is shown
//! ([`vm_heap::Collector::collect_showing`]).

use crate::block::Kind;
use crate::copy::forwarded;
use crate::list::object_at;
use crate::memory::{Block, Memory};
use crate::weak::Tracing;
use vm_heap::header::flag;
use vm_heap::{LayoutTable, Object, ShapeIndex, Unreached};

/// A finished trace, before weak processing. All blocks parse, but for those of [`Kind::To`], which hold reached objects alone.
pub struct Traced<'a, T> {
    /// Knows what was reached.
    pub tracing: &'a T,
    /// The heap's memory.
    pub memory: &'a Memory,
    /// Sizes objects.
    pub layouts: &'a LayoutTable,
}

impl<T: Tracing> Traced<'_, T> {
    fn each_in(&self, block: Block, f: &mut dyn FnMut(Object)) {
        let (mut at, end) = (self.memory.start(block), self.memory.end(block));
        while at < end {
            let object = object_at(at);
            let header = object.header();
            let words = if header.shape() == ShapeIndex::FILLER {
                header.filler_words() as usize
            } else if let Some(copy) = forwarded(object) {
                // The copy may have got its identity number appended; of the original's header the flags are left.
                let appended = header.flags() & flag::IDENTITY_IN_TABLE != 0;
                copy.size_words(self.layouts) - usize::from(appended)
            } else {
                if self.tracing.survivor(object).is_none() {
                    f(object);
                }
                object.size_words(self.layouts)
            };
            let bytes = words as u64 * 8;
            assert!(bytes > 0 && bytes <= end - at, "heap corruption: no object at {at:#x}");
            at += bytes;
        }
    }
}

impl<T: Tracing> Unreached for Traced<'_, T> {
    fn each(&self, f: &mut dyn FnMut(Object)) {
        for block in self.memory.blocks() {
            match self.memory.kind(block) {
                Kind::Free | Kind::LargeTail | Kind::To => {}
                Kind::Large | Kind::LargeYoung => {
                    let object = object_at(self.memory.start(block));
                    if self.tracing.survivor(object).is_none() {
                        f(object);
                    }
                }
                Kind::Runs if self.memory.all_lives(block) => {}
                _ => self.each_in(block, f),
            }
        }
    }
    fn now(&self, object: Object) -> Object {
        self.tracing.survivor(object).unwrap_or(object)
    }
    fn layouts(&self) -> &LayoutTable {
        self.layouts
    }
}
