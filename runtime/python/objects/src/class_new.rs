//! Making a class: what `type.__new__` does, from the winner among the metaclasses to `__init_subclass__`.

use crate::arguments::Args;
use crate::class::{self, flag, word};
use crate::exception::{self, Exc, TABLE};
use crate::instance::is_boxed;
use crate::kind::{Kind, class as builtin, shape};
use crate::native::Native;
use crate::py::{Py, R, root};
use crate::symbol::{Symbol, sym};
use crate::{dict, list, represent, string, tuple};
use python_text::unicode::{is_identifier_continue, is_identifier_start};
use vm_api::heap::{Object, RootedVec, Value};

/// `__dict__` and `__weakref__` of the instances of a class that adds them.
static INSTANCE_DICT: Native = Native::getter("__dict__", instance_dict, "dictionary for instance variables");
static SET_INSTANCE_DICT: Native = Native::setter("__dict__", set_instance_dict);
static INSTANCE_WEAKREF: Native =
    Native::getter("__weakref__", instance_weakref, "list of weak references to the object");

/// The `__dict__` of any object that can have one.
pub fn instance_dict(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if let Some(c) = py.of_kind(v, Kind::TYPE) {
        // A metaclass that inherits from an ordinary class too: what it shows of a class stays read-only.
        return Ok(py.new_object(shape::MAPPINGPROXY, 2, &[py.class_dict(c)?.value()])?.value());
    }
    if let Some(o) = Object::from_value(v)
        && let Some(d) = py.instance_dict(o)?
    {
        return Ok(d.value());
    }
    Err(py.no_attribute(v, sym::DICT))
}

/// Replaces it.
pub fn set_instance_dict(py: Py<'_>, args: Args<'_>) -> R {
    let (v, new) = (args.at(0), args.at(1));
    if !new.is_empty() && py.as_dict(new).is_none() {
        return py.type_error(&format!("__dict__ must be set to a dictionary, not a '{}'", py.class_name(new)));
    }
    if py.kind(v) == Kind::MODULE {
        // As the type itself has it.
        return py.err(Exc::AttributeError, "readonly attribute");
    }
    if new.is_empty() && py.kind(v) == Kind::EXCEPTION {
        return py.type_error("__dict__ may not be deleted");
    }
    let d = match Object::from_value(new) {
        Some(d) => d,
        None => py.new_dict()?,
    };
    match Object::from_value(v) {
        Some(o) if py.set_instance_dict(o, d)? => Ok(Value::NONE),
        _ => Err(py.no_attribute(v, sym::DICT)),
    }
}

/// The first weak reference to the object that still lives, or None.
fn instance_weakref(py: Py<'_>, args: Args<'_>) -> R {
    let references = py.weak_references(args.at(0))?;
    Ok(list::get(references, 0).unwrap_or(Value::NONE))
}

/// Have instances of this built-in type a size that varies under CPython? Those of its subclasses cannot have `__slots__`
/// nor be weakly referenced.
fn varies_in_size(kind: Kind) -> bool {
    [Kind::INT, Kind::BYTES, Kind::TUPLE, Kind::TYPE].contains(&kind)
}

/// What the namespace and the bases say about the fields of instances.
struct Fields {
    /// `__slots__` but for `__dict__` and `__weakref__`, mangled and sorted.
    members: Object,
    /// Does this class add a dictionary?
    adds_dict: bool,
    /// Does this class make instances weakly referenceable?
    adds_weakrefs: bool,
}

