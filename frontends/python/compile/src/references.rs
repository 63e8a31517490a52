//! What instructions refer to, beyond what the verifier knows: it has no idea of what a constant or a register is to hold.
//!
//! Not all that handlers rely on: code that was written by hand may still do anything that bytecode can. It finds what goes wrong
//! by accident when somebody changes the constants, names or variables of a code and leaves the instructions.

use crate::opcodes::*;
use vm_code::{Code, Constant};

/// The first instruction of a verified code that refers to a constant or a variable of a kind which it has no use for.
pub fn misfit(code: &Code) -> Option<usize> {
    let constant = |d: i32| &code.constants[d as usize];
    let is_cell = |register: u16| code.cells.contains(&register);
    let closes_over = |d: i32, count: usize| match constant(d) {
        Constant::Code(inner) => inner.free.len() == count,
        Constant::Deferred(_) => true,
        _ => false,
    };
    code.instructions.iter().position(|i| !match i.op {
        MAKE_FUNCTION => closes_over(i.d, 0),
        MAKE_CLOSURE => closes_over(i.d, usize::from(i.c)),
        CALL_KW | CALL_METHOD_KW => match constant(i.d) {
            Constant::Tuple(names) => {
                names.len() <= usize::from(i.c) && names.iter().all(|n| matches!(n, Constant::Str(_)))
            }
            _ => false,
        },
        BUILD_DICT_K => matches!(constant(i.d), Constant::Tuple(keys) if keys.len() == usize::from(i.c)),
        BUILD_LIST_K => matches!(constant(i.d), Constant::Tuple(_)),
        BUILD_SET_K => matches!(constant(i.d), Constant::FrozenSet(_)),
        MAKE_CELL | STORE_CELL | DELETE_CELL => is_cell(i.a),
        LOAD_CELL => is_cell(i.b),
        _ => true,
    })
}
