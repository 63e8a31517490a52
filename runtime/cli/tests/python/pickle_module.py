# Pickling in the native module: bytes as CPython writes them, hooks, bad pickles.
import _compat_pickle
import _pickle
import collections
import copyreg
import functools
import io
import pickle
import re
import struct
import sys

print(pickle.Pickler is _pickle.Pickler, pickle.dumps is _pickle.dumps, _pickle.PickleBuffer is pickle.PickleBuffer)


class Plain:
    def __init__(self):
        self.x, self.y = 1, [2]


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = "a"


class Named(list):
    class Inner:
        def method(self):
            return 3


class Reduced:
    def __reduce__(self):
        return Plain, (), {"z": 1}, None, None, set_state


class Extended:
    def __new__(cls, *args, **kwargs):
        o = object.__new__(cls)
        o.args, o.kwargs = args, kwargs
        return o

    def __getnewargs_ex__(self):
        return self.args, self.kwargs


def set_state(o, state):
    o.__dict__.update(state)


recursive = []
recursive.append(recursive)
inner = ([],)
inner[0].append(inner)
named = Named([1, 2])
named.me = named
text = "spam" * 3
objects = [
    None, True, 0, 255, 256, 65536, -1, 2**31, -(2**31), 2**63, -(2**63), 2**100, -128, -(2**15), 1.5, -0.0, 1 + 2j,
    "", "caf\xe9 \u20ac \U0001f600 \ud800", "a\\\n\0", b"", b"abc", bytearray(b"abc"), (), (1,), (1, 2, 3), (1, 2, 3, 4),
    [], [1], [1, 2], {}, {1: 2}, {1: 2, 3: 4}, set(), {1}, frozenset([1]), recursive, inner, named, Plain(), Slots(),
    Reduced(), Extended(1, k=2), Plain, Named.Inner, len, print, type(None), ..., NotImplemented, int,
    collections.OrderedDict(a=1), collections.deque([1], 5), functools.partial(int, base=2), range(5), ValueError("a", 1),
    [text, text, {text: text}], map, object, sys.maxsize, struct.Struct,
]
for protocol in range(6):
    for x in objects:
        if protocol < 2 and type(x) is Slots:
            continue
        data = pickle.dumps(x, protocol)
        y = pickle.loads(data)
        print(protocol, type(x).__name__, data, type(y) is type(x), type(x) is Slots or pickle.dumps(y, protocol) == data)
for x in [list(range(2500)), dict.fromkeys(range(2100)), "x" * 70000, [b"y" * 100000, "z" * 66000], ["q%d" % i for i in range(4000)]]:
    for protocol in (4,):
        file = io.BytesIO()
        pickler = pickle.Pickler(file, protocol)
        pickler.dump(x)
        pickler.dump(x)
        data = file.getvalue()
        file.seek(0)
        unpickler = pickle.Unpickler(file)
        print(len(data), hash(data) == hash(bytes(data)), sum(data), unpickler.load() == x == unpickler.load(), file.tell() == len(data))


class Database(pickle.Pickler):
    def persistent_id(self, o):
        return ("key", o.x) if isinstance(o, Plain) else None

    def reducer_override(self, o):
        return (complex, (1, 2)) if o is Slots else NotImplemented


class Reader(pickle.Unpickler):
    def persistent_load(self, key):
        return f"loaded {key}"

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name)


for protocol in (1, 2, 5):
    file = io.BytesIO()
    Database(file, protocol).dump([Plain(), Slots, collections.Counter("ab")])
    file.seek(0)
    print(Reader(file).load())

file = io.BytesIO()
pickler = pickle.Pickler(file, 2)
pickler.dispatch_table = copyreg.dispatch_table.copy()
pickler.dispatch_table[Plain] = lambda o: (str, ("plain",))
pickler.dump(Plain())
print(pickle.loads(file.getvalue()), len(pickler.memo.copy()), type(pickler.memo).__name__, pickler.bin, pickler.fast)
pickler.clear_memo()
print(pickler.memo.copy())

# Out-of-band buffers.
buffers = []
store = bytearray(b"out of band")
data = pickle.dumps([pickle.PickleBuffer(store), pickle.PickleBuffer(b"ro"), 1], 5, buffer_callback=buffers.append)
print(data, [bytes(b.raw()) for b in buffers])
back = pickle.loads(data, buffers=buffers)
memoryview(back[0])[:3] = b"OUT"
print(store, memoryview(back[1]).readonly, pickle.loads(pickle.dumps(pickle.PickleBuffer(b"in"), 5)))

