//! Reading containers and instances.

use crate::kept::{self, attribute, call_method, unpickling_error};
use crate::load::Loader;
use crate::unpickler::{call_find_class, word};
use python_objects::kind::class;
use python_objects::symbol::sym;
use python_objects::{Exc, Kind, Object, R, Value, dict, list, string};

impl Loader<'_> {
    pub(crate) fn load_dict(&mut self) -> R<()> {
        let py = self.py;
        let mark = self.marker()?;
        let length = self.length();
        if !(length - mark).is_multiple_of(2) {
            return unpickling_error(py, "odd number of items for DICT");
        }
        let d = py.new_dict_for((length - mark) / 2)?;
        for i in (mark..length).step_by(2) {
            let (key, value) = self.pair(i)?;
            py.dict_set(d, key, value)?;
        }
        self.cut(mark);
        self.push(d.value())
    }
    /// Puts what is above a place into the list below it.
    pub(crate) fn append(&mut self, from: usize) -> R<()> {
        let py = self.py;
        let Some(target) = self.items(from)? else { return Ok(()) };
        if py.kind(target) == Kind::LIST && py.class_of(target).value() == py.root(class::LIST) {
            let target = Object::of(target);
            self.append_to(target, from)?;
            self.cut(from);
            return Ok(());
        }
        if let Some(extend) = attribute(py, target, "extend")? {
            let items = self.pop_list(from)?;
            return py.call(extend, &[items.value()]).map(drop);
        }
        let append = py.get_attribute_text(target, "append")?;
        self.each(from, |v| py.call(append, &[v]).map(drop))
    }
    /// Does something with all above a place, which are gone then.
    fn each(&mut self, from: usize, mut f: impl FnMut(Value) -> R<()>) -> R<()> {
        let items = self.pop_list(from)?;
        for i in 0..list::length(items) {
            f(list::item(items, i))?;
        }
        Ok(())
    }
    pub(crate) fn set_items(&mut self, from: usize) -> R<()> {
        let py = self.py;
        let Some(target) = self.items(from)? else { return Ok(()) };
        if !(self.length() - from).is_multiple_of(2) {
            return unpickling_error(py, "odd number of items for SETITEMS");
        }
        let to = self.length();
        match py.as_dict(target).filter(|_| py.class_of(target).value() == py.root(class::DICT)) {
            Some(d) => {
                py.dict_reserve(d, (to - from) / 2)?;
                for i in (from..to).step_by(2) {
                    let (key, value) = self.pair(i)?;
                    py.dict_set(d, key, value)?;
                }
            }
            None => {
                for i in (from..to).step_by(2) {
                    let (key, value) = self.pair(i)?;
                    py.set_item(target, key, value)?;
                }
            }
        }
        self.cut(from);
        Ok(())
    }
    pub(crate) fn add_items(&mut self) -> R<()> {
        let py = self.py;
        let mark = self.marker()?;
        let Some(target) = self.items(mark)? else { return Ok(()) };
        if let Some(s) = py.of_kind(target, Kind::SET) {
            return self.each(mark, |v| py.set_add(s, v).map(drop));
        }
        let add = py.get_attribute_text(target, "add")?;
        self.each(mark, |v| py.call(add, &[v]).map(drop))
    }

    // ---- classes and instances

    fn find(&self, module: Value, name: Value) -> R {
        call_find_class(self.py, self.unpickler, module, name)
    }
    /// A line of text.
    fn name(&mut self, encoding: &str) -> R {
        let py = self.py;
        let line = self.input.line()?;
        if line.is_empty() {
            return unpickling_error(py, "pickle data was truncated");
        }
        let line = py.bytes(line)?;
        call_method(py, line.value(), "decode", &[py.str(encoding)?])
    }
    pub(crate) fn load_global(&mut self) -> R<()> {
        let (module, name) = (self.name("utf-8")?, self.name("utf-8")?);
        let v = self.find(module, name)?;
        self.push(v)
    }
    pub(crate) fn load_stack_global(&mut self) -> R<()> {
        let py = self.py;
        let (name, module) = (self.pop()?, self.pop()?);
        if [name, module].iter().any(|v| py.class_of(*v).value() != py.root(class::STR)) {
            return unpickling_error(py, "STACK_GLOBAL requires str");
        }
        let v = self.find(module, name)?;
        self.push(v)
    }
    /// An instance of a class in the way of Python 2.
    fn instantiate(&self, class: Value, arguments: Object) -> R {
        let py = self.py;
        if arguments.length() == 0 && py.is_class(class) && attribute(py, class, "__getinitargs__")?.is_none() {
            let new = py.get_attribute(class, sym::NEW)?;
            return py.call(new, &[class]);
        }
        py.call_tuple(class, arguments, Value::EMPTY)
    }
    pub(crate) fn load_instance(&mut self) -> R<()> {
        let mark = self.marker()?;
        let (module, name) = (self.name("ascii")?, self.name("ascii")?);
        let class = self.find(module, name)?;
        let arguments = self.pop_tuple(mark)?;
        let v = self.instantiate(class, arguments)?;
        self.push(v)
    }
    pub(crate) fn load_object(&mut self) -> R<()> {
        let mark = self.marker()?;
        if self.length() <= mark {
            return self.underflow();
        }
        let arguments = self.pop_tuple(mark + 1)?;
        let class = self.pop()?;
        let v = self.instantiate(class, arguments)?;
        self.push(v)
    }
    pub(crate) fn load_new(&mut self, extended: bool) -> R<()> {
        let py = self.py;
        let op = if extended { "NEWOBJ_EX" } else { "NEWOBJ" };
        let keywords = if extended { self.pop()? } else { Value::EMPTY };
        let (arguments, class) = (self.pop()?, self.pop()?);
        let wrong = |what: &str, wanted: &str, v: Value| {
            let class = py.class_name(v);
            unpickling_error(py, &format!("{op} {what} argument must be {wanted}, not {class}"))
        };
        if !py.is_class(class) {
            return wrong("class", "a type", class);
        }
        let Some(t) = py.as_tuple(arguments) else { return wrong("args", "a tuple", arguments) };
        if extended && py.as_dict(keywords).is_none() {
            return wrong("kwargs", "a dict", keywords);
        }
        let new = py.get_attribute(class, sym::NEW)?;
        let all = py.new_list(1 + t.length())?;
        py.list_push(all, class)?;
        py.list_push_elements(all, t, 0, t.length())?;
        let all = Object::of(py.list_to_tuple(all)?);
        let v = py.call_tuple(new, all, keywords)?;
        self.push(v)
    }
    /// Gives an instance its state.
    pub(crate) fn build(&mut self) -> R<()> {
        let py = self.py;
        let state = self.pop()?;
        let v = self.top()?;
        if let Some(set_state) = py.get_optional(v, sym::SETSTATE)? {
            return py.call(set_state, &[state]).map(drop);
        }
        let (state, slots) = match py.as_tuple(state).filter(|t| t.length() == 2) {
            Some(pair) => (pair.element(0), pair.element(1)),
            None => (state, Value::NONE),
        };
        if state != Value::NONE {
            let Some(d) = py.as_dict(state) else { return unpickling_error(py, "state is not a dictionary") };
            let target = py.get_attribute_text(v, "__dict__")?;
            let target_dict = py.as_dict(target).filter(|_| py.class_of(target).value() == py.root(class::DICT));
            let mut i = 0;
            while let Some((at, key, value)) = dict::next_entry(d, i) {
                i = at + 1;
                // Names of attributes are interned.
                let key = match string::exact_or_payload(py, key) {
                    Some(s) if s.value() == key => py.symbol_string(py.symbol_of(s)?).value(),
                    _ => key,
                };
                match target_dict {
                    Some(target) => py.dict_set(target, key, value)?,
                    None => py.set_item(target, key, value)?,
                }
            }
        }
        if slots != Value::NONE {
            let Some(d) = py.as_dict(slots) else { return unpickling_error(py, "slot state is not a dictionary") };
            let mut i = 0;
            while let Some((at, key, value)) = dict::next_entry(d, i) {
                i = at + 1;
                let name = py.expect_str(key, "attribute name")?;
                py.set_attribute(v, py.symbol_of(name)?, Some(value))?;
            }
        }
        Ok(())
    }
    pub(crate) fn load_persistent_line(&mut self) -> R<()> {
        let py = self.py;
        let line = self.input.line()?;
        if !line.is_ascii() {
            return unpickling_error(py, "persistent IDs in protocol 0 must be ASCII strings");
        }
        let id = py.new_ascii(line)?;
        self.load_persistent(id.value())
    }
    pub(crate) fn load_persistent(&mut self, id: Value) -> R<()> {
        let py = self.py;
        let load = self.unpickler.get(word::PERSISTENT);
        if load.is_empty() {
            return unpickling_error(
                py,
                "A load persistent id instruction was encountered, but no persistent_load function was specified.",
            );
        }
        let v = py.call(load, &[id])?;
        self.push(v)
    }
    pub(crate) fn load_extension(&mut self, size: usize) -> R<()> {
        let py = self.py;
        let code = match size {
            4 => i64::from(self.input.number(4)? as u32 as i32),
            size => self.input.number(size)? as i64,
        };
        if code <= 0 {
            return unpickling_error(py, "EXT specifies code <= 0");
        }
        let kept = kept::make(py)?;
        let key = Value::int(code);
        let cache = py.kept(kept.extension_cache);
        if let Some(v) = kept::item(py, cache, key)? {
            return self.push(v);
        }
        let Some(pair) = kept::item(py, py.kept(kept.inverted_registry), key)? else {
            return py.value_error(&format!("unregistered extension code {code}"));
        };
        let names = py
            .as_tuple(pair)
            .filter(|t| t.length() == 2 && (0..2).all(|i| string::exact_or_payload(py, t.element(i)).is_some()));
        let Some(names) = names else {
            return py.err(Exc::ValueError, &format!("_inverted_registry[{code}] isn't a 2-tuple of strings"));
        };
        let v = self.find(names.element(0), names.element(1))?;
        py.set_item(cache, key, v)?;
        self.push(v)
    }
}
