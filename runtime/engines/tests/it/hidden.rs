//! Hidden code and exceptions on every engine: each program has an answer that follows from what it says, and every engine
//! must give it, with the same trace of places that exceptions passed.

use crate::toy::{self, TYPE_ERROR, Toy, ToyState, Toyer};
use crate::{BACKENDS, NewStages};
use crate::{COLLECTORS, Create, suspend};
use runtime_core::{Runtime, RuntimeOptions, Tier};
use runtime_engines::TierOptions;
use runtime_engines::build::{BuildOptions, Mode};
use std::sync::Arc;
use vm_api::code::{Code, Constant};
use vm_api::engine::{CodeIndex, Language};
use vm_api::heap::stress::Stress;
use vm_api::heap::{Heap, HeapOptions, Value};
use vm_testkit::NoFastPaths;

/// A program: its functions, each given those before it as its last parameters' values, the last one the main function,
/// which takes all others; and the answer (`Err` for an exception that nobody catches).
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) functions: Vec<Arc<Code>>,
    pub(crate) answer: Result<Value, Value>,
}

pub(crate) fn int(i: i64) -> Constant {
    Constant::Int(i)
}

/// Sums `0..n`, from 3/4 of the way on with a float in between: the types at the joins change once.
fn mixed_sum() -> Program {
    let mut t = Toyer::new("main", &[]);
    let (i, n, one) = (t.local("i", int(0)), t.local("n", int(40)), t.local("one", int(1)));
    let (s, limit, half) = (t.local("s", int(0)), t.local("limit", int(30)), t.local("half", Constant::Float(0.5)));
    t.count(i, n, one, |t| {
        t.add(s, s, i);
        t.when_less(limit, i, |t| t.add(s, s, half));
    });
    t.ret(s);
    let sum = (0..40).sum::<i64>() as f64 + 9.0 * 0.5;
    Program { name: "mixed_sum", functions: vec![t.finish()], answer: Ok(Value::float(sum)) }
}

/// A callee raises its argument when it is small; the caller catches and adds it up twice.
fn caught() -> Program {
    let mut f = Toyer::new("raiser", &["x"]);
    let five = f.local("five", int(5));
    f.when_less(0, five, |f| f.raise(0));
    f.ret(0);
    let mut t = Toyer::new("main", &["raiser"]);
    let (i, n, one, s) = (t.local("i", int(0)), t.local("n", int(20)), t.local("one", int(1)), t.local("s", int(0)));
    let (r, e) = (t.local("r", int(0)), t.local("e", int(0)));
    t.count(i, n, one, |t| {
        t.catch(
            e,
            |t| {
                t.call(r, 0, &[i]);
                t.add(s, s, r);
            },
            |t| {
                t.add(s, s, e);
                t.add(s, s, e);
            },
        );
    });
    t.ret(s);
    let sum = (5..20).sum::<i64>() + 2 * (0..5).sum::<i64>();
    Program { name: "caught", functions: vec![f.finish(), t.finish()], answer: Ok(Value::int(sum)) }
}

/// `box + i` calls the box's adder, which returns a new box; once in a while it raises, and the loop goes on.
fn boxes() -> Program {
    let mut f = Toyer::new("adder", &["self", "other"]);
    let (v, limit, w) = (f.local("v", int(0)), f.local("limit", int(3)), f.local("w", int(0)));
    let (adder, none) = (f.local("adder", int(0)), f.local("none", Constant::None));
    f.when_less(1, limit, |f| f.raise(1));
    f.value_of(v, 0);
    f.add(w, v, 1);
    // The new box adds by the function that the old one does.
    f.adder_of(adder, 0);
    f.make_box(w, w, adder, none);
    f.ret(w);
    let mut t = Toyer::new("main", &["adder"]);
    let (i, n, one) = (t.local("i", int(0)), t.local("n", int(25)), t.local("one", int(1)));
    let (b, none, zero, e, s) = (
        t.local("b", int(0)),
        t.local("none", Constant::None),
        t.local("zero", int(0)),
        t.local("e", int(0)),
        t.local("s", int(0)),
    );
    t.make_box(b, zero, 0, none);
    t.count(i, n, one, |t| {
        t.catch(e, |t| t.add(b, b, i), |t| t.add(s, s, e));
    });
    t.value_of(e, b);
    t.add(s, s, e);
    t.ret(s);
    Program { name: "boxes", functions: vec![f.finish(), t.finish()], answer: Ok(Value::int((0..25).sum())) }
}

