//! Compiled code in the form that `perf inject --jit` reads, so that `perf annotate` can show it: `--perf-dump`.
//!
//! The form is that of `tools/perf/Documentation/jitdump-specification.txt` in the sources of Linux, version 1: a header, then
//! records, each of one unit's code as it was installed. Numbers have the machine's own byte order. The clock is the one that
//! `perf record -k mono` uses, by which `perf` knows what was at an address when it saw it executed; so freed code needs no record.
//!
//! A record is one write, so what a process that ends by a signal has written can be read.

use runtime_sampler::announce::{Announcement, monotonic, thread};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const MAGIC: u32 = 0x4A69_5444;
const FORMAT: u32 = 1;
const HEADER_BYTES: u32 = 40;
/// The kind of record that is written: code was loaded.
const CODE_LOAD: u32 = 0;
/// Bytes of such a record before the name.
const LOAD_BYTES: usize = 56;

/// The ELF number of the machine that code is made for.
const MACHINE: u32 = if cfg!(target_arch = "x86_64") {
    62
} else if cfg!(target_arch = "aarch64") {
    183
} else {
    0
};

/// See the module header.
#[derive(Debug)]
pub struct PerfDump {
    folder: PathBuf,
    process: u32,
    file: File,
    /// By which `perf` learns of the file.
    _announced: Announcement,
    /// Bytes so far.
    written: u64,
    /// Records so far.
    units: u64,
    /// What went wrong, after which nothing more was written.
    failed: Option<io::Error>,
}

impl PerfDump {
    /// The dump of this process, in a folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create(folder: &Path) -> io::Result<PerfDump> {
        PerfDump::of(folder.to_path_buf(), std::process::id())
    }
    fn of(folder: PathBuf, process: u32) -> io::Result<PerfDump> {
        let path = path(&folder, process);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(&header(process))?;
        let announced = Announcement::of(&file)?;
        let written = HEADER_BYTES.into();
        Ok(PerfDump { folder, process, file, _announced: announced, written, units: 0, failed: None })
    }
    /// Code is at an address from now on.
    pub(super) fn add(&mut self, address: u64, code: &[u8], name: &str) {
        if self.failed.is_none() {
            let record = load(self.process, self.units, address, code, name);
            self.failed = self.file.write_all(&record).err();
            self.written += record.len() as u64;
            self.units += 1;
        }
    }
    /// This is the child of a fork, which has the code of its parent and a dump of its own.
    pub(super) fn forked(&mut self) {
        match self.child(std::process::id()) {
            Ok(child) => *self = child,
            Err(error) => self.failed = Some(error),
        }
    }
    fn child(&self, process: u32) -> io::Result<PerfDump> {
        let mut child = PerfDump::of(self.folder.clone(), process)?;
        // The parent goes on meanwhile: what it has compiled since is its own.
        let bytes = fs::read(path(&self.folder, self.process))?;
        let mut rest = bytes.get(HEADER_BYTES as usize..self.written as usize).unwrap_or_default();
        while let Some(length) = number(rest, 4).map(|length| length as usize)
            && let Some(record) = rest.get(..length)
            && length >= LOAD_BYTES
        {
            let (text, address) = (&record[LOAD_BYTES..], wide(record, 32).unwrap_or_default());
            let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
            let code = text.get(end + 1..).unwrap_or_default();
            child.add(address, code, &String::from_utf8_lossy(&text[..end]));
            rest = &rest[length..];
        }
        child.failed.take().map_or(Ok(child), Err)
    }
    /// Why it is not complete.
    ///
    /// # Errors
    /// As said.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

fn path(folder: &Path, process: u32) -> PathBuf {
    folder.join(format!("jit-{process}.dump"))
}

fn header(process: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES as usize);
    for word in [MAGIC, FORMAT, HEADER_BYTES, MACHINE, 0, process] {
        bytes.extend(word.to_ne_bytes());
    }
    let flags = 0u64;
    bytes.extend(monotonic().to_ne_bytes());
    bytes.extend(flags.to_ne_bytes());
    bytes
}

fn load(process: u32, unit: u64, address: u64, code: &[u8], name: &str) -> Vec<u8> {
    // A name ends with a byte 0.
    let name = name.replace('\0', "?");
    let length = LOAD_BYTES + name.len() + 1 + code.len();
    let mut bytes = Vec::with_capacity(length);
    bytes.extend(CODE_LOAD.to_ne_bytes());
    bytes.extend((length as u32).to_ne_bytes());
    bytes.extend(monotonic().to_ne_bytes());
    bytes.extend(process.to_ne_bytes());
    bytes.extend(thread().to_ne_bytes());
    // Where it is executed, and where it was loaded: the same here.
    for word in [address, address, code.len() as u64, unit] {
        bytes.extend(word.to_ne_bytes());
    }
    bytes.extend(name.bytes());
    bytes.push(0);
    bytes.extend(code);
    bytes
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn wide(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each record: its process, address, number, name and code.
    fn read(path: &Path) -> Vec<(u32, u64, u64, String, Vec<u8>)> {
        let bytes = fs::read(path).expect("readable");
        assert_eq!((number(&bytes, 0), number(&bytes, 4), number(&bytes, 8)), (Some(MAGIC), Some(1), Some(40)));
        let mut at = 40;
        let mut records = Vec::new();
        let mut dated = wide(&bytes, 24).expect("a date");
        while at < bytes.len() {
            let record = &bytes[at..at + number(&bytes, at + 4).expect("a length") as usize];
            assert_eq!(number(record, 0), Some(CODE_LOAD));
            let date = wide(record, 8).expect("a date");
            assert!(date >= dated, "records are in the order of their dates");
            dated = date;
            let (address, length) = (wide(record, 24).expect("an address"), wide(record, 40).expect("a length"));
            assert_eq!(wide(record, 32), Some(address));
            let (name, code) = record[LOAD_BYTES..].split_at(record.len() - LOAD_BYTES - length as usize);
            let name = String::from_utf8(name.to_vec()).expect("text");
            let process = number(record, 16).expect("a process");
            records.push((process, address, wide(record, 48).expect("a number"), name, code.to_vec()));
            at += record.len();
        }
        records
    }

    #[test]
    fn records_are_read_back_and_the_child_of_a_fork_has_them_too() {
        let folder = std::env::temp_dir();
        // No processes have these numbers, and no other one that tests uses them.
        let parent = u32::MAX - std::process::id();
        let child = parent - (1 << 30);
        let mut dump = PerfDump::of(folder.clone(), parent).expect("writable");
        dump.add(0x7f00, &[0x90, 0, 0xC3], "f\0:<string>:1");
        dump.add(0x7f10, &[0xC3], "g");
        let mut forked = dump.child(child).expect("writable");
        dump.add(0x7f20, &[], "later");
        forked.add(0x7f20, &[0xCC], "h");
        assert!(dump.end().is_ok() && forked.end().is_ok());
        let first = |process| {
            let f = (process, 0x7f00, 0, "f?:<string>:1\0".to_owned(), vec![0x90, 0, 0xC3]);
            vec![f, (process, 0x7f10, 1, "g\0".to_owned(), vec![0xC3])]
        };
        let mut expected = first(parent);
        expected.push((parent, 0x7f20, 2, "later\0".to_owned(), vec![]));
        assert_eq!(read(&path(&folder, parent)), expected);
        let mut expected = first(child);
        expected.push((child, 0x7f20, 2, "h\0".to_owned(), vec![0xCC]));
        assert_eq!(read(&path(&folder, child)), expected);
        for process in [parent, child] {
            fs::remove_file(path(&folder, process)).expect("there");
        }
    }
}
