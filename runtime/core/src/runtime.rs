//! One thread of a VM: register stack, frames, code table, nested activations.

use crate::frame::{Current, Frame, FrameKind, Start, State};
use crate::memory::GuardedRegion;
use crate::roots::RuntimeRoots;
use crate::tier::Tier;
use crate::unit::{CodeUnit, new_feedback};
use std::cell::{Cell, UnsafeCell};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use vm_api::code::{Code, OpcodeInfo};
use vm_api::engine::{CodeIndex, Context, FeedbackSlot, HiddenCode, HiddenId, InspectFrame, R, RuntimeOps, Thread};
use vm_api::heap::value::{ENCODING, Encoding};
use vm_api::heap::{Heap, Value};
use vm_api::vir::VectorRef;

/// Words above any frame that may be written before the stack's limit is looked at again: callee and arguments of a window
/// at the frame's top.
pub const WINDOW_RESERVE: usize = 64;

/// Sizes.
#[derive(Clone, Debug)]
pub struct RuntimeOptions {
    /// Bytes of the register stack.
    pub register_stack: usize,
    /// Most frames, waiting ones included.
    pub frames: usize,
    /// Lowest native stack address that a nested activation may begin at; 0: unlimited.
    pub native_limit: u64,
}

impl Default for RuntimeOptions {
    fn default() -> Self {
        RuntimeOptions { register_stack: 64 << 20, frames: 1 << 20, native_limit: 0 }
    }
}

/// What the runtime needs of the engine and the language, as functions.
#[derive(Clone, Copy)]
pub struct EngineHooks {
    /// Runs the frame that `state` describes until it returns; `EMPTY` if an exception is pending. A frame of kind
    /// [`FrameKind::Activation`](crate::FrameKind::Activation) has been pushed.
    ///
    /// # Safety
    /// The state must be that of a prepared frame.
    pub run: unsafe fn(&Runtime, State, Start) -> Value,
    /// The exception for a full stack.
    pub stack_overflow: fn(&Thread) -> Value,
    /// See [`vm_api::engine::Language::left`].
    pub left: fn(&Thread, Value),
    /// See [`vm_api::engine::Language::complete`].
    pub complete: fn(&Thread, Context, Value) -> R<Value>,
    /// The instruction set.
    pub opcodes: &'static [OpcodeInfo],
}

/// One thread with everything it runs on. Never moves once made.
#[repr(C)]
pub struct Runtime {
    /// The language-visible part.
    pub thread: Thread,
    /// The encoding of values, as data: an engine with few registers left takes its wide constants from here.
    pub encoding: Encoding,
    /// Where the innermost frame stands; valid whenever native code other than the engine's loop runs.
    pub current: Current,
    /// Free frame record.
    pub frame_top: Cell<*mut Frame>,
    frame_base: *mut Frame,
    frame_limit: Cell<*mut Frame>,
    /// Highest address at which a frame's registers may begin and end.
    pub register_limit: *mut Value,
    /// The code table's base, re-read at every use.
    pub unit_table: Cell<*const *const CodeUnit>,
    /// The hidden codes' units, by [`HiddenId`].
    pub hidden_units: Cell<*const *const CodeUnit>,
    /// Result of the frame that ended an activation.
    pub result: Cell<Value>,
    /// The frame that was prepared and is about to be entered; without a unit if there is none.
    pub prepared: Cell<State>,
    /// How its caller waits for it: [`FrameKind::Next`] or [`FrameKind::Completed`].
    pub prepared_kind: Cell<FrameKind>,
    /// The register of the caller that gets its result, once an engine is about to enter it.
    pub prepared_destination: Cell<u16>,
    units: UnsafeCell<Vec<*const CodeUnit>>,
    hidden: UnsafeCell<Vec<*const CodeUnit>>,
    hidden_feedback: UnsafeCell<Vec<Box<[FeedbackSlot]>>>,
    vectors: UnsafeCell<FeedbackVectors>,
    gap: Box<CodeUnit>,
    tier: Option<Box<dyn Tier>>,
    pub(crate) hooks: EngineHooks,
    pub(crate) options: RuntimeOptions,
    register_region: GuardedRegion,
    _frame_region: GuardedRegion,
    roots: UnsafeCell<Box<RuntimeRoots>>,
    heap: Box<Heap>,
}

