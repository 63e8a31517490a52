//! A VM for a batch of programs, and what is seen of each.

use super::Configuration;
use super::generator::{HELPERS, HELPERS_NAME, PART};
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::kind::{Kind, shape};
use python_objects::settings::{Flags, Settings};
use python_objects::{Object, Py, R, Value, dict, list, string, tuple};
use python_syntax::Mode;
use python_vm::Interpreter;
use runtime_core::{RuntimeOptions, THREAD_NAME};
use std::any::Any;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::thread;
use vm_api::heap::Heap;

/// Bytes of the native stack of a VM's thread.
const STACK_BYTES: usize = 64 << 20;
/// Bytes of it that are kept back for native code that checks no limit.
const RESERVE_BYTES: usize = 8 << 20;

/// What is seen of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What it printed.
    pub printed: String,
    /// The report of the exception that ended it; empty if none did.
    pub raised: String,
    /// The globals that it left, a line each.
    pub globals: String,
}

impl Outcome {
    /// Did it have too little memory?
    pub(super) fn lacks_memory(&self) -> bool {
        [&self.printed, &self.raised, &self.globals].iter().any(|text| text.contains("MemoryError"))
    }
}

/// Runs programs one after the other in one VM, each in a module of its own.
///
/// # Errors
/// The VM could not be set up, or panicked.
pub fn run(configuration: &Configuration, programs: &[String]) -> Result<Vec<Outcome>, String> {
    let (configuration, programs) = (configuration.clone(), programs.to_vec());
    let body = move || {
        // Everything that the VM holds lies below this word, since `enter` is not inlined here.
        let anchor = 0u64;
        enter(&configuration, &programs, black_box(&raw const anchor) as u64)
    };
    let thread = thread::Builder::new().name(THREAD_NAME.to_owned()).stack_size(STACK_BYTES).spawn(body);
    let thread = thread.map_err(|error| format!("no thread for a VM: {error}"))?;
    thread.join().unwrap_or_else(|payload| Err(format!("the VM panicked: {}", message(&*payload))))
}

/// What a panic said.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("not a text")
}

#[inline(never)]
fn enter(configuration: &Configuration, programs: &[String], stack_base: u64) -> Result<Vec<Outcome>, String> {
    let heap_options = configuration.heap.clone();
    let heap = Heap::new((configuration.collector.create)(&heap_options), heap_options, stack_base);
    let tier = configuration.jit.python_tier(heap.descriptor(), configuration.options, None);
    let tier = tier.map_err(|error| format!("no memory for code: {error}"))?;
    let native_limit = stack_base - (STACK_BYTES - RESERVE_BYTES) as u64;
    let flags = Flags { no_site: true, ignore_environment: true, ..Flags::default() };
    // Hashes of strings are what sets are ordered by.
    let settings = Settings { hash_seed: Some(0), flags, ..Settings::default() };
    let options = RuntimeOptions { native_limit, ..RuntimeOptions::default() };
    let interpreter = Interpreter::new(heap, tier, options, settings)?;
    let py = interpreter.py();
    let file = File(std::env::temp_dir().join(format!("program-{}.py", std::process::id())));
    harness(py, helpers(py))?;
    programs.iter().map(|source| harness(py, observed(py, source, &file))).collect()
}

/// What an exception of the harness's own says: the program's are no errors here.
fn harness<T>(py: Py<'_>, done: R<T>) -> Result<T, String> {
    done.map_err(|_| match Object::from_value(py.take_exception()) {
        Some(e) => format!("the harness failed: {}", stdlib_core::report::summary(py, e)),
        None => "the harness failed".to_owned(),
    })
}

/// Makes the module of what programs share.
fn helpers(py: Py<'_>) -> R<()> {
    let module = py.new_module(HELPERS_NAME)?;
    run_source(py, HELPERS, HELPERS_NAME, py.module_dict(module))?;
    let sys = stdlib_core::import_module(py, "sys")?;
    let modules = Object::of(py.get_attribute_text(sys.value(), "modules")?);
    py.dict_set_text(modules, HELPERS_NAME, module.value())
}

/// Runs a source as a module's code.
fn run_source(py: Py<'_>, source: &str, file: &str, globals: Object) -> R<()> {
    let builtins = stdlib_core::import_module(py, "builtins")?;
    py.dict_set_text(globals, "__builtins__", builtins.value())?;
    let code = compile_source(py, source.as_bytes(), file, Mode::Exec, &CompileFlags::module(py))?;
    py.run_code(code, globals, globals.value()).map(drop)
}

/// The file that programs come from by name: reports of exceptions show their lines. It is written when there is one.
struct File(PathBuf);

impl Drop for File {
    fn drop(&mut self) {
        // Often it was never written.
        _ = std::fs::remove_file(&self.0);
    }
}

/// The parts of a program, each behind as many empty lines as the program has before it.
fn parts(source: &str) -> impl Iterator<Item = String> + '_ {
    let mut before = 0;
    source.split_inclusive(PART).map(move |part| {
        let text = "\n".repeat(before) + part;
        before += part.lines().count();
        text
    })
}

