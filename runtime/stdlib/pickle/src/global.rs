//! Functions and classes, which are pickled by their module and name.

use crate::kept::{self, attribute, pickling_error};
use crate::opcode::*;
use crate::pickler::Saver;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Value, dict, list, string};

/// The names between dots. AttributeError for what is local to a function.
pub(crate) fn dotted(py: Py<'_>, name: Value, of: Option<Value>) -> R<Object> {
    let parts = kept::call_method(py, name, "split", &[py.str(".")?])?;
    let Some(parts) = py.as_list(parts) else { return py.type_error("a name must be str") };
    for i in 0..list::length(parts) {
        if string::exact_or_payload(py, list::item(parts, i)).is_some_and(|s| string::is(s, "<locals>")) {
            let name = py.repr_text(name)?;
            return match of {
                None => py.err(Exc::AttributeError, &format!("Can't pickle local object {name}")),
                Some(of) => {
                    let of = py.repr_text(of)?;
                    py.err(Exc::AttributeError, &format!("Can't get local attribute {name} on {of}"))
                }
            };
        }
    }
    Ok(parts)
}
/// The attribute of an attribute …, and what has the last one; `None`: there is none.
pub(crate) fn deep(py: Py<'_>, v: Value, parts: Object) -> R<Option<(Value, Value)>> {
    let (mut v, mut parent) = (v, v);
    for i in 0..list::length(parts) {
        let Some(name) = string::exact_or_payload(py, list::item(parts, i)) else { return Ok(None) };
        parent = v;
        match py.get_optional(v, py.symbol_of(name)?)? {
            Some(found) => v = found,
            None => return Ok(None),
        }
    }
    Ok(Some((v, parent)))
}
/// The module that an object is in: by its own word, or because it is found there.
fn module_of(py: Py<'_>, v: Value, parts: Object) -> R {
    if let Some(module) = py.get_optional(v, sym::MODULE)?.filter(|m| *m != Value::NONE) {
        return Ok(module);
    }
    let modules = py.root(root::MODULES);
    let names = py.list_from(modules)?;
    for i in 0..list::length(names) {
        let name = list::item(names, i);
        let module = match py.as_dict(modules) {
            Some(d) => py.dict_get(d, name)?,
            None => Some(py.get_item(modules, name)?),
        };
        let Some(module) = module.filter(|m| *m != Value::NONE) else { continue };
        if string::exact_or_payload(py, name).is_some_and(|s| string::is(s, "__main__")) {
            continue;
        }
        if deep(py, module, parts)?.is_some_and(|(found, _)| found == v) {
            return Ok(name);
        }
    }
    py.str("__main__")
}
/// Imports a module; the module itself, not the package that it is in.
pub(crate) fn import(py: Py<'_>, name: Value) -> R {
    let Some(s) = string::exact_or_payload(py, name) else {
        return py.type_error(&format!("module name must be a string, not {}", py.class_name(name)));
    };
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    let Some(import) = dict::get_symbol(py, builtins, sym::IMPORT) else {
        return py.err(Exc::ImportError, "__import__ not found");
    };
    let module = py.call(import, &[s.value()])?;
    match kept::item(py, py.root(root::MODULES), name)? {
        Some(found) => Ok(found),
        None => Ok(module),
    }
}

