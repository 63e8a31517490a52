//! `StringIO`: text in memory. What is written at the end collects in a list, which is joined when it is looked at.

use super::base::{self, CLOSED, OWN, spec};
use super::newline::{self, describe};
use python_objects::kind::special;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, dict, list, string};

/// The text, without what is in the list.
const TEXT: usize = OWN;
/// Position.
const AT: usize = OWN + 1;
/// Texts written behind it.
const PIECES: usize = OWN + 2;
/// Length of the text with the pieces.
const LENGTH: usize = OWN + 3;
const NEWLINE: usize = OWN + 4;
const SEEN: usize = OWN + 5;

static STRING_IO: TypeSpec = spec(
    "StringIO",
    6,
    &[
        Native::wrapper("__init__", "self, initial_value='', newline='\\n'", init, ""),
        Native::method("read", "self, size=-1, /", read, "Read at most size characters."),
        Native::method("readline", "self, size=-1, /", readline, "Read a line."),
        Native::method("write", "self, s, /", write, "Write a string; return its length."),
        Native::method("seek", "self, pos, whence=0, /", seek, "Change the position."),
        Native::method("tell", "self, /", |py, a| Ok(open(py, a)?.get(AT)), "Return the position."),
        Native::method("truncate", "self, pos=None, /", truncate, "Cut the text."),
        Native::method("getvalue", "self, /", getvalue, "Return all of the text."),
        Native::method("close", "self, /", close, "Give up the text."),
        Native::method("seekable", "self, /", yes, "It can."),
        Native::method("readable", "self, /", yes, "It can."),
        Native::method("writable", "self, /", yes, "It can."),
        Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
        Native::method("__getstate__", "self, /", getstate, ""),
        Native::method("__setstate__", "self, state, /", setstate, ""),
        Native::getter("closed", closed, "Is the stream closed?"),
        Native::getter("newlines", newlines, "The line ends seen."),
        Native::getter("line_buffering", line_buffering, "Never."),
    ],
    "Text in memory.",
);

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subtype(&STRING_IO, base::text_io_base(py)?)
}

fn open(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let Some(o) = py.of_kind(args.at(0), STRING_IO.kind) else { return py.type_error("a StringIO is required") };
    if o.get(CLOSED) == Value::TRUE {
        return py.value_error("I/O operation on closed file");
    }
    if o.get(TEXT).is_empty() {
        return py.value_error("I/O operation on uninitialized object");
    }
    Ok(o)
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), STRING_IO.kind) else { return py.type_error("a StringIO is required") };
    let newline = match args.opt(2) {
        Some(newline) => newline,
        None => py.str("\n")?,
    };
    match string::exact_or_payload(py, newline) {
        Some(s) if ["", "\n", "\r", "\r\n"].iter().any(|t| string::is(s, t)) => {}
        Some(_) => return py.value_error(&format!("illegal newline value: {}", py.repr_text(newline)?)),
        None if newline == Value::NONE => {}
        None => return py.type_error(&format!("newline must be str or None, not {}", py.class_name(newline))),
    }
    let initial = match args.some(1) {
        None => None,
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) => Some(s),
            None => {
                return py.type_error(&format!("initial_value must be str or None, not {}", py.class_name(v)));
            }
        },
    };
    let pieces = py.new_list(0)?;
    py.store(o, TEXT, py.root(root::EMPTY_STRING));
    py.store(o, AT, Value::int(0));
    py.store(o, PIECES, pieces.value());
    py.store(o, LENGTH, Value::int(0));
    py.store(o, NEWLINE, newline);
    py.store(o, SEEN, Value::int(0));
    if let Some(initial) = initial {
        put(py, o, initial)?;
        py.store(o, AT, Value::int(0));
    }
    Ok(Value::NONE)
}

