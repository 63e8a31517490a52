//! What a code of Python has in [`Code::extra`]: its documentation, and which attributes it gives its first parameter.
//!
//! Both can be read without the rest of a code that is still in its file: the first for `__doc__`, the second for the room
//! that instances of a class are given for attributes.

use crate::opcodes::{STORE_ATTR, flag};
use vm_code::{Code, Constant};

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
