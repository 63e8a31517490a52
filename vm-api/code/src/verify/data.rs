//! Constants: well-formed, and not nested too deep.

use super::{Checked, Fault, constants};
use crate::code::Code;
use crate::constant::{Constant, MAX_NESTING, items};
use crate::text_encoding::is_generalized_utf8;
use std::sync::Arc;

pub(super) fn check(code: &Code) -> Checked {
    let mut waiting: Vec<&Constant> = constants(code).collect();
    while let Some(constant) = waiting.pop() {
        match constant {
            Constant::Str(text) if !is_generalized_utf8(text) => return Err((None, Fault::Text)),
            Constant::BigInt { negative, digits } if crate::constant::fits_i64(*negative, digits) => {
                return Err((None, Fault::Integer));
            }
            _ => waiting.extend(items(constant)),
        }
    }
    Ok(())
}

/// The codes among the constants of `code`, which itself is at `depth`, each with its depth.
pub(super) fn nested(code: &Code, depth: usize) -> Result<Vec<(&Arc<Code>, usize)>, Fault> {
    let mut found = Vec::new();
    let mut waiting: Vec<(&Constant, usize)> = constants(code).map(|c| (c, depth)).collect();
    while let Some((constant, depth)) = waiting.pop() {
        let inside = depth + 1;
        if let Constant::Code(code) = constant {
            found.push((code, inside));
        }
        let nests =
            matches!(constant, Constant::Code(_) | Constant::Deferred(_) | Constant::Tuple(_) | Constant::FrozenSet(_));
        if nests && inside > MAX_NESTING {
            return Err(Fault::Nesting);
        }
        waiting.extend(items(constant).iter().map(|c| (c, inside)));
    }
    Ok(found)
}
