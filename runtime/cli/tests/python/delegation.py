# Chains of generators and coroutines that pass on what others give.

import sys


def leaf(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield "got", got
    return "leaf"


def link(depth, n):
    if depth == 0:
        r = yield from leaf(n)
    else:
        r = yield from link(depth - 1, n)
    return depth, r


def drive(g, *sent):
    out, sent = [], list(sent)
    try:
        v = g.send(None)
        while True:
            out.append(v)
            v = g.send(sent.pop(0) if sent else None)
    except StopIteration as e:
        return out, e.value


for depth in (0, 1, 2, 5):
    print(list(link(depth, 4)), sum(link(depth, 4)), set(link(depth, 4)), [x for x in link(depth, 3)])
    print(drive(link(depth, 2)), drive(link(depth, 3), "a", None, "b"))


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(lo, hi):
    if lo == hi:
        return None
    mid = (lo + hi) // 2
    return Tree(tree(lo, mid), mid, tree(mid + 1, hi))


print(list(tree(0, 40)), sum(tree(0, 100)), [x for x in tree(0, 10)])


# Where frames stand.
def depth():
    frame, names = sys._getframe(1), []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


def looking():
    yield depth()
    yield depth()


def through(g):
    yield from g


def over():
    for v in through(through(looking())):
        print(v)


over()


# Exceptions on the way out, and thrown in.
def names_of(e):
    names, t = [], e.__traceback__
    while t is not None:
        names.append((t.tb_frame.f_code.co_name, t.tb_lineno - t.tb_frame.f_code.co_firstlineno))
        t = t.tb_next
    return names


def failing(n):
    yield from range(n)
    raise ValueError(n)


def catching(g):
    try:
        yield from g
    except ValueError as e:
        yield "caught", e.args, names_of(e)
    finally:
        yield "finally"


def outer(n):
    yield from catching(through(through(failing(n))))


for n in range(3):
    print(list(outer(n)))
    try:
        for v in through(through(failing(n))):
            print(v, end=" ")
    except ValueError as e:
        print(names_of(e))

g = outer(5)
print(next(g), next(g), g.throw(ValueError("thrown")), next(g), next(g, "end"))
g = through(through(leaf(3)))
print(next(g), next(g))
try:
    g.throw(KeyError("k"))
except KeyError as e:
    print(names_of(e))
print(next(g, "end"))


def cleaning(name, g):
    try:
        yield from g
    finally:
        print("clean", name)


g = cleaning("a", cleaning("b", cleaning("c", leaf(3))))
print(next(g), next(g))
g.close()
print(next(g, "end"))


# Those that run cannot be resumed, and those in the middle may have moved on.
def reentrant():
    yield 1
    try:
        next(top)
    except ValueError as e:
        yield str(e)
    try:
        next(middle)
    except ValueError as e:
        yield str(e)
    print(top.gi_running, middle.gi_running, top.gi_yieldfrom is middle)
    yield 2


bottom = reentrant()
middle = through(bottom)
top = through(middle)
print(list(top))

inner = leaf(5)
a, b = through(inner), through(inner)
print(next(a), next(b), next(inner), next(a), next(b), next(a, "end"), next(b, "end"), next(inner, "end"))
inner = leaf(3)
a = through(through(inner))
print(next(a), a.gi_yieldfrom.gi_yieldfrom is inner, list(inner), next(a, "end"))


# Exceptions that are being handled stay with the frame that handles them.
def handling(n):
    try:
        raise KeyError(n)
    except KeyError:
        yield sys.exc_info()[0]
        if n:
            yield from handling(n - 1)
        yield sys.exc_info()[1].args
        try:
            raise
        except KeyError as e:
            yield e.args
    yield sys.exc_info()[0]


print([v for v in through(through(handling(2)))])
try:
    raise OSError("outside")
except OSError:
    for v in through(through(handling(1))):
        print(v, sys.exc_info()[0].__name__, end="; ")
    print([v for v in through(through(handling(0)))])
g = through(through(handling(1)))
print(next(g))
try:
    raise OSError
except OSError:
    print(next(g), next(g))
print(next(g), list(g))


# Not only generators.
class Given:
    def __init__(self, *items):
        self.items = list(items)

    def __iter__(self):
        return self

    def __next__(self):
        if self.items:
            return self.items.pop(0)
        raise StopIteration("done")

    def send(self, v):
        return "sent", v


def mixed():
    print((yield from [1, 2]), (yield from "ab"), (yield from Given(3, 4)), (yield from through((5, 6))))
    yield from through(through(Given(7)))


print(list(mixed()))
print(drive(through(through(Given(1, 2))), "x"))


class Pause:
    def __await__(self):
        got = yield "pause"
        return got


async def wait(n):
    if n == 0:
        return [await Pause(), await Pause()]
    return [n] + await wait(n - 1)


print(drive(wait(0), 1, 2), drive(wait(3), "x", "y"))


async def guarded(n):
    try:
        return await wait(n)
    except ValueError as e:
        return "caught", e.args, len(names_of(e))


c = guarded(3)
print(c.send(None), c.send("first"))
try:
    c.throw(ValueError("into"))
except StopIteration as e:
    print(e.value)


# Long chains, to a depth that is refused.
g = leaf(3)
for _ in range(500):
    g = through(g)
print(next(g), next(g), next(g), next(g, "end"))


def endless(n):
    yield n
    yield from endless(n + 1)


try:
    for v in endless(0):
        pass
except RecursionError as e:
    print(e, v > 100)


def below(n, g):
    return next(g) if n == 0 else below(n - 1, g)


def at_any_depth():
    # Code that is compiled may go deeper: how deep is not asked here.
    ends = []
    for n in range(300, 3000, 27):
        g = leaf(5)
        for _ in range(300):
            g = through(g)
        next(g)
        try:
            below(n, g)
        except RecursionError:
            ends.append(next(g, "end"))
    # The chain raised, and is over, or what called it did.
    print(set(ends) == {"end", 1} and len(ends) < 100)


at_any_depth()
g = leaf(2)
for _ in range(3000):
    g = through(g)
try:
    next(g)
except RecursionError as e:
    print(e)
