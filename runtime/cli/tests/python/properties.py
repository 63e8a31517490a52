# What answers for a property: its getter, entered or called, and `__getattr__` for its AttributeErrors.
class A:
    @property
    def x(self): raise AttributeError('inner')
    def __getattr__(self, n): return 'fallback ' + n
class D:
    def __get__(self, i, o): raise AttributeError('d')
class B:
    y = D()
    def __getattr__(self, n): return 'fb ' + n
def get(o): return o.x
print(A().x, B().y, hasattr(B(), 'y'), getattr(A(), 'x', 3))
for i in range(4): print(get(A()))
class P:
    @property
    def x(self): return self._x
p = P(); p._x = 4
for i in range(4): print(get(p))
class Q(P):
    @property
    def x(self, extra=5): return extra
for i in range(4): print(get(Q()))
class G:
    @property
    def x(self): yield 1
print(list(get(G())))
