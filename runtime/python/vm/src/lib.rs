//! A Python interpreter as a whole: objects, semantics, built-ins and native modules on one heap and engine, and the ways to
//! run a program: a script, a command, a module, standard input, the interactive mode.

mod completion;
mod interactive;
mod modules;
mod run;
mod signals;
mod steps;

pub use interactive::{Console, PlainConsole, is_complete};
pub use run::{Launch, Program};
pub use steps::EXIT_CODE as STOPPED;

pub use stdlib_core::PYTHON_VERSION;

use python_objects::settings::Settings;
use python_objects::state::State;
use python_objects::{Py, create};
use runtime_core::{Runtime, RuntimeOptions, Tier};
use vm_api::heap::Heap;

/// An interpreter with its thread.
pub struct Interpreter {
    // Dropped first: its handlers refer to the thread.
    signals: signals::Signals,
    // Dropped before the state: its thread refers to it.
    runtime: Box<Runtime>,
    state: Box<State>,
}

impl Interpreter {
    /// Sets an interpreter up.
    ///
    /// # Errors
    /// The stacks cannot be mapped, or there is no memory for the built-in objects.
    pub fn new(
        heap: Box<Heap>,
        tier: Option<Box<dyn Tier>>,
        options: RuntimeOptions,
        settings: Settings,
    ) -> Result<Interpreter, String> {
        let runtime = python_semantics::new_runtime(heap, tier, options)
            .map_err(|error| format!("cannot map the VM's stacks: {error}"))?;
        Interpreter::with_runtime(runtime, settings)
    }
    /// Sets an interpreter up on a fresh runtime, which may be driven by another engine than the usual: one that measures.
    ///
    /// # Errors
    /// There is no memory for the built-in objects.
    pub fn with_runtime(runtime: Box<Runtime>, settings: Settings) -> Result<Interpreter, String> {
        let state = Box::new(State::new(settings));
        // SAFETY: the state is boxed, fresh, and dropped after the runtime.
        let started = unsafe { create::start(&runtime.thread, &state) };
        started.map_err(|_| "the heap is too small for the built-in objects".to_owned())?;
        let signals = signals::Signals::open(Py(&runtime.thread));
        let interpreter = Interpreter { signals, runtime, state };
        let py = interpreter.py();
        py.set_recursion_limit(python_objects::state::RECURSION_LIMIT);
        if python_builtins::install(py).and_then(|()| modules::install(py)).is_err() {
            return Err(format!("setting up failed: {}", run::pending(py)));
        }
        interpreter.signals.watch(py).map_err(|error| format!("cannot handle signals: {error}"))?;
        Ok(interpreter)
    }
    /// Ends the process with exit code [`STOPPED`] after so many steps from now on.
    pub fn limit_steps(&self, steps: u64) {
        steps::limit(self.py(), steps);
    }
    /// The heap.
    pub fn heap(&self) -> &Heap {
        self.runtime.heap()
    }
    /// The context of native code.
    pub fn py(&self) -> Py<'_> {
        Py(&self.runtime.thread)
    }
    /// The interpreter's state.
    pub fn state(&self) -> &State {
        &self.state
    }
}
