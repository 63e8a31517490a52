//! The contract of a JIT's back half: a unit of VIR in, code out.
//!
//! A [`Backend`] is a function of the unit and the environment: it keeps no state between compilations that changes what it
//! makes, never touches the heap, sees no address, and may run on another thread. The VM builds and verifies the unit, installs
//! the code (applies [`Relocation`]s in its own arena), enters it, makes the interpreter's frames when it leaves, invalidates
//! and frees it.
//!
//! # The convention of native code
//!
//! The entry is `extern "C" fn(thread: *const Thread, registers: *mut Value, unit: u64) -> Completion`. `registers` is register 0 of
//! the unit's own frame; `unit` is what [`Target::Unit`] of its code is; the word before it is the running function; the memory up to [`Unit::extent`] registers belongs to the
//! unit. The entry's parameters are read from the registers that [`Unit::entry`] names. While a unit whose registers are not in
//! memory runs, that memory is dead but for the functions.
//!
//! * **Entering**: the code first looks whether it may run: whether there is room for [`StackLowering::record_room`] bytes of
//!   records, for its registers and [`REGISTER_ROOM`] more, and for its native frame, and nothing is to be polled for
//!   ([`StackLowering::entry_fast`]). If not, it returns [`Completion::REFUSED`] with `unit` and has done nothing.
//! * **Returning**: status 0 and the value, `EMPTY` with the exception pending.
//! * **Leaving** at exit `n` of [`NativeCode::exits`]: the status is [`Target::Exit`]. Before, the code writes back each frame of
//!   the exit's state, tagged: its function in front of its registers and the registers that the state lists, and nothing
//!   else; the VM empties the others. Words ([`vm_vir::Inst::TagWord`]) it boxes first, as [`vm_vir::Inst::BoxWord`] does, which may collect;
//!   nothing else does. After a call for whose result
//!   its frame waits, and after a poll, it looks whether the unit became invalid ([`Target::Valid`] reads 0), and leaves then at
//!   the state of the call or poll, with the call's result in [`Completion::word`].
//! * **Standing**: before a call of what may collect or run language code, a poll and an allocation, the code says in the
//!   thread's words for it where it stands: unit, registers and site ([`StackLowering`]). Where a site ([`NativeCode::sites`])
//!   has a state of its own in a unit whose registers are not in memory, it first writes the state's frames back as an exit
//!   does, so that they can be walked and looked into. What is written there are roots as long as the code stands at the site.
//! * **Calling**: stubs are called as their types say; before, the code sets [`bit::OTHER`](crate::bit::OTHER) in the bits of the
//!   feedback slot that they are given, if there is one. An invoked code's function and arguments are written to memory where
//!   [`vm_vir::Invoke`] says. If it is called with its own feedback, and calls are linked, the code pushes a record that says
//!   where it stands, as above, and calls the entry that the invoked unit names. If the status of that is 0, it pops the record;
//!   otherwise [`Helper::Finish`] does, and gives the result. Any other call is made by [`Helper::Invoke`].
//! * **Roots**: native frames are scanned conservatively, so a tagged value in a register that calls preserve or in the native
//!   frame is found and pinned; so is one in any register while a [`Target::Keeping`] runs. [`NativeCode::maps`] may say precisely where they are.
//! * **Feedback** is recorded inline, as [`crate::Machine`] and [`crate::FeedbackSlot::fill`] say.
//! * **Guards** with [`CompileOptions::count_guards`]: a guard that would pass decrements [`Target::GuardCountdown`] and leaves
//!   if that made it 0.
//! * **Counting**: [`vm_vir::Inst::Count`] does the same with [`Target::Heat`], always.

use vm_heap::value::{ENCODING, Encoding};
use vm_heap::{fast, header};
use vm_vir::eval::Program;
use vm_vir::{CellId, CodeRef, FeedbackRef, Reason, Ref, StateId, Unit, VectorRef};

