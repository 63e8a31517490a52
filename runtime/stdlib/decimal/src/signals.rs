//! Exceptions, and what makes an operation's conditions into one.

use crate::context;
use crate::kept;
use crate::number::status;
use python_objects::{Exc, Object, Py, R, Value};

/// A class of exceptions.
struct Class {
    name: &'static str,
    /// The bases, by their place in the table or among the built-in ones.
    bases: &'static [Base],
    /// The condition or signal that it stands for; 0: none.
    flag: u32,
}
enum Base {
    Own(usize),
    BuiltIn(Exc),
}
use Base::{BuiltIn, Own};
/// The base of all.
const EXCEPTION: usize = 0;
/// The signals come first behind it, in the order in which they are looked for.
const FIRST_SIGNAL: usize = 1;
pub(crate) const SIGNALS: usize = 9;
const FIRST_CONDITION: usize = FIRST_SIGNAL + SIGNALS;
pub(crate) const COUNT: usize = FIRST_CONDITION + 4;

const INVALID_OPERATION: usize = FIRST_SIGNAL;
const SUBNORMAL: usize = FIRST_SIGNAL + 5;
const INEXACT: usize = FIRST_SIGNAL + 6;
const ROUNDED: usize = FIRST_SIGNAL + 7;

static CLASSES: [Class; COUNT] = {
    const fn class(name: &'static str, flag: u32, bases: &'static [Base]) -> Class {
        Class { name, bases, flag }
    }
    [
        class("DecimalException", 0, &[BuiltIn(Exc::ArithmeticError)]),
        class("InvalidOperation", status::INVALID, &[Own(EXCEPTION)]),
        class("FloatOperation", status::FLOAT_OPERATION, &[Own(EXCEPTION), BuiltIn(Exc::TypeError)]),
        class("DivisionByZero", status::DIVISION_BY_ZERO, &[Own(EXCEPTION), BuiltIn(Exc::ZeroDivisionError)]),
        class("Overflow", status::OVERFLOW, &[Own(INEXACT), Own(ROUNDED)]),
        class("Underflow", status::UNDERFLOW, &[Own(INEXACT), Own(ROUNDED), Own(SUBNORMAL)]),
        class("Subnormal", status::SUBNORMAL, &[Own(EXCEPTION)]),
        class("Inexact", status::INEXACT, &[Own(EXCEPTION)]),
        class("Rounded", status::ROUNDED, &[Own(EXCEPTION)]),
        class("Clamped", status::CLAMPED, &[Own(EXCEPTION)]),
        class("ConversionSyntax", status::CONVERSION_SYNTAX, &[Own(INVALID_OPERATION)]),
        class("DivisionImpossible", status::DIVISION_IMPOSSIBLE, &[Own(INVALID_OPERATION)]),
        class(
            "DivisionUndefined",
            status::DIVISION_UNDEFINED,
            &[Own(INVALID_OPERATION), BuiltIn(Exc::ZeroDivisionError)],
        ),
        class("InvalidContext", status::INVALID_CONTEXT, &[Own(INVALID_OPERATION)]),
    ]
};
/// An order in which bases are made before what inherits from them.
const ORDER: [usize; COUNT] = [0, 1, 2, 3, 6, 7, 8, 9, 4, 5, 10, 11, 12, 13];

/// The names of all classes.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|c| c.name)
}
/// Makes the classes; their numbers as kept values.
pub(crate) fn make(py: Py<'_>) -> R<[u32; COUNT]> {
    let mut made = [0; COUNT];
    let module = py.str("decimal")?;
    for i in ORDER {
        let class = &CLASSES[i];
        let bases = py.new_tuple(class.bases.len())?;
        for (at, base) in class.bases.iter().enumerate() {
            let base = match base {
                Own(i) => py.kept(made[*i]),
                BuiltIn(e) => py.exception_class(*e).value(),
            };
            py.heap().store_element(bases, at, base);
        }
        let namespace = py.new_dict()?;
        py.dict_set_text(namespace, "__module__", module)?;
        let name = py.str(class.name)?;
        let type_class = py.root(python_objects::kind::class::TYPE);
        made[i] = py.keep(py.call(type_class, &[name, bases.value(), namespace.value()])?)?;
    }
    Ok(made)
}
/// The signals: name, flag and class.
pub(crate) fn signals(py: Py<'_>) -> R<impl Iterator<Item = (&'static str, u32, Value)>> {
    let kept = kept::get(py)?;
    Ok((FIRST_SIGNAL..FIRST_CONDITION).map(move |i| (CLASSES[i].name, CLASSES[i].flag, py.kept(kept.signals[i]))))
}
/// The flag of a signal's class; `None`: it is none.
pub(crate) fn flag_of(py: Py<'_>, class: Value) -> R<Option<u32>> {
    Ok(signals(py)?.find(|s| s.2 == class).map(|s| s.1))
}
/// Names of signals, in the order of their flags, as contexts show them.
pub(crate) fn shown(flags: u32) -> String {
    let mut found: Vec<_> = CLASSES[FIRST_SIGNAL..FIRST_CONDITION].iter().filter(|c| flags & c.flag != 0).collect();
    // InvalidOperation is in the place of the first of the conditions that it stands for and that are there.
    found.sort_by_key(|c| (flags & c.flag).trailing_zeros());
    let names: Vec<_> = found.iter().map(|c| c.name).collect();
    format!("[{}]", names.join(", "))
}
/// Conditions of an operation: flags are raised in the context, and the exception of a signal that is trapped.
#[inline]
pub(crate) fn signal(py: Py<'_>, context: Object, conditions: u32) -> R<()> {
    if conditions == 0 {
        return Ok(());
    }
    context::add_status(context, conditions);
    let trapped = conditions & context::traps(context);
    if trapped == 0 { Ok(()) } else { raise(py, trapped) }
}
#[cold]
fn raise(py: Py<'_>, trapped: u32) -> R<()> {
    let kept = kept::get(py)?;
    let list = py.new_list(2)?;
    // The conditions behind it by name, then the other signals.
    let invalid = std::iter::once((INVALID_OPERATION, status::INVALID_OPERATION));
    let conditions = invalid.chain((FIRST_CONDITION..COUNT).map(|i| (i, CLASSES[i].flag)));
    let signals = (FIRST_SIGNAL + 1..FIRST_CONDITION).map(|i| (i, CLASSES[i].flag));
    for (i, flag) in conditions.chain(signals) {
        if trapped & flag != 0 {
            py.list_push(list, py.kept(kept.signals[i]))?;
        }
    }
    let Some(i) = (FIRST_SIGNAL..FIRST_CONDITION).find(|i| CLASSES[*i].flag & trapped != 0) else { return Ok(()) };
    let class = py.kept(kept.signals[i]);
    let e = py.call(class, &[list.value()])?;
    Err(py.throw(py.make_exception(e)?))
}
