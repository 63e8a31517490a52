//! The instructions: one table from which the enum, names, text form, typing and effect facts come.
//!
//! An [`Inst`] is 16 bytes and holds its operands itself; calls with many operands stand in side tables of the unit. A row of
//! the table reads
//!
//! ```text
//! Variant "name" (operand: kind, …) -> ResultType [facts];
//! ```
//!
//! where a kind that is a [`Type`] is a [`Ref`] of that type and the others are immediates. In text all
//! operands stand in this order, separated by commas. [`Facts`] explains the facts. What no row says: a pure operation may be
//! moved, merged and dropped freely, except that those marked `pinned` must stay behind the tests that they rely on.

use crate::arithmetic::{Cond, FloatOp, IntOp};
use crate::entity::{CellId, FeedbackRef, FloatBits, InvokeId, Reason, Ref, StateId, StubCallId, Type};
use vm_heap::ShapeIndex;

/// What an instruction may do. For calls of stubs and codes see [`crate::Unit::facts`], which knows the callee.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Depends on memory or other state that a write may change.
    pub reads: bool,
    /// Changes state that existed before and that a re-execution of the bytecode would see or repeat: an effect. Frame states
    /// from before it are stale after it.
    pub writes: bool,
    /// Writes into an object that nobody else has seen: not an effect, but not to be dropped or moved before its allocation.
    pub fresh: bool,
    /// May collect: a safepoint. Objects move, so no `Ptr` lives across.
    pub collects: bool,
    /// May run language code.
    pub runs_language: bool,
    /// May leave an exception pending, which the result tells.
    pub raises: bool,
    /// Relies on tests before it (a tag, a bound, a nonzero divisor): must not move above them.
    pub pinned: bool,
    /// Must stay where it is among effects, though it is none: guards, states, feedback.
    pub ordered: bool,
}

impl Facts {
    /// No facts: a pure operation.
    pub const PURE: Facts = Facts {
        reads: false,
        writes: false,
        fresh: false,
        collects: false,
        runs_language: false,
        raises: false,
        pinned: false,
        ordered: false,
    };
    /// May an unused one be dropped?
    pub const fn removable(self) -> bool {
        !self.writes && !self.fresh && !self.ordered && !self.collects && !self.raises
    }
    /// May two with equal operands be merged wherever one dominates the other?
    pub const fn is_pure(self) -> bool {
        self.removable() && !self.reads
    }
}

/// How operands are written in the table: a [`Ref`] by the type of what it names.
pub(crate) mod operand {
    use crate::entity::Ref;
    pub(crate) type Tagged = Ref;
    pub(crate) type I64 = Ref;
    pub(crate) type F64 = Ref;
    pub(crate) type Bool = Ref;
    pub(crate) type Ptr = Ref;
}
use operand::{Bool, F64, I64, Ptr, Tagged};

/// Calls `$f` on a field with its type if it is an operand, and does nothing otherwise.
macro_rules! visit_field {
    ($f:ident, $x:ident, Tagged) => {
        $f(Type::Tagged, $x)
    };
    ($f:ident, $x:ident, I64) => {
        $f(Type::I64, $x)
    };
    ($f:ident, $x:ident, F64) => {
        $f(Type::F64, $x)
    };
    ($f:ident, $x:ident, Bool) => {
        $f(Type::Bool, $x)
    };
    ($f:ident, $x:ident, Ptr) => {
        $f(Type::Ptr, $x)
    };
    ($f:ident, $x:ident, $kind:ident) => {
        let _ = &$x;
    };
}

macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident $text:literal ($($field:ident: $kind:ident),*) -> $result:ident [$($fact:ident)*];)*) => {
        /// An instruction. The operands of each are named in the table of this module.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Inst { $($(#[$doc])* $name($($kind),*)),* }

        impl Inst {
            /// Every name, in the order of the table.
            pub const NAMES: &'static [&'static str] = &[$($text),*];

            /// Name in the text form.
            pub const fn name(&self) -> &'static str {
                match self { $(Inst::$name(..) => $text),* }
            }
            /// Type of the result.
            #[inline]
            pub const fn result(&self) -> Type {
                if let Inst::Param(ty) = self {
                    return *ty;
                }
                match self { $(Inst::$name(..) => Type::$result),* }
            }
            /// Facts from the table alone.
            #[inline]
            pub const fn table_facts(&self) -> Facts {
                match self { $(Inst::$name(..) => Facts { $($fact: true,)* ..Facts::PURE }),* }
            }
            /// Calls `f` with each operand in the instruction itself and the type it must have. The operands of calls stand in
            /// the unit: see [`crate::Unit::each_operand`].
            #[inline]
            pub fn each_ref(&self, mut f: impl FnMut(Type, Ref)) {
                match *self { $(Inst::$name($($field),*) => { let _ = &mut f; $(visit_field!(f, $field, $kind);)* })* }
            }
            /// The same, with the operands to replace.
            #[inline]
            pub fn each_ref_mut(&mut self, mut f: impl FnMut(Type, &mut Ref)) {
                match self { $(Inst::$name($($field),*) => { let _ = &mut f; $(visit_field!(f, $field, $kind);)* })* }
            }
        }
    };
}

