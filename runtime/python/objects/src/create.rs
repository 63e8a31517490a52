//! The beginning: shapes, built-in classes, exceptions and the objects that everything else needs, in the order in which
//! they need one another. Methods come later, from the crates that implement them ([`Py::add_methods`]).

use crate::class::{self, flag, word};
use crate::exception::{self, Exc};
use crate::generator;
use crate::kind::{BUILTINS, Kind, class as builtin, shape};
use crate::native::Native;
use crate::py::{Py, R, root};
use crate::state::{Attributes, ShapeInfo, State};
use crate::symbol;
use crate::symbol::sym;
use crate::{dict, string, string_growth};
use vm_api::engine::Thread;
use vm_api::heap::{Layout, Object, ShapeIndex, Value};

/// Built-in types that take a whole subject in a positional pattern of `match`.
const MATCH_SELF: [u32; 11] = [
    builtin::BOOL,
    builtin::BYTEARRAY,
    builtin::BYTES,
    builtin::DICT,
    builtin::FLOAT,
    builtin::FROZENSET,
    builtin::INT,
    builtin::LIST,
    builtin::SET,
    builtin::STR,
    builtin::TUPLE,
];

/// Built-in types that calling does not make instances of.
const NO_INSTANCES: &[u32] = &[
    builtin::BUILTIN,
    builtin::METHOD_WRAPPER,
    builtin::METHOD_DESCRIPTOR,
    builtin::WRAPPER_DESCRIPTOR,
    builtin::CLASS_METHOD_DESCRIPTOR,
    builtin::GETSET,
    builtin::MEMBER,
    builtin::FRAME,
    builtin::GENERATOR,
    builtin::COROUTINE,
    builtin::ASYNC_GENERATOR,
    builtin::COROUTINE_WRAPPER,
    builtin::ASYNC_GENERATOR_ASEND,
    builtin::ASYNC_GENERATOR_ATHROW,
    builtin::LIST_ITERATOR,
    builtin::LIST_REVERSE_ITERATOR,
    builtin::TUPLE_ITERATOR,
    builtin::STR_ITERATOR,
    builtin::BYTES_ITERATOR,
    builtin::BYTEARRAY_ITERATOR,
    builtin::RANGE_ITERATOR,
    builtin::LONG_RANGE_ITERATOR,
    builtin::DICT_KEY_ITERATOR,
    builtin::DICT_VALUE_ITERATOR,
    builtin::DICT_ITEM_ITERATOR,
    builtin::DICT_REVERSE_KEY_ITERATOR,
    builtin::DICT_REVERSE_VALUE_ITERATOR,
    builtin::DICT_REVERSE_ITEM_ITERATOR,
    builtin::SET_ITERATOR,
    builtin::SEQUENCE_ITERATOR,
    builtin::CALLABLE_ITERATOR,
    builtin::DICT_KEYS,
    builtin::DICT_VALUES,
    builtin::DICT_ITEMS,
];

/// Built-in types whose instances can be weakly referenced.
const WEAKREFS: &[u32] = &[
    builtin::TYPE,
    builtin::SET,
    builtin::FROZENSET,
    builtin::FUNCTION,
    builtin::BUILTIN,
    builtin::METHOD,
    builtin::CODE,
    builtin::MODULE,
    builtin::GENERATOR,
    builtin::COROUTINE,
    builtin::ASYNC_GENERATOR,
    builtin::TYPE_VAR,
    builtin::PARAM_SPEC,
    builtin::TYPE_VAR_TUPLE,
    builtin::UNION,
    builtin::MEMORYVIEW,
];

/// Makes a fresh thread ready for Python: call it once. On `Err` there is not even memory for the beginnings.
///
/// # Safety
/// `state` must be fresh and outlive the thread.
pub unsafe fn start(thread: &Thread, state: &State) -> R<()> {
    // SAFETY: the caller's; `Py::state` asks for the same type.
    unsafe { thread.set_language((&raw const *state).cast_mut().cast()) };
    thread.init_roots(root::COUNT, root::LOCALS);
    let py = Py(thread);
    // Until the real one is made.
    py.set_root(root::MEMORY_ERROR, Value::NONE);
    py.set_root(root::TYPE_EPOCH, Value::int(0));
    py.set_root(root::BUILTINS_EPOCH, Value::int(0));
    register_shapes(py)?;
    py.set_root(root::CLASSES, py.new_array(512)?.value());
    py.set_root(root::CODE_OBJECTS, py.new_array(512)?.value());
    py.set_root(root::LOOKUP_CACHE, py.new_array(class::CACHE * 2)?.value());
    py.set_root(root::EMPTY_TUPLE, py.alloc_array(shape::TUPLE, 0)?.value());
    let empty = py.str_builder(0, 0)?.finish();
    py.set_root(root::EMPTY_STRING, empty.value());
    py.set_root(root::EMPTY_BYTES, py.bytes_with(0, |_| {})?.value());
    py.set_root(root::EMPTY_FROZENSET, py.new_set(shape::FROZENSET)?.value());
    py.set_root(root::REPR_STACK, py.new_list(8)?.value());
    py.set_root(root::MODULES, py.new_dict()?.value());
    py.set_root(root::BUILTINS_DICT, py.new_dict()?.value());
    py.set_root(root::KEPT, py.new_list(8)?.value());
    py.set_root(root::FRAMES, py.new_list(8)?.value());
    let characters = py.new_array(256)?;
    for c in 0..256 {
        let o = py.character(c)?;
        py.heap().store_element(characters, c as usize, o.value());
    }
    py.set_root(root::CHARACTERS, characters.value());
    let single = py.new_array(256)?;
    for b in 0..=255u8 {
        let o = py.bytes(&[b])?;
        py.heap().store_element(single, usize::from(b), o.value());
    }
    py.set_root(root::SINGLE_BYTES, single.value());
    symbol::start(py)?;
    crate::code::start(py);
    make_classes(py)?;
    make_exceptions(py)?;
    let memory_error = py.new_exception(Exc::MemoryError, &[])?;
    py.set_root(root::MEMORY_ERROR, memory_error.value());
    Ok(())
}

