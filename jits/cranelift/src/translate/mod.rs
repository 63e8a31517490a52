//! The translation of a unit into a Cranelift function: its skeleton, and what all parts use.
//!
//! Blocks are translated in reverse postorder, so that what dominates comes first and every operand has its value. Exits are
//! written at the end (`exits.rs`).

mod calls;
mod exits;
mod feedback;
mod memory;
mod numbers;
mod tags;

use crate::finish::Tables;
use crate::host;
use crate::symbols::Symbols;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I8, I64};
use cranelift_codegen::ir::{
    self, AbiParam, AliasRegion, AliasRegionData, BlockArg, Function, InstBuilder, MemFlagsData, SigRef, Signature,
    SourceLoc, StackSlot, StackSlotData, StackSlotKind, TrapCode, Value,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_codegen::packed_option::PackedOption;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use exits::Exits;
use std::collections::{HashMap, HashSet};
use vm_api::engine::backend::{Bailout, CompileEnv, Lowering, Target};
use vm_api::vir::cfg::ControlFlow;
use vm_api::vir::{BlockId, Inst, Ref, StateId, Terminator, Type, Unit, declared_states};

/// Where an access goes: never two kinds to one place.
#[derive(Clone, Copy)]
enum Region {
    /// Objects.
    Object,
    /// Registers of frames, windows of arguments.
    Frame,
    /// Thread, cells, feedback, cards.
    State,
}

/// Code for what must not happen.
const UNREACHABLE: TrapCode = TrapCode::unwrap_user(1);

/// The translation of one unit.
struct Translator<'a> {
    unit: &'a Unit,
    lowering: &'a Lowering,
    count_guards: bool,
    /// Say which code is of which instruction.
    origins: bool,
    has_floor: bool,
    convention: CallConv,
    builder: FunctionBuilder<'a>,
    regions: [AliasRegion; 3],
    symbols: Symbols,
    exits: Exits,
    sites: Vec<Option<StateId>>,
    site_numbers: HashMap<Option<StateId>, u32>,
    /// Cranelift's blocks by ours; `None` for those that are never reached.
    blocks: Vec<Option<ir::Block>>,
    values: Vec<PackedOption<Value>>,
    /// Results that come together with their overflow from one instruction, and the overflow once they are translated.
    checked: HashMap<Ref, Option<Value>>,
    /// Polls that are translated with the branch behind them.
    polls: HashSet<Ref>,
    thread: Value,
    registers: Value,
    /// The thread's inline state.
    fast: Value,
    /// Memory for the largest window of arguments.
    window: Option<StackSlot>,
    /// Memory for what slow paths give.
    result: Option<StackSlot>,
    kept: Option<calls::Kept>,
    /// In units whose registers are in memory, the frame state that was last declared.
    position: Option<StateId>,
    /// That of entries, once one is called.
    entry_signature: Option<SigRef>,
}

