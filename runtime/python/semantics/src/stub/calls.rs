//! Calls whose arguments must be sorted first. Python functions are prepared, so that the engine enters them without native
//! recursion; everything else is called here.

use super::{Operands, Site, complete, object};
use crate::calls::seen;
use crate::construct;
use crate::intrinsics;
use python_objects::function::{self, values};
use python_objects::generator;
use python_objects::kind::{Kind, shape};
use python_objects::native;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Value};
use vm_api::code::code::code_flag;
use vm_api::engine::{CallArguments, Context};

/// Calls anything, preparing what is a Python function.
fn enter(py: Py<'_>, site: Site, callee: Value, args: Args<'_>, names: Value) -> R {
    let Some(o) = Object::from_value(callee) else { return py.call_vector(callee, args, names) };
    let nobody = Value::EMPTY;
    if o.shape() == shape::BUILTIN {
        let f = py.state().native(o.get(1).as_int() as u32);
        let this = o.get(2);
        let call = |args: Args<'_>| {
            if names.is_empty() {
                intrinsics::note(py, site, f, args, seen::OF_OBJECT, !this.is_empty());
            }
            native::call(py, f, args, names)
        };
        return py.visible(if this.is_empty() {
            call(args)
        } else {
            py.with_prepended(this, args, |_, all| call(all))
        });
    }
    if o.shape() == shape::METHOD_DESCRIPTOR
        && let Some(this) = args.opt(0)
        && is_instance(py, this, Object::of(o.get(4)))
    {
        let f = py.state().native(o.get(1).as_int() as u32);
        return py.visible(native::call(py, f, args, names));
    }
    match py.object_kind(o) {
        Kind::FUNCTION => prepare(py, o, nobody, args, names, None),
        Kind::METHOD if py.kind(o.get(1)) == Kind::FUNCTION => {
            prepare(py, object(o.get(1)), o.get(2), args, names, None)
        }
        Kind::TYPE => match py.python_constructor(o) {
            Some(maker) => {
                if names.is_empty() {
                    construct::note(py, site, o, maker, args.len());
                }
                let made = py.construct_plainly(o, maker, args, names)?.value();
                complete::instance(py, maker.init, made, args, names)
            }
            None => {
                if names.is_empty() {
                    construct::note_builtin(py, site, o, args);
                }
                py.call_vector(callee, args, names)
            }
        },
        Kind::OBJECT => match py.lookup(py.class_of(callee), sym::CALL) {
            Some(f) if py.kind(f) == Kind::FUNCTION => prepare(py, object(f), callee, args, names, None),
            _ => py.call_vector(callee, args, names),
        },
        _ => py.call_vector(callee, args, names),
    }
}

/// Is it an instance of the class, or of one that inherits from it?
fn is_instance(py: Py<'_>, v: Value, class: Object) -> bool {
    let own = py.class_of(v);
    own == class || py.is_subclass(own, class)
}

/// Prepares the call of a Python function on `this`, unless that is EMPTY, and `args`, whose result is completed if there is a
/// context for it. What suspends is made and not run.
#[inline]
pub(super) fn prepare(
    py: Py<'_>,
    f: Object,
    this: Value,
    args: Args<'_>,
    names: Value,
    context: Option<&Context>,
) -> R {
    let index = py.function_code(f)?;
    let code = py.ops().code(py.0, index);
    let suspends = code.flags & code_flag::SUSPENDS != 0;
    let ready = |arguments: CallArguments<'_>| match context {
        Some(context) => py.ops().prepare_completed(py.0, index, f.value(), arguments, context),
        None => py.ops().prepare_call(py.0, index, f.value(), arguments),
    };
    let positional = usize::from(code.parameters.positional);
    if names.is_empty()
        && !suspends
        && positional == code.parameters.registers()
        && let Some(missing) = positional.checked_sub(usize::from(!this.is_empty()) + args.len())
    {
        let all = CallArguments { first: this, given: values(args.0), last: &[] };
        if missing == 0 {
            return ready(all);
        }
        if let Some(prepared) = function::with_defaults(f, missing, |last| ready(CallArguments { last, ..all })) {
            return prepared;
        }
    }
    let enter = |args: Args<'_>| {
        function::bound(py, f, code, args, names, |cells| {
            if !suspends {
                return ready(CallArguments::plain(values(cells)));
            }
            let r = generator::create(py, f, code, Args(cells))?;
            context.map_or(Ok(r), |context| complete::complete(py, *context, r))
        })
    };
    if this.is_empty() { enter(args) } else { py.with_prepended(this, args, |_, all| enter(all)) }
}

pub(super) fn new_instance(py: Py<'_>, o: Operands) -> R {
    Ok(py.alloc_instance(object(o.a))?.value())
}
pub(super) fn init_result(py: Py<'_>, o: Operands) -> R {
    Err(py.wrong_init_result(o.a))
}
pub(super) fn call(py: Py<'_>, site: Site, w: Args<'_>, _: i32) -> R {
    enter(py, site, w.at(0), w.from(1), Value::EMPTY)
}
pub(super) fn call_kw(py: Py<'_>, site: Site, w: Args<'_>, names: i32) -> R {
    enter(py, site, w.at(0), w.from(1), py.kept(names as u32))
}
fn method(py: Py<'_>, site: Site, w: Args<'_>, names: Value) -> R {
    if w.at(0).is_empty() {
        return enter(py, site, w.at(1), w.from(2), names);
    }
    if let Some(f) = Object::from_value(w.at(0))
        && f.shape() == shape::METHOD_DESCRIPTOR
        && names.is_empty()
        && is_instance(py, w.at(1), Object::of(f.get(4)))
    {
        let native = py.state().native(f.get(1).as_int() as u32);
        intrinsics::note(py, site, native, w.from(1), seen::NATIVE_METHOD, false);
    }
    enter(py, site, w.at(0), w.from(1), names)
}
pub(super) fn call_method(py: Py<'_>, site: Site, w: Args<'_>, _: i32) -> R {
    method(py, site, w, Value::EMPTY)
}
pub(super) fn call_method_kw(py: Py<'_>, site: Site, w: Args<'_>, names: i32) -> R {
    method(py, site, w, py.kept(names as u32))
}
pub(super) fn call_ex(py: Py<'_>, site: Site, w: Args<'_>, _: i32) -> R {
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
        None => py.with_arguments(n, |i| args.element(i), |py, all| enter(py, site, callee, all, Value::EMPTY)),
        Some((names, values)) => py.with_arguments(
            n + names.length(),
            |i| if i < n { args.element(i) } else { values.element(i - n) },
            |py, all| enter(py, site, callee, all, names.value()),
        ),
    }
}
