//! Which characters double-byte sets have where: tables between codes of two bytes and code points.
//!
//! They are facts about CPython 3.12, in `data/maps.bin`, which `data/make.py` makes by asking one, and which it describes. A
//! table is unpacked when it is first needed, and stays: between 100 and 250 KB each. Codes have both high bits set where a
//! set is one of 94 by 94.

use std::sync::LazyLock;

/// A table in both directions.
pub(crate) struct Map {
    /// Where the rows of first bytes begin in `cells`, in rows; 0: all are empty.
    rows: [u8; 256],
    /// Code points by row and second byte; 0: none.
    cells: Vec<[u32; 256]>,
    /// Where the pages of code points begin in `codes`, in pages; 0: all are empty.
    pages: Vec<u16>,
    /// Codes by page and lowest byte; 0: none.
    codes: Vec<[u16; 256]>,
}

/// Pages of 256 code points that have characters of any set: the BMP, and planes 1 and 2.
const PAGES: usize = 0x300;

impl Map {
    /// The code point of a code.
    #[inline]
    pub(crate) fn decode(&self, lead: u8, trail: u8) -> Option<u32> {
        let c = self.cells[usize::from(self.rows[usize::from(lead)])][usize::from(trail)];
        (c != 0).then_some(c)
    }
    /// The code of a code point.
    #[inline]
    pub(crate) fn encode(&self, c: u32) -> Option<u16> {
        let page = *self.pages.get(c as usize >> 8)?;
        let code = self.codes[usize::from(page)][c as usize & 0xFF];
        (code != 0).then_some(code)
    }
    fn empty() -> Map {
        Map { rows: [0; 256], cells: vec![[0; 256]], pages: vec![0; PAGES], codes: vec![[0; 256]] }
    }
    fn put_cell(&mut self, code: u16, c: u32) {
        let [lead, trail] = code.to_be_bytes();
        let row = &mut self.rows[usize::from(lead)];
        if *row == 0 {
            *row = self.cells.len() as u8;
            self.cells.push([0; 256]);
        }
        self.cells[usize::from(*row)][usize::from(trail)] = c;
    }
    fn put_code(&mut self, c: u32, code: u16) {
        let page = &mut self.pages[c as usize >> 8];
        if *page == 0 {
            *page = self.codes.len() as u16;
            self.codes.push([0; 256]);
        }
        self.codes[usize::from(*page)][c as usize & 0xFF] = code;
    }
    /// Codes and their code points, ascending.
    fn filled(&self) -> Vec<(u16, u32)> {
        let codes = (0..=u16::MAX).filter_map(|code| {
            let [lead, trail] = code.to_be_bytes();
            Some((code, self.decode(lead, trail)?))
        });
        codes.collect()
    }
    /// The code points of the BMP beyond ASCII that have no code, ascending, as stretches: the first, and how many come
    /// before it.
    pub(crate) fn gaps(&self) -> Vec<(u32, u32)> {
        let (mut gaps, mut before, mut within) = (Vec::new(), 0, false);
        for c in 0x80..0x1_0000 {
            let gap = self.encode(c).is_none() && !(0xD800..0xE000).contains(&c);
            if gap && !within {
                gaps.push((c, before));
            }
            before += u32::from(gap);
            within = gap;
        }
        gaps
    }
    /// Reads table `index` of the data, which rests on another one with its codes changed so.
    fn load(index: usize, base: Option<Base<'_>>) -> Map {
        let all = miniz_oxide::inflate::decompress_to_vec(include_bytes!("../data/maps.bin"));
        let mut data = Data(all.as_deref().unwrap_or_else(|_| unreachable!("a test reads all tables")));
        for _ in 0..index {
            data.table();
        }
        let (cells, exceptions) = data.table();
        let mut map = Map::empty();
        for (code, c) in base.map(|(base, _)| base.filled()).unwrap_or_default() {
            map.put_cell(base.map_or(code, |(_, change)| change(code)), c);
        }
        for (code, c) in cells {
            map.put_cell(code, c);
        }
        for (code, c) in map.filled() {
            if map.encode(c).is_none() {
                map.put_code(c, code);
            }
        }
        for (c, code) in exceptions {
            map.put_code(c, code);
        }
        map
    }
}

/// A table that another one rests on, and what becomes of its codes there.
type Base<'a> = (&'a Map, fn(u16) -> u16);

/// The rest of the data.
struct Data<'a>(&'a [u8]);

type Cells = Vec<(u16, u32)>;
type Exceptions = Vec<(u32, u16)>;

