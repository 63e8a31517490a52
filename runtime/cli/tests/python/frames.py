# Frame objects: live views, one for each frame, which keep the variables when the frame ends.
import sys


def identity():
    f = sys._getframe()
    return f is sys._getframe(), f.f_code is identity.__code__, f.f_back is sys._getframe(1), f


same, code, back, f = identity()
print(same, code, back, sorted(f.f_locals), f.f_lineno, f.f_back is sys._getframe())
print(f.f_globals is globals(), f.f_builtins["len"] is len, f.f_locals is f.f_locals)


def live():
    a = 1
    f = sys._getframe()
    before = dict(f.f_locals)
    a = 2
    b = 3
    d = f.f_locals
    print(sorted(before), before["a"], d["a"], d["b"], d is f.f_locals, locals() is d)
    del b
    c = [x for x in range(3)]
    print(sorted(locals()), d["a"], "b" in d)
    d["made"] = 5
    print("made" in locals(), sorted(f.f_locals))
    return f


f = live()
print(f.f_locals["c"], f.f_locals["a"], "f" in f.f_locals, f.f_code.co_name)
f.clear()
print(sorted(f.f_locals), f.f_lineno)


def outer(n):
    kept = "outer"

    def inner(m):
        nonlocal kept
        kept += "!"
        f = sys._getframe()
        return f.f_locals, f.f_back.f_locals, f.f_back.f_lineno, [f.f_code.co_name, f.f_back.f_code.co_name]

    return inner(n + 1)


for _ in range(5):
    mine, theirs, line, names = outer(1)
    print(sorted(mine), mine["m"], mine["kept"], sorted(theirs), theirs["n"], theirs["kept"], line, names)


def generate():
    x = 1
    got = yield sys._getframe()
    x = got
    yield x


g = generate()
print(g.gi_frame is g.gi_frame, g.gi_frame.f_locals, g.gi_frame.f_lineno, g.gi_frame.f_lasti)
f = next(g)
print(f is g.gi_frame, f.f_locals, f.f_lineno, f.f_back)
print(g.send(7), f.f_locals["x"], f.f_lineno)
print(next(g, "end"), g.gi_frame, f.f_locals)


async def coroutine():
    y = 2
    return sys._getframe()


c = coroutine()
print(c.cr_frame.f_locals, c.cr_frame is c.cr_frame)
f = c.cr_frame
try:
    c.send(None)
except StopIteration as e:
    print(e.value is f, f.f_locals, c.cr_frame)


class Body:
    here = sys._getframe()
    print(here.f_locals is locals(), here.f_code.co_name, here.f_back.f_code.co_name)
    del here


# Each of these runs once: frames of compiled code leave their variables behind only if somebody looks while they run.
def failing(n):
    depth = n
    failing_too(n - 1)


def failing_too(n):
    depth = n
    fails(n - 1)


def fails(n):
    depth = n
    raise KeyError(n)


def caught():
    own = "caught"
    try:
        failing(2)
    except KeyError as e:
        tb = e.__traceback__
        frames = []
        while tb:
            frames.append((tb.tb_frame, tb.tb_lineno))
            tb = tb.tb_next
        print(frames[0][0] is sys._getframe(), [f.f_code.co_name for f, _ in frames])
        print([line - caught.__code__.co_firstlineno for _, line in frames])
        print([f.f_locals.get("depth") for f, _ in frames])
        print([(b.f_back is a) for (a, _), (b, _) in zip(frames, frames[1:])])
        later = frames[0][0]
    return later


f = caught()
print(f.f_locals["own"], f.f_back is sys._getframe(), sorted(f.f_locals))
try:
    sys._getframe().clear()
except RuntimeError as e:
    print(e)
try:
    sys._getframe(1000)
except ValueError as e:
    print(e)
try:
    f.f_lineno = 3
except ValueError as e:
    print(e)
f = sys._getframe()
print(f.f_trace, f.f_trace_lines, f.f_trace_opcodes)
f.f_trace_opcodes = True
f.f_trace_lines = False
print(f.f_trace_lines, f.f_trace_opcodes)
f.f_trace_lines = True
f.f_trace_opcodes = False
try:
    f.f_trace_lines = 1
except TypeError as e:
    print(e)


def recursive(n):
    if n == 0:
        f, names = sys._getframe(), []
        while f is not None:
            names.append(f.f_locals.get("n"))
            f = f.f_back
        return names
    return recursive(n - 1)


for _ in range(3):
    print(recursive(6))
