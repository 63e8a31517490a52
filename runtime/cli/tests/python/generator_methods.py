"""Methods of generators, coroutines and asynchronous generators; code objects; eval and exec."""
def t(f,*a):
    try: r=f(*a); print(repr(r))
    except BaseException as e: print(type(e).__name__, e, e.args)
print(eval("1+2"), eval("x+1", {'x': 3}), eval("x+y", {'x':1}, {'y':2}))
g = {}
exec("a=1\ndef f(): return a\nclass K:\n  z=2\n  def m(self): return __class__", g)
print(g['f'](), sorted(k for k in g), g['K']().m().__name__, g['K'].__module__)
c = compile("x = 5\n'''d'''", "<c>", "exec"); print(c.co_name, c.co_filename, c.co_flags, c.co_firstlineno, c.co_names)
n = {}; exec(c, n); print(n['x'])
t(eval, "1+"); t(eval, 3); t(exec, "1", 3); t(exec, "1", {}, 3); t(eval, "1", 3); t(compile, "1", "f", "foo"); t(compile, "1","f","exec",1<<30); t(eval, "  1")
def f(a, b=1, /, c=2, *args, d, e=5, **kw):
    v = 1
    def h(): return v
    return h
co = f.__code__
print(co.co_argcount, co.co_posonlyargcount, co.co_kwonlyargcount, co.co_nlocals, co.co_varnames, co.co_cellvars, co.co_freevars, co.co_flags, hex(co.co_flags))
print(f(1,d=2).__closure__[0].cell_contents, f(1,d=3).__code__.co_freevars)
print(co == f.__code__, co is f.__code__, hash(co) == hash(f.__code__))
co2 = co.replace(co_name='zz'); print(co2.co_name, co2 == co)
def g():
    yield 1

async def c(): pass
co=c()

w=co.__await__(); t(w.send,1); co.close()
async def ag(): yield 1
a=ag(); s=a.asend(None)
t(g().throw,1); 
x=g(); t(x.send,1)
def s(n,v): setattr(x,n,v)
t(s,'__name__',1); t(s,'__qualname__',1); t(s,'gi_frame',1)
print(x.gi_running, x.gi_code is g.__code__, x.gi_yieldfrom, x.gi_suspended)
next(x); print(x.gi_suspended); list(x); print(x.gi_frame, x.gi_suspended)
t(a.asend(None).send,1)
s=a.asend(None); t(s.send,None); t(s.send,None); t(s.throw,ValueError); t(s.close)
s=a.asend(None); s.close(); t(s.send,None)
s=a.athrow(ValueError); t(s.send,1)
a=ag(); s=a.athrow(ValueError); t(s.send,1); t(s.send, None); t(s.send,None)
a=ag(); s=a.aclose(); t(s.send,None); t(s.send,None)
a=ag(); t(a.asend(1).send,None); t(a.__anext__().send,None); t(a.__anext__().send, None); t(a.__anext__().send, None); t(a.aclose().send,None); t(a.athrow(ValueError).send,None)
async def bad():
    try: yield 1
    finally: yield 2
a=bad(); t(a.__anext__().send,None); t(a.aclose().send,None); t(a.aclose().send,None);t(a.aclose().send,None)
a=bad(); t(a.__anext__().send,None); t(a.athrow(GeneratorExit).send,None)
a=bad(); t(a.__anext__().send,None); t(a.athrow(ValueError).send,None); t(a.__anext__().send,None)
def mk():
    def yi():
        r=yield 7
        print('r',r)
    import types
    yi.__code__ = yi.__code__.replace(co_flags=yi.__code__.co_flags | 0x100)
    return yi
try:
    yi = mk()
except ImportError as e: 
    def yi():
        r=yield 7
        print('r',r)
    yi.__code__ = yi.__code__.replace(co_flags=yi.__code__.co_flags | 0x100)
async def b2():
    await yi()
    yield 1
a=b2(); n1=a.__anext__(); t(n1.send,None); n2=a.__anext__(); t(n2.send,None); t(a.aclose().send,None); t(a.athrow(ValueError).send,None); t(n1.send,3); print(a.ag_running,a.ag_await); 
a=b2(); n1=a.__anext__(); t(n1.throw,ValueError(3)); t(n1.send,None)
a=b2(); n1=a.__anext__(); t(n1.send,None); t(n1.throw,ValueError(3)); 
co=c(); t(co.send,1); t(co.throw,ValueError); t(co.send,None); t(co.throw,ValueError); t(co.close)
t(lambda: co.cr_await); t(lambda: co.cr_origin); t(lambda: co.cr_frame)
