"""What other modules ask about code objects.

The bytecode is not CPython's, so neither are its listings: the functions that list instructions are still to come, and
say so when they are called. What holds for code objects in general is here.
"""

import collections

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode", "Positions", "COMPILER_FLAG_NAMES", "pretty_flags"]

COMPILER_FLAG_NAMES = {
    0x1: "OPTIMIZED",
    0x2: "NEWLOCALS",
    0x4: "VARARGS",
    0x8: "VARKEYWORDS",
    0x10: "NESTED",
    0x20: "GENERATOR",
    0x40: "NOFREE",
    0x80: "COROUTINE",
    0x100: "ITERABLE_COROUTINE",
    0x200: "ASYNC_GENERATOR",
}

Positions = collections.namedtuple("Positions", "lineno end_lineno col_offset end_col_offset", defaults=[None] * 4)


def pretty_flags(flags):
    """The names of the flags of a code object; those without a name in hexadecimal."""
    names = [name for flag, name in COMPILER_FLAG_NAMES.items() if flags & flag]
    rest = flags & ~sum(COMPILER_FLAG_NAMES)
    if rest or not names:
        names.append(hex(rest))
    return ", ".join(names)


def findlinestarts(code):
    """Yields an offset and a line for each place in a code object where the line changes."""
    before = None
    for start, _, line in code.co_lines():
        if line is not None and line != before:
            yield start, line
            before = line


def _to_come(name):
    def function(*args, **kwargs):
        raise NotImplementedError(f"dis.{name}() does not know this bytecode yet")
    function.__name__ = function.__qualname__ = name
    return function


code_info, dis, disassemble, distb, disco, findlabels, show_code, get_instructions, Instruction, Bytecode = map(
    _to_come, ("code_info", "dis", "disassemble", "distb", "disco", "findlabels", "show_code", "get_instructions",
               "Instruction", "Bytecode"))
