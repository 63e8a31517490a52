//! `marshal`: plain data in CPython's format, version 2 (no references), and code objects in ours.
//!
//! A code is `c`, a length, and as many bytes: the front end's identity, a sum of what follows, the form of
//! `vm_code::serial`. So what another build wrote, or what was damaged, is refused and not misread. Bytes that somebody
//! made to pass are the same as a program of theirs: the loader verifies them as bytecode, and then they may do anything that
//! bytecode can. It verifies each code when it is read, which for nested ones is when they are first called.

use crate::support::constants;
use python_compile::IDENTITY;
use python_compile::opcodes::{OPCODES, SET};
use python_objects::int::{to_i64, with_operand};
use python_objects::kind::{shape, special};
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, dict, list, string, tuple};
use vm_api::code::{Code, serial};

/// Containers within one another, as under CPython.
const MOST_NESTED: usize = 2000;

static FUNCTIONS: &[Native] = &[
    Native::function("dumps", "value, version=4, /", dumps, "Return the bytes of a value."),
    Native::function("loads", "bytes, /", loads, "Return the value of bytes."),
    Native::function("dump", "value, file, version=4, /", dump, "Write a value to a file."),
    Native::function("load", "file, /", load, "Read a value from a file."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, &[("version", 4)])
}

/// The bytes of a value.
pub(crate) fn to_bytes(py: Py<'_>, v: Value) -> R {
    let mut out = Vec::new();
    write(py, v, &mut out, 0)?;
    Ok(py.bytes(&out)?.value())
}
fn dumps(py: Py<'_>, args: Args<'_>) -> R {
    to_bytes(py, args.at(0))
}
fn dump(py: Py<'_>, args: Args<'_>) -> R {
    let bytes = dumps(py, Args::of(&[args.at(0), Value::EMPTY]))?;
    py.call_method(args.at(1), python_objects::symbol::sym::WRITE, &[bytes])
}

fn size(py: Py<'_>, n: usize, out: &mut Vec<u8>) -> R<()> {
    match i32::try_from(n) {
        Ok(n) => {
            out.extend_from_slice(&n.to_le_bytes());
            Ok(())
        }
        Err(_) => py.value_error("unmarshallable object"),
    }
}

fn write(py: Py<'_>, v: Value, out: &mut Vec<u8>, depth: usize) -> R<()> {
    if depth > MOST_NESTED {
        return py.value_error("object too deeply nested to marshal");
    }
    py.check_native_stack()?;
    if v == py.root(Exc::StopIteration.root()) {
        out.push(b'S');
        return Ok(());
    }
    let exact = Object::from_value(v).is_none_or(|o| py.class_of(v).value() == py.root(py.object_kind(o).0 & 0x7fff));
    match py.kind(v) {
        _ if !exact => return py.value_error("unmarshallable object"),
        Kind::NONE => out.push(b'N'),
        Kind::ELLIPSIS => out.push(b'.'),
        Kind::BOOL => out.push(if v == Value::TRUE { b'T' } else { b'F' }),
        Kind::INT => write_int(py, v, out)?,
        Kind::FLOAT => {
            out.push(b'g');
            out.extend_from_slice(&v.as_float().to_le_bytes());
        }
        Kind::COMPLEX => {
            let (re, im) = py.as_complex(v).unwrap_or_default();
            out.push(b'y');
            out.extend_from_slice(&re.to_le_bytes());
            out.extend_from_slice(&im.to_le_bytes());
        }
        Kind::STR => {
            let mut text = Vec::new();
            string::push_wtf8(Object::of(v), &mut text);
            out.push(b'u');
            size(py, text.len(), out)?;
            out.extend_from_slice(&text);
        }
        Kind::BYTES | Kind::BYTEARRAY | Kind::MEMORYVIEW => {
            let content = py.content_of(v).map(|c| c.to_vec()).unwrap_or_default();
            out.push(b's');
            size(py, content.len(), out)?;
            out.extend_from_slice(&content);
        }
        Kind::TUPLE => {
            let t = Object::of(v);
            out.push(b'(');
            size(py, t.length(), out)?;
            for item in tuple::items(t) {
                write(py, item, out, depth + 1)?;
            }
        }
        Kind::LIST => {
            let l = Object::of(v);
            out.push(b'[');
            size(py, list::length(l), out)?;
            for i in 0..list::length(l) {
                write(py, list::item(l, i), out, depth + 1)?;
            }
        }
        Kind::DICT => {
            out.push(b'{');
            let mut i = 0;
            while let Some((at, key, value)) = dict::next_entry(Object::of(v), i) {
                i = at + 1;
                write(py, key, out, depth + 1)?;
                write(py, value, out, depth + 1)?;
            }
            out.push(b'0');
        }
        Kind::SET | Kind::FROZENSET => {
            out.push(if py.kind(v) == Kind::SET { b'<' } else { b'>' });
            let items = py.list_from(v)?;
            size(py, list::length(items), out)?;
            for i in 0..list::length(items) {
                write(py, list::item(items, i), out, depth + 1)?;
            }
        }
        Kind::CODE => {
            let bytes = code_bytes(&py.unlinked(Object::of(v))?);
            out.push(b'c');
            size(py, bytes.len(), out)?;
            out.extend_from_slice(&bytes);
        }
        _ => return py.value_error("unmarshallable object"),
    }
    Ok(())
}

