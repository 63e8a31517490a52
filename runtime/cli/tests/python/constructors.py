# Calls of classes with an `__init__` of their own, as they change.
import gc
import sys
import traceback

class P:
    def __init__(self, x, y): self.x = x; self.y = y
class Q(P):
    def __init__(self, x): super().__init__(x, x)
class Bad:
    def __init__(self, v): return v
class Fr:
    def __init__(self): self.f = sys._getframe(1).f_code.co_name; self.g = sys._getframe().f_back.f_lineno
class E:
    def __init__(self, n):
        if n == 37: raise ValueError(n)
        self.n = n
def make(n):
    s = 0
    for i in range(n):
        p = P(i, 2); q = Q(i)
        s += p.x + p.y + q.x
        f = Fr()
    return s, f.f, f.g
def bad(n):
    r = []
    for i in range(n):
        try: Bad(i if i % 7 == 0 else None)
        except TypeError as e: r.append(str(e))
    return r
def err(n):
    for i in range(n):
        try: E(i)
        except ValueError as e:
            tb = e.__traceback__; names = []
            while tb: names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno)); tb = tb.tb_next
            print(names)
    try: E(37)
    except ValueError: print(traceback.format_exc().splitlines()[-1])
print(make(500)); print(bad(30)); err(60)
def init2(self, x, y): self.x = -x; self.y = y
def flight(n):
    out = []
    for i in range(n):
        if i == n // 2: P.__init__ = init2
        out.append(P(i, 1).x)
    return out[n // 2 - 2: n // 2 + 2]
print(flight(200))
class M(type):
    def __call__(cls, *a): return "meta"
class N:
    def __init__(self, a): self.a = a
def use(n):
    r = None
    for i in range(n):
        r = N(i)
    return r
print(use(50).a)
class D:
    def __init__(self): pass
def mk(n):
    for i in range(n): D()
mk(50)
D.__del__ = lambda self: None
mk(2)
gc.collect()
del D.__del__
D.__new__ = lambda cls: 5
def mk2(n):
    for i in range(n): r = D()
    return r
print(mk2(3)); 
class A5:
    def __init__(self, a, b=2, *, c=3): self.t = a, b, c
print([A5(i).t for i in range(3)], A5(1, c=5).t)
def rec(n):
    class R:
        def __init__(self, n): self.k = R(n - 1) if n else None
    return R(n)
x = rec(100); d = 0
while x: x = x.k; d += 1
print(d)
class Inf:
    def __init__(self): Inf()
try: Inf()
except RecursionError as e: print("rec", e)
