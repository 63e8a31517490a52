//! Parsing: pieces go to the parser, what it tells to the target.
//!
//! Where the target is a native builder, text is put together here until something else is told, and the rest is told
//! without a call. Where something that is told raises an exception, the parser reads on to the end of the piece without
//! telling: the document goes on there, as CPython's does.

use super::builder;
use super::events;
use super::kept::{self, Kept};
use super::names;
use super::xml_parser::{self, Handler, handler, word};
use crate::parser::{CODES, Code, Event, Name, Parser, Place, Rare};
use python_builtins::warnings::warn;
use python_objects::{Exc, Object, Py, R, Value};
use vm_api::engine::Stop;

/// What a parser keeps outside of the heap.
pub(super) struct State {
    parser: Parser,
    /// Text that was not yet told.
    text: String,
    /// Bytes that are charged to the heap.
    pub(super) charged: usize,
}
/// Bytes that the parser is fed with at once.
const PIECE: usize = 1 << 20;

impl State {
    pub(super) fn new(parser: Parser) -> State {
        State { parser, text: String::new(), charged: 0 }
    }
    /// Charges what it takes, and so many bytes more.
    fn charge(&mut self, py: Py<'_>, more: usize) -> R<()> {
        let wanted = self.parser.size() + self.text.capacity() + more;
        if wanted > self.charged {
            let growth = (wanted - self.charged).max(self.charged / 2);
            py.heap().charge_external(growth).map_err(|e| py.out_of_memory(e))?;
            self.charged += growth;
        } else if wanted < self.charged / 4 {
            py.heap().release_external(self.charged - wanted);
            self.charged = wanted;
        }
        Ok(())
    }
}
/// ValueError unless the parser was initialized.
pub(super) fn check(py: Py<'_>, o: Object) -> R<()> {
    if o.get(word::TARGET).is_empty() { py.value_error("XMLParser.__init__() wasn't called") } else { Ok(()) }
}
/// The ParseError of a place in a document. `message`: another one than the code's.
#[cold]
pub(super) fn error(py: Py<'_>, code: Code, place: Place, message: Option<&str>) -> Stop {
    let raised = || {
        let number = code as i64;
        let known = CODES.iter().find(|(n, ..)| *n == number).map_or("", |(.., message)| message);
        let text = format!("{}: line {}, column {}", message.unwrap_or(known), place.line, place.column);
        let e = py.call(kept::get(py)?.parse_error(py).value(), &[py.str(&text)?])?;
        let position = py.tuple(&[py.int(place.line)?, py.int(place.column)?])?;
        for (name, v) in [("code", Value::int(number)), ("position", position)] {
            py.set_attribute(e, py.intern(name)?, Some(v))?;
        }
        Ok(py.throw(py.make_exception(e)?))
    };
    raised().unwrap_or_else(|stop: Stop| stop)
}