/// Branches on boxes, whose truth is a function with a loop of its own.
fn truths() -> Program {
    let mut f = Toyer::new("truth", &["self"]);
    let (v, i, one) = (f.local("v", int(0)), f.local("i", int(0)), f.local("one", int(1)));
    let (r, five) = (f.local("r", Constant::Bool(false)), f.local("five", int(5)));
    f.value_of(v, 0);
    f.count(i, v, one, |_| {});
    f.when_less(i, five, |f| f.load(r, Constant::Bool(true)));
    f.ret(r);
    let mut t = Toyer::new("main", &["truth"]);
    let (i, n, one, s) = (t.local("i", int(0)), t.local("n", int(12)), t.local("one", int(1)), t.local("s", int(0)));
    let (b, none) = (t.local("b", int(0)), t.local("none", Constant::None));
    t.count(i, n, one, |t| {
        t.make_box(b, i, none, 0);
        t.when(b, |t| t.add(s, s, one));
        t.make_box(b, i, none, none);
        t.when(b, |t| t.add(s, s, one));
    });
    t.ret(s);
    Program { name: "truths", functions: vec![f.finish(), t.finish()], answer: Ok(Value::int(5 + 12)) }
}

/// Hidden code itself raises: a box without an adder. Caught the first times, not the last.
fn hidden_failure() -> Program {
    let mut t = Toyer::new("main", &[]);
    let (i, n, one, s) = (t.local("i", int(0)), t.local("n", int(9)), t.local("one", int(1)), t.local("s", int(0)));
    let (b, none, e) = (t.local("b", int(0)), t.local("none", Constant::None), t.local("e", int(0)));
    t.make_box(b, one, none, none);
    t.count(i, n, one, |t| {
        t.catch(e, |t| t.add(s, b, one), |t| t.add(i, i, one));
    });
    t.add(s, b, one);
    t.ret(s);
    Program { name: "hidden_failure", functions: vec![t.finish()], answer: Err(TYPE_ERROR) }
}

/// An exception that passes several frames, after enough calls to be compiled and inlined.
fn uncaught() -> Program {
    let mut inner = Toyer::new("inner", &["x"]);
    let ten = inner.local("ten", int(10));
    inner.when_less(ten, 0, |t| t.raise(0));
    inner.ret(0);
    let mut outer = Toyer::new("outer", &["x", "inner"]);
    let r = outer.local("r", int(0));
    outer.call(r, 1, &[0]);
    outer.add(r, r, 0);
    outer.ret(r);
    let mut t = Toyer::new("main", &["inner", "outer"]);
    let (i, n, one, s) = (t.local("i", int(0)), t.local("n", int(50)), t.local("one", int(1)), t.local("s", int(0)));
    let r = t.local("r", int(0));
    t.count(i, n, one, |t| {
        t.call(r, 1, &[i, 0]);
        t.add(s, s, r);
    });
    t.ret(s);
    Program {
        name: "uncaught",
        functions: vec![inner.finish(), outer.finish(), t.finish()],
        answer: Err(Value::int(11)),
    }
}

