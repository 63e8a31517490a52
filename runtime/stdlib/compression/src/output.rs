//! Output of compressors, which grows as it comes.

use python_objects::{Py, R};
use vm_api::heap::OutOfMemory;

/// Room for output.
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// How much of it is output.
    pub(crate) length: usize,
}
impl Output {
    pub(crate) fn new() -> Output {
        Output { bytes: Vec::new(), length: 0 }
    }
    /// Free room, at most up to `most` bytes in all; MemoryError for more than the heap may hold.
    pub(crate) fn room(&mut self, py: Py<'_>, most: usize) -> R<&mut [u8]> {
        if self.length == self.bytes.len() {
            let size = (self.length * 2).max(16 << 10).min(most);
            if size > py.heap().options().limit {
                return Err(py.out_of_memory(OutOfMemory));
            }
            self.bytes.resize(size, 0);
        }
        Ok(&mut self.bytes[self.length..])
    }
    /// Is room left over?
    pub(crate) fn has_room(&self) -> bool {
        self.length < self.bytes.len()
    }
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.length);
        self.bytes
    }
}