pub(crate) fn fixed_words(layout: Layout) -> u32 {
    if layout.is_variable() { 0 } else { layout.size_words(0) as u32 }
}

fn register_shapes(py: Py<'_>) -> R<()> {
    for b in BUILTINS {
        let mut info = ShapeInfo::new(b.kind, b.kind.0);
        info.words = fixed_words(b.layout);
        info.dict_word = u32::from(b.dict_word);
        info.attributes = if b.dict_word == 0 { Attributes::None } else { Attributes::Dict };
        info.weakrefable = WEAKREFS.contains(&b.kind.0);
        let index = py.register_shape(b.layout, info)?;
        assert_eq!(index.0, ShapeIndex::FIRST.0 + b.kind.0, "built-in shapes have constant indices");
    }
    let mut view = ShapeInfo::new(Kind::STR, Kind::STR.0);
    view.words = string_growth::WORDS;
    let index =
        py.register_shape(Layout::Bitmap { words: string_growth::WORDS, bits: 1 << string_growth::BUFFER }, view)?;
    assert_eq!(index, shape::STR_VIEW, "built-in shapes have constant indices");
    for (kind, shape) in [(Kind::RANGE_ITERATOR, shape::LOOP_RANGE), (Kind::LIST_ITERATOR, shape::LOOP_LIST)] {
        let mut in_loop = ShapeInfo::new(kind, kind.0);
        let layout = BUILTINS[kind.0 as usize].layout;
        in_loop.words = fixed_words(layout);
        let index = py.register_shape(layout, in_loop)?;
        assert_eq!(index, shape, "built-in shapes have constant indices");
    }
    for shape in [shape::GENERATOR, shape::COROUTINE, shape::ASYNC_GENERATOR] {
        py.heap().settle_shape(shape, generator::word::STATE, generator::state::FINISHED);
    }
    Ok(())
}

fn make_classes(py: Py<'_>) -> R<()> {
    for b in BUILTINS {
        let (dict, name) = (py.new_dict()?, py.new_str(b.name)?);
        let class = py.new_class_object(shape::TYPE, name, dict)?;
        class.set_word(word::KIND, u64::from(b.kind.0));
        class.set_word(word::SHAPE, u64::from(ShapeIndex::FIRST.0 + b.kind.0));
        py.set_root(b.kind.0, class.value());
        let mut flags = if b.is_base { flag::BASE } else { 0 };
        flags |= if MATCH_SELF.contains(&b.kind.0) { flag::MATCH_SELF } else { 0 };
        flags |= if NO_INSTANCES.contains(&b.kind.0) || crate::iterate::is_native_iterator(b.kind) {
            flag::NO_INSTANCES
        } else {
            0
        };
        flags |= if WEAKREFS.contains(&b.kind.0) { flag::WEAKREFS } else { 0 };
        flags |= if b.dict_word != 0 { flag::HAS_DICT } else { 0 };
        class::add_flags(class, flags);
    }
    for root in [builtin::LIST, builtin::TUPLE, builtin::RANGE, builtin::MEMORYVIEW] {
        class::add_flags(py.builtin_class(root), flag::SEQUENCE);
    }
    for root in [builtin::DICT, builtin::MAPPINGPROXY] {
        class::add_flags(py.builtin_class(root), flag::MAPPING);
    }
    for b in BUILTINS {
        let class = py.builtin_class(b.kind.0);
        let is_object = b.kind == Kind::OBJECT;
        let base = py.root(b.base);
        let bases = if is_object { py.empty_tuple() } else { py.tuple(&[base])? };
        py.set_bases(class, Object::of(bases), if is_object { Value::EMPTY } else { base })?;
        // Without an entry the module is `builtins`.
        if b.module != "builtins" {
            py.add_module_name(class, b.module)?;
        }
    }
    Ok(())
}