/// Translates a verified unit into `function`, which is new.
pub(crate) fn translate(
    unit: &Unit,
    environment: &dyn CompileEnv,
    isa: &dyn TargetIsa,
    function: &mut Function,
    context: &mut FunctionBuilderContext,
) -> Result<Tables, Bailout> {
    // Registers are reached by 32-bit displacements.
    if unit.blocks.is_empty() || unit.extent > 1 << 24 {
        return Err(Bailout::TooLarge);
    }
    let convention = isa.default_call_conv();
    function.signature = signature(convention, &[I64; 3], &[I64, I64]);
    let mut region = |user_id: u32, name: &'static str| {
        function.dfg.alias_regions.insert(AliasRegionData { user_id, description: name.into() })
    };
    let regions = [region(0, "objects"), region(1, "frames"), region(2, "state")];
    let cfg = ControlFlow::new(unit);
    let mut builder = FunctionBuilder::new(function, context);
    let mut blocks = vec![None; unit.blocks.len()];
    for b in &cfg.order {
        let block = builder.create_block();
        if unit.block(*b).cold {
            builder.set_cold_block(block);
        }
        blocks[b.index()] = Some(block);
    }
    let entry = blocks[0].ok_or(Bailout::TooLarge)?;
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    let [thread, registers, own] = [0, 1, 2].map(|i| builder.block_params(entry)[i]);
    let mut translator = Translator {
        unit,
        lowering: environment.lowering(),
        count_guards: environment.options().count_guards,
        origins: environment.options().origins,
        has_floor: host::has_floor(isa),
        convention,
        builder,
        regions,
        symbols: Symbols::default(),
        exits: Exits::default(),
        sites: Vec::new(),
        site_numbers: HashMap::new(),
        blocks,
        values: vec![None.into(); unit.insts.len()],
        checked: numbers::checked(unit, &cfg, environment.lowering().encoding.int_shift),
        polls: calls::branched_polls(unit, &cfg),
        thread,
        registers,
        fast: thread,
        window: None,
        result: None,
        kept: None,
        position: None,
        entry_signature: None,
    };
    translator.fast = translator.constant_load(thread, environment.lowering().thread_fast);
    translator.look_for_room(own);
    translator.keep_out_of_loops(&cfg);
    translator.parameters(&cfg);
    let starts = if unit.registers_in_memory { declared_states(unit, &cfg.order) } else { Vec::new() };
    for b in &cfg.order {
        translator.position = starts.get(b.index()).copied().flatten();
        translator.block(*b);
    }
    translator.write_exits();
    translator.builder.seal_all_blocks();
    let Translator { builder, symbols, exits, sites, .. } = translator;
    builder.finalize(isa.frontend_config());
    Ok(Tables { symbols, exits: exits.into_table(), sites })
}

fn signature(convention: CallConv, params: &[ir::Type], returns: &[ir::Type]) -> Signature {
    let mut signature = Signature::new(convention);
    signature.params.extend(params.iter().map(|ty| AbiParam::new(*ty)));
    signature.returns.extend(returns.iter().map(|ty| AbiParam::new(*ty)));
    signature
}

/// Cranelift's type for values of a type.
fn machine_type(ty: Type) -> ir::Type {
    match ty {
        Type::F64 => F64,
        Type::Bool => I8,
        // Nothing asks for the type of nothing.
        Type::Tagged | Type::I64 | Type::Ptr | Type::Void => I64,
    }
}

