//! `expandtabs`, `center`, `ljust`, `rjust`, `zfill`.

use crate::{TextBuilder, Units};

/// How many fill characters go on the left and on the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Padding {
    pub left: usize,
    pub right: usize,
}

/// Where a text stands in a wider field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Justify {
    Left,
    Right,
    /// Of an odd number of fill characters, the left side gets one more if the width is odd, as `str.center` does.
    Center,
}

/// The padding of a text of `length` in a field of `width` (a negative one means none). The sum of the length and
/// the padding is at most `isize::MAX`.
pub fn padding(length: usize, width: isize, justify: Justify) -> Padding {
    let width = usize::try_from(width).unwrap_or(0);
    let fill = width.saturating_sub(length);
    let left = match justify {
        Justify::Left => 0,
        Justify::Right => fill,
        Justify::Center => fill / 2 + (fill & width & 1),
    };
    Padding { left, right: fill - left }
}

/// `center`, `ljust`, `rjust`.
pub fn justify(text: Units<'_>, width: isize, fill: u32, justify: Justify, out: &mut TextBuilder) {
    let Padding { left, right } = padding(text.len(), width, justify);
    out.push_repeated(fill, left);
    out.push_units(text);
    out.push_repeated(fill, right);
}

/// `zfill`: zeros behind a sign.
pub fn zero_fill(text: Units<'_>, width: isize, out: &mut TextBuilder) {
    let sign = matches!(text.get(0), Some(0x2B | 0x2D)).into();
    out.push_units(text.slice(0..sign));
    out.push_repeated(u32::from('0'), padding(text.len(), width, Justify::Right).left);
    out.push_units(text.slice(sign..text.len()));
}

/// `expandtabs`: columns count from the last line feed or carriage return.
pub fn expand_tabs(text: Units<'_>, tab_size: isize, out: &mut TextBuilder) {
    let tab_size = usize::try_from(tab_size).unwrap_or(0);
    let mut column = 0;
    for point in text.points() {
        if out.refuses() {
            return;
        }
        match point {
            0x09 => {
                if tab_size > 0 {
                    let fill = tab_size - column % tab_size;
                    out.push_repeated(u32::from(' '), fill);
                    column = 0;
                }
            }
            _ => {
                out.push(point);
                column = if matches!(point, 0x0A | 0x0D) { 0 } else { column + 1 };
            }
        }
    }
}
