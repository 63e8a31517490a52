//! No program and no file ends the process other than Python does: by its end or an exception.

use super::*;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How often something is nested.
const DEEP: usize = 100_000;

#[test]
fn deeply_nested_source_is_an_error_of_the_program() {
    // What CPython 3.12 says as well.
    let parentheses = "SyntaxError: too many nested parentheses";
    let recursion = "RecursionError: maximum recursion depth exceeded during compilation";
    let blocks: String = (0..150).map(|depth| " ".repeat(depth) + "if 1:\n").collect();
    let loops: String = (0..50).map(|depth| " ".repeat(depth) + "while 1:\n").collect();
    for (source, expected) in [
        (format!("{}1{}", "(".repeat(DEEP), ")".repeat(DEEP)), parentheses),
        (format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP)), parentheses),
        (format!("{}1{}", "{1:".repeat(DEEP), "}".repeat(DEEP)), parentheses),
        (format!("x=1\nx{}", ".a".repeat(DEEP)), recursion),
        (format!("x=1\nx{}", "()".repeat(DEEP)), recursion),
        (format!("x=1\nx{}", "[0]".repeat(DEEP)), recursion),
        (format!("x={}1", "1+".repeat(DEEP)), recursion),
        (format!("x={}1", "-".repeat(DEEP)), "MemoryError"),
        (format!("x={}1", "lambda:".repeat(DEEP)), "MemoryError"),
        (format!("x={}1{}", "f\"{".repeat(DEEP), "}\"".repeat(DEEP)), "SyntaxError: too many nested f-strings"),
        (blocks + &" ".repeat(150) + "pass", "IndentationError: too many levels of indentation"),
        (loops + &" ".repeat(50) + "pass", "SyntaxError: too many statically nested blocks"),
    ] {
        let program = Scratch::new("nested.py", &source);
        let output = run(&[program.path()]);
        let error = stderr(&output);
        assert_eq!(error.lines().last().map(|line| line.starts_with(expected)), Some(true), "{error:.300}");
        assert_eq!(code(&output), 1);
    }
}

#[test]
fn arbitrary_bytes_are_no_program() {
    let mut random = 1u64;
    for name in 0..20 {
        let bytes: Vec<u8> = (0..2000)
            .map(|_| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 56) as u8
            })
            .collect();
        let program = Scratch::new(&format!("bytes{name}.py"), "");
        std::fs::write(program.path(), bytes).expect("writable");
        let output = run(&[program.path()]);
        assert_eq!(code(&output), 1);
        assert!(String::from_utf8_lossy(&output.stderr).contains("Error: "));
    }
}

#[test]
fn a_syntax_error_shows_its_line() {
    for (source, expected) in [
        ("x = = 1", "    x = = 1\n        ^\nSyntaxError: invalid syntax\n"),
        ("if 1:\nx", "    x\n    ^\nIndentationError: expected an indented block after 'if' statement on line 1\n"),
        (
            "def f():\n\t  return\n x",
            "    x\n     ^\nIndentationError: unindent does not match any outer indentation level\n",
        ),
        (
            "f(a for a in b, c)",
            "    f(a for a in b, c)\n      ^^^^^^^^^^^^\nSyntaxError: Generator expression must be parenthesized\n",
        ),
    ] {
        let output = run(&["-c", source]);
        let error = stderr(&output);
        assert!(error.starts_with("  File \"<string>\", line ") && error.ends_with(expected), "{error}");
        assert_eq!(code(&output), 1);
    }
}

#[test]
fn endless_recursion_is_an_exception() {
    let program = "
def f(): f()
class A:
    def __getattr__(s, n): return s.foo
    def __eq__(s, o): return s == o
    def __repr__(s): return repr(s)
    def __hash__(s): return hash(s)
    def __iter__(s): return iter(s)
    def __init__(s, again=False): again and A(True)
    p = property(lambda s: s.p)
a = A()
def body():
    class B: body()
def generator(): yield from generator()
def key(x): return sorted([1], key=key)
def mapped(x): return list(map(mapped, [1]))
for g in (f, lambda: a.foo, lambda: a == a, lambda: repr(a), lambda: hash(a), lambda: iter(a), lambda: A(True),
          lambda: a.p, body, lambda: list(generator()), lambda: key(1), lambda: mapped(1)):
    try: g()
    except RecursionError: pass
    else: print('returned')
f()
";
    for options in [&["--gc=generational"][..], &["--gc=semispace"], &["--jit=eval", "--deopt-every=3"]] {
        let output = run(&[options, &["-c", program]].concat());
        let error = stderr(&output);
        assert_eq!((stdout(&output).as_str(), code(&output)), ("", 1), "{error}");
        assert!(error.contains(" in f\n  [Previous line repeated 99"), "{error}");
        assert!(error.ends_with("\nRecursionError: maximum recursion depth exceeded\n"), "{error}");
    }
}

