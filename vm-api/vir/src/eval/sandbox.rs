//! An environment without a heap: every access is checked, every call is a fixed function of its operands.
//!
//! Memory is one array of words that begins at address [`Sandbox::MEMORY`]; nothing is ever freed or moved. Stubs by these
//! names do what they say, with operands that are not integers taken as 0; any other stub and every invoked code returns a
//! number that depends on its name and operands. [`call_stub`] is what they do, for environments of other tests.
//!
//! | stub | does |
//! | --- | --- |
//! | `sum` | adds its operands and the immediate, wrapping into the small-integer range |
//! | `first` | returns its first operand (`NONE` without one) |
//! | `fail` | raises its first operand |
//! | `invalidate` | makes the unit invalid, returns `NONE` |
//! | `collect` | collects, where there is a heap; returns its first operand |

use super::environment::{Arguments, Environment, Leave, Site, Store, Width};
use super::{Outcome, Trap};
use crate::FrameState;
use crate::entity::{CellId, CodeRef, FeedbackRef, StateId};
use crate::unit::{Invoke, Resume, StubCall};
use std::collections::BTreeMap;
use std::fmt::Write;
use vm_heap::value::INT_SHIFT;
use vm_heap::{Layout, ShapeIndex, Value};

/// What an evaluation did that its surroundings can see, in order: calls, polls, exits, feedback.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Observed {
    /// One line each.
    pub events: Vec<String>,
}

/// See the module's description. Values are kept as bits: there is no heap that they could point into.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// What happened.
    pub observed: Observed,
    /// Instructions that may still run.
    pub fuel: u64,
    /// Every so many passed guards one fails anyway.
    pub deopt_every: Option<u64>,
    passed: u64,
    heat: u64,
    valid: bool,
    registers: Vec<u64>,
    cells: Vec<u64>,
    roots: Vec<u64>,
    slots: Vec<u64>,
    memory: Vec<u64>,
    feedback: BTreeMap<(u32, u32), (u64, u32)>,
    exception: u64,
}

impl Sandbox {
    /// Address of the first object.
    pub const MEMORY: u64 = 1 << 16;
    /// Words of memory: allocation fails when they are used up.
    pub const WORDS: usize = 1 << 12;
    /// What [`Inst::Count`](crate::Inst::Count) counts down from.
    pub const HEAT: u64 = 4;
    /// Slots.
    pub const SLOTS: usize = 1 << 20;

    /// An environment that allows `fuel` instructions.
    pub fn new(fuel: u64) -> Sandbox {
        Sandbox {
            observed: Observed::default(),
            fuel,
            deopt_every: None,
            passed: 0,
            heat: Sandbox::HEAT,
            valid: true,
            registers: Vec::new(),
            cells: Vec::new(),
            roots: Vec::new(),
            slots: Vec::new(),
            memory: Vec::new(),
            feedback: BTreeMap::new(),
            exception: 0,
        }
    }
    /// Gives the unit's own frame its registers.
    pub fn set_registers(&mut self, values: impl IntoIterator<Item = Value>) {
        self.registers = values.into_iter().map(Value::bits).collect();
    }
    /// Gives the unit its cells.
    pub fn set_cells(&mut self, values: impl IntoIterator<Item = Value>) {
        self.cells = values.into_iter().map(Value::bits).collect();
    }
    /// Gives the language its roots.
    pub fn set_roots(&mut self, values: impl IntoIterator<Item = Value>) {
        self.roots = values.into_iter().map(Value::bits).collect();
    }
    /// The word at an address.
    fn word(&mut self, address: u64) -> Result<&mut u64, Trap> {
        let index = address.checked_sub(Sandbox::MEMORY).map(|a| (a / 8) as usize);
        index.and_then(|i| self.memory.get_mut(i)).ok_or(Trap::Memory(address))
    }
    fn offset(address: u64, offset: i64, width: Width) -> Result<u64, Trap> {
        let at = address.checked_add_signed(offset).ok_or(Trap::Memory(address))?;
        if at.is_multiple_of(width.bytes()) { Ok(at) } else { Err(Trap::Memory(at)) }
    }
    fn argument(&self, arguments: Arguments, i: usize) -> Option<Value> {
        match arguments {
            Arguments::Slots { first, count } => (i < count).then(|| self.slot(first + i)),
            Arguments::Registers { base, count } => {
                let r = (base as usize).checked_add(i).and_then(|r| u16::try_from(r).ok());
                r.filter(|_| i < count as usize).map(|r| self.register(r))
            }
        }
    }
    fn arguments(&self, arguments: Arguments) -> impl Iterator<Item = Value> {
        (0..).map_while(move |i| self.argument(arguments, i))
    }
    fn event(&mut self, what: &str, arguments: Arguments) {
        let line = describe_call(what, self.arguments(arguments));
        // A line for each of many operands is work too.
        self.fuel = self.fuel.saturating_sub(line.len() as u64 / 8);
        self.observed.events.push(line);
    }
}

/// What a stub of the sandbox does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StubResult {
    /// It returns a value.
    Value(Value),
    /// It raises an exception.
    Raise(Value),
    /// It makes the unit invalid and returns `NONE`.
    Invalidate,
    /// It collects, then returns its first operand.
    Collect,
}

