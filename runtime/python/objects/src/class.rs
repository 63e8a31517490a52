//! Classes: their objects, inheritance, lookup along the method resolution order, and what a change of one invalidates.

use crate::exception::Exc;
use crate::kind::{BUILTINS, Kind, special};
use crate::py::{Py, R, root};
use crate::symbol::{Symbol, sym};
use crate::{list, string, tuple};
use vm_api::heap::hashing::NumberSet;
use vm_api::heap::{Layout, Object, ShapeIndex, Value};

/// Words of a class.
pub mod word {
    /// Its dictionary.
    pub const DICT: usize = 1;
    /// `__name__`, a string.
    pub const NAME: usize = 2;
    /// `__qualname__`, a string.
    pub const QUALNAME: usize = 3;
    /// `__bases__`, a tuple.
    pub const BASES: usize = 4;
    /// `__mro__`, a tuple.
    pub const MRO: usize = 5;
    /// Direct subclasses, a list.
    pub const SUBCLASSES: usize = 6;
    /// `__base__`: the base that determines the layout; EMPTY for `object`.
    pub const BASE: usize = 7;
    /// Number, raw.
    pub const NUMBER: usize = 8;
    /// Shape of new instances, raw.
    pub const SHAPE: usize = 9;
    /// Kind of instances, raw.
    pub const KIND: usize = 10;
    /// [`super::flag`]s, raw.
    pub const FLAGS: usize = 11;
    /// Words in all.
    pub const WORDS: usize = 12;
}

/// Layout of a class.
pub const LAYOUT: Layout = Layout::Bitmap { words: word::WORDS as u32, bits: 0b1111_1110 };

/// Flags of a class.
pub mod flag {
    /// Others may inherit from it.
    pub const BASE: u64 = 1;
    /// Made by Python code: it may be changed.
    pub const HEAP: u64 = 2;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u64 = 4;
    /// Instances can be weakly referenced.
    pub const WEAKREFS: u64 = 8;
    /// It has abstract methods.
    pub const ABSTRACT: u64 = 16;
    /// `match` takes instances for sequences.
    pub const SEQUENCE: u64 = 32;
    /// `match` takes instances for mappings.
    pub const MAPPING: u64 = 64;
    /// Instances have a `__del__`.
    pub const FINALIZER: u64 = 128;
    /// Cannot be instantiated by calling it.
    pub const NO_INSTANCES: u64 = 256;
    /// A single positional subpattern of `match` takes the whole subject.
    pub const MATCH_SELF: u64 = 512;
    /// Its dictionary has keys that are no exact strings, which may say that they are a name.
    pub const ODD_NAMES: u64 = 1024;
    /// Its dictionary lacks attributes that it is declared with ([`crate::declared`]).
    pub const DECLARED: u64 = 2048;
    /// Something was looked up in it, and may be cached.
    pub const LOOKED_UP: u64 = 4096;
}

/// Entries of the lookup cache: keys and values in turn.
pub(crate) const CACHE: usize = 4096;
/// Changes of a cached attribute after which it is no longer cached.
const MOST_CHANGES: u32 = 6;

/// The dictionary as far as it is filled: what a class is declared with may be missing. [`Py::class_dict`] is the whole.
#[inline(always)]
pub(crate) fn held(class: Object) -> Object {
    Object::of(class.get(word::DICT))
}
/// `__mro__`
#[inline(always)]
pub fn mro(class: Object) -> Object {
    Object::of(class.get(word::MRO))
}
/// Number.
#[inline(always)]
pub fn number(class: Object) -> u32 {
    class.word(word::NUMBER) as u32
}
/// Shape of new instances.
#[inline(always)]
pub fn shape(class: Object) -> ShapeIndex {
    ShapeIndex(class.word(word::SHAPE) as u32)
}
/// Kind of instances.
#[inline(always)]
pub fn kind(class: Object) -> Kind {
    Kind(class.word(word::KIND) as u32)
}
/// Are all these flags set?
#[inline(always)]
pub fn has(class: Object, flags: u64) -> bool {
    class.word(word::FLAGS) & flags == flags
}
/// Sets flags.
pub fn add_flags(class: Object, flags: u64) {
    class.set_word(word::FLAGS, class.word(word::FLAGS) | flags);
}
/// Clears flags.
pub fn clear_flags(class: Object, flags: u64) {
    class.set_word(word::FLAGS, class.word(word::FLAGS) & !flags);
}
/// `__name__` as messages show it.
pub fn name(_: Py<'_>, class: Object) -> String {
    string::to_rust(Object::of(class.get(word::NAME)))
}

