//! The operations that instruction semantics are written in.
//!
//! Decisions return real `bool`s, so handlers use plain `if`, `?`, `match` and early return. An engine that executes
//! returns the condition; one that emits code returns a constant after emitting a guard, or forks by running the handler
//! again (BuildIt's re-execution; see `runtime/engines`). Every method takes `&self`, so that calls nest.
//!
//! The associated types are what flows between operations: in the interpreter machine words, in an emitter SSA names.
//! `Val` is a tagged value, `Int` a raw 64-bit integer, `Flt` a double, `Bool` a condition, `Ptr` an object address that
//! must not live across anything that may collect, `Code` a code that can be invoked.

use crate::language::HiddenId;
use crate::stub::{FixedCallStub, FixedStub, WindowCallStub, WindowStub};
use vm_heap::ShapeIndex;
pub use vm_vir::{Cond, FloatOp, IntOp};

/// The handler cannot go on: an exception is pending in the thread, or the engine has what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// Result of an operation that may raise.
pub type R<T = ()> = Result<T, Stop>;

/// What happens when the callee's result arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum After {
    /// It goes to the destination register and the next instruction runs.
    Next,
    /// It replaces the destination register, which must be a temporary that the instruction reads, and the same instruction
    /// runs again. The result must be a truth value, which the handler then takes without calling again, or this would not
    /// end: the hidden code guarantees it.
    Again,
}

/// An engine's view of one frame. See the module header, and the crate header for what handlers must keep to.
pub trait Machine: Sized {
    /// Tagged value.
    type Val: Copy;
    /// Raw 64-bit integer.
    type Int: Copy;
    /// Double.
    type Flt: Copy;
    /// Condition.
    type Bool: Copy;
    /// Object address; dies at the next operation that may collect.
    type Ptr: Copy;
    /// Code that can be invoked.
    type Code: Copy;
    /// An entry of an inline cache.
    type Entry: Copy;

    // ---- the frame

    /// Register `r`. Unbound variables read as `Value::EMPTY`.
    fn get(&self, r: u16) -> Self::Val;
    /// Sets register `r`.
    fn set(&self, r: u16, v: Self::Val);
    /// Constant `k` of the running code.
    fn constant(&self, k: i32) -> Self::Val;
    /// The function object that is running: what the caller invoked.
    fn function(&self) -> Self::Val;
    /// Cell `i` of the language's roots ([`crate::Thread::root`]): well-known objects.
    fn root(&self, i: u32) -> Self::Val;
    /// Sets it: an effect.
    fn set_root(&self, i: u32, v: Self::Val);

    // ---- decisions

    /// A branch of the semantics: both sides must be right.
    fn test(&self, c: Self::Bool) -> bool;
    /// An optional fast path: an engine may always say no, and what follows must be fully general. `bit` of slot `feedback`
    /// says that this path was taken; the bits of [`crate::feedback::bit`] say which of them are recorded. A test that several
    /// paths share names the bits of all of them and records nothing, since each path records its own: so an emitter that has
    /// seen only those knows that the test always holds.
    fn spec(&self, c: Self::Bool, feedback: u32, bit: u32) -> bool;
    /// A rare case, such as overflow: recorded when it happens, and assumed away as long as it was not.
    fn rare(&self, c: Self::Bool, feedback: u32, bit: u32) -> bool;
    /// `x` itself, on which an emitter speculates that it is what it always was at this slot's key (see
    /// [`crate::FeedbackSlot::key`]): the interpreter records it.
    fn expect(&self, x: Self::Int, feedback: u32) -> Self::Int;
    /// The number, if this engine knows it: always when it executes, only constants when it emits. Handlers may loop over
    /// such a number if it is small and bounded, and must be right without knowing it.
    fn known(&self, x: Self::Int) -> Option<i64>;
    /// Says that what the slots of this code recorded holds only while language root `root`, a small integer, stays what it is:
    /// a version, which the language changes and then calls [`crate::RuntimeOps::flush_caches`]. An engine that executes
    /// does nothing; one that speculates on a snapshot of feedback guards the version. Like any guard it precedes effects.
    fn assume(&self, root: u32);

