//! Calls whose arguments must be sorted first. Python functions are prepared, so that the engine enters them without native
//! recursion; everything else is called here.

use super::object;
use python_objects::function::{self, values};
use python_objects::generator;
use python_objects::kind::Kind;
use python_objects::{Args, Object, Py, R, Value};
use std::cell::Cell;
use vm_api::code::code::code_flag;

/// Registers of a callee that fit the native stack.
const FEW: usize = 24;

/// Calls anything, preparing what is a Python function.
fn enter(py: Py<'_>, callee: Value, args: Args<'_>, names: Value) -> R {
    let Some(o) = Object::from_value(callee) else { return py.call_vector(callee, args, names) };
    match py.object_kind(o) {
        Kind::FUNCTION => enter_function(py, o, args, names),
        Kind::METHOD if py.kind(o.get(1)) == Kind::FUNCTION => {
            let f = object(o.get(1));
            py.with_prepended(o.get(2), args, |py, args| enter_function(py, f, args, names))
        }
        _ => py.call_vector(callee, args, names),
    }
}

fn enter_function(py: Py<'_>, f: Object, args: Args<'_>, names: Value) -> R {
    let index = function::code_index(f);
    let code = py.ops().code(py.0, index);
    let registers = code.parameters.registers();
    if registers > FEW {
        return function::call(py, f, args, names);
    }
    let cells: [Cell<Value>; FEW] = [const { Cell::new(Value::EMPTY) }; FEW];
    let cells = &cells[..registers];
    function::bind(py, f, code, args, names, cells)?;
    if code.flags & code_flag::SUSPENDS != 0 {
        return generator::create(py, f, code, Args(cells));
    }
    py.ops().prepare_call(py.0, index, f.value(), values(cells))
}

pub(super) fn call(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    enter(py, w.at(0), w.from(1), Value::EMPTY)
}
pub(super) fn call_kw(py: Py<'_>, w: Args<'_>, names: i32) -> R {
    enter(py, w.at(0), w.from(1), py.kept(names as u32))
}
fn method(py: Py<'_>, w: Args<'_>, names: Value) -> R {
    if w.at(0).is_empty() {
        return enter(py, w.at(1), w.from(2), names);
    }
    enter(py, w.at(0), w.from(1), names)
}
pub(super) fn call_method(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    method(py, w, Value::EMPTY)
}
pub(super) fn call_method_kw(py: Py<'_>, w: Args<'_>, names: i32) -> R {
    method(py, w, py.kept(names as u32))
}
pub(super) fn call_ex(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let callee = w.at(0);
    let args = match py.as_tuple(w.at(1)) {
        Some(t) => t,
        None => {
            if !py.is_iterable(w.at(1)) {
                return py.type_error(&format!(
                    "{} argument after * must be an iterable, not {}",
                    py.described_callable(callee)?,
                    py.class_name(w.at(1))
                ));
            }
            py.tuple_from(w.at(1))?
        }
    };
    let keywords = w.at(2);
    let keywords = match Object::from_value(keywords) {
        Some(d) if python_objects::dict::length(d) > 0 => Some(py.split_keywords(d)?),
        _ => None,
    };
    let n = args.length();
    match keywords {
        None => py.with_arguments(n, |i| args.element(i), |py, all| enter(py, callee, all, Value::EMPTY)),
        Some((names, values)) => py.with_arguments(
            n + names.length(),
            |i| if i < n { args.element(i) } else { values.element(i - n) },
            |py, all| enter(py, callee, all, names.value()),
        ),
    }
}
