# Dictionaries and their views.
def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
d = {'a':1}; d['b'] = 2; d.update(c=3); d.update({'d':4}); d.update([('e',5),['f',6]]); print(d, len(d))
print(d.get('a'), d.get('z'), d.get('z',9), d.pop('a'), d.pop('a', 7), d.setdefault('b', 8), d.setdefault('q', 8), d.setdefault('r'), d.popitem(), d)
print(list(d), list(d.keys()), list(d.values()), list(d.items()), list(reversed(d)), list(reversed(d.items())), list(reversed(d.values())))
del d['b']; print(d, 'b' in d, 'c' in d); d.clear(); print(d)
print(dict([(1,2)]), dict(a=1,b=2), dict({1:2}, c=3), dict(), dict.fromkeys('abc'), dict.fromkeys([1,2], 0), dict(zip('ab', [1,2])))
print({1:2}|{3:4}, {1:2}|{1:3}); d={1:2}; d |= [(5,6)]; print(d); d |= {7:8}; print(d)
for c in [
    lambda: dict(1),
    lambda: dict([1]),
    lambda: dict([(1,2,3)]),
    lambda: dict(1,2),
    lambda: {}['a'],
    lambda: {}[(1,2)],
    lambda: {}[[]],
    lambda: {}.pop('x'),
    lambda: {}.popitem(),
    lambda: {}|1,
    lambda: hash({}),
    lambda: {}.pop(),
    lambda: {}.get(),
    lambda: {}.fromkeys(),
    lambda: {1:2}<{3:4},
    lambda: {1:2}=={1:2.0},
    lambda: dict[int,str],
    lambda: {}.__delitem__(4),
    lambda: {}.update(1),
    lambda: {}.update(1,2),
    lambda: {1:2}.keys() & [1,3],
    lambda: {1:2}.keys() | [1,3],
    lambda: {1:2,3:4}.keys() - [1],
    lambda: {1:2}.keys() ^ {1,5},
    lambda: {1:2}.items() & {(1,2)},
    lambda: {1:2}.items() | {(1,2),(3,4)},
    lambda: {1:2}.keys() == {1},
    lambda: {1:2}.keys() < {1,2},
    lambda: {1:2}.items() == {(1,2)},
    lambda: (1,2) in {1:2}.items(),
    lambda: (1,3) in {1:2}.items(),
    lambda: 1 in {1:2}.keys(),
    lambda: 2 in {1:2}.values(),
    lambda: {1:2}.keys().isdisjoint([2]),
    lambda: {1:2}.keys().isdisjoint([1]),
    lambda: {1:2}.keys(),
    lambda: {1:2}.values(),
    lambda: {1:2}.items(),
    lambda: {1:2}.keys().mapping,
    lambda: {1} & {1:2}.keys(),
    lambda: [1] | {1:2}.keys(),
    lambda: {1:2}.keys() & 3,
    lambda: hash({}.keys()),
    lambda: {1:2}.keys() <= [1],
    lambda: {1:[]}.items() | [],
    lambda: len({1:2}.items()),
    lambda: {}.__sizeof__(),
    lambda: {1:2}.__sizeof__(),
    lambda: {'a':2}.__sizeof__(),
]:
    t(c)
class D(dict):
    def __missing__(s, k): return ('missing', k)
d = D(a=1); print(d['a'], d['b'], d.get('b'), d, type(d.copy()).__name__, type(d|{}).__name__); t(lambda: D.fromkeys('ab'))
class M:
    def keys(s): return ['x','y']
    def __getitem__(s, k): return k*2
print(dict(M())); d={}; d.update(M()); print(d); print({**M()})
def it():
    d = {1:1,2:2}
    for k in d: d[k+10] = 1
t(it)
def it():
    d = {1:1,2:2}
    for k in d: del d[k]
t(it)
d = {i: i for i in range(1000)}
for i in range(900): d.pop(i)
print(list(d)[:3], len(d))
while d: d.popitem()
print(d); d[1]=2; print(d)
d = {}
for i in range(10000):
    d[i] = i
    d.popitem()
print(d)
for i in range(10): d[i] = i
for i in range(5000):
    d[('k', i)] = 1
    d.popitem()
print(d, len(d))
class H:
    def __init__(s, h): s.h = h
    def __hash__(s): return s.h
    def __eq__(s, o): return s is o
ks = [H(1) for i in range(50)]; d = {k: i for i, k in enumerate(ks)}
print([d[k] for k in ks] == list(range(50))); del d[ks[10]]; print(ks[10] in d, ks[49] in d, len(d))
d = {1:1}; d[True] = 2; d[1.0] = 3; print(d)
d = {}; d['self'] = d; print(d)
print({'a':1}.__contains__('a'), {}.__len__(), list(iter({}.items())))