/// Text, newline, position, attributes.
fn getstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let text = whole(py, o)?;
    let attributes = match py.instance_dict(o)? {
        Some(d) if dict::length(d) > 0 => py.dict_copy(d)?.value(),
        _ => Value::NONE,
    };
    py.tuple(&[text.value(), o.get(NEWLINE), o.get(AT), attributes])
}
fn setstate(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), STRING_IO.kind) else { return py.type_error("a StringIO is required") };
    let name = |v: Value| py.class_name(v);
    let Some(state) = py.as_tuple(args.at(1)).filter(|t| t.length() == 4) else {
        let text = format!("{}.__setstate__ argument should be 4-tuple, got {}", name(args.at(0)), name(args.at(1)));
        return py.type_error(&text);
    };
    let (text, newline) = (state.element(0), state.element(1));
    let Some(exact) = string::exact_or_payload(py, text) else {
        return py.type_error(&format!("initial_value must be str or None, not {}", name(text)));
    };
    if !state.element(2).is_int() {
        return py.type_error(&format!("third item of state must be an integer, got {}", name(state.element(2))));
    }
    let at = state.element(2).as_int();
    if at < 0 {
        return py.value_error("position value cannot be negative");
    }
    let attributes = state.element(3);
    let given = py.as_dict(attributes);
    if given.is_none() && attributes != Value::NONE {
        return py.type_error(&format!("fourth item of state should be a dict, got a {}", name(attributes)));
    }
    // The text is as it was: line ends are not translated again.
    init(py, Args::of(&[o.value(), Value::EMPTY, newline]))?;
    py.store(o, TEXT, exact.value());
    py.store(o, LENGTH, Value::int(string::length(exact) as i64));
    py.store(o, AT, Value::int(at));
    if let (Some(given), Some(own)) = (given, py.instance_dict(o)?) {
        py.call_method(own.value(), sym::UPDATE, &[given.value()])?;
    }
    Ok(Value::NONE)
}

/// The whole text.
fn whole(py: Py<'_>, o: Object) -> R<Object> {
    let pieces = Object::of(o.get(PIECES));
    if list::length(pieces) > 0 {
        py.list_insert(pieces, 0, o.get(TEXT))?;
        let joined = py.call_method(py.root(root::EMPTY_STRING), sym::JOIN, &[pieces.value()])?;
        py.list_clear(pieces);
        py.store(o, TEXT, joined);
    }
    Ok(Object::of(o.get(TEXT)))
}

fn position(o: Object) -> usize {
    o.get(AT).as_int() as usize
}
fn length(o: Object) -> usize {
    o.get(LENGTH).as_int() as usize
}

fn put(py: Py<'_>, o: Object, s: Object) -> R<()> {
    let mut s = s;
    if o.get(NEWLINE) == Value::NONE || string::exact_or_payload(py, o.get(NEWLINE)).is_some_and(|n| string::is(n, ""))
    {
        let mut seen = o.get(SEEN).as_int();
        s = newline::normalize(py, s, o.get(NEWLINE) == Value::NONE, &mut seen)?;
        py.store(o, SEEN, Value::int(seen));
    } else if let Some(n) = string::exact_or_payload(py, o.get(NEWLINE)) {
        s = newline::replace_lf(py, s, &string::to_rust(n))?;
    }
    let n = string::length(s);
    if n == 0 {
        return Ok(());
    }
    let (at, total) = (position(o), length(o));
    if at == total {
        py.list_push(Object::of(o.get(PIECES)), s.value())?;
        py.store(o, LENGTH, Value::int((total + n) as i64));
    } else {
        let text = whole(py, o)?;
        let mut front = py.substring(text, 0, at.min(total))?;
        if at > total {
            super::reserve(py, at as i64)?;
            let gap = py.new_ascii(&vec![0; at - total])?;
            front = py.concat(front, gap)?;
        }
        let rest = py.substring(text, (at + n).min(total), total)?;
        let joined = py.concat(py.concat(front, s)?, rest)?;
        py.store(o, TEXT, joined.value());
        py.store(o, LENGTH, Value::int(string::length(joined) as i64));
    }
    py.store(o, AT, Value::int((at + n) as i64));
    Ok(())
}

fn write(py: Py<'_>, args: Args<'_>) -> R {
    let Some(s) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("string argument expected, got '{}'", py.class_name(args.at(1))));
    };
    let o = open(py, args)?;
    put(py, o, s)?;
    py.int_usize(string::length(s))
}

