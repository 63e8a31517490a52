//! `_tokenize`: the lexer for programs. The module is there because `linecache` and `traceback` import it; the class that
//! does the work says that it is absent.

use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec};

static ITERATOR: TypeSpec = TypeSpec::values(
    "_tokenize",
    "TokenizerIter",
    1,
    &[Native::static_method("__new__", "cls, readline, /, *, encoding=None, extra_tokens=False", new, "")],
    "Iterator over the tokens of a source.",
);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let class = py.native_type(&ITERATOR)?;
    crate::support::add(py, module, "TokenizerIter", class.value())
}

fn new(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::NotImplementedError, "_tokenize.TokenizerIter is not there yet")
}
