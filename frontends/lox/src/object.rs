//! Object layouts: what each kind of Lox object looks like in memory, and the typed access that native code uses.
//!
//! Numbers, `nil`, `true` and `false` are no objects ([`vm_heap::Value`]). Every other kind has one shape, registered
//! first of all in a fresh heap so that its index is a constant; instances have a shape for each class and set of
//! fields, registered later, so that a shape at or above [`INSTANCE`] tells an instance ([`crate::state`]).
//!
//! Offsets are in bytes from the header, as [`vm_engine::Machine`] wants them.

use vm_engine::{FeedbackSlot, Thread};
use vm_heap::heap::Heap;
use vm_heap::{Layout, Object, OutOfMemory, ShapeIndex, Value};

use crate::state::State;

/// Declares the fixed shapes, numbered in order.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident: $layout:expr;)*) => {
        #[derive(Clone, Copy)]
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "only numbers the constants below")]
        enum Order { $($name),* }
        $($(#[$doc])* pub const $name: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0 + Order::$name as u32);)*

        /// Registers the fixed shapes.
        ///
        /// # Panics
        /// If the heap has others already.
        pub fn register_shapes(heap: &Heap) {
            $(assert_eq!(heap.register_shape($layout), Some($name), "Lox wants a heap of its own");)*
        }
    };
}

shapes! {
    /// A string: UTF-8, never changed.
    STRING: Layout::LeafArray;
    /// A captured variable. Never a value of the program.
    CELL: Layout::Values { words: 2 };
    /// A global variable: its value (`EMPTY` until it is defined) and its name. Never a value of the program.
    GLOBAL: Layout::Values { words: 3 };
    /// A function: the index of its code, then the cells it captured.
    CLOSURE: Layout::ValueArray;
    /// A class.
    CLASS: Layout::Values { words: 5 };
    /// A method taken off its receiver.
    BOUND_METHOD: Layout::Values { words: 3 };
    /// The overflow of an instance or the methods of a class. Never a value of the program.
    ARRAY: Layout::ValueArray;
    /// The native function `clock`.
    NATIVE: Layout::Leaf { words: 2 };
    /// An instance before its class's shape is set, and the first of all shapes of instances.
    INSTANCE: Layout::Values { words: INSTANCE_WORDS };
}

/// What a cell holds.
pub const CELL_VALUE: u32 = 8;
/// What a global holds.
pub const GLOBAL_VALUE: u32 = 8;
/// A global's name, a string.
pub const GLOBAL_NAME: u32 = 16;
/// A closure's code index, a whole number.
pub const CLOSURE_CODE: u32 = 16;
/// A closure's first cell.
pub const CLOSURE_CELLS: u32 = 24;
/// Words of a closure without cells.
pub const CLOSURE_WORDS: u32 = 3;
/// A class's name, a string.
pub const CLASS_NAME: u32 = 8;
/// A class's methods, inherited ones included: a value array of symbols, each with its closure; `EMPTY` beyond the last.
pub const CLASS_METHODS: u32 = 16;
/// A class's method `init`, or `EMPTY`.
pub const CLASS_INIT: u32 = 24;
/// The shape of a class's new instances, as a whole number.
pub const CLASS_SHAPE: u32 = 32;
/// A bound method's receiver.
pub const BOUND_RECEIVER: u32 = 8;
/// A bound method's closure.
pub const BOUND_CLOSURE: u32 = 16;
/// Words of a bound method.
pub const BOUND_WORDS: u32 = 3;
/// An instance's class.
pub const INSTANCE_CLASS: u32 = 8;
/// An instance's overflow: a value array of the fields that do not fit the instance itself, or `EMPTY`.
pub const INSTANCE_OVERFLOW: u32 = 16;
/// An instance's first field.
pub const INSTANCE_FIELDS: u32 = 24;
/// Words of an instance.
pub const INSTANCE_WORDS: u32 = 8;
/// Bytes of an instance.
pub const INSTANCE_BYTES: u32 = 8 * INSTANCE_WORDS;
/// Fields that fit the instance itself.
pub const FIELDS_INSIDE: u32 = INSTANCE_WORDS - INSTANCE_FIELDS / 8;

/// Where field `index` of a shape is: below [`INSTANCE_BYTES`] an offset in the instance, from there on an element of
/// the overflow.
pub fn field_place(index: u32) -> u32 {
    if index < FIELDS_INSIDE { INSTANCE_FIELDS + 8 * index } else { INSTANCE_BYTES + index - FIELDS_INSIDE }
}

/// What a Lox value is, for native code.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// `nil`
    Nil,
    /// `true` and `false`
    Bool(bool),
    /// A number, however it is represented.
    Number(f64),
    /// A string.
    String(Object),
    /// A function or method.
    Closure(Object),
    /// A class.
    Class(Object),
    /// An instance.
    Instance(Object),
    /// A bound method.
    BoundMethod(Object),
    /// `clock`.
    Native,
}

/// What `v` is. Cells and globals are no values of a program, so nobody asks.
pub fn kind(v: Value) -> Kind {
    if v.is_int() {
        return Kind::Number(v.as_int() as f64);
    }
    if v.is_float() {
        return Kind::Number(v.as_float());
    }
    let Some(object) = Object::from_value(v) else {
        return if v.is_bool() { Kind::Bool(v.as_bool()) } else { Kind::Nil };
    };
    match object.shape() {
        STRING => Kind::String(object),
        CLOSURE => Kind::Closure(object),
        CLASS => Kind::Class(object),
        BOUND_METHOD => Kind::BoundMethod(object),
        NATIVE => Kind::Native,
        shape if shape.0 >= INSTANCE.0 => Kind::Instance(object),
        shape => unreachable!("{shape:?} is no shape of a Lox value"),
    }
}

/// The value at `offset`.
pub fn field(object: Object, offset: u32) -> Value {
    object.get(offset as usize / 8)
}

/// Stores a value at `offset`, with the barrier.
pub fn set_field(heap: &Heap, object: Object, offset: u32, v: Value) {
    heap.store(object, offset as usize / 8, v);
}

/// A new string of all `parts`, one after the other. The parts may be parts of strings on the heap: they are pinned by
/// standing on the native stack. May collect.
pub fn new_string(heap: &Heap, parts: &[&[u8]]) -> Result<Object, OutOfMemory> {
    let length = parts.iter().map(|part| part.len()).sum();
    let string = heap.alloc_array(STRING, length)?;
    let mut at = string.bytes_address();
    for part in parts {
        // SAFETY: the parts together are as long as the payload of the new object, which overlaps none of them.
        unsafe {
            at.copy_from_nonoverlapping(part.as_ptr(), part.len());
            at = at.add(part.len());
        }
    }
    Ok(string)
}

/// The bytes of a string, while its address is on the native stack.
pub fn string_bytes<'a>(string: Object) -> &'a [u8] {
    debug_assert_eq!(string.shape(), STRING);
    // SAFETY: strings are byte arrays that nobody changes; callers are stubs, which hold `string` in a local.
    unsafe { string.bytes() }
}

/// The state that [`crate::run::start`] gave the thread.
pub fn state(thread: &Thread) -> &State {
    // SAFETY: `start` set it, of this type, before anything else of Lox could run on the thread.
    unsafe { thread.language() }
}

/// The feedback slot a stub was handed, if any.
///
/// # Safety
/// `slot` must be null, or a slot that nobody else uses as long as the result lives.
pub unsafe fn feedback<'a>(slot: *mut FeedbackSlot) -> Option<&'a mut FeedbackSlot> {
    // SAFETY: the caller's.
    unsafe { slot.as_mut() }
}