/// Feedback vectors by number and back. They live as long as the runtime.
#[derive(Default)]
struct FeedbackVectors {
    addresses: Vec<*mut FeedbackSlot>,
    numbers: HashMap<*mut FeedbackSlot, u32>,
}

/// Implements [`RuntimeOps`] before the runtime is placed: looks the runtime up through the thread, its first field.
struct Ops;

impl Ops {
    fn runtime<'a>(&self, thread: &'a Thread) -> &'a Runtime {
        // SAFETY: every Thread that reaches a stub is the first field of a Runtime (Thread::new is only called below).
        unsafe { &*(thread as *const Thread).cast::<Runtime>() }
    }
}

static OPS: Ops = Ops;

impl RuntimeOps for Ops {
    fn call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value> {
        self.runtime(thread).call(code, callee, arguments)
    }
    fn install(&self, thread: &Thread, code: Arc<Code>, constants: &[Value]) -> CodeIndex {
        self.runtime(thread).install(code, constants)
    }
    fn code<'t>(&self, thread: &'t Thread, index: CodeIndex) -> &'t Arc<Code> {
        &self.runtime(thread).unit(index).code
    }
    fn walk_frames(&self, thread: &Thread, f: &mut dyn FnMut(CodeIndex, u32, Value) -> bool) {
        self.runtime(thread).walk_frames(f);
    }
    fn prepare_call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value> {
        self.runtime(thread).prepare_call(code, callee, arguments)
    }
    fn prepare_completed(
        &self,
        thread: &Thread,
        code: CodeIndex,
        callee: Value,
        arguments: &[Value],
        context: &Context,
    ) -> R<Value> {
        self.runtime(thread).prepare_completed(code, callee, arguments, context)
    }
    fn prepare_resume(
        &self,
        thread: &Thread,
        code: CodeIndex,
        callee: Value,
        position: u32,
        fill: &mut dyn FnMut(&[Cell<Value>]),
    ) -> R<Value> {
        self.runtime(thread).prepare_resume(code, callee, position, fill)
    }
    fn run_prepared(&self, thread: &Thread) -> R<Value> {
        self.runtime(thread).run_prepared(Start::Next)
    }
    fn run_prepared_raising(&self, thread: &Thread) -> R<Value> {
        self.runtime(thread).run_prepared(Start::Raising)
    }
    fn limit_frames(&self, thread: &Thread, frames: usize) {
        let runtime = self.runtime(thread);
        // The last record of the region stays free for activations.
        let frames = frames.min(runtime.options.frames - 1);
        runtime.frame_limit.set(runtime.frame_base.wrapping_add(frames));
    }
    fn current_frame(&self, thread: &Thread, f: InspectFrame<'_>) {
        self.runtime(thread).current_frame(f);
    }
    fn flush_caches(&self, thread: &Thread) {
        self.runtime(thread).flush_caches();
    }
    fn further_entries(&self, thread: &Thread) -> *mut FeedbackSlot {
        self.runtime(thread).add_feedback([const { FeedbackSlot::EMPTY }; FeedbackSlot::FURTHER].into())
    }
}