fn take(py: Py<'_>, o: Object, end: usize) -> R<Object> {
    let (text, at) = (whole(py, o)?, position(o));
    let end = end.min(string::length(text));
    if at >= end {
        return Ok(Object::of(py.root(root::EMPTY_STRING)));
    }
    py.store(o, AT, Value::int(end as i64));
    py.substring(text, at, end)
}

fn read(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let n = base::size_argument(py, args.some(1))?;
    let end = usize::try_from(n).map_or(usize::MAX, |n| position(o).saturating_add(n));
    Ok(take(py, o, end)?.value())
}

fn line(py: Py<'_>, o: Object, limit: i64) -> R<Object> {
    let (text, at) = (whole(py, o)?, position(o));
    let total = string::length(text);
    let code = |i: usize| string::at(text, i);
    let crlf = |i: usize| code(i) == 0x0D && i + 1 < total && code(i + 1) == 0x0A;
    let kind = string::exact_or_payload(py, o.get(NEWLINE)).map(string::to_rust);
    let end = match kind.as_deref() {
        Some("") => (at..total).find(|i| matches!(code(*i), 0x0A | 0x0D)).map(|i| i + 1 + usize::from(crlf(i))),
        Some("\r") => (at..total).find(|i| code(*i) == 0x0D).map(|i| i + 1),
        Some("\r\n") => (at..total).find(|i| crlf(*i)).map(|i| i + 2),
        _ => (at..total).find(|i| code(*i) == 0x0A).map(|i| i + 1),
    };
    let end = end.unwrap_or(total);
    take(py, o, usize::try_from(limit).map_or(end, |limit| end.min(at.saturating_add(limit))))
}

fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let limit = base::size_argument(py, args.some(1))?;
    Ok(line(py, o, limit)?.value())
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let line = line(py, o, -1)?;
    if string::length(line) == 0 { Ok(special::END) } else { Ok(line.value()) }
}

fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let offset = py.index_i64(args.at(1))?;
    let whence = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    let at = match whence {
        0 if offset < 0 => return py.value_error(&format!("Negative seek position {offset}")),
        0 => offset,
        1 | 2 if offset != 0 => return py.err(python_objects::Exc::OSError, "Can't do nonzero cur-relative seeks"),
        1 => position(o) as i64,
        2 => length(o) as i64,
        _ => return py.value_error(&format!("Invalid whence ({whence}, should be 0, 1 or 2)")),
    };
    let Some(v) = Value::try_int(at) else {
        return py.err(python_objects::Exc::OverflowError, "new position too large");
    };
    py.store(o, AT, v);
    Ok(v)
}
fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let size = match args.some(1) {
        Some(v) => py.index_i64(v)?,
        None => position(o) as i64,
    };
    let Ok(to) = usize::try_from(size) else { return py.value_error(&format!("Negative size value {size}")) };
    if to < length(o) {
        let text = whole(py, o)?;
        let cut = py.substring(text, 0, to)?;
        py.store(o, TEXT, cut.value());
        py.store(o, LENGTH, Value::int(to as i64));
    }
    py.int(size)
}
fn getvalue(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    Ok(whole(py, o)?.value())
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), STRING_IO.kind) else { return py.type_error("a StringIO is required") };
    py.store(o, CLOSED, Value::TRUE);
    py.store(o, TEXT, Value::EMPTY);
    py.store(o, PIECES, Value::EMPTY);
    Ok(Value::NONE)
}
fn yes(py: Py<'_>, args: Args<'_>) -> R {
    open(py, args).map(|_| Value::TRUE)
}
fn closed(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), STRING_IO.kind) else { return py.type_error("a StringIO is required") };
    Ok(Value::bool(o.get(CLOSED) == Value::TRUE))
}
fn newlines(py: Py<'_>, args: Args<'_>) -> R {
    describe(py, open(py, args)?.get(SEEN).as_int())
}
fn line_buffering(py: Py<'_>, args: Args<'_>) -> R {
    open(py, args).map(|_| Value::FALSE)
}
