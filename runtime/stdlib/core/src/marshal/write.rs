//! The bytes of values.

use super::{MOST_NESTED, NUMBERED, code_bytes};
use python_numbers::float::{FormatCode, Layout, format};
use python_objects::int::{to_i64, with_operand};
use python_objects::{Exc, Kind, Object, Py, R, Value, dict, list, memoryview, string, tuple};
use std::collections::HashMap;
use vm_api::heap::OutOfMemory;

/// Bytes charged to the heap at a time.
const CHARGE: usize = 1 << 20;
/// So many elements have sizes of one byte.
const SHORT: usize = 256;

/// The bytes of a value, in a version of the format.
pub(super) fn to_bytes(py: Py<'_>, v: Value, version: i32) -> R {
    let mut writer = Writer::new(py, version);
    writer.write(v, 0)?;
    Ok(py.bytes(&writer.out)?.value())
}

struct Writer<'t> {
    py: Py<'t>,
    out: Vec<u8>,
    charged: usize,
    version: i32,
    /// The numbers of the objects that were written, by their identities.
    numbers: HashMap<u64, i32>,
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        self.py.heap().release_external(self.charged);
    }
}

impl<'t> Writer<'t> {
    fn new(py: Py<'t>, version: i32) -> Writer<'t> {
        Writer { py, out: Vec::new(), charged: 0, version, numbers: HashMap::new() }
    }
    fn push(&mut self, bytes: &[u8]) -> R<()> {
        let py = self.py;
        let wanted = self.out.len().saturating_add(bytes.len());
        if wanted > self.out.capacity() {
            // What a vector grows to, at most.
            let most = wanted.saturating_mul(2);
            if wanted > CHARGE && most > self.charged {
                py.heap().charge_external(most - self.charged).map_err(|e| py.out_of_memory(e))?;
                self.charged = most;
            }
            self.out.try_reserve(bytes.len()).map_err(|_| py.out_of_memory(OutOfMemory))?;
        }
        self.out.extend_from_slice(bytes);
        Ok(())
    }
    fn size(&mut self, n: usize) -> R<()> {
        match i32::try_from(n) {
            Ok(n) => self.push(&n.to_le_bytes()),
            Err(_) => self.unmarshallable(),
        }
    }
    fn unmarshallable(&self) -> R<()> {
        self.py.value_error("unmarshallable object")
    }
    /// A kind, a size, as many bytes.
    fn sized(&mut self, kind: u8, content: &[u8]) -> R<()> {
        self.push(&[kind])?;
        self.size(content.len())?;
        self.push(content)
    }
    /// A kind with one byte for its size, where the size and the version allow that, or else one with four.
    fn counted(&mut self, short: u8, long: u8, flag: u8, n: usize) -> R<()> {
        if self.version >= 4 && n < SHORT {
            return self.push(&[short | flag, n as u8]);
        }
        self.push(&[long | flag])?;
        self.size(n)
    }
    /// A number as text.
    fn decimal(&mut self, x: f64) -> R<()> {
        let sign = if x.is_sign_negative() && !x.is_nan() { "-" } else { "" };
        let text = format!("{sign}{}", format(x, FormatCode::General, 17, Layout::default()));
        self.push(&[text.len() as u8])?;
        self.push(text.as_bytes())
    }

    fn write(&mut self, v: Value, depth: usize) -> R<()> {
        let py = self.py;
        if depth >= MOST_NESTED {
            return py.value_error("object too deeply nested to marshal");
        }
        py.check_native_stack()?;
        let single = match py.kind(v) {
            Kind::NONE => b'N',
            Kind::ELLIPSIS => b'.',
            Kind::BOOL if v == Value::TRUE => b'T',
            Kind::BOOL => b'F',
            _ if v == py.root(Exc::StopIteration.root()) => b'S',
            _ => 0,
        };
        if single != 0 {
            return self.push(&[single]);
        }
        let mut flag = 0;
        if self.version >= 3 {
            let identity = py.identity(v);
            if let Some(number) = self.numbers.get(&identity).copied() {
                self.push(b"r")?;
                return self.push(&number.to_le_bytes());
            }
            let Ok(next) = i32::try_from(self.numbers.len()) else { return self.unmarshallable() };
            self.numbers.insert(identity, next);
            flag = NUMBERED;
        }
        let kind = py.kind(v);
        if !kind.is_extension() && py.class_of(v) == py.builtin_class(kind.0 & 0x7fff) {
            self.exact(v, kind, flag, depth)
        } else {
            self.buffer(v, flag)
        }
    }

    /// A value of a built-in type, not of a subclass.
    fn exact(&mut self, v: Value, kind: Kind, flag: u8, depth: usize) -> R<()> {
        let py = self.py;
        match kind {
            Kind::INT => self.int(v, flag),
            Kind::FLOAT if self.version > 1 => {
                self.push(&[b'g' | flag])?;
                self.push(&v.as_float().to_le_bytes())
            }
            Kind::FLOAT => {
                self.push(&[b'f' | flag])?;
                self.decimal(v.as_float())
            }
            Kind::COMPLEX => {
                let (re, im) = py.as_complex(v).unwrap_or_default();
                if self.version > 1 {
                    self.push(&[b'y' | flag])?;
                    self.push(&re.to_le_bytes())?;
                    return self.push(&im.to_le_bytes());
                }
                self.push(&[b'x' | flag])?;
                self.decimal(re)?;
                self.decimal(im)
            }
            Kind::STR => self.text(Object::of(v), flag),
            Kind::TUPLE => {
                let t = Object::of(v);
                self.counted(b')', b'(', flag, t.length())?;
                tuple::items(t).try_for_each(|item| self.write(item, depth + 1))
            }
            Kind::LIST => {
                let l = Object::of(v);
                self.push(&[b'[' | flag])?;
                self.size(list::length(l))?;
                (0..list::length(l)).try_for_each(|i| self.write(list::item(l, i), depth + 1))
            }
            Kind::DICT => {
                self.push(&[b'{' | flag])?;
                let mut i = 0;
                while let Some((at, key, value)) = dict::next_entry(Object::of(v), i) {
                    i = at + 1;
                    self.write(key, depth + 1)?;
                    self.write(value, depth + 1)?;
                }
                self.push(b"0")
            }
            Kind::SET => self.set(v, b'<' | flag, depth),
            Kind::FROZENSET => self.set(v, b'>' | flag, depth),
            Kind::CODE => {
                let bytes = code_bytes(&py.unlinked(Object::of(v))?);
                self.sized(b'c' | flag, &bytes)
            }
            _ => self.buffer(v, flag),
        }
    }

    /// The content of anything that has a buffer in one piece.
    fn buffer(&mut self, v: Value, flag: u8) -> R<()> {
        let py = self.py;
        let in_pieces = py.of_kind(v, Kind::MEMORYVIEW).is_some_and(|view| !memoryview::is_contiguous(view));
        match py.content_of(v).filter(|_| !in_pieces) {
            Some(content) => self.sized(b's' | flag, &content),
            None => self.unmarshallable(),
        }
    }

    fn text(&mut self, s: Object, flag: u8) -> R<()> {
        let is_interned = string::symbol(s).is_some();
        let mut text = Vec::new();
        string::push_wtf8(s, &mut text);
        if self.version >= 4 && string::is_ascii(s) {
            let (short, long) = if is_interned { (b'Z', b'A') } else { (b'z', b'a') };
            self.counted(short, long, flag, text.len())?;
            return self.push(&text);
        }
        let kind = if self.version >= 3 && is_interned { b't' } else { b'u' };
        self.sized(kind | flag, &text)
    }

    /// The elements in the order of their bytes, so that it does not depend on their hashes.
    fn set(&mut self, v: Value, kind: u8, depth: usize) -> R<()> {
        let py = self.py;
        let items = py.list_from(v)?;
        self.push(&[kind])?;
        self.size(list::length(items))?;
        let mut order = Vec::with_capacity(list::length(items));
        for i in 0..list::length(items) {
            // A set in a set in a set is written twice, four times, eight times.
            py.check_interrupt()?;
            let mut alone = Writer::new(py, self.version);
            alone.write(list::item(items, i), depth + 1)?;
            order.push((std::mem::take(&mut alone.out), i));
        }
        order.sort_unstable();
        order.into_iter().try_for_each(|(_, i)| self.write(list::item(items, i), depth + 1))
    }

    fn int(&mut self, v: Value, flag: u8) -> R<()> {
        if let Some(n) = to_i64(v).and_then(|n| i32::try_from(n).ok()) {
            self.push(&[b'i' | flag])?;
            return self.push(&n.to_le_bytes());
        }
        // Digits of 15 bits, as many as needed, the sign in their number.
        let (negative, digits) = with_operand(v, |i| {
            let bits = i.magnitude.len() * 64;
            let bit = |at: usize| i.magnitude.get(at / 64).map_or(0, |limb| limb >> (at % 64) & 1);
            let mut digits: Vec<u16> = (0..bits.div_ceil(15))
                .map(|d| (0..15).fold(0, |digit, b| digit | (bit(d * 15 + b) as u16) << b))
                .collect();
            while digits.last() == Some(&0) {
                digits.pop();
            }
            (i.negative, digits)
        });
        let Ok(count) = i32::try_from(digits.len()) else { return self.unmarshallable() };
        self.push(&[b'l' | flag])?;
        self.push(&(if negative { -count } else { count }).to_le_bytes())?;
        let bytes: Vec<u8> = digits.iter().flat_map(|d| d.to_le_bytes()).collect();
        self.push(&bytes)
    }
}
