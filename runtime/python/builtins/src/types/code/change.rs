//! `code.replace()` and `CodeType(...)`: codes made of attributes.
//!
//! An instruction names its registers by number, and which of these have names is seen in `co_varnames` and `co_cellvars` only in
//! part: parameters, then the variables that the function itself has, in an order of their own, then those of comprehensions that
//! have no function of theirs, which may have names that are taken; then temporaries, `co_stacksize` of them.
//! A variable that is added stands behind the others, and moves the temporaries of instructions that stay. `co_code` that is given
//! means the registers that come out.
//!
//! What comes out has to pass the verifier, and is what marshalled bytecode is: it may do anything that bytecode can.

use super::constants::constant;
use super::{FLAGS, cell_names, cpython_flags, local_names, locations};
use python_compile::CAUGHT;
use python_compile::extra::{self, Visit};
use python_compile::opcodes::{MAKE_CELL, OPCODES, flag};
use python_compile::references;
use python_objects::{Exc, Object, Py, R, Value, bytes, string, tuple};
use std::collections::HashMap;
use std::ops::Range;
use vm_api::code::code::code_flag;
use vm_api::code::{Code, Constant, ExceptionEntry, Instruction, Parameters, Position, settle};

/// Attributes by name, as far as they are given; messages call the function by its name.
pub(super) struct Given<'a> {
    /// `replace` or `code`, for messages.
    pub function: &'static str,
    /// The value of an attribute.
    pub value: &'a dyn Fn(&str) -> Option<Value>,
}

/// A code with other attributes. `all`: there is no other code, and all of them are given.
pub(super) fn change(py: Py<'_>, old: &Code, given: &Given<'_>, all: bool) -> R<Code> {
    let mut new = old.clone();
    for (name, part) in
        [("co_name", &mut new.name), ("co_qualname", &mut new.qualified_name), ("co_filename", &mut new.source)]
    {
        if let Some(v) = (given.value)(name) {
            *part = text(py, given, name, v)?.into();
        }
    }
    counts(py, &mut new, given)?;
    if let Some(v) = (given.value)("co_flags") {
        flags(py, &mut new, py.index_i32(v)? as u32, all)?;
    }
    if let Some(names) = texts(py, given, "co_names")? {
        new.names = names;
    }
    if let Some(names) = texts(py, given, "co_freevars")? {
        new.free = names;
    }
    let mut documentation = extra::documentation(old.flags, &old.extra).cloned();
    if let Some(v) = (given.value)("co_consts") {
        documentation = constants(py, &mut new, tuple_of(py, given, "co_consts", v)?)?;
    }
    let code = (given.value)("co_code").map(|v| bytes_of(py, given, "co_code", v)).transpose()?;
    let table = (given.value)("co_exceptiontable").map(|v| bytes_of(py, given, "co_exceptiontable", v)).transpose()?;
    if let Some(code) = code {
        new.instructions = instructions(py, code)?;
    }
    let variables = if all { layout(py, &mut new, given)? } else { renamed(py, &mut new, given)? };
    let moved = variables - old.variables.len();
    if moved > 0 && code.is_none() {
        new.instructions.iter_mut().for_each(|i| shift(i, old.variables.len(), moved));
    }
    if let Some(table) = table {
        new.exceptions = exceptions(py, table)?;
    } else if code.is_none() {
        let temporaries = new.exceptions.iter_mut().filter(|e| usize::from(e.register) >= old.variables.len());
        temporaries.for_each(|e| e.register = e.register.saturating_add(moved as u16));
    }
    let registers = match (given.value)("co_stacksize") {
        Some(v) => variables + py.index_i32(v)?.max(0) as usize,
        None => (usize::from(old.registers) + moved).max(if code.is_some() { needed(&new) } else { 0 }),
    };
    if all && registers != needed(&new).max(variables) {
        return py.value_error("code: the layout of registers cannot be told from the names of variables");
    }
    let Ok(registers) = u16::try_from(registers) else { return py.value_error("code: too many registers") };
    new.registers = registers;
    keep_caught(&mut new, all);
    let visits = places(py, old, &mut new, given, code.is_some())?;
    if let Err(e) = settle(&mut new, &OPCODES) {
        return py.value_error(&format!("code: {e}"));
    }
    if let Some(at) = references::misfit(&new) {
        return py.value_error(&format!("code: instruction {at} refers to a constant or variable of another kind"));
    }
    extra::renew(&mut new, documentation, &visits);
    Ok(new)
}

