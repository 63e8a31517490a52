# The text of exceptions that nobody catches, as sys.excepthook writes it.
import os
import sys


class Shortened:
    """Standard output, with this file's path as its name."""
    folder = os.path.dirname(os.path.abspath(__file__)) + "/"

    def write(self, text):
        sys.stdout.write(text.replace(self.folder, ""))

    def flush(self):
        sys.stdout.flush()


sys.stderr = Shortened()


class Odd:
    def __bool__(self):
        raise KeyError("truth")

    def __iter__(self):
        return self

    def __next__(self):
        raise LookupError("no next")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        raise OSError("exit")

    def __add__(self, other):
        raise ArithmeticError


odd, none = Odd(), None


def show(f):
    try:
        f()
    except BaseException as e:
        sys.excepthook(type(e), e, e.__traceback__)
    print()


@show
def binary():
    return 1 + (none) * 2


@show
def subscript():
    return [1, [2]] [1] [ (3) ] + 1


@show
def wide():
    return "日本語" + "é" + none


@show
def whole_line():
    none.missing


@show
def several_lines():
    return (none
            .missing
            .more)


@show
def call_over_lines():
    int(
        "x",
    )


@show
def with_statement():
    with odd as x, none:
        pass


@show
def for_statement():
    for i in odd:
        pass


@show
def comprehensions():
    return [i for i in none]


@show
def boolean():
    x = 1 and odd or 3


@show
def assertion():
    assert 1 == 2, "never"


@show
def handler():
    try:
        none.x
    except none:
        pass


@show
def display():
    return [*none]


@show
def recursion():
    def inner(n):
        if n == 0:
            raise ValueError("deep")
        inner(n - 1)
    inner(10)


@show
def chain():
    try:
        try:
            1 / 0
        except ZeroDivisionError as e:
            raise KeyError("cause") from e
    except KeyError:
        raise RuntimeError("context")


@show
def suppressed():
    try:
        1 / 0
    except ZeroDivisionError:
        raise RuntimeError from None


@show
def cycle():
    a, b = ValueError("a"), ValueError("b")
    a.__cause__, b.__cause__ = b, a
    raise a


@show
def notes():
    e = ValueError("line\nof several")
    e.add_note("first\nsecond")
    e.add_note("")
    e.__notes__.append(3)
    raise e


@show
def odd_notes():
    e = ValueError()
    e.__notes__ = {"a": 1}
    raise e


@show
def group():
    try:
        1 / 0
    except ZeroDivisionError as e:
        e.add_note("note")
        inner = e
    raise ExceptionGroup("outer", [inner, ExceptionGroup("inner", [TypeError(1), ValueError("two\nlines")]), OSError(2, "x")])


@show
def group_with_cause():
    try:
        raise ExceptionGroup("cause", [ValueError(1)])
    except ExceptionGroup as e:
        raise ExceptionGroup("effect", [e]) from e


@show
def caught_without_a_group():
    try:
        none.x
    except* AttributeError:
        raise KeyError("in the handler")


@show
def wide_group():
    raise ExceptionGroup("many", [ValueError(i) for i in range(20)])


@show
def deep_group():
    e = ValueError("innermost")
    for i in range(15):
        e = ExceptionGroup(str(i), [e])
    raise e


@show
def syntax():
    compile("x = 1\n  y = = 2 # ä\n", "file.py", "exec")


@show
def syntax_in_group():
    try:
        compile("f(a for b in c, 1)", "file.py", "exec")
    except SyntaxError as e:
        raise ExceptionGroup("parsing", [e])


@show
def odd_syntax_error():
    raise SyntaxError("message", ("name", 3, 100, "  some text\n", 2, 5))


@show
def bare_syntax_error():
    raise SyntaxError("message")


@show
def odd_message():
    class Bad(Exception):
        def __str__(self):
            raise ValueError
    raise Bad


@show
def suggestions_for_attributes():
    [].appendd


@show
def suggestions_for_names():
    counter = 1
    counte


@show
def suggestions_for_modules():
    collections


@show
def suggestions_for_imports():
    from itertools import cout


@show
def no_suggestion():
    [].nothing_like_that


class Outer:
    class Inner(Exception):
        pass


@show
def qualified_name():
    raise Outer.Inner("x")


@show
def other_module():
    Outer.Inner.__module__ = "somewhere"
    raise Outer.Inner


@show
def no_module():
    Outer.Inner.__module__ = None
    raise Outer.Inner


sys.tracebacklimit = 1


@show
def limited():
    def inner():
        raise ValueError
    inner()


sys.tracebacklimit = 0


@show
def without():
    raise ValueError


del sys.tracebacklimit
sys.excepthook(ValueError, 3, None)
sys.excepthook(None, ValueError("never raised"), None)
