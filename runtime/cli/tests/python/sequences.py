# Tuples, ranges and slices.
def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
print(tuple(), tuple('ab'), (1,2)+(3,), (1,2)*2, 2*(1,), (1,2,3)[1:], (1,2,3)[::-1], (1,2,3)[-1], (1,2).index(2), (1,1).count(1), 1 in (1,), (1,2)<(1,3), hash((1,2)), (1,), ())
for c in [
    lambda: ()[0],
    lambda: (1,)+[1],
    lambda: (1,).index(3),
    lambda: tuple(1,2),
    lambda: tuple(a=1),
    lambda: tuple(5),
    lambda: (1,)*'a',
    lambda: tuple[int, ...],
    lambda: (1,).__getnewargs__(),
    lambda: hash(([],)),
    lambda: (1,2)<3,
    lambda: range(5),
    lambda: range(1,5),
    lambda: range(0,10,3),
    lambda: list(range(10,0,-3)),
    lambda: range(10)[3],
    lambda: range(10)[-1],
    lambda: range(10)[2:8:2],
    lambda: range(10)[::-1],
    lambda: range(10)[20],
    lambda: range(10)['a'],
    lambda: range(),
    lambda: range(1,2,3,4),
    lambda: range('a'),
    lambda: range(1,2,0),
    lambda: range(2**70)[2**69],
    lambda: range(2**70)[1:2**69:2],
    lambda: len(range(2**70)),
    lambda: list(range(2**70, 2**70+3)),
    lambda: list(range(2**70+3, 2**70, -1)),
    lambda: range(5)==range(0,5,1),
    lambda: range(0)==range(5,1),
    lambda: hash(range(5))==hash(range(0,5)),
    lambda: 3 in range(5),
    lambda: 3.0 in range(5),
    lambda: 7 in range(0,10,2),
    lambda: 'a' in range(3),
    lambda: range(5).index(3),
    lambda: range(5).index(9),
    lambda: range(5).index('a'),
    lambda: range(0,10,2).count(4),
    lambda: list(reversed(range(5))),
    lambda: list(reversed(range(0,10,3))),
    lambda: list(reversed(range(2**70,2**70+3))),
    lambda: range(1,10,2).start,
    lambda: range(1,10,2).stop,
    lambda: range(1,10,2).step,
    lambda: bool(range(0)),
    lambda: bool(range(2**80)),
    lambda: range(3)<range(4),
    lambda: range(3).__reduce__(),
    lambda: range(True),
    lambda: range(1.0),
    lambda: range(-5),
    lambda: len(range(-5)),
    lambda: range(5, -5, -2)[1:3],
    lambda: 2**69 in range(2**70),
    lambda: range(2**70).index(5),
    lambda: slice(1),
    lambda: slice(1,2,3),
    lambda: slice(),
    lambda: slice(1,2,3,4),
    lambda: slice(a=1),
    lambda: slice(1,2)==slice(1,2),
    lambda: slice(1)<slice(2),
    lambda: slice(1,2,3).indices(10),
    lambda: slice(None,None,-1).indices(10),
    lambda: slice(-3,None).indices(10),
    lambda: slice(2**80).indices(2**90),
    lambda: slice(1,2).indices(-1),
    lambda: slice(1,2,0).indices(2),
    lambda: slice('a').indices(1),
    lambda: hash(slice(1)) == hash(slice(1)),
    lambda: slice(3).__reduce__(),
    lambda: slice(1,2).start,
    lambda: range(5)[:],
    lambda: range(10,0,-1)[2:5],
]:
    t(c)
class T(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)
x = T(1,2); print(x, x[0], x == (1,2), type(x+(1,)).__name__, type(x[:]).__name__, len(x), hash(x)==hash((1,2)), list(x))

# An index that is no machine word.
from array import array
from collections import deque
for v in [1], (1,), 'a', b'a', bytearray(b'a'), memoryview(bytearray(b'a')), array('i', [1]), deque([1]), range(3):
    t(lambda: v[2**70])
    t(lambda: v[-2**70])
    if hasattr(v, '__setitem__'):
        def assign():
            v[2**70] = 1
        def delete():
            del v[2**70]
        t(assign)
        if type(v) is not memoryview:
            t(delete)
    if hasattr(v, '__mul__'):
        t(lambda: v * 2**70)
    if hasattr(v, 'insert'):
        t(lambda: v.insert(2**70, 1))
    if hasattr(v, 'pop') and type(v) is not deque:
        t(lambda: v.pop(2**70))
