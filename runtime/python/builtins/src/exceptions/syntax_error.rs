//! `SyntaxError`: where in the source the error is.

use super::{fields, init_base, no_keywords, or_none, this};
use python_objects::exception::word;
use python_objects::native::Native;
use python_objects::{Args, Exc, Py, R, Value, int, string};

static METHODS: &[Native] = &[
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::wrapper("__str__", "self, /", str, "Return str(self)."),
];
static FIELDS: [Native; 16] = fields![
    0 "msg" "exception msg",
    1 "filename" "exception filename",
    2 "lineno" "exception lineno",
    3 "offset" "exception offset",
    4 "text" "exception text",
    5 "end_lineno" "exception end lineno",
    6 "end_offset" "exception end offset",
    7 "print_file_and_line" "exception print_file_and_line",
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class = py.exception_class(Exc::SyntaxError);
    py.add_methods(class, METHODS)?;
    py.add_methods(class, &FIELDS)
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    no_keywords(py, args, 2)?;
    let (e, given) = (this(args), init_base(py, args));
    if given.length() >= 1 {
        py.store(e, word::OWN, given.element(0));
    }
    if given.length() != 2 {
        return Ok(Value::NONE);
    }
    let info = py.tuple_from(given.element(1))?;
    let n = info.length();
    if n < 4 {
        return py.type_error(&format!("function takes at least 4 arguments ({n} given)"));
    }
    if n > 6 {
        return py.type_error(&format!("function takes at most 6 arguments ({n} given)"));
    }
    for i in 0..n {
        py.store(e, word::OWN + 1 + i, info.element(i));
    }
    for i in n..6 {
        py.store(e, word::OWN + 1 + i, Value::EMPTY);
    }
    if n == 5 {
        return py.type_error("end_offset must be provided when end_lineno is provided");
    }
    Ok(Value::NONE)
}

fn str(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let mut text = py.str_text(or_none(e.get(word::OWN)))?;
    let file = string::exact_or_payload(py, e.get(word::OWN + 1)).map(string::to_rust);
    let file = file.as_deref().map(|f| f.rsplit('/').next().unwrap_or(f));
    let line = py.as_int(e.get(word::OWN + 2)).and_then(int::to_i64);
    match (file, line) {
        (Some(f), Some(l)) => text.push_str(&format!(" ({f}, line {l})")),
        (Some(f), None) => text.push_str(&format!(" ({f})")),
        (None, Some(l)) => text.push_str(&format!(" (line {l})")),
        (None, None) => {}
    }
    py.str(&text)
}
