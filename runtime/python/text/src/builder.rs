//! Text in the making: at the least width that holds it, and no longer than it may become.

use crate::units::{Unit, Units, each_width, max};

/// Owned code units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Text {
    /// The units.
    pub fn units(&self) -> Units<'_> {
        match self {
            Text::One(units) => Units::One(units),
            Text::Two(units) => Units::Two(units),
            Text::Four(units) => Units::Four(units),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut builder = TextBuilder::new();
        builder.push_str(text);
        builder.text
    }
}

/// The text would be longer than the limit, or than memory is: a `MemoryError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Collects text. Units beyond the limit are dropped (in constant time), and [`TextBuilder::finish`] says so.
#[derive(Clone, Debug)]
pub struct TextBuilder {
    text: Text,
    limit: usize,
    overflowed: bool,
}

impl Default for TextBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl TextBuilder {
    /// Without limit other than memory.
    pub fn new() -> Self {
        Self::with_limit(isize::MAX as usize)
    }

    /// For text of at most `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        TextBuilder { text: Text::One(Vec::new()), limit, overflowed: false }
    }

    /// What has been collected.
    pub fn units(&self) -> Units<'_> {
        self.text.units()
    }

    /// How many code points have been collected.
    pub fn len(&self) -> usize {
        self.units().len()
    }

    /// Whether nothing has been collected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether something did not fit.
    pub fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// The text.
    ///
    /// # Errors
    /// If it did not fit.
    pub fn finish(self) -> Result<Text, TooLong> {
        if self.overflowed { Err(TooLong) } else { Ok(self.text) }
    }

    /// Whether so many more one-byte units could fit; if not, the builder counts as overflowed.
    pub(crate) fn may_add(&mut self, count: usize) -> bool {
        self.overflowed |= self.len().saturating_add(count) > self.limit;
        !self.overflowed
    }

    /// The bytes of a builder that bytes are made in, with room for so many more; `None` if they do not fit.
    pub(crate) fn bytes_mut(&mut self, count: usize) -> Option<&mut Vec<u8>> {
        if !self.make_room(count, 0) {
            return None;
        }
        match &mut self.text {
            Text::One(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// An empty builder with the same limit.
    pub(crate) fn like(&self) -> Self {
        Self::with_limit(self.limit)
    }

    /// Marks the builder as overflowed.
    pub(crate) fn overflow(&mut self) {
        self.overflowed = true;
    }

    /// The units as bytes, for a builder that bytes are made in; what is no byte is cut to its lowest eight bits.
    pub fn into_bytes(self) -> Vec<u8> {
        match self.text {
            Text::One(bytes) => bytes,
            Text::Two(units) => units.into_iter().map(|unit| unit as u8).collect(),
            Text::Four(units) => units.into_iter().map(|unit| unit as u8).collect(),
        }
    }

    /// Makes room for so many more units that hold code points up to `most`; false if they do not fit.
    fn make_room(&mut self, count: usize, most: u32) -> bool {
        fn reserve<U>(units: &mut Vec<U>, count: usize, limit: usize) -> bool {
            let bytes = units.len().saturating_add(count).saturating_mul(size_of::<U>());
            bytes <= limit && (count <= units.capacity() - units.len() || units.try_reserve(count).is_ok())
        }
        fn widen<A: Copy, B: From<A>>(units: &[A], count: usize, limit: usize) -> Option<Vec<B>> {
            let mut wide = Vec::new();
            reserve(&mut wide, units.len().saturating_add(count), limit).then(|| {
                wide.extend(units.iter().map(|&unit| B::from(unit)));
                wide
            })
        }
        let limit = self.limit;
        let fits = !self.overflowed
            && match (&mut self.text, most) {
                (Text::One(units), 0..0x100) => reserve(units, count, limit),
                (Text::Two(units), 0..0x1_0000) => reserve(units, count, limit),
                (Text::Four(units), _) => reserve(units, count, limit),
                (Text::One(units), 0..0x1_0000) => {
                    widen(units, count, limit).map(|wide| self.text = Text::Two(wide)).is_some()
                }
                (Text::One(units), _) => widen(units, count, limit).map(|wide| self.text = Text::Four(wide)).is_some(),
                (Text::Two(units), _) => widen(units, count, limit).map(|wide| self.text = Text::Four(wide)).is_some(),
            };
        self.overflowed |= !fits;
        fits
    }

    /// Adds a code point.
    #[inline]
    pub fn push(&mut self, point: u32) {
        let limit = self.limit;
        match (&mut self.text, point) {
            (Text::One(units), 0..0x100) if units.len() < units.capacity().min(limit) => units.push(point as u8),
            (Text::Two(units), 0..0x1_0000) if units.len() < units.capacity().min(limit / 2) => {
                units.push(point as u16);
            }
            (Text::Four(units), _) if units.len() < units.capacity().min(limit / 4) => units.push(point),
            _ => self.push_repeated(point, 1),
        }
    }

    /// Adds a code point so many times.
    pub fn push_repeated(&mut self, point: u32, count: usize) {
        if count > 0 && self.make_room(count, point) {
            match &mut self.text {
                Text::One(units) => units.extend(std::iter::repeat_n(point as u8, count)),
                Text::Two(units) => units.extend(std::iter::repeat_n(point as u16, count)),
                Text::Four(units) => units.extend(std::iter::repeat_n(point, count)),
            }
        }
    }

    /// Adds Rust text.
    pub fn push_str(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_units(Units::One(text.as_bytes()));
            return;
        }
        // How many code points, and the width of the greatest, show in the bytes: 0xC4 begins U+0100, 0xF0 U+10000.
        let count = text.bytes().filter(|&byte| byte as i8 >= -0x40).count();
        let most = match text.bytes().fold(0, |most, byte| byte.max(most)) {
            0..0xC4 => 0xFF,
            0xC4..0xF0 => 0xFFFF,
            0xF0.. => 0x10_FFFF,
        };
        if self.make_room(count, most) {
            match &mut self.text {
                Text::One(units) => units.extend(text.chars().map(|c| c as u8)),
                Text::Two(units) => units.extend(text.chars().map(|c| c as u16)),
                Text::Four(units) => units.extend(text.chars().map(u32::from)),
            }
        }
    }

    /// Adds units of any width.
    pub fn push_units(&mut self, units: Units<'_>) {
        let most = match (units, &self.text) {
            (Units::One(_), _) => 0,
            (Units::Two(_), Text::Two(_) | Text::Four(_)) => 0,
            (Units::Four(_), Text::Four(_)) => 0,
            _ => each_width!(units, units => max(units)),
        };
        if !self.make_room(units.len(), most) {
            return;
        }
        match (&mut self.text, units) {
            (Text::One(to), Units::One(from)) => to.extend_from_slice(from),
            (Text::Two(to), Units::Two(from)) => to.extend_from_slice(from),
            (Text::Four(to), Units::Four(from)) => to.extend_from_slice(from),
            (Text::One(to), from) => each_width!(from, from => to.extend(from.iter().map(|unit| unit.point() as u8))),
            (Text::Two(to), from) => each_width!(from, from => to.extend(from.iter().map(|unit| unit.point() as u16))),
            (Text::Four(to), from) => each_width!(from, from => to.extend(from.iter().map(|unit| unit.point()))),
        }
    }
}

impl std::fmt::Write for TextBuilder {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_width() {
        let mut builder = TextBuilder::new();
        builder.push_units(Units::Four(&[0x61, 0xFF]));
        assert_eq!(builder.clone().finish(), Ok(Text::One(vec![0x61, 0xFF])));
        builder.push(0x20AC);
        builder.push_units(Units::Two(&[0xD800]));
        assert_eq!(builder.clone().finish(), Ok(Text::Two(vec![0x61, 0xFF, 0x20AC, 0xD800])));
        builder.push_str("x😀");
        let wide = vec![0x61, 0xFF, 0x20AC, 0xD800, 0x78, 0x1F600];
        assert_eq!(builder.clone().finish(), Ok(Text::Four(wide)));
    }

    #[test]
    fn a_limit_counts_bytes() {
        let mut builder = TextBuilder::with_limit(6);
        builder.push_str("abc");
        builder.push_repeated(0x100, 0);
        assert_eq!(builder.clone().finish(), Ok(Text::One(b"abc".into())));
        let mut wide = builder.clone();
        wide.push(0x100);
        assert_eq!(wide.finish(), Err(TooLong));
        builder.push_repeated(0x20, usize::MAX);
        builder.push_str("d");
        assert_eq!(builder.finish(), Err(TooLong));
    }
}
