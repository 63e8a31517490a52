# Programs that change what is being worked on, and odd values for hooks: an answer or an exception, never a crash.
import sys
def t(f):
    try: r=f(); print(f.__name__,'ok',repr(r)[:80])
    except BaseException as e: print(f.__name__,type(e).__name__,str(e)[:90])
def sortmut():
    x=[3,2,1]
    class A:
        def __init__(s,v): s.v=v
        def __lt__(s,o): x.append(1); return s.v<o.v
    x=[A(3),A(2),A(1)]; x.sort()
def sortclear():
    x=[]
    class A:
        def __lt__(s,o): x.clear(); return True
    x+= [A() for i in range(20)]; x.sort()
def sortkey():
    x=[3,2,1]
    x.sort(key=lambda v: x.append(v))
def listiter():
    x=[1,2,3]; o=[]
    for i in x:
        o.append(i)
        if len(o)<10: x.append(i)
    return o
def dictiter():
    d={1:1}
    for i in d: d[i+1]=1
def dictitems():
    d={1:1}
    for i in d.items(): del d[1]
    return d
def setiter():
    s={1}
    for i in s: s.add(i+1)
def dictcmp():
    d1={};d2={}
    class V:
        def __eq__(s,o): d1.clear(); d2.clear(); return True
    d1.update({i:V() for i in range(10)}); d2.update({i:V() for i in range(10)})
    return d1==d2
def listcmp():
    a=[];b=[]
    class V:
        def __eq__(s,o): a.clear(); b.clear(); return True
    a+=[V() for i in range(10)]; b+=[V() for i in range(10)]
    return a==b, a, b
def listidx():
    a=[]
    class V:
        def __eq__(s,o): a.clear(); return False
    a+=[V() for i in range(10)]
    return a.index(1)
def listcount():
    a=[]
    class V:
        def __eq__(s,o): a.clear(); return False
    a+=[V() for i in range(10)]
    return a.count(1)
def listrm():
    a=[]
    class V:
        def __eq__(s,o): a.clear(); return True
    a+=[V() for i in range(10)]
    a.remove(1); return a
def idxshrink():
    a=list(range(100))
    class I:
        def __index__(s): a.clear(); return 50
    return a[I():], 
def idxshrink2():
    a=list(range(100))
    class I:
        def __index__(s): a.clear(); return 50
    return a[I()]
def idxset():
    a=list(range(100))
    class I:
        def __index__(s): a.clear(); return 50
    a[I()]=1
def idxdel():
    a=list(range(100))
    class I:
        def __index__(s): a.clear(); return 50
    del a[I():I()]; return a
def idxsetslice():
    a=list(range(100))
    class I:
        def __index__(s): a.clear(); return 50
    a[I():90]=[1,2]; return a
def idxsetext():
    a=list(range(100))
    class I:
        def __index__(s): a.clear(); return 2
    a[::I()]=range(50); return a
def setself():
    a=list(range(5)); a[1:3]=a; return a
def extendself():
    a=[1,2]; a.extend(a); a+=a; return a
def extmut():
    a=[1]
    def g():
        for i in range(5): a.clear(); yield i
    a.extend(g()); return a
def baidx():
    a=bytearray(100)
    class I:
        def __index__(s): a.clear(); return 5
    a[50]=I(); return a
def baidx2():
    a=bytearray(100)
    class I:
        def __index__(s): a.clear(); return 50
    a[I():]=b'ab'; return a
def mul():
    a=[1]*10
    class I:
        def __index__(s): a.clear(); return 5
    return a*I()
def hashchange():
    class K:
        h=0
        def __hash__(s): K.h+=1; return K.h
        def __eq__(s,o): return s is o
    d={}; k=K()
    for i in range(100): d[k]=i
    return len(d), k in d
def setops():
    s=set()
    class K:
        def __hash__(s_): return 1
        def __eq__(s_,o): s.clear(); return False
    for i in range(5): s.add(K())
    u=s|{K()}; s.add(K()); v=s&{K(),K()}; s-={K()}; return len(s)<10
def setupd():
    s={1,2,3}
    class I:
        def __iter__(self):
            for i in range(5): s.clear(); yield i
    s.update(I()); s.intersection_update(I()); s.difference_update(I()); s.symmetric_difference_update(I()); return s
def badmro():
    class M(type):
        def mro(c): return 5
    class A(metaclass=M): pass
def badmro2():
    class M(type):
        def mro(c): return [1,2]
    class A(metaclass=M): pass
