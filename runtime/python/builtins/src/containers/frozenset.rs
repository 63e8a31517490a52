//! `frozenset`

use crate::containers::{set, set_operations};
use crate::wrappers;
use python_objects::kind::{class, shape};
use python_objects::{Args, Native, Object, Py, R};

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::FROZENSET)?;
    wrappers::no_keywords_to_new(py, cls, class::FROZENSET, args, 2)?;
    let given = args.opt(1);
    if cls == py.builtin_class(class::FROZENSET)
        && let Some(o) = given.and_then(Object::from_value)
        && o.shape() == shape::FROZENSET
    {
        return Ok(o.value());
    }
    let s = py.alloc_instance(cls)?;
    if let Some(iterable) = given {
        set_operations::update(py, s, iterable)?;
    }
    Ok(s.value())
}

static METHODS: &[Native] =
    &[Native::static_method("__new__", "cls, iterable=(), /, **kwargs", new, "Create and return a new object.")];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{CLASS_GETITEM, COMPARISONS, HASH, ITER, LEN, REPR};
    wrappers::add(py, class::FROZENSET, &[METHODS, set::SHARED, COMPARISONS, HASH, ITER, LEN, REPR, CLASS_GETITEM])?;
    wrappers::document(
        py,
        class::FROZENSET,
        "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\nBuild an immutable unordered \
         collection of unique elements.",
    )
}
