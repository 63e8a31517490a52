//! The heap as programs may look through it: all objects, what they refer to and what refers to them.
//!
//! What lies behind containers (arrays of elements, tables of dictionaries) is no object to programs: it is looked through.

use python_objects::{Args, Kind, Object, Py, R, Value, class, dict, native, set};
use vm_api::heap::collector::Trigger;
use vm_api::heap::{CollectKind, Layout, LayoutTable, RootedVec, Unreached};

/// Levels of storage behind an object: a container's array, its instances' overflow.
const STORAGE: usize = 4;

/// Do programs see objects of this kind?
fn is_visible(kind: Kind) -> bool {
    ![Kind::ARRAY, Kind::LEAF, Kind::ASYNC_WRAPPED, Kind::COMPLETION].contains(&kind)
}

/// Levels of tuples in tuples that are looked into for something that is tracked.
const TUPLES: usize = 8;

/// What is asked of single objects: at any time, or in the middle of a collection, when references of dead objects are to be
/// followed with care and the heap is not to be used.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    py: Py<'a>,
    layouts: &'a LayoutTable,
    dead: Option<&'a dyn Unreached>,
}

impl<'a> Sight<'a> {
    pub(crate) fn of(py: Py<'a>) -> Sight<'a> {
        Sight { py, layouts: py.0.heap().layouts(), dead: None }
    }
    pub(crate) fn in_collection(py: Py<'a>, dead: &'a dyn Unreached) -> Sight<'a> {
        Sight { py, layouts: dead.layouts(), dead: Some(dead) }
    }
    fn follow(self, v: Value) -> Option<Object> {
        Object::from_value(v).map(|o| self.dead.map_or(o, |dead| dead.now(o)))
    }
    /// Does it hold other objects, or could it? Classes that are not made by programs do not count.
    fn holds_others(self, o: Object) -> bool {
        match self.py.object_kind(o) {
            Kind::TYPE => class::has(o, class::flag::HEAP),
            Kind::BYTEARRAY | Kind::FLOAT | Kind::BOOL if o.shape().0 == exact_shape(self.py.object_kind(o)) => false,
            Kind::STR if python_objects::string::is_exact(o) => false,
            // One of `object` itself.
            Kind::OBJECT if o.shape().0 == exact_shape(Kind::OBJECT) => false,
            kind => {
                is_visible(kind) && !matches!(self.layouts.layout(o.shape()), Layout::Leaf { .. } | Layout::LeafArray)
            }
        }
    }
    /// Does CPython's collector look at it, as far as that shows? Tuples and dictionaries count once they hold something that
    /// does; code and ranges, which cannot lead to a cycle, never.
    pub(crate) fn is_tracked(self, o: Object) -> bool {
        self.tracked_to(o, TUPLES)
    }
    fn tracked_to(self, o: Object, depth: usize) -> bool {
        if !self.holds_others(o) {
            return false;
        }
        let inner = |v: Value| self.follow(v).is_some_and(|o| depth == 0 || self.tracked_to(o, depth - 1));
        match self.py.object_kind(o) {
            Kind::CODE | Kind::RANGE => false,
            Kind::TUPLE if o.shape().0 == exact_shape(Kind::TUPLE) => (0..o.length()).any(|i| inner(o.element(i))),
            Kind::DICT if o.shape().0 == exact_shape(Kind::DICT) => self
                .follow(dict::storage(o))
                .is_some_and(|entries| (0..2 * dict::fill(o)).any(|i| inner(entries.element(i)))),
            _ => true,
        }
    }
}

fn exact_shape(kind: Kind) -> u32 {
    vm_api::heap::ShapeIndex::FIRST.0 + kind.0
}

/// All objects that hold others, as a list; after a collection.
pub(crate) fn objects(py: Py<'_>) -> R {
    let found = RootedVec::new(py.heap());
    each_holder_seen(py, |o| found.push(o.value()));
    listed(py, &found)
}

/// Shows the objects that hold others, after a collection: what is dead is not shown. `f` must not use the heap.
fn each_holder(py: Py<'_>, f: impl FnMut(Object)) {
    py.heap().collect(CollectKind::Full, Trigger::Explicit);
    each_holder_seen(py, f);
}

/// Shows those that hold others of all objects not yet swept.
fn each_holder_seen(py: Py<'_>, mut f: impl FnMut(Object)) {
    let all = RootedVec::new(py.heap());
    py.heap().each_object(&mut |o| all.push(o.value()));
    let sight = Sight::of(py);
    for i in 0..all.len() {
        if let Some(o) = all.get(i).and_then(Object::from_value)
            && sight.holds_others(o)
        {
            f(o);
        }
    }
}

fn listed(py: Py<'_>, found: &RootedVec<'_>) -> R {
    let list = py.new_list(found.len())?;
    for i in 0..found.len() {
        py.list_push(list, found.get(i).unwrap_or(Value::NONE))?;
    }
    Ok(list.value())
}

/// `gc.get_referents`
pub(crate) fn referents(py: Py<'_>, args: Args<'_>) -> R {
    let found = RootedVec::new(py.heap());
    for v in native::variadic(args, 0) {
        if let Some(o) = Object::from_value(v) {
            each_referent(py, o, &mut |v| found.push(v));
        }
    }
    listed(py, &found)
}

/// `gc.get_referrers`
pub(crate) fn referrers(py: Py<'_>, args: Args<'_>) -> R {
    let found = RootedVec::new(py.heap());
    each_holder(py, |o| {
        let mut refers = false;
        each_referent(py, o, &mut |v| refers |= native::variadic(args, 0).any(|wanted| wanted == v));
        if refers {
            found.push(o.value());
        }
    });
    listed(py, &found)
}

/// Shows what an object refers to. `f` must not use the heap.
fn each_referent(py: Py<'_>, o: Object, f: &mut dyn FnMut(Value)) {
    match py.object_kind(o) {
        Kind::DICT => {
            let mut i = 0;
            while let Some((at, key, value)) = dict::next_entry(o, i) {
                i = at + 1;
                f(key);
                f(value);
            }
        }
        Kind::SET | Kind::FROZENSET => {
            let mut i = 0;
            while let Some((at, item)) = set::next_item(o, i) {
                i = at + 1;
                f(item);
            }
        }
        kind => {
            // Elements count whatever they are; other words that are no objects are the implementation's own.
            let elements = kind == Kind::LIST || kind == Kind::TUPLE;
            each_in_storage(py, o, STORAGE, &mut |v| {
                if v.is_object() || elements {
                    f(v);
                }
            });
        }
    }
}

fn each_in_storage(py: Py<'_>, o: Object, depth: usize, f: &mut dyn FnMut(Value)) {
    o.each_slot(py.heap().layouts(), |word| {
        let v = o.get(word);
        match Object::from_value(v) {
            Some(inner) if !is_visible(py.object_kind(inner)) => {
                if depth > 0 {
                    each_in_storage(py, inner, depth - 1, f);
                }
            }
            _ if v.is_empty() => {}
            _ => f(v),
        }
    });
}
