//! Compares this parser with CPython 3.12: `cargo run --release --example oracle -- [--show N] WHAT…`.
//!
//! WHAT is a folder or a `.py` file (every `.py` file below is parsed as bytes), or a file of requests as
//! `tools/collect.py` writes it (named `*.requests`), or `--mutate SEED COUNT FOLDER` (seeded damage to files below).
//! The interpreter is `$PRISM_CPYTHON`, or `python3.12`; where there is none, the program says so and succeeds, since
//! it then has nothing to compare. Acceptance, dump with positions, warnings; or class, message and positions of the
//! error must be equal; the exit code tells.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};

use python_syntax::{Mode, Options, dump, parse};

/// One source to compare.
struct Request {
    name: String,
    mode: Mode,
    text: bool,
    source: Vec<u8>,
}

struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    fn start() -> Option<Oracle> {
        let python = std::env::var("PRISM_CPYTHON").unwrap_or_else(|_| "python3.12".into());
        let version = Command::new(&python).arg("--version").output().ok()?;
        if !version.stdout.starts_with(b"Python 3.12") {
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/expected.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let input = child.stdin.take()?;
        let output = BufReader::new(child.stdout.take()?);
        Some(Oracle { child, input, output })
    }

    fn ask(&mut self, request: &Request) -> std::io::Result<String> {
        let mode = match request.mode {
            Mode::Exec => "exec",
            Mode::Eval => "eval",
            Mode::Single => "single",
            Mode::FunctionType => "func_type",
        };
        let mut line = format!("{mode} {} ", if request.text { "text" } else { "bytes" });
        for byte in &request.source {
            line.push_str(&format!("{byte:02x}"));
        }
        line.push('\n');
        self.input.write_all(line.as_bytes())?;
        self.input.flush()?;
        let mut answer = Vec::new();
        self.output.read_until(b'\n', &mut answer)?;
        answer.pop();
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// Our answer in the form of `tools/expected.py`.
fn ours(request: &Request) -> String {
    let options = Options { ignore_cookie: request.text, ..Options::default() };
    match parse(&request.source, "<string>", request.mode, options) {
        Ok(parsed) => {
            let mut warnings: Vec<String> = parsed
                .warnings
                .iter()
                .map(|warning| format!("{}:{}:{}", warning.lineno, warning.kind.class_name(), warning.message))
                .collect();
            warnings.sort();
            warnings.dedup();
            format!("ok\x1f{}\x1f{}", dump(&parsed.ast, true), warnings.join(" | "))
        }
        Err(error) => {
            let number = |value: Option<i64>| value.map_or("None".to_owned(), |value| value.to_string());
            format!(
                "error\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}",
                error.kind.class_name(),
                error.message,
                number(error.lineno),
                number(error.offset),
                number(error.end_lineno),
                number(error.end_offset)
            )
            .replace('\n', "\\n")
        }
    }
}

fn files_below(path: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        entries.sort();
        for entry in entries {
            files_below(&entry, found)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "py") {
        found.push(path.to_owned());
    }
    Ok(())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len() / 2).map(|index| u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()).collect()
}

fn requests_in(path: &Path, found: &mut Vec<Request>) -> std::io::Result<()> {
    for (index, line) in std::fs::read_to_string(path)?.lines().enumerate() {
        let mut words = line.splitn(3, ' ');
        let (Some(mode), Some(kind), Some(source)) = (words.next(), words.next(), words.next()) else { continue };
        let mode = match mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let Some(source) = from_hex(source) else { continue };
        let name = format!("{}:{}", path.display(), index + 1);
        found.push(Request { name, mode, text: kind == "text", source });
    }
    Ok(())
}

/// A small generator (SplitMix64): the same seed gives the same damage everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }
}

/// Splits text into words, numbers, blanks and single other characters.
fn pieces(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|last| class(last) != class(c) || class(c) == 2) {
            pieces.push(&text[start..at]);
            start = at;
        }
        last = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

