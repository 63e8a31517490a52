//! Attributes of parsers: handlers, settings, places.

use super::call;
use super::object::{State, slot, this, with, word};
use crate::parser::Place;
use python_objects::{Args, Exc, Native, Py, R, Value};

macro_rules! handlers {
    ($($name:literal $slot:ident;)*) => {
        &[
            $(
                Native::getter($name, |py, args| handler(py, args, slot::$slot), ""),
                Native::setter($name, |py, args| set_handler(py, args, slot::$slot)),
            )*
            Native::getter("ErrorCode", code, ""),
            Native::getter("ErrorLineNumber", |py, args| place(py, args, |p| p.line), ""),
            Native::getter("ErrorColumnNumber", |py, args| place(py, args, |p| p.column), ""),
            Native::getter("ErrorByteIndex", |py, args| place(py, args, |p| p.byte), ""),
            Native::getter("CurrentLineNumber", |py, args| place(py, args, |p| p.line), ""),
            Native::getter("CurrentColumnNumber", |py, args| place(py, args, |p| p.column), ""),
            Native::getter("CurrentByteIndex", |py, args| place(py, args, |p| p.byte), ""),
            Native::member("intern", intern, ""),
            Native::getter("buffer_text", |py, args| flag(py, args, |s| s.keeps_text), ""),
            Native::setter("buffer_text", set_buffer_text),
            Native::getter("buffer_size", |py, args| number(py, args, |s| s.text_size), ""),
            Native::setter("buffer_size", set_buffer_size),
            Native::getter("buffer_used", |py, args| number(py, args, |s| s.text.len()), ""),
            Native::getter("namespace_prefixes", |py, args| flag(py, args, |s| s.parser.settings.tells_prefixes), ""),
            Native::setter("namespace_prefixes", |py, args| {
                set_flag(py, args, |s, flag| s.parser.settings.tells_prefixes = flag)
            }),
            Native::getter("ordered_attributes", |py, args| flag(py, args, |s| s.is_ordered), ""),
            Native::setter("ordered_attributes", |py, args| set_flag(py, args, |s, flag| s.is_ordered = flag)),
            Native::getter("specified_attributes", |py, args| flag(py, args, |s| s.only_specified), ""),
            Native::setter("specified_attributes", |py, args| set_flag(py, args, |s, flag| s.only_specified = flag)),
        ]
    };
}
pub(super) static ATTRIBUTES: &[Native] = handlers! {
    "StartElementHandler" START_ELEMENT;
    "EndElementHandler" END_ELEMENT;
    "ProcessingInstructionHandler" INSTRUCTION;
    "CharacterDataHandler" TEXT;
    "UnparsedEntityDeclHandler" UNPARSED_ENTITY;
    "NotationDeclHandler" NOTATION;
    "StartNamespaceDeclHandler" START_NAMESPACE;
    "EndNamespaceDeclHandler" END_NAMESPACE;
    "CommentHandler" COMMENT;
    "StartCdataSectionHandler" START_CDATA;
    "EndCdataSectionHandler" END_CDATA;
    "DefaultHandler" DEFAULT;
    "DefaultHandlerExpand" DEFAULT_EXPAND;
    "NotStandaloneHandler" NOT_STANDALONE;
    "ExternalEntityRefHandler" EXTERNAL_ENTITY;
    "StartDoctypeDeclHandler" START_DOCTYPE;
    "EndDoctypeDeclHandler" END_DOCTYPE;
    "EntityDeclHandler" ENTITY;
    "XmlDeclHandler" XML;
    "ElementDeclHandler" ELEMENT;
    "AttlistDeclHandler" ATTLIST;
    "SkippedEntityHandler" SKIPPED;
};

fn handler(py: Py<'_>, args: Args<'_>, slot: usize) -> R {
    let v = this(py, args)?.get(word::HANDLERS + slot);
    Ok(if v.is_empty() { Value::NONE } else { v })
}
/// The value that an attribute is set to.
fn value(py: Py<'_>, args: Args<'_>) -> R {
    if args.at(1).is_empty() { py.err(Exc::RuntimeError, "Cannot delete attribute") } else { Ok(args.at(1)) }
}
fn set_handler(py: Py<'_>, args: Args<'_>, slot: usize) -> R {
    let (o, v) = (this(py, args)?, value(py, args)?);
    if slot == slot::TEXT {
        call::flush(py, o)?;
    }
    let v = if v == Value::NONE { Value::EMPTY } else { v };
    py.store(o, word::HANDLERS + slot, v);
    with(py, o, |state| match slot {
        slot::DEFAULT | slot::DEFAULT_EXPAND => {
            // There is one default handler: the one that was set last.
            state.default = (!v.is_empty()).then_some(slot);
            state.parser.settings.expands = slot == slot::DEFAULT_EXPAND;
        }
        slot::START_ELEMENT => state.parser.settings.tells_starts = !v.is_empty(),
        slot::EXTERNAL_ENTITY => state.parser.settings.has_external = !v.is_empty(),
        _ => {}
    })?;
    Ok(Value::NONE)
}
fn code(py: Py<'_>, args: Args<'_>) -> R {
    with(py, this(py, args)?, |state| Value::int(state.code.map_or(0, |code| code as i64)))
}
fn place(py: Py<'_>, args: Args<'_>, get: fn(Place) -> i64) -> R {
    let place = with(py, this(py, args)?, |state| match state.parser.has_input() {
        true => state.parser.place(),
        false => Place { byte: -1, line: 1, column: 0 },
    })?;
    py.int(get(place))
}
fn intern(py: Py<'_>, args: Args<'_>) -> R {
    let v = this(py, args)?.get(word::INTERN);
    Ok(if v.is_empty() { Value::NONE } else { v })
}
fn flag(py: Py<'_>, args: Args<'_>, get: fn(&State) -> bool) -> R {
    with(py, this(py, args)?, |state| Value::bool(get(state)))
}
fn set_flag(py: Py<'_>, args: Args<'_>, set: fn(&mut State, bool)) -> R {
    let o = this(py, args)?;
    let flag = py.truth(value(py, args)?)?;
    with(py, o, |state| set(state, flag))?;
    Ok(Value::NONE)
}
fn number(py: Py<'_>, args: Args<'_>, get: fn(&State) -> usize) -> R {
    let n = with(py, this(py, args)?, |state| get(state))?;
    py.int_usize(n)
}
fn set_buffer_text(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let keeps = py.truth(value(py, args)?)?;
    if !keeps {
        call::flush(py, o)?;
    }
    with(py, o, |state| state.keeps_text = keeps)?;
    Ok(Value::NONE)
}
fn set_buffer_size(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, value(py, args)?);
    let Some(size) = py.as_int(v) else { return py.type_error("buffer_size must be an integer") };
    let Some(size) = python_objects::int::to_i64(size) else {
        return py.err(Exc::OverflowError, "Python int too large to convert to C long");
    };
    if size <= 0 {
        return py.value_error("buffer_size must be greater than zero");
    }
    if size > i64::from(i32::MAX) {
        return py.value_error(&format!("buffer_size must not be greater than {}", i32::MAX));
    }
    let size = size as usize;
    if with(py, o, |state| state.text_size != size)? {
        call::flush(py, o)?;
        with(py, o, |state| state.text_size = size)?;
    }
    Ok(Value::NONE)
}