    /// Paths that tests have parted meet: from here on the handler does the same on each that comes to this place, with nothing
    /// that was computed since they parted, and no effect stands before it. Places are numbered in the order in which they are
    /// come to. An engine that executes just goes on; one that emits code goes on once for all of the paths.
    fn meet(&self, place: u32) -> R;
    /// The same with a number that each path brings.
    fn meet_with(&self, place: u32, x: Self::Int) -> R<Self::Int>;

    // ---- control; each ends the handler

    /// Goes on `d` instructions after the next one.
    fn jump(&self, d: i32);
    /// The same for a loop's back edge, which is a safepoint.
    fn loop_back(&self, d: i32) -> R;
    /// Returns from the frame.
    fn ret(&self, v: Self::Val) -> R;
    /// Raises: always an error.
    fn raise(&self, exception: Self::Val) -> R;
    /// Calls `code` with the window that begins with the callee in register `base`, its `arguments` behind it. The code must
    /// take exactly so many ([`Machine::simple_parameters`]). The result goes to `dst` as `after` says.
    fn invoke(&self, code: Self::Code, base: u16, arguments: u16, dst: u16, after: After) -> R;
    /// The same with a fresh window at the frame's top.
    fn invoke_with(&self, code: Self::Code, callee: Self::Val, arguments: &[Self::Val], dst: u16, after: After) -> R;
    /// Calls hidden code with feedback of this site's own, hung off slot `feedback`.
    fn hidden(&self, id: HiddenId, arguments: &[Self::Val], dst: u16, feedback: u32, after: After) -> R;

    // ---- codes

    /// The code with this index (as function objects hold it).
    fn code(&self, index: Self::Int) -> Self::Code;
    /// The number of arguments that `code` takes if it can be invoked directly: no defaults to fill, nothing variadic, not
    /// suspending; negative otherwise.
    fn simple_parameters(&self, code: Self::Code) -> Self::Int;

    // ---- tags

    /// Small integer?
    fn is_int(&self, v: Self::Val) -> Self::Bool;
    /// Both small integers?
    fn both_int(&self, v: Self::Val, w: Self::Val) -> Self::Bool;
    /// Float?
    fn is_float(&self, v: Self::Val) -> Self::Bool;
    /// Both floats?
    fn both_float(&self, v: Self::Val, w: Self::Val) -> Self::Bool;
    /// Heap object?
    fn is_object(&self, v: Self::Val) -> Self::Bool;
    /// True or false?
    fn is_bool(&self, v: Self::Val) -> Self::Bool;
    /// The same word?
    fn same(&self, v: Self::Val, w: Self::Val) -> Self::Bool;
    /// Exactly this non-pointer word? (`bits` as [`vm_heap::Value::bits`].)
    fn is_word(&self, v: Self::Val, bits: u64) -> Self::Bool;
    /// A constant that is no pointer.
    fn word(&self, bits: u64) -> Self::Val;
    /// Untags; only after the tag is known.
    fn int(&self, v: Self::Val) -> Self::Int;
    /// Untags; only after the tag is known.
    fn float(&self, v: Self::Val) -> Self::Flt;
    /// Untags; only after the tag is known.
    fn ptr(&self, v: Self::Val) -> Self::Ptr;
    /// Untags; only after the tag is known.
    fn boolean(&self, v: Self::Val) -> Self::Bool;
    /// Tags an integer that is known to fit (results of [`Machine::int_arith`] without overflow, lengths, …).
    fn make_int(&self, i: Self::Int) -> Self::Val;
    /// Tags.
    fn make_float(&self, f: Self::Flt) -> Self::Val;
    /// Tags.
    fn make_bool(&self, b: Self::Bool) -> Self::Val;
    /// Tags.
    fn make_object(&self, p: Self::Ptr) -> Self::Val;

    // ---- arithmetic

