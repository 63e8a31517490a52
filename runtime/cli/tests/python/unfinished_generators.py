"""Generators that never end are closed; where coroutines were made; what is thrown when making the exception fails; and what
the collector tells of objects."""
import gc
import sys


def outer():
    return inner()


def inner():
    async def coroutine():
        pass

    return coroutine()


sys.set_coroutine_origin_tracking_depth(2)
c = outer()
print([(line, name) for _, line, name in c.cr_origin], sys.get_coroutine_origin_tracking_depth())
c.close()
sys.set_coroutine_origin_tracking_depth(0)
c = inner()
print(c.cr_origin)
c.close()
try:
    sys.set_coroutine_origin_tracking_depth(-1)
except ValueError as e:
    print(e)


class NoException(Exception):
    def __new__(cls, *args):
        return 7


class Fails(Exception):
    def __init__(self):
        raise KeyError("made")


def waits():
    while True:
        try:
            yield
        except Exception as e:
            print(type(e).__name__, e)


g = waits()
next(g)
for wrong in NoException, Fails:
    g.throw(wrong)
g.close()


def f(**kwargs):
    pass


for call in "f(**{1: 3}, **{1: 5})", "f(**{1: 3}, **{2: 5})", "f(a=1, **{'a': 2})":
    try:
        eval(call)
    except TypeError as e:
        print(e)
for details in ("f", 1, 2), ("f", 1, 2, "t", 1), ("f", 1, 2, "t", 1, 2, 3):
    try:
        SyntaxError("m", details)
    except TypeError as e:
        print(e)


def unbound():
    print(variable)
    variable = 1


try:
    unbound()
except UnboundLocalError as e:
    print(e.name)
print(sorted(gc.get_referents([1, 3], {5: 7}, (9,), {11})), gc.get_referents(1, "a"))


class Holder:
    pass


class Method:
    def method(self, cls):
        return cls.__name__


class Bound:
    method = classmethod(Method().method)


print(Bound.method(), hasattr(Bound.method, "__get__"))
holder = Holder()
target = []
holder.attribute = target
print(any(r is holder or r is vars(holder) for r in gc.get_referrers(target)))
print(any(o is target for o in gc.get_objects()))
print([gc.is_tracked(v) for v in (int, Holder, holder, object(), [], "", 1.5)])
before = gc.get_stats()
gc.collect(0)
gc.collect()
print([new["collections"] - old["collections"] for new, old in zip(gc.get_stats(), before)][0::2])


def open_end(name):
    try:
        yield
    except GeneratorExit:
        print(name, "is closed")


last = open_end("last")
next(last)
fresh = open_end("fresh")
print("end")
