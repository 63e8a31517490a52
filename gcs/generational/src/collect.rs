//! The phases of a collection.

use crate::barrier::Remembered;
use crate::collector::Generational;
use crate::scavenge::Scavenge;
use crate::sizing::Copied;
use gc_toolkit::bump::{BumpSpace, CopyBuffer, MIN_HOLE_BYTES};
use gc_toolkit::cards::CARD_BYTES;
use gc_toolkit::copy::purge_identities;
use gc_toolkit::gray::{fetch, fetch_range};
use gc_toolkit::list::object_at;
use gc_toolkit::memory::Block;
use gc_toolkit::pause::Work;
use gc_toolkit::roots::{pinned_objects, visit_roots, visit_weak_roots};
use gc_toolkit::runs::RunContext;
use gc_toolkit::scan::Visitor;
use gc_toolkit::unreached::Traced;
use gc_toolkit::weak::{self, Tracing, WeakQueue};
use gc_toolkit::{BLOCK_BYTES, GrayList, Kind, ObjectList, parse};
use vm_heap::{Census, GcContext, RootScope};

/// What is remembered lies anywhere in the old generation, in no cache: so many are asked for before they are looked at.
const FETCHED_AHEAD: usize = 4;

/// Identity-table entries of dead young objects are dropped once the table has grown by this many (or doubled).
const IDENTITY_SLACK: usize = 1024;

impl Generational {
    /// Collects; the thread's buffer is closed. A census is taken of a full collection only.
    pub(crate) fn run(&mut self, cx: &mut GcContext<'_>, full: bool, census: Option<Census<'_>>) -> Work {
        debug_assert!(full || census.is_none(), "what is old and dead is not known");
        let poison = cx.options.poison;
        let scope = if full { RootScope::All } else { RootScope::Young };
        let mut work = Work::default();
        let blocks_before = self.memory.blocks().len();
        let used_up = self.eden.handed_out >= self.sizing.nursery() / 2;
        self.eden.close();
        let pins = pinned_objects(&self.memory, cx.layouts, cx.options, cx.roots);
        let Remembered { objects, cards } = self.remembered.take();
        let mut sparse = Vec::new();
        if full {
            let mut run = RunContext { memory: &mut self.memory, layouts: cx.layouts, poison };
            self.tenured.begin_marking(&mut run);
            sparse = self.take_sparse(cx);
            self.finalizable_young.move_to(&mut self.finalizable_old, |_| true);
        }
        let mut to = BumpSpace::new(Kind::To);
        let mut s = Scavenge {
            memory: &mut self.memory,
            layouts: cx.layouts,
            identities: cx.identities,
            to: &mut to,
            to_buffer: CopyBuffer::default(),
            tenured: &mut self.tenured,
            tenured_buffer: CopyBuffer::default(),
            gray_young: ObjectList::new(),
            gray_old: GrayList::default(),
            weak: WeakQueue::default(),
            remembered: &mut self.remembered,
            young_seen: false,
            full,
            ages: !full && self.sizing.age() > 1,
            poison,
            settles: !full && self.sizing.settles(),
            copied: Copied::default(),
            promoted: 0,
            compacted: 0,
        };
        // One that stays a second time has its place for good: its block grows old, so that old objects which refer to it
        // need not be remembered for as long as a native frame holds it.
        for object in pins.iter().filter(|o| self.pinned.binary_search(&o.address()).is_ok()) {
            s.memory.set_kind(s.memory.block_of(object.address()), Kind::Tenuring);
        }
        if s.settles {
            for block in &self.eden.blocks {
                s.memory.set_kind(*block, Kind::Tenuring);
            }
        }
        work.pinned = pins.iter().filter(|o| s.pin(**o)).count();
        work.roots = visit_roots(cx.roots, cx.pending, scope, |v| {
            s.young_seen = false;
            let now = s.visit_value(v);
            (now, s.young_seen)
        });
        if !full {
            let objects = objects.as_slice();
            for (n, object) in objects.iter().enumerate() {
                if let Some(soon) = objects.get(n + FETCHED_AHEAD) {
                    fetch(soon.address());
                }
                s.scan_old(*object);
            }
            for (n, address) in cards.iter().copied().enumerate() {
                if let Some(soon) = cards.get(n + FETCHED_AHEAD) {
                    let card = soon / CARD_BYTES * CARD_BYTES;
                    fetch_range(card, card + CARD_BYTES);
                }
                let head = s.memory.head_of(s.memory.block_of(address));
                s.scan_card(object_at(s.memory.start(head)), address);
            }
        }
        s.drain();
        if let Some(census) = census {
            s.tenured_buffer.fill();
            census(&Traced { tracing: &s, memory: s.memory, layouts: s.layouts });
        }
        let registered = if full { &mut self.finalizable_old } else { &mut self.finalizable_young };
        work.weak = weak::process(&mut s, cx.layouts, cx.pending, registered);
        work.roots += visit_weak_roots(&s, cx.roots, scope, Scavenge::is_young);
        work.copied = s.copied.young;
        (work.promoted, work.compacted) = (s.promoted, s.compacted);
        let copied = s.copied;
        s.to_buffer.close();
        let mut tenured_buffer = s.tenured_buffer;
        self.tenured.end_copies(&mut tenured_buffer);

        self.purge(cx, full);
        self.sort_finalizable(full);
        let condemned = std::mem::take(&mut self.eden.blocks);
        self.eden.holes.clear();
        self.eden.handed_out = 0;
        self.pinned.clear();
        let mut tenuring = self.release_or_keep(cx, condemned);
        self.pinned.sort_unstable();
        let condemned = std::mem::take(&mut self.survivors.blocks);
        tenuring.append(&mut self.release_or_keep(cx, condemned));
        self.survivors.absorb(&mut self.memory, &mut to);
        for (head, bytes) in self.large_young.take_all() {
            if self.memory.kind(head) == Kind::Large {
                self.large_old.adopt(head, bytes);
            } else {
                cx.vacate(self.memory.start(head), self.memory.start(head) + bytes);
                self.memory.release_extent(head, bytes, poison);
            }
        }
        for block in sparse {
            if self.memory.marks.next(self.memory.start(block), self.memory.end(block)).is_some() {
                tenuring.push(block);
            } else {
                cx.vacate(self.memory.start(block), self.memory.end(block));
                self.memory.release(block, poison);
            }
        }
        if full {
            self.tenured.end_marking(&mut RunContext { memory: &mut self.memory, layouts: cx.layouts, poison });
            self.large_old.sweep(&mut self.memory, poison);
            let keep = self.sizing.nursery() >> gc_toolkit::block::BLOCK_SHIFT;
            self.memory.trim(keep + self.tenured.blocks.len() / 4 + 64);
        }
        for block in tenuring {
            let mut run = RunContext { memory: &mut self.memory, layouts: cx.layouts, poison };
            self.tenured.adopt(&mut run, block, &mut |from, to| cx.vacate(from, to));
        }
        self.sizing.finalizers_due(work.weak.finalizable);
        if full {
            self.sizing.after_full();
        } else {
            self.sizing.after_minor(copied, used_up);
            self.growth = (self.memory.blocks().len() - blocks_before).max(self.growth / 2);
        }
        (work.nursery, work.age) = (self.sizing.nursery(), self.sizing.age());
        work
    }