fn make_exceptions(py: Py<'_>) -> R<()> {
    let base_class = py.builtin_class(builtin::EXCEPTION);
    py.set_root(Exc::BaseException.root(), base_class.value());
    for (i, (name, base, _)) in exception::TABLE.iter().enumerate().skip(1) {
        let base = py.exception_class(*base);
        let name_string = py.new_str(name)?;
        let bases: &[Value] =
            if *name == "ExceptionGroup" { &[base.value(), py.root(Exc::Exception.root())] } else { &[base.value()] };
        let class = new_builtin_class(
            py,
            name_string,
            bases,
            base,
            Layout::Values { words: exception::word::WORDS as u32 },
            Kind::EXCEPTION,
        )?;
        py.set_root(root::EXCEPTIONS + i as u32, class.value());
    }
    Ok(())
}

/// A class that is made by native code, with a shape of its own.
pub(crate) fn new_builtin_class(
    py: Py<'_>,
    name: Object,
    bases: &[Value],
    base: Object,
    layout: Layout,
    kind: Kind,
) -> R<Object> {
    let dict = py.new_dict()?;
    let class = py.new_class_object(shape::TYPE, name, dict)?;
    let bases = py.tuple(bases)?;
    py.set_bases(class, Object::of(bases), base.value())?;
    let base_info = py.shape_info(class::shape(base));
    let mut info = ShapeInfo::new(kind, class::number(class));
    info.words = fixed_words(layout);
    info.dict_word = base_info.dict_word;
    info.attributes = base_info.attributes;
    let shape = py.register_shape(layout, info)?;
    class.set_word(word::KIND, u64::from(kind.0));
    class.set_word(word::SHAPE, u64::from(shape.0));
    class::add_flags(class, flag::BASE | if base_info.dict_word != 0 { flag::HAS_DICT | flag::WEAKREFS } else { 0 });
    class::add_flags(class, base.word(word::FLAGS) & flag::FINALIZER);
    Ok(class)
}

impl Py<'_> {
    /// An empty module, not in `sys.modules`.
    pub fn new_module(self, name: &str) -> R<Object> {
        let d = self.new_dict()?;
        let name = self.str(name)?;
        for (key, value) in [
            (sym::NAME, name),
            (sym::DOC, Value::NONE),
            (sym::PACKAGE, Value::NONE),
            (sym::LOADER, Value::NONE),
            (sym::SPEC, Value::NONE),
        ] {
            self.dict_set_symbol(d, key, value)?;
        }
        self.new_object(shape::MODULE, 2, &[d.value()])
    }
    /// The dictionary of a module.
    pub fn module_dict(self, m: Object) -> Object {
        Object::of(m.get(1))
    }
    /// Puts native functions into a module.
    pub fn add_functions(self, module: Object, functions: &'static [Native]) -> R<()> {
        let d = self.module_dict(module);
        let module_name = dict::get_symbol(self, d, sym::NAME).unwrap_or(Value::NONE);
        self.dict_reserve(d, functions.len())?;
        for f in functions {
            let number = Value::int(i64::from(self.state().native_number(f)));
            let v = self.new_object(shape::BUILTIN, 5, &[number, Value::EMPTY, module_name, Value::EMPTY])?.value();
            self.dict_set_text(d, f.name, v)?;
        }
        Ok(())
    }
    /// Keeps a value alive for a native module; [`Py::kept`] gets it back by the number.
    pub fn keep(self, v: Value) -> R<u32> {
        let l = Object::of(self.root(root::KEPT));
        self.list_push(l, v)?;
        Ok(crate::list::length(l) as u32 - 1)
    }
    /// What was kept.
    pub fn kept(self, number: u32) -> Value {
        crate::list::item(Object::of(self.root(root::KEPT)), number as usize)
    }
    /// The value of an attribute in a module's dictionary, by text.
    pub fn module_item(self, module: Object, name: &str) -> R<Option<Value>> {
        let name = self.intern(name)?;
        Ok(dict::get_symbol(self, self.module_dict(module), name))
    }
    /// `sys.name`, if `sys` is there and has it.
    pub fn sys_item(self, name: crate::Symbol) -> Option<Value> {
        dict::get_symbol(self, Object::from_value(self.root(root::SYS))?, name)
    }
    /// A text of a value that must be a string: TypeError otherwise.
    pub fn expect_str(self, v: Value, what: &str) -> R<Object> {
        match string::exact_or_payload(self, v) {
            Some(s) => Ok(s),
            None => self.type_error(&format!("{what} must be str, not {}", self.class_name(v))),
        }
    }
}

impl Py<'_> {
    /// The module `builtins`, if it is in `sys.modules`.
    pub fn import_builtins_module(self) -> R<Option<Value>> {
        Ok(dict::get_symbol(self, Object::of(self.root(root::MODULES)), sym::BUILTINS_NAME))
    }
    /// `format(v, spec)`: what `type(v).__format__` answers. Runs Python code.
    pub fn format(self, v: Value, spec: Value) -> R<Object> {
        match self.call_special(v, sym::FORMAT, &[spec])? {
            Some(r) => match self.of_kind(r, Kind::STR) {
                Some(s) => Ok(s),
                None => self.type_error(&format!("__format__ must return a str, not {}", self.class_name(r))),
            },
            None => self.type_error(&format!("Type {} doesn't define __format__", self.class_name(v))),
        }
    }
}