impl Runtime {
    /// A runtime on `heap`, with hidden codes installed.
    pub fn new(
        heap: Box<Heap>,
        hooks: EngineHooks,
        hidden: Vec<HiddenCode>,
        tier: Option<Box<dyn Tier>>,
        options: RuntimeOptions,
    ) -> io::Result<Box<Runtime>> {
        let register_region = GuardedRegion::new(options.register_stack)?;
        let frame_region = GuardedRegion::new(options.frames * size_of::<Frame>())?;
        let frame_base: *mut Frame = frame_region.start().cast();
        // SAFETY: heap and OPS outlive the thread: the heap is a field dropped after it, OPS is static.
        let thread = unsafe { Thread::new(&*heap, &OPS) };
        let runtime = Box::new(Runtime {
            thread,
            encoding: ENCODING,
            current: Current::nowhere(),
            frame_top: Cell::new(frame_base),
            frame_base,
            // SAFETY: the region holds that many records.
            frame_limit: Cell::new(unsafe { frame_base.add(options.frames - 1) }),
            register_limit: register_region.end().cast::<Value>().wrapping_sub(WINDOW_RESERVE),
            unit_table: Cell::new(std::ptr::null()),
            hidden_units: Cell::new(std::ptr::null()),
            result: Cell::new(Value::EMPTY),
            prepared: Cell::new(State::NOWHERE),
            prepared_kind: Cell::new(FrameKind::Next),
            prepared_destination: Cell::new(0),
            units: UnsafeCell::new(Vec::new()),
            hidden: UnsafeCell::new(Vec::new()),
            hidden_feedback: UnsafeCell::new(Vec::new()),
            vectors: UnsafeCell::new(FeedbackVectors::default()),
            gap: CodeUnit::new(CodeIndex(u32::MAX), Arc::default(), &[], hooks.opcodes),
            tier,
            hooks,
            options,
            register_region,
            _frame_region: frame_region,
            roots: UnsafeCell::new(Box::new(RuntimeRoots { runtime: std::ptr::null() })),
            heap,
        });
        // SAFETY: the runtime is boxed and not moved out again, so its address is final; the root source is used by
        // nobody but the heap from here on.
        unsafe {
            (*runtime.roots.get()).runtime = &*runtime;
            let source: *mut RuntimeRoots = &mut **runtime.roots.get();
            runtime.heap.set_root_source(source);
        }
        for code in hidden {
            let index = runtime.install_simple(code);
            // SAFETY: nothing reads the vector during set-up.
            let list = unsafe { &mut *runtime.hidden.get() };
            list.push(runtime.unit(index));
            runtime.hidden_units.set(list.as_ptr());
        }
        Ok(runtime)
    }
    /// Where execution stands between a frame at `registers` that has returned and its caller, which still waits: native
    /// code that runs there nests above the caller's registers, and walks of the stack see no frame of it.
    pub fn gap(&self, registers: *mut Value) -> State {
        let unit = &*self.gap;
        State { unit, pc: unit.instructions, registers, feedback: unit.feedback }
    }
    /// The engine beyond the interpreter, if there is one.
    pub fn tier(&self) -> Option<&dyn Tier> {
        self.tier.as_deref()
    }
    /// The heap.
    pub fn heap(&self) -> &Heap {
        &self.heap
    }
    /// Installs a hidden code: its constants are words.
    fn install_simple(&self, code: HiddenCode) -> CodeIndex {
        use vm_api::code::Constant;
        let constants: Vec<u64> = code
            .constants
            .iter()
            .map(|c| match c {
                Constant::None => Value::NONE,
                Constant::Empty => Value::EMPTY,
                Constant::Special(n) => Value::special(*n),
                Constant::Bool(b) => Value::bool(*b),
                Constant::Int(i) => Value::int(*i),
                Constant::Float(f) => Value::float(*f),
                other => panic!("hidden code holds a constant that is no word: {other:?}"),
            })
            .map(Value::bits)
            .collect();
        // SAFETY: Value is a transparent u64.
        let constants = unsafe { std::slice::from_raw_parts(constants.as_ptr().cast::<Value>(), constants.len()) };
        self.install(code, constants)
    }
    /// Installs a code; see [`RuntimeOps::install`].
    pub fn install(&self, code: Arc<Code>, constants: &[Value]) -> CodeIndex {
        // SAFETY: single-threaded; no reference into the vector outlives a method (users re-read `unit_table`).
        let units = unsafe { &mut *self.units.get() };
        let index = CodeIndex(units.len() as u32);
        let unit = CodeUnit::new(index, code, constants, self.hooks.opcodes);
        self.add_vector(unit.feedback);
        if let Some(tier) = &self.tier {
            tier.installed(&unit);
        }
        units.push(Box::into_raw(unit));
        self.unit_table.set(units.as_ptr());
        index
    }
    /// An installed unit.
    pub fn unit(&self, index: CodeIndex) -> &CodeUnit {
        // SAFETY: single-threaded; units live as long as the runtime.
        unsafe { &*(&*self.units.get())[index.0 as usize] }
    }
    /// All units.
    pub(crate) fn units(&self) -> impl Iterator<Item = &CodeUnit> {
        // SAFETY: as in `unit`; nothing installs during the iteration (used inside collections).
        unsafe { (*self.units.get()).iter().map(|u| &**u) }
    }
    /// Feedback of hidden code `id` at the site of `slot`, made if there is none yet.
    ///
    /// # Safety
    /// `slot` must be a live feedback slot.
    #[cold]
    #[inline(never)]
    pub unsafe fn hidden_feedback(&self, slot: *mut FeedbackSlot, id: HiddenId) -> *mut FeedbackSlot {
        // SAFETY: the caller's; the vector of vectors is only touched here and inside collections.
        unsafe {
            if (*slot).hidden.is_null() {
                let code = &(**self.hidden_units.get().add(id.0 as usize)).code;
                (*slot).hidden = self.add_feedback(new_feedback(code));
            }
            (*slot).hidden
        }
    }
    /// Keeps a feedback vector that hangs off a slot.
    fn add_feedback(&self, mut vector: Box<[FeedbackSlot]>) -> *mut FeedbackSlot {
        let address = vector.as_mut_ptr();
        self.add_vector(address);
        // SAFETY: single-threaded; the vector of vectors is only touched here and inside collections.
        unsafe { (*self.hidden_feedback.get()).push(vector) };
        address
    }
    fn add_vector(&self, vector: *mut FeedbackSlot) {
        // SAFETY: single-threaded; no reference into the table outlives a method.
        let vectors = unsafe { &mut *self.vectors.get() };
        vectors.numbers.insert(vector, vectors.addresses.len() as u32);
        vectors.addresses.push(vector);
    }
    /// The name of a feedback vector in VIR. Vectors without slots share one.
    pub fn vector_ref(&self, vector: *mut FeedbackSlot) -> VectorRef {
        // SAFETY: as in `add_vector`.
        unsafe { (*self.vectors.get()).numbers.get(&vector).map_or(VectorRef::NONE, |n| VectorRef(*n)) }
    }
    /// The feedback vector with this name; null for [`VectorRef::NONE`].
    pub fn vector(&self, vector: VectorRef) -> *mut FeedbackSlot {
        // SAFETY: as in `add_vector`.
        unsafe { (&*self.vectors.get()).addresses.get(vector.index()).copied().unwrap_or(std::ptr::null_mut()) }
    }
    pub(crate) fn each_hidden_feedback(&self, mut f: impl FnMut(&mut FeedbackSlot)) {
        // SAFETY: inside a collection, nothing else runs.
        unsafe { (*self.hidden_feedback.get()).iter_mut().flat_map(|v| v.iter_mut()).for_each(&mut f) }
    }

