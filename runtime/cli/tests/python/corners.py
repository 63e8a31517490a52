# Corners of protocols: what raises, and what counts as absent.
import _io
import abc
import collections.abc
import functools
import types
import weakref


def raised(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


def no(self):
    raise AttributeError("no")


class Unequal:
    __eq__ = property(no)
    __lt__ = property(no)


print(Unequal() == Unequal(), raised(lambda: Unequal() < Unequal()))

# An iterator that has come to the end, and does not know yet
r = reversed([1, 2])
next(r)
print(r.__reduce__()[1:])
next(r)
print(r.__reduce__()[1:])
print(list(r), r.__reduce__()[1:])

for pattern in ('f""', 'f"{x}"'):
    print(raised(compile, f"match 1:\n case {pattern}:\n  pass", "m", "exec")[0])

group = ExceptionGroup("several", [ValueError(1)])
print(raised(setattr, group, "message", ""), raised(setattr, group, "exceptions", []), group.message)


# What asynchronous iteration gets
class Gives:
    def __init__(self, given):
        self.given = given

    def __aiter__(self):
        return self

    def __anext__(self):
        return self.given


class Fails:
    def __await__(self):
        1 / 0


async def over(given):
    async for _ in Gives(given):
        pass


for given in (3, Fails()):
    try:
        over(given).send(None)
    except TypeError as e:
        print(e, repr(e.__cause__), e.__suppress_context__)


def plain():
    yield


async def one(given):
    return await anext(Gives(given), "default")


print(raised(one(plain()).send, None))
print(raised(one(types.coroutine(plain)()).send, None))


class Target:
    pass


class Special(weakref.ref):
    pass


t = Target()
references = [Special(t), weakref.ref(t, print), weakref.proxy(t), weakref.ref(t), Special(t)]
print([references.index(r) for r in weakref.getweakrefs(t) if isinstance(r, weakref.ref)])


def both():
    class Both(collections.abc.Collection):
        __abc_tpflags__ = collections.abc.Sequence.__flags__ | collections.abc.Mapping.__flags__


print(raised(both))


class Key:
    def __str__(self):
        return "key"


p = functools.partial(len)
p.keywords[Key()] = 1
print(repr(p).endswith(", key=1)"))


class Adds(int):
    __iadd__ = None


x = Adds(1)
try:
    x += 1
except TypeError as e:
    print(e)


# Layouts of classes
class A:
    __slots__ = "a"


class B:
    __slots__ = "a"


class A2(A):
    __slots__ = "b"


class B2(B):
    __slots__ = "b"


class Weak(A):
    __slots__ = "__weakref__"


def become(old, new):
    o = old()
    o.__class__ = new
    return type(o).__name__


print(become(A, B), raised(become, A2, B2), raised(become, A, Weak))


class Base:
    pass


class Module(types.ModuleType, Base):
    pass


class Error(Exception, Base):
    pass


print(raised(setattr, Module("m"), "__dict__", {}), raised(delattr, Error(), "__dict__"))


class Picky:
    def __getattr__(self, name):
        return 1 / 0

    def __getstate__(self):
        return {}


print(Picky().__reduce_ex__(2)[2])
print(types.MethodType(Key.__str__, 1).__repr__().startswith("<bound method Key.__str__ of 1"))


class Callable:
    def __call__(self, *args):
        pass


print(types.MethodType(Callable(), 1))


# Streams
class Blocking(_io._RawIOBase):
    room = 0
    got = b""

    def writable(self):
        return True

    def write(self, b):
        n = min(len(b), self.room)
        self.room -= n
        self.got += bytes(b[:n])
        return n or None


def write(stream, b):
    try:
        return stream.write(b)
    except BlockingIOError as e:
        return e.args[1:], e.characters_written


raw = Blocking()
stream = _io.BufferedWriter(raw, 8)
print(write(stream, b"abcd"), write(stream, b"efghij"), raw.got)
raw.room = 3
print(write(stream, b"ij"), write(stream, b"0123456789"), raw.got)
raw.room = 12
print(write(stream, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"), raw.got)
raw.room = 100
print(stream.flush(), raw.got)
print(raised(stream.__init__, raw, 0), raised(stream.write, b""))


class Wrong(_io._RawIOBase):
    def readable(self):
        return True

    def readinto(self, b):
        return b""


try:
    _io.BufferedReader(Wrong()).readline()
except OSError as e:
    print(e, repr(e.__cause__))
text = _io.TextIOWrapper(_io.BytesIO(), encoding="ascii")
print(raised(delattr, text, "_CHUNK_SIZE"))
text.detach()
print(text, text.encoding, text.errors, text.line_buffering, text.write_through)
for cls in (_io._IOBase, _io.BytesIO, _io.StringIO):
    o = cls()
    o.attribute = 1
    print(o.__dict__)

# One step of C's function, or steps on the line of numbers
import math

tiny = math.nextafter(0.0, 1.0)
for start, end in ((tiny, 0.0), (-tiny, 0.0), (-tiny, -0.0), (tiny, -1.0), (-tiny, 1.0), (0.0, -0.0), (-0.0, 0.0), (0.0, -1.0)):
    print(math.nextafter(start, end), math.nextafter(start, end, steps=1), math.nextafter(start, end, steps=2))
