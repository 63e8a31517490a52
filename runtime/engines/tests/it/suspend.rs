//! Generators, calls that native code prepares, versions, and looking at frames: programs for every engine (`hidden` runs
//! them all), and depth.

use crate::hidden::{On, Program, int, plain, run};
use crate::toy::{self, EXHAUSTED, TYPE_ERROR, Toy, Toyer};
use crate::{BACKENDS, NewStages};
use runtime_core::RuntimeOptions;
use runtime_engines::TierOptions;
use runtime_engines::build::{BuildOptions, Mode};
use std::sync::Arc;
use vm_api::code::{Code, Constant};
use vm_api::heap::Value;

/// A generator of `0..n`; then of the sum of what was sent.
fn counter() -> Arc<Code> {
    let mut g = Toyer::new("counter", &["n"]);
    let (i, one, got, sum) =
        (g.local("i", int(0)), g.local("one", int(1)), g.local("got", int(0)), g.local("sum", int(0)));
    g.count(i, 0, one, |g| {
        g.op(toy::YIELD, got, i, 0);
        g.add(sum, sum, got);
    });
    g.op(toy::YIELD, got, sum, 0);
    g.op(toy::FINISH, 0, 0, 0);
    g.finish()
}

/// A generator of what another one gives.
fn passing() -> Arc<Code> {
    let mut g = Toyer::new("passing", &["inner"]);
    let (v, got) = (g.local("v", int(0)), g.local("got", Constant::None));
    g.each(v, 0, got, |g| g.op(toy::PASS_ON, got, v, 0));
    g.op(toy::FINISH, 0, 0, 0);
    g.finish()
}

/// Sums what a generator gives, sending it 10 each time; then it is at its end, and stays there.
fn sent() -> Program {
    let mut t = Toyer::new("main", &["counter"]);
    let (n, ten, s, v) = (t.local("n", int(20)), t.local("ten", int(10)), t.local("s", int(0)), t.local("v", int(0)));
    let g = t.local("g", int(0));
    t.windowed(toy::GENERATE, g, 0, &[n]);
    t.each(v, g, ten, |t| t.add(s, s, v));
    t.each(v, g, ten, |t| t.add(s, s, ten));
    t.ret(s);
    Program { name: "sent", functions: vec![counter(), t.finish()], answer: Ok(Value::int((0..20).sum::<i64>() + 200)) }
}

/// Boxes in variables and in temporaries live across suspensions.
fn kept() -> Program {
    let mut g = Toyer::new("boxes", &["n"]);
    let (i, one, none, b, v) = (
        g.local("i", int(0)),
        g.local("one", int(1)),
        g.local("none", Constant::None),
        g.local("b", int(0)),
        g.local("v", int(0)),
    );
    g.count(i, 0, one, |g| {
        g.make_box(b, i, none, none);
        let (t, got) = (g.0.temporary(), g.0.temporary());
        g.make_box(t, i, none, none);
        g.op(toy::YIELD, got, b, 0);
        g.value_of(v, t);
        g.value_of(t, b);
        g.add(v, v, t);
        g.value_of(got, got);
        g.add(v, v, got);
        g.op(toy::YIELD, got, v, 0);
        g.0.release_to(t);
    });
    g.op(toy::FINISH, 0, 0, 0);
    let mut t = Toyer::new("main", &["boxes"]);
    let (n, hundred, none, s) =
        (t.local("n", int(12)), t.local("hundred", int(100)), t.local("none", Constant::None), t.local("s", int(0)));
    let (g1, v, b) = (t.local("g", int(0)), t.local("v", int(0)), t.local("b", int(0)));
    t.windowed(toy::GENERATE, g1, 0, &[n]);
    t.make_box(b, hundred, none, none);
    t.each(v, g1, none, |t| {
        t.value_of(v, v);
        t.add(s, s, v);
        t.make_box(b, hundred, none, none);
        t.op(toy::NEXT, v, g1, b);
        t.add(s, s, v);
    });
    t.ret(s);
    // Each round gives i, then twice i and the 100 that were sent.
    let sum = (0..12).map(|i| i + 2 * i + 100).sum();
    Program { name: "kept", functions: vec![g.finish(), t.finish()], answer: Ok(Value::int(sum)) }
}

