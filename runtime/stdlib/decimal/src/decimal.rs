//! The type `Decimal`: its objects, and how they are made.
//!
//! An object holds a coefficient of up to 38 digits within itself, a longer one in a leaf.

use crate::argument;
use crate::context;
use crate::number::small::Small;
use crate::number::{Dec, Kind, Limbs};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};
use vm_api::heap::Layout;

pub(crate) static DECIMAL: TypeSpec = TypeSpec::new(
    "decimal",
    "Decimal",
    Layout::Bitmap { words: 6, bits: 1 << word::LONG },
    METHODS,
    "A decimal floating-point number.\n\nDecimal(value='0', context=None): value is an integer, a string, a float, another Decimal, or a tuple of sign, digits\nand exponent. The conversion is exact.",
)
.inheritable()
.with_methods(crate::operators::METHODS)
.with_methods(crate::decimal_methods::METHODS)
.with_methods(crate::decimal_methods::IN_CONTEXT);
mod word {
    /// The exponent.
    pub(super) const EXP: usize = 1;
    /// Sign, kind and number of limbs; see [`super::head`].
    pub(super) const HEAD: usize = 2;
    /// Two limbs, if there are no more.
    pub(super) const LIMBS: usize = 3;
    /// All limbs in a leaf, if there are more.
    pub(super) const LONG: usize = 5;
}
/// Limbs within the object.
const INLINE: usize = 2;
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, value='0', context=None", new, "Create and return a new object."),
    Native::class_method(
        "from_float",
        "cls, f, /",
        from_float,
        "Convert a float to a Decimal, exactly. Integers are taken, too.",
    ),
];

pub(crate) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&DECIMAL)
}
fn head(d: &Dec) -> u64 {
    u64::from(d.negative) | (d.kind as u64) << 1 | (d.limbs.len() as u64) << 8
}
/// An object's number.
#[inline]
pub(crate) fn load(o: Object) -> Dec {
    let head = o.word(word::HEAD);
    let kind = match head >> 1 & 3 {
        0 => Kind::Finite,
        1 => Kind::Infinite,
        2 => Kind::Quiet,
        _ => Kind::Signaling,
    };
    let count = (head >> 8) as usize;
    let mut limbs = Limbs::new();
    if count <= INLINE {
        limbs.extend((0..count).map(|i| o.word(word::LIMBS + i)));
    } else if let Some(leaf) = Object::from_value(o.get(word::LONG)) {
        limbs.extend((0..count).map(|i| leaf.word(Layout::FIRST_ELEMENT + i)));
    }
    Dec { negative: head & 1 != 0, kind, exp: o.word(word::EXP) as i64, limbs }
}
/// An object's number, if it is a small one.
#[inline]
pub(crate) fn load_small(o: Object) -> Option<Small> {
    let head = o.word(word::HEAD);
    let (negative, exp) = (head & 1 != 0, o.word(word::EXP) as i64);
    let limb = |i| o.word(word::LIMBS + i);
    // Without the sign there is the number of limbs, if it is finite.
    match (head & !1).rotate_right(8) {
        0 => Some(Small::from_limbs(negative, exp, 0, 0)),
        1 => Some(Small::from_limbs(negative, exp, limb(0), 0)),
        2 => Some(Small::from_limbs(negative, exp, limb(0), limb(1))),
        _ => None,
    }
}
/// A small number as an object of the class itself.
#[inline]
pub(crate) fn make_small(py: Py<'_>, d: &Small) -> R {
    let o = py.alloc_instance(class(py)?)?;
    let (limbs, count) = d.limbs();
    o.set_word(word::EXP, d.exp as u64);
    for (i, limb) in limbs.iter().enumerate().take(count) {
        o.set_word(word::LIMBS + i, *limb);
    }
    o.set_word(word::HEAD, u64::from(d.negative) | (count as u64) << 8);
    Ok(o.value())
}
/// A number as an object of the class itself.
#[inline]
pub(crate) fn make(py: Py<'_>, d: &Dec) -> R {
    let class = class(py)?;
    fill(py, py.alloc_instance(class)?, d)
}
/// A number as an object of a class that inherits from it.
pub(crate) fn make_of(py: Py<'_>, class: Value, d: &Dec) -> R {
    fill(py, py.new_native_of(class, &DECIMAL)?, d)
}
fn fill(py: Py<'_>, o: Object, d: &Dec) -> R {
    o.set_word(word::EXP, d.exp as u64);
    if d.limbs.len() > INLINE {
        let leaf = py.new_leaf(8 * d.limbs.len())?;
        for (i, limb) in d.limbs.iter().enumerate() {
            leaf.set_word(Layout::FIRST_ELEMENT + i, *limb);
        }
        py.store(o, word::LONG, leaf.value());
    } else {
        for (i, limb) in d.limbs.iter().enumerate() {
            o.set_word(word::LIMBS + i, *limb);
        }
    }
    o.set_word(word::HEAD, head(d));
    Ok(o.value())
}
/// The number of a decimal object.
#[inline]
pub(crate) fn number(py: Py<'_>, v: Value) -> Option<Dec> {
    py.of_kind(v, DECIMAL.kind).map(load)
}
/// The number that a method was called on.
#[inline]
pub(crate) fn this(py: Py<'_>, args: Args<'_>) -> R<Dec> {
    py.native_self(args.at(0), &DECIMAL).map(load)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let context = context::argument(py, args.opt(2))?;
    let own = class(py)?.value();
    let Some(v) = args.opt(1) else { return make_of(py, args.at(0), &Dec::zero(false, 0)) };
    // A number of the class itself is immutable.
    if args.at(0) == own && py.of_kind(v, DECIMAL.kind).is_some() && py.class_of(v).value() == own {
        return Ok(v);
    }
    let d = argument::exact(py, v, context)?;
    make_of(py, args.at(0), &d)
}
fn from_float(py: Py<'_>, args: Args<'_>) -> R {
    let d = argument::float_or_int(py, args.at(1))?;
    let made = make(py, &d)?;
    // Subclasses make one of theirs from it.
    if args.at(0) == class(py)?.value() { Ok(made) } else { py.call(args.at(0), &[made]) }
}
