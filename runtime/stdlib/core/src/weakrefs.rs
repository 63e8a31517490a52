//! `_weakref`: references, proxies, and what `weakref` needs to know of them.

use crate::support::add;
use python_objects::compare::CompareOp;
use python_objects::kind::{class as builtin, shape, special};
use python_objects::operator::{BinaryOp, UnaryOp};
use python_objects::symbol::sym;
use python_objects::weakref::word;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, dict, list, string};
use vm_api::heap::Layout;

static REFERENCE: &[Native] = &[
    Native::static_method("__new__", CONSTRUCTOR, new_reference, "").shown_as(SHOWN),
    Native::wrapper("__init__", CONSTRUCTOR, init_reference, "").shown_as(SHOWN).after_its_new_only_checking(),
    Native::wrapper("__call__", "self, /", call_reference, "Return the object, or None."),
    Native::wrapper("__hash__", "self, /", hash_reference, "Return hash(self)."),
    Native::wrapper("__repr__", "self, /", repr_reference, "Return repr(self)."),
    Native::wrapper("__eq__", "self, other, /", equal_references, "Return self==other."),
    Native::wrapper("__ne__", "self, other, /", unequal_references, "Return self!=other."),
    Native::member("__callback__", callback, "The callback, or None."),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
];

/// Parameters of the constructor: three of which the last two are for the reference, then what must not be there, which is
/// said in CPython's words.
const CONSTRUCTOR: &str = "self, object=None, callback=None, /, *args, **kwargs";
const SHOWN: &str = "self, /, *args, **kwargs";

static FUNCTIONS: &[Native] = &[
    Native::function("getweakrefcount", "object, /", count, "Return the number of weak references to object."),
    Native::function("getweakrefs", "object, /", references, "Return a list of the weak references to object."),
    Native::function("proxy", "object, callback=None, /", proxy, "Make a proxy that uses a weak reference."),
    Native::function("_remove_dead_weakref", "dct, key, /", remove_dead, "Delete a key whose weak reference is dead."),
];

macro_rules! binary {
    ($($forward:ident $reversed:ident $inplace:ident $name:literal $reversed_name:literal $inplace_name:literal $Op:ident;)*) => {
        $(
            fn $forward(py: Py<'_>, args: Args<'_>) -> R {
                py.binary(BinaryOp::$Op, unwrap(py, args.at(0))?, unwrap(py, args.at(1))?)
            }
            fn $reversed(py: Py<'_>, args: Args<'_>) -> R {
                py.binary(BinaryOp::$Op, unwrap(py, args.at(1))?, unwrap(py, args.at(0))?)
            }
            fn $inplace(py: Py<'_>, args: Args<'_>) -> R {
                py.inplace(BinaryOp::$Op, unwrap(py, args.at(0))?, unwrap(py, args.at(1))?)
            }
        )*
        static ARITHMETIC: &[Native] = &[
            $(
                Native::wrapper($name, "self, value, /", $forward, ""),
                Native::wrapper($reversed_name, "self, value, /", $reversed, ""),
                Native::wrapper($inplace_name, "self, value, /", $inplace, ""),
            )*
        ];
    };
}
binary! {
    add_ radd iadd "__add__" "__radd__" "__iadd__" Add;
    sub rsub isub "__sub__" "__rsub__" "__isub__" Sub;
    mul rmul imul "__mul__" "__rmul__" "__imul__" Mul;
    matmul rmatmul imatmul "__matmul__" "__rmatmul__" "__imatmul__" MatMul;
    truediv rtruediv itruediv "__truediv__" "__rtruediv__" "__itruediv__" TrueDiv;
    floordiv rfloordiv ifloordiv "__floordiv__" "__rfloordiv__" "__ifloordiv__" FloorDiv;
    modulo rmodulo imod "__mod__" "__rmod__" "__imod__" Mod;
    pow rpow ipow "__pow__" "__rpow__" "__ipow__" Pow;
    lshift rlshift ilshift "__lshift__" "__rlshift__" "__ilshift__" LShift;
    rshift rrshift irshift "__rshift__" "__rrshift__" "__irshift__" RShift;
    and rand iand "__and__" "__rand__" "__iand__" And;
    xor rxor ixor "__xor__" "__rxor__" "__ixor__" Xor;
    or ror ior "__or__" "__ror__" "__ior__" Or;
}

