//! Python programs on the chosen collector and engine.

use crate::native_stack::NativeStack;
use crate::options::{Options, Program};
use crate::session::Session;
use crate::{environment, prompt};
use python_vm::{Interpreter, Launch};
use runtime_core::RuntimeOptions;
use std::ffi::OsString;
use std::rc::Rc;
use stdlib_system::signals;

/// The exit code of what CPython calls a fatal error: the interpreter could not be started.
const FATAL: u8 = 1;

/// Runs a program; returns the exit code.
///
/// # Errors
/// The VM cannot be set up, or its counters not be written.
pub(crate) fn run(
    program: &Program,
    arguments: &[OsString],
    options: &Options,
    stack: NativeStack,
    session: &mut Session,
) -> Result<u8, String> {
    let (program, first) = match program {
        Program::Script(path) => (python_vm::Program::Script(path.clone()), path.clone().into_os_string()),
        Program::Command(text) => (python_vm::Program::Command(text.clone()), "-c".into()),
        Program::Module(name) => (python_vm::Program::Module(name.clone()), "-m".into()),
        Program::Stdin => (python_vm::Program::Stdin, "-".into()),
        Program::Interactive => (python_vm::Program::Stdin, OsString::new()),
    };
    let all = std::iter::once(first).chain(arguments.iter().cloned()).collect();
    let settings = match environment::settings(options, all) {
        Ok(settings) => settings,
        Err(why) => {
            eprintln!("Fatal Python error: {why}");
            return Ok(FATAL);
        }
    };
    let heap = session.heap(session.stress());
    let tier = options.jit.python_tier(heap.descriptor(), options.jit_options(), session.jit_log.clone());
    let tier = tier.map_err(|error| format!("no memory for code: {error}"))?;
    let runtime = RuntimeOptions { native_limit: stack.limit, ..RuntimeOptions::default() };
    let interpreter = Rc::new(Interpreter::new(heap, tier, runtime, settings)?);
    crate::session::watch(interpreter.heap());
    let launch = Launch { skip_first_line: options.skip_first_line };
    if let Some(steps) = options.max_steps {
        interpreter.limit_steps(steps);
    }
    let code = interpreter.launch(&program, &launch, &mut || prompt::console(&interpreter));
    session.end();
    session.finish(interpreter.heap())?;
    if interpreter.state().interrupted.get() {
        // Dropped first, with all that it has in files.
        drop(interpreter);
        signals::end_by(signals::SIGINT).map_err(|error| format!("cannot end by SIGINT: {error}"))?;
    }
    Ok(code)
}
