//! What the optimizer is told of how often code runs: counts that an instrumented `prism` writes while it works.
//!
//! It runs the programs of `experiments/programs` (the suite of our own), and the test programs of `runtime/cli`: what
//! Python programs do in general, as CPython trains its distributions on its tests. The test programs run compiled, too, so that
//! the compilers are counted. Nothing of pyperformance is among them, so that figures of it say what other programs can expect.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{emptied, output, succeed};

/// Runs a program of the suite: folder, module, argument, expected result.
const RUN: &str = "
import sys
folder, name, argument, expected = sys.argv[1:]
sys.path.insert(0, folder)
result = __import__(name).run(int(argument))
if str(result) != expected:
    sys.exit(f'{name} computed {result}, not {expected}')
";

/// A training: where the counts lie, and the tool that merges them.
pub(super) struct Training {
    counts: PathBuf,
    scratch: PathBuf,
    /// What was counted in all.
    pub(super) merged: PathBuf,
    /// What a start alone counted.
    pub(super) started: PathBuf,
    /// The tool that merges and shows counts.
    pub(super) tool: PathBuf,
}

impl Training {
    /// # Errors
    /// If there is no tool for this compiler's counts.
    pub(super) fn new(work: &Path) -> Result<Training, String> {
        Ok(Training {
            tool: find_tool()?,
            counts: emptied(&work.join("counts"))?,
            scratch: emptied(&work.join("scratch"))?,
            merged: work.join("prism.profdata"),
            started: work.join("start.profdata"),
        })
    }
    /// The compiler's flag for a binary that counts.
    pub(super) fn counting(&self) -> String {
        // Room for the counts of more values (lengths, callees) than the default of one a place.
        format!("-Cprofile-generate={} -Cllvm-args=-vp-counters-per-site=4", self.counts.display())
    }
    /// Has a command of that binary write its counts where the others do.
    pub(super) fn count(&self, command: &mut Command) {
        // Processes add to a few files instead of writing one each.
        command.env("LLVM_PROFILE_FILE", self.counts.join("%4m.profraw"));
    }
    /// Counts what a start executes that finds its library compiled in `cache`.
    pub(super) fn start(&self, prism: &Path, cache: &Path) -> Result<(), String> {
        let raw = self.started.with_extension("profraw");
        let mut command = Command::new(prism);
        command.args(["-c", "pass"]).env("XDG_CACHE_HOME", cache).env("LLVM_PROFILE_FILE", &raw);
        succeed(&mut command)?;
        self.merge(&raw, &self.started)
    }
    /// Trains.
    pub(super) fn run(&self, root: &Path, prism: &Path) -> Result<(), String> {
        let suite = root.join("experiments/programs");
        let table = suite.join("checksums.txt");
        let text = std::fs::read_to_string(&table).map_err(|e| format!("{}: {e}", table.display()))?;
        for row in text.lines().filter(|line| !line.starts_with('#')) {
            let &[name, size, argument, checksum] = &row.split_whitespace().collect::<Vec<_>>()[..] else {
                return Err(format!("{}: {row:?} is no row", table.display()));
            };
            // The interpreter on the default collector at length, since it is what is slow; the others, so that their code is not
            // taken for code that never runs.
            let components: &[[&str; 2]] = match size {
                "normal" => &[["--gc=generational", "--jit=off"]],
                "small" => &[
                    ["--gc=generational", "--jit=tiered"],
                    ["--gc=semispace", "--jit=off"],
                    ["--gc=marksweep", "--jit=template"],
                    ["--gc=satb", "--jit=off"],
                    ["--gc=none", "--jit=cranelift"],
                ],
                // Heaps of gigabytes, for studies.
                _ => &[],
            };
            for components in components {
                let mut command = Command::new(prism);
                command.args(components).args(["-c", RUN]).arg(&suite).args([name, argument, checksum]);
                self.train(&mut command)?;
            }
        }
        // Compilers run for little of a program's time, and what runs little is optimized for its size: thresholds this low have them
        // compile about everything.
        let components: [&[&str]; 3] = [
            &["--jit=off"],
            &["--jit=template", "--jit-threshold=4", "--jit-compile=waiting"],
            &["--jit=cranelift", "--jit-threshold=40", "--jit-compile=waiting"],
        ];
        for program in programs(&root.join("runtime/cli/tests/python"))? {
            for components in components {
                let mut command = Command::new(prism);
                // What it prints is compared by the tests; some end with an exception.
                command
                    .args(components)
                    .arg(&program)
                    .env("PYTHONHASHSEED", "0")
                    .stdout(Stdio::null())
                    .stderr(Stdio::null());
                self.count_run(&mut command)?;
            }
        }
        Ok(())
    }
    fn train(&self, command: &mut Command) -> Result<(), String> {
        if self.count_run(command)? { Ok(()) } else { Err("the training failed".to_owned()) }
    }
    fn count_run(&self, command: &mut Command) -> Result<bool, String> {
        self.count(command);
        command.current_dir(&self.scratch).stdin(Stdio::null()).env_remove("PRISM_STDLIB");
        let status = command.status().map_err(|e| format!("{}: {e}", command.get_program().display()))?;
        Ok(status.success())
    }
    /// The compiler's flag for a binary that is optimized by what was counted.
    pub(super) fn counted(&self) -> Result<String, String> {
        self.merge(&self.counts, &self.merged)?;
        Ok(format!("-Cprofile-use={}", self.merged.display()))
    }
    fn merge(&self, counts: &Path, into: &Path) -> Result<(), String> {
        output(Command::new(&self.tool).arg("merge").arg("-o").args([into, counts])).map(drop)
    }
}

/// An `llvm-profdata` of an LLVM that reads this compiler's counts.
fn find_tool() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("LLVM_PROFDATA") {
        return Ok(given.into());
    }
    let libraries = output(Command::new("rustc").args(["--print", "target-libdir"]))?;
    let own = Path::new(libraries.trim()).with_file_name("bin").join("llvm-profdata");
    // The form of the counts has been the same since LLVM 19.
    let others = (19..=23).rev().map(|version| format!("llvm-profdata-{version}").into());
    let runs = |tool: &PathBuf| output(Command::new(tool).arg("--version")).is_ok();
    std::iter::once(own).chain(others).find(runs).ok_or_else(|| {
        "training needs llvm-profdata (`rustup component add llvm-tools`, or LLVM 19 or newer, or its path in LLVM_PROFDATA); \
         without training: cargo xtask dist --untrained"
            .to_owned()
    })
}

fn programs(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(|e| Ok(e?.path())).collect());
    let mut found: Vec<PathBuf> = entries.map_err(|e: std::io::Error| format!("{}: {e}", folder.display()))?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    found.sort();
    Ok(found)
}
