//! Attributes: lookup with all of Python's rules, and what inline caches may keep of it.

use super::variables::is_module;
use super::{Operands, Site, object};
use crate::attributes::{class_key, place, seen};
use python_compile::opcodes::special as with;
use python_objects::attribute::is_data_descriptor;
use python_objects::kind::{Kind, class as builtin, shape};
use python_objects::native::Hook;
use python_objects::py::root;
use python_objects::state::Attributes;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Symbol, Value, class, dict, instance};

fn symbol(o: Operands) -> Symbol {
    Symbol(o.immediate as u32)
}

/// Has the class the default `__getattribute__`, and only names in its dictionaries?
fn plain_reads(py: Py<'_>, class: Object) -> bool {
    !py.has_odd_names(class) && py.lookup(class, sym::GETATTRIBUTE).is_none_or(|g| py.is_default_hook(g, Hook::Get))
}
fn plain_writes(py: Py<'_>, class: Object) -> bool {
    py.lookup(class, sym::SETATTR).is_none_or(|g| py.is_default_hook(g, Hook::Set))
}
/// A value in a module's dictionary that no class attribute hides, with its place noted.
fn of_module(py: Py<'_>, site: Site, v: Value, name: Symbol) -> Option<Value> {
    let module = is_module(py, v).filter(|m| m.shape() == shape::MODULE)?;
    if py.lookup(py.class_of(v), name).is_some_and(|d| is_data_descriptor(py, d)) {
        return None;
    }
    let d = Object::from_value(module.get(1))?;
    let i = dict::find_str(py, d, py.symbol_string(name))?;
    if super::variables::cache(py, site, d, i) {
        site.record(seen::MODULE);
    }
    Some(dict::entry_value(d, i))
}

/// A word of an object as a cache keeps it, unless the object is too large for that.
fn word_place(word: u32) -> Option<u32> {
    word.checked_mul(8).filter(|at| *at < place::CLASS_VALUE)
}

/// Where the own attribute is, as a cache keeps it.
fn own_place(py: Py<'_>, o: Object, name: Symbol) -> Option<u32> {
    let info = py.shape_info(o.shape());
    if info.attributes != Attributes::Slots {
        return None;
    }
    let i = info.find(name)?;
    match i.checked_sub(u32::from(info.capacity)) {
        None => word_place(info.first_slot + i),
        Some(i) => (info.dict_word == instance::DICT as u32).then_some(place::OVERFLOW + i),
    }
}

/// Where a `__slots__` member of the class is, as a cache keeps it.
fn member_place(py: Py<'_>, class: Object, member: Object) -> Option<u32> {
    // The member may have been taken out of another class.
    if !py.is_subclass(class, object(member.get(3))) {
        return None;
    }
    word_place(member.get(1).as_int() as u32)
}

/// Where the instances of a class have what a native getter (or setter) of its reads (or writes), as a cache keeps it: if it
/// does no more than that. `part`: where the descriptor has the one that is asked for.
fn field_place(py: Py<'_>, class: Object, descriptor: Object, part: usize) -> Option<u32> {
    let native = descriptor.get(part);
    if !native.is_int() || !py.is_subclass(class, object(descriptor.get(4))) {
        return None;
    }
    word_place(py.state().native(native.as_int() as u32).word()?)
}

/// Will what a class's dictionary holds stay the descriptor, or no descriptor, that it is? The methods of other values' classes
/// may change, and the class of an instance of a Python class.
fn is_settled(py: Py<'_>, v: Value) -> bool {
    !class::has(py.class_of(v), class::flag::HEAP)
}

