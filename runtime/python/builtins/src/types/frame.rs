//! `frame`: a place in running code.

use python_objects::frame::{self, word};
use python_objects::function::word as function_word;
use python_objects::kind::class as builtin;
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value};

static METHODS: &[Native] = &[
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::method("clear", "self, /", clear, "Does nothing: a frame object keeps no variables."),
    Native::getter("f_back", |_, a| Ok(field(a, word::BACK)), ""),
    Native::getter("f_builtins", get_builtins, ""),
    Native::getter("f_code", get_code, ""),
    Native::getter("f_globals", |_, a| Ok(function_field(a, function_word::GLOBALS)), ""),
    Native::getter("f_lasti", |_, a| Ok(Value::int(field(a, word::AT).as_int() * 2)), ""),
    Native::getter("f_lineno", |py, a| frame::line(py, field(a, word::CODE), field(a, word::AT)), ""),
    Native::getter("f_locals", get_locals, ""),
    Native::getter("f_trace", |_, _| Ok(Value::NONE), ""),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::FRAME), METHODS)
}

fn field(args: Args<'_>, word: usize) -> Value {
    Object::of(args.at(0)).get(word)
}

/// A field of the running function, or of the generator where it has the field too.
fn function_field(args: Args<'_>, word: usize) -> Value {
    match Object::from_value(field(args, word::FUNCTION)) {
        Some(f) if !f.get(word).is_empty() => f.get(word),
        _ => Value::NONE,
    }
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let code = py.ops().code(py.0, vm_api::engine::CodeIndex(field(args, word::CODE).as_int() as u32));
    let line = frame::line(py, field(args, word::CODE), field(args, word::AT))?;
    let address = py.address_text(args.at(0));
    py.str(&format!("<frame at {address}, file '{}', line {}, code {}>", code.source, py.str_text(line)?, code.name))
}

fn clear(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::NONE)
}

fn get_code(py: Py<'_>, args: Args<'_>) -> R {
    py.code_object_of(field(args, word::FUNCTION), field(args, word::CODE))
}

fn get_builtins(py: Py<'_>, args: Args<'_>) -> R {
    let f = field(args, word::FUNCTION);
    let at = if py.is_generator(f) { python_objects::generator::word::BUILTINS } else { function_word::BUILTINS };
    Ok(function_field(args, at))
}

fn get_locals(py: Py<'_>, args: Args<'_>) -> R {
    match function_field(args, function_word::NAMESPACE) {
        v if v == Value::NONE => py.err(Exc::NotImplementedError, "f_locals of a function's frame is not there yet"),
        v => Ok(v),
    }
}