/// What a backend can do. The VM does not give it what it cannot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capabilities {
    /// Name in logs.
    pub name: &'static str,
    /// One line about it.
    pub summary: &'static str,
    /// Does it make machine code for the machine that this process runs on?
    pub native: bool,
    /// Does it compile units whose registers are in memory?
    pub in_memory: bool,
    /// Does it compile units with guards?
    pub guards: bool,
    /// Does it compile units that are entered in the middle?
    pub osr: bool,
}

/// A compiler's back half.
pub trait Backend: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Compiles a verified unit.
    fn compile(&self, unit: &Unit, environment: &dyn CompileEnv) -> Result<CompiledCode, Bailout>;
}

/// Why a unit was not compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bailout {
    /// The backend does not do this.
    Unsupported(String),
    /// The unit or its code is too large.
    TooLarge,
    /// The unit breaks a rule: a fault of whoever made it.
    Invalid(String),
}

impl std::fmt::Display for Bailout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bailout::Unsupported(what) => write!(f, "unsupported: {what}"),
            Bailout::TooLarge => f.write_str("too large"),
            Bailout::Invalid(what) => write!(f, "invalid unit: {what}"),
        }
    }
}

impl std::error::Error for Bailout {}

/// What a backend may know besides the unit.
pub trait CompileEnv {
    /// Switches.
    fn options(&self) -> &CompileOptions;
    /// Facts about values, objects and the thread.
    fn lowering(&self) -> &Lowering;
}

/// Switches of one compilation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CompileOptions {
    /// Make a listing.
    pub listing: bool,
    /// Say which code is of which instruction.
    pub origins: bool,
    /// Count guards down, for `--deopt-every`.
    pub count_guards: bool,
    /// Names of passes to leave out.
    pub without: Vec<String>,
}

/// What code that is emitted inline must know. Offsets are in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lowering {
    /// The value encoding.
    pub encoding: Encoding,
    /// Of the pointer to the [`vm_heap::MutatorFast`] in a thread; its own offsets are in [`vm_heap::fast::offset`].
    pub thread_fast: u32,
    /// Of the pending exception in a thread.
    pub thread_exception: u32,
    /// Of the pointer to the language's roots in a thread.
    pub thread_roots: u32,
    /// Of the pointer to those of the language's roots that each thread has for itself; the others' numbers have no
    /// [`LOCAL_ROOT`](crate::thread::LOCAL_ROOT).
    pub thread_locals: u32,
    /// The thread's stacks.
    pub stack: StackLowering,
    /// log2 of the bytes that a card covers.
    pub card_shift: u32,
    /// Of the 32-bit shape index in an object.
    pub object_shape: u32,
    /// Of the collector byte in an object.
    pub object_gc_byte: u32,
    /// Can the barrier mask ever be other than 0? If not, stores need no barrier code.
    pub barriers: bool,
    /// Is there a [`Target::Keeping`] of each helper that [may be called so](Helper::keeps_registers)?
    pub keeps_registers: bool,
}

