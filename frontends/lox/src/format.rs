//! How values print.

use vm_engine::{CodeIndex, Thread};
use vm_heap::{Object, Value};

use crate::object::{BOUND_CLOSURE, CLASS_NAME, CLOSURE_CODE, INSTANCE_CLASS, Kind, field, kind, string_bytes};

/// The text that `print` writes for `v`.
pub fn display(thread: &Thread, v: Value) -> String {
    match kind(v) {
        Kind::Nil => "nil".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(value) => number(value),
        Kind::String(string) => text(string),
        Kind::Closure(closure) => function(thread, closure),
        Kind::BoundMethod(bound) => function(thread, Object::of(field(bound, BOUND_CLOSURE))),
        Kind::Native => "<native fn>".to_owned(),
        Kind::Class(class) => class_name(class),
        Kind::Instance(instance) => class_name(Object::of(field(instance, INSTANCE_CLASS))) + " instance",
    }
}

/// The text of a string.
pub fn text(string: Object) -> String {
    String::from_utf8_lossy(string_bytes(string)).into_owned()
}

fn class_name(class: Object) -> String {
    text(Object::of(field(class, CLASS_NAME)))
}

fn function(thread: &Thread, closure: Object) -> String {
    let index = CodeIndex(field(closure, CLOSURE_CODE).as_int() as u32);
    format!("<fn {}>", thread.ops().code(thread, index).name)
}

/// A number as C's `%g` writes it: six significant digits, no trailing zeros, an exponent where one is shorter.
pub fn number(value: f64) -> String {
    const DIGITS: i32 = 6;
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:.*e}", DIGITS as usize - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..DIGITS).contains(&exponent) {
        let decimals = (DIGITS - 1 - exponent) as usize;
        return without_trailing_zeros(&format!("{value:.decimals$}")).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", without_trailing_zeros(mantissa), exponent.abs())
}

fn without_trailing_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn six_significant_digits() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (100.0, "100"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333"),
            (123456.0, "123456"),
            (999999.5, "1e+06"),
            (1234567.0, "1.23457e+06"),
            (0.0001, "0.0001"),
            (0.00001234, "1.234e-05"),
            (1e100, "1e+100"),
            (-2.5, "-2.5"),
            (f64::INFINITY, "inf"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }
}