fn wrong<T>(py: Py<'_>, given: &Given<'_>, name: &str, class: &str, v: Value) -> R<T> {
    let (function, found) = (given.function, py.class_name(v));
    py.type_error(&format!("{function}() argument '{name}' must be {class}, not {found}"))
}

fn text(py: Py<'_>, given: &Given<'_>, name: &str, v: Value) -> R<String> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(string::to_rust(s)),
        None => wrong(py, given, name, "str", v),
    }
}

fn tuple_of(py: Py<'_>, given: &Given<'_>, name: &str, v: Value) -> R<Object> {
    match py.as_tuple(v) {
        Some(t) => Ok(t),
        None => wrong(py, given, name, "tuple", v),
    }
}

fn bytes_of<'b>(py: Py<'_>, given: &Given<'_>, name: &str, v: Value) -> R<&'b [u8]> {
    match py.as_bytes(v) {
        Some(b) => Ok(bytes::slice(b)),
        None => wrong(py, given, name, "bytes", v),
    }
}

/// A tuple of texts, if it is given.
fn texts(py: Py<'_>, given: &Given<'_>, name: &str) -> R<Option<Box<[Box<str>]>>> {
    let Some(v) = (given.value)(name) else { return Ok(None) };
    let items = tuple::items(tuple_of(py, given, name, v)?);
    let text = |v| match string::exact_or_payload(py, v) {
        Some(s) => Ok(string::to_rust(s).into()),
        None => {
            let found = py.class_name(v);
            py.type_error(&format!("name tuples must contain only strings, not '{found}'"))
        }
    };
    items.map(text).collect::<R<_>>().map(Some)
}

fn counts(py: Py<'_>, code: &mut Code, given: &Given<'_>) -> R<()> {
    let Parameters { positional, positional_only, keyword_only, .. } = &mut code.parameters;
    let counts =
        [("co_argcount", positional), ("co_posonlyargcount", positional_only), ("co_kwonlyargcount", keyword_only)];
    for (name, count) in counts {
        let Some(v) = (given.value)(name) else { continue };
        *count = match u16::try_from(py.index_i32(v)?) {
            Ok(n) => n,
            Err(_) => return py.value_error(&format!("code: {name} is no number of parameters")),
        };
    }
    if code.parameters.positional_only > code.parameters.positional {
        return py.value_error("code: co_posonlyargcount is larger than co_argcount");
    }
    Ok(())
}

/// Flags by CPython's numbers. Those of generators and the like only say so where the instructions do not suspend.
fn flags(py: Py<'_>, code: &mut Code, wanted: u32, all: bool) -> R<()> {
    const OPTIMIZED: u32 = 0x1 | 0x2;
    const VARIADIC: u32 = 0x4;
    const KEYWORDS: u32 = 0x8;
    const KINDS: u32 = 0x20 | 0x80 | 0x200;
    let known = FLAGS.iter().fold(VARIADIC | KEYWORDS, |f, (_, theirs)| f | theirs);
    let suspends = if all { wanted & KINDS != 0 } else { code.flags & code_flag::SUSPENDS != 0 };
    let refused = if wanted & !known != 0 {
        Some("there is no such flag")
    } else if ![0, OPTIMIZED].contains(&(wanted & OPTIMIZED)) || !all && (cpython_flags(code) ^ wanted) & OPTIMIZED != 0
    {
        Some("where names are looked for is in the instructions")
    } else if suspends && (wanted & KINDS).count_ones() != 1 {
        Some("instructions that suspend are those of one kind of generator")
    } else {
        None
    };
    if let Some(reason) = refused {
        return py.value_error(&format!("code: wrong co_flags: {reason}"));
    }
    for (ours, theirs) in FLAGS {
        code.flags = if wanted & theirs != 0 { code.flags | ours } else { code.flags & !ours };
    }
    code.flags |= if suspends { code_flag::SUSPENDS } else { 0 };
    code.parameters.variadic = wanted & VARIADIC != 0;
    code.parameters.keywords = wanted & KEYWORDS != 0;
    Ok(())
}

