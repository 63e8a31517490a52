//! Which roots collections look at: young ones at those that were written lately, and at no fewer.

use crate::{Scratch, run, stderr, stdout};

/// The number that a line of the heap's log has for `key`.
fn field(line: &str, key: &str) -> Option<u64> {
    let (_, rest) = line.split_once(&format!("\"{key}\":"))?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Root slots that the last minor collection of a program looked at, and its last full one. `name`: of the log; tests run at once.
fn roots_looked_at(name: &str, program: &str) -> (u64, u64) {
    let log = Scratch::new(name, "");
    let out = run(&["--gc=generational", "--jit=off", &format!("--gc-log={}", log.path()), "-S", "-c", program]);
    assert_eq!(stdout(&out), "True\n", "{}", stderr(&out));
    let text = std::fs::read_to_string(log.path()).expect("the log was written");
    let last = |kind: &str| {
        let line = text.lines().rev().find(|line| line.contains(&format!("\"kind\":\"{kind}\"")));
        line.and_then(|line| field(line, "roots")).expect("a collection of each kind, with its roots")
    };
    (last("minor"), last("full"))
}

#[test]
fn frames_that_wait_are_looked_at_once() {
    let program = "
import gc
def down(n):
    here = [n]
    if n:
        return down(n - 1) + here[0]
    for turn in range(300000):
        here = [turn, str(turn)]
    gc.collect()
    for turn in range(300000):
        here = [turn, str(turn)]
    return 0
import sys
sys.setrecursionlimit(30000)
print(down(20000) == 20000 * 20001 // 2)
";
    let (minor, full) = roots_looked_at("roots-frames.log", program);
    assert!(full > 60_000 && minor < 2_000, "{minor} roots in a minor collection, {full} in a full one");
}

#[test]
fn constants_and_caches_are_looked_at_when_they_are_written() {
    let program = "
import gc
made = {}
for i in range(3000):
    exec(f'class C{i}:\\n def m(self): return ({i}, {i}.5, \"{i}\")\\ndef f{i}(): return C{i}().m()[0]', made)
right = all(made[f'f{i}']() == i for i in range(3000))
for turn in range(300000):
    here = [turn, str(turn)]
gc.collect()
for turn in range(300000):
    here = [turn, str(turn)]
print(right and all(made[f'f{i}']() == i for i in range(3000)))
";
    let (minor, full) = roots_looked_at("roots-constants.log", program);
    assert!(full > 10_000 && minor < 2_000, "{minor} roots in a minor collection, {full} in a full one");
}

/// Frames wait, go on, are left by exceptions, are written to by debuggers, are suspended and resumed, each with young objects in
/// them, while collections come at any time and check that no root is missed.
const FRAMES: &str = "
import sys, threading
total = 0
def down(n, held):
    mine = [n, held]
    if n == 0:
        return len([[i] for i in range(5)])
    first = down(n - 1, [mine])
    mine = [first, mine[0]]
    if n % 7 == 0:
        second = down(n // 2, mine)
        return first + second + mine[1]
    return first + mine[1]
def raising(n):
    mine = [n]
    try:
        if n == 0:
            raise KeyError([n])
        return raising(n - 1)
    except KeyError as e:
        e.args[0].append([mine])
        if n % 5 == 0:
            return len(e.args[0]) + mine[0]
        raise
def tree(n):
    mine = [n]
    if n:
        yield from tree(n - 1)
        mine = [mine, n]
        yield from tree(n - 1)
    yield len(mine)
seen = []
def trace(frame, event, argument):
    seen.append([event, frame.f_locals.get('mine')])
    return trace
def deep_trace(n):
    mine = [n]
    if n == 0:
        frame = sys._getframe()
        while frame is not None:
            seen.append(list(frame.f_locals))
            frame = frame.f_back
        return 0
    return deep_trace(n - 1) + len(mine)
def thread(results):
    results.append([down(25, None)])
for turn in range(2):
    total += down(40, None) + raising(30) + sum(tree(5)) + deep_trace(20)
    total += sorted([[3], [1], [2]], key=lambda x: down(x[0], x))[0][0]
sys.settrace(trace)
total += down(6, None)
sys.settrace(None)
results = []
threads = [threading.Thread(target=thread, args=(results,)) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(total, len(seen), sum(r[0] for r in results))
";

#[test]
fn no_frame_is_missed_whatever_it_does() {
    let plain = run(&["--jit=off", "-S", "-c", FRAMES]);
    assert_eq!(stderr(&plain), "");
    for jit in ["off", "eval", "cranelift"] {
        for stress in ["alloc:97", "random:3"] {
            let checks = ["--gc-verify=pre,post", "--gc-poison", &format!("--gc-stress={stress}")];
            let out = run(&[
                &["--gc=generational", &format!("--jit={jit}"), "--jit-threshold=2"],
                &checks[..],
                &["-S", "-c", FRAMES],
            ]
            .concat());
            assert_eq!(stdout(&out), stdout(&plain), "jit={jit} {stress}: {}", stderr(&out));
        }
    }
}

/// A unit that was entered in a loop is left by an exception: the register of the result that there is not, with what an earlier turn
/// has left in it, is no root while the exception is noted.
#[test]
fn what_a_failed_instruction_would_have_written_is_no_root() {
    let program = "
def first(x, y):
    return x
def loop(texts):
    n = 0
    for text in texts:
        n += len(first(bytes.fromhex(text), text))
    return n
try:
    loop([f'00ff{i % 256:02x}' for i in range(400)] + ['no'])
except ValueError as e:
    print(e, e.__traceback__.tb_next.tb_lineno)
";
    for jit in ["template", "cranelift", "eval"] {
        let (jit, stress) = (format!("--jit={jit}"), ["--gc=semispace", "--gc-stress=alloc:1", "--gc-verify=pre,post"]);
        let out = run(&[&[&*jit, "--jit-threshold=20"], &stress[..], &["-S", "-c", program]].concat());
        assert_eq!(stdout(&out), "non-hexadecimal number found in fromhex() arg at position 0 7\n", "{}", stderr(&out));
    }
}
