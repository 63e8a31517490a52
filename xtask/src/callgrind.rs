//! `cargo xtask callgrind`: instruction counts of a few loops, against the figures in `.ci/callgrind.txt`.
//!
//! A gate is an example program that takes a loop's name and a number of iterations. It runs under callgrind with N and
//! with 2N iterations; the difference, divided by N, is the instructions of one iteration without start and end. Counts do
//! not depend on the machine's load, but on the compiler and the target: the figures name both, and other ones are
//! reported and not compared.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::packages;

const GATES: &str = ".ci/callgrind.txt";

/// How far a count may move, in either direction, before the gate fails.
const TOLERANCE: f64 = 0.03;

const ITERATIONS: u64 = 20_000;

/// A line of the list: `package example loop = instructions`.
#[derive(Clone, Debug, PartialEq)]
struct Gate {
    package: String,
    example: String,
    name: String,
    /// Instructions of one iteration, `None` for a gate that was never measured.
    instructions: Option<f64>,
}

/// The list of gates.
#[derive(Debug, PartialEq)]
struct Gates {
    /// The comment lines at the top.
    head: String,
    /// The compiler and target that the figures are of.
    toolchain: String,
    gates: Vec<Gate>,
}

/// Measures every gate; with `bless` writes the figures, otherwise compares. Gives whether all is well.
pub(crate) fn run(root: &Path, bless: bool) -> Result<bool, String> {
    let text = std::fs::read_to_string(root.join(GATES)).map_err(|error| format!("cannot read {GATES}: {error}"))?;
    let mut list = parse(&text)?;
    if list.gates.is_empty() {
        println!("left out: {GATES} names no loops yet");
        return Ok(true);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("left out: valgrind is not installed");
        return Ok(true);
    }
    let toolchain = toolchain()?;
    let comparable = toolchain == list.toolchain;
    if !comparable && !bless {
        println!("left out: the figures are of {}, this is {toolchain}", list.toolchain);
        return Ok(true);
    }
    let target = packages::target_directory(root)?;
    let mut well = true;
    for gate in &mut list.gates {
        let found = measure(root, &target, gate)?;
        let verdict = verdict(gate.instructions, found);
        let verdict_text = if bless { "written".to_owned() } else { verdict.to_string() };
        println!("{} {}: {found:.2} instructions an iteration; {verdict_text}", gate.example, gate.name);
        well &= bless || verdict == Verdict::Within;
        gate.instructions = Some(found);
    }
    if bless {
        list.toolchain = toolchain;
        std::fs::write(root.join(GATES), render(&list)).map_err(|error| format!("cannot write {GATES}: {error}"))?;
    }
    Ok(well)
}

fn toolchain() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|error| format!("cannot run rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("unknown").to_owned();
    Ok(format!("rustc {} {}", field("release: "), field("host: ")))
}

fn measure(root: &Path, target: &Path, gate: &Gate) -> Result<f64, String> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--package", &gate.package, "--example", &gate.example])
        .current_dir(root)
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !status.success() {
        return Err(format!("example {} of {} does not build", gate.example, gate.package));
    }
    // Examples of several packages have the same name, and so the same path: whoever builds another one meanwhile would have the
    // two runs be of different programs.
    let built = target.join("release/examples").join(&gate.example);
    let program = target.join(format!("callgrind-{}-{}", gate.package, gate.example));
    std::fs::copy(&built, &program).map_err(|error| format!("cannot copy {}: {error}", built.display()))?;
    let once = count(target, &program, gate, ITERATIONS)?;
    let twice = count(target, &program, gate, 2 * ITERATIONS)?;
    Ok((twice as f64 - once as f64) / ITERATIONS as f64)
}

