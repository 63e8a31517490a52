//! Code units at their storage widths.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memmem, memrchr};
use python_algorithms::work::{BLOCK, Interrupted, Work};

use crate::search::TwoWay;

/// A string's code points, each in one unit of 1 (Latin-1), 2 or 4 bytes; surrogates are code points like others.
///
/// A `str` object has the least width for its content; nothing here relies on that. `bytes` are `One`.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

/// Evaluates the expression with the units as a slice, once for each width.
macro_rules! each_width {
    ($units:expr, $name:ident => $body:expr) => {
        match $units {
            $crate::Units::One($name) => $body,
            $crate::Units::Two($name) => $body,
            $crate::Units::Four($name) => $body,
        }
    };
}
pub(crate) use each_width;

impl<'a> Units<'a> {
    /// How many code points.
    #[inline]
    pub fn len(self) -> usize {
        each_width!(self, units => units.len())
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The code point at an index.
    #[inline]
    pub fn get(self, index: usize) -> Option<u32> {
        each_width!(self, units => units.get(index).map(|&unit| unit.point()))
    }

    /// The part in a range; what of the range lies outside is left off.
    #[inline]
    #[must_use]
    pub fn slice(self, range: Range<usize>) -> Self {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        match self {
            Units::One(units) => Units::One(&units[range]),
            Units::Two(units) => Units::Two(&units[range]),
            Units::Four(units) => Units::Four(&units[range]),
        }
    }

    /// The code points.
    pub fn points(self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + Clone + 'a {
        (0..self.len()).map(move |index| self.get(index).unwrap_or_default())
    }

    /// The first place of a code point that fits.
    #[inline]
    pub(crate) fn position(self, fits: impl Fn(u32) -> bool, work: &mut Work) -> Result<Option<usize>, Interrupted> {
        if let Units::One(units) = self
            && units.len() <= BLOCK
        {
            let found = units.iter().position(|&unit| fits(u32::from(unit)));
            work.spend(1 + found.unwrap_or(units.len()))?;
            return Ok(found);
        }
        each_width!(self, units => {
            for (index, block) in units.chunks(BLOCK).enumerate() {
                let found = block.iter().position(|&unit| fits(unit.point()));
                work.spend(1 + found.unwrap_or(block.len()))?;
                if let Some(found) = found {
                    return Ok(Some(index * BLOCK + found));
                }
            }
            Ok(None)
        })
    }

    /// The last place of a code point that fits.
    #[inline]
    pub(crate) fn rposition(self, fits: impl Fn(u32) -> bool, work: &mut Work) -> Result<Option<usize>, Interrupted> {
        if let Units::One(units) = self
            && units.len() <= BLOCK
        {
            let found = units.iter().rposition(|&unit| fits(u32::from(unit)));
            work.spend(1 + units.len() - found.unwrap_or(0))?;
            return Ok(found);
        }
        each_width!(self, units => {
            let mut end = units.len();
            for block in units.rchunks(BLOCK) {
                let found = block.iter().rposition(|&unit| fits(unit.point()));
                work.spend(1 + block.len() - found.unwrap_or(0))?;
                end -= block.len();
                if let Some(found) = found {
                    return Ok(Some(end + found));
                }
            }
            Ok(None)
        })
    }

    /// The greatest code point, 0 for none.
    pub fn max(self) -> u32 {
        each_width!(self, units => max(units))
    }

    /// Whether all are below 128.
    pub fn is_ascii(self) -> bool {
        match self {
            Units::One(units) => units.is_ascii(),
            Units::Two(units) => max(units) < 0x80,
            Units::Four(units) => max(units) < 0x80,
        }
    }

    /// Whether two sequences hold the same code points.
    pub fn equals(self, other: Units<'_>) -> bool {
        self.len() == other.len()
            && each_width!(self, units => other.with_width(units).is_some_and(|same| same == units))
    }

    /// The order of two sequences, by code points.
    pub fn compare(self, other: Units<'_>) -> std::cmp::Ordering {
        match (self, other) {
            (Units::One(a), Units::One(b)) => a.cmp(b),
            (Units::Two(a), Units::Two(b)) => a.cmp(b),
            (Units::Four(a), Units::Four(b)) => a.cmp(b),
            _ => self.points().cmp(other.points()),
        }
    }

    /// The same code points at the width of `U`, if they all fit it; `like` only says the width.
    pub(crate) fn with_width<U: Unit>(self, like: &[U]) -> Option<Cow<'a, [U]>> {
        let _ = like;
        if let Some(units) = U::of(self) {
            return Some(Cow::Borrowed(units));
        }
        each_width!(self, units => units.iter().map(|&unit| U::from_point(unit.point())).collect::<Option<Vec<U>>>())
            .map(Cow::Owned)
    }
}

impl<'a> From<&'a [u8]> for Units<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Units::One(bytes)
    }
}

pub(crate) fn max<U: Unit>(units: &[U]) -> u32 {
    units.iter().fold(0, |most, &unit| most.max(unit.point()))
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for u16 {}
    impl Sealed for u32 {}
}