/// A callee that raises after it has made some objects, called with a fresh one in a window: directly and by a call that
/// native code prepares, by a function and by a generator. Meanwhile the window was dead.
fn dead_windows() -> Program {
    let mut f = Toyer::new("raiser", &["x"]);
    let (v, none, w, i, one) = (
        f.local("v", int(0)),
        f.local("none", Constant::None),
        f.local("w", int(0)),
        f.local("i", int(0)),
        f.local("one", int(1)),
    );
    f.value_of(v, 0);
    f.count(i, v, one, |f| f.make_box(w, v, none, none));
    f.raise(v);
    let body = |t: &mut Toyer| {
        let (n, one, none) = (t.local("n", int(6)), t.local("one", int(1)), t.local("none", Constant::None));
        let (i, s, r, e) = (t.local("i", int(0)), t.local("s", int(0)), t.local("r", int(0)), t.local("e", int(0)));
        t.count(i, n, one, |t| {
            for op in [toy::CALL, toy::CALL_FILLED] {
                let call = |t: &mut Toyer| {
                    // No variable knows the box.
                    let window = t.0.temporaries(2);
                    t.make_box(window + 1, i, none, none);
                    t.op(toy::MOVE, window, 0, 0);
                    t.op(op, r, window, 1);
                    t.0.release_to(window);
                };
                t.catch(e, call, |t| t.add(s, s, e));
            }
        });
        s
    };
    let mut g = Toyer::new("generator", &["raiser"]);
    let sum = body(&mut g);
    g.op(toy::YIELD, sum, sum, 0);
    g.op(toy::FINISH, 0, 0, 0);
    let mut t = Toyer::new("main", &["raiser", "generator"]);
    let (generated, got) = (t.local("generated", int(0)), t.local("got", int(0)));
    let sum = body(&mut t);
    t.windowed(toy::GENERATE, generated, 1, &[0]);
    t.op(toy::NEXT, got, generated, got);
    t.add(sum, sum, got);
    t.ret(sum);
    let answer = Ok(Value::int(2 * 2 * (0..6).sum::<i64>()));
    Program { name: "dead_windows", functions: vec![f.finish(), g.finish(), t.finish()], answer }
}

fn programs() -> impl Iterator<Item = Program> {
    [mixed_sum(), caught(), boxes(), truths(), hidden_failure(), uncaught(), dead_windows()]
        .into_iter()
        .chain(suspend::programs())
}

/// What a program runs on.
pub(crate) struct On {
    pub(crate) create: Create,
    pub(crate) heap: HeapOptions,
    /// `None`: the interpreter alone.
    pub(crate) eval: Option<TierOptions>,
    pub(crate) backend: NewStages,
    pub(crate) runtime: RuntimeOptions,
}

/// What a run gives: its result and where exceptions passed.
type Got = (Result<Value, Value>, Vec<(u32, u32)>);

/// Runs a program on each backend, if there is to be any.
fn on_each_backend<L: Language>(program: &Program, on: &On) -> Vec<(&'static str, Got)> {
    let backends = if on.eval.is_some() { BACKENDS } else { &BACKENDS[..1] };
    let run_on =
        |backend| run::<L>(program, &On { backend, heap: on.heap.clone(), runtime: on.runtime.clone(), ..*on });
    backends.iter().map(|(name, backend)| (*name, run_on(*backend))).collect()
}

/// Runs a program; its result and where exceptions passed.
pub(crate) fn run<L: Language>(program: &Program, on: &On) -> Got {
    let base = 0u64;
    let state = ToyState::default();
    let heap = Heap::new((on.create)(&on.heap), on.heap.clone(), &raw const base as u64);
    let tier = on.eval.map(|o| Box::new(crate::tier::<L>(on.backend, &heap, o)) as Box<dyn Tier>);
    let runtime = runtime_engines::new_runtime::<L>(heap, tier, on.runtime.clone()).expect("memory");
    // SAFETY: the state is dropped after the runtime.
    unsafe { runtime.thread.set_language((&raw const state).cast_mut().cast()) };
    toy::register_shapes(runtime.heap());
    toy::init_roots(&runtime.thread);
    let result = run_in(&runtime, program);
    runtime.heap().verify().expect("a sound heap");
    (result, state.trace.into_inner())
}

#[inline(never)]
fn run_in(runtime: &Runtime, program: &Program) -> Result<Value, Value> {
    let indices: Vec<CodeIndex> = program
        .functions
        .iter()
        .map(|code| {
            let words: Vec<u64> = code.constants.iter().map(|c| word(c).bits()).collect();
            // SAFETY: Value is a transparent u64.
            let constants = unsafe { std::slice::from_raw_parts(words.as_ptr().cast::<Value>(), words.len()) };
            runtime.install(code.clone(), constants)
        })
        .collect();
    let (main, others) = indices.split_last().expect("a main function");
    let mut arguments = [Value::NONE; 4];
    for (slot, index) in arguments.iter_mut().zip(others) {
        *slot = toy::function(runtime.heap(), *index);
    }
    let callee = toy::function(runtime.heap(), *main);
    runtime.call(*main, callee, &arguments[..others.len()]).map_err(|_| runtime.thread.take_exception())
}

