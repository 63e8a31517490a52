//! The attributes that built-in classes are declared with: tables, out of which an attribute is made when it is asked for.
//!
//! An interpreter that starts has some 200 built-in classes with some 2,500 methods and descriptors, of which a program uses a
//! tenth. So a class only notes which tables are its own, in their order, and its dictionary stays empty:
//!
//! * A lookup of a name ([`Py::class_item`]) makes the one attribute that the name stands for, and puts it into the dictionary.
//!   (To make all of the class's then would be simpler, but half of all attributes belong to the ten classes that every
//!   program uses.) Nobody sees the order in which they get there:
//! * Whoever asks for the dictionary itself ([`Py::class_dict`]: `__dict__`, `dir`, setting an attribute) gets it complete, in
//!   the order of the declarations, with the attributes that were made before. From then on it is a dictionary like others.
//!
//! While a class has [`flag::DECLARED`], its dictionary holds nothing but what was made of its tables, so there is no
//! question of which goes before the other; of two declarations of a name the later one counts. Neither way of making changes
//! what a lookup answers, so no cache need know. A declaration itself does change that: where something may already be cached
//! of the class ([`flag::LOOKED_UP`]) or where the dictionary is in use, the attributes are set at once, as any other.
//!
//! Lookups cannot fail, but allocations can. What a lookup makes is small and made once, so it may exceed the heap's limit
//! ([`Heap::beyond_limit`](vm_api::heap::Heap::beyond_limit)): by some hundred kilobytes in the worst case. Where even the
//! operating system has no memory, the attribute is missing, as where `_PyType_Lookup` of CPython's runs out of it.
//!
//! So a lookup may collect. Native code need not care, for what its locals hold is pinned.

use crate::class::{self, flag, word};
use crate::kind::{class as builtin, shape};
use crate::native::{Native, NativeKind, Tag};
use crate::py::{Py, R};
use crate::symbol::{Symbol, sym};
use crate::{dict, string};
use std::cell::RefCell;
use vm_api::heap::{Object, Value};

