//! What all threads of a VM share: heap, installed codes, feedback, the engine beyond the interpreter.
//!
//! All of it is used by the thread that holds the global lock, and by no other.

use crate::frame::State;
use crate::lock::GlobalLock;
use crate::recent::Recent;
use crate::roots::VmRoots;
use crate::runtime::{EngineHooks, Runtime};
use crate::tier::Tier;
use crate::unit::{CodeUnit, new_feedback};
use std::cell::{Cell, UnsafeCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use vm_api::code::Code;
use vm_api::engine::{CodeIndex, FeedbackSlot, HiddenCode, HiddenId};
use vm_api::heap::{Heap, Value};
use vm_api::vir::VectorRef;

/// See the module header. Lives until the last of its threads has gone.
pub struct Vm {
    units: UnsafeCell<Vec<*const CodeUnit>>,
    hidden: UnsafeCell<Vec<*const CodeUnit>>,
    hidden_feedback: UnsafeCell<Vec<Box<[FeedbackSlot]>>>,
    vectors: UnsafeCell<FeedbackVectors>,
    recent: Recent,
    gap: Box<CodeUnit>,
    tier: Option<Box<dyn Tier>>,
    pub(crate) hooks: EngineHooks,
    /// Most frames of each thread, as far as it has room for so many.
    frames: Cell<usize>,
    /// The threads that there are, the first one first.
    threads: UnsafeCell<Vec<*const Runtime>>,
    /// Number of the next thread.
    next_thread: Cell<u64>,
    lock: UnsafeCell<Arc<GlobalLock>>,
    roots: UnsafeCell<Box<VmRoots>>,
    heap: Box<Heap>,
}

/// Feedback vectors by number and back, where there is a tier. They live as long as the VM.
#[derive(Default)]
struct FeedbackVectors {
    addresses: Vec<*mut FeedbackSlot>,
    numbers: HashMap<*mut FeedbackSlot, u32>,
}

/// Number of the first thread.
pub(crate) const FIRST_THREAD: u64 = 1;

impl Vm {
    /// A VM without threads, whose lock the first one holds. `frames`: as deep as frames may nest.
    pub(crate) fn new(heap: Box<Heap>, hooks: EngineHooks, tier: Option<Box<dyn Tier>>, frames: usize) -> Rc<Vm> {
        let vm = Rc::new(Vm {
            units: UnsafeCell::new(Vec::new()),
            hidden: UnsafeCell::new(Vec::new()),
            hidden_feedback: UnsafeCell::new(Vec::new()),
            vectors: UnsafeCell::new(FeedbackVectors::default()),
            recent: Recent::default(),
            gap: CodeUnit::new(CodeIndex(u32::MAX), Arc::default(), &[], hooks.opcodes),
            tier,
            hooks,
            frames: Cell::new(frames),
            threads: UnsafeCell::new(Vec::new()),
            next_thread: Cell::new(FIRST_THREAD),
            lock: UnsafeCell::new(Arc::new(GlobalLock::held_by(FIRST_THREAD))),
            roots: UnsafeCell::new(Box::new(VmRoots { vm: std::ptr::null() })),
            heap,
        });
        // SAFETY: the VM stays where it is, as the content of an Rc; the root source is used by nobody but the heap from
        // here on.
        unsafe {
            (*vm.roots.get()).vm = &*vm;
            let source: *mut VmRoots = &mut **vm.roots.get();
            vm.heap.set_root_source(source);
        }
        vm
    }
    /// The heap.
    pub fn heap(&self) -> &Heap {
        &self.heap
    }
    /// The engine beyond the interpreter, if there is one.
    pub fn tier(&self) -> Option<&dyn Tier> {
        self.tier.as_deref()
    }
    /// Where execution stands between a frame at `registers` that has returned and its caller, which still waits: native
    /// code that runs there nests above the caller's registers, and walks of the stack see no frame of it.
    pub fn gap(&self, registers: *mut Value) -> State {
        let unit = &*self.gap;
        State { unit, pc: unit.instructions, registers, feedback: unit.feedback }
    }
    pub(crate) fn is_gap(&self, unit: *const CodeUnit) -> bool {
        std::ptr::eq(unit, &*self.gap)
    }

    // ---- threads

    /// The number of a new thread.
    pub(crate) fn number_thread(&self) -> u64 {
        self.next_thread.replace(self.next_thread.get() + 1)
    }
    /// The threads that there are, the first one first.
    pub(crate) fn threads(&self) -> impl Iterator<Item = &Runtime> {
        // SAFETY: threads are entered and taken out with the lock held, as it is here, and not while others iterate: `f`s of
        // iterations neither make threads nor end them.
        unsafe { (*self.threads.get()).iter().map(|t| &**t) }
    }
    pub(crate) fn enter_thread(&self, thread: *const Runtime) {
        // SAFETY: as in `threads`.
        unsafe { (*self.threads.get()).push(thread) };
        // SAFETY: the caller's thread is alive.
        self.show_tables(unsafe { &*thread });
    }
    pub(crate) fn take_thread_out(&self, thread: *const Runtime) {
        // SAFETY: as in `threads`.
        unsafe { (*self.threads.get()).retain(|t| *t != thread) };
    }
    pub(crate) fn is_first(&self, thread: *const Runtime) -> bool {
        self.threads().next().is_some_and(|first| std::ptr::eq(first, thread))
    }
    /// The global lock.
    pub(crate) fn lock(&self) -> &Arc<GlobalLock> {
        // SAFETY: it is replaced only where no other thread is, which has no reference to it then.
        unsafe { &*self.lock.get() }
    }
    /// Forgets all threads but one, which has the lock: in the child of a fork there are no others. Their memory stays as it
    /// is, for good, with what they may have been doing to the lock.
    pub(crate) fn keep_only(&self, thread: *const Runtime, number: u64) {
        let lock = GlobalLock::held_by(number);
        lock.set_interval(self.lock().interval());
        // SAFETY: as in `threads`, and there is no other thread that could refer to the lock.
        unsafe {
            (*self.threads.get()).retain(|t| *t == thread);
            std::mem::forget(std::mem::replace(&mut *self.lock.get(), Arc::new(lock)));
        }
    }
    /// Bounds the depth of frames in all threads.
    pub(crate) fn limit_frames(&self, frames: usize) {
        self.frames.set(frames);
        self.threads().for_each(|t| t.limit_frames(frames));
    }
    pub(crate) fn frames(&self) -> usize {
        self.frames.get()
    }
    /// Where a thread finds installed codes: it has the address of the table itself, which moves as it grows.
    fn show_tables(&self, thread: &Runtime) {
        // SAFETY: only addresses are taken.
        unsafe {
            thread.unit_table.set((*self.units.get()).as_ptr());
            thread.hidden_units.set((*self.hidden.get()).as_ptr());
        }
    }

    // ---- codes

    /// Installs the hidden codes.
    pub(crate) fn install_hidden(&self, hidden: Vec<HiddenCode>) {
        for code in hidden {
            let index = self.install_simple(code);
            // SAFETY: no reference into the vector outlives a statement.
            unsafe { (*self.hidden.get()).push(self.unit(index)) };
        }
        self.threads().for_each(|t| self.show_tables(t));
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
    /// Installs a code; see [`vm_api::engine::RuntimeOps::install`].
    pub fn install(&self, code: Arc<Code>, constants: &[Value]) -> CodeIndex {
        // SAFETY: the lock is held; no reference into the vector outlives a method (users re-read `unit_table`).
        let units = unsafe { &mut *self.units.get() };
        let index = CodeIndex(units.len() as u32);
        let unit = CodeUnit::new(index, code, constants, self.hooks.opcodes);
        self.add_vector(unit.feedback);
        if let Some(tier) = &self.tier {
            tier.installed(&unit);
        }
        units.push(Box::into_raw(unit));
        self.recent.note_unit(index);
        self.threads().for_each(|t| self.show_tables(t));
        index
    }
    /// An installed code, if there is one with this index.
    pub fn find_unit(&self, index: CodeIndex) -> Option<&CodeUnit> {
        // SAFETY: units live as long as the VM; the table is only written to while nobody else looks.
        unsafe { (&*self.units.get()).get(index.0 as usize).map(|unit| &**unit) }
    }
    /// An installed unit.
    pub fn unit(&self, index: CodeIndex) -> &CodeUnit {
        // SAFETY: the lock is held; units live as long as the VM.
        unsafe { &*(&*self.units.get())[index.0 as usize] }
    }
    /// All units.
    pub(crate) fn units(&self) -> impl Iterator<Item = &CodeUnit> {
        // SAFETY: as in `unit`; nothing installs during the iteration (used inside collections).
        unsafe { (*self.units.get()).iter().map(|u| &**u) }
    }

    /// What a young collection must see of codes.
    pub(crate) fn recent(&self) -> &Recent {
        &self.recent
    }

    // ---- feedback

    /// Feedback of hidden code `id` at the site of `slot`, made if there is none yet.
    ///
    /// # Safety
    /// `slot` must be a live feedback slot.
    #[cold]
    #[inline(never)]
    pub unsafe fn hidden_feedback(&self, slot: *mut FeedbackSlot, id: HiddenId) -> *mut FeedbackSlot {
        // SAFETY: the caller's; the vectors are only touched inside methods.
        unsafe {
            if (*slot).hidden.is_null() {
                let code = &(*(&*self.hidden.get())[id.0 as usize]).code;
                (*slot).hidden = self.add_feedback(new_feedback(code));
            }
            (*slot).hidden
        }
    }
    /// Keeps a feedback vector that hangs off a slot.
    pub(crate) fn add_feedback(&self, mut vector: Box<[FeedbackSlot]>) -> *mut FeedbackSlot {
        let address = vector.as_mut_ptr();
        self.add_vector(address);
        // SAFETY: the lock is held; the vector of vectors is only touched here and inside collections.
        unsafe { (*self.hidden_feedback.get()).push(vector) };
        address
    }
    /// Numbers a feedback vector, for the only one who asks: the tier.
    fn add_vector(&self, vector: *mut FeedbackSlot) {
        if self.tier.is_none() {
            return;
        }
        // SAFETY: the lock is held; no reference into the table outlives a method.
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
        // SAFETY: inside a collection, or where nothing calls out, nothing else runs.
        unsafe { (*self.hidden_feedback.get()).iter_mut().flat_map(|v| v.iter_mut()).for_each(&mut f) }
    }
    pub(crate) fn flush_caches(&self) {
        for unit in self.units() {
            // SAFETY: the slots are only borrowed here; nothing below calls out.
            unsafe { unit.feedback_slots() }.iter_mut().for_each(FeedbackSlot::flush);
        }
        self.each_hidden_feedback(FeedbackSlot::flush);
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        for unit in self.units.get_mut().drain(..) {
            // SAFETY: made by Box::into_raw in `install`, dropped once.
            drop(unsafe { Box::from_raw(unit.cast_mut()) });
        }
    }
}
