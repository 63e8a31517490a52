"""What CPython 3.12 says of sources, for comparison with our compiler.

    oracle.py files             reads paths from stdin; prints for each, on two lines, how compile() ends and the symbol
                                tables
    oracle.py annotations FILE  rewrites tests/cases/annotations.txt: what stands before each ` => ` is kept
    oracle.py cases IN [OUT]    reads cases as tests/cases/errors.txt holds them; writes them with CPython's answers
"""

import _symtable
import sys
import warnings

KINDS = ["function", "class", "module", "annotation", "bound", "alias", "parameters"]


def outcome(source, mode="exec", optimize=0):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "<source>", mode, dont_inherit=True, optimize=optimize)
            result = "ok"
        except SyntaxError as error:
            at = (error.lineno, error.offset, error.end_lineno, error.end_offset)
            result = f"{type(error).__name__} {at}: {error.msg}"
        except (RecursionError, MemoryError, OverflowError, ValueError, UnicodeError) as error:
            result = f"{type(error).__name__}: {error}"
    texts = [f" warning {w.lineno}: {w.message}" for w in caught if issubclass(w.category, SyntaxWarning)]
    # These come from the lexer, not from the compiler.
    parser = ("invalid decimal", "invalid hexa", "invalid octal", "invalid imag", "invalid binary", "invalid escape")
    texts = [text for text in texts if not text.split(": ", 1)[1].startswith(parser)]
    return result + "".join(texts)


def table(entry):
    symbols = ",".join(f"{name}:{flags}" for name, flags in sorted(entry.symbols.items()))
    children = "".join(table(child) for child in entry.children)
    varnames = ",".join(entry.varnames)
    return f"({KINDS[entry.type]} {entry.name} {int(bool(entry.nested))} [{varnames}] {{{symbols}}}{children})"


def tables(source):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return table(_symtable.symtable(source, "<source>", "exec"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}"


def files():
    for line in sys.stdin:
        with open(line.rstrip("\n"), "rb") as file:
            source = file.read()
        print(outcome(source).replace("\n", " "))
        print(tables(source).replace("\n", " "))
        sys.stdout.flush()


def cases(path, out):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    written = []
    for case in text.split("=====\n")[1:]:
        source = case.split("\n-----\n")[0]
        written.append(f"=====\n{source}\n-----\n{outcome(source)}\n")
    header = text.split("=====\n")[0]
    with open(out, "w", encoding="utf-8") as file:
        file.write(header + "".join(written))


def annotations(path):
    with open(path, encoding="utf-8") as file:
        header, *lines = file.read().splitlines()
    written = [header]
    for line in lines:
        source = line.split(" => ")[0]
        namespace = {}
        exec("from __future__ import annotations\nx: " + source, namespace)
        written.append(f"{source} => {namespace['__annotations__']['x']}")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(written) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "files":
        files()
    elif sys.argv[1] == "annotations":
        annotations(sys.argv[2])
    else:
        cases(sys.argv[2], sys.argv[-1])
