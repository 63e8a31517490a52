# What tracers see of generators that end, of `with` that lets an exception pass, and of a line that a frame was sent to.
import sys


def ends_with_none():
    yield 1


def ends_with_value():
    yield 1
    return 2


def loops():
    for _ in ends_with_value():
        pass


def delegates():
    yield from ends_with_none()
    yield from [1]


async def nothing():
    pass


async def awaits():
    await nothing()


class Manager:
    def __enter__(self):
        pass

    def __exit__(self, *details):
        pass


def lets_pass():
    try:
        with Manager():
            1 / 0
    except ZeroDivisionError:
        pass


def try_and_pass(n):
    for i in range(n):
        try:
            pass
        finally:
            pass
        if i:
            continue
        pass
    while True:
        break
    try:
        try:
            n += 1
        except ValueError:
            pass
    finally:
        n -= 1


def sent(out):
    out.append(1)
    try:
        out.append(2)
    finally:
        out.append(3)
    pass
    out.append(4)


def trace(frame, event, arg):
    code = frame.f_code
    if isinstance(arg, tuple):
        arg = arg[:2]
    print(code.co_name, event, frame.f_lineno - code.co_firstlineno, arg)
    return trace


def run(f, *args):
    sys.settrace(trace)
    f(*args)
    sys.settrace(None)


run(loops)
run(lambda: list(delegates()))
coroutine = awaits()
try:
    run(coroutine.send, None)
except StopIteration:
    sys.settrace(None)
run(lets_pass)
run(try_and_pass, 2)


def jumper(start, target):
    state = []

    def trace(frame, event, arg):
        code = frame.f_code
        line = frame.f_lineno - code.co_firstlineno
        print(code.co_name, event, line)
        if event == "line" and line == start and not state:
            state.append(1)
            frame.f_lineno = code.co_firstlineno + target
        return trace
    return trace


for start, target in ((2, 6), (6, 2), (1, 7), (7, 6)):
    out = []
    sys.settrace(jumper(start, target))
    sent(out)
    sys.settrace(None)
    print(start, target, out)


# A frame that was sent somewhere by a tracer that then ends: the next one hears of every line.
def ends(frame, event, arg):
    code = frame.f_code
    if event == "line" and frame.f_lineno - code.co_firstlineno == 2:
        frame.f_lineno = code.co_firstlineno + 1
        sys.settrace(None)
        return None
    return ends


out = []
sys.settrace(ends)
sent(out)
print(out)
run(sent, [])
