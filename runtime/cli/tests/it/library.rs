//! The embedded library whole: what can be imported, and what programs see of its sources.

use super::{code, prism, stderr, stdout};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use stdlib_library::{Fit, files};

/// Modules that end with something else than success or ImportError, and why.
const OTHERWISE: &[(&str, &str)] = &[
    ("antigravity", "opens a browser"),
    ("encodings.raw_unicode_escape", "its codec is not in _codecs"),
    ("encodings.unicode_escape", "its codec is not in _codecs"),
    ("encodings.utf_7", "its codec is not in _codecs"),
    ("genericpath", "os must be imported before, as under CPython"),
];

fn module_name(path: &str) -> String {
    let stem = path.strip_suffix(".py").unwrap_or(path);
    stem.strip_suffix("/__init__").unwrap_or(stem).replace('/', ".")
}

#[test]
fn every_module_is_imported_or_names_what_is_absent() {
    let names: Vec<String> = files()
        .filter(|file| file.fit != Fit::Absent)
        .map(|file| module_name(file.path))
        .filter(|name| !name.ends_with("__main__") && OTHERWISE.iter().all(|(other, _)| other != name))
        .collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Relaxed)) {
                    let program = format!("import {name}");
                    let output = prism(&["-S", "-c", &program]).stdin(Stdio::null()).output().expect("prism starts");
                    let last = stderr(&output).lines().last().unwrap_or_default().to_owned();
                    let absent = last.starts_with("ModuleNotFoundError: ") || last.starts_with("ImportError: ");
                    if output.status.code() != Some(0) && !absent {
                        failures.lock().expect("no panic").push(format!("{name}: {:?} {last}", output.status));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no panic");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn programs_see_the_sources() {
    let program = "
import importlib.resources, inspect, linecache, pkgutil, textwrap
lines, number = inspect.findsource(textwrap.dedent)
print(lines[number].strip(), inspect.getsourcefile(textwrap) == textwrap.__file__)
print(pkgutil.get_data('json', 'tool.py')[:3], textwrap.__loader__.get_source('textwrap')[:3])
print([m.name for m in pkgutil.iter_modules(__import__('json').__path__)])
print('email' in {m.name for m in pkgutil.iter_modules()}, pkgutil.resolve_name('json:loads').__name__)
folder = importlib.resources.files('json')
print(sorted(f.name for f in folder.iterdir()), folder.joinpath('tool.py').read_text()[:3], folder.name)
print(linecache.getline(textwrap.__file__, 1).strip()[:3])
try: pkgutil.get_data('json', 'nothing.txt')
except OSError as e: print(type(e).__name__)
try: import json.nothing
except ImportError as e: print(e)
";
    // What CPython 3.12 prints.
    let expected = "def dedent(text): True\nb'r\"\"' \"\"\"\n['decoder', 'encoder', 'scanner', 'tool']\nTrue loads\n\
                    ['__init__.py', 'decoder.py', 'encoder.py', 'scanner.py', 'tool.py'] r\"\" json\n\"\"\"\nFileNotFoundError\n\
                    No module named 'json.nothing'\n";
    let output = prism(&["-c", program]).output().expect("prism starts");
    assert_eq!((stdout(&output).as_str(), code(&output)), (expected, 0), "{}", stderr(&output));
}

/// `docs/library.md`
fn page() -> String {
    let mut out = "# The standard library\n\nMade from `runtime/stdlib/library/modules.txt`; a test compares, and rewrites it under \
                   `PRISM_BLESS=1`.\n\nThe pure-Python modules of CPython 3.12 are embedded in the binary, from a registry package that \
                   carries them. Those that CPython has in C are native, in Rust (`sys.builtin_module_names` lists them). All of \
                   CPython's files that are not named here are the same bytes, or differ in ways that programs do not notice.\n"
        .to_owned();
    for (fit, title, text) in [
        (
            Fit::Gap,
            "Embedded, with something missing",
            "Something of 3.12 is missing, or something of another version is there.",
        ),
        (
            Fit::Absent,
            "Absent",
            "Importing them raises ModuleNotFoundError. `--stdlib=DIR` uses the files of a CPython instead.",
        ),
        (Fit::Ours, "Ours", "No files of CPython's: part of how Prism carries its library."),
    ] {
        out += &format!("\n## {title}\n\n{text}\n\n| file | why |\n| --- | --- |\n");
        for file in files().filter(|file| file.fit == fit) {
            out += &format!("| `{}` | {} |\n", file.path, file.note);
        }
    }
    let count = |fit| files().filter(|file| file.fit == fit).count();
    out += &format!("\n{} more files are the same bytes, {} nearly so.\n", count(Fit::Same), count(Fit::Near));
    out
}

#[test]
fn the_page_of_the_library_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/library.md");
    if std::env::var_os("PRISM_BLESS").is_some() {
        std::fs::write(path, page()).expect("writable");
    }
    let written = std::fs::read_to_string(path).expect("docs/library.md");
    assert_eq!(written, page(), "run this test again with PRISM_BLESS=1");
}
