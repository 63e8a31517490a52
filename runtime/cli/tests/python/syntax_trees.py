# Syntax trees as objects: their classes, parsing to them, compiling them, and what is refused.
import _ast as ast


def parse(source, mode="exec"):
    return compile(source, "<source>", mode, ast.PyCF_ONLY_AST)


def dump(node, positions=False):
    if isinstance(node, list):
        return "[" + ", ".join([dump(item, positions) for item in node]) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    names = node._fields + (node._attributes if positions else ())
    return type(node).__name__ + "(" + ", ".join([name + "=" + dump(getattr(node, name), positions) for name in names]) + ")"


def locate(node):
    if isinstance(node, list):
        for item in node:
            locate(item)
    elif isinstance(node, ast.AST):
        if "lineno" in node._attributes and not hasattr(node, "lineno"):
            node.lineno = node.end_lineno = 1
            node.col_offset = node.end_col_offset = 0
        for name in node._fields:
            locate(getattr(node, name, None))
    return node


# Every kind of node, there and back.
samples = [
    "x = 1", "x: int = 1", "(x): int", "a.b: c", "x += 1; y @= 2", "del a, b[1], c.d",
    "def f(a, /, b: int = 2, *c, d, e=3, **g) -> None: return",
    "async def f():\n  async with a as b, c: pass\n  async for x in y: await z\n  return [i async for i in j]",
    "@d\nclass C[T: int, *Ts, **P](B, metaclass=M):\n  'doc'\n  x = 1",
    "for a, *b in c:\n  break\nelse:\n  continue", "while 1: pass\nelse: pass", "if a: pass\nelif b: pass\nelse: pass",
    "try: pass\nexcept A as b: pass\nexcept: raise\nelse: pass\nfinally: pass", "try: pass\nexcept* A: pass",
    "raise a from b", "assert a, b", "import a.b as c, d", "from ..a import b as c", "from . import *",
    "global g, h", "nonlocal n", "type X[T] = list[T]",
    "match a:\n  case 1 | -2.5 | 3+4j: pass\n  case [x, *_, None]: pass\n  case {'k': v, **r}: pass\n  case C(a, b=True): pass\n"
    "  case a.b as c if d: pass\n  case _: pass",
    "lambda a, *, b=1: a or b and not c", "a if b else {**c, d: e}", "{1, 2}, [3], (4,), ()",
    "{k: v for k, v in w if x if y}", "{a for a in b}", "(a for a in b for c in d)", "(yield), (yield a)", "yield from a",
    "a < b <= c is not d in e not in f", "f(a, *b, c=d, **e)", "f'{a!r:>{w}} b{{' f'{c=}'", "u'x' 'y', b'z', ..., None, True",
    "1 + 2 - 3 * 4 / 5 // 6 % 7 ** 8 @ 9 << 10 >> 11 | 12 ^ 13 & 14", "+a, -b, ~c", "a.b[c][d:e:f, ...]", "(n := 5)",
    "123456789012345678901234567890, 1e300, 2j, 0xffffffffffffffffffff",
]
for sample in samples:
    tree = parse(sample)
    print(dump(tree, len(sample) < 20))
    try:
        code = compile(tree, "<sample>", "exec")
        print(code.co_name, code.co_names)
    except SyntaxError as e:
        print("SyntaxError", e)

print(eval(compile(parse("a + 1", mode="eval"), "", "eval"), {"a": 41}))
print(dump(parse("1; 2", mode="single")))
# The classes.
for name in dir(ast)[::6]:
    c = getattr(ast, name)
    if isinstance(c, type) and issubclass(c, ast.AST):
        optional = sorted(f for f in c._fields if getattr(c, f, 0) is None)
        print(name, c.__mro__[1].__name__, c._fields, c._attributes, c.__match_args__ == c._fields, optional, c.__module__)
        print(c.__doc__)
n = ast.Name("x", ctx=ast.Load(), lineno=3, other=4)
print(n.id, n.lineno, n.other, sorted(vars(n)), type(n.ctx).__name__)
print(n.__reduce__()[0] is ast.Name, n.__reduce__()[1], sorted(n.__reduce__()[2]))
print(parse("a; b").body[0].value.ctx is parse("c").body[0].value.ctx)


class Mine(ast.Name):
    _fields = ("id", "ctx", "more")


m = Mine("y", ast.Load(), 7)
print(m.more, dump(m))
m.lineno = m.col_offset = 1
print(eval(compile(ast.Expression(m), "", "eval"), {"y": 5}))
for wrong in (
    lambda: ast.Name(1, 2, 3),
    lambda: ast.Pass(1),
    lambda: ast.Name("x", id="y"),
    lambda: ast.Name(**{"id": "x", "id2": "y"}).missing,
    lambda: ast.Name().id,
):
    try:
        print(wrong())
    except Exception as e:
        print(type(e).__name__, e)

