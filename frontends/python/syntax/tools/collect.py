"""Collects the sources that CPython's own tests compile, as requests for `tools/expected.py`.

    python3.12 tools/collect.py test_syntax test_fstring … > requests

It runs the named test modules with `compile` (and so `exec`, `eval` of text, `ast.parse`) wrapped, and prints each
distinct source once. The tests' own output goes to standard error.
"""

import builtins
import contextlib
import importlib
import sys
import unittest

seen = {}
original_compile, original_exec, original_eval = builtins.compile, builtins.exec, builtins.eval


def note(source, mode):
    if isinstance(source, str):
        with contextlib.suppress(UnicodeEncodeError):
            seen.setdefault((mode, "text", source.encode().hex()))
    elif isinstance(source, (bytes, bytearray)):
        seen.setdefault((mode, "bytes", bytes(source).hex()))


def compile(source, filename="<string>", mode="exec", *args, **kwargs):
    if mode in ("exec", "eval", "single"):
        note(source, mode)
    return original_compile(source, filename, mode, *args, **kwargs)


def exec(source, *args, **kwargs):
    note(source, "exec")
    frame = sys._getframe(1)
    if not args:
        args = (frame.f_globals, frame.f_locals)
    return original_exec(source, *args, **kwargs)


def eval(source, *args, **kwargs):
    note(source.lstrip(" \t") if isinstance(source, str) else source, "eval")
    frame = sys._getframe(1)
    if not args:
        args = (frame.f_globals, frame.f_locals)
    return original_eval(source, *args, **kwargs)


builtins.compile, builtins.exec, builtins.eval = compile, exec, eval
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(f"test.{name}")
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        with contextlib.redirect_stdout(sys.stderr):
            unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(suite)
    except Exception as error:
        print(name, error, file=sys.stderr)
for mode, kind, source in seen:
    print(mode, kind, source or "")