def badmro4():
    class M(type):
        def mro(c): return [int,object]
    class A(metaclass=M): pass
    return A()
def badmro5():
    class M(type):
        def mro(c): return [c,int,object]
    class A(metaclass=M): pass
    return A()+1
def type1(): return type()
def type2(): return type(1,2)
def type3(): return type('a',1,{})
def type4(): return type('a',(1,),{})
def type5(): return type('a',(),1)
def type6(): return type('a\0b',(),{})
def type7(): return type('a',(bool,),{})
def type8(): return type('a',(int,str),{})
def type9(): return type('a',(),{'__slots__':5})
def type10(): return type('a',(),{'__slots__':['1a']})
def type11(): return type('a',(int,),{'__slots__':['a']})
def type12(): return type('a',(),{'__slots__':['a'],'a':1})
def type13(): return type('a',(object,object),{})
def type14(): return type.__new__(int,'a',(),{})
def type15(): return type.__call__(5)
def type17(): return type('a',(),{1:2}).__dict__.get(1)
def type18(): return type('a',(tuple,),{'__slots__':['a']})
def type19(): return type('a',(type(lambda:1),),{})
def type20(): return object.__new__(int)
def type21(): return int.__new__(object)
def type22(): return object.__new__(type)
def clsassign2():
    class A: pass
    x=A(); x.a=1; x.__class__=int
def clsassign3():
    class A: pass
    class B:
        def f(s): return s.a
    x=A(); x.a=1; x.__class__=B; return x.f()
def clsassign4():
    (1).__class__=bool
def clsassign5():
    class A(int): pass
    class B(int): pass
    x=A(5); x.__class__=B; return x+1,type(x).__name__
def clsassign6():
    class A(int): pass
    class B(str): pass
    x=A(5); x.__class__=B
def basesassign():
    class A: pass
    class B: x=1
    class C(A): pass
    c=C(); C.__bases__=(B,); return c.x
def basesassign2():
    class A: pass
    class C(A): pass
    A.__bases__=(C,)
def basesassign3():
    class C: pass
    C.__bases__=()
def basesassign5():
    int.__bases__=(str,)
def descdel():
    class D:
        def __get__(s,o,c): del c.x; return 1
    class A: x=D()
    return A().x, hasattr(A(),'x')
def dictdel():
    class A:
        def f(s): del A.f; return 1
    a=A(); r=[]
    for i in range(3):
        try: r.append(a.f())
        except AttributeError: r.append('x')
    return r
def genre():
    def g(): next(it); yield 1
    it=g(); next(it)
def gensend():
    def g(): yield 1
    g().send(1)
def genthrow():
    def g():
        try: yield 1
        except ValueError: yield 2
    i=g(); next(i); return i.throw(ValueError), list(i)
def genthrow2():
    def g(): yield 1
    i=g(); i.throw(5)
def genthrow4():
    def g():
        try: yield 1
        finally: yield 2
    i=g(); next(i); i.close()
def genthrow5():
    def g():
        try: yield 1
        finally: i.close()
    i=g(); next(i); i.close()
def genthrow6():
    def g():
        yield from i
    i=g(); next(i)
def genthrow7():
    def g():
        i.throw(ValueError); yield
    i=g(); next(i)
def genstop():
    def g(): raise StopIteration(1); yield
    next(g())
def egs():
    src='x=0\n'; ind=''
    def build(n,ind):
        if n==0: return ind+'raise ExceptionGroup("a",[ValueError(1),TypeError(2)])\n'
        return ind+'try:\n'+build(n-1,ind+' ')+ind+'except* ValueError: pass\n'
    exec(build(19,''))
def strjoin():
    l=['a','b']
    class I:
        def __iter__(s): l.clear(); return iter(['x'])
    return ''.join(I())
def zipmut():
    l=[1,2,3]
    def g():
        while l: yield l.pop()
    return list(zip(l,g()))
def mapmut():
    l=[1,2,3]
    return list(map(lambda x: l.pop(), l))
def reentrant():
    class I:
        def __iter__(s): return s
        def __next__(s): return next(z)
    z=zip(I(),I()); return next(z)
def enumre():
    class I:
        def __iter__(s): return s
        def __next__(s): return next(z)
    z=enumerate(I()); return next(z)
def fmtmut():
    d={}
    class V:
        def __format__(s,f): d.clear(); return 'x'
    d.update(a=V(),b=V()); return '{a}{b}'.format_map(d)
def reprmut():
    l=[]
    class V:
        def __repr__(s): l.clear(); return 'V'
    l+=[V(),V(),V()]; return repr(l)