/// Generators that pass on what others give, three deep, two of them side by side.
fn chains() -> Program {
    let mut t = Toyer::new("main", &["counter", "passing"]);
    let (n, s, v, w, one) = (
        t.local("n", int(15)),
        t.local("s", int(0)),
        t.local("v", int(0)),
        t.local("w", int(0)),
        t.local("one", int(1)),
    );
    let (a, b) = (t.local("a", int(0)), t.local("b", int(0)));
    for g in [a, b] {
        t.windowed(toy::GENERATE, g, 0, &[n]);
        for _ in 0..3 {
            t.windowed(toy::GENERATE, g, 1, &[g]);
        }
    }
    // What is sent is passed on, to the counter in the end, which adds it.
    t.count(w, n, one, |t| {
        t.op(toy::NEXT, v, a, one);
        t.add(s, s, v);
        t.op(toy::NEXT, v, b, one);
        t.add(s, s, v);
    });
    t.ret(s);
    let sum = 2 * (0..15).sum::<i64>();
    Program { name: "chains", functions: vec![counter(), passing(), t.finish()], answer: Ok(Value::int(sum)) }
}

/// Exceptions thrown into a generator that catches them where it stands.
fn thrown() -> Program {
    let mut g = Toyer::new("catcher", &["n"]);
    let (i, one, got, e) = (g.local("i", int(0)), g.local("one", int(1)), g.local("got", int(0)), g.local("e", int(0)));
    let none = g.local("none", Constant::None);
    g.count(i, 0, one, |g| {
        g.catch(
            e,
            |g| {
                // What is dead after the suspension is not kept, so it is not there when an exception is thrown in.
                let t = g.0.temporary();
                g.make_box(t, i, none, none);
                g.op(toy::YIELD, got, t, 0);
                g.0.release_to(t);
            },
            |g| g.op(toy::YIELD, got, e, 0),
        );
    });
    g.op(toy::FINISH, 0, 0, 0);
    let mut t = Toyer::new("main", &["catcher"]);
    let (n, hundred, s, v, g1, i, one) = (
        t.local("n", int(10)),
        t.local("hundred", int(100)),
        t.local("s", int(0)),
        t.local("v", int(0)),
        t.local("g", int(0)),
        t.local("i", int(0)),
        t.local("one", int(1)),
    );
    t.windowed(toy::GENERATE, g1, 0, &[n]);
    t.count(i, n, one, |t| {
        t.op(toy::NEXT, v, g1, n);
        t.value_of(v, v);
        t.add(s, s, v);
        t.op(toy::THROW, v, g1, hundred);
        t.add(s, s, v);
    });
    t.each(v, g1, n, |t| t.add(s, s, hundred));
    t.ret(s);
    let sum = (0..10).sum::<i64>() + 10 * 100;
    Program { name: "thrown", functions: vec![g.finish(), t.finish()], answer: Ok(Value::int(sum)) }
}

