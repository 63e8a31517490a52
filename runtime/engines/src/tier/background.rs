//! Backends at work while the program runs.
//!
//! What a unit is built from belongs to the program's threads; what a backend makes of a built unit depends on the unit alone (see
//! [`vm_api::engine::backend`]). So the program's thread builds, one thread of the tier's own compiles one unit after another, and the
//! program's thread installs the code when it next comes by. The thread takes no signal, and is started when there is something for
//! it to do.
//!
//! # Fork
//!
//! Before a fork the thread stops between two units ([`Background::pause`]), so that the child copies no lock that is held. The child
//! has no such thread: it leaves what belonged to it where it is, and starts one of its own ([`Background::abandon`]).

use std::cell::RefCell;
use std::io;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use vm_api::engine::backend::PlainCompileEnv;
use vm_api::engine::{Backend, Bailout, CompiledCode};
use vm_api::vir::Unit;

/// Of the thread: it runs compilers, which recurse.
const STACK_BYTES: usize = 16 << 20;

/// Backends at work; see the module header.
pub(super) struct Background {
    worker: RefCell<Option<Worker>>,
}

struct Worker {
    jobs: Sender<Job>,
    pace: Arc<Pace>,
}

/// When the thread may go on.
#[derive(Default)]
struct Pace {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    paused: bool,
    busy: bool,
}

struct Job {
    unit: Unit,
    backend: Arc<dyn Backend>,
    environment: Arc<PlainCompileEnv>,
    done: Sender<Done>,
}

/// A unit that the backend is done with.
pub(super) struct Done {
    pub(super) unit: Unit,
    pub(super) code: Result<CompiledCode, Bailout>,
    pub(super) spent: Duration,
}

/// A unit that is with the thread.
pub(super) struct Ticket(Receiver<Done>);

impl Ticket {
    /// What came of it; `None`: it is not done.
    ///
    /// # Errors
    /// The thread is gone: the backend failed where it must not.
    pub(super) fn done(&self) -> Result<Option<Done>, Lost> {
        match self.0.try_recv() {
            Ok(done) => Ok(Some(done)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Lost),
        }
    }
    /// Its thread is in another process: nothing of it may be touched.
    pub(super) fn abandon(self) {
        std::mem::forget(self);
    }
}

/// Nothing will come of it.
#[derive(Debug)]
pub(super) struct Lost;

/// Compiles a unit.
pub(super) fn compile(unit: Unit, backend: &dyn Backend, environment: &PlainCompileEnv) -> Done {
    let since = Instant::now();
    let code = backend.compile(&unit, environment);
    Done { unit, code, spent: since.elapsed() }
}

impl Background {
    /// Nothing is at work.
    pub(super) fn new() -> Background {
        Background { worker: RefCell::new(None) }
    }
    /// Gives a unit to the thread.
    ///
    /// # Errors
    /// There is no thread, and the system gives none: the unit is given back.
    pub(super) fn submit(
        &self,
        unit: Unit,
        backend: &Arc<dyn Backend>,
        environment: &Arc<PlainCompileEnv>,
    ) -> Result<Ticket, Box<Unit>> {
        let mut worker = self.worker.borrow_mut();
        if worker.is_none() {
            *worker = Worker::start().ok();
        }
        let (done, ticket) = channel();
        let job = Job { unit, backend: backend.clone(), environment: environment.clone(), done };
        let Some(running) = worker.as_ref() else { return Err(Box::new(job.unit)) };
        match running.jobs.send(job) {
            Ok(()) => Ok(Ticket(ticket)),
            Err(refused) => {
                // It is gone; the next unit has a new one.
                *worker = None;
                Err(Box::new(refused.0.unit))
            }
        }
    }
    /// Returns when the thread has stopped between two units.
    pub(super) fn pause(&self) {
        if let Some(worker) = &*self.worker.borrow() {
            worker.pace.pause();
        }
    }
    /// The thread may go on.
    pub(super) fn go_on(&self) {
        if let Some(worker) = &*self.worker.borrow() {
            worker.pace.go_on();
        }
    }
    /// The thread is another process's.
    pub(super) fn abandon(&self) {
        std::mem::forget(self.worker.take());
    }
}

impl Worker {
    fn start() -> io::Result<Worker> {
        let (jobs, work) = channel::<Job>();
        let pace = Arc::new(Pace::default());
        let shared = pace.clone();
        let thread = thread::Builder::new().name("prism compiles".to_owned()).stack_size(STACK_BYTES);
        runtime_sampler::without_signals(|| thread.spawn(move || work_off(&work, &shared)))??;
        Ok(Worker { jobs, pace })
    }
}

