//! The hooks by which values, exceptions and breakpoints show, with their originals under `__name__`.

use crate::report;
use crate::support::set;
use python_objects::exception::word;
use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "displayhook",
        "object, /",
        displayhook,
        "Print an object to sys.stdout and save it in builtins._",
    ),
    Native::function("excepthook", "exctype, value, traceback, /", excepthook, "Print an exception to sys.stderr."),
    Native::function("unraisablehook", "unraisable, /", unraisablehook, "Print an exception that nobody can catch."),
    Native::function("breakpointhook", "*args, **kwargs", breakpointhook, "What breakpoint() calls."),
];

/// Keeps the originals where programs look for them.
pub(super) fn install(py: Py<'_>, d: Object) -> R<()> {
    for name in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
        let symbol = py.intern(name)?;
        if let Some(hook) = dict::get_symbol(py, d, symbol) {
            set(py, d, &format!("__{name}__"), hook)?;
        }
    }
    Ok(())
}

/// Writes to `sys.stdout` or `sys.stderr`; nothing if a program set it to None.
pub(crate) fn write_to(py: Py<'_>, stream: python_objects::Symbol, text: Value) -> R<()> {
    match py.sys_item(stream) {
        None => py.err(Exc::RuntimeError, &format!("lost sys.{}", py.symbol_text(stream))),
        Some(v) if v == Value::NONE => Ok(()),
        Some(file) => py.call_method(file, sym::WRITE, &[text]).map(|_| ()),
    }
}

fn displayhook(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if v == Value::NONE {
        return Ok(Value::NONE);
    }
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    py.dict_set_symbol(builtins, sym::LAST, Value::NONE)?;
    let text = py.repr(v)?;
    write_to(py, sym::STDOUT, text.value())?;
    let newline = py.str("\n")?;
    write_to(py, sym::STDOUT, newline)?;
    py.dict_set_symbol(builtins, sym::LAST, v)?;
    Ok(Value::NONE)
}

fn excepthook(py: Py<'_>, args: Args<'_>) -> R {
    let Some(e) = Object::from_value(args.at(1)).filter(|_| py.is_exception(args.at(1))) else {
        let class = py.class_name(args.at(1));
        let text = py.str(&format!("TypeError: print_exception(): Exception expected for value, {class} found\n"))?;
        return write_to(py, sym::STDERR, text).map(|()| Value::NONE);
    };
    // As CPython: what the exception has goes before what is given.
    if e.get(word::TRACEBACK).is_empty() && py.kind(args.at(2)) == Kind::TRACEBACK {
        py.store(e, word::TRACEBACK, args.at(2));
    }
    report::display(py, e);
    Ok(Value::NONE)
}

fn unraisablehook(py: Py<'_>, args: Args<'_>) -> R {
    let field = |name: &str| py.get_attribute_text(args.at(0), name);
    let (value, message, object) = (field("exc_value")?, field("err_msg")?, field("object")?);
    let mut out = if message == Value::NONE { "Exception ignored in".to_owned() } else { py.str_text(message)? };
    if object != Value::NONE {
        let shown = py.repr_text(object);
        out.push_str(": ");
        match shown {
            Ok(text) => out.push_str(&text),
            Err(_) => {
                py.take_exception();
                out.push_str("<object repr() failed>");
            }
        }
    } else {
        out.push(':');
    }
    out.push('\n');
    let text = py.str(&out)?;
    write_to(py, sym::STDERR, text)?;
    if py.is_exception(value) {
        let traceback = Object::of(value).get(word::TRACEBACK);
        let traceback = if traceback.is_empty() { Value::NONE } else { traceback };
        let class = py.class_of(value).value();
        excepthook(py, Args::of(&[class, value, traceback]))?;
    }
    Ok(Value::NONE)
}

fn breakpointhook(py: Py<'_>, args: Args<'_>) -> R {
    let target = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    let target = match target.as_str() {
        "0" => return Ok(Value::NONE),
        "" => "pdb.set_trace",
        other => other,
    };
    let (module, name) = target.rsplit_once('.').unwrap_or(("builtins", target));
    let hook = crate::import::import_name(py, module).and_then(|m| py.get_attribute_text(m.value(), name));
    let hook = match hook {
        Ok(hook) => hook,
        Err(_) => {
            py.take_exception();
            let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{target}\"");
            python_builtins::warnings::warn(py, Exc::RuntimeWarning, &message, 1)?;
            return Ok(Value::NONE);
        }
    };
    let positional = py.tuple_from(args.at(0))?;
    py.call_tuple(hook, positional, args.at(1))
}

static UNRAISABLE: python_objects::struct_sequence::StructSequence = python_objects::struct_sequence::StructSequence {
    name: "UnraisableHookArgs",
    module: "sys",
    fields: &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"],
    visible: 5,
    constructible: true,
    doc: "UnraisableHookArgs\n\nWhat sys.unraisablehook gets.",
};

/// Gives the pending exception, which nobody can catch, to `sys.unraisablehook`. Takes it in any case.
pub fn report_unraisable(py: Py<'_>, message: Option<&str>, object: Value) {
    let Some(e) = Object::from_value(py.take_exception()) else { return };
    let reported = (|| {
        let traceback = e.get(word::TRACEBACK);
        let traceback = if traceback.is_empty() { Value::NONE } else { traceback };
        let message = message.map_or(Ok(Value::NONE), |m| py.str(m))?;
        let fields = [py.class_of(e.value()).value(), e.value(), traceback, message, object];
        let arguments = py.struct_sequence(&UNRAISABLE, &fields)?;
        match py.sys_item(sym::UNRAISABLEHOOK).filter(|h| *h != Value::NONE) {
            Some(hook) => py.call(hook, &[arguments]),
            None => unraisablehook(py, Args::of(&[arguments])),
        }
    })();
    if reported.is_ok() {
        return;
    }
    // The hook itself failed: that is what shows.
    let Some(second) = Object::from_value(py.take_exception()) else { return };
    let hook = py.sys_item(sym::UNRAISABLEHOOK).unwrap_or(Value::NONE);
    let hook = py.repr_text(hook).unwrap_or_else(|_| {
        py.take_exception();
        "<object repr() failed>".to_owned()
    });
    let said = py
        .str(&format!("Exception ignored in sys.unraisablehook: {hook}\n"))
        .and_then(|text| write_to(py, sym::STDERR, text));
    if said.is_err() {
        py.take_exception();
    }
    report::display(py, second);
}
