//! Python functions: their objects, and how arguments are bound to parameters.

use crate::arguments::Args;
use crate::exception::Exc;
use crate::kind::shape;
use crate::py::{Py, R};
use crate::{dict, generator, string};
use std::cell::Cell;
use std::sync::Arc;
use vm_api::code::Code;
use vm_api::code::code::code_flag;
use vm_api::engine::{CodeIndex, Stop};
use vm_api::heap::{Object, Value};

/// Words of a bound method.
pub mod method {
    /// What is called.
    pub const FUNCTION: usize = 1;
    /// Its first argument.
    pub const OBJECT: usize = 2;
}

/// Words of a function. Generators have the first five in the same places, so that code finds globals, closure and
/// builtins through the running function whichever it is.
pub mod word {
    /// Index of the code, as an int.
    pub const CODE: usize = 1;
    /// Dictionary of globals.
    pub const GLOBALS: usize = 2;
    /// Array of cells, or EMPTY.
    pub const CLOSURE: usize = 3;
    /// Mapping in which the names of a module, class body or `exec` source live; EMPTY for functions.
    pub const NAMESPACE: usize = 4;
    /// Dictionary of builtins: what the globals had as `__builtins__` when the function was made. A dictionary without
    /// entries where that is none; then the globals are asked again.
    pub const BUILTINS: usize = 5;
    /// Tuple of defaults, or EMPTY.
    pub const DEFAULTS: usize = 6;
    /// Dictionary of keyword-only defaults, or EMPTY.
    pub const KEYWORD_DEFAULTS: usize = 7;
    /// `__dict__`, or EMPTY.
    pub const DICT: usize = 8;
    /// `__name__`
    pub const NAME: usize = 9;
    /// `__qualname__`
    pub const QUALNAME: usize = 10;
    /// `__doc__`; EMPTY: that of the code.
    pub const DOC: usize = 11;
    /// `__annotations__`: EMPTY, a tuple of names and values in turn, or a dictionary once asked for.
    pub const ANNOTATIONS: usize = 12;
    /// `__module__`
    pub const MODULE: usize = 13;
    /// `__type_params__`: a tuple, or EMPTY.
    pub const TYPE_PARAMS: usize = 14;
    /// `__code__`
    pub const CODE_OBJECT: usize = 15;
    /// Words in all.
    pub const WORDS: usize = 16;
}

/// Registers that fit the native stack.
const FEW: usize = 32;
/// So many are not worth the clearing of room for more.
const HANDFUL: usize = 8;

/// The index of the code of a function that runs or has run; for others, [`Py::function_code`].
#[inline(always)]
pub fn code_index(f: Object) -> CodeIndex {
    CodeIndex(f.get(word::CODE).as_int() as u32)
}
/// `__qualname__`, for messages.
pub fn qualified_name(f: Object) -> String {
    Object::from_value(f.get(word::QUALNAME)).map_or_else(String::new, string::to_rust)
}

/// Calls a Python function from native code: a nested activation, or a new generator.
pub fn call(py: Py<'_>, f: Object, args: Args<'_>, names: Value) -> R {
    let index = py.function_code(f)?;
    let code = py.ops().code(py.0, index);
    let positional = usize::from(code.parameters.positional);
    if names.is_empty()
        && args.len() == positional
        && positional == code.parameters.registers()
        && code.flags & code_flag::SUSPENDS == 0
    {
        return py.ops().call(py.0, index, f.value(), values(args.0));
    }
    bound(py, f, code, args, names, |cells| enter(py, f, index, code, cells))
}

