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
