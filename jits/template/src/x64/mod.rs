//! The emitter for x86-64, System V.
//!
//! | module | holds |
//! | --- | --- |
//! | `code` | bytes, labels, words that the VM fills in |
//! | `ops` | the instructions that are used |
//! | `registers`, `operands` | which value is where; the allocator; operands and results |
//! | `blocks`, `edges` | blocks, their terminators, edges between them |
//! | `conditions` | tests, and what branches and guards make of them |
//! | `numbers`, `tags`, `memory`, `feedback`, `calls` | the instructions of VIR by kind |
//! | `exits` | leaving for the interpreter; writing frames |
//! | `finish` | prologue and epilogue; what the VM takes |
//!
//! # The native frame
//!
//! From the stack pointer up: the window for operands of stubs, homes, slots of spilled values; then the callee-saved registers.
//! `rbx`, `r12`, `r13` and `r14` hold the frame's registers, the integer tag, the thread and its inline state throughout; `rax`,
//! `xmm14` and `xmm15` are scratch; the others hold values.

mod blocks;
mod calls;
mod code;
mod conditions;
mod edges;
mod exits;
mod feedback;
mod finish;
mod memory;
mod numbers;
mod operands;
mod ops;
mod registers;
mod tags;

use crate::graph::{Graph, NONE};
use crate::plan::{Plan, flag};
use code::{Code, Label};
use conditions::Pending;
use exits::Exits;
use ops::reg;
use registers::Saved;
use vm_api::engine::backend::{Bailout, CompileEnv, Exit, Lowering, NativeCode};
use vm_api::heap::Layout;
use vm_api::vir::{FloatOp, Inst, Ref, StateId, StubOperands, Type, Unit, declared_states_after};

/// Registers that may be homes: those that calls preserve and nothing else needs.
const HOMES: [u8; 2] = [reg::RBP, reg::R15];

/// The emission of one unit.
struct Emitter<'a> {
    unit: &'a Unit,
    lowering: &'a Lowering,
    count_guards: bool,
    has_floor: bool,
    graph: Graph,
    plan: Plan,
    code: Code,

    // ---- where values are; see `registers`
    /// The values in the registers of the set `occupied`.
    occupant: [Ref; 32],
    occupied: u32,
    allocatable: u32,
    locked: u32,
    touched: u32,
    used_slots: [u64; registers::SLOT_WORDS],
    slots_max: u32,
    extra_slots: u32,
    stored: Vec<Ref>,
    saved: Vec<Saved>,
    saved_of: Vec<u32>,

    // ---- where emission is
    rank: u32,
    /// Root of the tree.
    tree: u32,
    /// The last position below the block.
    limit: u32,
    /// So many of [`Plan::mentions`] are still to come.
    mentioned: usize,
    /// The next of [`Plan::calls`].
    next_call: usize,
    /// The instruction.
    current: Ref,
    /// Values that it uses.
    uses: Vec<Ref>,
    pending: Option<Pending>,
    /// For the moves at jumps, by global; nothing between jumps.
    moves: Vec<edges::HomeMoves>,
    position: Option<StateId>,

    // ---- tables
    labels: Vec<Label>,
    epilogue: Label,
    exits: Exits,
    exit_table: Vec<Exit>,
    sites: Vec<Option<StateId>>,
    /// Number of the site of each state; the last is that of no state.
    site_of: Vec<u32>,
    window: i32,
}