/// Runs `then` on the parameters' registers, to which the arguments were bound: see [`bind`].
pub fn bound(
    py: Py<'_>,
    f: Object,
    code: &Code,
    args: Args<'_>,
    names: Value,
    then: impl FnOnce(&[Cell<Value>]) -> R,
) -> R {
    let registers = code.parameters.registers();
    if registers <= HANDFUL {
        let cells: [Cell<Value>; HANDFUL] = [const { Cell::new(Value::EMPTY) }; HANDFUL];
        bind(py, f, code, args, names, &cells[..registers])?;
        return then(&cells[..registers]);
    }
    if registers <= FEW {
        let cells: [Cell<Value>; FEW] = [const { Cell::new(Value::EMPTY) }; FEW];
        bind(py, f, code, args, names, &cells[..registers])?;
        return then(&cells[..registers]);
    }
    let array = py.new_array(registers)?;
    // SAFETY: as in `Py::with_arguments`: the address on the native stack keeps the array in place.
    let cells = unsafe { std::slice::from_raw_parts((array.address() + 16) as *const Cell<Value>, registers) };
    bind(py, f, code, args, names, cells)?;
    then(cells)
}

/// Runs `then` on the defaults of the last `count` parameters; `None` if there are not so many. `then` copies them before
/// anything else happens.
#[inline]
pub fn with_defaults<T>(f: Object, count: usize, then: impl FnOnce(&[Value]) -> T) -> Option<T> {
    let defaults = Object::from_value(f.get(word::DEFAULTS))?;
    let skipped = defaults.length().checked_sub(count)?;
    // SAFETY: a tuple's elements lie in one row behind header and length, and nothing collects meanwhile.
    Some(then(unsafe { std::slice::from_raw_parts((defaults.address() as *const Value).add(2 + skipped), count) }))
}

fn enter(py: Py<'_>, f: Object, index: CodeIndex, code: &Arc<Code>, cells: &[Cell<Value>]) -> R {
    if code.flags & code_flag::SUSPENDS != 0 {
        return generator::create(py, f, code, Args(cells));
    }
    py.ops().call(py.0, index, f.value(), values(cells))
}

/// The cells as plain values: for calls that copy them before anything else happens.
pub fn values(cells: &[Cell<Value>]) -> &[Value] {
    // SAFETY: Cell<Value> has Value's layout, and nobody writes to the cells while the slice is copied.
    unsafe { &*(std::ptr::from_ref(cells) as *const [Value]) }
}

/// Binds arguments to the parameters' registers, in the order of [`vm_api::code::Parameters`]. `registers` are EMPTY and
/// exactly as many. Raises CPython's TypeErrors.
pub fn bind(py: Py<'_>, f: Object, code: &Code, args: Args<'_>, names: Value, registers: &[Cell<Value>]) -> R<()> {
    let p = &code.parameters;
    let positional = usize::from(p.positional);
    let named = positional + usize::from(p.keyword_only);
    let keyword_count = Object::from_value(names).map_or(0, Object::length);
    let given = args.len() - keyword_count;
    for (register, v) in registers[..given.min(positional)].iter().zip(args.iter()) {
        register.set(v);
    }
    if p.variadic {
        let extra = given.saturating_sub(positional);
        registers[named].set(py.tuple_with(extra, |i| args.at(positional + i))?);
    }
    let keywords = if p.keywords {
        let d = py.new_dict()?;
        registers[named + usize::from(p.variadic)].set(d.value());
        Some(d)
    } else {
        None
    };
    if let Some(names) = Object::from_value(names) {
        for k in 0..keyword_count {
            let (name, value) = (Object::of(names.element(k)), args.at(given + k));
            let found = (usize::from(p.positional_only)..named).find(|i| string::is(name, &code.variables[*i]));
            match (found, keywords) {
                (Some(i), _) if registers[i].get().is_empty() => registers[i].set(value),
                (Some(_), _) => {
                    return py.err(
                        Exc::TypeError,
                        &format!(
                            "{}() got multiple values for argument '{}'",
                            qualified_name(f),
                            string::to_rust(name)
                        ),
                    );
                }
                (None, Some(d)) => py.dict_set_str(d, name, value)?,
                (None, None) => return Err(unexpected_keyword(py, f, code, names, name)),
            }
        }
    }
    if given > positional && !p.variadic {
        return Err(too_many(py, f, code, given, registers));
    }
    if given < positional {
        let defaults = Object::from_value(f.get(word::DEFAULTS));
        let count = defaults.map_or(0, Object::length);
        let required = positional - count.min(positional);
        if (given..required).any(|i| registers[i].get().is_empty()) {
            return Err(missing(py, f, code, registers, 0..required, "positional"));
        }
        if let Some(defaults) = defaults {
            for (i, register) in registers.iter().enumerate().take(positional).skip(given.max(required)) {
                if register.get().is_empty() {
                    register.set(defaults.element(i - required + count - count.min(positional)));
                }
            }
        }
    }
    if p.keyword_only > 0 {
        let defaults = Object::from_value(f.get(word::KEYWORD_DEFAULTS));
        let (mut lacks, mut next) = (false, 0);
        for (register, variable) in registers.iter().zip(&code.variables).take(named).skip(positional) {
            // The dictionary has them in the order of the parameters, unless a program has changed it.
            let entry = defaults.and_then(|d| dict::next_entry(d, next)).filter(|(_, key, _)| is_str(*key, variable));
            if let Some((at, _, v)) = entry {
                next = at + 1;
                if register.get().is_empty() {
                    register.set(v);
                }
            } else if register.get().is_empty() {
                let name = py.intern(variable)?;
                match defaults.and_then(|d| dict::get_symbol(py, d, name)) {
                    Some(v) => register.set(v),
                    None => lacks = true,
                }
            }
        }
        if lacks {
            return Err(missing(py, f, code, registers, positional..named, "keyword-only"));
        }
    }
    Ok(())
}

