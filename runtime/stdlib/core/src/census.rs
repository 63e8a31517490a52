//! What `gc.collect()` says it has found: the dead objects that reference counts would not have freed.
//!
//! A tracing collector never meets what is dead. So in the full collection of a `gc.collect()`, and only there, the heap is asked
//! what is unreached ([`Unreached`]), and from the graph of those objects everything is taken that nothing dead refers to, again
//! and again: these are the ones whose count would have dropped to zero when the program let go of them. What is left stands in a cycle or hangs from one, and of that the tracked objects count, as in
//! CPython. What finalizers keep for a while is counted afterwards, when it is known what they have brought back to life.

use crate::heap_view::Sight;
use python_objects::{Object, Py};
use std::cell::Cell;
use std::rc::Rc;
use vm_api::engine::{Thread, WantedCollection};
use vm_api::heap::hashing::NumberMap;
use vm_api::heap::{Layout, RootedVec, Unreached};

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
        py.ops().request_collection(py.0, WantedCollection::FullShowing(counting_the_rest));
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
struct Graph<'a> {
    dead: &'a dyn Unreached,
    nodes: Vec<Node>,
    numbers: NumberMap<u64, usize>,
}

impl Graph<'_> {
    fn of(dead: &dyn Unreached) -> Graph<'_> {
        let mut nodes = Vec::new();
        dead.each(&mut |o| {
            if !matches!(dead.layouts().layout(o.shape()), Layout::Leaf { .. } | Layout::LeafArray) {
                nodes.push(Node { address: o.address(), references: 0, finalizers_reach: false });
            }
        });
        let mut numbers = NumberMap::with_capacity_and_hasher(nodes.len(), Default::default());
        numbers.extend(nodes.iter().enumerate().map(|(n, node)| (node.address, n)));
        let mut graph = Graph { dead, nodes, numbers };
        for n in 0..graph.nodes.len() {
            graph.each_edge(n, |graph, to| graph.nodes[to].references += 1);
        }
        graph
    }
    fn each_edge(&mut self, from: usize, mut f: impl FnMut(&mut Self, usize)) {
        let object = self.nodes[from].object();
        object.each_slot(self.dead.layouts(), |word| {
            // A dead object is where it was, and where a reached one was is no dead one.
            if let Some(target) = Object::from_value(object.get(word))
                && let Some(to) = self.numbers.get(&target.address()).copied()
            {
                f(self, to);
            }
        });
    }
    /// Notes what dead objects with finalizers reach, themselves included; says whether there are any.
    fn follow_finalizers(&mut self) -> bool {
        let layouts = self.dead.layouts();
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
fn find(thread: &Thread, dead: &dyn Unreached, f: &mut dyn FnMut(Object, bool)) -> bool {
    let sight = Sight::in_collection(Py(thread), dead);
    let mut graph = Graph::of(dead);
    let finalizers = graph.follow_finalizers();
    graph.drop_counted();
    for node in graph.nodes.iter().filter(|node| node.references > 0) {
        if sight.is_tracked(node.object()) {
            f(node.object(), node.finalizers_reach);
        }
    }
    finalizers
}

/// In a full collection: counts. What finalizers could reach is not gone after it, and not counted yet; where there is any,
/// a further collection is asked for, once they have run.
pub(crate) fn counting(thread: &Thread, dead: &dyn Unreached) {
    let found = found(Py(thread));
    let mut collected = found.collected.get();
    found.rest.set(find(thread, dead, &mut |_, waits| collected += usize::from(!waits)));
    found.collected.set(collected);
}

fn counting_the_rest(thread: &Thread, dead: &dyn Unreached) {
    let found = found(Py(thread));
    let mut collected = found.collected.get();
    find(thread, dead, &mut |_, _| collected += 1);
    found.collected.set(collected);
}

/// Before a full collection: counts, and puts what it finds into `gc.garbage`, so that it lives on.
pub(crate) fn saving(thread: &Thread, low: u64) {
    let py = Py(thread);
    let mut addresses = Vec::new();
    py.heap().show_unreachable(low, &mut |dead| {
        find(thread, dead, &mut |o, _| addresses.push(o.address()));
    });
    // Nothing has been allocated since.
    let objects = RootedVec::new(py.heap());
    addresses.iter().for_each(|address| objects.push(python_objects::Value::from_bits(*address)));
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
