"""What CPython 3.12 says about sources: the other half of `examples/oracle.rs`, which starts it.

One request a line on standard input, three words: mode (exec, eval, single), kind, source. Kind `file` takes a path and
reads it as bytes, `bytes` and `text` take the source in hexadecimal. For each one line on standard output, fields
separated by U+001F: `ok` and `ast.dump(tree, include_attributes=True)` and the warnings; or `error`, class, message,
lineno, offset, end_lineno, end_offset.
"""

import ast
import sys
import warnings

sys.setrecursionlimit(100_000)
sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
for line in sys.stdin:
    mode, kind, source = line.rstrip("\n").split(" ", 2)
    if kind == "file":
        with open(source, "rb") as file:
            source = file.read()
    else:
        source = bytes.fromhex(source)
        if kind == "text":
            source = source.decode()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            tree = compile(source, "<string>", mode, ast.PyCF_ONLY_AST)
            said = sorted({f"{w.lineno}:{w.category.__name__}:{w.message}" for w in caught})
            answer = ["ok", ast.dump(tree, include_attributes=True), " | ".join(said)]
        except SyntaxError as error:
            place = [error.lineno, error.offset, error.end_lineno, error.end_offset]
            answer = ["error", type(error).__name__, error.msg, *place]
        except Exception as error:
            answer = ["error", type(error).__name__, str(error), None, None, None, None]
    print("\x1f".join(map(str, answer)).replace("\n", "\\n"), flush=True)
