# Native functions and methods whose calls are done in place: each call is compiled knowing one kind of argument, then meets others.
ROUNDS = 400


def shown(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def warm(f, *args):
    for _ in range(ROUNDS):
        f(*args)


def tries(f, usual, others):
    warm(f, *usual)
    print(f.__name__, [shown(f, *args) for args in others], shown(f, *usual))


class Items(list):
    pass


class Counted(list):
    def __len__(self):
        return 77


class Sized:
    def __len__(self):
        return 5


class Mapped(dict):
    def __missing__(self, key):
        return "missing"

    def get(self, key, default=None):
        return "own"


def length(x):
    return len(x)


KINDS = [([1, 2],), ((),), ("abc",), ("a\u0100",), ("\U0001F600b",), (b"xy",), ({1: 2},), ({1, 2},), (frozenset((1,)),),
         (range(9),), (Items("ab"),), (Counted(),), (Sized(),), (bytearray(3),), (3,), (None,), (1.5,), (len,), (int,)]
for usual in KINDS[:8] + [(Items("abc"),), (Counted(),)]:
    tries(length, usual, KINDS)

items = Items("abcd")


def length_of_items():
    return len(items)


warm(length_of_items)
print(length_of_items())
Items.__len__ = lambda self: 99
print(length_of_items(), len(Items()))
del Items.__len__
print(length_of_items(), len(Items()))


def absolute(x):
    return abs(x)


class Abs:
    def __abs__(self):
        return "abs"


NUMBERS = [(3,), (-3,), (0,), (-0.0,), (-2.5,), (float("nan"),), (True,), (-(2 ** 60),), (-(2 ** 49),), (-(2 ** 50),),
           (-(2 ** 51),), (Abs(),), ("x",), (3 + 4j,)]
for usual in [(-3,), (2.5,), (Abs(),)]:
    tries(absolute, usual, NUMBERS)


def least(a, b):
    return min(a, b)


def greatest(a, b):
    return max(a, b)


PAIRS = [(1, 2), (2, 1), (1.0, 2.0), (2.0, 1.0), (1, 1.0), (1.0, 1), (True, 1), (1, True), (0.0, -0.0), (-0.0, 0.0), ("a", "b"),
         (float("nan"), 1.0), (1.0, float("nan")), (2 ** 70, 1), (1, 2 ** 70), ([1], [0]), (1, "a"), (None, 1)]
for f in least, greatest:
    for usual in [(1, 2), (1.5, 0.5), ("a", "b")]:
        tries(f, usual, PAIRS)


def ordinal(c):
    return ord(c)


def character(i):
    return chr(i)


for usual in [("a",), (b"a",)]:
    tries(ordinal, usual, [("z",), ("\xff",), ("\u0100",), ("\U0001F600",), ("ab",), ("",), (b"x",), (5,), (None,)])
tries(character, (65,), [(0,), (255,), (256,), (0x10FFFF,), (0x110000,), (-1,), (True,), (1.5,), ("a",), (2 ** 70,)])


class Base:
    pass


class Derived(Base):
    pass


class Liar:
    @property
    def __class__(self):
        return Base


class Meta(type):
    def __instancecheck__(cls, o):
        return o == "yes"


class Checked(metaclass=Meta):
    pass


def checked(x, c):
    return isinstance(x, c)


OBJECTS = [(Base(), Base), (Derived(), Base), (Base(), Derived), (Liar(), Base), ("yes", Checked), ("no", Checked), ((), tuple),
           ((), (list, tuple)), ([], tuple), (Items(), list), (1, int), (True, int), (1.5, float), (Base, type), (Base(), 5),
           (int, type), ([], list[int]), ([], list | int), (Base(), object)]
for usual in [(Base(), Base), (Derived(), Base), (Base(), Derived), (Liar(), Base), ("no", Checked), ((), tuple), (1, int)]:
    tries(checked, usual, OBJECTS)


class Moves(Base):
    pass


moving = Moves()


def moved():
    return isinstance(moving, Base), isinstance(moving, Derived)


warm(moved)
print(moved())
Moves.__bases__ = (Derived,)
print(moved())
Moves.__bases__ = (Sized,)
print(moved())
moving.__class__ = Derived
print(moved())


def appended(l, x):
    return l.append(x), len(l)


class Appends(list):
    def append(self, x):
        super().append((x, x))


for usual in [([],), (Items(),), (Appends(),)]:
    warm(appended, *usual, 1)
    print([shown(appended, l, "x") for l in ([], Items(), Appends(), bytearray(b"a"), 5)], len(usual[0]), usual[0][-1])

few = [0]
f = few.append
for i in range(ROUNDS):
    f(i)
print(len(few), few[-1], shown(f), shown(f, 1, 2), shown(list.append, few), shown(list.append, (), 1), shown(lambda: list.append(few, object=1)))


def popped(l, *at):
    return l.pop(*at)


def pops(l):
    return l.pop()


def pops_at(l, i):
    return l.pop(i)


warm(pops, list(range(ROUNDS + 3)))
print([shown(pops, l) for l in ([1, 2], [], Items("ab"), Items(), {1}, bytearray(b"ab"), {}, Appends([1]))])
for make in list, Items:
    l = make(range(ROUNDS + 5))
    for _ in range(ROUNDS):
        pops_at(l, 0)
    print(l, pops_at(l, 1), pops_at(l, -1), pops_at(l, True), shown(pops_at, l, 2), shown(pops_at, l, -3), l)
    print([shown(pops_at, [1, 2, 3], i) for i in (1, -3, -4, 3, 2 ** 70, 1.5, "a", None)], shown(pops_at, {1: 2}, 1))


def added(s, x):
    s.add(x)
    return len(s)


class OwnSet(set):
    pass


for usual in [(set(), 1), (set(), "a"), (OwnSet(), 3)]:
    tries(added, usual, [({1}, 1), ({1}, 1.0), ({1}, 2), ({-1}, -1), ({"a"}, "ab"[:1]), (set(), (1,)), ({1}, []), (OwnSet(), 1),
                         (frozenset(), 1), (set(range(100)), 57), (set(range(100)), 157)])


def got(d, k):
    return d.get(k)


def got_or(d, k, default):
    return d.get(k, default)


DICTS = [({1: "one"}, 1), ({1: "one"}, 2), ({1: "one"}, True), ({1: "one"}, 1.0), ({"a": "A"}, "ab"[:1]), ({"a": "A"}, "b"), ({}, 1),
         ({-1: "minus"}, -1), ({(1,): 2}, (1,)), ({1: 2}, []), (Mapped(), 1), (Mapped({1: 2}), 1), ({None: 3}, None), (5, 1)]
for usual in [({1: "one"}, 1), ({"a": "A"}, "b"), (Mapped(), 1)]:
    tries(got, usual, DICTS)
    tries(got_or, (*usual, "default"), [(*d, "default") for d in DICTS])

# What is called is another function from now on.
def rebound(x):
    return len(x)


warm(rebound, [1])
print(rebound([1, 2]))
len = lambda x: "another"
print(rebound([1, 2]))
del len
print(rebound([1, 2]))
import builtins
real, builtins.len = builtins.len, lambda x: "of builtins"
print(rebound([1, 2]))
builtins.len = real
print(rebound([1, 2]))


def which(f, x):
    return f(x)


for f in [real, abs, chr, ord, repr, lambda x: "function", list, Items, real]:
    warm(shown, which, f, [1])
    print([shown(which, g, x) for g in (real, abs, ord, chr) for x in ([1, 2], -1, "a", 2.5)])

import math


def root(x):
    return math.sqrt(x)


tries(root, (2.25,), [(4,), (0.0,), (-0.0,), (-1.0,), (float("inf"),), (float("nan"),), ("a",), (2 ** 200,), (True,)])
print([shown(f) for f in (real, abs, min, isinstance)], shown(real, 1, 2), shown(isinstance, 1), shown(min, 1), shown(max, []))
