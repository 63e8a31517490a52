//! Codes that stay in their file until they are wanted: most functions of a program are never called, so most are never read.
//!
//! A [`Deferred`] gives its code by [`Deferred::load`] and no other way, and that verifies it. So a code that came from
//! outside is verified before it runs here as well, only later. What is part of the program did not come from outside
//! ([`open_own`]): it is as good as what the compiler hands over.

use super::read::{self, Reader};
use super::tables::File;
use super::{LoadError, fingerprint, input::Read};
use crate::code::{Code, Position};
use crate::constant::Constant;
use crate::opcode::OpcodeInfo;
use crate::verify::verify;
use std::borrow::Cow;
use std::sync::Arc;

/// An opcode table with its fingerprint, which need not be computed for each file.
#[derive(Debug)]
pub struct OpcodeSet {
    pub(super) table: &'static [OpcodeInfo],
    pub(super) fingerprint: u64,
}

impl OpcodeSet {
    /// A table's.
    pub const fn new(table: &'static [OpcodeInfo]) -> OpcodeSet {
        OpcodeSet { table, fingerprint: fingerprint(table) }
    }
}

/// A code among the constants of another one that is still in its file.
#[derive(Clone)]
pub struct Deferred {
    file: Arc<File>,
    /// Its number in the file.
    number: u32,
    /// The number of the first of the codes that are inside this one: those from there to its own.
    first: u32,
}

/// What can be known of a code without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header<'a> {
    /// [`Code::name`]
    pub name: &'a str,
    /// [`Code::qualified_name`]
    pub qualified_name: &'a str,
    /// [`Code::source`]
    pub source: &'a str,
    /// [`Code::first_line`]
    pub first_line: u32,
    /// [`Code::flags`]
    pub flags: u32,
}

/// Reads the outermost code of the file that begins at `start`, and verifies it. The codes among its constants are
/// [`Constant::Deferred`].
///
/// # Errors
/// The file is no file of this form and table, or its outermost code is not right. Others may not be either, which shows when
/// they are asked for.
pub fn open(bytes: Vec<u8>, start: usize, set: &OpcodeSet) -> Result<Code, LoadError> {
    outermost(Cow::Owned(bytes), start, set, true)
}

/// The same for a file that this very program wrote and now carries within itself: nothing is verified, neither now nor later.
///
/// # Errors
/// The file was written by another form or with another table.
pub fn open_own(bytes: &'static [u8], start: usize, set: &OpcodeSet) -> Result<Code, LoadError> {
    outermost(Cow::Borrowed(bytes), start, set, false)
}

fn outermost(bytes: Cow<'static, [u8]>, start: usize, set: &OpcodeSet, foreign: bool) -> Result<Code, LoadError> {
    let file = File::new(bytes, start, set, foreign)?;
    let number = file.tables().codes().checked_sub(1).ok_or(LoadError::Malformed("no code"))?;
    // The count of codes is one of 32 bits.
    Deferred { file: Arc::new(file), number: number as u32, first: 0 }.load()
}

impl Deferred {
    fn number(&self) -> usize {
        self.number as usize
    }

    /// What is known of the code without reading it.
    ///
    /// # Errors
    /// The file is damaged there.
    pub fn header(&self) -> Result<Header<'_>, LoadError> {
        let tables = self.file.tables();
        read::header(&tables, &mut tables.code(self.number())?)
    }

    /// [`Code::extra`] alone.
    ///
    /// # Errors
    /// The file is damaged there.
    pub fn extra(&self) -> Result<Box<[Constant]>, LoadError> {
        let tables = self.file.tables();
        let mut input = tables.code(self.number())?;
        read::header(&tables, &mut input)?;
        let mut next = self.first as usize;
        read::constants(&mut input, &mut |k| self.inner(&mut next, k)).map(|(extra, _)| extra)
    }

    /// Reads the code and verifies it. The codes among its constants are deferred again.
    ///
    /// # Errors
    /// The file is damaged there.
    pub fn load(&self) -> Result<Code, LoadError> {
        let reader = self.reader();
        // To verify a code takes its positions.
        let reader = if self.file.foreign { reader } else { reader.keeping(self.clone()) };
        self.verified(self.read(reader)?)
    }

    /// [`Code::positions`] alone.
    ///
    /// # Errors
    /// The file is damaged there.
    pub(crate) fn positions(&self) -> Result<Box<[Position]>, LoadError> {
        Ok(self.read(self.reader())?.positions.into_vec().into())
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(self.file.tables(), self.file.table, self.file.size())
    }

    fn read(&self, mut reader: Reader<'_>) -> Read<Code> {
        let mut next = self.first as usize;
        let (code, _) = reader.code(self.number(), &mut |k| self.inner(&mut next, k))?;
        if next != self.number() {
            return Err(LoadError::Malformed("a code that nothing refers to"));
        }
        Ok(code)
    }

    /// Reads the code with all codes inside it, and verifies them.
    ///
    /// # Errors
    /// The file is damaged there.
    pub fn load_whole(&self) -> Result<Code, LoadError> {
        let tables = self.file.tables();
        let code = read::range(tables, self.file.table, self.file.size(), self.first as usize..=self.number())?;
        self.verified(code)
    }

    fn verified(&self, code: Code) -> Result<Code, LoadError> {
        if self.file.foreign {
            verify(&code, self.file.table).map_err(LoadError::Refused)?;
        }
        Ok(code)
    }

    /// The code of number `k`, to which this one refers, where those up to `next` belong to others that it refers to.
    fn inner(&self, next: &mut usize, k: usize) -> Read<(Constant, usize)> {
        let first = read::inner_range(next, k, self.number())? as u32;
        Ok((Constant::Deferred(Deferred { file: self.file.clone(), number: k as u32, first }), 1))
    }
}

/// The same code of the same file.
impl PartialEq for Deferred {
    fn eq(&self, other: &Deferred) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && self.number == other.number
    }
}

impl Eq for Deferred {}

impl std::fmt::Debug for Deferred {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deferred").field("number", &self.number).field("header", &self.header()).finish()
    }
}

impl Code {
    /// The code with all codes inside it read.
    ///
    /// # Errors
    /// A file is damaged.
    pub fn complete(&self) -> Result<Code, LoadError> {
        let mut code = self.clone();
        code.constants.iter_mut().chain(&mut code.extra).try_for_each(complete)?;
        Ok(code)
    }
}

/// Reads the codes inside a constant. Constants do not nest deeper than [`MAX_NESTING`](crate::MAX_NESTING).
fn complete(constant: &mut Constant) -> Result<(), LoadError> {
    match constant {
        Constant::Deferred(deferred) => *constant = Constant::Code(Arc::new(deferred.load_whole()?)),
        Constant::Tuple(items) | Constant::FrozenSet(items) => items.iter_mut().try_for_each(complete)?,
        _ => {}
    }
    Ok(())
}
