# What a slot wrapper is when it is bound.
import inspect
import pickle
import types
import weakref


def wrong(f):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


l = [1]
w = l.__add__
print(type(w), type(w) is types.MethodWrapperType, w([2]), w.__name__, w.__qualname__, w.__objclass__, w.__self__ is l)
print(w.__text_signature__, w.__doc__ == list.__add__.__doc__, repr(w).split(" at ")[0], callable(w))
print(w == l.__add__, w != l.__add__, w == [1].__add__, w == l.__mul__, hash(w) == hash(l.__add__), w == 5, l.append == w)
print(inspect.ismethodwrapper(w), inspect.isbuiltin(w), inspect.isroutine(w), inspect.signature(w))
wrong(lambda: w < w)
wrong(lambda: w.__module__)
wrong(lambda: w.__get__)
wrong(lambda: weakref.ref(w))
wrong(lambda: w())
wrong(lambda: types.MethodWrapperType())
print(w.__reduce__()[1] == (l, "__add__"), pickle.loads(pickle.dumps((5).__mul__))(6))
print(None.__eq__.__self__, None.__eq__.__reduce__()[1], int.__add__.__get__(3)(4), "x".__len__())


class Dict(dict):
    def __getitem__(self, key):
        return super().__getitem__(key)

    get = dict.__getitem__


d = Dict(a=1)
print(type(super(Dict, d).__getitem__), d["a"], type(d.get), type(d.__init__), type(d.__repr__), type(d.pop))


class Holder:
    f = [].__len__


print(Holder().f(), type(int.__new__), type(object.__init_subclass__), type(type.__call__.__get__(int)))
print(sorted(set(dir(w)) - set(dir(object()))))
