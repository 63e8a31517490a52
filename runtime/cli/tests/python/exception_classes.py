"""What the exception classes make of their arguments; attributes of functions, methods, modules, classes."""
def t(f):
    try: r=f(); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
t(lambda: BaseException(a=1)); t(lambda: ValueError(a=1)); t(lambda: OSError(2,'x',a=1)); t(lambda: ImportError('a',name='b',foo=1)); t(lambda: ImportError('a',b=1)); t(lambda: AttributeError('a',zzz=1)); t(lambda: NameError('a',zz=2));t(lambda: StopIteration(1,a=2)); t(lambda: SystemExit(a=1)); t(lambda:SyntaxError('a',a=1)); t(lambda:UnicodeDecodeError()); t(lambda:UnicodeDecodeError('a',b'b',1,2,'c',d=1)); t(lambda:UnicodeDecodeError('a','b',1,2,'c')); t(lambda:UnicodeEncodeError('a',b'b',1,2,'c')); t(lambda:UnicodeTranslateError('a',1,2)); t(lambda:UnicodeTranslateError('a',1,2,'b')); t(lambda: str(UnicodeDecodeError('utf8',b'\xff\xfe',0,1,'bad'))); t(lambda: str(UnicodeDecodeError('utf8',b'\xff\xfe',0,2,'bad'))); t(lambda: str(UnicodeEncodeError('utf8','\ud800a',0,1,'bad'))); t(lambda: str(UnicodeEncodeError('utf8','\xe9a',0,1,'bad'))); t(lambda: str(UnicodeEncodeError('utf8','\U0001F600a',0,1,'bad')));t(lambda: str(UnicodeEncodeError('utf8','abc',0,2,'bad'))); t(lambda: str(UnicodeTranslateError('abc',0,1,'bad'))); t(lambda: str(UnicodeTranslateError('abc',0,2,'bad')))
t(lambda: OSError(2,'x').__reduce__()); t(lambda: OSError(2,'x','f').__reduce__()); t(lambda: OSError(2,'x','f',None,'g').__reduce__()); t(lambda: str(OSError(2,'x','f',None,'g'))); t(lambda: str(OSError(2,'x','f')));t(lambda: str(OSError(2,'x'))); t(lambda: str(OSError(2))); t(lambda:OSError(2,'x','f').args); t(lambda:OSError(2,'x','f').filename2); t(lambda: OSError('a').errno)
t(lambda: str(SyntaxError('m',('f',1,2,'t')))); t(lambda: str(SyntaxError('m',('/a/f',None,2,'t')))); t(lambda: str(SyntaxError('m',(None,3,2,'t')))); t(lambda: str(SyntaxError())); t(lambda: SyntaxError('a',(1,2,3)));  t(lambda: SyntaxError('a',(1,2,3,4,5))); t(lambda: SyntaxError('a',(1,2,3,4,5,6)).end_offset); t(lambda: SyntaxError('a',1)); t(lambda: SyntaxError('a','abcd').filename); t(lambda: SyntaxError('a',(1,2,3,4)).args)
t(lambda: KeyError('a').__str__()); t(lambda: str(KeyError('a','b'))); t(lambda: str(KeyError()))
t(lambda: ExceptionGroup('a',[])); t(lambda: ExceptionGroup('a',1)); t(lambda: ExceptionGroup(1,[ValueError()])); t(lambda: ExceptionGroup('a',[1])); t(lambda: ExceptionGroup('a',[KeyboardInterrupt()])); t(lambda: BaseExceptionGroup('a',[KeyboardInterrupt()])); t(lambda: BaseExceptionGroup('a',[ValueError()])); t(lambda: str(ExceptionGroup('a',[ValueError()]))); t(lambda: str(ExceptionGroup('a',[ValueError(),TypeError()]))); t(lambda: ExceptionGroup('a')); t(lambda: ExceptionGroup('a',[ValueError(1)]).split(1)); t(lambda: ExceptionGroup('a',[ValueError(1)]).split(ValueError)); t(lambda: ExceptionGroup('a',[ValueError(1)]).subgroup(TypeError)); t(lambda: ExceptionGroup[int])
class X(ExceptionGroup): pass
class Y(BaseExceptionGroup, ValueError): pass
t(lambda: X('a',[KeyboardInterrupt()]))
t(lambda: Y('a',[KeyboardInterrupt()]))
e=ValueError(1)
def s(k,v): setattr(e,k,v)
def d(k): delattr(e,k)
for k,v in [('__cause__',1),('__context__',1),('__traceback__',1),('args',1),('__suppress_context__',1),('__dict__',1)]: t(lambda: s(k,v)); t(lambda: d(k))
t(lambda: e.with_traceback(1)); t(lambda: e.add_note(1)); t(lambda: e.__setstate__(1)); e.__notes__=1; t(lambda: e.add_note('a'))
t(lambda: ValueError(1).__reduce__())
x=ValueError(1); x.a=3; t(lambda: x.__reduce__()); t(lambda: AttributeError('x',name='n',obj=3).__reduce__());t(lambda: AttributeError('x',name='n',obj=3).__getstate__());t(lambda: ImportError('x',name='n').__reduce__());t(lambda: NameError('x',name='n').__reduce__()); t(lambda: ImportError('a','b').msg); t(lambda: str(ImportError('a','b'))); t(lambda: str(ImportError('a')))
t(lambda: SystemExit().code); t(lambda: SystemExit(1).code); t(lambda: SystemExit(1,2).code); t(lambda: StopIteration(1,2).value)
t(lambda: BlockingIOError(11,'x',5).characters_written); t(lambda: BlockingIOError(11,'x').characters_written); t(lambda: OSError(11,'x')); t(lambda: OSError(11,'x').characters_written)
t(lambda: OSError(2,'x',3,4,5,6)); 
class O(OSError):
    def __init__(self,a,b=1): self.q=b
