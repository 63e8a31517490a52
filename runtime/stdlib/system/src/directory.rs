//! Reading directories.

use crate::{checked, path_text};
use std::io;
use std::path::Path;

/// What an entry is said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A directory.
    Directory,
    /// A regular file.
    Regular,
    /// A symbolic link.
    Link,
    /// Something else.
    Other,
    /// The file system does not say.
    Unknown,
}

/// An entry of a directory.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Its number.
    pub inode: u64,
}

/// An open directory.
pub struct Directory(*mut libc::DIR);

impl Directory {
    /// `opendir(3)`
    ///
    /// # Errors
    /// There is none, or it may not be read.
    pub fn open(path: &Path) -> io::Result<Directory> {
        let path = path_text(path)?;
        // SAFETY: the path ends with NUL.
        Directory::of(unsafe { libc::opendir(path.as_ptr()) })
    }
    /// The directory of a descriptor, from its beginning; the descriptor stays as it is.
    ///
    /// # Errors
    /// It is no directory's.
    pub fn of_descriptor(fd: i32) -> io::Result<Directory> {
        let own = crate::duplicate(fd)?;
        // SAFETY: the descriptor is ours, and the directory's from now on.
        let directory = Directory::of(unsafe { libc::fdopendir(own) });
        match &directory {
            // SAFETY: it is open.
            Ok(directory) => unsafe { libc::rewinddir(directory.0) },
            Err(_) => crate::close(own)?,
        }
        directory
    }
    fn of(directory: *mut libc::DIR) -> io::Result<Directory> {
        if directory.is_null() { Err(io::Error::last_os_error()) } else { Ok(Directory(directory)) }
    }
    /// The next entry, but for those of the directory itself and its parent.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        loop {
            // SAFETY: the pointer is to the thread's own number.
            unsafe { *libc::__errno_location() = 0 };
            // SAFETY: it is open, and nobody else reads it.
            let entry = unsafe { libc::readdir64(self.0) };
            if entry.is_null() {
                let error = io::Error::last_os_error();
                return if error.raw_os_error() == Some(0) { Ok(None) } else { Err(error) };
            }
            // SAFETY: the entry is valid until the next call; the name ends with NUL.
            let (entry, name) = unsafe { (&*entry, std::ffi::CStr::from_ptr((*entry).d_name.as_ptr()).to_bytes()) };
            if name == b"." || name == b".." {
                continue;
            }
            let kind = match entry.d_type {
                libc::DT_DIR => EntryKind::Directory,
                libc::DT_REG => EntryKind::Regular,
                libc::DT_LNK => EntryKind::Link,
                libc::DT_UNKNOWN => EntryKind::Unknown,
                _ => EntryKind::Other,
            };
            return Ok(Some(Entry { name: name.to_vec(), kind, inode: entry.d_ino }));
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // SAFETY: it is open, and nobody uses it any more. An error would be that it is not.
        _ = checked(unsafe { libc::closedir(self.0) });
    }
}
