//! `--explain`: a page about a run, for a browser.
//!
//! The page is one file that needs nothing else: the events of the JIT and of the heap as `docs/formats.md` describes them, and a
//! script that shows them (`page.html`). So whatever is in the logs can be shown without another format between.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;

/// The page with places for what is in it.
const PAGE: &str = include_str!("page.html");

/// Bytes of events of one kind that are kept; what comes later is not on the page.
const MOST_BYTES: usize = 32 << 20;

/// Lines of a log, kept for the page.
#[derive(Clone, Default)]
pub(crate) struct Lines(Rc<RefCell<Vec<u8>>>);

impl Lines {
    /// Keeps a line.
    pub(crate) fn line(&self, line: &str) {
        let mut kept = self.0.borrow_mut();
        if kept.len() < MOST_BYTES {
            kept.extend_from_slice(line.as_bytes());
            kept.push(b'\n');
        }
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.borrow_mut();
        // Whole lines: each is one write. The summary comes last and is short enough to be always kept.
        if kept.len() < MOST_BYTES || bytes.windows(SUMMARY.len()).any(|part| part == SUMMARY) {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const SUMMARY: &[u8] = b"\"event\":\"summary\"";

/// The page of a run.
pub(crate) struct Report {
    file: File,
    /// The command line and what it chose.
    about: String,
    process: u32,
    pub(crate) jit: Lines,
    pub(crate) heap: Lines,
}

impl Report {
    /// A page without content, to be written to a file.
    pub(crate) fn new(file: File, about: String) -> Report {
        Report { file, about, process: std::process::id(), jit: Lines::default(), heap: Lines::default() }
    }
    /// Writes the page. The children of forks have none: the file is their parent's.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&mut self) -> io::Result<()> {
        if std::process::id() != self.process {
            return Ok(());
        }
        let (jit, heap) = (self.jit.0.borrow(), self.heap.0.borrow());
        self.file.write_all(page(&self.about, &jit, &heap).as_bytes())
    }
}

fn page(about: &str, jit: &[u8], heap: &[u8]) -> String {
    let about = about.replace('&', "&amp;").replace('<', "&lt;");
    // In JSON the character is inside strings alone, where it may be written so; the script's element ends at its own end.
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('<', "\\u003c");
    // One after the other from the left: what is put in is not looked at again.
    let mut page = String::with_capacity(PAGE.len() + jit.len() + heap.len());
    let mut rest = PAGE;
    for (place, content) in [("<!--about-->", about), ("<!--jit-->", lines(jit)), ("<!--heap-->", lines(heap))] {
        let (before, after) = rest.split_once(place).expect("the page has its places in this order");
        page += before;
        page += &content;
        rest = after;
    }
    page + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_ends_nothing() {
        let made = page("prism '<a>&'", b"{\"function\":\"</script><!--heap-->\"}\n", b"{\"n\":1}\n");
        assert!(made.contains("prism '&lt;a>&amp;'"));
        assert!(made.contains("{\"function\":\"\\u003c/script>\\u003c!--heap-->\"}\n</script>"));
        assert!(made.contains("{\"n\":1}\n</script>"));
        assert_eq!(made.matches("</script>").count(), PAGE.matches("</script>").count());
    }
}