/// Parses a part of the document. Answers where that ended.
pub(super) fn parse(py: Py<'_>, o: Object, content: &[u8], is_text: bool, is_final: bool) -> R<Place> {
    let mut state = xml_parser::take(py, o)?;
    if is_text {
        state.parser.set_encoding("utf-8");
    }
    let done = match kept::get(py) {
        Ok(kept) => {
            Drive { py, o, kept: &kept, builder: xml_parser::builder(o), state: &mut state }.all(content, is_final)
        }
        Err(stop) => Err(stop),
    };
    let place = state.parser.place();
    xml_parser::put_back(py, o, state);
    done.map(|()| place)
}
struct Drive<'a, 't> {
    py: Py<'t>,
    o: Object,
    kept: &'a Kept,
    builder: Option<Object>,
    state: &'a mut State,
}
impl Drive<'_, '_> {
    fn all(&mut self, content: &[u8], is_final: bool) -> R<()> {
        let mut rest = content;
        let mut raised = None;
        loop {
            let (piece, more) = rest.split_at(rest.len().min(PIECE));
            rest = more;
            if raised.is_none() {
                self.state.charge(self.py, 2 * piece.len())?;
            }
            let parsed = self.piece(piece, is_final && rest.is_empty(), &mut raised);
            // What was raised first counts.
            if let Some(stop) = raised.take_if(|_| rest.is_empty() || parsed.is_err()) {
                return Err(stop);
            }
            if let Err(code) = parsed {
                self.flush()?;
                return Err(error(self.py, code, self.state.parser.place(), None));
            }
            if rest.is_empty() {
                self.flush()?;
                return self.state.charge(self.py, 0);
            }
        }
    }
    /// Tells what a piece tells until that raises something.
    fn piece(&mut self, piece: &[u8], is_last: bool, raised: &mut Option<Stop>) -> Result<(), Code> {
        self.state.parser.feed(piece, is_last)?;
        while let Some(event) = self.state.parser.next()? {
            if raised.is_none()
                && let Err(stop) = self.tell(event).and_then(|()| self.py.poll())
            {
                *raised = Some(stop);
                self.state.text.clear();
            }
        }
        Ok(())
    }
    /// Gives the builder the text that was put together.
    #[inline]
    fn flush(&mut self) -> R<()> {
        if let Some(builder) = self.builder.filter(|_| !self.state.text.is_empty()) {
            let text = self.py.str(&self.state.text)?;
            self.state.text.clear();
            builder::data(self.py, builder, text)?;
        }
        Ok(())
    }
    fn name(&self, name: Name) -> R {
        names::get(self.py, self.o, &self.state.parser, name)
    }
    /// Calls a method of the target, if it has it.
    fn call<const N: usize>(&self, method: Handler, args: impl FnOnce() -> R<[Value; N]>) -> R<()> {
        if let Some(f) = handler(self.o, method) {
            self.py.call(f, &args()?)?;
        }
        Ok(())
    }
    fn tell(&mut self, event: Event) -> R<()> {
        let py = self.py;
        let or_empty = |text: Option<&str>| py.str(text.unwrap_or_default());
        match event {
            Event::Text(text) => {
                if self.builder.is_some() {
                    self.state.text.push_str(self.state.parser.text(text));
                    return Ok(());
                }
                self.call(Handler::Data, || Ok([py.str(self.state.parser.text(text))?]))
            }
            Event::StartElement { name, .. } => self.start(name),
            Event::EndElement { name, .. } => match self.builder {
                Some(builder) => {
                    self.flush()?;
                    builder::end(py, builder, self.kept).map(|_| ())
                }
                None => self.call(Handler::End, || Ok([self.name(name)?])),
            },
            Event::StartNamespace { prefix, uri } => {
                let pair = || Ok([or_empty(prefix.as_deref())?, or_empty(uri.as_deref())?]);
                match self.builder {
                    Some(builder) if events::is_wanted(builder, events::START_NAMESPACE) => {
                        events::tell(py, builder, events::START_NAMESPACE, py.tuple(&pair()?)?)
                    }
                    Some(_) => Ok(()),
                    None => self.call(Handler::StartNamespace, pair),
                }
            }
            Event::EndNamespace { prefix } => match self.builder {
                Some(builder) => events::tell(py, builder, events::END_NAMESPACE, Value::NONE),
                None => self.call(Handler::EndNamespace, || Ok([or_empty(prefix.as_deref())?])),
            },
            Event::Comment(text) => match self.builder {
                Some(builder) => {
                    self.flush()?;
                    builder::comment(py, builder, py.str(&text)?).map(|_| ())
                }
                None => self.call(Handler::Comment, || Ok([py.str(&text)?])),
            },
            Event::Rare(rare) => self.tell_rare(*rare),
            _ => Ok(()),
        }
    }
    fn tell_rare(&mut self, rare: Rare) -> R<()> {
        let py = self.py;
        match rare {
            Rare::Instruction { target, data } => match self.builder {
                Some(builder) if builder::wants_instructions(builder) => {
                    self.flush()?;
                    builder::instruction(py, builder, py.str(&target)?, py.str(&data)?).map(|_| ())
                }
                Some(_) => Ok(()),
                None => self.call(Handler::Instruction, || Ok([py.str(&target)?, py.str(&data)?])),
            },
            Rare::StartDoctype { name, system, public, .. } => {
                self.doctype(&name, public.as_deref(), system.as_deref())
            }
            Rare::Skipped { is_parameter: false, .. } | Rare::ExternalEntity { context: Some(_), .. } => self.entity(),
            Rare::UnknownEncoding(encoding) => {
                let table = crate::encodings::table(py, &encoding)?;
                self.state.parser.set_table(table);
                Ok(())
            }
            _ => Ok(()),
        }
    }
    fn start(&mut self, name: Name) -> R<()> {
        let py = self.py;
        self.flush()?;
        let given = self.state.parser.attributes();
        let mut attributes = Value::EMPTY;
        if !given.is_empty() || self.builder.is_none() {
            let d = py.new_dict_for(given.len())?;
            for attribute in given {
                let value = py.str(self.state.parser.text(attribute.value.clone()))?;
                py.dict_set_str(d, Object::of(self.name(attribute.name)?), value)?;
            }
            attributes = d.value();
        }
        match self.builder {
            Some(builder) => builder::start(py, builder, self.kept, self.name(name)?, attributes).map(|_| ()),
            None => self.call(Handler::Start, || Ok([self.name(name)?, attributes])),
        }
    }
    fn doctype(&self, name: &str, public: Option<&str>, system: Option<&str>) -> R<()> {
        let py = self.py;
        let or_none = |text: Option<&str>| text.map_or(Ok(Value::NONE), |text| py.str(text));
        if handler(self.o, Handler::Doctype).is_some() {
            return self.call(Handler::Doctype, || Ok([py.str(name)?, or_none(public)?, or_none(system)?]));
        }
        if py.get_optional(self.o.value(), py.intern("doctype")?)?.is_some() {
            let message =
                "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.";
            warn(py, Exc::RuntimeWarning, message, 1)?;
        }
        Ok(())
    }
    /// A reference to an entity that the document does not declare.
    fn entity(&mut self) -> R<()> {
        let py = self.py;
        let raw = self.state.parser.raw();
        let Some(name) = raw.strip_prefix('&').and_then(|raw| raw.strip_suffix(';')) else { return Ok(()) };
        let (key, message) = (py.str(name)?, format!("undefined entity {raw}"));
        let known = match py.as_dict(self.o.get(word::ENTITY)) {
            Some(entity) => py.dict_get(entity, key)?,
            None => None,
        };
        let Some(v) = known else {
            return Err(error(py, Code::UndefinedEntity, self.state.parser.place(), Some(&message)));
        };
        match self.builder {
            Some(builder) => {
                self.flush()?;
                builder::data(py, builder, v)
            }
            None => self.call(Handler::Data, || Ok([v])),
        }
    }
}