# Names of Python 2, strings of Python 2, extension codes.
print(pickle.dumps(range(3), 2), pickle.loads(b"c__builtin__\nxrange\n(I5\ntR."), pickle.loads(b"ccopy_reg\n_reconstructor\n.").__name__)
print(pickle.loads(b"S'caf\\xe9'\n.", encoding="latin1"), pickle.loads(b"U\x03caf.", encoding="bytes"))
copyreg.add_extension("__main__", "Plain", 0x1234)
print(pickle.dumps(Plain, 2), pickle.loads(pickle.dumps(Plain, 2)) is Plain)
copyreg.remove_extension("__main__", "Plain", 0x1234)


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__module__, type(e).__qualname__, re.sub("0x[0-9a-f]+|<module '_pickle.*>", "", str(e)))


def local():
    def f():
        pass

    return f


for data in [
    b"", b"N", b".", b"\x80", b"\x80\x09N.", b"'", b"\xff.", b"t.", b"(.", b"0.", b"(N", b"a.", b"Na.", b"]a.", b"(NNs.", b"}(Ns.", b"}(Nu.",
    b"h\x00.", b"g5\n.", b"gx\n.", b"p-1\n.", b"N p0\n.", b"Ix\n.", b"Lx\n.", b"Fx\n.", b"Sx\n.", b"S'x\n.", b"\x8b\xff\xff\xff\xff.",
    b"\x8b\x00\x00\x00\x7f.", b"\x8a\x05ab.", b"B\xff\xff\xff\xffab.", b"\x8e" + b"\xff" * 8 + b".",
    b"X\x01\x00\x00\x00\xff.", b"\x8d" + b"\xff" * 7 + b"\x7f.", b"T\xff\xff\xff\xff.", b"\x95" + b"\xff" * 7 + b"\x7f.",
    b"c\n\n.", b"c_pickle\nnothing\n.", b"cnothing\nx\n.", b"NN\x93.", b"N)R.", b"NNR.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"Nb.", b"NNb.", b"NK\x01b.",
    b"P1\n.", b"NQ.", b"\x82\x01.", b"\x84\x00\x00\x00\x00.", b"\x97.", b"N\x98.", b"(NNd.", b"(Nd.", b"(o.", b"(i_pickle\nnothing\n.", b"N\x90.", b"(\x90.",
    b"r\xff\xff\xff\xff.", b"j\xff\xff\xff\xff.", b"2.", b"1.", b"V\\ud83d\n.", b"V\\u12\n.",
]:
    attempt(lambda: pickle.loads(data))
    attempt(lambda: pickle.load(io.BytesIO(data)))
for x in [local(), lambda: 0, sys, iter, (i for i in []), object().__init__, type("Lost", (), {}), type("Plain", (), {})]:
    try:
        pickle.dumps(x)
    except Exception as e:
        print(type(e).__qualname__, str(e).split(" at 0x")[0])
for result in [1, (), (1, 2), (int, 1), (int, (), 0, 1), (int, (), 0, None, 1), (int, (), 1, None, None, 1), (1,) * 7, "nothing", (copyreg.__newobj__, ()),
               (copyreg.__newobj__, (1,)), (copyreg.__newobj__, (int,)), (copyreg.__newobj_ex__, (1, 2)), (copyreg.__newobj_ex__, (int, 2, {}))]:
    Wrong = type("Plain", (), {"__reduce_ex__": lambda self, protocol: result})
    attempt(lambda: pickle.dumps(Wrong()).count(b"x") * 0)
attempt(lambda: pickle.dumps(1, 6))
attempt(lambda: pickle.dumps(1, 4, buffer_callback=print))
attempt(lambda: pickle.Pickler(1))
attempt(lambda: pickle.Unpickler(1))
attempt(lambda: pickle.Pickler.__new__(pickle.Pickler).dump(1))
attempt(lambda: pickle.Unpickler.__new__(pickle.Unpickler).load())
attempt(lambda: pickle.loads("text"))
attempt(lambda: pickle.dump(1, 2))

deep = []
for _ in range(20000):
    deep = [deep]
try:
    pickle.dumps(deep)
except RecursionError as e:
    print(type(e).__name__)
while deep:
    deep = deep[0]
print(len(pickle.loads(b"(" * 20000 + b"t" * 20000 + b".")))
