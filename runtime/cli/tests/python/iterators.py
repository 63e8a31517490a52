# Built-in iterators: results, states, errors.
def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
print(list(enumerate('ab')), list(enumerate('ab', 5)), list(enumerate('ab', start=2**70)), list(zip([1,2],[3,4])), list(zip()), list(zip([1],[1,2])), list(map(len, ['a','bb'])), list(map(lambda a,b: a+b, [1,2],[3,4])), list(filter(None, [0,1,2])), list(filter(lambda x: x>1, [1,2,3])), list(reversed([1,2])), list(reversed((1,2))), list(reversed('ab')), list(iter([3,2,1].pop, 2)))
for c in [
    lambda: enumerate(),
    lambda: enumerate(1),
    lambda: enumerate([], 'a'),
    lambda: enumerate(1,2,3),
    lambda: zip(1),
    lambda: zip([],1),
    lambda: zip([1],x=2),
    lambda: list(zip([1],[1,2],strict=True)),
    lambda: list(zip([1,2],[1],strict=True)),
    lambda: list(zip([1],[2],[1,2],strict=True)),
    lambda: list(zip([1,3],[2,4],[1],strict=True)),
    lambda: list(zip([1],[1],strict=True)),
    lambda: map(),
    lambda: map(1),
    lambda: map(1,1),
    lambda: list(map(1,[1])),
    lambda: map(len,[1],x=1),
    lambda: filter(1),
    lambda: filter(1,1),
    lambda: list(filter(1,[1])),
    lambda: reversed(),
    lambda: reversed(1,2),
    lambda: reversed(1),
    lambda: reversed({1}),
    lambda: reversed([1],x=1),
    lambda: enumerate[int],
]:
    t(c)
def red(i):
    r = i.__reduce__()
    return (getattr(r[0], '__name__', r[0]),) + tuple(r[1:])
def ex(i):
    list(i); return i
class Q:
    def __getitem__(s,i): return [1,2][i]
    def __repr__(s): return 'Q'
class QL(Q):
    def __len__(s): return 2
mk = [
    lambda: iter([1,2]),
    lambda: reversed([1,2]),
    lambda: iter((1,2)),
    lambda: iter('ab'),
    lambda: iter(b'ab'),
    lambda: iter(range(3)),
    lambda: iter(range(2**70,2**70+2)),
    lambda: iter({1:2}),
    lambda: iter({1:2}.values()),
    lambda: iter({1:2}.items()),
    lambda: iter({1}),
    lambda: iter(Q()),
    lambda: iter(QL()),
    lambda: reversed(QL()),
    lambda: reversed((1,2)),
]
for m in mk:
    i = m()
    print(red(i), list(i), list(i))
    t(lambda: red(i))
    i = m(); next(i); t(lambda: red(i)); 
    t(lambda: i.__length_hint__())
    i = m()
    if hasattr(i, '__setstate__'):
        i.__setstate__(1); t(lambda: list(i))
        i = m(); i.__setstate__(100); t(lambda: list(i))
        i = m(); i.__setstate__(-5); t(lambda: list(i))
    print(iter(i) is i, i.__iter__() is i)
t(lambda: red(iter(len,3))[1:]); t(lambda: red(ex(iter(lambda:3,3))))
t(lambda: iter([]).__setstate__('a'))
def f(x): raise StopIteration
print(list(map(f, [1,2])))
for x in map(f, [1]): print(x)
print(list(iter(f.__get__(1), 3)))
class N(enumerate):
    def __next__(s): return 'over'
i = N('ab'); print(next(i)); 
class Z(zip): pass
print(list(Z([1],[2])), type(Z()).__name__)
i = map(len, ['a']); print(next(i)); t(lambda: next(i)); t(lambda: i.__next__())
i = iter([1]); next(i); t(lambda: i.__next__()); print(next(i, 3))
m = iter([1,2,3])
for k in range(100): m = map(lambda x: x, m)
print(list(m))
z = [0]
for k in range(1000): z = zip(z)
t(lambda: len(list(z)))
l = [1,2,3]
for x in l:
    if len(l) < 6: l.append(x)
print(l)
i = iter(l); l.clear(); print(list(i)); l.append(1); print(list(i))
print(list(map(lambda *a: a, *[[1]]*12)))
numbers = list(map(max, [1,5],[2,3],[3,4])); print(numbers)
