# dis and opcode: what holds for any bytecode. (Opcodes and offsets are an implementation's own.)
import contextlib
import dis
import inspect
import io
import opcode
import re
import subprocess
import sys
import types


def sample(a, *rest, k=3):
    "doc"
    total = a.size
    for item in rest:
        print(item)
    try:
        total += len(rest)
    except ValueError:
        pass
    if total:
        return [total, "text"]

    def inner():
        return total + k
    return inner


def wrong():
    x = 1
    return x / 0


def lines_of(code):
    # Without the line of the definition, which instructions at the beginning may have.
    return sorted({line - code.co_firstlineno for _, line in dis.findlinestarts(code)} - {0})


code = sample.__code__
print(lines_of(code))
instructions = list(dis.get_instructions(sample))
print(type(instructions[0]).__name__, all(opcode.opname[i.opcode] == i.opname for i in instructions))
print(all(opcode.opmap[i.opname] == i.opcode for i in instructions))
values = {i.argval for i in instructions if isinstance(i.argval, str)}
print([name for name in ("size", "print", "len", "ValueError", "text") if name in values])
starts = {i.starts_line - code.co_firstlineno for i in instructions if i.starts_line is not None} - {0}
print(len(starts) > 8, starts <= set(lines_of(code)))
labels = dis.findlabels(code.co_code)
print(len(labels) > 3, set(labels) <= {i.offset for i in instructions if i.is_jump_target})
print(all(i.positions.lineno is None or i.positions.lineno >= code.co_firstlineno for i in instructions))
print(isinstance(code.co_code, bytes), isinstance(code.co_exceptiontable, bytes), len(code.co_exceptiontable) > 0)
print(list(dis.Bytecode(sample))[3].opname == instructions[3].opname, dis.Bytecode("1").codeobj.co_filename)
print([c.co_name for c in code.co_consts if isinstance(c, types.CodeType)])

# Listings: every line, every name, code objects inside.
out = io.StringIO()
dis.dis(sample, file=out)
listing = out.getvalue()
print([bool(re.search(rf"^ *{code.co_firstlineno + n} ", listing, re.M)) for n in lines_of(code)])
print([word in listing for word in ("size", "total", "print", "'text'", "Disassembly of <code object inner", ">>", "ExceptionTable:")])
out = io.StringIO()
dis.dis(sample, file=out, depth=0)
print("Disassembly of" in out.getvalue())
with contextlib.redirect_stdout(io.StringIO()) as out:
    dis.dis("x = 1\ny = x")
    dis.disassemble(wrong.__code__)
print(out.getvalue().count("\n") > 5)


class Methods:
    def method(self):
        pass

    @classmethod
    def of_class(cls):
        pass


out = io.StringIO()
dis.dis(Methods, file=out)
print(re.findall("Disassembly of .*:", out.getvalue()))
for what in (3, object()):
    try:
        dis.dis(what)
    except TypeError as e:
        print(e)
try:
    dis.get_instructions(3)
except TypeError as e:
    print(e)

# Where a traceback ended.
try:
    wrong()
except ZeroDivisionError as e:
    listing = dis.Bytecode.from_traceback(e.__traceback__).dis()
marked = [line for line in listing.splitlines() if "-->" in line]
print(len(marked))

# What a code object says of itself.
text = dis.code_info(sample)
print("\n".join(line for line in text.splitlines()[:9] if not line.startswith(("Filename", "Stack", "Number"))))
print(dis.pretty_flags(0x63), dis.pretty_flags(0))
print(dis.code_info(wrong).splitlines()[0], dis.Bytecode(wrong).info() == dis.code_info(wrong))
print(code.replace(co_name="other").co_name, code.replace() == code)
print(inspect.getsource(wrong).splitlines()[0])

# As a program.
result = subprocess.run([sys.executable, "-m", "dis", "-"], input="name = 'constant'\n", capture_output=True, text=True)
print(result.returncode, "name" in result.stdout, "'constant'" in result.stdout, result.stderr)