/// A generator that an exception leaves is finished: thrown in while it waits, before it began, when it is finished, or raised
/// by itself.
fn finished() -> Program {
    let mut f = Toyer::new("failing", &["x"]);
    let got = f.local("got", int(0));
    f.op(toy::YIELD, got, 0, 0);
    f.raise(got);
    let mut t = Toyer::new("main", &["counter", "failing"]);
    let (n, hundred, s, v, g, e) = (
        t.local("n", int(10)),
        t.local("hundred", int(100)),
        t.local("s", int(0)),
        t.local("v", int(0)),
        t.local("g", int(0)),
        t.local("e", int(0)),
    );
    let (i, one, rounds) = (t.local("i", int(0)), t.local("one", int(1)), t.local("rounds", int(4)));
    let throws = |t: &mut Toyer| {
        t.catch(
            e,
            |t| {
                t.op(toy::THROW, v, g, hundred);
                t.add(s, s, one);
            },
            |t| t.add(s, s, e),
        );
        t.each(v, g, n, |t| t.add(s, s, one));
    };
    t.count(i, rounds, one, |t| {
        t.windowed(toy::GENERATE, g, 0, &[n]);
        t.op(toy::NEXT, v, g, n);
        throws(t);
        throws(t);
        t.windowed(toy::GENERATE, g, 0, &[n]);
        throws(t);
        t.windowed(toy::GENERATE, g, 1, &[n]);
        t.catch(e, |t| t.each(v, g, hundred, |t| t.add(s, s, v)), |t| t.add(s, s, e));
        throws(t);
    });
    t.ret(s);
    // Three throws into counters, then 10 from the failing one, its failure with 100, and a throw into what is left of it.
    let answer = Ok(Value::int(4 * (300 + 10 + 100 + 100)));
    Program { name: "finished", functions: vec![counter(), f.finish(), t.finish()], answer }
}

/// A generator that is running cannot be resumed.
fn itself() -> Program {
    let mut g = Toyer::new("selfish", &["x"]);
    let (me, e, v) = (g.local("me", int(0)), g.local("e", int(0)), g.local("v", int(0)));
    g.op(toy::YIELD, me, 0, 0);
    g.catch(e, |g| g.op(toy::NEXT, v, me, me), |g| g.op(toy::YIELD, v, 0, 0));
    g.op(toy::NEXT, v, me, me);
    g.op(toy::FINISH, 0, 0, 0);
    let mut t = Toyer::new("main", &["selfish"]);
    let (n, s, v, g1) = (t.local("n", int(10)), t.local("s", int(0)), t.local("v", int(0)), t.local("g", int(0)));
    t.windowed(toy::GENERATE, g1, 0, &[n]);
    t.each(v, g1, g1, |t| t.add(s, s, v));
    t.ret(s);
    Program { name: "itself", functions: vec![g.finish(), t.finish()], answer: Err(TYPE_ERROR) }
}

/// Calls that native code prepares, with too few, enough and too many arguments, and of what is no function.
fn filled() -> Program {
    let mut f = Toyer::new("adder", &["a", "b"]);
    let (none, limit) = (f.0.label(), f.local("limit", int(20)));
    f.0.jump(toy::JUMP_IF_NONE, 1, 0, 0, none);
    f.when_less(limit, 1, |f| f.raise(1));
    f.add(0, 0, 1);
    f.0.bind(none);
    f.ret(0);
    let mut t = Toyer::new("main", &["adder"]);
    let (i, n, one, s) = (t.local("i", int(0)), t.local("n", int(25)), t.local("one", int(1)), t.local("s", int(0)));
    let (r, e) = (t.local("r", int(0)), t.local("e", int(0)));
    t.count(i, n, one, |t| {
        t.windowed(toy::CALL_FILLED, r, 0, &[i]);
        t.add(s, s, r);
        t.windowed(toy::CALL_FILLED, r, i, &[one]);
        t.add(s, s, r);
        t.catch(
            e,
            |t| {
                t.windowed(toy::CALL_FILLED, r, 0, &[i, i]);
                t.add(s, s, r);
            },
            |t| t.add(s, s, e),
        );
        t.catch(e, |t| t.windowed(toy::CALL_FILLED, r, 0, &[i, i, i]), |t| t.add(s, s, one));
    });
    t.ret(s);
    let sum = (0..25).map(|i| i + i + if i > 20 { i } else { 2 * i } + 1).sum();
    Program { name: "filled", functions: vec![f.finish(), t.finish()], answer: Ok(Value::int(sum)) }
}

