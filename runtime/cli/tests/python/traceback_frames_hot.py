# The frames of tracebacks have their variables, and are the running ones, in code that is compiled as in code that is not.
import sys
import traceback


def entries(e):
    t = e.__traceback__
    while t is not None:
        yield t
        t = t.tb_next


def frames(e):
    return (t.tb_frame for t in entries(e))


def shown(f, *skip):
    return {k: v for k, v in sorted(f.f_locals.items()) if k not in skip}


def hot(name, f, count=60):
    """Runs f(i) often; all results must be like the first ones, which say what the index is."""
    results = [f(i) for i in range(count)]
    for i, r in enumerate(results):
        if r[0] != i:
            print(name, "mixed up", i, r)
            return
    kinds = {str(r[1:]).replace(str(i), "#") if i > 9 else None for i, r in enumerate(results)} - {None}
    print(name, results[0], results[-1], len(kinds))


def raises(x, unused=None):
    y = [x]
    raise ValueError(x)
    z = 1


# Frames that the exception leaves.
def left(i):
    def deep(n):
        m = n * 2
        if n % 3 == 0:
            raises(i)
        deep(n - 1)

    try:
        deep(i % 3 + 3)
    except ValueError as e:
        names = [f.f_code.co_name for f in frames(e)]
        last = list(frames(e))
        return i, names[0], names[-2:], shown(last[-1]), shown(last[-2], "deep")


hot("left", left)


# The frame that catches is the running one, and shows what its variables are now.
def caught(i):
    a = i
    try:
        raises(i)
    except ValueError as e:
        f = e.__traceback__.tb_frame
        b = f is sys._getframe()
        before = f.f_locals["a"]
        a = "changed"
        return i, b, before, f.f_locals["a"], e.__traceback__.tb_next.tb_frame is not f


hot("caught", caught)


# Looked at when the activation is over, it shows the last values, also of variables that were assigned after the exception.
def kept(i):
    a, late = i, None
    try:
        raises(i)
    except ValueError as e:
        caught = e
    late = [i]
    a = -i
    return caught


def ended(i):
    e = kept(i)
    f, g = frames(e)
    return i, shown(f, "caught"), f.f_locals["caught"] is e, shown(g), f.f_code.co_name, f is not sys._getframe()


hot("ended", ended)


# Other activations of the same function at the same place of the stack have frames of their own.
def activations(i):
    es = [kept(i + k) for k in range(4)]
    fs = [e.__traceback__.tb_frame for e in es]
    return i, len(set(map(id, fs))), [f.f_locals["a"] + i for f in fs], [f.f_locals["late"][0] - i for f in fs]


hot("activations", activations)


def plain(i, catch):
    v = [i, catch]
    try:
        if catch:
            raises(i)
        return sys._getframe()
    except ValueError as e:
        return e


def reuse(i):
    e = plain(i, True)
    f = plain(i + 1, False)
    g = e.__traceback__.tb_frame
    return i, f is not g, shown(g, "e"), shown(f)


hot("reuse", reuse)


# A frame that is over has been called by the one of the entry before it.
def backs(i):
    def first(n):
        second(n)

    def second(n):
        raises(n)

    try:
        first(i)
    except ValueError as e:
        fs = list(frames(e))
        return i, [g.f_back is f for f, g in zip(fs, fs[1:])], fs[0] is sys._getframe()


hot("backs", backs)


# Several exceptions in one activation: one frame.
def several(i):
    es = []
    for k in range(5):
        try:
            raises(k)
        except ValueError as e:
            es.append(e)
    fs = {id(e.__traceback__.tb_frame) for e in es}
    return i, len(fs), es[0].__traceback__.tb_frame is sys._getframe(), [f.f_locals["x"] for e in es for f in list(frames(e))[1:]]


hot("several", several)


# One that was caught, and then one that leaves.
def twice(i):
    first = None
    try:
        raises(i)
    except ValueError as e:
        first = e
    late = i + 1
    raises(late)


def both(i):
    try:
        twice(i)
    except ValueError as e:
        own, f, g = frames(e)
        first = f.f_locals["first"]
        return i, first.__traceback__.tb_frame is f, f.f_locals["late"] - i, g.f_locals["x"] - i


