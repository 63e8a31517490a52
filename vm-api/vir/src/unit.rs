//! A unit of compilation: the control-flow graph with its side tables.
//!
//! Everything is in dense arrays, named by 32-bit indices. Instructions are appended to [`Unit::insts`] once and for all; the
//! blocks list which of them they execute, so removing or moving one is an edit of a list. Operand lists of variable length
//! are ranges of one pool ([`List`]).

use crate::entity::{
    BlockId, CellId, CodeRef, FeedbackRef, InvokeId, Reason, Ref, StateId, StubCallId, StubId, Type, VectorRef,
};
use crate::inst::{Facts, Inst};
use std::borrow::Cow;
use vm_code::Effects;

/// A range of one of the pools of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct List {
    /// First index.
    pub start: u32,
    /// Number of entries.
    pub len: u32,
}

impl List {
    /// Nothing.
    pub const EMPTY: List = List { start: 0, len: 0 };
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// Where a unit is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitKind {
    /// At the function's beginning.
    Function,
    /// In a running frame, before the instruction at `position`.
    Osr {
        /// Index of the instruction.
        position: u32,
    },
}

/// How a block ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Terminator {
    /// Not yet said; the verifier refuses it.
    None,
    /// Goes to a block with arguments for its parameters.
    Jump(BlockId, List),
    /// Goes to the first block if the condition holds, to the second otherwise. Neither has parameters.
    Branch(Ref, BlockId, BlockId),
    /// Returns a tagged value from the unit's own frame.
    Return(Ref),
    /// Leaves the unit's own frame with the pending exception.
    Fail,
    /// Leaves for the interpreter at the state, always.
    Exit(StateId, Reason),
    /// Never reached.
    Unreachable,
}

/// A basic block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Parameters: [`Inst::Param`]s.
    pub params: Vec<Ref>,
    /// Instructions in order.
    pub insts: Vec<Ref>,
    /// Its end.
    pub terminator: Terminator,
    /// Expected to run rarely: lay it out away from the others.
    pub cold: bool,
}

/// How a frame goes on when its part of the work is done elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resume {
    /// It executes the instruction at its position, from the beginning.
    Execute,
    /// It waits for a result, which goes to `register`; then the instruction after its position runs.
    Result {
        /// Destination.
        register: u16,
    },
    /// It waits for a result, which replaces `register`; then the instruction at its position runs again.
    Again {
        /// The temporary to replace.
        register: u16,
    },
}

/// One frame of a frame state. A frame state is named by its innermost frame; `caller` leads outwards, so that the frames of
/// inlining callers are shared.
///
/// In a unit whose registers are in memory the register list is empty: memory already holds them. In others, a register that
/// is not listed is dead and becomes `EMPTY`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameState {
    /// The frame that invoked this one; `None` for the unit's own frame.
    pub caller: Option<StateId>,
    /// Its code.
    pub code: CodeRef,
    /// The feedback vector it runs with.
    pub feedback: VectorRef,
    /// Index of the instruction that is executing; where an exception that arrives here is taken to be raised.
    pub position: u32,
    /// How it goes on. In a guard's innermost frame always [`Resume::Execute`]; the frames of callers wait.
    pub resume: Resume,
    /// Distance of its register 0 from register 0 of the unit's own frame, in registers.
    pub offset: u32,
    /// The function object it runs: tagged.
    pub function: Ref,
    /// Live registers with what they hold, ascending: a range of [`Unit::state_registers`]. A `Ref` of any type but `Void` and
    /// `Ptr`: raw words are small integers, to be tagged when the frame is written.
    pub registers: List,
}

/// A place for an object that the unit mentions. The values stand beside the unit in memory that the collector visits, in the
/// same order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellInfo {
    /// Does the cell not keep its object alive? When it dies the unit becomes invalid.
    pub weak: bool,
    /// For listings.
    pub name: Box<str>,
}

/// A stub that the unit calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StubUse {
    /// Its name, unique within the language.
    pub name: Cow<'static, str>,
    /// Its position in the language's table of stubs.
    pub number: u32,
    /// Is it called with a window of registers, rather than with three operands?
    pub window: bool,
    /// What it may do.
    pub effects: Effects,
}

