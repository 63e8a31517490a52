//! What is tested: how it is started, and within which limits.
//!
//! This binary is the tested interpreter, too: started by a link whose name is [`LINK`] it is `prism`. A test that starts
//! `sys.executable` so gets the same interpreter. The link stands in the folder of temporary files.

use crate::arguments::Arguments;
use crate::cpython::Cpython;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name under which this binary is `prism`.
pub(crate) const LINK: &str = "prism";

/// Address space that Prism needs besides four times its heap's limit: collectors reserve more than they use.
const RESERVED: u64 = 4 << 30;

/// One way to run Python.
#[derive(Clone, Debug)]
pub(crate) struct Interpreter {
    /// The configuration, in reports: `prism`, `gc=satb jit=off`, …
    pub(crate) name: String,
    program: PathBuf,
    options: Vec<OsString>,
    /// Bytes of address space.
    limit: u64,
    /// A folder with `test` for `sys.path`, where the library is another one.
    pub(crate) tests: Option<PathBuf>,
    /// CPython's library for it and, by the environment, for the processes that tests start.
    library: Option<PathBuf>,
}

impl Interpreter {
    /// The command that runs with these arguments, in a group of its own and with few variables of the environment.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", r#"ulimit -v "$0" && exec "$@""#]).arg((self.limit / 1024).to_string());
        command.arg(&self.program).args(&self.options).current_dir(folder).env("TMPDIR", folder);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_pythons(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        if let Some(library) = &self.library {
            command.env("PRISM_STDLIB", library);
        }
        command.env("LC_ALL", "C.UTF-8").env("PYTHONHASHSEED", "0");
        command
    }
}

/// Whether a variable changes what an interpreter does.
fn is_pythons(name: &str) -> bool {
    name.starts_with("PYTHON") || name.starts_with("PYENV") || name.starts_with("CARGO") || name == "PRISM_STDLIB"
}

/// The interpreters that the arguments ask for, one a configuration.
///
/// # Errors
/// What they ask for does not go together, or a file cannot be made.
pub(crate) fn chosen(arguments: &Arguments, cpython: &Cpython, scratch: &Path) -> Result<Vec<Interpreter>, String> {
    let memory = size(&arguments.memory)?;
    let program = match &arguments.interpreter {
        None => link(scratch)?,
        Some(path) => std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?,
    };
    if arguments.interpreter.is_some() && !is_prism(&program) {
        if !arguments.gc.is_empty() || !arguments.jit.is_empty() || !arguments.option.is_empty() || arguments.embedded {
            return Err("--gc, --jit, --option and --embedded are for prism".to_owned());
        }
        let name = program.display().to_string();
        return Ok(vec![Interpreter { name, program, options: Vec::new(), limit: memory, tests: None, library: None }]);
    }
    let mut options: Vec<OsString> = vec![format!("--heap={memory}").into()];
    let (mut tests, mut library) = (None, None);
    if arguments.embedded {
        let folder = scratch.join("library");
        std::fs::create_dir(&folder)
            .and_then(|()| std::os::unix::fs::symlink(cpython.lib.join("test"), folder.join("test")))
            .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        tests = Some(folder);
    } else {
        library = Some(cpython.lib.clone());
    }
    options.extend(arguments.option.iter().map(OsString::from));
    let or_default = |names: &[String]| match names {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    let mut all = Vec::new();
    for gc in or_default(&arguments.gc) {
        for jit in or_default(&arguments.jit) {
            let mut names = Vec::new();
            let mut options = options.clone();
            for (name, value) in [("gc", &gc), ("jit", &jit)] {
                if let Some(value) = value {
                    names.push(format!("{name}={value}"));
                    options.push(format!("--{name}={value}").into());
                }
            }
            let name = if names.is_empty() { "prism".to_owned() } else { names.join(" ") };
            let (program, tests, library) = (program.clone(), tests.clone(), library.clone());
            let limit = memory * 4 + RESERVED;
            all.push(Interpreter { name, program, options, limit, tests, library });
        }
    }
    Ok(all)
}

/// The CPython that runs beside it.
///
/// # Errors
/// Its path cannot be made absolute.
pub(crate) fn reference(arguments: &Arguments, cpython: &Cpython) -> Result<Option<Interpreter>, String> {
    let Some(path) = &arguments.reference else { return Ok(None) };
    // A mere name is looked up on PATH, by the shell that starts it; where it is not there, there may be the CPython whose
    // tests these are.
    let found = path.components().count() > 1 || Command::new(path).arg("-V").output().is_ok();
    let path = if found { path } else { cpython.python.as_ref().unwrap_or(path) };
    cpython_at(path, &arguments.memory).map(Some)
}

/// A CPython.
///
/// # Errors
/// The size or the path is none.
pub(crate) fn cpython_at(path: &Path, memory: &str) -> Result<Interpreter, String> {
    let absolute = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let program = if path.components().count() > 1 { absolute } else { path.to_owned() };
    let name = path.display().to_string();
    Ok(Interpreter { name, program, options: Vec::new(), limit: size(memory)?, tests: None, library: None })
}

fn is_prism(program: &Path) -> bool {
    let output = Command::new(program).arg("--version").output();
    // The language comes first: `Python 3.12.1 (Prism 0.1.0)`.
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("(Prism "))
}

/// The link by which this binary is `prism`.
fn link(scratch: &Path) -> Result<PathBuf, String> {
    let folder = scratch.join("bin");
    let link = folder.join(LINK);
    std::env::current_exe()
        .and_then(|own| std::fs::create_dir(&folder).and_then(|()| std::os::unix::fs::symlink(own, &link)))
        .map_err(|error| format!("cannot make {}: {error}", link.display()))?;
    Ok(link)
}

/// Bytes of a size such as 64M or 2G.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match &text[digits.len()..] {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err(format!("'{text}' is not a size such as 64M or 2G")),
    };
    let number: Option<u64> = digits.parse().ok();
    number
        .and_then(|number| number.checked_mul(1 << shift))
        .filter(|&bytes| bytes > 0 && bytes < 1 << 40)
        .ok_or_else(|| format!("'{text}' is not a size such as 64M or 2G"))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes() {
        assert_eq!(size("2G"), Ok(2 << 30));
        assert_eq!(size("100"), Ok(100));
        for wrong in ["", "G", "0", "2T", "-1", "9999999G", "99999999999999999999"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
