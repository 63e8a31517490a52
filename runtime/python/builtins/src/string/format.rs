//! `str.format` and `format_map`, and `__format__` of the built-in types that have specifications.

use super::this;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, string};
use python_text::TextBuilder;
use python_text::template::{
    Accessor, Field, FieldName, First, MAX_DEPTH, Numbering, POSITIONAL_IN_MAP, Parser, too_deep, unknown_conversion,
};
use std::ops::Range;

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "format",
        "self, /, *args, **kwargs",
        format,
        "The string with its replacement fields filled from the arguments.",
    ),
    Native::method(
        "format_map",
        "self, mapping, /",
        format_map,
        "The string with its replacement fields filled from a mapping.",
    ),
    Native::method(
        "__format__",
        "self, format_spec, /",
        object_format,
        "Return a formatted version of the string as described by format_spec.",
    ),
];

/// `__format__` of `int`, `float`, `complex` and `str`.
pub(crate) fn object_format(py: Py<'_>, args: Args<'_>) -> R {
    match string::exact_or_payload(py, args.at(1)) {
        Some(spec) => Ok(py.native_format(args.at(0), spec)?.value()),
        None => py.type_error(&format!("__format__() argument must be str, not {}", py.class_name(args.at(1)))),
    }
}

/// What fields take their values from.
struct Fields<'t> {
    py: Py<'t>,
    template: Object,
    /// The positional arguments; `None` for `format_map`.
    positional: Option<Object>,
    /// The keyword arguments, or the mapping; EMPTY: none.
    named: Value,
    numbering: Numbering,
}

fn format(py: Py<'_>, args: Args<'_>) -> R {
    let template = this(py, args)?;
    let named = args.opt(2).unwrap_or(Value::EMPTY);
    run(py, template, Some(Object::of(args.at(1))), named)
}

fn format_map(py: Py<'_>, args: Args<'_>) -> R {
    let template = this(py, args)?;
    run(py, template, None, args.at(1))
}

fn run(py: Py<'_>, template: Object, positional: Option<Object>, named: Value) -> R {
    let mut fields = Fields { py, template, positional, named, numbering: Numbering::default() };
    let mut out = py.text_builder();
    fields.put(0..string::length(template), MAX_DEPTH, &mut out)?;
    Ok(py.finish_text(out)?.value())
}

impl Fields<'_> {
    /// Puts out a part of the template, with its fields; `depth` levels of them may be nested.
    fn put(&mut self, range: Range<usize>, depth: usize, out: &mut TextBuilder) -> R<()> {
        let py = self.py;
        if depth == 0 {
            return Err(py.text_error(&too_deep()));
        }
        let units = string::units(self.template);
        let mut parser = Parser::new(units, range);
        while let Some(piece) = parser.next_piece().map_err(|e| py.text_error(&e))? {
            out.push_units(units.slice(piece.literal));
            if let Some(field) = piece.field {
                self.put_field(&field, depth, out)?;
            }
        }
        Ok(())
    }

    fn put_field(&mut self, field: &Field, depth: usize, out: &mut TextBuilder) -> R<()> {
        let py = self.py;
        let mut v = self.value(field.name.clone())?;
        if let Some(conversion) = field.conversion {
            v = match char::from_u32(conversion) {
                Some('r') => py.repr(v)?.value(),
                Some('s') => py.str_of(v)?.value(),
                Some('a') => py.ascii(v)?.value(),
                _ => return Err(py.text_error(&unknown_conversion(conversion))),
            };
        }
        // Without a specification these are put out as they are.
        if field.spec.is_empty() {
            if v.is_int() {
                out.push_integer(v.as_int());
                return Ok(());
            }
            if let Some(s) = Object::from_value(v).filter(|o| string::is_exact(*o)) {
                out.push_units(string::units(s));
                return Ok(());
            }
        }
        let spec = if field.nested {
            let mut spec = py.text_builder();
            self.put(field.spec.clone(), depth - 1, &mut spec)?;
            py.finish_text(spec)?
        } else {
            py.substring(self.template, field.spec.start, field.spec.end)?
        };
        let s = py.format_value(v, spec)?;
        if let Some(units) = py.units_of(s.value()) {
            out.push_units(units);
        }
        Ok(())
    }

    /// The value that a field's name stands for. Runs Python code.
    fn value(&mut self, name: Range<usize>) -> R {
        let py = self.py;
        let units = string::units(self.template);
        let (first, mut accessors) = FieldName::new(units, name).map_err(|e| py.text_error(&e))?;
        let index = self.numbering.index(&first).map_err(|e| py.text_error(&e))?;
        let mut v = match (index, first) {
            (Some(i), _) => {
                let Some(positional) = self.positional else { return py.value_error(POSITIONAL_IN_MAP) };
                if i >= positional.length() {
                    return py.err(
                        Exc::IndexError,
                        &format!("Replacement index {i} out of range for positional args tuple"),
                    );
                }
                positional.element(i)
            }
            (None, First::Name(name)) => {
                let key = py.substring(self.template, name.start, name.end)?;
                self.named_value(key)?
            }
            (None, _) => return py.value_error("Empty attribute in format string"),
        };
        while let Some(accessor) = accessors.next_accessor().map_err(|e| py.text_error(&e))? {
            v = match accessor {
                Accessor::Attribute(name) => {
                    let name = py.substring(self.template, name.start, name.end)?;
                    py.get_attribute(v, py.symbol_of(name)?)?
                }
                Accessor::Index(i) => {
                    let i = py.int_usize(i)?;
                    py.get_item(v, i)?
                }
                Accessor::Key(name) => {
                    let key = py.substring(self.template, name.start, name.end)?;
                    py.get_item(v, key.value())?
                }
            };
        }
        Ok(v)
    }

    fn named_value(&self, key: Object) -> R {
        let py = self.py;
        if self.positional.is_none() {
            return py.get_item(self.named, key.value());
        }
        match Object::from_value(self.named).and_then(|d| dict::get_str(py, d, key)) {
            Some(v) => Ok(v),
            None => Err(py.key_error(key.value())),
        }
    }
}
