//! The functions.

use python_objects::compare::CompareOp;
use python_objects::operator::{BinaryOp, UnaryOp};
use python_objects::symbol::sym;
use python_objects::{Args, Kind, Native, Object, Py, R, Value, string};

/// Functions of two operands for which an operator exists.
macro_rules! binary {
    ($($name:literal $op:ident $doc:literal;)*) => {
        &[$(Native::function($name, "a, b, /", |py, args| py.binary(BinaryOp::$op, args.at(0), args.at(1)), $doc)),*]
    };
}
pub(super) static PLAIN: &[Native] = binary! {
    "add" Add "Same as a + b.";
    "and_" And "Same as a & b.";
    "floordiv" FloorDiv "Same as a // b.";
    "lshift" LShift "Same as a << b.";
    "matmul" MatMul "Same as a @ b.";
    "mod" Mod "Same as a % b.";
    "mul" Mul "Same as a * b.";
    "or_" Or "Same as a | b.";
    "pow" Pow "Same as a ** b.";
    "rshift" RShift "Same as a >> b.";
    "sub" Sub "Same as a - b.";
    "truediv" TrueDiv "Same as a / b.";
    "xor" Xor "Same as a ^ b.";
};
macro_rules! inplace {
    ($($name:literal $op:ident $doc:literal;)*) => {
        &[$(Native::function($name, "a, b, /", |py, args| py.inplace(BinaryOp::$op, args.at(0), args.at(1)), $doc)),*]
    };
}
pub(super) static INPLACE: &[Native] = inplace! {
    "iadd" Add "Same as a += b.";
    "iand" And "Same as a &= b.";
    "ifloordiv" FloorDiv "Same as a //= b.";
    "ilshift" LShift "Same as a <<= b.";
    "imatmul" MatMul "Same as a @= b.";
    "imod" Mod "Same as a %= b.";
    "imul" Mul "Same as a *= b.";
    "ior" Or "Same as a |= b.";
    "ipow" Pow "Same as a **= b.";
    "irshift" RShift "Same as a >>= b.";
    "isub" Sub "Same as a -= b.";
    "itruediv" TrueDiv "Same as a /= b.";
    "ixor" Xor "Same as a ^= b.";
};

fn is_sequence(py: Py<'_>, v: Value) -> bool {
    !matches!(py.kind(v), Kind::DICT | Kind::SET | Kind::FROZENSET) && py.special(v, sym::GETITEM).is_some()
}
fn concat(py: Py<'_>, args: Args<'_>) -> R {
    if !is_sequence(py, args.at(0)) {
        return py.type_error(&format!("'{}' object can't be concatenated", py.class_name(args.at(0))));
    }
    py.binary(BinaryOp::Add, args.at(0), args.at(1))
}
fn iconcat(py: Py<'_>, args: Args<'_>) -> R {
    if !is_sequence(py, args.at(0)) {
        return py.type_error(&format!("'{}' object can't be concatenated", py.class_name(args.at(0))));
    }
    py.inplace(BinaryOp::Add, args.at(0), args.at(1))
}
fn abs(py: Py<'_>, args: Args<'_>) -> R {
    match py.call_special(args.at(0), sym::ABS, &[])? {
        Some(v) => Ok(v),
        None => py.type_error(&format!("bad operand type for abs(): '{}'", py.class_name(args.at(0)))),
    }
}
fn call(py: Py<'_>, args: Args<'_>) -> R {
    py.call_tuple(args.at(0), Object::of(args.at(1)), args.at(2))
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    py.contains(args.at(0), args.at(1)).map(Value::bool)
}
fn count_of(py: Py<'_>, args: Args<'_>) -> R {
    let mut n = 0i64;
    let wanted = args.at(1);
    py.each(args.at(0), |v| {
        n += i64::from(py.equal_or_same(v, wanted)?);
        Ok(())
    })?;
    py.int(n)
}
fn index_of(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(0))?;
    let mut i = 0i64;
    while let Some(v) = py.next(iterator)? {
        if py.equal_or_same(v, args.at(1))? {
            return py.int(i);
        }
        i += 1;
        if i & 0xFF == 0 {
            py.poll()?;
        }
    }
    py.value_error("sequence.index(x): x not in sequence")
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.get_item(args.at(0), args.at(1))
}
fn setitem(py: Py<'_>, args: Args<'_>) -> R {
    py.set_item(args.at(0), args.at(1), args.at(2))?;
    Ok(Value::NONE)
}
fn delitem(py: Py<'_>, args: Args<'_>) -> R {
    py.delete_item(args.at(0), args.at(1))?;
    Ok(Value::NONE)
}
fn length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let default = match args.opt(1) {
        None => 0,
        Some(v) => py.index_i64(v)?,
    };
    match py.length_hint(args.at(0))? {
        Some(n) => py.int_usize(n),
        None => py.int(default),
    }
}
fn index(py: Py<'_>, args: Args<'_>) -> R {
    py.index(args.at(0))
}
fn is_(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(args.at(0) == args.at(1)))
}
fn is_not(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(args.at(0) != args.at(1)))
}
fn truth(py: Py<'_>, args: Args<'_>) -> R {
    py.truth(args.at(0)).map(Value::bool)
}
fn not_(py: Py<'_>, args: Args<'_>) -> R {
    py.truth(args.at(0)).map(|t| Value::bool(!t))
}
fn neg(py: Py<'_>, args: Args<'_>) -> R {
    py.unary(UnaryOp::Neg, args.at(0))
}
fn pos(py: Py<'_>, args: Args<'_>) -> R {
    py.unary(UnaryOp::Pos, args.at(0))
}
fn invert(py: Py<'_>, args: Args<'_>) -> R {
    py.unary(UnaryOp::Invert, args.at(0))
}
/// Compares without a branch that depends on the content, so that time tells nothing of it.
fn compare_digest(py: Py<'_>, args: Args<'_>) -> R {
    let same = |a: &[u8], b: &[u8]| {
        let differences = a.iter().zip(b).fold(0u8, |d, (x, y)| d | (x ^ y));
        Value::bool(a.len() == b.len() && std::hint::black_box(differences) == 0)
    };
    match (string::exact_or_payload(py, args.at(0)), string::exact_or_payload(py, args.at(1))) {
        (Some(a), Some(b)) => match (string::ascii(a), string::ascii(b)) {
            (Some(a), Some(b)) => Ok(same(a.as_bytes(), b.as_bytes())),
            _ => py.type_error("comparing strings with non-ASCII characters is not supported"),
        },
        _ => match (py.content_of(args.at(0)), py.content_of(args.at(1))) {
            (Some(a), Some(b)) => Ok(same(&a, &b)),
            (Some(_), None) => {
                py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(1))))
            }
            (None, Some(_)) => {
                py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(0))))
            }
            (None, None) => py.type_error(&format!(
                "unsupported operand types(s) or combination of types: '{}' and '{}'",
                py.class_name(args.at(0)),
                py.class_name(args.at(1))
            )),
        },
    }
}

