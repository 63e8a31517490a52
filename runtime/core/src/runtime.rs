//! One thread of a VM: register stack, frames, where it stands.

use crate::frame::{Current, Frame, FrameKind, Start, State};
use crate::lock::Seat;
use crate::memory::GuardedRegion;
use crate::ops::OPS;
use crate::tier::Tier;
use crate::unit::CodeUnit;
use crate::vm::Vm;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use vm_api::code::OpcodeInfo;
use vm_api::engine::{
    CodeIndex, Context, FrameId, FrameView, HiddenCode, R, SuspendedFrame, Thread, VisitFrame, WantedCollection,
};
use vm_api::heap::value::{ENCODING, Encoding};
use vm_api::heap::{Heap, Value};

/// Words above any frame that may be written before the stack's limit is looked at again: callee and arguments of a window
/// at the frame's top.
pub const WINDOW_RESERVE: usize = 64;

/// Sizes of the first thread's stacks.
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
    /// See [`vm_api::engine::Language::ended`].
    pub ended: fn(&Thread, &FrameView<'_>),
    /// See [`vm_api::engine::Language::complete`].
    pub complete: fn(&Thread, Context, Value) -> R<Value>,
    /// The instruction set.
    pub opcodes: &'static [OpcodeInfo],
    /// See [`vm_api::engine::Language::SUSPENDED`].
    pub suspended: Option<&'static SuspendedFrame>,
}

/// One thread with everything of its own; it derefs to what it shares with others. Never moves once made.
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
    pub(crate) frame_limit: Cell<*mut Frame>,
    /// Highest address at which a frame's registers may begin and end.
    pub register_limit: *mut Value,
    /// The code table's base, re-read at every use. The VM keeps it up to date in all threads.
    pub unit_table: Cell<*const *const CodeUnit>,
    /// The hidden codes' units, by [`HiddenId`](vm_api::engine::HiddenId).
    pub hidden_units: Cell<*const *const CodeUnit>,
    /// Is the language asked before each instruction?
    pub stepping: Cell<bool>,
    /// In a thread that steps: the result of a native call, which the loop that steps puts into its destination.
    pub aside: Cell<Value>,
    /// In a thread that steps, once the loop that does not step has stopped for it: where compiled code was left, or the frame that
    /// returned what is put aside.
    pub left: Cell<State>,
    /// Result of the frame that ended an activation.
    pub result: Cell<Value>,
    /// The frame that was prepared and is about to be entered; without a unit if there is none.
    pub prepared: Cell<State>,
    /// How its caller waits for it: [`FrameKind::Next`] or [`FrameKind::Completed`].
    pub prepared_kind: Cell<FrameKind>,
    /// The register of the caller that gets its result, once an engine is about to enter it.
    pub prepared_destination: Cell<u16>,
    /// The frames on the stack that are observed, by their registers, ascending.
    pub(crate) observed: RefCell<Vec<FrameId>>,
    /// Has a waiting frame been written to since the last collection?
    pub(crate) frame_written: Cell<bool>,
    /// What the tier keeps for this thread.
    tier_state: Option<Box<dyn Any>>,
    /// Most frames that there is room for.
    room: usize,
    /// The highest address of the native stack that may hold values; 0: it holds none.
    pub(crate) stack_base: Cell<u64>,
    /// While the thread is without the lock: the lowest such address. 0 while it has the lock, and before it first had.
    pub(crate) parked: Cell<u64>,
    /// What the thread was started with, until it runs.
    pub(crate) argument: Cell<Value>,
    /// Where the native stack of the innermost activation's caller begins, with its registers spilled; 0 outside of any.
    pub(crate) caller_stack: Cell<u64>,
    /// The collection that is wanted at the interpreter's next safepoint.
    pub(crate) wanted_collection: Cell<Option<WantedCollection>>,
    pub(crate) seat: Arc<Seat>,
    register_region: GuardedRegion,
    _frame_region: GuardedRegion,
    vm: Rc<Vm>,
}

impl Deref for Runtime {
    type Target = Vm;
    #[inline(always)]
    fn deref(&self) -> &Vm {
        &self.vm
    }
}

