//! What `prism` does, by [`Action`].

use crate::native_stack::run_on_vm_thread;
use crate::options::help::help;
use crate::options::{Action, Options, Program};
use crate::session::Setup;
use crate::{budget, crash, front_end, lox, python};
use runtime_compose::{COLLECTORS, JITS};
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use vm_api::heap::stress::Stress;

/// The exit code when what is asked cannot even be begun.
pub(crate) const REFUSED: u8 = 2;

/// Does what the options ask; returns the exit code.
///
/// # Errors
/// One line that says why it could not be begun.
pub(crate) fn run(mut options: Options, arguments: &[OsString]) -> Result<u8, String> {
    options.stdlib = options.stdlib.or_else(|| std::env::var_os("PRISM_STDLIB").map(Into::into));
    match options.action.clone() {
        Action::Help => print(&help()),
        Action::Version(level) => print(&version(level)),
        Action::ListCollectors => print(&list(COLLECTORS.iter().map(|c| (c.descriptor.name, c.descriptor.summary)))),
        Action::ListJits => print(&list(JITS.iter().map(|entry| (entry.name, entry.summary)))),
        Action::Ast(path) => {
            let crash = Arc::new(crash::Context::new(&options, replay(arguments)));
            on_vm_thread(crash, move |_| front_end::print_tree(&path))
        }
        Action::Dis(path) if is_lox(&path) => {
            let crash = Arc::new(crash::Context::new(&options, replay(arguments)));
            on_vm_thread(crash, move |_| lox::print_code(&path))
        }
        Action::Dis(path) => {
            let crash = Arc::new(crash::Context::new(&options, replay(arguments)));
            on_vm_thread(crash, move |_| front_end::print_code(&path, options.flags.optimize))
        }
        Action::LoxSuite(folder) => {
            in_vm(options, arguments, move |session, machine, budget| lox::run_tests(&folder, budget, session, machine))
        }
        Action::Run(Program::Script(path), given) if is_lox(&path) => {
            if !given.is_empty() {
                return Err("a Lox program takes no arguments".to_owned());
            }
            let (options, arguments) = with_counted_budget(options, arguments)?;
            in_vm(options, &arguments, move |session, machine, _| lox::run_file(&path, session, machine))
        }
        Action::Run(program, given) => {
            let (options, arguments) = with_counted_budget(options, arguments)?;
            let crash = Arc::new(crash::Context::new(&options, replay(&arguments)));
            let setup = Setup::new(&options, &crash)?;
            on_vm_thread(crash, move |stack| {
                python::run(&program, &given, &options, stack, &mut setup.start(stack.base))
            })
        }
    }
}

/// Lox goes by its name; everything else is Python.
fn is_lox(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("lox"))
}

/// Runs `f` on a VM's thread, with the heaps that the options ask for.
fn in_vm(
    options: Options,
    arguments: &[OsString],
    f: impl FnOnce(&mut crate::session::Session, &lox::Machine, Option<u64>) -> Result<u8, String> + Send + 'static,
) -> Result<u8, String> {
    let crash = Arc::new(crash::Context::new(&options, replay(arguments)));
    let setup = Setup::new(&options, &crash)?;
    on_vm_thread(crash, move |stack| {
        let mut session = setup.start(stack.base);
        let machine = lox::Machine::new(&options, stack, &session);
        let code = f(&mut session, &machine, options.uncounted_budget);
        session.end();
        code
    })
}

/// Runs `f` on a thread with a big stack; a panic there ends the process with a crash report.
fn on_vm_thread(
    crash: Arc<crash::Context>,
    f: impl FnOnce(crate::native_stack::NativeStack) -> Result<u8, String> + Send + 'static,
) -> Result<u8, String> {
    crash::install(crash);
    let process = std::process::id();
    let body = move |stack| {
        let outcome = f(stack);
        if std::process::id() != process {
            // The child of a fork has this thread alone: there is nobody to hand the outcome to.
            std::process::exit(i32::from(crate::exit_code(outcome.map_err(Into::into))));
        }
        outcome
    };
    match run_on_vm_thread(body).map_err(|error| format!("cannot start the VM's thread: {error}"))? {
        Ok(outcome) => outcome,
        Err(_) => unreachable!("the panic hook ends the process"),
    }
}

/// Replaces `budget:N` by `budget:N:TOTAL` in the options and the arguments.
fn with_counted_budget(mut options: Options, arguments: &[OsString]) -> Result<(Options, Vec<OsString>), String> {
    let Some(collections) = options.uncounted_budget.take() else { return Ok((options, arguments.to_vec())) };
    let allocations = budget::count_allocations(arguments, options.program_at)?.max(1);
    options.heap.stress = Stress::Budget { collections, allocations };
    let stress = format!("--gc-stress={}", crash::stress_text(options.heap.stress));
    let arguments = budget::with_options(arguments, options.program_at, &[stress.into()]);
    Ok((options, arguments))
}

/// The command line again, for crash reports.
fn replay(arguments: &[OsString]) -> String {
    let program = std::env::current_exe().map_or_else(|_| "prism".into(), Into::into);
    crash::shell_line(std::iter::once(&program).chain(arguments).map(OsString::as_os_str))
}

/// Writes to standard output.
///
/// # Errors
/// It is closed or full.
pub(crate) fn print(text: &str) -> Result<u8, String> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map(|()| 0).map_err(|error| format!("cannot write to standard output: {error}"))
}

/// Names and summaries; the first is the default.
fn list<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (index, (name, summary)) in entries.enumerate() {
        _ = writeln!(out, "{name:14} {summary}{}", if index == 0 { " (default)" } else { "" });
    }
    if out.is_empty() { "none: the Cargo features of this build leave out all of them\n".to_owned() } else { out }
}

fn version(level: u8) -> String {
    let mut out = format!("Python {} (Prism {})\n", python_vm::PYTHON_VERSION, env!("CARGO_PKG_VERSION"));
    if level > 1 {
        let names = |names: Vec<&str>| names.join(" ");
        _ = writeln!(out, "collectors: {}", names(COLLECTORS.iter().map(|c| c.descriptor.name).collect()));
        _ = writeln!(out, "JITs: {}", names(JITS.iter().map(|entry| entry.name).collect()));
        _ = writeln!(out, "frozen modules: {}", stdlib_frozen::count());
        // Set by `cargo xtask dist`, which optimizes by a profile.
        _ = writeln!(out, "profile-guided: {}", if option_env!("PRISM_TRAINED").is_some() { "yes" } else { "no" });
        _ = writeln!(out, "debug assertions: {}", if cfg!(debug_assertions) { "on" } else { "off" });
    }
    out
}
