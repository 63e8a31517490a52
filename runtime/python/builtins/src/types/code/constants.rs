//! Values as constants of a code.

use python_objects::int::with_operand;
use python_objects::kind::Kind;
use python_objects::{Object, Py, R, Value, bytes, set, string, tuple};
use std::sync::Arc;
use vm_api::code::Constant;

/// A value as a constant. TypeError for one that no constant can be: those are values of built-in immutable types.
pub(super) fn constant(py: Py<'_>, v: Value) -> R<Constant> {
    py.check_native_stack()?;
    let exact = Object::from_value(v).is_none_or(|o| py.class_of(v).value() == py.root(py.object_kind(o).0 & 0x7fff));
    Ok(match py.kind(v) {
        _ if !exact => return refused(py, v),
        Kind::NONE if v == Value::NONE => Constant::None,
        Kind::ELLIPSIS => Constant::Ellipsis,
        Kind::BOOL => Constant::Bool(v == Value::TRUE),
        Kind::INT => with_operand(v, |i| {
            let digits: Vec<u32> = i.magnitude.iter().flat_map(|limb| [*limb as u32, (limb >> 32) as u32]).collect();
            Constant::integer(i.negative, &digits)
        }),
        Kind::FLOAT => Constant::Float(v.as_float()),
        Kind::COMPLEX => {
            let (re, im) = py.as_complex(v).unwrap_or_default();
            Constant::Complex(re, im)
        }
        Kind::STR => {
            let mut text = Vec::new();
            string::push_wtf8(Object::of(v), &mut text);
            Constant::Str(text.into())
        }
        Kind::BYTES => Constant::Bytes(bytes::slice(Object::of(v)).into()),
        Kind::TUPLE => Constant::Tuple(tuple::items(Object::of(v)).map(|v| constant(py, v)).collect::<R<_>>()?),
        Kind::FROZENSET => {
            let (mut items, mut at) = (Vec::new(), 0);
            while let Some((i, item)) = set::next_item(Object::of(v), at) {
                at = i + 1;
                items.push(constant(py, item)?);
            }
            Constant::FrozenSet(items.into())
        }
        Kind::CODE => Constant::Code(Arc::new(py.unlinked(Object::of(v))?)),
        _ => return refused(py, v),
    })
}

#[cold]
fn refused(py: Py<'_>, v: Value) -> R<Constant> {
    let class = py.class_name(v);
    py.type_error(&format!("constants of code are values of built-in immutable types, which '{class}' is not"))
}
