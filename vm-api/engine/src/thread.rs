//! What a stub sees of the running thread.

use crate::feedback::FeedbackSlot;
use crate::machine::{R, Stop};
use crate::stub::ENTER;
use std::cell::{Cell, UnsafeCell};
use std::sync::Arc;
use vm_code::Code;
use vm_heap::{Heap, MutatorFast, Value};

/// Index of an installed code. Function objects hold it as a raw number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct CodeIndex(pub u32);

/// What looks at a frame: its code, the index of the instruction that is executing, the running function, the registers.
pub type InspectFrame<'a> = &'a mut dyn FnMut(CodeIndex, u32, Value, &[Cell<Value>]);

/// What the completion of a call works on, beside the result; see [`RuntimeOps::prepare_completed`].
pub type Context = [Value; 4];

/// What the runtime does for stubs. Implemented once, by `runtime/core` with an engine plugged in.
///
/// # Prepared frames
///
/// The `prepare_*` operations make a frame ready above the current one and return [`ENTER`]. It is then entered: by the
/// engine, if a call stub's `prepare` returns [`ENTER`], or by `run_prepared`. From preparing to entering nothing may
/// allocate, call or prepare another one: the frame is no root yet. Debug builds check that no collection happens.
pub trait RuntimeOps {
    /// Calls `code` with `callee` as the running function and returns its result: a nested activation. `arguments` must be
    /// as many as the code's parameter registers. Runs language code.
    fn call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value>;
    /// Installs a code whose constants have been made into `constants` (same order). They are roots as long as it is
    /// installed.
    fn install(&self, thread: &Thread, code: Arc<Code>, constants: &[Value]) -> CodeIndex;
    /// An installed code.
    fn code<'t>(&self, thread: &'t Thread, index: CodeIndex) -> &'t Arc<Code>;
    /// The frames of the running activations, innermost first: `f` gets the code, the index of the instruction that is
    /// executing and the running function, and says whether to go on. Hidden frames are included. Must not collect. Only
    /// for stubs that declare to run language code: elsewhere compiled code does not say where it stands.
    fn walk_frames(&self, thread: &Thread, f: &mut dyn FnMut(CodeIndex, u32, Value) -> bool);
    /// Prepares a frame that begins with `code`'s first instruction. `arguments` must be as many as the code's parameter
    /// registers; they may lie in the current frame's registers. Raises if a stack is full; then nothing is prepared. A
    /// code that suspends just runs.
    fn prepare_call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value>;
    /// The same, but the result goes through [`crate::Language::complete`] with `context`, which is kept meanwhile, before
    /// anybody gets it. A code that suspends cannot be called so.
    fn prepare_completed(
        &self,
        thread: &Thread,
        code: CodeIndex,
        callee: Value,
        arguments: &[Value],
        context: &Context,
    ) -> R<Value>;
    /// Prepares a suspended frame: `fill` gets all its registers, each `EMPTY`, and must not collect; execution goes on with
    /// the instruction at index `position`. What is live there must be filled in. Raises as `prepare_call` does, without
    /// calling `fill`.
    fn prepare_resume(
        &self,
        thread: &Thread,
        code: CodeIndex,
        callee: Value,
        position: u32,
        fill: &mut dyn FnMut(&[Cell<Value>]),
    ) -> R<Value>;
    /// Runs the prepared frame in a nested activation. Runs language code.
    fn run_prepared(&self, thread: &Thread) -> R<Value>;
    /// The same, but the pending exception is raised by the instruction before the one that the frame would go on with, so
    /// that handlers there apply; at a code's beginning none does.
    fn run_prepared_raising(&self, thread: &Thread) -> R<Value>;
    /// Shows the innermost frame, unless there is none. Its named variables and the registers that are live hold values, the
    /// others nothing of use; what `f` writes is lost if the frame is compiled (code that suspends never is). `f` must not
    /// collect. Only for stubs that declare to run language code, and for code that suspends.
    fn current_frame(&self, thread: &Thread, f: InspectFrame<'_>);
    /// Bounds the depth of frames from now on, as far as there is room for so many: the frame after them is a stack overflow.
    fn limit_frames(&self, thread: &Thread, frames: usize);
    /// Empties the inline caches of all feedback slots; what else was recorded stays. A stub that holds a slot meanwhile
    /// must not fill it with what it looked up before.
    fn flush_caches(&self, thread: &Thread);
    /// Vector for the further entries of a slot's inline cache ([`crate::FeedbackSlot::add`]): empty, and flushed, shown to the
    /// collector and kept as other slots are.
    fn further_entries(&self, thread: &Thread) -> *mut FeedbackSlot;
}

