//! Calls of native functions that are done in place: those that are declared with an [`Intrinsic`].
//!
//! The call's stub notes which of the ways below it is ([`note`]), for the native function, by its number, and for the first
//! argument, by its shape, or by whether it is a float if it is no object. All of that is the key and the payload of the call's
//! inline cache, of which calls have one entry. A way is taken if they are the same again; so it may rely on what `note` found.

use crate::calls::seen;
use crate::making;
use crate::stub::{INSERT_ITEM, POP_ITEM, SET_ADD, Site};
use crate::tables::{Keys, Probed, in_dict, in_set};
use crate::{NO_SLOT, nothing};
use python_objects::kind::{Kind, class as builtin, shape};
use python_objects::native::Intrinsic;
use python_objects::py::root;
use python_objects::state::FIRST_VERSION;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, Value, bytes, list, string};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, FloatOp, IntOp, Machine, R, bit};

/// What stands in keys in the place of a shape for a first argument that is a float: above shapes and classes.
const FLOATS: u32 = FIRST_VERSION as u32;
/// The same for other values that are no objects.
const OTHERS: u32 = FLOATS + 1;

/// Bits of a payload that hold the native function's number; the others hold the way, and whether the function was bound to the first
/// argument.
const NUMBER_BITS: u32 = 24;
const BOUND: u32 = 1 << 31;

/// How a call is done.
mod way {
    /// `len` of what keeps its length in the first word.
    pub(super) const LENGTH: u32 = 1;
    /// `len` of exact strings that do not grow.
    pub(super) const STR_LENGTH: u32 = 2;
    /// `len` of exact bytes.
    pub(super) const BYTES_LENGTH: u32 = 3;
    /// The same as `LENGTH`, as long as no class changes.
    pub(super) const INHERITED_LENGTH: u32 = 4;
    pub(super) const ABS: u32 = 5;
    pub(super) const MIN: u32 = 6;
    pub(super) const MAX: u32 = 7;
    /// `ord` of an exact string.
    pub(super) const ORD: u32 = 8;
    pub(super) const CHR: u32 = 9;
    /// `isinstance` by the class that is the entry's value: true, as long as no class changes.
    pub(super) const IS_INSTANCE: u32 = 10;
    /// The same: false.
    pub(super) const IS_NO_INSTANCE: u32 = 11;
    pub(super) const APPEND: u32 = 12;
    /// `list.pop` of the last item.
    pub(super) const POP: u32 = 13;
    /// `list.pop` of an item by its index.
    pub(super) const POP_AT: u32 = 19;
    /// `list.insert` at an index.
    pub(super) const INSERT: u32 = 20;
    /// `set.add` of a small integer.
    pub(super) const ADD_INT: u32 = 14;
    /// The same of an exact string.
    pub(super) const ADD_STR: u32 = 15;
    /// `dict.get` by a small integer.
    pub(super) const GET_INT: u32 = 16;
    /// The same by an exact string.
    pub(super) const GET_STR: u32 = 17;
    /// `math.sqrt` of a float.
    pub(super) const SQRT: u32 = 18;
}

/// What the keys of tables are if the way says it.
const INT_KEYS: Keys = Keys { int: seen::NATIVE, str: 0 };
const STR_KEYS: Keys = Keys { int: 0, str: seen::NATIVE };

/// Was the native function that was called bound to its first argument?
#[inline(always)]
pub(crate) fn is_bound<M: Machine>(m: &M, i: &Instruction) -> bool {
    m.known(m.cached_payload(i.feedback)).is_some_and(|payload| payload as u32 & BOUND != 0)
}

