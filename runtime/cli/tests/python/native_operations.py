# Operations of built-in types whose short cases have ways of their own: each against the same done in another way.
import random

# Texts shorter and longer than what is done at once.
for n in (0, 1, 2, 15, 16, 17, 64, 65, 1023, 1024, 1025, 5000):
    text = "".join("abc,D é€"[i * i % 6] for i in range(n))
    wide = text.replace("a", "€")
    for t in (text, wide, text.encode(), bytearray(text.encode())):
        one = (lambda s: s) if isinstance(t, str) else (lambda s: s.encode())
        for old, new in (("a", "xyz"), ("a", ""), ("ab", "c"), (",", ","), ("D", "é"), ("zz", "y"), ("a", "b")):
            for most in (-1, 0, 1, 3):
                got = t.replace(one(old), one(new), most)
                parts = t.split(one(old), most)
                assert got == one(new).join(parts), (n, old, new, most)
                assert type(got) is type(t)
                assert one(old).join(parts) == t
        assert t.upper().lower() == t.lower() and len(t.title()) == len(t) and t.swapcase().swapcase() == t
        assert t.capitalize() == t[:1].upper() + t[1:].lower()
print("it's o'neill's".title(), "ABC def".capitalize(), b"ab cD".title(), bytearray(b"x").upper())
print("".join(["a"]), ",".join(["a", "é"]), "€".join("ab"), "-".join(["", ""]))
try:
    ",".join(["a", 1])
except TypeError as e:
    print(e)

# Numbers.
for text in ("1.5", "-0.0", "123456789012345", "1234567890123456", ".5", "5.", "1e22", "1e23", "9007199254740993",
             "0.1e-5", "1.7976931348623157e308", "1e400", "4.9e-324", "  2.5\n", "1_0.5", "nan", "-inf", "١٢.٥"):
    print(repr(float(text)), end=" ")
print()
for text, base in (("12", 10), (" -7 ", 10), ("z", 36), ("-zzzzzzzzzzzz", 36), ("zzzzzzzzzzzzz", 36), ("0b1", 16),
                   ("1_000", 10), ("٣", 10), ("0x1f", 0), ("+0", 2)):
    print(int(text, base), end=" ")
print()
for text, base in (("", 10), ("-", 10), ("12a", 10), ("2", 2), ("1 2", 10), ("--1", 10)):
    try:
        int(text, base)
    except ValueError as e:
        print(e)
for text in ("", ".", "e5", "1e", "1.2.3", "1.5x"):
    try:
        float(text)
    except ValueError as e:
        print(e)
print("%s %d %s|%5d|%-4s|%.1s" % (5, -7, True, 12, 3, 45), "{}{}{}".format(1, "a", -2), "%s" % -9223372036854775808)

# Sorting around the lengths of runs.
r = random.Random(1)
for n in (1, 2, 31, 32, 33, 63, 64, 65, 200):
    for make in (lambda: r.randrange(n), lambda: r.random(), lambda: str(r.randrange(n)), lambda: (r.randrange(3), 1)):
        items = [make() for _ in range(n)]
        done = sorted(items)
        assert all(not done[i + 1] < done[i] for i in range(n - 1)) and len(done) == n
        assert sorted(items, reverse=True) == done[::-1] or any(done.count(x) > 1 for x in done)
        assert sorted(range(n), key=items.__getitem__) == [i for _, i in sorted((v, i) for i, v in enumerate(items))]
items = [3, 1, 2]
try:
    items.sort(key=lambda v: items.append(v) or v)
except ValueError as e:
    print(e, items)
items = [3, 2, "x", 1]
try:
    items.sort()
except TypeError as e:
    print(e, sorted(map(str, items)))

# Dictionaries that are copied as they stand, taken over, or filled one by one.
for n in range(14):
    d = {f"k{i}": i for i in range(n)}
    holes = dict(d)
    for i in range(0, n, 3):
        del holes[f"k{i}"]
    holes["k1"] = holes["new"] = 5
    for source in (d, holes):
        pairs = list(source.items())
        for made in (dict(source), source.copy(), {**source}, dict(**source), dict(pairs), {} | source):
            assert made == source and list(made.items()) == pairs
            made["more"] = 1
            assert made.pop("more") == 1 and list(made) == list(source)
        more = dict(source, k0="zero", other=1)
        assert more["k0"] == "zero" and list(more)[-1] == "other" and len(more) == len({**source, "k0": 1, "other": 1})
        emptied = dict(d)
        emptied.clear()
        emptied.update(source)
        assert list(emptied.items()) == pairs
        popped = dict(source)
        if popped:
            last = popped.popitem()
            assert list(dict(popped).items()) + [last] == pairs
same = {}
same.update(same, a=1)
print(same, dict(a=1, **{"b": 2}), dict([("x", 1)], x=2))

# Constructors: what `__new__` and `__init__` are is looked up again when they change, wherever.
class L(list):
    pass
class M(L):
    pass
print(M([1]), L("ab"))
L.__init__ = lambda self, *a: print("init", a)
print(M([1]), L("ab"))
del L.__init__
print(M([1]))
L.__new__ = lambda cls, *a: "made"
print(M([1]), L("ab"))
del L.__new__
print(M([1]))
class T(tuple):
    pass
class U(T):
    pass
print(U([1, 2]))
U.__init__ = lambda self, *a: print("init", a)
print(U([1, 2]))
class I(int):
    def __init__(self, *a, **k):
        print("init", a, k)
print(I(5), I("7", base=8))
class S:
    def __str__(self):
        return Text("abc")
class Text(str):
    def __init__(self, *a):
        print("text", len(a))
print(type(str(S())).__name__)
class E(Exception):
    pass
print(repr(E(1, 2)), E(1).args)
class F(E):
    __init__ = list.__init__
try:
    F(1)
except TypeError as e:
    print(e)
class Meta(type):
    def __call__(cls, *a):
        return "called", a
class N(list, metaclass=Meta):
    pass
print(N(1), list((1, 2)), set([3]), frozenset([4]), bytes([5]), float(), str(), int(), bool([]))
for call in (lambda: list(1, 2), lambda: list(x=1), lambda: float("1", "2"), lambda: tuple(a=1), lambda: set(1, 2),
             lambda: str(1, 2, 3, 4), lambda: list.__new__(int), lambda: int.__new__(bool, 1)):
    try:
        call()
    except TypeError as e:
        print(e)

# Descriptors of native types, class methods, functions called from native code with and without defaults.
import collections
import functools
P = collections.namedtuple("P", "x y")
print(P(1, 2).x, P.x.__class__.__name__, functools.reduce(lambda a, b, c=10: a + b + c, [1, 2, 3]))
try:
    P(1, 2).x = 3
except AttributeError as e:
    print(e)
print(list(map(lambda a, *b: (a, b), [1, 2], "xy")), [x for x in map(lambda v: v * 2, (1, 2))], max([1, 3, 2], key=lambda v: -v))
print(sum(1 for _ in filter(lambda v: v % 2, range(10))), sorted([3, 1], key=lambda v, w=1: v * w))
def gives(v):
    yield v
print([list(g) for g in map(gives, "ab")])
