//! Python programs over the native modules of this crate, `stdlib-numeric` and `stdlib-hashes`. What they print must be what
//! CPython 3.12 printed (`tests/python/*.out`).

use python_objects::native::variadic;
use python_objects::py::root;
use python_objects::state::Settings;
use python_objects::{Args, Native, Object, Py, R, Value};
use python_vm::{Interpreter, Program};
use runtime_core::RuntimeOptions;
use std::cell::RefCell;
use std::path::Path;
use vm_api::heap::{Heap, HeapOptions};

/// Programs run on a thread of their own with so much stack.
const NATIVE_STACK: usize = 256 << 20;

static FUNCTIONS: &[Native] = &[Native::function("print", "*values", print, "")];

fn print(py: Py<'_>, args: Args<'_>) -> R {
    let mut line = Vec::new();
    for v in variadic(args, 0) {
        line.push(py.str_text(v)?);
    }
    let output = py.state().data("test output", RefCell::<String>::default);
    output.borrow_mut().push_str(&(line.join(" ") + "\n"));
    Ok(Value::NONE)
}

fn install(py: Py<'_>) -> R<()> {
    let helpers = py.new_module("helpers")?;
    py.add_functions(helpers, FUNCTIONS)?;
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    for f in FUNCTIONS {
        let Some(v) = py.module_item(helpers, f.name)? else { continue };
        py.dict_set_text(builtins, f.name, v)?;
    }
    Ok(())
}

/// The exit code of a program and what it printed.
fn run(path: &Path) -> (u8, String) {
    let base = 0u64;
    let here = &raw const base as u64;
    let options = HeapOptions::default();
    let heap = Heap::new(gc_generational::create(&options), options, here);
    let options =
        RuntimeOptions { native_limit: here - (NATIVE_STACK as u64 - (4 << 20)), ..RuntimeOptions::default() };
    let settings = Settings { hash_seed: Some(0), ..Settings::default() };
    let interpreter = Interpreter::new(heap, None, options, settings).expect("an interpreter");
    let py = interpreter.py();
    assert!(install(py).is_ok(), "the modules can be made");
    let code = interpreter.run(&Program::Script(path.to_owned()));
    let output = py.state().data("test output", RefCell::<String>::default).take();
    (code, output)
}

#[test]
fn programs_print_what_they_print_under_cpython() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let only = std::env::var("PRISM_TEST").unwrap_or_default();
    let mut programs: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of programs")
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    programs.sort();
    assert!(!programs.is_empty(), "no programs");
    let mut failures = String::new();
    for path in programs {
        let expected = std::fs::read_to_string(path.with_extension("out")).expect("what CPython prints");
        let program = path.clone();
        let thread = std::thread::Builder::new().stack_size(NATIVE_STACK).spawn(move || run(&program));
        let (code, found) = thread.expect("a thread").join().expect("no panic");
        let name = path.display();
        if code != 0 {
            failures.push_str(&format!("{name}: exit code {code}\n"));
        }
        for (i, (e, f)) in expected.lines().zip(found.lines()).enumerate().filter(|(_, (e, f))| e != f).take(10) {
            failures.push_str(&format!("{name} line {}:\n  expected {e}\n  found    {f}\n", i + 1));
        }
        if expected.lines().count() != found.lines().count() {
            failures.push_str(&format!("{name}: {} lines, not {}\n", found.lines().count(), expected.lines().count()));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
