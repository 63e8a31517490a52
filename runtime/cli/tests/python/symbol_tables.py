# What the compiler knows of names: `_symtable` and the module over it.
import _symtable
import symtable

SOURCE = """
import a.b as c, d
x: int = 1
def f(a, /, b, *c, k=x, **d):
    global x, y
    z: int
    def g():
        nonlocal a
        a = 1
        return [i + b for i in (lambda: a)()], {j: k for j, k in d}
    class Inner:
        attribute = a
        def method(self): return __class__, super()
    try: pass
    except Exception as e: del e
    if (n := 3): return (q for q in c)
class C[T: int, *Ts, **P](dict[T]):
    __private = 1
    def m[U](self) -> T: return self.__private
type Alias[V] = list[V]
async def coroutine():
    async for i in await g(): yield i
match x:
    case [1, *rest] | {'k': rest}: pass
"""


def show(entry, depth=0):
    print(' ' * depth, entry.name, entry.type, entry.lineno, entry.nested, entry.varnames)
    for name, flags in sorted(entry.symbols.items()):
        print(' ' * depth, '  ', name, flags & 0xFFF, flags >> 12)
    for child in entry.children:
        show(child, depth + 2)


top = _symtable.symtable(SOURCE, '<s>', 'exec')
show(top)
print(type(top), repr(top).split('(')[0], type(top.id))
print(sorted(n for n in vars(_symtable) if not n.startswith('__')))
for attribute in 'id', 'name', 'symbols', 'varnames', 'children', 'nested', 'type', 'lineno':
    try:
        setattr(top, attribute, 1)
    except AttributeError as e:
        print(attribute, e)
try:
    type(top)()
except TypeError as e:
    print(e)


def described(table, depth=0):
    print(' ' * depth, table.get_type(), table.get_name(), table.get_lineno(), table.is_optimized(), table.is_nested())
    for symbol in sorted(table.get_symbols(), key=lambda s: s.get_name()):
        told = [m for m in dir(symbol) if m.startswith('is_') and getattr(symbol, m)()]
        print(' ' * depth, '  ', symbol.get_name(), *told)
    if isinstance(table, symtable.Function):
        print(' ' * depth, table.get_parameters(), table.get_locals(), table.get_frees(), table.get_globals(),
              table.get_nonlocals())
    if isinstance(table, symtable.Class):
        print(' ' * depth, table.get_methods())
    for child in table.get_children():
        described(child, depth + 2)


SMALL = '''
def f(a, b=1):
    global g
    c = a
    def inner():
        nonlocal c
        return a, c, len
class K:
    def m(self): pass
    n = lambda self: None
'''
described(symtable.symtable(SMALL, 'small.py', 'exec'))
described(symtable.symtable('[x for x in y]', 'e', 'eval'))
described(symtable.symtable(b'x = 1', b'bytes', 'single'))
for arguments in [
    ('x', 'n', 'bad'), ('x(', 'n', 'exec'), ('def f(x): global x', 'n', 'exec'), (3, 'n', 'exec'),
    ('a\0', 'n', 'exec'), ('x', 3, 'exec'), ('x', 'n', 3), ('x = 1', 'n', 'eval'), ('x = 1\ny = 2', 'n', 'single'),
    ('x', bytearray(b'n'), 'exec'), ('class C:\n  def f(self): return [__class__ := 1]', 'n', 'exec'),
    ('\N{SNOWMAN}', 'n', 'exec'), ('def f():\n  [x := 0 for x in y]', 'n', 'exec'),
]:
    try:
        print(_symtable.symtable(*arguments).symbols)
    except (ValueError, TypeError, SyntaxError) as e:
        print(type(e).__name__, e)
