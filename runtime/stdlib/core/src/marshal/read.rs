//! The values of bytes, which may lie: no size is believed before there are as many bytes.

use super::{MOST_NESTED, NUMBERED, code_of};
use python_objects::int::to_i64;
use python_objects::kind::{shape, special};
use python_objects::{Exc, Object, Py, R, Value, list};

/// Where the bytes come from.
pub(super) enum Source<'a> {
    Bytes(&'a [u8]),
    /// What has `readinto`.
    File(Value),
}

pub(super) struct Reader<'t, 'a> {
    py: Py<'t>,
    source: Source<'a>,
    /// The values that have numbers, in a list; None stands for one that is not complete.
    numbered: Object,
}

impl<'t, 'a> Reader<'t, 'a> {
    pub(super) fn new(py: Py<'t>, source: Source<'a>) -> R<Reader<'t, 'a>> {
        Ok(Reader { py, source, numbered: py.new_list(0)? })
    }
    /// The one value.
    pub(super) fn whole(&mut self) -> R {
        self.item("object", 0)
    }

    // ---- bytes

    fn take(&mut self, n: usize) -> R<Vec<u8>> {
        let py = self.py;
        let file = match &mut self.source {
            Source::Bytes(content) => {
                let Some((taken, rest)) = content.split_at_checked(n) else {
                    return py.err(Exc::EOFError, "marshal data too short");
                };
                *content = rest;
                return Ok(taken.to_vec());
            }
            Source::File(file) => *file,
        };
        let target = py.bytearray_repeated(&[0], n)?;
        let view = py.new_memoryview(target, 0, n, Value::EMPTY, false)?.value();
        let read = py.call_method(file, py.intern("readinto")?, &[view])?;
        let read = if read == Value::NONE { 0 } else { to_i64(py.index(read)?).unwrap_or(i64::MAX) };
        if read > n as i64 {
            let text = format!("read() returned too much data: {n} bytes requested, {read} returned");
            return py.value_error(&text);
        }
        if read < n as i64 {
            return py.err(Exc::EOFError, "EOF read where not expected");
        }
        Ok(py.bytearray_content(target))
    }
    fn array<const N: usize>(&mut self) -> R<[u8; N]> {
        if let Source::Bytes(content) = &mut self.source
            && let Some((taken, rest)) = content.split_first_chunk()
        {
            *content = rest;
            return Ok(*taken);
        }
        let mut out = [0; N];
        out.copy_from_slice(&self.take(N)?);
        Ok(out)
    }
    fn long(&mut self) -> R<i32> {
        self.array().map(i32::from_le_bytes)
    }
    fn size(&mut self, of: &str) -> R<usize> {
        match usize::try_from(self.long()?) {
            Ok(n) => Ok(n),
            Err(_) => self.bad(&format!("{of} size out of range")),
        }
    }
    fn byte(&mut self) -> R<u8> {
        self.array().map(|[n]| n)
    }
    fn short(&mut self) -> R<usize> {
        self.byte().map(usize::from)
    }
    fn bad<T>(&self, why: &str) -> R<T> {
        self.py.value_error(&format!("bad marshal data ({why})"))
    }
    fn double(&mut self) -> R<f64> {
        self.array().map(f64::from_le_bytes)
    }
    /// A number as text.
    fn decimal(&mut self) -> R<f64> {
        let n = self.short()?;
        let text = self.take(n)?;
        match python_numbers::float::parse(&text) {
            Ok(x) => Ok(x),
            Err(_) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                let shown = self.py.str(&text)?;
                let shown = self.py.repr_text(shown)?;
                self.py.value_error(&format!("could not convert string to float: {shown}"))
            }
        }
    }

    // ---- numbers of values

    /// Gives the next number to a value, if its kind says so.
    fn number(&mut self, flagged: bool, v: Value) -> R {
        if flagged {
            self.py.list_push(self.numbered, v)?;
        }
        Ok(v)
    }
    /// Keeps a number for a value that is complete only when those within it are.
    fn reserve(&mut self, flagged: bool) -> R<usize> {
        let at = list::length(self.numbered);
        self.number(flagged, Value::NONE)?;
        Ok(at)
    }
    fn insert(&mut self, flagged: bool, at: usize, v: Value) -> R {
        if flagged {
            self.py.list_set(self.numbered, at, v);
        }
        Ok(v)
    }

    // ---- values

    /// A value that must be there.
    fn item(&mut self, of: &str, depth: usize) -> R {
        match self.value(depth)? {
            Some(v) => Ok(v),
            None => self.py.type_error(&format!("NULL object in marshal data for {of}")),
        }
    }
    /// So many values, put into a list.
    fn items(&mut self, items: Object, n: usize, of: &str, depth: usize) -> R<()> {
        (0..n).try_for_each(|_| {
            let item = self.item(of, depth + 1)?;
            self.py.list_push(items, item)
        })
    }
    fn text(&mut self, n: usize, intern: bool) -> R {
        let text = self.take(n)?;
        let s = self.py.str_from_wtf8(&text)?;
        if intern { Ok(self.py.symbol_string(self.py.symbol_of(s)?).value()) } else { Ok(s.value()) }
    }

    /// The next value; `None` for the mark that ends a dict.
    fn value(&mut self, depth: usize) -> R<Option<Value>> {
        let py = self.py;
        let kind = self.byte();
        let Some(kind) = py.caught(kind, Exc::EOFError)? else {
            return py.err(Exc::EOFError, "EOF read where object expected");
        };
        if depth >= MOST_NESTED {
            return py.value_error("recursion limit exceeded");
        }
        py.check_native_stack()?;
        let (flagged, kind) = (kind & NUMBERED != 0, kind & !NUMBERED);
        let v = match kind {
            b'0' => return Ok(None),
            b'N' => Value::NONE,
            b'.' => special::ELLIPSIS,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'S' => py.root(Exc::StopIteration.root()),
            b'r' => {
                let number = self.long()?;
                match usize::try_from(number).ok().filter(|n| *n < list::length(self.numbered)) {
                    Some(n) if list::item(self.numbered, n) != Value::NONE => list::item(self.numbered, n),
                    _ => return self.bad("invalid reference"),
                }
            }
            b'(' | b')' | b'[' | b'{' | b'<' | b'>' | b'c' => self.container(kind, flagged, depth)?,
            _ => {
                let v = self.plain(kind)?;
                self.number(flagged, v)?
            }
        };
        Ok(Some(v))
    }

    /// A value that holds no others.
    fn plain(&mut self, kind: u8) -> R {
        let py = self.py;
        match kind {
            b'i' => py.int(i64::from(self.long()?)),
            b'I' => py.int(self.array().map(i64::from_le_bytes)?),
            b'l' => self.digits(),
            b'f' => Ok(Value::float(self.decimal()?)),
            b'g' => Ok(Value::float(self.double()?)),
            b'x' => {
                let re = self.decimal()?;
                py.complex(re, self.decimal()?)
            }
            b'y' => {
                let re = self.double()?;
                py.complex(re, self.double()?)
            }
            b's' => {
                let n = self.size("bytes object")?;
                let content = self.take(n)?;
                Ok(py.bytes(&content)?.value())
            }
            b'u' | b't' | b'a' | b'A' => {
                let n = self.size("string")?;
                self.text(n, matches!(kind, b't' | b'A'))
            }
            b'z' | b'Z' => {
                let n = self.short()?;
                self.text(n, kind == b'Z')
            }
            _ => self.bad("unknown type code"),
        }
    }

    fn digits(&mut self) -> R {
        let count = self.long()?;
        if count == i32::MIN {
            return self.bad("long size out of range");
        }
        let taken = self.take(count.unsigned_abs() as usize * 2)?;
        let (digits, _) = taken.as_chunks();
        let digits: Vec<u16> = digits.iter().map(|b| u16::from_le_bytes(*b)).collect();
        if digits.iter().any(|d| *d >= 1 << 15) {
            return self.bad("digit out of range in long");
        }
        if digits.last() == Some(&0) {
            return self.bad("unnormalized long data");
        }
        let mut limbs = vec![0u64; (digits.len() * 15).div_ceil(64)];
        for (i, digit) in digits.iter().enumerate() {
            let (limb, shift) = (i * 15 / 64, i * 15 % 64);
            limbs[limb] |= u64::from(*digit) << shift;
            if shift > 49 && limb + 1 < limbs.len() {
                limbs[limb + 1] |= u64::from(*digit) >> (64 - shift);
            }
        }
        self.py.int_from(python_numbers::bigint::Int::new(count < 0, &limbs))
    }

    /// A value that may hold others. What may hold itself has its number before they are read.
    fn container(&mut self, kind: u8, flagged: bool, depth: usize) -> R {
        let py = self.py;
        match kind {
            b'(' | b')' => {
                let n = if kind == b'(' { self.size("tuple")? } else { self.short()? };
                let at = self.reserve(flagged)?;
                let items = py.new_list(0)?;
                self.items(items, n, "tuple", depth)?;
                let made = py.list_to_tuple(items)?;
                self.insert(flagged, at, made)
            }
            b'[' => {
                let n = self.size("list")?;
                let items = py.new_list(0)?;
                self.number(flagged, items.value())?;
                self.items(items, n, "list", depth)?;
                Ok(items.value())
            }
            b'{' => {
                let d = py.new_dict()?;
                self.number(flagged, d.value())?;
                while let Some(key) = self.value(depth + 1)? {
                    let Some(value) = self.value(depth + 1)? else { break };
                    py.dict_set(d, key, value)?;
                }
                Ok(d.value())
            }
            b'<' | b'>' => {
                let n = self.size("set")?;
                let set = py.new_set(if kind == b'<' { shape::SET } else { shape::FROZENSET })?;
                let is_open = kind == b'<';
                let at = if is_open { 0 } else { self.reserve(flagged)? };
                self.number(flagged && is_open, set.value())?;
                for _ in 0..n {
                    let item = self.item("set", depth + 1)?;
                    py.set_add(set, item)?;
                }
                self.insert(flagged && !is_open, at, set.value())
            }
            _ => {
                let at = self.reserve(flagged)?;
                let n = self.size("bytes object")?;
                match code_of(self.take(n)?) {
                    Ok(code) => {
                        let code = py.link(code)?.value();
                        self.insert(flagged, at, code)
                    }
                    Err(why) => self.bad(&why),
                }
            }
        }
    }
}
