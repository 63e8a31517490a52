//! The types behind `typing`: type parameters, aliases, `Generic`. The syntax of PEP 695 makes them whether or not `typing`
//! has been imported; what their methods need of it they import when they are called.

mod generic;
mod param_spec;
mod type_alias;
mod type_var;
mod type_var_tuple;

use python_objects::kind::class as builtin;
use python_objects::module::NativeModule;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, dict, function, string};

pub(crate) const MODULE: NativeModule = NativeModule { name: "_typing", init };

static FUNCTIONS: &[Native] = &[Native::function("_idfunc", "x, /", |_, args| Ok(args.at(0)), "")];

pub(super) fn install(py: Py<'_>) -> R<()> {
    type_var::install(py)?;
    param_spec::install(py)?;
    type_var_tuple::install(py)?;
    type_alias::install(py)
}

fn init(py: Py<'_>, module: Object) -> R<()> {
    let d = py.module_dict(module);
    for class in [builtin::TYPE_VAR, builtin::PARAM_SPEC, builtin::TYPE_VAR_TUPLE, builtin::TYPE_ALIAS] {
        py.dict_set_text(d, py.builtin_name(class), py.root(class))?;
    }
    py.dict_set_text(d, "Generic", generic::class(py)?.value())?;
    for spec in [&param_spec::ARGS, &param_spec::KWARGS] {
        py.dict_set_text(d, spec.name, param_spec::part_class(py, spec)?.value())?;
    }
    py.add_functions(module, FUNCTIONS)
}

/// `typing.name`
fn typing_attribute(py: Py<'_>, name: &str) -> R {
    let (text, builtins) = (py.symbol_string(sym::TYPING).value(), Object::of(py.root(root::BUILTINS_DICT)));
    let Some(import) = dict::get_symbol(py, builtins, sym::IMPORT) else {
        return py.err(Exc::ImportError, "__import__ not found");
    };
    let typing = py.call(import, &[text])?;
    py.get_attribute_text(typing, name)
}
/// `typing.name(*args)`
fn call_typing(py: Py<'_>, name: &str, args: &[Value]) -> R {
    let f = typing_attribute(py, name)?;
    py.call(f, args)
}
/// The type that an argument stands for, as `typing` checks it.
fn checked_type(py: Py<'_>, v: Value, message: &str) -> R {
    let message = py.str(message)?;
    call_typing(py, "_type_check", &[v, message])
}
/// `typing.Unpack[v]`
fn unpack(py: Py<'_>, v: Value) -> R {
    let unpack = typing_attribute(py, "Unpack")?;
    py.get_item(unpack, v)
}
/// The `__module__` of the Python function that runs; EMPTY if none does.
fn calling_module(py: Py<'_>) -> Value {
    let mut found = Value::EMPTY;
    py.ops().walk_frames(py.0, &mut |code, _, f| {
        if py.ops().code(py.0, code).flags & vm_api::code::code::code_flag::HIDDEN != 0 {
            return true;
        }
        found = module_of(py, f);
        false
    });
    found
}
/// The `__module__` of a function, or of the function that a generator runs; EMPTY if it has none.
fn module_of(py: Py<'_>, f: Value) -> Value {
    let Some(f) = Object::from_value(f) else { return Value::EMPTY };
    if py.object_kind(f) == Kind::FUNCTION && !f.get(function::word::MODULE).is_empty() {
        return f.get(function::word::MODULE);
    }
    let globals = Object::from_value(f.get(function::word::GLOBALS));
    globals.and_then(|g| dict::get_symbol(py, g, sym::NAME)).unwrap_or(Value::EMPTY)
}
/// A name that must be a string.
fn name_argument(py: Py<'_>, function: &str, v: Value) -> R {
    match string::exact_or_payload(py, v) {
        Some(_) => Ok(v),
        None => py.type_error(&format!("{function}() argument 'name' must be str, not {}", py.class_name(v))),
    }
}
/// Are both given? Then it is an error.
fn refuse_both(py: Py<'_>, covariant: bool, contravariant: bool, infer: bool) -> R<()> {
    if covariant && contravariant {
        return py.value_error("Bivariant types are not supported.");
    }
    if infer && (covariant || contravariant) {
        return py.value_error("Variance cannot be specified with infer_variance.");
    }
    Ok(())
}
/// Notes the module that made a type parameter by a call.
fn set_module(py: Py<'_>, o: Object) -> R<()> {
    let module = calling_module(py);
    if !module.is_empty() {
        py.set_own_attribute(o, sym::MODULE, module)?;
    }
    Ok(())
}
fn field(args: Args<'_>, word: usize) -> Value {
    Object::of(args.at(0)).get(word)
}
/// A truth value that is false until it is set.
fn flag(args: Args<'_>, word: usize) -> Value {
    Value::bool(field(args, word) == Value::TRUE)
}
/// A truth argument, false by default.
fn truth(py: Py<'_>, v: Option<Value>) -> R<bool> {
    v.map_or(Ok(false), |v| py.truth(v))
}
/// The name with the sign of its variance.
fn variance_repr(py: Py<'_>, args: Args<'_>) -> R {
    use python_objects::type_parameter::word;
    let sign = match () {
        () if field(args, word::INFER_VARIANCE) != Value::FALSE => return Ok(field(args, word::NAME)),
        () if field(args, word::COVARIANT) == Value::TRUE => '+',
        () if field(args, word::CONTRAVARIANT) == Value::TRUE => '-',
        () => '~',
    };
    let name = py.expect_str(field(args, word::NAME), "__name__")?;
    let sign = py.character(sign as u32)?;
    py.concat(sign, name).map(Object::value)
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    call_typing(py, "_make_union", &[args.at(0), args.at(1)])
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    call_typing(py, "_make_union", &[args.at(1), args.at(0)])
}
/// Instances of these types are no bases.
fn no_base(py: Py<'_>, args: Args<'_>) -> R {
    let class = python_objects::class::name(py, py.class_of(args.at(0)));
    py.type_error(&format!("Cannot subclass an instance of {class}"))
}