/// A code as it is kept.
pub(crate) fn code_bytes(code: &Code) -> Vec<u8> {
    let form = serial::write(code, &OPCODES);
    [&IDENTITY.to_le_bytes()[..], &sum(&form).to_le_bytes(), &form].concat()
}

/// Differs wherever damage changed a single word, and nearly surely otherwise: against accidents, not against intent.
fn sum(bytes: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
    let (words, rest) = bytes.as_chunks();
    let sum = words.iter().fold(IDENTITY ^ bytes.len() as u64, |sum, word| step(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    step(sum, u64::from_le_bytes(last))
}

/// A code that this program kept and carries within itself.
pub(crate) fn own_code_of(bytes: &'static [u8]) -> Result<Code, String> {
    serial::open_own(bytes, 2 * size_of::<u64>(), &SET).map_err(|e| e.to_string())
}

/// A kept code; those inside it stay in the bytes until they are wanted. The error completes "bad marshal data".
pub(crate) fn code_of(bytes: Vec<u8>) -> Result<Code, String> {
    let Some((identity, rest)) = bytes.split_first_chunk() else { return Err("code too short".to_owned()) };
    if u64::from_le_bytes(*identity) != IDENTITY {
        return Err("code of another build".to_owned());
    }
    let Some((kept, form)) = rest.split_first_chunk() else { return Err("code too short".to_owned()) };
    if u64::from_le_bytes(*kept) != sum(form) {
        return Err("damaged code".to_owned());
    }
    let start = bytes.len() - form.len();
    serial::open(bytes, start, &SET).map_err(|e| e.to_string())
}

fn write_int(py: Py<'_>, v: Value, out: &mut Vec<u8>) -> R<()> {
    if let Some(n) = to_i64(v).and_then(|n| i32::try_from(n).ok()) {
        out.push(b'i');
        out.extend_from_slice(&n.to_le_bytes());
        return Ok(());
    }
    // Digits of 15 bits, as many as needed, the sign in their number.
    let (negative, digits) = with_operand(v, |i| {
        let bits = i.magnitude.len() * 64;
        let bit = |at: usize| i.magnitude.get(at / 64).map_or(0, |limb| limb >> (at % 64) & 1);
        let mut digits: Vec<u16> =
            (0..bits.div_ceil(15)).map(|d| (0..15).fold(0, |digit, b| digit | (bit(d * 15 + b) as u16) << b)).collect();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        (i.negative, digits)
    });
    out.push(b'l');
    let at = out.len();
    size(py, digits.len(), out)?;
    if negative {
        let count = -(digits.len() as i32);
        out[at..].copy_from_slice(&count.to_le_bytes());
    }
    digits.iter().for_each(|d| out.extend_from_slice(&d.to_le_bytes()));
    Ok(())
}

fn loads(py: Py<'_>, args: Args<'_>) -> R {
    of_bytes(py, args.at(0))
}
/// The value of bytes.
pub(crate) fn of_bytes(py: Py<'_>, v: Value) -> R {
    let Some(content) = py.content_of(v).map(|c| c.to_vec()) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)));
    };
    let mut reader = Reader { content: &content, at: 0 };
    reader.value(py, 0)
}
fn load(py: Py<'_>, args: Args<'_>) -> R {
    // Reads all: what follows the value must be given back.
    let content = py.call_method(args.at(0), python_objects::symbol::sym::READ, &[])?;
    let Some(content) = py.content_of(content).map(|c| c.to_vec()) else {
        return py.type_error(&format!("file.read() returned not bytes but {}", py.class_name(content)));
    };
    let mut reader = Reader { content: &content, at: 0 };
    let v = reader.value(py, 0)?;
    let rest = reader.at as i64 - content.len() as i64;
    if rest < 0 {
        let seek = py.intern("seek")?;
        py.call_method(args.at(0), seek, &[Value::int(rest), Value::int(1)])?;
    }
    Ok(v)
}