    /// Waiting frames, innermost first, as long as `f` says so.
    pub(crate) fn each_frame(&self, mut f: impl FnMut(&Frame) -> bool) {
        let mut at = self.frame_top.get();
        while at > self.frame_base {
            // SAFETY: between base and top all records are written.
            unsafe {
                at = at.sub(1);
                if !f(&*at) {
                    return;
                }
            }
        }
    }
    /// Pushes a waiting frame; false if there is no room.
    #[inline(always)]
    pub fn push_frame(&self, frame: Frame) -> bool {
        let top = self.frame_top.get();
        if top >= self.frame_limit.get() {
            return false;
        }
        // SAFETY: below the limit; one record stays free for activations.
        unsafe { top.write(frame) };
        self.frame_top.set(top.wrapping_add(1));
        true
    }
    /// Is there room for `count` more frames?
    pub fn has_frame_room(&self, count: usize) -> bool {
        self.frame_top.get().wrapping_add(count) <= self.frame_limit.get()
    }
    /// First word above the innermost frame: where the window of a nested activation begins.
    pub(crate) fn window(&self) -> *mut Value {
        let current = self.current.get();
        if current.unit.is_null() {
            return self.register_region.start().cast();
        }
        // SAFETY: a current unit is installed; the frame's registers end inside the region.
        unsafe { current.registers.add((*current.unit).registers as usize) }
    }
    /// See [`RuntimeOps::walk_frames`].
    pub fn walk_frames(&self, f: &mut dyn FnMut(CodeIndex, u32, Value) -> bool) {
        let mut show = |s: State| match self.tier() {
            _ if s.unit.is_null() || std::ptr::eq(s.unit, &*self.gap) => true,
            Some(tier) if s.pc.is_null() => tier.walk(self, s, f),
            // SAFETY: a state with a unit is that of a live frame; register -1 is its function.
            _ => unsafe { f((*s.unit).index, (*s.unit).begun(s.pc).unwrap_or(0), *s.registers.sub(1)) },
        };
        if show(self.current.get()) {
            self.each_frame(|frame| show(frame.state));
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        for unit in self.units.get_mut().drain(..) {
            // SAFETY: made by Box::into_raw in `install`, dropped once.
            drop(unsafe { Box::from_raw(unit.cast_mut()) });
        }
    }
}