impl<'a> Data<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(n);
        self.0 = rest;
        taken
    }
    fn number(&mut self) -> u16 {
        let b = self.take(2);
        u16::from_le_bytes([b[0], b[1]])
    }
    fn table(&mut self) -> (Cells, Exceptions) {
        let count = usize::from(self.number());
        let codes: Vec<u16> = (0..count).map(|_| self.number()).collect();
        let (low, middle, high) = (self.take(count), self.take(count), self.take(count));
        let (mut code, mut c) = (0u16, 0u32);
        let cells = (0..count).map(|i| {
            code = code.wrapping_add(codes[i]);
            c = (c + u32::from_le_bytes([low[i], middle[i], high[i], 0])) & 0x3_FFFF;
            (code, c)
        });
        let cells = cells.collect();
        let exceptions = (0..self.number()).map(|_| {
            let b = self.take(5);
            (u32::from_le_bytes([b[0], b[1], b[2], 0]), u16::from_le_bytes([b[3], b[4]]))
        });
        (cells, exceptions.collect())
    }
}

macro_rules! maps {
    ($($(#[$doc:meta])* $NAME:ident = $index:literal $(, on $BASE:ident by $change:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $NAME: LazyLock<Map> = LazyLock::new(|| {
                #[allow(unused_mut, unused_assignments, reason = "where there is no base")]
                let mut base: Option<Base<'_>> = None;
                $( base = Some((&$BASE, $change)); )?
                Map::load($index, base)
            });
        )*
        #[cfg(test)]
        const ALL: &[&LazyLock<Map>] = &[$(&$NAME),*];
    };
}
maps! {
    /// GB 2312: 94 by 94.
    GB2312 = 0;
    /// GBK.
    GBK = 1, on GB2312 by same;
    /// The codes of two bytes of GB 18030.
    GB18030 = 2, on GBK by same;
    /// Big5.
    BIG5 = 3;
    /// Code page 950.
    CP950 = 4, on BIG5 by same;
    /// Big5 with the supplement of Hong Kong.
    BIG5HKSCS = 5, on BIG5 by same;
    /// JIS X 0208: 94 by 94.
    JISX0208 = 6;
    /// JIS X 0212: 94 by 94.
    JISX0212 = 7;
    /// JIS X 0213:2004, plane 1: 94 by 94.
    JISX0213_1 = 8, on JISX0208 by same;
    /// JIS X 0213:2004, plane 2: 94 by 94.
    JISX0213_2 = 9;
    /// Code page 932, without the rows of user-defined characters.
    CP932 = 10, on JISX0208 by to_shift_jis;
    /// KS X 1001: 94 by 94.
    KSX1001 = 11;
    /// Code page 949: what is not of KS X 1001 has no high bit in its code's second byte, or a smaller code.
    CP949 = 12, on KSX1001 by same;
}

fn same(code: u16) -> u16 {
    code
}

/// A code of 94 by 94 as Shift JIS arranges it: two rows share a first byte.
pub(crate) fn to_shift_jis(code: u16) -> u16 {
    let [row, column] = code.to_be_bytes().map(|b| (b & 0x7F) - 0x21);
    let lead = (row >> 1) + if row < 62 { 0x81 } else { 0xC1 };
    let trail = column + if row & 1 == 1 { 94 } else { 0 };
    u16::from_be_bytes([lead, trail + if trail < 63 { 0x40 } else { 0x41 }])
}

/// The other way: row and column from 0 on. The second byte must be in 0x40..=0xFC.
pub(crate) fn of_shift_jis(lead: u8, trail: u8) -> (u8, u8) {
    let row = (if lead < 0xE0 { lead - 0x81 } else { lead - 0xC1 }) << 1;
    let column = if trail < 0x80 { trail - 0x40 } else { trail - 0x41 };
    if column < 94 { (row, column) } else { (row + 1, column - 94) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_to_the_end() {
        let all = miniz_oxide::inflate::decompress_to_vec(include_bytes!("../data/maps.bin")).expect("DEFLATE");
        let mut data = Data(&all);
        for map in ALL {
            let (cells, exceptions) = data.table();
            assert!(!cells.is_empty() && exceptions.len() < 20);
            assert!(cells.iter().all(|(code, c)| {
                let [lead, trail] = code.to_be_bytes();
                map.decode(lead, trail) == Some(*c).filter(|c| *c != 0)
            }));
            assert!(exceptions.iter().all(|(c, code)| map.encode(*c) == Some(*code).filter(|code| *code != 0)));
        }
        assert!(data.0.is_empty());
    }

    #[test]
    fn codes_of_shift_jis_are_one_to_one() {
        for row in 0..94 {
            for column in 0..94 {
                let [lead, trail] = to_shift_jis(u16::from_be_bytes([row + 0xA1, column + 0xA1])).to_be_bytes();
                assert_eq!(of_shift_jis(lead, trail), (row, column));
            }
        }
    }
}
