"""Frames that only pass on what another one gives look, in the middle of it, like any that wait: to exceptions, to frame objects, to
collections and to tracing; and when they go on themselves, they have all that they had."""
import gc
import sys
import traceback


def chain(depth, inner, log):
    mark = ["local", depth]
    text = "level %d" % depth
    try:
        if depth:
            result = yield from chain(depth - 1, inner, log)
        else:
            result = yield from inner()
    except KeyError as e:
        log.append((depth, text, mark, repr(e)))
        raise
    except ValueError as e:
        log.append((depth, "caught", text, mark, repr(e)))
        if depth != 2:
            raise
        result = "recovered"
    finally:
        log.append((depth, "left", text, mark))
    log.append((depth, text, mark, result))
    return (depth, result)


def run(inner, sent=range(100), depth=4):
    log, got = [], []
    g = chain(depth, inner, log)
    try:
        got.append(next(g))
        for x in sent:
            got.append(g.send(x))
    except StopIteration as e:
        got.append(("returned", e.value))
    except Exception as e:
        got.append(("raised", repr(e), [(f.name, f.line) for f in traceback.extract_tb(e.__traceback__)]))
    print(got)
    for entry in log:
        print("   ", entry)


def garbage():
    return [[i, str(i)] for i in range(100)]


def plain():
    a = yield 1
    b = yield a + 1
    return b


def collects():
    total = 0
    for i in range(5):
        x = yield (total, [i])
        garbage()
        gc.collect()
        garbage()
        total += x
    return total


def fails():
    yield "first"
    yield "second"
    raise KeyError("lost")


def fails_and_is_caught():
    yield "first"
    garbage()
    raise ValueError("found")


def looks():
    for i in range(3):
        f, seen = sys._getframe(), []
        while f is not None and f.f_code.co_name in ("looks", "chain"):
            seen.append((f.f_code.co_name, f.f_lineno > 0, sorted(f.f_locals)[:2]))
            if f.f_code.co_name == "chain":
                seen.append((f.f_locals["depth"], f.f_locals["mark"], f.f_locals["text"], "result" in f.f_locals))
            f = f.f_back
        yield seen


def looks_once():
    """Frame objects of some levels, kept over suspensions."""
    f = sys._getframe(2)
    yield f.f_locals["mark"]
    yield f.f_locals["mark"]
    garbage()
    yield f.f_locals["text"]
    return f.f_back.f_locals["text"]


run(plain)
run(collects)
run(fails)
run(fails_and_is_caught)
run(looks)
run(looks_once)


print("-- seen from inside")


class Seen:
    def __init__(self, depth):
        self.depth = depth

    def __iter__(self):
        if self.depth:
            inner = outer.inner = iter(Seen(self.depth - 1))
            generators.append(inner)
            x = yield from inner
            return x + 1
        for _ in range(2):
            print([(g.gi_running, g.gi_suspended, g.gi_yieldfrom is None) for g in generators])
            for g in generators[:-1:2]:
                try:
                    next(g)
                except ValueError as e:
                    print(e)
            try:
                generators[1].throw(KeyError)
            except ValueError as e:
                print(e)
            yield len(generators)
        return 0


def outer():
    return (yield from generators[0])


generators = []
generators.append(iter(Seen(4)))
o = outer()
for _ in range(2):
    print(next(o), [(g.gi_running, g.gi_suspended, g.gi_yieldfrom is not None) for g in generators])
    print([g.gi_frame.f_lineno - Seen.__iter__.__code__.co_firstlineno for g in generators])
    print([sorted(g.gi_frame.f_locals) for g in generators])
try:
    next(o)
except StopIteration as e:
    print("returned", e.value)


print("-- thrown in")
for after in range(3):
    for thrown in KeyError("a"), ValueError("b"), GeneratorExit():
        log = []
        g = chain(3, plain, log)
        for i in range(after):
            g.send(None if i == 0 else i)
        try:
            print(g.throw(thrown))
        except BaseException as e:
            print(repr(e), getattr(e, "value", None), [f.line for f in traceback.extract_tb(e.__traceback__)])
        print(log)
    log = []
    g = chain(3, plain, log)
    for i in range(after):
        g.send(None if i == 0 else i)
    print(g.close(), log)


print("-- traced from the middle on")
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("chain", "traced"):
        events.append((frame.f_code.co_name, event, frame.f_locals.get("depth"), arg if event == "return" else None))
    return tracer


def traced():
    yield 1
    f = sys._getframe()
    while f.f_code.co_name in ("traced", "chain"):
        f.f_trace = tracer
        f = f.f_back
    sys.settrace(tracer)
    yield 2
    yield 3
    sys.settrace(None)
    yield 4
    return 5


run(traced, depth=2)
for event in events:
    print(event)


print("-- awaited")


class Once:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        garbage()
        return got


async def waits(depth):
    here = [depth] * depth
    if depth == 0:
        return [await Once("a"), await Once("b")]
    try:
        return await waits(depth - 1), here
    except LookupError as e:
        here.append(repr(e))
        if depth < 3:
            raise
        return await waits(depth - 1), here


c = waits(5)
print(c.send(None), c.cr_running, c.cr_suspended)
print(c.send(1))
print(c.throw(KeyError("k")))
print(c.send(2))
try:
    c.send(3)
except StopIteration as e:
    print(e.value)


print("-- deep")


def deep(n):
    kept = str(n)
    if n:
        r = yield from deep(n - 1)
        assert kept == str(n)
        return r + 1
    for i in range(20):
        x = yield i
        assert x is None or x == i
        if i % 10 == 9:
            garbage()
    return 0


g = deep(100)
total = next(g)
try:
    for i in range(1000):
        total += g.send(i)
except StopIteration as e:
    print(total, e.value)
