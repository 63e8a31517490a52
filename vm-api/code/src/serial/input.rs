//! Reading and writing the elements of the form.

use super::LoadError;

/// Bytes still to be read.
pub(super) struct Input<'a> {
    rest: &'a [u8],
}

pub(super) type Read<T> = Result<T, LoadError>;

const TRUNCATED: LoadError = LoadError::Malformed("the input ends early");
const RANGE: LoadError = LoadError::Malformed("a number is out of range");

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Input<'a> {
        Input { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn bytes(&mut self, n: usize) -> Read<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk().ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(*head)
    }

    /// A varint. The shortest form is not asked for.
    #[inline]
    pub(super) fn varint(&mut self) -> Read<u64> {
        match *self.rest {
            [byte @ 0..0x80, ref rest @ ..] => {
                self.rest = rest;
                Ok(byte.into())
            }
            _ => self.long_varint(),
        }
    }

    #[inline(never)]
    fn long_varint(&mut self) -> Read<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                return Err(RANGE);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(RANGE)
    }

    #[inline]
    pub(super) fn signed(&mut self) -> Read<i64> {
        let n = self.varint()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// A number of the type that the place wants.
    #[inline]
    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Read<T> {
        T::try_from(self.varint()?).map_err(|_| RANGE)
    }

    /// How many things follow, each of which takes at least one byte.
    pub(super) fn count(&mut self) -> Read<usize> {
        let n = self.number()?;
        if n > self.rest.len() { Err(TRUNCATED) } else { Ok(n) }
    }

    /// A count, and that many things.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Box<[T]>> {
        let n = self.count()?;
        let mut list = Vec::with_capacity(n);
        for _ in 0..n {
            list.push(item(self)?);
        }
        Ok(list.into())
    }

    /// A count of 32 bits, and as many words of 32 bits.
    pub(super) fn words(&mut self) -> Read<&'a [[u8; 4]]> {
        let bytes = (u32::from_le_bytes(self.array()?) as usize).checked_mul(4).ok_or(RANGE)?;
        Ok(self.bytes(bytes)?.as_chunks().0)
    }

    /// `base` plus a signed difference.
    pub(super) fn near(&mut self, base: u32) -> Read<u32> {
        i64::from(base).checked_add(self.signed()?).and_then(|n| u32::try_from(n).ok()).ok_or(RANGE)
    }

    /// `base` plus an unsigned difference.
    pub(super) fn above(&mut self, base: u32) -> Read<u32> {
        self.varint()?.checked_add(base.into()).and_then(|n| u32::try_from(n).ok()).ok_or(RANGE)
    }
}

/// Bytes written so far.
#[derive(Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
}

impl Output {
    pub(super) fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    pub(super) fn signed(&mut self, n: i64) {
        self.varint((n << 1 ^ n >> 63) as u64);
    }

    pub(super) fn number(&mut self, n: impl Into<u64>) {
        self.varint(n.into());
    }

    pub(super) fn count(&mut self, n: usize) {
        self.varint(n as u64);
    }

    /// A count of 32 bits, and as many words of 32 bits.
    pub(super) fn words(&mut self, words: &[usize]) {
        // What does not fit leads nowhere and is refused.
        for word in std::iter::once(&words.len()).chain(words) {
            self.bytes.extend(u32::try_from(*word).unwrap_or(u32::MAX).to_le_bytes());
        }
    }

    pub(super) fn list<'i, T>(&mut self, items: &'i [T], mut item: impl FnMut(&mut Self, &'i T)) {
        self.count(items.len());
        items.iter().for_each(|i| item(self, i));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_round_trip_and_out_of_range_ones_fail() {
        for n in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut out = Output::default();
            out.varint(n);
            out.signed(n as i64);
            let mut input = Input::new(&out.bytes);
            assert_eq!((input.varint(), input.signed()), (Ok(n), Ok(n as i64)));
            assert!(input.is_empty());
        }
        assert_eq!(Input::new(&[0xFF; 9]).varint(), Err(TRUNCATED));
        assert_eq!(Input::new(&[0xFF; 20]).varint(), Err(RANGE));
        assert_eq!(Input::new(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2]).varint(), Err(RANGE));
        assert_eq!(Input::new(&[0x80, 2]).number::<u8>(), Err(RANGE));
        assert_eq!(Input::new(&[1]).near(u32::MAX), Ok(u32::MAX - 1));
        assert_eq!(Input::new(&[2]).near(u32::MAX), Err(RANGE));
        assert_eq!(Input::new(&[200, 1, 0]).count(), Err(TRUNCATED));
    }
}
