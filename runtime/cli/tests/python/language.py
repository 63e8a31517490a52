# The language's own constructs, each printing what it computes.
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
print(fib(15))
print([i * i for i in range(10)], {i: str(i) for i in range(3)}, {i % 3 for i in range(9)})
a, b, *c = (1, 2, *range(5))
print(a, b, c)
def generator(n):
    for i in range(n):
        got = yield i * 2
        if got:
            print("got", got)
    return "done"
g = generator(3)
print(next(g), g.send("x"), list(g))
def delegating():
    result = yield from generator(2)
    print("result", result)
print(list(delegating()))
def parameters(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw
print(parameters(1, d=4))
print(parameters(1, 20, 30, 40, 50, d=4, e=6, f=7))
for wrong in ("parameters()", "parameters(1)", "parameters(1, d=1, **{'d': 2})", "(lambda x: x)(1, 2)"):
    try:
        eval(wrong)
    except TypeError as e:
        print(e)
class A:
    kind = "a"
    def __init__(self, x):
        self.x = x
    def m(self):
        return self.x + 1
    @property
    def double(self):
        return self.x * 2
    @double.setter
    def double(self, v):
        self.x = v // 2
    @classmethod
    def make(cls, x):
        return cls(x)
    @staticmethod
    def helper(x):
        return x
    def __repr__(self):
        return f"{type(self).__name__}({self.x!r})"
    def __add__(self, other):
        if isinstance(other, int):
            return type(self)(self.x + other)
        return NotImplemented
    def __radd__(self, other):
        return type(self)(other + self.x)
    def __eq__(self, other):
        return isinstance(other, A) and self.x == other.x
    def __hash__(self):
        return hash(self.x)
    def __getitem__(self, i):
        return (self.x, i)
    def __len__(self):
        return self.x
    def __bool__(self):
        return self.x != 0
    def __call__(self, *args):
        return args
    def __contains__(self, v):
        return v == self.x
    def __iter__(self):
        return iter(range(self.x))
class B(A):
    __slots__ = ("y",)
    def __init__(self, x, y=0):
        super().__init__(x)
        self.y = y
    def m(self):
        return super().m() + self.y
o = B(3, 4)
print(o, o.m(), o.double, B.kind, A.make(2), A.helper(9))
o.double = 10
print(o.x, o + 1, 1 + o, o == B(5, 0), o != B(5, 1), len({o, B(5, 9)}))
print(o[2], o[1:2], len(o), bool(A(0)), o(1, 2), 5 in o, 6 in o, list(o), [*o])
try:
    o + "x"
except TypeError as e:
    print(e)
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise KeyError("k") from e
except KeyError as e:
    print(repr(e), repr(e.__cause__), e.__suppress_context__)
def cleanup():
    try:
        return "try"
    finally:
        print("finally")
print(cleanup())
class Manager:
    def __enter__(self):
        print("enter")
        return self
    def __exit__(self, kind, value, traceback):
        print("exit", kind and kind.__name__, value)
        return kind is KeyError
with Manager() as m:
    raise KeyError(1)
try:
    with Manager():
        raise ValueError(2)
except ValueError as e:
    print("caught", e)
def matches(v):
    match v:
        case 0 | 1:
            return "small"
        case int(n) if n > 100:
            return f"big {n}"
        case [x, y, *rest]:
            return f"sequence {x} {y} {rest}"
        case {"key": value, **others}:
            return f"mapping {value} {others}"
        case A(x=3):
            return "A3"
        case str() as s:
            return f"str {s}"
        case None:
            return "none"
        case _:
            return "other"
for v in (0, 500, (1, 2, 3), [4, 5], {"key": 1, "z": 2}, A(3), A(4), "text", None, 2.5):
    print(matches(v))
async def coroutine(n):
    return n * 2
async def agenerator():
    for i in range(3):
        yield await coroutine(i)
async def main():
    total = 0
    async for v in agenerator():
        total += v
    return total + sum([v async for v in agenerator()])
try:
    main().send(None)
except StopIteration as e:
    print("async", e.value)
def outer():
    n = 0
    def inner():
        nonlocal n
        n += 1
        return n
    return inner
f = outer()
print(f(), f(), f.__closure__[0].cell_contents)
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [KeyError(3)])])
    except* ValueError as e:
        print("values", e.exceptions)
    except* KeyError as e:
        print("keys", e.exceptions)
except ExceptionGroup as e:
    print("rest", e)
print(f"{3.14159:.2f} {42:>6} {'x':*^5} {255:#x} {1234567:,} {o!r:>8} {a=}")
x = 10
def scopes():
    global x
    x += 1
    del globals()["c"]
    return x
print(scopes(), x, "c" in globals())
print((lambda *a, **k: (a, k))(1, *[2], k=3, **{"l": 4}))
i = 0
while True:
    i += 1
    if i == 3:
        continue
    if i > 5:
        break
else:
    print("never")
print(i, 1 < 2 < 3, 1 < 3 < 2, not [], None is None, 7 // -2, -7 % 3, 2 ** 100, -2 ** 0.5, 1 << 70, ~5)
print(type(1), type(None), type(type), A, o.m.__name__, print, len)
class Meta(type):
    def __new__(mcls, name, bases, ns, **kw):
        cls = super().__new__(mcls, name, bases, ns)
        cls.extra = kw
        return cls
    def __call__(cls, *args):
        print("call", cls.__name__, args)
        return super().__call__(*args)
class WithMeta(metaclass=Meta, option=1):
    def __init_subclass__(cls, **kw):
        print("subclass", cls.__name__, kw)
    def __init__(self, *args):
        self.args = args
class Sub(WithMeta, flag=True):
    pass
print(Sub(1, 2).args, WithMeta.extra, Sub.__mro__)
class Descriptor:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
    def __get__(self, instance, owner):
        return ("get", instance is None)
    def __set__(self, instance, value):
        print("set", value)
class UsesDescriptor:
    d = Descriptor()
u = UsesDescriptor()
u.d = 5
print(u.d, UsesDescriptor.d)