# What the compiler refuses.
def name(id="x", ctx=ast.Load):
    return ast.Name(id, ctx())


def module(*body):
    return ast.Module(list(body), [])


def expression(e):
    return ast.Expression(e)


one = ast.Constant(1)
body = [ast.Pass()]
empty_arguments = ast.arguments([], [], None, [], [], None, [])
refused = [
    (1, "exec"), (ast.Pass(), "exec"), (expression(one), "exec"), (module(), "eval"), (module(), "single"),
    (module(3), "exec"), (module(None), "exec"), (ast.Module(body), "exec"), (ast.Module(1, []), "exec"),
    (module(ast.Expr(name(ctx=ast.Store))), "exec"), (module(ast.Assign([name()], one)), "exec"),
    (module(ast.Assign([], one)), "exec"), (module(ast.Assign([one], one)), "exec"), (module(ast.Delete([])), "exec"),
    (module(ast.For(name(ctx=ast.Store), one, [], [])), "exec"), (module(ast.If(one, [], [])), "exec"),
    (module(ast.While(one, [], [])), "exec"), (module(ast.With([], body)), "exec"),
    (module(ast.Raise(None, one)), "exec"), (module(ast.Try(body, [], [], [])), "exec"),
    (module(ast.Try(body, [], body, body)), "exec"), (module(ast.TryStar([], [], [], body)), "exec"),
    (module(ast.Try(body, [ast.ExceptHandler(None, "x", [])], [], [])), "exec"),
    (module(ast.Import([])), "exec"), (module(ast.ImportFrom(None, [], -1)), "exec"),
    (module(ast.ImportFrom("a", [], 0)), "exec"), (module(ast.Global([])), "exec"), (module(ast.Nonlocal([])), "exec"),
    (module(ast.FunctionDef("f", empty_arguments, [], [])), "exec"),
    (module(ast.ClassDef("C", [], [], [], [])), "exec"), (module(ast.AnnAssign(ast.Attribute(name(), "a", ast.Store()), one, None, 1)), "exec"),
    (module(ast.Match(one, [])), "exec"),
    (module(ast.Match(one, [ast.match_case(ast.MatchStar("a"), None, body)])), "exec"),
    (module(ast.Match(one, [ast.match_case(ast.MatchAs(None, "_"), None, body)])), "exec"),
    (module(ast.Match(one, [ast.match_case(ast.MatchValue(name()), None, body)])), "exec"),
    (module(ast.Match(one, [ast.match_case(ast.MatchSingleton(1), None, body)])), "exec"),
    (module(ast.Match(one, [ast.match_case(ast.MatchOr([]), None, body)])), "exec"),
    (expression(ast.BoolOp(ast.And(), [one])), "eval"), (expression(ast.BinOp(one, 3, one)), "eval"),
    (expression(ast.Dict([], [one])), "eval"), (expression(ast.Set(None)), "eval"),
    (expression(ast.ListComp(one, [])), "eval"), (expression(ast.Compare(one, [], [])), "eval"),
    (expression(ast.Compare(one, [ast.Is()], [one, one])), "eval"), (expression(ast.Call(one, [None], [])), "eval"),
    (expression(ast.Constant([])), "eval"), (expression(ast.Constant((1, object))), "eval"),
    (expression(name("True")), "eval"), (expression(ast.Name(5, ast.Load())), "eval"),
    (expression(ast.Starred(one, ast.Store())), "eval"), (expression(ast.Lambda(3, one)), "eval"),
    (expression(ast.Lambda(ast.arguments([], [], None, [], [one], None, []), one)), "eval"),
    (expression(ast.Lambda(ast.arguments([], [], None, [], [], None, [one]), one)), "eval"),
    (expression(ast.Attribute(one, "a")), "eval"), (expression(ast.UnaryOp(ast.Not(), None)), "eval"),
    (expression(ast.FormattedValue(one, "x", None)), "eval"), (expression(None), "eval"),
]
for tree, mode in refused:
    if isinstance(tree, ast.AST):
        try:
            locate(tree)
        except Exception:
            pass
    try:
        compile(tree, "<tree>", mode)
        print("accepted")
    except Exception as e:
        print(type(e).__name__, str(e).split(" at 0x")[0])
unlocated = module(ast.Expr(one))
for line, column, end_line, end_column in (None, 0, None, 0), (1, 0, 0, 5), (1, 5, 1, 2), (-1, 0, 1, 0), (1, -1, 1, 0), ("a", 0, 1, 0):
    e = ast.Constant(1)
    if line is not None:
        e.lineno, e.col_offset, e.end_lineno, e.end_col_offset = line, column, end_line, end_column
    try:
        compile(ast.Expression(e), "<tree>", "eval")
    except Exception as x:
        print(type(x).__name__, x)
print(eval(compile(locate(expression(ast.Constant((1, -2, frozenset({3}), "a", b"b", -1.5, 1 - 2j, -(10**30))))), "", "eval")))