impl Saver<'_> {
    /// By its name, or the one given.
    pub(crate) fn save_global(&mut self, v: Value, name: Option<Value>) -> R<()> {
        let py = self.py;
        let name = match name {
            Some(name) => name,
            None => match attribute(py, v, "__qualname__")? {
                Some(name) => name,
                None => py.get_attribute(v, sym::NAME)?,
            },
        };
        let parts = dotted(py, name, None)?;
        let module_name = module_of(py, v, parts)?;
        let shown =
            || -> R<(String, String, String)> { Ok((py.repr_text(v)?, py.str_text(module_name)?, py.str_text(name)?)) };
        let module = match import(py, module_name) {
            Ok(module) => module,
            Err(stop) => {
                if py.catch(Exc::ImportError).is_none() {
                    return Err(stop);
                }
                let (object, ..) = shown()?;
                let module = py.repr_text(module_name)?;
                return pickling_error(py, &format!("Can't pickle {object}: import of module {module} failed"));
            }
        };
        let Some((found, parent)) = deep(py, module, parts)? else {
            let (object, module, name) = shown()?;
            return pickling_error(py, &format!("Can't pickle {object}: attribute lookup {name} on {module} failed"));
        };
        if found != v {
            let (object, module, name) = shown()?;
            return pickling_error(py, &format!("Can't pickle {object}: it's not the same object as {module}.{name}"));
        }
        if self.protocol >= 2 && self.save_extension(v, module_name, name)? {
            return Ok(());
        }
        let last = list::item(parts, list::length(parts) - 1);
        let name = if parent == module { last } else { name };
        if self.protocol >= 4 {
            self.save(module_name)?;
            self.save(name)?;
            self.out.op(STACK_GLOBAL)?;
        } else if parent != module {
            let getattr = py.kept(kept::make(py)?.getattr);
            let arguments = py.tuple(&[parent, last])?;
            let reduced = py.tuple(&[getattr, arguments])?;
            self.save_reduced(Object::of(reduced), None)?;
        } else {
            let (mut module_name, mut name) = (module_name, name);
            if self.protocol < 3 && self.fix_imports {
                (module_name, name) = old_names(py, module_name, name)?;
            }
            self.out.op(GLOBAL)?;
            self.identifier(module_name, "module")?;
            self.identifier(name, "global")?;
        }
        self.put(v)
    }
    /// A line with a name: in ASCII up to protocol 2.
    fn identifier(&mut self, name: Value, what: &str) -> R<()> {
        let py = self.py;
        let Some(s) = string::exact_or_payload(py, name) else { return py.type_error("a name must be str") };
        let text = if self.protocol >= 3 {
            string::units(s).points().all(|c| !(0xD800..0xE000).contains(&c)).then(|| string::to_rust(s))
        } else {
            string::ascii(s).map(str::to_owned)
        };
        match text {
            Some(text) => {
                self.out.push(text.as_bytes())?;
                self.out.op(b'\n')
            }
            None => {
                let (text, protocol) = (py.str_text(name)?, self.protocol);
                pickling_error(py, &format!("can't pickle {what} identifier '{text}' using pickle protocol {protocol}"))
            }
        }
    }
    /// By the number that `copyreg.add_extension` gave it; false: it has none.
    fn save_extension(&mut self, v: Value, module: Value, name: Value) -> R<bool> {
        let py = self.py;
        let key = py.tuple(&[module, name])?;
        let registry = py.kept(kept::make(py)?.extension_registry);
        let Some(code) = kept::item(py, registry, key)? else { return Ok(false) };
        let Some(number) = py.as_int(code) else {
            let (object, code) = (py.repr_text(v)?, py.repr_text(code)?);
            return pickling_error(py, &format!("Can't pickle {object}: extension code {code} isn't an integer"));
        };
        let number = python_objects::int::to_i64(number).unwrap_or(-1);
        if !(1..=0x7FFF_FFFF).contains(&number) {
            let object = py.repr_text(v)?;
            return pickling_error(py, &format!("Can't pickle {object}: extension code {number} is out of range"));
        }
        match (number as u32).to_le_bytes() {
            [a, 0, 0, 0] => self.out.push(&[EXT1, a])?,
            [a, b, 0, 0] => self.out.push(&[EXT2, a, b])?,
            [a, b, c, d] => self.out.push(&[EXT4, a, b, c, d])?,
        }
        Ok(true)
    }
}
/// Module and name as Python 2 knows them.
fn old_names(py: Py<'_>, module: Value, name: Value) -> R<(Value, Value)> {
    let kept = kept::make(py)?;
    let key = py.tuple(&[module, name])?;
    if let Some(v) = kept::item(py, py.kept(kept.old_names), key)? {
        return pair(py, v, "REVERSE_NAME_MAPPING");
    }
    match kept::item(py, py.kept(kept.old_modules), module)? {
        Some(v) => Ok((text(py, v, "REVERSE_IMPORT_MAPPING")?, name)),
        None => Ok((module, name)),
    }
}
/// Module and name of Python 3, from those of Python 2.
pub(crate) fn new_names(py: Py<'_>, module: Value, name: Value) -> R<(Value, Value)> {
    let kept = kept::make(py)?;
    let key = py.tuple(&[module, name])?;
    if let Some(v) = kept::item(py, py.kept(kept.names), key)? {
        return pair(py, v, "NAME_MAPPING");
    }
    match kept::item(py, py.kept(kept.modules), module)? {
        Some(v) => Ok((text(py, v, "IMPORT_MAPPING")?, name)),
        None => Ok((module, name)),
    }
}
fn pair(py: Py<'_>, v: Value, table: &str) -> R<(Value, Value)> {
    let Some(t) = py.as_tuple(v).filter(|t| t.length() == 2) else {
        let class = py.class_name(v);
        return py.err(Exc::RuntimeError, &format!("_compat_pickle.{table} values should be 2-tuples, not {class}"));
    };
    let (module, name) = (t.element(0), t.element(1));
    for v in [module, name] {
        if string::exact_or_payload(py, v).is_none() {
            let classes = [module, name].map(|v| py.class_name(v));
            return py.err(
                Exc::RuntimeError,
                &format!("_compat_pickle.{table} values should be pairs of str, not ({}, {})", classes[0], classes[1]),
            );
        }
    }
    Ok((module, name))
}
fn text(py: Py<'_>, v: Value, table: &str) -> R {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s.value()),
        None => {
            let class = py.class_name(v);
            py.err(Exc::RuntimeError, &format!("_compat_pickle.{table} values should be strings, not {class}"))
        }
    }
}
