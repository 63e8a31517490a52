//! Interpreters: where they are, what they are, and how they were built.

use crate::definition::{Definition, PythonDefinition};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An interpreter with its options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    pub name: String,
    /// Whether it is one of ours, and knows our options.
    pub ours: bool,
    pub executable: PathBuf,
    pub arguments: Vec<String>,
    /// The heap's limit, if it is a multiple of the program's minimum.
    pub heap: Option<Multiple>,
    /// Of the executable's contents.
    pub sha256: String,
    pub build: Build,
}

/// A multiple of the minimum heap that an entry of the definition has for a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Multiple {
    pub factor: f64,
    /// The entry's name.
    pub of: String,
}

/// What an interpreter says of itself, and what is known of how it was built.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Build {
    /// `sys.implementation.name`.
    pub implementation: String,
    /// The first word of `sys.version`.
    pub version: String,
    /// For readers, in one line.
    pub summary: String,
    /// What that is drawn from.
    pub details: BTreeMap<String, String>,
}

/// A subject that the experiment names and this machine does not have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    pub name: String,
    pub reason: String,
}

/// Our interpreter: its path, and how it was built if the runner built it.
#[derive(Clone, Debug)]
pub struct Ours {
    pub executable: PathBuf,
    pub built: BTreeMap<String, String>,
}

/// What a process of any Python prints of itself: a key, a tab and a value a line. Only what every Python has.
const PROBE: &str = "
import sys
def say(key, value):
    if value:
        print(key + '\\t' + ' '.join(str(value).split()))
say('implementation', sys.implementation.name)
say('version', sys.version.split()[0])
say('text', sys.version)
say('executable', sys.executable)
if sys.implementation.name == 'pypy':
    say('pypy', '.'.join([str(part) for part in sys.pypy_version_info[:3]]))
if sys.implementation.name != 'prism':
    import platform, sysconfig
    say('compiler', platform.python_compiler())
    for key in ('CONFIG_ARGS', 'OPT', 'PY_CFLAGS', 'PY_CFLAGS_NODIST', 'PY_LDFLAGS_NODIST', 'Py_DEBUG', 'Py_GIL_DISABLED'):
        say(key, sysconfig.get_config_var(key))
    jit = getattr(sys, '_jit', None)
    if jit is not None:
        say('jit', 'enabled' if jit.is_enabled() else 'disabled')
";

/// The subjects of a definition that are here, and those that are not.
pub fn find(
    definition: &Definition,
    ours: &dyn Fn(Option<&str>) -> Result<Ours, String>,
) -> Result<(Vec<Subject>, Vec<LeftOut>), String> {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for prism in &definition.prisms {
        let ours = match &prism.command {
            None => ours(prism.profile.as_deref())?,
            Some(command) => {
                let executable =
                    which(command).ok_or_else(|| format!("prism {:?}: there is no {command}", prism.name))?;
                Ours { executable, built: BTreeMap::new() }
            }
        };
        let sha256 = sha256(&ours.executable)?;
        for configuration in prism.expand(definition.seed) {
            let build = probe(&ours.executable, &configuration.arguments).map_err(|reason| {
                format!("{}: {} does not run: {reason}", configuration.name, ours.executable.display())
            })?;
            let mut details = build;
            details.extend(ours.built.clone());
            found.push(Subject {
                heap: configuration.multiple.map(|factor| Multiple { factor, of: prism.name.clone() }),
                name: configuration.name,
                ours: true,
                sha256: sha256.clone(),
                executable: ours.executable.clone(),
                arguments: configuration.arguments,
                build: Build::of(details),
            });
        }
    }
    for python in &definition.pythons {
        match find_python(python) {
            Ok(subject) => found.push(subject),
            Err(reason) => left_out.push(LeftOut { name: python.name.clone(), reason }),
        }
    }
    Ok((found, left_out))
}

