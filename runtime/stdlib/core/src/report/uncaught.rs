//! What happens to an exception that nobody caught: the exit code of SystemExit, `sys.excepthook` for all others.

use super::display;
use crate::sys::audit;
use python_objects::exception::word;
use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Value, int, string};

/// Deals with an exception that ends a program or an entry of the prompt. The exit code if it asks for the end, as SystemExit
/// does (the hook may raise it too); `None` if it was reported.
pub fn uncaught(py: Py<'_>, e: Object) -> Option<u8> {
    if let Some(code) = exit_code(py, e) {
        return Some(code);
    }
    flush_stdout(py);
    let called = remember(py, e).and_then(|()| call_hook(py, e));
    if called.is_ok() {
        return None;
    }
    let second = Object::from_value(py.take_exception())?;
    if let Some(code) = exit_code(py, second) {
        return Some(code);
    }
    say(py, "Error in sys.excepthook:\n");
    display(py, second);
    say(py, "\nOriginal exception was:\n");
    display(py, e);
    None
}

/// Reports an exception, whatever it is: where SystemExit does not end the session.
pub fn remembered(py: Py<'_>, e: Object) {
    flush_stdout(py);
    if remember(py, e).and_then(|()| call_hook(py, e)).is_err()
        && let Some(second) = Object::from_value(py.take_exception())
    {
        say(py, "Error in sys.excepthook:\n");
        display(py, second);
        say(py, "\nOriginal exception was:\n");
        display(py, e);
    }
}

/// The exit code that a SystemExit stands for; what is no number is printed.
fn exit_code(py: Py<'_>, e: Object) -> Option<u8> {
    if !py.is_instance(e.value(), py.exception_class(Exc::SystemExit)) {
        return None;
    }
    flush_stdout(py);
    let code = py.get_attribute_text(e.value(), "code").unwrap_or_else(|_| {
        py.take_exception();
        Value::NONE
    });
    if code == Value::NONE {
        return Some(0);
    }
    if let Some(number) = py.as_int(code) {
        return Some(match int::to_i64(number) {
            Some(number) => number as u8,
            None => {
                say(py, "OverflowError: Python int too large to convert to C long\n");
                u8::MAX
            }
        });
    }
    let printed = py.str_of(code).and_then(|s| {
        let s = string::exact_or_payload(py, s.value()).unwrap_or(s);
        match py.sys_item(sym::STDERR).filter(|file| *file != Value::NONE) {
            Some(file) => py.call_method(file, sym::WRITE, &[s.value()]).map(|_| ()),
            None => {
                py.write_stderr(&string::to_rust(s));
                Ok(())
            }
        }
    });
    if printed.is_err() {
        py.take_exception();
    }
    say(py, "\n");
    Some(1)
}

/// Sets `sys.last_exc` and its kin.
fn remember(py: Py<'_>, e: Object) -> R<()> {
    let class = py.class_of(e.value()).value();
    for (name, v) in
        [("last_exc", e.value()), ("last_type", class), ("last_value", e.value()), ("last_traceback", traceback(e))]
    {
        let sys = Object::of(py.root(python_objects::py::root::SYS));
        py.dict_set_text(sys, name, v)?;
    }
    Ok(())
}

fn traceback(e: Object) -> Value {
    match e.get(word::TRACEBACK) {
        v if v.is_empty() => Value::NONE,
        v => v,
    }
}

fn call_hook(py: Py<'_>, e: Object) -> R<()> {
    let name = py.intern("excepthook")?;
    let hook = py.sys_item(name);
    let (class, traceback) = (py.class_of(e.value()).value(), traceback(e));
    let audited = audit::event(py, "sys.excepthook", &[hook.unwrap_or(Value::NONE), class, e.value(), traceback]);
    if py.caught(audited, Exc::RuntimeError)?.is_none() {
        // An audit hook forbids the report.
        return Ok(());
    }
    match hook {
        Some(hook) => py.call(hook, &[class, e.value(), traceback]).map(|_| ()),
        None => {
            say(py, "sys.excepthook is missing\n");
            display(py, e);
            Ok(())
        }
    }
}

/// Writes to `sys.stderr`, or to the process's standard error if that fails.
fn say(py: Py<'_>, message: &str) {
    let written = py.str(message).and_then(|v| match py.sys_item(sym::STDERR).filter(|file| *file != Value::NONE) {
        Some(file) => py.call_method(file, sym::WRITE, &[v]).map(|_| true),
        None => Ok(false),
    });
    match written {
        Ok(true) => {}
        Ok(false) => py.write_stderr(message),
        Err(_) => {
            py.take_exception();
            py.write_stderr(message);
        }
    }
}

/// Flushes `sys.stdout` before something is reported; an error there is not what is to be reported.
pub fn flush_stdout(py: Py<'_>) {
    if let Some(s) = py.sys_item(sym::STDOUT).filter(|s| *s != Value::NONE)
        && py.call_method(s, sym::FLUSH, &[]).is_err()
    {
        py.take_exception();
    }
}
