//! `_functools`: `partial`, `reduce`, `cmp_to_key`, and the wrapper behind `lru_cache`.

mod key;
mod lru_cache;
mod partial;

pub(crate) use partial::PARTIAL;

use python_objects::class;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

static FUNCTIONS: &[Native] = &[
    Native::function("cmp_to_key", "mycmp", key::cmp_to_key, "Convert a cmp= function into a key= function."),
    Native::function(
        "reduce",
        "function, iterable, initial=None, /",
        reduce,
        "reduce(function, iterable[, initial], /) -> value\n\nApply a function of two arguments cumulatively to the items of an iterable, from left to right.",
    ),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    let doc = py.str("Tools that operate on functions.")?;
    py.dict_set_text(d, "__doc__", doc)?;
    py.add_functions(m, FUNCTIONS)?;
    for spec in [&PARTIAL, &lru_cache::WRAPPER] {
        let class = py.native_type(spec)?;
        py.dict_set_text(d, &class::name(py, class), class.value())?;
    }
    Ok(())
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let r = py.iter(args.at(1));
    let iterator = match r {
        Ok(i) => i,
        Err(stop) => {
            if py.catch(Exc::TypeError).is_some() {
                return py.type_error("reduce() arg 2 must support iteration");
            }
            return Err(stop);
        }
    };
    let mut result = args.opt(2);
    let mut n = 0u32;
    while let Some(v) = py.next(iterator)? {
        result = Some(match result {
            None => v,
            Some(so_far) => py.call(args.at(0), &[so_far, v])?,
        });
        n = n.wrapping_add(1);
        if n & 0xFF == 0 {
            py.poll()?;
        }
    }
    match result {
        Some(v) => Ok(v),
        None => py.type_error("reduce() of empty iterable with no initial value"),
    }
}

/// `v`, or None in its place.
pub(crate) fn or_none(v: Value) -> Value {
    if v.is_empty() { Value::NONE } else { v }
}
