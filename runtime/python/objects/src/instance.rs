//! Instances: where attributes lie, and how shapes change when attributes come and go.
//!
//! An instance of a class written in Python, also of an exception's, has attribute slots within the object, as many as its class expects,
//! and an array for the rest; its shape names them. Asking for `__dict__`, deleting an attribute or adding very many moves the attributes
//! to a dictionary for good: the shape then says so. Instances of classes that inherit from other built-in types have a dictionary from the
//! start, made when the first attribute is set. Instances of subclasses of immutable types with variable size (`int`, `str`, `tuple`, …) are
//! boxes that hold the exact value.

use crate::class::{self, flag};
use crate::kind::Kind;
use crate::py::{Py, R};
use crate::state::{Attributes, ShapeInfo};
use crate::symbol::Symbol;
use crate::{dict, function, string, tuple};
use std::collections::BTreeMap;
use vm_api::heap::{Layout, Object, OutOfMemory, ShapeIndex, Value};

/// Word of the dictionary or overflow array of instances of Python classes that inherit from `object` alone. Others say it in their shape.
pub const DICT: usize = 1;
/// Word of the exact value in a box.
pub const PAYLOAD: usize = 2;
/// Attributes beyond which an instance keeps them in a dictionary.
const MOST_SLOTS: usize = 250;
/// Shapes of one layout beyond which new sets of attributes go to dictionaries: then attributes are data, not structure.
const MOST_RELATIVES: u32 = 256;
/// Words of an object whose layout is a bitmap.
const MOST_IN_BITMAP: usize = 64;
/// Most attribute slots within an object.
const MOST_IN_OBJECT: usize = 40;

/// The exact value in a box.
#[inline(always)]
pub fn payload(o: Object) -> Value {
    o.get(PAYLOAD)
}

/// Are instances of subclasses of this kind boxes?
pub fn is_boxed(kind: Kind) -> bool {
    [Kind::INT, Kind::FLOAT, Kind::COMPLEX, Kind::STR, Kind::BYTES, Kind::TUPLE].contains(&kind)
}

