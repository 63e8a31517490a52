//! Calls of the system that may wait.

use crate::py::{Py, R};
use std::io;

impl Py<'_> {
    /// Runs a call of the system that may wait for long, while other threads run. All such calls go through here. Objects may
    /// have changed and moved afterwards.
    ///
    /// The closure touches nothing of the interpreter's: no [`Py`], no value, no module's data. What it reads or writes are
    /// locals, and the bytes of `bytes` objects that are on the native stack.
    #[inline]
    pub fn blocking<T>(self, call: impl FnOnce() -> T) -> T {
        let (mut call, mut result) = (Some(call), None);
        self.ops().blocking(self.0, &mut || result = call.take().map(|call| call()));
        result.expect("it is called once")
    }
    /// The same for a call that signals interrupt: looks for them first, and again each time before the call is repeated
    /// (PEP 475). An error of a signal's handler ends it.
    #[inline]
    pub fn restarting<T>(self, mut call: impl FnMut() -> io::Result<T>) -> R<io::Result<T>> {
        loop {
            self.poll()?;
            match self.blocking(&mut call) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                done => return Ok(done),
            }
        }
    }
}
