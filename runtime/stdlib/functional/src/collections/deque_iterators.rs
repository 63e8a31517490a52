//! Iterators over a deque, forward and backward.

use super::deque::{DEQUE, this};
use super::ring;
use crate::support::{class_value, identity, make};
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};

macro_rules! iterators {
    ($($SPEC:ident $METHODS:ident $name:literal $new:ident $next:ident $reduce:ident;)*) => { $(
        pub(super) static $SPEC: TypeSpec = TypeSpec::values("_collections", $name, 3, $METHODS, "");
        static $METHODS: &[Native] = &[
            Native::static_method("__new__", "cls, deque, index=0, /", $new, "Create and return a new object."),
            Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
            Native::wrapper("__next__", "self, /", $next, "Implement next(self)."),
            Native::method("__length_hint__", "self, /", |py, a| length_hint(py, a, &$SPEC), "Private method returning an estimate of len(list(it))."),
            Native::method("__reduce__", "self, /", $reduce, "Return state information for pickling."),
        ];
        fn $new(py: Py<'_>, args: Args<'_>) -> R {
            let o = py.native_self(args.at(1), &DEQUE)?;
            let skipped = args.opt(2).map_or(Ok(0), |v| py.index_i64(v))?;
            let i = skipped.clamp(0, ring::length(o) as i64);
            let class = py.native_type(&$SPEC)?;
            make(py, class.value(), &$SPEC, &[o.value(), Value::int(i), Value::int(ring::changes(o) as i64)])
        }
        fn $reduce(py: Py<'_>, args: Args<'_>) -> R {
            let o = py.native_self(args.at(0), &$SPEC)?;
            let arguments = py.tuple(&[o.get(1), o.get(2)])?;
            py.tuple(&[class_value(py, o), arguments])
        }
    )* };
}
iterators! {
    // Fields: deque, items passed, changes of the deque at the beginning.
    FORWARD FORWARD_METHODS "_deque_iterator" forward_new forward_next forward_reduce;
    REVERSE REVERSE_METHODS "_deque_reverse_iterator" reverse_new reverse_next reverse_reduce;
}

fn iterator(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = this(py, args)?;
    let class = py.native_type(spec)?;
    make(py, class.value(), spec, &[o.value(), Value::int(0), Value::int(ring::changes(o) as i64)])
}
pub(super) fn forward(py: Py<'_>, args: Args<'_>) -> R {
    iterator(py, args, &FORWARD)
}
pub(super) fn reverse(py: Py<'_>, args: Args<'_>) -> R {
    iterator(py, args, &REVERSE)
}
/// How many items have been passed, if the deque has not changed; it never goes on then.
fn passed(py: Py<'_>, o: Object) -> R<usize> {
    let deque = Object::of(o.get(1));
    if ring::changes(deque) as i64 != o.get(3).as_int() {
        return py.err(Exc::RuntimeError, "deque mutated during iteration");
    }
    Ok(o.get(2).as_int() as usize)
}
fn forward_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &FORWARD)?;
    let i = passed(py, o)?;
    let Some(v) = ring::get(Object::of(o.get(1)), i) else { return Ok(special::END) };
    py.store(o, 2, Value::int(i as i64 + 1));
    Ok(v)
}
fn reverse_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &REVERSE)?;
    let i = passed(py, o)?;
    let deque = Object::of(o.get(1));
    let at = ring::length(deque).checked_sub(i + 1);
    let Some(v) = at.and_then(|at| ring::get(deque, at)) else { return Ok(special::END) };
    py.store(o, 2, Value::int(i as i64 + 1));
    Ok(v)
}
fn length_hint(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = py.native_self(args.at(0), spec)?;
    let n = ring::length(Object::of(o.get(1)));
    py.int_usize(n.saturating_sub(o.get(2).as_int() as usize))
}
