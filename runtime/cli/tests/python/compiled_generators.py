"""Generators and coroutines that run often enough to be compiled: every way to resume, leave and look at them."""
import sys
import traceback


def counter(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield ("got", got)
    return "done"


for _ in range(4):
    print(sum(counter(300)), len(set(counter(100))), sorted(counter(5), reverse=True))


def drive(g, *sent):
    out = [next(g)]
    try:
        for v in sent:
            out.append(g.send(v))
    except StopIteration as stop:
        out.append(("stop", stop.value))
    return out


for _ in range(40):
    last = drive(counter(3), None, "a", None, None, None)
print(last)


# Kinds that change while it is suspended.
def growing(x):
    while True:
        x = x + x
        if (yield x):
            x = yield "reset"


g = growing(1)
numbers = [next(g) for _ in range(70)]
print(numbers[0], numbers[59], numbers[69])
print(g.send(True), g.send(1.5), next(g), g.send(True), g.send("ab"), next(g))


# Variables that are unbound, deleted, or live only in between.
def variables(n):
    for i in range(n):
        if i % 3 == 1:
            seen = i
        try:
            yield seen
            del seen
        except UnboundLocalError as e:
            yield type(e).__name__


print(list(variables(12))[:9], len(list(variables(200))))


# Exceptions: out of it, into it, handled around a yield, and the state that `raise` finds.
def failing(n):
    for i in range(n):
        if i == 60:
            raise KeyError(i)
        yield i


def caught(n):
    try:
        return len(list(failing(n)))
    except KeyError as e:
        return [f.name for f in traceback.extract_tb(e.__traceback__)], e.args


for _ in range(10):
    last = caught(100)
print(caught(50), last)
broken = failing(61)
for _ in range(60):
    next(broken)
for _ in range(2):
    try:
        next(broken)
    except (KeyError, StopIteration) as e:
        print(repr(e), broken.gi_frame)


def handling(log):
    while True:
        try:
            log.append((yield len(log)))
        except ValueError as e:
            log.append((repr(e), repr(sys.exc_info()[1])))
            yield "handled"
            log.append(repr(sys.exc_info()[1]))
        finally:
            log.append("finally")


log = []
h = handling(log)
next(h)
for k in range(30):
    h.send(k)
print(h.throw(ValueError(1)), next(h), len(log), log[-3:])
try:
    raise OSError("outside")
except OSError:
    print(h.throw(ValueError(2)), next(h), log[-3:], repr(sys.exc_info()[1]))
h.close()
print(log[-2:], h.gi_frame)


def reraising():
    for k in range(50):
        try:
            yield k
        except ValueError:
            try:
                yield "inner"
                raise
            except ValueError as again:
                yield repr(again)


r = reraising()
for k in range(20):
    next(r)
print(r.throw(ValueError("x")), next(r), next(r))


def stopping(n):
    for i in range(n):
        yield i
    raise StopIteration("own")


for _ in range(20):
    try:
        list(stopping(20))
    except RuntimeError as e:
        last = repr(e), repr(e.__cause__)
print(last)


# Frames: what it holds while it runs and while it is suspended.
def looked_at(n, look):
    for i in range(n):
        twice = i * 2
        if i == look:
            f = sys._getframe()
            yield (f.f_locals["i"], f.f_locals["twice"], f is own.gi_frame, f.f_back.f_code.co_name)
        yield twice


for look in (5, 150):
    own = looked_at(200, look)
    print([v for v in own if isinstance(v, tuple)])
own = looked_at(200, -1)
for _ in range(101):
    next(own)
print(own.gi_frame.f_locals, own.gi_frame.f_lineno - looked_at.__code__.co_firstlineno, own.gi_running)
frame = own.gi_frame
print(len(list(own)), frame.f_locals, own.gi_frame)


def names():
    f, out = sys._getframe(1), []
    while f is not None:
        out.append(f.f_code.co_name)
        f = f.f_back
    return out


def calling(n):
    for i in range(n):
        yield names() if i == n - 1 else i


print(list(calling(100))[-1], [v for v in calling(90)][-1])


# What runs already cannot be resumed.
def entering_itself():
    for k in range(40):
        try:
            yield next(me)
        except ValueError as e:
            yield str(e)


me = entering_itself()
print(set(me))


# Delegation and recursion.
class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(values):
    if not values:
        return None
    middle = len(values) // 2
    return Tree(tree(values[:middle]), values[middle], tree(values[middle + 1 :]))


t = tree(range(300))
print([list(t) == list(range(300)) for _ in range(4)])


def returning(n):
    got = yield from counter(n)
    for _ in range(3):
        got = (got, (yield from counter(1)))
    return got


print(drive(returning(2), *[None] * 6))


# Generator expressions, closures, and what they see of their surroundings.
def closures(n):
    base = 0
    total = 0
    for base in range(n):
        total += sum(x + base for x in range(6) if x != base)
    return total, any(x > 3 for x in range(base)), all(x < base for x in range(base)), max(-x for x in range(1, n))


print([closures(40) for _ in range(3)][-1])
print(dict((k, [v for v in (k * j for j in range(3))]) for k in range(3)))


# Coroutines and asynchronous generators.
class Later:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def ticks(n):
    for i in range(n):
        if i % 2:
            await Later(i)
        yield i


async def add(a, b):
    return a + b


async def main(n):
    total = 0
    async for v in ticks(n):
        total = await add(total, v)
    return total, [v async for v in ticks(5)]


def run(coroutine):
    seen = 0
    try:
        while True:
            coroutine.send(None)
            seen += 1
    except StopIteration as stop:
        return seen, stop.value


print([run(main(100)) for _ in range(3)][-1])


# A loop that is entered compiled while its frame is observed: what it ends with is what observers see.
def observed(n, fails):
    mine = sys._getframe()
    total = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise ValueError(i)
            total += i
        except ValueError as e:
            total += e.args[0]
    kept.append(mine)
    if fails:
        raise KeyError(total)
    return total


kept = []
for fails in (False, True):
    try:
        print(observed(1000, fails))
    except KeyError as e:
        print(repr(e), e.__traceback__.tb_next.tb_frame is kept[-1])
    found = dict(kept[-1].f_locals)
    found.pop("mine")
    print(found)


def failing_late(n):
    total = 0
    for i in range(n):
        total += i
        if i == n - 1:
            nothing[total]


nothing = {}
try:
    failing_late(2000)
except KeyError as e:
    print(e.args, e.__traceback__.tb_next.tb_frame.f_locals)
