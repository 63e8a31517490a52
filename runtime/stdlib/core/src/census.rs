//! What `gc.collect()` says it has found: the dead objects that reference counts would not have freed.
//!
//! A tracing collector never meets what is dead. So before the full collection of a `gc.collect()`, and only then, the heap
//! is asked what is unreachable (about the price of one more collection), and from the graph of those objects everything is
//! taken that nothing dead refers to, again and again: these are the ones whose count would have dropped to zero when the
//! program let go of them. What is left stands in a cycle or hangs from one, and of that the tracked objects count, as in
//! CPython. What finalizers keep for a while is counted afterwards, when it is known what they have brought back to life.

use crate::heap_view;
use python_objects::{Object, Py};
use std::cell::Cell;
use std::rc::Rc;
use vm_api::engine::Thread;
use vm_api::heap::hashing::NumberMap;
use vm_api::heap::{CollectKind, Layout, RootedVec};

/// What the collection asked for last has found.
#[derive(Default)]
pub(crate) struct Found {
    pub collected: Cell<usize>,
    /// Shall a further collection count what finalizers could reach, once they have run?
    rest: Cell<bool>,
}

pub(crate) fn found(py: Py<'_>) -> Rc<Found> {
    py.state().data("census", Found::default)
}

/// Finalizers have run.
pub(crate) fn count_the_rest(py: Py<'_>) {
    if found(py).rest.take() {
        py.ops().request_collection(py.0, CollectKind::Full, counting_the_rest);
    }
}

/// A dead object. The addresses hold while nothing is allocated.
struct Node {
    address: u64,
    /// References from other dead objects, until those are taken away.
    references: usize,
    finalizers_reach: bool,
}

impl Node {
    fn object(&self) -> Object {
        Object::of(python_objects::Value::from_bits(self.address))
    }
}

/// The graph of what is dead, without objects that hold no others.
struct Graph<'t> {
    py: Py<'t>,
    nodes: Vec<Node>,
    numbers: NumberMap<u64, usize>,
}

impl Graph<'_> {
    fn of_dead(py: Py<'_>, low: u64) -> Graph<'_> {
        let (mut nodes, mut numbers) = (Vec::new(), NumberMap::default());
        py.heap().each_unreachable(low, &mut |o| {
            if !matches!(py.heap().layouts().layout(o.shape()), Layout::Leaf { .. } | Layout::LeafArray) {
                numbers.insert(o.address(), nodes.len());
                nodes.push(Node { address: o.address(), references: 0, finalizers_reach: false });
            }
        });
        let mut graph = Graph { py, nodes, numbers };
        for n in 0..graph.nodes.len() {
            graph.each_edge(n, |graph, to| graph.nodes[to].references += 1);
        }
        graph
    }
    fn each_edge(&mut self, from: usize, mut f: impl FnMut(&mut Self, usize)) {
        let (py, object) = (self.py, self.nodes[from].object());
        object.each_slot(py.heap().layouts(), |word| {
            if let Some(target) = Object::from_value(object.get(word))
                && let Some(to) = self.numbers.get(&target.address()).copied()
            {
                f(self, to);
            }
        });
    }
    /// Notes what dead objects with finalizers reach, themselves included; says whether there are any.
    fn follow_finalizers(&mut self) -> bool {
        let layouts = self.py.heap().layouts();
        let mut work: Vec<usize> =
            (0..self.nodes.len()).filter(|n| layouts.awaits_finalizer(self.nodes[*n].object())).collect();
        let any = !work.is_empty();
        work.iter().for_each(|n| self.nodes[*n].finalizers_reach = true);
        while let Some(n) = work.pop() {
            self.each_edge(n, |graph, to| {
                if !std::mem::replace(&mut graph.nodes[to].finalizers_reach, true) {
                    work.push(to);
                }
            });
        }
        any
    }
    /// Takes away what nothing dead refers to. What stays still has references.
    fn drop_counted(&mut self) {
        let mut work: Vec<usize> = (0..self.nodes.len()).filter(|n| self.nodes[*n].references == 0).collect();
        while let Some(n) = work.pop() {
            self.each_edge(n, |graph, to| {
                graph.nodes[to].references -= 1;
                if graph.nodes[to].references == 0 {
                    work.push(to);
                }
            });
        }
    }
}

/// Finds what counts and hands it over: each object, and whether finalizers can still reach it. Says whether there are any.
fn find(thread: &Thread, low: u64, f: &mut dyn FnMut(Object, bool)) -> bool {
    let py = Py(thread);
    let mut graph = Graph::of_dead(py, low);
    let finalizers = graph.follow_finalizers();
    graph.drop_counted();
    for node in graph.nodes.iter().filter(|node| node.references > 0) {
        if heap_view::is_tracked(py, node.object()) {
            f(node.object(), node.finalizers_reach);
        }
    }
    finalizers
}

/// Before a full collection: counts. What finalizers could reach is not gone after it, and not counted yet; where there is any,
/// a further collection is asked for, once they have run.
pub(crate) fn counting(thread: &Thread, low: u64) {
    let found = found(Py(thread));
    let collected = &found.collected;
    let finalizers = find(thread, low, &mut |_, waits| collected.set(collected.get() + usize::from(!waits)));
    found.rest.set(finalizers);
}

fn counting_the_rest(thread: &Thread, low: u64) {
    let found = found(Py(thread));
    find(thread, low, &mut |_, _| found.collected.set(found.collected.get() + 1));
}

/// Before a full collection: counts, and puts what it finds into `gc.garbage`, so that it lives on.
pub(crate) fn saving(thread: &Thread, low: u64) {
    let py = Py(thread);
    let objects = RootedVec::new(py.heap());
    find(thread, low, &mut |o, _| objects.push(o.value()));
    found(py).collected.set(objects.len());
    save(py, &objects);
}

/// Puts the objects into `gc.garbage`, where they live on.
fn save(py: Py<'_>, objects: &RootedVec<'_>) {
    let saved = (|| {
        let module = crate::import::import_name(py, "gc")?;
        if let Some(garbage) = py.module_item(module, "garbage")?.and_then(|v| py.as_list(v)) {
            for i in 0..objects.len() {
                py.list_push(garbage, objects.get(i).unwrap_or(python_objects::Value::NONE))?;
            }
        }
        Ok::<(), python_objects::Stop>(())
    })();
    if saved.is_err() {
        // Not enough memory: what could not be kept is collected, as if nobody had asked.
        py.take_exception();
    }
}

/// Before a collection that counts nothing.
pub(crate) fn nothing(_: &Thread, _: u64) {}