// The first three as plain methods: wrappers stand for what the built-in types do, which is not asked.
static PROXY_METHODS: &[Native] = &[
    Native::method("__getattribute__", "self, name, /", get_attribute, ""),
    Native::method("__setattr__", "self, name, value, /", set_attribute, ""),
    Native::method("__delattr__", "self, name, /", delete_attribute, ""),
    Native::wrapper("__str__", "self, /", str_of, ""),
    Native::wrapper("__repr__", "self, /", repr_proxy, ""),
    Native::wrapper("__bool__", "self, /", truth, ""),
    Native::wrapper("__hash__", "self, /", unhashable, ""),
    Native::wrapper("__len__", "self, /", length, ""),
    Native::wrapper("__getitem__", "self, key, /", get_item, ""),
    Native::wrapper("__setitem__", "self, key, value, /", set_item, ""),
    Native::wrapper("__delitem__", "self, key, /", delete_item, ""),
    Native::wrapper("__contains__", "self, key, /", contains, ""),
    Native::wrapper("__iter__", "self, /", iterate, ""),
    Native::wrapper("__next__", "self, /", next, ""),
    Native::wrapper("__lt__", "self, value, /", lt, ""),
    Native::wrapper("__le__", "self, value, /", le, ""),
    Native::wrapper("__eq__", "self, value, /", eq, ""),
    Native::wrapper("__ne__", "self, value, /", ne, ""),
    Native::wrapper("__gt__", "self, value, /", gt, ""),
    Native::wrapper("__ge__", "self, value, /", ge, ""),
    Native::wrapper("__neg__", "self, /", negative, ""),
    Native::wrapper("__pos__", "self, /", positive, ""),
    Native::wrapper("__invert__", "self, /", invert, ""),
    Native::wrapper("__abs__", "self, /", absolute, ""),
    Native::wrapper("__int__", "self, /", int_of, ""),
    Native::wrapper("__float__", "self, /", float_of, ""),
    Native::wrapper("__index__", "self, /", index_of, ""),
    Native::method("__bytes__", "self, /", bytes_of, ""),
    Native::method("__reversed__", "self, /", reversed, ""),
];

const fn proxy_type(name: &'static str) -> TypeSpec {
    TypeSpec::new("weakref", name, Layout::Weak { words: word::WORDS as u32 }, PROXY_METHODS, "")
        .with_methods(ARITHMETIC)
}
static PROXY: TypeSpec = proxy_type("ProxyType");
static CALLABLE_PROXY: TypeSpec = proxy_type("CallableProxyType").with_methods(CALL);
static CALL: &[Native] = &[Native::wrapper("__call__", "self, /, *args, **kwargs", call_proxy, "")];

/// The class of proxies of what can be called or not.
fn proxy_class(py: Py<'_>, callable: bool) -> R<Object> {
    py.native_type(if callable { &CALLABLE_PROXY } else { &PROXY })
}

/// Gives the class of references its methods.
pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::WEAKREF), REFERENCE)
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    let reference = py.root(builtin::WEAKREF);
    add(py, module, "ref", reference)?;
    add(py, module, "ReferenceType", reference)?;
    add(py, module, "ProxyType", proxy_class(py, false)?.value())?;
    add(py, module, "CallableProxyType", proxy_class(py, true)?.value())
}

// ---- references

/// Object and callback of a constructor's arguments; EMPTY for no callback.
fn arguments(py: Py<'_>, args: Args<'_>, function: &str) -> R<(Value, Value)> {
    let more = py.as_tuple(args.at(3)).map_or(0, Object::length);
    if more > 0 {
        return py.type_error(&format!("{function} expected at most 2 arguments, got {}", 2 + more));
    }
    match args.opt(1) {
        Some(object) => Ok((object, args.opt(2).filter(|callback| *callback != Value::NONE).unwrap_or(Value::EMPTY))),
        None => py.type_error(&format!("{function} expected at least 1 argument, got 0")),
    }
}

