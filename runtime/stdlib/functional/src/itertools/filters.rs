//! Iterators over some of the items of another: `compress`, `dropwhile`, `takewhile`, `filterfalse`; and `starmap`.

use super::deprecated;
use crate::support::{class_value, identity, make};
use python_objects::kind::special;
use python_objects::{Args, Native, Py, R, TypeSpec, Value};

macro_rules! two_fields {
    ($($SPEC:ident $METHODS:ident $name:literal $signature:literal $new:ident $next:ident $reduce:ident $set_state:expr, $doc:literal;)*) => { $(
        pub(super) static $SPEC: TypeSpec =
            TypeSpec::values("itertools", $name, 3, $METHODS, $doc).inheritable();
        static $METHODS: &[Native] = &[
            Native::static_method("__new__", $signature, $new, "Create and return a new object."),
            Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
            Native::wrapper("__next__", "self, /", $next, "Implement next(self)."),
            Native::method("__reduce__", "self, /", $reduce, "Return state information for pickling."),
            Native::method("__setstate__", "self, state, /", $set_state, "Set state information for unpickling."),
        ];
        fn $new(py: Py<'_>, args: Args<'_>) -> R {
            let iterator = py.iter(args.at(2))?;
            make(py, args.at(0), &$SPEC, &[args.at(1), iterator, Value::FALSE])
        }
    )* };
}
macro_rules! stateless {
    ($($SPEC:ident $METHODS:ident $name:literal $signature:literal $new:ident $next:ident $reduce:ident, $doc:literal;)*) => { $(
        pub(super) static $SPEC: TypeSpec =
            TypeSpec::values("itertools", $name, 2, $METHODS, $doc).inheritable();
        static $METHODS: &[Native] = &[
            Native::static_method("__new__", $signature, $new, "Create and return a new object."),
            Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
            Native::wrapper("__next__", "self, /", $next, "Implement next(self)."),
            Native::method("__reduce__", "self, /", $reduce, "Return state information for pickling."),
        ];
        fn $reduce(py: Py<'_>, args: Args<'_>) -> R {
            let o = py.native_self(args.at(0), &$SPEC)?;
            deprecated(py)?;
            let state = py.tuple(&[o.get(1), o.get(2)])?;
            py.tuple(&[class_value(py, o), state])
        }
    )* };
}

// Fields: predicate, iterator, has the predicate decided?
two_fields! {
    DROPWHILE DROPWHILE_METHODS "dropwhile" "cls, predicate, iterable, /" dropwhile_new dropwhile_next dropwhile_reduce
        dropwhile_set_state, "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.";
    TAKEWHILE TAKEWHILE_METHODS "takewhile" "cls, predicate, iterable, /" takewhile_new takewhile_next takewhile_reduce
        takewhile_set_state, "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.";
}
// Fields: data, selectors; function, iterator.
stateless! {
    COMPRESS COMPRESS_METHODS "compress" "cls, data, selectors" compress_new compress_next compress_reduce,
        "Return data elements corresponding to true selector elements.\n\nForms a shorter iterator from selected data elements using the selectors to\nchoose the data elements.";
    FILTERFALSE FILTERFALSE_METHODS "filterfalse" "cls, function, iterable, /" filterfalse_new filterfalse_next filterfalse_reduce,
        "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.";
    STARMAP STARMAP_METHODS "starmap" "cls, function, iterable, /" starmap_new starmap_next starmap_reduce,
        "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.";
}

fn dropwhile_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &DROPWHILE)?;
    loop {
        let Some(v) = py.next(o.get(2))? else { return Ok(special::END) };
        if o.get(3) == Value::TRUE {
            return Ok(v);
        }
        let dropped = py.call(o.get(1), &[v])?;
        if !py.truth(dropped)? {
            py.store(o, 3, Value::TRUE);
            return Ok(v);
        }
        py.poll()?;
    }
}
fn takewhile_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &TAKEWHILE)?;
    if o.get(3) == Value::TRUE {
        return Ok(special::END);
    }
    let Some(v) = py.next(o.get(2))? else { return Ok(special::END) };
    let taken = py.call(o.get(1), &[v])?;
    if py.truth(taken)? {
        return Ok(v);
    }
    py.store(o, 3, Value::TRUE);
    Ok(special::END)
}
fn decided_reduce(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = py.native_self(args.at(0), spec)?;
    deprecated(py)?;
    let state = py.tuple(&[o.get(1), o.get(2)])?;
    py.tuple(&[class_value(py, o), state, Value::int(i64::from(o.get(3).as_bool()))])
}
fn decided_set_state(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let o = py.native_self(args.at(0), spec)?;
    deprecated(py)?;
    let decided = py.truth(args.at(1))?;
    py.store(o, 3, Value::bool(decided));
    Ok(Value::NONE)
}
fn dropwhile_reduce(py: Py<'_>, args: Args<'_>) -> R {
    decided_reduce(py, args, &DROPWHILE)
}
fn dropwhile_set_state(py: Py<'_>, args: Args<'_>) -> R {
    decided_set_state(py, args, &DROPWHILE)
}
fn takewhile_reduce(py: Py<'_>, args: Args<'_>) -> R {
    decided_reduce(py, args, &TAKEWHILE)
}
fn takewhile_set_state(py: Py<'_>, args: Args<'_>) -> R {
    decided_set_state(py, args, &TAKEWHILE)
}

fn compress_new(py: Py<'_>, args: Args<'_>) -> R {
    let (data, selectors) = (py.iter(args.at(1))?, py.iter(args.at(2))?);
    make(py, args.at(0), &COMPRESS, &[data, selectors])
}
fn compress_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COMPRESS)?;
    loop {
        let Some(v) = py.next(o.get(1))? else { return Ok(special::END) };
        let Some(selected) = py.next(o.get(2))? else { return Ok(special::END) };
        if py.truth(selected)? {
            return Ok(v);
        }
        py.poll()?;
    }
}

fn filterfalse_new(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(2))?;
    make(py, args.at(0), &FILTERFALSE, &[args.at(1), iterator])
}
fn filterfalse_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &FILTERFALSE)?;
    let bool_class = py.root(python_objects::kind::class::BOOL);
    loop {
        let Some(v) = py.next(o.get(2))? else { return Ok(special::END) };
        let f = o.get(1);
        let good = if f == Value::NONE || f == bool_class {
            py.truth(v)?
        } else {
            let r = py.call(f, &[v])?;
            py.truth(r)?
        };
        if !good {
            return Ok(v);
        }
        py.poll()?;
    }
}

fn starmap_new(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(2))?;
    make(py, args.at(0), &STARMAP, &[args.at(1), iterator])
}
fn starmap_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &STARMAP)?;
    let Some(v) = py.next(o.get(2))? else { return Ok(special::END) };
    let arguments = py.tuple_from(v)?;
    py.call_tuple(o.get(1), arguments, Value::EMPTY)
}
