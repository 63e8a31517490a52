//! What the evaluator asks of its surroundings.

use super::program::{Kind, Program};
use super::{Outcome, Trap};
use crate::entity::{CellId, CodeRef, FeedbackRef, Reason, Ref, StateId};
use crate::unit::{FrameState, Invoke, StubCall};
use vm_heap::{ShapeIndex, Value};

/// Size of a load.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    /// A byte.
    U8,
    /// 16 bits.
    U16,
    /// 32 bits.
    U32,
    /// A whole word.
    Word,
}

impl Width {
    /// In bytes.
    pub const fn bytes(self) -> u64 {
        match self {
            Width::U8 => 1,
            Width::U16 => 2,
            Width::U32 => 4,
            Width::Word => 8,
        }
    }
}

/// Which store, that is, with which barrier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Store {
    /// A raw word: no barrier.
    Word,
    /// A value into an object: the object barrier.
    Value,
    /// An element of a value array: the element barrier.
    Element,
    /// Into a fresh object: no barrier.
    Fresh,
}

/// Where the tagged arguments of a call stand. They are roots during the call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arguments {
    /// In consecutive slots of the environment.
    Slots {
        /// The first.
        first: usize,
        /// How many.
        count: usize,
    },
    /// In registers of the unit's own frame.
    Registers {
        /// The first.
        base: u32,
        /// How many.
        count: u32,
    },
}

/// A running evaluation at one of its calls, polls or exits: what a stack walk or a deoptimizer reads.
pub struct Site<'a> {
    /// The program.
    pub program: &'a Program,
    /// First slot of the evaluation.
    pub base: usize,
    /// Raw words.
    pub(super) raw: &'a [u64],
    /// Its frames.
    pub state: Option<StateId>,
}

impl Site<'_> {
    /// The value that `v` has here, tagged. Only for what the frame state mentions: other values may be gone.
    pub fn value<E: Environment + ?Sized>(&self, environment: &E, v: Ref) -> Result<Value, Trap> {
        let place = self.program.place(v);
        let raw = |i: u32| self.raw[i as usize];
        match place.kind {
            Kind::Slot => Ok(environment.slot(self.base + place.index as usize)),
            Kind::Int => Value::try_int(raw(place.index) as i64).ok_or(Trap::Range(v)),
            Kind::Float => Ok(Value::float(f64::from_bits(raw(place.index)))),
            Kind::Bool => Ok(Value::bool(raw(place.index) != 0)),
            Kind::Address | Kind::Nothing => Err(Trap::Refused("a raw address in a frame state")),
        }
    }
}

/// The evaluation leaves for the interpreter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leave {
    /// The frames to make.
    pub state: StateId,
    /// Why.
    pub reason: Reason,
    /// After a call during which the unit became invalid: the callee's result, which goes where the innermost frame waits for
    /// it, or `EMPTY` if it left with an exception.
    pub result: Option<Value>,
}

/// The surroundings of an evaluation. Methods that may collect say so.
pub trait Environment {
    // ---- steps
    /// `count` more instructions are about to run.
    fn charge(&mut self, count: u64) -> Result<(), Trap>;
    /// A guard is about to be passed: should it fail all the same? (`--deopt-every`.)
    fn force_exit(&mut self) -> bool;
    /// Counts the unit's heat down; true when it reaches 0.
    fn count_down(&mut self) -> bool;
    /// Control passes the place where a frame state holds: in units whose registers are in memory, where its innermost frame
    /// executes from here on as far as collections and stack walks can tell.
    fn pass_state(&mut self, frame: &FrameState);
    /// Do the unit's assumptions still hold?
    fn still_valid(&self) -> bool;

    // ---- slots: precise roots, all `EMPTY` at first
    /// Room for `count` more slots; the number of the first.
    fn enter(&mut self, count: usize) -> Result<usize, Trap>;
    /// Gives back the slots from `base` on.
    fn leave(&mut self, base: usize);
    /// A slot's value.
    fn slot(&self, i: usize) -> Value;
    /// Sets a slot.
    fn set_slot(&mut self, i: usize, v: Value);

    // ---- the frame and what the unit mentions
    /// Register of the unit's own frame in memory.
    fn register(&self, r: u16) -> Value;
    /// Sets it.
    fn set_register(&mut self, r: u16, v: Value);
    /// The function object that the unit's own frame runs.
    fn function(&self) -> Value;
    /// A cell of the unit.
    fn cell(&self, cell: CellId) -> Result<Value, Trap>;
    /// A root of the language.
    fn root(&self, i: u32) -> Result<Value, Trap>;
    /// Sets it.
    fn set_root(&mut self, i: u32, v: Value) -> Result<(), Trap>;

    // ---- memory
    /// Loads from `offset` bytes behind the header at `address`, zero-extended.
    fn load(&mut self, address: u64, offset: i64, width: Width) -> Result<u64, Trap>;
    /// Stores a word `offset` bytes behind the header at `address`.
    fn store(&mut self, address: u64, offset: i64, bits: u64, how: Store) -> Result<(), Trap>;
    /// Changes an object's shape index.
    fn set_shape(&mut self, address: u64, shape: ShapeIndex) -> Result<(), Trap>;
    /// An integer of any word as a value. May collect.
    fn box_word(&mut self, x: i64) -> Result<Value, Trap>;
    /// Address of a new object; 0 with the exception pending if there is no memory. May collect.
    fn alloc(&mut self, shape: ShapeIndex, words: u32) -> Result<u64, Trap>;

    // ---- feedback
    /// A slot's key.
    fn feedback_key(&self, slot: FeedbackRef) -> Result<u64, Trap>;
    /// A slot's value.
    fn feedback_value(&self, slot: FeedbackRef) -> Result<Value, Trap>;
    /// Sets bits of a slot.
    fn record(&mut self, slot: FeedbackRef, bits: u32) -> Result<(), Trap>;
    /// Records a number in a slot.
    fn record_expected(&mut self, slot: FeedbackRef, x: i64) -> Result<(), Trap>;

    // ---- calls; each may collect and run language code. `EMPTY` as a result: an exception is pending
    /// Polls; false if an exception is pending.
    fn poll(&mut self, site: &Site<'_>) -> Result<bool, Trap>;
    /// Calls a stub.
    fn stub(&mut self, site: &Site<'_>, call: &StubCall, arguments: Arguments) -> Result<Value, Trap>;
    /// Calls a code with a function object and arguments.
    fn invoke(
        &mut self,
        site: &Site<'_>,
        invoke: &Invoke,
        code: CodeRef,
        function: Value,
        arguments: Arguments,
    ) -> Result<Value, Trap>;
    /// See [`crate::Inst::SimpleParameters`].
    fn simple_parameters(&self, code: CodeRef) -> Result<i64, Trap>;

    // ---- exceptions
    /// The pending exception; `EMPTY` if none.
    fn exception(&self) -> Value;
    /// Makes an exception pending; none for `EMPTY`.
    fn set_exception(&mut self, exception: Value);
    /// The pending exception passes through the innermost frame of a state, the site's; what the frame keeps. May collect.
    fn trace(&mut self, site: &Site<'_>, state: StateId) -> Result<Value, Trap>;

    // ---- leaving
    /// Makes the interpreter's frames. Must not collect before it has read all that it needs.
    fn leave_for(&mut self, site: &Site<'_>, leave: Leave) -> Result<Outcome, Trap>;
}
