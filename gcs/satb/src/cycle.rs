//! The phases of a cycle: beginning, steps, end.

use crate::collector::Satb;
use crate::marking::{Gray, Marking, other};
use gc_toolkit::copy::purge_identities;
use gc_toolkit::parse::{self, Walk};
use gc_toolkit::pause::Work;
use gc_toolkit::roots::{pinned_objects, visit_roots, visit_weak_roots};
use gc_toolkit::runs::RunContext;
use gc_toolkit::scan::Visitor;
use gc_toolkit::unreached::Traced;
use gc_toolkit::verify::{Reach, verify_reachable};
use gc_toolkit::weak;
use vm_heap::{Census, GcContext, RootScope};

/// What the end of a cycle does about weak references and finalizers.
pub(crate) enum Verdict<'a> {
    /// Whatever the snapshot did not reach is dead.
    Snapshot,
    /// The same, and a census is shown it: of a cycle that is one pause, whose snapshot is of now.
    Shown(Census<'a>),
    /// Nothing: another cycle follows at once, whose snapshot is of now.
    Deferred,
}

impl Satb {
    /// Takes the snapshot: shades the roots and turns the barrier on.
    pub(crate) fn begin(&mut self, cx: &mut GcContext<'_>) -> Work {
        debug_assert!(self.gray.is_none());
        let mut work = Work::default();
        self.runs.close();
        let mut gray = Gray::default();
        // What is left of the thread's buffer will be filled with new objects.
        gray.new_ranges.push((cx.fast.cursor, cx.fast.limit.max(cx.fast.cursor)));
        let memory = &mut self.memory;
        let pins = parse::with_parsable(cx.fast, || {
            let mut run = RunContext { memory, layouts: cx.layouts, poison: cx.options.poison };
            self.runs.begin_marking(&mut run);
            pinned_objects(run.memory, cx.layouts, cx.options, cx.roots)
        });
        let mut m = Marking { memory: &mut self.memory, layouts: cx.layouts, gray: &mut gray, unlogged: self.unlogged };
        for object in pins.iter() {
            m.visit(*object);
        }
        work.pinned = m.gray.objects.len();
        work.roots = visit_roots(cx.roots, cx.pending, RootScope::All, |v| (m.visit_value(v), false));
        self.gray = Some(gray);
        self.debt = 0;
        cx.fast.mask = self.unlogged;
        cx.fast.weak_reads = 1;
        cx.fast.new_gc_byte = other(self.unlogged);
        cx.fast.poll = 1;
        work
    }

    /// Runs `f` on the marking under way; `None` if there is none.
    pub(crate) fn with_marking<T>(&mut self, cx: &GcContext<'_>, f: impl FnOnce(&mut Marking<'_>) -> T) -> Option<T> {
        let gray = self.gray.as_mut()?;
        Some(f(&mut Marking { memory: &mut self.memory, layouts: cx.layouts, gray, unlogged: self.unlogged }))
    }

    /// Ends a cycle in which nothing gray is left; whatever becomes gray here is scanned here.
    pub(crate) fn end(&mut self, cx: &mut GcContext<'_>, verdict: Verdict<'_>) -> Work {
        let mut work = Work::default();
        let Some(mut gray) = self.gray.take() else { return work };
        self.close_buffer(cx);
        self.runs.close();
        for (from, to) in std::mem::take(&mut gray.new_ranges) {
            let mut live = 0;
            for (object, bytes) in Walk::range(&self.memory, cx.layouts, from, to) {
                live += if self.memory.marks.set(object.address()) { bytes as u32 } else { 0 };
            }
            if live > 0 {
                self.memory.add_live(from, live);
            }
        }
        if cx.options.verify_post {
            let memory = &self.memory;
            let mut marked = |object: vm_heap::Object| {
                if memory.marks.get(object.address()) {
                    return Ok(());
                }
                Err(format!("{object:?} ({:?}) is reachable but was not marked", object.header()))
            };
            if let Err(e) = verify_reachable(memory, cx, Reach::Strong, None, &mut |_| Ok(()), &mut marked) {
                panic!("the snapshot was lost in cycle {}: {e}", self.stats.full + 1);
            }
        }
        let mut m = Marking { memory: &mut self.memory, layouts: cx.layouts, gray: &mut gray, unlogged: self.unlogged };
        match verdict {
            Verdict::Snapshot | Verdict::Shown(_) => {
                if let Verdict::Shown(census) = verdict {
                    census(&Traced { tracing: &m, memory: m.memory, layouts: cx.layouts });
                }
                work.weak = weak::process(&mut m, cx.layouts, cx.pending, &mut self.finalizable);
                work.roots += visit_weak_roots(&m, cx.roots, RootScope::All, |_, _| false);
            }
            Verdict::Deferred => weak::keep(&mut m, cx.roots, &mut self.finalizable),
        }
        let poison = cx.options.poison;
        let memory = &mut self.memory;
        purge_identities(cx.identities, |a| memory.marks.get(a));
        self.runs.end_marking(&mut RunContext { memory, layouts: cx.layouts, poison });
        self.large.sweep(memory, poison);
        memory.trim(self.runs.blocks.len() / 2 + 512);
        self.unlogged = other(self.unlogged);
        cx.fast.mask = 0;
        cx.fast.weak_reads = 0;
        cx.fast.new_gc_byte = self.unlogged;
        self.threshold.reset(self.used() + cx.external_bytes);
        self.stats.full += 1;
        work
    }
}
