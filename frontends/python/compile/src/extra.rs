//! What a code of Python has in [`Code::extra`]: its documentation, which attributes it gives its first parameter, and lines
//! that are executed without an instruction.
//!
//! The first two can be read without the rest of a code that is still in its file: for `__doc__`, and for the room that
//! instances of a class are given for attributes.
//!
//! Tracers are to see lines like `try:` and `pass`. Code generation gives them a `nop`, and the last pass takes it away again
//! where it can be noted before the instruction behind it instead: so such lines cost nothing while nobody traces.

use crate::opcodes::{STORE_ATTR, flag};
use vm_code::{Code, Constant, Position};

/// A line that is executed before an instruction, without one of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The instruction; each way that leads to it visits the line.
    pub before: u32,
    /// What is visited.
    pub position: Position,
}

/// Bytes of a visit in [`Code::extra`].
const VISIT: usize = 20;

/// Notes the attributes that `code` sets on its first parameter. The documentation is noted already.
pub(crate) fn note_attributes(code: &mut Code) {
    if code.flags & flag::FUNCTION == 0 || code.parameters.positional == 0 {
        return;
    }
    let mut stored: Vec<i32> = Vec::new();
    for i in code.instructions.iter().filter(|i| i.op == STORE_ATTR && i.a == 0) {
        if !stored.contains(&i.d) {
            stored.push(i.d);
        }
    }
    if stored.is_empty() {
        return;
    }
    let name = |d: &i32| Constant::Str(code.names[*d as usize].as_bytes().into());
    let names = Constant::Tuple(stored.iter().map(name).collect());
    code.extra = std::mem::take(&mut code.extra).into_iter().chain([names]).collect();
}

/// Notes of a changed code what can be told: its documentation, if it is to have one, and these visits. The code is a verified
/// one.
pub fn renew(code: &mut Code, documentation: Option<Constant>, visits: &[Visit]) {
    code.flags =
        if documentation.is_some() { code.flags | flag::HAS_DOCSTRING } else { code.flags & !flag::HAS_DOCSTRING };
    code.extra = documentation.into_iter().collect();
    note_attributes(code);
    note_visits(code, visits);
}

/// The documentation of a code with these flags.
pub fn documentation(flags: u32, extra: &[Constant]) -> Option<&Constant> {
    extra.first().filter(|_| flags & flag::HAS_DOCSTRING != 0)
}

/// The attributes that a code with these flags sets on its first parameter.
pub fn stored_attributes(flags: u32, extra: &[Constant]) -> impl Iterator<Item = &str> {
    let names = match extra.get(usize::from(flags & flag::HAS_DOCSTRING != 0)) {
        Some(Constant::Tuple(names)) => &**names,
        _ => &[],
    };
    names.iter().filter_map(|name| match name {
        Constant::Str(text) => std::str::from_utf8(text).ok(),
        _ => None,
    })
}

/// Notes lines that are visited, in their order, ascending by instruction. The last of what is noted.
pub(crate) fn note_visits(code: &mut Code, visits: &[Visit]) {
    if visits.is_empty() {
        return;
    }
    let words = visits.iter().flat_map(|Visit { before, position: p }| {
        [*before, p.line, p.end_line, p.column, p.end_column].map(u32::to_le_bytes)
    });
    let bytes = Constant::Bytes(words.flatten().collect());
    code.extra = std::mem::take(&mut code.extra).into_iter().chain([bytes]).collect();
}

/// The lines that are visited before an instruction, in their order.
pub fn visits(code: &Code, at: u32) -> impl Iterator<Item = Visit> + '_ {
    let (mut first, mut end) = (0, noted(code).len());
    while first < end {
        let middle = first + (end - first) / 2;
        if visit(&noted(code)[middle]).before < at { first = middle + 1 } else { end = middle }
    }
    noted(code)[first..].iter().map(visit).take_while(move |v| v.before == at)
}

/// All lines that are visited.
pub fn all_visits(code: &Code) -> impl Iterator<Item = Visit> + '_ {
    noted(code).iter().map(visit)
}

fn noted(code: &Code) -> &[[u8; VISIT]] {
    match code.extra.last() {
        Some(Constant::Bytes(bytes)) => bytes.as_chunks().0,
        _ => &[],
    }
}

fn visit(bytes: &[u8; VISIT]) -> Visit {
    let word = |n: usize| u32::from_le_bytes([bytes[n * 4], bytes[n * 4 + 1], bytes[n * 4 + 2], bytes[n * 4 + 3]]);
    let position = Position { line: word(1), end_line: word(2), column: word(3), end_column: word(4) };
    Visit { before: word(0), position }
}
