"""Classes: their making, attributes, inheritance, special methods."""
import sys
def t(f,*a,**k):
    try: r=f(*a,**k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
# slots
class S:
    __slots__ = ['a','b','__dict__']
s=S(); s.a=1; s.c=3; print(s.__dict__, s.a); t(lambda: s.b); del s.a; t(lambda: s.a)
class S2(S): __slots__=('d',)
s=S2(); s.d=4; s.a=1; s.b=2; s.zz=5; print(s.a,s.b,s.d,s.__dict__)
class S3:
    __slots__='x'
t(lambda: setattr(S3(),'y',1)); t(lambda: S3().__dict__)
def mk(**k): return type('Z',k.pop('b',()),k)
t(mk,__slots__=('a','a b')); t(mk,__slots__=(1,)); t(mk,__slots__=('__dict__','__dict__')); t(mk,__slots__=('a',),a=1); t(mk,b=(int,),__slots__=('a',)); t(mk,b=(tuple,),__slots__=('a',)); t(mk,__slots__=('__weakref__','__weakref__'))
class I(int):
    def __add__(self,o): return I(int.__add__(self,o))
i=I(3); i.q=1; print(i+4, type(i+4), i.q, i.__dict__, I.__mro__)
class L(list):
    __slots__=('z',)
l=L([1,2]); l.z=3; print(l, l.z); t(lambda: setattr(l,'w',1))
class DD(dict):
    def __missing__(self,k): return k*2
d=DD(a=1); d.x=4; print(d['b'], d, d.x)
class FL(float): pass
f=FL(1.5); f.a=1; print(f, f.a, f+1)
class ST(str):
    def __new__(cls, v, extra): 
        o=super().__new__(cls, v); o.extra=extra; return o
st=ST("abc", 5); print(st, st.extra, st.upper(), len(st), {st:1}['abc'])
# class assignment
class P: pass
class Q: pass
p=P(); p.x=1; p.__class__=Q; print(type(p), p.x)
t(lambda: setattr(p,'__class__',int)); t(lambda: setattr(p,'__class__',S3)); t(lambda: setattr(1,'__class__',int)); t(lambda: setattr(p,'__class__',3))
# bases
class A: 
    def f(self): return 'A'
class B: 
    def f(self): return 'B'
class C(A): pass
c=C(); print(c.f()); C.__bases__=(B,); print(c.f(), C.__mro__, A.__subclasses__(), B.__subclasses__())
t(lambda: setattr(C,'__bases__',())); t(lambda: setattr(C,'__bases__',(C,))); t(lambda: setattr(C,'__bases__',3)); t(lambda: setattr(C,'__bases__',(3,)))
# mro
class M1(type):
    def mro(cls): return [cls, object] if cls.__name__=='X' else super().mro()
class X(A, metaclass=M1): pass
print(X.__mro__, X.mro()); t(lambda: X().f())
t(lambda: type('n',(A,object,B),{})); t(lambda: type('n',(object,A),{})); t(lambda: type('n',(A,A),{}))
class MA(type): pass
class MB(type): pass
class XA(metaclass=MA): pass
class XB(metaclass=MB): pass
t(lambda: type('n',(XA,XB),{})); t(lambda: type(1,2,3)); t(lambda: type('a',2,3)); t(lambda: type('a',(),3)); t(lambda: type('a',(3,),{})); t(lambda: type()); t(lambda: type('a',())); t(lambda: type('a\0',(),{}))
# descriptors
class Desc:
    def __get__(self,o,c): return ('get',o is None,c.__name__)
    def __set__(self,o,v): print('set',v)
    def __delete__(self,o): print('del')
class HD: d=Desc()
h=HD(); print(h.d, HD.d); h.d=1; del h.d; h.__dict__['d']=9; print(h.d)
class Prop:
    def __init__(self): self._x=1
    @property
    def x(self): "doc x"; return self._x
    @x.setter
    def x(self,v): self._x=v
    @x.deleter
    def x(self): del self._x
    y=property(doc='hi')
pr=Prop(); pr.x=5; print(pr.x, Prop.x.__doc__, Prop.y.__doc__, Prop.x.fget.__name__); del pr.x; t(lambda: pr.x); t(lambda: pr.y); t(lambda: setattr(pr,'y',1)); t(lambda: delattr(pr,'y'))
class GA:
    def __getattr__(self,n): 
        if n.startswith('z'): return n
        raise AttributeError(n)
    def __setattr__(self,n,v): print('sa',n,v); object.__setattr__(self,n,v)
    def __delattr__(self,n): print('da',n); object.__delattr__(self,n)
g=GA(); print(g.zoo); t(lambda: g.foo); g.a=1; print(g.a); del g.a; t(lambda: delattr(g,'nope'))
class GB:
    def __getattribute__(self,n): return 'gb'+n
print(GB().hello, getattr(GB(),'x',1))
# super
class Ba:
    @classmethod
    def cm(cls): return cls.__name__
    @staticmethod
    def sm(): return 'sm'
    def m(self): return 'Ba.m'
    x=3
class De(Ba):
    @classmethod
    def cm(cls): return 'De'+super().cm()
    @staticmethod
    def sm(): return super(De,De).sm()
    def m(self):
        s=super()
        return s.m()+repr(s.__thisclass__)+repr(s.__self_class__)
    def n(self): return [super(De,self).x for i in range(1)], super().__repr__()[:10]
print(De.cm(), De.sm(), De().m(), De().n()); t(lambda: super(De).m); t(lambda: super()); t(lambda: De.__init_subclass__(a=1)); print(super(De,De()))
class Bad:
    def f(self): return super().nope
t(Bad().f)
# init_subclass, set_name error
class SN:
    def __set_name__(self,o,n): raise ValueError('x')
try:
    class HSN: a=SN()
except ValueError as e: print(e, e.__notes__)
class IS:
    def __init_subclass__(cls, /, k, **kw): super().__init_subclass__(**kw); cls.k=k
class IS2(IS, k=4): pass
print(IS2.k); t(lambda: type('i',(IS,),{})); t(lambda: type('i',(IS,),{},k=1,z=2))
# eq/hash
class EQ:
    def __eq__(self,o): return True
t(lambda: hash(EQ())); print(EQ()==1, EQ()!=1, EQ.__hash__)
class LT:
    def __lt__(self,o): return 'lt'
print(LT()<1, 1>LT()); t(lambda: LT()>1); t(lambda: LT()<=1); t(lambda: object()<object())
# call, new, init
class N:
    def __new__(cls,*a,**k): print('new',a,k); return object.__new__(cls)
    def __init__(self,*a,**k): print('init',a,k)
N(1,b=2)
class N2:
    def __init__(self): return 1
t(N2); t(object,1); t(N2,3)
class N3: pass
t(N3,1); t(N3,a=1); t(object.__new__,1); t(object.__new__,int); t(int.__new__,str); t(object.__init__,1,2); t(N3.__new__,N3,1)
class N4:
    def __call__(self,*a): return a
print(N4()(1,2)); t(N3())
# format, repr, str
class R:
    def __repr__(self): return 'R!'
print(R(), str(R()), f"{R()}", [R()], format(R())); t(lambda: format(R(),'x')); t(lambda: f"{R():>3}")
class R2:
    def __str__(self): return 1
    def __repr__(self): return 2
t(lambda: str(R2())); t(lambda: repr(R2()))
# isinstance
class Meta(type):
    def __instancecheck__(c,o): return o==3
    def __subclasscheck__(c,o): return o is int
class MI(metaclass=Meta): pass
print(isinstance(3,MI), isinstance(4,MI), issubclass(int,MI), issubclass(str,MI), isinstance(3,(str,(int,)))); t(lambda: isinstance(3,3)); t(lambda: issubclass(3,int)); t(lambda: issubclass(int,3)); t(lambda: isinstance(1, list[int])); t(lambda: isinstance([], int | list[int])); print(isinstance(1,int|str), issubclass(bool,int|str))
class Fake:
    __class__=property(lambda s: int)
print(isinstance(Fake(),int), Fake().__class__)
# reduce
class Rd:
    def __init__(self): self.a=1
print(Rd().__reduce_ex__(2)[1:], Rd().__reduce_ex__(4)[2], object().__reduce_ex__(2)[1]); 
class Rs: 
    __slots__=('a','b')
r=Rs(); r.a=1; print(r.__reduce_ex__(2)[2], r.__getstate__()); t(lambda: r.__reduce_ex__(1)[0].__name__); t(lambda: ((i for i in [])).__reduce_ex__(2)); t(lambda: (lambda:1).__reduce_ex__(2))
# generic alias
print(list[int].__origin__, list[int].__args__, dict[str,int], list[int]==list[int], hash(list[int])==hash(list[int]), list[int](), tuple[int,...], list[list[int]], list[int].append); 
class GG:
    def __class_getitem__(cls,k): return (cls.__name__,k)
print(GG[3]); t(lambda: N3[1]); t(lambda: list[int][str]); print(int|None, None|int, int|int, (int|str)==(str|int), (int|str).__args__, int|list[int]|None); t(lambda: int|3); t(lambda: 3|int)
class LS(list[int]): pass
print(LS.__mro__, LS.__orig_bases__, *tuple[int,str])
# annotations, doc, dir
class An:
    "docs"
    a:int=1
    b:str
print(An.__annotations__, An.__doc__, [x for x in dir(An) if not x.startswith('__')]); t(lambda: int.__annotations__); print(N3.__annotations__, N3.__doc__, An.__dict__['a'])
print(sorted(dir(object)) == sorted(set(dir(object))), [x for x in dir(N3()) if x not in dir(object)])
print(vars(N3()), t(lambda: vars(3)), N3.__dict__.keys(), type(N3.__dict__)); t(lambda: N3.__dict__.__setitem__('a',1))
print(An.__qualname__, An.__name__); An.__name__='Foo'; print(An, An.__name__); An.__qualname__='x.y'; print(An)
# del
class Del:
    a=1
del Del.a; t(lambda: Del.a)
def dd(): del Del.a
t(dd)
# closures in class
def outer():
    v=10
    class In:
        w=v
        def g(self): return v, __class__
    return In
print(outer()().g(), outer().w)
class Tw:
    x=1
    y=[_ for _ in range(x)]
    def f(self): return Tw.y
print(Tw().f())
# abstract
class Ab: pass
Ab.__abstractmethods__=frozenset(['a','b']); t(Ab); Ab.__abstractmethods__=frozenset(); print(type(Ab()) is Ab); t(lambda: N3.__abstractmethods__); t(lambda: type.__abstractmethods__)
# metaclass conflict / prepare
t(lambda: __build_class__(1)); t(lambda: __build_class__(1,2)); t(lambda: __build_class__(lambda:0,2))
def notmap(name,bases,**k): return 1
class PM(type):
    __prepare__=classmethod(lambda *a: 5)
try:
    class PP(metaclass=PM): pass
except TypeError as e: print(e)
class Func(metaclass=lambda n,b,d: (n,b,sorted(d))): z=1
print(Func)
class Ns(dict):
    def __setitem__(self,k,v): super().__setitem__(k,v); print('ns',k) if not k.startswith('__') else None
class PM2(type):
    @classmethod
    def __prepare__(m,n,b): return Ns()
class NN(metaclass=PM2):
    q=1
    def w(self): pass
print(NN.q)
class Mro:
    def __mro_entries__(self,bases): return (A,B)
class MM(Mro()): pass
print(MM.__mro__, type(MM.__orig_bases__[0]).__name__); t(lambda: type('n',(Mro(),),{}))