/// What a stub is called with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StubOperands {
    /// Three tagged values; those that the stub does not use are `EMPTY` words.
    Fixed([Ref; 3]),
    /// Tagged values, passed in memory that the collector visits: a range of [`Unit::refs`].
    Window(List),
    /// Registers of the unit's own frame; only where registers are in memory.
    Registers {
        /// The first.
        base: u16,
        /// How many.
        count: u16,
    },
}

/// A call of a stub.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StubCall {
    /// Which.
    pub stub: StubId,
    /// Operands.
    pub operands: StubOperands,
    /// Immediate.
    pub immediate: i32,
    /// Feedback slot.
    pub feedback: FeedbackRef,
    /// What the frames look like during the call: for stack walks, and for leaving the unit when it became invalid meanwhile.
    /// Required for stubs that run language code.
    pub state: Option<StateId>,
}

/// Which code is invoked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callee {
    /// A known one.
    Known(CodeRef),
    /// The index is a raw word.
    Computed(Ref),
}

/// A call of language code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invoke {
    /// Which.
    pub callee: Callee,
    /// The function object that it runs: tagged.
    pub function: Ref,
    /// Tagged arguments: a range of [`Unit::refs`].
    pub arguments: List,
    /// Where registers are in memory: number of arguments that already lie in the callee's window, from `offset` on, and
    /// `arguments` is empty. 0 otherwise.
    pub in_place: u16,
    /// Distance of the callee's register 0 from register 0 of the unit's own frame, in registers.
    pub offset: u32,
    /// Feedback vector for hidden code of this site; [`VectorRef::NONE`] for the code's own.
    pub feedback: VectorRef,
    /// The frames during the call; the innermost waits for the result.
    pub state: StateId,
}

/// A unit of compilation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Name for listings.
    pub name: Box<str>,
    /// Where it is entered.
    pub kind: UnitKind,
    /// Code of its own frame.
    pub code: CodeRef,
    /// Feedback vector of its own frame.
    pub feedback: VectorRef,
    /// Registers of its own frame.
    pub registers: u16,
    /// Registers that all its frames take, inlined ones included, from register 0 of its own: what must be free on the stack
    /// when the unit is entered.
    pub extent: u32,
    /// Is the frame in memory always up to date, as the interpreter's is? Then `get_reg` and `set_reg` are allowed, and frame
    /// states list no registers.
    pub registers_in_memory: bool,
    /// For each parameter of the entry block, which are all tagged, the register that it comes from.
    pub entry: Vec<u16>,
    /// Every instruction.
    pub insts: Vec<Inst>,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// Pool of operand lists.
    pub refs: Vec<Ref>,
    /// Frame states.
    pub states: Vec<FrameState>,
    /// Pool of registers of frame states.
    pub state_registers: Vec<(u16, Ref)>,
    /// Cells.
    pub cells: Vec<CellInfo>,
    /// Stubs.
    pub stubs: Vec<StubUse>,
    /// Stub calls.
    pub stub_calls: Vec<StubCall>,
    /// Calls of language code.
    pub invokes: Vec<Invoke>,
}

impl Unit {
    /// A unit without blocks for a frame of `registers` registers.
    pub fn new(name: &str, kind: UnitKind, code: CodeRef, registers: u16) -> Unit {
        Unit {
            name: name.into(),
            kind,
            code,
            feedback: VectorRef::NONE,
            registers,
            extent: registers.into(),
            registers_in_memory: false,
            entry: Vec::new(),
            insts: Vec::new(),
            blocks: Vec::new(),
            refs: Vec::new(),
            states: Vec::new(),
            state_registers: Vec::new(),
            cells: Vec::new(),
            stubs: Vec::new(),
            stub_calls: Vec::new(),
            invokes: Vec::new(),
        }
    }

    // ---- building

