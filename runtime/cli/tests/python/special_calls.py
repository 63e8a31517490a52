# Special methods written in Python that run in frames of their own: what becomes of their results, who is asked next,
# what tracebacks and frames show, and that depth is counted as for any call.
import sys


class Vector:
    def __init__(self, x, y=0, *rest, scale=1, **more):
        self.parts = [x * scale, y * scale, rest, sorted(more.items())]

    def __add__(self, other):
        if isinstance(other, Vector):
            return Vector(self.parts[0] + other.parts[0], self.parts[1] + other.parts[1])
        return NotImplemented

    def __radd__(self, other):
        return ("radd", other, self.parts[0])

    def __iadd__(self, other):
        if isinstance(other, int):
            self.parts[0] += other
            return self
        return NotImplemented

    def __lt__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return self.parts[0] < other.parts[0]

    def __eq__(self, other):
        return "equal?" if isinstance(other, Vector) else NotImplemented

    def __call__(self, *args, **keywords):
        return (self.parts[0], args, keywords)

    def __matmul__(self, other):
        yield self
        yield other


v = Vector(1, 2)
print(v.parts, Vector(1, 2, 3, 4, scale=5, k=6).parts, Vector(y=1, x=2).parts)
print((v + Vector(3, 4)).parts, 5 + v)
for wrong in (lambda: v + 5, lambda: v < 5, lambda: v - 1, lambda: v + None):
    try:
        print(wrong())
    except TypeError as e:
        print(e)
w = v
w += 4
print(w is v, v.parts)
w += Vector(1, 1)
print(w is v, w.parts)
try:
    w += "text"
except TypeError as e:
    print(e)
print(v < Vector(100), Vector(100) < v, v > Vector(100), v == w, v == 1, v != 1, v == v)
if v == w:
    print("branch on a string")
if not v < w:
    print("branch on a comparison")
print(v(1, 2, k=3), [type(x).__name__ for x in v @ 3], v(*range(20)))


class Wide:
    def __init__(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u=1, v=2, w=3, x=4, y=5, z=6):
        self.sum = sum([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z])


print(Wide(*range(20)).sum, Wide(*range(20), z=100).sum)


class Returns:
    def __init__(self, what):
        self.what = what
        return what


class Generates:
    def __init__(self):
        yield 1


x = "before"
for make in (lambda: Returns(None).what, lambda: Returns(3), lambda: Returns([]), Generates, lambda: Returns(), lambda: Vector()):
    try:
        x = make()
        print("made", x)
    except TypeError as e:
        print(x, e)


class Base:
    log = []

    def __init__(self, n):
        Base.log.append((type(self).__name__, n))


class Derived(Base):
    def __init__(self, n):
        super().__init__(n + 1)
        self.n = n


class New(Base):
    def __new__(cls, n):
        if n < 0:
            return n
        return super().__new__(cls)


class Meta(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.meta = True
        return made


class Made(Base, metaclass=Meta):
    pass


class Abstract(Base):
    def __add__(self, other):
        return ("Abstract", other)


class Overrides(Abstract):
    def __radd__(self, other):
        return ("Overrides", type(other).__name__)

    def __gt__(self, other):
        return "greater"


print(Derived(1).n, New(-3), New(3).__class__.__name__, Made(7).meta, Base.log)
print(Abstract(1) + Overrides(2), Abstract(1) + Abstract(2) and "same", Overrides(1) + 3)


class Less(Base):
    def __lt__(self, other):
        return "less"


class LessChild(Less):
    def __gt__(self, other):
        return "child first"


print(Less(1) < LessChild(2), Less(1) < Less(2), LessChild(1) < Less(2))


class Listed(list):
    def __add__(self, other):
        return ("Listed", len(self))


class Added:
    def __radd__(self, other):
        return ("Added", type(other).__name__)


print(Listed([1]) + [2], Listed([1]) + Added(), [1] + Listed([2]))


# ---- errors show the frames of the methods and nothing else
class Fails:
    def __init__(self, n):
        self.ratio = 1 / n

    def __add__(self, other):
        return self.missing

    def __lt__(self, other):
        raise KeyError(other)


def attempt(f):
    destination = "untouched"
    try:
        destination = f()
    except Exception as e:
        names = []
        tb = e.__traceback__
        while tb is not None:
            names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
            tb = tb.tb_next
        print(type(e).__name__, e, names, destination)


attempt(lambda: Fails(0))
attempt(lambda: Fails(1) + 1)
attempt(lambda: Fails(1) < 2)
attempt(lambda: Returns(1))


class Frames:
    def __init__(self):
        self.names = [sys._getframe(i).f_code.co_name for i in range(3)]

    def __add__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return [sys._getframe(i).f_code.co_name for i in range(2)]


class Reflected:
    def __radd__(self, other):
        return [sys._getframe(i).f_code.co_name for i in range(2)]


def frames():
    return Frames().names, Frames() + Reflected(), Frames() < 1


print(frames())


# ---- depth
class Chain:
    def __init__(self, n):
        self.next = Chain(n - 1) if n else None

    def __add__(self, n):
        return self.next + n if self.next else n


chain = Chain(400)
print(chain + 5)
try:
    Chain(100000)
except RecursionError as e:
    print(type(e).__name__)
print(chain + 6)
