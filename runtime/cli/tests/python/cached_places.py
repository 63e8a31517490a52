# What call sites remember must not outlive what it was true of.
import collections
import io


class Words(dict):
    kind = "words"

    def first(self):
        return min(self)


def use(o):
    return o.first(), o.kind


plain, own = Words(a=1), Words(b=2)
print([use(plain) for _ in range(5)])
# The same site meets an object with a dictionary, which may hide both.
print(use(own), own.__dict__)
own.first = lambda: "own"
print(use(own), use(plain))
own.kind = "hidden"
print(use(own), use(plain))
del own.first, own.kind
print(use(own), use(plain))
Words.kind = "changed"
Words.first = lambda self: max(self)
print(use(own), use(plain))
Words.kind = property(lambda self: len(self))
print(use(own), use(plain))


class Oops(ValueError):
    def text(self):
        return f"<{self.args[0]}>"


def describe(e):
    return e.text()


for e in [Oops(1), Oops(2), Oops(3)]:
    print(describe(e), end=" ")
e.text = lambda: "instance"
print(describe(e), describe(Oops(4)))


def read(stream):
    return stream.read(1)


stream = io.BytesIO(b"abcdef")
print([read(stream) for _ in range(3)])


class Loud(io.BytesIO):
    def read(self, n):
        return super().read(n) + b"!"


print(read(Loud(b"xyz")), read(stream), read(Loud(b"uvw")))
stream = io.BytesIO(b"123")
print(read(stream))

for d in [collections.deque([1, 2]), collections.OrderedDict(a=1), collections.Counter("aab")]:
    print(type(d).__name__, len(d.copy()))


# Bound methods that are stored and called.
class Counter:
    def __init__(self):
        self.n = 0
        self.step = self.add

    def add(self, by=1, *, twice=False):
        self.n += by * (2 if twice else 1)
        return self.n

    def three(self, a, b, c):
        return (self.n, a, b, c)

    def four(self, a, b, c, d):
        return (self.n, a, b, c, d)


c = Counter()
step, three, four = c.step, c.three, c.four
for _ in range(3):
    print(step(2), c.step(1), c.step(), step(1, twice=True), three(1, 2, 3), four(1, 2, 3, 4))
for wrong in [lambda: three(1), lambda: four(1, 2, 3), lambda: c.step(1, 2)]:
    for _ in range(2):
        try:
            wrong()
        except TypeError as e:
            print(e)


def call(f):
    return f(1)


calls = [step, len, str, Counter().add, abs, c.step, lambda x: -x, c.add]
for f in calls * 2:
    try:
        print(call(f), end=" ")
    except TypeError as e:
        print(e, end=" ")
print()


class Callable:
    def __call__(self, *args):
        return args


class Holder:
    method = Callable()


import types

print(call(types.MethodType(Callable(), "this")), call(types.MethodType(print, "this")), call(Holder().method))


# Units of strings and bytes.
def at(s, i):
    return s[i]


for s in ["abc", b"abc", "é\xff", "aλ", "a\U0001F600b", "", b"", bytearray(b"xy"), "abc" * 2, ("t",), [1]]:
    for i in [0, 1, -1, -3, 2, 5, True]:
        try:
            print(repr(at(s, i)), end=" ")
        except IndexError as e:
            print(e, end="; ")
    print()
for s in ["a", b"a"]:
    try:
        at(s, "x")
    except TypeError as e:
        print(e)
    try:
        at(s, 1 << 70)
    except IndexError as e:
        print(e)


def truth(v):
    return "yes" if v else "no"


print([truth(v) for v in [b"", b"x", "", "x", bytearray(), bytearray(b"x"), io.BytesIO(), 0.0, 1.5, Words(), {}]])
