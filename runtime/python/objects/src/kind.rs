//! The built-in kinds of objects: one table from which shape indices, class roots and set-up come.
//!
//! A kind says how an object lies in memory, whatever its class: instances of a subclass of `list` are of kind `LIST`.
//! Native modules have kinds of their own ([`Kind::extension`]), registered when the module is loaded.

use vm_api::heap::{Layout, ShapeIndex};

/// How an object lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Kind(pub u32);

impl Kind {
    /// The kind of a native module's type, from its names: the same in every VM. Never a built-in one.
    pub const fn extension(module: &str, name: &str) -> Kind {
        Kind(fnv1a(fnv1a(fnv1a(0x811c_9dc5, module), "."), name) | 0x8000_0000)
    }
    /// Is it such a type's?
    pub const fn is_extension(self) -> bool {
        self.0 & 0x8000_0000 != 0
    }
}

/// The hash of Fowler, Noll and Vo, gone on with.
const fn fnv1a(mut hash: u32, text: &str) -> u32 {
    let (bytes, mut i) = (text.as_bytes(), 0);
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}

/// What the built-in type of a kind is like.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Name of the class.
    pub name: &'static str,
    /// Its module, if it is not `builtins`.
    pub module: &'static str,
    /// The kind.
    pub kind: Kind,
    /// Layout of its exact instances.
    pub layout: Layout,
    /// Word that holds the attribute dictionary of an instance; 0 if instances have none.
    pub dict_word: u16,
    /// May Python classes inherit from it?
    pub is_base: bool,
    /// Class it inherits from, as a root; `object` for most.
    pub base: u32,
}

/// A layout whose words `raw` are not values.
const fn mixed(words: u32, raw: &[u32]) -> Layout {
    let (mut bits, mut i) = ((1u64 << words) - 2, 0);
    while i < raw.len() {
        bits &= !(1 << raw[i]);
        i += 1;
    }
    Layout::Bitmap { words, bits }
}
const fn values(words: u32) -> Layout {
    Layout::Values { words }
}

