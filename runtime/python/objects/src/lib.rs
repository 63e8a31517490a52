//! Python's objects: how they lie in the heap, and what native code does with them.
//!
//! [`Py`] is the context that everything takes: the thread with the interpreter's state. Functions that may run Python
//! code, allocate or raise return [`R`]; on `Err` the exception is pending in the thread.
//!
//! What must hold:
//!
//! * A [`Value`] lives on the native stack, in the heap, or in a root, never in Rust-heap memory. Native frames are scanned
//!   conservatively: what they hold is pinned while a collection runs, so plain locals stay valid across anything.
//! * An object's kind ([`kind`]) follows from its shape alone, through [`state::ShapeInfo`]. Built-in shapes have constant
//!   indices, so "is exactly a list" is one compare; a subclass's shape has the kind of its nearest built-in ancestor.
//! * Fields are reached only through the accessors of the module that owns the layout.

pub mod arguments;
pub mod attribute;
pub mod blocking;
pub mod bytes;
pub mod call;
pub mod check;
pub mod class;
pub mod class_new;
pub mod code;
pub mod combine;
pub mod compare;
pub mod convert;
pub mod create;
mod declared;
pub mod dict;
pub mod exception;
pub mod format;
pub mod frame;
pub mod function;
pub mod generator;
pub mod instance;
pub mod int;
pub mod iterate;
pub mod kind;
pub mod leaf;
pub mod link;
pub mod list;
mod makers;
pub mod memoryview;
pub mod module;
pub mod monitoring;
pub mod native;
pub mod native_type;
pub mod number;
pub mod operator;
pub mod py;
pub mod represent;
pub mod safepoint;
pub mod set;
pub mod settings;
pub mod slice;
pub mod state;
pub mod string;
mod string_growth;
pub mod struct_sequence;
pub mod symbol;
pub mod text;
pub mod traceback;
pub mod tracing;
pub mod tuple;
pub mod type_parameter;
pub mod weakref;

pub use arguments::Args;
pub use exception::Exc;
pub use kind::Kind;
pub use native::{Native, NativeFn, NativeKind};
pub use native_type::TypeSpec;
pub use py::{Py, R};
pub use state::State;
pub use symbol::Symbol;
pub use vm_api::engine::Stop;
pub use vm_api::heap::{Object, ShapeIndex, Value};
