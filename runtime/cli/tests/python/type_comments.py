# Comments about types in trees, and trees of the types of functions.
import ast

source = '''\
# type: ignore
import a  # type: ignore[import]
def f(
    a,  # type: int
    b=1,  # type:   str
    *args,  # type: float
    c,  # type: bytes
    d=2  # type: bool
):
    # type: (...) -> None
    x = y = []  # type: list[int]  # more
    for i in x:  # type: int
        pass
    with open(a) as g, b:  # type: IO
        pass  # type: ignored
    with (a):  # type: A
        pass
    # type: ignore
    z = 3 # type: ignore
    w = 3#type:ignore stuff
async def g(a, **kwargs  # type: dict
    ):  # type: (int) -> str
    async for i in x:  # type: int
        pass
    async with a as b:  # type: int
        pass
def h(self, /, a,  # type: X
      ): pass
\tx = 1 # type: int
'''.replace("\tx", "x").replace("ignored", "ignore-this")
print(ast.dump(ast.parse(source, type_comments=True), indent=1))
print(ast.unparse(ast.parse(source, type_comments=True)))
print(ast.dump(ast.parse(source)) == ast.dump(ast.parse(source, type_comments=False)), "type_comment" in ast.dump(ast.parse(source)))
exec(compile("x = [] # type: ignore\nfor i in x: # type: int\n  pass\n", "f", "exec", ast.PyCF_TYPE_COMMENTS))


def refused(source, **options):
    try:
        print(ast.dump(ast.parse(source, **{"type_comments": True, **options})))
    except SyntaxError as e:
        print(e.msg, e.lineno, e.offset, e.text)


for source in ("def f():  # type: () -> int\n    # type: () -> str\n    pass\n", "def f(*, # type: int\n  a): pass\n",
               "x + 1  # type: int\n", "x += 1  # type: int\n", "x: int = 1  # type: int\n", "while x:  # type: int\n  pass\n",
               "pass\n# type: int\n", "(a,  # type: int\n b)\n", "class A:  # type: int\n  pass\n", "return 1  # type: int\n",
               "with (open(a) as b):  # type: int\n  pass\n", "with (a, b):  # type: int\n  pass\n", "def f(a,  # type: int\n /): pass\n",
               "x = 1  # type: int\ny = = 2\n", "# type: ignore\nx = \n", "lambda a,  # type: int\n: a\n"):
    refused(source)
for source in ("() -> int", "(int) -> str", "(int, *str, **Any) -> None", "(*str) -> None", "(**Any) -> x", "(a, b) -> c[d]\n\n",
               "(*str, **Any) -> None", "(a, **b) -> c", "int", "(a, b,) -> c", "(**a, *b) -> c", "(*a, b) -> c", "(a) -> b c", "(a) ->",
               "(a) -> b  # type: ignore"):
    refused(source, mode="func_type")
try:
    compile("() -> int", "f", "func_type")
except ValueError as e:
    print(e)