fn find_python(python: &PythonDefinition) -> Result<Subject, String> {
    let mut reasons = Vec::new();
    for command in &python.commands {
        let tried = which(command).ok_or_else(|| format!("{command} is not installed")).and_then(|path| {
            let details = probe(&path, &python.options).map_err(|reason| format!("{command}: {reason}"))?;
            // A command may be a script that looks for the interpreter; the interpreter is what is measured.
            let executable = details.get("executable").map_or(path, PathBuf::from);
            let sha256 = sha256(&executable)?;
            Ok((executable, sha256, Build::of(details)))
        });
        match tried {
            Ok((executable, sha256, build)) => {
                let (name, arguments) = (python.name.clone(), python.options.clone());
                return Ok(Subject { name, ours: false, executable, arguments, heap: None, sha256, build });
            }
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.join("; "))
}

/// Asks an interpreter what it is; the reason if it does not answer.
fn probe(executable: &Path, arguments: &[String]) -> Result<BTreeMap<String, String>, String> {
    let mut command = Command::new(executable);
    clean(&mut command).args(arguments).args(["-c", PROBE]).stdin(std::process::Stdio::null());
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let told = if message.contains("Traceback") { lines.last() } else { lines.first() };
        return Err(told.map_or_else(|| output.status.to_string(), |line| (*line).to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let details: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    if !details.contains_key("implementation") {
        return Err("it does not say what it is".to_owned());
    }
    Ok(details)
}

/// Without variables that change what an interpreter does.
pub fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("PYTHON") || text.starts_with("PYPY") || text.starts_with("PRISM_") {
            command.env_remove(&name);
        }
    }
    command
}

impl Build {
    fn of(mut details: BTreeMap<String, String>) -> Build {
        // Said elsewhere.
        details.remove("executable");
        let implementation = details.get("implementation").cloned().unwrap_or_default();
        let version = details.get("version").cloned().unwrap_or_default();
        let mut build = Build { implementation, version, summary: String::new(), details };
        build.summary = build.summarize();
        build
    }

    fn summarize(&self) -> String {
        let get = |key: &str| self.details.get(key).map(String::as_str).unwrap_or_default();
        let mut text = match self.implementation.as_str() {
            "cpython" => format!("CPython {}", self.version),
            "pypy" => format!("PyPy {} (Python {})", get("pypy"), self.version),
            "prism" => "Prism".to_owned(),
            other => format!("{other} {}", self.version),
        };
        if self.implementation == "prism" {
            match self.details.get("profile") {
                Some(profile) => {
                    let guided = if get("profile-guided") == "yes" { ", PGO" } else { "" };
                    write!(text, ", {}, cargo profile {profile}{guided}", get("rustc"))
                }
                None => write!(text, ", built elsewhere"),
            }
            .unwrap_or_default();
            if let Some(commit) = self.details.get("commit") {
                let _ = write!(text, ", commit {}", commit.get(..10).unwrap_or(commit));
            }
            return text;
        }
        if !get("compiler").is_empty() {
            let _ = write!(text, ", {}", get("compiler"));
        }
        if self.implementation == "cpython" {
            text.push_str(&optimization(&[get("PY_CFLAGS"), get("PY_CFLAGS_NODIST")]));
            let flags =
                [get("CONFIG_ARGS"), get("PY_CFLAGS"), get("PY_CFLAGS_NODIST"), get("PY_LDFLAGS_NODIST")].join(" ");
            // Distributions may train the compiler without telling configure: then this cannot be seen.
            let trained = flags.contains("--enable-optimizations") || flags.contains("-fprofile-use");
            text.push_str(if trained { ", PGO" } else { ", no sign of PGO" });
            text.push_str(if flags.contains("--with-lto") || flags.contains("-flto") {
                ", LTO"
            } else {
                ", no sign of LTO"
            });
            for (key, value, told) in [("Py_DEBUG", "1", "debug build"), ("Py_GIL_DISABLED", "1", "free-threaded")] {
                if get(key) == value {
                    let _ = write!(text, ", {told}");
                }
            }
            if get("jit") == "enabled" {
                text.push_str(", JIT on");
            }
        }
        text
    }
}

/// The last `-O` of the flags: the one that counts.
fn optimization(flags: &[&str]) -> String {
    let mut words = flags.iter().flat_map(|flags| flags.split_whitespace());
    words.rfind(|word| word.starts_with("-O")).map(|word| format!(", {word}")).unwrap_or_default()
}

/// The path of a command: as given if it has a slash, else by `PATH`.
pub fn which(command: &str) -> Option<PathBuf> {
    if command.contains('/') {
        let path = std::path::absolute(command).ok()?;
        return path.is_file().then_some(path);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(command)).find(|path| path.is_file())
}

fn sha256(path: &Path) -> Result<String, String> {
    let error = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = std::fs::File::open(path).map_err(error)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer).map_err(error)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(pairs: &[(&str, &str)]) -> String {
        Build::of(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()).summary
    }

    #[test]
    fn how_it_was_built_is_told_in_a_line() {
        let plain = [("implementation", "cpython"), ("version", "3.12.1"), ("compiler", "GCC 12.2.0")];
        assert_eq!(build(&plain), "CPython 3.12.1, GCC 12.2.0, no sign of PGO, no sign of LTO");
        let mut optimized = plain.to_vec();
        optimized.push(("CONFIG_ARGS", "'--enable-optimizations' '--with-lto'"));
        optimized.push(("PY_CFLAGS", "-O3 -Wall -g -O2"));
        assert_eq!(build(&optimized), "CPython 3.12.1, GCC 12.2.0, -O2, PGO, LTO");
        let pypy = [("implementation", "pypy"), ("version", "3.10.14"), ("pypy", "7.3.17")];
        assert_eq!(build(&pypy), "PyPy 7.3.17 (Python 3.10.14)");
        let ours = [
            ("implementation", "prism"),
            ("profile", "release"),
            ("rustc", "rustc 1.95.0"),
            ("commit", "0123456789abc"),
        ];
        assert_eq!(build(&ours), "Prism, rustc 1.95.0, cargo profile release, commit 0123456789");
        let mut trained = ours.to_vec();
        trained[1] = ("profile", "dist");
        trained.push(("profile-guided", "yes"));
        assert_eq!(build(&trained), "Prism, rustc 1.95.0, cargo profile dist, PGO, commit 0123456789");
        assert_eq!(build(&[("implementation", "prism")]), "Prism, built elsewhere");
    }

    #[test]
    fn what_is_not_installed_is_left_out_and_says_what_was_tried() {
        let commands = vec!["no-such-python".to_owned(), "/no/such/python".to_owned()];
        let python = PythonDefinition { name: "p".to_owned(), commands, options: Vec::new() };
        let reason = find_python(&python).unwrap_err();
        assert_eq!(reason, "no-such-python is not installed; /no/such/python is not installed");
    }

    #[test]
    fn what_does_not_answer_is_no_interpreter() {
        assert_eq!(probe(Path::new("/bin/true"), &[]).unwrap_err(), "it does not say what it is");
        assert!(probe(Path::new("/bin/false"), &[]).unwrap_err().contains("exit status"));
    }

    #[test]
    fn sums_are_the_published_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let sum = sha256(&path).unwrap();
        assert_eq!(sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
