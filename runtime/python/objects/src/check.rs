//! `isinstance` and `issubclass`, with the hooks that metaclasses have (PEP 3119).

use crate::class;
use crate::exception::Exc;
use crate::kind::{Kind, class as builtin};
use crate::py::{Py, R};
use crate::symbol::sym;
use crate::tuple;
use vm_api::heap::{Object, Value};

const WRONG_INSTANCE_CLASS: &str = "isinstance() arg 2 must be a type, a tuple of types, or a union";
const WRONG_SUBCLASS_CLASS: &str = "issubclass() arg 2 must be a class, a tuple of classes, or a union";

impl Py<'_> {
    /// `isinstance(v, of)`. Runs Python code; TypeError if `of` is nothing that has instances.
    pub fn isinstance(self, v: Value, of: Value) -> R<bool> {
        let class = self.class_of(v);
        if class.value() == of {
            return Ok(true);
        }
        let meta = self.class_of(of);
        if meta.value() == self.root(builtin::TYPE) {
            return self.plain_isinstance(v, of);
        }
        if let Some(t) = self.as_tuple(of) {
            let _nesting = self.descend(" in __instancecheck__")?;
            for c in tuple::items(t) {
                if self.isinstance(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        match self.lookup(meta, sym::INSTANCECHECK) {
            Some(hook) => {
                self.check_native_stack()?;
                let r = self.call_descriptor(hook, of, meta, &[v])?;
                self.truth(r)
            }
            None => self.plain_isinstance(v, of),
        }
    }
    /// `type.__instancecheck__(of, v)`
    pub fn plain_isinstance(self, v: Value, of: Value) -> R<bool> {
        if let Some(c) = self.of_kind(of, Kind::TYPE) {
            let class = self.class_of(v);
            if self.is_subclass(class, c) {
                return Ok(true);
            }
            // What an object says its class is, if that is another.
            if !self.says_its_class(v) {
                return Ok(false);
            }
            let said = self.get_optional(v, sym::CLASS)?;
            return Ok(said
                .and_then(|s| self.of_kind(s, Kind::TYPE))
                .is_some_and(|s| s != class && self.is_subclass(s, c)));
        }
        self.check_abstract(of, WRONG_INSTANCE_CLASS)?;
        match self.get_optional(v, sym::CLASS)? {
            Some(said) => self.abstract_subclass(said, of),
            None => Ok(false),
        }
    }
    /// Can `v.__class__` be something else than its class?
    fn says_its_class(self, v: Value) -> bool {
        let class = self.class_of(v);
        let object = self.object_class();
        self.lookup(class, sym::CLASS) != self.lookup(object, sym::CLASS)
            || self.lookup(class, sym::GETATTRIBUTE).is_some_and(|f| self.kind(f) != Kind::WRAPPER_DESCRIPTOR)
            || matches!(self.kind(v), Kind::GENERIC_ALIAS | Kind::SUPER)
    }
    /// `issubclass(derived, of)`. Runs Python code; TypeError if one is no class.
    pub fn issubclass(self, derived: Value, of: Value) -> R<bool> {
        let meta = self.class_of(of);
        if meta.value() == self.root(builtin::TYPE) {
            return Ok(derived == of || self.plain_issubclass(derived, of)?);
        }
        if let Some(t) = self.as_tuple(of) {
            let _nesting = self.descend(" in __subclasscheck__")?;
            for c in tuple::items(t) {
                if self.issubclass(derived, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        match self.lookup(meta, sym::SUBCLASSCHECK) {
            Some(hook) => {
                self.check_native_stack()?;
                let r = self.call_descriptor(hook, of, meta, &[derived])?;
                self.truth(r)
            }
            None => self.plain_issubclass(derived, of),
        }
    }
    /// `type.__subclasscheck__(of, derived)`
    pub fn plain_issubclass(self, derived: Value, of: Value) -> R<bool> {
        if let (Some(d), Some(c)) = (self.of_kind(derived, Kind::TYPE), self.of_kind(of, Kind::TYPE)) {
            return Ok(self.is_subclass(d, c));
        }
        self.check_abstract(derived, "issubclass() arg 1 must be a class")?;
        self.check_abstract(of, WRONG_SUBCLASS_CLASS)?;
        self.abstract_subclass(derived, of)
    }
    /// `__bases__` of what is like a class.
    fn abstract_bases(self, v: Value) -> R<Option<Object>> {
        Ok(self.get_optional(v, sym::BASES)?.and_then(|b| self.as_tuple(b)))
    }
    fn check_abstract(self, v: Value, message: &str) -> R<()> {
        match self.abstract_bases(v)? {
            Some(_) => Ok(()),
            None => self.err(Exc::TypeError, message),
        }
    }
    fn abstract_subclass(self, derived: Value, of: Value) -> R<bool> {
        let _nesting = self.descend(" in __issubclass__")?;
        let mut derived = derived;
        loop {
            if derived == of {
                return Ok(true);
            }
            self.poll()?;
            let Some(bases) = self.abstract_bases(derived)? else { return Ok(false) };
            match bases.length() {
                0 => return Ok(false),
                1 => derived = bases.element(0),
                n => {
                    for i in 0..n {
                        if self.abstract_subclass(bases.element(i), of)? {
                            return Ok(true);
                        }
                    }
                    return Ok(false);
                }
            }
        }
    }
    /// The class argument of a `__new__` that belongs to the built-in class `own` (a root of [`crate::kind::class`]).
    /// TypeError if it is none, or one whose instances are made otherwise.
    pub fn class_argument(self, v: Value, own: u32) -> R<Object> {
        let own = self.builtin_class(own);
        let name = |c| class::name(self, c);
        let Some(c) = self.of_kind(v, Kind::TYPE) else {
            let (name, given) = (name(own), self.class_name(v));
            return self.type_error(&format!("{name}.__new__(X): X is not a type object ({given})"));
        };
        if !self.is_subclass(c, own) {
            let (name, given) = (name(own), name(c));
            return self.type_error(&format!("{name}.__new__({given}): {given} is not a subtype of {name}"));
        }
        if class::kind(c) != class::kind(own) {
            // The nearest built-in class knows how.
            let mut base = c;
            while class::has(base, class::flag::HEAP)
                && let Some(b) = Object::from_value(base.get(class::word::BASE))
            {
                base = b;
            }
            let (name, given, right) = (name(own), name(c), self.type_name(base));
            return self.type_error(&format!("{name}.__new__({given}) is not safe, use {right}.__new__()"));
        }
        Ok(c)
    }
}
