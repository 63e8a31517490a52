//! Python programs on the chosen collector and engine.

use crate::native_stack::NativeStack;
use crate::options::{Options, Program};
use crate::session::Session;
use python_objects::state::Settings;
use python_vm::Interpreter;
use runtime_compose::JitOptions;
use runtime_core::RuntimeOptions;
use std::ffi::OsString;
use std::io::IsTerminal;

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
    let interactive = *program == Program::Interactive && std::io::stdin().is_terminal();
    let (program, first) = match program {
        Program::Script(path) => (python_vm::Program::Script(path.clone()), path.display().to_string()),
        Program::Command(text) => (python_vm::Program::Command(text.clone()), "-c".to_owned()),
        Program::Module(name) => (python_vm::Program::Module(name.clone()), "-m".to_owned()),
        Program::Stdin => (python_vm::Program::Stdin, "-".to_owned()),
        // Standard input is a script unless somebody sits there.
        Program::Interactive => (python_vm::Program::Stdin, String::new()),
    };
    let mut all = vec![first];
    all.extend(arguments.iter().map(|a| a.to_string_lossy().into_owned()));
    let [_, ignores_environment, .., safe_path] = options.flags;
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !ignores_environment && !v.is_empty());
    let path = match &program {
        // A folder is looked into itself.
        python_vm::Program::Script(path) if path.is_dir() => path.display().to_string(),
        _ if safe_path => String::new(),
        python_vm::Program::Script(path) => {
            path.canonicalize().ok().and_then(|p| p.parent().map(|p| p.display().to_string())).unwrap_or_default()
        }
        python_vm::Program::Module(_) => {
            std::env::current_dir().map_or_else(|_| String::new(), |p| p.display().to_string())
        }
        _ => String::new(),
    };
    // Nothing, rather than the current folder, where the folder of the program is to be left out.
    let first_folder = (!safe_path || !path.is_empty()).then_some(path);
    let mut flags = options.flags;
    flags[0] |= variable("PYTHONDONTWRITEBYTECODE").is_some();
    flags[3] |= variable("PYTHONNOUSERSITE").is_some();
    let settings = Settings {
        path: first_folder.into_iter().chain(python_path(ignores_environment)).collect(),
        optimize: options.optimize,
        arguments: all,
        library: options.stdlib.as_ref().map(|p| p.display().to_string()),
        executable: std::env::current_exe().map_or_else(|_| String::new(), |p| p.display().to_string()),
        hash_seed: variable("PYTHONHASHSEED").and_then(|s| s.parse().ok()),
        flags,
        unbuffered: options.unbuffered || variable("PYTHONUNBUFFERED").is_some(),
        warnings: variable("PYTHONWARNINGS")
            .iter()
            .flat_map(|list| list.split(','))
            .map(str::to_owned)
            .chain(options.warnings.iter().cloned())
            .collect(),
        x_options: options
            .implementation
            .iter()
            .map(|(k, v)| v.as_ref().map_or_else(|| k.clone(), |v| format!("{k}={v}")))
            .collect(),
        ..Settings::default()
    };
    let tier = options.jit.jit.python_tier(JitOptions { deopt_every: options.deopt_every });
    let runtime = RuntimeOptions { native_limit: stack.limit, ..RuntimeOptions::default() };
    let interpreter = Interpreter::new(session.heap(session.stress()), tier, runtime, settings)?;
    crate::session::watch(interpreter.heap());
    let code = if interactive {
        let banner = format!(
            "Prism {} (Python 3.12) on {}\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS
        );
        interpreter.interact(Some(&banner).filter(|_| !options.quiet).map(String::as_str))
    } else {
        interpreter.run(&program)
    };
    session.finish(interpreter.heap())?;
    Ok(code)
}

/// The folders in `PYTHONPATH`; an empty one is the current folder.
fn python_path(ignored: bool) -> Vec<String> {
    let Some(paths) = std::env::var_os("PYTHONPATH").filter(|p| !ignored && !p.is_empty()) else { return Vec::new() };
    std::env::split_paths(&paths).map(|p| p.to_string_lossy().into_owned()).collect()
}