    /// Blocks of the old generation that this full collection empties, as far as there is room for what is in them.
    fn take_sparse(&mut self, cx: &GcContext<'_>) -> Vec<Block> {
        if cx.options.compaction == 0 {
            return Vec::new();
        }
        // What is young may be copied, too; each space that objects are copied to wastes the rest of a block or two.
        let reserve = self.memory.held() + cx.external_bytes + self.young_block_bytes() + 4 * BLOCK_BYTES as usize;
        let budget = cx.options.limit.saturating_sub(reserve);
        self.tenured.take_sparse(&mut self.memory, cx.options.compaction, budget)
    }

    /// Drops identity entries of the dead. Those of young objects are only looked for when the table has grown.
    fn purge(&mut self, cx: &mut GcContext<'_>, full: bool) {
        if !full && cx.identities.len() <= self.identities_kept * 2 + IDENTITY_SLACK {
            return;
        }
        let memory = &self.memory;
        purge_identities(cx.identities, |address| match memory.kind_at(address) {
            Kind::EdenPinned | Kind::Tenuring | Kind::Sparse => memory.marks.get(address),
            Kind::Runs | Kind::Large => !full || memory.marks.get(address),
            Kind::Unswept => true,
            _ => false,
        });
        self.identities_kept = cx.identities.len();
    }

    /// Objects that wait for their finalizer stand in the list of their generation.
    fn sort_finalizable(&mut self, full: bool) {
        let (from, to) = if full {
            (&mut self.finalizable_old, &mut self.finalizable_young)
        } else {
            (&mut self.finalizable_young, &mut self.finalizable_old)
        };
        let memory = &self.memory;
        from.move_to(to, |object| memory.kind_at(object.address()).is_young() == full);
    }

    /// Blocks that were evacuated are free, except those with pinned objects: they go back to eden, or are returned because
    /// they belong to the old generation from now on.
    fn release_or_keep(&mut self, cx: &mut GcContext<'_>, blocks: Vec<Block>) -> Vec<Block> {
        let poison = cx.options.poison;
        let mut tenuring = Vec::new();
        for block in blocks {
            let kind = self.memory.kind(block);
            if kind == Kind::Tenuring {
                tenuring.push(block);
            } else if kind == Kind::EdenPinned {
                let (mut at, end) = (self.memory.start(block), self.memory.end(block));
                while let Some(address) = self.memory.marks.next(at, end) {
                    self.pinned.push(address);
                    at = address + 8;
                }
                let eden: &mut BumpSpace = &mut self.eden;
                let layouts = cx.layouts;
                parse::sweep_block(&self.memory, layouts, block, poison, &mut |from, to| {
                    cx.vacate(from, to);
                    if to - from >= MIN_HOLE_BYTES {
                        eden.holes.push((from, to));
                    }
                });
                self.memory.set_kind(block, Kind::Eden);
                self.eden.blocks.push(block);
            } else {
                cx.vacate(self.memory.start(block), self.memory.end(block));
                self.memory.release(block, poison);
            }
        }
        tenuring
    }
}
