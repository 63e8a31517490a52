# Raising and matching exceptions in hot code: what is noted of classes must not outlive a change of theirs.
import sys


def caught(raising, of, n=60):
    """What `raising` gives, tried so often, where `of` is what is caught."""
    seen = []
    for k in range(n):
        try:
            raising(k)
        except of as e:
            seen.append((type(e).__name__, e.args, e.__context__, e.__cause__))
        except Exception as e:
            seen.append(("other", type(e).__name__, str(e)))
    return seen[0], seen[-1], len(set(map(repr, seen)))


# ---- classes and instances, built in and a program's own
class Plain(Exception):
    pass


class Sub(Plain):
    pass


class Counted(Exception):
    made = 0

    def __init__(self, *args):
        Counted.made += 1
        super().__init__("counted", *args)


def raises(what):
    def f(k):
        raise what
    return f


def raises_call(what, *args):
    def f(k):
        raise what(*args, k) if args else what(k)
    return f


def raises_bare_call(what):
    def f(k):
        raise what()
    return f


for what in (ValueError, KeyError, Plain, Sub, Counted, OSError, StopIteration, UnicodeError):
    print(what.__name__, caught(raises(what), what)[0][:2], caught(raises_bare_call(what), Exception)[0][:2])
    print(caught(raises_call(what, "a"), (KeyError, what))[0][:2], caught(raises_call(what), ArithmeticError)[1][:2])
print(Counted.made)
print(caught(raises(OSError(2, "gone")), FileNotFoundError)[0], caught(raises_call(OSError, 2), OSError)[1][:2])


# ---- a site that sees several classes, and one whose class of handler changes
def several(k):
    raise (ValueError, KeyError, Plain, Sub, ZeroDivisionError, Counted, OSError)[k % 7](k)


print(caught(several, LookupError, 70)[2], caught(several, Plain, 70)[2], caught(several, Exception, 70)[2])


def changing(n):
    hits = 0
    for k in range(n):
        of = ValueError if k % 3 else KeyError
        try:
            try:
                raise ValueError
            except of:
                hits += 1
        except ValueError:
            hits += 1000
    return hits


print(changing(90))


# ---- the context: nothing while nothing is handled, else what is
def nested(n):
    out = []
    for k in range(n):
        try:
            try:
                raise Plain(k)
            except Plain:
                raise ValueError
        except ValueError as e:
            out.append((type(e.__context__).__name__, e.__context__.args))
        try:
            raise ValueError
        except ValueError as e:
            out.append(e.__context__)
    return out[:2], out[-2:]


print(nested(60))


def inner():
    try:
        raise KeyError("inner")
    except KeyError as e:
        yield e.__context__
    yield "end"


def in_generators(n):
    out = []
    for k in range(n):
        try:
            raise Plain("outer")
        except Plain:
            out.append([repr(v) for v in inner()])
        try:
            raise Plain("after")
        except Plain as e:
            out.append(e.__context__)
    return out[0], out[1], out[-2], out[-1]


print(in_generators(60))


# ---- changes
class Base(Exception):
    pass


class Other(Exception):
    pass


class Moved(Base):
    pass


def throw_moved(k):
    raise Moved


def catch_base():
    try:
        throw_moved(0)
    except Base:
        return "base"
    except Other:
        return "other"


print([catch_base() for _ in range(60)].count("base"))
Moved.__bases__ = (Other,)
print([catch_base() for _ in range(60)].count("other"))
Moved.__bases__ = (Base,)
print([catch_base() for _ in range(60)].count("base"))


class Grows(Exception):
    pass


def grown(n):
    out = []
    for k in range(n):
        try:
            raise Grows
        except Grows as e:
            out.append(e.args)
        try:
            raise Grows(k)
        except Grows as e:
            out.append(e.args)
    return out[-2:]


print(grown(60))
Grows.__init__ = lambda self, *args: Exception.__init__(self, "initialized", *args)
print(grown(60))
del Grows.__init__
print(grown(60))
Grows.__new__ = lambda cls, *args: Exception.__new__(cls, "new", *args)
print(grown(60))
del Grows.__new__
Grows.__init__ = Exception.__init__
print(grown(60))
Grows.__new__ = lambda cls, *args: 5
try:
    grown(1)
except TypeError as e:
    print(e)


class Meta(type):
    def __call__(cls, *args):
        return super().__call__("called", *args)

    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, sub):
        return True


class Made(Exception, metaclass=Meta):
    pass


print(caught(raises(Made), Made), caught(raises_call(Made), Made)[1])
# Matching asks the classes themselves, not their metaclass.
print(caught(raises(ValueError), Made)[1])

# ---- an instance whose class changes between raises, and one raised again and again
shared = Plain("shared")


def throw_shared(k):
    shared.__class__ = Sub if k % 2 else Plain
    raise shared


print(caught(throw_shared, Sub, 61), caught(throw_shared, Plain, 61)[2])


def depth(e):
    n, t = 0, e.__traceback__
    while t:
        n, t = n + 1, t.tb_next
    return n


def again(n):
    e = ValueError("again")
    for k in range(n):
        try:
            raise e
        except ValueError:
            pass
    return depth(e), sys.exception()


print(again(60))


# ---- what cannot be raised or caught
def bad(what, of, n=60):
    texts = set()
    for k in range(n):
        try:
            try:
                raise what
            except of:
                texts.add("caught")
        except TypeError as e:
            texts.add(str(e))
    return texts


print(bad(5, ValueError), bad(int, ValueError), bad(ValueError, int), bad(ValueError, (KeyError, 5)))
print(bad(ValueError("x"), "text"))


# ---- finalizers that come and go, more often than caches put up with
import gc


class Finalized(Exception):
    pass


class Plainly:
    def __init__(self):
        self.x = 1


ended = [0]


def count(self):
    ended[0] += 1


def end(n):
    for k in range(n):
        try:
            raise Finalized(k)
        except Finalized:
            pass
        try:
            raise Finalized
        except Finalized:
            pass
        Plainly()
    gc.collect()
    seen, ended[0] = ended[0], 0
    return seen


class Probe:
    __del__ = count


def finalizes():
    """Does the collector run finalizers at all?"""
    for _ in range(40):
        Probe()
    gc.collect()
    seen, ended[0] = ended[0], 0
    return seen > 0


any_finalizer = finalizes()
end(40)
for _ in range(9):
    for c in Finalized, Plainly:
        c.__del__ = count
    # A word left on the machine's stack may keep one a while.
    print(end(40) > 100 or not any_finalizer, end=" ")
    for c in Finalized, Plainly:
        del c.__del__
    print(end(40))
