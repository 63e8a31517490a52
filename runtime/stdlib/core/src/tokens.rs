//! `_tokenize`: the lexer for programs, which `tokenize` asks.
//!
//! All lines are read when the first token is asked for, where CPython reads one after the other: what `readline` raises comes
//! before the first token.

use crate::support::add;
use python_builtins::compile::syntax_error;
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, list, string};
use python_syntax::listing::{self, Listed};

static ITERATOR: TypeSpec =
    TypeSpec::values("_tokenize", "TokenizerIter", 6, METHODS, "Iterator over the tokens of a source.");

static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, readline, /, *, encoding=None, extra_tokens=False",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
];

/// Fields.
mod word {
    pub(super) const READLINE: usize = 1;
    /// `None`: lines are str.
    pub(super) const ENCODING: usize = 2;
    pub(super) const EXTRA: usize = 3;
    /// A list of tuples; EMPTY before the first token.
    pub(super) const TOKENS: usize = 4;
    /// Index of the next of them.
    pub(super) const AT: usize = 5;
    /// What is raised behind the last; EMPTY if nothing is.
    pub(super) const ERROR: usize = 6;
}

/// Tokens between two polls.
const PACE: usize = 256;

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let class = py.native_type(&ITERATOR)?;
    add(py, module, "TokenizerIter", class.value())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let extra = args.opt(3).map_or(Ok(false), |v| py.truth(v))?;
    let o = py.new_native_of(args.at(0), &ITERATOR)?;
    o.init(word::READLINE, args.at(1));
    o.init(word::ENCODING, args.opt(2).unwrap_or(Value::NONE));
    o.init(word::EXTRA, if extra { Value::TRUE } else { Value::FALSE });
    o.init(word::AT, Value::int(0));
    Ok(o.value())
}

fn identity(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}

fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    if o.get(word::TOKENS).is_empty() {
        read(py, o)?;
    }
    let Some(tokens) = py.as_list(o.get(word::TOKENS)) else { return Ok(special::END) };
    let at = py.index_i64(o.get(word::AT))?;
    if let Some(token) = list::get(tokens, at as usize) {
        py.store(o, word::AT, Value::int(at + 1));
        return Ok(token);
    }
    match Object::from_value(o.get(word::ERROR)) {
        Some(error) => {
            py.store(o, word::ERROR, Value::EMPTY);
            Err(py.throw(error))
        }
        None => Ok(special::END),
    }
}

/// Reads the source and lists its tokens.
fn read(py: Py<'_>, o: Object) -> R<()> {
    let mut text = String::new();
    while let Some(line) = line(py, o)? {
        text.push_str(&line);
        py.poll()?;
    }
    let found = listing::list(&text, o.get(word::EXTRA) == Value::TRUE);
    let tokens = py.new_list(found.tokens.len())?;
    for (index, token) in found.tokens.iter().enumerate() {
        if index % PACE == 0 {
            py.poll()?;
        }
        let token = tuple(py, &found.source, token)?;
        py.list_push(tokens, token)?;
    }
    if let Some(error) = &found.error {
        // Made now and raised behind the last token.
        let stop = syntax_error(py, error, "<string>");
        let Some(made) = py.catch(Exc::SyntaxError) else { return Err(stop) };
        py.store(o, word::ERROR, made.value());
    }
    py.store(o, word::TOKENS, tokens.value());
    Ok(())
}

/// The next line; `None` at the end.
fn line(py: Py<'_>, o: Object) -> R<Option<String>> {
    let r = py.call(o.get(word::READLINE), &[]);
    let Some(line) = py.caught(r, Exc::StopIteration)? else { return Ok(None) };
    let encoding = o.get(word::ENCODING);
    let line = if encoding == Value::NONE {
        line
    } else if py.as_bytes(line).is_some() {
        py.call_method(line, py.intern("decode")?, &[encoding])?
    } else {
        return py.type_error("readline() returned a non-bytes object");
    };
    let Some(line) = string::exact_or_payload(py, line) else {
        return py.type_error("readline() returned a non-string object");
    };
    Ok(Some(string::to_rust(line)).filter(|line| !line.is_empty()))
}

/// `(kind, text, (line, column), (line, column), line)`
fn tuple(py: Py<'_>, source: &str, token: &Listed) -> R {
    let text = py.str(&source[token.text.clone()])?;
    let place = |(line, column): (i64, i64)| py.tuple(&[Value::int(line), Value::int(column)]);
    let (start, end) = (place(token.start)?, place(token.end)?);
    let lines = py.str(&source[token.lines.clone()])?;
    py.tuple(&[Value::int(token.kind.into()), text, start, end, lines])
}
