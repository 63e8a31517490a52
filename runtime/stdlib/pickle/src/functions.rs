//! The functions of the module.

use crate::input::Input;
use crate::pickler::{self, PICKLER};
use crate::unpickler::{self, UNPICKLER, word};
use python_objects::symbol::sym;
use python_objects::{Args, Native, Py, R, Value};

pub(crate) static FUNCTIONS: &[Native] = &[
    Native::function(
        "dump",
        "obj, file, protocol=None, *, fix_imports=True, buffer_callback=None",
        dump,
        "Write a pickle of an object to a file: Pickler(file, protocol).dump(obj).",
    ),
    Native::function(
        "dumps",
        "obj, protocol=None, *, fix_imports=True, buffer_callback=None",
        dumps,
        "Return a pickle of an object as bytes.",
    ),
    Native::function(
        "load",
        "file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=()",
        load,
        "Read an object from the pickle in a file: Unpickler(file).load().",
    ),
    Native::function(
        "loads",
        "data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=()",
        loads,
        "Read an object from the pickle in bytes.",
    ),
];

fn dump(py: Py<'_>, args: Args<'_>) -> R {
    let o = pickler::make(py, py.native_type(&PICKLER)?.value())?;
    pickler::set_up(py, o, args.some(2), args.opt(3), args.some(4))?;
    pickler::set_file(py, o, args.at(1))?;
    pickler::dump(py, o, args.at(0))?;
    Ok(Value::NONE)
}
fn dumps(py: Py<'_>, args: Args<'_>) -> R {
    let o = pickler::make(py, py.native_type(&PICKLER)?.value())?;
    pickler::set_up(py, o, args.some(1), args.opt(2), args.some(3))?;
    pickler::dumps(py, o, args.at(0))
}
fn load(py: Py<'_>, args: Args<'_>) -> R {
    let o = unpickler::make(py, py.native_type(&UNPICKLER)?.value())?;
    unpickler::set_file(py, o, args.at(0))?;
    unpickler::set_up(py, o, args.opt(1), args.opt(2), args.opt(3), args.opt(4))?;
    let input = Input::of_file(py, py.bytes(&[])?, o.get(word::READ), o.get(word::READLINE), o.get(word::PEEK));
    unpickler::load(py, o, input)
}
fn loads(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let content = match py.as_bytes(v) {
        Some(b) => b,
        None => {
            // Anything with bytes: they are copied, for programs may change them meanwhile.
            if py.bytes_like(v).is_none() && py.special(v, sym::BUFFER).is_none() {
                let class = py.class_name(v);
                return py.type_error(&format!("a bytes-like object is required, not '{class}'"));
            }
            let view = py.call(py.root(python_objects::kind::class::MEMORYVIEW), &[v])?;
            match py.bytes_like(view) {
                Some(content) => py.bytes(&content)?,
                None => return py.value_error("operation forbidden on released memoryview object"),
            }
        }
    };
    let o = unpickler::make(py, py.native_type(&UNPICKLER)?.value())?;
    unpickler::set_up(py, o, args.opt(1), args.opt(2), args.opt(3), args.opt(4))?;
    unpickler::load(py, o, Input::of_bytes(py, content))
}