def reprmutd():
    l={}
    class V:
        def __repr__(s): l.clear(); return 'V'
    l.update({1:V(),2:V()}); return repr(l)
def reprmuts():
    l=set()
    class V:
        def __repr__(s): l.clear(); return 'V'
    l|={V(),V()}; return repr(l)
def selfrepr():
    l=[];l.append(l);d={};d[1]=d;return repr(l),repr(d)
def callmut():
    l=[1,2,3]
    def f(*a): l.clear(); return a
    return f(*l), f(**{})
def kwbad():
    def f(**k): return k
    return f(**{1:2})
def unhash(): return {[]:1}
def poprev():
    d={i:i for i in range(10)}
    r=reversed(d); next(r); d.popitem(); return list(r)
def bytesit():
    b=bytearray(b'abc'); i=iter(b); next(i); b.clear(); return list(i)
def memrel2():
    b=bytearray(b'abc'); m=memoryview(b); m.release(); m[0]
def intsub():
    class I(int):
        def __index__(s): return 'x'
        def __int__(s): return 'x'
    return int(I(5)), [1,2][I(1)]
def idxbad():
    class I:
        def __index__(s): return 1.5
    return [1][I()]
def lenbad():
    class I:
        def __len__(s): return -1
    return len(I())
def lenbig():
    class I:
        def __len__(s): return 10**30
    return len(I())
def hashbad():
    class I:
        def __hash__(s): return 'x'
    return hash(I())
def hashbig():
    class I:
        def __hash__(s): return 10**30
    return hash(I())
def boolbad():
    class I:
        def __bool__(s): return 5
    return bool(I())
def strbad():
    class I:
        def __str__(s): return 5
        def __repr__(s): return 6
    return str(I())
def iterbad():
    class I:
        def __iter__(s): return 5
    return iter(I())
def newbad():
    class I:
        def __new__(c): return 5
        def __init__(s): 1/0
    return I()
def initbad():
    class I:
        def __init__(s): return 5
    return I()
def slicebad(): return [1,2,3][slice('a')]
def slice0(): return [1,2,3][::0]
def slicehuge(): return [1,2,3][-10**30:10**30:10**30], 'abc'[10**30:], range(10**30)[10**29:10**30:10**28]
def rng(): r=range(10**30); return r[-1], 10**29 in r, r.index(10**29), r.count(5), bool(r), r==range(10**30), hash(r)==hash(range(10**30)), r[10**29]
def rnglen(): return len(range(10**30))
def rngrev(): return next(reversed(range(10**30)))
def shl(): return 1<<10**30
def shr(): return 1>>10**30, -1>>10**30
def bigmul(): return 'x'*10**30
def bigmul2(): return [1]*10**30
def bigb(): return bytes(10**30)
def bigba(): return bytearray(-1)
def negs(): return bytes(-1)
def chrb(): return chr(-1)
def chrbig(): return chr(10**30)
def tob(): return (1).to_bytes(10**30,'big')
def tob2(): return (1).to_bytes(-1,'big')
def zf(): return '1'.zfill(10**30)
def ctr(): return 'a'.center(10**30)
def exptabs(): return '\t'.expandtabs(10**30)
def exptabs2(): return '\t\t'.expandtabs(2**31-1) if 0 else 1
def strmult(): return 'a'*-5
def pw(): return pow(2,-1,0)
def pw2(): return pow(0,-1)
def divm(): return divmod(10**30,0)
def flt(): return float(10**400)
def flt2(): return int(float('inf'))
def flt3(): return 10**400/3
def cplx(): return complex('1'*10000)
def deli():
    x=[1]; i=iter(x); x.__class__=5
def sysexit(): raise SystemExit(5)
def nonexc(): raise 5
def nonexc2(): raise type
def excc(): raise ValueError from 5
def badexc():
    try: 1/0
    except 5: pass
def badexc2():
    class E(Exception):
        def __new__(c): return 5
    raise E
def badexc3():
    class E(Exception):
        def __init__(s): 1/0
    raise E
def unpack(): a,b=1
def unpack2(): a,b=range(10**30)
def unpack3(): a,*b,c=[1]
def superb(): return super().x
def superb2(): return super(int,'a')
def superb3():
    class A:
        def f(s): del s; return super()
    return A().f()
def superb4():
    class A:
        def f(s): s=5; return super()
    return A().f()
def superb5():
    class A:
        def f(*a): return super()
    return A().f(), A.f()
for n,f in list(globals().items()):
    if type(f) is type(t) and n!='t': t(f)
