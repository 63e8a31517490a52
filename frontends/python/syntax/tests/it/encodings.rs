//! Bytes: encodings, newlines, NUL.

use python_syntax::ast::{Constant, Expr, Root, Stmt};
use python_syntax::{Mode, Options, SyntaxError, WarningKind, parse};

/// The string that the source's only statement is.
fn string_in(source: &[u8]) -> Result<String, SyntaxError> {
    let parsed = parse(source, "file.py", Mode::Exec, Options::default())?;
    let ast = &parsed.ast;
    if let Root::Module { body, .. } = ast.root
        && let [stmt] = ast.list(body)
        && let Stmt::Expr { value } = ast[*stmt]
        && let Expr::Constant { value: Constant::Str(text), .. } = ast[value]
    {
        return Ok(ast.str(text).to_str().expect("no surrogates").to_owned());
    }
    panic!("not one string: {:?}", ast.root)
}

#[test]
fn cookies_and_byte_order_marks() {
    let accepted: [(&[u8], &str); 9] = [
        (b"'\xC3\xA9'", "é"),
        (b"\xEF\xBB\xBF'\xC3\xA9'", "é"),
        (b"# -*- coding: utf-8 -*-\n'\xC3\xA9'", "é"),
        (b"# -*- coding: latin-1 -*-\n'\xC3\xA9'", "Ã©"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\n'\xA4'", "€"),
        (b"#coding:cp1251\n'\xE6'", "ж"),
        (b"\n\n# coding: latin-1\n'\xC3\xA9'", "é"),
        (b"'''\n# coding: latin-1 \xC3\xA9'''", "\n# coding: latin-1 é"),
        (b"\xEF\xBB\xBF# coding: utf8\n'\xC3\xA9'", "é"),
    ];
    for (source, expected) in accepted {
        // `utf8` with a BOM is refused by CPython, which knows only the spelling `utf-8` there.
        if source.ends_with(b"utf8\n'\xC3\xA9'") {
            assert_eq!(string_in(source).expect_err("utf8").message, "encoding problem: utf8 with BOM");
            continue;
        }
        assert_eq!(string_in(source).as_deref(), Ok(expected), "{}", String::from_utf8_lossy(source));
    }
    let refused: [(&[u8], &str); 4] = [
        (b"# coding: no-such\n''", "unknown encoding: no-such"),
        (b"\xEF\xBB\xBF# coding: latin-1\n''", "encoding problem: iso-8859-1 with BOM"),
        (b"# coding: ascii\n'\xE9'", "'ascii' codec can't decode byte 0xe9 in position 17: ordinal not in range(128)"),
        (b"'\xFF'", "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ];
    for (source, message) in refused {
        assert_eq!(string_in(source).expect_err(message).message, message);
    }
}

/// A declaration of UTF-8 is no promise that CPython checks: only names and strings are decoded.
#[test]
fn what_is_no_utf8_passes_in_comments() {
    for source in
        [&b"# coding: utf-8\nx = 1 # \xFF\n"[..], b"\xEF\xBB\xBFx = 1 # \xFF\n", b"# coding: UTF-8-sig\nx #\xFF"]
    {
        assert!(parse(source, "f", Mode::Exec, Options { from_file: true, ..Options::default() }).is_ok());
        assert!(parse(source, "f", Mode::Exec, Options::default()).is_ok());
    }
    let message = "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte";
    for (source, end_offset) in [(&b"# coding: utf-8\nx = '\xFF'\n"[..], 6), (b"# coding: utf-8\n\xFF = 1\n", -1)] {
        let error = parse(source, "f", Mode::Exec, Options::default()).expect_err(message);
        assert_eq!((error.message.as_str(), error.end_offset), (message, Some(end_offset)));
    }
    let codec = parse(b"# coding: utf8\nx = 1 # \xFF\n", "f", Mode::Exec, Options::default()).expect_err("a codec");
    assert_eq!(codec.message, "'utf-8' codec can't decode byte 0xff in position 23: invalid start byte");
}

#[test]
fn newlines_and_nul() {
    assert_eq!(string_in(b"'''a\r\nb\rc\nd'''\r\n").as_deref(), Ok("a\nb\nc\nd"));
    let error = string_in(b"'a\0b'").expect_err("NUL");
    assert_eq!(error.message, "source code string cannot contain null bytes");
    assert_eq!(error.lineno, None);
}

#[test]
fn scripts_must_say_when_they_are_not_utf8() {
    let options = Options { from_file: true, ..Options::default() };
    let error = parse(b"a = 1\n# \xE9\n", "s.py", Mode::Exec, options).expect_err("latin-1");
    let message = "Non-UTF-8 code starting with '\\xe9' in file s.py on line 2, but no encoding declared; see \
                   https://peps.python.org/pep-0263/ for details";
    assert_eq!(error.message, message);
    assert!(parse(b"# coding: latin-1\n# \xE9\n", "s.py", Mode::Exec, options).is_ok());
    let error = parse(b"# coding: foo\n", "s.py", Mode::Exec, options).expect_err("foo");
    assert_eq!(error.message, "encoding problem: foo");
}

/// CPython counts columns of errors in bytes where it does not know the encoding, in characters where it does.
#[test]
fn columns_count_characters_of_known_encodings() {
    let source = "éé = = 1".as_bytes();
    let offset = |options| parse(source, "f", Mode::Exec, options).expect_err("an error").offset;
    assert_eq!(offset(Options::default()), Some(8));
    assert_eq!(offset(Options { ignore_cookie: true, ..Options::default() }), Some(6));
}

#[test]
fn surrogates_and_warnings() {
    let parsed = parse(b"'\\ud800'; '\\d'\nb'\\400'\n1or 2", "f", Mode::Exec, Options::default()).expect("accepted");
    let warnings: Vec<_> = parsed.warnings.iter().map(|w| (w.lineno, w.kind, w.message.as_str())).collect();
    assert_eq!(
        warnings,
        [
            (1, WarningKind::Syntax, "invalid escape sequence '\\d'"),
            (2, WarningKind::Syntax, "invalid octal escape sequence '\\400'"),
            (3, WarningKind::Syntax, "invalid decimal literal"),
        ]
    );
}

/// What `codeop` relies on.
#[test]
fn incomplete_input() {
    let options =
        Options { ignore_cookie: true, allow_incomplete_input: true, dont_imply_dedent: true, ..Options::default() };
    // The answers of CPython 3.12.1, which also takes a last word without a newline for the beginning of one.
    let refused = [
        ("if x:", "incomplete input", 5, -1),
        ("if x:\n", "incomplete input", 6, -1),
        ("(a", "incomplete input", 2, -1),
        ("'''a", "incomplete input", 1, -1),
        ("x = (1,\n", "incomplete input", 8, -1),
        ("a b", "incomplete input", 3, 4),
        ("x = )", "unmatched ')'", 5, 5),
        ("x \\", "unexpected character after line continuation character", 3, 0),
    ];
    for (source, message, offset, end_offset) in refused {
        let error = parse(source.as_bytes(), "f", Mode::Single, options).expect_err(source);
        let found = (error.message.as_str(), error.offset, error.end_offset);
        assert_eq!(found, (message, Some(offset), Some(end_offset)), "{source}");
    }
    assert!(parse(b"def f():\n    pass", "f", Mode::Single, options).is_err());
    for source in ["def f():\n    pass\n", "x = 1", "x = 1\n", "class A:\n  x=1\n"] {
        assert!(parse(source.as_bytes(), "f", Mode::Single, options).is_ok(), "{source}");
    }
}
