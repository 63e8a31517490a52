# What is thrown into generators that delegate goes through their frames.
import sys
import traceback
import types
def show(e):
    print(repr(e), [(entry.name, entry.lineno, entry.line) for entry in traceback.extract_tb(e.__traceback__)])
    if e.__context__:
        show(e.__context__)


def names():
    f=sys._getframe(1); out=[]
    while f: out.append((f.f_code.co_name, f.f_lineno)); f=f.f_back
    return out
def inner():
    try:
        yield names()
    except ValueError:
        yield names()
    except KeyError as e:
        show(e)
        yield sys._getframe(1).f_locals.keys()
    raise TypeError("end")
def mid():
    x = 1
    return (yield from inner())
def outer():
    y = 2
    try:
        yield from mid()
    except TypeError as e:
        show(e)
        yield "caught"
g=outer()
print(next(g))
print(g.throw(ValueError))
print(next(g))
g=outer(); next(g)
print(g.throw(KeyError("k")))
print(g.gi_frame.f_lineno, g.gi_frame.f_back, g.gi_yieldfrom.__name__)
try: print(g.throw(OSError))
except OSError as e: show(e)
class It:
    def __iter__(self): return self
    def __next__(self): return 1
    def throw(self, *a):
        print([name for name, _ in names()], a)
        try: g.send(1)
        except ValueError as e: print(e)
        return 7
    def close(self): print("close", names())
def over():
    r = yield from It()
g=over(); next(g)
print(g.throw(ValueError("v")))
print(g.gi_running)
g.close()
def deep(n):
    if n: yield from deep(n-1)
    else:
        yield 1
g=deep(50); next(g)
try: g.throw(ValueError)
except ValueError as e: print(len(traceback.extract_tb(e.__traceback__)))
sys.setrecursionlimit(3000)
g=deep(900); next(g)
try: g.throw(ValueError)
except ValueError as e: print(len(traceback.extract_tb(e.__traceback__)))
async def a(): return await b()
async def b(): return await c()
@types.coroutine
def c():
    try: yield len(traceback.extract_stack())
    except ZeroDivisionError: yield len(traceback.extract_stack())
co=a(); print(co.send(None), co.throw(ZeroDivisionError))


# A frame that was seen while it waited, and goes on.
def watcher():
    try:
        yield
    except ValueError:
        frames.append(sys._getframe(1))
        yield 1
    yield 2


def waiting():
    kept = "kept"
    yield from watcher()
    kept = "changed"
    yield kept


frames = []
g = waiting()
next(g)
print(g.throw(ValueError), frames[0] is g.gi_frame, frames[0].f_locals["kept"], next(g), next(g))
print(frames[0].f_locals["kept"], frames[0].f_lineno - waiting.__code__.co_firstlineno, list(g))


# Into one that has not begun.
g = watcher()
try:
    g.throw(OSError("early"))
except OSError as e:
    show(e)
print(list(g), g.gi_frame)
