# Frames of tracebacks: memory, callers, other threads, and who asks for them when.
import gc
import sys
import threading
import weakref


def boom(k):
    raise KeyError(k)


class Thing:
    pass


def collects():
    """Does the collector free anything at all?"""
    found = [weakref.ref(Thing()) for _ in range(40)]
    gc.collect()
    return any(r() is None for r in found)


def let_go(seen):
    # Words left on the machine's stack may keep some a while.
    gc.collect()
    return sum(r() is not None for r in seen) <= 4 or not collects()


# A frame that is cleared lets go of its variables, also where other exceptions have passed it.
def several(k, seen):
    thing = Thing()
    seen.append(weakref.ref(thing))
    found = []
    for i in range(3):
        try:
            boom(k)
        except KeyError as e:
            found.append(e)
    return found


seen = []
held = [several(k, seen) for k in range(40)]
for es in held:
    es[0].__traceback__.tb_frame.clear()
print(let_go(seen))


# What was caught and forgotten keeps nothing alive.
def forgets(k, seen):
    thing = Thing()
    seen.append(weakref.ref(thing))
    try:
        boom(k)
    except KeyError:
        pass


seen = []
for k in range(60):
    forgets(k, seen)
print(let_go(seen))


# Who had called a frame is not who raises its exception again.
def keep(k):
    try:
        boom(k)
    except KeyError as x:
        e = x
    return e


def raise_again(e):
    raise e


def passes(k):
    return boom(k)


def backs(k):
    e = keep(k)
    wrong = []
    try:
        raise_again(e)
    except KeyError as x:
        t = x.__traceback__
        names = []
        while t is not None:
            f = t.tb_frame
            names.append(f.f_code.co_name)
            if f.f_code.co_name == "keep" and f.f_back is not None and f.f_back.f_code.co_name == "raise_again":
                wrong.append(k)
            t = t.tb_next
    try:
        passes(k)
    except KeyError as x:
        f, g, h = x.__traceback__.tb_frame, x.__traceback__.tb_next.tb_frame, x.__traceback__.tb_next.tb_next.tb_frame
        if not (h.f_back is g and g.f_back is f and f is sys._getframe()):
            wrong.append(-k)
    return names, wrong


results = [backs(k) for k in range(60)]
print(results[-1], any(wrong for names, wrong in results))


# A frame that stands on the stack of another thread is one, and has its variables when it has ended.
def waits(k, gave, may_end):
    own = k
    try:
        boom(k)
    except KeyError as x:
        gave.append(x)
    own = [k]
    gave[0].ready.set()
    may_end.wait()
    return own


class Given(list):
    def __init__(self):
        self.ready = threading.Event()


for k in range(12):
    holder = Given()
    gave = [holder]
    may_end = threading.Event()
    thread = threading.Thread(target=waits, args=(k, gave, may_end))
    thread.start()
    holder.ready.wait()
    t = gave[1].__traceback__
    f = t.tb_frame
    same = f is t.tb_frame
    may_end.set()
    thread.join()
    if not (same and f is t.tb_frame and f.f_locals.get("own") == [k]):
        print("thread", k, same, f is t.tb_frame, f.f_locals)


# The frame is asked for first, by another exception or directly, and the handler raises again.
def mixed(k, first):
    own = k
    try:
        try:
            boom(k)
        except KeyError as x:
            e = x
            if first:
                f = sys._getframe()
            own = k + k
            raise
    finally:
        g = sys._getframe()


def mixes(k):
    try:
        mixed(k, k == k and type(k) is str)
    except KeyError as e:
        f = e.__traceback__.tb_next.tb_frame
        return f is f.f_locals["g"], sorted(f.f_locals), f.f_lineno - f.f_code.co_firstlineno, f.f_locals["own"]


print([mixes(k) for k in [*range(40), "a", 3]][-3:])


# A property's exception names the object that was asked, as in CPython, or none where the interpreter no longer has it; never another.
class Asked:
    @property
    def attribute(self):
        self = None
        gc.collect()
        many = [[i, i] for i in range(100)]
        raise AttributeError("no")


def asks(k):
    try:
        return Asked().attribute
    except AttributeError as e:
        return type(e.obj)


print({asks(k) for k in range(40)} <= {Asked, type(None)})


# Coroutines that somebody has looked at, and frames that stand where they stood.
class Gives:
    def __await__(self):
        yield 1


async def looked_at(n):
    sys._getframe()
    await Gives()


def looks(n):
    own = n
    return sys._getframe()


def drive(n):
    c = looked_at(n)
    c.send(None)
    found = looks(1).f_locals
    c.close()
    return found


print([drive(k) for k in range(30)][-1])


async def catches(n):
    own = n
    try:
        boom(n)
    except KeyError:
        pass
    await Gives()
    own = [n]
    boom(n)


def driven(n):
    c = catches(n)
    c.send(None)
    try:
        c.send(None)
    except KeyError as e:
        return e.__traceback__.tb_next.tb_frame.f_locals


print([driven(k) for k in range(30)][-1])
