//! `attrgetter`, `itemgetter`, `methodcaller`: callables that remember what to ask for.

use crate::support::{class_value, make, push_arguments};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string, tuple};

macro_rules! getters {
    ($($SPEC:ident $METHODS:ident $name:literal $signature:literal $fields:literal $new:ident $call:ident $repr:ident $reduce:ident, $doc:literal;)*) => { $(
        pub(super) static $SPEC: TypeSpec = TypeSpec::values("operator", $name, $fields, $METHODS, $doc);
        static $METHODS: &[Native] = &[
            Native::static_method("__new__", $signature, $new, "Create and return a new object."),
            Native::wrapper("__call__", "self, /, *args, **kwargs", $call, "Call self as a function."),
            Native::wrapper("__repr__", "self, /", $repr, "Return repr(self)."),
            Native::method("__reduce__", "self, /", $reduce, "Return state information for pickling"),
        ];
    )* };
}
getters! {
    // Fields: names, the same in parts.
    ATTRGETTER ATTRGETTER_METHODS "attrgetter" "cls, attr=None, /, *attrs" 2 attrgetter_new attrgetter_call attrgetter_repr attrgetter_reduce,
        "Return a callable object that fetches the given attribute(s) from its operand.\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last).";
    // Fields: items.
    ITEMGETTER ITEMGETTER_METHODS "itemgetter" "cls, item=None, /, *items" 1 itemgetter_new itemgetter_call itemgetter_repr itemgetter_reduce,
        "Return a callable object that fetches the given item(s) from its operand.\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])";
    // Fields: name, arguments, keyword arguments (EMPTY: none).
    METHODCALLER METHODCALLER_METHODS "methodcaller" "cls, /, *args, **kwargs" 3 methodcaller_new methodcaller_call methodcaller_repr methodcaller_reduce,
        "Return a callable object that calls the given method on its operand.\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).";
}

/// All that `__new__` was given, which must be something.
fn given(py: Py<'_>, args: Args<'_>, name: &str) -> R<Object> {
    let Some(first) = args.opt(1) else { return py.type_error(&format!("{name} expected 1 argument, got 0")) };
    let more = Object::of(args.at(2));
    py.tuple_with(1 + more.length(), |i| if i == 0 { first } else { more.element(i - 1) }).map(Object::of)
}
/// The operand, the only argument of a call.
fn operand(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let arguments = Object::of(args.at(1));
    if !args.at(2).is_empty() {
        return py.type_error(&format!("{name}() takes no keyword arguments"));
    }
    if arguments.length() != 1 {
        return py.type_error(&format!("{name} expected 1 argument, got {}", arguments.length()));
    }
    Ok(arguments.element(0))
}
/// One result as it is, several as a tuple.
fn each(py: Py<'_>, of: Object, get: impl Fn(Value) -> R) -> R {
    if of.length() == 1 {
        return get(of.element(0));
    }
    let results = py.new_array(of.length())?;
    for i in 0..of.length() {
        let v = get(of.element(i))?;
        py.heap().store_element(results, i, v);
    }
    py.tuple_with(of.length(), |i| results.element(i))
}
/// `operator.name(a, b)` without a comma after a single item.
fn shown(py: Py<'_>, o: Object, items: Object) -> R {
    let mut out = Vec::new();
    py.nested(o.value(), &mut out, b"...", |py, out| {
        out.extend_from_slice(py.class_full_name(py.class_of(o.value())).as_bytes());
        out.push(b'(');
        for (i, v) in tuple::items(items).enumerate() {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            py.repr_into(v, out)?;
        }
        out.push(b')');
        Ok(())
    })?;
    py.str_from_wtf8(&out).map(Object::value)
}

