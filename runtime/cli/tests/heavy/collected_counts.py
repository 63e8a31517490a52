"""What gc.collect() says it has found: objects of cycles and what hangs from them, with and without finalizers, whose identity was
asked for, in tuples and dictionaries that count only for what they hold; again and again, so that the heap has grown old."""
import gc


class Plain:
    pass


class Finalized:
    def __del__(self):
        pass


class Returning:
    kept = []

    def __del__(self):
        Returning.kept.append(self)


def cycle(n, cls=Plain):
    first = last = cls()
    for _ in range(n - 1):
        last.next = cls()
        last = last.next
    last.next = first


def mixed(i):
    held = [object(), "s" * i, 1.5, b"x", (1, 2), (1, [2]), {1: 2}, {1: [2]}, set(), frozenset([1]), range(3), len]
    held.append(held)


def suspended():
    def generator():
        yield

    started = generator()
    next(started)
    o = Plain()
    o.generator, o.me = started, o


def numbered():
    o = Plain()
    o.number, o.me = id(o), o


def nested():
    t = ([],)
    t[0].append(t)
    d = {"a": {"x": 1, "d": None}}
    d["a"]["d"] = d
    # Nothing of this stands in a cycle.
    [[[]]], {"a": ([],)}


gc.collect()
old = []
for i in range(12):
    found = []
    for make in (lambda: cycle(5), lambda: cycle(70, Finalized), lambda: mixed(i), suspended, numbered, nested, int):
        make()
        found.append(gc.collect())
    cycle(3, Returning)
    found.append(gc.collect())
    found.append(len(Returning.kept))
    Returning.kept.clear()
    found.append(gc.collect())
    # What lives for some rounds, and then dies among what goes on to live.
    o = Plain()
    o.me = o
    old.append(o)
    if i % 3 == 2:
        del old[::2]
    del o
    found.append(gc.collect())
    print(i, found)
