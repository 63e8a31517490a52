//! Attribute access: descriptors, instances, classes, modules, and the hooks that programs put in the way.

use crate::arguments::Args;
use crate::class::{self, flag};
use crate::exception::Exc;
use crate::exception::word::OWN;
use crate::function;
use crate::kind::{Kind, shape};
use crate::native::Hook;
use crate::py::{Py, R};
use crate::symbol::{Symbol, sym};
use crate::{dict, native, string, tuple};
use vm_api::heap::{Object, Value};

/// Does this descriptor take precedence over the instance's own attribute?
pub fn is_data_descriptor(py: Py<'_>, d: Value) -> bool {
    match py.kind(d) {
        Kind::GETSET | Kind::MEMBER | Kind::PROPERTY => true,
        Kind::FUNCTION
        | Kind::METHOD_DESCRIPTOR
        | Kind::WRAPPER_DESCRIPTOR
        | Kind::CLASS_METHOD_DESCRIPTOR
        | Kind::NONE
        | Kind::BUILTIN => false,
        // Instances of Python subclasses may be descriptors.
        Kind::INT | Kind::STR | Kind::FLOAT | Kind::TUPLE | Kind::CLASSMETHOD | Kind::STATICMETHOD if is_exact(d) => {
            false
        }
        _ => {
            let class = py.class_of(d);
            py.lookup(class, sym::SET).is_some() || py.lookup(class, sym::DELETE).is_some()
        }
    }
}

/// Is it of a built-in class, not of a subclass?
fn is_exact(v: Value) -> bool {
    Object::from_value(v).is_none_or(|o| o.shape().0 <= shape::LAST.0)
}

