//! `bytes`, `bytearray` and `memoryview`: methods over `python-text`'s algorithms, most of them shared.
//!
//! A method reads its instance's content through [`this`]: a `bytearray`'s is a copy, so that Python code may change it
//! meanwhile. Results are of the instance's kind.

mod bytearray;
mod construct;
mod format;
mod join;
mod memory_items;
mod memoryview;
mod object;
mod translate;

use crate::text::{SHORT, Subject};
use crate::wrappers::wrong_self;
use python_objects::kind::{Kind, class};
use python_objects::symbol::sym;
use python_objects::text::Content;
use python_objects::{Args, Py, R, Value, int};
use python_text::{Alphabet, TextBuilder, Units};
use std::ops::Range;

pub(crate) use construct::bytes_from_object;

/// The content of `self`.
fn this<'t>(py: Py<'t>, args: Args<'_>) -> R<Content<'t>> {
    match py.content_of(args.at(0)) {
        Some(content) => Ok(content),
        None => wrong_self(py, args.at(0)),
    }
}

/// A result of the kind of `self`.
fn made(py: Py<'_>, args: Args<'_>, content: &[u8]) -> R {
    if py.kind(args.at(0)) == Kind::BYTEARRAY {
        return Ok(py.bytearray(content)?.value());
    }
    Ok(py.bytes(content)?.value())
}

/// The same, put into a builder.
fn made_with(py: Py<'_>, args: Args<'_>, make: impl FnOnce(&mut TextBuilder)) -> R {
    let mut out = py.text_builder();
    make(&mut out);
    finished(py, args, out)
}

/// The same from a builder.
fn finished(py: Py<'_>, args: Args<'_>, out: TextBuilder) -> R {
    if py.kind(args.at(0)) == Kind::BYTEARRAY {
        let content = out.finish_bytes().map_err(|refused| py.refused(refused))?;
        return Ok(py.bytearray(&content)?.value());
    }
    Ok(py.finish_bytes(out)?.value())
}

/// An argument that must be bytes-like.
fn buffer<'t>(py: Py<'t>, v: Value) -> R<Content<'t>> {
    match py.content_of(v) {
        Some(content) => Ok(content),
        None => py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
    }
}

/// An integer as a byte; `message` is that of the ValueError for what is none.
fn byte(py: Py<'_>, v: Value, message: &str) -> R<u8> {
    let i = py.index(v)?;
    match int::to_i64(i).and_then(|i| u8::try_from(i).ok()) {
        Some(b) => Ok(b),
        None => py.value_error(message),
    }
}

const RANGE: &str = "byte must be in range(0, 256)";

/// `bytes` and `bytearray` in the methods that they share with `str`.
struct Bytes;

impl Subject for Bytes {
    const ALPHABET: Alphabet = Alphabet::Ascii;
    const NOT_FOUND: &'static str = "subsection not found";
    const JUSTIFY: &'static str = "self, width, fillchar=b' ', /";
    const STRIP: &'static str = "self, bytes=None, /";
    type Content<'t> = Content<'t>;

