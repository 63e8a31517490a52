//! `_pickle`: objects as bytes, and back.
//!
//! What is written is, byte for byte, what CPython's module writes. All that the two sides know of objects (memo, stack) is in
//! objects of the heap; Rust memory holds bytes and numbers only. Nothing that a pickle says of lengths is believed: see
//! [`input`].

mod buffer;
mod containers;
mod functions;
mod global;
mod input;
mod kept;
mod load;
mod load_objects;
mod load_text;
mod memo;
mod opcode;
mod output;
mod persistent;
mod pickler;
mod reduce;
mod save;
mod seen;
mod unpickler;

use python_objects::module::NativeModule;
use python_objects::{Object, Py, R};
use stdlib_core::support::add;

/// The module of this crate.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "_pickle", init }];

fn init(py: Py<'_>, module: Object) -> R<()> {
    let kept = kept::make(py)?;
    add(py, module, "PickleError", py.kept(kept.pickle_error))?;
    add(py, module, "PicklingError", py.kept(kept.pickling_error))?;
    add(py, module, "UnpicklingError", py.kept(kept.unpickling_error))?;
    add(py, module, "Pickler", py.native_type(&pickler::PICKLER)?.value())?;
    add(py, module, "Unpickler", py.native_type(&unpickler::UNPICKLER)?.value())?;
    add(py, module, "PickleBuffer", py.native_type(&buffer::BUFFER)?.value())?;
    py.add_functions(module, functions::FUNCTIONS)
}