impl Py<'_> {
    /// `getattr(v, name)`. Runs Python code, raises.
    pub fn get_attribute(self, v: Value, name: Symbol) -> R {
        match self.find_attribute(v, name) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(self.no_attribute(v, name)),
            Err(stop) => Err(self.failed_attribute(v, name, stop)),
        }
    }
    #[cold]
    fn failed_attribute(self, v: Value, name: Symbol, stop: vm_api::engine::Stop) -> vm_api::engine::Stop {
        let e = self.take_exception();
        if e.is_empty() {
            return stop;
        }
        self.note_attribute(e, v, name);
        self.raise(e)
    }
    /// An AttributeError that comes out of asking for an attribute is about that, unless it says what it is about.
    pub fn note_attribute(self, e: Value, v: Value, name: Symbol) {
        let fields = [OWN, OWN + 1];
        if let Some(o) = Object::from_value(e)
            && self.is_instance(e, self.exception_class(Exc::AttributeError))
            && fields.iter().all(|field| o.get(*field).is_empty())
        {
            self.store(o, OWN, self.symbol_string(name).value());
            self.store(o, OWN + 1, v);
        }
    }
    /// The same by text.
    pub fn get_attribute_text(self, v: Value, name: &str) -> R {
        let name = self.intern(name)?;
        self.get_attribute(v, name)
    }
    /// The AttributeError of a missing attribute.
    #[cold]
    pub fn no_attribute(self, mut v: Value, name: Symbol) -> vm_api::engine::Stop {
        while let Some(alias) =
            self.of_kind(v, Kind::GENERIC_ALIAS).filter(|_| self.is_of_origin(self.class_of(v), name))
        {
            v = alias.get(1);
        }
        if let Some(message) = self.missing_of_instance(v, name) {
            return match message {
                Ok(message) => self.attribute_error_with(v, name, message),
                Err(stop) => stop,
            };
        }
        let name_text = self.symbol_text(name);
        let message = match self.of_kind(v, Kind::TYPE) {
            Some(c) => format!("type object '{}' has no attribute '{name_text}'", self.type_name(c)),
            None => match self.of_kind(v, Kind::MODULE) {
                Some(m) => match self.missing_of_module(m, &name_text) {
                    Ok(message) => message,
                    Err(stop) => return stop,
                },
                None => format!("'{}' object has no attribute '{name_text}'", self.class_name(v)),
            },
        };
        self.attribute_error(v, name, &message)
    }
    /// What is said of most objects without an attribute, which programs ask for to learn that: instances of classes written in Python whose names
    /// are ASCII.
    fn missing_of_instance(self, v: Value, name: Symbol) -> Option<R<Object>> {
        let class = self.class_of(v);
        if !class::has(class, class::flag::HEAP) || [Kind::TYPE, Kind::MODULE].contains(&self.kind(v)) {
            return None;
        }
        let (class_name, name) = (Object::from_value(class.get(class::word::NAME))?, self.symbol_string(name));
        let parts =
            || Some(["'", string::ascii(class_name)?, "' object has no attribute '", string::ascii(name)?, "'"]);
        let length = parts()?.iter().map(|part| part.len()).sum();
        Some(self.ascii_with(length, |mut to| {
            // Looked at again, where the strings are now.
            for part in parts().into_iter().flatten() {
                let (now, later) = std::mem::take(&mut to).split_at_mut(part.len());
                now.copy_from_slice(part.as_bytes());
                to = later;
            }
        }))
    }
    /// What is said of a module without an attribute.
    fn missing_of_module(self, m: Object, name: &str) -> R<String> {
        let Some(module) = self.module_name(m) else { return Ok(format!("module has no attribute '{name}'")) };
        let spec = Object::from_value(m.get(1)).and_then(|d| dict::get_symbol(self, d, sym::SPEC));
        if let Some(spec) = spec.filter(|spec| *spec != Value::NONE) {
            if self.is_spec_initializing(spec)? {
                return Ok(format!(
                    "partially initialized module '{module}' has no attribute '{name}' (most likely due to a circular import)"
                ));
            }
            let submodules = self.intern("_uninitialized_submodules")?;
            if let Some(submodules) = self.get_optional(spec, submodules)?
                && self.contains(submodules, self.str(name)?)?
            {
                return Ok(format!(
                    "cannot access submodule '{name}' of module '{module}' (most likely due to a circular import)"
                ));
            }
        }
        Ok(format!("module '{module}' has no attribute '{name}'"))
    }
    /// Is a module's code still running, as its `__spec__` tells?
    pub fn is_initializing(self, module: Value) -> R<bool> {
        match self.get_optional(module, sym::SPEC)? {
            Some(spec) if spec != Value::NONE => self.is_spec_initializing(spec),
            _ => Ok(false),
        }
    }
    fn is_spec_initializing(self, spec: Value) -> R<bool> {
        match self.get_optional(spec, sym::INITIALIZING)? {
            Some(v) => self.truth(v),
            None => Ok(false),
        }
    }
    fn module_name(self, m: Object) -> Option<String> {
        let d = Object::from_value(m.get(1))?;
        string::exact_or_payload(self, dict::get_symbol(self, d, sym::NAME)?).map(string::to_rust)
    }
    /// `getattr(v, name)`, or `None` where that would be an AttributeError that no Python code raised. One that Python code
    /// raised is an error as any, unless a `__getattr__` answers it.
    pub fn find_attribute(self, v: Value, name: Symbol) -> R<Option<Value>> {
        let class = self.class_of(v);
        let found = match self.lookup(class, sym::GETATTRIBUTE) {
            Some(hook) if !self.is_default_hook(hook, Hook::Get) => {
                let name_string = self.symbol_string(name).value();
                self.call_descriptor(hook, v, class, &[name_string]).map(Some)
            }
            _ => self.default_attribute(v, class, name),
        };
        if let Ok(Some(_)) = found {
            return found;
        }
        match self.lookup(class, sym::GETATTR) {
            Some(hook) => {
                self.caught(found, Exc::AttributeError)?;
                let name = self.symbol_string(name).value();
                self.call_descriptor(hook, v, class, &[name]).map(Some)
            }
            None => found,
        }
    }
    /// Is it this hook of a built-in type? What that does is done here.
    #[inline]
    pub fn is_default_hook(self, v: Value, hook: Hook) -> bool {
        self.of_kind(v, Kind::WRAPPER_DESCRIPTOR)
            .is_some_and(|o| self.state().native(o.get(1).as_int() as u32).hook() == Some(hook))
    }
    /// Does the data descriptor answer for reading too?
    fn has_getter(self, d: Value) -> bool {
        matches!(self.kind(d), Kind::GETSET | Kind::MEMBER | Kind::PROPERTY) || self.special(d, sym::GET).is_some()
    }
    /// What the `__getattribute__` of the built-in types does; `None` for a missing attribute.
    pub fn default_attribute(self, v: Value, class: Object, name: Symbol) -> R<Option<Value>> {
        match self.kind(v) {
            Kind::TYPE => self.type_attribute(Object::of(v), class, name),
            Kind::SUPER => self.super_attribute(Object::of(v), class, name),
            Kind::MODULE => match self.generic_attribute(v, class, name)? {
                Some(v) => Ok(Some(v)),
                None => self.module_attribute(Object::of(v), name),
            },
            Kind::GENERIC_ALIAS => {
                let _nesting = self.descend("")?;
                self.alias_attribute(Object::of(v), class, name)
            }
            // A method has the attributes of its function.
            Kind::METHOD => match self.generic_attribute(v, class, name)? {
                Some(found) => Ok(Some(found)),
                None => {
                    let _nesting = self.descend("")?;
                    self.find_attribute(Object::of(v).get(1), name)
                }
            },
            _ => self.generic_attribute(v, class, name),
        }
    }
    /// `object.__getattribute__`
    pub fn generic_attribute(self, v: Value, class: Object, name: Symbol) -> R<Option<Value>> {
        let d = self.name_in_class(class, name);
        if let Some(d) = d
            && is_data_descriptor(self, d)
        {
            if matches!(self.kind(d), Kind::GETSET | Kind::MEMBER | Kind::PROPERTY) {
                return self.descriptor_get(d, v, class.value()).map(Some);
            }
            let owner = self.class_of(d);
            if let Some(get) = self.lookup(owner, sym::GET) {
                return self.call_descriptor(get, d, owner, &[v, class.value()]).map(Some);
            }
        }
        if let Some(o) = Object::from_value(v)
            && let Some(own) = self.own_attribute(o, name)?
        {
            return Ok(Some(own));
        }
        match d {
            // A data descriptor was done with above: this finds plain values, functions and other non-data descriptors.
            Some(d) => self.descriptor_get(d, v, class.value()).map(Some),
            None => Ok(None),
        }
    }
    /// PEP 562: a module's own `__getattr__`.
    fn module_attribute(self, m: Object, name: Symbol) -> R<Option<Value>> {
        let Some(d) = Object::from_value(m.get(1)) else { return Ok(None) };
        match dict::get_symbol(self, d, sym::GETATTR) {
            Some(hook) => self.call(hook, &[self.symbol_string(name).value()]).map(Some),
            None => Ok(None),
        }
    }
    /// `type.__getattribute__`
    fn type_attribute(self, c: Object, meta: Object, name: Symbol) -> R<Option<Value>> {
        let d = self.name_in_class(meta, name);
        if let Some(d) = d
            && is_data_descriptor(self, d)
            && self.has_getter(d)
        {
            return self.descriptor_get(d, c.value(), meta.value()).map(Some);
        }
        if let Some(own) = self.name_in_class(c, name) {
            return self.descriptor_get(own, Value::EMPTY, c.value()).map(Some);
        }
        match d {
            Some(d) => self.descriptor_get(d, c.value(), meta.value()).map(Some),
            None => Ok(None),
        }
    }
    /// `super.__getattribute__`: words are the class after which to look, the object (or EMPTY), the object's class.
    fn super_attribute(self, s: Object, class: Object, name: Symbol) -> R<Option<Value>> {
        if name != sym::CLASS
            && let (Some(after), Some(of)) = (Object::from_value(s.get(1)), Object::from_value(s.get(3)))
            && let Some(found) = self.super_lookup(after, of, name)
        {
            let object = s.get(2);
            // For `super(C, cls)` the object is the class itself: descriptors are then asked without an instance.
            let instance = if object == of.value() { Value::EMPTY } else { object };
            return self.descriptor_get(found, instance, of.value()).map(Some);
        }
        self.generic_attribute(s.value(), class, name)
    }
    /// Attribute `name` as classes after `after` in the order of class `of` have it.
    pub fn super_lookup(self, after: Object, of: Object, name: Symbol) -> Option<Value> {
        let mut rest = tuple::items(class::mro(of)).skip_while(|c| *c != after.value());
        rest.next();
        rest.find_map(|c| self.class_item(Object::of(c), name))
    }
    /// Attributes of a generic alias: its own, else the origin's.
    fn alias_attribute(self, a: Object, class: Object, name: Symbol) -> R<Option<Value>> {
        if self.is_of_origin(class, name) {
            return self.find_attribute(a.get(1), name);
        }
        self.generic_attribute(a.value(), class, name)
    }
    /// Does a generic alias, of this class, ask its origin for the attribute?
    fn is_of_origin(self, class: Object, name: Symbol) -> bool {
        const OWN: [Symbol; 12] = [
            sym::ORIGIN,
            sym::ARGS,
            sym::PARAMETERS,
            sym::MRO_ENTRIES,
            sym::REDUCE_EX,
            sym::REDUCE,
            sym::TYPING_UNPACKED,
            sym::CLASS,
            sym::GETITEM,
            sym::REPR,
            sym::CALL,
            sym::HASH,
        ];
        let text = self.symbol_text(name);
        let dunder = text.starts_with("__") && text.ends_with("__");
        !OWN.contains(&name)
            && text != "__args__"
            && text != "__copy__"
            && text != "__deepcopy__"
            && text != "__unpacked__"
            && !(dunder && self.lookup(class, name).is_some() && name != sym::DOC && name != sym::MODULE)
    }

    /// `d.__get__(instance, owner)`; `instance` EMPTY: without one. What is no descriptor is returned as it is.
    #[inline]
    pub fn descriptor_get(self, d: Value, instance: Value, owner: Value) -> R {
        let Some(o) = Object::from_value(d) else { return Ok(d) };
        match self.object_kind(o) {
            Kind::FUNCTION if instance.is_empty() => Ok(d),
            Kind::FUNCTION => self.bind(d, instance),
            Kind::BUILTIN => Ok(d),
            Kind::STR | Kind::INT | Kind::TUPLE | Kind::LIST | Kind::DICT | Kind::TYPE if is_exact(d) => Ok(d),
            kind => self.descriptor_get_slow(d, o, kind, instance, owner),
        }
    }
    fn descriptor_get_slow(self, d: Value, o: Object, kind: Kind, instance: Value, owner: Value) -> R {
        match kind {
            Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR => {
                if instance.is_empty() {
                    return Ok(d);
                }
                self.check_owner(o, instance)?;
                let bound = if kind == Kind::WRAPPER_DESCRIPTOR { shape::METHOD_WRAPPER } else { shape::BUILTIN };
                Ok(self.new_object(bound, 5, &[o.get(1), instance, Value::EMPTY, o.get(4)])?.value())
            }
            Kind::CLASS_METHOD_DESCRIPTOR => self.new_builtin(o.get(1), owner, Value::EMPTY, o.get(4)),
            Kind::CLASSMETHOD => {
                // Since 3.9 what it wraps is asked for its own `__get__`; for functions that is binding, and so it is for what has none.
                let inner = o.get(1);
                let found = self.descriptor_get(inner, owner, owner)?;
                if found == inner && self.special(inner, sym::GET).is_none() {
                    self.bind(inner, owner)
                } else {
                    Ok(found)
                }
            }
            Kind::STATICMETHOD => Ok(o.get(1)),
            Kind::PROPERTY if o.shape() == shape::PROPERTY && instance.is_empty() => Ok(d),
            Kind::PROPERTY if o.shape() == shape::PROPERTY => {
                let getter = o.get(1);
                if getter.is_empty() || getter == Value::NONE {
                    return Err(self.property_error(o, instance, "getter"));
                }
                self.call(getter, &[instance])
            }
            Kind::GETSET if instance.is_empty() => Ok(d),
            Kind::GETSET => {
                self.check_owner(o, instance)?;
                let native = self.state().native(o.get(1).as_int() as u32);
                (native.function)(self, Args::of(&[instance]))
            }
            Kind::MEMBER if instance.is_empty() => Ok(d),
            Kind::MEMBER => {
                self.check_member(o, instance)?;
                let v = Object::of(instance).get(o.get(1).as_int() as usize);
                if v.is_empty() {
                    let name = self.symbol_of(Object::of(o.get(2)))?;
                    return Err(self.no_attribute(instance, name));
                }
                Ok(v)
            }
            _ => match self.special(d, sym::GET) {
                Some(get) => {
                    let class = self.class_of(d);
                    let instance = if instance.is_empty() { Value::NONE } else { instance };
                    self.call_descriptor(get, d, class, &[instance, owner])
                }
                None => Ok(d),
            },
        }
    }
    fn check_member(self, d: Object, instance: Value) -> R<()> {
        let owner = Object::of(d.get(3));
        if self.is_instance(instance, owner) {
            return Ok(());
        }
        self.type_error(&format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            string::to_rust(Object::of(d.get(2))),
            class::name(self, owner),
            self.class_name(instance)
        ))
    }
    /// TypeError unless `instance` is of the class that the native descriptor belongs to.
    pub fn check_owner(self, d: Object, instance: Value) -> R<()> {
        let owner = Object::of(d.get(4));
        let class = self.class_of(instance);
        if class == owner || self.is_subclass(class, owner) {
            return Ok(());
        }
        let native = self.state().native(d.get(1).as_int() as u32);
        let (name, owner, given) = (native.name, self.type_name(owner), self.class_name(instance));
        self.type_error(&match self.object_kind(d) {
            Kind::WRAPPER_DESCRIPTOR => {
                format!("descriptor '{name}' requires a '{owner}' object but received a '{given}'")
            }
            _ => format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{given}' object"),
        })
    }
    /// AttributeError: a property has no such function; `what` says which.
    #[cold]
    pub fn property_error(self, p: Object, instance: Value, what: &str) -> vm_api::engine::Stop {
        let class = self.class_of(instance).get(class::word::QUALNAME);
        let shown = (|| {
            let class = self.repr_text(class)?;
            Ok(match p.get(5) {
                name if name.is_empty() => format!("property of {class}"),
                name => format!("property {} of {class}", self.repr_text(name)?),
            })
        })();
        match shown {
            Ok(shown) => self.error(Exc::AttributeError, &format!("{shown} object has no {what}")),
            Err(stop) => stop,
        }
    }

    /// `setattr(v, name, value)`; `None` deletes. Runs Python code, raises.
    pub fn set_attribute(self, v: Value, name: Symbol, value: Option<Value>) -> R<()> {
        let class = self.class_of(v);
        let which = if value.is_some() { sym::SETATTR } else { sym::DELATTR };
        if let Some(hook) = self.lookup(class, which)
            && !self.is_default_hook(hook, if value.is_some() { Hook::Set } else { Hook::Delete })
        {
            let name = self.symbol_string(name).value();
            match value {
                Some(value) => self.call_descriptor(hook, v, class, &[name, value])?,
                None => self.call_descriptor(hook, v, class, &[name])?,
            };
            return Ok(());
        }
        self.default_set_attribute(v, class, name, value)
    }
    /// What the `__setattr__` and `__delattr__` of the built-in types do.
    pub fn default_set_attribute(self, v: Value, class: Object, name: Symbol, value: Option<Value>) -> R<()> {
        match self.of_kind(v, Kind::TYPE) {
            Some(c) => self.set_type_attribute(c, class, name, value),
            None => self.generic_set_attribute(v, class, name, value),
        }
    }
    /// `object.__setattr__`, `object.__delattr__`
    pub fn generic_set_attribute(self, v: Value, class: Object, name: Symbol, value: Option<Value>) -> R<()> {
        let d = self.lookup(class, name);
        if let Some(d) = d
            && self.descriptor_set(d, v, value)?
        {
            return Ok(());
        }
        let done = match (Object::from_value(v), value) {
            (Some(o), Some(value)) => self.set_own_attribute(o, name, value)?,
            (Some(o), None) => self.delete_own_attribute(o, name)?,
            (None, _) => false,
        };
        if done {
            return Ok(());
        }
        let (class_name, text) = (self.type_name(class), self.symbol_text(name));
        let message = if d.is_some() {
            format!("'{class_name}' object attribute '{text}' is read-only")
        } else {
            format!("'{class_name}' object has no attribute '{text}'")
        };
        Err(self.attribute_error(v, name, &message))
    }
    /// `d.__set__(instance, value)`, or `d.__delete__(instance)` for a built-in descriptor. AttributeError if it has none.
    pub fn set_through(self, d: Value, instance: Value, value: Option<Value>) -> R<()> {
        if self.descriptor_set(d, instance, value)? {
            return Ok(());
        }
        self.err(Exc::AttributeError, if value.is_some() { "__set__" } else { "__delete__" })
    }
    /// Sets or deletes through a data descriptor; false if it is none.
    fn descriptor_set(self, d: Value, instance: Value, value: Option<Value>) -> R<bool> {
        let Some(o) = Object::from_value(d) else { return Ok(false) };
        match self.object_kind(o) {
            Kind::FUNCTION | Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR => Ok(false),
            Kind::STR | Kind::TUPLE if is_exact(d) => Ok(false),
            Kind::PROPERTY if o.shape() == shape::PROPERTY => {
                let (f, what) = match value {
                    Some(_) => (o.get(2), "setter"),
                    None => (o.get(3), "deleter"),
                };
                if f.is_empty() || f == Value::NONE {
                    return Err(self.property_error(o, instance, what));
                }
                match value {
                    Some(v) => self.call(f, &[instance, v])?,
                    None => self.call(f, &[instance])?,
                };
                Ok(true)
            }
            Kind::GETSET => {
                self.check_owner(o, instance)?;
                let setter = o.get(2);
                if setter.is_empty() {
                    if o.shape() != shape::GETSET {
                        return self.err(Exc::AttributeError, "readonly attribute");
                    }
                    let (name, owner) = (string::to_rust(Object::of(o.get(3))), self.type_name(Object::of(o.get(4))));
                    return self
                        .err(Exc::AttributeError, &format!("attribute '{name}' of '{owner}' objects is not writable"));
                }
                let native = self.state().native(setter.as_int() as u32);
                (native.function)(self, Args::of(&[instance, value.unwrap_or(Value::EMPTY)]))?;
                Ok(true)
            }
            Kind::MEMBER => {
                self.check_member(o, instance)?;
                let (target, word) = (Object::of(instance), o.get(1).as_int() as usize);
                if value.is_none() && target.get(word).is_empty() {
                    let name = self.symbol_of(Object::of(o.get(2)))?;
                    return Err(self.no_attribute(instance, name));
                }
                self.store(target, word, value.unwrap_or(Value::EMPTY));
                Ok(true)
            }
            _ => {
                let class = self.class_of(d);
                let hook = self.lookup(class, if value.is_some() { sym::SET } else { sym::DELETE });
                match (hook, value) {
                    (Some(hook), Some(v)) => self.call_descriptor(hook, d, class, &[instance, v])?,
                    (Some(hook), None) => self.call_descriptor(hook, d, class, &[instance])?,
                    (None, _) => {
                        let other = if value.is_some() { sym::DELETE } else { sym::SET };
                        if self.lookup(class, other).is_some() {
                            let which = if value.is_some() { "__set__" } else { "__delete__" };
                            return self.err(Exc::AttributeError, which);
                        }
                        return Ok(false);
                    }
                };
                Ok(true)
            }
        }
    }
    /// `type.__setattr__`
    pub fn set_type_attribute(self, c: Object, meta: Object, name: Symbol, value: Option<Value>) -> R<()> {
        if !class::has(c, flag::HEAP) {
            return self.type_error(&format!(
                "cannot set '{}' attribute of immutable type '{}'",
                self.symbol_text(name),
                self.class_full_name(c)
            ));
        }
        if let Some(d) = self.lookup(meta, name)
            && self.descriptor_set(d, c.value(), value)?
        {
            return Ok(());
        }
        if self.class_set(c, name, value)? {
            return Ok(());
        }
        Err(self.no_attribute(c.value(), name))
    }

    // ---- calling special methods

    /// The native function behind a special method that a class has for itself.
    #[inline]
    pub fn native_method_of(self, found: Value, class: Object) -> Option<&'static native::Native> {
        let o = Object::from_value(found)?;
        (o.shape() == shape::WRAPPER_DESCRIPTOR && o.get(4) == class.value())
            .then(|| self.state().native(o.get(1).as_int() as u32))
    }
    /// Calls what a class's dictionary holds under a special name, with `v` as the instance.
    pub fn call_descriptor(self, found: Value, v: Value, class: Object, args: &[Value]) -> R {
        if let Some(o) = Object::from_value(found) {
            match self.object_kind(o) {
                Kind::FUNCTION => return self.call_prepended(found, v, args),
                Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR => {
                    if o.get(4) != class.value() {
                        self.check_owner(o, v)?;
                    }
                    let native = self.state().native(o.get(1).as_int() as u32);
                    let r = match *args {
                        [] => native::call(self, native, Args::of(&[v]), Value::EMPTY),
                        [other] => native::call(self, native, Args::of(&[v, other]), Value::EMPTY),
                        [a, b] => native::call(self, native, Args::of(&[v, a, b]), Value::EMPTY),
                        _ => self
                            .with_prepended(v, Args::of(args), |py, all| native::call(py, native, all, Value::EMPTY)),
                    };
                    return self.entered(r);
                }
                _ => {}
            }
        }
        let bound = self.descriptor_get(found, v, class.value())?;
        self.call(bound, args)
    }
    /// Calls special method `name` of `v`; `None` if its class has none (or `None` under that name).
    pub fn call_special(self, v: Value, name: Symbol, args: &[Value]) -> R<Option<Value>> {
        let class = self.class_of(v);
        match self.lookup(class, name) {
            Some(found) if found != Value::NONE => self.call_descriptor(found, v, class, args).map(Some),
            _ => Ok(None),
        }
    }
    /// Calls method `name` of `v`: AttributeError if it has none.
    pub fn call_method(self, v: Value, name: Symbol, args: &[Value]) -> R {
        let class = self.class_of(v);
        if let Some(found) = self.lookup(class, name)
            && matches!(self.kind(found), Kind::FUNCTION | Kind::METHOD_DESCRIPTOR)
            && self.lookup(class, sym::GETATTRIBUTE).is_none_or(|g| self.kind(g) == Kind::WRAPPER_DESCRIPTOR)
            && self.kind(v) != Kind::TYPE
            && match Object::from_value(v) {
                Some(o) => self.own_attribute(o, name)?.is_none(),
                None => true,
            }
        {
            return self.call_descriptor(found, v, class, args);
        }
        let f = self.get_attribute(v, name)?;
        self.call(f, args)
    }

    // ---- making descriptors

    /// A bound method.
    #[inline]
    pub fn bind(self, function: Value, instance: Value) -> R {
        Ok(self.new_object(shape::METHOD, 3, &[function, instance])?.value())
    }
    /// A native function's object: number, self, module, owner class.
    pub fn new_builtin(self, number: Value, this: Value, module: Value, owner: Value) -> R {
        Ok(self.new_object(shape::BUILTIN, 5, &[number, this, module, owner])?.value())
    }
    /// `module.qualname()` of a callable, as messages about its arguments show it; its `str` if it has no such name.
    pub fn described_callable(self, v: Value) -> R<String> {
        let Some(qualname) = self.get_optional(v, sym::QUALNAME)? else { return self.str_text(v) };
        let qualname = self.str_text(qualname)?;
        let module = self.get_optional(v, sym::MODULE)?.and_then(|m| string::exact_or_payload(self, m));
        Ok(match module.map(string::to_rust) {
            Some(m) if m != "builtins" => format!("{m}.{qualname}()"),
            _ => format!("{qualname}()"),
        })
    }
    /// `__name__` of a callable, for messages.
    pub fn callable_name(self, v: Value) -> String {
        match self.kind(v) {
            Kind::FUNCTION => function::qualified_name(Object::of(v)),
            Kind::METHOD => self.callable_name(Object::of(v).get(1)),
            Kind::BUILTIN
            | Kind::METHOD_WRAPPER
            | Kind::METHOD_DESCRIPTOR
            | Kind::WRAPPER_DESCRIPTOR
            | Kind::CLASS_METHOD_DESCRIPTOR => {
                self.state().native(Object::of(v).get(1).as_int() as u32).name.to_owned()
            }
            Kind::TYPE => class::name(self, Object::of(v)),
            _ => format!("{} object", self.class_name(v)),
        }
    }
}

impl Py<'_> {
    /// The class whose order `super(after, this)` follows: that of `this`, or `this` itself if it is a class derived from
    /// `after`. TypeError if it is neither.
    pub fn super_class(self, after: Object, this: Value) -> R<Object> {
        if let Some(c) = self.of_kind(this, Kind::TYPE)
            && self.is_subclass(c, after)
        {
            return Ok(c);
        }
        let class = self.class_of(this);
        if self.is_subclass(class, after) {
            return Ok(class);
        }
        // Proxies say by `__class__` what they stand for.
        if let Some(claimed) = self.get_optional(this, sym::CLASS)?
            && let Some(c) = self.of_kind(claimed, Kind::TYPE)
            && self.is_subclass(c, after)
        {
            return Ok(c);
        }
        self.type_error("super(type, obj): obj must be an instance or subtype of type")
    }
}
