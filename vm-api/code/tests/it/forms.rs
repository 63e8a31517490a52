//! The text form and the serialised form.

use crate::code;
use std::sync::Arc;
use vm_code::fuzzing::{Bytes, SET, TABLE, generate};
use vm_code::serial::{LoadError, fingerprint, load, open, open_own, read, write};
use vm_code::{Code, Constant, Fault, text};

/// The first generated program of some size.
fn sample() -> Code {
    let mut state = 1u64;
    loop {
        let data: Vec<u8> = (0..600)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        let code = generate(&mut Bytes::new(&data));
        if code.instructions.len() > 100 && code.suspensions.len() > 1 && code.exceptions.len() > 1 {
            return code;
        }
    }
}

#[test]
fn a_listing_with_every_constant_reads_back() {
    let mut c = code("registers 1\nvariables \"x\"\ninstructions\ngive r0");
    let inner = Constant::Code(Arc::new(c.clone()));
    c.constants = [
        Constant::Tuple([].into()),
        Constant::FrozenSet([Constant::Tuple([inner.clone(), Constant::None].into()), Constant::Ellipsis].into()),
        Constant::Float(5e-324),
        Constant::Float(0.1 + 0.2),
        Constant::Float(f64::NEG_INFINITY),
        Constant::Float(f64::from_bits(0xFFF8_0000_0000_0001)),
        Constant::Complex(-0.0, 1e300),
        Constant::Int(i64::MIN),
        Constant::integer(true, &[1, 2, 3]),
        Constant::Str(b"a\"\\\n\x00\xED\xA0\x80#;(".as_slice().into()),
        Constant::Bytes(b"\"\\\xFF\x00\n'".as_slice().into()),
        Constant::Special(7),
        inner,
    ]
    .into();
    let listing = text::print(&c, &TABLE);
    for part in [
        "k0 ()\n",
        "k1 {(code 1, none), ellipsis}\n",
        "k2 float 5e-324\n",
        "k3 float 0.30000000000000004\n",
        "k4 float -inf\n",
        "k5 float nan:fff8000000000001\n",
        "k6 complex -0.0 1e300\n",
        "k7 int -9223372036854775808\n",
        "k8 big -0x000000030000000200000001\n",
        "k9 str \"a\\\"\\\\\\n\\0\\u{d800}#;(\"\n",
        "k12 code 2\n",
        "code 2 \"test\"\n",
    ] {
        assert!(listing.contains(part), "{part} is missing in\n{listing}");
    }
    assert_eq!(text::parse(&listing, &TABLE).as_ref(), Ok(&c));
    assert_eq!(load(&write(&c, &TABLE), &TABLE).as_ref(), Ok(&c));
}

#[test]
fn positions_and_comments() {
    let c = code(
        "registers 3\nvariables \"x\"\ninstructions\n add r2, r0, r0, f0:operands ; 4:8-5:13 # four\ngive r2 # five",
    );
    let listing = text::print(&c, &TABLE);
    assert!(listing.contains("      0  add              r2, r0, r0, f0:operands       ; 4:8-5:13\n"), "{listing}");
    assert!(listing.contains("      1  give             r2\n"), "{listing}");
    assert_eq!(text::parse(&listing, &TABLE), Ok(c));
}

#[test]
fn errors_name_the_line() {
    let head = "code 0 \"t\"\nqualified \"t\"\nsource \"t\"\nline 1\nregisters 1\n";
    for (rest, line, part) in [
        ("instructions\nfoo r1", 7, "opcode"),
        ("instructions\ngive", 7, "word"),
        ("instructions\ngive r0, r1", 7, "too many"),
        ("instructions\ngive k0", 7, "r0 or the like"),
        ("instructions\ngive r70000", 7, "number"),
        ("instructions\njump L7", 1, "L7"),
        ("instructions\nL0:\nL0:\n", 8, "twice"),
        ("instructions\n3 give r0", 7, "number 0"),
        ("instructions\ngive r0 ; 1:2", 7, "line:column"),
        ("instructions\nbranch r0, L0, f9:branch\nL0:", 1, "f9"),
        ("constants\nk0 int x", 7, "number"),
        ("constants\nk1 none", 7, "number 0"),
        ("constants\nk0 (none", 7, "collection"),
        ("constants\nk0 (none}", 7, "collection"),
        ("constants\nk0 code 1", 7, "no such code"),
        ("constants\nk0 str \"\\u{110000}\"", 7, "character"),
        ("constants\nk0 str \"abc", 7, "closed"),
        ("bogus 1", 6, "header"),
        ("code 1 \"u\"", 1, "no constant refers"),
    ] {
        let e = text::parse(&format!("{head}{rest}"), &TABLE).expect_err(rest);
        assert!(e.line == line && e.message.contains(part), "{rest}: {e}");
    }
    assert!(text::parse("", &TABLE).is_err());
    assert!(text::parse("what\ncode 0 \"t\"", &TABLE).is_err_and(|e| e.line == 1));
}

