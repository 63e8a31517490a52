from _collections import OrderedDict

def attempt(label, f):
    try:
        r = f()
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(label, r)

d = OrderedDict([('a', 1), ('b', 2)], c=3)
d['d'] = 4
print(d, list(d), list(reversed(d)), len(d), OrderedDict(), d['b'])
d.move_to_end('a'); print(d)
d.move_to_end('c', last=False); print(d)
d.move_to_end('c', last=False); d.move_to_end('a'); print(d)
attempt('move', lambda: d.move_to_end('zz'))
print(d.popitem(), d.popitem(last=False), d, d.pop('b'), d)
d.clear()
attempt('popitem', lambda: d.popitem())
attempt('popitem', lambda: d.popitem(False))
e = OrderedDict((i, i * i) for i in range(1000))
while len(e) > 3: e.popitem(last=False)
print(e)
for i in range(2000):
    e[i] = i
    if len(e) > 5: e.popitem(last=False)
    if i % 7 == 0: e.popitem(); e.move_to_end(next(iter(e)))
print(e)
q = OrderedDict.fromkeys(range(10000))
n = 0
while q:
    n += q.popitem(last=False)[0]
print(n)
a, b = OrderedDict(x=1, y=2), OrderedDict(y=2, x=1)
print(a == b, a == dict(b), dict(a) == b, a != b, a == OrderedDict(x=1, y=2), a == 5, a | b, a | {'z': 1}, {'z': 1} | a, type(a | b) is OrderedDict)
a |= {'q': 9}; print(a, a.copy(), a.copy() is a, a.setdefault('new', 0), a.get('no'), 'x' in a)
class Sub(OrderedDict):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2)
s = Sub(a=1); s.update([('b', 2)]); s.attr = 5
print(s, s.copy(), s.attr, s.__dict__, s.__reduce__()[:4], list(s.__reduce__()[4]))
o = OrderedDict(a=1); o.note = 'n'; print(o.note, o.__dict__, vars(o))
r = OrderedDict(); r['self'] = r; print(r)
attempt('hash', lambda: hash(r))
attempt('init', lambda: OrderedDict(1, 2))
attempt('init', lambda: OrderedDict([1]))
attempt('init', lambda: OrderedDict([(1,)]))
attempt('init', lambda: OrderedDict([(1, 2, 3)]))
del s['a']; print(s, isinstance(s, dict), OrderedDict.__mro__[1] is dict, OrderedDict.fromkeys('ab', 1))
class LRU(OrderedDict):
    def __getitem__(self, k):
        v = super().__getitem__(k); self.move_to_end(k); return v
l = LRU(a=1, b=2, c=3); l['a']; print(l)
