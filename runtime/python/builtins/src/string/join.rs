//! `str`: joining.

use super::this;
use crate::text::joinable;
use python_objects::py::root;
use python_objects::{Args, Native, Object, Py, R, Value, list, string};
use python_text::Units;

pub(super) static METHODS: &[Native] =
    &[Native::method("join", "self, iterable, /", join, "The strings of an iterable with this one between them.")];

fn join(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    Ok(join_strings(py, s, args.at(1))?.value())
}

/// Lists of so many items are read as they stand, and texts of so many code points made without a look for interrupts: nothing
/// changes the list meanwhile.
const SHORT: usize = 1 << 10;

/// `separator.join(iterable)`
fn join_strings(py: Py<'_>, separator: Object, iterable: Value) -> R<Object> {
    if let Some(l) = py.as_list(iterable).filter(|l| (1..=SHORT).contains(&list::length(*l)))
        && let Some(joined) = join_few(py, separator, list::array(l), list::length(l))?
    {
        return Ok(joined);
    }
    let items = match joinable(py, iterable)? {
        Some(items) => items,
        None => return py.type_error("can only join an iterable"),
    };
    join_items(py, separator, items)
}

/// The first items of an array joined, if they are strings, and not too much of them.
fn join_few(py: Py<'_>, separator: Object, items: Object, n: usize) -> R<Option<Object>> {
    let (mut total, mut most) = (string::length(separator) * (n - 1), if n > 1 { string::most(separator) } else { 0 });
    for i in 0..n {
        let Some(piece) = string::exact_or_payload(py, items.element(i)) else { return Ok(None) };
        total = total.saturating_add(string::length(piece));
        most = most.max(string::most(piece));
    }
    if n == 1 || total == 0 || total > SHORT {
        return Ok(None);
    }
    let between = string::units(separator);
    if let Units::One(between) = between
        && most < 128
    {
        let joined = py.ascii_with(total, |to| {
            let mut at = 0;
            let mut put = |part: &[u8]| {
                match *part {
                    [byte] => to[at] = byte,
                    _ => to[at..at + part.len()].copy_from_slice(part),
                }
                at += part.len();
            };
            for i in 0..n {
                if i > 0 {
                    put(between);
                }
                if let Some(Units::One(piece)) = py.units_of(items.element(i)) {
                    put(piece);
                }
            }
        });
        return joined.map(Some);
    }
    let mut b = py.str_builder(total, most)?;
    for i in 0..n {
        if i > 0 {
            b.push_units(between);
        }
        if let Some(piece) = string::exact_or_payload(py, items.element(i)) {
            b.push_units(string::units(piece));
        }
    }
    Ok(Some(b.finish()))
}

fn join_items(py: Py<'_>, separator: Object, items: Object) -> R<Object> {
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
