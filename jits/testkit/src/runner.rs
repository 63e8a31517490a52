//! Compiling, installing, entering; reading what came out.

use crate::functions::{helper_address, request_poll, stub_address};
use crate::surroundings::{Surroundings, Thread};
use runtime_arena::{Arena, Mapping};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;
use vm_api::engine::backend::{
    Backend, Bailout, CompileOptions, CompiledCode, Completion, Exit, NativeCode, PlainCompileEnv, Target,
};
use vm_api::heap::{HeapOptions, Value};
use vm_api::vir::eval::sandbox::describe;
use vm_api::vir::filetest::Setup;
use vm_api::vir::{Resume, Unit};
use vm_testkit::Create;
use vm_testkit::backend::{Ran, Runner};
use vm_testkit::mock::MockVm;

/// The entry of native code.
type Entry = unsafe extern "C" fn(*const Thread<'_>, *const std::cell::Cell<u64>, u64) -> Completion;

/// What stands in a feedback slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// Its bits.
    pub bits: u32,
    /// Its count.
    pub count: u32,
    /// Its key.
    pub key: u64,
}

/// Runs units that were compiled to machine code, on a fresh heap each.
pub struct NativeRunner<B> {
    /// The backend.
    pub backend: B,
    /// The collector.
    pub create: Create,
    /// Its heap's options.
    pub options: HeapOptions,
    /// Switches of compilations; guards are counted when a test wants it.
    pub compile: CompileOptions,
    /// Are barriers compiled?
    pub barriers: bool,
    /// Allocations of all runs so far, if the options count them.
    pub allocations: u64,
    /// Allocations of the last run that code called for.
    pub slow_allocations: u64,
    /// What the last run left in feedback slots, by vector and number.
    pub slots: BTreeMap<(u32, u32), Recorded>,
    arena: Arena,
    /// What was compiled last, without and with guards that are counted.
    last: [Option<(Unit, NativeCode)>; 2],
}

impl<B: Backend> NativeRunner<B> {
    /// A runner for a collector.
    ///
    /// # Panics
    /// The system gives no memory for code.
    pub fn new(backend: B, create: Create, options: HeapOptions) -> NativeRunner<B> {
        let arena = Arena::new(1 << 20, 1 << 20, Mapping::Best).expect("memory for code");
        let compile = CompileOptions { origins: true, ..CompileOptions::default() };
        let (allocations, slow_allocations) = (0, 0);
        let (slots, last) = (BTreeMap::new(), [None, None]);
        NativeRunner {
            backend,
            create,
            options,
            compile,
            barriers: true,
            allocations,
            slow_allocations,
            slots,
            arena,
            last,
        }
    }
    /// Forgets what was compiled, as must be done when `compile`, `barriers` or the backend change.
    pub fn forget(&mut self) {
        self.last = [None, None];
    }
    /// Compiles a unit as `run` does.
    ///
    /// # Errors
    /// The backend's; and code that cannot be right.
    pub fn compile(&mut self, unit: &Unit, count_guards: bool) -> Result<&NativeCode, Bailout> {
        let last = &mut self.last[usize::from(count_guards)];
        if last.as_ref().is_none_or(|(known, _)| known != unit) {
            let options = CompileOptions { count_guards, ..self.compile.clone() };
            let environment = PlainCompileEnv { options, lowering: Thread::lowering(self.barriers) };
            let CompiledCode::Native(code) = self.backend.compile(unit, &environment)? else {
                return Err(Bailout::Unsupported("it makes no machine code".into()));
            };
            check_tables(unit, &code).map_err(Bailout::Invalid)?;
            *last = Some((unit.clone(), code));
        }
        match last {
            Some((_, code)) => Ok(code),
            None => Err(Bailout::Invalid("nothing was compiled".into())),
        }
    }
}

/// What can be said of code without running it.
fn check_tables(unit: &Unit, code: &NativeCode) -> Result<(), String> {
    let len = code.bytes.len();
    let good = [
        ("the entry lies outside", (code.entry as usize) < len),
        ("the alignment is no power of two", code.alignment.is_power_of_two()),
        ("a relocation lies outside", code.relocations.iter().all(|r| r.offset as usize + 8 <= len)),
        ("an exit has no state", code.exits.iter().all(|e| e.state.index() < unit.states.len())),
        ("a site has no state", code.sites.iter().flatten().all(|s| s.index() < unit.states.len())),
        ("the origins are not ascending", code.origins.windows(2).all(|w| w[0].0 < w[1].0)),
        (
            "an origin names nothing",
            code.origins.iter().all(|(at, v)| *at < len as u32 && v.index() < unit.insts.len()),
        ),
        ("it says that it needs no stack", code.stack > 0),
    ];
    good.iter().find(|(_, good)| !good).map_or(Ok(()), |(what, _)| Err((*what).into()))
}

