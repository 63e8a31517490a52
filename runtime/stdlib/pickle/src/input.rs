//! The bytes of a pickle as they are read: from memory, or from a file that has `read` and `readline`, and `peek` perhaps.
//!
//! A length that the pickle says is compared with what is there before anything is allocated for it; from a file it is read in
//! pieces, so that a wrong one ends where the file does.

use crate::kept::unpickling_error;
use python_objects::{Object, Py, R, Value, bytes};

/// Bytes that are read of a file at a time where much is asked for, and looked at in advance.
const PIECE: usize = 128 * 1024;

/// It lies on the native stack, and so do the values in it.
pub(crate) struct Input<'t> {
    py: Py<'t>,
    /// An exact bytes object.
    content: Object,
    at: usize,
    /// Has the file still got what is in `content`, since it was only looked at?
    peeked: bool,
    /// Methods of the file, or EMPTY.
    read: Value,
    readline: Value,
    peek: Value,
}
impl<'t> Input<'t> {
    /// Reads these bytes.
    pub(crate) fn of_bytes(py: Py<'t>, content: Object) -> Input<'t> {
        Input { py, content, at: 0, peeked: false, read: Value::EMPTY, readline: Value::EMPTY, peek: Value::EMPTY }
    }
    /// Reads a file. What another reader left over comes first.
    pub(crate) fn of_file(py: Py<'t>, rest: Object, read: Value, readline: Value, peek: Value) -> Input<'t> {
        Input { py, content: rest, at: 0, peeked: false, read, readline, peek }
    }
    fn slice(&self) -> &'t [u8] {
        bytes::slice(self.content)
    }
    fn truncated<T>(&self) -> R<T> {
        unpickling_error(self.py, "pickle data was truncated")
    }
    /// So many bytes of the file, or fewer.
    fn read_file(&self, count: usize) -> R<Object> {
        let py = self.py;
        let size = py.int_usize(count)?;
        self.checked(py.call(self.read, &[size])?, "read")
    }
    fn checked(&self, v: Value, method: &str) -> R<Object> {
        let py = self.py;
        match py.as_bytes(v) {
            Some(b) => Ok(b),
            None => match py.bytes_like(v) {
                Some(content) => py.bytes(&content),
                None => {
                    let class = py.class_name(v);
                    py.value_error(&format!("{method}() from the underlying stream did not return bytes, but {class}"))
                }
            },
        }
    }
    /// The file has what was read of it behind itself.
    pub(crate) fn settle(&mut self) -> R<()> {
        if self.peeked {
            self.peeked = false;
            if self.at > 0 {
                self.read_file(self.at)?;
            }
            self.content = self.py.bytes(&[])?;
            self.at = 0;
        }
        Ok(())
    }
    /// Bytes that were taken from the file and not read.
    pub(crate) fn rest(&self) -> R<Object> {
        if self.at == 0 { Ok(self.content) } else { self.py.bytes(&self.slice()[self.at..]) }
    }
    /// Looks at what the file has next; false if it does not say, or that is less than so many bytes.
    fn look(&mut self, count: usize) -> R<bool> {
        let py = self.py;
        if self.peek.is_empty() {
            return Ok(false);
        }
        match py.call(self.peek, &[Value::int(PIECE as i64)]) {
            Ok(v) => {
                let seen = self.checked(v, "peek")?;
                let enough = bytes::slice(seen).len() >= count;
                if enough {
                    (self.content, self.at, self.peeked) = (seen, 0, true);
                }
                Ok(enough)
            }
            // Some have it and cannot do it.
            Err(stop) => {
                if py.catch(python_objects::Exc::NotImplementedError).is_none() {
                    return Err(stop);
                }
                self.peek = Value::EMPTY;
                Ok(false)
            }
        }
    }
    /// Takes care that so many bytes are there.
    #[cold]
    fn fill(&mut self, count: usize) -> R<()> {
        let py = self.py;
        if self.read.is_empty() {
            return self.truncated();
        }
        self.settle()?;
        if count < PIECE && self.at >= self.slice().len() && self.look(count)? {
            return Ok(());
        }
        let rest = &self.slice()[self.at..];
        if rest.is_empty() && count <= PIECE {
            self.content = self.read_file(count)?;
            self.at = 0;
            return if self.slice().len() < count { self.truncated() } else { Ok(()) };
        }
        let mut all = rest.to_vec();
        let mut charged = 0;
        let result = loop {
            if all.len() >= count {
                break py.bytes(&all);
            }
            let piece = match self.read_file((count - all.len()).min(PIECE.max(all.len()))) {
                Ok(piece) => piece,
                Err(stop) => break Err(stop),
            };
            let piece = bytes::slice(piece);
            if piece.is_empty() {
                break self.truncated();
            }
            if let Err(e) = py.heap().charge_external(2 * piece.len()) {
                break Err(py.out_of_memory(e));
            }
            charged += 2 * piece.len();
            all.extend_from_slice(piece);
        };
        py.heap().release_external(charged);
        (self.content, self.at) = (result?, 0);
        Ok(())
    }
    /// The next bytes.
    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> R<&'t [u8]> {
        self.frame(count)?;
        let taken = &self.slice()[self.at..self.at + count];
        self.at += count;
        Ok(taken)
    }
    /// The next byte; `None` at the end.
    #[inline]
    pub(crate) fn opcode(&mut self) -> R<Option<u8>> {
        let content = self.slice();
        if let Some(byte) = content.get(self.at) {
            self.at += 1;
            return Ok(Some(*byte));
        }
        if self.read.is_empty() {
            return Ok(None);
        }
        self.settle()?;
        if !self.look(1)? {
            self.content = self.read_file(1)?;
            self.at = 0;
        }
        let Some(byte) = self.slice().first() else { return Ok(None) };
        self.at = 1;
        Ok(Some(*byte))
    }
    /// A number of so many bytes, the lowest first.
    #[inline]
    pub(crate) fn number(&mut self, size: usize) -> R<u64> {
        let mut number = [0; 8];
        number[..size].copy_from_slice(self.take(size)?);
        Ok(u64::from_le_bytes(number))
    }
    /// Takes care that what follows is there as a whole; it is read as usual then.
    #[inline]
    pub(crate) fn frame(&mut self, length: usize) -> R<()> {
        if length > isize::MAX as usize - self.at {
            return unpickling_error(self.py, "read would overflow (invalid bytecode)");
        }
        if length > self.slice().len() - self.at {
            self.fill(length)?;
        }
        Ok(())
    }
    /// The rest of a line, without its end.
    pub(crate) fn line(&mut self) -> R<&'t [u8]> {
        let py = self.py;
        let left = &self.slice()[self.at..];
        if let Some(end) = left.iter().position(|c| *c == b'\n') {
            self.at += end + 1;
            return Ok(&left[..end]);
        }
        if self.read.is_empty() {
            return self.truncated();
        }
        let start = if self.peeked { Vec::new() } else { left.to_vec() };
        if self.peeked {
            self.settle()?;
        }
        let more = self.checked(py.call(self.readline, &[])?, "readline")?;
        let content = [&start, bytes::slice(more)].concat();
        (self.content, self.at) = (py.bytes(&content)?, content.len());
        match self.slice() {
            [line @ .., b'\n'] => Ok(line),
            _ => self.truncated(),
        }
    }
}
