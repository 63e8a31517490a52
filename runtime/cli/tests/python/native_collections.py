from _collections import deque, defaultdict, _count_elements, _tuplegetter, _deque_iterator, _deque_reverse_iterator

def attempt(label, f):
    try:
        r = f()
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(label, r)

d = deque('abc')
d.append('d'); d.appendleft('z')
print(d, len(d), d[0], d[-1], d[2], list(reversed(d)), 'c' in d, 'q' in d)
print(d.pop(), d.popleft(), d)
d.extend([1, 2]); d.extendleft([3, 4])
print(d, d.count('a'), d.index('b'), d.index(1, 2), d.maxlen)
attempt('index', lambda: d.index('nope'))
attempt('index', lambda: d.index('a', 5, 6))
attempt('index', lambda: d[99])
attempt('index', lambda: d['x'])
attempt('del', lambda: d.__delitem__(99))
d[0] = 'first'; del d[1]; d[-1] = 'last'
print(d)
for n in (1, -2, 100, 0, -7):
    d.rotate(n)
    print(d)
d.rotate()
d.insert(2, 'in'); d.insert(-1, 'neg'); d.insert(100, 'far'); d.insert(-100, 'near')
print(d)
d.remove('in'); d.reverse()
print(d)
attempt('remove', lambda: d.remove('nope'))
d.clear()
print(d, bool(d))
attempt('pop', d.pop)
attempt('popleft', d.popleft)
b = deque(range(10), 3)
print(b, b.maxlen)
b.append(10); b.appendleft(-1)
print(b, b + deque([5]), b * 2, 2 * b)
attempt('insert', lambda: b.insert(0, 1))
b *= 3
b += [1]
print(b, deque([1, 2]) * 3, deque([1]) * 0, deque([1]) * -1, deque(maxlen=0))
z = deque([1, 2], maxlen=0); z.append(1); z.appendleft(1)
print(z, deque([1, 2, 3], 5) * 3, deque([1, 2], 2) * 5)
for bad in [lambda: deque([1], -1), lambda: deque([1], 'a'), lambda: deque(5), lambda: deque([1]) + [2], lambda: deque([1]) * 'a', lambda: deque([1]) < [1], lambda: hash(deque())]:
    attempt('bad', bad)
print(deque([1, 2]) == deque([1, 2]), deque([1]) == [1], deque([1, 2]) < deque([1, 3]), deque([1]) <= deque([1, 0]), deque('b') > deque('ab'), deque() != deque(), deque([1]) >= deque([2]))
c = d.copy(); print(c is d, c == d, deque([1], 4).copy().maxlen, deque([1, 2]).__copy__())
r = deque([1]); r.append(r); print(r)
def mutate(d):
    for x in d:
        d.append(x)
attempt('mutated', lambda: mutate(deque([1])))
def mutate_pop(d):
    for x in d:
        d.pop()
attempt('mutated', lambda: mutate_pop(deque([1, 2])))
print(deque([1, 2], 7).__reduce__()[1], deque([1, 2]).__reduce__()[1:3], list(deque([1, 2]).__reduce__()[3]))
it = iter(deque([1, 2, 3])); next(it)
print(it.__length_hint__(), list(it), it.__length_hint__(), list(_deque_iterator(deque('abcd'), 2)), list(_deque_reverse_iterator(deque('abcd'), 1)))
class D(deque):
    pass
x = D([1, 2], 5); x.attr = 3
print(x, x.copy(), x.copy().__class__.__name__, x.attr, x + D([9]), x.__reduce__()[2])
big = deque()
for i in range(1000):
    big.append(i)
    if i % 3 == 0: big.popleft()
print(len(big), big[0], big[-1], sum(big))
q = deque(); total = 0
for i in range(5000):
    q.appendleft(i)
    if i % 2: total += q.pop()
print(total, len(q))
s = deque([1, 2]); s.extend(s); s.extendleft(s); print(s)
print(deque[int], deque.__module__, [x for x in deque([3, 4])], deque(iterable=[1], maxlen=1))

e = defaultdict(list)
e['a'].append(1); e['b'].append(2); e['a'].append(3)
print(e, e['zz'], len(e), e.default_factory, e == {'a': [1, 3], 'b': [2], 'zz': []})
n = defaultdict()
attempt('missing', lambda: n['x'])
attempt('factory', lambda: defaultdict(5))
i = defaultdict(int, {'a': 1}, b=2)
i['c'] += 5
print(i, i.copy(), i | {'d': 1}, {'d': 1} | i, (i | {'e': 1}).default_factory, i.get('nope'), 'nope' in i, defaultdict(None, [(1, 2)]))
i.default_factory = None
attempt('missing', lambda: i['q'])
print(i, i.__reduce__()[:2], list(i.__reduce__()[4]), isinstance(i, dict), defaultdict.__mro__[1] is dict)
class DD(defaultdict):
    def __missing__(self, key):
        return key * 2
print(DD()['ab'], DD(int).copy().__class__.__name__)
w = defaultdict(lambda: w); w['self'] = 1
print(list(w), w['other'] is w)
k = defaultdict(int)
for ch in 'mississippi': k[ch] += 1
print(dict(k), sorted(k.items()))
i |= {'z': 26}; print(i)

m = {}
_count_elements(m, 'abracadabra'); print(m)
class Odd(dict):
    def get(self, key, default=None):
        return 10
o = Odd(); _count_elements(o, 'ab'); print(o)
attempt('count', lambda: _count_elements({}, [[]]))

class Point(tuple):
    x = _tuplegetter(0, 'first')
    y = _tuplegetter(1, 'second')
    far = _tuplegetter(9, 'none')
p = Point((3, 4))
print(p.x, p.y, Point.x, Point.x.__doc__, Point.x.__reduce__()[1])
attempt('far', lambda: p.far)
attempt('set', lambda: setattr(p, 'x', 1))
attempt('del', lambda: delattr(p, 'x'))
attempt('other', lambda: Point.x.__get__([1], list))
Point.x.__doc__ = 'changed'; print(Point.x.__doc__)
