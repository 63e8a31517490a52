//! Events that builders tell `XMLPullParser` and `iterparse` of: pairs of a name and what it is about, for a queue.

use super::builder::word;
use super::kept::Kept;
use python_objects::{Exc, Object, Py, R, Value, list, string};

/// Names, in the order of the builder's words.
pub(super) const NAMES: [&str; 6] = ["start", "end", "start-ns", "end-ns", "comment", "pi"];
pub(super) const START: usize = 0;
pub(super) const END: usize = 1;
pub(super) const START_NAMESPACE: usize = 2;
pub(super) const END_NAMESPACE: usize = 3;
pub(super) const COMMENT: usize = 4;
pub(super) const INSTRUCTION: usize = 5;

/// Where the builder has what an event is called, EMPTY if it is not wanted.
const fn slot(event: usize) -> usize {
    word::EVENTS + event
}
pub(super) fn is_wanted(builder: Object, event: usize) -> bool {
    !builder.get(slot(event)).is_empty()
}
/// Tells an event, if it is wanted.
#[inline]
pub(super) fn tell(py: Py<'_>, builder: Object, event: usize, v: Value) -> R<()> {
    if !is_wanted(builder, event) {
        return Ok(());
    }
    let pair = py.tuple(&[builder.get(slot(event)), v])?;
    py.call(builder.get(word::APPEND), &[pair])?;
    Ok(())
}
/// Sets where events go, and which are wanted: a sequence of names; None or EMPTY: ends.
pub(super) fn set(py: Py<'_>, kept: &Kept, builder: Object, queue: Value, wanted: Option<Value>) -> R<()> {
    let append = py.get_attribute(queue, kept.names.append)?;
    py.store(builder, word::APPEND, append);
    for event in 0..NAMES.len() {
        py.store(builder, slot(event), Value::EMPTY);
    }
    let Some(wanted) = wanted else {
        let name = py.str(NAMES[END])?;
        py.store(builder, slot(END), name);
        return Ok(());
    };
    if let Err(stop) = py.iter(wanted) {
        return match py.catch(Exc::TypeError) {
            Some(_) => py.type_error("events must be a sequence"),
            None => Err(stop),
        };
    }
    let names = py.new_list(0)?;
    py.extend_list(names, wanted)?;
    for i in 0..list::length(names) {
        let v = list::item(names, i);
        let Some(name) = string::exact_or_payload(py, v) else { return py.value_error("invalid events sequence") };
        let Some(event) = NAMES.iter().position(|known| string::is(name, known)) else {
            return py.value_error(&format!("unknown event '{}'", string::to_rust(name)));
        };
        py.store(builder, slot(event), v);
    }
    Ok(())
}