#[test]
fn deep_data_is_printed_compared_and_freed_or_an_exception() {
    let program = "
def nest(f):
    x = None
    for i in range(1000000): x = f(x)
    return x
for f in (lambda x: [x], lambda x: (x,), lambda x: {1: x}):
    for use in (repr, hash, lambda x: x == nest(f)):
        try: use(nest(f))
        except (RecursionError, TypeError): pass
print('end')
";
    for options in ["--gc=generational", "--gc=semispace", "--gc=marksweep"] {
        let output = run(&[options, "-c", program]);
        assert_eq!((stdout(&output).as_str(), code(&output)), ("end\n", 0), "{options} {}", stderr(&output));
    }
}

#[test]
fn long_chains_of_types_and_methods_are_used_or_an_exception() {
    let program = "
import types
def nest(f, x):
    for i in range(100000): x = f(x)
    return x
class C:
    @property
    def __bases__(self): return self, self
for f, x in (list.__class_getitem__, int), (lambda x: types.MethodType(x, 1), print), \
            (lambda x: types.MethodType(print, x), 1):
    for use in repr, hash, lambda y: y == nest(f, x), lambda y: y(), lambda y: y.__parameters__, lambda y: y.nothing:
        try: use(nest(f, x))
        except (RecursionError, TypeError, AttributeError): pass
for use in issubclass, isinstance:
    try: use(C(), int) or use(1, C())
    except RecursionError: pass
x, y = nest(lambda x: [x], 1), nest(lambda x: [x], 2)
try: x < y
except RecursionError: print('end')
";
    let output = run(&["-c", program]);
    assert_eq!((stdout(&output).as_str(), code(&output)), ("end\n", 0), "{}", stderr(&output));
}

