//! The table of options as text: `--help`, and the page `docs/command-line.md`.

use super::table::{GROUPS, OPTIONS, OptionSpec};
use std::fmt::Write as _;

/// The synopsis.
pub(crate) const USAGE: &str = "prism [option] ... [-c cmd | -m mod | file | -] [arg] ...";

/// Exit codes and their meaning.
pub(crate) const EXIT_CODES: &[(u8, &str)] = &[
    (0, "the program ended well"),
    (1, "the program ended by an exception that nobody handled; a test of a suite failed"),
    (2, "the command line is wrong, a file cannot be read, or something is asked for that does not exist yet"),
    (65, "a Lox program has errors (EX_DATAERR)"),
    (70, "a Lox program ended by a runtime error (EX_SOFTWARE)"),
    (python_vm::STOPPED, "the program was stopped by -X max-steps (EX_TEMPFAIL)"),
    (crate::crash::EXIT_CODE, "the VM itself failed: a crash report is on standard error"),
];

const HELP_WIDTH: usize = 100;
const HELP_INDENT: usize = 26;

/// What `--help` prints.
pub(crate) fn help() -> String {
    let mut out = format!("usage: {USAGE}\n");
    for &(group, title) in GROUPS {
        _ = writeln!(out, "\n{title}:");
        for spec in OPTIONS.iter().filter(|spec| spec.group == group) {
            let names = format!("  {}", names(spec));
            let mut lines = wrap(spec.about, HELP_WIDTH - HELP_INDENT).into_iter();
            if names.len() + 2 > HELP_INDENT {
                _ = writeln!(out, "{names}");
            } else {
                _ = writeln!(out, "{names:HELP_INDENT$}{}", lines.next().unwrap_or_default());
            }
            for line in lines {
                _ = writeln!(out, "{:HELP_INDENT$}{line}", "");
            }
        }
    }
    out.push_str("\nExit codes:\n");
    for (code, meaning) in EXIT_CODES {
        _ = writeln!(out, "{code:5}  {meaning}");
    }
    out
}

/// `docs/command-line.md`.
#[cfg(test)]
fn page() -> String {
    let mut out = format!(
        "# The command line\n\nMade from `runtime/cli/src/options/table.rs`; a test compares, and rewrites it under \
         `PRISM_BLESS=1`.\n\n    {USAGE}\n\nShort options bundle as in CPython. A long option takes its value after `=` \
         \
         or, unless the value stands in brackets, as the next argument. Options end at the first argument that is none, at `-c`, at `-m`, or at `--`. A file \
         whose name ends in `.lox` is run as Lox, everything else as Python.\n"
    );
    for &(group, title) in GROUPS {
        _ = write!(out, "\n## {title}\n\n| option | meaning |\n| --- | --- |\n");
        for spec in OPTIONS.iter().filter(|spec| spec.group == group) {
            _ = writeln!(out, "| `{}` | {} |", names(spec), spec.about);
        }
    }
    out.push_str("\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
    for (code, meaning) in EXIT_CODES {
        _ = writeln!(out, "| {code} | {meaning} |");
    }
    out
}

/// `-V, --version` or `--heap=SIZE`.
fn names(spec: &OptionSpec) -> String {
    let value = spec.value.unwrap_or_default();
    let short = spec.short.map(|c| if value.is_empty() { format!("-{c}") } else { format!("-{c} {value}") });
    let long = spec.long.map(|name| match value {
        "" => format!("--{name}"),
        _ if spec.optional => format!("--{name}[={value}]"),
        _ => format!("--{name}={value}"),
    });
    short.into_iter().chain(long).collect::<Vec<_>>().join(", ")
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].len() + 1 + word.len() > width {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/command-line.md");
        if std::env::var_os("PRISM_BLESS").is_some() {
            std::fs::write(path, page()).expect("writable");
        }
        let written = std::fs::read_to_string(path).expect("docs/command-line.md");
        assert_eq!(written, page(), "run this test again with PRISM_BLESS=1");
    }

    #[test]
    fn names_are_unique_and_help_is_no_wider_than_it_says() {
        for (index, spec) in OPTIONS.iter().enumerate() {
            assert!(spec.short.is_some() || spec.long.is_some());
            for other in &OPTIONS[..index] {
                assert!(spec.short.is_none() || spec.short != other.short, "{:?} twice", spec.short);
                assert!(spec.long.is_none() || spec.long != other.long, "{:?} twice", spec.long);
            }
            assert!(help().contains(&names(spec)), "{} is not in the help", names(spec));
        }
        for line in help().lines() {
            assert!(line.len() <= HELP_WIDTH + 20, "{line}");
        }
    }
}
