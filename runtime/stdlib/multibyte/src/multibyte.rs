//! What an encoding is: conversions of one character after the other on plain data, with a state between them.

use python_text::TextBuilder;

/// What an encoder or a decoder remembers: what programs see as a number is its little-endian value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct State(pub(crate) [u8; 8]);

/// Why there is no conversion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// So many code points or bytes stand for nothing.
    Illegal(usize),
    /// What is there may be the beginning of something.
    Incomplete,
    /// The state makes no sense: a program set it.
    Internal,
}

/// The most bytes that one step of an encoder makes: two escape sequences and a pair are fewer.
const MOST: usize = 12;

/// The bytes that one step of an encoder makes.
#[derive(Default)]
pub(crate) struct Bytes {
    bytes: [u8; MOST],
    length: usize,
}

impl Bytes {
    #[inline]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }
    #[inline]
    pub(crate) fn put_code(&mut self, code: u16) {
        self.put(&code.to_be_bytes());
    }
    #[inline]
    pub(crate) fn take(&mut self) -> &[u8] {
        let n = std::mem::take(&mut self.length);
        &self.bytes[..n]
    }
}

/// How far one step came: code points or bytes of the input.
pub(crate) type Step = Result<usize, Fault>;

/// An encoding.
pub(crate) trait Multibyte: Sync {
    /// Its name in error messages.
    fn name(&self) -> &'static str;
    /// Is ASCII always itself, whatever came before?
    fn keeps_ascii(&self) -> bool;
    /// The state at an encoder's beginning.
    fn encoder_start(&self) -> State;
    /// The state at a decoder's beginning.
    fn decoder_start(&self) -> State;
    /// Encodes a code point, with the next one if both are one character. `whole`: if there is no next one, none will come.
    fn encode(&self, state: &mut State, c: u32, next: Option<u32>, whole: bool, out: &mut Bytes) -> Step;
    /// What stands behind the last character.
    fn finish(&self, state: &mut State, out: &mut Bytes);
    /// Decodes what the input, which is not empty, begins with.
    fn decode(&self, state: &mut State, input: &[u8], out: &mut TextBuilder) -> Step;
    /// Makes a decoder ready for a new text.
    fn restart(&self, state: &mut State);
}

/// An encoding without state, in which ASCII is itself.
pub(crate) struct Plain {
    pub(crate) name: &'static str,
    /// Encodes a code point that is not ASCII; what it gets is what [`Multibyte::encode`] gets.
    pub(crate) encode: fn(u32, Option<u32>, bool, &mut Bytes) -> Step,
    /// Decodes what the input begins with, which is not ASCII.
    pub(crate) decode: fn(&[u8], &mut TextBuilder) -> Step,
    /// Is ASCII not quite itself? Then the functions get it too.
    pub(crate) own_ascii: bool,
}

impl Multibyte for Plain {
    fn name(&self) -> &'static str {
        self.name
    }
    fn keeps_ascii(&self) -> bool {
        !self.own_ascii
    }
    fn encoder_start(&self) -> State {
        State::default()
    }
    fn decoder_start(&self) -> State {
        State::default()
    }
    fn encode(&self, _: &mut State, c: u32, next: Option<u32>, whole: bool, out: &mut Bytes) -> Step {
        if c < 0x80 && !self.own_ascii {
            out.put(&[c as u8]);
            return Ok(1);
        }
        (self.encode)(c, next, whole, out)
    }
    fn finish(&self, _: &mut State, _: &mut Bytes) {}
    fn decode(&self, _: &mut State, input: &[u8], out: &mut TextBuilder) -> Step {
        if input[0] < 0x80 && !self.own_ascii {
            out.push(input[0].into());
            return Ok(1);
        }
        (self.decode)(input, out)
    }
    fn restart(&self, _: &mut State) {}
}

/// The second byte of a pair.
#[inline]
pub(crate) fn second(input: &[u8]) -> Result<u8, Fault> {
    input.get(1).copied().ok_or(Fault::Incomplete)
}

/// Puts in a code point that a table has for `n` bytes; without one, the first byte is illegal.
#[inline]
pub(crate) fn put(found: Option<u32>, n: usize, out: &mut TextBuilder) -> Step {
    out.push(found.ok_or(Fault::Illegal(1))?);
    Ok(n)
}

/// Puts in the code that a table has for one code point.
#[inline]
pub(crate) fn put_code(found: Option<u16>, out: &mut Bytes) -> Step {
    out.put_code(found.ok_or(Fault::Illegal(1))?);
    Ok(1)
}