macro_rules! kinds {
    ($( $NAME:ident $name:literal in $module:literal, $layout:expr, dict $dict:literal, $base:ident, $inherits:ident; )*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the variants only number the constants")]
        #[repr(u32)]
        enum Row { $($NAME),* }

        impl Kind { $( #[doc = $name] pub const $NAME: Kind = Kind(Row::$NAME as u32); )* }

        /// Shapes of the built-in types' exact instances.
        pub mod shape {
            use super::{Row, ShapeIndex};
            $( #[doc = $name] pub const $NAME: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0 + Row::$NAME as u32); )*
            /// `str`, too: see `crate::string_growth`. Behind those of the table.
            pub const STR_VIEW: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0 + super::BUILTINS.len() as u32);
            /// `range_iterator`, too: one that only a loop of one frame has, in a register without a name.
            pub const LOOP_RANGE: ShapeIndex = ShapeIndex(STR_VIEW.0 + 1);
            /// The same of `list_iterator`.
            pub const LOOP_LIST: ShapeIndex = ShapeIndex(STR_VIEW.0 + 2);
            /// The last one.
            pub const LAST: ShapeIndex = LOOP_LIST;
        }
        /// Roots that hold the built-in classes.
        pub mod class {
            use super::Row;
            $( #[doc = $name] pub const $NAME: u32 = Row::$NAME as u32; )*
        }
        /// The table, by kind.
        pub const BUILTINS: &[Builtin] = &[ $( Builtin {
            name: $name, module: $module, kind: Kind::$NAME, layout: $layout, dict_word: $dict,
            is_base: is_base::$base, base: class::$inherits,
        } ),* ];
    };
}

/// Byte offsets of the raw words of iterators that only a loop has: of a range, the next number, how many are left, the step; of a
/// list, the index of the next item. Of other shapes, none.
pub const fn own_words(s: ShapeIndex) -> &'static [u32] {
    match s {
        shape::LOOP_RANGE => &[8, 16, 24],
        shape::LOOP_LIST => &[8],
        _ => &[],
    }
}

/// Do objects of this shape keep it as long as they live? Those of classes that programs make take others as they get attributes;
/// `__class__` can be assigned to these and to modules.
pub fn keeps_shape(s: ShapeIndex) -> bool {
    (ShapeIndex::FIRST.0..=shape::LAST.0).contains(&s.0) && s != shape::MODULE && s != shape::OBJECT
}

mod is_base {
    pub(super) const BASE: bool = true;
    pub(super) const FINAL: bool = false;
}

kinds! {
    // `object` comes first: it inherits from itself, which the set-up knows. Words: overflow or dict.
    OBJECT "object" in "builtins", values(2), dict 0, BASE, OBJECT;
    // Words: see `crate::class::word`.
    TYPE "type" in "builtins", crate::class::LAYOUT, dict 0, BASE, OBJECT;
    // Big ones only: sign, limbs. Small ones are immediate. Subclasses: dict, payload.
    INT "int" in "builtins", Layout::LeafArray, dict 0, BASE, OBJECT;
    BOOL "bool" in "builtins", values(2), dict 0, FINAL, INT;
    FLOAT "float" in "builtins", values(2), dict 0, BASE, OBJECT;
    COMPLEX "complex" in "builtins", Layout::Leaf { words: 3 }, dict 0, BASE, OBJECT;
    STR "str" in "builtins", Layout::LeafArray, dict 0, BASE, OBJECT;
    BYTES "bytes" in "builtins", Layout::LeafArray, dict 0, BASE, OBJECT;
    // Length, buffer, exports.
    BYTEARRAY "bytearray" in "builtins", mixed(4, &[1, 3]), dict 0, BASE, OBJECT;
    TUPLE "tuple" in "builtins", Layout::ValueArray, dict 0, BASE, OBJECT;
    LIST "list" in "builtins", mixed(3, &[1]), dict 0, BASE, OBJECT;
    // See `crate::dict`.
    DICT "dict" in "builtins", mixed(6, &[1, 2, 3]), dict 0, BASE, OBJECT;
    SET "set" in "builtins", mixed(7, &[1, 2, 3, 6]), dict 0, BASE, OBJECT;
    FROZENSET "frozenset" in "builtins", mixed(7, &[1, 2, 3, 6]), dict 0, BASE, OBJECT;
    RANGE "range" in "builtins", values(5), dict 0, FINAL, OBJECT;
    SLICE "slice" in "builtins", values(4), dict 0, FINAL, OBJECT;
    NONE "NoneType" in "builtins", values(2), dict 0, FINAL, OBJECT;
    ELLIPSIS "ellipsis" in "builtins", values(2), dict 0, FINAL, OBJECT;
    NOT_IMPLEMENTED "NotImplementedType" in "builtins", values(2), dict 0, FINAL, OBJECT;
    // See `crate::function`.
    FUNCTION "function" in "builtins", values(16), dict 8, FINAL, OBJECT;
    // Index, name, qualified name, documentation, source name.
    CODE "code" in "builtins", values(6), dict 0, FINAL, OBJECT;
    CELL "cell" in "builtins", values(2), dict 0, FINAL, OBJECT;
    // Native functions: number, self, module, owner class.
    BUILTIN "builtin_function_or_method" in "builtins", values(5), dict 0, FINAL, OBJECT;
    METHOD_DESCRIPTOR "method_descriptor" in "builtins", values(5), dict 0, FINAL, OBJECT;
    WRAPPER_DESCRIPTOR "wrapper_descriptor" in "builtins", values(5), dict 0, FINAL, OBJECT;
    CLASS_METHOD_DESCRIPTOR "classmethod_descriptor" in "builtins", values(5), dict 0, FINAL, OBJECT;
    METHOD_WRAPPER "method-wrapper" in "builtins", values(5), dict 0, FINAL, OBJECT;
    // Getter, setter (or EMPTY), name, owner class.
    GETSET "getset_descriptor" in "builtins", values(5), dict 0, FINAL, OBJECT;
    // Word of the instance, name, owner class.
    MEMBER "member_descriptor" in "builtins", values(4), dict 0, FINAL, OBJECT;
    METHOD "method" in "builtins", values(3), dict 0, FINAL, OBJECT;
    CLASSMETHOD "classmethod" in "builtins", values(3), dict 2, BASE, OBJECT;
    STATICMETHOD "staticmethod" in "builtins", values(3), dict 2, BASE, OBJECT;
    // Getter, setter, deleter, doc, name, whether the doc was the getter's.
    PROPERTY "property" in "builtins", values(7), dict 0, BASE, OBJECT;
    // Type, object, type of the object.
    SUPER "super" in "builtins", values(4), dict 0, BASE, OBJECT;
    MODULE "module" in "builtins", values(2), dict 1, BASE, OBJECT;
    MAPPINGPROXY "mappingproxy" in "builtins", values(2), dict 0, FINAL, OBJECT;
    NAMESPACE "SimpleNamespace" in "types", values(2), dict 1, BASE, OBJECT;
    // See `crate::exception::word`.
    EXCEPTION "BaseException" in "builtins", values(16), dict 6, BASE, OBJECT;
    TRACEBACK "traceback" in "builtins", values(6), dict 0, FINAL, OBJECT;
    FRAME "frame" in "builtins", values(10), dict 0, FINAL, OBJECT;
    // See `crate::generator::word`.
    GENERATOR "generator" in "builtins", crate::generator::LAYOUT, dict 0, FINAL, OBJECT;
    COROUTINE "coroutine" in "builtins", crate::generator::LAYOUT, dict 0, FINAL, OBJECT;
    ASYNC_GENERATOR "async_generator" in "builtins", crate::generator::LAYOUT, dict 0, FINAL, OBJECT;
    COROUTINE_WRAPPER "coroutine_wrapper" in "builtins", values(2), dict 0, FINAL, OBJECT;
    ASYNC_GENERATOR_ASEND "async_generator_asend" in "builtins", values(4), dict 0, FINAL, OBJECT;
    ASYNC_GENERATOR_ATHROW "async_generator_athrow" in "builtins", values(4), dict 0, FINAL, OBJECT;
    // What an asynchronous generator yields to its driver; never visible.
    ASYNC_WRAPPED "async_generator_wrapped_value" in "builtins", values(2), dict 0, FINAL, OBJECT;
    // The value that a generator returned, on its way; never visible.
    COMPLETION "completion" in "builtins", values(2), dict 0, FINAL, OBJECT;
    // Iterators: raw position, then what is iterated (EMPTY when exhausted).
    LIST_ITERATOR "list_iterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    LIST_REVERSE_ITERATOR "list_reverseiterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    TUPLE_ITERATOR "tuple_iterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    STR_ITERATOR "str_ascii_iterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    BYTES_ITERATOR "bytes_iterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    BYTEARRAY_ITERATOR "bytearray_iterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    // Next number, how many are left, step: raw.
    RANGE_ITERATOR "range_iterator" in "builtins", Layout::Leaf { words: 4 }, dict 0, FINAL, OBJECT;
    LONG_RANGE_ITERATOR "longrange_iterator" in "builtins", values(4), dict 0, FINAL, OBJECT;
    // Raw position; raw expected size, of dicts with the number of items left in the upper half; the dict or set.
    DICT_KEY_ITERATOR "dict_keyiterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    DICT_VALUE_ITERATOR "dict_valueiterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    DICT_ITEM_ITERATOR "dict_itemiterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    DICT_REVERSE_KEY_ITERATOR "dict_reversekeyiterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    DICT_REVERSE_VALUE_ITERATOR "dict_reversevalueiterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    DICT_REVERSE_ITEM_ITERATOR "dict_reverseitemiterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    SET_ITERATOR "set_iterator" in "builtins", mixed(4, &[1, 2]), dict 0, FINAL, OBJECT;
    // By `__getitem__`: raw position, the sequence.
    SEQUENCE_ITERATOR "iterator" in "builtins", mixed(3, &[1]), dict 0, FINAL, OBJECT;
    CALLABLE_ITERATOR "callable_iterator" in "builtins", values(3), dict 0, FINAL, OBJECT;
    DICT_KEYS "dict_keys" in "builtins", values(2), dict 0, FINAL, OBJECT;
    DICT_VALUES "dict_values" in "builtins", values(2), dict 0, FINAL, OBJECT;
    DICT_ITEMS "dict_items" in "builtins", values(2), dict 0, FINAL, OBJECT;
    // Count, iterator.
    ENUMERATE "enumerate" in "builtins", values(3), dict 0, BASE, OBJECT;
    // Function, tuple of iterators.
    MAP "map" in "builtins", values(3), dict 0, BASE, OBJECT;
    FILTER "filter" in "builtins", values(3), dict 0, BASE, OBJECT;
    // Tuple of iterators, strict.
    ZIP "zip" in "builtins", values(3), dict 0, BASE, OBJECT;
    // Raw position, the sequence.
    REVERSED "reversed" in "builtins", mixed(3, &[1]), dict 0, BASE, OBJECT;
    // Weak word first, then callback, hash, previous hash.
    WEAKREF "ReferenceType" in "weakref", Layout::Weak { words: 5 }, dict 0, BASE, OBJECT;
    // See `crate::memoryview::word`.
    MEMORYVIEW "memoryview" in "builtins", mixed(10, &[2, 3, 4, 8]), dict 0, FINAL, OBJECT;
    // Origin, arguments, parameters, starred.
    GENERIC_ALIAS "GenericAlias" in "types", values(5), dict 0, BASE, OBJECT;
    UNION "UnionType" in "types", values(3), dict 0, FINAL, OBJECT;
    // PEP 695: see the semantics of their opcodes.
    TYPE_VAR "TypeVar" in "typing", values(10), dict 9, FINAL, OBJECT;
    PARAM_SPEC "ParamSpec" in "typing", values(10), dict 9, FINAL, OBJECT;
    TYPE_VAR_TUPLE "TypeVarTuple" in "typing", values(10), dict 9, FINAL, OBJECT;
    TYPE_ALIAS "TypeAliasType" in "typing", values(8), dict 0, FINAL, OBJECT;
    // Storage without a class that programs see: value arrays and leaves behind containers.
    ARRAY "array_storage" in "builtins", Layout::ValueArray, dict 0, FINAL, OBJECT;
    LEAF "leaf_storage" in "builtins", Layout::LeafArray, dict 0, FINAL, OBJECT;
}

/// Numbers of the special constants beside `None` ([`vm_api::heap::Value::special`]).
pub mod special {
    use vm_api::heap::Value;
    /// `...`
    pub const ELLIPSIS: Value = Value::special(1);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Value = Value::special(2);
    /// The end of an iteration, between `for_iter` and its branch; never visible.
    pub const END: Value = Value::special(3);
    /// A deleted entry of a set; never visible.
    pub const DUMMY: Value = Value::special(4);
    /// In caches: looked for and not there; never visible.
    pub const ABSENT: Value = Value::special(5);
}
