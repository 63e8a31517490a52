//! Strings and bytes from the text that `python-text`'s algorithms make, and the other way round.

use crate::bytes;
use crate::exception::{Exc, word};
use crate::py::{Py, R};
use crate::string;
use python_text::codec::{self, Codec, CodecError, Handler};
use python_text::{Interrupted, Refused, Text, TextBuilder, Units};
use vm_api::engine::Stop;
use vm_api::heap::{Object, OutOfMemory, Value};

/// The content of a bytes-like object: borrowed where it cannot change, copied where it can.
pub enum Content<'a> {
    /// Of `bytes`; in place as long as it is on the native stack.
    Borrowed(&'a [u8]),
    /// Of anything else.
    Copied(Vec<u8>),
}

impl std::ops::Deref for Content<'_> {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Content::Borrowed(b) => b,
            Content::Copied(b) => b,
        }
    }
}

/// Greater buffers are not kept.
const MOST_SPARE: usize = 4096;

impl<'t> Py<'t> {
    /// Collects text of at most as many bytes as the heap may hold.
    #[inline]
    pub fn text_builder(self) -> TextBuilder<'t> {
        TextBuilder::in_buffer(self.spare_buffer(), self.heap().options().limit, self.poller())
    }
    /// A small buffer to collect something in, with what was there when it was given back, or an empty one: most texts are
    /// short, and need no memory of their own while they are made.
    #[inline]
    pub fn spare_buffer(self) -> Vec<u8> {
        self.state().spare_buffer.take()
    }
    /// Gives a buffer back, whichever.
    #[inline]
    pub fn give_back(self, buffer: Vec<u8>) {
        if buffer.capacity() <= MOST_SPARE {
            self.state().spare_buffer.set(buffer);
        }
    }
    /// Why a builder made nothing.
    pub fn refused(self, reason: Refused) -> Stop {
        match reason {
            Refused::TooLong => self.out_of_memory(OutOfMemory),
            Refused::Interrupted => self.interrupted(Interrupted),
        }
    }
    /// The string of a builder; MemoryError if it is too long.
    pub fn finish_text(self, builder: TextBuilder) -> R<Object> {
        let text = builder.finish().map_err(|refused| self.refused(refused))?;
        let s = self.str_from_units(text.units());
        if let Text::One(buffer) = text {
            self.give_back(buffer);
        }
        s
    }
    /// The UnicodeEncodeError or UnicodeDecodeError of what could not be converted in `object`.
    pub fn unicode_error(self, class: Exc, object: Value, e: CodecError) -> R<Object> {
        let (encoding, reason) = (self.str(e.encoding)?, self.str(e.reason)?);
        let fields = [encoding, object, self.int_usize(e.start)?, self.int_usize(e.end)?, reason];
        let o = self.new_exception(class, &fields)?;
        for (i, v) in fields.iter().enumerate() {
            self.store(o, word::OWN + i, *v);
        }
        Ok(o)
    }
    /// A string's UTF-8: UnicodeEncodeError for surrogates.
    pub fn utf8(self, s: Object) -> R<String> {
        if let Some(text) = string::ascii(s) {
            return Ok(text.to_owned());
        }
        let mut out = self.text_builder();
        if let Err(e) = codec::encode(Codec::Utf8, string::units(s), Handler::Strict, &mut out) {
            return Err(self.throw(self.unicode_error(Exc::UnicodeEncodeError, s.value(), e)?));
        }
        let content = out.finish_bytes().map_err(|refused| self.refused(refused))?;
        Ok(String::from_utf8(content).unwrap_or_default())
    }
    /// The string that `make` puts into a builder.
    pub fn text_with(self, make: impl FnOnce(&mut TextBuilder)) -> R<Object> {
        let mut builder = self.text_builder();
        make(&mut builder);
        self.finish_text(builder)
    }
    /// The string of a text.
    pub fn str_from_text(self, text: &Text) -> R<Object> {
        self.str_from_units(text.units())
    }
    /// The `bytes` of a builder that bytes were put into; MemoryError if they are too long.
    pub fn finish_bytes(self, builder: TextBuilder) -> R<Object> {
        let content = builder.finish_bytes().map_err(|refused| self.refused(refused))?;
        let o = self.bytes(&content);
        self.give_back(content);
        o
    }
    /// Raises an exception whose message quotes a program's string, which need not be Rust text.
    #[cold]
    pub fn error_quoting(self, e: Exc, before: &str, quoted: Object, after: &str) -> Stop {
        let message = self.text_with(|out| {
            out.push_str(before);
            out.push_units(string::units(quoted));
            out.push_str(after);
        });
        match message {
            Ok(message) => self.error_with(e, message.value()),
            Err(stop) => stop,
        }
    }
    /// The units of a value of kind `STR`, subclasses included.
    #[inline]
    pub fn units_of(self, v: Value) -> Option<Units<'t>> {
        string::exact_or_payload(self, v).map(string::units)
    }
    /// The content of any bytes-like value; `None` if it is none.
    pub fn content_of(self, v: Value) -> Option<Content<'t>> {
        match self.as_bytes(v) {
            Some(b) => Some(Content::Borrowed(bytes::slice(b))),
            None => self.bytes_like(v).map(Content::Copied),
        }
    }
}