/// Sets the constants, of which the first is a function's documentation: that is returned. Holes, which are no values, stay.
fn constants(py: Py<'_>, code: &mut Code, given: Object) -> R<Option<Constant>> {
    let mut given = tuple::items(given);
    let mut documentation = None;
    if code.flags & flag::FUNCTION != 0 {
        documentation = match given.next().map(|v| constant(py, v)).transpose()? {
            Some(text @ Constant::Str(_)) => Some(text),
            Some(Constant::None) => None,
            _ => return py.value_error("code: the first of a function's co_consts is its documentation, or None"),
        };
    }
    let mut constants = Vec::with_capacity(given.len());
    for old in &code.constants {
        if *old == Constant::Empty {
            constants.push(Constant::Empty);
        } else if let Some(v) = given.next() {
            constants.push(constant(py, v)?);
        } else {
            break;
        }
    }
    for v in given {
        constants.push(constant(py, v)?);
    }
    code.constants = constants.into();
    Ok(documentation)
}

/// Checks names against what they are the names of.
fn check_names(py: Py<'_>, code: &Code, given: &Given<'_>, locals: &[Box<str>]) -> R<()> {
    if let Some(v) = (given.value)("co_nlocals")
        && usize::try_from(py.index_i32(v)?) != Ok(locals.len())
    {
        return py.value_error("code: co_nlocals != len(co_varnames)");
    }
    if code.parameters.registers() > locals.len() {
        return py.value_error("code: co_varnames is too small");
    }
    Ok(())
}

/// Gives the variables of a code other names, and adds some; how many there are now.
fn renamed(py: Py<'_>, code: &mut Code, given: &Given<'_>) -> R<usize> {
    let own = |names: Vec<&str>| names.into_iter().map(Box::from).collect::<Vec<Box<str>>>();
    let (old_locals, old_cells) = (own(local_names(code)), own(cell_names(code)));
    let locals = texts(py, given, "co_varnames")?.map_or_else(|| old_locals.clone(), Vec::from);
    check_names(py, code, given, &locals)?;
    if locals.len() < old_locals.len() {
        return py.value_error("code: co_varnames lacks variables that the instructions have");
    }
    let mut names: HashMap<&str, &str> = old_locals.iter().zip(&locals).map(|(old, new)| (&**old, &**new)).collect();
    // A parameter in a cell has one name.
    let cells: Vec<Box<str>> = match texts(py, given, "co_cellvars")? {
        Some(cells) => cells.into(),
        None => old_cells.iter().map(|c| names.get(&**c).map_or_else(|| c.clone(), |n| Box::from(*n))).collect(),
    };
    if cells.len() < old_cells.len() {
        return py.value_error("code: co_cellvars lacks variables that the instructions have");
    }
    for (old, new) in old_cells.iter().zip(&cells) {
        if *names.entry(old).or_insert(new) != &**new {
            return py.value_error("code: a parameter has one name in co_varnames and another in co_cellvars");
        }
    }
    // What was caught has the last variable, whose name is no program's to change.
    let named = code.variables.len() - usize::from(code.caught.is_some());
    let mut variables: Vec<Box<str>> =
        code.variables[..named].iter().map(|v| names.get(&**v).map_or_else(|| v.clone(), |n| Box::from(*n))).collect();
    variables.extend(locals[old_locals.len()..].iter().cloned());
    let mut in_cells = code.cells.to_vec();
    for cell in &cells[old_cells.len()..] {
        let parameter = variables[..code.parameters.registers()].iter().position(|v| v == cell);
        if parameter.is_none() && variables.contains(cell) {
            return py.value_error("code: a variable stands in co_varnames and in co_cellvars");
        }
        let register = parameter.unwrap_or_else(|| {
            variables.push(cell.clone());
            variables.len() - 1
        });
        in_cells.push(register as u16);
    }
    if code.caught.is_some() {
        code.caught = u16::try_from(variables.len()).ok();
        variables.push(CAUGHT.into());
    }
    in_cells.sort_unstable();
    in_cells.dedup();
    if variables.len() > usize::from(u16::MAX) {
        return py.value_error("code: too many variables");
    }
    (code.variables, code.cells) = (variables.into(), in_cells.into());
    Ok(code.variables.len())
}

