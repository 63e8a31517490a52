//! `co_linetable`: where instructions come from, in CPython 3.12's bytes, an instruction being one unit of code.
//!
//! Each entry is for one to eight units. Its first byte has the top bit set, then four bits of its form, then the number of units
//! less one. Forms 0 to 9 are a short range of columns on the same line, 10 to 12 any range on this line or one of the next two, 13
//! a line without columns, 14 anything, 15 no place at all. Units that no entry is for have [`Position::UNRECORDED`].

use vm_api::code::Position;

const NO_COLUMN: u32 = Position::NO_COLUMN;

/// The table of these positions. Without columns where those are not to be told.
pub(super) fn encode(first_line: u32, positions: &[Position], columns: bool) -> Vec<u8> {
    let recorded = recorded(positions);
    let (mut out, mut line) = (Vec::new(), i64::from(first_line));
    let shown = |p: &Position| match p.line {
        0 => Position::default(),
        line if !columns => Position { line, end_line: line, column: NO_COLUMN, end_column: NO_COLUMN },
        _ => *p,
    };
    for run in positions[..recorded].chunk_by(|a, b| shown(a) == shown(b)) {
        for units in run.chunks(8) {
            entry(&mut out, &shown(&units[0]), units.len() as u8, &mut line);
        }
    }
    out
}

/// How many instructions there is anything written down of.
pub(super) fn recorded(positions: &[Position]) -> usize {
    positions.iter().rposition(|p| *p != Position::UNRECORDED).map_or(0, |last| last + 1)
}

fn entry(out: &mut Vec<u8>, p: &Position, units: u8, line: &mut i64) {
    let head = |out: &mut Vec<u8>, form: u8| out.push(0x80 | form << 3 | (units - 1));
    if p.line == 0 {
        return head(out, 15);
    }
    let delta = i64::from(p.line) - *line;
    *line = i64::from(p.line);
    let known = p.column != NO_COLUMN && p.end_column != NO_COLUMN;
    if p.line == p.end_line && !known {
        head(out, 13);
        return signed(out, delta);
    }
    if p.line == p.end_line && known {
        let width = p.end_column.checked_sub(p.column).filter(|w| *w < 16);
        if let Some(width) = width.filter(|_| delta == 0 && p.column < 80) {
            head(out, (p.column >> 3) as u8);
            return out.push(((p.column & 7) << 4 | width) as u8);
        }
        if (0..3).contains(&delta) && p.column < 128 && p.end_column < 128 {
            head(out, 10 + delta as u8);
            return out.extend([p.column as u8, p.end_column as u8]);
        }
    }
    head(out, 14);
    signed(out, delta);
    number(out, u64::from(p.end_line.saturating_sub(p.line)));
    for column in [p.column, p.end_column] {
        number(out, if column == NO_COLUMN { 0 } else { u64::from(column) + 1 });
    }
}

/// Six bits a byte, the lowest first.
fn number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 64 {
        out.push(0x40 | (n & 63) as u8);
        n >>= 6;
    }
    out.push(n as u8);
}

fn signed(out: &mut Vec<u8>, n: i64) {
    number(out, n.unsigned_abs() << 1 | u64::from(n < 0));
}

/// The positions of so many instructions by a table. A table that ends too early leaves instructions without; what is said of more
/// instructions counts for nothing. Numbers that no line or column can be are as if they were not there.
pub(super) fn decode(first_line: u32, table: &[u8], count: usize) -> Vec<Position> {
    let mut positions = Vec::new();
    let (mut bytes, mut line) = (table.iter().copied(), i64::from(first_line));
    while positions.len() < count
        && let Some(head) = bytes.next()
    {
        let Some(p) = place(&mut bytes, head >> 3 & 15, &mut line) else { break };
        let units = usize::from(head & 7) + 1;
        positions.extend(std::iter::repeat_n(p, units.min(count - positions.len())));
    }
    positions.resize(count, Position::UNRECORDED);
    positions
}

