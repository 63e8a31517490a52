//! Types of native modules: declared as data, made into classes when they are first asked for.
//!
//! ```text
//! static COUNT: TypeSpec = TypeSpec::values("itertools", "count", 2, METHODS, "count(start=0, step=1)").inheritable();
//! ```
//!
//! Without further words a type is final, has no weak references and no attribute dictionary.

use crate::class::{self, flag, word};
use crate::create::{fixed_words, new_builtin_class};
use crate::kind::{Kind, shape};
use crate::native::Native;
use crate::py::{Py, R};
use crate::state::{Attributes, ShapeInfo};
use vm_api::heap::{Layout, Object, Value};

/// A native module's type.
pub struct TypeSpec {
    /// `__name__`
    pub name: &'static str,
    module: &'static str,
    /// What tells its instances apart: [`Kind::extension`] of the qualified name.
    pub kind: Kind,
    layout: Layout,
    is_base: bool,
    weakrefs: bool,
    finalized: bool,
    has_finalizer: bool,
    settled_word: u16,
    dict_word: u16,
    methods: [&'static [Native]; 4],
    doc: &'static str,
}

impl TypeSpec {
    /// Type `module.name`, whose instances are laid out so.
    pub const fn new(
        module: &'static str,
        name: &'static str,
        layout: Layout,
        methods: &'static [Native],
        doc: &'static str,
    ) -> TypeSpec {
        TypeSpec {
            name,
            module,
            kind: Kind::extension(module, name),
            layout,
            is_base: false,
            weakrefs: false,
            finalized: false,
            has_finalizer: has_finalizer(methods),
            settled_word: 0,
            dict_word: 0,
            methods: [methods, &[], &[], &[]],
            doc,
        }
    }
    /// Type `module.name`, whose instances have `fields` fields, all of them values, in the words from 1 on.
    pub const fn values(
        module: &'static str,
        name: &'static str,
        fields: u32,
        methods: &'static [Native],
        doc: &'static str,
    ) -> TypeSpec {
        TypeSpec::new(module, name, Layout::Values { words: 1 + fields }, methods, doc)
    }
    /// Python classes may inherit from it.
    pub const fn inheritable(self) -> TypeSpec {
        TypeSpec { is_base: true, ..self }
    }
    /// Its instances can be weakly referenced.
    pub const fn weakly_referenced(self) -> TypeSpec {
        TypeSpec { weakrefs: true, ..self }
    }
    /// Its `__del__` is called when an instance is garbage. (That of Python's subclasses always is.)
    pub const fn finalized(self) -> TypeSpec {
        TypeSpec { finalized: true, ..self }
    }
    /// The same, but not for those exact instances in which this word holds True by then: their `__del__` would find nothing
    /// to do. So they die without costing more than what is not finalized.
    pub const fn finalized_unless(self, word: usize) -> TypeSpec {
        TypeSpec { finalized: true, settled_word: word as u16, ..self }
    }
    /// Its instances have an attribute dictionary, in this word (made when it is asked for).
    pub const fn with_dict(self, word: usize) -> TypeSpec {
        TypeSpec { dict_word: word as u16, ..self }
    }
    /// It has these methods too, which several types share. At most three times.
    pub const fn with_methods(self, more: &'static [Native]) -> TypeSpec {
        let (mut methods, mut free) = (self.methods, 1);
        while !methods[free].is_empty() {
            free += 1;
        }
        methods[free] = more;
        TypeSpec { methods, has_finalizer: self.has_finalizer || has_finalizer(more), ..self }
    }
}

/// Is `__del__` among the methods?
const fn has_finalizer(methods: &[Native]) -> bool {
    let mut i = 0;
    while i < methods.len() {
        if let b"__del__" = methods[i].name.as_bytes() {
            return true;
        }
        i += 1;
    }
    false
}

impl Py<'_> {
    /// The class of a native module's type, made at the first call.
    pub fn native_type(self, spec: &'static TypeSpec) -> R<Object> {
        self.native_subtype(spec, self.object_class())
    }
    /// The same for a type that inherits from another native class: its layout continues that one's, and it gets that
    /// one's dictionary word.
    pub fn native_subtype(self, spec: &'static TypeSpec, base: Object) -> R<Object> {
        let known = self.state().extensions.borrow().get(&spec.kind).copied();
        if let Some((number, _)) = known {
            return Ok(self.class_numbered(number));
        }
        let name = self.new_str(spec.name)?;
        let class = new_builtin_class(self, name, &[base.value()], base, spec.layout, spec.kind)?;
        if !spec.is_base {
            class::clear_flags(class, flag::BASE);
        }
        if spec.weakrefs {
            class::add_flags(class, flag::WEAKREFS);
        }
        if spec.finalized {
            class::add_flags(class, flag::FINALIZER);
        }
        if spec.dict_word != 0 {
            // The shape was registered from `object`'s, which has none: register the right one.
            let mut info = ShapeInfo::new(spec.kind, class::number(class));
            info.words = fixed_words(spec.layout);
            info.dict_word = u32::from(spec.dict_word);
            info.attributes = Attributes::Dict;
            info.weakrefable = spec.weakrefs;
            let shape = self.register_shape(spec.layout, info)?;
            class.set_word(word::SHAPE, u64::from(shape.0));
            class::add_flags(class, flag::HAS_DICT);
        }
        if spec.settled_word != 0 {
            self.heap().settle_shape(class::shape(class), usize::from(spec.settled_word), Value::TRUE.bits());
        }
        self.declare_all(class, spec)?;
        self.state().extensions.borrow_mut().insert(spec.kind, (class::number(class), class::shape(class)));
        Ok(class)
    }
    /// What the specification says of the class's attributes.
    fn declare_all(self, class: Object, spec: &'static TypeSpec) -> R<()> {
        if spec.has_finalizer {
            class::add_flags(class, flag::FINALIZER);
        }
        self.add_module_name(class, spec.module)?;
        for table in spec.methods {
            self.add_methods(class, table)?;
        }
        if spec.doc.is_empty() { Ok(()) } else { self.add_doc(class, spec.doc) }
    }
    /// A fresh exact instance of a native module's type, fields EMPTY.
    pub fn new_native(self, spec: &'static TypeSpec) -> R<Object> {
        let class = self.native_type(spec)?;
        self.alloc_instance(class)
    }
    /// A fresh instance, fields EMPTY, of the class that a native type's `__new__` was given: TypeError unless it inherits
    /// from the type.
    pub fn new_native_of(self, class: Value, spec: &'static TypeSpec) -> R<Object> {
        let own = self.native_type(spec)?;
        if class == own.value() {
            return self.alloc_instance(own);
        }
        let name = spec.name;
        let Some(class) = self.of_kind(class, Kind::TYPE) else {
            let given = self.class_name(class);
            return self.type_error(&format!("{name}.__new__(X): X is not a type object ({given})"));
        };
        if !self.is_subclass(class, own) {
            let given = class::name(self, class);
            return self.type_error(&format!("{name}.__new__({given}): {given} is not a subtype of {name}"));
        }
        self.alloc_instance(class)
    }
    /// The instance of a native type (subclasses included) that a method was called on: TypeError for anything else.
    #[inline]
    pub fn native_self(self, v: Value, spec: &'static TypeSpec) -> R<Object> {
        match self.of_kind(v, spec.kind) {
            Some(o) => Ok(o),
            None => self.type_error(&format!(
                "expected a '{}.{}' object, not '{}'",
                spec.module,
                spec.name,
                self.class_name(v)
            )),
        }
    }
    /// The class of a native module that inherits from a built-in one, made at the first call: its instances are laid out
    /// as the base's, with `fields` words of values behind it. The kind in the specification only names the class:
    /// instances are of the base's kind. Returns the class and the first word of its own.
    pub fn native_subclass(self, spec: &'static TypeSpec, base: u32, fields: usize) -> R<(Object, usize)> {
        let base = self.builtin_class(base);
        let base_info = self.shape_info(class::shape(base));
        let own_dict = spec.dict_word != 0 && base_info.dict_word == 0;
        let first = base_info.words as usize + usize::from(own_dict);
        let known = self.state().extensions.borrow().get(&spec.kind).copied();
        if let Some((number, _)) = known {
            return Ok((self.class_numbered(number), first));
        }
        let (dict, name) = (self.new_dict()?, self.new_str(spec.name)?);
        let class = self.new_class_object(shape::TYPE, name, dict)?;
        let bases = self.tuple(&[base.value()])?;
        self.set_bases(class, Object::of(bases), base.value())?;
        class.set_word(word::KIND, u64::from(class::kind(base).0));
        let inherited = flag::BASE | flag::SEQUENCE | flag::MAPPING | flag::MATCH_SELF;
        class::add_flags(class, class.word(word::FLAGS) | base.word(word::FLAGS) & inherited);
        if spec.weakrefs {
            class::add_flags(class, flag::WEAKREFS);
        }
        let (shape, first) = self.instance_shape(class, base, fields, spec.dict_word != 0)?;
        class.set_word(word::SHAPE, u64::from(shape.0));
        if spec.dict_word != 0 {
            class::add_flags(class, flag::HAS_DICT);
        }
        self.declare_all(class, spec)?;
        self.state().extensions.borrow_mut().insert(spec.kind, (class::number(class), shape));
        Ok((class, first))
    }
}
