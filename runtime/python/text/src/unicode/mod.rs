//! Properties and case mappings of code points, Unicode 15.0 as in CPython 3.12.
//!
//! All code points with the same properties and the same distance to their mappings share a record; one generated table
//! of runs says which record begins where. From it a table of two stages, by page of 256, is computed when this crate
//! is compiled: looking a code point up takes two loads.

mod tables;

pub use python_syntax::unicode::character_named;
use tables::{DIGITS, RECORDS, RUNS, SPECIAL_FOLD, SPECIAL_LOWER, SPECIAL_TITLE, SPECIAL_UPPER};

/// Bits of a record's flags; the order is the generator's.
mod flag {
    pub(super) const ALPHABETIC: u16 = 1;
    pub(super) const DECIMAL: u16 = 1 << 1;
    pub(super) const DIGIT: u16 = 1 << 2;
    pub(super) const NUMERIC: u16 = 1 << 3;
    pub(super) const SPACE: u16 = 1 << 4;
    pub(super) const UPPER: u16 = 1 << 5;
    pub(super) const LOWER: u16 = 1 << 6;
    pub(super) const TITLE: u16 = 1 << 7;
    pub(super) const PRINTABLE: u16 = 1 << 8;
    pub(super) const CASE_IGNORABLE: u16 = 1 << 9;
    pub(super) const SPECIAL_UPPER: u16 = 1 << 10;
    pub(super) const SPECIAL_LOWER: u16 = 1 << 11;
    pub(super) const SPECIAL_TITLE: u16 = 1 << 12;
    pub(super) const SPECIAL_FOLD: u16 = 1 << 13;
}

const PAGES: usize = 0x1100;

type Record = (u16, i32, i32, i32, i32);

const fn start(run: usize) -> u32 {
    if run < RUNS.len() { RUNS[run] >> 11 } else { 0x11_0000 }
}

/// How many pages of 256 code points hold more than one run.
const MIXED_PAGES: usize = {
    let (mut pages, mut last, mut run) = (0, PAGES, 1);
    while run < RUNS.len() {
        let page = start(run) as usize >> 8;
        // A run that begins with its page leaves the page before whole.
        if start(run) & 0xFF != 0 && page != last {
            pages += 1;
            last = page;
        }
        run += 1;
    }
    pages
};

/// For each page its record, or 256 plus its number among the mixed pages.
static PAGE_TABLE: [u16; PAGES] = PAGE_TABLES.0;

/// The records of the mixed pages.
static MIXED: [[u8; 256]; MIXED_PAGES] = PAGE_TABLES.1;

const PAGE_TABLES: ([u16; PAGES], [[u8; 256]; MIXED_PAGES]) = {
    assert!(RECORDS.len() <= 256);
    let mut table = [0; PAGES];
    let mut mixed = [[0; 256]; MIXED_PAGES];
    let (mut page, mut run, mut count) = (0, 0, 0);
    while page < PAGES {
        let first = (page as u32) << 8;
        while start(run + 1) <= first {
            run += 1;
        }
        if start(run + 1) >= first + 256 {
            table[page] = (RUNS[run] & 0x7FF) as u16;
        } else {
            let mut offset = 0;
            while offset < 256 {
                if start(run + 1) <= first + offset as u32 {
                    run += 1;
                }
                mixed[count][offset] = (RUNS[run] & 0x7FF) as u8;
                offset += 1;
            }
            table[page] = 256 + count as u16;
            count += 1;
        }
        page += 1;
    }
    assert!(count == MIXED_PAGES);
    (table, mixed)
};

/// What is no code point has the record of 0, which says nothing.
#[inline]
fn record(point: u32) -> &'static Record {
    let page = match PAGE_TABLE.get(point as usize >> 8) {
        Some(&page) => page as usize,
        None => return &RECORDS[0],
    };
    &RECORDS[if page < 256 { page } else { MIXED[page - 256][point as usize & 0xFF] as usize }]
}

#[inline]
fn has(point: u32, flag: u16) -> bool {
    record(point).0 & flag != 0
}

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident: $flag:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name(point: u32) -> bool {
            has(point, flag::$flag)
        }
    )*};
}

