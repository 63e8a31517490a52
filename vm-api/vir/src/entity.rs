//! Dense 32-bit names of everything in a unit, and the small types that stand in instructions.

use crate::arithmetic::named_enum;

/// Declares index types with a prefix for their text form.
macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(pub u32);
        impl $name {
            /// What stands before the number in the text form.
            pub const PREFIX: &'static str = $prefix;
            /// As an index into an array.
            #[inline(always)]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    )* };
}

indices! {
    /// An instruction and the SSA value that it defines: an index into [`crate::Unit::insts`].
    Ref = "v";
    /// A basic block: an index into [`crate::Unit::blocks`]. The entry is block 0.
    BlockId = "block";
    /// A frame state: an index into [`crate::Unit::states`].
    StateId = "fs";
    /// A cell for an object that the unit mentions: an index into [`crate::Unit::cells`].
    CellId = "cell";
    /// A stub that the unit calls: an index into [`crate::Unit::stubs`].
    StubId = "stub";
    /// A stub call: an index into [`crate::Unit::stub_calls`].
    StubCallId = "stubcall";
    /// A call of language code: an index into [`crate::Unit::invokes`].
    InvokeId = "call";
    /// An installed code (the engine's `CodeIndex`).
    CodeRef = "code";
    /// A feedback vector: an index into the thread's table of them.
    VectorRef = "fv";
}

impl VectorRef {
    /// No vector; in [`crate::Invoke`], the code's own.
    pub const NONE: VectorRef = VectorRef(u32::MAX);
}

/// A slot of a feedback vector.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FeedbackRef {
    /// The vector; one per code, and one per site for hidden code.
    pub vector: VectorRef,
    /// The slot in it.
    pub slot: u32,
}

impl FeedbackRef {
    /// No slot: stubs get a null pointer.
    pub const NONE: FeedbackRef = FeedbackRef { vector: VectorRef::NONE, slot: u32::MAX };
    /// Is there a slot?
    pub const fn is_some(self) -> bool {
        self.slot != u32::MAX
    }
}

/// The bits of a double, so that instructions compare bit for bit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FloatBits(pub u64);

impl FloatBits {
    /// The double.
    pub const fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl From<f64> for FloatBits {
    fn from(f: f64) -> FloatBits {
        FloatBits(f.to_bits())
    }
}

impl std::fmt::Debug for FloatBits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.get())
    }
}

named_enum! {
    /// Type of an SSA value.
    Type {
        /// No value at all.
        Void = "void",
        /// A tagged word ([`vm_heap::Value`]); a root while it lives.
        Tagged = "tagged",
        /// A raw 64-bit word: untagged small integers, lengths, offsets, shape and code indices.
        I64 = "i64",
        /// A double.
        F64 = "f64",
        /// A condition.
        Bool = "bool",
        /// Address of an object's header. Must not live across anything that may collect.
        Ptr = "ptr",
    }
}

named_enum! {
    /// Why a guard stands where it stands: for statistics and for the choice of what to do after a failure.
    Reason {
        /// An optional fast path that feedback says is the one taken.
        Speculation = "speculation",
        /// A rare case that was never seen.
        Rare = "rare",
        /// A number that was always the same.
        Expected = "expected",
        /// A branch of the program that was always taken the same way.
        Branch = "branch",
        /// A loop or OSR entry: the type that a variable had when the unit was made.
        Entry = "entry",
        /// An assumption of the unit no longer holds.
        Invalidated = "invalidated",
        /// Code that was never reached.
        Unreached = "unreached",
        /// The unit ran so often that better code is worth its compilation.
        Hot = "hot",
        /// The unit's own frame ends, by a return or the pending exception, and the interpreter is to end it.
        Ends = "ends",
    }
}
