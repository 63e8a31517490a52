//! Text in the making: at the least width that holds it, and no longer than it may become.

use python_algorithms::work::{BLOCK, Interrupted, Poll, UNINTERRUPTED, Work};
use python_numbers::decimal;

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
    #[inline]
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

/// Why text was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It would be longer than the limit, or than memory is: a `MemoryError`.
    TooLong,
    /// The poll said to stop.
    Interrupted,
}

/// Collects text. Units beyond the limit, and those that come after the poll said to stop, are dropped in constant time;
/// [`TextBuilder::finish`] says so. Loops over long texts stop by themselves when the builder [refuses](Self::refuses).
#[derive(Clone, Debug)]
pub struct TextBuilder<'p> {
    text: Text,
    limit: usize,
    /// How long the text may become before [`TextBuilder::make_room`] is asked again: it has the room, and the work for so
    /// many units is paid.
    ready: usize,
    refused: Option<Refused>,
    work: Work<'p>,
}

impl Default for TextBuilder<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// Most texts are short: so many units are made room for at once.
const LEAST_ROOM: usize = 128;

impl<'p> TextBuilder<'p> {
    /// Without limit other than memory, and uninterrupted.
    pub fn new() -> Self {
        Self::with_limit(isize::MAX as usize)
    }

    /// For text of at most `limit` bytes; uninterrupted.
    pub fn with_limit(limit: usize) -> Self {
        Self::interruptible(limit, UNINTERRUPTED)
    }

    /// For text of at most `limit` bytes, while the poll does not say to stop.
    pub fn interruptible(limit: usize, poll: &'p dyn Poll) -> Self {
        Self::in_buffer(Vec::new(), limit, poll)
    }

    /// The same in the memory of a buffer, whose content goes.
    #[inline]
    pub fn in_buffer(mut buffer: Vec<u8>, limit: usize, poll: &'p dyn Poll) -> Self {
        buffer.clear();
        let ready = buffer.capacity().min(limit).min(BLOCK);
        TextBuilder { text: Text::One(buffer), limit, ready, refused: None, work: Work::new(poll) }
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

    /// Whether nothing more is taken.
    #[inline]
    pub fn refuses(&self) -> bool {
        self.refused.is_some()
    }

    /// Why nothing more is taken.
    pub fn refusal(&self) -> Option<Refused> {
        self.refused
    }

    /// Accounts for work on so many units that need not add any; false if it is to stop.
    #[inline]
    pub fn go_on(&mut self, units: usize) -> bool {
        if self.refused.is_none()
            && let Err(interrupted) = self.work.spend(units)
        {
            self.interrupt(interrupted);
        }
        self.refused.is_none()
    }

    /// What the builder counts; an interruption must be told by [`TextBuilder::interrupt`].
    pub(crate) fn work(&mut self) -> &mut Work<'p> {
        &mut self.work
    }

    /// Refuses after an interruption.
    pub(crate) fn interrupt(&mut self, _: Interrupted) {
        self.refuse(Refused::Interrupted);
    }

    fn refuse(&mut self, reason: Refused) {
        self.refused.get_or_insert(reason);
        self.ready = 0;
    }

    /// The text.
    ///
    /// # Errors
    /// If it was refused.
    #[inline]
    pub fn finish(self) -> Result<Text, Refused> {
        match self.refused {
            Some(refused) => Err(refused),
            None => Ok(self.text),
        }
    }

