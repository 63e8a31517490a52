# Calls that the interpreter prepares in several ways: bound methods, defaults, attributes of instances, static methods.
class C:
    def __init__(self):
        for i in range(20):
            setattr(self, "a%d" % i, lambda *given, i=i: (i, given))

    def method(self, a, b=1, *, c=2):
        return a, b, c

    def plain(self, a, b="b", c="c"):
        return a, b, c

    @staticmethod
    def static(a, b=5):
        return a, b

    @classmethod
    def made(cls, a):
        return cls.__name__, a

    Inner = dict
    size = len


class D(C):
    static = C


def calls(c):
    bound, plain = c.method, c.plain
    return [
        bound(1),
        bound(1, 2),
        bound(1, c=3),
        plain(1),
        plain(1, 2),
        plain(1, 2, 3),
        c.plain(0),
        c.made(1),
        c.a1(1),
        c.a19(1, 2),
        c.Inner(x=1),
        c.size("four"),
    ]


c = C()
for _ in range(3):
    assert calls(c) == calls(C())
print(calls(c))


def static(o):
    return o.static(1) if type(o) is not D else type(o.static()).__name__


print([static(o) for o in (c, C(), D(), c, D())])
C.static = staticmethod(lambda a: ("changed", a))
print(static(c))
c.static = lambda a: ("own", a)
print(static(c), static(C()))
del C.static
try:
    static(C())
except AttributeError as e:
    print(e)
print(static(c))

for wrong in (lambda: c.plain(), lambda: c.plain(1, 2, 3, 4), lambda: c.plain(1, d=2), lambda: c.method()):
    try:
        wrong()
    except TypeError as e:
        print(e)


class Callable:
    def __call__(self, a, b=7):
        return a, b


call = Callable()
print(call(1), call(1, 2), [call(i) for i in range(3)])


def changed(a, b=1):
    return a, b


print([changed(0)])
changed.__defaults__ = (5, 6)
print(changed(), changed(1))
changed.__defaults__ = None
try:
    changed(1)
except TypeError as e:
    print(e)


class P:
    def __init__(self):
        self._x = 3

    @property
    def x(self):
        return self._x

    @property
    def bad(self):
        raise AttributeError("within")


p = P()
print([p.x for _ in range(3)])
try:
    p.bad
except AttributeError as e:
    print(e)
P.x = 4
print(p.x)


class T(tuple):
    pass


class S(str):
    def __hash__(self):
        return 5


d = {T((1, 2)): "tuple", S("s"): "str"}
print(d[1, 2], hash(T((1, 2))) == hash((1, 2)), d.get("s"), d[S("s")], hash(S("s")))


class Meta(type):
    def __bool__(cls):
        return cls.truth


class Yes(metaclass=Meta):
    truth = True


class No(metaclass=Meta):
    truth = False


class Plain:
    pass


print([bool(k) for k in (Plain, Yes, No, Plain(), Yes(), No())], ["yes" if k else "no" for k in (Plain, Yes, No, Plain)])
print(["yes" if k else "no" for k in (b"", b"a", bytearray(), print, p, iter(()), 1.5, 0.0, 0j)])