/// The stubs of the table above. Must be given operands that are up to date, and what it returns used before they move.
pub fn call_stub(name: &str, immediate: i32, mut operands: impl Iterator<Item = Value>) -> StubResult {
    StubResult::Value(match name {
        "sum" => {
            let ints = operands.map(|v| if v.is_int() { v.as_int() } else { 0 });
            wrap(ints.fold(immediate.into(), i64::wrapping_add))
        }
        "first" => operands.next().unwrap_or(Value::NONE),
        "fail" => return StubResult::Raise(operands.next().unwrap_or(Value::NONE)),
        "invalidate" => return StubResult::Invalidate,
        "collect" => return StubResult::Collect,
        name => answer(name, operands),
    })
}

/// An integer of any word as a value: sandboxes have floats for those that are not small.
pub fn box_word(x: i64) -> Value {
    Value::try_int(x).unwrap_or(Value::float(x as f64))
}

/// A number that depends on a call, as a small integer. Objects count as objects, wherever they are.
pub fn answer(name: &str, operands: impl Iterator<Item = Value>) -> Value {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut mix = |byte: u64| hash = (hash ^ byte).wrapping_mul(0x0100_0000_01b3);
    name.bytes().for_each(|b| mix(b.into()));
    operands.for_each(|v| {
        let bits = if v.is_object() { 1 } else { v.bits() };
        bits.to_le_bytes().iter().for_each(|b| mix((*b).into()));
    });
    wrap(hash as i64 >> 40)
}

/// A value as events and results show it: objects without their address.
pub fn describe(v: Value) -> String {
    if v.is_object() { "object".into() } else { format!("{v:?}") }
}

/// The event of a call.
pub fn describe_call(what: &str, operands: impl Iterator<Item = Value>) -> String {
    let mut line = what.to_owned();
    for v in operands {
        _ = write!(line, " {}", describe(v));
    }
    line
}

/// The event of an exit.
pub fn describe_exit<E: Environment + ?Sized>(environment: &E, site: &Site<'_>, leave: Leave) -> Result<String, Trap> {
    let unit = site.program.unit();
    let mut line = format!("exit {}", leave.reason.name());
    let mut result = leave.result;
    for (id, frame) in unit.frames(leave.state) {
        _ = write!(line, " | {} at {} + {}", frame.code, frame.position, frame.offset);
        if let Resume::Result { register } | Resume::Again { register } = frame.resume {
            _ = match result.take() {
                None => write!(line, " -> r{register}"),
                Some(v) => write!(line, " r{register} = {}", describe(v)),
            };
        }
        for (register, v) in unit.registers_of(id) {
            _ = write!(line, " r{register}: {}", describe(site.value(environment, *v)?));
        }
    }
    Ok(line)
}

/// An integer as a small integer, its upper bits dropped.
fn wrap(x: i64) -> Value {
    Value::int(x << INT_SHIFT >> INT_SHIFT)
}

