import _operator as operator
from _operator import *

def attempt(f, *args, **kwargs):
    try:
        r = f(*args, **kwargs)
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(getattr(f, '__name__', f), args, kwargs, r)

for f in [add, sub, mul, truediv, floordiv, mod, pow, lshift, rshift, and_, or_, xor, matmul, lt, le, eq, ne, gt, ge]:
    for a, b in [(7, 2), (7.5, 2), ('a', 2), ([1], [2]), ({1, 2}, {2})]:
        attempt(f, a, b)
for f in [iadd, isub, imul, itruediv, ifloordiv, imod, ipow, ilshift, irshift, iand, ior, ixor, imatmul]:
    for a, b in [(7, 2), ([1], 2), ([1], [2]), ({1}, {2})]:
        attempt(f, a, b)
for f in [neg, pos, inv, invert, abs, not_, truth, index]:
    for a in [5, -5.5, True, 'x', [], None]:
        attempt(f, a)
attempt(concat, 'a', 'b')
attempt(concat, [1], [2])
attempt(concat, 1, 2)
attempt(concat, {}, {})
attempt(iconcat, [1], (2,))
attempt(iconcat, 1, 2)
attempt(contains, [1, 2], 2)
attempt(contains, 5, 2)
attempt(countOf, [1, 2, 1, 1.0], 1)
attempt(indexOf, 'abc', 'c')
attempt(indexOf, 'abc', 'd')
attempt(getitem, {'a': 1}, 'a')
attempt(getitem, [1, 2, 3], slice(1, None))
attempt(getitem, [1], 4)
l = [1, 2, 3]
setitem(l, 0, 9)
delitem(l, 1)
print(l)
attempt(length_hint, [1, 2])
print(length_hint(iter([1, 2, 3])))
attempt(length_hint, 5, 7)
attempt(length_hint, 5, 'x')
attempt(is_, None, None)
attempt(is_not, 1, None)
print(call(max, 3, 1, key=lambda x: -x))
attempt(_compare_digest, 'abc', 'abc') if '_compare_digest' in globals() else attempt(operator._compare_digest, 'abc', 'abc')
attempt(operator._compare_digest, b'abc', b'abd')
attempt(operator._compare_digest, 'a', b'a')
attempt(operator._compare_digest, '\xe9', 'a')

class P:
    def __init__(self, x, y=None):
        self.x, self.y = x, y
    def __repr__(self):
        return f'P({self.x!r}, {self.y!r})'
    def f(self, *args, **kwargs):
        return self.x, args, kwargs
p = P(1, P(2, P(3)))
for names in [('x',), ('y.x',), ('x', 'y.y.x'), ('z',), ('y.z',), (5,), ()]:
    try:
        g = attrgetter(*names)
        print(g, g(p), g.__reduce__()[1])
    except Exception as e:
        print(e.__class__.__name__, e)
for items in [(1,), (1, 0), ('a',), (slice(1, 3),), ()]:
    try:
        g = itemgetter(*items)
        print(g, g([10, 20, 30]), g.__reduce__()[1])
    except Exception as e:
        print(e.__class__.__name__, e)
for args, kwargs in [(('f',), {}), (('f', 1, 2), {}), (('f', 1), {'k': 2}), (('g',), {}), ((5,), {}), ((), {})]:
    try:
        g = methodcaller(*args, **kwargs)
        print(g, g(p))
        r = g.__reduce__()
        print(r[0](*r[1])(p))
    except Exception as e:
        print(e.__class__.__name__, e)
attempt(attrgetter('x'))
attempt(itemgetter(1), [1, 2], [3])
attempt(itemgetter(1), k=1)
print(sorted([(1, 'b'), (2, 'a')], key=itemgetter(1)), list(map(attrgetter('x'), [p, p.y])))
