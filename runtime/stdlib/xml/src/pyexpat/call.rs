//! What a parser tells, as calls of handlers.

use super::object::{slot, with, word};
use crate::parser::{Code, Declared, Event, For, Model, Name, Rare};
use python_objects::{Object, Py, R, Value, list};
use std::ops::Range;
use std::rc::Rc;

/// The handler of a slot, if it is set.
fn handler(o: Object, slot: usize) -> Option<Value> {
    Some(o.get(word::HANDLERS + slot)).filter(|v| !v.is_empty())
}
/// Calls a handler that is set, after text that was kept back was told.
fn call(py: Py<'_>, o: Object, slot: usize, args: &[Value]) -> R {
    flush(py, o)?;
    handler(o, slot).map_or(Ok(Value::NONE), |f| py.call(f, args))
}
/// The one string of the parser's for a text.
fn name(py: Py<'_>, o: Object, text: &str) -> R {
    let v = py.str(text)?;
    let Some(intern) = py.as_dict(o.get(word::INTERN)) else { return Ok(v) };
    if let Some(known) = py.dict_get(intern, v)? {
        return Ok(known);
    }
    py.dict_set(intern, v, v)?;
    Ok(v)
}
fn some_name(py: Py<'_>, o: Object, text: Option<&str>) -> R {
    text.map_or(Ok(Value::NONE), |text| name(py, o, text))
}
fn some_text(py: Py<'_>, text: Option<&str>) -> R {
    text.map_or(Ok(Value::NONE), |text| py.str(text))
}

/// Tells the text that was kept back.
pub(super) fn flush(py: Py<'_>, o: Object) -> R<()> {
    let text = with(py, o, |state| if state.text.is_empty() { None } else { Some(std::mem::take(&mut state.text)) })?;
    let Some(mut text) = text else { return Ok(()) };
    if let Some(f) = handler(o, slot::TEXT) {
        py.call(f, &[py.str(&text)?])?;
    }
    // Its memory is used again.
    text.clear();
    with(py, o, |state| {
        if state.text.is_empty() {
            state.text = text;
        }
    })
}
/// Tells text, or keeps it back.
fn tell_text(py: Py<'_>, o: Object, text: Range<usize>) -> R<()> {
    if handler(o, slot::TEXT).is_none() {
        return tell_default(py, o);
    }
    // The text, unless it could be kept back as it is.
    let text = with(py, o, |state| {
        let more = state.parser.text(text);
        if state.keeps_text && state.text.len() + more.len() <= state.text_size {
            state.text.push_str(more);
            return None;
        }
        Some(more.to_owned())
    })?;
    let Some(text) = text else { return Ok(()) };
    flush(py, o)?;
    let fits = with(py, o, |state| state.keeps_text && text.len() <= state.text_size)?;
    match handler(o, slot::TEXT) {
        // It is not wanted any more.
        None => {}
        Some(f) if !fits => {
            py.call(f, &[py.str(&text)?])?;
        }
        Some(_) => with(py, o, |state| state.text.push_str(&text))?,
    }
    Ok(())
}
/// Tells the token to the default handler.
fn tell_default(py: Py<'_>, o: Object) -> R<()> {
    let found = with(py, o, |state| {
        let slot = state.default?;
        let raw = state.parser.raw();
        (!raw.is_empty()).then(|| (slot, raw.to_owned()))
    })?;
    if let Some((slot, raw)) = found {
        call(py, o, slot, &[py.str(&raw)?])?;
    }
    Ok(())
}
/// Tells something to its handler, or else to the default one.
fn tell_or_default(py: Py<'_>, o: Object, slot: usize, args: impl FnOnce() -> R) -> R<()> {
    if handler(o, slot).is_none() {
        return tell_default(py, o);
    }
    // The arguments are a tuple.
    let args = args()?;
    flush(py, o)?;
    if let (Some(f), Some(args)) = (handler(o, slot), py.as_tuple(args)) {
        py.call_tuple(f, args, Value::EMPTY)?;
    }
    Ok(())
}
/// Asks a handler whether the parser may go on.
fn ask(py: Py<'_>, o: Object, slot: usize, args: &[Value], code: Code) -> R<()> {
    let answer = call(py, o, slot, args)?;
    if py.index_i64(answer)? == 0 {
        with(py, o, |state| state.parser.refuse(code))?;
    }
    Ok(())
}