impl Translator<'_> {
    // ---- values

    fn ins(&mut self) -> impl InstBuilder<'_> {
        self.builder.ins()
    }
    fn value(&self, v: Ref) -> Value {
        match self.values[v.index()].expand() {
            Some(value) => value,
            // The verifier saw that definitions dominate uses, and blocks come in an order that respects it.
            None => unreachable!("{v} is used before it is translated"),
        }
    }
    fn set(&mut self, v: Ref, value: Value) {
        self.values[v.index()] = value.into();
    }
    fn int(&mut self, x: i64) -> Value {
        self.ins().iconst(I64, x)
    }
    fn word(&mut self, bits: u64) -> Value {
        self.int(bits as i64)
    }
    /// A condition as a branch takes it, and whether it is to be negated.
    fn condition(&self, mut c: Ref) -> (Value, bool) {
        let mut negated = false;
        while let Inst::Not(x) = self.unit.inst(c) {
            (c, negated) = (x, !negated);
        }
        (self.value(c), negated)
    }
    fn is_zero(&mut self, x: Value) -> Value {
        self.ins().icmp_imm_u(IntCC::Equal, x, 0)
    }

    // ---- control

    fn jump(&mut self, target: ir::Block, arguments: &[Value]) {
        let arguments: Vec<BlockArg> = arguments.iter().map(|v| BlockArg::Value(*v)).collect();
        self.ins().jump(target, &arguments);
    }
    fn branch(&mut self, c: Value, yes: ir::Block, no: ir::Block) {
        self.ins().brif(c, yes, &[], no, &[]);
    }
    fn fresh_block(&mut self, cold: bool) -> ir::Block {
        let block = self.builder.create_block();
        if cold {
            self.builder.set_cold_block(block);
        }
        block
    }
    /// If `c`, does `slow` elsewhere before it goes on.
    fn rarely(&mut self, c: Value, slow: impl FnOnce(&mut Self)) {
        let (there, on) = (self.fresh_block(true), self.fresh_block(false));
        self.branch(c, there, on);
        self.builder.switch_to_block(there);
        slow(self);
        self.jump(on, &[]);
        self.builder.switch_to_block(on);
    }
    /// What `fast` gives, or if `c` what `slow` does, which is elsewhere.
    fn rarely_instead(
        &mut self,
        c: Value,
        ty: ir::Type,
        fast: impl FnOnce(&mut Self) -> Value,
        slow: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let (there, here, on) = (self.fresh_block(true), self.fresh_block(false), self.fresh_block(false));
        let result = self.builder.append_block_param(on, ty);
        self.branch(c, there, here);
        self.builder.switch_to_block(here);
        let value = fast(self);
        self.jump(on, &[value]);
        self.builder.switch_to_block(there);
        let value = slow(self);
        self.jump(on, &[value]);
        self.builder.switch_to_block(on);
        result
    }

    // ---- memory

    fn flags(&self, region: Region) -> MemFlagsData {
        MemFlagsData::trusted().with_alias_region(Some(self.regions[region as usize]))
    }
    /// An address with a displacement that instructions can have.
    fn displaced(&mut self, base: Value, offset: u32) -> (Value, i32) {
        match i32::try_from(offset) {
            Ok(offset) => (base, offset),
            Err(_) => (self.ins().iadd_imm_s(base, i64::from(offset)), 0),
        }
    }
    fn load(&mut self, region: Region, ty: ir::Type, base: Value, offset: u32) -> Value {
        let (base, offset) = self.displaced(base, offset);
        let flags = self.flags(region);
        self.ins().load(ty, flags, base, offset)
    }
    /// A byte, zero-extended.
    fn load_byte(&mut self, region: Region, base: Value, offset: u32) -> Value {
        let (base, offset) = self.displaced(base, offset);
        let flags = self.flags(region);
        self.ins().uload8(I64, flags, base, offset)
    }
    /// A word of the thread that never changes while the unit runs.
    fn constant_load(&mut self, base: Value, offset: u32) -> Value {
        let (base, offset) = self.displaced(base, offset);
        let flags = self.flags(Region::State).with_readonly().with_can_move();
        self.ins().load(I64, flags, base, offset)
    }
    fn store(&mut self, region: Region, x: Value, base: Value, offset: u32) {
        let (base, offset) = self.displaced(base, offset);
        let flags = self.flags(region);
        self.ins().store(flags, x, base, offset);
    }
    /// Stores register `r` of the frame at `offset`, or, for `None`, the function in front of its registers.
    fn store_register(&mut self, x: Value, offset: u32, r: Option<u16>) {
        // The extent was looked at before, so this fits.
        let at = 8 * (offset as i32 + r.map_or(-1, i32::from));
        let (flags, registers) = (self.flags(Region::Frame), self.registers);
        self.ins().store(flags, x, registers, at);
    }
    fn load_register(&mut self, r: Option<u16>) -> Value {
        let at = 8 * r.map_or(-1, i32::from);
        let (flags, registers) = (self.flags(Region::Frame), self.registers);
        self.ins().load(I64, flags, registers, at)
    }
    /// The address of a target.
    fn address(&mut self, target: Target) -> Value {
        let symbol = self.symbols.data(self.builder.func, target);
        self.ins().symbol_value(I64, symbol)
    }
    /// Memory for a window of so many words.
    fn window(&mut self, words: u32) -> StackSlot {
        let bytes = 8 * words;
        match self.window {
            Some(slot) => {
                let size = &mut self.builder.func.sized_stack_slots[slot].size;
                *size = (*size).max(bytes);
                slot
            }
            None => {
                let data = StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3);
                *self.window.insert(self.builder.create_sized_stack_slot(data))
            }
        }
    }

    // ---- blocks

    /// The parameters of all blocks; those of the entry come from registers.
    fn parameters(&mut self, cfg: &ControlFlow) {
        for b in &cfg.order {
            let Some(block) = self.blocks[b.index()] else { continue };
            for (i, v) in self.unit.block(*b).params.iter().enumerate() {
                let value = match *b {
                    BlockId(0) => self.load_register(Some(self.unit.entry[i])),
                    _ => self.builder.append_block_param(block, machine_type(self.unit.ty(*v))),
                };
                self.set(*v, value);
            }
        }
    }
    fn target(&self, b: BlockId) -> ir::Block {
        match self.blocks[b.index()] {
            Some(block) => block,
            None => unreachable!("{b} is reached, though it was not"),
        }
    }
    fn block(&mut self, b: BlockId) {
        let unit = self.unit;
        if b != BlockId(0) {
            let block = self.target(b);
            self.builder.switch_to_block(block);
        }
        for v in &unit.block(b).insts {
            if self.origins {
                self.builder.set_srcloc(SourceLoc::new(v.0));
            }
            let inst = unit.inst(*v);
            if self.polls.contains(v) {
                continue;
            }
            if let Some(value) = self.inst(*v, &inst) {
                self.set(*v, value);
            }
        }
        match unit.block(b).terminator {
            Terminator::Jump(target, list) => {
                let arguments: Vec<Value> = unit.operands(list).iter().map(|v| self.value(*v)).collect();
                let target = self.target(target);
                self.jump(target, &arguments);
            }
            Terminator::Branch(c, yes, no) if self.polls.contains(&c) => {
                if let Inst::Poll(state) = unit.inst(c) {
                    self.poll_and_branch(state, self.target(yes), self.target(no));
                }
            }
            Terminator::Branch(c, yes, no) => {
                let (c, negated) = self.condition(c);
                let (yes, no) = (self.target(yes), self.target(no));
                if negated { self.branch(c, no, yes) } else { self.branch(c, yes, no) }
            }
            Terminator::Return(v) => {
                let v = self.value(v);
                self.complete(v);
            }
            Terminator::Fail => {
                let empty = self.int(0);
                self.complete(empty);
            }
            Terminator::Exit(state, reason) => {
                let exit = self.exit(state, reason);
                self.jump(exit, &[]);
            }
            Terminator::None | Terminator::Unreachable => _ = self.ins().trap(UNREACHABLE),
        }
    }
    /// Returns from the unit.
    fn complete(&mut self, word: Value) {
        let status = self.int(0);
        self.ins().return_(&[status, word]);
    }

    /// Translates an instruction; what it defines, if it defines anything.
    fn inst(&mut self, v: Ref, inst: &Inst) -> Option<Value> {
        match *inst {
            Inst::State(state) => {
                if self.unit.registers_in_memory {
                    self.position = Some(state);
                }
                None
            }
            Inst::Guard(c, expected, reason, state) => {
                self.guard(c, expected, reason, state);
                None
            }
            Inst::Count(state) => {
                self.count(state);
                None
            }
            // What names it boxes it.
            Inst::TagWord(_) => None,
            Inst::Function() => Some(self.load_register(None)),
            Inst::GetReg(r) => Some(self.load_register(Some(r))),
            Inst::SetReg(r, x) => {
                let x = self.value(x);
                self.store_register(x, 0, Some(r));
                None
            }
            _ => {
                if let Some(value) = self.number(v, inst).or_else(|| self.tag(inst)) {
                    return Some(value);
                }
                self.memory(inst).or_else(|| self.feedback(inst)).or_else(|| self.call(inst)).and_then(|done| done)
            }
        }
    }
}