pub(super) fn load(py: Py<'_>, o: Operands) -> R {
    let name = symbol(o);
    let Some(target) = Object::from_value(o.a) else { return py.get_attribute(o.a, name) };
    if let Some(v) = of_module(py, o.site, o.a, name) {
        return Ok(v);
    }
    if target.shape() == shape::TYPE {
        if let Some((v, _)) = of_class(py, o.site, target, name, false) {
            return Ok(v);
        }
        return py.get_attribute(o.a, name);
    }
    // The attributes of these are not what their classes and shapes say.
    let special = [Kind::TYPE, Kind::SUPER, Kind::GENERIC_ALIAS].contains(&py.object_kind(target));
    if !special {
        let class = py.class_of(o.a);
        let found = py.lookup(class, name);
        if let Some(getter) = found.and_then(|d| property_getter(py, class, d)) {
            return super::calls::prepare(py, getter, o.a, Args::of(&[]), Value::EMPTY, None);
        }
        if o.site.wants() && plain_reads(py, class) {
            let hides = found.is_some_and(|d| !is_settled(py, d) || is_data_descriptor(py, d));
            if !hides && let Some(at) = own_place(py, target, name) {
                if py.may_cache(class, name) {
                    o.site.add(py, target.shape().0, at, Value::EMPTY);
                }
            } else if let Some(d) = found.filter(|d| is_settled(py, *d)) {
                fill_from_class(py, o.site, target, class, name, d);
            }
        }
    }
    py.get_attribute(o.a, name)
}

/// The Python function that computes an attribute of the class's instances, if `found` is a property and no `__getattr__`
/// would answer its errors.
fn property_getter(py: Py<'_>, class: Object, found: Value) -> Option<Object> {
    let property = Object::from_value(found).filter(|d| d.shape() == shape::PROPERTY)?;
    if !plain_reads(py, class) || py.lookup(class, sym::GETATTR).is_some() {
        return None;
    }
    py.of_kind(property.get(1), Kind::FUNCTION)
}

/// What a class whose metaclass is `type` answers for an attribute of its own or its bases', and whether that takes the
/// class as its first argument (only if a `method` is wanted): noted, if it stays so. `None` if it has to be asked for.
fn of_class(py: Py<'_>, site: Site, class: Object, name: Symbol, method: bool) -> Option<(Value, bool)> {
    let meta = py.class_of(class.value());
    if py.has_odd_names(class) || py.has_odd_names(meta) {
        return None;
    }
    if py.lookup(meta, name).is_some_and(|d| is_data_descriptor(py, d)) {
        return None;
    }
    let d = py.lookup(class, name).filter(|d| is_settled(py, *d))?;
    let inside = || object(d).get(1);
    let found = match py.kind(d) {
        Kind::STATICMETHOD => (inside(), false),
        Kind::CLASSMETHOD if method && py.kind(inside()) == Kind::FUNCTION => (inside(), true),
        Kind::FUNCTION | Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR | Kind::TYPE | Kind::BUILTIN => (d, false),
        Kind::INT | Kind::FLOAT | Kind::BOOL | Kind::NONE | Kind::STR | Kind::TUPLE | Kind::LIST | Kind::DICT => {
            (d, false)
        }
        _ => return None,
    };
    if site.wants()
        && let Some(key) = class_key(class::number(class))
        && py.may_cache(class, name)
    {
        site.add(py, key, u32::from(found.1), found.0);
        site.record(seen::CLASS);
    }
    Some(found)
}

/// Caches what a class's dictionary holds: `__slots__` members, fields of native types, and plain values that no own attribute hides.
fn fill_from_class(py: Py<'_>, site: Site, target: Object, class: Object, name: Symbol, d: Value) {
    match py.kind(d) {
        Kind::MEMBER => {
            if let Some(at) = member_place(py, class, object(d))
                && py.may_cache(class, name)
            {
                site.add(py, target.shape().0, at, Value::EMPTY);
            }
        }
        Kind::GETSET => {
            if let Some(at) = field_place(py, class, object(d), 1)
                && py.may_cache(class, name)
            {
                site.add(py, target.shape().0, at, Value::EMPTY);
            }
        }
        _ => {
            if let Some(v) = plain_class_value(py, d)
                && let Some(at) = class_place(py, target, name, false)
                && py.may_cache(class, name)
            {
                site.add(py, target.shape().0, at, v);
            }
        }
    }
}

/// What instances give for the settled `d` in their class, if that does not depend on the instance.
fn plain_class_value(py: Py<'_>, d: Value) -> Option<Value> {
    match py.kind(d) {
        Kind::STATICMETHOD => Some(object(d).get(1)),
        Kind::INT | Kind::FLOAT | Kind::BOOL | Kind::NONE | Kind::STR | Kind::TUPLE | Kind::LIST | Kind::DICT => {
            Some(d)
        }
        Kind::TYPE | Kind::BUILTIN => Some(d),
        _ => None,
    }
}

