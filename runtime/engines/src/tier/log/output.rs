//! The files that the log goes to.
//!
//! A line is one write, so that nothing is kept back which a fork would double, and so that lines of a parent and its children,
//! which share the file, stay whole. The program goes on if a file can no longer be written: that log ends there, and who asked
//! for it is told when the program ends.

use std::io::{self, Write};

/// See the module header.
pub(super) struct Output {
    /// Empty: nothing more is to come.
    to: Vec<Box<dyn Write>>,
    failed: Option<io::Error>,
}

impl Output {
    pub(super) fn new(to: Vec<Box<dyn Write>>) -> Output {
        Output { to, failed: None }
    }
    pub(super) fn is_open(&self) -> bool {
        !self.to.is_empty()
    }
    pub(super) fn line(&mut self, mut line: String) {
        line.push('\n');
        self.to.retain_mut(|to| match to.write_all(line.as_bytes()) {
            Ok(()) => true,
            Err(error) => {
                self.failed = Some(error);
                false
            }
        });
    }
    /// Ends it.
    ///
    /// # Errors
    /// Why it ended before.
    pub(super) fn close(&mut self) -> io::Result<()> {
        self.to.clear();
        self.failed.take().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full;

    impl Write for Full {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_cannot_be_written_ends_the_log_and_is_told_at_the_end() {
        let mut output = Output::new(vec![Box::new(Full)]);
        output.line("{}".to_owned());
        assert!(!output.is_open());
        output.line("{}".to_owned());
        assert_eq!(output.close().map_err(|e| e.kind()), Err(io::ErrorKind::StorageFull));
    }
}
