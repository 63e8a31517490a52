//! Reading: the stack, and what each opcode does with it.

use crate::input::Input;
use crate::kept::unpickling_error;
use crate::opcode::*;
use crate::unpickler::{memo_get, memo_length, memo_put, word};
use python_objects::kind::shape;
use python_objects::{Exc, Object, Py, R, Value, list, string};

/// A pickle that is being read. It lies on the native stack, and so do the values in it.
pub(crate) struct Loader<'t> {
    pub(crate) py: Py<'t>,
    pub(crate) unpickler: Object,
    pub(crate) input: Input<'t>,
    /// A list.
    stack: Object,
    /// How long the stack was at each mark.
    marks: Vec<usize>,
}
impl<'t> Loader<'t> {
    pub(crate) fn new(py: Py<'t>, unpickler: Object, input: Input<'t>) -> R<Loader<'t>> {
        Ok(Loader { py, unpickler, input, stack: py.new_list(16)?, marks: Vec::new() })
    }

    // ---- the stack

    pub(crate) fn length(&self) -> usize {
        list::length(self.stack)
    }
    /// Nothing below the last mark can be taken.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
    #[inline]
    pub(crate) fn push(&self, v: Value) -> R<()> {
        self.py.list_push(self.stack, v)
    }
    #[cold]
    pub(crate) fn underflow<T>(&self) -> R<T> {
        let marked = !self.marks.is_empty();
        unpickling_error(self.py, if marked { "unexpected MARK found" } else { "unpickling stack underflow" })
    }
    #[inline]
    pub(crate) fn pop(&self) -> R {
        let length = self.length();
        if length <= self.fence() {
            return self.underflow();
        }
        Ok(self.py.list_pop(self.stack, length - 1))
    }
    pub(crate) fn top(&self) -> R {
        let length = self.length();
        if length <= self.fence() {
            return self.underflow();
        }
        Ok(list::item(self.stack, length - 1))
    }
    pub(crate) fn at(&self, i: usize) -> Value {
        list::item(self.stack, i)
    }
    /// Two of the stack, for loops that run the program's code.
    pub(crate) fn pair(&self, i: usize) -> R<(Value, Value)> {
        match (list::get(self.stack, i), list::get(self.stack, i + 1)) {
            (Some(a), Some(b)) => Ok((a, b)),
            _ => self.underflow(),
        }
    }
    pub(crate) fn cut(&self, length: usize) {
        if length < self.length() {
            self.py.list_remove_range(self.stack, length, self.length());
        }
    }
    /// Takes the last mark.
    pub(crate) fn marker(&mut self) -> R<usize> {
        match self.marks.pop() {
            Some(mark) => Ok(mark),
            None => unpickling_error(self.py, "could not find MARK"),
        }
    }
    /// Appends all from a place on to a list.
    pub(crate) fn append_to(&self, target: Object, from: usize) -> R<()> {
        self.py.list_push_elements(target, list::array(self.stack), from, self.length())
    }
    /// All from a place on, as a tuple.
    pub(crate) fn pop_tuple(&self, from: usize) -> R<Object> {
        if from < self.fence() || from > self.length() {
            return self.underflow();
        }
        let count = self.length() - from;
        let t = self.py.tuple_with(count, |i| list::item(self.stack, from + i))?;
        self.cut(from);
        Ok(Object::of(t))
    }
    /// The same as a list.
    pub(crate) fn pop_list(&self, from: usize) -> R<Object> {
        let l = self.py.list_of_elements(list::array(self.stack), from, self.length())?;
        self.cut(from);
        Ok(l)
    }
    /// The place from which on there are things to be put into the one before it; `None`: nothing.
    pub(crate) fn items(&self, from: usize) -> R<Option<Value>> {
        if from > self.length() || from <= self.fence() {
            return self.underflow();
        }
        Ok((from < self.length()).then(|| self.at(from - 1)))
    }

    // ---- the memo

    fn get(&self, number: u64) -> R<()> {
        match memo_get(self.py, self.unpickler, number)? {
            Some(v) => self.push(v),
            None => unpickling_error(self.py, &format!("Memo value not found at index {number}")),
        }
    }
    fn put(&self, number: u64) -> R<()> {
        memo_put(self.py, self.unpickler, number, self.top()?)
    }
    /// A number of the memo as a line of text.
    fn memo_number(&mut self) -> R<i64> {
        let py = self.py;
        let line = self.input.line()?;
        let text = python_numbers::bigint::from_str(line.trim_ascii(), 10, 0, py.poller());
        match text.ok().and_then(|i| i.to_i64()) {
            Some(n) => Ok(n),
            None => not_an_int(py, line),
        }
    }

    // ---- opcodes

    /// Reads up to STOP.
    pub(crate) fn load(&mut self) -> R {
        let py = self.py;
        self.protocol(0);
        loop {
            let Some(op) = self.input.opcode()? else { return py.err(Exc::EOFError, "Ran out of input") };
            if op == STOP {
                return self.pop();
            }
            self.step(op)?;
            py.poll()?;
        }
    }
    fn protocol(&self, n: i64) {
        self.py.store(self.unpickler, word::PROTOCOL, Value::int(n));
    }
    fn step(&mut self, op: u8) -> R<()> {
        let py = self.py;
        match op {
            NONE => self.push(Value::NONE),
            NEWTRUE => self.push(Value::TRUE),
            NEWFALSE => self.push(Value::FALSE),
            BININT1 => {
                let n = self.input.number(1)?;
                self.push(Value::int(n as i64))
            }
            BININT2 => {
                let n = self.input.number(2)?;
                self.push(Value::int(n as i64))
            }
            BININT => {
                let n = self.input.number(4)? as u32 as i32;
                self.push(Value::int(n.into()))
            }
            INT => self.load_int(),
            LONG => self.load_long(),
            LONG1 => {
                let size = self.input.number(1)?;
                self.load_binary_long(size as usize)
            }
            LONG4 => match self.input.number(4)? as u32 as i32 {
                size @ 0.. => self.load_binary_long(size as usize),
                _ => unpickling_error(py, "LONG pickle has negative byte count"),
            },
            FLOAT => self.load_float(),
            BINFLOAT => {
                let f = f64::from_bits(self.input.number(8)?.swap_bytes());
                self.push(Value::from_foreign_f64(f))
            }
            SHORT_BINBYTES => self.load_bytes(1),
            BINBYTES => self.load_bytes(4),
            BINBYTES8 => self.load_bytes(8),
            BYTEARRAY8 => {
                let size = self.size(8, "BYTEARRAY8")?;
                let content = self.input.take(size)?;
                let v = py.bytearray(content)?;
                self.push(v.value())
            }
            NEXT_BUFFER => self.load_next_buffer(),
            READONLY_BUFFER => self.load_readonly_buffer(),
            SHORT_BINUNICODE => self.load_text(1),
            BINUNICODE => self.load_text(4),
            BINUNICODE8 => self.load_text(8),
            UNICODE => self.load_escaped_text(),
            STRING => self.load_quoted(),
            SHORT_BINSTRING => {
                let size = self.input.number(1)?;
                self.load_old_string(size as usize)
            }
            BINSTRING => {
                let size = self.input.number(4)?;
                self.load_old_string(size as usize)
            }
            EMPTY_TUPLE => self.push(py.empty_tuple()),
            TUPLE1 | TUPLE2 | TUPLE3 => {
                let count = usize::from(op - TUPLE1) + 1;
                if self.length() < self.fence() + count {
                    return self.underflow();
                }
                let t = self.pop_tuple(self.length() - count)?;
                self.push(t.value())
            }
            TUPLE => {
                let mark = self.marker()?;
                let t = self.pop_tuple(mark)?;
                self.push(t.value())
            }
            EMPTY_LIST => self.push(py.new_list(0)?.value()),
            LIST => {
                let mark = self.marker()?;
                let l = self.pop_list(mark)?;
                self.push(l.value())
            }
            EMPTY_DICT => self.push(py.new_dict()?.value()),
            DICT => self.load_dict(),
            EMPTY_SET => self.push(py.new_set(shape::SET)?.value()),
            FROZENSET => {
                let mark = self.marker()?;
                let items = self.pop_tuple(mark)?;
                let s = py.call(py.root(python_objects::kind::class::FROZENSET), &[items.value()])?;
                self.push(s)
            }
            APPEND => match self.length() {
                0 => self.underflow(),
                length => self.append(length - 1),
            },
            APPENDS => {
                let mark = self.marker()?;
                self.append(mark)
            }
            SETITEM => match self.length() {
                0 | 1 => self.underflow(),
                length => self.set_items(length - 2),
            },
            SETITEMS => {
                let mark = self.marker()?;
                self.set_items(mark)
            }
            ADDITEMS => self.add_items(),
            MARK => {
                self.marks.push(self.length());
                Ok(())
            }
            POP => {
                if self.marks.last() == Some(&self.length()) {
                    self.marks.pop();
                    return Ok(());
                }
                self.pop().map(drop)
            }
            POP_MARK => {
                let mark = self.marker()?;
                self.cut(mark);
                Ok(())
            }
            DUP => {
                let v = self.top()?;
                self.push(v)
            }
            GET => match self.memo_number()? {
                n @ 0.. => self.get(n as u64),
                n => unpickling_error(py, &format!("Memo value not found at index {n}")),
            },
            BINGET => {
                let n = self.input.number(1)?;
                self.get(n)
            }
            LONG_BINGET => {
                let n = self.input.number(4)?;
                self.get(n)
            }
            PUT => {
                let number = self.memo_number();
                self.top()?;
                match number? {
                    n @ 0.. => self.put(n as u64),
                    _ => py.value_error("negative PUT argument"),
                }
            }
            BINPUT => {
                let n = self.input.number(1)?;
                self.put(n)
            }
            LONG_BINPUT => {
                let n = self.input.number(4)?;
                self.put(n)
            }
            MEMOIZE => self.put(memo_length(self.unpickler) as u64),
            GLOBAL => self.load_global(),
            STACK_GLOBAL => self.load_stack_global(),
            INST => self.load_instance(),
            OBJ => self.load_object(),
            NEWOBJ => self.load_new(false),
            NEWOBJ_EX => self.load_new(true),
            REDUCE => {
                let (arguments, callable) = (self.pop()?, self.pop()?);
                let Some(t) = py.as_tuple(arguments) else { return py.type_error("argument list must be a tuple") };
                let v = py.call_tuple(callable, t, Value::EMPTY)?;
                self.push(v)
            }
            BUILD => self.build(),
            PERSID => self.load_persistent_line(),
            BINPERSID => {
                let id = self.pop()?;
                self.load_persistent(id)
            }
            EXT1 => self.load_extension(1),
            EXT2 => self.load_extension(2),
            EXT4 => self.load_extension(4),
            PROTO => match self.input.number(1)? as i64 {
                n if n <= HIGHEST_PROTOCOL => {
                    self.protocol(n);
                    Ok(())
                }
                n => py.value_error(&format!("unsupported pickle protocol: {n}")),
            },
            FRAME => {
                let size = self.size(8, "FRAME length")?;
                self.input.frame(size)
            }
            0x20..=0x7E if op != b'\'' && op != b'\\' => {
                unpickling_error(py, &format!("invalid load key, '{}'.", char::from(op)))
            }
            _ => unpickling_error(py, &format!("invalid load key, '\\x{op:02x}'.")),
        }
    }
    /// A length that a program can have.
    #[inline]
    pub(crate) fn size(&mut self, bytes: usize, what: &str) -> R<usize> {
        let size = self.input.number(bytes)?;
        match usize::try_from(size).ok().filter(|s| *s <= isize::MAX as usize) {
            Some(size) => Ok(size),
            None => self
                .py
                .err(Exc::OverflowError, &format!("{what} exceeds system's maximum size of {} bytes", isize::MAX)),
        }
    }
    /// Is this text the encoding that leaves strings of Python 2 as they are?
    pub(crate) fn keeps_bytes(&self) -> bool {
        string::exact_or_payload(self.py, self.unpickler.get(word::ENCODING)).is_some_and(|s| string::is(s, "bytes"))
    }
}

/// The error of `int()` for a line, which has its end.
pub(crate) fn not_an_int<T>(py: Py<'_>, line: &[u8]) -> R<T> {
    let mut text: Vec<u8> = line.iter().copied().filter(u8::is_ascii).collect();
    text.push(b'\n');
    let shown = py.repr_text(py.new_ascii(&text)?.value())?;
    py.value_error(&format!("invalid literal for int() with base 10: {shown}"))
}
