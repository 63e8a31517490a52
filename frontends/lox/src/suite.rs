//! Runs Lox tests, whose expectations stand in their comments.
//!
//! | comment | means |
//! | --- | --- |
//! | `// expect: X` | the next line of output is `X` |
//! | `// expect runtime error: X` | the program ends with the error `X` on this line, exit code 70 |
//! | `// Error at 'x': X` | a compile error on this line, exit code 65 |
//! | `// [line 3] Error at 'x': X` | a compile error on line 3; `[c line 3]` for a bytecode compiler only, which we are; `[java line 3]` for the other implementation only |
//! | `// nontest` | the file is no test |
//!
//! The rules are those of the language's public test suite, so [`run_suite`] runs that as well as our own tests. Its
//! folders `benchmark`, `scanning` and `expressions` are for other programs and left out.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The exit code after a compile error (`EX_DATAERR`).
pub const COMPILE_ERROR: i32 = 65;
/// The exit code after a runtime error (`EX_SOFTWARE`).
pub const RUNTIME_ERROR: i32 = 70;

const LEFT_OUT: [&str; 3] = ["benchmark", "scanning", "expressions"];

/// What a program did.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What it printed.
    pub stdout: String,
    /// Its errors.
    pub stderr: String,
    /// 0, [`COMPILE_ERROR`] or [`RUNTIME_ERROR`].
    pub exit_code: i32,
}

/// What a suite did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many tests passed.
    pub passed: usize,
    /// How many expectations they held.
    pub expectations: usize,
    /// The tests that failed, each with what was wrong.
    pub failures: Vec<(PathBuf, Vec<String>)>,
}

/// Runs every test below `dir`, in order of their names.
pub fn run_suite(dir: &Path, run: &mut dyn FnMut(&Path, &str) -> Outcome) -> io::Result<Report> {
    let mut report = Report::default();
    for path in test_files(dir)? {
        let source = std::fs::read_to_string(&path)?;
        let Some(expected) = Expectations::read(&source) else { continue };
        let problems = expected.check(&run(&path, &source));
        report.expectations += expected.count();
        if problems.is_empty() { report.passed += 1 } else { report.failures.push((path, problems)) }
    }
    Ok(report)
}

/// Every `.lox` file below `dir` that may be a test, in order of their names.
pub fn test_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(dir, &mut files)?;
    Ok(files)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = std::fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if !LEFT_OUT.iter().any(|name| path.ends_with(name)) {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "lox") {
            files.push(path);
        }
    }
    Ok(())
}

/// What a test's comments ask for.
#[derive(Debug, Default)]
pub struct Expectations {
    /// Lines of output, each with the line of the test that expects it.
    output: Vec<(usize, String)>,
    /// Compile errors as `[3] Error at 'x': X`.
    compile_errors: BTreeSet<String>,
    /// Line and message of the error that ends the program.
    runtime_error: Option<(usize, String)>,
}

impl Expectations {
    /// Reads the comments of a test; `None` if it is no test.
    pub fn read(source: &str) -> Option<Self> {
        let mut expected = Expectations::default();
        for (line, text) in source.lines().enumerate().map(|(index, text)| (index + 1, text)) {
            if text.contains("// nontest") {
                return None;
            }
            if let Some(output) = after(text, "// expect:") {
                expected.output.push((line, output.strip_prefix(' ').unwrap_or(output).to_owned()));
            } else if let Some(error) = after(text, "// Error") {
                expected.compile_errors.insert(format!("[{line}] Error{error}"));
            } else if let Some((language, error)) = error_elsewhere(text) {
                if language != "java " {
                    expected.compile_errors.insert(error);
                }
            } else if let Some(message) = after(text, "// expect runtime error: ") {
                expected.runtime_error = Some((line, message.to_owned()));
            }
        }
        Some(expected)
    }

    fn count(&self) -> usize {
        self.output.len() + self.compile_errors.len() + usize::from(self.runtime_error.is_some())
    }

    /// Everything in which `outcome` differs from what is expected.
    pub fn check(&self, outcome: &Outcome) -> Vec<String> {
        let mut problems = Vec::new();
        match &self.runtime_error {
            Some((line, message)) => check_runtime_error(*line, message, &outcome.stderr, &mut problems),
            None => self.check_compile_errors(&outcome.stderr, &mut problems),
        }
        let exit_code = match (&self.runtime_error, self.compile_errors.is_empty()) {
            (Some(_), _) => RUNTIME_ERROR,
            (None, false) => COMPILE_ERROR,
            (None, true) => 0,
        };
        if outcome.exit_code != exit_code {
            problems.push(format!("exit code {} instead of {exit_code}", outcome.exit_code));
        }
        let printed: Vec<&str> = outcome.stdout.lines().collect();
        for (index, (line, wanted)) in self.output.iter().enumerate() {
            match printed.get(index) {
                Some(got) if got == wanted => {}
                Some(got) => problems.push(format!("line {line}: printed '{got}' instead of '{wanted}'")),
                None => problems.push(format!("line {line}: did not print '{wanted}'")),
            }
        }
        let surplus = printed.iter().skip(self.output.len());
        problems.extend(surplus.map(|got| format!("printed '{got}' when nothing more was expected")));
        problems
    }

    fn check_compile_errors(&self, stderr: &str, problems: &mut Vec<String>) {
        let mut missing = self.compile_errors.clone();
        for line in stderr.lines().filter(|line| !line.is_empty()) {
            let error = numbered_line(line).map(|(number, rest)| format!("[{number}]{rest}"));
            match error.filter(|error| self.compile_errors.contains(error)) {
                Some(error) => _ = missing.remove(&error),
                None => problems.push(format!("unexpected error: {line}")),
            }
        }
        problems.extend(missing.iter().map(|error| format!("missing error: {error}")));
    }
}

fn check_runtime_error(line: usize, message: &str, stderr: &str, problems: &mut Vec<String>) {
    let mut lines = stderr.lines();
    match lines.next() {
        Some(first) if first == message => {}
        got => problems.push(format!("runtime error {got:?} instead of '{message}'")),
    }
    match lines.find_map(numbered_line) {
        Some((number, _)) if number == line => {}
        Some((number, _)) => problems.push(format!("runtime error on line {number} instead of {line}")),
        None => problems.push("no stack trace".to_owned()),
    }
}

/// What follows `mark` in `text`.
fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// Number and remainder of a line that begins `[line N]`.
fn numbered_line(text: &str) -> Option<(usize, &str)> {
    let (number, rest) = after(text, "[line ")?.split_once(']')?;
    Some((number.parse().ok()?, rest))
}

/// Language mark and error of a comment `// [line N] Error…`, which names a line other than its own.
fn error_elsewhere(text: &str) -> Option<(&'static str, String)> {
    let marks = ["", "c ", "java "].into_iter();
    marks.filter_map(|language| Some((language, after(text, &format!("// [{language}line "))?))).find_map(
        |(language, rest)| {
            let (number, error) = rest.split_once("] ")?;
            let number: usize = number.parse().ok()?;
            error.starts_with("Error").then(|| (language, format!("[{number}] {error}")))
        },
    )
}