/// One declaration.
#[derive(Clone, Copy)]
pub(crate) enum Declaration {
    /// Native functions, as what their kind says.
    Methods(&'static [Native]),
    /// A text as `__module__`.
    Module(&'static str),
    /// A text as `__doc__`.
    Doc(&'static str),
    /// None as `__doc__`, unless another declaration has that.
    NoDoc,
    /// None as `__hash__`.
    NoHash,
}

impl Declaration {
    /// How many entries it has; some of them have no name.
    fn length(self) -> usize {
        if let Declaration::Methods(methods) = self { methods.len() } else { 1 }
    }
    /// The name of entry `i`. A setter has none of its own.
    fn name(self, i: usize) -> Option<&'static str> {
        match self {
            Declaration::Methods(methods) => methods.get(i).filter(|m| m.kind != NativeKind::Setter).map(|m| m.name),
            Declaration::Module(_) => Some("__module__"),
            Declaration::Doc(_) | Declaration::NoDoc => Some("__doc__"),
            Declaration::NoHash => Some("__hash__"),
        }
    }
    /// The last entry of a name, which has this tag.
    fn find(self, name: &str, tag: Tag) -> Option<usize> {
        match self {
            Declaration::Methods(methods) => {
                methods.iter().rposition(|m| m.has_tag(tag) && m.name == name && m.kind != NativeKind::Setter)
            }
            _ => (self.name(0) == Some(name)).then_some(0),
        }
    }
}

/// The declarations of classes, by class number; those that have been made use of are gone.
#[derive(Default)]
pub(crate) struct Declarations(RefCell<Vec<Vec<Declaration>>>);

impl Declarations {
    fn add(&self, class: u32, declaration: Declaration) {
        let mut classes = self.0.borrow_mut();
        if classes.len() <= class as usize {
            classes.resize_with(class as usize + 1, Vec::new);
        }
        classes[class as usize].push(declaration);
    }
    /// Which entry of which declaration a name of a class stands for.
    fn find(&self, class: u32, name: &str) -> Option<(Declaration, usize)> {
        let classes = self.0.borrow();
        let declarations = classes.get(class as usize)?;
        let tag = Tag::of(name);
        let find = |is_last: bool| {
            let candidates = declarations.iter().rev().filter(|d| matches!(d, Declaration::NoDoc) == is_last);
            candidates.copied().find_map(|d| d.find(name, tag).map(|i| (d, i)))
        };
        find(false).or_else(|| find(true))
    }
    fn of(&self, class: u32) -> Vec<Declaration> {
        self.0.borrow().get(class as usize).cloned().unwrap_or_default()
    }
    fn forget(&self, class: u32) {
        if let Some(declarations) = self.0.borrow_mut().get_mut(class as usize) {
            *declarations = Vec::new();
        }
    }
}

impl Py<'_> {
    /// Gives a class native functions as what their kind says.
    pub fn add_methods(self, class: Object, methods: &'static [Native]) -> R<()> {
        debug_assert!(
            class::has(class, flag::FINALIZER) || methods.iter().all(|m| m.name != "__del__"),
            "a class with __del__ has the flag"
        );
        self.declare(class, Declaration::Methods(methods))
    }
    /// Gives a built-in class its `__doc__`.
    pub fn add_doc(self, class: Object, text: &'static str) -> R<()> {
        self.declare(class, Declaration::Doc(text))
    }
    /// Gives a built-in class its `__module__`.
    pub fn add_module_name(self, class: Object, module: &'static str) -> R<()> {
        self.declare(class, Declaration::Module(module))
    }
    /// Makes instances of a built-in class unhashable.
    pub fn add_no_hash(self, class: Object) -> R<()> {
        self.declare(class, Declaration::NoHash)
    }
    /// Gives a built-in class a `__doc__` of None unless it has one of its own. (Without, it would have that of `object`.)
    pub fn complete_doc(self, class: Object) -> R<()> {
        self.declare(class, Declaration::NoDoc)
    }
    fn declare(self, class: Object, declaration: Declaration) -> R<()> {
        let is_unused = class::has(class, flag::DECLARED) || dict::length(class::held(class)) == 0;
        if is_unused && class.word(word::FLAGS) & (flag::LOOKED_UP | flag::HEAP) == 0 {
            self.state().declared.add(class::number(class), declaration);
            class::add_flags(class, flag::DECLARED);
            return Ok(());
        }
        if matches!(declaration, Declaration::NoDoc) && self.class_item(class, sym::DOC).is_some() {
            return Ok(());
        }
        for i in 0..declaration.length() {
            if let Some(name) = declaration.name(i) {
                let name = self.intern(name)?;
                let v = self.declared_value(class, declaration, i)?;
                self.class_set(class, name, Some(v))?;
            }
        }
        Ok(())
    }
    /// Attribute `name` of the class itself, as it stands in its dictionary.
    #[inline]
    pub fn class_item(self, class: Object, name: Symbol) -> Option<Value> {
        match dict::get_symbol(self, class::held(class), name) {
            None if class::has(class, flag::DECLARED) => self.make_item(class, name),
            found => found,
        }
    }
    #[cold]
    #[inline(never)]
    fn make_item(self, class: Object, name: Symbol) -> Option<Value> {
        let text = string::ascii(self.symbol_string(name))?;
        let (declaration, i) = self.state().declared.find(class::number(class), text)?;
        class::add_flags(class, flag::LOOKED_UP);
        let make = || {
            let v = self.declared_value(class, declaration, i)?;
            self.dict_set_symbol(class::held(class), name, v)?;
            Ok(v)
        };
        let made: R = self.heap().beyond_limit(make);
        if made.is_err() {
            self.take_exception();
        }
        made.ok()
    }
    /// The class's dictionary, complete.
    #[inline]
    pub fn class_dict(self, class: Object) -> R<Object> {
        if class::has(class, flag::DECLARED) {
            self.complete(class)?;
        }
        Ok(class::held(class))
    }
    #[cold]
    #[inline(never)]
    fn complete(self, class: Object) -> R<()> {
        let number = class::number(class);
        let declarations = self.state().declared.of(number);
        let (made, all) = (class::held(class), self.new_dict()?);
        self.dict_reserve(all, declarations.iter().map(|d| d.length()).sum())?;
        for declaration in declarations {
            for i in 0..declaration.length() {
                let Some(name) = declaration.name(i) else { continue };
                let name = self.intern(name)?;
                let v = match dict::get_symbol(self, made, name) {
                    _ if matches!(declaration, Declaration::NoDoc) && dict::get_symbol(self, all, name).is_some() => {
                        continue;
                    }
                    Some(v) => v,
                    None => self.declared_value(class, declaration, i)?,
                };
                self.dict_set_symbol(all, name, v)?;
            }
        }
        self.dict_clear(made);
        self.dict_take(made, all)?;
        class::clear_flags(class, flag::DECLARED);
        self.state().declared.forget(number);
        Ok(())
    }
    /// The value of entry `i` of a declaration, which has a name.
    fn declared_value(self, class: Object, declaration: Declaration, i: usize) -> R {
        let methods = match declaration {
            Declaration::Methods(methods) => methods,
            Declaration::Module(name) => return Ok(self.symbol_string(self.intern(name)?).value()),
            Declaration::Doc(text) => return self.str(text),
            Declaration::NoDoc | Declaration::NoHash => return Ok(Value::NONE),
        };
        let (state, m) = (self.state(), &methods[i]);
        let number = Value::int(i64::from(state.native_number(m)));
        if m.kind == NativeKind::Getter {
            let setter = methods
                .get(i + 1)
                .filter(|s| s.kind == NativeKind::Setter && s.name == m.name)
                .map_or(Value::EMPTY, |s| Value::int(i64::from(state.native_number(s))));
            let shape = match m.is_member {
                true => self.shape_of_class(shape::GETSET, class::number(self.builtin_class(builtin::MEMBER)))?,
                false => shape::GETSET,
            };
            let name = self.symbol_string(self.intern(m.name)?).value();
            return Ok(self.new_object(shape, 5, &[number, setter, name, class.value()])?.value());
        }
        let shape = match m.kind {
            NativeKind::Method => shape::METHOD_DESCRIPTOR,
            NativeKind::Wrapper => shape::WRAPPER_DESCRIPTOR,
            NativeKind::ClassMethod => shape::CLASS_METHOD_DESCRIPTOR,
            _ => shape::BUILTIN,
        };
        let v = self.new_object(shape, 5, &[number, Value::EMPTY, Value::EMPTY, class.value()])?.value();
        if m.kind == NativeKind::Static && m.name != "__new__" {
            return Ok(self.new_object(shape::STATICMETHOD, 3, &[v])?.value());
        }
        Ok(v)
    }
}