/// Runs a program. The error is a failure of the harness, not of the program.
fn observed(py: Py<'_>, source: &str, file: &File) -> R<Outcome> {
    let sys = stdlib_core::import_module(py, "sys")?;
    let (printed, reported) = (stream(py)?, stream(py)?);
    for (name, stream) in [("stdout", printed), ("stderr", reported)] {
        py.dict_set_text(py.module_dict(sys), name, stream)?;
    }
    let globals = py.module_dict(py.new_module("__main__")?);
    let name = file.0.display().to_string();
    let ended = parts(source).try_for_each(|part| run_source(py, &part, &name, globals));
    if ended.is_err()
        && let Some(e) = Object::from_value(py.take_exception())
    {
        if let Err(error) = std::fs::write(&file.0, source) {
            panic!("cannot write {name}: {error}");
        }
        stdlib_core::report::display(py, e);
    }
    let left = left(py, globals)?;
    Ok(Outcome { printed: text(py, printed)?, raised: text(py, reported)?, globals: left })
}

/// A fresh `io.StringIO`.
fn stream(py: Py<'_>) -> R {
    let io = stdlib_core::import_module(py, "_io")?;
    let class = py.get_attribute_text(io.value(), "StringIO")?;
    py.call(class, &[])
}

/// What was written to one.
fn text(py: Py<'_>, stream: Value) -> R<String> {
    let content = py.call_method(stream, py.intern("getvalue")?, &[])?;
    py.str_text(content).map(|text| without_addresses(&text))
}

/// Parts of a value of which a `repr` is shown. A dictionary in a dictionary in a dictionary, each three times, has them in no time.
const MOST_SHOWN: usize = 100_000;

/// Has the value no more parts than are left? `outer` are the containers that it is in, which `repr` does not show again.
fn may_be_shown(py: Py<'_>, v: Value, outer: &mut Vec<Object>, left: &mut usize) -> bool {
    let Some(o) = Object::from_value(v).filter(|o| !outer.contains(o)) else { return true };
    let Some(fewer) = left.checked_sub(1) else { return false };
    *left = fewer;
    outer.push(o);
    let shown = match py.object_kind(o) {
        // Deeper, `repr` raises a RecursionError.
        _ if outer.len() > 1000 => true,
        Kind::LIST => (0..list::length(o)).all(|i| may_be_shown(py, list::item(o, i), outer, left)),
        Kind::TUPLE if o.shape() == shape::TUPLE => tuple::items(o).all(|item| may_be_shown(py, item, outer, left)),
        Kind::DICT => {
            let mut at = 0;
            std::iter::from_fn(|| {
                let (next, key, value) = dict::next_entry(o, at)?;
                at = next + 1;
                Some([key, value])
            })
            .flatten()
            .all(|part| may_be_shown(py, part, outer, left))
        }
        _ => true,
    };
    outer.pop();
    shown
}

/// The globals as `name = repr`, a line each, in their order.
fn left(py: Py<'_>, globals: Object) -> R<String> {
    let mut out = String::new();
    let mut at = 0;
    // A `repr` may run the program's own code, which may change the dictionary.
    while let Some((next, key, value)) = dict::next_entry(globals, at) {
        at = next + 1;
        let name = py.str_text(key)?;
        if name.starts_with("__") {
            continue;
        }
        if !may_be_shown(py, value, &mut Vec::new(), &mut { MOST_SHOWN }) {
            _ = writeln!(out, "{name} = {} with very many parts", py.class_name(value));
            continue;
        }
        let shown = match py.repr(value) {
            Ok(text) => string::to_rust(text),
            Err(_) => match Object::from_value(py.take_exception()) {
                Some(e) => format!("raises {}", py.class_name(e.value())),
                None => "raises".to_owned(),
            },
        };
        _ = writeln!(out, "{name} = {}", without_addresses(&shown));
    }
    Ok(out)
}

/// A text with its hexadecimal numbers taken out.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("0x");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_seen_by_what_it_prints_raises_and_leaves() {
        let source = "import sys\nprint('said', object())\nx = [1, -0.0]\ndel sys\n{}[x[0]]\n".to_owned();
        let outcomes = run(&Configuration::reference(), &[source, "print('another'); y = 2".to_owned()]);
        let outcomes = outcomes.expect("the VM runs");
        assert_eq!(outcomes[0].printed, "said <object object at 0x>\n");
        assert!(outcomes[0].raised.ends_with("    {}[x[0]]\n    ~~^^^^^^\nKeyError: 1\n"), "{}", outcomes[0].raised);
        assert_eq!(outcomes[0].globals, "x = [1, -0.0]\n");
        assert_eq!(outcomes[1].globals, "y = 2\n");
        assert_eq!((outcomes[1].printed.as_str(), outcomes[1].raised.as_str()), ("another\n", ""));
    }

    #[test]
    fn what_has_very_many_parts_is_not_shown() {
        let source =
            "x, y, z = {}, [], ()\nfor i in range(40): x = {1: x, 2: x}\ny.append(y)\nfor i in range(9): z = z, z\n";
        let outcomes = run(&Configuration::reference(), &[source.to_owned()]).expect("the VM runs");
        let lines: Vec<&str> = outcomes[0].globals.lines().collect();
        assert_eq!(lines[..2], ["x = dict with very many parts", "y = [[...]]"]);
        assert_eq!(lines[2].matches("()").count(), 512);
    }
}