fn count(target: &Path, program: &Path, gate: &Gate, iterations: u64) -> Result<u64, String> {
    let profile: PathBuf = target.join(format!("callgrind-{}-{}-{}.out", gate.package, gate.example, gate.name));
    let output = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args([&gate.name, &iterations.to_string()])
        .output()
        .map_err(|error| format!("cannot run valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{} {} under valgrind: {}\n{}",
            gate.example,
            gate.name,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let text = std::fs::read_to_string(&profile).map_err(|error| format!("no profile: {error}"))?;
    total(&text).ok_or_else(|| "the profile has no total".to_owned())
}

/// The instructions of a whole run, from callgrind's profile.
fn total(profile: &str) -> Option<u64> {
    profile
        .lines()
        .find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")))?
        .trim()
        .parse()
        .ok()
}

/// What a measured count means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Within,
    /// By which part of the expected count it is off.
    Off(f64),
    NeverMeasured,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verdict::Within => f.write_str("as expected"),
            Verdict::Off(part) => write!(f, "FAILS: {:+.1} % from the figure in {GATES}", part * 100.0),
            Verdict::NeverMeasured => write!(f, "FAILS: {GATES} has no figure (--bless writes it)"),
        }
    }
}

/// Too few instructions fail as well: a gain not written down would hide the next loss, and a loop that the compiler
/// removed measures nothing.
fn verdict(expected: Option<f64>, found: f64) -> Verdict {
    match expected {
        None => Verdict::NeverMeasured,
        Some(expected) if expected > 0.0 && ((found - expected) / expected).abs() <= TOLERANCE => Verdict::Within,
        Some(expected) => Verdict::Off((found - expected) / expected),
    }
}

fn parse(text: &str) -> Result<Gates, String> {
    let mut list = Gates { head: String::new(), toolchain: String::new(), gates: Vec::new() };
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') {
            list.head.push_str(line);
            list.head.push('\n');
        } else if let Some(toolchain) = line.strip_prefix("toolchain: ") {
            list.toolchain = toolchain.to_owned();
        } else if !line.is_empty() {
            let (words, figure) = line.split_once('=').unwrap_or((line, ""));
            let instructions = match figure.trim() {
                "" => None,
                figure => Some(figure.parse().map_err(|_| format!("{GATES}:{}: {figure:?} is no number", index + 1))?),
            };
            let words: Vec<&str> = words.split_whitespace().collect();
            let &[package, example, name] = words.as_slice() else {
                return Err(format!("{GATES}:{}: expected `package example loop = instructions`", index + 1));
            };
            let (package, example, name) = (package.to_owned(), example.to_owned(), name.to_owned());
            list.gates.push(Gate { package, example, name, instructions });
        }
    }
    Ok(list)
}

fn render(list: &Gates) -> String {
    let mut out = format!("{}toolchain: {}\n\n", list.head, list.toolchain);
    for gate in &list.gates {
        let figure = gate.instructions.map_or(String::new(), |figure| format!(" = {figure:.2}"));
        let _ = writeln!(out, "{} {} {}{figure}", gate.package, gate.example, gate.name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_may_move_by_the_tolerance_only() {
        assert_eq!(verdict(Some(100.0), 102.9), Verdict::Within);
        assert_eq!(verdict(Some(100.0), 97.1), Verdict::Within);
        assert!(matches!(verdict(Some(100.0), 103.1), Verdict::Off(part) if part > 0.0));
        assert!(matches!(verdict(Some(100.0), 0.0), Verdict::Off(part) if part < 0.0));
        assert_eq!(verdict(None, 1.0), Verdict::NeverMeasured);
        assert!(matches!(verdict(Some(0.0), 0.0), Verdict::Off(_)), "a loop of no instructions measures nothing");
    }

    #[test]
    fn the_list_survives_a_round_trip() {
        let text = "# Loops.\ntoolchain: rustc 1.0.0 x86_64\n\nengines loops add = 12.50\nengines loops call\n";
        let list = parse(text).expect("well formed");
        assert_eq!(list.gates[0].instructions, Some(12.5));
        assert_eq!(list.gates[1].instructions, None);
        assert_eq!(render(&list), text);
    }

    #[test]
    fn lines_of_another_form_are_errors() {
        assert!(parse("engines loops = 3").is_err());
        assert!(parse("engines loops add = many").is_err());
    }

    #[test]
    fn the_total_is_read_from_the_profile() {
        assert_eq!(total("version: 1\nevents: Ir\nfn=(1)\n1 2\ntotals: 1234\n"), Some(1234));
        assert_eq!(total("events: Ir\n"), None);
    }
}
