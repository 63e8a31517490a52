# Exceptions of classes written in Python: how they are made, and where their attributes are.
import copy
import gc
import pickle


class Failure(Exception):
    def __init__(self, code, text="none"):
        self.before = self.args
        self.code = code
        super().__init__(text)
        self.text = text


class Kept(Exception):
    def __init__(self, a, b):
        self.a = a
        self.b = b


class Deeper(Kept):
    def __init__(self, a):
        Kept.__init__(self, a, a + 1)
        self.c = a * 2


class Missing(KeyError):
    def __init__(self, key):
        self.key = key


class Broken(OSError):
    def __init__(self, *args):
        super().__init__(*args)
        self.more = args


class Stop(StopIteration):
    def __init__(self, value):
        self.own = value


class Named(ImportError):
    def __init__(self, name):
        self.mine = name


class Slotted(Exception):
    __slots__ = ("x", "y")

    def __init__(self, x):
        self.x = x


class SlottedBelow(Kept):
    __slots__ = ("z",)

    def __init__(self, a):
        super().__init__(a, a)
        self.z = a


class Wrong(Exception):
    def __init__(self, a):
        return a


class Raises(Exception):
    def __init__(self, a):
        raise ValueError(a, self.args)


class Own(Exception):
    def __new__(cls, *args):
        e = super().__new__(cls, *args)
        e.made = "new"
        return e

    def __init__(self, a):
        self.a = a


class Many(Exception):
    def __init__(self, n):
        for i in range(n):
            setattr(self, f"a{i}", i)


class Mixin:
    def __init__(self, a):
        self.mixed = a


class Mixed(Mixin, Exception):
    pass


class Grouped(ExceptionGroup):
    def derive(self, excs):
        return Grouped(self.message, excs)


def thrown(make, *args):
    try:
        raise make(*args)
    except Exception as e:
        return e


def show(e):
    return type(e).__name__, e.args, sorted(vars(e).items()), str(e)


for round in range(4):
    for i in range(60):
        e = thrown(Failure, i)
        f = thrown(Failure, i, "text")
        k = thrown(Kept, i, [i])
        d = thrown(Deeper, i)
        m = thrown(Missing, i)
        b = thrown(Broken, 2, "no", "file")
        s = thrown(Stop, i)
        n = thrown(Named, "n")
        sl = thrown(Slotted, i)
        sb = thrown(SlottedBelow, i)
        w = thrown(Wrong, i)
        r = thrown(Raises, i)
        o = thrown(Own, i)
        many = thrown(Many, 50)
        x = thrown(Mixed, i)
    if round in (0, 3):
        for v in e, f, k, d, m, b, s, n, sb, o, x:
            print(show(v))
        print(s.value, n.name, b.errno, b.filename, sl.x, hasattr(sl, "y"), sb.z, sl.args, vars(sl))
        print(repr(w), repr(r), many.a49, len(vars(many)))

# Keywords are not kept.
print(Kept(1, b=2).args, Kept(b=2, a=1).args, Failure(1, text="t").args)
for bad in (lambda: Kept(1), lambda: Kept(1, 2, 3), lambda: Deeper(), lambda: Kept(1, 2, c=3)):
    for i in range(3):
        try:
            bad()
        except TypeError as e:
            message = str(e)
    print(message)

# Attributes: set, deleted, added, through the dictionary.
k = Kept(1, 2)
k.c = 3
del k.a
print(sorted(vars(k)), k.b, k.c, hasattr(k, "a"))
k.__dict__["d"] = 4
print(k.d, k.__dict__ is k.__dict__)
k.__dict__ = {"e": 5}
print(k.e, hasattr(k, "b"))
k = Kept(1, 2)
k.add_note("noted")
print(sorted(vars(k)), k.__notes__)
for i in range(45):
    setattr(k, f"x{i}", i)
print(len(vars(k)), k.x44, k.a)

# The class of an instance.
k = Kept(1, 2)
k.__class__ = Failure
print(type(k).__name__, k.a, k.b, k.args)
try:
    k.__class__ = Slotted
except TypeError as e:
    print(e)

# What reduces an exception sees its attributes.
for v in Kept(1, [2]), ValueError(1), Broken(2, "no", "file"), Missing(3):
    print(v.__reduce__()[1:])
    c = copy.copy(v)
    print(type(c).__name__, c.args, vars(c) == vars(v))
    p = pickle.loads(pickle.dumps(v))
    print(type(p).__name__, p.args, sorted(vars(p)))
plain = ValueError("x")
plain.extra = 1
print(plain.__reduce__())

# In a cycle.
k = Kept([1], {2: 3})
k.c = k
del k
gc.collect()

g = Grouped("many", [Kept(1, 2), ValueError()])
g.tag = "t"
a, b = g.split(Kept)
print(show(a.exceptions[0]), hasattr(a, "tag"), type(b).__name__)


# Classes change.
def other(self, a, b):
    self.sum = a + b


def make(n):
    out = []
    for i in range(n):
        try:
            raise Kept(i, 1)
        except Kept as e:
            out.append((e.args, sorted(vars(e).items())))
    return out[-1]


print(make(100))
Kept.__init__ = other
print(make(100))
Kept.__new__ = lambda cls, *args: Exception.__new__(cls, "new", *args)
print(make(100))
del Kept.__new__
print(make(100))
del Kept.__init__
print(make(100))
Kept.code = property(lambda self: "property")
print(Kept(1).code)
try:
    Kept(1).code = 2
except AttributeError as e:
    print(e)

# Classes that a metaclass calls.


class Meta(type):
    def __call__(cls, *args):
        return super().__call__(*args, "meta")


class Called(Exception, metaclass=Meta):
    def __init__(self, a, b):
        self.a = a, b


print(show([thrown(Called, i) for i in range(50)][-1]))


class Finalized(Exception):
    def __init__(self, n):
        self.n = n

    def __del__(self):
        pass


print([thrown(Finalized, i).n for i in range(60)][-1])
