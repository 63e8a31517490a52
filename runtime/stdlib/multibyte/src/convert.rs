//! Conversions whole: steps of an encoding one after the other, with the handling of errors between them.

use crate::errors::{Errors, Trouble, ask, part};
use crate::multibyte::{Bytes, Fault, Multibyte, State};
use python_objects::{Exc, Object, Py, R, bytes, string};
use python_text::{TextBuilder, Units};

/// Where an encoder stands.
pub(crate) struct Encoding {
    pub(crate) codec: &'static dyn Multibyte,
    pub(crate) state: State,
    pub(crate) errors: Errors,
}

/// What encoding a piece of text means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// More will come: what may be the beginning of a character is left.
    Open,
    /// All of the characters are there, but the text goes on.
    Whole,
    /// The end.
    Last,
}

impl Encoding {
    /// Encodes a string: the bytes, and how many code points were used. Runs Python code if a handler is called.
    pub(crate) fn run(&mut self, py: Py<'_>, s: Object, piece: Piece) -> R<(Object, usize)> {
        let mut out = py.text_builder();
        let mut at = 0;
        self.put(py, s, self.errors, &mut at, piece, &mut out)?;
        if piece == Piece::Last {
            let mut bytes = Bytes::default();
            self.codec.finish(&mut self.state, &mut bytes);
            out.push_units(Units::One(bytes.take()));
        }
        Ok((py.finish_bytes(out)?, at))
    }
    fn put(
        &mut self,
        py: Py<'_>,
        s: Object,
        errors: Errors,
        at: &mut usize,
        piece: Piece,
        out: &mut TextBuilder,
    ) -> R<()> {
        let (units, whole) = (string::units(s), piece != Piece::Open);
        let (length, mut bytes, mut trouble) = (units.len(), Bytes::default(), Trouble::default());
        while let Some(c) = units.get(*at).filter(|_| out.go_on(1)) {
            if c < 0x80 && self.codec.keeps_ascii() {
                out.push(c);
                *at += 1;
                continue;
            }
            match self.codec.encode(&mut self.state, c, units.get(*at + 1), whole, &mut bytes) {
                Ok(n) => {
                    out.push_units(Units::One(bytes.take()));
                    *at += n;
                }
                Err(Fault::Incomplete) if !whole => return Ok(()),
                Err(fault) => {
                    bytes.take();
                    let bad = part(py, fault, *at, length)?;
                    if matches!(errors, Errors::Ignore | Errors::Replace) {
                        if matches!(errors, Errors::Replace) {
                            self.put_question_mark(&mut bytes, out);
                        }
                        *at = bad.end;
                        continue;
                    }
                    let name = self.codec.name();
                    let e = trouble.exception(py, Exc::UnicodeEncodeError, name, s.value(), fault, bad)?;
                    let Errors::Named(handler) = errors else { return Err(py.throw(e)) };
                    let (stand, next) = ask(py, handler, e, length, |v| {
                        let text = string::exact_or_payload(py, v).map(Ok);
                        text.or_else(|| py.as_bytes(v).map(Err))
                    })?;
                    match stand {
                        Ok(text) => self.put(py, text, Errors::Strict, &mut 0, Piece::Whole, out)?,
                        Err(content) => out.push_units(Units::One(bytes::slice(content))),
                    }
                    *at = next;
                }
            }
        }
        Ok(())
    }
    /// What stands for a character that there is not, as the encoding has it.
    fn put_question_mark(&mut self, bytes: &mut Bytes, out: &mut TextBuilder) {
        if self.codec.encode(&mut self.state, u32::from(b'?'), None, true, bytes).is_err() {
            bytes.take();
            bytes.put(b"?");
        }
        out.push_units(Units::One(bytes.take()));
    }
}

/// Where a decoder stands in an input.
pub(crate) struct Decoding<'a> {
    pub(crate) codec: &'static dyn Multibyte,
    pub(crate) state: State,
    pub(crate) errors: Errors,
    content: &'a [u8],
    at: usize,
    trouble: Trouble,
    out: TextBuilder<'a>,
}

impl<'a> Decoding<'a> {
    pub(crate) fn new(
        py: Py<'a>,
        codec: &'static dyn Multibyte,
        state: State,
        errors: Errors,
        content: &'a [u8],
    ) -> Decoding<'a> {
        Decoding { codec, state, errors, content, at: 0, trouble: Trouble::default(), out: py.text_builder() }
    }
    /// Decodes to the end, or (unless the input is all that there will be) to what may be the beginning of a character.
    pub(crate) fn run(&mut self, py: Py<'_>, is_last: bool) -> R<()> {
        while let Some(byte) = self.content.get(self.at).filter(|_| self.out.go_on(1)) {
            if byte.is_ascii() && self.codec.keeps_ascii() {
                self.out.push((*byte).into());
                self.at += 1;
                continue;
            }
            match self.codec.decode(&mut self.state, &self.content[self.at..], &mut self.out) {
                Ok(n) => self.at += n,
                Err(Fault::Incomplete) if !is_last => return Ok(()),
                Err(fault) => self.handle(py, fault)?,
            }
        }
        Ok(())
    }
    /// Handles the rest, if there is any, as the beginning of a character that does not go on.
    pub(crate) fn end(&mut self, py: Py<'_>) -> R<()> {
        if self.rest().is_empty() { Ok(()) } else { self.handle(py, Fault::Incomplete) }
    }
    /// What is not decoded yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.content[self.at..]
    }
    /// Has nothing been decoded?
    pub(crate) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }
    /// The text.
    pub(crate) fn finish(self, py: Py<'_>) -> R<Object> {
        py.finish_text(self.out)
    }
    fn handle(&mut self, py: Py<'_>, fault: Fault) -> R<()> {
        let bad = part(py, fault, self.at, self.content.len())?;
        if matches!(self.errors, Errors::Ignore | Errors::Replace) {
            if matches!(self.errors, Errors::Replace) {
                self.out.push(0xFFFD);
            }
            self.at = bad.end;
            return Ok(());
        }
        let input = match &self.trouble {
            // The exception that is there has it.
            Trouble(Some(_)) => python_objects::Value::NONE,
            Trouble(None) => py.bytes(self.content)?.value(),
        };
        let e = self.trouble.exception(py, Exc::UnicodeDecodeError, self.codec.name(), input, fault, bad)?;
        let Errors::Named(handler) = self.errors else { return Err(py.throw(e)) };
        let (text, next) = ask(py, handler, e, self.content.len(), |v| string::exact_or_payload(py, v))?;
        self.out.push_units(string::units(text));
        self.at = next;
        Ok(())
    }
}