fn attrgetter_new(py: Py<'_>, args: Args<'_>) -> R {
    let names = given(py, args, "attrgetter")?;
    let all = py.new_tuple(names.length())?;
    for i in 0..names.length() {
        let Some(name) = string::exact_or_payload(py, names.element(i)) else {
            return py.type_error("attribute name must be a string");
        };
        let parts = py.new_list(1)?;
        let mut start = 0;
        for (at, c) in string::code_points(name).enumerate() {
            if c == u32::from('.') {
                let part = py.substring(name, start, at)?;
                py.list_push(parts, part.value())?;
                start = at + 1;
            }
        }
        let last = py.substring(name, start, string::length(name))?;
        py.list_push(parts, last.value())?;
        let parts = py.list_to_tuple(parts)?;
        py.heap().store_element(all, i, parts);
    }
    make(py, args.at(0), &ATTRGETTER, &[names.value(), all.value()])
}
fn attrgetter_call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ATTRGETTER)?;
    let v = operand(py, args, "attrgetter")?;
    each(py, Object::of(o.get(2)), |parts| {
        let mut v = v;
        for name in tuple::items(Object::of(parts)) {
            let name = py.symbol_of(Object::of(name))?;
            v = py.get_attribute(v, name)?;
        }
        Ok(v)
    })
}
fn attrgetter_repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ATTRGETTER)?;
    shown(py, o, Object::of(o.get(1)))
}
fn attrgetter_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ATTRGETTER)?;
    py.tuple(&[class_value(py, o), o.get(1)])
}

fn itemgetter_new(py: Py<'_>, args: Args<'_>) -> R {
    let items = given(py, args, "itemgetter")?;
    make(py, args.at(0), &ITEMGETTER, &[items.value()])
}
fn itemgetter_call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITEMGETTER)?;
    let v = operand(py, args, "itemgetter")?;
    each(py, Object::of(o.get(1)), |item| py.get_item(v, item))
}
fn itemgetter_repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITEMGETTER)?;
    shown(py, o, Object::of(o.get(1)))
}
fn itemgetter_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITEMGETTER)?;
    py.tuple(&[class_value(py, o), o.get(1)])
}

fn methodcaller_new(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(1));
    if given.length() == 0 {
        return py.type_error("methodcaller needs at least one argument, the method name");
    }
    let Some(name) = string::exact_or_payload(py, given.element(0)) else {
        return py.type_error("method name must be a string");
    };
    let arguments = py.tuple_slice(given, 1, given.length())?;
    let o = make(py, args.at(0), &METHODCALLER, &[name.value(), arguments, args.at(2)])?;
    Ok(o)
}
fn methodcaller_call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &METHODCALLER)?;
    let v = operand(py, args, "methodcaller")?;
    let name = py.symbol_of(Object::of(o.get(1)))?;
    let arguments = Object::of(o.get(2));
    if o.get(3).is_empty() && arguments.length() == 0 {
        return py.call_method(v, name, &[]);
    }
    let method = py.get_attribute(v, name)?;
    py.call_tuple(method, arguments, o.get(3))
}
fn methodcaller_repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &METHODCALLER)?;
    let mut out = Vec::new();
    py.nested(o.value(), &mut out, b"...", |py, out| {
        out.extend_from_slice(b"operator.methodcaller(");
        py.repr_into(o.get(1), out)?;
        push_arguments(py, Object::of(o.get(2)), Object::from_value(o.get(3)), out)?;
        out.push(b')');
        Ok(())
    })?;
    py.str_from_wtf8(&out).map(Object::value)
}
fn methodcaller_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &METHODCALLER)?;
    let class = class_value(py, o);
    let arguments = Object::of(o.get(2));
    if o.get(3).is_empty() {
        let all =
            py.tuple_with(1 + arguments.length(), |i| if i == 0 { o.get(1) } else { arguments.element(i - 1) })?;
        return py.tuple(&[class, all]);
    }
    // Keywords go through a `partial` of the class itself.
    let partial = py.native_type(&crate::functools::PARTIAL)?;
    let first = py.tuple(&[class, o.get(1)])?;
    let constructor = py.call_tuple(partial.value(), Object::of(first), o.get(3))?;
    py.tuple(&[constructor, arguments.value()])
}
