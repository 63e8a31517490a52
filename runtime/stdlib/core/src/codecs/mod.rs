//! `_codecs`: the registry of encodings and error handlers, and the built-in ones as functions.

mod charmap;
mod conversions;
mod escapes;
mod handlers;

use crate::support::{expect_text, utf8};
use python_builtins::string::codec::note_failure;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, list, string};

struct Registry {
    /// Numbers of the kept list of search functions, and of the dictionaries of found codecs and of error handlers.
    searches: u32,
    found: u32,
    handlers: u32,
}

static FUNCTIONS: &[Native] = &[
    Native::function("register", "search_function, /", register, "Register a codec search function."),
    Native::function("unregister", "search_function, /", unregister, "Unregister it and forget what it found."),
    Native::function("lookup", "encoding, /", lookup, "Look up a codec."),
    Native::function("encode", "obj, encoding='utf-8', errors='strict'", encode_any, "Encode by any codec."),
    Native::function("decode", "obj, encoding='utf-8', errors='strict'", decode_any, "Decode by any codec."),
    Native::function("register_error", "errors, handler, /", register_error, "Register an error handler."),
    Native::function("lookup_error", "name, /", lookup_error, "Look up an error handler."),
    Native::function("_forget_codec", "encoding, /", forget, "Forget a codec that was found."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    for table in [FUNCTIONS, conversions::BUILT_IN, conversions::OTHERS, escapes::FUNCTIONS, charmap::FUNCTIONS] {
        py.add_functions(module, table)?;
    }
    Ok(())
}

/// The name of an encoding or error handler.
fn name_argument(py: Py<'_>, v: Value, function: &str, position: usize) -> R<String> {
    match string::exact_or_payload(py, v) {
        Some(s) => utf8(py, s),
        None => expect_text(py, v, function, position),
    }
}

fn registry(py: Py<'_>) -> R<std::rc::Rc<Registry>> {
    if !py.state().module_data.borrow().contains_key("_codecs") {
        let (searches, found, handlers) = (py.new_list(1)?, py.new_dict()?, py.new_dict()?);
        for native in handlers::HANDLERS {
            let number = Value::int(i64::from(py.state().native_number(native)));
            let f = py.new_builtin(number, Value::EMPTY, Value::EMPTY, Value::EMPTY)?;
            let name = native.name.strip_suffix("_errors").unwrap_or(native.name);
            py.dict_set_text(handlers, name, f)?;
        }
        let numbers = [py.keep(searches.value())?, py.keep(found.value())?, py.keep(handlers.value())?];
        py.state().data("_codecs", || Registry { searches: numbers[0], found: numbers[1], handlers: numbers[2] });
        // The search function of the library registers itself.
        crate::import::import_name(py, "encodings")?;
    }
    Ok(py.state().data("_codecs", || unreachable!("made above")))
}
fn kept(py: Py<'_>, number: u32) -> Object {
    Object::of(py.kept(number))
}

fn register(py: Py<'_>, args: Args<'_>) -> R {
    if !py.is_callable(args.at(0)) {
        return py.type_error("argument must be callable");
    }
    let searches = kept(py, registry(py)?.searches);
    py.list_push(searches, args.at(0))?;
    Ok(Value::NONE)
}

fn unregister(py: Py<'_>, args: Args<'_>) -> R {
    let registry = registry(py)?;
    let searches = kept(py, registry.searches);
    for i in 0..list::length(searches) {
        if list::item(searches, i) == args.at(0) {
            py.list_pop(searches, i);
            py.dict_clear(kept(py, registry.found));
            break;
        }
    }
    Ok(Value::NONE)
}

/// The name by which search functions are asked: stretches of what is neither letter, digit nor dot are one underscore.
fn normalize(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !normal.is_empty() {
                normal.push('_');
            }
            gap = false;
            normal.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    normal
}

/// The codec's tuple of an encoding. LookupError if nobody knows it.
pub(crate) fn find(py: Py<'_>, name: &str) -> R<Object> {
    let normal = normalize(name);
    let registry = registry(py)?;
    let key = py.new_str(&normal)?;
    if let Some(found) = dict::get_str(py, kept(py, registry.found), key).and_then(|v| py.as_tuple(v).map(|_| v)) {
        return Ok(Object::of(found));
    }
    let searches = kept(py, registry.searches);
    let mut i = 0;
    while let Some(search) = list::get(searches, i) {
        i += 1;
        let found = py.call(search, &[key.value()])?;
        if found == Value::NONE {
            continue;
        }
        if py.as_tuple(found).is_none_or(|t| t.length() != 4) {
            return py.type_error("codec search functions must return 4-tuples");
        }
        py.dict_set_str(kept(py, registry.found), key, found)?;
        return Ok(Object::of(found));
    }
    py.err(Exc::LookupError, &format!("unknown encoding: {name}"))
}

fn lookup(py: Py<'_>, args: Args<'_>) -> R {
    let name = name_argument(py, args.at(0), "lookup", 0)?;
    Ok(find(py, &name)?.value())
}

fn forget(py: Py<'_>, args: Args<'_>) -> R {
    let name = name_argument(py, args.at(0), "_forget_codec", 0)?;
    let key = py.new_str(&name)?;
    py.dict_remove_str(kept(py, registry(py)?.found), key);
    Ok(Value::NONE)
}

fn convert(py: Py<'_>, args: Args<'_>, which: usize, what: &str) -> R {
    let name = match args.opt(1) {
        Some(v) => name_argument(py, v, what, 2)?,
        None => "utf-8".to_owned(),
    };
    if let Some(errors) = args.opt(2) {
        name_argument(py, errors, what, 3)?;
    }
    let codec = find(py, &name)?;
    let Some(t) = py.as_tuple(codec.value()) else { return py.type_error("codec must be a tuple") };
    let r = match args.opt(2) {
        Some(errors) => py.call(t.element(which), &[args.at(0), errors]),
        None => py.call(t.element(which), &[args.at(0)]),
    };
    let r = r.map_err(|stop| note_failure(py, stop, &what.replace("code", "coding"), &name))?;
    match py.as_tuple(r).filter(|t| t.length() == 2) {
        Some(t) => Ok(t.element(0)),
        None => py.type_error(&format!("{what}r must return a tuple (object, integer)")),
    }
}
fn encode_any(py: Py<'_>, args: Args<'_>) -> R {
    convert(py, args, 0, "encode")
}
fn decode_any(py: Py<'_>, args: Args<'_>) -> R {
    convert(py, args, 1, "decode")
}

fn register_error(py: Py<'_>, args: Args<'_>) -> R {
    let name = name_argument(py, args.at(0), "register_error", 1)?;
    if !py.is_callable(args.at(1)) {
        return py.type_error("handler must be callable");
    }
    py.dict_set_text(kept(py, registry(py)?.handlers), &name, args.at(1))?;
    Ok(Value::NONE)
}

fn lookup_error(py: Py<'_>, args: Args<'_>) -> R {
    find_handler(py, &name_argument(py, args.at(0), "lookup_error", 0)?)
}

/// The error handler of a name. LookupError if there is none.
pub(crate) fn find_handler(py: Py<'_>, name: &str) -> R {
    let key = py.new_str(name)?;
    match dict::get_str(py, kept(py, registry(py)?.handlers), key) {
        Some(handler) => Ok(handler),
        None => py.err(Exc::LookupError, &format!("unknown error handler name '{name}'")),
    }
}

fn pair(py: Py<'_>, v: Value, n: usize) -> R {
    py.tuple(&[v, py.int_usize(n)?])
}