fn place(bytes: &mut impl Iterator<Item = u8>, form: u8, line: &mut i64) -> Option<Position> {
    let (mut lines, [column, end_column]) = (
        0,
        match form {
            0..=9 => {
                let second = u32::from(bytes.next()?);
                let column = u32::from(form) << 3 | second >> 4;
                [column, column + (second & 15)]
            }
            10..=12 => {
                *line += i64::from(form) - 10;
                [u32::from(bytes.next()?), u32::from(bytes.next()?)]
            }
            15 => return Some(Position::default()),
            _ => {
                *line = line.saturating_add(read_signed(bytes)?);
                [NO_COLUMN; 2]
            }
        },
    );
    let (mut column, mut end_column) = (column, end_column);
    if form == 14 {
        lines = read(bytes)?;
        let known = |n: u64| n.checked_sub(1).and_then(|n| u32::try_from(n).ok()).unwrap_or(NO_COLUMN);
        (column, end_column) = (known(read(bytes)?), known(read(bytes)?));
    }
    Some(match u32::try_from(*line) {
        Ok(line) if line > 0 => {
            let end_line = u32::try_from(lines).ok().and_then(|n| line.checked_add(n)).unwrap_or(line);
            Position { line, end_line, column, end_column }
        }
        _ => Position::default(),
    })
}

fn read(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let (mut n, mut shift) = (0u64, 0);
    loop {
        let byte = bytes.next()?;
        n |= u64::from(byte & 63).checked_shl(shift).unwrap_or(0);
        if byte & 64 == 0 {
            return Some(n);
        }
        shift = (shift + 6).min(64);
    }
}

fn read_signed(bytes: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let n = read(bytes)?;
    let magnitude = (n >> 1) as i64;
    Some(if n & 1 != 0 { -magnitude } else { magnitude })
}

/// `co_lnotab`: pairs of steps in bytes of code and in lines, from parts (where they begin, their line).
pub(super) fn steps(first_line: u32, parts: impl Iterator<Item = (usize, u32)>) -> Vec<u8> {
    let (mut out, mut at, mut line) = (Vec::new(), 0, i64::from(first_line));
    for (start, to) in parts.filter(|(_, line)| *line != 0) {
        let (mut bytes, mut lines) = (start - at, i64::from(to) - line);
        if lines == 0 {
            continue;
        }
        (at, line) = (start, i64::from(to));
        while bytes > 255 {
            out.extend([255, 0]);
            bytes -= 255;
        }
        while !(-128..128).contains(&lines) {
            let step = lines.clamp(-128, 127);
            out.extend([bytes as u8, step as u8]);
            (bytes, lines) = (0, lines - step);
        }
        out.extend([bytes as u8, lines as u8]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, end_line: u32, column: u32, end_column: u32) -> Position {
        Position { line, end_line, column, end_column }
    }

    #[test]
    fn every_form_comes_back() {
        let positions = [
            at(7, 7, 3, 12),
            at(7, 7, 79, 94),
            at(7, 7, 80, 127),
            at(9, 9, 0, 100),
            at(9, 9, 5, 400),
            at(3, 12, 70_000, 2),
            Position::default(),
            at(4, 4, NO_COLUMN, NO_COLUMN),
            at(4, 5, NO_COLUMN, 7),
            at(4, 4, 9, 8),
        ];
        let table = encode(5, &positions, true);
        assert_eq!(decode(5, &table, positions.len()), positions);
        // Relative to the first line.
        assert_eq!(decode(6, &table, 1), [at(8, 8, 3, 12)]);
        let long = [at(1, 1, 0, 1); 21];
        assert_eq!(encode(1, &long, true), [0x87, 0x01, 0x87, 0x01, 0x84, 0x01]);
        assert_eq!(decode(1, &encode(1, &long, true), 21), long);
    }

    #[test]
    fn tables_end_early_or_late_or_are_nonsense() {
        assert_eq!(decode(1, &[], 2), [Position::UNRECORDED; 2]);
        assert_eq!(decode(1, &[0xf8, 0xff], 3), [Position::default(); 3]);
        assert_eq!(decode(1, &[0xf8, 0x87], 2), [Position::default(), Position::UNRECORDED]);
        let mut state = 1u32;
        for length in 0..2000 {
            let table: Vec<u8> = (0..length % 40)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
                .collect();
            let positions = decode(state, &table, 9);
            assert!(positions.len() == 9 && positions.iter().all(|p| p.line <= p.end_line));
        }
    }
}