/// A code unit: `u8`, `u16` or `u32`.
pub trait Unit: Copy + Ord + std::fmt::Debug + sealed::Sealed + 'static {
    /// A prepared search for two or more units from the left.
    type Finder<'n>: Clone + std::fmt::Debug;
    /// A prepared search for two or more units from the right.
    type RFinder<'n>: Clone + std::fmt::Debug;

    /// The code point.
    fn point(self) -> u32;
    /// The unit for a code point, if it fits.
    fn from_point(point: u32) -> Option<Self>;
    /// The units as such.
    fn wrap(units: &[Self]) -> Units<'_>;
    /// The slice within, if it has this width.
    fn of(units: Units<'_>) -> Option<&[Self]>;
    /// The first place of a unit.
    fn find_unit(units: &[Self], unit: Self) -> Option<usize>;
    /// How often a unit occurs.
    fn count_unit(units: &[Self], unit: Self) -> usize;
    /// The last place of a unit.
    fn rfind_unit(units: &[Self], unit: Self) -> Option<usize>;
    /// Prepares a search; the needle has two or more units.
    fn finder(needle: &[Self]) -> Self::Finder<'_>;
    /// The first place of the needle.
    fn find_with(finder: &Self::Finder<'_>, units: &[Self]) -> Option<usize>;
    /// Prepares a search from the right; the needle has two or more units.
    fn rfinder(needle: &[Self]) -> Self::RFinder<'_>;
    /// The last place of the needle.
    fn rfind_with(finder: &Self::RFinder<'_>, units: &[Self]) -> Option<usize>;
}

impl Unit for u8 {
    type Finder<'n> = memmem::Finder<'n>;
    type RFinder<'n> = memmem::FinderRev<'n>;

    #[inline]
    fn point(self) -> u32 {
        u32::from(self)
    }
    #[inline]
    fn from_point(point: u32) -> Option<Self> {
        u8::try_from(point).ok()
    }
    fn wrap(units: &[Self]) -> Units<'_> {
        Units::One(units)
    }
    fn of(units: Units<'_>) -> Option<&[Self]> {
        if let Units::One(units) = units { Some(units) } else { None }
    }
    fn find_unit(units: &[Self], unit: Self) -> Option<usize> {
        memchr(unit, units)
    }
    fn count_unit(units: &[Self], unit: Self) -> usize {
        memchr::memchr_iter(unit, units).count()
    }
    fn rfind_unit(units: &[Self], unit: Self) -> Option<usize> {
        memrchr(unit, units)
    }
    fn finder(needle: &[Self]) -> Self::Finder<'_> {
        memmem::Finder::new(needle)
    }
    fn find_with(finder: &Self::Finder<'_>, units: &[Self]) -> Option<usize> {
        finder.find(units)
    }
    fn rfinder(needle: &[Self]) -> Self::RFinder<'_> {
        memmem::FinderRev::new(needle)
    }
    fn rfind_with(finder: &Self::RFinder<'_>, units: &[Self]) -> Option<usize> {
        finder.rfind(units)
    }
}

macro_rules! wide_unit {
    ($unit:ty, $variant:ident) => {
        impl Unit for $unit {
            type Finder<'n> = TwoWay<'n, $unit, false>;
            type RFinder<'n> = TwoWay<'n, $unit, true>;

            #[inline]
            fn point(self) -> u32 {
                self as u32
            }
            #[inline]
            fn from_point(point: u32) -> Option<Self> {
                point.try_into().ok()
            }
            fn wrap(units: &[Self]) -> Units<'_> {
                Units::$variant(units)
            }
            fn of(units: Units<'_>) -> Option<&[Self]> {
                if let Units::$variant(units) = units { Some(units) } else { None }
            }
            fn find_unit(units: &[Self], unit: Self) -> Option<usize> {
                // Whole blocks first, whose comparison the compiler turns into vector instructions.
                let (blocks, _) = units.as_chunks::<16>();
                let none = |block: &&[Self; 16]| !block.iter().fold(false, |any, &other| any | (other == unit));
                let skipped = blocks.iter().take_while(none).count() * 16;
                Some(skipped + units[skipped..].iter().position(|&other| other == unit)?)
            }
            fn count_unit(units: &[Self], unit: Self) -> usize {
                units.iter().filter(|&&other| other == unit).count()
            }
            fn rfind_unit(units: &[Self], unit: Self) -> Option<usize> {
                units.iter().rposition(|&other| other == unit)
            }
            fn finder(needle: &[Self]) -> Self::Finder<'_> {
                TwoWay::new(needle)
            }
            fn find_with(finder: &Self::Finder<'_>, units: &[Self]) -> Option<usize> {
                finder.find(units)
            }
            fn rfinder(needle: &[Self]) -> Self::RFinder<'_> {
                TwoWay::new(needle)
            }
            fn rfind_with(finder: &Self::RFinder<'_>, units: &[Self]) -> Option<usize> {
                finder.find(units)
            }
        }
    };
}
wide_unit!(u16, Two);
wide_unit!(u32, Four);
