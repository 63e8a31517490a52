//! Generators, coroutines, and what `await` and `async for` ask for.

use super::{Operands, object};
use python_compile::opcodes::{awaiting, flag};
use python_objects::exception::{Exc, word};
use python_objects::function;
use python_objects::kind::Kind;
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Value};

pub(super) fn suspend(py: Py<'_>, o: Operands) -> R {
    py.suspend_generator(object(o.a));
    Ok(Value::NONE)
}
pub(super) fn finish(py: Py<'_>, o: Operands) -> R {
    py.generator_frame_ended(object(o.a));
    py.finish_generator(object(o.a));
    py.completion(o.b)
}
/// Prepares the resumption of a generator or coroutine.
pub(super) fn resume(py: Py<'_>, o: Operands) -> R {
    py.prepare_generator(object(o.a), o.b)
}
pub(super) fn send(py: Py<'_>, o: Operands) -> R {
    if let Some(g) = Object::from_value(o.a)
        && python_objects::generator::is_generator(py.object_kind(g))
    {
        return match py.resume_generator(g, o.b)? {
            python_objects::generator::Step::Yielded(v) => Ok(v),
            python_objects::generator::Step::Returned(v) => py.completion(v),
        };
    }
    let r = if o.b == Value::NONE {
        match Object::from_value(o.a).and_then(|i| py.native_next(i)) {
            Some(r) => return py.completed(r?),
            None => py.call_next(o.a),
        }
    } else {
        py.call_method(o.a, sym::SEND, &[o.b])
    };
    match r {
        Ok(v) => Ok(v),
        Err(stop) => match py.catch(Exc::StopIteration) {
            Some(e) => py.completion(py.stop_value(e)),
            None => Err(stop),
        },
    }
}
pub(super) fn get_yield_from_iter(py: Py<'_>, o: Operands) -> R {
    match py.kind(o.a) {
        Kind::COROUTINE => {
            let code = py.ops().code(py.0, function::code_index(object(o.b)));
            if code.flags & (flag::COROUTINE | flag::ITERABLE_COROUTINE) == 0 {
                return py.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator");
            }
            Ok(o.a)
        }
        Kind::GENERATOR => Ok(o.a),
        _ => py.iter(o.a),
    }
}
/// The iterator of an awaitable; `None` if it is none.
fn awaited(py: Py<'_>, v: Value) -> R<Option<Value>> {
    if py.kind(v) == Kind::COROUTINE {
        return Ok(Some(v));
    }
    if let Some(g) = py.of_kind(v, Kind::GENERATOR)
        && py.ops().code(py.0, function::code_index(g)).flags & flag::ITERABLE_COROUTINE != 0
    {
        return Ok(Some(v));
    }
    let Some(i) = py.call_special(v, sym::AWAIT, &[])? else { return Ok(None) };
    if py.kind(i) == Kind::COROUTINE {
        return py.type_error("__await__() returned a coroutine");
    }
    if !py.is_iterator(i) {
        return py.type_error(&format!("__await__() returned non-iterator of type '{}'", py.class_name(i)));
    }
    Ok(Some(i))
}
pub(super) fn get_awaitable(py: Py<'_>, o: Operands) -> R {
    if let Some(g) = py.of_kind(o.a, Kind::COROUTINE)
        && py.delegate(g).is_some()
    {
        return py.err(Exc::RuntimeError, "coroutine is being awaited already");
    }
    if let Some(i) = awaited(py, o.a)? {
        return Ok(i);
    }
    let name = py.class_name(o.a);
    py.type_error(&match o.immediate as u16 {
        awaiting::AENTER => {
            format!("'async with' received an object from __aenter__ that does not implement __await__: {name}")
        }
        awaiting::AEXIT => {
            format!("'async with' received an object from __aexit__ that does not implement __await__: {name}")
        }
        _ => format!("object {name} can't be used in 'await' expression"),
    })
}
pub(super) fn get_aiter(py: Py<'_>, o: Operands) -> R {
    let Some(i) = py.call_special(o.a, sym::AITER, &[])? else {
        return py
            .type_error(&format!("'async for' requires an object with __aiter__ method, got {}", py.class_name(o.a)));
    };
    if py.special(i, sym::ANEXT).is_none() {
        return py.type_error(&format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {}",
            py.class_name(i)
        ));
    }
    Ok(i)
}
pub(super) fn get_anext(py: Py<'_>, o: Operands) -> R {
    let Some(a) = py.call_special(o.a, sym::ANEXT, &[])? else {
        return py.type_error(&format!(
            "'async for' requires an iterator with __anext__ method, got {}",
            py.class_name(o.a)
        ));
    };
    if py.kind(a) == Kind::ASYNC_GENERATOR_ASEND {
        return Ok(a);
    }
    let cause = match awaited(py, a) {
        Ok(Some(i)) => return Ok(i),
        Ok(None) => {
            py.type_error::<()>(&format!("object {} can't be used in 'await' expression", py.class_name(a))).err();
            py.take_exception()
        }
        Err(_) => py.take_exception(),
    };
    let message = py.str(&format!("'async for' received an invalid object from __anext__: {}", py.class_name(a)))?;
    let e = py.new_exception(Exc::TypeError, &[message])?;
    py.store(e, word::CAUSE, cause);
    py.store(e, word::CONTEXT, cause);
    py.store(e, word::SUPPRESS, Value::TRUE);
    Err(py.throw(e))
}