    /// A new block without an end.
    pub fn add_block(&mut self) -> BlockId {
        let insts = Vec::with_capacity(8);
        self.blocks.push(Block { params: Vec::new(), insts, terminator: Terminator::None, cold: false });
        BlockId(self.blocks.len() as u32 - 1)
    }
    /// A new parameter of `block`.
    pub fn add_param(&mut self, block: BlockId, ty: Type) -> Ref {
        let v = self.add_inst(Inst::Param(ty));
        self.blocks[block.index()].params.push(v);
        v
    }
    /// A new tagged parameter of the entry block, which comes from `register`.
    pub fn add_entry(&mut self, register: u16) -> Ref {
        self.entry.push(register);
        self.add_param(BlockId(0), Type::Tagged)
    }
    /// A new instruction that stands in no block yet.
    #[inline]
    pub fn add_inst(&mut self, inst: Inst) -> Ref {
        self.insts.push(inst);
        Ref(self.insts.len() as u32 - 1)
    }
    /// A new instruction at the end of `block`.
    #[inline]
    pub fn push(&mut self, block: BlockId, inst: Inst) -> Ref {
        let v = self.add_inst(inst);
        self.blocks[block.index()].insts.push(v);
        v
    }
    /// Ends `block`.
    pub fn terminate(&mut self, block: BlockId, terminator: Terminator) {
        self.blocks[block.index()].terminator = terminator;
    }
    /// A list of operands.
    pub fn list(&mut self, refs: &[Ref]) -> List {
        let start = self.refs.len() as u32;
        self.refs.extend_from_slice(refs);
        List { start, len: refs.len() as u32 }
    }
    /// A frame state; `state.registers` is replaced by the list of `registers`, which must be ascending. Extends the extent.
    pub fn add_state(&mut self, mut state: FrameState, registers: &[(u16, Ref)]) -> StateId {
        let top = registers.last().map_or(0, |(r, _)| u32::from(*r) + 1);
        self.extent = self.extent.max(state.offset.saturating_add(top));
        let start = self.state_registers.len() as u32;
        self.state_registers.extend_from_slice(registers);
        state.registers = List { start, len: registers.len() as u32 };
        self.states.push(state);
        StateId(self.states.len() as u32 - 1)
    }
    /// A cell.
    pub fn add_cell(&mut self, weak: bool, name: &str) -> CellId {
        self.cells.push(CellInfo { weak, name: name.into() });
        CellId(self.cells.len() as u32 - 1)
    }
    /// The entry of the stub table for the language's stub `number`, added if it is new.
    pub fn use_stub(&mut self, number: u32, window: bool, name: &'static str, effects: Effects) -> StubId {
        if let Some(i) = self.stubs.iter().position(|s| s.number == number && s.window == window) {
            return StubId(i as u32);
        }
        self.stubs.push(StubUse { name: Cow::Borrowed(name), number, window, effects });
        StubId(self.stubs.len() as u32 - 1)
    }
    /// A stub call, for [`Inst::Stub`].
    pub fn add_stub_call(&mut self, call: StubCall) -> StubCallId {
        self.stub_calls.push(call);
        StubCallId(self.stub_calls.len() as u32 - 1)
    }
    /// A call, for [`Inst::Invoke`]. Extends the extent.
    pub fn add_invoke(&mut self, invoke: Invoke) -> InvokeId {
        let arguments = invoke.arguments.len.max(invoke.in_place.into());
        self.extent = self.extent.max(invoke.offset.saturating_add(arguments));
        self.invokes.push(invoke);
        InvokeId(self.invokes.len() as u32 - 1)
    }

    // ---- reading; indices must come from this unit, as they do after verification

