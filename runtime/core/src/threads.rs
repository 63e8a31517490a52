//! How threads begin, take turns under the global lock, and end.
//!
//! A thread has the lock; or it is *parked*: it waits for its turn where its engine polls, or runs a call that may wait and touches
//! nothing of the VM. Collections happen in the thread that has the lock, so every other one is parked, with its registers
//! spilled: its native stack from there to its base is shown to the collector, its register stack as it stands.
//!
//! What one thread uses alone belongs to the thread that has the lock: the heap's inline state and the base of the native
//! stack that is scanned are handed over with it.

use crate::runtime::Runtime;
use std::hint::black_box;
use std::io;
use std::os::unix::thread::JoinHandleExt;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread::Builder;
use vm_api::engine::{Thread, WantedCollection};
use vm_api::heap::collector::Trigger;
use vm_api::heap::heap::with_spilled_registers;
use vm_api::heap::{CollectKind, Unreached, Value};

/// The name of threads that run a language: in panic messages and debuggers.
pub const THREAD_NAME: &str = "prism-vm";

/// Bytes of native stack that a thread may use if nobody says otherwise.
const USUAL_STACK: usize = 48 << 20;
/// Least bytes: what a few activations take in a build without optimization.
const LEAST_STACK: usize = 8 << 20;
/// Bytes below: for native code that does not check how much is left.
const STACK_RESERVE: usize = 8 << 20;

/// Bytes of the register stack of threads but the first.
const REGISTER_STACK: usize = 16 << 20;
/// Most frames of threads but the first.
const FRAMES: usize = 1 << 18;

/// What goes from one thread to another, or is used by one after the other: everything of a VM.
struct Handed<T>(T);

// SAFETY: a `Runtime` and what it leads to (cells, `Rc`s, the heap's inline state, the state of languages) is not made for
// several threads at once, and is not used by several at once: who touches any of it has the global lock, taking which is a
// synchronization with all that was done by those who had it before. The exceptions synchronize for themselves: the lock, and
// poll words, which signal handlers and waiting threads set. What a thread does without the lock, from `release` to `acquire`,
// touches nothing of it; that is the contract of `RuntimeOps::blocking`. Of a new thread's runtime, its native stack's base and
// limit are written before it first has the lock, and are read by others when it has parked.
unsafe impl<T> Send for Handed<T> {}

impl Runtime {
    /// The word that asks whoever has the lock to come to a safepoint.
    fn poll_word(&self) -> &AtomicU32 {
        // SAFETY: a field of the heap's inline state, which lives as long as the VM, of an atomic's size and alignment. Those who
        // write to it without the lock do so by atomic stores, those who have it by volatile ones.
        unsafe { &*(&raw mut (*self.thread.fast).poll).cast::<AtomicU32>() }
    }

