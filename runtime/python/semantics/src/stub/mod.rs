//! The slow paths: every stub right for all operands, with or without a fast path in front of it.
//!
//! A stub is a line in the table below: its name in listings, what it may do, and the function, which gets the context, the
//! feedback slot, three operands (or a window) and the immediate. The functions stand in the files of this folder by theme.

mod attributes;
mod calls;
mod complete;
mod exceptions;
mod generators;
mod items;
mod making;
mod matching;
mod modules;
mod operators;
mod types;
mod variables;

pub(crate) use complete::complete;
use python_objects::kind::shape;
use python_objects::{Args, Py, R};
use vm_api::code::{Effects, StubInfo};
use vm_api::engine::ShortOperand::{Given, Is, Same};
use vm_api::engine::{
    FeedbackSlot, FixedCallStub, FixedStub, ShortForm, Stub, StubPair, Thread, WindowCallStub, WindowStub, bit,
};
use vm_api::heap::{Object, Value};

/// The feedback slot of the instruction, if it has one.
#[derive(Clone, Copy)]
pub(crate) struct Site(*mut FeedbackSlot);

impl Site {
    /// Fills the inline cache with a value that is no object.
    pub(crate) fn fill(self, upper: u32, payload: u32, value: Value) {
        // SAFETY: engines pass null or a live slot of the running frame's vector, which nobody else touches meanwhile.
        if let Some(slot) = unsafe { self.0.as_mut() }
            && slot.bits & bit::MEGAMORPHIC == 0
        {
            slot.fill(FeedbackSlot::make_key(upper, payload), value);
        }
    }
    /// Fills the inline cache of a site whose opcode has one entry.
    pub(crate) fn cache(self, py: Py<'_>, upper: u32, payload: u32, value: Value) {
        // SAFETY: as above.
        if let Some(slot) = unsafe { self.0.as_mut() } {
            slot.cache(py.0, FeedbackSlot::make_key(upper, payload), value);
        }
    }
    /// Adds an entry to the inline cache.
    pub(crate) fn add(self, py: Py<'_>, upper: u32, payload: u32, value: Value) {
        // SAFETY: as above.
        if let Some(slot) = unsafe { self.0.as_mut() } {
            slot.add(py.0, FeedbackSlot::make_key(upper, payload), value);
        }
    }
    /// Does the inline cache have an entry by this upper half whose value lives?
    pub(crate) fn has(self, upper: u32) -> bool {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }.is_some_and(|slot| {
            let is = |e: &FeedbackSlot| e.key >> 32 == u64::from(upper) && !e.value.is_empty();
            slot.bits & bit::CACHED != 0 && (is(slot) || slot.further().iter().any(is))
        })
    }
    /// Records how the instruction will be done from now on, as the fast path does: it may be compiled before it is executed again.
    pub(crate) fn record(self, bits: u32) {
        // SAFETY: as above.
        if let Some(slot) = unsafe { self.0.as_mut() } {
            slot.bits |= bits;
        }
    }
    /// Has this been recorded?
    pub(crate) fn has_recorded(self, bits: u32) -> bool {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }.is_some_and(|slot| slot.bits & bits == bits)
    }
    /// Is there a slot that may be filled?
    pub(crate) fn wants(self) -> bool {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }.is_some_and(|slot| slot.bits & bit::MEGAMORPHIC == 0)
    }
}

/// What a stub gets besides the context.
#[derive(Clone, Copy)]
pub(crate) struct Operands {
    pub(crate) site: Site,
    pub(crate) a: Value,
    pub(crate) b: Value,
    pub(crate) c: Value,
    pub(crate) immediate: i32,
}

/// A result as engines take it.
fn answer(r: R) -> Value {
    match r {
        Ok(v) => {
            debug_assert!(!v.is_empty(), "a stub answered EMPTY");
            v
        }
        Err(_) => Value::EMPTY,
    }
}

/// The window of a stub: registers, which stay roots while it runs.
fn window<'a>(registers: *const Value, count: usize) -> Args<'a> {
    // SAFETY: engines pass the registers of the running frame, or a copy of them that they keep as roots; see WindowFn.
    unsafe { Args::from_registers(registers, count) }
}