macro_rules! others {
    ($($name:literal $signature:literal $f:expr, $doc:literal;)*) => {
        &[$(Native::function($name, $signature, $f, $doc)),*]
    };
}
pub(super) static OTHERS: &[Native] = others! {
    "abs" "a, /" abs, "Same as abs(a).";
    "call" "obj, /, *args, **kwargs" call, "Same as obj(*args, **kwargs).";
    "concat" "a, b, /" concat, "Same as a + b, for a and b sequences.";
    "contains" "a, b, /" contains, "Same as b in a (note reversed operands).";
    "countOf" "a, b, /" count_of, "Return the number of items in a which are, or which equal, b.";
    "delitem" "a, b, /" delitem, "Same as del a[b].";
    "eq" "a, b, /" |py, a| py.rich_compare(CompareOp::Eq, a.at(0), a.at(1)), "Same as a == b.";
    "ge" "a, b, /" |py, a| py.rich_compare(CompareOp::Ge, a.at(0), a.at(1)), "Same as a >= b.";
    "getitem" "a, b, /" getitem, "Same as a[b].";
    "gt" "a, b, /" |py, a| py.rich_compare(CompareOp::Gt, a.at(0), a.at(1)), "Same as a > b.";
    "iconcat" "a, b, /" iconcat, "Same as a += b, for a and b sequences.";
    "index" "a, /" index, "Same as a.__index__()";
    "indexOf" "a, b, /" index_of, "Return the first index of b in a.";
    "inv" "a, /" invert, "Same as ~a.";
    "invert" "a, /" invert, "Same as ~a.";
    "is_" "a, b, /" is_, "Same as a is b.";
    "is_not" "a, b, /" is_not, "Same as a is not b.";
    "le" "a, b, /" |py, a| py.rich_compare(CompareOp::Le, a.at(0), a.at(1)), "Same as a <= b.";
    "length_hint" "obj, default=0, /" length_hint, "Return an estimate of the number of items in obj.";
    "lt" "a, b, /" |py, a| py.rich_compare(CompareOp::Lt, a.at(0), a.at(1)), "Same as a < b.";
    "ne" "a, b, /" |py, a| py.rich_compare(CompareOp::Ne, a.at(0), a.at(1)), "Same as a != b.";
    "neg" "a, /" neg, "Same as -a.";
    "not_" "a, /" not_, "Same as not a.";
    "pos" "a, /" pos, "Same as +a.";
    "setitem" "a, b, c, /" setitem, "Same as a[b] = c.";
    "truth" "a, /" truth, "Return True if a is true, False otherwise.";
    "_compare_digest" "a, b, /" compare_digest, "Return 'a == b'.";
};