/// Calls whose results are completed, one inside the other: `sum(n)` adds `n`, which a box keeps meanwhile, to `sum(n - 1)`.
/// A result that cannot be completed raises in the caller, where the destination is as it was.
fn completed() -> Program {
    let mut f = Toyer::new("sum", &["n", "sum", "minus_one"]);
    let (b, none, less, r) =
        (f.local("b", int(0)), f.local("none", Constant::None), f.local("less", int(0)), f.local("r", int(0)));
    let one = f.local("one", int(1));
    f.when_less(0, one, |f| f.ret(0));
    f.make_box(b, 0, none, none);
    f.add(less, 0, 2);
    f.windowed(toy::CALL_ADDING, r, b, &[1, less, 1, 2]);
    // The callee and the completion allocated: the box is where the collector put it.
    f.value_of(b, b);
    f.when_less(b, 0, |f| f.raise(b));
    f.ret(r);
    let mut nothing = Toyer::new("nothing", &[]);
    let none = nothing.local("none", Constant::None);
    nothing.ret(none);
    let mut t = Toyer::new("main", &["sum", "nothing"]);
    let (i, n, one, s, r, e, minus) = (
        t.local("i", int(0)),
        t.local("n", int(12)),
        t.local("one", int(1)),
        t.local("s", int(0)),
        t.local("r", int(5)),
        t.local("e", int(0)),
        t.local("minus", int(-1)),
    );
    let (none, b) = (t.local("none", Constant::None), t.local("b", int(0)));
    t.count(i, n, one, |t| {
        t.make_box(b, i, none, none);
        t.load(r, int(5));
        t.catch(e, |t| t.windowed(toy::CALL_ADDING, r, b, &[1]), |t| t.add(s, s, r));
        t.windowed(toy::CALL_ADDING, r, b, &[0, i, 0, minus]);
        t.add(s, s, r);
    });
    t.ret(s);
    let sum = (0..12).map(|i| 5 + i + i * (i + 1) / 2).sum();
    let functions = vec![f.finish(), nothing.finish(), t.finish()];
    Program { name: "completed", functions, answer: Ok(Value::int(sum)) }
}

/// What slots know of the scale holds until it is set.
fn scaled() -> Program {
    let mut f = Toyer::new("scaled", &["x"]);
    f.op(toy::TIMES_SCALE, 0, 0, 0);
    f.ret(0);
    let mut t = Toyer::new("main", &["scaled"]);
    let (i, n, one, s, r) = (
        t.local("i", int(0)),
        t.local("n", int(60)),
        t.local("one", int(1)),
        t.local("s", int(0)),
        t.local("r", int(0)),
    );
    let changes = [(20, 5), (40, 1000), (50, 0)];
    t.count(i, n, one, |t| {
        for (at, to) in changes {
            let (before, after) = (t.0.temporary(), t.0.temporary());
            let to_register = t.0.temporary();
            t.load(before, int(at - 1));
            t.load(after, int(at + 1));
            t.load(to_register, int(to));
            t.when_less(before, i, |t| t.when_less(i, after, |t| t.op(toy::SET_SCALE, to_register, 0, 0)));
            t.0.release_to(before);
        }
        t.call(r, 0, &[i]);
        t.add(s, s, r);
        t.op(toy::TIMES_SCALE, r, i, 0);
        t.add(s, s, r);
    });
    t.ret(s);
    let scale = |i: i64| changes.iter().rev().find(|(at, _)| i >= *at).map_or(3, |(_, to)| *to);
    let sum = (0..60).map(|i| 2 * i * scale(i)).sum();
    Program { name: "scaled", functions: vec![f.finish(), t.finish()], answer: Ok(Value::int(sum)) }
}

/// Index of the first instruction with this opcode.
fn position(code: &Code, op: u16) -> i64 {
    code.instructions.iter().position(|i| i.op == op).expect("the program has it") as i64
}

