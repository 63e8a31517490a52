//! The format protocol: `format(v, spec)`, natively for the built-in numbers and strings.

use crate::exception::Exc;
use crate::int;
use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use crate::string;
use crate::symbol::sym;
use python_numbers::bigint;
use python_text::format::{FormatSpec, IntegerForm, Locale, Target};
use python_text::{Error, ErrorKind, TextBuilder};
use vm_api::engine::Stop;
use vm_api::heap::{Object, Value};

impl Py<'_> {
    /// Raises what a formatting mini-language found wrong.
    #[cold]
    pub fn text_error(self, e: &Error) -> Stop {
        let class = match e.kind {
            ErrorKind::Value => Exc::ValueError,
            ErrorKind::Type => Exc::TypeError,
            ErrorKind::Overflow => Exc::OverflowError,
        };
        match self.str_from_text(&e.message) {
            Ok(message) => self.error_with(class, message.value()),
            Err(stop) => stop,
        }
    }
    /// `format(v, spec)` for an exact string `spec`: a string, perhaps of a subclass. Runs Python code.
    pub fn format_value(self, v: Value, spec: Object) -> R<Object> {
        let exact = match Object::from_value(v) {
            None => v.is_int() || v.is_float() || v.is_bool(),
            Some(o) => matches!(o.shape(), shape::STR | shape::STR_VIEW | shape::INT | shape::COMPLEX),
        };
        if exact {
            return self.native_format(v, spec);
        }
        match self.call_special(v, sym::FORMAT, &[spec.value()])? {
            Some(r) => match self.of_kind(r, Kind::STR) {
                Some(s) => Ok(s),
                None => self.type_error(&format!("__format__ must return a str, not {}", self.class_name(r))),
            },
            None => self.type_error(&format!("Type {} doesn't define __format__", self.class_name(v))),
        }
    }
    /// What `__format__` of the built-in `int`, `float`, `complex` and `str` answers, for their instances and those of
    /// subclasses. Runs Python code only for an empty specification (`str(v)`).
    pub fn native_format(self, v: Value, spec: Object) -> R<Object> {
        if string::length(spec) == 0 {
            return self.str_of(v);
        }
        let mut out = self.text_builder();
        let name = self.class_name(v);
        let parse = |target| FormatSpec::parse(string::units(spec), target, &name).map_err(|e| self.text_error(&e));
        if let Some(units) = self.units_of(v) {
            let spec = parse(Target::Text)?;
            self.formatted(spec.format_text(units, &mut out))?;
        } else if let Some(i) = self.as_int(v) {
            self.format_int(i, &parse(Target::Integer)?, &mut out)?;
        } else if let Some(f) = self.as_float(v) {
            let spec = parse(Target::Float)?;
            self.formatted(spec.format_float(f, &Locale::C, &mut out))?;
        } else if let Some((re, im)) = self.as_complex(v) {
            let spec = parse(Target::Complex)?;
            self.formatted(spec.format_complex(re, im, &Locale::C, &mut out))?;
        } else {
            return self.type_error(&format!("unsupported format string passed to {name}.__format__"));
        }
        self.finish_text(out)
    }
    fn formatted(self, r: Result<(), Error>) -> R<()> {
        r.map_err(|e| self.text_error(&e))
    }
    fn format_int(self, i: Value, spec: &FormatSpec, out: &mut TextBuilder) -> R<()> {
        match spec.integer_form() {
            IntegerForm::Digits(radix) => {
                let digits = self.int_digits(i, radix)?;
                self.formatted(spec.format_integer(int::is_negative(i), &digits, &Locale::C, out))
            }
            IntegerForm::Character => match int::to_i64(i) {
                Some(c) => self.formatted(spec.format_character(c, out)),
                None => self.err(Exc::OverflowError, "Python int too large to convert to C long"),
            },
            IntegerForm::Float => {
                let f = self.int_as_real(i)?;
                self.formatted(spec.format_float(f, &Locale::C, out))
            }
        }
    }
    /// The digits of an exact integer's absolute value; ValueError for more decimal ones than the limit.
    pub fn int_digits(self, i: Value, radix: u32) -> R<String> {
        let poll = self.poller();
        let limit = self.digits_limit();
        let text = int::with_operand(i, |i| {
            if radix == 10 { bigint::to_decimal(i.abs(), limit, poll) } else { bigint::to_string(i.abs(), radix, poll) }
        });
        text.map_err(|e| self.int_error(e))
    }
}