    /// A raw constant.
    fn int_const(&self, i: i64) -> Self::Int;
    /// A float constant.
    fn float_const(&self, f: f64) -> Self::Flt;
    /// A condition constant.
    fn bool_const(&self, b: bool) -> Self::Bool;
    /// `Add`, `Sub`, `Mul` of untagged small integers: the result, and whether it leaves the small-integer range.
    fn int_arith(&self, op: IntOp, x: Self::Int, y: Self::Int) -> (Self::Int, Self::Bool);
    /// An operation on raw words.
    fn int_op(&self, op: IntOp, x: Self::Int, y: Self::Int) -> Self::Int;
    /// Compares raw words.
    fn int_cmp(&self, c: Cond, x: Self::Int, y: Self::Int) -> Self::Bool;
    /// Does a raw word fit the small-integer range?
    fn int_fits(&self, x: Self::Int) -> Self::Bool;
    /// An operation on floats.
    fn float_op(&self, op: FloatOp, x: Self::Flt, y: Self::Flt) -> Self::Flt;
    /// Compares floats.
    fn float_cmp(&self, c: Cond, x: Self::Flt, y: Self::Flt) -> Self::Bool;
    /// Converts exactly or with rounding to nearest.
    fn int_to_float(&self, x: Self::Int) -> Self::Flt;
    /// Truncates; only for floats known to be within ±2^62.
    fn float_to_int(&self, x: Self::Flt) -> Self::Int;
    /// Negates a condition.
    fn not(&self, b: Self::Bool) -> Self::Bool;
    /// A condition as 0 or 1.
    fn bool_to_int(&self, b: Self::Bool) -> Self::Int;

    // ---- words: integers of any 64 bits, which an emitter keeps raw until somebody wants them as values

    /// Is the handler to compute with words? An emitter says so where slot `feedback` has the bit `wide` and none of `other`. An engine
    /// that executes does not: its stubs record what they see.
    fn takes_words(&self, _feedback: u32, _wide: u32, _other: u32) -> bool {
        false
    }
    /// The word of what this engine knows to be an integer.
    fn known_word(&self, _v: Self::Val) -> Option<Self::Int> {
        None
    }
    /// The word of an integer, small or an object ([`crate::Language::WORDS`]): only where [`Machine::takes_words`]. An emitter leaves
    /// where it is none. Paths meet in this, at `place`.
    fn word_of(&self, v: Self::Val, _place: u32) -> R<Self::Int> {
        Ok(self.int(v))
    }
    /// `Add`, `Sub`, `Mul` of words: the result, and whether it leaves the range of words.
    fn word_arith(&self, op: IntOp, x: Self::Int, y: Self::Int) -> (Self::Int, Self::Bool) {
        self.int_arith(op, x, y)
    }
    /// The integer as a value, only where [`Machine::takes_words`]: it is to be set as a register or returned. Handlers of opcodes that
    /// may be given it ([`crate::Language::takes_words`]) may ask anything of it.
    fn make_word(&self, x: Self::Int) -> Self::Val {
        self.make_int(x)
    }

    // ---- memory; offsets are in bytes from the header

    /// The shape index.
    fn shape(&self, p: Self::Ptr) -> Self::Int;
    /// A raw word.
    fn load_word(&self, p: Self::Ptr, offset: u32) -> Self::Int;
    /// A value.
    fn load(&self, p: Self::Ptr, offset: u32) -> Self::Val;
    /// A value at a computed offset.
    fn load_at(&self, p: Self::Ptr, offset: Self::Int) -> Self::Val;
    /// A raw byte, zero-extended, at a computed offset.
    fn load_u8(&self, p: Self::Ptr, offset: Self::Int) -> Self::Int;
    /// A raw 16-bit unit, zero-extended, at a computed offset.
    fn load_u16(&self, p: Self::Ptr, offset: Self::Int) -> Self::Int;
    /// A raw 32-bit unit, zero-extended, at a computed offset.
    fn load_u32(&self, p: Self::Ptr, offset: Self::Int) -> Self::Int;
    /// A raw double at a computed offset, a multiple of 8. It may be a NaN that must not be tagged.
    fn load_float(&self, p: Self::Ptr, offset: Self::Int) -> Self::Flt;
    /// Element `i` of a value array; `i` is known to be in range. (No other method may be used to read an element that a handler of the
    /// same unit can have stored.)
    fn load_element(&self, array: Self::Ptr, i: Self::Int) -> Self::Val;
    /// Stores a raw word. An effect.
    fn store_word(&self, p: Self::Ptr, offset: u32, x: Self::Int);
    /// Stores a value, with the object barrier. An effect.
    fn store(&self, p: Self::Ptr, offset: u32, v: Self::Val);
    /// Stores a value at a computed offset, with the object barrier. An effect.
    fn store_at(&self, p: Self::Ptr, offset: Self::Int, v: Self::Val);
    /// Stores a raw double at a computed offset, a multiple of 8. An effect.
    fn store_float(&self, p: Self::Ptr, offset: Self::Int, x: Self::Flt);
    /// Stores element `i` of a value array, with the element barrier. An effect.
    fn store_element(&self, array: Self::Ptr, i: Self::Int, v: Self::Val);
    /// Changes the shape index. An effect; the layouts must agree ([`vm_heap::Object::set_shape`]).
    fn set_shape(&self, p: Self::Ptr, shape: Self::Int);
    /// A zeroed object of `words` words, header written. May collect: every other `Ptr` is dead afterwards. Not an effect,
    /// since nobody has seen the object; it must be filled with the `init` operations before the handler ends.
    fn alloc(&self, shape: ShapeIndex, words: u32) -> R<Self::Ptr>;
    /// Stores a value into a fresh object, without a barrier.
    fn init(&self, p: Self::Ptr, offset: u32, v: Self::Val);
    /// Stores a raw word into a fresh object.
    fn init_word(&self, p: Self::Ptr, offset: u32, x: Self::Int);