/// The stacks of a thread, as code sees them. Offsets are in bytes, in the thread where nothing else is said; each is that of a
/// 64-bit word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StackLowering {
    /// Of the unit in which the thread stands: [`Target::Unit`].
    pub current_unit: u32,
    /// Of the address of its register 0.
    pub current_registers: u32,
    /// Of the site: [`Target::Site`].
    pub current_site: u32,
    /// Of the address of the free record.
    pub frame_top: u32,
    /// Of the address that it must not pass.
    pub frame_limit: u32,
    /// Of the address that the registers of code that is entered must not pass.
    pub register_limit: u32,
    /// Of the lowest address at which code may have its native frame.
    pub native_limit: u32,
    /// Of the pointer to the [`vm_heap::MutatorFast`] whose poll word is looked at on entering.
    pub entry_fast: u32,
    /// Of the address of the table of units, by the index of their code.
    pub units: u32,
    /// In a record: of its unit.
    pub record_unit: u32,
    /// Of a word that is 0.
    pub record_pc: u32,
    /// Of the address of register 0.
    pub record_registers: u32,
    /// Of the site.
    pub record_site: u32,
    /// Of 32 bits that are [`StackLowering::record_kind_bits`].
    pub record_kind: u32,
    /// Those bits.
    pub record_kind_bits: u32,
    /// Bytes of a record.
    pub record_bytes: u32,
    /// Bytes of the records that code which is entered may push.
    pub record_room: u32,
    /// In a unit: of the address of the entry that calls go to. There always is one.
    pub unit_entry: u32,
    /// In a unit, of 32 bits: see [`crate::Machine::simple_parameters`].
    pub unit_simple_parameters: u32,
    /// Do calls go to entries? If not, all are made by [`Helper::Invoke`].
    pub linked: bool,
}

/// Registers that must be free above those of a unit that is entered.
pub const REGISTER_ROOM: u32 = 2;

impl Lowering {
    /// The facts of this build, for a collector with or without barriers.
    pub const fn new(barriers: bool, stack: StackLowering) -> Lowering {
        Lowering {
            encoding: ENCODING,
            thread_fast: crate::thread::offset::FAST,
            thread_exception: crate::thread::offset::EXCEPTION,
            thread_roots: crate::thread::offset::ROOTS,
            thread_locals: crate::thread::offset::LOCALS,
            stack,
            card_shift: fast::CARD_SHIFT,
            object_shape: header::SHAPE_OFFSET,
            object_gc_byte: header::GC_BYTE_OFFSET,
            barriers,
            keeps_registers: false,
        }
    }
}

/// What a backend makes.
#[derive(Clone, Debug)]
pub enum CompiledCode {
    /// Machine code.
    Native(NativeCode),
    /// A program for the reference evaluator.
    Program(Program),
}

/// Position-independent machine code with what the VM needs to run it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NativeCode {
    /// Code and constants.
    pub bytes: Vec<u8>,
    /// What `bytes` must be aligned to: a power of two.
    pub alignment: u32,
    /// Offset of the entry.
    pub entry: u32,
    /// Bytes of native stack that one activation takes at most, callees not counted.
    pub stack: u32,
    /// Words to fill in.
    pub relocations: Vec<Relocation>,
    /// Where it leaves.
    pub exits: Vec<Exit>,
    /// The frame state of each call site: the instruction's own, or else, in units whose registers are in memory, the one last
    /// declared before it, since the VM scans their frames by what is live at its position. `None` if there is neither.
    pub sites: Vec<Option<StateId>>,
    /// Where the roots are at return addresses; empty if frames are to be scanned conservatively.
    pub maps: Vec<RootMap>,
    /// From this offset on, the code of this instruction; ascending. Empty unless it was asked for.
    pub origins: Vec<(u32, Ref)>,
    /// The code in readable form, if it was asked for.
    pub listing: Option<String>,
}

/// A way out of native code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exit {
    /// The frames that were written back.
    pub state: StateId,
    /// Why.
    pub reason: Reason,
}

/// A 64-bit word of the code that receives an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relocation {
    /// Where in the bytes.
    pub offset: u32,
    /// Address of what.
    pub target: Target,
    /// Added to it.
    pub addend: i64,
}