fn word(c: &Constant) -> Value {
    match c {
        Constant::None => Value::NONE,
        Constant::Bool(b) => Value::bool(*b),
        Constant::Int(i) => Value::int(*i),
        Constant::Float(f) => Value::float(*f),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn plain() -> On {
    On {
        create: gc_generational::create,
        heap: HeapOptions::default(),
        eval: None,
        backend: crate::evaluator,
        runtime: RuntimeOptions::default(),
    }
}

#[test]
fn the_interpreter_gives_the_answers() {
    for p in programs() {
        assert_eq!(run::<Toy>(&p, &plain()).0, p.answer, "{}", p.name);
    }
}

#[test]
fn every_engine_agrees_with_the_interpreter() {
    for p in programs() {
        let expected = run::<Toy>(&p, &plain());
        for mode in [Mode::Speculative, Mode::Baseline] {
            for (inline_depth, threshold) in [(0, 1), (5, 1), (5, 4)] {
                for deopt_every in [None, Some(1), Some(2), Some(3), Some(7)] {
                    let build = BuildOptions { mode, inline_depth, ..BuildOptions::default() };
                    let eval = TierOptions { threshold, deopt_every, build, ..TierOptions::default() };
                    for (name, got) in on_each_backend::<Toy>(&p, &On { eval: Some(eval), ..plain() }) {
                        let how = format!("{name} {mode:?} {inline_depth} {threshold} {deopt_every:?}");
                        assert_eq!(got, expected, "{} {how}", p.name);
                    }
                }
            }
        }
    }
}

/// Units are left after calls, with the result or the exception.
#[test]
fn engines_that_leave_after_calls_agree() {
    for p in programs() {
        let expected = run::<Toy>(&p, &plain());
        for mode in [Mode::Speculative, Mode::Baseline] {
            for (inline_depth, invalidate_every) in [(0, 1), (0, 3), (5, 1), (5, 2)] {
                let build = BuildOptions { mode, inline_depth, ..BuildOptions::default() };
                let invalidate_every = Some(invalidate_every);
                let eval = TierOptions { threshold: 1, invalidate_every, build, ..TierOptions::default() };
                for (name, got) in on_each_backend::<Toy>(&p, &On { eval: Some(eval), ..plain() }) {
                    assert_eq!(got, expected, "{} {name} {mode:?} {inline_depth} {invalidate_every:?}", p.name);
                }
            }
        }
    }
}

/// Every optional fast path is refused: stubs and hidden code must be right for every operand.
#[test]
fn engines_without_fast_paths_agree() {
    for p in programs() {
        let expected = run::<Toy>(&p, &plain());
        assert_eq!(run::<NoFastPaths<Toy>>(&p, &plain()), expected, "{}", p.name);
        for mode in [Mode::Speculative, Mode::Baseline] {
            let build = BuildOptions { mode, ..BuildOptions::default() };
            let eval = TierOptions { threshold: 1, build, ..TierOptions::default() };
            for (name, got) in on_each_backend::<NoFastPaths<Toy>>(&p, &On { eval: Some(eval), ..plain() }) {
                assert_eq!(got, expected, "{} {name} {mode:?}", p.name);
            }
        }
    }
}

#[test]
fn every_collector_agrees_under_stress() {
    for p in programs() {
        let expected = run::<Toy>(&p, &plain());
        for (name, create) in COLLECTORS {
            for k in 0..40 {
                let stress = if k == 0 { Stress::Alloc(1) } else { Stress::Once(k) };
                let heap = HeapOptions { stress, verify_post: true, poison: true, ..HeapOptions::default() };
                for mode in [None, Some(Mode::Speculative), Some(Mode::Baseline)] {
                    let eval = mode.map(|mode| TierOptions {
                        threshold: 1,
                        deopt_every: Some(3),
                        invalidate_every: Some(2),
                        build: BuildOptions { mode, ..BuildOptions::default() },
                        ..TierOptions::default()
                    });
                    let on = On { create, heap: heap.clone(), eval, ..plain() };
                    for (backend, got) in on_each_backend::<Toy>(&p, &on) {
                        assert_eq!(got, expected, "{} {name} {stress:?} {mode:?} {backend}", p.name);
                    }
                }
            }
        }
    }
}
