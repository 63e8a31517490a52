//! Parsers: what they keep in the heap (handlers, interned strings) and outside of it.

use super::attributes::ATTRIBUTES;
use super::{arguments, run};
use crate::parser::{Code, Parameters, Parser, Settings};
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

/// Handlers by name, in the order of their words.
pub(super) mod slot {
    pub(crate) const START_ELEMENT: usize = 0;
    pub(crate) const END_ELEMENT: usize = 1;
    pub(crate) const INSTRUCTION: usize = 2;
    pub(crate) const TEXT: usize = 3;
    pub(crate) const UNPARSED_ENTITY: usize = 4;
    pub(crate) const NOTATION: usize = 5;
    pub(crate) const START_NAMESPACE: usize = 6;
    pub(crate) const END_NAMESPACE: usize = 7;
    pub(crate) const COMMENT: usize = 8;
    pub(crate) const START_CDATA: usize = 9;
    pub(crate) const END_CDATA: usize = 10;
    pub(crate) const DEFAULT: usize = 11;
    pub(crate) const DEFAULT_EXPAND: usize = 12;
    pub(crate) const NOT_STANDALONE: usize = 13;
    pub(crate) const EXTERNAL_ENTITY: usize = 14;
    pub(crate) const START_DOCTYPE: usize = 15;
    pub(crate) const END_DOCTYPE: usize = 16;
    pub(crate) const ENTITY: usize = 17;
    pub(crate) const XML: usize = 18;
    pub(crate) const ELEMENT: usize = 19;
    pub(crate) const ATTLIST: usize = 20;
    pub(crate) const SKIPPED: usize = 21;
    pub(crate) const COUNT: usize = 22;
}
/// Words of a parser.
pub(super) mod word {
    pub(crate) const HANDLE: usize = 1;
    /// A dictionary of strings; EMPTY: there is none.
    pub(crate) const INTERN: usize = 2;
    /// The handlers, EMPTY if they are not there.
    pub(crate) const HANDLERS: usize = 3;
    pub(crate) const WORDS: u32 = 24;
}
/// What is outside the heap.
pub(super) struct State {
    pub(crate) parser: Parser,
    /// Text that was not yet told.
    pub(crate) text: String,
    /// Is text kept back?
    pub(crate) keeps_text: bool,
    pub(crate) text_size: usize,
    pub(crate) is_ordered: bool,
    pub(crate) only_specified: bool,
    /// The default handler that was set last.
    pub(crate) default: Option<usize>,
    pub(crate) is_running: bool,
    pub(crate) code: Option<Code>,
    /// Bytes that are charged to the heap.
    pub(crate) charged: usize,
}

pub(super) static PARSER: TypeSpec =
    TypeSpec::values("pyexpat", "xmlparser", word::WORDS, METHODS, "XML parser").with_methods(ATTRIBUTES).finalized();
static METHODS: &[Native] = &[
    Native::method(
        "Parse",
        "self, data, isfinal=False, /",
        run::parse,
        "Parse a piece of a document; the last one if isfinal is true.",
    ),
    Native::method("ParseFile", "self, file, /", run::parse_file, "Parse all that a file's read() gives."),
    Native::method("SetBase", "self, base, /", set_base, "Set the URL that system identifiers are relative to."),
    Native::method("GetBase", "self, /", base, "Return the URL that system identifiers are relative to."),
    Native::method(
        "GetInputContext",
        "self, /",
        context,
        "Within a handler: return the input from what it is told of on. None elsewhere.",
    ),
    Native::method(
        "ExternalEntityParserCreate",
        "self, context, encoding=<unrepresentable>, /",
        create_external,
        "Return a parser of an external entity, for what an ExternalEntityRefHandler was told.",
    ),
    Native::method(
        "SetParamEntityParsing",
        "self, flag, /",
        set_parameters,
        "Set whether parameter entities are read: one of the module's XML_PARAM_ENTITY_PARSING_ numbers.",
    ),
    Native::method(
        "UseForeignDTD",
        "self, flag=True, /",
        use_foreign,
        "Ask the ExternalEntityRefHandler for a document type if the document names none.",
    ),
    Native::method("__del__", "self, /", release, ""),
];