/// Stack walks through inlined and compiled calls, prepared calls and generators, and variables of the innermost frame.
fn frames() -> Program {
    let mut f = Toyer::new("inner", &["x"]);
    let (r, k) = (f.local("r", int(0)), f.local("k", int(7)));
    f.op(toy::FRAMES, r, 0, 0);
    f.add(k, k, 0);
    f.op(toy::SUM_VARIABLES, k, 0, 0);
    f.add(r, r, k);
    f.ret(r);
    let inner = f.finish();
    let mut o = Toyer::new("outer", &["inner", "x"]);
    let r = o.local("r", int(0));
    o.call(r, 0, &[1]);
    o.ret(r);
    let outer = o.finish();
    let mut g = Toyer::new("generator", &["inner", "outer"]);
    let (r, got) = (g.local("r", int(0)), g.local("got", int(0)));
    g.windowed(toy::CALL_FILLED, r, 1, &[0, got]);
    g.op(toy::YIELD, got, r, 0);
    g.op(toy::FINISH, 0, 0, 0);
    let generator = g.finish();
    let mut t = Toyer::new("main", &["inner", "outer", "generator"]);
    let (i, n, one, s, r, g) = (
        t.local("i", int(0)),
        t.local("n", int(10)),
        t.local("one", int(1)),
        t.local("s", int(0)),
        t.local("r", int(0)),
        t.local("g", int(0)),
    );
    t.count(i, n, one, |t| {
        t.call(r, 1, &[0, i]);
        t.add(s, s, r);
        t.windowed(toy::GENERATE, g, 2, &[0, 1]);
        t.op(toy::NEXT, r, g, one);
        t.add(s, s, r);
    });
    t.ret(s);
    let main = t.finish();
    let at_inner = position(&inner, toy::FRAMES);
    let at_outer = position(&outer, toy::CALL);
    let called = 3 + 1000 * (at_inner + at_outer + position(&main, toy::CALL));
    let at_generator = position(&generator, toy::CALL_FILLED) + position(&main, toy::NEXT);
    let generated = 4 + 1000 * (at_inner + at_outer + at_generator);
    // The variables are x, r and k = 7 + x; the generator's frame passes 0 for x.
    let sums = (0..10).map(|i| called + (i + called + 7 + i) + generated + (generated + 7)).sum();
    let functions = vec![inner, outer, generator, main];
    Program { name: "frames", functions, answer: Ok(Value::int(sums)) }
}

pub(crate) fn programs() -> [Program; 10] {
    [sent(), kept(), chains(), thrown(), finished(), itself(), filled(), completed(), scaled(), frames()]
}

/// A frame that is thrown into raises at the suspension, before its beginning at no handler.
#[test]
fn exceptions_thrown_in_are_traced_where_the_frame_stands() {
    let program = finished();
    let (_, trace) = run::<Toy>(&program, &plain());
    let (counter, main) = (&program.functions[0], &program.functions[2]);
    let at = |code: &Code, op: u16, which: usize| {
        let mut found = code.instructions.iter().enumerate().filter(|(_, i)| i.op == op).map(|(at, _)| at as u32);
        found.nth(which).expect("the program has it")
    };
    // Hidden codes are installed before the program's.
    let first = trace[0].0;
    let expected = [
        // Into a suspended generator, a finished one, and one that has not begun.
        (first, at(counter, toy::YIELD, 0)),
        (first + 2, at(main, toy::THROW, 0)),
        (first + 2, at(main, toy::THROW, 1)),
        (first, 0),
        (first + 2, at(main, toy::THROW, 2)),
    ];
    assert_eq!(trace[..5], expected);
}

const DEEP: i64 = 100_000;

/// Native stack of the threads that go deep, and what nested activations may use of it.
const NATIVE_STACK: usize = 1 << 20;

