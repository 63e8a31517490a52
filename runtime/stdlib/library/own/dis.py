"""Listings of bytecode, and what other modules ask about code objects.

Offsets are those of f_lasti and tb_lasti: two for each instruction. In co_code an instruction is 12 bytes: opcode, a, b, c
(16 bits each) and d (32 bits, signed), little-endian. Registers are shown by the name of the variable that they hold, or as r7;
a window of registers by its first one, as r7..; an immediate in brackets is followed by what it stands for.
"""

import collections
import io
import struct
import sys
import types

import _opcode
import opcode
from opcode import *
from opcode import __all__ as _opcode_names

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode", "Positions", "COMPILER_FLAG_NAMES", "pretty_flags",
           *_opcode_names]

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

_FORM = struct.Struct("<HHHHi")
_JUMPS = {"jump", "branch", "loop back"}


class Instruction(collections.namedtuple(
        "_Instruction", "opname opcode arg argval argrepr offset starts_line is_jump_target positions",
        defaults=[None])):
    """An instruction: arg is its immediate (None: it has none), argval what that stands for, argrepr all operands."""

    __slots__ = ()

    def _show(self, line_width, mark_current, offset_width):
        line = "" if self.starts_line is None else str(self.starts_line)
        columns = [line.rjust(line_width)] if line_width else []
        columns.append("-->" if mark_current else "   ")
        columns.append(">>" if self.is_jump_target else "  ")
        columns.append(str(self.offset).rjust(offset_width))
        columns.append(self.opname.ljust(24) if self.argrepr else self.opname)
        if self.argrepr:
            columns.append(self.argrepr)
        return " ".join(columns)


def pretty_flags(flags):
    """The names of the flags of a code object; those without a name in hexadecimal."""
    names = [name for flag, name in COMPILER_FLAG_NAMES.items() if flags & flag]
    rest = flags & ~sum(COMPILER_FLAG_NAMES)
    if rest or not names:
        names.append(hex(rest))
    return ", ".join(names)


def _get_code_object(x):
    """The code object that x has, is, or is compiled to if it is source text."""
    x = getattr(x, "__func__", x)
    for attribute in ("__code__", "gi_code", "cr_code", "ag_code"):
        if (code := getattr(x, attribute, None)) is not None:
            return code
    if isinstance(x, str):
        try:
            return compile(x, "<disassembly>", "eval")
        except SyntaxError:
            return compile(x, "<disassembly>", "exec")
    if isinstance(x, types.CodeType):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def findlinestarts(code):
    """Yields an offset and a line for each place in a code object where the line changes."""
    before = None
    for start, _, line in code.co_lines():
        if line is not None and line != before:
            yield start, line
            before = line


def _decode(code):
    """Offset, opcode, a, b, c, d of each instruction in the bytes of a co_code."""
    for number, fields in enumerate(_FORM.iter_unpack(code)):
        yield (number * 2, *fields)


def findlabels(code):
    """The offsets, ascending, that instructions in the bytes of a co_code jump to."""
    return sorted({offset + 2 + d * 2 for offset, op, _, _, _, d in _decode(code) if opcode.rows[op][2] in _JUMPS})


_Exception = collections.namedtuple("_Exception", "start end target register")


def _exceptions(code):
    """What is caught where, by offsets."""
    return [_Exception(start * 2, end * 2, handler * 2, register)
            for start, end, handler, register in struct.iter_unpack("<4I", code.co_exceptiontable)]


class _Nothing:
    """The constant that stands for no value."""

    def __repr__(self):
        return "<nothing>"


_NOTHING = _Nothing()