macro_rules! stubs {
    (
        fixed { $($(#[$doc:meta])* $NAME:ident $text:literal $effects:ident = $function:path;)* }
        window { $($(#[$wdoc:meta])* $WNAME:ident $wtext:literal $weffects:ident = $wfunction:path;)* }
        call { $($(#[$cdoc:meta])* $CNAME:ident $ctext:literal = $cfunction:path;)* }
        call_window { $($(#[$xdoc:meta])* $XNAME:ident $xtext:literal = $xfunction:path;)* }
    ) => {
        $($(#[$doc])* pub static $NAME: FixedStub = FixedStub {
            info: StubInfo { name: $text, effects: Effects::$effects },
            function: {
                extern "C" fn enter(
                    thread: &Thread, slot: *mut FeedbackSlot, a: Value, b: Value, c: Value, immediate: i32,
                ) -> Value {
                    answer($function(Py(thread), Operands { site: Site(slot), a, b, c, immediate }))
                }
                enter
            },
        };)*
        $($(#[$wdoc])* pub static $WNAME: WindowStub = WindowStub {
            info: StubInfo { name: $wtext, effects: Effects::$weffects },
            function: {
                extern "C" fn enter(
                    thread: &Thread, _: *mut FeedbackSlot, registers: *const Value, count: usize, immediate: i32,
                ) -> Value {
                    answer($wfunction(Py(thread), window(registers, count), immediate))
                }
                enter
            },
        };)*
        $($(#[$cdoc])* pub static $CNAME: FixedCallStub = FixedCallStub {
            info: StubInfo { name: $ctext, effects: Effects::ANY },
            prepare: {
                extern "C" fn enter(
                    thread: &Thread, slot: *mut FeedbackSlot, a: Value, b: Value, c: Value, immediate: i32,
                ) -> Value {
                    answer($cfunction(Py(thread), Operands { site: Site(slot), a, b, c, immediate }))
                }
                enter
            },
            function: {
                extern "C" fn enter(
                    thread: &Thread, slot: *mut FeedbackSlot, a: Value, b: Value, c: Value, immediate: i32,
                ) -> Value {
                    thread.complete(answer($cfunction(Py(thread), Operands { site: Site(slot), a, b, c, immediate })))
                }
                enter
            },
        };)*
        $($(#[$xdoc])* pub static $XNAME: WindowCallStub = WindowCallStub {
            info: StubInfo { name: $xtext, effects: Effects::ANY },
            prepare: {
                extern "C" fn enter(
                    thread: &Thread, slot: *mut FeedbackSlot, registers: *const Value, count: usize, immediate: i32,
                ) -> Value {
                    answer($xfunction(Py(thread), Site(slot), window(registers, count), immediate))
                }
                enter
            },
            function: {
                extern "C" fn enter(
                    thread: &Thread, slot: *mut FeedbackSlot, registers: *const Value, count: usize, immediate: i32,
                ) -> Value {
                    thread.complete(answer($xfunction(Py(thread), Site(slot), window(registers, count), immediate)))
                }
                enter
            },
        };)*

        /// All of them.
        pub static STUBS: &[Stub] = &[
            $(Stub::Fixed(&$NAME),)*
            $(Stub::Window(&$WNAME),)*
            $(Stub::FixedCall(&$CNAME),)*
            $(Stub::WindowCall(&$XNAME),)*
        ];
    };
}

stubs! {
    fixed {
        /// `op a`
        UNARY "unary" ANY = operators::unary;
        /// `a in b`; immediate 1: `not in`.
        CONTAINS "contains" ANY = operators::contains;
        /// The truth of `a`.
        TRUTH "truth" ANY = operators::truth;
        /// Raises UnboundLocalError for the register in the immediate of function `a`.
        UNBOUND_LOCAL "unbound_local" ALLOCATES = variables::unbound_local;
        /// The same for a variable in a cell.
        UNBOUND_CELL "unbound_cell" ALLOCATES = variables::unbound_local;
        /// Raises NameError for a free variable.
        UNBOUND_FREE "unbound_free" ALLOCATES = variables::unbound_free;
        /// Global or builtin named by the immediate, seen from function `a`.
        LOAD_GLOBAL "load_global" ANY = variables::load_global;
        /// Sets it to `b`.
        STORE_GLOBAL "store_global" WRITES = variables::store_global;
        /// Deletes it.
        DELETE_GLOBAL "delete_global" WRITES = variables::delete_global;
        /// A name in the namespace of function `a`, else global, else builtin.
        LOAD_NAME "load_name" ANY = variables::load_name;
        /// Sets it to `b`.
        STORE_NAME "store_name" ANY = variables::store_name;
        /// Deletes it.
        DELETE_NAME "delete_name" ANY = variables::delete_name;
        /// An item of mapping `a`, else global of function `b`, else builtin.
        LOAD_FROM_DICT_OR_GLOBALS "load_from_dict_or_globals" ANY = variables::load_from_dict_or_globals;
        /// An item of mapping `a`, else the content of cell `b` of function `c`.
        LOAD_FROM_DICT_OR_FREE "load_from_dict_or_free" ANY = variables::load_from_dict_or_free;
        /// The namespace of function `a`.
        LOAD_LOCALS "load_locals" ALLOCATES = variables::load_locals;
        /// Gives it an `__annotations__`.
        SETUP_ANNOTATIONS "setup_annotations" ANY = variables::setup_annotations;
        /// `builtins.__build_class__`
        LOAD_BUILD_CLASS "load_build_class" ANY = variables::load_build_class;

        /// Sets it to `b`; fills the cache.
        STORE_ATTR "store_attr" ANY = attributes::store;
        /// Deletes it.
        DELETE_ATTR "delete_attr" ANY = attributes::delete;
        /// Method window of `a`: the second half; the first is in a root. Fills the cache.
        FIND_METHOD "find_method" ANY = attributes::find_method;
        /// Attribute or method of what the name `super` gave, `a`, for class `b` and object `c`. Fills the cache for methods.
        LOAD_SUPER "load_super" ANY = attributes::load_super;
        /// The same for a special method of the `with` statements.
        LOAD_SPECIAL "load_special" ANY = attributes::load_special;

        /// `a[b] = c`
        STORE_ITEM "store_item" ANY = items::store;
        /// `del a[b]`
        DELETE_ITEM "delete_item" ANY = items::delete;
        /// `a[:b] = a[c::-1]` in place, of an exact list and by integers or None: done?
        REVERSE_START "reverse_start" STORES = items::reverse_start;
        /// Tuple or array of exactly so many items of `a` as the immediate says.
        UNPACK "unpack" ANY = items::unpack;
        /// The same with a list of the rest.
        UNPACK_EX "unpack_ex" ANY = items::unpack_ex;
        /// Next item of iterator `a`, or END.
        FOR_ITER "for_iter" ANY = items::for_iter;
        /// `iter(a)`
        GET_ITER "get_iter" ANY = items::get_iter;
        /// `len(a)`
        GET_LEN "get_len" ANY = items::get_len;

        /// Dict of the keys in tuple `a` and the values in tuple `b`.
        DICT_OF "dict_of" ANY = making::dict_of;
        /// List of tuple `a`.
        LIST_OF "list_of" ALLOCATES = making::list_of;
        /// Set of frozenset `a`.
        SET_OF "set_of" ANY = making::set_of;
        /// Appends `b` to list `a`.
        LIST_APPEND "list_append" WRITES = making::list_append;
        /// Removes item `b`, a small integer, from list `a`: the item.
        POP_ITEM "pop_item" WRITES = making::pop_item;
        /// Inserts `c` into list `a` before index `b`, a small integer.
        INSERT_ITEM "insert_item" WRITES = making::insert_item;
        /// Adds `b` to set `a`.
        SET_ADD "set_add" ANY = making::set_add;
        /// Extends list `a` by `b`.
        LIST_EXTEND "list_extend" ANY = making::list_extend;
        /// Adds the items of `b` to set `a`.
        SET_UPDATE "set_update" ANY = making::set_update;
        /// Updates dict `a` by mapping `b`.
        DICT_UPDATE "dict_update" ANY = making::dict_update;
        /// The same for keyword arguments of callee `c`.
        DICT_MERGE "dict_merge" ANY = making::dict_merge;
        /// Tuple of list `a`.
        LIST_TO_TUPLE "list_to_tuple" ALLOCATES = making::list_to_tuple;
        /// `format(a, b)` after the conversion in the immediate.
        FORMAT_VALUE "format_value" ANY = making::format_value;
        /// Function of code `a` with the globals of function `b` and closure `c`.
        MAKE_FUNCTION "make_function" ALLOCATES = making::make_function;
        /// Sets a part of function `a` to `b`.
        SET_FUNCTION_PART "set_function_part" STORES = making::set_function_part;

        /// Does exception `a` match `b`?
        CHECK_EXC_MATCH "check_exc_match" ANY = exceptions::check_match;
        /// The rest of splitting group `a` by `b`; the match is in a root.
        SPLIT_GROUP "split_group" ANY = exceptions::split_group;
        /// What to raise after `except*`.
        PREP_RERAISE_STAR "prep_reraise_star" ANY = exceptions::prep_reraise_star;
        /// The exception that raising `a` (from `b`) raises, with its context.
        RAISED "raised" ANY = exceptions::raised;
        /// The exception being handled.
        CURRENT "current_exception" ALLOCATES = exceptions::current;
        /// Class of `a`.
        CLASS_OF "class_of" PURE = exceptions::class_of;
        /// `a.__traceback__`
        TRACEBACK_OF "traceback_of" PURE = exceptions::traceback_of;
        /// PEP 479.
        STOP_ITERATION_ERROR "stop_iteration_error" ALLOCATES = exceptions::stop_iteration_error;
        /// Raises `a` again unless it is a StopAsyncIteration.
        END_ASYNC_FOR "end_async_for" ALLOCATES = exceptions::end_async_for;
        /// The value of StopIteration `a`; raises anything else again.
        CLEANUP_THROW "cleanup_throw" ALLOCATES = exceptions::cleanup_throw;

        /// Copies the running frame's registers into its generator: looks at its frame.
        SUSPEND "suspend" ANY = generators::suspend;
        /// Marks generator `a` finished; what its resumer gets for the returned value `b`. Looks at its frame.
        FINISH "finish" ANY = generators::finish;
        /// `a.send(b)` for any iterator; a completion at its end.
        SEND "send" ANY = generators::send;
        /// Iterator for `yield from a` in function `b`.
        GET_YIELD_FROM_ITER "get_yield_from_iter" ANY = generators::get_yield_from_iter;
        /// Iterator that awaits `a`.
        GET_AWAITABLE "get_awaitable" ANY = generators::get_awaitable;
        /// `type(a).__aiter__(a)`
        GET_AITER "get_aiter" ANY = generators::get_aiter;
        /// The awaitable of `type(a).__anext__(a)`
        GET_ANEXT "get_anext" ANY = generators::get_anext;

        /// Is `a` a sequence (immediate 0) or mapping (1) in the sense of `match`?
        MATCH_FLAG "match_flag" PURE = matching::flag;
        /// Values of mapping `a` for the keys in tuple `b`.
        MATCH_KEYS "match_keys" ANY = matching::keys;
        /// Mapping `a` without the keys in tuple `b`.
        DICT_REST "dict_rest" ANY = matching::rest;

        /// `__import__`: fromlist `a`, level `b`, function `c`.
        IMPORT_NAME "import_name" ANY = modules::import_name;
        /// Attribute of module `a`, or the submodule.
        IMPORT_FROM "import_from" ANY = modules::import_from;
        /// Binds the public names of module `a` in the namespace of function `b`.
        IMPORT_STAR "import_star" ANY = modules::import_star;
        /// `sys.displayhook(a)`
        /// A plain instance of class `a`.
        NEW_INSTANCE "new_instance" ALLOCATES = calls::new_instance;
        /// Raises the TypeError for what an `__init__` returned.
        INIT_RESULT "init_result" ALLOCATES = calls::init_result;
        PRINT_EXPR "print_expr" ANY = modules::print_expr;

        /// A TypeVar.
        TYPE_VAR "type_var" ANY = types::type_var;
        /// A TypeVar with a bound, computed by `a`.
        TYPE_VAR_BOUND "type_var_bound" ANY = types::type_var_bound;
        /// A TypeVar with constraints, computed by `a`.
        TYPE_VAR_CONSTRAINTS "type_var_constraints" ANY = types::type_var_constraints;
        /// A ParamSpec.
        PARAM_SPEC "param_spec" ANY = types::param_spec;
        /// A TypeVarTuple.
        TYPE_VAR_TUPLE "type_var_tuple" ANY = types::type_var_tuple;
        /// `typing.Generic[a]`
        SUBSCRIPT_GENERIC "subscript_generic" ANY = types::subscript_generic;
    }
    window {
        /// `w[0][w[1]:w[2]]`, or `w[0][w[1]:w[2]:w[3]]`
        LOAD_SLICE "load_slice" ANY = items::load_slice;
        /// The same of an exact list, tuple, string or bytes by integers or None, forwards or backwards one by one.
        SLICE "slice" ALLOCATES = items::load_slice;
        /// `w[0][w[1]:w[2]] = w[3]`
        STORE_SLICE "store_slice" ANY = items::store_slice;
        /// The same for an exact list, bounds that are integers or None, and the items of an exact list.
        STORE_LIST_SLICE "store_list_slice" WRITES = items::store_slice;
        /// `w[0][w[1]:w[2]] = w[3][w[4]:w[5]:w[6]]` in place, of exact lists and by integers or None, or w[6] is missing: done?
        MOVE_SLICE "move_slice" STORES = items::move_slice;
        /// A tuple.
        BUILD_TUPLE "build_tuple" ALLOCATES = making::tuple;
        /// A storage array.
        BUILD_ARRAY "build_array" ALLOCATES = making::array;
        /// A list.
        BUILD_LIST "build_list" ALLOCATES = making::list;
        /// A set.
        BUILD_SET "build_set" ANY = making::set;
        /// A dict.
        BUILD_DICT "build_dict" ANY = making::dict;
        /// The strings joined.
        BUILD_STRING "build_string" ALLOCATES = making::string;
        /// A type alias.
        TYPE_ALIAS "type_alias" ANY = types::type_alias;
        /// The attributes of a subject by a class pattern, or None.
        MATCH_CLASS "match_class" ANY = matching::class;
    }
    call {
        /// `a op b` for comparisons.
        COMPARE "compare" = operators::compare;
        /// `a op= b`
        INPLACE "inplace" = operators::inplace;
        /// `a op b`; the immediate numbers the operator.
        BINARY "binary" = operators::binary;
        /// Attribute of `a` named by the immediate; fills the cache.
        LOAD_ATTR "load_attr" = attributes::load;
        /// `a[b]`
        GET_ITEM "get_item" = items::load;
        /// `a.send(b)` for a generator or coroutine.
        RESUME "resume" = generators::resume;
    }
    call_window {
        /// The first register called with the others.
        CALL "call" = calls::call;
        /// The same; the immediate says which names the last arguments have.
        CALL_KW "call_kw" = calls::call_kw;
        /// A method window called with the registers after it.
        CALL_METHOD "call_method" = calls::call_method;
        /// The same with names.
        CALL_METHOD_KW "call_method_kw" = calls::call_method_kw;
        /// Called with the items of an iterable and of a mapping.
        CALL_EX "call_ex" = calls::call_ex;
    }
}

/// Stubs that compiled code may run as one.
pub(crate) static PAIRS: &[StubPair] = &[StubPair {
    first: &SLICE,
    made: shape::LIST,
    second: &STORE_LIST_SLICE,
    operand: 3,
    both: &MOVE_SLICE,
    short: &[ShortForm {
        operands: &[Given, Is(Value::NONE), Given, Same(0), Given, Is(Value::NONE), Is(Value::int(-1))],
        stub: &REVERSE_START,
    }],
}];

/// The operand as an object that it must be by construction of the code.
fn object(v: Value) -> Object {
    Object::of(v)
}