/// Until the tier is gone.
fn work_off(work: &Receiver<Job>, pace: &Pace) {
    while let Ok(Job { unit, backend, environment, done }) = work.recv() {
        pace.begin();
        let result = compile(unit, &*backend, &environment);
        // Whoever wanted it may be gone.
        let _ = done.send(result);
        pace.end();
    }
}

impl Pace {
    fn change(&self, f: impl FnOnce(&mut State)) {
        // Nobody panics while it is locked.
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
    fn wait_until(&self, f: impl Fn(&State) -> bool, then: impl FnOnce(&mut State)) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.changed.wait_while(state, |state| !f(state)).unwrap_or_else(PoisonError::into_inner);
        then(&mut state);
    }
    fn begin(&self) {
        self.wait_until(|state| !state.paused, |state| state.busy = true);
    }
    fn end(&self) {
        self.change(|state| state.busy = false);
    }
    fn pause(&self) {
        self.change(|state| state.paused = true);
        self.wait_until(|state| !state.busy, |_| ());
    }
    fn go_on(&self) {
        self.change(|state| state.paused = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vm_api::engine::backend::{Capabilities, CompileEnv, CompileOptions, Lowering, StackLowering};
    use vm_api::vir::{CodeRef, UnitKind};

    /// Refuses, when it is allowed to.
    struct Slow(Arc<Mutex<()>>);

    impl Backend for Slow {
        fn capabilities(&self) -> Capabilities {
            Capabilities { name: "slow", summary: "", native: true, in_memory: true, guards: true, osr: true }
        }
        fn compile(&self, _: &Unit, _: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
            drop(self.0.lock());
            Err(Bailout::TooLarge)
        }
    }

    /// Panics.
    struct Broken;

    impl Backend for Broken {
        fn capabilities(&self) -> Capabilities {
            Capabilities { name: "broken", summary: "", native: true, in_memory: true, guards: true, osr: true }
        }
        fn compile(&self, _: &Unit, _: &dyn CompileEnv) -> Result<CompiledCode, Bailout> {
            std::panic::resume_unwind(Box::new(()));
        }
    }

    fn unit() -> Unit {
        Unit::new("u", UnitKind::Function, CodeRef(0), 0)
    }

    fn environment() -> Arc<PlainCompileEnv> {
        let lowering = Lowering::new(true, StackLowering::default());
        Arc::new(PlainCompileEnv { options: CompileOptions::default(), lowering })
    }

    fn wait(ticket: &Ticket) -> Result<Done, Lost> {
        loop {
            match ticket.done() {
                Ok(None) => thread::sleep(Duration::from_millis(1)),
                Ok(Some(done)) => return Ok(done),
                Err(lost) => return Err(lost),
            }
        }
    }

    #[test]
    fn units_are_done_in_turn_and_a_pause_waits_for_the_one_at_work() {
        let (gate, background) = (Arc::new(Mutex::new(())), Background::new());
        let backend: Arc<dyn Backend> = Arc::new(Slow(gate.clone()));
        let closed = gate.lock().expect("nobody panics");
        let submit = || background.submit(unit(), &backend, &environment()).unwrap_or_else(|_| panic!("a thread"));
        let (first, second) = (submit(), submit());
        assert!(first.done().is_ok_and(|done| done.is_none()));
        drop(closed);
        background.pause();
        let before = [&first, &second].map(|ticket| ticket.done().expect("the thread lives").is_some());
        assert_ne!(before, [false, true], "in turn");
        background.go_on();
        for (ticket, known) in [(&first, before[0]), (&second, before[1])] {
            assert!(known || wait(ticket).is_ok_and(|done| matches!(done.code, Err(Bailout::TooLarge))));
        }
    }

    #[test]
    fn a_backend_that_fails_is_noticed_and_replaced() {
        let background = Background::new();
        let broken: Arc<dyn Backend> = Arc::new(Broken);
        let ticket = background.submit(unit(), &broken, &environment()).unwrap_or_else(|_| panic!("a thread"));
        assert!(wait(&ticket).is_err());
        let backend: Arc<dyn Backend> = Arc::new(Slow(Arc::default()));
        let mut tickets = (0..3).filter_map(|_| background.submit(unit(), &backend, &environment()).ok());
        assert!(tickets.any(|ticket| wait(&ticket).is_ok()), "another thread takes its place");
    }
}
