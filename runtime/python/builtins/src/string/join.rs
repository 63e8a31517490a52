//! `str`: joining.

use super::this;
use crate::text::joinable;
use python_objects::py::root;
use python_objects::{Args, Native, Object, Py, R, Value, string};

pub(super) static METHODS: &[Native] =
    &[Native::method("join", "self, iterable, /", join, "The strings of an iterable with this one between them.")];

fn join(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    Ok(join_strings(py, s, args.at(1))?.value())
}

/// `separator.join(iterable)`
fn join_strings(py: Py<'_>, separator: Object, iterable: Value) -> R<Object> {
    let items = match joinable(py, iterable)? {
        Some(items) => items,
        None => return py.type_error("can only join an iterable"),
    };
    let n = items.length();
    let (mut total, mut most) = (0u128, if n > 1 { string::most(separator) } else { 0 });
    for i in 0..n {
        let Some(piece) = string::exact_or_payload(py, items.element(i)) else {
            return py.type_error(&format!(
                "sequence item {i}: expected str instance, {} found",
                py.class_name(items.element(i))
            ));
        };
        total += string::length(piece) as u128;
        if i & 0xFFFF == 0xFFFF {
            py.poll()?;
        }
        most = most.max(string::most(piece));
    }
    if n == 0 {
        return Ok(Object::of(py.root(root::EMPTY_STRING)));
    }
    if n == 1
        && let Some(only) = string::exact_or_payload(py, items.element(0))
    {
        return Ok(only);
    }
    total += string::length(separator) as u128 * (n as u128 - 1);
    py.check_bits(total * 8)?;
    if total == 0 {
        return Ok(Object::of(py.root(root::EMPTY_STRING)));
    }
    let mut b = py.str_builder(total as usize, most)?;
    let work = &mut py.work();
    for i in 0..n {
        if i > 0 {
            py.push_units(&mut b, string::units(separator))?;
        }
        if let Some(piece) = string::exact_or_payload(py, items.element(i)) {
            py.push_units(&mut b, string::units(piece))?;
            work.spend(string::length(piece) + 16).map_err(|e| py.interrupted(e))?;
        }
    }
    Ok(b.finish())
}
