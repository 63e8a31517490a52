//! What the interpreter takes for a few loops: `cargo bench -p python-vm`.
//!
//! Each loop runs on `Direct`, as `prism` does with `--jit=off`, a thousand iterations a call; the throughput is that of
//! iterations. The collector is the one that never collects, so that the times are the interpreter's. For the cost of one
//! instruction divide by the opcodes of the loop (ARCHITECTURE.md names them); for counts that do not depend on the machine
//! see `cargo xtask callgrind`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use python_objects::settings::Settings;
use python_objects::{Object, Py, R, Value, py::root};
use python_vm::{Interpreter, Program};
use runtime_core::RuntimeOptions;
use std::time::Duration;
use vm_api::heap::{Heap, HeapOptions};

const ITERATIONS: i64 = 1000;

/// Name, body of the loop, and the result for a thousand iterations.
const LOOPS: &[(&str, &str, i64)] = &[
    ("empty", "pass", 0),
    ("add", "s = s + i", 499_500),
    ("compare", "if i < n: s = s + 1", 1000),
    ("attribute", "s = s + p.x", 1000),
    ("index", "s = s + l[1]", 2000),
    ("call", "s = f(s)", 1000),
    ("method", "s = p.next(s)", 1000),
];

fn source(body: &str) -> String {
    format!(
        "
class Point:
    def __init__(self):
        self.x = 1
    def next(self, x):
        return x + 1
def f(x):
    return x + 1
def timed(n):
    p, l, s = Point(), [1, 2, 3], 0
    for i in range(n):
        {body}
    return s
"
    )
}

/// The function `timed` of the module that the source made.
fn timed(py: Py<'_>) -> R<Option<Value>> {
    let modules = Object::of(py.root(root::MODULES));
    let name = py.str("__main__")?;
    let Some(main) = py.dict_get(modules, name)?.and_then(Object::from_value) else { return Ok(None) };
    py.module_item(main, "timed")
}

fn loops(c: &mut Criterion) {
    let mut group = c.benchmark_group("dispatch");
    group.throughput(Throughput::Elements(ITERATIONS as u64)).measurement_time(Duration::from_secs(2));
    for (name, body, expected) in LOOPS {
        let options = HeapOptions { limit: 16 << 30, ..HeapOptions::default() };
        let stack_base = 0u64;
        let heap = Heap::new(gc_none::create(&options), options, &raw const stack_base as u64);
        let settings = Settings { hash_seed: Some(0), ..Settings::default() };
        let interpreter = Interpreter::new(heap, None, RuntimeOptions::default(), settings).expect("an interpreter");
        assert_eq!(interpreter.run(&Program::Command(source(body))), 0, "{name}: the program runs");
        let py = interpreter.py();
        let Ok(Some(timed)) = timed(py) else { panic!("{name}: no function") };
        let once = || match py.call(timed, &[Value::int(ITERATIONS)]) {
            Ok(result) => assert_eq!(result, Value::int(*expected), "{name}: the result"),
            Err(_) => panic!("{name}: the loop raised"),
        };
        group.bench_function(*name, |b| b.iter(once));
    }
    group.finish();
}

criterion_group!(benches, loops);
criterion_main!(benches);
