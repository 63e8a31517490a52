# Sets: operations, and the order of iteration that they leave.
def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
s = {3,1,2}; s.add(5); s.discard(1); s.discard(100); print(s, len(s), 3 in s)
print({1,2}|{3}, {1,2}&{2,3}, {1,2}-{2}, {1,2}^{2,3}, {1}<{1,2}, {1,2}<={1,2}, {1}>{1}, {1,2}>={1}, {1}=={1.0})
print(set('hello') == set('olleh'), frozenset([1,2]), frozenset(), set(), set([1])|frozenset([2]), frozenset([1])|{2})
print({1,2}.union([3],(4,)), {1,2,3}.intersection([2,3],[3]), {1,2,3}.difference([1],[2]), {1,2}.symmetric_difference([2,3]), {1}.isdisjoint([2]), {1}.issubset([1,2]), {1,2}.issuperset([1]))
s={1,2,3}; s.update([4],[5]); print(s); s.intersection_update([1,2,9]); print(s); s.difference_update([1]); print(s); s.symmetric_difference_update([2,7]); print(s)
s={1,2,3}; s|={4}; s&={1,4,5}; s^={1,9}; s-={9}; print(s)
for c in [
    lambda: set(1),
    lambda: set(1,2),
    lambda: set(a=1),
    lambda: frozenset(1,2),
    lambda: set().pop(),
    lambda: {1}.remove(5),
    lambda: {1}.add([]),
    lambda: [] in {1},
    lambda: {1}|[1],
    lambda: {1}.union(1),
    lambda: {1}<[1],
    lambda: hash({1}),
    lambda: hash(frozenset([1,2,3])),
    lambda: {frozenset([1])}.__contains__({1}),
    lambda: {1}.remove({1}),
    lambda: {frozenset([1])}.discard({1}),
    lambda: set[int],
    lambda: {1}.__reduce__() ,
    lambda: frozenset([1]).copy(),
    lambda: {1}.__ior__([1]),
    lambda: {1} == [1],
    lambda: {1} != {1},
    lambda: set().__sizeof__(),
    lambda: set(range(100)).__sizeof__(),
    lambda: {1}.__and__([1]),
    lambda: {}.keys() - {1},
]:
    t(c)
# order
def order(*ops):
    s = set()
    for op, v in ops:
        getattr(s, op)(v)
    return list(s)
s=set(); s.add(0); s.add(8); s.discard(0); s.add(16); print(list(s))
def rnd(seed):
    x = seed
    while True:
        x = (x * 1103515245 + 12345) % 2147483648
        yield x
r = rnd(42)
s = set()
acc = 0
for i in range(3000):
    v = next(r) % 500
    if next(r) % 3: s.add(v)
    else: s.discard(v)
    if i % 50 == 0: acc = hash((acc, tuple(s)))
    if i % 97 == 0 and s: acc = hash((acc, s.pop()))
print(acc, len(s))
def rs(n, m): return set([next(r) % m for _ in range(n)])
acc = 0
for i in range(200):
    a, b = rs(next(r) % 60, 100), rs(next(r) % 60, 100)
    for x in (a|b, a&b, a-b, a^b, a.copy(), a.union(list(b)), a.intersection(list(b)), a.difference(list(b)), a.symmetric_difference(list(b)), a.difference(dict.fromkeys(b)), a.union(dict.fromkeys(b)), a.symmetric_difference(dict.fromkeys(b)), frozenset(a)|b, dict.fromkeys(a).keys() & b, dict.fromkeys(a).keys() - b, dict.fromkeys(a).keys() ^ b, dict.fromkeys(a).keys() | b, dict.fromkeys(a).keys() & dict.fromkeys(b).keys()):
        acc = hash((acc, tuple(x)))
    c = set(a); c |= b; acc = hash((acc, tuple(c))); c = set(a); c &= b; acc = hash((acc, tuple(c))); c = set(a); c -= b; acc = hash((acc, tuple(c))); c = set(a); c ^= b; acc = hash((acc, tuple(c)))
    acc = hash((acc, a < b, a <= b, a == b, a.isdisjoint(b)))
print(acc)
s = set(range(100000)); print(len(s), sum(s)); s -= set(range(99990)); print(s)
class S(set): pass
x = S([1,2]); print(type(x|{3}).__name__, x, type(x.copy()).__name__)
class F(frozenset):
    def __new__(cls, a, b): return super().__new__(cls, a)
x = F([1], 2); print(x, x == {1}, type(x & {1}).__name__)
def it():
    s = {1,2}
    for k in s: s.add(k+10)
t(it)
class E:
    def __init__(s, target): s.t = target
    def __hash__(s): return 1
    def __eq__(s, o): s.t.clear(); return False
s = set(); a = E(s); b = E(s); s.add(a); s.add(b); print(len(s))
s = {1, 2}; print(s.intersection_update([2]), s); print({1,2,3}.intersection(), {1}.union(), {1}.difference())
def g():
    global n
    for i in [1,2,1,2,3,4,5]:
        n+=1; yield i
n = 0; {1,2}.intersection(g()); print(n)