/// Where a cache for the object's shape says that an attribute of the class is, a function to bind or a plain value, if no
/// object of the shape has one of its own of this name; or none without a dictionary, of which this is one.
fn class_place(py: Py<'_>, target: Object, name: Symbol, binds: bool) -> Option<u32> {
    let info = py.shape_info(target.shape());
    if info.attributes == Attributes::Dict {
        let word = info.dict_word as usize;
        let unless = word_place(info.dict_word)? + place::UNLESS_DICT;
        return target.get(word).is_empty().then_some(unless + u32::from(!binds));
    }
    let place = if binds { place::CLASS_VALUE } else { place::PLAIN_VALUE };
    info.find(name).is_none().then_some(place)
}

pub(super) fn store(py: Py<'_>, o: Operands) -> R {
    let name = symbol(o);
    if let Some(target) = Object::from_value(o.a)
        && o.site.wants()
    {
        let class = py.class_of(o.a);
        let found = py.lookup(class, name);
        let is_plain = [Kind::OBJECT, Kind::EXCEPTION].contains(&py.object_kind(target));
        if plain_writes(py, class) {
            match found {
                Some(d) if py.kind(d) == Kind::GETSET => {
                    if let Some(at) = field_place(py, class, object(d), 2)
                        && py.may_cache(class, name)
                    {
                        o.site.add(py, target.shape().0, at, Value::EMPTY);
                    }
                }
                _ if !is_plain => {}
                Some(d) if py.kind(d) == Kind::MEMBER => {
                    if let Some(at) = member_place(py, class, object(d))
                        && py.may_cache(class, name)
                    {
                        o.site.add(py, target.shape().0, at, Value::EMPTY);
                    }
                }
                Some(d) if !is_settled(py, d) || is_data_descriptor(py, d) => {}
                _ => store_slot(py, o, target, class, name)?,
            }
        }
    }
    py.set_attribute(o.a, name, Some(o.b))?;
    Ok(Value::NONE)
}

/// Caches where an own attribute is stored, or how it is added.
fn store_slot(py: Py<'_>, o: Operands, target: Object, class: Object, name: Symbol) -> R<()> {
    let info = py.shape_info(target.shape());
    if info.attributes != Attributes::Slots {
        return Ok(());
    }
    if let Some(at) = own_place(py, target, name) {
        if py.may_cache(class, name) {
            o.site.add(py, target.shape().0, at, Value::EMPTY);
        }
        return Ok(());
    }
    let i = info.names.len();
    let word = info.first_slot + i as u32;
    if i < usize::from(info.capacity)
        && word < 1 << 8
        && py.may_cache(class, name)
        && let Some(next) = py.shape_with(target.shape(), name)?
    {
        o.site.add(py, target.shape().0, place::ADDS | next.0 << 8 | word, Value::EMPTY);
    }
    Ok(())
}

pub(super) fn delete(py: Py<'_>, o: Operands) -> R {
    py.set_attribute(o.a, symbol(o), None)?;
    Ok(Value::NONE)
}

/// The window's halves: `function` goes to the root, the other is the result.
fn pair(py: Py<'_>, function: Value, second: Value) -> R {
    py.set_root(root::METHOD_FUNCTION, function);
    Ok(second)
}

