from _bisect import *
from _heapq import *
from _heapq import _heappop_max, _heapreplace_max, _heapify_max
from _random import Random

def attempt(label, f):
    try:
        r = f()
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(label, r)

a = [1, 2, 2, 3, 5]
for x in (0, 1, 2, 2.5, 5, 9):
    print(bisect_left(a, x), bisect_right(a, x), bisect_left(a, x, 2), bisect_right(a, x, 1, 3), bisect_left(a, x, hi=2))
l = [1, 3]
insort_left(l, 2); insort_right(l, 2); insort_right(l, 9); insort_left(l, 0)
print(l, bisect_left(range(10**6), 777), bisect_right('abcd', 'b'))
words = ['a', 'bbb', 'ccccc']
insort_right(words, 'dd', key=len); print(words, bisect_left(words, 3, key=len))
class Rows(list):
    def insert(self, i, v):
        print('insert', i, v)
r = Rows([1, 2]); insort_left(r, 1.5); print(r)
attempt('lo', lambda: bisect_left(a, 1, -1))
attempt('type', lambda: bisect_left(5, 1))
attempt('compare', lambda: bisect_left(a, 'x'))
attempt('insort', lambda: insort_left((1, 2), 1))

h = []
for x in (5, 3, 8, 1, 9, 2, 7):
    heappush(h, x)
    print(h)
print(heappushpop(h, 0), heappushpop(h, 4), h, heapreplace(h, 6), h)
print([heappop(h) for _ in range(7)])
for bad in (lambda: heappop([]), lambda: heapreplace([], 1), lambda: heappop((1,)), lambda: heappush((1,), 2), lambda: heapify(5), lambda: heappush([1], 'a')):
    attempt('bad', bad)
print(heappushpop([], 5))
x = [9, 4, 7, 1, 8, 2, 5]; heapify(x); print(x)
y = [9, 4, 7, 1, 8, 2, 5]; _heapify_max(y); print(y, _heappop_max(y), y, _heapreplace_max(y, 3), y)
compared = []
class Item:
    def __init__(self, n): self.n = n
    def __lt__(self, other):
        compared.append((self.n, other.n))
        return self.n < other.n
h = [Item((i * 37) % 11) for i in range(12)]
heapify(h); heappush(h, Item(4)); out = [heappop(h).n for _ in range(13)]
print(out, len(compared), compared)
big = [(i * 7919) % 5003 for i in range(3000)]
heapify(big); print([heappop(big) for _ in range(5)], len(big))
class Evil:
    def __lt__(self, other):
        del e[:]
        return True
e = [Evil(), Evil(), Evil()]
attempt('evil', lambda: heapify(e))

r = Random(42)
print([r.random() for _ in range(3)], [r.getrandbits(k) for k in (1, 7, 32, 33, 53, 64, 65, 128, 200, 0)])
for s in (0, 1, -1, 2**70, -2**70, 'abc', 1.5, True, b'xy', (1, 2)):
    r.seed(s)
    print(s, r.random(), r.getrandbits(40))
r.seed(7)
state = r.getstate()
print(len(state), state[:3], state[-1], state[100])
first = [r.random() for _ in range(700)]
r.setstate(state)
print(first == [r.random() for _ in range(700)], r.getstate()[-1])
attempt('bits', lambda: r.getrandbits(-1))
attempt('bits', lambda: r.getrandbits(1.5))
attempt('state', lambda: r.setstate([1]))
attempt('state', lambda: r.setstate((1, 2)))
attempt('state', lambda: r.setstate(state[:-1] + (1000,)))
attempt('state', lambda: r.setstate(state[:-1] + (-1,)))
a, b = Random(), Random()
print(a.random() != b.random())
class R(Random):
    pass
print(R(42).random() == Random(42).random())
