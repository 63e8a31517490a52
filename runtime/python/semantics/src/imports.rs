//! `import` statements.

use crate::NO_SLOT;
use crate::stub::IMPORT_NAME;
use vm_api::code::Instruction;
use vm_api::engine::{Machine, R};
use vm_api::heap::Value;

/// `a = __import__(name d, fromlist b, level c)`
#[inline(always)]
pub(crate) fn import_name<M: Machine>(m: &M, i: &Instruction) -> R {
    let level = m.word(Value::int(i64::from(i.c)).bits());
    m.set(i.a, m.stub(&IMPORT_NAME, [m.get(i.b), level, m.function()], i.d, NO_SLOT)?);
    Ok(())
}