#[test]
fn files_say_what_they_are() {
    let file = write(&sample(), &TABLE);
    assert_eq!(read(b"", &TABLE), Err(LoadError::Magic));
    assert_eq!(read(b"\x7FELF\x01", &TABLE), Err(LoadError::Magic));
    let mut newer = file.clone();
    newer[4] = 9;
    assert_eq!(read(&newer, &TABLE), Err(LoadError::Version(9)));
    let mut other = TABLE;
    other[3].raises = true;
    assert_eq!(read(&file, &other), Err(LoadError::Fingerprint));
    assert_ne!(fingerprint(&TABLE), fingerprint(&TABLE[1..]));
    let mut longer = file.clone();
    longer.push(0);
    assert_eq!(read(&longer, &TABLE), Err(LoadError::Malformed("bytes after the end")));
    assert_eq!(load(&file, &TABLE), Ok(sample()));
}

#[test]
fn a_code_that_is_not_right_shows_when_it_is_read() {
    let right = code("registers 1\nvariables \"x\"\ninstructions\ngive r0");
    let mut bad = code("registers 2\nvariables \"x\"\nextra\nint 7\ninstructions\ngive r1");
    bad.name = "bad".into();
    let mut outer = right.clone();
    let [right, bad] = [right, bad].map(|code| Constant::Code(Arc::new(code)));
    outer.constants = [right.clone(), Constant::Tuple([bad].into())].into();
    let refused = |e: LoadError| matches!(&e, LoadError::Refused(e) if e.fault == Fault::Uninitialised(1));
    let file = write(&outer, &TABLE);
    assert!(load(&file, &TABLE).is_err_and(refused));
    let opened = open(file, 0, &SET).expect("the outermost code is right");
    assert!(opened.complete().is_err_and(refused));
    let [Constant::Deferred(first), Constant::Tuple(items)] = &*opened.constants else { panic!("{opened:?}") };
    assert_eq!(first.load().map(|code| Constant::Code(Arc::new(code))), Ok(right));
    let [Constant::Deferred(second)] = &**items else { panic!("{items:?}") };
    assert_eq!(second.header().map(|header| header.name), Ok("bad"));
    assert_eq!(second.extra().as_deref(), Ok([Constant::Int(7)].as_slice()));
    assert!(second.load().is_err_and(refused) && second.load_whole().is_err_and(refused));
}

#[test]
fn a_file_may_begin_anywhere() {
    let file = [b"before", &*write(&sample(), &TABLE)].concat();
    assert_eq!(open(file.clone(), 6, &SET).and_then(|code| code.complete()), Ok(sample()));
    assert_eq!(open(file.clone(), 5, &SET), Err(LoadError::Magic));
    assert_eq!(open(file, usize::MAX, &SET), Err(LoadError::Magic));
}

#[test]
fn a_program_s_own_file_is_read_as_others_are_and_taken_as_it_is() {
    let own = |code: &Code| -> &'static [u8] { write(code, &TABLE).leak() };
    assert_eq!(open_own(own(&sample()), 0, &SET).and_then(|code| code.complete()), Ok(sample()));
    let unfit = code("registers 2\nvariables \"x\"\ninstructions\ngive r1");
    assert!(open(own(&unfit).to_vec(), 0, &SET).is_err());
    assert_eq!(open_own(own(&unfit), 0, &SET), Ok(unfit));
    assert_eq!(open_own(b"something else", 0, &SET), Err(LoadError::Magic));
}

#[test]
fn every_truncation_and_every_changed_byte_is_survived() {
    let file = write(&sample(), &TABLE);
    for end in 0..file.len() {
        assert!(read(&file[..end], &TABLE).is_err(), "the first {end} bytes");
    }
    for at in 0..file.len() {
        for flip in [1, 0x80] {
            let mut changed = file.clone();
            changed[at] ^= flip;
            // Many changes give another well-formed code; those of a count must not be believed.
            let _ = load(&changed, &TABLE);
        }
    }
}

#[test]
fn files_are_compact() {
    let code = sample();
    let mut instructions = 0;
    let mut waiting = vec![&code];
    while let Some(code) = waiting.pop() {
        instructions += code.instructions.len();
        waiting.extend(code.constants.iter().filter_map(|c| if let Constant::Code(c) = c { Some(&**c) } else { None }));
    }
    let size = write(&code, &TABLE).len();
    assert!(instructions > 100 && size < 16 * instructions, "{size} bytes for {instructions} instructions");
}