/// Runs on a thread whose native stack is small.
fn on_small_stack(
    backend: NewStages,
    eval: Option<TierOptions>,
    program: fn() -> Program,
) -> (Result<Value, Value>, Result<Value, Value>) {
    let thread = std::thread::Builder::new().stack_size(NATIVE_STACK).spawn(move || {
        let here = 0u8;
        let native_limit = &raw const here as u64 - NATIVE_STACK as u64 / 2;
        let runtime = RuntimeOptions { native_limit, ..RuntimeOptions::default() };
        let program = program();
        let answer = program.answer;
        (run::<Toy>(&program, &On { eval, runtime, backend, ..plain() }).0, answer)
    });
    thread.expect("a thread").join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// A function that calls itself by a call that native code prepares.
fn deep_calls() -> Program {
    let mut f = Toyer::new("deep", &["self", "n"]);
    let (one, minus, r) = (f.local("one", int(1)), f.local("minus", int(-1)), f.local("r", int(0)));
    f.when_less(1, one, |f| f.ret(1));
    f.add(1, 1, minus);
    f.windowed(toy::CALL_FILLED, r, 0, &[0, 1]);
    f.add(r, r, one);
    f.ret(r);
    let mut t = Toyer::new("main", &["deep"]);
    let (n, r) = (t.local("n", int(DEEP)), t.local("r", int(0)));
    t.windowed(toy::CALL_FILLED, r, 0, &[0, n]);
    t.ret(r);
    Program { name: "deep_calls", functions: vec![f.finish(), t.finish()], answer: Ok(Value::int(DEEP)) }
}

/// A generator that resumes another one, and so on.
fn chain_of(thrown: bool) -> Program {
    let mut t = Toyer::new("main", &["counter", "passing"]);
    let (i, n, one, g, v) = (
        t.local("i", int(0)),
        t.local("n", int(DEEP)),
        t.local("one", int(1)),
        t.local("g", int(0)),
        t.local("v", int(0)),
    );
    t.windowed(toy::GENERATE, g, 0, &[n]);
    t.count(i, n, one, |t| t.windowed(toy::GENERATE, g, 1, &[g]));
    t.op(toy::NEXT, v, g, one);
    if thrown {
        // The counter adds what it is sent, which is no number here.
        t.op(toy::NEXT, v, g, g);
    } else {
        t.op(toy::NEXT, v, g, one);
    }
    t.ret(v);
    let answer = if thrown { Err(TYPE_ERROR) } else { Ok(Value::int(1)) };
    Program { name: "chain", functions: vec![counter(), passing(), t.finish()], answer }
}

fn deep_chain() -> Program {
    chain_of(false)
}
fn deep_failure() -> Program {
    chain_of(true)
}

#[test]
fn prepared_frames_do_not_recurse_natively() {
    for program in [deep_calls, deep_chain, deep_failure] {
        let (got, answer) = on_small_stack(crate::evaluator, None, program);
        assert_eq!(got, answer);
    }
}

/// Compiled code does recurse; it ends in an exception, at the latest.
#[test]
fn deep_calls_from_compiled_code_end() {
    for program in [deep_calls, deep_chain, deep_failure] {
        for mode in [Mode::Speculative, Mode::Baseline] {
            let build = BuildOptions { mode, ..BuildOptions::default() };
            let options = TierOptions { threshold: 1, build, ..TierOptions::default() };
            for (name, backend) in BACKENDS {
                let (got, answer) = on_small_stack(*backend, Some(options), program);
                assert!(got == answer || got == Err(EXHAUSTED), "{name}: {got:?}");
            }
        }
    }
}

/// Stacks that are full say so, and the program goes on.
#[test]
fn full_stacks_raise() {
    for program in [deep_calls, deep_chain] {
        for (register_stack, frames) in [(64 << 20, 5_000), (1 << 20, 1 << 20)] {
            let runtime = RuntimeOptions { register_stack, frames, ..RuntimeOptions::default() };
            let (got, _) = run::<Toy>(&program(), &On { runtime, ..plain() });
            assert_eq!(got, Err(EXHAUSTED));
        }
    }
}