/// What native code refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The code's own first byte.
    Code,
    /// A stub's function, by its number in the language's table.
    Stub(u32),
    /// A function of the runtime.
    Helper(Helper),
    /// The same one, called so that all registers hold afterwards what they did (of vector registers, 64 bits): for slow paths beside
    /// which code keeps its values in any of them. A result goes to the address that is an argument behind the others.
    Keeping(Helper),
    /// A feedback slot.
    Feedback(FeedbackRef),
    /// Slot 0 of a feedback vector.
    Vector(VectorRef),
    /// The unit of a code.
    Unit(CodeRef),
    /// What the VM keeps of a site, by its number in [`NativeCode::sites`].
    Site(u32),
    /// What the VM keeps of an exit, by its number in [`NativeCode::exits`]: the status of leaving there.
    Exit(u32),
    /// A cell of the unit: its address, not its value.
    Cell(CellId),
    /// A 64-bit word that is 0 when the unit is invalid.
    Valid,
    /// The 64-bit word that guards count down.
    GuardCountdown,
    /// The 64-bit word that [`vm_vir::Inst::Count`] counts down.
    Heat,
}

/// Functions of the runtime that code calls; all `extern "C"`, none unwinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Helper {
    /// `(thread, shape: u32, words: u32) -> u64`: address of a new object when the inline path failed; 0 with the exception
    /// pending. Collects.
    AllocSlow,
    /// `(thread, x: i64) -> Value`: an integer that is not small, as a value. Collects; never fails.
    BoxWord,
    /// `(thread, object: u64)`: the object barrier's slow path.
    BarrierSlow,
    /// `(thread, array: u64, slot_address: u64)`: the element barrier's slow path.
    ElementSlow,
    /// `(thread, object: u64)`: to be called with an object that was read from a feedback slot or weak cell, if
    /// [`vm_heap::MutatorFast::weak_reads`] is not 0.
    WeakRead,
    /// `(thread) -> u64`: does pending work; 0 if an exception is pending. To be called if the poll word is not 0. Collects.
    Poll,
    /// `(thread, code: u64, vector: *mut FeedbackSlot or null, registers: *mut Value, arguments: u32) -> Value`: runs a code in
    /// the frame that begins at `registers`. `EMPTY` with the exception pending. Collects.
    Invoke,
    /// `(thread, status: u64, word: u64, registers: *mut Value) -> Value`: ends a linked call of code in the frame at `registers` that
    /// did not return, but completed with `status` and `word`: goes on for it, pops the call's record. `EMPTY` with the exception
    /// pending. Collects.
    Finish,
    /// `(thread, code: u32, position: u32, offset: u32)`: the pending exception passes the innermost frame of the site, which has these; see
    /// [`crate::Language::trace`]. `Value`: what the frame keeps of what it has caught. Collects.
    Trace,
    /// `(x: f64) -> f64`: rounds down, for machines without an instruction for it.
    Floor,
    /// `(x: f64, y: f64) -> f64`: the power.
    Pow,
}

impl Helper {
    /// Can it be called by [`Target::Keeping`]? Those of slow paths can.
    pub const fn keeps_registers(self) -> bool {
        use Helper::*;
        matches!(self, AllocSlow | BoxWord | BarrierSlow | ElementSlow | WeakRead | Poll)
    }
}

/// Roots in a native frame while a callee runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RootMap {
    /// Offset of the return address in the code.
    pub return_offset: u32,
    /// Places of tagged values, in bytes from the stack pointer at the call.
    pub slots: Vec<u32>,
}

/// What native code returns, in two registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Completion {
    /// 0: it returned. Otherwise [`Completion::REFUSED`], or the address that [`Target::Exit`] has.
    pub status: u64,
    /// The bits of the returned value, or of the result of the call after which it left; or the unit that may not run.
    pub word: u64,
}

impl Completion {
    /// The status of code that may not run now. No exit has this address.
    pub const REFUSED: u64 = 1;
}

/// An environment that is nothing but its data.
#[derive(Clone, Debug)]
pub struct PlainCompileEnv {
    /// Switches.
    pub options: CompileOptions,
    /// Facts.
    pub lowering: Lowering,
}

impl CompileEnv for PlainCompileEnv {
    fn options(&self) -> &CompileOptions {
        &self.options
    }
    fn lowering(&self) -> &Lowering {
        &self.lowering
    }
}
