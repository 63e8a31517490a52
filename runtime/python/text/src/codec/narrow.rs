//! ASCII and Latin-1.

use crate::TextBuilder;
use crate::units::{Unit, Units, each_width};

/// Encodes what is below the limit; the error is a whole stretch of what is not.
pub(super) fn encode(text: Units<'_>, from: usize, limit: u32, out: &mut TextBuilder) -> Result<(), (usize, usize)> {
    each_width!(text, units => {
        let rest = units.get(from..).unwrap_or_default();
        let good = rest.iter().position(|unit| unit.point() >= limit).unwrap_or(rest.len());
        out.push_units(Unit::wrap(&rest[..good]));
        let bad = rest[good..].iter().position(|unit| unit.point() < limit).unwrap_or(rest.len() - good);
        if bad == 0 { Ok(()) } else { Err((from + good, from + good + bad)) }
    })
}

pub(super) fn decode_ascii(
    bytes: &[u8],
    from: usize,
    out: &mut TextBuilder,
) -> Result<usize, (usize, usize, &'static str)> {
    let rest = &bytes[from..];
    let good = if rest.is_ascii() { rest.len() } else { rest.iter().take_while(|byte| byte.is_ascii()).count() };
    out.push_units(Units::One(&rest[..good]));
    let end = from + good;
    if good == rest.len() { Ok(end) } else { Err((end, end + 1, "ordinal not in range(128)")) }
}
