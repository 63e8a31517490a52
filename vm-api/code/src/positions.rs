//! The positions of a code's instructions.
//!
//! Few codes ever tell where they stand, so those that a program carries within itself ([`open_own`](crate::serial::open_own))
//! are read when they are asked for.

use crate::code::Position;
use crate::serial::Deferred;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// One position per instruction.
#[derive(Clone, Default)]
pub struct Positions {
    read: OnceLock<Box<[Position]>>,
    /// Where they stand as long as they are not read.
    kept: Option<Box<Deferred>>,
}

impl Positions {
    /// Those of a code that is part of the program.
    pub(crate) fn kept(code: Deferred) -> Positions {
        Positions { read: OnceLock::new(), kept: Some(Box::new(code)) }
    }
    /// As a vector of their own.
    pub fn into_vec(self) -> Vec<Position> {
        let _ = &*self;
        self.read.into_inner().unwrap_or_default().into_vec()
    }
}

impl Deref for Positions {
    type Target = [Position];
    fn deref(&self) -> &[Position] {
        self.read.get_or_init(|| {
            let read = self.kept.as_ref().map(|code| code.positions());
            // The code was read from the same bytes before.
            read.and_then(Result::ok).unwrap_or_default()
        })
    }
}

impl DerefMut for Positions {
    fn deref_mut(&mut self) -> &mut [Position] {
        let _ = &**self;
        self.read.get_mut().map_or(&mut [], |read| read)
    }
}

impl From<Vec<Position>> for Positions {
    fn from(list: Vec<Position>) -> Positions {
        Positions { read: OnceLock::from(list.into_boxed_slice()), kept: None }
    }
}

impl From<&[Position]> for Positions {
    fn from(list: &[Position]) -> Positions {
        list.to_vec().into()
    }
}

impl PartialEq for Positions {
    fn eq(&self, other: &Positions) -> bool {
        **self == **other
    }
}

impl Eq for Positions {}

impl std::fmt::Debug for Positions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}