    // ---- inline caches: loads in the interpreter, constants in an emitter's snapshot

    /// The slot's shape ([`crate::FeedbackSlot::key`], upper half).
    fn cached_shape(&self, feedback: u32) -> Self::Int;
    /// The slot's payload, such as an offset (lower half of the key).
    fn cached_payload(&self, feedback: u32) -> Self::Int;
    /// The slot's value; `EMPTY` if the object died.
    fn cached_value(&self, feedback: u32) -> Self::Val;

    /// The entry for this shape among those of the slot's inline cache, own and further ([`crate::FeedbackSlot::add`]): an
    /// optional fast path, as by [`Machine::spec`].
    fn cached(&self, shape: Self::Int, feedback: u32) -> Option<Self::Entry>;
    /// The entry's payload.
    fn entry_payload(&self, entry: Self::Entry) -> Self::Int;
    /// The entry's value; `EMPTY` if the object died.
    fn entry_value(&self, entry: Self::Entry) -> Self::Val;

    // ---- slow paths

    /// Calls a stub. `feedback` may be `NO_FEEDBACK`. An effect unless the stub is declared pure.
    fn stub(&self, s: &'static FixedStub, arguments: [Self::Val; 3], immediate: i32, feedback: u32) -> R<Self::Val>;
    /// Calls a stub with `count` registers from `base` on.
    fn stub_window(&self, s: &'static WindowStub, base: u16, count: u16, immediate: i32, feedback: u32)
    -> R<Self::Val>;
    /// Calls a call stub with `count` registers from `base` on: the handler's last action. The result goes to `dst` and the
    /// next instruction runs. The registers from `base` on need not outlive the instruction.
    fn call_stub(
        &self,
        s: &'static WindowCallStub,
        base: u16,
        count: u16,
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R;
    /// The same with fixed operands.
    fn call_stub_fixed(
        &self,
        s: &'static FixedCallStub,
        arguments: [Self::Val; 3],
        immediate: i32,
        dst: u16,
        feedback: u32,
    ) -> R;

    // ---- suspended frames

    /// Writes the running frame into the object that is its function: registers, position, state, as
    /// [`Language::SUSPENDED`](crate::Language::SUSPENDED) says; then returns `v` from it: the handler's last action. `suspension` is
    /// the suspending instruction's.
    fn suspend(&self, suspension: u32, v: Self::Val) -> R;
    /// Goes on with the frame that object `suspended` of `code` holds, with `sent` in the destination of the instruction that
    /// suspended it, or with the beginning of a frame that never ran: the handler's last action. What it returns or suspends
    /// with goes to `dst` and the next instruction runs. An engine may run `stub` on (`suspended`, `sent`) instead, which does
    /// the same. The object must not be running or finished.
    #[allow(clippy::too_many_arguments, reason = "as call_stub_fixed, and what the engine that does it needs")]
    fn resume(
        &self,
        stub: &'static FixedCallStub,
        code: Self::Code,
        suspended: Self::Val,
        sent: Self::Val,
        dst: u16,
        feedback: u32,
    ) -> R;
}
