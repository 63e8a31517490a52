# Sorting, extremes, sums and other functions that iterate.
def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
print(sorted([3,1,2]), sorted('hello'), sorted([3.5,1.5,-0.0,0.0,2]), sorted([2,1],reverse=True), sorted([(1,'b'),(1,'a'),(0,'z')]))
print(sorted(range(100), key=lambda x: -x)[:5], sorted(['bb','a','ccc'], key=len), sorted(['bb','a','ccc'], key=len, reverse=True))
numbers = [(i*7919) % 1000 for i in range(1000)]
print(sorted(numbers) == list(range(1000)))
l = [(i*7919) % 1000 for i in range(1000)]; l.sort(reverse=True); print(l[:5])
class K:
    log = []
    def __init__(s, v): s.v = v
    def __lt__(s, o): K.log.append((s.v, o.v)); return s.v < o.v
    def __repr__(s): return 'K'
x = [K((i*37)%101) for i in range(101)]; x.sort(); print([k.v for k in x] == list(range(101)), len(K.log), hash(tuple(K.log)))
print(sorted([True, 2, 0, False]), sorted([1, 2.5, 0]), sorted([10**30, 5, -10**30]))
class M:
    def __init__(s, l): s.l = l
    def __lt__(s, o): s.l.append(1); return False
l = []; l.extend([M(l), M(l), M(l)]); t(l.sort); print(len(l))
class B:
    def __init__(s, n): s.n = n
    def __lt__(s, o):
        if s.n == 5: raise ValueError('five')
        return s.n < o.n
l = [B(9), B(3), B(5), B(1)]; t(l.sort); print(sorted(b.n for b in l), [b.n for b in l])
def bad(x): raise KeyError(x)
l = [3,2,1]; t(lambda: l.sort(key=bad)); print(l)
print(sorted([float('nan'), 3.0, 1.0, float('nan'), 2.0]))
l = [5, 4]; 
def key(x): l.append(3); return x
t(lambda: l.sort(key=key)); print(l)
print(sorted([[2,'a'],[1,'b'],[1,'a']]), sorted({'b':1,'a':2}), sorted({3,1,2}))
print(sorted(['é','z','a','\U0001f600','\uffff']))
t(lambda: sorted([1j, 2])); t(lambda: sorted([None, None])); t(lambda: sorted([1], key=len)); print(sorted([], key=3))
print(min(3,1,2), max([1,5,2]), min('b','a'), max([], default=7), min([3,1],key=lambda x:-x), max(1, 1.0), max(1.0, 1))
for c in [
    lambda: min(),
    lambda: min([]),
    lambda: min(1),
    lambda: min(1,2,default=3),
    lambda: min([],x=3),
    lambda: max(1,'a'),
    lambda: max(1,2,key=3),
    lambda: sum(),
    lambda: sum([[]],''),
    lambda: sum(['a']),
    lambda: sum([1,2.5,1j]),
    lambda: sum([0.1]*10),
    lambda: sum([1e308,1e308,-1e308]),
    lambda: sum([b'a'],b''),
    lambda: sum([[1],[2]],[]),
    lambda: sum([True,True]),
    lambda: sum([2**49,2**49,2**62,2**63]),
    lambda: sum([0.1]*10+[1j]),
    lambda: sum([True, 0.1]*5),
    lambda: sum([2**100,0.1]),
    lambda: sum([1],start=5),
    lambda: sum([],5),
    lambda: sum(range(1000)),
    lambda: sum([1,2],2**70),
    lambda: sum([0.1]*3, 2**70),
    lambda: any([0,1]),
    lambda: any([]),
    lambda: all([]),
    lambda: all([1,0]),
    lambda: any(1),
    lambda: len(3),
    lambda: len([1]),
    lambda: next(iter([])),
    lambda: next(iter([]), 4),
    lambda: next(4),
    lambda: next([]),
    lambda: iter(4),
    lambda: iter(4,4),
    lambda: iter(),
    lambda: next(),
    lambda: list(iter([1,2,3].pop, 1)),
    lambda: len(),
    lambda: aiter(3),
    lambda: sum([1e100,1.0,-1e100]),
    lambda: sum([float('inf'),1.0]),
    lambda: sum([-0.0]),
    lambda: sum([-0.0],-0.0),
    lambda: sum(['a'],start=''),
]:
    t(c)
def g():
    yield 1
    return 5
i = g(); next(i)
try: next(i)
except StopIteration as e: print(e.value)
