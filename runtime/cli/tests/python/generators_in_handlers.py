# Each generator has the exceptions that it handles to itself; where it handles none, those of who resumed it are seen.
import asyncio
import sys


def chain(e):
    out = []
    while e is not None and len(out) < 9:
        out.append(repr(e))
        e = e.__context__
    return out


def forgets():
    try:
        raise ValueError("own")
    except ValueError:
        yield sys.exception()
    yield sys.exception()
    yield sys.exception()


g = forgets()
try:
    raise IndexError("outer")
except IndexError:
    print(repr(next(g)), repr(sys.exception()))
print(next(g))
try:
    raise KeyError("second")
except KeyError:
    print(repr(next(g)), repr(sys.exception()))
print(sys.exception())


def keeps():
    try:
        yield sys.exception()
    except Exception as e:
        yield chain(e), repr(sys.exception())
        yield repr(sys.exception())
        raise


g = keeps()
next(g)
try:
    raise ValueError("thrown")
except ValueError as e:
    print(g.throw(e), repr(sys.exception()))
print(next(g), sys.exception())
try:
    next(g)
except ValueError as e:
    print(repr(e), chain(e))

# The context of what is thrown is what the generator handles, not what who throws does.
g = keeps()
next(g)
try:
    raise OSError("not the context")
except OSError:
    print(g.throw(TypeError("thrown")))
    print(next(g))


def in_handler():
    try:
        raise LookupError("handled inside")
    except LookupError:
        try:
            yield
        except Exception as e:
            yield chain(e)


g = in_handler()
next(g)
print(g.throw(TypeError("thrown")))


def level(n):
    if n:
        for v in level(n - 1):
            yield v
    else:
        yield repr(sys.exception())
        try:
            raise ArithmeticError
        except ArithmeticError:
            yield repr(sys.exception())
        yield repr(sys.exception())
        try:
            raise
        except RuntimeError as e:
            yield str(e)
        except Exception as e:
            yield "again " + repr(e)


for outer in (None, "outermost"):
    g = level(5)
    for _ in range(4):
        if outer:
            try:
                raise Exception(outer)
            except Exception:
                print(next(g))
        else:
            print(next(g))


def raises():
    yield
    raise TypeError("raised inside")


g = raises()
next(g)
try:
    try:
        raise OSError("outside")
    except OSError:
        next(g)
except TypeError as e:
    print(chain(e), sys.exception() is e)
print(sys.exception())


def delegates():
    try:
        raise ValueError("of the delegating one")
    except ValueError:
        yield from seen()
        yield repr(sys.exception())


def seen():
    yield repr(sys.exception())
    try:
        yield repr(sys.exception())
    except Exception as e:
        yield chain(e)


g = delegates()
print(next(g), next(g), g.throw(KeyError("k")), next(g), sys.exception())


async def waits():
    try:
        raise ValueError("in a task")
    except ValueError:
        await asyncio.sleep(0)
        return repr(sys.exception())


async def main():
    try:
        raise OSError("main")
    except OSError:
        return await asyncio.gather(waits(), waits()), await waits(), repr(sys.exception())


print(asyncio.run(main()))
with_context = (x for x in [1])
try:
    1 / 0
except ZeroDivisionError:
    print(list(with_context), repr(sys.exception()))
