# The events of sys.settrace, with their lines relative to the function's.
import sys
log = []
def tracer(frame, event, arg):
    name = frame.f_code.co_name
    if frame.f_code.co_filename != tracer.__code__.co_filename:
        return None
    if event == 'exception':
        arg = arg[0].__name__
    if event == 'return' and not isinstance(arg, (int, tuple, list, type(None))):
        arg = type(arg).__name__
    log.append((event, name, frame.f_lineno - base, arg))
    return tracer
def run(f, *a):
    global base
    log.clear()
    base = f.__code__.co_firstlineno
    sys.settrace(tracer)
    try:
        r = f(*a)
    except Exception as e:
        r = repr(e)
    finally:
        sys.settrace(None)
    print('---', f.__name__, r)
    for l in log: print(l)

def simple(a, b):
    c = a + b
    return c

def loop(n):
    t = 0
    for i in range(n):
        t += i
    return t

def while_loop(n):
    while n > 0:
        n -= 1
    else:
        n = 5
    return n

def one_line_loop(n):
    for i in range(n): pass
    return n

def comp(n):
    a = [x for x in range(n)]
    return sum(x for x in a)

def raises(n):
    try:
        1 / n
    except ZeroDivisionError as e:
        x = 1
    finally:
        y = 2
    return y

def raises_out(n):
    x = 1
    1 / n

def raises_deep(n):
    try:
        raises_out(n)
    except (KeyError):
        pass
    except ZeroDivisionError:
        n = 3
    return n

def gen(n):
    yield 1
    x = yield 2
    return 3

def plain_gen(n):
    yield n
    yield n + 1

def delegating(n):
    r = yield from gen(n)
    yield r

def use_gen(n):
    for v in plain_gen(n):
        n = v
    return list(delegating(n))

def throwing(n):
    g = gen(n)
    next(g)
    try:
        g.throw(ValueError('x'))
    except ValueError:
        pass
    g = gen(n)
    next(g)
    g.close()

class CM:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        return True

def with_it(n):
    with CM() as c:
        n = 1
    with CM():
        raise ValueError
    return n

def make_class(n):
    class A:
        x = 1
        def f(self):
            return 2
    return A().f()

def rec(n):
    if n == 0:
        return 0
    return 1 + rec(n - 1)

def multi(n):
    x = max(
        1,
        n,
    )
    if (n and
        x):
        return (1,
                n)

def conditional(n):
    if n:
        x = 1
    else:
        x = 2
    y = 1 if n else 2
    while True:
        if x > 3:
            break
        x += 1
        continue
    return None

def implicit(n):
    if n == 1:
        n = 2

def nested(n):
    def inner(x=1):
        nonlocal n
        n = x
    inner()
    f = lambda: 5
    return f()

def fin(n):
    for i in range(2):
        try:
            if i:
                continue
            n = 3
        finally:
            n = 4
    try:
        return n
    finally:
        n = 5

def matchy(n):
    match n:
        case 1:
            return 1
        case [a, b]:
            return 2
        case _:
            return 3

def deco(f):
    return f
def decorated(n):
    @deco
    @deco
    def g():
        return 1
    return g()

def assertion(n):
    assert n, "x"
    del n
    try:
        n
    except NameError:
        pass
    import sys
    a = b = 1
    global zz
    zz = 3
    return a

async def co(n):
    await co2(n)
    return 1
async def co2(n):
    return n
def use_co(n):
    try:
        co(n).send(None)
    except StopIteration as e:
        return e.value

for f in (simple,):
    run(f, 1, 2)
for f in (loop, while_loop, one_line_loop, comp, raises, raises_out, raises_deep, use_gen, throwing, with_it, make_class, rec, multi, conditional, implicit, nested, fin, matchy, decorated, assertion, use_co):
    run(f, 3)
run(raises, 0)
run(raises_out, 0)
run(raises_deep, 0)
run(implicit, 1)
