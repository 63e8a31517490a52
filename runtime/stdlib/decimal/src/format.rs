//! `__format__`

use crate::context::{self, run_quietly};
use crate::decimal::this;
use crate::number::format::{Conventions, format as write, parse};
use python_objects::{Args, Object, Py, R, Value, list, string};

pub(crate) fn format(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let Some(s) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error("format arg must be str");
    };
    let text = py.utf8(s)?;
    let context = context::current(py)?;
    let Some(mut spec) = parse(&text, context::capitals(context)) else {
        return py.value_error("invalid format string");
    };
    if let Some(v) = args.some(2) {
        if py.as_dict(v).is_none() {
            return py.type_error("optional argument must be a dict");
        }
        overridden(py, v, &mut spec.conventions)?;
        let Conventions { point, separator, grouping } = &spec.conventions;
        let is_wrong = point.chars().count() != 1 || separator.chars().count() > 1 || grouping.iter().any(|n| *n > 127);
        if is_wrong {
            return py.value_error("invalid override dict");
        }
    } else if spec.is_local {
        let locale = stdlib_core::import_module(py, "_locale")?;
        let all = py.call(py.get_attribute_text(locale.value(), "localeconv")?, &[])?;
        spec.conventions.separator.clear();
        overridden(py, all, &mut spec.conventions)?;
    }
    let (written, _) = run_quietly(py, &context::read(context), |cx, env| write(&d, &spec, cx, env))?;
    match written {
        Some(text) => py.str(&text),
        None => py.value_error("format specification exceeds internal limits of _decimal"),
    }
}
/// Conventions from a dictionary such as `localeconv()` gives.
fn overridden(py: Py<'_>, d: Value, conventions: &mut Conventions) -> R<()> {
    let Some(d) = py.as_dict(d) else { return Ok(()) };
    let item = |name: &str| -> R<Option<Value>> { py.dict_get(d, py.str(name)?) };
    let text = |v: Value| -> R<String> {
        match string::exact_or_payload(py, v) {
            Some(s) => py.utf8(s),
            None => py.value_error("invalid override dict"),
        }
    };
    if let Some(v) = item("decimal_point")? {
        conventions.point = text(v)?;
    }
    if let Some(v) = item("thousands_sep")? {
        conventions.separator = text(v)?;
    }
    if let Some(v) = item("grouping")? {
        conventions.grouping = match (string::exact_or_payload(py, v), py.as_list(v)) {
            (Some(s), _) => sizes(s),
            (None, Some(l)) => {
                (0..list::length(l)).map(|i| py.index_i64(list::item(l, i)).map(|n| n as u8)).collect::<R<Vec<u8>>>()?
            }
            (None, None) => return py.value_error("invalid override dict"),
        };
    }
    Ok(())
}
fn sizes(s: Object) -> Vec<u8> {
    string::code_points(s).map(|c| c as u8).collect()
}
