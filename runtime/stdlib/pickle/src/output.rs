//! The bytes of a pickle as they are written: in frames from protocol 4 on, to a file in pieces.

use crate::opcode::FRAME;
use python_objects::{Py, R, Value};
use vm_api::heap::OutOfMemory;

/// Bytes from which on a frame is finished at the next opcode, and data is written outside of frames.
const TARGET: usize = 64 * 1024;
/// Bytes below which there is no frame.
const LEAST: usize = 4;
const HEADER: usize = 9;
/// Bytes charged to the heap at a time.
const CHARGE: usize = 1 << 20;

pub(crate) struct Output<'t> {
    py: Py<'t>,
    bytes: Vec<u8>,
    /// Are frames made?
    pub(crate) framing: bool,
    /// Where the frame's header is that is being filled.
    frame: Option<usize>,
    /// `file.write`, or EMPTY.
    write: Value,
    charged: usize,
}
impl<'t> Output<'t> {
    pub(crate) fn new(py: Py<'t>, write: Value) -> Output<'t> {
        Output { py, bytes: Vec::new(), framing: false, frame: None, write, charged: 0 }
    }
    /// Room for so many bytes more; MemoryError beyond the heap's limit.
    #[inline]
    fn reserve(&mut self, count: usize) -> R<()> {
        if count > self.bytes.capacity() - self.bytes.len() { self.grow(count) } else { Ok(()) }
    }
    #[cold]
    fn grow(&mut self, count: usize) -> R<()> {
        let py = self.py;
        let wanted = self.bytes.len().saturating_add(count);
        if wanted > self.bytes.capacity() {
            if wanted.saturating_mul(2) > self.charged {
                let more = (2 * wanted - self.charged).next_multiple_of(CHARGE);
                if wanted > CHARGE || self.charged > 0 {
                    py.heap().charge_external(more).map_err(|e| py.out_of_memory(e))?;
                    self.charged += more;
                }
            }
            self.bytes.try_reserve(count).map_err(|_| py.out_of_memory(OutOfMemory))?;
        }
        Ok(())
    }
    /// Writes some bytes.
    #[inline]
    pub(crate) fn push(&mut self, bytes: &[u8]) -> R<()> {
        self.reserve(bytes.len() + HEADER)?;
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.bytes.len());
            self.bytes.extend_from_slice(&[0; HEADER]);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
    /// Writes one.
    #[inline]
    pub(crate) fn op(&mut self, byte: u8) -> R<()> {
        self.push(&[byte])
    }
    /// Ends the frame.
    pub(crate) fn commit(&mut self) {
        let Some(at) = self.frame.take() else { return };
        let length = self.bytes.len() - at - HEADER;
        if length >= LEAST {
            self.bytes[at] = FRAME;
            self.bytes[at + 1..at + HEADER].copy_from_slice(&(length as u64).to_le_bytes());
        } else {
            self.bytes.drain(at..at + HEADER);
        }
    }
    /// Between two objects: long frames end.
    #[inline]
    pub(crate) fn boundary(&mut self) -> R<()> {
        match self.frame {
            Some(at) if self.bytes.len() - at - HEADER >= TARGET => {
                self.commit();
                self.flush()
            }
            _ => Ok(()),
        }
    }
    /// What is there goes to the file, if there is one.
    pub(crate) fn flush(&mut self) -> R<()> {
        if self.write.is_empty() {
            return Ok(());
        }
        let content = self.py.bytes(&self.bytes)?;
        self.bytes.clear();
        self.py.call(self.write, &[content.value()]).map(drop)
    }
    /// An opcode's header and its data; `object` are the same bytes as an object, if there is one.
    pub(crate) fn data(&mut self, header: &[u8], data: &[u8], object: Option<Value>) -> R<()> {
        let large = data.len() >= TARGET;
        let framing = self.framing;
        if large {
            self.commit();
            self.framing = false;
        }
        self.push(header)?;
        if large && !self.write.is_empty() {
            self.flush()?;
            let object = match object {
                Some(v) => v,
                None => self.py.bytes(data)?.value(),
            };
            self.py.call(self.write, &[object])?;
        } else {
            self.push(data)?;
        }
        self.framing = framing;
        Ok(())
    }
    /// All that was written (and is not in the file), as bytes.
    pub(crate) fn finish(&mut self) -> R {
        Ok(self.py.bytes(&self.bytes)?.value())
    }
}
impl Drop for Output<'_> {
    fn drop(&mut self) {
        self.py.heap().release_external(self.charged);
    }
}