impl Py<'_> {
    /// Is `c` the class `d` or derived from it (by `__mro__` alone)?
    #[inline]
    pub fn is_subclass(self, c: Object, d: Object) -> bool {
        c == d || tuple::items(mro(c)).any(|b| b == d.value())
    }
    /// Is `v` an instance of the class (by `__mro__` alone)?
    #[inline]
    pub fn is_instance(self, v: Value, class: Object) -> bool {
        self.is_subclass(self.class_of(v), class)
    }
    /// Attribute `name` of the class or of those it inherits from, as it stands in their dictionaries.
    #[inline]
    pub fn lookup(self, class: Object, name: Symbol) -> Option<Value> {
        let cache = Object::of(self.root(root::LOOKUP_CACHE));
        let (slot, key) = cache_slot(number(class), name);
        if cache.element(slot) == key {
            let v = cache.element(slot + 1);
            return (v != special::ABSENT).then_some(v);
        }
        self.lookup_slow(class, name)
    }
    #[cold]
    #[inline(never)]
    fn lookup_slow(self, class: Object, name: Symbol) -> Option<Value> {
        let found = self.lookup_where(class, name).map(|(_, v)| v);
        if self.has_odd_names(class) {
            // What they say is not kept.
            return found;
        }
        self.state().look_up(name);
        for c in tuple::items(mro(class)).map(Object::of) {
            add_flags(c, flag::LOOKED_UP);
        }
        let cache = Object::of(self.root(root::LOOKUP_CACHE));
        let (slot, key) = cache_slot(number(class), name);
        self.heap().store_element(cache, slot, key);
        self.heap().store_element(cache, slot + 1, found.unwrap_or(special::ABSENT));
        found
    }
    /// The same, where keys that are no exact strings may say that they are the name: which may run Python code. A failing
    /// `__eq__` finds nothing, as under CPython.
    #[inline]
    pub fn name_in_class(self, class: Object, name: Symbol) -> Option<Value> {
        if self.has_odd_names(class) { self.odd_lookup(class, name) } else { self.lookup(class, name) }
    }
    /// Have dictionaries of the class or those it inherits from keys that are no exact strings?
    #[inline]
    pub fn has_odd_names(self, class: Object) -> bool {
        self.state().odd_names.get() && tuple::items(mro(class)).any(|c| has(Object::of(c), flag::ODD_NAMES))
    }
    #[cold]
    #[inline(never)]
    fn odd_lookup(self, class: Object, name: Symbol) -> Option<Value> {
        let classes = mro(class);
        for c in tuple::items(classes).map(Object::of) {
            match self.dict_get_name(held(c), name) {
                Ok(None) => match self.class_item(c, name) {
                    None => {}
                    found => return found,
                },
                Ok(found) => return found,
                Err(_) => {
                    self.take_exception();
                    return None;
                }
            }
        }
        None
    }
    /// The same with the class that has it. Not cached.
    pub fn lookup_where(self, class: Object, name: Symbol) -> Option<(Object, Value)> {
        tuple::items(mro(class)).map(Object::of).find_map(|c| self.class_item(c, name).map(|v| (c, v)))
    }
    /// May inline caches keep what `lookup` finds? Notes that they do, so that a change of these classes flushes them.
    pub fn may_cache(self, class: Object, name: Symbol) -> bool {
        let state = self.state();
        let volatile = state.volatile.borrow();
        if !volatile.is_empty() {
            for c in tuple::items(mro(class)).map(Object::of) {
                if volatile.get(&(number(c), name)).is_some_and(|n| *n >= MOST_CHANGES) {
                    return false;
                }
            }
        }
        drop(volatile);
        let mut cached = state.cached_names.borrow_mut();
        for c in tuple::items(mro(class)).map(Object::of) {
            let names = cached.entry(number(c)).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        true
    }
    /// Do inline caches rely on what a class has under this name? On special names of a class in a cache any of them may.
    fn is_cached(self, class: Object, name: Symbol) -> bool {
        let cached = self.state().cached_names.borrow();
        let Some(names) = cached.get(&number(class)) else { return false };
        names.contains(&name) || string::text(self.symbol_string(name)).starts_with("__")
    }
    /// Sets or deletes an attribute in the class's own dictionary; false if there was none to delete. The caller has
    /// checked that the class may be changed.
    pub fn class_set(self, class: Object, name: Symbol, value: Option<Value>) -> R<bool> {
        let (key, d) = (self.symbol_string(name), self.class_dict(class)?);
        let existed = match value {
            Some(v) => {
                self.dict_set_str(d, key, v)?;
                true
            }
            None => self.dict_remove_str(d, key).is_some(),
        };
        self.class_changed(class, name);
        Ok(existed)
    }
    /// Attribute `name` of the class changed: forgets what was cached of it here and in subclasses.
    pub fn class_changed(self, class: Object, name: Symbol) {
        self.forget(class, name);
        self.state().makers.changed(name);
        if name == sym::DEL {
            self.update_finalizer_flag(class);
        }
        if !self.is_cached(class, name) {
            return;
        }
        let state = self.state();
        let mut volatile = state.volatile.borrow_mut();
        let changes = volatile.entry((number(class), name)).or_insert(0);
        // What is cached of other names relies on these, too, as calls that make instances in place do on there being no finalizer.
        if *changes >= MOST_CHANGES && ![sym::GETATTRIBUTE, sym::SETATTR, sym::DEL].contains(&name) {
            return;
        }
        *changes = changes.saturating_add(1);
        drop(volatile);
        self.flush_attribute_caches();
    }
    /// Makes all inline caches of attributes forget what they hold.
    pub fn flush_attribute_caches(self) {
        self.state().cached_names.borrow_mut().clear();
        let epoch = self.root(root::TYPE_EPOCH).as_int();
        self.set_root(root::TYPE_EPOCH, Value::int(epoch + 1));
        self.ops().flush_caches(self.0);
    }
    fn forget(self, class: Object, name: Symbol) {
        // Most names of methods are never looked up, above all while the built-in types get theirs.
        if !self.state().was_looked_up(name) {
            return;
        }
        let cache = Object::of(self.root(root::LOOKUP_CACHE));
        for class in self.with_descendants(class) {
            let (slot, key) = cache_slot(class, name);
            if cache.element(slot) == key {
                self.heap().store_element(cache, slot, Value::EMPTY);
                self.heap().store_element(cache, slot + 1, Value::EMPTY);
            }
        }
    }
    /// The numbers of the class and of all that inherit from it, each once, bases before those that inherit from them.
    pub(crate) fn with_descendants(self, class: Object) -> Vec<u32> {
        let subclass = |class: u32, i: usize| {
            let subclasses = Object::from_value(self.class_numbered(class).get(word::SUBCLASSES))?;
            list::get(subclasses, i).map(|c| number(Object::of(c)))
        };
        if subclass(number(class), 0).is_none() {
            return vec![number(class)];
        }
        let mut seen: NumberSet<u32> = [number(class)].into_iter().collect();
        // Depth first, with the position among the subclasses of each class on the way; a class is done after its subclasses.
        let (mut way, mut done) = (vec![(number(class), 0)], Vec::new());
        while let Some((at, next)) = way.last_mut() {
            match subclass(*at, *next) {
                Some(c) => {
                    *next += 1;
                    if seen.insert(c) {
                        way.push((c, 0));
                    }
                }
                None => {
                    done.push(*at);
                    way.pop();
                }
            }
        }
        done.reverse();
        done
    }
    /// Forgets everything about lookups: bases changed.
    pub fn forget_lookups(self) {
        self.state().makers.forget();
        let cache = Object::of(self.root(root::LOOKUP_CACHE));
        for i in 0..cache.length() {
            self.heap().store_element(cache, i, Value::EMPTY);
        }
        self.flush_attribute_caches();
    }
    pub(crate) fn update_finalizer_flag(self, class: Object) {
        for class in self.with_descendants(class).into_iter().map(|number| self.class_numbered(number)) {
            if self.lookup(class, sym::DEL).is_some() {
                add_flags(class, flag::FINALIZER);
            } else {
                clear_flags(class, flag::FINALIZER);
            }
        }
    }
    /// A class object with its own fields filled but for bases, `__mro__` and shape.
    pub(crate) fn new_class_object(self, shape: ShapeIndex, name: Object, dict: Object) -> R<Object> {
        let subclasses = self.new_list(0)?;
        let class = self.alloc(shape, word::WORDS)?;
        class.init(word::DICT, dict.value());
        class.init(word::NAME, name.value());
        class.init(word::QUALNAME, name.value());
        class.init(word::SUBCLASSES, subclasses.value());
        self.number_class(class)?;
        Ok(class)
    }
    /// Gives a class its number and its place in the table.
    pub(crate) fn number_class(self, class: Object) -> R<()> {
        let state = self.state();
        let number = state.classes.get();
        let mut classes = Object::of(self.root(root::CLASSES));
        if number as usize >= classes.length() {
            let larger = self.new_array(classes.length() * 2)?;
            classes = Object::of(self.root(root::CLASSES));
            self.heap().copy_elements(classes, 0, larger, 0, classes.length());
            self.set_root(root::CLASSES, larger.value());
            classes = larger;
        }
        self.heap().store_element(classes, number as usize, class.value());
        class.set_word(word::NUMBER, u64::from(number));
        state.classes.set(number + 1);
        Ok(())
    }
    /// Gives a class its bases, `__mro__` and place among the subclasses of its bases. TypeError without a consistent order.
    pub(crate) fn set_bases(self, class: Object, bases: Object, base: Value) -> R<()> {
        self.store(class, word::BASES, bases.value());
        self.store(class, word::BASE, base);
        let mro = self.linearize(class, bases)?;
        self.store(class, word::MRO, mro);
        for b in tuple::items(bases) {
            let subclasses = Object::of(Object::of(b).get(word::SUBCLASSES));
            self.list_push(subclasses, class.value())?;
        }
        Ok(())
    }
    /// The C3 linearization (Barrett et al. 1996) as CPython's `mro_implementation`.
    pub fn linearize(self, class: Object, bases: Object) -> R<Value> {
        if let Some(b) = tuple::items(bases).map(Object::of).find(|b| mro(*b).length() == 0) {
            return self.type_error(&format!("Cannot extend an incomplete type '{}'", name(self, b)));
        }
        let result = self.new_list(4)?;
        self.list_push(result, class.value())?;
        if bases.length() == 1 {
            let base = mro(Object::of(bases.element(0)));
            self.list_push_elements(result, base, 0, base.length())?;
            return self.list_to_tuple(result);
        }
        // The lists to merge: each base's order, then the bases. Positions run along.
        let lists = self.new_list(bases.length() + 1)?;
        for b in tuple::items(bases) {
            self.list_push(lists, mro(Object::of(b)).value())?;
        }
        self.list_push(lists, bases.value())?;
        let count = list::length(lists);
        let mut positions = vec![0usize; count];
        let tail_has = |v: Value, positions: &[usize]| {
            (0..count).any(|i| tuple::items(Object::of(list::item(lists, i))).skip(positions[i] + 1).any(|w| w == v))
        };
        loop {
            let head = |i: usize, positions: &[usize]| {
                let t = Object::of(list::item(lists, i));
                (positions[i] < t.length()).then(|| t.element(positions[i]))
            };
            if (0..count).all(|i| head(i, &positions).is_none()) {
                return self.list_to_tuple(result);
            }
            let next = (0..count).filter_map(|i| head(i, &positions)).find(|v| !tail_has(*v, &positions));
            let Some(next) = next else {
                let names: Vec<String> =
                    (0..count).filter_map(|i| head(i, &positions)).fold(Vec::new(), |mut names, v| {
                        let n = name(self, Object::of(v));
                        if !names.contains(&n) {
                            names.push(n);
                        }
                        names
                    });
                return self.err(
                    Exc::TypeError,
                    &format!(
                        "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                        names.join(", ")
                    ),
                );
            };
            self.list_push(result, next)?;
            for i in 0..count {
                if head(i, &positions) == Some(next) {
                    positions[i] += 1;
                }
            }
        }
    }
    /// A special method of a value, looked up on its class; not bound.
    #[inline]
    pub fn special(self, v: Value, name: Symbol) -> Option<Value> {
        self.lookup(self.class_of(v), name)
    }
    /// `module.qualname` of a class, without `builtins.`: as reprs and tracebacks show it.
    pub fn class_full_name(self, class: Object) -> String {
        let qualname = string::to_rust(Object::of(class.get(word::QUALNAME)));
        match self.class_module(class) {
            Some(m) if m != "builtins" => format!("{m}.{qualname}"),
            _ => qualname,
        }
    }
    /// `__module__` of a class, if it is a string. That of a built-in class is `builtins` where nothing else is known.
    pub fn class_module(self, class: Object) -> Option<String> {
        let entry = self.class_item(class, sym::MODULE);
        match entry.and_then(|v| string::exact_or_payload(self, v)) {
            Some(s) => Some(string::to_rust(s)),
            // Its entry is the attribute of its instances, if there is one.
            None if !has(class, flag::HEAP) => {
                let built_in = BUILTINS.get(kind(class).0 as usize).filter(|b| self.builtin_class(b.kind.0) == class);
                Some(built_in.map_or("builtins", |b| b.module).to_owned())
            }
            None => None,
        }
    }
    /// A class as messages name the types of objects, with the module that native types name.
    pub fn type_name(self, class: Object) -> String {
        let name = name(self, class);
        match self.class_module(class) {
            Some(m) if m != "builtins" && !has(class, flag::HEAP) => format!("{m}.{name}"),
            _ => name,
        }
    }
}

/// Where the lookup cache keeps a name of a class: index of the key, and the key.
fn cache_slot(class: u32, name: Symbol) -> (usize, Value) {
    let key = u64::from(class) << 26 ^ u64::from(name.0);
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52;
    (hash as usize % CACHE * 2, Value::int((key & ((1 << 49) - 1)) as i64))
}