    /// See [`vm_api::engine::RuntimeOps::safepoint`].
    pub(crate) fn safepoint_of_stub(&self) {
        // SAFETY: the inline state is this thread's while it has the lock; others only set `poll`.
        // A thread that steps is never done with polling: so loops that do not step find out.
        unsafe { (&raw mut (*self.thread.fast).poll).write_volatile(u32::from(self.stepping.get())) };
        self.heap().safepoint();
    }
    /// As `safepoint`, where the interpreter polls: the innermost activation's native frames are its own, which hold no
    /// values between instructions.
    pub fn safepoint_of_interpreter(&self) {
        if let Some(wanted) = self.wanted_collection.take() {
            let low = self.caller_stack.get();
            // SAFETY: what the interpreter works on is in the frames' registers, and where the stack of the activation's
            // caller begins, that one's registers were spilled.
            unsafe {
                match wanted {
                    WantedCollection::Plain(kind) => self.heap().collect_above(low, kind, Trigger::Explicit),
                    WantedCollection::FullAfter(before) => {
                        before(&self.thread, low);
                        self.heap().collect_above(low, CollectKind::Full, Trigger::Explicit);
                    }
                    WantedCollection::FullShowing(census) => {
                        let census = &mut |dead: &dyn Unreached| census(&self.thread, dead);
                        self.heap().collect_showing_above(low, Trigger::Explicit, census);
                    }
                }
            }
        }
        self.safepoint();
    }
    /// See [`vm_api::engine::RuntimeOps::request_collection`].
    pub(crate) fn request_collection(&self, wanted: WantedCollection) {
        self.wanted_collection.set(Some(wanted));
        self.poll_word().store(1, SeqCst);
    }
    /// Was a collection asked for, and has not been done?
    pub fn wants_collection(&self) -> bool {
        self.wanted_collection.get().is_some()
    }
    /// See [`vm_api::engine::RuntimeOps::collect_requested`].
    pub(crate) fn collect_requested(&self) {
        match self.wanted_collection.take() {
            None => {}
            Some(WantedCollection::Plain(kind)) => self.heap().collect(kind, Trigger::Explicit),
            Some(WantedCollection::FullAfter(before)) => {
                with_spilled_registers(|low| before(&self.thread, low));
                self.heap().collect(CollectKind::Full, Trigger::Explicit);
            }
            Some(WantedCollection::FullShowing(census)) => {
                self.heap().collect_showing(Trigger::Explicit, &mut |dead| census(&self.thread, dead));
            }
        }
    }
    /// See [`vm_api::engine::RuntimeOps::set_stepping`].
    pub(crate) fn set_stepping(&self, on: bool) {
        self.stepping.set(on);
        if on {
            self.poll_word().store(1, SeqCst);
        }
    }
    /// A safepoint between instructions, where an engine polls: the same, and other threads have their turns.
    pub fn safepoint(&self) {
        self.safepoint_of_stub();
        if self.lock().is_wanted() {
            self.parked(|| self.lock().yield_turn(&self.seat, self.poll_word()));
        }
    }
    /// See [`vm_api::engine::RuntimeOps::blocking`].
    pub(crate) fn blocking(&self, call: &mut dyn FnMut()) {
        self.parked(|| {
            self.lock().release();
            call();
            self.lock().acquire(&self.seat, self.poll_word())
        });
    }
    /// Runs `turn`, in which the thread is without the lock for a while, and which says whether another thread had it.
    fn parked(&self, turn: impl FnOnce() -> bool) {
        with_spilled_registers(|low| {
            self.parked.set(low);
            let switched = turn();
            self.take_over(switched);
        });
    }
    /// The thread has got the lock.
    fn take_over(&self, switched: bool) {
        self.parked.set(0);
        if switched {
            self.heap().set_stack_base(self.stack_base.get());
            // What the others' polls left for this thread to do.
            self.poll_word().store(1, SeqCst);
        }
    }

    /// See [`vm_api::engine::RuntimeOps::start_thread`].
    pub(crate) fn start_thread(
        &self,
        stack: usize,
        argument: Value,
        prepare: &mut dyn FnMut(&Thread),
        body: fn(&Thread, Value),
    ) -> io::Result<u64> {
        if self.lock().is_closed() {
            return Err(io::Error::other("the VM is about to end"));
        }
        let new = Runtime::attach(self.vm().clone(), REGISTER_STACK, FRAMES)?;
        new.thread.join(&self.thread);
        prepare(&new.thread);
        new.argument.set(argument);
        let usable = if stack == 0 { USUAL_STACK } else { stack.max(LEAST_STACK) };
        let handed = Handed((new, body));
        let thread =
            Builder::new().name(THREAD_NAME.to_owned()).stack_size(usable + STACK_RESERVE).spawn(move || {
                // All of it, and not its fields.
                let Handed((runtime, body)) = { handed };
                // Everything that the thread holds lies below this word, since `run_thread` is not inlined here.
                let anchor = 0u64;
                let base = black_box(&raw const anchor) as u64;
                run_thread(runtime, body, base, base - usable as u64);
            })?;
        Ok(thread.as_pthread_t())
    }
    /// See [`vm_api::engine::RuntimeOps::stop_others`].
    pub(crate) fn stop_others(&self) {
        self.lock().close(&self.seat);
    }
    /// See [`vm_api::engine::RuntimeOps::after_fork`].
    pub(crate) fn after_fork(&self) {
        if let Some(tier) = self.tier() {
            tier.after_fork(true);
        }
        self.keep_only(self, self.thread.number());
    }
}

#[inline(never)]
fn run_thread(runtime: Box<Runtime>, body: fn(&Thread, Value), base: u64, limit: u64) {
    runtime.stack_base.set(base);
    runtime.thread.set_native_limit(limit);
    runtime.lock().acquire(&runtime.seat, runtime.poll_word());
    runtime.take_over(true);
    body(&runtime.thread, runtime.argument.replace(Value::EMPTY));
    let lock = runtime.lock().clone();
    drop(runtime);
    lock.release();
}