impl<B: Backend> Runner for NativeRunner<B> {
    fn run(&mut self, unit: &Unit, setup: &Setup) -> Result<Ran, Bailout> {
        let code = self.compile(unit, setup.deopt_every.is_some())?.clone();
        // All that holds values is below this.
        let base = 0u64;
        let vm = MockVm::with_stack(self.create, self.options.clone(), black_box(&raw const base) as u64);
        let ran = run(&vm, &self.arena, unit, &code, setup);
        let ran = ran.map(|left| {
            (self.slots, self.slow_allocations) = (left.slots, left.slow_allocations);
            left.ran
        });
        self.allocations += vm.heap.stress().allocations();
        black_box(base);
        ran
    }
}

/// What a run leaves.
struct Left {
    ran: Ran,
    slots: BTreeMap<(u32, u32), Recorded>,
    slow_allocations: u64,
}

#[inline(never)]
fn run(vm: &MockVm, arena: &Arena, unit: &Unit, code: &NativeCode, setup: &Setup) -> Result<Left, Bailout> {
    let surroundings = Surroundings::new(vm, unit, code, setup).map_err(Bailout::Unsupported)?;
    let thread = Thread::new(&surroundings);
    request_poll(&surroundings);
    let mut unknown = None;
    let mut fix = |bytes: &mut [u8], address: u64| {
        for r in &code.relocations {
            let Some(target) = resolve(&surroundings, r.target, address) else {
                unknown = Some(r.target);
                continue;
            };
            let place = &mut bytes[r.offset as usize..][..8];
            place.copy_from_slice(&target.wrapping_add_signed(r.addend).to_le_bytes());
        }
    };
    let Ok(block) = arena.install(&code.bytes, code.alignment, &mut fix) else { return Err(Bailout::TooLarge) };
    if let Some(target) = unknown {
        arena.free(block);
        return Err(Bailout::Unsupported(format!("{target:?}")));
    }
    // SAFETY: the backend's promise: the entry of a function of this type, for memory that is as large as the unit says.
    let completion = unsafe {
        let entry = std::mem::transmute::<u64, Entry>(block.address + u64::from(code.entry));
        entry(
            black_box(&raw const thread),
            surroundings.registers(),
            surroundings.unit_address(unit.code.0).unwrap_or(0),
        )
    };
    arena.free(block);
    let word = Value::from_bits(completion.word);
    let result = match completion.status {
        0 => {
            surroundings.check_writes(|_| false);
            let exception = thread.exception.get();
            match word.is_empty() {
                true => format!("exception {}", describe(surroundings.check(exception))),
                false => format!("return {}", describe(surroundings.check(word))),
            }
        }
        n => match surroundings.exit_number(n).and_then(|i| code.exits.get(i)) {
            Some(exit) => describe_exit(&surroundings, *exit, word),
            None => return Err(Bailout::Invalid(format!("it left with the status {n}"))),
        },
    };
    thread.check_records();
    surroundings.note_recorded();
    if let Some(problems) = surroundings.problems() {
        return Err(Bailout::Invalid(problems));
    }
    let ran = (surroundings.events.take(), result);
    Ok(Left { ran, slots: surroundings.recorded(), slow_allocations: surroundings.slow_allocations.get() })
}

fn resolve(surroundings: &Surroundings<'_>, target: Target, code: u64) -> Option<u64> {
    Some(match target {
        Target::Code => code,
        Target::Stub(number) => stub_address(surroundings, number)?,
        Target::Helper(helper) => helper_address(helper),
        // `Lowering::keeps_registers` says that there is none.
        Target::Keeping(_) => return None,
        Target::Feedback(slot) => surroundings.feedback(slot),
        Target::Vector(vector) => surroundings.vector(vector),
        Target::Unit(code) => surroundings.unit_address(code.0)?,
        Target::Site(number) => surroundings.site_address(number),
        Target::Exit(number) => surroundings.exit_address(number),
        Target::Cell(cell) => &raw const *surroundings.cells.get(cell.index())? as u64,
        Target::Valid => &raw const surroundings.valid as u64,
        Target::GuardCountdown => &raw const surroundings.countdown as u64,
        Target::Heat => &raw const surroundings.heat as u64,
    })
}

/// The sandbox's line for an exit, from the frames that were written back.
fn describe_exit(surroundings: &Surroundings<'_>, exit: Exit, word: Value) -> String {
    let unit = surroundings.unit;
    let functions = surroundings.functions(Some(exit.state));
    functions.iter().for_each(|at| _ = surroundings.check(surroundings.word(*at)));
    let registers = surroundings.registers_of(Some(exit.state));
    surroundings.check_writes(|at| functions.contains(&at) || registers.contains(&at));
    let mut line = format!("exit {}", exit.reason.name());
    // Only after a call does the innermost frame wait.
    let mut result = (unit.state(exit.state).resume != Resume::Execute).then_some(word);
    for (id, frame) in unit.frames(exit.state) {
        _ = write!(line, " | {} at {} + {}", frame.code, frame.position, frame.offset);
        if let Resume::Result { register } | Resume::Again { register } = frame.resume {
            _ = match result.take() {
                None => write!(line, " -> r{register}"),
                Some(v) => write!(line, " r{register} = {}", describe(surroundings.check(v))),
            };
        }
        for (register, _) in unit.registers_of(id) {
            let v = surroundings.word(frame.offset as usize + 1 + usize::from(*register));
            _ = write!(line, " r{register}: {}", describe(surroundings.check(v)));
        }
    }
    line
}