    fn units<'a>(content: &'a Content<'_>) -> Units<'a> {
        Units::One(content)
    }
    fn this<'t>(py: Py<'t>, args: Args<'_>) -> R<Content<'t>> {
        this(py, args)
    }
    fn content(py: Py<'_>, v: Value) -> Option<Content<'_>> {
        py.content_of(v)
    }
    fn argument<'t>(py: Py<'t>, v: Value, _: Option<&str>) -> R<Content<'t>> {
        buffer(py, v)
    }
    /// A buffer, or an integer's byte.
    fn needle(py: Py<'_>, v: Value) -> R<Content<'_>> {
        if let Some(content) = py.content_of(v) {
            return Ok(content);
        }
        if py.as_int(v).is_none() && py.special(v, sym::INDEX).is_none() {
            return py
                .type_error(&format!("argument should be integer or bytes-like object, not '{}'", py.class_name(v)));
        }
        Ok(Content::Copied(vec![byte(py, v, RANGE)?]))
    }
    fn separator(py: Py<'_>, v: Value) -> R<Content<'_>> {
        buffer(py, v)
    }
    fn strip_set<'t>(py: Py<'t>, v: Value, _: &str) -> R<Content<'t>> {
        buffer(py, v)
    }
    fn affix<'t>(py: Py<'t>, v: Value, _: &str) -> R<Content<'t>> {
        buffer(py, v)
    }
    fn not_affix<T>(py: Py<'_>, v: Value, method: &str) -> R<T> {
        py.type_error(&format!("{method} first arg must be bytes or a tuple of bytes, not {}", py.class_name(v)))
    }
    fn fill(py: Py<'_>, v: Value, method: &str) -> R<u32> {
        let content = py.content_of(v).filter(|_| matches!(py.kind(v), Kind::BYTES | Kind::BYTEARRAY));
        match content.as_deref() {
            Some([b]) => Ok(u32::from(*b)),
            _ => py.type_error(&format!(
                "{method}() argument 2 must be a byte string of length 1, not {}",
                py.class_name(v)
            )),
        }
    }
    fn part(py: Py<'_>, args: Args<'_>, content: &Content<'_>, range: Range<usize>) -> R {
        made(py, args, &content[range])
    }
    fn short<'a>(content: &'a Content<'_>) -> Option<&'a [u8]> {
        (content.len() <= SHORT).then_some(content)
    }
    fn with_bytes(py: Py<'_>, args: Args<'_>, length: usize, write: impl FnOnce(&mut [u8])) -> R {
        if length > 1 && py.kind(args.at(0)) == Kind::BYTES {
            return Ok(py.bytes_with(length, write)?.value());
        }
        let mut content = vec![0; length];
        write(&mut content);
        made(py, args, &content)
    }
    fn built(py: Py<'_>, args: Args<'_>, out: TextBuilder) -> R {
        finished(py, args, out)
    }
}

pub(crate) fn install(py: Py<'_>) -> R<()> {
    for class in [class::BYTES, class::BYTEARRAY] {
        let class = py.builtin_class(class);
        for table in crate::text::tables::<Bytes>() {
            py.add_methods(class, table)?;
        }
        for table in [
            object::METHODS,
            join::METHODS,
            translate::METHODS,
            format::METHODS,
            construct::SHARED,
            crate::wrappers::COMPARISONS,
            crate::wrappers::LEN,
            crate::wrappers::ITER,
            crate::wrappers::REPR,
            construct::STR,
            memoryview::BUFFER,
        ] {
            py.add_methods(class, table)?;
        }
    }
    crate::wrappers::document(
        py,
        class::BYTES,
        "bytes(source=b'', encoding, errors): an immutable sequence of bytes, from integers, a buffer, an encoded string, or zeros of a length.",
    )?;
    crate::wrappers::document(
        py,
        class::BYTEARRAY,
        "bytearray(source=b'', encoding, errors): a mutable sequence of bytes, from integers, a buffer, an encoded string, or zeros of a length.",
    )?;
    let bytes = py.builtin_class(class::BYTES);
    py.add_methods(bytes, construct::BYTES)?;
    py.add_methods(bytes, crate::wrappers::HASH)?;
    let bytearray = py.builtin_class(class::BYTEARRAY);
    py.add_methods(bytearray, bytearray::METHODS)?;
    py.add_methods(bytearray, object::SIZE)?;
    py.add_methods(bytearray, memoryview::RELEASE)?;
    let view = py.builtin_class(class::MEMORYVIEW);
    py.add_methods(view, memoryview::METHODS)?;
    crate::wrappers::document(py, class::MEMORYVIEW, "A view of the memory of a bytes-like object.")?;
    py.add_no_hash(bytearray)?;
    Ok(())
}