class _Reader:
    """What the operands of a code's instructions stand for."""

    def __init__(self, code):
        self.code = code
        self.variables = _opcode.variables(code)
        self.constants = _opcode.constants(code, _NOTHING)

    def register(self, number):
        return self.variables[number] if number < len(self.variables) else f"r{number}"

    def value(self, kind, number, offset):
        """What an index stands for, and how it shows."""
        if kind == "constant":
            value = self.constants[number]
            return value, repr(value)
        if kind == "name":
            return self.code.co_names[number], self.code.co_names[number]
        if kind == "free":
            return self.code.co_freevars[number], self.code.co_freevars[number]
        if kind in _JUMPS:
            target = offset + 2 + number * 2
            return target, f"to {target}"
        return number, None

    def operand(self, kind, number, offset):
        if kind in ("read", "write", "read and write"):
            return self.register(number)
        if kind.startswith("window"):
            return f"{self.register(number)}.."
        shown = self.value(kind, number, offset)[1]
        return str(number) if shown is None else f"{number} ({shown})"

    def instruction(self, offset, op, registers, d, line, is_target, positions):
        name, kinds, immediate, *_ = opcode.rows[op]
        parts = [self.operand(kind, number, offset) for kind, number in zip(kinds, registers) if kind]
        arg = argval = None
        if immediate:
            arg, (argval, shown) = d, self.value(immediate, d, offset)
            parts.append(str(d) if shown is None else f"{d} ({shown})")
        return Instruction(name, op, arg, argval, ", ".join(parts), offset, line, is_target, positions)


def _instructions(code, line_offset=0):
    reader = _Reader(code)
    lines = dict(findlinestarts(code))
    targets = set(findlabels(code.co_code)) | {entry.target for entry in _exceptions(code)}
    for (offset, op, *registers, d), positions in zip(_decode(code.co_code), code.co_positions()):
        line = lines.get(offset)
        if line is not None:
            line += line_offset
        yield reader.instruction(offset, op, registers, d, line, offset in targets, Positions(*positions))


def _line_offset(code, first_line):
    return 0 if first_line is None else first_line - code.co_firstlineno


def get_instructions(x, *, first_line=None, show_caches=False, adaptive=False):
    """Yields the instructions of a function, method, generator, source text or code object."""
    code = _get_code_object(x)
    return _instructions(code, _line_offset(code, first_line))


def _find_imports(code):
    """Name, level and list of names of each import statement's module, for modulefinder."""
    known = {}
    for instruction, (_, _, a, b, c, _) in zip(_instructions(code), _decode(code.co_code)):
        if instruction.opname == "LOAD_CONST":
            known[a] = instruction.argval
        elif instruction.opname == "IMPORT_NAME":
            yield instruction.argval, c, known.get(b)


def _find_store_names(code):
    """The names that the code binds outside of functions, for modulefinder."""
    return {i.argval for i in _instructions(code) if i.opname in ("STORE_NAME", "STORE_GLOBAL")}


def _write(code, lasti, line_offset, file):
    visited = collections.defaultdict(list)
    widest = 0
    for start, end, line in code.co_lines():
        if line is not None:
            widest = max(widest, line + line_offset)
            if start == end:
                visited[start].append(line + line_offset)
    line_width = max(3, len(str(widest))) if widest else 0
    instructions = list(_instructions(code, line_offset))
    offset_width = max(4, len(str(len(instructions) * 2)))
    for instruction in instructions:
        lines = visited[instruction.offset]
        if instruction.offset > 0 and (lines or instruction.starts_line is not None):
            print(file=file)
        for line in lines:
            print(str(line).rjust(line_width) + " " * (offset_width + 9) + "(no instruction)", file=file)
        print(instruction._show(line_width, instruction.offset == lasti, offset_width), file=file)
    if table := _exceptions(code):
        reader = _Reader(code)
        print("ExceptionTable:", file=file)
        for start, end, target, register in table:
            print(f"  {start} to {end - 2} -> {target} [{reader.register(register)}]", file=file)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False):
    """Prints the instructions of a code object, with a mark at lasti."""
    _write(co, lasti, 0, file)


disco = disassemble


