# Displays, slices, truth, enumerations and suspended frames, at sites that see one kind of value and at sites that see many.


def displays(a, b, c):
    return [[], [a], [a, b], [a, b, c, a, b, c, a], [a, b, c, a, b, c, a, b], [a, b, c, a, b, c, a, b, c], {}, (a, b)]


for n in range(4):
    made = displays(n, str(n), None)
    print(made)
    made[0].append(1)
    made[1].append(2)
    made[3].extend(made[0])
    made[6]["key"] = n
    print(made)


class Sliced:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)


def slices(s, a, b, c):
    return s[a:b:c], s[a::c], s[::c], s[a:b]


print(slices(Sliced(), 1, None, "x"))
for s in ([1, 2, 3, 4, 5], (1, 2, 3, 4, 5), "abcde", b"abcde", range(5)):
    print(slices(s, 1, 4, 2), slices(s, -2, 0, -1), slices(s, None, None, 3))


def truth(v):
    if v:
        n = 1
    else:
        n = 0
    while not v:
        return n, not v, bool(v)
    return n, not v, bool(v), v and "and", (v or "or") is v


class Plain:
    pass


class Sized:
    def __len__(self):
        return self.n


class Judged:
    def __bool__(self):
        return self.b


plain, sized, judged = Plain(), Sized(), Judged()
for n in range(3):
    sized.n, judged.b = n, n == 1
    for v in (0, 1, True, False, None, 0.0, 0.5, "", "a", "\u20ac", b"", b"x", [], [0], (), (0,), {}, {0: 0}, set(), {0},
              frozenset(), frozenset([1]), range(0), range(1), sized, judged):
        print(truth(v), end=" ")
    print(truth(plain)[:3])
Plain.__bool__ = lambda self: False
print(truth(plain))
del Plain.__bool__
print(truth(plain)[:3])
Plain.__len__ = lambda self: 0
print(truth(plain))
Plain.__bool__ = lambda self: True
print(truth(plain)[:3])


def numbered(iterable, start=0):
    out = []
    for i, v in enumerate(iterable, start):
        out.append((i, v))
    for pair in enumerate(iterable, start):
        out.append(pair)
    return out


for iterable in ([], [1], "ab", (1, 2), [3, 4, 5], {1: 2}, range(2)):
    print(numbered(iterable))
print(numbered([1, 2, 3], 2**49 - 2), numbered([1, 2], 10**20), numbered("xy", -1))


def growing():
    l = [1, 2, 3]
    out = []
    for i, v in enumerate(l):
        if i < 3:
            l.append(v * 10)
        out.append((i, v))
    return out


print(growing())


def count(n):
    got = yield n
    for i in range(n):
        got = yield i, got
    return "counted", n


def chain(n):
    if n == 0:
        return (yield from count(2))
    r = yield from chain(n - 1)
    yield r
    return n


def drain(g, send=None):
    out = []
    try:
        v = next(g)
        while True:
            out.append(v)
            v = g.send(send)
    except StopIteration as e:
        out.append(("value", e.value))
    return out


for n in range(4):
    print(drain(chain(n)), drain(chain(n), "sent"), list(chain(n)))
fresh = count(1)
try:
    fresh.send(1)
except TypeError as e:
    print(e)
print(next(fresh), fresh.send("x"), drain(fresh))


def many(a, b=2, *args, key=None, **kw):
    local = a, b
    yield local
    other = args, key, sorted(kw)
    yield other
    del local
    try:
        yield local
    except UnboundLocalError as e:
        yield str(e)


print(list(many(1)), list(many(1, 3, 4, 5, key=6, z=7, y=8)))


async def fibonacci(n):
    if n < 2:
        return n or None
    a = await fibonacci(n - 1)
    b = await fibonacci(n - 2)
    return (a or 0) + (b or 0)


def run(coroutine):
    out = []
    try:
        while True:
            out.append(coroutine.send(None))
    except StopIteration as e:
        out.append(e.value)
    return out


print([run(fibonacci(n)) for n in range(8)])


class Awaitable:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for i in range(self.n):
            yield i
        return self.n


async def await_all(*awaitables):
    return [await a for a in awaitables]


print(run(await_all(Awaitable(0), fibonacci(5), Awaitable(2), fibonacci(1))))
for bad in (1, [], fibonacci):
    try:
        run(await_all(bad))
    except TypeError as e:
        print(e)


async def twice(c):
    await c
    await c


try:
    run(twice(fibonacci(3)))
except RuntimeError as e:
    print(e)


async def ticks(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield "got", got
        await Awaitable(1)


async def collect(n):
    out = []
    async for v in ticks(n):
        out.append(v)
    out.append([v async for v in ticks(n) if v != 1])
    t = ticks(n)
    out.append(await t.asend(None))
    out.append(await t.asend("hello"))
    step = t.asend(None)
    out.append(await step)
    try:
        await step
    except RuntimeError as e:
        out.append(str(e))
    await t.aclose()
    try:
        out.append(await t.__anext__())
    except StopAsyncIteration as e:
        out.append("ended")
    return out


for n in range(2, 4):
    print(run(collect(n)))
