# code.replace() and CodeType(): codes made of the attributes of others.
import sys
import traceback
import types
import warnings

CodeType = types.CodeType
ORDER = (
    "argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name qualname "
    "firstlineno linetable exceptiontable freevars cellvars"
).split()


def attributes(code):
    return [getattr(code, "co_" + name) for name in ORDER]


def wrong(f):
    try:
        print("no error", f())
    except (ValueError, TypeError) as e:
        print(type(e).__name__)


def sample(a, /, b, *rest, k=3, **named):
    "Documentation."
    total = {a, b} | {"x", "y"}
    try:
        for item in rest:
            total.add(item + k)
    except TypeError as e:
        return repr(e)
    inner = lambda z: z in {1, 2, 3} and b
    return sorted(map(str, total)), inner(2), named, (1, (2.0, b"x", None, ..., 3j, 10**30))


def catching(a):
    try:
        return a / 0
    except ZeroDivisionError:
        return 2


def counting(n):
    for i in range(n):
        got = yield i
        if got:
            yield got * 2


async def coroutine():
    return 5


# All attributes make an equal code, which works.
for f in (sample, counting, coroutine):
    code = f.__code__
    again = CodeType(*attributes(code))
    print(again == code, hash(again) == hash(code), again is code)
    same = code.replace(**{"co_" + name: value for name, value in zip(ORDER, attributes(code))})
    print(same == code, same.co_positions and list(same.co_positions()) == list(code.co_positions()))
print(types.FunctionType(CodeType(*attributes(counting.__code__)), globals())(3).send(None))
code = CodeType(*attributes(sample.__code__))
f = types.FunctionType(code, globals(), "f", (2,), None)
f.__kwdefaults__ = {"k": 10}
print(f(1, 2, 3, 4, z=5))
print(f(1, 2, "t"), f.__doc__)
module = compile("x = 5\nclass A:\n    y = x\n    def f(self): return __class__\n", "m.py", "exec")
namespace = {}
exec(CodeType(*attributes(module)), namespace)
print(namespace["A"]().f().y)


# Names and constants.
def g(a, b=2):
    c = print
    return a.real + b, len([a]), c is print


changed = g.__code__.replace(co_names=tuple({"real": "imag"}.get(n, n) for n in g.__code__.co_names))
print(types.FunctionType(changed, globals())(3 + 4j, 1))
changed = g.__code__.replace(co_varnames=("x", "y", "z"))
h = types.FunctionType(changed, globals())
print(h(x=1, y=2), changed.co_varnames)


def constants():
    "old"
    return 12345, "text"


swap = {12345: 54321, "old": "new", (12345, "text"): (54321, "TEXT")}
changed = constants.__code__.replace(co_consts=tuple(swap.get(c, c) for c in constants.__code__.co_consts))
f = types.FunctionType(changed, globals())
print(f()[0], f.__doc__)


def outer():
    def inner():
        return "inner"
    return inner


