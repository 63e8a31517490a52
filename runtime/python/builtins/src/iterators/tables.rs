//! Iterators over dictionaries and sets: raw position; raw size expected, of dictionaries with the number of items left in
//! the upper half; then what is iterated.

use crate::iterators::reduced;
use crate::wrappers::{self, builtin_named};
use python_objects::kind::class;
use python_objects::{Args, Kind, Native, Object, Py, R, dict, set};

fn iterator(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match Object::from_value(args.at(0)) {
        Some(o) => Ok(o),
        None => Err(wrappers::wrong_this(py, args.at(0), Kind::DICT_KEY_ITERATOR)),
    }
}
fn length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let Some(over) = Object::from_value(o.get(3)) else { return py.int(0) };
    if py.object_kind(o) != Kind::SET_ITERATOR {
        let (size, left) = (o.word(2) & 0xFFFF_FFFF, o.word(2) >> 32);
        return py.int(if dict::length(over) as u64 == size { left as i64 } else { 0 });
    }
    if set::length(over) as u64 != o.word(2) {
        return py.int(0);
    }
    py.int_usize((o.word(1) as usize..set::slots(over)).filter(|i| set::item(over, *i).is_some()).count())
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    // What is left, by a copy of the iterator, which stays where it is.
    let rest = py.new_list(0)?;
    let twin = py.alloc(o.shape(), 4)?;
    twin.set_word(1, o.word(1));
    twin.set_word(2, o.word(2));
    twin.init(3, o.get(3));
    while let Some(v) = py.next(twin.value())? {
        py.list_push(rest, v)?;
    }
    reduced(py, builtin_named(py, "iter")?, &[rest.value()], None)
}

static METHODS: &[Native] = &[
    Native::method("__length_hint__", "self, /", length_hint, "Private method returning an estimate of len(list(it))."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    for root in [
        class::DICT_KEY_ITERATOR,
        class::DICT_VALUE_ITERATOR,
        class::DICT_ITEM_ITERATOR,
        class::DICT_REVERSE_KEY_ITERATOR,
        class::DICT_REVERSE_VALUE_ITERATOR,
        class::DICT_REVERSE_ITEM_ITERATOR,
        class::SET_ITERATOR,
    ] {
        wrappers::add(py, root, &[wrappers::ITERATOR, METHODS])?;
    }
    Ok(())
}
