//! `_count_elements`: what `Counter` counts with.

use python_objects::kind::class as builtin;
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Py, R, Value, dict};

pub(super) static FUNCTIONS: &[Native] = &[Native::function(
    "_count_elements",
    "mapping, iterable, /",
    count_elements,
    "Count elements in the iterable, updating the mapping",
)];

fn count_elements(py: Py<'_>, args: Args<'_>) -> R {
    let (mapping, one) = (args.at(0), Value::int(1));
    let (class, dict_class) = (py.class_of(mapping), py.builtin_class(builtin::DICT));
    let plain = |name| py.lookup(class, name) == py.lookup(dict_class, name);
    if let Some(d) = py.as_dict(mapping)
        && plain(sym::GET_METHOD)
        && plain(sym::SETITEM)
    {
        py.each(args.at(1), |key| {
            let hash = py.hash(key)?;
            let count = match py.dict_find(d, key, hash)? {
                Some(i) => py.binary(BinaryOp::Add, dict::entry_value(d, i), one)?,
                None => one,
            };
            py.dict_set_hashed(d, key, hash, count)
        })?;
        return Ok(Value::NONE);
    }
    let get = py.get_attribute(mapping, sym::GET_METHOD)?;
    py.each(args.at(1), |key| {
        let count = py.call(get, &[key, Value::int(0)])?;
        let count = py.binary(BinaryOp::Add, count, one)?;
        py.set_item(mapping, key, count)
    })?;
    Ok(Value::NONE)
}