/// Calls the native function that object `callee` is of with the first `count` of the arguments in place; false if that cannot be.
/// `of_object` is the bit that says that the first of them was an object.
#[inline(always)]
pub(crate) fn call<M: Machine>(
    m: &M,
    i: &Instruction,
    callee: M::Ptr,
    arguments: [M::Val; 3],
    count: u16,
    of_object: u32,
) -> R<bool> {
    let Some(payload) = m.known(m.cached_payload(i.feedback)) else { return Ok(false) };
    if count == 0 || count > 3 {
        return Ok(false);
    }
    let x = arguments[0];
    let key = if m.spec(m.is_object(x), i.feedback, of_object) {
        m.shape(m.ptr(x))
    } else if m.spec(m.is_float(x), i.feedback, seen::OF_FLOAT) {
        m.int_const(i64::from(FLOATS))
    } else {
        m.spec(m.bool_const(true), i.feedback, seen::OF_OTHER);
        m.int_const(i64::from(OTHERS))
    };
    if !m.spec(m.int_cmp(Cond::Eq, key, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return Ok(false);
    }
    let number = Value::int(payload & ((1 << NUMBER_BITS) - 1));
    if !m.spec(m.is_word(m.load(callee, 8), number.bits()), i.feedback, seen::NATIVE) {
        return Ok(false);
    }
    by_way(m, i, (payload as u32 & !BOUND) >> NUMBER_BITS, arguments, count)
}

#[inline(always)]
fn by_way<M: Machine>(m: &M, i: &Instruction, way: u32, arguments: [M::Val; 3], count: u16) -> R<bool> {
    let x = arguments[0];
    match (way, count) {
        (way::LENGTH | way::INHERITED_LENGTH, 1) => {
            if way == way::INHERITED_LENGTH {
                m.assume(root::TYPE_EPOCH);
            }
            m.set(i.a, m.make_int(m.load_word(m.ptr(x), 8)));
        }
        (way::STR_LENGTH, 1) => {
            let p = m.ptr(x);
            let info = m.int_op(IntOp::And, m.load_word(p, string::INFO_OFFSET), m.int_const(string::WIDTH_BITS));
            let width = m.int_op(IntOp::Shr, info, m.int_const(i64::from(string::WIDTH_BITS.trailing_zeros())));
            let size = m.int_op(IntOp::Sub, m.load_word(p, string::SIZE_OFFSET), m.int_const(string::EMPTY_BYTES));
            m.set(i.a, m.make_int(m.int_op(IntOp::Shr, size, width)));
        }
        (way::BYTES_LENGTH, 1) => {
            let size = m.load_word(m.ptr(x), bytes::offset::SIZE);
            m.set(i.a, m.make_int(m.int_op(IntOp::Sub, size, m.int_const(bytes::offset::EMPTY))));
        }
        (way::ABS, 1) => return abs(m, i, x),
        (way::MIN | way::MAX, 2) => {
            let better = if way == way::MIN { Cond::Lt } else { Cond::Gt };
            return extreme(m, i, better, x, arguments[1]);
        }
        (way::ORD, 1) => {
            let p = m.ptr(x);
            let wide = m.int_op(IntOp::And, m.load_word(p, string::INFO_OFFSET), m.int_const(string::WIDTH_BITS));
            let size = m.int_cmp(Cond::Ne, m.load_word(p, string::SIZE_OFFSET), m.int_const(string::EMPTY_BYTES + 1));
            if m.rare(m.int_cmp(Cond::Ne, wide, m.int_const(0)), i.feedback, bit::RARE)
                || m.rare(size, i.feedback, bit::RARE)
            {
                return Ok(false);
            }
            m.set(i.a, m.make_int(m.load_u8(p, m.int_const(i64::from(string::UNITS_OFFSET)))));
        }
        (way::CHR, 1) => {
            if !m.spec(m.is_int(x), i.feedback, seen::NATIVE)
                || m.rare(m.not(m.int_cmp(Cond::ULe, m.int(x), m.int_const(0xFF))), i.feedback, bit::RARE)
            {
                return Ok(false);
            }
            m.set(i.a, m.load_element(m.ptr(m.root(root::CHARACTERS)), m.int(x)));
        }
        (way::IS_INSTANCE | way::IS_NO_INSTANCE, 2) => {
            m.assume(root::TYPE_EPOCH);
            if !m.spec(m.same(arguments[1], m.cached_value(i.feedback)), i.feedback, seen::NATIVE) {
                return Ok(false);
            }
            m.set(i.a, m.make_bool(m.bool_const(way == way::IS_INSTANCE)));
        }
        (way::APPEND, 2) => {
            making::append(m, x, arguments[1])?;
            m.set(i.a, m.word(Value::NONE.bits()));
        }
        (way::POP, 1) => {
            let (l, one) = (m.ptr(x), m.int_const(1));
            let n = m.load_word(l, list::offset::LENGTH);
            if m.rare(m.int_cmp(Cond::Eq, n, m.int_const(0)), i.feedback, bit::RARE) {
                return Ok(false);
            }
            let (items, last) = (m.ptr(m.load(l, list::offset::ITEMS)), m.int_op(IntOp::Sub, n, one));
            let v = m.load_element(items, last);
            m.store_element(items, last, nothing(m));
            m.store_word(l, list::offset::LENGTH, last);
            m.set(i.a, v);
        }
        (way::POP_AT, 2) => {
            let at = arguments[1];
            if !m.spec(m.is_int(at), i.feedback, seen::NATIVE) {
                return Ok(false);
            }
            m.set(i.a, m.stub(&POP_ITEM, [x, at, nothing(m)], 0, NO_SLOT)?);
        }
        (way::INSERT, 3) => {
            let at = arguments[1];
            if !m.spec(m.is_int(at), i.feedback, seen::NATIVE) {
                return Ok(false);
            }
            m.set(i.a, m.stub(&INSERT_ITEM, [x, at, arguments[2]], 0, NO_SLOT)?);
        }
        (way::ADD_INT | way::ADD_STR, 2) => {
            let (v, keys) = (arguments[1], if way == way::ADD_INT { INT_KEYS } else { STR_KEYS });
            if !matches!(in_set(m, i, m.ptr(x), v, keys)?, Some(Probed::At(..))) {
                m.stub(&SET_ADD, [x, v, nothing(m)], 0, NO_SLOT)?;
            }
            m.set(i.a, m.word(Value::NONE.bits()));
        }
        (way::GET_INT | way::GET_STR, 2 | 3) => {
            let (k, keys) = (arguments[1], if way == way::GET_INT { INT_KEYS } else { STR_KEYS });
            let v = match in_dict(m, i, m.ptr(x), k, keys)? {
                Some(Probed::At(entries, at)) => m.load_element(entries, at),
                Some(Probed::Missing) if count == 3 => arguments[2],
                Some(Probed::Missing) => m.word(Value::NONE.bits()),
                None => return Ok(false),
            };
            m.set(i.a, v);
        }
        (way::SQRT, 1) => {
            // The stub raises for what is negative, and knows what NaN is.
            if !m.spec(m.is_float(x), i.feedback, seen::NATIVE)
                || m.rare(m.not(m.float_cmp(Cond::Ge, m.float(x), m.float_const(0.0))), i.feedback, bit::RARE)
            {
                return Ok(false);
            }
            m.set(i.a, m.make_float(m.float_op(FloatOp::Sqrt, m.float(x), m.float(x))));
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// `abs` of a number.
#[inline(always)]
fn abs<M: Machine>(m: &M, i: &Instruction, x: M::Val) -> R<bool> {
    if m.spec(m.is_float(x), i.feedback, seen::OF_FLOAT) {
        m.set(i.a, m.make_float(m.float_op(FloatOp::Abs, m.float(x), m.float(x))));
        return Ok(true);
    }
    if !m.spec(m.is_int(x), i.feedback, seen::OF_OTHER) {
        return Ok(false);
    }
    let zero = m.int_const(0);
    if !m.test(m.int_cmp(Cond::Lt, m.int(x), zero)) {
        m.set(i.a, x);
        return Ok(true);
    }
    let (r, over) = m.int_arith(IntOp::Sub, zero, m.int(x));
    let fits = !m.rare(over, i.feedback, bit::RARE);
    if fits {
        m.set(i.a, m.make_int(r));
    }
    Ok(fits)
}

/// The one of two numbers that is `better`, the first one if neither is.
#[inline(always)]
fn extreme<M: Machine>(m: &M, i: &Instruction, better: Cond, x: M::Val, y: M::Val) -> R<bool> {
    let second = if m.spec(m.both_float(x, y), i.feedback, seen::OF_FLOAT) {
        m.float_cmp(better, m.float(y), m.float(x))
    } else if m.spec(m.both_int(x, y), i.feedback, seen::OF_OTHER) {
        m.int_cmp(better, m.int(y), m.int(x))
    } else {
        return Ok(false);
    };
    m.set(i.a, if m.test(second) { y } else { x });
    Ok(true)
}

/// Notes how a call of a native function with these arguments, to the first of which it is `bound` or not, can be done in place, if it
/// can be.
pub(crate) fn note(py: Py<'_>, site: Site, native: &'static Native, args: Args<'_>, of_object: u32, bound: bool) {
    let Some(intrinsic) = native.intrinsic() else { return };
    if args.is_empty() || !site.wants() {
        return;
    }
    let x = args.at(0);
    let Some((way, value)) = way_of(py, intrinsic, x, args) else { return };
    let number = py.state().native_number(native);
    if number >> NUMBER_BITS != 0 {
        return;
    }
    let (key, seen) = match Object::from_value(x) {
        Some(o) => (o.shape().0, of_object),
        None if x.is_float() => (FLOATS, seen::OF_FLOAT),
        None => (OTHERS, seen::OF_OTHER),
    };
    let bound = if bound { BOUND } else { 0 };
    site.cache(py, key, bound | way << NUMBER_BITS | number, value);
    site.record(seen);
}

/// The way, and the value that the entry gets.
fn way_of(py: Py<'_>, intrinsic: Intrinsic, x: Value, args: Args<'_>) -> Option<(u32, Value)> {
    let o = Object::from_value(x);
    let of_kind = |kind| o.is_some_and(|o| py.object_kind(o) == kind);
    let key = || args.opt(1).map(|k| (k.is_int(), Object::from_value(k).is_some_and(|k| k.shape() == shape::STR)));
    let by_key = |int, str| match key() {
        Some((true, _)) => Some(int),
        Some((_, true)) => Some(str),
        _ => None,
    };
    let way = match intrinsic {
        Intrinsic::Len => len_way(py, o?)?,
        Intrinsic::Abs if x.is_float() || x.is_int() => way::ABS,
        Intrinsic::Min if is_number(x) => way::MIN,
        Intrinsic::Max if is_number(x) => way::MAX,
        Intrinsic::Ord if o?.shape() == shape::STR => way::ORD,
        Intrinsic::Chr if x.is_int() => way::CHR,
        Intrinsic::Sqrt if x.is_float() => way::SQRT,
        Intrinsic::Append if of_kind(Kind::LIST) => way::APPEND,
        Intrinsic::Pop if of_kind(Kind::LIST) => match args.opt(1) {
            None => way::POP,
            Some(at) if at.is_int() => way::POP_AT,
            _ => return None,
        },
        Intrinsic::Insert if of_kind(Kind::LIST) && args.opt(1).is_some_and(Value::is_int) => way::INSERT,
        Intrinsic::Add if of_kind(Kind::SET) => by_key(way::ADD_INT, way::ADD_STR)?,
        Intrinsic::Get if o?.shape() == shape::DICT => by_key(way::GET_INT, way::GET_STR)?,
        Intrinsic::IsInstance => return is_instance_way(py, o?, args.opt(1)?),
        _ => return None,
    };
    Some((way, Value::EMPTY))
}

fn is_number(v: Value) -> bool {
    v.is_float() || v.is_int()
}

fn len_way(py: Py<'_>, o: Object) -> Option<u32> {
    match o.shape() {
        shape::TUPLE | shape::LIST | shape::DICT | shape::SET | shape::FROZENSET => return Some(way::LENGTH),
        shape::STR => return Some(way::STR_LENGTH),
        shape::BYTES => return Some(way::BYTES_LENGTH),
        _ => {}
    }
    let base = match py.object_kind(o) {
        Kind::LIST => builtin::LIST,
        Kind::DICT => builtin::DICT,
        Kind::SET => builtin::SET,
        _ => return None,
    };
    let class = py.class_of(o.value());
    let inherits = py.lookup(class, sym::LEN) == py.lookup(py.builtin_class(base), sym::LEN);
    (inherits && py.may_cache(class, sym::LEN)).then_some(way::INHERITED_LENGTH)
}

/// Only what the classes say: neither does the metaclass have a say, nor the instance.
fn is_instance_way(py: Py<'_>, o: Object, of: Value) -> Option<(u32, Value)> {
    let of = Object::from_value(of).filter(|c| c.shape() == shape::TYPE)?;
    let class = py.class_of(o.value());
    let says_itself = py.lookup(class, sym::CLASS) != py.lookup(py.object_class(), sym::CLASS);
    if says_itself || py.object_kind(o) == Kind::TYPE || !py.may_cache(class, sym::CLASS) {
        return None;
    }
    Some((if py.is_subclass(class, of) { way::IS_INSTANCE } else { way::IS_NO_INSTANCE }, of.value()))
}