fn new_reference(py: Py<'_>, args: Args<'_>) -> R {
    let Some(class) = py.of_kind(args.at(0), Kind::TYPE) else {
        return py.type_error("ref.__new__(X): X is not a type object");
    };
    let exact = class == py.builtin_class(builtin::WEAKREF);
    if exact {
        no_keywords(py, args)?;
    }
    let (target, callback) = arguments(py, args, "__new__")?;
    if exact && callback.is_empty() && py.is_weakrefable(target) {
        return Ok(py.weak_reference(target)?.value());
    }
    let o = py.alloc_instance(class)?;
    py.set_weak_target(o, target, callback)?;
    Ok(o.value())
}

fn no_keywords(py: Py<'_>, args: Args<'_>) -> R<()> {
    match args.opt(4).and_then(|keywords| py.as_dict(keywords)) {
        Some(keywords) if dict::length(keywords) > 0 => py.type_error("ref() takes no keyword arguments"),
        _ => Ok(()),
    }
}

fn init_reference(py: Py<'_>, args: Args<'_>) -> R {
    no_keywords(py, args)?;
    arguments(py, args, "__init__")?;
    Ok(Value::NONE)
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.as_weak_reference(args.at(0)) {
        Some(o) => Ok(o),
        None => py.type_error("a weak reference is required"),
    }
}

fn call_reference(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    Ok(py.weak_target(o).map_or(Value::NONE, Object::value))
}

fn hash_reference(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if !o.get(word::HASH).is_empty() {
        return Ok(o.get(word::HASH));
    }
    let Some(target) = py.weak_target(o) else { return py.type_error("weak object has gone away") };
    let hash = py.int(py.hash(target.value())?)?;
    py.store(o, word::HASH, hash);
    Ok(hash)
}

fn repr_reference(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let at = py.address_text(o.value());
    let Some(target) = py.weak_target(o) else { return py.str(&format!("<weakref at {at}; dead>")) };
    let v = target.value();
    // The class is asked: what an instance makes of the name is not.
    let class = py.class_of(v);
    let name = py.lookup(class, sym::NAME).map(|found| py.descriptor_get(found, v, class.value())).transpose()?;
    let name = name.and_then(|n| string::exact_or_payload(py, n)).map(string::to_rust);
    let name = name.map_or_else(String::new, |n| format!(" ({n})"));
    py.str(&format!("<weakref at {at}; to '{}' at {}{name}>", py.class_name(v), py.address_text(v)))
}

fn compare_references(py: Py<'_>, args: Args<'_>, equal: bool) -> R {
    let (Some(a), Some(b)) = (py.as_weak_reference(args.at(0)), py.as_weak_reference(args.at(1))) else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    let same = match (py.weak_target(a), py.weak_target(b)) {
        (Some(x), Some(y)) => py.equal_or_same(x.value(), y.value())?,
        _ => a == b,
    };
    Ok(Value::bool(same == equal))
}
fn equal_references(py: Py<'_>, args: Args<'_>) -> R {
    compare_references(py, args, true)
}
fn unequal_references(py: Py<'_>, args: Args<'_>) -> R {
    compare_references(py, args, false)
}

fn callback(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let callback = o.get(word::CALLBACK);
    Ok(if callback.is_empty() || py.weak_target(o).is_none() { Value::NONE } else { callback })
}

fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    let arguments = match py.as_tuple(args.at(1)) {
        Some(t) => t.value(),
        None => py.tuple(&[args.at(1)])?,
    };
    py.call(py.root(builtin::GENERIC_ALIAS), &[args.at(0), arguments])
}

// ---- functions

fn count(py: Py<'_>, args: Args<'_>) -> R {
    let all = py.weak_references(args.at(0))?;
    py.int_usize(list::length(all))
}

