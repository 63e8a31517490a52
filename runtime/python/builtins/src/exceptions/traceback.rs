//! `traceback`: the entries by which an exception tells where it passed.

use super::this;
use python_objects::exception::traceback as word;
use python_objects::kind::{Kind, class as builtin, shape};
use python_objects::native::Native;
use python_objects::{Args, Object, Py, R, Value, frame};

static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, tb_next, tb_frame, tb_lasti, tb_lineno",
        new,
        "Create a new traceback object.",
    ),
    Native::method("__dir__", "self, /", dir, ""),
    Native::getter("tb_next", |_, a| Ok(this(a).get(word::NEXT)), ""),
    Native::setter("tb_next", set_next),
    Native::member("tb_frame", get_frame, ""),
    Native::member("tb_lasti", |_, a| Ok(Value::int(this(a).get(word::AT).as_int() * 2)), ""),
    Native::getter("tb_lineno", get_line, ""),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::TRACEBACK), METHODS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::TRACEBACK)?;
    let next = args.at(1);
    if next != Value::NONE && py.kind(next) != Kind::TRACEBACK {
        return py.type_error(&format!("expected traceback object or None, got '{}'", py.class_name(next)));
    }
    let Some(f) = py.of_kind(args.at(2), Kind::FRAME) else {
        return py
            .type_error(&format!("traceback() argument 'tb_frame' must be frame, not {}", py.class_name(args.at(2))));
    };
    let at = Value::int(i64::from(py.index_i32(args.at(3))?) / 2);
    let line = Value::int(i64::from(py.index_i32(args.at(4))?));
    let code = f.get(frame::word::CODE);
    Ok(py.new_object(shape::TRACEBACK, word::WORDS, &[next, code, at, f.value(), line])?.value())
}

fn dir(py: Py<'_>, _: Args<'_>) -> R {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
    let l = py.new_list(names.len())?;
    for name in names {
        let name = py.str(name)?;
        py.list_push(l, name)?;
    }
    Ok(l.value())
}

fn set_next(py: Py<'_>, args: Args<'_>) -> R {
    let Some(next) = args.opt(1) else {
        return py.type_error("can't delete tb_next attribute");
    };
    if next != Value::NONE && py.kind(next) != Kind::TRACEBACK {
        return py.type_error(&format!("expected traceback object or None, got '{}'", py.class_name(next)));
    }
    let mut at = next;
    while let Some(entry) = Object::from_value(at) {
        if entry == this(args) {
            return py.value_error("traceback loop detected");
        }
        at = entry.get(word::NEXT);
    }
    py.store(this(args), word::NEXT, next);
    Ok(Value::NONE)
}

fn get_frame(py: Py<'_>, args: Args<'_>) -> R {
    py.entry_frame(this(args))
}

fn get_line(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(args);
    if !t.get(word::LINE).is_empty() {
        return Ok(t.get(word::LINE));
    }
    frame::line(py, t.get(word::CODE), t.get(word::AT))
}