/// Is it exactly a string, and this one?
fn is_str(v: Value, text: &str) -> bool {
    Object::from_value(v).is_some_and(|o| o.shape() == shape::STR && string::is(o, text))
}

#[cold]
fn unexpected_keyword(py: Py<'_>, f: Object, code: &Code, names: Object, name: Object) -> Stop {
    let p = &code.parameters;
    let wrong: Vec<&str> = (0..usize::from(p.positional_only))
        .filter(|i| (0..names.length()).any(|k| string::is(Object::of(names.element(k)), &code.variables[*i])))
        .map(|i| &*code.variables[i])
        .collect();
    let function = qualified_name(f);
    let message = if wrong.is_empty() {
        format!("{function}() got an unexpected keyword argument '{}'", string::to_rust(name))
    } else {
        format!("{function}() got some positional-only arguments passed as keyword arguments: '{}'", wrong.join(", "))
    };
    py.error(Exc::TypeError, &message)
}

#[cold]
fn too_many(py: Py<'_>, f: Object, code: &Code, given: usize, registers: &[Cell<Value>]) -> Stop {
    let p = &code.parameters;
    let positional = usize::from(p.positional);
    let defaults = Object::from_value(f.get(word::DEFAULTS)).map_or(0, Object::length);
    let takes = if defaults > 0 {
        format!("from {} to {positional}", positional - defaults.min(positional))
    } else {
        positional.to_string()
    };
    let plural = if positional == 1 && defaults == 0 { "" } else { "s" };
    let keyword_only =
        (positional..positional + usize::from(p.keyword_only)).filter(|i| !registers[*i].get().is_empty()).count();
    let were = if keyword_only > 0 {
        let s = if given == 1 { "" } else { "s" };
        let t = if keyword_only == 1 { "" } else { "s" };
        format!("{given} positional argument{s} (and {keyword_only} keyword-only argument{t}) were")
    } else if given == 1 {
        "1 was".to_owned()
    } else {
        format!("{given} were")
    };
    py.error(
        Exc::TypeError,
        &format!("{}() takes {takes} positional argument{plural} but {were} given", qualified_name(f)),
    )
}

#[cold]
fn missing(
    py: Py<'_>,
    f: Object,
    code: &Code,
    registers: &[Cell<Value>],
    range: std::ops::Range<usize>,
    kind: &str,
) -> Stop {
    let names: Vec<String> =
        range.filter(|i| registers[*i].get().is_empty()).map(|i| format!("'{}'", code.variables[i])).collect();
    let list = match &names[..] {
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
        [] => String::new(),
    };
    let s = if names.len() == 1 { "" } else { "s" };
    py.error(
        Exc::TypeError,
        &format!("{}() missing {} required {kind} argument{s}: {list}", qualified_name(f), names.len()),
    )
}