/// The language-visible part of a thread.
#[repr(C)]
pub struct Thread {
    /// Inline allocation and barrier state.
    pub fast: *mut MutatorFast,
    /// The pending exception; `EMPTY` if none. A root.
    exception: Cell<Value>,
    /// The language's roots, `root_count` cells; the VM shows them to the collector.
    roots: Cell<*mut Value>,
    root_count: Cell<usize>,
    heap: *const Heap,
    language: Cell<*mut ()>,
    ops: *const dyn RuntimeOps,
    root_storage: UnsafeCell<Vec<Value>>,
}

/// Byte offsets of the fields of [`Thread`] that compilers use.
pub mod offset {
    use super::Thread;
    use std::mem::offset_of;
    /// Of the pointer to the inline state.
    pub const FAST: u32 = offset_of!(Thread, fast) as u32;
    /// Of the pending exception.
    pub const EXCEPTION: u32 = offset_of!(Thread, exception) as u32;
    /// Of the pointer to the language's roots.
    pub const ROOTS: u32 = offset_of!(Thread, roots) as u32;
}

impl Thread {
    /// A thread of `heap`.
    ///
    /// # Safety
    /// `heap` and `ops` must outlive the thread.
    pub unsafe fn new(heap: *const Heap, ops: *const dyn RuntimeOps) -> Thread {
        Thread {
            // SAFETY: the heap is alive.
            fast: unsafe { (*heap).fast() },
            exception: Cell::new(Value::EMPTY),
            roots: Cell::new(std::ptr::null_mut()),
            root_count: Cell::new(0),
            heap,
            language: Cell::new(std::ptr::null_mut()),
            ops,
            root_storage: UnsafeCell::new(Vec::new()),
        }
    }
    /// The heap.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        // SAFETY: outlives the thread, by the contract of `new`.
        unsafe { &*self.heap }
    }
    /// The runtime.
    pub fn ops(&self) -> &dyn RuntimeOps {
        // SAFETY: outlives the thread, by the contract of `new`.
        unsafe { &*self.ops }
    }
    /// The result of a call stub whose `prepare` returned `prepared`: runs the prepared frame if there is one.
    #[inline]
    pub fn complete(&self, prepared: Value) -> Value {
        if prepared == ENTER { self.ops().run_prepared(self).unwrap_or(Value::EMPTY) } else { prepared }
    }
    /// Makes `e` the pending exception.
    #[inline]
    pub fn raise(&self, e: Value) -> Stop {
        debug_assert!(!e.is_empty());
        self.exception.set(e);
        Stop
    }
    /// The pending exception, taken.
    #[inline]
    pub fn take_exception(&self) -> Value {
        self.exception.replace(Value::EMPTY)
    }
    /// The pending exception.
    #[inline]
    pub fn exception(&self) -> Value {
        self.exception.get()
    }
    /// The slot of the pending exception, for the root source.
    pub fn exception_slot(&self) -> *mut Value {
        self.exception.as_ptr()
    }
    /// Makes room for `count` language roots, all `EMPTY`. Once, before anything runs.
    pub fn init_roots(&self, count: usize) {
        // SAFETY: called before anything runs, so no pointer into the old storage is in use.
        let storage = unsafe { &mut *self.root_storage.get() };
        storage.resize(count, Value::EMPTY);
        self.roots.set(storage.as_mut_ptr());
        self.root_count.set(count);
    }
    /// Language root `i`.
    #[inline(always)]
    pub fn root(&self, i: u32) -> Value {
        debug_assert!((i as usize) < self.root_count.get());
        // SAFETY: in range (languages number their roots by one table and size it by `init_roots`).
        unsafe { *self.roots.get().add(i as usize) }
    }
    /// Sets language root `i`.
    pub fn set_root(&self, i: u32, v: Value) {
        assert!((i as usize) < self.root_count.get());
        // SAFETY: in range.
        unsafe { *self.roots.get().add(i as usize) = v }
    }
    /// Address of the root cells, for compiled code and the root source.
    pub fn roots(&self) -> (*mut Value, usize) {
        (self.roots.get(), self.root_count.get())
    }
    /// Sets the language's own state.
    ///
    /// # Safety
    /// `state` must outlive the thread and be of the type that [`Thread::language`] is called with.
    pub unsafe fn set_language(&self, state: *mut ()) {
        self.language.set(state);
    }
    /// The language's own state.
    ///
    /// # Safety
    /// `T` must be the type that [`Thread::set_language`] was called with.
    #[inline(always)]
    pub unsafe fn language<T>(&self) -> &T {
        // SAFETY: the caller's, and set_language's caller's.
        unsafe { &*(self.language.get() as *const T) }
    }
}
