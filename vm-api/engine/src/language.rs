//! What a language supplies.

use crate::machine::{Machine, R};
use crate::stub::{Stub, StubPair};
use crate::suspended::SuspendedFrame;
use crate::thread::{CodeIndex, Context, FrameId, Thread};
use std::cell::Cell;
use std::sync::Arc;
use vm_code::{Code, Instruction, OpcodeInfo};
use vm_heap::{ShapeIndex, Value};

/// Number of a piece of hidden code: its index in [`Language::hidden_code`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct HiddenId(pub u16);

/// Bytecode of the runtime's own, for operations that call back into the language halfway.
pub type HiddenCode = Arc<Code>;

/// How an instruction was reached in a thread that steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// The frame begins with it, and has just been entered: what this raises is raised before any instruction. The language is asked
    /// again then, and cannot have another instruction gone on with before.
    Entered,
    /// The frame begins with it.
    Begun,
    /// The suspended frame was resumed, and goes on with it.
    Resumed,
    /// The suspended frame was resumed with this exception, which its suspending instruction, this one, is about to raise. No
    /// other instruction can be gone on with.
    Thrown(Value),
    /// From this instruction of the same frame, which may have called: the one before, a jump, or one that raised.
    From(u32),
}

/// What the language answers when it is asked before an instruction.
#[derive(Clone, Copy, Debug)]
pub struct Stepping {
    /// The instruction to go on with; if it is another one, the language is asked again there.
    pub at: u32,
    /// Unless `EMPTY`: [`Language::stepped`] gets it when the instruction has been executed in this frame.
    pub called: Value,
}

/// A place in a frame on the stack.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Which frame.
    pub frame: FrameId,
    /// Its code.
    pub code: CodeIndex,
    /// The instruction.
    pub at: u32,
    /// The running function.
    pub function: Value,
}

/// A frame that an exception passes, or that ends.
pub struct FrameView<'f> {
    /// Where it stands.
    pub spot: Spot,
    /// Its code.
    pub code: &'f Code,
    /// Of these the named variables are up to date, and what is live before the instruction; they end with the variables where the
    /// frame waited for a callee, which may have overwritten the others.
    pub registers: &'f [Cell<Value>],
    /// It runs compiled code, which is better not left.
    pub compiled: bool,
}

/// Objects that are an integer beyond the small ones: of a shape that they keep, with a sign and a magnitude, and nobody can tell two
/// of them apart that are the same number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordLayout {
    /// Their shape.
    pub shape: ShapeIndex,
    /// Byte offset of a raw word that is `length` in those whose magnitude is one word.
    pub length_at: u32,
    /// See there.
    pub length: i64,
    /// Byte offset of a raw word that is 1 for negative numbers and 0 for others.
    pub negative_at: u32,
    /// Byte offset of the magnitude, unsigned. A word has one below 2^63.
    pub magnitude_at: u32,
}

/// A language: instruction set, semantics, entry hooks. Never instantiated: everything is static, state hangs off
/// [`Thread::language`].
pub trait Language: 'static {
    /// Name, for caches and logs.
    const NAME: &'static str;
    /// The instruction set.
    const OPCODES: &'static [OpcodeInfo];
    /// How objects hold the frames of codes that suspend; `None` if no code does.
    const SUSPENDED: Option<&'static SuspendedFrame>;

    /// How objects hold integers that are not small and fit a word, if engines may keep them raw; `None` if there are none.
    const WORDS: Option<&'static WordLayout> = None;

    /// The meaning of an instruction. Must be `#[inline(always)]`.
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R;

    /// Every stub that handlers use; an emitter numbers them by position.
    fn stubs() -> &'static [Stub];
    /// The hidden codes, by [`HiddenId`]. Their constants must be non-pointer values.
    fn hidden_code() -> Vec<HiddenCode>;

    /// The exception for a frame stack that is full. May allocate.
    fn stack_overflow(thread: &Thread) -> Value;
    /// The exception for a heap that is full. Must not allocate.
    fn out_of_memory(thread: &Thread) -> Value;
    /// An integer of any word as a value: a small one, or an object as [`Language::WORDS`] says. May collect; allocates beyond the
    /// heap's limit if need be. Only languages that have words are asked.
    fn box_word(_thread: &Thread, _x: i64) -> Value {
        unreachable!("the language has no words")
    }
    /// May handlers of this opcode be given words as operands ([`Machine::make_word`])? For others they are boxed before.
    fn takes_words(_opcode: u16) -> bool {
        false
    }
    /// Do objects of this shape keep it as long as they live? Then engines test it once.
    fn keeps_shape(shape: ShapeIndex) -> bool;
    /// Byte offsets of raw words of objects of this shape, which is kept, that nobody changes but the instructions of one frame that
    /// have the object as an operand: what else runs does not know of it. An engine may know what is in them across everything
    /// else; in memory they are up to date.
    fn own_words(shape: ShapeIndex) -> &'static [u32];
    /// Stubs that compilers may run as one, where the second takes what the first has made for it.
    fn pairs() -> &'static [StubPair];
    /// An exception leaves or is caught in a frame: record the place (for tracebacks), where the raising instruction is. Not called for
    /// hidden code. May allocate. Returns the exception to go on with.
    /// The frame is on the stack. Into [`vm_code::Code::caught`] of one where the exception is caught it may write: then `ended` is called
    /// when the frame ends.
    fn trace(thread: &Thread, exception: Value, frame: &FrameView<'_>, caught: bool) -> Value;
    /// A frame that is observed ([`crate::RuntimeOps::observe_frame`]), or in which `trace` has noted something, is about to be left, by a
    /// return, a suspension or an exception, which is pending: its named variables are as it leaves them. May allocate, but the
    /// registers are no roots then. Runs no language code and raises nothing.
    fn ended(thread: &Thread, frame: &FrameView<'_>);
    /// An exception leaves a frame whose code is flagged `SUSPENDS`, or such a frame was prepared and could not be entered:
    /// `callee` is its running function, which will not be resumed. The exception may be pending. Must not collect.
    fn left(thread: &Thread, callee: Value);
    /// What the caller gets for the `result` of a call that was prepared with a `context`
    /// ([`crate::RuntimeOps::prepare_completed`]). Runs as a stub of the caller's does: may run language code, may raise.
    fn complete(thread: &Thread, context: Context, result: Value) -> R<Value>;
    /// A thread that steps ([`crate::RuntimeOps::set_stepping`]) is about to execute an instruction, which counts as executing.
    /// Not called for hidden code. May run language code, may raise: as if the instruction did.
    ///
    /// A language that never asks for it leaves this and the next two out.
    fn step(_thread: &Thread, _spot: Spot, _reached: Reached) -> R<Stepping> {
        unreachable!("the language asked for no stepping")
    }
    /// The instruction has been executed, or has raised what is pending, for which `step` said `called`. May run language code;
    /// may raise, which replaces a pending exception.
    fn stepped(_thread: &Thread, _spot: Spot, _called: Value) -> R {
        unreachable!("the language asked for no stepping")
    }
    /// In a thread that steps, `exception` has arrived in a frame, after [`Language::trace`], and is caught there or `leaves` it.
    /// Not called for hidden code. May run language code. The exception to go on with.
    fn step_raised(_thread: &Thread, _exception: Value, _spot: Spot, _leaves: bool) -> Value {
        unreachable!("the language asked for no stepping")
    }
    /// A poll found the thread's flag set: signals, pending finalizers and weak-reference callbacks, after the collector has
    /// had its step. May run language code by nested activations, may raise.
    fn poll(thread: &Thread) -> R;
}