hot("both", both)


# finally and with pass it on: the frame appears once.
class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.details = details
        return False


def passes(i):
    m = Manager()
    try:
        with m:
            try:
                inner = i
                raises(i)
            finally:
                done = [inner]
    finally:
        more = done


def passed(i):
    try:
        passes(i)
    except ValueError as e:
        own, f, g = frames(e)
        m = f.f_locals["m"]
        return i, shown(f, "m"), m.details[2].tb_frame is f, m.details[1] is e, shown(g)


hot("passed", passed)


def swallows(i):
    try:
        try:
            raises(i)
        except ValueError as e:
            raise KeyError(i) from e
    except KeyError as e:
        k = e
    after = i
    return k


def swallowed(i):
    k = swallows(i)
    f = k.__traceback__.tb_frame
    g = k.__cause__.__traceback__.tb_frame
    return i, f is g, shown(f, "k"), [h.f_code.co_name for h in frames(k.__cause__)]


hot("swallowed", swallowed)


# Generators.
def generator(i):
    a = i
    try:
        yield a
        raises(i)
    except ValueError as e:
        a = "caught"
        yield e
        a = "later"
    yield a
    b = [i]
    raise KeyError(i)


def generators(i):
    g = generator(i)
    next(g)
    e = next(g)
    f = e.__traceback__.tb_frame
    same, then = f is g.gi_frame, f.f_locals["a"]
    next(g)
    later = f.f_locals["a"]
    try:
        next(g)
    except KeyError as k:
        own, last = frames(k)
        return i, same, then, later, last is f, shown(f), g.gi_frame


hot("generators", generators)


def yields(i):
    for k in range(3):
        v = [k]
        yield k
    raises(i)


def unlooked(i):
    try:
        for v in yields(i):
            pass
    except ValueError as e:
        own, f, g = frames(e)
        return i, shown(f), shown(g), f.f_code.co_name


hot("unlooked", unlooked)


# Comprehensions and cells.
def cells(i):
    captured = i

    def reads():
        nonlocal captured
        captured += 1
        return raises(captured)

    return [reads() for k in range(3)]


def celled(i):
    try:
        cells(i)
    except ValueError as e:
        own, f, g, h = frames(e)
        return i, f.f_locals["captured"] - i, g.f_locals["captured"] - i, h.f_locals["x"] - i


hot("celled", celled)


def lazy(i):
    try:
        return sum(raises(i) if k == 2 else k for k in range(5))
    except ValueError as e:
        own, f, g = frames(e)
        return i, f.f_locals["k"], f.f_code.co_name, g.f_locals["x"]


hot("lazy", lazy)


# Unbound variables are not shown; those that were deleted neither.
def unbound(i):
    a = i
    del a
    b = i
    raises(b)
    c = b


def bound(i):
    try:
        unbound(i)
    except ValueError as e:
        return i, shown(list(frames(e))[1])


hot("bound", bound)


# Without a call: the instruction itself raises.
def operation(i, d):
    a = [i]
    b = a[0] // d
    return b


def operations(i):
    try:
        operation(i, 0)
    except ZeroDivisionError as e:
        own, f = frames(e)
        return i, shown(f), f.f_lineno - f.f_code.co_firstlineno


hot("operations", operations)


# What looks at frames: captured locals, names that are suggested, clearing.
def misspelt(i):
    variable = i
    return varible


def looks(i):
    try:
        misspelt(i)
    except NameError as e:
        t = traceback.TracebackException.from_exception(e, capture_locals=True)
        lines = list(t.format_exception_only())
        return i, t.stack[-1].locals, lines, t.stack[0].locals["i"] == str(i)


hot("looks", looks)


def clears(i):
    try:
        raises([i])
    except ValueError as e:
        g = list(frames(e))[1]
        before = len(g.f_locals)
        traceback.clear_frames(e.__traceback__)
        return i, before, g.f_locals


hot("clears", clears)


