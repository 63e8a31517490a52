//! `print`.

use python_objects::exception::Exc;
use python_objects::native::variadic;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Py, R, Value, string};

/// The function.
pub(crate) static FUNCTIONS: &[Native] = &[Native::function(
    "print",
    "*args, sep=' ', end='\\n', file=None, flush=False",
    print,
    "Prints the values to a stream, or to sys.stdout by default.\n\n  sep\n    string inserted between values, default a space.\n  end\n    string appended after the last value, default a newline.\n  file\n    a file-like object (stream); defaults to the current sys.stdout.\n  flush\n    whether to forcibly flush the stream.",
)];

/// Slots: `sep`, `end`, `file`, `flush`, then the values.
fn print(py: Py<'_>, args: Args<'_>) -> R {
    let file = match args.some(2) {
        Some(file) => file,
        None => match py.sys_item(sym::STDOUT) {
            Some(v) if v == Value::NONE => return Ok(Value::NONE),
            Some(file) => file,
            None => return py.err(Exc::RuntimeError, "lost sys.stdout"),
        },
    };
    let separator = |v: Option<Value>, name: &str, default: &str| match v {
        None => py.new_str(default),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) => Ok(s),
            None => py.type_error(&format!("{name} must be None or a string, not {}", py.class_name(v))),
        },
    };
    let (sep, end) = (separator(args.some(0), "sep", " ")?, separator(args.some(1), "end", "\n")?);
    for (i, v) in variadic(args, 4).enumerate() {
        if i > 0 {
            py.call_method(file, sym::WRITE, &[sep.value()])?;
        }
        let text = py.str_of(v)?;
        py.call_method(file, sym::WRITE, &[text.value()])?;
    }
    py.call_method(file, sym::WRITE, &[end.value()])?;
    if let Some(flush) = args.opt(3)
        && py.truth(flush)?
    {
        py.call_method(file, sym::FLUSH, &[])?;
    }
    Ok(Value::NONE)
}
