//! `code`: what a code object tells of itself, in CPython's terms where they have a meaning here.

use crate::warnings::warn;
use change::{Given, change, construct, same};
use python_compile::extra::visits;
use python_compile::opcodes::flag;
use python_objects::code::code_word;
use python_objects::kind::{Kind, class as builtin, special};
use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, tuple};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use vm_api::code::{Code, Position};

mod change;
mod constants;
mod locations;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "A code of all its attributes."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", eq, "Return self==value."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::method("co_lines", "self, /", lines, "An iterator over (start, end, line) of the code's parts."),
    Native::method("co_positions", "self, /", positions, "An iterator over the source ranges of the instructions."),
    Native::method(
        "replace",
        "self, /, *, co_argcount=None, co_posonlyargcount=None, co_kwonlyargcount=None, co_nlocals=None, co_stacksize=None, co_flags=None, co_firstlineno=None, co_code=None, co_consts=None, co_names=None, co_varnames=None, co_freevars=None, co_cellvars=None, co_filename=None, co_name=None, co_qualname=None, co_linetable=None, co_exceptiontable=None",
        replace,
        "A copy with some of the attributes changed.",
    ),
    Native::member("co_name", |_, a| Ok(word(a, code_word::NAME)), ""),
    Native::member("co_qualname", |_, a| Ok(word(a, code_word::QUALNAME)), ""),
    Native::member("co_filename", |_, a| Ok(word(a, code_word::SOURCE)), ""),
    Native::member("co_firstlineno", |py, a| py.int(i64::from(code(py, a)?.first_line)), ""),
    Native::member("co_argcount", |py, a| py.int(i64::from(code(py, a)?.parameters.positional)), ""),
    Native::member("co_posonlyargcount", |py, a| py.int(i64::from(code(py, a)?.parameters.positional_only)), ""),
    Native::member("co_kwonlyargcount", |py, a| py.int(i64::from(code(py, a)?.parameters.keyword_only)), ""),
    Native::member("co_nlocals", |py, a| py.int_usize(local_names(code(py, a)?).len()), ""),
    Native::member("co_stacksize", stack_size, ""),
    Native::member("co_flags", |py, a| py.int(i64::from(cpython_flags(code(py, a)?))), ""),
    Native::getter("co_varnames", |py, a| names(py, &local_names(code(py, a)?)), ""),
    Native::getter("co_cellvars", |py, a| names(py, &cell_names(code(py, a)?)), ""),
    Native::getter("co_freevars", |py, a| names(py, &code(py, a)?.free.iter().map(|n| &**n).collect::<Vec<_>>()), ""),
    Native::member("co_names", |py, a| names(py, &code(py, a)?.names.iter().map(|n| &**n).collect::<Vec<_>>()), ""),
    Native::member("co_consts", constants, ""),
    Native::getter("co_code", bytecode, ""),
    Native::member("co_linetable", line_table, ""),
    Native::getter("co_lnotab", line_steps, ""),
    Native::member("co_exceptiontable", exception_table, ""),
];

/// CPython's `co_flags` and ours.
const FLAGS: &[(u32, u32)] = &[
    (flag::FUNCTION, 0x1 | 0x2),
    (flag::NESTED, 0x10),
    (flag::GENERATOR, 0x20),
    (flag::COROUTINE, 0x80),
    (flag::ITERABLE_COROUTINE, 0x100),
    (flag::ASYNC_GENERATOR, 0x200),
    (flag::FUTURE_OTHERS, 0x2_0000),
    (flag::FUTURE_OTHERS << 1, 0x4_0000),
    (flag::FUTURE_OTHERS << 2, 0x8_0000),
    (flag::FUTURE_OTHERS << 3, 0x10_0000),
    (flag::FUTURE_OTHERS << 4, 0x20_0000),
    (flag::FUTURE_BARRY_AS_BDFL, 0x40_0000),
    (flag::FUTURE_OTHERS << 5, 0x80_0000),
    (flag::FUTURE_ANNOTATIONS, 0x100_0000),
];

/// Flags of future statements from those of `compile()`.
pub(crate) fn future_flags(theirs: u32) -> u32 {
    FLAGS.iter().filter(|(_, t)| *t >= 0x2_0000 && theirs & t != 0).fold(0, |f, (ours, _)| f | ours)
}

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::CODE), METHODS)
}