    /// Whether so many more one-byte units could fit; if not, the builder refuses all.
    pub(crate) fn may_add(&mut self, count: usize) -> bool {
        if self.len().saturating_add(count) > self.limit {
            self.refuse(Refused::TooLong);
        }
        !self.refuses()
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

    /// An empty builder with the same limit and poll.
    pub(crate) fn like(&self) -> Self {
        TextBuilder {
            text: Text::One(Vec::new()),
            limit: self.limit,
            ready: 0,
            refused: self.refused,
            work: self.work.clone(),
        }
    }

    /// Refuses for the reason of another builder, if that does.
    pub(crate) fn refuse_as(&mut self, other: &TextBuilder) -> bool {
        if let Some(reason) = other.refused {
            self.refuse(reason);
        }
        other.refuses()
    }

    /// The units as bytes, for a builder that bytes are made in; what is no byte is cut to its lowest eight bits.
    ///
    /// # Errors
    /// If they were refused.
    pub fn finish_bytes(self) -> Result<Vec<u8>, Refused> {
        Ok(match self.finish()? {
            Text::One(bytes) => bytes,
            Text::Two(units) => units.into_iter().map(|unit| unit as u8).collect(),
            Text::Four(units) => units.into_iter().map(|unit| unit as u8).collect(),
        })
    }

    /// Makes room for so many more units that hold code points up to `most`; false if they do not fit.
    fn make_room(&mut self, count: usize, most: u32) -> bool {
        fn reserve<U>(units: &mut Vec<U>, count: usize, limit: usize) -> bool {
            let bytes = units.len().saturating_add(count).saturating_mul(size_of::<U>());
            bytes <= limit
                && (count <= units.capacity() - units.len() || units.try_reserve(count.max(LEAST_ROOM)).is_ok())
        }
        fn widen<A: Copy, B: From<A>>(units: &[A], count: usize, limit: usize) -> Option<Vec<B>> {
            let mut wide = Vec::new();
            reserve(&mut wide, units.len().saturating_add(count), limit).then(|| {
                wide.extend(units.iter().map(|&unit| B::from(unit)));
                wide
            })
        }
        if !self.go_on(count) {
            return false;
        }
        let limit = self.limit;
        let fits = match (&mut self.text, most) {
            (Text::One(units), 0..0x100) => reserve(units, count, limit),
            (Text::Two(units), 0..0x1_0000) => reserve(units, count, limit),
            (Text::Four(units), _) => reserve(units, count, limit),
            (Text::One(units), 0..0x1_0000) => {
                widen(units, count, limit).map(|wide| self.text = Text::Two(wide)).is_some()
            }
            (Text::One(units), _) => widen(units, count, limit).map(|wide| self.text = Text::Four(wide)).is_some(),
            (Text::Two(units), _) => widen(units, count, limit).map(|wide| self.text = Text::Four(wide)).is_some(),
        };
        if !fits {
            self.refuse(Refused::TooLong);
            return false;
        }
        let (length, room) = match &self.text {
            Text::One(units) => (units.len(), units.capacity().min(limit)),
            Text::Two(units) => (units.len(), units.capacity().min(limit / 2)),
            Text::Four(units) => (units.len(), units.capacity().min(limit / 4)),
        };
        self.ready = room.min(length + count.max(BLOCK));
        true
    }

    /// Adds a code point.
    #[inline]
    pub fn push(&mut self, point: u32) {
        match (&mut self.text, point) {
            (Text::One(units), 0..0x100) if units.len() < self.ready => units.push(point as u8),
            (Text::Two(units), 0..0x1_0000) if units.len() < self.ready => units.push(point as u16),
            (Text::Four(units), _) if units.len() < self.ready => units.push(point),
            // The block that becomes ready is paid for in advance.
            _ => self.push_block(point),
        }
    }

    fn push_block(&mut self, point: u32) {
        if self.go_on(BLOCK) {
            self.push_repeated(point, 1);
        }
    }

    /// Adds a code point so many times.
    pub fn push_repeated(&mut self, point: u32, count: usize) {
        if count == 0 || !self.make_room(count, point) {
            return;
        }
        let mut left = count;
        while left > 0 {
            let now = left.min(BLOCK);
            match &mut self.text {
                Text::One(units) => units.extend(std::iter::repeat_n(point as u8, now)),
                Text::Two(units) => units.extend(std::iter::repeat_n(point as u16, now)),
                Text::Four(units) => units.extend(std::iter::repeat_n(point, now)),
            }
            left -= now;
            if !self.go_on(now) {
                return;
            }
        }
    }

    /// Adds Rust text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_units(Units::One(text.as_bytes()));
        } else {
            self.push_blocks(text);
        }
    }

    #[inline(never)]
    fn push_blocks(&mut self, text: &str) {
        // In blocks: as much of the rest as ends at a character.
        let mut rest = text;
        while rest.len() > BLOCK && !self.refuses() {
            let (block, behind) = rest.split_at(rest.floor_char_boundary(BLOCK));
            self.push_wide_str(block);
            rest = behind;
        }
        self.push_wide_str(rest);
    }

    fn push_wide_str(&mut self, text: &str) {
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

    /// Adds an integer in decimal digits.
    pub fn push_integer(&mut self, value: i64) {
        self.push_units(Units::One(decimal::text(value, &mut [0; 20])));
    }

    /// Adds units of any width.
    #[inline]
    pub fn push_units(&mut self, units: Units<'_>) {
        if let (Text::One(to), Units::One(from)) = (&self.text, units)
            && from.len() <= self.ready.saturating_sub(to.len())
        {
            // What is ready is paid for only where it becomes so code point by code point.
            if self.go_on(from.len())
                && let Text::One(to) = &mut self.text
            {
                to.extend_from_slice(from);
            }
            return;
        }
        self.push_units_slow(units);
    }

    #[inline(never)]
    fn push_units_slow(&mut self, units: Units<'_>) {
        let most = match (units, &self.text) {
            (Units::One(_), _) => 0,
            (Units::Two(_), Text::Two(_) | Text::Four(_)) => 0,
            (Units::Four(_), Text::Four(_)) => 0,
            _ => each_width!(units, units => max(units)),
        };
        if !self.make_room(units.len(), most) {
            return;
        }
        let mut from = 0;
        loop {
            let to = units.len().min(from + BLOCK);
            self.extend(units.slice(from..to));
            if to == units.len() || !self.go_on(BLOCK) {
                return;
            }
            from = to;
        }
    }

    /// Adds units that there is room for.
    fn extend(&mut self, units: Units<'_>) {
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

impl std::fmt::Write for TextBuilder<'_> {
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
        assert_eq!(wide.finish(), Err(Refused::TooLong));
        builder.push_repeated(0x20, usize::MAX);
        builder.push_str("d");
        assert_eq!(builder.finish(), Err(Refused::TooLong));
    }
}