/// Deletes, doubles, swaps or replaces one piece, or deletes or doubles a line, of a stretch of a file.
fn mutate(source: &str, random: &mut Random) -> String {
    const INSERTED: [&str; 34] = [
        "(", ")", "[", "]", "{", "}", ":", ",", "=", "==", ":=", ".", "*", "**", "if", "else", "for", "in", "lambda",
        "def", "'", "\"", "f'{", "0_", "1x", "\\", "import", "as", "print x", "not", "await", "\t", "!", "->",
    ];
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let length = 1 + random.below(40);
    let from = random.below(lines.len().saturating_sub(length));
    let mut lines: Vec<&str> = lines[from..(from + length).min(lines.len())].to_vec();
    if lines.is_empty() {
        return String::new();
    }
    let line = random.below(lines.len());
    match random.below(10) {
        0 => {
            lines.remove(line);
        }
        1 => lines.insert(line, lines[line]),
        choice => {
            let mut words = pieces(lines[line]);
            let at = random.below(words.len());
            match choice {
                2 | 3 => {
                    words.remove(at);
                }
                4 => words.insert(at, words[at]),
                5 => {
                    let other = random.below(words.len());
                    words.swap(at, other);
                }
                6 | 7 => words[at] = INSERTED[random.below(INSERTED.len())],
                _ => words.insert(at, INSERTED[random.below(INSERTED.len())]),
            }
            let damaged = words.concat();
            let before = lines[..line].concat();
            return before + &damaged + &lines[line + 1..].concat();
        }
    }
    lines.concat()
}

fn mutations(seed: u64, count: usize, folder: &Path, found: &mut Vec<Request>) -> std::io::Result<()> {
    let mut files = Vec::new();
    files_below(folder, &mut files)?;
    let mut random = Random(seed);
    for number in 0..count {
        let file = &files[random.below(files.len())];
        let Ok(source) = std::fs::read_to_string(file) else { continue };
        let source = mutate(&source, &mut random).into_bytes();
        found.push(Request {
            name: format!("mutation {number} of {}", file.display()),
            mode: Mode::Exec,
            text: true,
            source,
        });
    }
    Ok(())
}

fn run() -> std::io::Result<ExitCode> {
    let mut requests = Vec::new();
    let mut show = 20;
    let mut arguments = std::env::args().skip(1);
    let number = |arguments: &mut dyn Iterator<Item = String>| -> usize {
        arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1)
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--show" => show = number(&mut arguments),
            "--mutate" => {
                let seed = number(&mut arguments) as u64;
                let count = number(&mut arguments);
                let folder = arguments.next().unwrap_or_default();
                mutations(seed, count, Path::new(&folder), &mut requests)?;
            }
            path if path.ends_with(".requests") => requests_in(Path::new(path), &mut requests)?,
            path => {
                let mut files = Vec::new();
                files_below(Path::new(path), &mut files)?;
                for file in files {
                    let source = std::fs::read(&file)?;
                    requests.push(Request { name: file.display().to_string(), mode: Mode::Exec, text: false, source });
                }
            }
        }
    }
    let Some(mut oracle) = Oracle::start() else {
        println!("skipped: no CPython 3.12 (set PRISM_CPYTHON)");
        return Ok(ExitCode::SUCCESS);
    };
    let (mut accepted, mut refused, mut different) = (0usize, 0usize, 0usize);
    for request in &requests {
        let expected = oracle.ask(request)?;
        let found = ours(request);
        if expected == found {
            *(if expected.starts_with("ok") { &mut accepted } else { &mut refused }) += 1;
            continue;
        }
        different += 1;
        if different <= show {
            let at = expected.bytes().zip(found.bytes()).take_while(|(a, b)| a == b).count();
            let from =
                if expected.starts_with("error") || found.starts_with("error") { 0 } else { at.saturating_sub(60) };
            let part = |text: &str| -> String { text.bytes().skip(from).take(260).map(char::from).collect() };
            println!("--- {}", request.name);
            if request.source.len() < 3000 {
                println!("{}", String::from_utf8_lossy(&request.source));
            }
            println!("CPython: {}\nours:    {}", part(&expected), part(&found));
        }
    }
    println!("{accepted} accepted alike, {refused} refused alike, {different} different");
    drop(oracle.input);
    oracle.child.wait()?;
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("oracle: {error}");
            ExitCode::FAILURE
        }
    }
}