fn word(args: Args<'_>, word: usize) -> Value {
    Object::of(args.at(0)).get(word)
}

fn code<'t>(py: Py<'t>, args: Args<'_>) -> R<&'t Arc<Code>> {
    Ok(py.ops().code(py.0, py.index_of(Object::of(args.at(0)))?))
}

fn cpython_flags(code: &Code) -> u32 {
    let mut flags = FLAGS.iter().filter(|(ours, _)| code.flags & ours != 0).fold(0, |f, (_, theirs)| f | theirs);
    flags |= if code.parameters.variadic { 0x4 } else { 0 };
    flags | if code.parameters.keywords { 0x8 } else { 0 }
}

/// Parameters, then the variables that no inner function shares. A variable of an inlined comprehension has the name of one
/// around it, or a register of its own.
fn local_names(code: &Code) -> Vec<&str> {
    let (parameters, cells) = (code.parameters.registers(), cell_names(code));
    let variables = code.variables.iter().enumerate();
    let shown = |i: usize| code.caught.is_none_or(|r| usize::from(r) != i);
    once(variables.filter(|(i, n)| shown(*i) && (*i < parameters || !cells.contains(&&***n))).map(|(_, n)| &**n))
}

fn cell_names(code: &Code) -> Vec<&str> {
    once(code.cells.iter().filter_map(|i| code.variables.get(usize::from(*i))).map(|n| &**n))
}

/// Each name once.
fn once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    names.filter(|n| seen.insert(*n)).collect()
}

fn names(py: Py<'_>, names: &[&str]) -> R {
    let l = py.new_list(names.len())?;
    for n in names {
        let s = py.intern(n)?;
        py.list_push(l, py.symbol_string(s).value())?;
    }
    py.list_to_tuple(l)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

/// Codes are equal if they were compiled to the same: the name of the file is no matter.
fn eq(py: Py<'_>, args: Args<'_>) -> R {
    let Some(other) = py.of_kind(args.at(1), Kind::CODE) else { return Ok(special::NOT_IMPLEMENTED) };
    let own = Object::of(args.at(0));
    Ok(Value::bool(own == other || same(&py.unlinked(own)?, &py.unlinked(other)?)))
}

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args)?;
    let p = &code.parameters;
    let mut state = DefaultHasher::new();
    (&code.name, code.first_line, cpython_flags(code), &code.variables, &code.free, &code.names).hash(&mut state);
    (p.positional, p.positional_only, p.keyword_only).hash(&mut state);
    code.instructions.iter().for_each(|i| (i.op, i.a, i.b, i.c).hash(&mut state));
    py.int(state.finish() as i64)
}

/// Temporaries.
fn stack_size(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args)?;
    let variables = code.variables.len() - usize::from(code.caught.is_some());
    py.int(i64::from(code.registers) - variables as i64)
}

/// The documentation comes first, or None in a function without.
fn constants(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args)?;
    let l = py.new_list(code.constants.len() + 1)?;
    if code.flags & flag::FUNCTION != 0 {
        let documentation = py.documentation_of(Object::of(args.at(0)))?;
        py.list_push(l, documentation)?;
    }
    for c in &code.constants {
        let v = py.constant(c)?;
        if !v.is_empty() {
            py.list_push(l, v)?;
        }
    }
    py.list_to_tuple(l)
}

/// The instructions without their feedback slots, 12 bytes each: opcode, a, b, c, d. Names are indices into `co_names`, as before
/// the code was installed.
fn bytecode(py: Py<'_>, args: Args<'_>) -> R {
    let code = py.unlinked(Object::of(args.at(0)))?;
    let mut out = Vec::with_capacity(code.instructions.len() * 12);
    for i in &code.instructions {
        for field in [i.op, i.a, i.b, i.c] {
            out.extend(field.to_le_bytes());
        }
        out.extend(i.d.to_le_bytes());
    }
    Ok(py.bytes(&out)?.value())
}