def _write_with_inner(code, file, depth):
    disassemble(code, file=file)
    if depth is None or depth > 0:
        inner = None if depth is None else depth - 1
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                print(f"\nDisassembly of {constant!r}:", file=file)
                _write_with_inner(constant, file, inner)


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False):
    """Prints the instructions of a function, method, class, module, generator, source text or code object; without one, of where
    the last traceback ended. Code objects inside follow, to the depth given.
    """
    if x is None:
        distb(file=file)
        return
    if isinstance(x, (bytes, bytearray)):
        raise TypeError("bytecode without its code object cannot be listed")
    if isinstance(x, str):
        _write_with_inner(_get_code_object(x), file, depth)
        return
    x = getattr(x, "__func__", x)
    if any(getattr(x, name, None) is not None for name in ("__code__", "gi_code", "cr_code", "ag_code")) \
            or isinstance(x, types.CodeType):
        _write_with_inner(_get_code_object(x), file, depth)
        return
    if not hasattr(x, "__dict__"):
        raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")
    for name, member in sorted(x.__dict__.items()):
        if isinstance(member, (types.FunctionType, types.MethodType, types.CodeType, classmethod, staticmethod, type)):
            print(f"Disassembly of {name}:", file=file)
            try:
                dis(member, file=file, depth=depth)
            except TypeError as error:
                print("Sorry:", error, file=file)
            print(file=file)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False):
    """Prints the instructions of where a traceback ended: the last one without one."""
    if tb is None:
        if hasattr(sys, "last_exc"):
            tb = sys.last_exc.__traceback__
        else:
            try:
                tb = sys.last_traceback
            except AttributeError:
                raise RuntimeError("no last traceback to disassemble") from None
    while tb.tb_next is not None:
        tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file)


def code_info(x):
    """What a code object says of itself, as text."""
    code = _get_code_object(x)
    rows = [
        ("Name", code.co_name),
        ("Filename", code.co_filename),
        ("Argument count", code.co_argcount),
        ("Positional-only arguments", code.co_posonlyargcount),
        ("Kw-only arguments", code.co_kwonlyargcount),
        ("Number of locals", code.co_nlocals),
        ("Stack size", code.co_stacksize),
        ("Flags", pretty_flags(code.co_flags)),
    ]
    lines = [f"{title + ':':<18} {value}" for title, value in rows]
    for title, values, show in (
        ("Constants", code.co_consts, repr),
        ("Names", code.co_names, str),
        ("Variable names", code.co_varnames, str),
        ("Free variables", code.co_freevars, str),
        ("Cell variables", code.co_cellvars, str),
    ):
        if values:
            lines.append(f"{title}:")
            lines.extend(f"{number:>4}: {show(value)}" for number, value in enumerate(values))
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Prints what code_info() says."""
    print(code_info(co), file=file)


class Bytecode:
    """The instructions of a function, method, generator, source text or code object: iterable, and printable."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False):
        self.codeobj = _get_code_object(x)
        self.first_line = self.codeobj.co_firstlineno if first_line is None else first_line
        self.current_offset = current_offset
        self._original_object = x
        self._line_offset = _line_offset(self.codeobj, first_line)

    def __iter__(self):
        return _instructions(self.codeobj, self._line_offset)

    def __repr__(self):
        return f"{type(self).__name__}({self._original_object!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """Of where a traceback ended, with a mark there."""
        while tb.tb_next is not None:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        """What code_info() says."""
        return code_info(self.codeobj)

    def dis(self):
        """The listing, as text."""
        with io.StringIO() as out:
            lasti = -1 if self.current_offset is None else self.current_offset
            _write(self.codeobj, lasti, self._line_offset, out)
            return out.getvalue()


def _main():
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("infile", type=argparse.FileType("rb"), nargs="?", default="-")
    arguments = parser.parse_args()
    with arguments.infile as file:
        source = file.read()
    dis(compile(source, arguments.infile.name, "exec"))


if __name__ == "__main__":
    _main()