    /// An instruction.
    #[inline]
    pub fn inst(&self, v: Ref) -> Inst {
        self.insts[v.index()]
    }
    /// Type of a value.
    #[inline]
    pub fn ty(&self, v: Ref) -> Type {
        self.insts[v.index()].result()
    }
    /// A block.
    #[inline]
    pub fn block(&self, b: BlockId) -> &Block {
        &self.blocks[b.index()]
    }
    /// Every block's name, in order.
    pub fn block_ids(&self) -> impl DoubleEndedIterator<Item = BlockId> + use<> {
        (0..self.blocks.len() as u32).map(BlockId)
    }
    /// The operands of a list.
    #[inline]
    pub fn operands(&self, list: List) -> &[Ref] {
        &self.refs[list.range()]
    }
    /// A frame state's innermost frame.
    #[inline]
    pub fn state(&self, s: StateId) -> &FrameState {
        &self.states[s.index()]
    }
    /// The registers of one frame.
    pub fn registers_of(&self, s: StateId) -> &[(u16, Ref)] {
        &self.state_registers[self.state(s).registers.range()]
    }
    /// The frames of a frame state, innermost first.
    pub fn frames(&self, s: StateId) -> impl Iterator<Item = (StateId, &FrameState)> {
        let mut next = Some(s);
        std::iter::from_fn(move || {
            let id = next?;
            let frame = self.state(id);
            next = frame.caller;
            Some((id, frame))
        })
    }
    /// Calls `f` with every value that a frame state mentions, in all its frames.
    pub fn each_state_ref(&self, s: StateId, mut f: impl FnMut(Ref)) {
        for (id, frame) in self.frames(s) {
            f(frame.function);
            self.registers_of(id).iter().for_each(|(_, v)| f(*v));
        }
    }
    /// The frame state that an instruction carries. [`Inst::State`] carries none: it only says where one holds.
    pub fn state_of(&self, inst: &Inst) -> Option<StateId> {
        match *inst {
            Inst::Guard(_, _, _, s) | Inst::Count(s) | Inst::Poll(s) | Inst::Trace(s) => Some(s),
            Inst::Stub(call) => self.stub_calls[call.index()].state,
            Inst::Invoke(call) => Some(self.invokes[call.index()].state),
            _ => None,
        }
    }
    /// Calls `f` with each operand of an instruction, those of calls included, and the type it must have. Frame states are left
    /// out.
    pub fn each_operand(&self, inst: &Inst, mut f: impl FnMut(Type, Ref)) {
        match *inst {
            Inst::Stub(call) => match self.stub_calls[call.index()].operands {
                StubOperands::Fixed(refs) => refs.iter().for_each(|v| f(Type::Tagged, *v)),
                StubOperands::Window(list) => self.operands(list).iter().for_each(|v| f(Type::Tagged, *v)),
                StubOperands::Registers { .. } => {}
            },
            Inst::Invoke(call) => {
                let invoke = &self.invokes[call.index()];
                if let Callee::Computed(code) = invoke.callee {
                    f(Type::I64, code);
                }
                f(Type::Tagged, invoke.function);
                self.operands(invoke.arguments).iter().for_each(|v| f(Type::Tagged, *v));
            }
            _ => inst.each_ref(f),
        }
    }
    /// Calls `f` with each operand of a terminator; those of a jump have the types of the target's parameters.
    pub fn each_terminator_ref(&self, terminator: &Terminator, mut f: impl FnMut(Ref)) {
        match *terminator {
            Terminator::Jump(_, list) => self.operands(list).iter().for_each(|v| f(*v)),
            Terminator::Branch(v, ..) | Terminator::Return(v) => f(v),
            Terminator::None | Terminator::Fail | Terminator::Exit(..) | Terminator::Unreachable => {}
        }
    }
    /// The blocks that a terminator leads to.
    pub fn successors(terminator: &Terminator) -> impl Iterator<Item = BlockId> + use<> {
        let (a, b) = match *terminator {
            Terminator::Jump(target, _) => (Some(target), None),
            Terminator::Branch(_, yes, no) => (Some(yes), Some(no)),
            _ => (None, None),
        };
        a.into_iter().chain(b)
    }
    /// Calls `f` with every mention of a value anywhere in the unit: operands, lists, frame states, terminators, parameters of
    /// calls. Definitions are left out.
    pub fn each_ref_mut(&mut self, mut f: impl FnMut(&mut Ref)) {
        self.insts.iter_mut().for_each(|i| i.each_ref_mut(|_, v| f(v)));
        self.refs.iter_mut().for_each(&mut f);
        self.state_registers.iter_mut().for_each(|(_, v)| f(v));
        self.states.iter_mut().for_each(|s| f(&mut s.function));
        for call in &mut self.stub_calls {
            if let StubOperands::Fixed(refs) = &mut call.operands {
                refs.iter_mut().for_each(&mut f);
            }
        }
        for call in &mut self.invokes {
            f(&mut call.function);
            if let Callee::Computed(v) = &mut call.callee {
                f(v);
            }
        }
        for block in &mut self.blocks {
            if let Terminator::Branch(v, ..) | Terminator::Return(v) = &mut block.terminator {
                f(v);
            }
        }
    }
    /// What an instruction may do, with the callee's declaration taken in.
    pub fn facts(&self, inst: &Inst) -> Facts {
        let Inst::Stub(call) = *inst else { return inst.table_facts() };
        let e = self.stubs[self.stub_calls[call.index()].stub.index()].effects;
        Facts {
            reads: true,
            writes: e.writes || e.runs_language,
            collects: e.collects || e.runs_language,
            runs_language: e.runs_language,
            raises: e.raises,
            ..Facts::PURE
        }
    }
}