/// 16 bytes an entry: first instruction, the one after the last, the handler's first, the exception's register.
fn exception_table(py: Py<'_>, args: Args<'_>) -> R {
    let entries = code(py, args)?.exceptions.iter();
    let words = entries.flat_map(|e| [e.start, e.end, e.handler, u32::from(e.register)].map(u32::to_le_bytes));
    let out: Vec<u8> = words.flatten().collect();
    Ok(py.bytes(&out)?.value())
}

fn number_or_none(n: u32) -> Value {
    if n == 0 { Value::NONE } else { Value::int(i64::from(n)) }
}

/// Offsets are those of CPython's instruction words: two bytes each. A line that is visited without an instruction is an empty
/// part.
fn lines(py: Py<'_>, args: Args<'_>) -> R {
    let l = py.new_list(0)?;
    for (start, end, line) in parts(code(py, args)?) {
        let entry = py.tuple(&[Value::int(start as i64 * 2), Value::int(end as i64 * 2), number_or_none(line)])?;
        py.list_push(l, entry)?;
    }
    py.iter(l.value())
}

/// Runs of instructions on the same line: the first, the one behind the last, the line or 0.
fn parts(code: &Code) -> Vec<(usize, usize, u32)> {
    let (mut start, count) = (0, locations::recorded(&code.positions));
    let mut parts = Vec::new();
    parts.extend(visits(code, 0).map(|v| (0, 0, v.position.line)));
    for i in 1..=count {
        let mut visited = visits(code, i as u32).peekable();
        if i == count || code.positions[i].line != code.positions[start].line || visited.peek().is_some() {
            parts.push((start, i, code.positions[start].line));
            parts.extend(visited.map(|v| (i, i, v.position.line)));
            start = i;
        }
    }
    parts
}

fn positions(py: Py<'_>, args: Args<'_>) -> R {
    let positions = &code(py, args)?.positions;
    let l = py.new_list(positions.len())?;
    for p in &positions[..locations::recorded(positions)] {
        let column = |n: u32| if n == Position::NO_COLUMN { Value::NONE } else { Value::int(i64::from(n)) };
        let entry = if p.line == 0 {
            [Value::NONE; 4]
        } else if py.state().settings.no_debug_ranges {
            let line = Value::int(i64::from(p.line));
            [line, line, Value::NONE, Value::NONE]
        } else {
            [Value::int(p.line.into()), Value::int(p.end_line.into()), column(p.column), column(p.end_column)]
        };
        let entry = py.tuple(&entry)?;
        py.list_push(l, entry)?;
    }
    py.iter(l.value())
}

fn line_table(py: Py<'_>, args: Args<'_>) -> R {
    let code = code(py, args)?;
    let columns = !py.state().settings.no_debug_ranges;
    Ok(py.bytes(&locations::encode(code.first_line, &code.positions, columns))?.value())
}

fn line_steps(py: Py<'_>, args: Args<'_>) -> R {
    warn(py, Exc::DeprecationWarning, "co_lnotab is deprecated, use co_lines instead.", 1)?;
    let code = code(py, args)?;
    let parts = parts(code).into_iter().map(|(start, _, line)| (start * 2, line));
    Ok(py.bytes(&locations::steps(code.first_line, parts))?.value())
}

fn replace(py: Py<'_>, args: Args<'_>) -> R {
    let own = METHODS.iter().find(|m| m.name == "replace");
    let names: Vec<&str> = own.map_or_else(Vec::new, |m| m.parameter_names().collect());
    let value = |name: &str| args.opt(names.iter().position(|n| *n == name)?);
    let old = py.unlinked(Object::of(args.at(0)))?;
    let new = change(py, &old, &Given { function: "replace", value: &value }, false)?;
    py.link(new).map(Object::value)
}

/// The constructor's arguments.
const ALL: [&str; 18] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::CODE)?;
    let given = Object::of(args.at(1));
    let count = given.length();
    if args.opt(2).is_some_and(|named| dict::length(Object::of(named)) > 0) {
        return py.type_error("code() takes no keyword arguments");
    }
    if !(16..=18).contains(&count) {
        let bound = if count < 16 { "at least 16" } else { "at most 18" };
        return py.type_error(&format!("code expected {bound} arguments, got {count}"));
    }
    let value = |name: &str| tuple::items(given).nth(ALL.iter().position(|n| *n == name)?);
    let new = construct(py, &Given { function: "code", value: &value })?;
    py.link(new).map(Object::value)
}