impl Py<'_> {
    /// A fresh instance of a class whose instances have a fixed size; fields are EMPTY. May collect.
    #[inline]
    pub fn alloc_instance(self, class: Object) -> R<Object> {
        let shape = class::shape(class);
        let words = self.shape_info(shape).words;
        let o = self.alloc(shape, words as usize)?;
        if class::has(class, flag::FINALIZER) {
            self.heap().make_finalizable(o);
        }
        Ok(o)
    }
    /// An instance of a boxing subclass, or the exact value itself if the class is the built-in one.
    pub fn box_instance(self, class: Object, exact: Value) -> R<Value> {
        if self.root(class::kind(class).0) == class.value() {
            return Ok(exact);
        }
        let o = self.alloc_instance(class)?;
        o.init(PAYLOAD, exact);
        Ok(o.value())
    }
    /// Registers a shape; MemoryError if there are too many.
    pub(crate) fn register_shape(self, layout: Layout, info: ShapeInfo) -> R<ShapeIndex> {
        match self.heap().register_shape(layout) {
            Some(index) => {
                self.state().add_shape(index, info);
                Ok(index)
            }
            None => Err(self.out_of_memory(OutOfMemory)),
        }
    }
    /// The shape of instances of a new class: `base` determines the layout, `members` `__slots__` come behind it, and there
    /// is a dictionary if `has_dict`. Returns the shape and the word of the first member.
    pub fn instance_shape(self, class: Object, base: Object, members: usize, has_dict: bool) -> R<(ShapeIndex, usize)> {
        let kind = class::kind(base);
        let base_info = self.shape_info(class::shape(base));
        let base_layout = self.heap().layouts().layout(class::shape(base));
        let mut info = ShapeInfo::new(kind, class::number(class));
        info.dict_word = base_info.dict_word;
        info.attributes = base_info.attributes;
        let is_exact_base = kind.0 < 0x8000_0000 && self.root(kind.0) == base.value();
        // Words of the base that stay as they are.
        let mut words = match base_layout {
            _ if is_boxed(kind) && is_exact_base => 3,
            _ if kind == Kind::OBJECT && is_exact_base => 2,
            // Attribute slots come last; those of the base are given up.
            _ if base_info.attributes == Attributes::Slots => base_info.first_slot as usize,
            _ => base_info.words as usize,
        };
        if is_boxed(kind) && is_exact_base && has_dict {
            info.dict_word = 1;
        }
        if kind == Kind::OBJECT && is_exact_base && has_dict {
            info.dict_word = DICT as u32;
        }
        if info.dict_word == 0 && has_dict {
            info.dict_word = words as u32;
            words += 1;
        }
        let first_member = words;
        words += members;
        info.members = base_info.members + members as u32;
        if has_dict && info.dict_word != 0 {
            info.attributes = Attributes::Dict;
            if kind == Kind::OBJECT || kind == Kind::EXCEPTION {
                let room = match base_layout {
                    Layout::Bitmap { .. } => MOST_IN_BITMAP.saturating_sub(words),
                    _ => usize::MAX,
                };
                info.attributes = Attributes::Slots;
                info.first_slot = words as u32;
                info.capacity = self.expected_attributes(class, base_info)?.min(room) as u16;
                words += usize::from(info.capacity);
            }
        }
        info.words = words as u32;
        info.weakrefable = class::has(class, flag::WEAKREFS);
        let layout = match base_layout {
            Layout::Bitmap { bits, words: old } if !is_boxed(kind) => {
                if words > MOST_IN_BITMAP {
                    return self.type_error("too many __slots__ for a subclass of a built-in type");
                }
                // Attribute slots of the base, which are values as well, may have been more.
                let all = u64::MAX >> (u64::BITS as usize - words);
                let added = u64::MAX.checked_shl(old).unwrap_or(0);
                Layout::Bitmap { words: words as u32, bits: all & (bits | added) }
            }
            Layout::Leaf { words: old } if !is_boxed(kind) => {
                let all = (1u64 << words.min(63)) - 1;
                Layout::Bitmap { words: words as u32, bits: all & !((1 << old) - 1) }
            }
            Layout::Weak { .. } => Layout::Weak { words: words as u32 },
            _ => Layout::Values { words: words.max(2) as u32 },
        };
        Ok((self.register_shape(layout, info)?, first_member))
    }
    /// How many attributes instances will have: those that methods of the class set on their first parameter, and the
    /// base's.
    fn expected_attributes(self, class: Object, base: &ShapeInfo) -> R<usize> {
        let mut names: Vec<Symbol> = Vec::new();
        for c in tuple::items(class::mro(class)).map(Object::of) {
            // What a class is declared with is no function of Python's.
            let d = class::held(c);
            let mut i = 0;
            while let Some((at, _, v)) = dict::next_entry(d, i) {
                i = at + 1;
                let Some(f) = self.of_kind(v, Kind::FUNCTION) else { continue };
                let mut found: Vec<String> = Vec::new();
                self.stored_attributes(Object::of(f.get(function::word::CODE_OBJECT)), |name| found.push(name.into()))?;
                for name in found {
                    let name = self.intern(&name)?;
                    if !names.contains(&name) && names.len() < MOST_IN_OBJECT {
                        names.push(name);
                    }
                }
            }
        }
        Ok(match names.len().max(usize::from(base.capacity)) {
            0 => 2,
            n => n,
        })
    }

    // ---- attributes of the instance itself

    /// The instance's own attribute. Runs no Python code.
    #[inline]
    pub fn own_attribute(self, o: Object, name: Symbol) -> R<Option<Value>> {
        let info = self.shape_info(o.shape());
        match info.attributes {
            Attributes::None => Ok(None),
            Attributes::Slots => Ok(info.find(name).map(|i| slot_value(o, info, i as usize))),
            Attributes::Dict => match Object::from_value(o.get(info.dict_word as usize)) {
                Some(d) => self.dict_get_name(d, name),
                None => Ok(None),
            },
        }
    }
    /// Sets an own attribute; false if the instance can have none.
    pub fn set_own_attribute(self, o: Object, name: Symbol, v: Value) -> R<bool> {
        let info = self.shape_info(o.shape());
        match info.attributes {
            Attributes::None => Ok(false),
            Attributes::Slots => {
                match info.find(name) {
                    Some(i) => self.store_slot(o, info, i as usize, v),
                    None => self.add_slot(o, name, v)?,
                }
                Ok(true)
            }
            Attributes::Dict => {
                let d = self.instance_dict(o)?.unwrap_or_else(|| unreachable!("a shape with a dictionary"));
                self.dict_set_name(d, name, v)?;
                Ok(true)
            }
        }
    }
    /// Deletes an own attribute; false if there is none.
    pub fn delete_own_attribute(self, o: Object, name: Symbol) -> R<bool> {
        let in_slots = self.shape_info(o.shape()).attributes == Attributes::Slots;
        if in_slots && self.own_attribute(o, name)?.is_none() {
            return Ok(false);
        }
        match self.instance_dict(o)? {
            Some(d) => Ok(self.dict_remove(d, self.symbol_string(name).value())?.is_some()),
            None => Ok(false),
        }
    }
    fn store_slot(self, o: Object, info: &ShapeInfo, i: usize, v: Value) {
        match i.checked_sub(info.capacity as usize) {
            None => self.store(o, info.first_slot as usize + i, v),
            Some(i) => self.heap().store_element(Object::of(o.get(info.dict_word as usize)), i, v),
        }
    }
    /// Adds an attribute, which changes the shape.
    fn add_slot(self, o: Object, name: Symbol, v: Value) -> R<()> {
        let info = self.shape_info(o.shape());
        let i = info.names.len();
        let Some(next) = self.shape_with(o.shape(), name)? else {
            if let Some(d) = self.instance_dict(o)? {
                self.dict_set_symbol(d, name, v)?;
            }
            return Ok(());
        };
        if let Some(over) = i.checked_sub(info.capacity as usize) {
            let array = Object::from_value(o.get(info.dict_word as usize));
            if array.is_none_or(|a| a.length() <= over) {
                let larger = self.new_array((over + 1).next_power_of_two().max(4))?;
                if let Some(old) = Object::from_value(o.get(info.dict_word as usize)) {
                    self.heap().copy_elements(old, 0, larger, 0, old.length());
                }
                self.store(o, info.dict_word as usize, larger.value());
            }
        }
        self.store_slot(o, info, i, v);
        o.set_shape(next);
        Ok(())
    }
    /// The shape with one more attribute; `None` if instances keep so many, or such varied, ones in a dictionary.
    pub fn shape_with(self, shape: ShapeIndex, name: Symbol) -> R<Option<ShapeIndex>> {
        let info = self.shape_info(shape);
        if let Some((_, next)) = info.next.borrow().iter().find(|(n, _)| *n == name) {
            return Ok(Some(*next));
        }
        if info.names.len() >= MOST_SLOTS || info.relatives.get() >= MOST_RELATIVES {
            return Ok(None);
        }
        info.relatives.set(info.relatives.get() + 1);
        let mut new = same_layout(info);
        new.attributes = Attributes::Slots;
        new.names.clone_from(&info.names);
        new.names.push(name);
        let next = self.register_shape(self.heap().layouts().layout(shape), new)?;
        info.next.borrow_mut().push((name, next));
        Ok(Some(next))
    }
    /// The instance's `__dict__`, to which its attributes move; `None` if it can have none.
    pub fn instance_dict(self, o: Object) -> R<Option<Object>> {
        let info = self.shape_info(o.shape());
        match info.attributes {
            Attributes::None => Ok(None),
            Attributes::Dict => match Object::from_value(o.get(info.dict_word as usize)) {
                Some(d) => Ok(Some(d)),
                None => {
                    let d = self.new_dict()?;
                    self.store(o, info.dict_word as usize, d.value());
                    Ok(Some(d))
                }
            },
            Attributes::Slots => {
                let shape = self.dict_shape(o.shape())?;
                let d = self.new_dict_for(info.names.len())?;
                for (i, name) in info.names.iter().enumerate() {
                    self.dict_set_symbol(d, *name, slot_value(o, info, i))?;
                }
                for w in 0..info.capacity {
                    self.store(o, info.first_slot as usize + usize::from(w), Value::EMPTY);
                }
                self.store(o, info.dict_word as usize, d.value());
                o.set_shape(shape);
                Ok(Some(d))
            }
        }
    }
    /// The instance's `__dict__`, if it has been asked for or has something in it.
    pub fn filled_dict(self, o: Object) -> R<Option<Object>> {
        let info = self.shape_info(o.shape());
        match info.attributes {
            Attributes::Dict => Ok(Object::from_value(o.get(info.dict_word as usize))),
            Attributes::Slots if info.names.is_empty() => Ok(None),
            Attributes::Slots | Attributes::None => self.instance_dict(o),
        }
    }
    /// The shape of instances with this one's layout that keep attributes in a dictionary.
    fn dict_shape(self, shape: ShapeIndex) -> R<ShapeIndex> {
        let info = self.shape_info(shape);
        if let Some(s) = info.as_dict.get() {
            return Ok(s);
        }
        let mut new = same_layout(info);
        new.attributes = Attributes::Dict;
        let s = self.register_shape(self.heap().layouts().layout(shape), new)?;
        info.as_dict.set(Some(s));
        Ok(s)
    }
    /// Replaces `__dict__`; false if the instance can have none.
    pub fn set_instance_dict(self, o: Object, d: Object) -> R<bool> {
        if self.instance_dict(o)?.is_none() {
            return Ok(false);
        }
        let info = self.shape_info(o.shape());
        self.store(o, info.dict_word as usize, d.value());
        Ok(true)
    }
    /// A copy of the instance's own attributes as a dictionary, which leaves the instance as it is.
    pub fn attributes_copy(self, o: Object) -> R<Option<Object>> {
        let info = self.shape_info(o.shape());
        match info.attributes {
            Attributes::None => Ok(None),
            Attributes::Slots => {
                let d = self.new_dict_for(info.names.len())?;
                for (i, name) in info.names.iter().enumerate() {
                    self.dict_set_symbol(d, *name, slot_value(o, info, i))?;
                }
                Ok(Some(d))
            }
            Attributes::Dict => match Object::from_value(o.get(info.dict_word as usize)) {
                Some(d) => Ok(Some(self.dict_copy(d)?)),
                None => Ok(Some(self.new_dict()?)),
            },
        }
    }
    /// `o.__class__ = class`, for classes whose instances are laid out alike. TypeError otherwise.
    pub fn set_class(self, o: Object, class: Object) -> R<()> {
        let old = self.class_of(o.value());
        let (a, b) = (self.shape_info(class::shape(old)), self.shape_info(class::shape(class)));
        let heap_types = class::has(old, flag::HEAP) && class::has(class, flag::HEAP);
        let modules = a.kind == Kind::MODULE && b.kind == Kind::MODULE;
        if !heap_types && !modules {
            return self.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses");
        }
        let alike = a.kind == b.kind
            && a.dict_word == b.dict_word
            && class::has(old, flag::WEAKREFS) == class::has(class, flag::WEAKREFS)
            && (a.attributes == Attributes::None) == (b.attributes == Attributes::None);
        let members = |i: &ShapeInfo| if i.attributes == Attributes::Slots { i.first_slot } else { i.words };
        let same_members = members(a) == members(b) && (a.members == 0 || self.members(old) == self.members(class));
        // The classes that brought the layout have one base, if they are two.
        let (new_by, old_by) = (self.layout_by(class), self.layout_by(old));
        let related = new_by == old_by || new_by.get(class::word::BASE) == old_by.get(class::word::BASE);
        if !alike || !same_members || !related {
            return self.type_error(&format!(
                "__class__ assignment: '{}' object layout differs from '{}'",
                class::name(self, class),
                class::name(self, old)
            ));
        }
        let own_layout = self.heap().layouts().layout(o.shape());
        let shape =
            if own_layout == self.heap().layouts().layout(class::shape(class)) && a.attributes != Attributes::Slots {
                class::shape(class)
            } else {
                // Attributes go to a dictionary; the object keeps its size under a shape of the new class.
                self.instance_dict(o)?;
                self.shape_of_class(o.shape(), class::number(class))?
            };
        o.set_shape(shape);
        if class::has(class, flag::FINALIZER) {
            self.heap().make_finalizable(o);
        }
        Ok(())
    }
    /// The class that added something to the layout of its base last, on the way from `class` down.
    fn layout_by(self, mut class: Object) -> Object {
        while let Some(base) = Object::from_value(class.get(class::word::BASE)) {
            let (a, b) = (self.shape_info(class::shape(class)), self.shape_info(class::shape(base)));
            let adds_nothing = a.kind == b.kind
                && a.members == b.members
                && (a.attributes == Attributes::None) == (b.attributes == Attributes::None)
                && class::has(class, flag::WEAKREFS) == class::has(base, flag::WEAKREFS);
            if !adds_nothing {
                break;
            }
            class = base;
        }
        class
    }
    /// Words and names of the `__slots__` members of a class's instances.
    fn members(self, class: Object) -> BTreeMap<i64, Symbol> {
        let mut found = BTreeMap::new();
        for c in tuple::items(class::mro(class)).map(Object::of) {
            // Classes with `__slots__` are not declared.
            let (d, mut i) = (class::held(c), 0);
            while let Some((at, name, v)) = dict::next_entry(d, i) {
                i = at + 1;
                if let Some(member) = self.of_kind(v, Kind::MEMBER)
                    && member.get(3) == c.value()
                    && let Some(name) = string::exact_or_payload(self, name).and_then(string::symbol)
                {
                    found.insert(member.get(1).as_int(), name);
                }
            }
        }
        found
    }
    /// The shape of instances of another class that are laid out, and keep their attributes, as those of this shape.
    pub(crate) fn shape_of_class(self, shape: ShapeIndex, class: u32) -> R<ShapeIndex> {
        let info = self.shape_info(shape);
        if let Some(s) = info.as_class.borrow().get(&class) {
            return Ok(*s);
        }
        let mut new = same_layout(info);
        new.class = class;
        new.attributes = info.attributes;
        new.as_class = info.as_class.clone();
        let s = self.register_shape(self.heap().layouts().layout(shape), new)?;
        info.as_class.borrow_mut().extend([(info.class, shape), (class, s)]);
        Ok(s)
    }
    /// `__weakref__` and `__dict__` exist for instances of this class?
    pub fn instances_have_dict(self, class: Object) -> bool {
        self.shape_info(class::shape(class)).attributes != Attributes::None
    }
    /// A name that the class's own dictionary holds, for tests of overriding.
    pub fn class_defines(self, class: Object, name: Symbol) -> bool {
        self.class_item(class, name).is_some()
    }
}

fn same_layout(info: &ShapeInfo) -> ShapeInfo {
    let mut new = ShapeInfo::new(info.kind, info.class);
    new.dict_word = info.dict_word;
    new.first_slot = info.first_slot;
    new.capacity = info.capacity;
    new.members = info.members;
    new.words = info.words;
    new.weakrefable = info.weakrefable;
    new.relatives = info.relatives.clone();
    new
}

/// Attribute slot `i`.
#[inline]
pub fn slot_value(o: Object, info: &ShapeInfo, i: usize) -> Value {
    match i.checked_sub(info.capacity as usize) {
        None => o.get(info.first_slot as usize + i),
        Some(i) => Object::of(o.get(info.dict_word as usize)).element(i),
    }
}