/// Calls the macro `$callback` with the rows of the table.
macro_rules! instruction_table {
    ($callback:ident) => {
        $callback! {
            /// A block parameter of the given type. Stands in no block's list of instructions.
            Param "param" (t: Type) -> Void [];

            // ---- constants
            /// A raw word.
            ConstInt "const_int" (value: i64) -> I64 [];
            /// A double.
            ConstFloat "const_float" (value: FloatBits) -> F64 [];
            /// A condition.
            ConstBool "const_bool" (value: bool) -> Bool [];
            /// A tagged word that is no pointer.
            ConstWord "const_word" (bits: u64) -> Tagged [];
            /// The object in a cell of the unit. A weak cell whose object died reads as `EMPTY`, but then the unit is invalid.
            Cell "cell" (cell: CellId) -> Tagged [];
            /// A root of the language.
            Root "root" (index: u32) -> Tagged [reads];
            /// Sets a root of the language. An effect; no barrier, since collectors look at all roots when they finish marking.
            SetRoot "set_root" (index: u32, v: Tagged) -> Void [writes];
            /// The function object that the unit's own frame runs.
            Function "function" () -> Tagged [];

            // ---- the frame in memory (only in units whose registers are in memory)
            /// Reads a register.
            GetReg "get_reg" (register: u16) -> Tagged [reads];
            /// Writes a register. An effect.
            SetReg "set_reg" (register: u16, v: Tagged) -> Void [writes];

            // ---- tags
            /// Small integer?
            IsInt "is_int" (v: Tagged) -> Bool [];
            /// Both small integers?
            BothInt "both_int" (v: Tagged, w: Tagged) -> Bool [];
            /// Float?
            IsFloat "is_float" (v: Tagged) -> Bool [];
            /// Both floats?
            BothFloat "both_float" (v: Tagged, w: Tagged) -> Bool [];
            /// Heap object?
            IsObject "is_object" (v: Tagged) -> Bool [];
            /// True or false?
            IsBool "is_bool" (v: Tagged) -> Bool [];
            /// The same word?
            Same "same" (v: Tagged, w: Tagged) -> Bool [];
            /// Exactly this non-pointer word?
            IsWord "is_word" (v: Tagged, bits: u64) -> Bool [];
            /// Is the result of a call a value, rather than the sign that an exception is pending (`EMPTY`)?
            Ok "ok" (v: Tagged) -> Bool [];
            /// The integer of a small integer.
            UntagInt "untag_int" (v: Tagged) -> I64 [pinned];
            /// The double of a float.
            UntagFloat "untag_float" (v: Tagged) -> F64 [pinned];
            /// The address of an object.
            UntagPtr "untag_ptr" (v: Tagged) -> Ptr [pinned];
            /// The truth of a truth value.
            UntagBool "untag_bool" (v: Tagged) -> Bool [pinned];
            /// Tags an integer that fits.
            TagInt "tag_int" (x: I64) -> Tagged [pinned];
            /// An integer of any word, as frame states name it: those who make the frames box it ([`Inst::BoxWord`]). Nothing else may
            /// use it.
            TagWord "tag_word" (x: I64) -> Tagged [];
            /// An integer of any word as a value: a small one, or an object of the language's. Allocates beyond the heap's limit if need
            /// be, so it never fails.
            BoxWord "box_word" (x: I64) -> Tagged [collects];
            /// Tags a double that arithmetic produced.
            TagFloat "tag_float" (x: F64) -> Tagged [];
            /// Tags a condition.
            TagBool "tag_bool" (x: Bool) -> Tagged [];
            /// Tags an object address.
            TagPtr "tag_ptr" (p: Ptr) -> Tagged [];

            // ---- arithmetic
            /// `add`, `sub` or `mul` of untagged small integers. Where the matching `Overflow` is true, the result is any word.
            IntArith "int_arith" (op: IntOp, x: I64, y: I64) -> I64 [];
            /// Does `x op y` of small integers leave the small-integer range? `result` is the `IntArith` of the same operands, so that
            /// a backend can take both from one machine instruction.
            Overflow "overflow" (op: IntOp, x: I64, y: I64, result: I64) -> Bool [];
            /// `add`, `sub` or `mul` of raw words. Where the matching `WordOverflow` is true, the result is any word.
            WordArith "word_arith" (op: IntOp, x: I64, y: I64) -> I64 [];
            /// Does `x op y` of raw words leave the range of words? `result` is the `WordArith` of the same operands.
            WordOverflow "word_overflow" (op: IntOp, x: I64, y: I64, result: I64) -> Bool [];
            /// An operation on raw words. A zero divisor or a shift amount of 64 or more must not occur.
            IntOp "int_op" (op: IntOp, x: I64, y: I64) -> I64 [pinned];
            /// Compares raw words.
            IntCmp "int_cmp" (c: Cond, x: I64, y: I64) -> Bool [];
            /// Does a raw word fit the small-integer range?
            IntFits "int_fits" (x: I64) -> Bool [];
            /// An operation on floats; unary ones are given their operand twice.
            FloatOp "float_op" (op: FloatOp, x: F64, y: F64) -> F64 [];
            /// Compares floats; not the unsigned conditions.
            FloatCmp "float_cmp" (c: Cond, x: F64, y: F64) -> Bool [];
            /// Converts with rounding to nearest.
            IntToFloat "int_to_float" (x: I64) -> F64 [];
            /// Truncates; only for floats within ±2^62.
            FloatToInt "float_to_int" (x: F64) -> I64 [pinned];
            /// Negates a condition.
            Not "not" (x: Bool) -> Bool [];
            /// A condition as 0 or 1.
            BoolToInt "bool_to_int" (x: Bool) -> I64 [];

            // ---- memory; offsets are in bytes from the header
            /// The shape index, zero-extended.
            Shape "shape" (p: Ptr) -> I64 [reads pinned];
            /// A raw word.
            LoadWord "load_word" (p: Ptr, at: u32) -> I64 [reads pinned];
            /// A value.
            Load "load" (p: Ptr, at: u32) -> Tagged [reads pinned];
            /// A value at a computed offset, a multiple of 8.
            LoadAt "load_at" (p: Ptr, at: I64) -> Tagged [reads pinned];
            /// A zero-extended byte at a computed offset.
            LoadU8 "load_u8" (p: Ptr, at: I64) -> I64 [reads pinned];
            /// A zero-extended 16-bit unit at a computed offset, a multiple of 2.
            LoadU16 "load_u16" (p: Ptr, at: I64) -> I64 [reads pinned];
            /// A zero-extended 32-bit unit at a computed offset, a multiple of 4.
            LoadU32 "load_u32" (p: Ptr, at: I64) -> I64 [reads pinned];
            /// A double at a computed offset, a multiple of 8.
            LoadFloat "load_float" (p: Ptr, at: I64) -> F64 [reads pinned];
            /// Element `i` of a value array; `i` is in range.
            LoadElement "load_element" (array: Ptr, i: I64) -> Tagged [reads pinned];
            /// Stores a raw word.
            StoreWord "store_word" (p: Ptr, at: u32, x: I64) -> Void [writes pinned];
            /// Stores a value, with the object barrier.
            Store "store" (p: Ptr, at: u32, v: Tagged) -> Void [writes pinned];
            /// Stores a value at a computed offset, with the object barrier.
            StoreAt "store_at" (p: Ptr, at: I64, v: Tagged) -> Void [writes pinned];
            /// Stores a double at a computed offset, a multiple of 8.
            StoreFloat "store_float" (p: Ptr, at: I64, x: F64) -> Void [writes pinned];
            /// Stores element `i` of a value array, with the element barrier.
            StoreElement "store_element" (array: Ptr, i: I64, v: Tagged) -> Void [writes pinned];
            /// Changes the shape index to another of a layout that agrees.
            SetShape "set_shape" (p: Ptr, shape: I64) -> Void [writes pinned];
            /// A zeroed object with its header written. Without memory, the address 0 with the exception pending.
            Alloc "alloc" (shape: ShapeIndex, words: u32) -> Ptr [collects raises];
            /// Was there memory?
            Allocated "allocated" (p: Ptr) -> Bool [];
            /// Stores a value into an object that was allocated since the last safepoint, without a barrier.
            Init "init" (p: Ptr, at: u32, v: Tagged) -> Void [fresh pinned];
            /// Stores a raw word into an object that was allocated since the last safepoint.
            InitWord "init_word" (p: Ptr, at: u32, x: I64) -> Void [fresh pinned];

            // ---- feedback (baseline units; speculative ones have consumed theirs)
            /// The shape in a slot's key.
            SlotShape "slot_shape" (slot: FeedbackRef) -> I64 [reads];
            /// The payload in a slot's key.
            SlotPayload "slot_payload" (slot: FeedbackRef) -> I64 [reads];
            /// The cached value of a slot; `EMPTY` if the object died.
            SlotValue "slot_value" (slot: FeedbackRef) -> Tagged [reads];
            /// Sets bits of a slot. Not an effect: executing it twice is harmless.
            Record "record" (slot: FeedbackRef, bits: u32) -> Void [ordered];
            /// Records the number that a place was passed with.
            RecordExpected "record_expected" (slot: FeedbackRef, x: I64) -> Void [ordered];

            // ---- control
            /// Frame state `state` describes the machine here. A guard may use it until the next effect.
            State "state" (state: StateId) -> Void [ordered];
            /// Goes on if `c` is `expected`; leaves for the interpreter at `state` otherwise.
            Guard "guard" (c: Bool, expected: bool, reason: Reason, state: StateId) -> Void [ordered];
            /// Counts the unit's heat down, and leaves for the interpreter at `state` when it reaches 0.
            Count "count" (state: StateId) -> Void [ordered];
            /// Do the assumptions that the unit was compiled under still hold? Reads a data cell of the unit.
            StillValid "still_valid" () -> Bool [reads];
            /// A safepoint: does the thread's pending work if there is any. False: an exception is pending.
            Poll "poll" (state: StateId) -> Bool [reads writes collects runs_language raises];

            // ---- calls
            /// Calls a stub. `EMPTY` when an exception is pending.
            Stub "stub" (call: StubCallId) -> Tagged [];
            /// Calls a code. `EMPTY` when an exception is pending.
            Invoke "invoke" (call: InvokeId) -> Tagged [reads writes collects runs_language raises];
            /// The number of arguments that a code takes if it can be invoked directly; negative otherwise.
            SimpleParameters "simple_parameters" (code: I64) -> I64 [pinned];

            // ---- exceptions
            /// The pending exception, still pending.
            PendingException "pending_exception" () -> Tagged [reads];
            /// The pending exception, which is pending no longer. An effect.
            TakeException "take_exception" () -> Tagged [reads writes];
            /// Makes an exception pending. An effect.
            Raise "raise" (exception: Tagged) -> Void [writes];
            /// The pending exception leaves the innermost frame of `state`, or is caught in it, at its position: the language's `trace`
            /// hook, which may replace the exception. Without one, the frame returns that has caught some: the `ended` hook. What the
            /// frame keeps of what it has caught ([`vm_code::Code::caught`]); `EMPTY` if it is left. An effect.
            Trace "trace" (state: StateId) -> Tagged [reads writes collects];
        }
    };
}
pub(crate) use instruction_table;

impl Inst {
    /// Is it a number or word that is known? Objects in cells are not.
    pub const fn is_constant(&self) -> bool {
        matches!(self, Inst::ConstInt(_) | Inst::ConstFloat(_) | Inst::ConstBool(_) | Inst::ConstWord(_))
    }
}

instruction_table!(instructions);

const _: () = assert!(std::mem::size_of::<Inst>() == 16, "an instruction is 16 bytes");