pub(super) fn find_method(py: Py<'_>, o: Operands) -> R {
    let name = symbol(o);
    if let Some(v) = of_module(py, o.site, o.a, name) {
        return pair(py, Value::EMPTY, v);
    }
    if let Some(target) = Object::from_value(o.a).filter(|t| t.shape() == shape::TYPE)
        && let Some((v, takes_class)) = of_class(py, o.site, target, name, true)
    {
        return if takes_class { pair(py, v, o.a) } else { pair(py, Value::EMPTY, v) };
    }
    let class = py.class_of(o.a);
    if ![Kind::TYPE, Kind::SUPER, Kind::GENERIC_ALIAS].contains(&py.kind(o.a)) && plain_reads(py, class) {
        let (target, found) = (Object::from_value(o.a), py.lookup(class, name));
        let method = found
            .filter(|f| matches!(py.kind(*f), Kind::FUNCTION | Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR));
        if let Some(f) = method
            && target.map(|t| py.own_attribute(t, name)).transpose()?.flatten().is_none()
        {
            if let Some(t) = target
                && o.site.wants()
                && let Some(at) = class_place(py, t, name, true)
                && py.may_cache(class, name)
            {
                o.site.add(py, t.shape().0, at, f);
            }
            return pair(py, f, o.a);
        }
        if let Some(t) = target
            && o.site.wants()
            && found.is_none_or(|d| is_settled(py, d) && !is_data_descriptor(py, d))
            && py.may_cache(class, name)
        {
            if let Some(at) = own_place(py, t, name) {
                o.site.add(py, t.shape().0, at, Value::EMPTY);
            } else if let Some(v) = found.and_then(|d| plain_class_value(py, d))
                && let Some(at) = class_place(py, t, name, false)
            {
                o.site.add(py, t.shape().0, at, v);
            }
        }
    }
    let v = py.get_attribute(o.a, name)?;
    pair(py, Value::EMPTY, v)
}

pub(super) fn load_special(py: Py<'_>, o: Operands) -> R {
    let (name, is_async) = match o.immediate as u16 {
        with::ENTER => (sym::ENTER, false),
        with::EXIT => (sym::EXIT, false),
        with::AENTER => (sym::AENTER, true),
        _ => (sym::AEXIT, true),
    };
    let class = py.class_of(o.a);
    let Some(f) = py.lookup(class, name) else {
        let missed = if name == sym::EXIT || name == sym::AEXIT {
            format!(" (missed {} method)", py.symbol_text(name))
        } else {
            String::new()
        };
        let what = if is_async { "asynchronous context manager" } else { "context manager" };
        return py.type_error(&format!("'{}' object does not support the {what} protocol{missed}", py.class_name(o.a)));
    };
    if matches!(py.kind(f), Kind::FUNCTION | Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR) {
        return pair(py, f, o.a);
    }
    let bound = py.descriptor_get(f, o.a, class.value())?;
    pair(py, Value::EMPTY, bound)
}

/// `super().name`: the operands are what the name `super` gave, the class and the object. The immediate holds the symbol, whether
/// the two are arguments of the call, and whether a method window is wanted.
pub(super) fn load_super(py: Py<'_>, o: Operands) -> R {
    let immediate = o.immediate;
    let (name, with_arguments, method) = (Symbol(immediate as u32 >> 2), immediate & 2 != 0, immediate & 1 != 0);
    let (callee, class, this) = (o.a, o.b, o.c);
    if callee == py.root(builtin::SUPER)
        && let Some(after) = py.of_kind(class, Kind::TYPE)
    {
        let of = py.super_class(after, this)?;
        if name != sym::CLASS
            && let Some(found) = py.super_lookup(after, of, name)
        {
            if method
                && this != of.value()
                && matches!(py.kind(found), Kind::FUNCTION | Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR)
            {
                note_super(py, o.site, after, of, this, name, found);
                return pair(py, found, this);
            }
            let instance = if this == of.value() { Value::EMPTY } else { this };
            let v = py.descriptor_get(found, instance, of.value())?;
            return if method { pair(py, Value::EMPTY, v) } else { Ok(v) };
        }
    }
    let made = if with_arguments || callee == py.root(builtin::SUPER) {
        py.call(callee, &[class, this])?
    } else {
        py.call(callee, &[])?
    };
    let v = py.get_attribute(made, name)?;
    if method { pair(py, Value::EMPTY, v) } else { Ok(v) }
}

/// Notes the method that `super` finds in classes behind `after` for instances laid out as `this`, of class `of`.
fn note_super(py: Py<'_>, site: Site, after: Object, of: Object, this: Value, name: Symbol, found: Value) {
    let Some(this) = Object::from_value(this).filter(|o| py.object_kind(*o) != Kind::TYPE) else { return };
    if site.wants()
        && after.shape() == shape::TYPE
        && py.class_of(this.value()) == of
        && !py.has_odd_names(of)
        && py.may_cache(of, name)
    {
        site.add(py, this.shape().0, class::number(after), found);
    }
}
