//! `frame`: a place in running code, or where code was when it ended.

use super::frame_jump;
use python_objects::frame::traced::{LINES, OPCODES};
use python_objects::frame::{self, traced, word};
use python_objects::function::word as function_word;
use python_objects::generator;
use python_objects::kind::class as builtin;
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value};

static METHODS: &[Native] = &[
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::method("clear", "self, /", clear, "Lets go of what the variables of a frame that does not run refer to."),
    Native::getter("f_back", |py, a| py.frame_back(this(a)), ""),
    Native::getter("f_builtins", get_builtins, ""),
    Native::getter("f_code", get_code, ""),
    Native::getter("f_globals", |_, a| Ok(function_field(a, function_word::GLOBALS)), ""),
    Native::getter("f_lasti", |py, a| Ok(Value::int(py.frame_position(this(a)).max(0) * 2)), ""),
    Native::getter("f_lineno", get_line, ""),
    Native::setter("f_lineno", frame_jump::set_line),
    Native::getter("f_locals", |py, a| py.frame_locals(this(a)), ""),
    Native::getter("f_trace", |_, a| Ok(or_none(this(a).get(word::TRACE))), ""),
    Native::setter("f_trace", set_trace),
    Native::member("f_trace_lines", |_, a| Ok(Value::bool(traced::of(this(a)) & LINES != 0)), ""),
    Native::setter("f_trace_lines", |py, a| set_traced(py, a, LINES)),
    Native::getter("f_trace_opcodes", |_, a| Ok(Value::bool(traced::of(this(a)) & OPCODES != 0)), ""),
    Native::setter("f_trace_opcodes", |py, a| set_traced(py, a, OPCODES)),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::FRAME), METHODS)
}

fn this(args: Args<'_>) -> Object {
    Object::of(args.at(0))
}

fn or_none(v: Value) -> Value {
    if v.is_empty() { Value::NONE } else { v }
}

/// A field of the running function, or of the generator where it has the field too.
fn function_field(args: Args<'_>, word: usize) -> Value {
    match Object::from_value(this(args).get(word::FUNCTION)) {
        Some(f) => or_none(f.get(word)),
        None => Value::NONE,
    }
}

/// The line of a frame before its first instruction is that of the definition.
fn get_line(py: Py<'_>, args: Args<'_>) -> R {
    let (f, at) = (this(args), py.frame_position(this(args)));
    match py.visited_line(f) {
        0 => {}
        line => return py.int(i64::from(line)),
    }
    if at < 0 {
        let code = py.ops().code(py.0, vm_api::engine::CodeIndex(f.get(word::CODE).as_int() as u32));
        return py.int(i64::from(code.first_line));
    }
    frame::line(py, f.get(word::CODE), Value::int(at))
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let code = py.ops().code(py.0, vm_api::engine::CodeIndex(this(args).get(word::CODE).as_int() as u32));
    let line = get_line(py, args)?;
    let address = py.address_text(args.at(0));
    py.str(&format!("<frame at {address}, file '{}', line {}, code {}>", code.source, py.str_text(line)?, code.name))
}

fn clear(py: Py<'_>, args: Args<'_>) -> R {
    let f = this(args);
    if py.frame_place(f).is_some() {
        return py.err(Exc::RuntimeError, "cannot clear an executing frame");
    }
    if let Some(g) = py.suspended_generator(f) {
        (py.state().finalize_generator.get())(py, g);
        g.set_word(generator::word::STATE, generator::state::FINISHED);
        py.store(g, generator::word::REGISTERS, Value::EMPTY);
    }
    py.clear_variables(f);
    py.store(f, word::TRACE, Value::EMPTY);
    Ok(Value::NONE)
}

fn get_code(py: Py<'_>, args: Args<'_>) -> R {
    py.code_object_of(this(args).get(word::FUNCTION), this(args).get(word::CODE))
}

fn get_builtins(_: Py<'_>, args: Args<'_>) -> R {
    Ok(function_field(args, function_word::BUILTINS))
}

fn set_trace(py: Py<'_>, args: Args<'_>) -> R {
    py.store(this(args), word::TRACE, args.some(1).unwrap_or(Value::EMPTY));
    Ok(Value::NONE)
}

fn set_traced(py: Py<'_>, args: Args<'_>, bit: i64) -> R {
    let v = match args.opt(1) {
        Some(Value::TRUE) => bit,
        Some(Value::FALSE) => 0,
        Some(_) => return py.type_error("attribute value type must be bool"),
        None => return py.type_error("can't delete numeric/char attribute"),
    };
    if v == OPCODES {
        py.state().traces_opcodes.set(true);
    }
    py.store(this(args), word::TRACED, Value::int(traced::of(this(args)) & !bit | v));
    Ok(Value::NONE)
}