fn references(py: Py<'_>, args: Args<'_>) -> R {
    // In CPython's order: the plain reference, the plain proxy, then the others, the newest first.
    let all = py.weak_references(args.at(0))?;
    let plain = |i: usize| {
        let o = Object::of(list::item(all, i));
        let class = py.class_of(o.value());
        let is_own = o.shape() == shape::WEAKREF
            || [true, false].iter().any(|c| proxy_class(py, *c).is_ok_and(|own| own == class));
        is_own && o.get(word::CALLBACK).is_empty()
    };
    let sorted = py.new_list(list::length(all))?;
    for proxies in [false, true] {
        for i in (0..list::length(all)).filter(|i| plain(*i)) {
            if (Object::of(list::item(all, i)).shape() != shape::WEAKREF) == proxies {
                py.list_push(sorted, list::item(all, i))?;
            }
        }
    }
    for i in (0..list::length(all)).rev().filter(|i| !plain(*i)) {
        py.list_push(sorted, list::item(all, i))?;
    }
    Ok(sorted.value())
}

fn remove_dead(py: Py<'_>, args: Args<'_>) -> R {
    let Some(d) = py.as_dict(args.at(0)) else {
        return py
            .type_error(&format!("_remove_dead_weakref() argument 1 must be dict, not {}", py.class_name(args.at(0))));
    };
    if let Some(v) = py.dict_get(d, args.at(1))?
        && let Some(reference) = py.as_weak_reference(v)
        && py.weak_target(reference).is_none()
    {
        py.dict_remove(d, args.at(1))?;
    }
    Ok(Value::NONE)
}

fn proxy(py: Py<'_>, args: Args<'_>) -> R {
    let target = args.at(0);
    let callback = args.some(1).unwrap_or(Value::EMPTY);
    let class = proxy_class(py, py.is_callable(target))?;
    if callback.is_empty() {
        let all = py.weak_references(target)?;
        for i in 0..list::length(all) {
            let o = Object::of(list::item(all, i));
            if py.class_of(o.value()) == class && o.get(word::CALLBACK).is_empty() {
                return Ok(o.value());
            }
        }
    }
    let o = py.alloc_instance(class)?;
    py.set_weak_target(o, target, callback)?;
    Ok(o.value())
}

// ---- proxies

/// The object behind a proxy; anything else is itself. ReferenceError for one that is gone.
fn unwrap(py: Py<'_>, v: Value) -> R {
    let Some(o) = py.of_kind(v, PROXY.kind).or_else(|| py.of_kind(v, CALLABLE_PROXY.kind)) else { return Ok(v) };
    match py.weak_target(o) {
        Some(target) => Ok(target.value()),
        None => py.err(Exc::ReferenceError, "weakly-referenced object no longer exists"),
    }
}