/// Tells the variables of instructions from names alone, where there are as many as registers that are no temporaries: cells are
/// those that instructions make cells of.
fn layout(py: Py<'_>, code: &mut Code, given: &Given<'_>) -> R<usize> {
    let (locals, cells) = (texts(py, given, "co_varnames")?.unwrap_or_default(), texts(py, given, "co_cellvars")?);
    check_names(py, code, given, &locals)?;
    let mut made: Vec<u16> = code.instructions.iter().filter(|i| i.op == MAKE_CELL).map(|i| i.a).collect();
    made.sort_unstable();
    made.dedup();
    let cells = cells.unwrap_or_default();
    let (mut locals, mut cells) = (locals.into_iter().peekable(), cells.into_iter().peekable());
    let (parameters, mut variables) = (code.parameters.registers(), Vec::new());
    let different = || py.value_error("code: the instructions make cells of other variables than co_cellvars has");
    while locals.peek().is_some() || cells.peek().is_some() {
        let register = variables.len();
        let is_cell = made.iter().any(|r| usize::from(*r) == register);
        let name = if register < parameters || !is_cell { locals.next() } else { None };
        if is_cell {
            let Some(cell) = cells.next() else { return different() };
            if name.as_ref().is_some_and(|n| *n != cell) {
                return different();
            }
            variables.push(cell);
        } else {
            let Some(name) = name else { return different() };
            variables.push(name);
        }
    }
    if made.last().is_some_and(|r| usize::from(*r) >= variables.len()) || variables.len() > usize::from(u16::MAX) {
        return different();
    }
    (code.variables, code.cells) = (variables.into(), made.into());
    Ok(code.variables.len())
}

/// The variable for what was caught stays one if nothing names it. In a code made of attributes, which do not show it, it stands behind the
/// variables.
fn keep_caught(code: &mut Code, all: bool) {
    let register = if all { u16::try_from(code.variables.len()).ok() } else { code.caught };
    code.caught = register.filter(|r| {
        let named = |range: Range<usize>| range.contains(&usize::from(*r));
        let names = |i: &Instruction| {
            OPCODES.get(usize::from(i.op)).is_some_and(|info| info.accesses(i).any(|(_, range)| named(range)))
        };
        code.flags & code_flag::SUSPENDS == 0
            && (!all || usize::from(*r) + 1 < needed(code))
            && usize::from(*r) >= code.parameters.registers()
            && *r < code.registers
            && !code.exceptions.iter().any(|e| e.register == *r)
            && !code.instructions.iter().any(names)
    });
    if all && code.caught.is_some() {
        let mut variables = std::mem::take(&mut code.variables).into_vec();
        variables.push(CAUGHT.into());
        code.variables = variables.into();
    }
}

/// Registers that the instructions and the exception table speak of.
fn needed(code: &Code) -> usize {
    let of = |i: &Instruction| OPCODES.get(usize::from(i.op))?.accesses(i).map(|(_, range)| range.end).max();
    let used = code.instructions.iter().filter_map(of);
    let caught = code.exceptions.iter().map(|e| usize::from(e.register) + 1);
    used.chain(caught).max().unwrap_or(0)
}

/// Moves the temporaries of an instruction, which begin at `first`.
fn shift(i: &mut Instruction, first: usize, by: usize) {
    let Some(info) = OPCODES.get(usize::from(i.op)) else { return };
    let registers: [bool; 3] = info.operands.map(|o| o.is_register());
    for (field, _) in [&mut i.a, &mut i.b, &mut i.c].into_iter().zip(registers).filter(|(_, is)| *is) {
        if usize::from(*field) >= first {
            *field = field.saturating_add(by as u16);
        }
    }
}

/// Of `co_code`.
fn instructions(py: Py<'_>, bytes: &[u8]) -> R<Box<[Instruction]>> {
    let (found, []) = bytes.as_chunks::<12>() else { return py.value_error("code: co_code is malformed") };
    let instruction = |b: &[u8; 12]| {
        let field = |n: usize| u16::from_le_bytes([b[2 * n], b[2 * n + 1]]);
        Instruction::new(field(0), field(1), field(2), field(3), i32::from_le_bytes([b[8], b[9], b[10], b[11]]))
    };
    Ok(found.iter().map(instruction).collect())
}

