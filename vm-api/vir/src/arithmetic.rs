//! The arithmetic that engines share: operators and what they compute.
//!
//! The `apply` functions are the meaning of the operators. An interpreter, a constant folder and the reference evaluator
//! use them; a backend is tested against them.

use vm_heap::value::int_fits;

/// Declares a field-less enum together with the names that its variants have in text.
macro_rules! named_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum $name { $($(#[$doc])* $variant),* }
        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// Name in the text form.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
            /// The variant with this name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use named_enum;

named_enum! {
    /// Integer operations on raw 64-bit words. `FloorDiv` and `Mod` round down and must not be given a zero divisor; the
    /// shifts must be given amounts below 64.
    IntOp {
        /// Wrapping sum.
        Add = "add",
        /// Wrapping difference.
        Sub = "sub",
        /// Wrapping product.
        Mul = "mul",
        /// Quotient rounded down; that of `i64::MIN` and -1 wraps.
        FloorDiv = "floor_div",
        /// Its remainder, which has the sign of the divisor or is 0.
        Mod = "mod",
        /// Bitwise and.
        And = "and",
        /// Bitwise or.
        Or = "or",
        /// Bitwise exclusive or.
        Xor = "xor",
        /// Left shift.
        Shl = "shl",
        /// Arithmetic right shift.
        Sar = "sar",
        /// Logical right shift.
        Shr = "shr",
    }
}

named_enum! {
    /// Float operations.
    FloatOp {
        /// Sum.
        Add = "add",
        /// Difference.
        Sub = "sub",
        /// Product.
        Mul = "mul",
        /// IEEE quotient.
        Div = "div",
        /// Negation of the first operand; the second is ignored.
        Neg = "neg",
        /// Absolute value of the first operand.
        Abs = "abs",
        /// Square root of the first operand.
        Sqrt = "sqrt",
        /// Largest integer not above the first operand.
        Floor = "floor",
        /// The first operand to the power of the second, as the platform's C library has it.
        Pow = "pow",
    }
}

named_enum! {
    /// Comparisons. On floats they are the ordered IEEE ones, except `Ne`, which is true for NaN; the `U` ones are unsigned and
    /// for integers only.
    Cond {
        /// Equal.
        Eq = "eq",
        /// Not equal.
        Ne = "ne",
        /// Less.
        Lt = "lt",
        /// Less or equal.
        Le = "le",
        /// Greater.
        Gt = "gt",
        /// Greater or equal.
        Ge = "ge",
        /// Unsigned less.
        ULt = "ult",
        /// Unsigned less or equal.
        ULe = "ule",
    }
}

impl IntOp {
    /// The result on raw words; `None` for a zero divisor or a shift amount of 64 or more, which no program may have.
    #[inline(always)]
    pub const fn apply(self, x: i64, y: i64) -> Option<i64> {
        Some(match self {
            IntOp::Add => x.wrapping_add(y),
            IntOp::Sub => x.wrapping_sub(y),
            IntOp::Mul => x.wrapping_mul(y),
            IntOp::FloorDiv if y != 0 => floor_divide(x, y).0,
            IntOp::Mod if y != 0 => floor_divide(x, y).1,
            IntOp::And => x & y,
            IntOp::Or => x | y,
            IntOp::Xor => x ^ y,
            IntOp::Shl if y >= 0 && y < 64 => x.wrapping_shl(y as u32),
            IntOp::Sar if y >= 0 && y < 64 => x >> y,
            IntOp::Shr if y >= 0 && y < 64 => ((x as u64) >> y) as i64,
            _ => return None,
        })
    }
    /// May the operator stand in small-integer arithmetic, that is, have its overflow tested?
    pub const fn is_arith(self) -> bool {
        matches!(self, IntOp::Add | IntOp::Sub | IntOp::Mul)
    }
    /// Does `x op y`, for small integers and one of `Add`, `Sub`, `Mul`, leave the small-integer range?
    #[inline(always)]
    pub const fn overflows(self, x: i64, y: i64) -> bool {
        match self.exact(x, y) {
            Some(r) => !int_fits(r),
            None => true,
        }
    }
    /// Does `x op y`, for any words and one of `Add`, `Sub`, `Mul`, leave the range of words?
    #[inline(always)]
    pub const fn leaves_words(self, x: i64, y: i64) -> bool {
        self.exact(x, y).is_none()
    }
    const fn exact(self, x: i64, y: i64) -> Option<i64> {
        match self {
            IntOp::Add => x.checked_add(y),
            IntOp::Sub => x.checked_sub(y),
            _ => x.checked_mul(y),
        }
    }
}

impl FloatOp {
    /// The result. Which NaN comes out of an operation on NaNs is up to the machine.
    #[inline(always)]
    pub fn apply(self, x: f64, y: f64) -> f64 {
        match self {
            FloatOp::Add => x + y,
            FloatOp::Sub => x - y,
            FloatOp::Mul => x * y,
            FloatOp::Div => x / y,
            FloatOp::Neg => -x,
            FloatOp::Abs => x.abs(),
            FloatOp::Sqrt => x.sqrt(),
            FloatOp::Floor => x.floor(),
            FloatOp::Pow => x.powf(y),
        }
    }
    /// Does it ignore its second operand?
    pub const fn is_unary(self) -> bool {
        matches!(self, FloatOp::Neg | FloatOp::Abs | FloatOp::Sqrt | FloatOp::Floor)
    }
}

impl Cond {
    /// The comparison of raw words.
    #[inline(always)]
    pub const fn apply_int(self, x: i64, y: i64) -> bool {
        match self {
            Cond::Eq => x == y,
            Cond::Ne => x != y,
            Cond::Lt => x < y,
            Cond::Le => x <= y,
            Cond::Gt => x > y,
            Cond::Ge => x >= y,
            Cond::ULt => (x as u64) < y as u64,
            Cond::ULe => x as u64 <= y as u64,
        }
    }
    /// The comparison of floats; false for the unsigned conditions, which no program applies to floats.
    #[inline(always)]
    pub const fn apply_float(self, x: f64, y: f64) -> bool {
        match self {
            Cond::Eq => x == y,
            Cond::Ne => x != y,
            Cond::Lt => x < y,
            Cond::Le => x <= y,
            Cond::Gt => x > y,
            Cond::Ge => x >= y,
            Cond::ULt | Cond::ULe => false,
        }
    }
    /// Is it one of the unsigned conditions?
    pub const fn is_unsigned(self) -> bool {
        matches!(self, Cond::ULt | Cond::ULe)
    }
}

/// Quotient, rounded down, and remainder; the divisor is not 0.
#[inline(always)]
pub const fn floor_divide(x: i64, y: i64) -> (i64, i64) {
    let (q, r) = (x.wrapping_div(y), x.wrapping_rem(y));
    if r != 0 && r ^ y < 0 { (q - 1, r + y) } else { (q, r) }
}

/// Truncates a float to an integer; saturates outside the 64-bit range and gives 0 for NaN, which no program relies on.
#[inline(always)]
pub const fn truncate(x: f64) -> i64 {
    x as i64
}
