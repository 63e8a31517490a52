//! Writing: which way each object takes, and the plain ones.

use crate::buffer::{self, BUFFER};
use crate::kept::{self, pickling_error};
use crate::opcode::*;
use crate::pickler::Saver;
use python_numbers::bigint::{self, ByteOrder};
use python_objects::kind::{class, special};
use python_objects::symbol::sym;
use python_objects::{Exc, Kind, Object, Py, R, Value, bytes, int, memoryview, string};

impl Saver<'_> {
    /// Writes an object.
    pub(crate) fn save(&mut self, v: Value) -> R<()> {
        self.out.boundary()?;
        if !self.persistent.is_empty() && self.save_persistent(v)? {
            return Ok(());
        }
        self.save_itself(v)
    }
    /// The same without asking for a persistent id.
    fn save_itself(&mut self, v: Value) -> R<()> {
        let py = self.py;
        let kind = py.kind(v);
        let is_exact = Object::from_value(v).is_none_or(|o| is_exact(py, o));
        match kind {
            Kind::NONE => return self.out.op(NONE),
            Kind::BOOL => return self.save_bool(v == Value::TRUE),
            Kind::INT if is_exact => return self.save_int(v),
            Kind::FLOAT if is_exact => return self.save_float(v),
            _ => {}
        }
        if let Some(number) = self.known(v) {
            return self.get(number);
        }
        match kind {
            Kind::BYTES if is_exact => return self.save_bytes(v),
            Kind::STR if is_exact => return self.save_str(v),
            _ => {}
        }
        let _nesting = py.descend(" while pickling an object")?;
        if is_exact {
            match kind {
                Kind::DICT => return self.save_dict(v),
                Kind::SET => return self.save_set(v),
                Kind::FROZENSET => return self.save_frozenset(v),
                Kind::LIST => return self.save_list(v),
                Kind::TUPLE => return self.save_tuple(v),
                Kind::BYTEARRAY => return self.save_bytearray(v),
                _ => {}
            }
        }
        if kind == BUFFER.kind {
            return self.save_buffer(v);
        }
        let reduced = self.reduction(v)?;
        match reduced {
            Some(reduced) if string::exact_or_payload(py, reduced).is_some() => self.save_global(v, Some(reduced)),
            Some(reduced) => match py.as_tuple(reduced) {
                Some(t) => self.save_reduced(t, Some(v)),
                None => pickling_error(py, "__reduce__ must return a string or tuple"),
            },
            None => Ok(()),
        }
    }
    /// What an object is reduced to; `None`: it was written by its name.
    fn reduction(&mut self, v: Value) -> R<Option<Value>> {
        let py = self.py;
        if !self.reducer.is_empty() {
            let reduced = py.call(self.reducer, &[v])?;
            if reduced != special::NOT_IMPLEMENTED {
                return Ok(Some(reduced));
            }
        }
        let own = py.class_of(v);
        if own.value() == py.root(class::TYPE) {
            return self.save_class(v).map(|()| None);
        }
        if own.value() == py.root(class::FUNCTION) {
            return self.save_global(v, None).map(|()| None);
        }
        let table = if self.table.is_empty() { py.kept(kept::make(py)?.dispatch_table) } else { self.table };
        if let Some(reduce) = kept::item(py, table, own.value())? {
            return py.call(reduce, &[v]).map(Some);
        }
        if py.is_class(v) {
            return self.save_global(v, None).map(|()| None);
        }
        if let Some(reduce) = py.get_optional(v, sym::REDUCE_EX)? {
            return py.call(reduce, &[Value::int(self.protocol)]).map(Some);
        }
        if let Some(reduce) = py.get_optional(v, sym::REDUCE)? {
            return py.call(reduce, &[]).map(Some);
        }
        let (class, shown) = (py.class_name(v), py.repr_text(v)?);
        pickling_error(py, &format!("can't pickle '{class}' object: {shown}"))
    }

    // ---- the memo

    /// Remembers an object, and tells the reader to do so.
    pub(crate) fn put(&mut self, v: Value) -> R<()> {
        let Some(number) = self.remember(v)? else { return Ok(()) };
        if self.protocol >= 4 {
            return self.out.op(MEMOIZE);
        }
        self.numbered(number, PUT, BINPUT, LONG_BINPUT)
    }
    /// Lets the reader take an object from its memo.
    pub(crate) fn get(&mut self, number: i64) -> R<()> {
        self.numbered(number, GET, BINGET, LONG_BINGET)
    }
    fn numbered(&mut self, number: i64, text: u8, short: u8, long: u8) -> R<()> {
        if !self.bin {
            return self.line(text, number.to_string().as_bytes());
        }
        if let Ok(number) = u8::try_from(number) {
            return self.out.push(&[short, number]);
        }
        match u32::try_from(number) {
            Ok(number) => {
                let [a, b, c, d] = number.to_le_bytes();
                self.out.push(&[long, a, b, c, d])
            }
            Err(_) => pickling_error(self.py, "memo id too large for LONG_BINPUT"),
        }
    }
    /// An opcode with an argument up to the end of a line.
    pub(crate) fn line(&mut self, op: u8, text: &[u8]) -> R<()> {
        self.out.op(op)?;
        self.out.push(text)?;
        self.out.op(b'\n')
    }

    // ---- plain objects

    fn save_bool(&mut self, value: bool) -> R<()> {
        match (self.protocol >= 2, value) {
            (true, true) => self.out.op(NEWTRUE),
            (true, false) => self.out.op(NEWFALSE),
            (false, true) => self.out.push(b"I01\n"),
            (false, false) => self.out.push(b"I00\n"),
        }
    }
    fn save_int(&mut self, v: Value) -> R<()> {
        let py = self.py;
        if let Some(n) = int::to_i64(v).and_then(|n| i32::try_from(n).ok()) {
            if !self.bin {
                return self.line(INT, n.to_string().as_bytes());
            }
            return match n.to_le_bytes() {
                [a, 0, 0, 0] => self.out.push(&[BININT1, a]),
                [a, b, 0, 0] => self.out.push(&[BININT2, a, b]),
                [a, b, c, d] => self.out.push(&[BININT, a, b, c, d]),
            };
        }
        if self.protocol < 2 {
            let digits = py.repr_text(v)?;
            return self.line(LONG, format!("{digits}L").as_bytes());
        }
        let content = int::with_operand(v, |i| {
            // A sign bit and the rest; a negative power of two needs no byte for the sign.
            let bits = bigint::bit_length(i);
            let length = (bits / 8 + 1) as usize;
            match bigint::to_bytes(i, length, ByteOrder::Little, true) {
                Ok(mut content) => {
                    if let [.., below, 0xFF] = content[..]
                        && i.negative
                        && below & 0x80 != 0
                    {
                        content.pop();
                    }
                    Ok(content)
                }
                Err(e) => Err(e),
            }
        });
        let content = content.map_err(|e| py.int_error(e))?;
        match u8::try_from(content.len()) {
            Ok(length) => self.out.push(&[LONG1, length])?,
            Err(_) => {
                self.out.op(LONG4)?;
                match i32::try_from(content.len()) {
                    Ok(length) => self.out.push(&length.to_le_bytes())?,
                    Err(_) => return py.err(Exc::OverflowError, "int too large to pickle"),
                }
            }
        }
        self.out.push(&content)
    }
    fn save_float(&mut self, v: Value) -> R<()> {
        let py = self.py;
        if !self.bin {
            let text = py.repr_text(v)?;
            return self.line(FLOAT, text.as_bytes());
        }
        self.out.op(BINFLOAT)?;
        self.out.push(&py.as_float(v).unwrap_or_default().to_be_bytes())
    }
    fn save_bytes(&mut self, v: Value) -> R<()> {
        let py = self.py;
        let Some(b) = py.as_bytes(v) else { return Ok(()) };
        if self.protocol < 3 {
            // These protocols have no bytes: the reader encodes text.
            let (callable, arguments) = if bytes::slice(b).is_empty() {
                (py.root(class::BYTES), py.empty_tuple())
            } else {
                let text = py.text_with(|out| out.push_units(python_text::Units::One(bytes::slice(b))))?;
                (py.kept(kept::make(py)?.encode), py.tuple(&[text.value(), py.str("latin1")?])?)
            };
            let reduced = py.tuple(&[callable, arguments])?;
            return self.save_reduced(Object::of(reduced), Some(v));
        }
        self.bytes_data(v, bytes::slice(b), Some(v))
    }
    fn bytes_data(&mut self, v: Value, content: &[u8], object: Option<Value>) -> R<()> {
        let names = [SHORT_BINBYTES, BINBYTES, BINBYTES8];
        self.sized(
            content,
            names,
            true,
            object,
            "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher",
        )?;
        self.put(v)
    }
    /// Data with its length: in a byte (where that opcode exists), in four or eight.
    fn sized(
        &mut self,
        content: &[u8],
        [short, long, longest]: [u8; 3],
        has_short: bool,
        object: Option<Value>,
        too_large: &str,
    ) -> R<()> {
        let length = content.len();
        if let (Ok(length), true) = (u8::try_from(length), has_short) {
            return self.out.data(&[short, length], content, object);
        }
        if let Ok(length) = u32::try_from(length) {
            let [a, b, c, d] = length.to_le_bytes();
            return self.out.data(&[long, a, b, c, d], content, object);
        }
        if self.protocol < 4 {
            return self.py.err(Exc::OverflowError, too_large);
        }
        self.long_data(longest, content, object)
    }
    fn long_data(&mut self, op: u8, content: &[u8], object: Option<Value>) -> R<()> {
        let mut header = [op; 9];
        header[1..].copy_from_slice(&(content.len() as u64).to_le_bytes());
        self.out.data(&header, content, object)
    }
    fn save_str(&mut self, v: Value) -> R<()> {
        let py = self.py;
        let Some(s) = string::exact_or_payload(py, v) else { return Ok(()) };
        if !self.bin {
            let text = raw_escaped(s);
            self.line(UNICODE, &text)?;
            return self.put(v);
        }
        let names = [SHORT_BINUNICODE, BINUNICODE, BINUNICODE8];
        let too_large = "serializing a string larger than 4 GiB requires pickle protocol 4 or higher";
        let has_short = self.protocol >= 4;
        match string::ascii(s) {
            Some(text) => self.sized(text.as_bytes(), names, has_short, None, too_large)?,
            None => {
                let mut text = Vec::with_capacity(2 * string::length(s));
                string::push_wtf8(s, &mut text);
                self.sized(&text, names, has_short, None, too_large)?;
            }
        }
        self.put(v)
    }
    fn save_bytearray(&mut self, v: Value) -> R<()> {
        let py = self.py;
        let content = py.bytearray_long_content(Object::of(v))?;
        if self.protocol < 5 {
            let arguments =
                if content.is_empty() { py.empty_tuple() } else { py.tuple(&[py.bytes(&content)?.value()])? };
            let reduced = py.tuple(&[py.root(class::BYTEARRAY), arguments])?;
            return self.save_reduced(Object::of(reduced), Some(v));
        }
        self.long_data(BYTEARRAY8, &content, Some(v))?;
        self.put(v)
    }
    fn save_buffer(&mut self, v: Value) -> R<()> {
        let py = self.py;
        if self.protocol < 5 {
            return pickling_error(py, "PickleBuffer can only be pickled with protocol >= 5");
        }
        let view = buffer::view(py, v)?;
        if !memoryview::is_contiguous(view) {
            return pickling_error(py, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
        }
        let within = match self.callback {
            callback if callback.is_empty() => true,
            callback => {
                let answer = py.call(callback, &[v])?;
                py.truth(answer)?
            }
        };
        let readonly = py.memoryview_readonly(view);
        if !within {
            self.out.op(NEXT_BUFFER)?;
            return if readonly { self.out.op(READONLY_BUFFER) } else { Ok(()) };
        }
        let Some(content) = py.memoryview_long_content(view)? else {
            return py.value_error("operation forbidden on released memoryview object");
        };
        if readonly {
            return self.bytes_data(v, &content, None);
        }
        self.long_data(BYTEARRAY8, &content, None)?;
        self.put(v)
    }
    /// Asks for a persistent id; false: there is none.
    fn save_persistent(&mut self, v: Value) -> R<bool> {
        let py = self.py;
        let id = py.call(self.persistent, &[v])?;
        if id == Value::NONE {
            return Ok(false);
        }
        if self.bin {
            self.out.boundary()?;
            self.save_itself(id)?;
            self.out.op(BINPERSID)?;
        } else {
            let text = py.str_of(id)?;
            match string::ascii(text) {
                Some(text) => self.line(PERSID, text.as_bytes())?,
                None => return pickling_error(py, "persistent IDs in protocol 0 must be ASCII strings"),
            }
        }
        Ok(true)
    }
}

/// Text as protocol 0 has it: Latin-1, with what is beyond or would end the line escaped.
fn raw_escaped(s: Object) -> Vec<u8> {
    let mut out = Vec::with_capacity(string::length(s));
    for c in string::code_points(s) {
        match c {
            0x1_0000.. => out.extend_from_slice(format!("\\U{c:08x}").as_bytes()),
            0x100.. | 0x5C | 0 | 0x0A | 0x0D | 0x1A => out.extend_from_slice(format!("\\u{c:04x}").as_bytes()),
            _ => out.push(c as u8),
        }
    }
    out
}
/// Is the class of an object exactly the built-in one of its kind?
fn is_exact(py: Py<'_>, o: Object) -> bool {
    python_objects::class::number(py.class_of(o.value())) == py.object_kind(o).0
}