/// Tells an event.
pub(super) fn tell(py: Py<'_>, o: Object, event: Event) -> R<()> {
    let is_set = |slot: usize| handler(o, slot).is_some();
    let name = |text: &str| name(py, o, text);
    let some = |text: &Option<Rc<str>>| some_name(py, o, text.as_deref());
    match event {
        Event::Text(text) => tell_text(py, o, text),
        Event::StartElement { name, specified, is_empty } => {
            if is_set(slot::START_ELEMENT) {
                return start_element(py, o, name, specified);
            }
            if is_empty && is_set(slot::END_ELEMENT) { Ok(()) } else { tell_default(py, o) }
        }
        Event::EndElement { name: tag, is_empty } => {
            if is_set(slot::END_ELEMENT) {
                let tag = with(py, o, |state| state.parser.name(tag).clone())?;
                call(py, o, slot::END_ELEMENT, &[name(&tag)?])?;
                return Ok(());
            }
            if is_empty { Ok(()) } else { tell_default(py, o) }
        }
        Event::StartNamespace { prefix, uri } => {
            if is_set(slot::START_NAMESPACE) {
                call(py, o, slot::START_NAMESPACE, &[some(&prefix)?, some(&uri)?])?;
            }
            Ok(())
        }
        Event::EndNamespace { prefix } => {
            if is_set(slot::END_NAMESPACE) {
                call(py, o, slot::END_NAMESPACE, &[some(&prefix)?])?;
            }
            Ok(())
        }
        Event::Comment(text) => tell_or_default(py, o, slot::COMMENT, || py.tuple(&[py.str(&text)?])),
        Event::StartCdata => tell_or_default(py, o, slot::START_CDATA, || py.tuple(&[])),
        Event::EndCdata => tell_or_default(py, o, slot::END_CDATA, || py.tuple(&[])),
        Event::EndDoctype { is_alone } => {
            if is_alone || is_set(slot::END_DOCTYPE) {
                return tell_or_default(py, o, slot::END_DOCTYPE, || py.tuple(&[]));
            }
            Ok(())
        }
        Event::NotStandalone => {
            if is_set(slot::NOT_STANDALONE) {
                return ask(py, o, slot::NOT_STANDALONE, &[], Code::NotStandalone);
            }
            Ok(())
        }
        Event::Token(whose) => {
            let slot = match whose {
                For::StartDoctype => Some(slot::START_DOCTYPE),
                For::EntityDecl => Some(slot::ENTITY),
                For::NotationDecl => Some(slot::NOTATION),
                For::ElementDecl => Some(slot::ELEMENT),
                For::AttlistDecl => Some(slot::ATTLIST),
                For::Default => None,
            };
            if slot.is_some_and(is_set) { Ok(()) } else { tell_default(py, o) }
        }
        Event::Rare(rare) => tell_rare(py, o, *rare),
    }
}
fn tell_rare(py: Py<'_>, o: Object, rare: Rare) -> R<()> {
    let is_set = |slot: usize| handler(o, slot).is_some();
    let name = |text: &str| name(py, o, text);
    let some = |text: &Option<Rc<str>>| some_name(py, o, text.as_deref());
    match rare {
        Rare::Instruction { target, data } => {
            tell_or_default(py, o, slot::INSTRUCTION, || py.tuple(&[name(&target)?, py.str(&data)?]))
        }
        Rare::XmlDecl { version, encoding, standalone } => tell_or_default(py, o, slot::XML, || {
            let (version, encoding) = (some_text(py, version.as_deref())?, some_text(py, encoding.as_deref())?);
            py.tuple(&[version, encoding, Value::int(standalone)])
        }),
        Rare::StartDoctype { name: doctype, system, public, has_subset } => {
            if !is_set(slot::START_DOCTYPE) && !has_subset && is_set(slot::END_DOCTYPE) {
                return Ok(());
            }
            tell_or_default(py, o, slot::START_DOCTYPE, || {
                let subset = Value::int(i64::from(has_subset));
                py.tuple(&[name(&doctype)?, some(&system)?, some(&public)?, subset])
            })
        }
        Rare::ElementDecl { name: element, model } => tell_or_default(py, o, slot::ELEMENT, || {
            let model = content_model(py, &model)?;
            py.tuple(&[name(&element)?, model])
        }),
        Rare::AttlistDecl { element, attribute, kind, value, is_required } => {
            tell_or_default(py, o, slot::ATTLIST, || {
                let (kind, value) = (py.str(&kind)?, some_text(py, value.as_deref())?);
                py.tuple(&[name(&element)?, name(&attribute)?, kind, value, Value::int(i64::from(is_required))])
            })
        }
        Rare::UnparsedEntity(d) if is_set(slot::UNPARSED_ENTITY) => {
            let args = [name(&d.name)?, some(&d.base)?, some(&d.system)?, some(&d.public)?, some(&d.notation)?];
            call(py, o, slot::UNPARSED_ENTITY, &args)?;
            Ok(())
        }
        Rare::EntityDecl(d) | Rare::UnparsedEntity(d) => tell_or_default(py, o, slot::ENTITY, || {
            let Declared { name: entity, is_parameter, value, base, system, public, notation } = &d;
            let (is_parameter, value) = (Value::int(i64::from(*is_parameter)), some_text(py, value.as_deref())?);
            py.tuple(&[name(entity)?, is_parameter, value, some(base)?, some(system)?, some(public)?, some(notation)?])
        }),
        Rare::Notation { name: notation, base, system, public } => tell_or_default(py, o, slot::NOTATION, || {
            py.tuple(&[name(&notation)?, some(&base)?, some(&system)?, some(&public)?])
        }),
        Rare::Skipped { name: entity, is_parameter } => {
            tell_or_default(py, o, slot::SKIPPED, || py.tuple(&[name(&entity)?, Value::int(i64::from(is_parameter))]))
        }
        Rare::ExternalEntity { context, base, system, public } => {
            if !is_set(slot::EXTERNAL_ENTITY) {
                return tell_default(py, o);
            }
            let args = [some_text(py, context.as_deref())?, some(&base)?, some(&system)?, some(&public)?];
            ask(py, o, slot::EXTERNAL_ENTITY, &args, Code::ExternalEntityHandling)
        }
        Rare::UnknownEncoding(encoding) => {
            let table = crate::encodings::table(py, &encoding)?;
            with(py, o, |state| state.parser.set_table(table))
        }
    }
}
fn start_element(py: Py<'_>, o: Object, tag: Name, specified: usize) -> R<()> {
    // What is told is copied: whoever is called with it may go on with the parser.
    let (tag, told) = with(py, o, |state| {
        let parser = &state.parser;
        let all = parser.attributes();
        let told = &all[..if state.only_specified { specified.min(all.len()) } else { all.len() }];
        let told = told.iter().map(|a| (parser.name(a.name).clone(), parser.text(a.value.clone()).to_owned()));
        (parser.name(tag).clone(), told.collect::<Vec<(Rc<str>, String)>>())
    })?;
    flush(py, o)?;
    let is_ordered = with(py, o, |state| state.is_ordered)?;
    let attributes = if is_ordered {
        let l = py.new_list(2 * told.len())?;
        for (attribute, value) in &told {
            py.list_push(l, name(py, o, attribute)?)?;
            py.list_push(l, py.str(value)?)?;
        }
        l.value()
    } else {
        let d = py.new_dict()?;
        for (attribute, value) in &told {
            py.dict_set(d, name(py, o, attribute)?, py.str(value)?)?;
        }
        d.value()
    };
    let tag = name(py, o, &tag)?;
    if let Some(f) = handler(o, slot::START_ELEMENT) {
        py.call(f, &[tag, attributes])?;
    }
    Ok(())
}
/// `(type, quantifier, name, children)`, without calling itself for models in models.
fn content_model(py: Py<'_>, model: &Model) -> R {
    let made = py.new_list(8)?;
    for part in model {
        py.poll()?;
        let length = list::length(made);
        let first = length.saturating_sub(part.parts);
        let children = py.list_of_elements(list::array(made), first, length)?;
        let children = py.list_to_tuple(children)?;
        py.list_remove_range(made, first, length);
        let name = some_text(py, part.name.as_deref())?;
        let part = py.tuple(&[Value::int(part.kind), Value::int(part.times), name, children])?;
        py.list_push(made, part)?;
    }
    Ok(list::get(made, 0).unwrap_or(Value::NONE))
}
