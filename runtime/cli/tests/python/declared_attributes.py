# Attributes of built-in classes: the same ones however they are first asked for, and complete where all are asked for.
import array
import collections
import io
import itertools
import types


def descriptor(cls, name):
    return next(c for c in cls.__mro__ if name in c.__dict__).__dict__[name]


# Asked for one by one, then all, then again.
found = str.zfill, str.__mul__, dict.fromkeys, str.maketrans
print([f.__name__ for f in found], "12".zfill(4), str.maketrans("a", "b"))
names = list(str.__dict__)
print(len(names) == len(set(names)), "zfill" in names, "__new__" in names, "__doc__" in names)
print(str.__dict__["zfill"] is found[0], found[1] is str.__mul__)
print(type(str.__dict__["maketrans"]), type(dict.__dict__["fromkeys"]))
print([type(descriptor(c, n)).__name__ for c, n in [
    (int, "numerator"), (complex, "real"), (bytearray, "append"), (range, "start"), (type, "__mro__"), (slice, "step"),
    (types.FunctionType, "__globals__"), (types.FunctionType, "__code__"), (object, "__class__"), (float, "__add__"),
    (collections.deque, "maxlen"), (itertools.count, "__next__"), (io.StringIO, "getvalue"), (array.array, "typecode"),
]])

# What comes after the methods counts: no hash, documents, modules.
for cls in list, dict, set, bytearray, collections.deque, collections.OrderedDict, array.array:
    print(cls.__name__, cls.__hash__, cls.__dict__["__hash__"], cls.__module__)
print(type(iter([])).__doc__, type(iter({})).__doc__, object.__doc__ is None)
print(type(type.__dict__["__doc__"]).__name__, type(types.FunctionType.__dict__["__doc__"]).__name__)
print(itertools.count.__module__, collections.deque.__module__, int.__module__, types.ModuleType.__module__)


# Through subclasses, `super` and instances, before anything else has asked for the class.
class Sub(tuple):
    def index(self, v):
        return "sub", super().index(v)


print(Sub([1, 2]).index(2), Sub([1, 1]).count(1), tuple.index((5, 6), 6))
print(hasattr(frozenset, "nothing"), hasattr(frozenset(), "isdisjoint"), getattr(zip, "nothing", None))


class Missing(frozenset):
    pass


print(hasattr(Missing, "union"), "union" in vars(Missing), "union" in vars(frozenset))
Missing.union = lambda self: "own"
print(Missing().union())
del Missing.union
print(Missing([1]).union([2]) == {1, 2})

# They stay as they are.
for change in (
    lambda: setattr(bytes, "hex", 1),
    lambda: delattr(bytes, "hex"),
    lambda: setattr(bytes, "new", 1),
    lambda: bytes.__dict__.__setitem__("hex", 1),
):
    try:
        change()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
print(b"a".hex(), "hex" in dir(b""), sorted(set(dir(b"")) - set(dir(object)))[:12])

# Each is there once.
print(property.fget is property.__dict__["fget"], property(len).fget is len)
for cls in int, float, list, property, memoryview, type(iter([])), collections.deque:
    assert all(cls.__dict__[name] is cls.__dict__[name] for name in cls.__dict__)
    assert len(cls.__dict__) == len(set(cls.__dict__)) and set(cls.__dict__) <= set(dir(cls)) | set(dir(type(cls)))


# Finalizers are found although nobody has looked them up.
print(hasattr((i for i in ()), "__del__"), hasattr(io.FileIO, "__del__"))