impl Environment for Sandbox {
    fn charge(&mut self, count: u64) -> Result<(), Trap> {
        self.fuel = self.fuel.checked_sub(count).ok_or(Trap::Fuel)?;
        Ok(())
    }
    fn force_exit(&mut self) -> bool {
        self.passed += 1;
        self.deopt_every.is_some_and(|n| n != 0 && self.passed.is_multiple_of(n))
    }
    fn count_down(&mut self) -> bool {
        self.heat = self.heat.wrapping_sub(1);
        self.heat == 0
    }
    fn pass_state(&mut self, _frame: &FrameState) {
        // Nobody looks at the frames of a sandbox.
    }
    fn still_valid(&self) -> bool {
        self.valid
    }
    fn enter(&mut self, count: usize) -> Result<usize, Trap> {
        let base = self.slots.len();
        if count > Sandbox::SLOTS - base {
            return Err(Trap::StackOverflow);
        }
        self.slots.resize(base + count, 0);
        Ok(base)
    }
    fn leave(&mut self, base: usize) {
        self.slots.truncate(base);
    }
    fn slot(&self, i: usize) -> Value {
        Value::from_bits(self.slots[i])
    }
    fn set_slot(&mut self, i: usize, v: Value) {
        self.slots[i] = v.bits();
    }
    fn register(&self, r: u16) -> Value {
        Value::from_bits(self.registers.get(usize::from(r)).copied().unwrap_or(0))
    }
    fn set_register(&mut self, r: u16, v: Value) {
        let r = usize::from(r);
        if self.registers.len() <= r {
            self.registers.resize(r + 1, 0);
        }
        self.registers[r] = v.bits();
    }
    fn function(&self) -> Value {
        Value::NONE
    }
    fn cell(&self, cell: CellId) -> Result<Value, Trap> {
        self.cells.get(cell.index()).map(|b| Value::from_bits(*b)).ok_or(Trap::Refused("a cell without a value"))
    }
    fn root(&self, i: u32) -> Result<Value, Trap> {
        self.roots.get(i as usize).map(|b| Value::from_bits(*b)).ok_or(Trap::Refused("a root without a value"))
    }
    fn set_root(&mut self, i: u32, v: Value) -> Result<(), Trap> {
        *self.roots.get_mut(i as usize).ok_or(Trap::Refused("a root without a value"))? = v.bits();
        Ok(())
    }
    fn load(&mut self, address: u64, offset: i64, width: Width) -> Result<u64, Trap> {
        let at = Sandbox::offset(address, offset, width)?;
        let word = *self.word(at & !7)? >> (8 * (at % 8));
        Ok(match width {
            Width::Word => word,
            narrow => word & ((1 << (8 * narrow.bytes())) - 1),
        })
    }
    fn store(&mut self, address: u64, offset: i64, bits: u64, how: Store) -> Result<(), Trap> {
        let at = Sandbox::offset(address, offset, Width::Word)?;
        if how == Store::Element {
            let length = *self.word(address.wrapping_add(8))?;
            let i = (offset / 8).checked_sub(Layout::FIRST_ELEMENT as i64).and_then(|i| u64::try_from(i).ok());
            if i.is_none_or(|i| i >= length) {
                return Err(Trap::Memory(at));
            }
        }
        *self.word(at)? = bits;
        Ok(())
    }
    fn set_shape(&mut self, address: u64, shape: ShapeIndex) -> Result<(), Trap> {
        let word = self.word(Sandbox::offset(address, 0, Width::Word)?)?;
        *word = *word & !0xFFFF_FFFF | u64::from(shape.0);
        Ok(())
    }
    fn alloc(&mut self, shape: ShapeIndex, words: u32) -> Result<u64, Trap> {
        let start = self.memory.len();
        if words as usize > Sandbox::WORDS - start {
            self.exception = Value::int(-1).bits();
            return Ok(0);
        }
        self.memory.resize(start + words as usize, 0);
        self.memory[start] = shape.0.into();
        Ok(Sandbox::MEMORY + 8 * start as u64)
    }
    fn box_word(&mut self, x: i64) -> Result<Value, Trap> {
        Ok(box_word(x))
    }
    fn feedback_key(&self, slot: FeedbackRef) -> Result<u64, Trap> {
        Ok(self.feedback.get(&(slot.vector.0, slot.slot)).map_or(0, |s| s.0))
    }
    fn feedback_value(&self, _slot: FeedbackRef) -> Result<Value, Trap> {
        Ok(Value::EMPTY)
    }
    fn record(&mut self, slot: FeedbackRef, bits: u32) -> Result<(), Trap> {
        self.feedback.entry((slot.vector.0, slot.slot)).or_default().1 |= bits;
        self.observed.events.push(format!("record {}[{}] {bits}", slot.vector, slot.slot));
        Ok(())
    }
    fn record_expected(&mut self, slot: FeedbackRef, x: i64) -> Result<(), Trap> {
        self.feedback.entry((slot.vector.0, slot.slot)).or_default().0 = x as u64;
        Ok(())
    }
    fn poll(&mut self, _site: &Site<'_>) -> Result<bool, Trap> {
        self.observed.events.push("poll".into());
        Ok(true)
    }
    fn stub(&mut self, site: &Site<'_>, call: &StubCall, arguments: Arguments) -> Result<Value, Trap> {
        let stub = &site.program.unit().stubs[call.stub.index()];
        self.event(&format!("stub {} {}", stub.name, call.immediate), arguments);
        Ok(match call_stub(&stub.name, call.immediate, self.arguments(arguments)) {
            StubResult::Value(v) => v,
            StubResult::Raise(e) => {
                self.exception = e.bits();
                Value::EMPTY
            }
            StubResult::Invalidate => {
                self.valid = false;
                Value::NONE
            }
            StubResult::Collect => self.argument(arguments, 0).unwrap_or(Value::NONE),
        })
    }
    fn invoke(
        &mut self,
        _site: &Site<'_>,
        invoke: &Invoke,
        code: CodeRef,
        function: Value,
        arguments: Arguments,
    ) -> Result<Value, Trap> {
        self.event(&format!("invoke {code} {} + {}", describe(function), invoke.offset), arguments);
        Ok(answer(&code.to_string(), self.arguments(arguments)))
    }
    fn simple_parameters(&self, code: CodeRef) -> Result<i64, Trap> {
        Ok(i64::from(code.0 % 4) - 1)
    }
    fn exception(&self) -> Value {
        Value::from_bits(self.exception)
    }
    fn set_exception(&mut self, exception: Value) {
        self.exception = exception.bits();
    }
    fn trace(&mut self, site: &Site<'_>, state: StateId) -> Result<Value, Trap> {
        let FrameState { code, position, .. } = *site.program.unit().state(state);
        self.observed.events.push(format!("trace {code} {position}"));
        Ok(Value::int(i64::from(position)))
    }
    fn leave_for(&mut self, site: &Site<'_>, leave: Leave) -> Result<Outcome, Trap> {
        let line = describe_exit(self, site, leave)?;
        self.observed.events.push(line);
        Ok(Outcome::Exit { state: leave.state, reason: leave.reason })
    }
}
