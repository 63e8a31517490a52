//! What `gc.collect()` finds: what nobody can reach any more, whatever words native code has left on its stack.

use crate::{collectors, run, stderr, stdout};

const PROGRAM: &str = "
import gc, weakref

class Node:
    pass

def dropped():
    node = Node()
    node.itself = node
    reference = weakref.ref(node)
    node = None
    gc.collect()
    return reference() is None

def raised():
    try:
        raise ValueError(Node())
    except ValueError as e:
        reference = weakref.ref(e.args[0])
    gc.collect()
    return reference() is None

def iterated():
    iterator = iter([Node()])
    reference = weakref.ref(next(iterator))
    for _ in iterator:
        pass
    del iterator
    gc.collect()
    return reference() is None

def suspended():
    def give(node):
        try:
            yield 1
        finally:
            node = None
    node = Node()
    reference = weakref.ref(node)
    generator = give(node)
    next(generator)
    node = None
    generator.close()
    del generator
    gc.collect()
    return reference() is None

print([f() for f in (dropped, raised, iterated, suspended)], sorted([0, 1], key=lambda _: gc.collect() < 0))
";

#[test]
fn a_collection_that_a_program_asks_for_finds_what_it_let_go_of() {
    for gc in collectors().iter().filter(|gc| *gc != "none") {
        let out = run(&[&format!("--gc={gc}"), "--jit=off", "-S", "-c", PROGRAM]);
        assert_eq!(stdout(&out), "[True, True, True, True] [0, 1]\n", "{gc}: {}", stderr(&out));
    }
}

const UNCLOSED: &str = "
import _io, gc, os, sys, warnings
warnings.simplefilter('always')

def written(path):
    stream = open(path, 'w')
    stream.write('data')

class Raw(_io.FileIO):
    def flush(self):
        print('flushed')
        super().flush()

written(sys.argv[1])
gc.collect()
with open(sys.argv[1]) as stream:
    print(stream.read())
raw = Raw(sys.argv[1])
raw.close()
os.remove(sys.argv[1])
";

#[test]
fn a_stream_that_is_garbage_writes_what_it_holds_and_warns() {
    for gc in collectors().iter().filter(|gc| *gc != "none") {
        let file = std::env::temp_dir().join(format!("prism-unclosed-{gc}-{}", std::process::id()));
        let file = file.display().to_string();
        let out = run(&[&format!("--gc={gc}"), "--jit=off", "-S", "-c", UNCLOSED, &file]);
        assert_eq!(stdout(&out), "data\nflushed\n", "{gc}: {}", stderr(&out));
        let warning = format!("ResourceWarning: unclosed file <_io.TextIOWrapper name='{file}' mode='w'");
        assert_eq!(stderr(&out).matches(&warning).count(), 1, "{gc}: {}", stderr(&out));
        assert_eq!(stderr(&out).matches("ResourceWarning").count(), 1, "{gc}: {}", stderr(&out));
    }
}

/// What it prints, CPython printed.
const COUNTED: &str = "
import gc
gc.disable()

class Node:
    pass

class Closing(Node):
    def __del__(self):
        seen.append(1)

class Returning(Node):
    def __del__(self):
        seen.append(self)

def cycle(cls, n):
    for _ in range(n):
        node = cls()
        node.itself = node

def straight():
    return [[Node()], {1: Node()}, (Node(),)] and None

def with_more():
    node = Node()
    node.itself = [node, (node, 'text'), {1: [2]}, {1: 2}, (3, 4)]

def give():
    try:
        yield
    finally:
        pass

def ended():
    box = [give()]
    box.append(box)
    list(box[0])

def count(f, *args):
    f(*args)
    print(f.__name__, *[getattr(a, '__name__', a) for a in args], gc.collect(), gc.collect(), len(seen))

seen = []
gc.collect()
count(cycle, Node, 10)
count(straight)
count(with_more)
count(ended)
count(cycle, Closing, 3)
count(cycle, Returning, 2)
count(seen.clear)
gc.callbacks.append(lambda phase, info: print(phase, info))
cycle(Node, 4)
before = gc.get_stats()[2]
gc.collect()
print({k: v - before[k] for k, v in gc.get_stats()[2].items()})
gc.callbacks.clear()
gc.set_debug(gc.DEBUG_SAVEALL)
cycle(Node, 3)
print(gc.collect(), [type(x).__name__ for x in gc.garbage])
";

#[test]
fn a_collection_counts_what_reference_counts_would_have_left() {
    let expected = "\
cycle Node 10 10 0 0\n\
straight 0 0 0\n\
with_more 5 0 0\n\
ended 2 0 0\n\
cycle Closing 3 3 0 3\n\
cycle Returning 2 0 0 5\n\
clear 2 0 0\n\
start {'generation': 2, 'collected': 0, 'uncollectable': 0}\n\
stop {'generation': 2, 'collected': 4, 'uncollectable': 0}\n\
{'collections': 1, 'collected': 4, 'uncollectable': 0}\n\
3 ['Node', 'Node', 'Node']\n";
    for gc in collectors().iter().filter(|gc| *gc != "none") {
        let out = run(&[&format!("--gc={gc}"), "--jit=off", "-S", "-c", COUNTED]);
        assert_eq!(stdout(&out), expected, "{gc}: {}", stderr(&out));
    }
}

const THROWN: &str = "
import gc

def one():
    yield [[1], [2], [3]]

def two():
    try:
        yield ([1], [2]), [[3], [4]]
    finally:
        ends.append('closed')

def junk(n):
    # Leaves words of objects that are gone on the register stack, where native code has frames entered.
    a, b, c, d, e, f = [n], [n], [n], [n], [n], [n]
    g, h, i, j, k, l = [n], [n], [n], [n], [n], [n]

ends = []
for round in range(40):
    for make in one, two:
        generator = make()
        next(generator)
        list(map(junk, range(3)))
        gc.collect()
        if round % 2:
            generator.close()
        else:
            try:
                generator.throw(ValueError(1))
            except ValueError as e:
                ends.append(e.__traceback__.tb_next.tb_lineno)
print(len(ends), set(ends) == {5, 9, 'closed'})
";

/// A frame that an exception is raised in holds nothing where the operands of its yield stood, which were not kept.
#[test]
fn frames_that_are_thrown_into_hold_no_words_of_others() {
    for gc in collectors().iter().filter(|gc| *gc != "none") {
        let stress = ["--gc-stress=alloc:7", "--gc-verify=post", "--gc-poison"];
        let out = run(&[&[&*format!("--gc={gc}"), "--jit=off"], &stress[..], &["-S", "-c", THROWN]].concat());
        assert_eq!(stdout(&out), "80 True\n", "{gc}: {}", stderr(&out));
    }
}
