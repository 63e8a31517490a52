//! What `threading.excepthook` is at first.

use crate::report;
use python_objects::exception::word;
use python_objects::struct_sequence::StructSequence;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value};

pub(super) static ARGUMENTS: StructSequence = StructSequence {
    name: "_ExceptHookArgs",
    module: "_thread",
    fields: &["exc_type", "exc_value", "exc_traceback", "thread"],
    visible: 4,
    constructible: true,
    doc: "ExceptHookArgs\n\nWhat threading.excepthook gets.",
};

pub(super) fn excepthook(py: Py<'_>, args: Args<'_>) -> R {
    if py.class_of(args.at(0)) != py.struct_sequence_type(&ARGUMENTS)? {
        return py.type_error("_thread.excepthook argument type must be ExceptHookArgs");
    }
    let field = |name: &str| py.get_attribute_text(args.at(0), name);
    let (class, value, traceback, thread) =
        (field("exc_type")?, field("exc_value")?, field("exc_traceback")?, field("thread")?);
    if class == py.exception_class(Exc::SystemExit).value() {
        return Ok(Value::NONE);
    }
    let file = match py.sys_item(sym::STDERR).filter(|file| *file != Value::NONE) {
        Some(file) => file,
        // What it was when the thread was made.
        None if thread != Value::NONE => py.get_attribute_text(thread, "_stderr")?,
        None => Value::NONE,
    };
    if file == Value::NONE {
        return Ok(Value::NONE);
    }
    let name = if thread == Value::NONE { None } else { py.get_attribute_text(thread, "name").ok() };
    let name = match name {
        Some(name) => py.str_text(name)?,
        None => {
            py.take_exception();
            stdlib_system::signals::thread_number().to_string()
        }
    };
    let write = |text: Value| py.call_method(file, sym::WRITE, &[text]);
    write(py.str(&format!("Exception in thread {name}:\n"))?)?;
    if let Some(e) = Object::from_value(value).filter(|_| py.is_exception(value)) {
        if e.get(word::TRACEBACK).is_empty() && traceback != Value::NONE {
            py.store(e, word::TRACEBACK, traceback);
        }
        write(report::text(py, e)?.value())?;
    }
    py.call_method(file, sym::FLUSH, &[])
}
