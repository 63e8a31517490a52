# What code finds as builtins, and where code of modules runs as a function; types of single objects; names of classes.
import types, warnings
print(type(None)() is None, type(...)() is ..., type(NotImplemented)() is NotImplemented)
for c in (type(None),):
    for a in ((1,), ):
        try: c(*a)
        except TypeError as e: print(e)
    try: c(a=1)
    except TypeError as e: print(e)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    if NotImplemented: pass
    bool(NotImplemented)
    print([str(x.message) for x in w])
code = compile("print('Hello World!')", "", "exec")
for b in ({}, 123):
    try: exec(code, {'__builtins__': b})
    except Exception as e: print(type(e), e)
class D(dict):
    def __getitem__(self, k): raise KeyError(k) if k != 'zz' else ValueError(k)
try: exec('zz', {'__builtins__': D(zz=1)})
except Exception as e: print(type(e), e)
try: exec(compile('zz','','exec'), D(zz=1))
except Exception as e: print(type(e), e)
try: exec('class A: pass', {'__builtins__': {}})
except Exception as e: print(type(e), e)
g={'__builtins__': {'x': 1}}
exec('def f(): return x\ndef g():\n yield x\ny=[x for i in (1,)]', g); print(g['f'](), list(g['g']()), g['y'])
def h(): return len('abc')
h.__code__ = compile('q = len("abcd")', 'f', 'exec')
h(); print(q)
try: type('a\udc00', (), {})
except UnicodeEncodeError as e: print(e)
try: type('a', (), {'__doc__':'a\udc00'})
except UnicodeEncodeError as e: print(e)
class A: pass
A.__type_params__ = 'w'; print(A.__type_params__, type.__type_params__)
import codecs
try: codecs.encode('a','hex')
except Exception as e: print(e, e.__notes__)
import ast, asyncio
async def arange(n):
    for i in range(n): yield i
for source in ('a = await asyncio.sleep(0, 1)', 'async for i in arange(2): a = i', 'a = [x async for x in arange(2)][1]',
               'async with asyncio.Lock() as l: a = 1'):
    co = compile(source, '?', 'exec', flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    g = {'asyncio': asyncio, 'a': 0, 'arange': arange}
    asyncio.run(types.FunctionType(co, g)())
    print(g['a'], end=' ')
    g['a'] = 0
    asyncio.run(eval(co, g))
    print(g['a'])