impl Py<'_> {
    /// The most derived metaclass of `meta` and the metaclasses of `bases`. TypeError if there is none.
    pub fn winner_metaclass(self, meta: Object, bases: Object) -> R<Object> {
        let mut winner = meta;
        for b in tuple::items(bases) {
            let other = self.class_of(b);
            if self.is_subclass(winner, other) {
                continue;
            }
            if !self.is_subclass(other, winner) {
                return self.type_error(
                    "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the \
                     metaclasses of all its bases",
                );
            }
            winner = other;
        }
        Ok(winner)
    }
    /// The nearest class from `class` up that determines how instances are laid out.
    fn solid_base(self, class: Object) -> Object {
        let mut c = class;
        while let Some(base) = Object::from_value(c.get(word::BASE)) {
            let members = |c: Object| self.shape_info(class::shape(c)).members;
            if class::kind(c) != class::kind(base)
                || members(c) != members(base)
                || class::kind(c) == Kind::EXCEPTION && self.exception_fields(c) != self.exception_fields(base)
            {
                return c;
            }
            c = base;
        }
        c
    }
    /// The own fields of the nearest built-in exception class.
    fn exception_fields(self, class: Object) -> &'static [&'static str] {
        let mut c = class;
        loop {
            let found = (0..exception::COUNT).find(|i| self.root(root::EXCEPTIONS + *i as u32) == c.value());
            match (found, Object::from_value(c.get(word::BASE))) {
                (Some(i), _) => return TABLE[i].2,
                (None, Some(base)) => c = base,
                (None, None) => return &[],
            }
        }
    }
    /// The base that determines the layout. TypeError if a base may not be one or two of them conflict.
    pub fn best_base(self, bases: Object) -> R<Object> {
        let mut best: Option<(Object, Object)> = None;
        for b in tuple::items(bases) {
            let Some(b) = self.of_kind(b, Kind::TYPE) else { return self.type_error("bases must be types") };
            if !class::has(b, flag::BASE) {
                return self.type_error(&format!("type '{}' is not an acceptable base type", self.class_full_name(b)));
            }
            let solid = self.solid_base(b);
            best = match best {
                None => Some((b, solid)),
                Some((_, winner)) if self.is_subclass(winner, solid) => best,
                Some((_, winner)) if self.is_subclass(solid, winner) => Some((b, solid)),
                Some(_) => return self.type_error("multiple bases have instance lay-out conflict"),
            };
        }
        Ok(best.map_or_else(|| self.object_class(), |(b, _)| b))
    }
    /// ValueError or UnicodeEncodeError for what cannot be the name of a class.
    pub fn check_type_name(self, name: Object) -> R<()> {
        if self.utf8(name)?.contains('\0') {
            return self.value_error("type name must not contain null characters");
        }
        Ok(())
    }
    /// `type.__new__(meta, name, bases, namespace, **keywords)`: `name` a string, `bases` an exact tuple, `namespace` a
    /// dictionary, `keywords` a dictionary or EMPTY. Runs Python code.
    pub fn type_new(self, meta: Object, name: Object, bases: Object, namespace: Object, keywords: Value) -> R {
        for b in tuple::items(bases) {
            if !self.is_class(b) && self.get_optional(b, sym::MRO_ENTRIES)?.is_some() {
                return self.type_error("type() doesn't support MRO entry resolution; use types.new_class()");
            }
        }
        let winner = self.winner_metaclass(meta, bases)?;
        if winner != meta
            && let Some(new) = self.lookup(winner, sym::NEW)
            && self.lookup(self.builtin_class(builtin::TYPE), sym::NEW) != Some(new)
        {
            let new = self.descriptor_get(new, Value::EMPTY, winner.value())?;
            let args = self.tuple(&[winner.value(), name.value(), bases.value(), namespace.value()])?;
            return self.call_tuple(new, Object::of(args), keywords);
        }
        let bases = if bases.length() == 0 { Object::of(self.tuple(&[self.object_class().value()])?) } else { bases };
        let base = self.best_base(bases)?;
        for (i, b) in tuple::items(bases).enumerate() {
            if tuple::items(bases).take(i).any(|c| c == b) {
                return self.type_error(&format!("duplicate base class {}", class::name(self, Object::of(b))));
            }
        }
        self.check_type_name(name)?;
        let d = self.new_dict()?;
        self.dict_copy_into(d, namespace)?;
        let fields = self.class_fields(name, bases, base, d)?;
        let class = self.new_class_object(class::shape(winner), name, d)?;
        self.complete_namespace(class, d)?;
        let cell = self.take_cell(d, sym::CLASSCELL)?;
        if let Some(cell) = self.take_cell(d, sym::CLASSDICTCELL)? {
            self.store(cell, 1, d.value());
        }
        class.set_word(word::KIND, u64::from(class::kind(base).0));
        class.set_word(word::SHAPE, u64::from(class::shape(base).0));
        class.set_word(word::FLAGS, flag::BASE | flag::HEAP);
        if (0..dict::fill(d)).filter_map(|i| dict::entry(d, i)).any(|(key, _)| !is_exact_text(key)) {
            class::add_flags(class, flag::ODD_NAMES);
            self.state().odd_names.set(true);
        }
        if let Some(cell) = cell {
            self.store(cell, 1, class.value());
        }
        self.inherit(class, bases, base, &fields)?;
        self.lay_out(class, base, &fields)?;
        self.name_attributes(class, d)?;
        self.announce(class, keywords)?;
        Ok(class.value())
    }
    /// Reads `__slots__`, and decides what instances get.
    fn class_fields(self, name: Object, bases: Object, base: Object, d: Object) -> R<Fields> {
        let kind = class::kind(base);
        // Classes, as instances of their metaclass, have their dictionary anyway.
        let may_add_dict = !class::has(base, flag::HAS_DICT) && kind != Kind::TYPE;
        let may_add_weakrefs = !class::has(base, flag::WEAKREFS) && !varies_in_size(kind);
        let Some(slots) = dict::get_symbol(self, d, sym::SLOTS) else {
            let members = Object::of(self.empty_tuple());
            return Ok(Fields { members, adds_dict: may_add_dict, adds_weakrefs: may_add_weakrefs });
        };
        let slots = match string::exact_or_payload(self, slots) {
            Some(s) => Object::of(self.tuple(&[s.value()])?),
            None => self.tuple_from(slots)?,
        };
        if slots.length() > 0 && varies_in_size(kind) {
            return self
                .type_error(&format!("nonempty __slots__ not supported for subtype of '{}'", class::name(self, base)));
        }
        let (mut adds_dict, mut adds_weakrefs) = (false, false);
        let members = self.new_list(slots.length())?;
        for v in tuple::items(slots) {
            let Some(s) = string::exact_or_payload(self, v) else {
                return self.type_error(&format!("__slots__ items must be strings, not '{}'", self.class_name(v)));
            };
            let mut points = string::code_points(s);
            if !points.next().is_some_and(is_identifier_start) || !points.all(is_identifier_continue) {
                return self.type_error("__slots__ must be identifiers");
            }
            let text = string::to_rust(s);
            match &*text {
                "__dict__" if !may_add_dict || adds_dict => {
                    return self.type_error("__dict__ slot disallowed: we already got one");
                }
                "__dict__" => adds_dict = true,
                "__weakref__" if !may_add_weakrefs || adds_weakrefs => {
                    return self.type_error("__weakref__ slot disallowed: we already got one");
                }
                "__weakref__" => adds_weakrefs = true,
                _ => {
                    let member = self.intern(&mangled(&string::to_rust(name), text))?;
                    if ![sym::QUALNAME, sym::CLASSCELL].contains(&member) && dict::get_symbol(self, d, member).is_some()
                    {
                        let quoted = represent::quoted(self.symbol_string(member));
                        return self.value_error(&format!("{quoted} in __slots__ conflicts with class variable"));
                    }
                    self.list_push(members, self.symbol_string(member).value())?;
                }
            }
        }
        let members = self.sorted_list(members.value())?;
        let members = Object::of(self.list_to_tuple(members)?);
        for b in tuple::items(bases).map(Object::of).filter(|b| *b != base) {
            adds_dict |= may_add_dict && class::has(b, flag::HAS_DICT);
            adds_weakrefs |= may_add_weakrefs && class::has(b, flag::WEAKREFS);
        }
        Ok(Fields { members, adds_dict, adds_weakrefs })
    }
    /// Fills in what the namespace does not say, and wraps the methods that are static or class methods by their name.
    fn complete_namespace(self, class: Object, d: Object) -> R<()> {
        if let Some(qualname) = dict::get_symbol(self, d, sym::QUALNAME) {
            let Some(s) = string::exact_or_payload(self, qualname) else {
                return self.type_error(&format!("type __qualname__ must be a str, not {}", self.class_name(qualname)));
            };
            self.store(class, word::QUALNAME, s.value());
            self.dict_remove_str(d, self.symbol_string(sym::QUALNAME));
        }
        if let Some(doc) = dict::get_symbol(self, d, sym::DOC).and_then(|doc| string::exact_or_payload(self, doc)) {
            self.utf8(doc)?;
        }
        if dict::get_symbol(self, d, sym::MODULE).is_none()
            && let Some(globals) = self.running_globals()
            && let Some(module) = dict::get_symbol(self, globals, sym::NAME)
        {
            self.dict_set_symbol(d, sym::MODULE, module)?;
        }
        let wrapped = [
            (sym::NEW, shape::STATICMETHOD),
            (sym::INIT_SUBCLASS, shape::CLASSMETHOD),
            (sym::CLASS_GETITEM, shape::CLASSMETHOD),
        ];
        for (name, shape) in wrapped {
            if let Some(f) = dict::get_symbol(self, d, name)
                && self.kind(f) == Kind::FUNCTION
            {
                let w = self.new_object(shape, 3, &[f])?;
                self.dict_set_symbol(d, name, w.value())?;
            }
        }
        Ok(())
    }
    /// Takes a cell that the compiler left in the namespace.
    fn take_cell(self, d: Object, name: Symbol) -> R<Option<Object>> {
        let Some(v) = dict::get_symbol(self, d, name) else { return Ok(None) };
        let Some(cell) = self.of_kind(v, Kind::CELL) else {
            let (name, class) = (self.symbol_text(name), self.repr_text(self.class_of(v).value())?);
            return self.type_error(&format!("{name} must be a nonlocal cell, not {class}"));
        };
        self.dict_remove_str(d, self.symbol_string(name));
        Ok(Some(cell))
    }
    /// Bases, method resolution order and flags.
    fn inherit(self, class: Object, bases: Object, base: Object, fields: &Fields) -> R<()> {
        let meta = self.class_of(class.value());
        let hook = self.lookup(meta, sym::MRO_METHOD);
        if hook == self.lookup(self.builtin_class(builtin::TYPE), sym::MRO_METHOD) {
            self.set_bases(class, bases, base.value())?;
        } else {
            self.store(class, word::BASES, bases.value());
            self.store(class, word::BASE, base.value());
            let mro = self.custom_mro(class, meta, base)?;
            // Unless it has got one meanwhile, by an assignment of bases.
            if class::mro(class).length() == 0 {
                self.store(class, word::MRO, mro.value());
            }
            self.enter_subclass(Object::of(class.get(word::BASES)), class)?;
            self.forget_lookups();
        }
        let inherited = class.word(word::FLAGS)
            | base.word(word::FLAGS) & (flag::HAS_DICT | flag::WEAKREFS | flag::MATCH_SELF | flag::NO_INSTANCES);
        let collection = flag::SEQUENCE | flag::MAPPING;
        let collection = tuple::items(class::mro(class))
            .map(|c| Object::of(c).word(word::FLAGS) & collection)
            .find(|f| *f != 0)
            .unwrap_or(0);
        let mut flags = inherited | collection | flag::BASE | flag::HEAP;
        flags |= if fields.adds_dict { flag::HAS_DICT } else { 0 };
        flags |= if fields.adds_weakrefs { flag::WEAKREFS } else { 0 };
        flags |= if self.lookup(class, sym::DEL).is_some() { flag::FINALIZER } else { 0 };
        class.set_word(word::FLAGS, flags);
        Ok(())
    }
    /// What a metaclass's own `mro()` says. TypeError if it is no order of classes that `class` can have.
    pub(crate) fn custom_mro(self, class: Object, meta: Object, base: Object) -> R<Object> {
        if class.get(word::MRO).is_empty() {
            // Attributes of the class are not found before it has an order.
            self.store(class, word::MRO, self.empty_tuple());
        }
        let Some(hook) = self.lookup(meta, sym::MRO_METHOD) else {
            return Ok(Object::of(self.linearize(class, Object::of(class.get(word::BASES)))?));
        };
        let r = self.call_descriptor(hook, class.value(), meta, &[])?;
        let mro = self.tuple_from(r)?;
        if mro.length() == 0 {
            return self.type_error("type MRO must not be empty");
        }
        let solid = self.solid_base(base);
        for v in tuple::items(mro) {
            let Some(c) = self.of_kind(v, Kind::TYPE) else {
                return self.type_error(&format!("mro() returned a non-class ('{}')", self.class_name(v)));
            };
            if c != class && !self.is_subclass(solid, self.solid_base(c)) {
                return self
                    .type_error(&format!("mro() returned base with unsuitable layout ('{}')", class::name(self, c)));
            }
        }
        Ok(mro)
    }
    /// Shape of the instances, and descriptors for what this class adds.
    fn lay_out(self, class: Object, base: Object, fields: &Fields) -> R<()> {
        let has_dict = class::has(class, flag::HAS_DICT) && class::kind(base) != Kind::TYPE;
        let (shape, first) = self.instance_shape(class, base, fields.members.length(), has_dict)?;
        class.set_word(word::SHAPE, u64::from(shape.0));
        let d = self.class_dict(class)?;
        for (i, name) in tuple::items(fields.members).enumerate() {
            let at = Value::int((first + i) as i64);
            let member = self.new_object(shape::MEMBER, 4, &[at, name, class.value()])?;
            self.dict_set_str(d, Object::of(name), member.value())?;
        }
        if fields.adds_dict {
            self.add_instance_getset(class, sym::DICT, &INSTANCE_DICT, Some(&SET_INSTANCE_DICT))?;
        }
        if fields.adds_weakrefs {
            self.add_instance_getset(class, sym::WEAKREF, &INSTANCE_WEAKREF, None)?;
        }
        if dict::get_symbol(self, d, sym::DOC).is_none() {
            self.dict_set_symbol(d, sym::DOC, Value::NONE)?;
        }
        if dict::get_symbol(self, d, sym::EQ).is_some() && dict::get_symbol(self, d, sym::HASH).is_none() {
            self.dict_set_symbol(d, sym::HASH, Value::NONE)?;
        }
        debug_assert!(!is_boxed(class::kind(base)) || self.shape_info(shape).words >= 3, "boxes have a payload");
        Ok(())
    }
    fn add_instance_getset(
        self,
        class: Object,
        name: Symbol,
        getter: &'static Native,
        setter: Option<&'static Native>,
    ) -> R<()> {
        if self.class_item(class, name).is_some() {
            return Ok(());
        }
        let number = |n: &'static Native| Value::int(i64::from(self.state().native_number(n)));
        let setter = setter.map_or(Value::EMPTY, number);
        let text = self.symbol_string(name).value();
        let d = self.new_object(shape::GETSET, 5, &[number(getter), setter, text, class.value()])?;
        self.dict_set_symbol(self.class_dict(class)?, name, d.value())
    }
    /// Calls `__set_name__` of the attributes (PEP 487).
    fn name_attributes(self, class: Object, d: Object) -> R<()> {
        // A copy: the hooks may change the class.
        let names = self.dict_copy(d)?;
        let mut i = 0;
        while let Some((at, key, v)) = dict::next_entry(names, i) {
            i = at + 1;
            if self.lookup(self.class_of(v), sym::SET_NAME).is_none() {
                continue;
            }
            if let Err(stop) = self.call_special(v, sym::SET_NAME, &[class.value(), key]) {
                let Some(e) = Object::from_value(self.take_exception()) else { return Err(stop) };
                let note = format!(
                    "Error calling __set_name__ on '{}' instance {} in '{}'",
                    self.class_name(v),
                    self.repr_text(key)?,
                    class::name(self, class)
                );
                self.add_note(e, &note)?;
                return Err(self.raise(e.value()));
            }
        }
        Ok(())
    }
    /// `e.add_note(text)`
    pub fn add_note(self, e: Object, text: &str) -> R<()> {
        let note = self.str(text)?;
        let notes = match self.get_optional(e.value(), sym::NOTES)? {
            Some(notes) => notes,
            None => {
                let notes = self.new_list(1)?.value();
                self.set_attribute(e.value(), sym::NOTES, Some(notes))?;
                notes
            }
        };
        match self.as_list(notes) {
            Some(l) => self.list_push(l, note),
            None => self.type_error("Cannot add note: __notes__ is not a list"),
        }
    }
    /// `super(class, class).__init_subclass__(**keywords)`
    fn announce(self, class: Object, keywords: Value) -> R<()> {
        if tuple::items(class::mro(class)).all(|c| c != class.value()) {
            return self.type_error("super(type, obj): obj must be an instance or subtype of type");
        }
        let Some(hook) = self.super_lookup(class, class, sym::INIT_SUBCLASS) else { return Ok(()) };
        let bound = self.descriptor_get(hook, Value::EMPTY, class.value())?;
        self.call_tuple(bound, Object::of(self.empty_tuple()), keywords)?;
        Ok(())
    }
    /// `class.__bases__ = bases`: the new order goes down to all subclasses. TypeError where layouts differ.
    pub fn replace_bases(self, class: Object, bases: Object) -> R<()> {
        for b in tuple::items(bases) {
            let Some(b) = self.of_kind(b, Kind::TYPE) else {
                return self.type_error(&format!(
                    "{}.__bases__ must be tuple of classes, not '{}'",
                    class::name(self, class),
                    self.class_name(b)
                ));
            };
            // The chain of bases too: while a metaclass's `mro()` runs, `__mro__` may be behind.
            let mut at = Some(b);
            while let Some(c) = at.filter(|c| *c != class) {
                at = Object::from_value(c.get(word::BASE));
            }
            if at.is_some() || self.is_subclass(b, class) {
                return self.type_error("a __bases__ item causes an inheritance cycle");
            }
        }
        let base = self.best_base(bases)?;
        let old_base = Object::from_value(class.get(word::BASE));
        let same_layout = old_base.is_some_and(|old| {
            let fields = flag::HAS_DICT | flag::WEAKREFS;
            self.solid_base(old) == self.solid_base(base)
                && old.word(word::FLAGS) & fields == base.word(word::FLAGS) & fields
        });
        if !same_layout {
            return self.type_error(&format!(
                "__bases__ assignment: '{}' object layout differs from '{}'",
                class::name(self, base),
                old_base.map_or_else(String::new, |old| class::name(self, old))
            ));
        }
        let old_bases = Object::of(class.get(word::BASES));
        self.store(class, word::BASES, bases.value());
        self.store(class, word::BASE, base.value());
        let orders = RootedVec::new(self.heap());
        let updated = self.update_order(class, &orders);
        // A metaclass's `mro()` may have assigned bases too, and what came last counts.
        let is_last = class.get(word::BASES) == bases.value();
        if let Err(stop) = updated {
            orders.with(|orders| {
                for [class, old, new] in orders.as_chunks().0 {
                    if Object::of(*class).get(word::MRO) == *new {
                        self.store(Object::of(*class), word::MRO, *old);
                    }
                }
            });
            if is_last {
                self.store(class, word::BASES, old_bases.value());
                self.store(class, word::BASE, old_base.map_or(Value::EMPTY, Object::value));
            }
            self.forget_lookups();
            return Err(stop);
        }
        if is_last {
            for b in tuple::items(old_bases).filter(|b| tuple::items(bases).all(|c| c != *b)) {
                let subclasses = Object::of(Object::of(b).get(word::SUBCLASSES));
                if let Some(i) = (0..list::length(subclasses)).find(|i| list::item(subclasses, *i) == class.value()) {
                    self.list_remove_range(subclasses, i, i + 1);
                }
            }
            self.enter_subclass(bases, class)?;
        }
        Ok(())
    }
    /// Notes a class with its bases, once.
    fn enter_subclass(self, bases: Object, class: Object) -> R<()> {
        for b in tuple::items(bases) {
            let subclasses = Object::of(Object::of(b).get(word::SUBCLASSES));
            if (0..list::length(subclasses)).all(|i| list::item(subclasses, i) != class.value()) {
                self.list_push(subclasses, class.value())?;
            }
        }
        Ok(())
    }
    /// Computes `__mro__` again, here and in subclasses, and notes each class with the order that it had and the new one. A class
    /// whose order has changed meanwhile, because its metaclass's `mro()` assigned bases, keeps what it got.
    fn update_order(self, class: Object, orders: &RootedVec<'_>) -> R<()> {
        for class in self.with_descendants(class).into_iter().map(|number| self.class_numbered(number)) {
            let (meta, old) = (self.class_of(class.value()), class.get(word::MRO));
            let new = match (self.lookup(meta, sym::MRO_METHOD), Object::from_value(class.get(word::BASE))) {
                (hook, Some(base)) if hook != self.lookup(self.builtin_class(builtin::TYPE), sym::MRO_METHOD) => {
                    self.custom_mro(class, meta, base)?.value()
                }
                _ => self.linearize(class, Object::of(class.get(word::BASES)))?,
            };
            if class.get(word::MRO) == old {
                self.store(class, word::MRO, new);
                [class.value(), old, new].into_iter().for_each(|v| orders.push(v));
                self.forget_lookups();
            }
        }
        Ok(())
    }
}

fn is_exact_text(v: Value) -> bool {
    Object::from_value(v).is_some_and(string::is_exact)
}

/// A private name as it is known in the class.
fn mangled(class: &str, name: String) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return name;
    }
    format!("_{class}{name}")
}