def renamed(code):
    consts = tuple(renamed(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_consts=consts, co_name=code.co_name.upper(), co_qualname=code.co_qualname.upper())


f = types.FunctionType(renamed(outer.__code__), globals())
print(f.__name__, f.__code__.co_qualname, f().__qualname__, f()())


# Instructions of another code.
add, multiply = (lambda x, y: x + y).__code__, (lambda x, y: x * y).__code__
mixed = add.replace(co_code=multiply.co_code)
print(types.FunctionType(mixed, globals())(6, 7), mixed == add, hash(mixed) == hash(add))


def handler():
    try:
        1 / 0
    except ZeroDivisionError:
        return "handled"


bare = handler.__code__.replace(co_exceptiontable=b"")
print(handler(), bare == handler.__code__)
try:
    types.FunctionType(bare, globals())()
except ZeroDivisionError as e:
    print("not handled")

# Flags, counts, variables.
print(bool((lambda: 1).__code__.replace(co_flags=3 | 0x80).co_flags & 0x80))
gather = (lambda a, rest: (a, rest)).__code__
print(types.FunctionType(gather.replace(co_argcount=1, co_flags=gather.co_flags | 4), globals())(1, 2, 3))
keyword = types.FunctionType(gather.replace(co_argcount=1, co_kwonlyargcount=1), globals())
print(keyword(1, rest=2))
only = types.FunctionType(gather.replace(co_posonlyargcount=2), globals())
wrong(lambda: only(1, rest=2))
more = gather.replace(co_varnames=("a", "rest", "more"), co_nlocals=3)
print(more.co_varnames, more.co_nlocals, types.FunctionType(more, globals())(1, 2))


def cell(a):
    b = a
    return lambda: (a, b)


print(types.FunctionType(cell.__code__.replace(co_name="other"), globals())(7)(), cell.__code__.replace() == cell.__code__)
print((lambda: 1).__code__.replace(co_freevars=("free",)).co_freevars)
print((lambda: 1).__code__.replace(co_cellvars=("cell",)).co_cellvars)

# What is wrong.
code = g.__code__
for change in (
    {"co_nlocals": 1},
    {"co_nlocals": 9},
    {"co_varnames": ("a",)},
    {"co_argcount": 9},
    {"co_argcount": -1},
    {"co_firstlineno": -1},
    {"co_code": b"abc"},
    {"co_code": "text"},
    {"co_consts": []},
    {"co_names": 5},
    {"co_names": []},
    {"co_filename": 5},
    {"co_kwonlyargcount": "1"},
    {"co_nonsense": 1},
):
    wrong(lambda: code.replace(**change))
wrong(lambda: CodeType())
wrong(lambda: CodeType(*attributes(code), 1))
wrong(lambda: CodeType(*[-1 if name == "argcount" else v for name, v in zip(ORDER, attributes(code))]))
wrong(lambda: CodeType(*[v + 1 if name == "nlocals" else v for name, v in zip(ORDER, attributes(code))]))
print(code == code.replace(co_filename="other.py"), code == code.replace(co_name="other"))


# Places.
def parse(code):
    line, table = code.co_firstlineno, iter(code.co_linetable)

    def number():
        byte = next(table)
        n, shift = byte & 63, 0
        while byte & 64:
            byte = next(table)
            shift += 6
            n |= (byte & 63) << shift
        return n

    def signed():
        n = number()
        return -(n >> 1) if n & 1 else n >> 1

    for first in table:
        form, units = first >> 3 & 15, (first & 7) + 1
        if form == 15:
            place = (None,) * 4
        elif form == 14:
            line += signed()
            place = line, line + number(), number() - 1, number() - 1
        elif form == 13:
            line += signed()
            place = line, line, None, None
        elif form >= 10:
            line += form - 10
            place = line, line, next(table), next(table)
        else:
            second = next(table)
            column = form << 3 | second >> 4
            place = line, line, column, column + (second & 15)
        yield from [place] * units


def spread(x, y):
    long_name_of_a_variable_that_goes_far_to_the_right_side_of_the_screen_so_that_columns_are_large = (x
        +

        y)
    return long_name_of_a_variable_that_goes_far_to_the_right_side_of_the_screen_so_that_columns_are_large if (


        x) else parse(y)


for f in (parse, spread, sample, counting):
    print(list(parse(f.__code__)) == list(f.__code__.co_positions()))
moved = spread.__code__.replace(co_firstlineno=spread.__code__.co_firstlineno + 100)
print({new[0] - old[0] for old, new in zip(spread.__code__.co_positions(), moved.co_positions())})


def fails():
    1 / 0


def line_of_failure(table):
    code = fails.__code__
    f = types.FunctionType(code.replace(co_linetable=table, co_firstlineno=1000), globals())
    try:
        f()
    except ZeroDivisionError as e:
        return e.__traceback__.tb_next.tb_lineno, table and traceback.extract_tb(e.__traceback__)[-1].lineno


print(line_of_failure(b"\xef\x0a" * 3), line_of_failure(b"\xff\xff\xff"), line_of_failure(b""))
print(line_of_failure(b"\xf7\x00\x02\x01\x05" * 3), line_of_failure(b"\xef\x4a\x01"))
empty = fails.__code__.replace(co_linetable=b"")
print(list(empty.co_lines()), list(empty.co_positions()), empty == fails.__code__)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    steps = spread.__code__.co_lnotab
print([(w.category.__name__, str(w.message)) for w in caught], len(steps) % 2)
line, lines = spread.__code__.co_firstlineno, set()
for step in steps[1::2]:
    line += step - 256 if step > 127 else step
    lines.add(line)
print(sorted(lines - {spread.__code__.co_firstlineno}) == sorted(
    {line for _, _, line in spread.__code__.co_lines()} - {None, spread.__code__.co_firstlineno}))


def opens(a):
    with a:
        pass


# Variables that are added stand before what the compiler keeps of its own.
for f in catching, opens:
    code = f.__code__
    same = CodeType(*attributes(code))
    more = code.replace(co_varnames=(*code.co_varnames, "x", "y"), co_nlocals=code.co_nlocals + 2, co_argcount=2)
    print(same == code, hash(same) == hash(code), more.co_varnames, more == code, code.co_stacksize == more.co_stacksize)
more = catching.__code__.replace(co_varnames=("a", "x"), co_nlocals=2, co_flags=catching.__code__.co_flags | 4)
print(types.FunctionType(more, globals())(3, 4, 5), more.co_varnames, [n for n in dir(more) if "caught" in n])


def seen(a):
    try:
        return a / 0
    except ZeroDivisionError:
        return sorted(locals())


# A name without a meaning to programs, and another one after it.
code = seen.__code__
for name in ".caught", ".0", "x":
    code = code.replace(co_varnames=(name,))
    f = types.FunctionType(code, globals())
    print([f(3) for _ in range(3)] if name == "x" else f.__code__.co_varnames)
