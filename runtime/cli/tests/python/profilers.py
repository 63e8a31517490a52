# What the profiler under cProfile counts.
import _lsprof
import gc
import sys
import warnings


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def numbers():
    for i in range(3):
        yield i


class Thing:
    def method(self):
        return sorted([3, 1, 2], key=lambda x: -x)


def work():
    fib(10)
    list(numbers())
    Thing().method()
    [].append(1)
    len("x")
    "a".upper()
    dict.fromkeys([1])
    ",".join(["a"])
    try:
        [].index(1)
    except ValueError:
        pass


def name(code):
    return code if isinstance(code, str) else code.co_name


def show(profiler):
    for e in sorted(profiler.getstats(), key=lambda e: name(e.code)):
        calls = sorted((name(c.code), c.callcount, c.reccallcount) for c in e.calls or ())
        print(name(e.code), e.callcount, e.reccallcount, calls, e.totaltime >= e.inlinetime >= 0)


# The locks of what was imported have callbacks, which would be counted if a collection called them meanwhile.
gc.collect()
profiler = _lsprof.Profiler()
profiler.enable()
work()
profiler.disable()
show(profiler)
profiler.enable(subcalls=False, builtins=False)
try:
    _lsprof.Profiler().enable()
except ValueError as e:
    print(e)
fib(3)
profiler.disable()
profiler.disable()
show(profiler)
profiler.clear()
print(profiler.getstats())

ticks = iter(range(0, 10000, 10))
profiler = _lsprof.Profiler(lambda: next(ticks), 0.5, builtins=False)
profiler.enable()
fib(3)
profiler.disable()
for e in profiler.getstats():
    print(name(e.code), e[1:5], [c[1:] for c in e.calls or ()])
times = iter([1.0, 2.5])
profiler = _lsprof.Profiler(timer=lambda: next(times), builtins=False)
profiler.enable()
fib(1)
profiler.disable()
print([e[1:5] for e in profiler.getstats()])
for arguments in (1, "x"), (None, 0.0, Thing.method, 1, 2):
    try:
        _lsprof.Profiler(*arguments)
    except TypeError as e:
        print(type(e).__name__)


class Mine(_lsprof.Profiler):
    def __init__(self):
        super().__init__()
        self.label = "mine"


mine = Mine()
mine.enable()
try:
    raise_at = [].missing
except AttributeError:
    pass
del mine
profiler = _lsprof.Profiler()


# A frame that is cleared gives its generator up.
async def coroutine():
    pass


def closing():
    try:
        yield 1
    finally:
        print("finally")


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    c = coroutine()
    c.cr_frame.clear()
    print([str(w.message) for w in caught])
c.close()
g = closing()
next(g)
g.gi_frame.clear()
print(list(g))
