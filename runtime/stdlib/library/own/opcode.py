"""The instruction set, from the table that the compiler and the interpreter are made of.

Instructions work on registers: each has up to three operands of 16 bits (a, b, c) and an immediate of 32 bits (d).
"""

import _opcode

__all__ = ["cmp_op", "hasarg", "hasconst", "hasname", "hasjrel", "hasjabs", "haslocal", "hascompare", "hasfree", "hasexc",
           "opname", "opmap", "stack_effect"]

# One row for each opcode: name, kinds of the operands a, b and c, kind of the immediate d, what may happen, description.
# (Another interpreter that reads this library has none.)
rows = getattr(_opcode, "ROWS", ())

opname = [row[0] for row in rows]
opmap = {name: number for number, name in enumerate(opname)}

cmp_op = ("<", "<=", "==", "!=", ">", ">=")


def _having(*kinds):
    return [number for number, (_, operands, immediate, *_) in enumerate(rows)
            if immediate in kinds or any(operand in kinds for operand in operands)]


hasconst = _having("constant")
hasname = _having("name")
hasjrel = _having("jump", "branch", "loop back")
hasfree = _having("free")
haslocal = _having("read", "write", "read and write", "window", "window read", "window write")
hasarg = [number for number, (_, operands, immediate, *_) in enumerate(rows) if immediate or any(operands)]
hasjabs = []
hascompare = []
hasexc = []

# No instruction is replaced by one for the operands that it meets.
ENABLE_SPECIALIZATION = False


def stack_effect(opcode, oparg=None, /, *, jump=None):
    """Raises an error: there is no stack that instructions could have an effect on."""
    raise NotImplementedError("instructions work on registers: they have no effect on a stack")
