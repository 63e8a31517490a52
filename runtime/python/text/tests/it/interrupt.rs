//! What goes through long texts ends soon after its poll says to stop, and says so.

use std::cell::Cell;

use python_text::case::{Case, change_case};
use python_text::codec::{ByteOrder, Codec, Handler, decode, encode};
use python_text::predicates::{Property, is};
use python_text::split::{Pieces, rsplit, rsplit_words, split, split_lines, split_words};
use python_text::strip::{Ends, strip, strip_space};
use python_text::{Alphabet, Interrupted, Refused, TextBuilder, Units, Work, find, layout, repr};

/// Units that are far more work than a poll waits for.
const LONG: usize = 1 << 24;

/// Runs work whose poll says to stop when it is asked for the second time.
fn interrupted<T>(name: &str, run: impl FnOnce(&mut Work) -> Result<T, Interrupted>) {
    let asked = Cell::new(0);
    let poll = || {
        asked.set(asked.get() + 1);
        asked.get() > 1
    };
    let result = run(&mut Work::new(&poll));
    assert!(result.is_err() && asked.get() == 2, "{name} asked {} times", asked.get());
}

/// The same for what fills a builder.
fn refused(name: &str, fill: impl FnOnce(&mut TextBuilder)) {
    let asked = Cell::new(0);
    let poll = || {
        asked.set(asked.get() + 1);
        asked.get() > 1
    };
    let mut out = TextBuilder::interruptible(1 << 30, &poll);
    fill(&mut out);
    assert_eq!((out.finish().err(), asked.get()), (Some(Refused::Interrupted), 2), "{name}");
}

fn last(mut pieces: impl Pieces, work: &mut Work) -> Result<(), Interrupted> {
    while pieces.next(work)?.is_some() {}
    Ok(())
}

#[test]
fn searches_stop() {
    let (bytes, wide) = (vec![b'a'; LONG], vec![0x20ACu16; LONG]);
    for (text, same, other) in [
        (Units::One(&bytes), Units::One(b"a"), Units::One(b"aaaaaaab")),
        (Units::Two(&wide), Units::Two(&[0x20AC]), Units::Two(&[0x20AC, 0x20AC, 0x20AD])),
    ] {
        interrupted("find", |work| find::find(text, other, work));
        interrupted("rfind", |work| find::rfind(text, other, work));
        interrupted("count of one", |work| find::count(text, same, work));
        interrupted("count", |work| find::count(text, other, work));
        interrupted("split", |work| last(split(text, same, usize::MAX).unwrap(), work));
        interrupted("rsplit", |work| last(rsplit(text, other, usize::MAX).unwrap(), work));
        interrupted("words", |work| last(split_words(text, Alphabet::Unicode, usize::MAX), work));
        interrupted("words from the right", |work| last(rsplit_words(text, Alphabet::Unicode, usize::MAX), work));
        interrupted("lines", |work| last(split_lines(text, Alphabet::Unicode, false), work));
        interrupted("strip", |work| strip(text, Ends::Both, same, work));
        refused("replace", |out| _ = find::replace(text, same, other, usize::MAX, out));
        refused("replace of what is not there", |out| _ = find::replace(text, other, same, usize::MAX, out));
        refused("insert", |out| _ = find::replace(text, Units::One(b""), same, usize::MAX, out));
    }
    interrupted("blanks", |work| strip_space(Units::One(&[b' '; LONG]), Ends::Left, Alphabet::Ascii, work));
    interrupted("letters", |work| is(Units::One(&bytes), Property::Lower, Alphabet::Unicode, work));
}

#[test]
fn builders_refuse() {
    let (bytes, wide) = (vec![b'a'; LONG], vec![0x20ACu16; LONG]);
    for text in [Units::One(&bytes), Units::Two(&wide)] {
        for case in [Case::Upper, Case::Title, Case::Fold] {
            refused("case", |out| change_case(text, case, Alphabet::Unicode, out));
        }
        refused("repr", |out| repr::push_repr(text, out));
        refused("center", |out| layout::justify(text, 2 * LONG as isize, 32, layout::Justify::Center, out));
        refused("tabs", |out| layout::expand_tabs(text, 8, out));
        refused("copy", |out| out.push_units(text));
        for codec in [Codec::Utf8, Codec::Utf16(ByteOrder::Big), Codec::Utf32(ByteOrder::Little), Codec::UnicodeEscape]
        {
            refused("encode", |out| encode(codec, text, Handler::Strict, out).unwrap());
        }
    }
    for codec in [Codec::Utf8, Codec::Latin1, Codec::Utf16(ByteOrder::Big), Codec::UnicodeEscape] {
        refused("decode", |out| _ = decode(codec, &bytes, Handler::Strict, true, out).unwrap());
    }
    refused("hexadecimal", |out| repr::push_hex(&bytes, Some((b':', 2)), out));
    refused("from hexadecimal", |out| repr::parse_hex(Units::One(&bytes), out).unwrap());
    refused("fill", |out| out.push_repeated(0x20AC, LONG));
}
