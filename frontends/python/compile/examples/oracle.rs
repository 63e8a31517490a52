//! Compares this compiler with CPython 3.12: `cargo run --release -p python-compile --example oracle -- PATH…`.
//!
//! Every `.py` file below the given folders must be accepted, or refused with the same error at the same place, with the
//! same warnings, and have the same symbol tables (`_symtable`: every name of every block with all its flags). What
//! compiles must verify. Files that do not parse count as the parser's affair. The interpreter is `$PRISM_CPYTHON`, or
//! `python3.12`; where there is none, the program says so and succeeds, since it then has nothing to compare.

use python_compile::scope::{Kind, Resolution, Scope, SymbolTables};
use python_compile::{CompileError, Options, compile, opcodes::OPCODES, symbol_tables};
use python_syntax::{Mode, parse};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let Ok(entries) = std::fs::read_dir(path) else { return };
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().filter(|path| !path.is_symlink()).for_each(|path| files(path, found));
    } else if path.extension().is_some_and(|extension| extension == "py") {
        found.push(path.into());
    }
}

/// How compilation ends, in the form of `tools/oracle.py`; `None` if the source does not parse.
fn outcome(source: &[u8]) -> Option<(String, String)> {
    let parsed = parse(source, "<source>", Mode::Exec, python_syntax::Options::default()).ok()?;
    let tables = match symbol_tables(&parsed.ast) {
        Ok(tables) => table(&tables, 0),
        Err(_) => "SyntaxError".into(),
    };
    let result = match compile(&parsed.ast, "<source>", &Options::default()) {
        Ok((code, warnings)) => {
            let mut out = match vm_code::verify(&code, &OPCODES) {
                Ok(()) => String::from("ok"),
                Err(error) => format!("does not verify: {error}"),
            };
            for warning in warnings {
                let _ = write!(out, " warning {}: {}", warning.span.lineno, warning.message);
            }
            out
        }
        Err(CompileError::Syntax(error)) => {
            let shown = |value: Option<i64>| value.map_or("None".into(), |value| value.to_string());
            format!(
                "{} ({}, {}, {}, {}): {}",
                error.kind.class_name(),
                shown(error.lineno),
                shown(error.offset),
                shown(error.end_lineno),
                shown(error.end_offset),
                error.message
            )
        }
        Err(error) => error.to_string(),
    };
    Some((result.replace('\n', " "), tables))
}

fn table(tables: &SymbolTables, id: usize) -> String {
    let scope: &Scope = &tables.scopes[id];
    let name = |symbol| tables.names.name(symbol);
    let kind = match scope.kind {
        Kind::Module => "module",
        Kind::Function => "function",
        Kind::Class => "class",
        Kind::Annotation => "annotation",
        Kind::TypeVarBound => "bound",
        Kind::TypeAlias => "alias",
        Kind::TypeParameters => "parameters",
    };
    let mut symbols: Vec<(&str, u32)> = scope
        .symbols
        .iter()
        .map(|(symbol, entry)| {
            let resolution = match entry.resolution {
                Resolution::Unknown => 0,
                Resolution::Local => 1,
                Resolution::GlobalExplicit => 2,
                Resolution::GlobalImplicit => 3,
                Resolution::Free => 4,
                Resolution::Cell => 5,
            };
            (name(symbol), u32::from(entry.usage & 0xFFF) | resolution << 12)
        })
        .collect();
    symbols.sort_unstable();
    let symbols: Vec<String> = symbols.iter().map(|(name, flags)| format!("{name}:{flags}")).collect();
    let parameters: Vec<&str> = scope.parameters.iter().map(|&symbol| name(symbol)).collect();
    let children: String = scope.children.iter().map(|&child| table(tables, child)).collect();
    format!(
        "({kind} {} {} [{}] {{{}}}{children})",
        name(scope.name),
        u8::from(scope.nested),
        parameters.join(","),
        symbols.join(",")
    )
}

/// The first place where two texts differ, with what is around it.
fn difference(expected: &str, actual: &str) -> String {
    let at = expected.bytes().zip(actual.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = text.as_bytes();
        String::from_utf8_lossy(&bytes[at.saturating_sub(60).min(bytes.len())..(at + 60).min(bytes.len())]).into_owned()
    };
    format!("    expected …{}…\n    got      …{}…", around(expected), around(actual))
}

fn main() -> std::io::Result<ExitCode> {
    let mut paths = Vec::new();
    std::env::args().skip(1).for_each(|argument| files(Path::new(&argument), &mut paths));
    let python = std::env::var("PRISM_CPYTHON").unwrap_or_else(|_| "python3.12".into());
    let version = Command::new(&python).arg("--version").output();
    if !version.is_ok_and(|version| version.stdout.starts_with(b"Python 3.12")) {
        println!("{python} is no CPython 3.12: nothing to compare with");
        return Ok(ExitCode::SUCCESS);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/oracle.py");
    let mut child =
        Command::new(python).arg(script).arg("files").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(ExitCode::FAILURE);
    };
    let mut lines = BufReader::new(output).lines();
    let (mut same, mut unparsed, mut differ) = (0, 0, 0);
    for path in &paths {
        writeln!(input, "{}", path.display())?;
        input.flush()?;
        let (Some(expected), Some(expected_tables)) = (lines.next(), lines.next()) else { break };
        let (expected, expected_tables) = (expected?, expected_tables?);
        let Some((actual, tables)) = outcome(&std::fs::read(path)?) else {
            unparsed += 1;
            println!("{}: does not parse; CPython: {expected}", path.display());
            continue;
        };
        let refused = !expected.starts_with("ok");
        let expected = if refused { expected.split(" warning ").next().unwrap_or(&expected).into() } else { expected };
        if expected != actual {
            differ += 1;
            println!("{}:\n{}", path.display(), difference(&expected, &actual));
        } else if expected_tables != tables && expected_tables != "SyntaxError" {
            differ += 1;
            println!("{}: symbol tables\n{}", path.display(), difference(&expected_tables, &tables));
        } else {
            same += 1;
        }
    }
    drop(input);
    child.wait()?;
    println!("{same} of {} files the same, {differ} differ, {unparsed} do not parse", paths.len());
    Ok(if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