fn symbol(py: Py<'_>, v: Value) -> R<python_objects::Symbol> {
    match py.symbol_of_value(v)? {
        Some(symbol) => Ok(symbol),
        None => py.type_error(&format!("attribute name must be string, not '{}'", py.class_name(v))),
    }
}
fn get_attribute(py: Py<'_>, args: Args<'_>) -> R {
    py.get_attribute(unwrap(py, args.at(0))?, symbol(py, args.at(1))?)
}
fn set_attribute(py: Py<'_>, args: Args<'_>) -> R {
    py.set_attribute(unwrap(py, args.at(0))?, symbol(py, args.at(1))?, Some(args.at(2)))?;
    Ok(Value::NONE)
}
fn delete_attribute(py: Py<'_>, args: Args<'_>) -> R {
    py.set_attribute(unwrap(py, args.at(0))?, symbol(py, args.at(1))?, None)?;
    Ok(Value::NONE)
}
fn str_of(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.str_of(unwrap(py, args.at(0))?)?.value())
}
fn repr_proxy(py: Py<'_>, args: Args<'_>) -> R {
    let at = py.address_text(args.at(0));
    let target = unwrap(py, args.at(0));
    let what = match target {
        Ok(v) => format!("{} at {}", py.class_name(v), py.address_text(v)),
        Err(_) => {
            py.take_exception();
            "NoneType".to_owned()
        }
    };
    py.str(&format!("<weakproxy at {at} to {what}>"))
}
fn truth(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.truth(unwrap(py, args.at(0))?)?))
}
fn unhashable(py: Py<'_>, args: Args<'_>) -> R {
    py.type_error(&format!("unhashable type: '{}'", py.class_full_name(py.class_of(args.at(0)))))
}
fn length(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(py.length(unwrap(py, args.at(0))?)?)
}
fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    py.get_item(unwrap(py, args.at(0))?, unwrap(py, args.at(1))?)
}
fn set_item(py: Py<'_>, args: Args<'_>) -> R {
    py.set_item(unwrap(py, args.at(0))?, args.at(1), args.at(2))?;
    Ok(Value::NONE)
}
fn delete_item(py: Py<'_>, args: Args<'_>) -> R {
    py.delete_item(unwrap(py, args.at(0))?, args.at(1))?;
    Ok(Value::NONE)
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.contains(unwrap(py, args.at(0))?, args.at(1))?))
}
fn iterate(py: Py<'_>, args: Args<'_>) -> R {
    py.iter(unwrap(py, args.at(0))?)
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let target = unwrap(py, args.at(0))?;
    if py.special(target, sym::NEXT).is_none() {
        return py.type_error(&format!("Weakref proxy referenced a non-iterator '{}' object", py.class_name(target)));
    }
    Ok(py.next(target)?.unwrap_or(special::END))
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    py.rich_compare(op, unwrap(py, args.at(0))?, unwrap(py, args.at(1))?)
}
fn lt(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, args, CompareOp::Lt)
}
fn le(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, args, CompareOp::Le)
}
fn eq(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, args, CompareOp::Eq)
}
fn ne(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, args, CompareOp::Ne)
}
fn gt(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, args, CompareOp::Gt)
}
fn ge(py: Py<'_>, args: Args<'_>) -> R {
    compare(py, args, CompareOp::Ge)
}
fn negative(py: Py<'_>, args: Args<'_>) -> R {
    py.unary(UnaryOp::Neg, unwrap(py, args.at(0))?)
}
fn positive(py: Py<'_>, args: Args<'_>) -> R {
    py.unary(UnaryOp::Pos, unwrap(py, args.at(0))?)
}
fn invert(py: Py<'_>, args: Args<'_>) -> R {
    py.unary(UnaryOp::Invert, unwrap(py, args.at(0))?)
}
fn absolute(py: Py<'_>, args: Args<'_>) -> R {
    forward(py, args, "__abs__")
}
/// Calls the special method of the object behind a proxy.
fn forward(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let target = unwrap(py, args.at(0))?;
    let name = py.intern(name)?;
    match py.call_special(target, name, &[])? {
        Some(v) => Ok(v),
        None => Err(py.no_attribute(target, name)),
    }
}
fn int_of(py: Py<'_>, args: Args<'_>) -> R {
    py.call(py.root(builtin::INT), &[unwrap(py, args.at(0))?])
}
fn float_of(py: Py<'_>, args: Args<'_>) -> R {
    py.call(py.root(builtin::FLOAT), &[unwrap(py, args.at(0))?])
}
fn index_of(py: Py<'_>, args: Args<'_>) -> R {
    py.index(unwrap(py, args.at(0))?)
}
fn bytes_of(py: Py<'_>, args: Args<'_>) -> R {
    py.call(py.root(builtin::BYTES), &[unwrap(py, args.at(0))?])
}
fn reversed(py: Py<'_>, args: Args<'_>) -> R {
    forward(py, args, "__reversed__")
}
fn call_proxy(py: Py<'_>, args: Args<'_>) -> R {
    let target = unwrap(py, args.at(0))?;
    let positional = py.tuple_from(args.at(1))?;
    py.call_tuple(target, positional, args.at(2))
}