properties! {
    /// `str.isalpha`: general categories Lm, Lt, Lu, Ll, Lo.
    is_alphabetic: ALPHABETIC;
    /// `str.isdecimal`: category Nd.
    is_decimal: DECIMAL;
    /// `str.isdigit`: decimals and superscripts and the like.
    is_digit: DIGIT;
    /// `str.isnumeric`: digits, fractions, CJK numerals and the like.
    is_numeric: NUMERIC;
    /// `str.isspace`: category Zs or bidirectional type WS, B or S.
    is_space: SPACE;
    /// Other_Uppercase or category Lu.
    is_upper: UPPER;
    /// Other_Lowercase or category Ll.
    is_lower: LOWER;
    /// Category Lt.
    is_title: TITLE;
    /// `str.isprintable`: assigned, no separator but the space, no control, format or private character.
    is_printable: PRINTABLE;
    /// Case_Ignorable.
    is_case_ignorable: CASE_IGNORABLE;
}

/// The property Cased: upper, lower or title case.
#[inline]
pub fn is_cased(point: u32) -> bool {
    has(point, flag::UPPER | flag::LOWER | flag::TITLE)
}

/// `str.isalnum` for one code point.
#[inline]
pub fn is_alphanumeric(point: u32) -> bool {
    has(point, flag::ALPHABETIC | flag::DECIMAL | flag::DIGIT | flag::NUMERIC)
}

/// What ends a line for `str.splitlines`.
#[inline]
pub fn is_line_break(point: u32) -> bool {
    matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// The value of a decimal digit.
pub fn decimal_value(point: u32) -> Option<u8> {
    if point < 0x80 {
        return char::from_u32(point)?.to_digit(10).map(|digit| digit as u8);
    }
    // Decimal digits come in tens, each with a run to itself or together with others.
    let run = RUNS.partition_point(|run| run >> 11 <= point).checked_sub(1)?;
    is_decimal(point).then(|| ((point - start(run)) % 10) as u8)
}

/// The value of a digit (`unicodedata.digit`).
pub fn digit_value(point: u32) -> Option<u8> {
    decimal_value(point).or_else(|| {
        let next = DIGITS.partition_point(|&(first, _, _)| first <= point);
        let &(first, count, value) = DIGITS.get(next.checked_sub(1)?)?;
        (point < first + u32::from(count)).then(|| value + (point - first) as u8)
    })
}

/// What one code point becomes: one to three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped {
    points: [u32; 3],
    count: u8,
}

impl Mapped {
    #[inline]
    fn one(point: u32) -> Self {
        Mapped { points: [point, 0, 0], count: 1 }
    }

    /// The code points.
    #[inline]
    pub fn points(&self) -> &[u32] {
        &self.points[..self.count as usize]
    }
}

impl From<u32> for Mapped {
    #[inline]
    fn from(point: u32) -> Self {
        Mapped::one(point)
    }
}

fn special(table: &[(u32, [u32; 3])], point: u32) -> Mapped {
    match table.binary_search_by_key(&point, |&(key, _)| key) {
        Ok(index) => {
            let points = table[index].1;
            Mapped { points, count: if points[2] == 0 { 2 } else { 3 } }
        }
        Err(_) => Mapped::one(point),
    }
}

macro_rules! mappings {
    ($($(#[$doc:meta])* $name:ident: $delta:tt, $flag:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name(point: u32) -> Mapped {
            let record = record(point);
            if record.0 & flag::$flag != 0 {
                return special(&$flag, point);
            }
            Mapped::one(point.wrapping_add_signed(record.$delta))
        }
    )*};
}

mappings! {
    /// Full upper case.
    to_upper: 1, SPECIAL_UPPER;
    /// Full lower case, without regard to what stands around (capital sigma gives the ordinary small one).
    to_lower: 2, SPECIAL_LOWER;
    /// Full title case.
    to_title: 3, SPECIAL_TITLE;
    /// Full case folding.
    fold: 4, SPECIAL_FOLD;
}

/// One code point for one, as regular expressions compare: of several, CPython takes the first.
#[inline]
pub fn to_simple_lower(point: u32) -> u32 {
    to_lower(point).points[0]
}

/// As [`to_simple_lower`] for upper case.
#[inline]
pub fn to_simple_upper(point: u32) -> u32 {
    to_upper(point).points[0]
}

/// Whether a code point has another in simple upper or lower case, as regular expressions ask.
#[inline]
pub fn has_simple_case(point: u32) -> bool {
    point != to_simple_upper(point) || point != to_simple_lower(point)
}

/// `str.isidentifier` for the first character.
pub fn is_identifier_start(point: u32) -> bool {
    point == u32::from('_') || char::from_u32(point).is_some_and(python_syntax::unicode::is_xid_start)
}

/// `str.isidentifier` for the others.
pub fn is_identifier_continue(point: u32) -> bool {
    char::from_u32(point).is_some_and(python_syntax::unicode::is_xid_continue)
}