/// Compiles a verified unit.
pub(crate) fn compile(unit: &Unit, environment: &dyn CompileEnv) -> Result<NativeCode, Bailout> {
    // Registers are reached by 32-bit displacements.
    if unit.blocks.is_empty() || unit.extent > 1 << 24 {
        return Err(Bailout::TooLarge);
    }
    // Units whose registers are in memory have none.
    if unit.insts.iter().any(|i| matches!(i, Inst::TagWord(_) | Inst::BoxWord(_) | Inst::WordArith(..))) {
        return Err(Bailout::Unsupported("integers of any word".into()));
    }
    let lowering = environment.lowering();
    tags::supported(lowering)?;
    let has_floor = is_x86_feature_detected!("sse4.1");
    let graph = Graph::new(unit).ok_or(Bailout::TooLarge)?;
    let is_call = |inst: &Inst| match inst {
        Inst::Stub(_) | Inst::Invoke(_) | Inst::Trace(..) => true,
        Inst::FloatOp(FloatOp::Floor, ..) => !has_floor,
        Inst::FloatOp(FloatOp::Pow, ..) => true,
        _ => false,
    };
    let plan = Plan::new(unit, &graph, &HOMES, &is_call).ok_or(Bailout::TooLarge)?;
    let starts = match unit.registers_in_memory {
        true => declared_states_after(unit, &graph.order, &plan.declared),
        false => Vec::new(),
    };
    let options = environment.options();
    let mut code = Code::new(unit.stubs.len(), unit.cells.len(), unit.insts.len(), options.origins || options.listing);
    let labels = (0..graph.order.len()).map(|_| code.label()).collect();
    let epilogue = code.label();
    let homes = HOMES[..plan.home_registers].iter().fold(0, |mask, r| mask | 1 << r);
    let blocks = graph.order.len();
    let mut emitter = Emitter {
        unit,
        lowering,
        count_guards: options.count_guards,
        has_floor,
        window: window_bytes(unit)?,
        code,
        occupant: [Ref(NONE); 32],
        occupied: 0,
        allocatable: registers::ALLOCATABLE & !homes,
        locked: 0,
        touched: homes,
        used_slots: Default::default(),
        slots_max: 0,
        extra_slots: 0,
        stored: Vec::new(),
        saved: Vec::new(),
        saved_of: vec![NONE; blocks],
        rank: 0,
        tree: 0,
        limit: 0,
        mentioned: plan.mentions.len(),
        next_call: 0,
        current: Ref(NONE),
        uses: Vec::new(),
        pending: None,
        moves: vec![edges::UNMOVED; 64 * plan.words],
        position: None,
        labels,
        epilogue,
        exits: Exits::new(unit),
        exit_table: Vec::new(),
        sites: Vec::new(),
        site_of: vec![NONE; unit.states.len() + 1],
        graph,
        plan,
    };
    for rank in 0..blocks as u32 {
        emitter.position = starts.get(emitter.graph.order[rank as usize].index()).copied().flatten();
        emitter.block(rank);
        if emitter.code.is_too_large() {
            return Err(Bailout::TooLarge);
        }
    }
    emitter.finish(options)
}

/// Bytes of the largest window of operands.
fn window_bytes(unit: &Unit) -> Result<i32, Bailout> {
    let words = unit.stub_calls.iter().map(|call| match call.operands {
        StubOperands::Window(list) => list.len,
        _ => 0,
    });
    i32::try_from(words.max().unwrap_or(0)).ok().filter(|n| *n < 1 << 24).map(|n| 8 * n).ok_or(Bailout::TooLarge)
}

/// The displacement of the first element of an array.
const FIRST_ELEMENT: i32 = 8 * Layout::FIRST_ELEMENT as i32;

impl Emitter<'_> {
    fn ty(&self, v: Ref) -> Type {
        self.unit.ty(v)
    }
    fn has(&self, v: Ref, flag: u8) -> bool {
        self.plan.values[v.index()].flags & flag != 0
    }
    /// Emits an instruction whose operands are noted in [`Emitter::uses`].
    fn inst(&mut self, v: Ref, inst: &Inst) {
        match *inst {
            Inst::Guard(c, expected, reason, state) => self.guard(c, expected, reason, state),
            Inst::Count(state) => self.count(state),
            Inst::GetReg(r) => {
                let d = self.define(v);
                self.code.load(d, reg::FRAME, 8 * i32::from(r));
            }
            Inst::SetReg(r, x) => self.store_value(x, reg::FRAME, 8 * i32::from(r)),
            _ => {
                let done = self.number(v, inst) || self.tag(v, inst) || self.memory(v, inst) || self.feedback(v, inst);
                if !done {
                    self.call(v, inst);
                }
            }
        }
    }
    /// Does what is rarely done elsewhere, and comes back. Must leave all values where they are.
    fn far(&mut self, cc: u8, slow: impl FnOnce(&mut Self)) {
        let (there, back) = (self.code.label(), self.code.label());
        self.code.jump_if(cc, there);
        self.far_at(there, back, slow);
    }
    /// The same for a jump that stands already.
    fn far_at(&mut self, there: Label, back: Label, slow: impl FnOnce(&mut Self)) {
        let section = self.go_far(there);
        slow(self);
        self.code.jump(back);
        self.code.switch(section);
        self.code.bind(back);
    }
    /// Goes on at a label away from everything else; where emission was.
    fn go_far(&mut self, there: Label) -> code::Section {
        let section = self.code.switch(code::Section::Far);
        self.code.bind(there);
        self.code.origin(self.current);
        section
    }
    fn is_shifted(&self, v: Ref) -> bool {
        self.has(v, flag::SHIFTED)
    }
}
