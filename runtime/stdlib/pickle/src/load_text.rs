//! Reading numbers, bytes and text.

use crate::kept::{call_method, unpickling_error};
use crate::load::Loader;
use crate::unpickler::word;
use python_numbers::bigint::{self, ByteOrder};
use python_objects::{Kind, R, Value, memoryview};

impl Loader<'_> {
    /// An integer of a line, in the notation of literals.
    fn parse_int(&self, text: &[u8]) -> R<Option<Value>> {
        let py = self.py;
        match bigint::from_str(text.trim_ascii(), 0, 0, py.poller()) {
            Ok(i) => py.int_from(i.as_int()).map(Some),
            Err(bigint::ParseError::Failed(e)) => Err(py.int_error(e)),
            Err(_) => Ok(None),
        }
    }
    pub(crate) fn load_int(&mut self) -> R<()> {
        let py = self.py;
        match self.input.line()? {
            b"00" => self.push(Value::FALSE),
            b"01" => self.push(Value::TRUE),
            line => {
                // C's strtol takes a zero at the beginning for octal.
                let octal = match line {
                    [b'0', rest @ ..] if !rest.is_empty() => {
                        bigint::from_str(rest, 8, 0, py.poller()).ok().filter(|_| rest.iter().all(u8::is_ascii_digit))
                    }
                    _ => None,
                };
                let v = match octal {
                    Some(i) => Some(py.int_from(i.as_int())?),
                    None => self.parse_int(line)?,
                };
                match v {
                    Some(v) => self.push(v),
                    None => py.value_error("could not convert string to int"),
                }
            }
        }
    }
    pub(crate) fn load_long(&mut self) -> R<()> {
        let py = self.py;
        let line = self.input.line()?;
        if line.is_empty() {
            return unpickling_error(py, "pickle data was truncated");
        }
        match self.parse_int(line.strip_suffix(b"L").unwrap_or(line))? {
            Some(v) => self.push(v),
            None => crate::load::not_an_int(py, line),
        }
    }
    pub(crate) fn load_binary_long(&mut self, size: usize) -> R<()> {
        let py = self.py;
        let content = self.input.take(size)?;
        let i = bigint::from_bytes(content, ByteOrder::Little, true).map_err(|e| py.int_error(e))?;
        let v = py.int_from(i.as_int())?;
        self.push(v)
    }
    pub(crate) fn load_float(&mut self) -> R<()> {
        let py = self.py;
        let line = self.input.line()?;
        if line.is_empty() {
            return unpickling_error(py, "pickle data was truncated");
        }
        let text = String::from_utf8_lossy(line);
        let is_one = !text.contains('_') && text.trim_end() == text;
        let number = text.trim_start_matches(['+', '-']);
        if is_one && (number.parse::<f64>().is_ok() || number.eq_ignore_ascii_case("nan")) {
            let v = py.call(py.root(python_objects::kind::class::FLOAT), &[py.str(&text)?])?;
            return self.push(v);
        }
        // Something behind a number is refused in other words than what is none.
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            return py.value_error("could not convert string to float");
        }
        py.value_error(&format!("could not convert string to float: '{text}\n'"))
    }
    pub(crate) fn load_bytes(&mut self, size: usize) -> R<()> {
        let size = self.size(size, "BINBYTES")?;
        let content = self.input.take(size)?;
        let v = self.py.bytes(content)?;
        self.push(v.value())
    }
    pub(crate) fn load_text(&mut self, size: usize) -> R<()> {
        let size = self.size(size, "BINUNICODE")?;
        let content = self.input.take(size)?;
        let v = self.text(content)?;
        self.push(v)
    }
    /// UTF-8 in which surrogates may stand alone.
    fn text(&self, content: &[u8]) -> R {
        let py = self.py;
        if content.is_ascii() {
            return Ok(py.new_ascii(content)?.value());
        }
        match std::str::from_utf8(content) {
            Ok(text) => py.str(text),
            Err(_) => {
                let encoded = py.bytes(content)?.value();
                call_method(py, encoded, "decode", &[py.str("utf-8")?, py.str("surrogatepass")?])
            }
        }
    }
    pub(crate) fn load_escaped_text(&mut self) -> R<()> {
        let py = self.py;
        let line = py.bytes(self.input.line()?)?;
        let v = call_method(py, line.value(), "decode", &[py.str("raw-unicode-escape")?])?;
        self.push(v)
    }
    /// A string of Python 2, as its `repr` had it.
    pub(crate) fn load_quoted(&mut self) -> R<()> {
        let py = self.py;
        let line = self.input.line()?;
        let inner = match line {
            [b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"'] => inner,
            _ => return unpickling_error(py, "the STRING opcode argument must be quoted"),
        };
        let codecs = stdlib_core::import_module(py, "codecs")?;
        let decode = py.get_attribute_text(codecs.value(), "escape_decode")?;
        let pair = py.call(decode, &[py.bytes(inner)?.value()])?;
        let Some(pair) = py.as_tuple(pair) else { return py.type_error("escape_decode must return a tuple") };
        self.push_old_string(pair.element(0))
    }
    pub(crate) fn load_old_string(&mut self, size: usize) -> R<()> {
        let content = self.py.bytes(self.input.take(size)?)?;
        self.push_old_string(content.value())
    }
    fn push_old_string(&mut self, content: Value) -> R<()> {
        let v = if self.keeps_bytes() {
            content
        } else {
            let (encoding, errors) = (self.unpickler.get(word::ENCODING), self.unpickler.get(word::ERRORS));
            call_method(self.py, content, "decode", &[encoding, errors])?
        };
        self.push(v)
    }
    pub(crate) fn load_next_buffer(&mut self) -> R<()> {
        let py = self.py;
        let buffers = self.unpickler.get(word::BUFFERS);
        if buffers.is_empty() {
            return unpickling_error(
                py,
                "pickle stream refers to out-of-band data but no *buffers* argument was given",
            );
        }
        match py.next(buffers)? {
            Some(buffer) => self.push(buffer),
            None => unpickling_error(py, "not enough out-of-band buffers"),
        }
    }
    pub(crate) fn load_readonly_buffer(&mut self) -> R<()> {
        let py = self.py;
        let buffer = self.top()?;
        let view = py.call(py.root(python_objects::kind::class::MEMORYVIEW), &[buffer])?;
        let is_readonly = py.of_kind(view, Kind::MEMORYVIEW).is_some_and(|view| py.memoryview_readonly(view));
        let is_gone = py.of_kind(view, Kind::MEMORYVIEW).is_some_and(|view| memoryview::base(view).is_none());
        if is_readonly || is_gone {
            return Ok(());
        }
        self.pop()?;
        let v = call_method(py, view, "toreadonly", &[])?;
        self.push(v)
    }
}
