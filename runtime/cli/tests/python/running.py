"""Exceptions on their way, generators, coroutines, eval and exec, functions' attributes."""
import sys
def t(f,*a,**k):
    try: r=f(*a,**k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
class P: pass
print((lambda: 1).__module__, t(lambda: (1).__module__), int.__module__, ValueError.__module__, type(sys).__module__)
# exceptions traceback
def fa(): raise ValueError(1)
def fb():
    try: fa()
    except ValueError as e: raise KeyError(2) from e
try: fb()
except KeyError as e:
    tb=e.__traceback__; l=[]
    while tb: l.append((tb.tb_lineno, tb.tb_frame.f_code.co_name)); tb=tb.tb_next
    print(l, e.__cause__, e.__context__, e.__suppress_context__)
try: raise
except RuntimeError as e: print(e)
try: raise 3
except TypeError as e: print(e)
try: raise ValueError from 3
except TypeError as e: print(e)
class E1(Exception):
    def __init__(self, a): self.a=a
try: raise E1
except TypeError as e: print(e)
e=E1(3); print(e.args, str(e), repr(e), e.a)
try:
    try: 1/0
    except ZeroDivisionError as z: raise ValueError
except ValueError as v: print(repr(v.__context__), v.__cause__)
eg=ExceptionGroup('a',[ValueError(1),ExceptionGroup('b',[TypeError(2),ValueError(3)]),KeyError(4)])
m,r=eg.split(ValueError); print(repr(m),repr(r)); print(repr(eg.subgroup(lambda e: isinstance(e,(KeyError,TypeError)))))
try: raise eg
except* (ValueError, TypeError) as g: print(repr(g))
except* KeyError as g: print(repr(g))
def gg():
    try:
        x = yield 1
        print('x', x)
    except ValueError as e:
        print('caught', e); yield 99
    finally: print('fin')
    return 7
g=gg(); next(g); print(g.throw(ValueError('q'))); t(next,g); t(next,g)
g=gg(); next(g); t(g.send,5)
g=gg(); next(g); g.close(); t(g.send,None)
def g2():
    r = yield from gg()
    print('r', r)
    yield r
g=g2(); print(next(g), g.gi_yieldfrom.__name__); print(g.send(3)); 
def g3():
    try: yield 1
    except GeneratorExit: yield 2
g=g3(); next(g); t(g.close)
def g4():
    raise StopIteration(1)
    yield
t(lambda: list(g4()))
def g5(): yield g6.__next__()
g6=g5(); t(next,g6)
async def co():
    return 5
c=co()
try: c.send(None)
except StopIteration as e: print(e.value)
class Aw:
    def __await__(self): 
        x = yield 'aw'
        return x
async def co2():
    return (await Aw(), await co())
c=co2(); print(c.send(None)); t(c.send, 'res')
class CM:
    async def __aenter__(self): return 1
    async def __aexit__(self,*a): print('aexit',a[0]); return True
async def co3():
    async with CM() as q: print(q); raise ValueError
    async for v in agen(): print('v',v)
    return [x async for x in agen()]
async def agen():
    yield 1
    await co()
    yield 2
t(co3().send,None)
def lo(a):
    b=2
    def i(): return a
    return sorted(locals())
print(lo(1))
print(eval('a+b',{'a':1},{'b':2}), [eval('z',{'z':k}) for k in range(3)])
class LocMap:
    def __getitem__(self,k): 
        if k=='foo': return 'bar'
        raise KeyError(k)
t(lambda: eval('foo',{},LocMap()))
def ex():
    x=5
    exec('y=x+1'); 
    return eval('x')
print(ex())
exec(compile('class Z:\n  a=1\nprint(Z.a, __name__)','f','exec'))
t(lambda: exec('1+'))
try: compile('a b','file.py','exec')
except SyntaxError as e: print(e, e.lineno, e.offset, e.text, e.filename, e.msg, e.end_lineno, e.end_offset)
print(callable(3), callable(int), callable(lambda:0)); t(lambda: getattr(1,2)); t(lambda: hasattr(1,2)); t(lambda: setattr(1,'a',2)); t(lambda: delattr(1,'a')); t(lambda: getattr(1,'abc')); t(lambda: setattr(1,'real',2)); t(lambda: setattr(object(),'x',2)); t(lambda: int.real.__get__(5)); t(lambda: int.real.__set__(5,6)); t(lambda: str.upper(1)); t(lambda: str.__len__(1)); t(lambda: str.upper())
f=lambda a,b=1:0
f.__defaults__=(5,6); print(f()); f.__kwdefaults__={'q':1}; print(f.__kwdefaults__); f.__name__='zz'; print(f.__name__, f.__qualname__); f.x=1; print(f.__dict__); del f.__defaults__; t(f)
def kw(a,/,b,*,c): pass
t(kw); t(kw,1); t(kw,1,2); t(kw,1,2,3); t(lambda: kw(1,2,c=3,d=4)); t(lambda: kw(a=1,b=2,c=3)); t(lambda: kw(1,2,b=3,c=4))
ns=type(sys.implementation)(a=1,b='x') if hasattr(sys,'implementation') else None
print(ns, ns==type(ns)(a=1,b='x'), ns.a)
cell=(lambda: ns).__closure__
def clo():
    v=1
    return lambda: v
k=clo().__closure__[0]; print(k.cell_contents, type(k).__name__); k.cell_contents=5; print(k==type(k)(5), k<type(k)(6), type(k)()<k)
bm=P().__init__; print(bm == bm, [].append==[].append)
class MMM:
    def m(self): 'doc'; return 1
m=MMM(); print(m.m==m.m, hash(m.m)==hash(m.m), m.m.__func__ is MMM.m, m.m.__self__ is m, m.m.__doc__, m.m.__name__, m.m.__qualname__, m.m.__module__); t(lambda: setattr(m.m,'x',1))
MMM.m.attr=5; print(m.m.attr)