pub(super) fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &PARSER)
}
/// Does something with what is outside the heap, without calling Python.
#[inline]
pub(super) fn with<T>(py: Py<'_>, o: Object, f: impl FnOnce(&mut State) -> T) -> R<T> {
    let mut foreign = py.state().foreign.borrow_mut();
    let handle = o.get(word::HANDLE);
    let found = if handle.is_int() { foreign.get::<State>(handle.as_int() as u32) } else { None };
    match found {
        Some(state) => Ok(f(state)),
        None => {
            drop(foreign);
            py.value_error("the parser is gone")
        }
    }
}
/// A fresh object for a parser.
fn make(py: Py<'_>, parser: Parser, intern: Value) -> R<Object> {
    let o = py.new_native(&PARSER)?;
    py.store(o, word::INTERN, intern);
    let state = State {
        parser,
        text: String::new(),
        keeps_text: false,
        text_size: 8192,
        is_ordered: false,
        only_specified: false,
        default: None,
        is_running: false,
        code: None,
        charged: 0,
    };
    let handle = py.state().foreign.borrow_mut().add(Box::new(state));
    py.store(o, word::HANDLE, Value::int(handle.into()));
    Ok(o)
}
pub(super) fn create(py: Py<'_>, args: Args<'_>) -> R {
    let encoding = arguments::text(py, args.at(0), "ParserCreate() argument 'encoding'")?;
    let separator = arguments::text(py, args.at(1), "ParserCreate() argument 'namespace_separator'")?;
    let mut characters = separator.as_deref().unwrap_or_default().chars();
    let first = characters.next();
    if characters.next().is_some() {
        return py.value_error("namespace_separator must be at most one character, omitted, or None");
    }
    let intern = match args.opt(2) {
        None => py.new_dict()?.value(),
        Some(v) if v == Value::NONE => Value::EMPTY,
        Some(v) if py.as_dict(v).is_some() => v,
        Some(_) => return py.type_error("intern must be a dictionary"),
    };
    let settings = Settings {
        has_namespaces: separator.is_some(),
        separator: first,
        tells_prefixes: false,
        expands: true,
        tells_starts: false,
        has_external: false,
        foreign_dtd: false,
        parameters: Parameters::Never,
        base: None,
    };
    Ok(make(py, Parser::new(encoding, settings), intern)?.value())
}
fn create_external(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let context = arguments::text(py, args.at(1), "ExternalEntityParserCreate() argument 1")?;
    let encoding = match args.opt(2) {
        Some(v) => Some(arguments::required(py, v, "ExternalEntityParserCreate() argument 2")?),
        None => None,
    };
    let parser = with(py, o, |state| state.parser.external(context.as_deref(), encoding))?;
    let made = make(py, parser, o.get(word::INTERN))?;
    let copied = with(py, o, |state| {
        (state.keeps_text, state.text_size, state.is_ordered, state.only_specified, state.default)
    })?;
    with(py, made, |state| {
        (state.keeps_text, state.text_size, state.is_ordered, state.only_specified, state.default) = copied;
    })?;
    for i in 0..slot::COUNT {
        py.store(made, word::HANDLERS + i, o.get(word::HANDLERS + i));
    }
    run::charge(py, made, 0)?;
    Ok(made.value())
}
fn release(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let handle = o.get(word::HANDLE);
    py.store(o, word::HANDLE, Value::EMPTY);
    if handle.is_int() {
        let state = py.state().foreign.borrow_mut().remove(handle.as_int() as u32);
        if let Some(state) = state.and_then(|state| state.downcast::<State>().ok()) {
            py.heap().release_external(state.charged);
        }
    }
    Ok(Value::NONE)
}

fn set_base(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let base = arguments::required(py, args.at(1), "SetBase() argument")?;
    with(py, o, |state| state.parser.settings.base = Some(base.into()))?;
    Ok(Value::NONE)
}
fn base(py: Py<'_>, args: Args<'_>) -> R {
    let base = with(py, this(py, args)?, |state| state.parser.settings.base.clone())?;
    base.map_or(Ok(Value::NONE), |base| py.str(&base))
}
fn context(py: Py<'_>, args: Args<'_>) -> R {
    let input = with(py, this(py, args)?, |state| state.is_running.then(|| state.parser.input()))?;
    input.map_or(Ok(Value::NONE), |input| Ok(py.bytes(&input)?.value()))
}
fn set_parameters(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let parameters = match py.index_i32(args.at(1))? {
        0 => Parameters::Never,
        1 => Parameters::UnlessStandalone,
        _ => Parameters::Always,
    };
    with(py, o, |state| {
        let may = !state.parser.has_begun();
        if may {
            state.parser.settings.parameters = parameters;
        }
        Value::int(i64::from(may))
    })
}
fn use_foreign(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let flag = args.opt(1).map_or(Ok(true), |v| py.truth(v))?;
    let done = with(py, o, |state| {
        if state.parser.has_begun() {
            return Err(Code::CantChangeFeature);
        }
        state.parser.settings.foreign_dtd = flag;
        Ok(())
    })?;
    match done {
        Ok(()) => Ok(Value::NONE),
        Err(code) => Err(run::failed(py, o, code)),
    }
}