t(lambda: O(1).args); t(lambda: O(1).errno); t(lambda: O(1,2).errno)
class P(OSError):
    def __new__(cls,a,b=1): return super().__new__(cls,a,b)
t(lambda: P(1,2).errno)
t(lambda: UnicodeError('a').encoding)
def f(a:int):
    "doc"
f.z=1
s=staticmethod(f); print(vars(s), s.__wrapped__ is f); c=classmethod(f); print(vars(c))
FunctionType=type(f); MethodType=type(e.add_note); MethodType=type(X.mro)
class MM:
    def m(self): pass
MethodType=type(MM().m); SN=None
t(lambda: FunctionType(1,{})); t(lambda: FunctionType(f.__code__,1)); t(lambda: FunctionType(f.__code__,{},1)); t(lambda: MethodType(1)); t(lambda: MethodType(1,2)); t(lambda: MethodType(f,None))
import sys
ModuleType=type(sys)
t(lambda: ModuleType()); t(lambda: ModuleType(1)); t(lambda: ModuleType('a'))
t(lambda: property(1,2,3,4,5)); t(lambda: super(1)); pass
class A:
  x=property(None)
t(lambda: A().x)
print([].append.__qualname__, len.__qualname__, dict.fromkeys.__qualname__,  object.__new__.__qualname__, object.__new__.__self__, len.__module__, [].append.__module__, list.append.__text_signature__, len.__text_signature__, object.__new__.__text_signature__, str.maketrans.__qualname__)
print(list.append.__objclass__, list.append.__qualname__, int.real.__qualname__, type.__dict__['__dict__'], list.__len__.__text_signature__)
def sf(n,v): setattr(f,n,v)
for n,v in [('__defaults__',1),('__code__',1),('__globals__',1),('__type_params__',1),('__closure__',1),('__name__',1)]: t(lambda: sf(n,v))
def df(n): delattr(f,n)
t(lambda: df('__name__')); t(lambda: df('__dict__'))
def sA(n,v): setattr(A,n,v)
for n in '__name__ __dict__ __mro__ __bases__ __module__ __qualname__ __annotations__ __doc__'.split(): t(lambda: sA(n,1))
def dA(n): delattr(A,n)
for n in '__name__ __dict__ __mro__ __bases__ __module__ __qualname__ __annotations__ __doc__'.split(): t(lambda: dA(n))
try: int.foo=1
except Exception as e: print(e)
try: int.__name__='f'
except Exception as e: print(e)
print(A.__module__, f.__module__, A().__module__, f.__annotations__)

