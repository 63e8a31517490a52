"""Variables of inlined comprehensions beside others of their name: values, locals(), frames, names of codes."""
import sys


def shadowed():
    items = [(lambda: i) for i in range(3)]
    i = 20
    y = [x() for x in items]
    return {k: v for k, v in locals().items() if k != "items"}


print(shadowed())


def inside():
    a = 1
    seen = [sorted(locals()) for z in range(2)]
    return seen, sorted(locals())


print(inside())


def nested(x):
    pairs = [[(x, sorted(sys._getframe().f_locals)) for x in range(1)] for y in range(1)]
    return x, pairs


print(nested("outer"))


class Class:
    base = 7
    seen = [sorted(n for n in locals() if n[0] != "_") for z in range(1)]
    frame = [sorted(n for n in sys._getframe().f_locals if n[0] != "_") for w in range(1)]
    values = [eval("q + 1") for q in range(3)]
    after = sorted(n for n in locals() if n[0] != "_")


print(Class.seen, Class.frame, Class.values, Class.after)
module = [("inner" in locals(), inner in locals().values()) for inner in ["value"]]
print(module, "inner" in locals())


def where(f):
    """Lines at which the frames of a traceback stood when they ended, by those of their definitions."""
    try:
        f()
    except Exception as e:
        t, found = e.__traceback__.tb_next, []
        while t:
            found.append((t.tb_frame.f_lineno - t.tb_frame.f_code.co_firstlineno, t.tb_lineno - t.tb_frame.f_code.co_firstlineno))
            t = t.tb_next
        print(f.__name__, found)


class Noop:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass


def in_except():
    try:
        1 / 0
    except:
        1 / 0
        pass


def other_except():
    try:
        1 / 0
    except TypeError as ex:
        pass


def named():
    try:
        1 / 0
    except Exception as ex:
        raise
        pass


def in_finally():
    try:
        1 / 0
    finally:
        pass


def after_with():
    with Noop():
        1 / 0
        pass


for f in in_except, other_except, named, in_finally, after_with:
    where(f)
