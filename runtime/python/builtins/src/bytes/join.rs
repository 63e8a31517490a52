//! `bytes` and `bytearray`: joining.

use super::{finished, this};
use crate::text::joinable;
use python_objects::{Args, Native, Py, R, Value};
use python_text::Units;

pub(super) static METHODS: &[Native] =
    &[Native::method("join", "self, iterable_of_bytes, /", join, "The bytes of an iterable with these between them.")];

fn join(py: Py<'_>, args: Args<'_>) -> R {
    let Some(items) = py.bytearray_locked(args.at(0), || joinable(py, args.at(1)))? else {
        return py.type_error("can only join an iterable");
    };
    let separator = this(py, args)?;
    let mut out = py.text_builder();
    let work = &mut py.work();
    for i in 0..items.length() {
        let item: Value = items.element(i);
        let Some(piece) = py.content_of(item) else {
            return py.type_error(&format!(
                "sequence item {i}: expected a bytes-like object, {} found",
                py.class_name(item)
            ));
        };
        if i > 0 {
            out.push_units(Units::One(&separator));
        }
        out.push_units(Units::One(&piece));
        if out.refuses() {
            break;
        }
        work.spend(64).map_err(|e| py.interrupted(e))?;
    }
    finished(py, args, out)
}