#[test]
fn a_full_heap_is_an_exception_and_the_program_goes_on() {
    let program = "
def lists():
    x = []
    while 1: x.append([])
def texts():
    s = 'abc'
    while 1: s += s + 'x'
def numbers():
    d = {}
    while 1: d[len(d)] = (len(d),)
def generators():
    x = []
    while 1: x.append(i for i in x)
def chains():
    # Still full when the program is told.
    global chain
    while 1: chain = [chain]
for f in (lists, texts, numbers, generators, chains, lambda: [0] * 10**9, lambda: 'x' * 10**12, lambda: bytes(10**12),
          lambda: list(range(10**9)), lambda: 10**10**10, lambda: 1 << 10**10):
    chain = None
    try: f()
    except MemoryError as e:
        # Where it was raised now, and nothing of the times before.
        print(f.__name__, e.__traceback__.tb_next.tb_frame.f_code.co_name, e.__context__)
    else: print('returned')
    # What native frames seem to hold lives on until other work takes its place.
    small = []
    for i in range(100): small.append((i, str(i), {i: [small]}, (j for j in small)))
print('end')
";
    let names = ["lists", "texts", "numbers", "generators", "chains"].into_iter().chain(["<lambda>"; 6]);
    let expected = names.map(|name| format!("{name} {name} None\n")).chain(["end\n".to_owned()]).collect::<String>();
    for collector in collectors().iter().filter(|name| *name != "none") {
        let output = run(&[&format!("--gc={collector}"), "--heap=64M", "-c", program]);
        assert_eq!(
            (stdout(&output).as_str(), code(&output)),
            (expected.as_str(), 0),
            "{collector}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn attributes_that_nobody_has_asked_for_are_there_when_the_heap_is_full() {
    let program = "
texts = 'casefold swapcase istitle isalnum rpartition expandtabs zfill translate removeprefix isdecimal rindex'
others = '__rlshift__ __rdivmod__ __ceil__ __trunc__ as_integer_ratio is_integer conjugate start stop step fget fset ' \\
         'fdel cast toreadonly tolist strides __rxor__ issubset symmetric_difference_update'
uses = [(c, s) for c in (str, bytes, bytearray) for s in texts.split()]
uses += [(c, s) for c in (int, float, complex, range, memoryview, slice, property, set, frozenset) for s in others.split()]
rest, chains, chain = iter(uses), [None] * 10000, None
full = length = used = missing = 0
def fill():
    # Short chains: what native frames seem to hold is little.
    global chain, length, used
    while 1:
        chain = [chain]
        length += 1
        if length == 1000:
            chains[used] = chain
            chain, length, used = None, 0, used + 1
while 1:
    try:
        if full < 3: fill()
        for c, name in rest:
            if not hasattr(c, name): missing += 1
        break
    except MemoryError: full += 1
chain = None
while used:
    used -= 1
    chains[used] = None
print(full, missing, sum(not hasattr(c, name) for c, name in uses), sum(name not in dir(c) for c, name in uses))
";
    for collector in collectors().iter().filter(|name| *name != "none") {
        let output = run(&[&format!("--gc={collector}"), "--heap=32M", "-c", program]);
        assert_eq!(
            (stdout(&output).as_str(), code(&output)),
            ("3 151 151 151\n", 0),
            "{collector}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn programs_decide_on_their_exit_code() {
    // Codes and texts of CPython 3.12.
    for (program, exit_code, error) in [
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit(-1)", 255, ""),
        ("raise SystemExit('bye')", 1, "bye\n"),
        ("raise SystemExit((1, 2))", 1, "(1, 2)\n"),
        ("raise SystemExit(None)", 0, ""),
        ("raise SystemExit(True)", 1, ""),
        ("import sys; sys.exit(256)", 0, ""),
        ("raise SystemExit(10**30)", 255, "OverflowError: Python int too large to convert to C long\n"),
        ("class E(SystemExit): code = 4\nraise E", 4, ""),
        ("import sys; sys.stderr = None; 1/0", 1, ""),
        ("import sys; sys.excepthook = lambda *a: sys.exit(len(a)); 1/0", 3, ""),
        (
            "import sys; sys.excepthook = lambda *a: {}[1]\n1/0",
            1,
            "KeyError: 1\n\nOriginal exception was:\nTraceback (most recent call last):\n  File \"<string>\", line 2, in \
             <module>\nZeroDivisionError: division by zero\n",
        ),
        ("import sys; sys.unraisablehook = print\nclass A:\n def __del__(s): 1/0\na = A()", 0, ""),
        ("class A(Exception):\n def __str__(s): 1/0\nraise A", 1, "A: <exception str() failed>\n"),
        ("a = ValueError(1); a.__cause__ = b = ValueError(2); b.__cause__ = a\nraise a", 1, "\nValueError: 1\n"),
    ] {
        let output = run(&["-c", program]);
        let got = stderr(&output);
        assert_eq!(code(&output), exit_code, "{program}: {got}");
        assert!(got.ends_with(error) && (!error.is_empty() || got.is_empty()), "{program}: {got}");
    }
}

/// When an interrupted program is given up.
const LONGEST: Duration = Duration::from_secs(60);

/// Starts a program that prints a line when it is ready, interrupts it, and returns how it ended and how long that took.
fn interrupted(program: &str) -> (Output, Duration) {
    let mut child =
        prism(&["-c", program]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("prism starts");
    let mut ready = [0; 6];
    std::io::Read::read_exact(child.stdout.as_mut().expect("piped"), &mut ready).expect("the program prints");
    // Into the loop.
    std::thread::sleep(Duration::from_millis(300));
    let sent = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(kill.success());
    while child.try_wait().expect("it can be waited for").is_none() {
        if sent.elapsed() > LONGEST {
            child.kill().expect("it runs");
            panic!("it goes on after SIGINT: has whoever started the tests had the signal ignored?");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = sent.elapsed();
    (child.wait_with_output().expect("it has ended"), took)
}

#[test]
fn an_uncaught_interrupt_ends_the_process_by_its_signal() {
    let by_signal = (None, Some(2));
    for (program, expected, output) in [
        ("raise KeyboardInterrupt(3)", by_signal, ""),
        ("class K(KeyboardInterrupt): pass\nraise K", (Some(1), None), ""),
        // After all that is done at the end.
        ("import atexit\natexit.register(print, 'end')\nraise KeyboardInterrupt", by_signal, "end\n"),
        ("import sys\nsys.excepthook = lambda *a: print('hook')\nraise KeyboardInterrupt", by_signal, "hook\n"),
        ("import sys\nsys.excepthook = lambda *a: sys.exit(4)\nraise KeyboardInterrupt", (Some(4), None), ""),
        ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nraise KeyboardInterrupt", by_signal, ""),
        (
            "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\nraise KeyboardInterrupt",
            (Some(130), None),
            "",
        ),
        ("import sys\nsys.exit(130)", (Some(130), None), ""),
        // In the child of a fork as well.
        (
            "import os\nif os.fork(): print(os.waitstatus_to_exitcode(os.wait()[1]))\nelse: raise KeyboardInterrupt",
            (Some(0), None),
            "-2\n",
        ),
    ] {
        let ended = run(&["-c", program]);
        let status = (ended.status.code(), ended.status.signal());
        assert_eq!((status, stdout(&ended).as_str()), (expected, output), "{program}: {}", stderr(&ended));
    }
}

#[test]
fn an_interrupt_is_an_exception() {
    for work in [
        "while True: pass",
        "sum(range(10**10))",
        "list(iter(int, 1))",
        "1 in iter(int, 1)",
        "sorted(range(10**6), key=lambda x: [i for i in range(1000)])",
        "3 ** 10 ** 9",
        "import time; time.sleep(100)",
        "import os; os.read(os.pipe()[0], 1)",
        "import os; r, w = os.pipe(); open(r).read()",
        "import os; r, w = os.pipe(); open(w, 'w').write('x' * 10**7)",
    ] {
        let (output, took) = interrupted(&format!("print('ready', flush=True)\n{work}"));
        let error = stderr(&output);
        assert!(error.ends_with("\nKeyboardInterrupt\n"), "{work}: {error}");
        assert_eq!(output.status.signal(), Some(2), "{work}: a shell is to see that SIGINT ended it");
        // 200 ms are the goal; the machine of a test may be busy.
        assert!(took < Duration::from_secs(5), "{work}: {took:?}");
    }
    // Walks over shared data: 2 ** 60 steps, none of them deep.
    let shared = "z = y = ()\nfor _ in range(60): z, y = (z, z), (y, y)\nprint('ready', flush=True)\n";
    for work in ["hash(z)", "repr(z)", "z == y", "isinstance(1, z)", "issubclass(int, z)", "f'{z}'"] {
        let (output, took) = interrupted(&format!("{shared}{work}"));
        let error = stderr(&output);
        assert!(error.ends_with("\nKeyboardInterrupt\n"), "{work}: {error}");
        assert!(took < Duration::from_secs(20), "{work}: {took:?}");
    }
    // Loops of methods over long texts, each of which looks for signals: whichever runs is left.
    let text = "w = '\\u20ac' * 10**7\nprint('ready', flush=True)\n";
    for work in [
        "w.upper()",
        "w.replace('\\u20ac', 'ab')",
        "repr(w)",
        "w.isalpha()",
        "w.encode()",
        "','.join(w)",
        // Single copies.
        "w[1:]",
        "w * 3",
        "[1, 2, 3] * 10**7",
        "(1, 2) * 10**7",
        "b'abc' * 10**8",
        "memoryview(bytes(10**7))[::2].tobytes()",
        "bytes(10**8)[::-1]",
    ] {
        let (output, took) = interrupted(&format!("{text}while True: {work}"));
        let error = stderr(&output);
        assert!(error.ends_with("\nKeyboardInterrupt\n"), "{work}: {error}");
        assert!(took < Duration::from_secs(20), "{work}: {took:?}");
    }
    // A handler of the program's own runs when the copy is done, not in the middle of it.
    let own = "
import signal
x, seen = list(range(3 * 10**6)), []
def handler(*_):
    seen.append(1)
    if len(seen) > 3: raise SystemExit(5)
    x.clear(); x.extend(range(3 * 10**6))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.05)
while True:
    for y in x[:], x + x, x * 2, tuple(x): assert None not in (y[0], y[-1]) and y[len(x) - 1] == len(x) - 1
";
    let output = run(&["-c", own]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(5), ""));
    let caught = "print('ready', flush=True)\ntry:\n while True: pass\nexcept KeyboardInterrupt: print('caught')";
    let (output, _) = interrupted(caught);
    assert_eq!((stdout(&output).as_str(), code(&output)), ("caught\n", 0), "{}", stderr(&output));
}

#[test]
fn an_object_is_finalized_by_the_class_it_was_given() {
    let source = "
class A: __slots__ = ()
class B:
    __slots__ = ()
    def __del__(self): deleted.append(1)
deleted = []
for _ in range(20):
    A().__class__ = B
import gc
gc.collect()
# What native frames seem to hold lives on a little.
print(len(deleted) > 15)
";
    let program = Scratch::new("finalized.py", source);
    let output = run(&[program.path()]);
    assert_eq!((stdout(&output).as_str(), code(&output)), ("True\n", 0), "{}", stderr(&output));
}

#[test]
fn objects_shapes_do_not_run_out() {
    // A heap has room for about a million of them.
    let source = "
class A: pass
class B: pass
class C: pass
o = A()
o.x = 1
for _ in range(400_000):
    o.__class__ = B
    o.__class__ = C
    o.__class__ = A
for i in range(50_000):
    setattr(A(), 'a%d' % i, i)
S = type('S', (), {'__slots__': ['s%05d' % i for i in range(70_000)]})
s = S()
s.s69999 = 5
print(o.x, type(o).__name__, s.s69999)
";
    let program = Scratch::new("shapes.py", source);
    let output = run(&[program.path()]);
    assert_eq!((stdout(&output).as_str(), code(&output)), ("1 A 5\n", 0), "{}", stderr(&output));
}
