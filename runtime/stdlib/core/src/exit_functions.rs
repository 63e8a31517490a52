//! `atexit`

use python_objects::{Args, Native, Object, Py, R, Value, list};

static FUNCTIONS: &[Native] = &[
    Native::function("register", "func, /, *args, **kwargs", register, "Register a function to be called at exit."),
    Native::function("unregister", "func, /", unregister, "Forget a function."),
    Native::function("_clear", "", clear, "Forget all functions."),
    Native::function("_run_exitfuncs", "", run_method, "Run all functions."),
    Native::function("_ncallbacks", "", count, "Return how many functions are registered."),
];

struct Kept(u32);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)
}

/// The list of (function, args, kwargs).
fn functions(py: Py<'_>) -> R<Object> {
    if let Some(kept) = py.state().module_data.borrow().get("atexit")
        && let Some(Kept(number)) = kept.downcast_ref::<Kept>()
    {
        return Ok(Object::of(py.kept(*number)));
    }
    let l = py.new_list(0)?;
    let number = py.keep(l.value())?;
    py.state().data("atexit", || Kept(number));
    Ok(l)
}

fn register(py: Py<'_>, args: Args<'_>) -> R {
    if !py.is_callable(args.at(0)) {
        return py.type_error("the first argument must be callable");
    }
    let row = py.tuple(&[args.at(0), args.at(1), args.opt(2).unwrap_or(Value::NONE)])?;
    py.list_push(functions(py)?, row)?;
    Ok(args.at(0))
}

fn unregister(py: Py<'_>, args: Args<'_>) -> R {
    let l = functions(py)?;
    let mut i = 0;
    while let Some(row) = list::get(l, i).and_then(|r| py.as_tuple(r)) {
        let same = py.equal_or_same(row.element(0), args.at(0))?;
        if same && list::get(l, i) == Some(row.value()) {
            py.list_pop(l, i);
        } else {
            i += 1;
        }
    }
    Ok(Value::NONE)
}

fn clear(py: Py<'_>, _: Args<'_>) -> R {
    py.list_clear(functions(py)?);
    Ok(Value::NONE)
}

/// Runs the functions, last registered first. Errors go to `sys.unraisablehook`.
pub(crate) fn run(py: Py<'_>) -> R<()> {
    let l = functions(py)?;
    while list::length(l) > 0 {
        let row = py.list_pop(l, list::length(l) - 1);
        let Some(row) = py.as_tuple(row) else { continue };
        let (positional, keywords) = (py.tuple_from(row.element(1))?, row.element(2));
        let keywords = if keywords == Value::NONE { Value::EMPTY } else { keywords };
        if py.call_tuple(row.element(0), positional, keywords).is_err() {
            crate::sys::hooks::report_unraisable(py, Some("Exception ignored in atexit callback"), row.element(0));
        }
    }
    Ok(())
}

fn run_method(py: Py<'_>, _: Args<'_>) -> R {
    run(py).map(|()| Value::NONE)
}

fn count(py: Py<'_>, _: Args<'_>) -> R {
    py.int_usize(list::length(functions(py)?))
}