impl Runtime {
    /// The first thread of a VM on `heap`, with hidden codes installed.
    pub fn new(
        heap: Box<Heap>,
        hooks: EngineHooks,
        hidden: Vec<HiddenCode>,
        tier: Option<Box<dyn Tier>>,
        options: RuntimeOptions,
    ) -> io::Result<Box<Runtime>> {
        let (register_stack, frames, native_limit) = (options.register_stack, options.frames, options.native_limit);
        let stack_base = heap.stack_base();
        let vm = Vm::new(heap, hooks, tier, frames);
        let runtime = Runtime::attach(vm, register_stack, frames)?;
        runtime.stack_base.set(stack_base);
        runtime.thread.set_native_limit(native_limit);
        runtime.install_hidden(hidden);
        Ok(runtime)
    }
    /// One more thread, which has stacks and stands nowhere.
    pub(crate) fn attach(vm: Rc<Vm>, register_stack: usize, frames: usize) -> io::Result<Box<Runtime>> {
        let register_region = GuardedRegion::new(register_stack)?;
        let frame_region = GuardedRegion::new(frames * size_of::<Frame>())?;
        let frame_base: *mut Frame = frame_region.start().cast();
        let number = vm.number_thread();
        // SAFETY: heap and OPS outlive the thread: the VM, which owns the heap, is a field dropped after it, OPS is static.
        let thread = unsafe { Thread::new(vm.heap(), &OPS, number) };
        let runtime = Box::new(Runtime {
            thread,
            encoding: ENCODING,
            current: Current::nowhere(),
            frame_top: Cell::new(frame_base),
            frame_base,
            frame_limit: Cell::new(frame_base),
            register_limit: register_region.end().cast::<Value>().wrapping_sub(WINDOW_RESERVE),
            unit_table: Cell::new(std::ptr::null()),
            hidden_units: Cell::new(std::ptr::null()),
            stepping: Cell::new(false),
            aside: Cell::new(Value::EMPTY),
            left: Cell::new(State::NOWHERE),
            result: Cell::new(Value::EMPTY),
            prepared: Cell::new(State::NOWHERE),
            prepared_kind: Cell::new(FrameKind::Next),
            prepared_destination: Cell::new(0),
            observed: RefCell::default(),
            frame_written: Cell::new(false),
            tier_state: vm.tier().map(Tier::attach),
            room: frames,
            stack_base: Cell::new(0),
            parked: Cell::new(0),
            argument: Cell::new(Value::EMPTY),
            caller_stack: Cell::new(0),
            wanted_collection: Cell::new(None),
            seat: Seat::new(number),
            register_region,
            _frame_region: frame_region,
            vm,
        });
        runtime.limit_frames(runtime.frames());
        runtime.enter_thread(&*runtime);
        Ok(runtime)
    }
    /// What it shares with other threads.
    pub fn vm(&self) -> &Rc<Vm> {
        &self.vm
    }
    /// The heap.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        self.thread.heap()
    }
    /// What the tier keeps for this thread ([`Tier::attach`]).
    ///
    /// # Panics
    /// The tier made something else.
    pub fn tier_state<T: 'static>(&self) -> &T {
        self.tier_state.as_deref().and_then(<dyn Any>::downcast_ref).expect("what the tier made")
    }
    /// The thread that a stub was given.
    pub fn of(thread: &Thread) -> &Runtime {
        // SAFETY: every Thread that reaches a stub is the first field of a Runtime (`attach` alone makes them).
        unsafe { &*std::ptr::from_ref(thread).cast::<Runtime>() }
    }

    // ---- frames

    /// Bounds the depth of frames, as far as there is room for so many.
    pub(crate) fn limit_frames(&self, frames: usize) {
        // The last record of the region stays free for activations.
        self.frame_limit.set(self.frame_base.wrapping_add(frames.min(self.room - 1)));
    }
    /// Waiting frames, innermost first, as long as `f` says so.
    pub(crate) fn each_frame(&self, mut f: impl FnMut(&Frame) -> bool) {
        // SAFETY: the records that are shown are written.
        self.each_record(|record| f(unsafe { &*record }));
    }
    /// Their records, likewise.
    pub(crate) fn each_record(&self, mut f: impl FnMut(*mut Frame) -> bool) {
        let mut at = self.frame_top.get();
        while at > self.frame_base {
            // Between base and top all records are written.
            at = at.wrapping_sub(1);
            if !f(at) {
                return;
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
        if let (true, Some(tier)) = (current.pc.is_null(), self.tier()) {
            return tier.compiled_frame(self, current).top;
        }
        // SAFETY: a current unit is installed; the frame's registers end inside the region.
        unsafe { current.registers.add((*current.unit).registers as usize) }
    }
    /// See [`vm_api::engine::RuntimeOps::walk_frames`].
    pub fn walk_frames(&self, f: &mut dyn FnMut(CodeIndex, u32, Value) -> bool) {
        self.walk_places(&mut |_, code, at, function| f(code, at, function));
    }
    /// See [`RuntimeOps::walk_places`].
    ///
    /// Hidden code's frames are not shown.
    pub fn walk_places(&self, f: VisitFrame<'_>) {
        let f: VisitFrame<'_> = &mut |id, code, at, function| self.unit(code).is_hidden() || f(id, code, at, function);
        let mut show = |s: State| match self.tier() {
            _ if s.unit.is_null() || self.is_gap(s.unit) => true,
            Some(tier) if s.pc.is_null() => tier.walk(self, s, f),
            // SAFETY: a state with a unit is that of a live frame; register -1 is its function.
            _ => unsafe { f(s.id(), (*s.unit).index, (*s.unit).begun(s.pc).unwrap_or(0), *s.registers.sub(1)) },
        };
        if show(self.current.get()) {
            self.each_frame(|frame| show(frame.state));
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // Whoever made the VM is done with it. Threads that still are there stop, and keep their stacks and the VM.
        if self.is_first(self) {
            self.stop_others();
        }
        self.take_thread_out(self);
    }
}
