from _functools import partial, reduce, cmp_to_key, _lru_cache_wrapper

def attempt(label, f):
    try:
        r = f()
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(label, r)

def f(*args, **kwargs):
    return args, kwargs
class Named:
    def __init__(self, f, name):
        self.f, self.name = f, name
    def __call__(self, *args, **kwargs):
        return self.f(*args, **kwargs)
    def __repr__(self):
        return self.name
g = Named(f, 'g')

p = partial(g, 1, 2, a=3)
print(p, p(), p(4), p(a=5), p(4, b=6), p.func, p.args, p.keywords)
q = partial(p, 9, z=1)
print(q, q.func is g, q())
p.attribute = 7
print(p.__dict__, partial(p, 1).func is p)
print(partial(int, base=2)('101'), partial(max, 5)(3, 9), list(map(partial(pow, 2), range(4))))
attempt('partial()', lambda: partial())
attempt('partial(5)', lambda: partial(5))
r = p.__reduce__()
print(r[0] is partial, r[1], r[2])
n = partial(print)
n.__setstate__(r[2])
print(n, n.attribute, n(0))
attempt('state', lambda: n.__setstate__((1, 2)))
attempt('state', lambda: n.__setstate__((1, (), {}, None)))
class Sub(partial):
    pass
s = Sub(g, 1)
s.y = 2
print(s.__class__.__name__, repr(s), s(2), s.y)
c = partial(g)
c.__setstate__((c, (c,), {'x': c}, {}))
print(c)
c.__setstate__((g, (), {}, {}))
print(partial[int] if hasattr(partial, '__class_getitem__') else None)
class C:
    m = partial(f, 1)
print(C().m(2))
attempt('readonly', lambda: setattr(p, 'func', 1))

print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, [], 5), reduce(max, 'hello'), reduce(lambda a, b: (a, b), 'abc', 0))
attempt('reduce', lambda: reduce(max, []))
attempt('reduce', lambda: reduce(max, 5))
attempt('reduce', lambda: reduce(1, [1, 2]))

K = cmp_to_key(lambda a, b: (a > b) - (a < b))
print(sorted([3, 1, 2], key=K), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), K(1) < K(2), K(1) == K(1), K(2) >= K(3), K(1) != K(1), K(5).obj, K(obj=3).obj)
attempt('K', lambda: K(1) < 5)
attempt('K', lambda: hash(K(1)))
attempt('K', lambda: cmp_to_key(lambda a, b: a.x)(1) < K(2))

def Info(*args):
    return args
def cached(f, maxsize=128, typed=False):
    return _lru_cache_wrapper(f, maxsize, typed, Info)
calls = []
def square(x):
    calls.append(x)
    return x * x
c = cached(square, 3)
print([c(i) for i in (1, 2, 3, 1, 4, 1, 2, 3, 3)], calls, c.cache_info())
c.cache_clear()
print(c.cache_info(), c(2), c(2), c.cache_info())
calls.clear()
c = cached(square, None)
print([c(i) for i in (1, 1.0, True, 2, 1)], calls, c.cache_info())
calls.clear()
c = cached(square, 10, True)
print([c(i) for i in (1, 1.0, True, 2, 1)], calls, c.cache_info())
calls.clear()
c = cached(square, 0)
print([c(i) for i in (1, 1)], calls, c.cache_info())
c = cached(square, -5)
print(c(3), c.cache_info())
attempt('maxsize', lambda: cached(square, 'a'))
attempt('function', lambda: cached(5))
c = cached(f)
print(c(1, 2, a=3), c(1, 2, a=3), c(1, 2, a=4), c(a=3, b=4), c(b=4, a=3), c(), c(), c.cache_info())
attempt('unhashable', lambda: c([]))
@cached
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
class M:
    @cached
    def m(self, x):
        return x + 1
m = M()
print(m.m(1), m.m(1), M.m.cache_info(), M().m(1), M.m.cache_info())
fib.__wrapped__ = 5
print(fib.__wrapped__, fib.__dict__)
big = cached(square, 1000)
for i in range(5000):
    big(i % 1500)
print(big.cache_info(), [big(i) for i in (499, 1499, 3)], big.cache_info())
def clearing(x):
    clear.cache_clear()
    return x
clear = cached(clearing, 2)
print([clear(i) for i in (1, 2, 3, 1, 2, 3)], clear.cache_info())
