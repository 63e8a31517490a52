//! The map of compiled code by which `perf` names it: `--perf-map`.
//!
//! `perf` looks for `/tmp/perf-PID.map`, whatever folder else is for temporary files; a line is the address and the length in
//! hexadecimal digits, and a name, to the line's end. A line is one write, so `perf top` sees what runs. Units that are freed stay in the
//! map: the convention has no way to take a line back, and where others come to lie later lines count.
//!
//! The folder is everybody's, so the file is made new, for its owner alone, and never through a link.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// See the module header.
#[derive(Debug)]
pub struct PerfMap {
    process: u32,
    file: File,
    /// Bytes so far.
    written: u64,
    /// What went wrong, after which nothing more was written.
    failed: Option<io::Error>,
}

impl PerfMap {
    /// The map of this process.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create() -> io::Result<PerfMap> {
        let process = std::process::id();
        Ok(PerfMap { process, file: create(process)?, written: 0, failed: None })
    }
    /// Code is at an address from now on.
    pub(super) fn add(&mut self, address: u64, bytes: usize, name: &str) {
        if self.failed.is_none() {
            let line = line(address, bytes, name);
            self.failed = self.file.write_all(line.as_bytes()).err();
            self.written += line.len() as u64;
        }
    }
    /// This is the child of a fork, which has the code of its parent and a map of its own.
    pub(super) fn forked(&mut self) {
        let (parent, child) = (self.process, std::process::id());
        let copied = create(child).and_then(|mut file| {
            // The parent goes on meanwhile: what it has compiled since is its own.
            io::copy(&mut File::open(path(parent))?.take(self.written), &mut file)?;
            Ok(file)
        });
        match copied {
            Ok(file) => (self.process, self.file) = (child, file),
            Err(error) => self.failed = Some(error),
        }
    }
    /// Why it is not complete.
    ///
    /// # Errors
    /// As said.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

fn path(process: u32) -> PathBuf {
    format!("/tmp/perf-{process}.map").into()
}

fn create(process: u32) -> io::Result<File> {
    let path = path(process);
    let open = || OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match open() {
        // Of another process that had the number before.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(&path)?;
            open()
        }
        opened => opened,
    }
}

fn line(address: u64, bytes: usize, name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    format!("{address:x} {bytes:x} {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_ends_its_line() {
        assert_eq!(line(0x7f00, 18, "f\n<lambda>"), "7f00 12 f?<lambda>\n");
    }

    #[test]
    fn the_map_is_made_new_and_for_its_owner() {
        use std::os::unix::fs::PermissionsExt;
        // No process has this number, and no other one that tests uses it.
        let process = u32::MAX - std::process::id();
        for _ in 0..2 {
            let mut map = PerfMap { process, file: create(process).expect("writable"), written: 0, failed: None };
            map.add(16, 16, "f");
            assert!(map.end().is_ok());
            assert_eq!(fs::read_to_string(path(process)).expect("readable"), "10 10 f\n");
            assert_eq!(fs::metadata(path(process)).expect("there").permissions().mode() & 0o777, 0o600);
        }
        fs::remove_file(path(process)).expect("there");
    }
}
