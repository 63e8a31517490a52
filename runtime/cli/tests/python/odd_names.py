# Attributes under keys that are no strings but say that they are the name; mro() that assigns bases.
import builtins


asked = set()


class Key:
    def __init__(self, name, action=lambda other: True):
        self.name, self.action = name, action

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        # How often depends on hashes and caches.
        asked.add((self.name, type(other).__name__, str(other)))
        return self.action(other)


class C:
    plain = "of the class"


c = C()
c.__dict__[Key("own")] = "own"
print(c.own, getattr(c, "own"), hasattr(c, "other"), c.plain)
c.own = "changed"
print([v for v in c.__dict__.values()])
del c.own
print(len(c.__dict__), sorted(asked))
c.__dict__[Key("plain", lambda other: False)] = 0
for _ in range(3):
    print(c.plain)


def fail(other):
    raise RuntimeError("in __eq__")


c.__dict__[Key("failing", fail)] = 1
try:
    c.failing
except RuntimeError as e:
    print(e)


class Text(str):
    def __hash__(self):
        return str.__hash__(self)

    def __eq__(self, other):
        return False


c.__dict__[Text("never")] = 1
print(hasattr(c, "never"))

# Classes.
X = type("X", (), {Key("odd"): "found", "method": lambda self: "method", Key("no", lambda other: False): 1})
for _ in range(2):
    print(X.odd, X().odd, X().method(), hasattr(X, "no"))
Y = type("Y", (X,), {})
print(Y.odd, Y().odd)
Z = type("Z", (), {Key("failing", fail): 1})
print(hasattr(Z, "failing"), sorted(asked))


class Base:
    name = name2 = "of Base"


class Base2:
    name = name2 = "of Base2"


def move(other):
    W.__bases__ = (Base2,)


W = type("W", (Base,), {Key("name", move): 5})
print(W.name, W.name2)

# Globals and builtins.
globals()[Key("a_global")] = "global"


def read():
    return a_global


print(read(), read(), a_global)
builtins.__dict__[Key("a_builtin")] = "builtin"
print(a_builtin)
exec("print(odd_local)", {Key("odd_local"): 1})

print(sorted(asked))


# mro() that assigns bases.
class Meta(type):
    calls = []
    hook = None

    def mro(cls):
        Meta.calls.append((cls.__name__, cls.__mro__ and len(cls.__mro__)))
        if Meta.hook:
            Meta.hook(cls)
        return type.mro(cls)


class A(metaclass=Meta):
    pass


class B1(A):
    pass


class B2(A):
    pass


class D(A):
    pass


print(Meta.calls)


def to_b2(cls):
    if cls.__name__ == "D":
        Meta.hook = None
        D.__bases__ = (B2,)


Meta.hook = to_b2
D.__bases__ = (B1,)
print(D.__bases__, B1.__subclasses__(), B2.__subclasses__(), D.__mro__)


def fails(cls):
    raise RuntimeError("in mro")


Meta.hook = fails
try:
    D.__bases__ = (B1,)
except RuntimeError as e:
    print(e, D.__bases__, [k.__name__ for k in D.__mro__])


def both(cls):
    if cls.__name__ == "B1":
        B2.__bases__ = (B1,)
    if cls.__name__ == "B2":
        B1.__bases__ = (B2,)


Meta.hook = both
try:
    B1.__bases__ += ()
except TypeError as e:
    print(e)
Meta.hook = None


class Incomplete(type):
    def mro(cls):
        if cls.__mro__ is None and cls.__name__ == "I":
            try:
                class J(cls):
                    pass
            except TypeError as e:
                print(e)
        return type.mro(cls) if cls.__name__ != "Empty" else ()


class I(metaclass=Incomplete):
    pass


for body in ("class Empty(I): pass", "class K(metaclass=type('L', (type,), {'mro': lambda c: (Base,)})): pass"):
    try:
        exec(body)
    except TypeError as e:
        print(e)