# Where a frame stood when it ended is not where the exception passed.
def lines(i):
    def of(e):
        firsts = [f.f_code.co_firstlineno for f in frames(e)]
        return [(t.tb_frame.f_lineno - first, t.tb_lineno - first) for t, first in zip(entries(e), firsts)]

    e = kept(i)
    found = [of(e)]
    for f in passes, twice, cells, unbound:
        try:
            f(i)
        except Exception as e:
            found.append(of(e)[1:])
    found.append(of(swallows(i)))
    return i, found


hot("lines", lines)


# What a generator raises is seen by its own handler, which ends it.
def raising(i):
    a = i
    yield i
    b = a
    raises(b)


def ends(i):
    found = []
    for f in list, sum, lambda g: [x for x in g]:
        try:
            f(raising(i))
        except ValueError as e:
            g = [f for f in frames(e) if f.f_code.co_name == "raising"][0]
            found.append((g.f_lineno - g.f_code.co_firstlineno, sorted(g.f_locals)))
    return i, found


hot("ends", ends)


def assigned(i):
    for k in range(3):
        try:
            raises(k)
        except ValueError as e:
            caught = e
        else:
            continue
        if k == 1:
            break
    return caught


# Of an exception that is raised while another is handled, and of a return that nobody has written.
def replaces(i):
    try:
        raises(i)
    finally:
        i = i + "x"


def falls_off(i, into):
    try:
        raises(i)
    except ValueError as e:
        into.append(e)
        into.append(i)


def stood(i):
    into = []
    try:
        replaces(i)
    except TypeError as e:
        into.append(e)
    falls_off(i, into)
    f, g, h = into[0].__traceback__.tb_next.tb_frame, into[0].__context__.__traceback__.tb_frame, into[1].__traceback__.tb_frame
    return i, f is g, f.f_lineno - f.f_code.co_firstlineno, h.f_lineno - h.f_code.co_firstlineno


hot("stood", stood)


# Two entries for one frame that has ended, and the frame that follows in the same place.
def shared(i):
    def f(n):
        es = []
        for k in range(3):
            try:
                raises(k + n)
            except ValueError as e:
                es.append(e)
        last = n
        return es

    a, b = f(i), f(i + 1)
    fa, fb = [[e.__traceback__.tb_frame for e in es] for es in (a, b)]
    caught = assigned(i)
    g = caught.__traceback__.tb_frame
    return i, len(set(fa)), len(set(fb)), fa[0] is fb[0], fa[2].f_locals["last"] - i, fb[0].f_locals["k"], g.f_locals["k"]


hot("shared", shared)


# The frame is asked for in what it calls, while it is compiled, and later.
def asks(e):
    f = e.__traceback__.tb_frame
    return f, f is sys._getframe(1), f.f_locals["own"]


def asked(i):
    own = i
    try:
        raises(own)
    except ValueError as e:
        f, same, seen = asks(e)
        own = [i]
        again, _, after = asks(e)
        return i, same, seen - i, again is f, after[0] - i, f.f_lineno - f.f_code.co_firstlineno


hot("asked", asked)

# Stored, and looked at when everything is over.
stored = [kept(i) for i in range(100)]
print([e.__traceback__.tb_frame.f_locals["late"][0] for e in stored] == list(range(100)))
print([e.__traceback__.tb_next.tb_frame.f_locals["y"][0] for e in stored] == list(range(100)))


# A loop that catches in one activation, with variables that change.
def loop(n):
    total, e = 0, None
    for k in range(n):
        try:
            if k % 5 == 0:
                raises(k)
            total += k
        except ValueError as error:
            e = error
    return e, total


e, total = loop(500)
f, g = frames(e)
print(total, f.f_locals["total"], f.f_locals["k"], g.f_locals)


# Recursion: each activation catches for itself.
def recursive(n):
    own = n
    if n == 0:
        raises(n)
    try:
        return recursive(n - 1)
    except ValueError as e:
        fs = list(frames(e))
        ok = fs[0] is sys._getframe() and fs[0].f_locals["own"] == n
        if not ok:
            print("wrong", n)
        if n < 4:
            raise
        return [f.f_locals.get("own") for f in fs]


for i in range(50):
    r = recursive(5)
print(r)