struct Reader<'a> {
    content: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, py: Py<'_>, n: usize) -> R<&[u8]> {
        let Some(end) = self.at.checked_add(n).filter(|end| *end <= self.content.len()) else {
            return py.err(Exc::EOFError, "marshal data too short");
        };
        let taken = &self.content[self.at..end];
        self.at = end;
        Ok(taken)
    }
    fn array<const N: usize>(&mut self, py: Py<'_>) -> R<[u8; N]> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(py, N)?);
        Ok(out)
    }
    fn long(&mut self, py: Py<'_>) -> R<i32> {
        self.array(py).map(i32::from_le_bytes)
    }
    fn size(&mut self, py: Py<'_>) -> R<usize> {
        match usize::try_from(self.long(py)?) {
            Ok(n) => Ok(n),
            Err(_) => py.value_error("bad marshal data (size out of range)"),
        }
    }
    fn items(&mut self, py: Py<'_>, n: usize, depth: usize) -> R<Object> {
        let items = py.new_list(n.min(self.content.len()))?;
        for _ in 0..n {
            let item = self.value(py, depth + 1)?;
            py.list_push(items, item)?;
        }
        Ok(items)
    }
    fn text(&mut self, py: Py<'_>, n: usize) -> R {
        let text = self.take(py, n)?.to_vec();
        Ok(py.str_from_wtf8(&text)?.value())
    }
    fn value(&mut self, py: Py<'_>, depth: usize) -> R {
        if depth > MOST_NESTED {
            return py.value_error("bad marshal data (nested too deeply)");
        }
        py.check_native_stack()?;
        let Some(kind) = self.content.get(self.at).copied() else {
            return py.err(Exc::EOFError, "EOF read where object expected");
        };
        self.at += 1;
        match kind {
            b'N' => Ok(Value::NONE),
            b'.' => Ok(special::ELLIPSIS),
            b'T' => Ok(Value::TRUE),
            b'F' => Ok(Value::FALSE),
            b'S' => Ok(py.root(Exc::StopIteration.root())),
            b'i' => {
                let n = self.long(py)?;
                py.int(i64::from(n))
            }
            b'l' => {
                let count = self.long(py)?;
                let bytes = self.take(py, count.unsigned_abs() as usize * 2)?;
                let digits: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
                if digits.iter().any(|d| *d >= 1 << 15) {
                    return py.value_error("bad marshal data (digit out of range in long)");
                }
                let mut limbs = vec![0u64; (digits.len() * 15).div_ceil(64)];
                for (i, digit) in digits.iter().enumerate() {
                    let (limb, shift) = (i * 15 / 64, i * 15 % 64);
                    limbs[limb] |= u64::from(*digit) << shift;
                    if shift > 49 && limb + 1 < limbs.len() {
                        limbs[limb + 1] |= u64::from(*digit) >> (64 - shift);
                    }
                }
                py.int_from(python_numbers::bigint::Int::new(count < 0, &limbs))
            }
            b'g' => Ok(Value::float(f64::from_le_bytes(self.array(py)?))),
            b'y' => {
                let re = f64::from_le_bytes(self.array(py)?);
                py.complex(re, f64::from_le_bytes(self.array(py)?))
            }
            b'u' | b't' | b'a' | b'A' => {
                let n = self.size(py)?;
                self.text(py, n)
            }
            b'z' | b'Z' => {
                let [n] = self.array(py)?;
                self.text(py, usize::from(n))
            }
            b's' => {
                let n = self.size(py)?;
                let content = self.take(py, n)?.to_vec();
                Ok(py.bytes(&content)?.value())
            }
            b'(' | b')' => {
                let n = if kind == b'(' { self.size(py)? } else { usize::from(self.array::<1>(py)?[0]) };
                let items = self.items(py, n, depth)?;
                py.list_to_tuple(items)
            }
            b'[' => {
                let n = self.size(py)?;
                Ok(self.items(py, n, depth)?.value())
            }
            b'{' => {
                let d = py.new_dict()?;
                while self.content.get(self.at) != Some(&b'0') {
                    let key = self.value(py, depth + 1)?;
                    let value = self.value(py, depth + 1)?;
                    py.dict_set(d, key, value)?;
                }
                self.at += 1;
                Ok(d.value())
            }
            b'c' => {
                let n = self.size(py)?;
                match code_of(self.take(py, n)?.to_vec()) {
                    Ok(code) => Ok(py.link(code)?.value()),
                    Err(why) => py.value_error(&format!("bad marshal data ({why})")),
                }
            }
            b'<' | b'>' => {
                let n = self.size(py)?;
                let items = self.items(py, n, depth)?;
                let set = py.new_set(if kind == b'<' { shape::SET } else { shape::FROZENSET })?;
                for i in 0..list::length(items) {
                    py.set_add(set, list::item(items, i))?;
                }
                Ok(set.value())
            }
            _ => py.value_error("bad marshal data (unknown type code)"),
        }
    }
}
