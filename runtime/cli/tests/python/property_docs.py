class Sub(property): pass
def g1(s): return 1
def g2(s): "doc 2"; return 2
def g3(s): "doc 3"; return 3
for cls in property, Sub:
    p = cls(g1, None, None, "A"); print(p.__doc__, p.setter(g2).__doc__, p.getter(g3).__doc__)
    p = cls(g2); print(p.__doc__, p.setter(g3).__doc__, p.getter(g3).__doc__, p.getter(None).__doc__)
    p.__doc__ = "user"; print(p.setter(g3).__doc__, p.getter(g3).__doc__, p.getter(g1).__doc__)
    p = cls(g1); p.__doc__ = "user"; print(p.setter(g3).__doc__, p.getter(g3).__doc__)
    p = cls(g2); g2.__doc__ = "late"; print(p.__doc__); g2.__doc__ = "doc 2"
    p = cls(doc="only"); print(p.__doc__, p.fget, p.getter(g2).__doc__)
    try: del p.__doc__; print(p.__doc__)
    except Exception as e: print(type(e), e)
    p = cls(g1); p.__init__(g2); print(p.__doc__)
class Bad:
    @property
    def __doc__(self): 1/0
    def __call__(self, x): return 0
try: print(property(Bad()).__doc__)
except ZeroDivisionError as e: print("raised", e)
class NoDoc:
    @property
    def __doc__(self): raise AttributeError("x")
print(property(NoDoc()).__doc__)
class Slots(property): __slots__ = ()
print(Slots(g1).__doc__)
try: Slots(g2)
except AttributeError as e: print(e)
print(Slots(g2, doc="x").__doc__)
for n in 0, 1, 3:
    try: property().__set_name__(*[0] * n)
    except TypeError as e: print(e)
try: property().__set_name__(owner=1, name=2)
except TypeError as e: print(e)
def outer():
    class In:
        a = property()
        b = property(g1)
    i = In()
    for f in (lambda: i.a, lambda: setattr(i, "b", 1), lambda: delattr(i, "b"), lambda: property().__get__(i), lambda: property().__set__(i, 1), lambda: property().__delete__(i)):
        try: f()
        except AttributeError as e: print(e)
    def k(self): 0
    p = property(k); p.__set_name__(In, None)
    try: p.__set__(i, 1)
    except AttributeError as e: print(e)
    p.__set_name__(In, 5)
    try: p.__set__(i, 1)
    except AttributeError as e: print(e)
    p = In.b.setter(g2)
    try: del i.b
    except AttributeError as e: print(e)
    try: p.__delete__(i)
    except AttributeError as e: print(e)
outer()
p = property.__new__(property); print(p.__doc__, p.fget, p.__isabstractmethod__)
try: p.__get__(1)
except AttributeError as e: print(e)