/// Of `co_exceptiontable`.
fn exceptions(py: Py<'_>, bytes: &[u8]) -> R<Box<[ExceptionEntry]>> {
    let (found, []) = bytes.as_chunks::<16>() else { return py.value_error("code: co_exceptiontable is malformed") };
    let entry = |b: &[u8; 16]| {
        let word = |n: usize| u32::from_le_bytes([b[4 * n], b[4 * n + 1], b[4 * n + 2], b[4 * n + 3]]);
        let register = u16::try_from(word(3)).unwrap_or(u16::MAX);
        ExceptionEntry { start: word(0), end: word(1), handler: word(2), register }
    };
    Ok(found.iter().map(entry).collect())
}

/// Sets the first line and the places of instructions. Lines that are visited without one stay while both instructions and places
/// do.
fn places(py: Py<'_>, old: &Code, new: &mut Code, given: &Given<'_>, recoded: bool) -> R<Vec<Visit>> {
    if let Some(v) = (given.value)("co_firstlineno") {
        let Ok(line) = u32::try_from(py.index_i32(v)?) else {
            return py.value_error("co_firstlineno must be a positive integer");
        };
        new.first_line = line;
    }
    let own = || locations::encode(old.first_line, &old.positions, true);
    let (table, count) = match (given.value)("co_linetable") {
        Some(v) => (bytes_of(py, given, "co_linetable", v)?.to_vec(), new.instructions.len()),
        None => (own(), new.instructions.len()),
    };
    let changed = recoded && old.instructions.len() != count || table != own();
    new.positions = locations::decode(new.first_line, &table, count).into();
    if changed {
        return Ok(Vec::new());
    }
    let moved = |line: u32| (i64::from(line) + i64::from(new.first_line) - i64::from(old.first_line)) as u32;
    let shifted = |v: Visit| {
        let Position { line, end_line, .. } = v.position;
        Visit { position: Position { line: moved(line), end_line: moved(end_line), ..v.position }, ..v }
    };
    Ok(extra::all_visits(old).map(shifted).collect())
}

/// The constructor's: all attributes in its order, the last two possibly left out.
pub(super) fn construct(py: Py<'_>, given: &Given<'_>) -> R<Code> {
    for (name, what) in [("co_argcount", "argcount"), ("co_posonlyargcount", "posonlyargcount")]
        .into_iter()
        .chain([("co_kwonlyargcount", "kwonlyargcount"), ("co_nlocals", "nlocals")])
    {
        if let Some(v) = (given.value)(name)
            && py.index_i32(v)? < 0
        {
            return py.err(Exc::ValueError, &format!("code: {what} must not be negative"));
        }
    }
    change(py, &Code::default(), given, true)
}

/// Are two codes the same but for the file and the qualified name, as CPython compares them?
pub(super) fn same(a: &Code, b: &Code) -> bool {
    let documentation = |c: &Code| extra::documentation(c.flags, &c.extra).cloned();
    let constants = || a.constants.iter().zip(&b.constants).all(|(a, b)| same_constant(a, b));
    a.name == b.name
        && a.first_line == b.first_line
        && cpython_flags(a) == cpython_flags(b)
        && a.parameters == b.parameters
        && a.instructions == b.instructions
        && a.exceptions == b.exceptions
        && a.positions == b.positions
        && (&a.variables, &a.cells, &a.free, &a.names) == (&b.variables, &b.cells, &b.free, &b.names)
        && a.constants.len() == b.constants.len()
        && constants()
        && documentation(a) == documentation(b)
}

fn same_constant(a: &Constant, b: &Constant) -> bool {
    match (a, b) {
        (Constant::Code(a), Constant::Code(b)) => same(a, b),
        (Constant::FrozenSet(a), Constant::FrozenSet(b)) if a.len() == b.len() => {
            let items: std::collections::HashSet<&Constant> = a.iter().collect();
            b.iter().all(|item| items.contains(item))
        }
        _ => a == b,
    }
}
