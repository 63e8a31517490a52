//! `XMLParser`: what it is, and its methods. What it is fed with goes through [`drive`].
//!
//! What is not in the heap is [`State`]. Whoever parses takes it out of its [`Slot`] meanwhile: so no call of Python finds
//! it, and one that wants to parse with the same parser is refused.

use super::builder::{self, BUILDER};
use super::drive::{self, State};
use super::{events, kept};
use crate::parser::{Code, Parameters, Parser, Place, Settings};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes, string};
use stdlib_core::support;

pub(super) static XML_PARSER: TypeSpec =
    TypeSpec::values("xml.etree.ElementTree", "XMLParser", word::COUNT, METHODS, "")
        .inheritable()
        .finalized_unless(word::IS_OVER);

/// Fields. EMPTY: it is not there.
pub(super) mod word {
    pub(crate) const TARGET: usize = 1;
    /// A dictionary: what entities stand for that documents do not declare.
    pub(crate) const ENTITY: usize = 2;
    /// An array: strings of names, by the parser's numbers.
    pub(crate) const NAMES: usize = 3;
    pub(crate) const HANDLE: usize = 4;
    /// True where nothing is kept outside the heap.
    pub(crate) const IS_OVER: usize = 5;
    /// True if the target is exactly a native builder.
    pub(crate) const IS_BUILDER: usize = 6;
    /// Line and column of the end of a document that was parsed.
    pub(crate) const LINE: usize = 7;
    pub(crate) const COLUMN: usize = 8;
    /// Methods of the target, by [`super::METHODS_OF_TARGETS`].
    pub(crate) const HANDLERS: usize = 9;
    pub(crate) const COUNT: u32 = 17;
}
/// Methods that targets may have.
const METHODS_OF_TARGETS: [&str; 9] =
    ["start", "data", "end", "comment", "pi", "start_ns", "end_ns", "doctype", "close"];
#[derive(Clone, Copy)]
pub(super) enum Handler {
    Start,
    Data,
    End,
    Comment,
    Instruction,
    StartNamespace,
    EndNamespace,
    Doctype,
    Close,
}
/// Where a parser's state is while nobody parses.
pub(super) struct Slot(Option<Box<State>>);

/// Bytes that are asked of a file at once.
const READ: i64 = 64 << 10;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "type, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, *, target=None, encoding=None", init, "Initialize self."),
    Native::member("entity", |py, args| field(py, args, word::ENTITY), ""),
    Native::setter("entity", read_only),
    Native::member("target", |py, args| field(py, args, word::TARGET), ""),
    Native::setter("target", read_only),
    Native::getter("version", version, ""),
    Native::method("feed", "self, data, /", feed, ""),
    Native::method("close", "self, /", close, ""),
    Native::method("_parse_whole", "self, file, /", parse_whole, ""),
    Native::method("_setevents", "self, events_queue, events_to_report=None, /", set_events, ""),
    Native::method("__del__", "self, /", release, ""),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &XML_PARSER)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_native_of(args.at(0), &XML_PARSER)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let encoding = match args.some(2).map(|v| (v, string::exact_or_payload(py, v))) {
        None => None,
        Some((_, Some(s))) => Some(support::utf8(py, s)?),
        Some((v, None)) => {
            let class = py.class_name(v);
            return py.type_error(&format!("XMLParser() argument 'encoding' must be str or None, not {class}"));
        }
    };
    let target = match args.some(1) {
        Some(target) => target,
        None => py.new_native(&BUILDER)?.value(),
    };
    for (i, name) in METHODS_OF_TARGETS.into_iter().enumerate() {
        let method = py.get_optional(target, py.intern(name)?)?;
        py.store(o, word::HANDLERS + i, method.unwrap_or(Value::EMPTY));
    }
    let is_builder =
        Object::from_value(target).is_some_and(|t| kept::get(py).is_ok_and(|k| t.shape() == k.builder_shape));
    let entity = py.new_dict()?.value();
    let settings = Settings {
        has_namespaces: true,
        separator: Some('}'),
        tells_prefixes: false,
        expands: true,
        tells_starts: true,
        has_external: false,
        foreign_dtd: false,
        parameters: Parameters::Never,
        base: None,
    };
    drop_state(py, o);
    py.store(o, word::NAMES, Value::EMPTY);
    py.store(o, word::LINE, Value::EMPTY);
    py.store(o, word::ENTITY, entity);
    py.store(o, word::TARGET, target);
    py.store(o, word::IS_BUILDER, if is_builder { Value::TRUE } else { Value::EMPTY });
    if o.get(word::IS_OVER) == Value::TRUE {
        // Its finalizer has something to do again.
        py.store(o, word::IS_OVER, Value::EMPTY);
        o.change_flags(0, vm_api::heap::header::flag::FINALIZABLE);
        py.heap().make_finalizable(o);
    }
    let state = Box::new(State::new(Parser::new(encoding, settings)));
    let handle = py.state().foreign.borrow_mut().add(Box::new(Slot(Some(state))));
    py.store(o, word::HANDLE, Value::int(handle.into()));
    Ok(Value::NONE)
}
fn handle(o: Object) -> Option<u32> {
    let handle = o.get(word::HANDLE);
    handle.is_int().then(|| handle.as_int() as u32)
}
/// Takes the state, to parse with it.
pub(super) fn take(py: Py<'_>, o: Object) -> R<Box<State>> {
    let taken = handle(o).and_then(|handle| {
        let mut foreign = py.state().foreign.borrow_mut();
        foreign.get::<Slot>(handle).map(|slot| slot.0.take())
    });
    match taken {
        Some(Some(state)) => Ok(state),
        Some(None) => py.err(Exc::RuntimeError, "the parser is parsing already"),
        None if o.get(word::LINE).is_int() => {
            let place = Place { byte: 0, line: o.get(word::LINE).as_int(), column: o.get(word::COLUMN).as_int() };
            Err(drive::error(py, Code::Finished, place, None))
        }
        None => py.value_error("XMLParser.__init__() wasn't called"),
    }
}
/// Puts the state back. It is forgotten if the parser was initialized anew meanwhile.
pub(super) fn put_back(py: Py<'_>, o: Object, state: Box<State>) {
    let mut foreign = py.state().foreign.borrow_mut();
    match handle(o).and_then(|handle| foreign.get::<Slot>(handle)) {
        Some(slot) if slot.0.is_none() => slot.0 = Some(state),
        _ => py.heap().release_external(state.charged),
    }
}
/// Forgets the state.
fn drop_state(py: Py<'_>, o: Object) {
    let Some(handle) = handle(o) else { return };
    py.store(o, word::HANDLE, Value::EMPTY);
    let slot = py.state().foreign.borrow_mut().remove(handle).and_then(|slot| slot.downcast::<Slot>().ok());
    if let Some(state) = slot.and_then(|slot| slot.0) {
        py.heap().release_external(state.charged);
    }
}
fn release(py: Py<'_>, args: Args<'_>) -> R {
    drop_state(py, this(py, args)?);
    Ok(Value::NONE)
}
/// The target's method, if it has it.
#[inline]
pub(super) fn handler(o: Object, handler: Handler) -> Option<Value> {
    Some(o.get(word::HANDLERS + handler as usize)).filter(|v| !v.is_empty())
}
/// The target, if it is exactly a native builder.
pub(super) fn builder(o: Object) -> Option<Object> {
    Object::from_value(o.get(word::TARGET)).filter(|_| o.get(word::IS_BUILDER) == Value::TRUE)
}

fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let v = this(py, args)?.get(word);
    Ok(if v.is_empty() { Value::NONE } else { v })
}
fn read_only(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::AttributeError, "readonly attribute")
}
fn version(py: Py<'_>, args: Args<'_>) -> R {
    this(py, args)?;
    let (major, minor, micro) = crate::pyexpat::VERSION;
    py.str(&format!("Expat {major}.{minor}.{micro}"))
}
fn feed(py: Py<'_>, args: Args<'_>) -> R {
    let (o, data) = (this(py, args)?, args.at(1));
    let text;
    let copy;
    let (content, is_text) = if let Some(s) = string::exact_or_payload(py, data) {
        match string::ascii(s) {
            Some(ascii) => (ascii.as_bytes(), true),
            None => {
                text = py.utf8(s)?;
                (text.as_bytes(), true)
            }
        }
    } else if let Some(b) = py.as_bytes(data) {
        (bytes::slice(b), false)
    } else if let Some(content) = py.bytes_like(data) {
        copy = content;
        (&*copy, false)
    } else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(data)));
    };
    if content.len() > i32::MAX as usize {
        return py.err(Exc::OverflowError, "size does not fit in an int");
    }
    drive::parse(py, o, content, is_text, false)?;
    Ok(Value::NONE)
}
/// Ends the document.
fn finish(py: Py<'_>, o: Object) -> R<()> {
    let place = drive::parse(py, o, &[], false, true)?;
    drop_state(py, o);
    py.store(o, word::LINE, Value::int(place.line));
    py.store(o, word::COLUMN, Value::int(place.column));
    py.store(o, word::IS_OVER, Value::TRUE);
    Ok(())
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    finish(py, o)?;
    match (builder(o), handler(o, Handler::Close)) {
        (Some(builder), _) => Ok(builder::close(builder)),
        (None, Some(close)) => py.call(close, &[]),
        (None, None) => Ok(Value::NONE),
    }
}
fn parse_whole(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    drive::check(py, o)?;
    let read = py.get_attribute(args.at(1), kept::get(py)?.names.read)?;
    loop {
        let v = py.call(read, &[Value::int(READ)])?;
        let mut encoded = Vec::new();
        let content = match (Object::from_value(v).filter(|s| string::is_exact(*s)), py.as_bytes(v)) {
            (Some(s), _) => {
                // Lone surrogates are not well-formed, as the parser finds.
                string::push_wtf8(s, &mut encoded);
                &*encoded
            }
            (None, Some(b)) => bytes::slice(b),
            (None, None) => break,
        };
        if content.is_empty() {
            break;
        }
        drive::parse(py, o, content, false, false)?;
    }
    finish(py, o)?;
    Ok(builder(o).map_or(Value::NONE, builder::close))
}
fn set_events(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    drive::check(py, o)?;
    let Some(builder) = builder(o) else {
        return py.type_error("event handling only supported for ElementTree.TreeBuilder targets");
    };
    events::set(py, &*kept::get(py)?, builder, args.at(1), args.some(2))?;
    Ok(Value::NONE)
}
