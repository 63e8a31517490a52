//! `sys.monitoring` (PEP 669): which tool wants to be told of which event, and the calls.
//!
//! Threads step while any tool wants anything ([`Py::update_stepping`]). Who steps says what happens; a tool hears of it if it
//! wants the event everywhere or in this code, has a callback, and has not said that it is done with the place. While a callback
//! runs, its thread does not step.

use crate::exception::Exc;
use crate::frame::Place;
use crate::py::{Py, R, root};
use crate::tracing::Standing;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use vm_api::engine::CodeIndex;
use vm_api::heap::{Object, Value};

/// How many tools there may be.
pub const TOOLS: usize = 6;

/// Events: each is a bit of a tool's set.
pub mod event {
    /// A function begins.
    pub const PY_START: u32 = 0;
    /// A generator or coroutine goes on.
    pub const PY_RESUME: u32 = 1;
    /// A function returns.
    pub const PY_RETURN: u32 = 2;
    /// A function yields.
    pub const PY_YIELD: u32 = 3;
    /// A call.
    pub const CALL: u32 = 4;
    /// A line begins.
    pub const LINE: u32 = 5;
    /// An instruction begins.
    pub const INSTRUCTION: u32 = 6;
    /// A jump.
    pub const JUMP: u32 = 7;
    /// A decision.
    pub const BRANCH: u32 = 8;
    /// A generator has returned to who iterates over it.
    pub const STOP_ITERATION: u32 = 9;
    /// An exception arrives in a frame.
    pub const RAISE: u32 = 10;
    /// It is caught.
    pub const EXCEPTION_HANDLED: u32 = 11;
    /// It leaves the frame.
    pub const PY_UNWIND: u32 = 12;
    /// It was thrown into a generator.
    pub const PY_THROW: u32 = 13;
    /// It is raised again.
    pub const RERAISE: u32 = 14;
    /// What is no function of Python has returned. This and the next go with [`CALL`].
    pub const C_RETURN: u32 = 15;
    /// It has raised.
    pub const C_RAISE: u32 = 16;
    /// Names, by number.
    pub const NAMES: [&str; 17] = [
        "PY_START",
        "PY_RESUME",
        "PY_RETURN",
        "PY_YIELD",
        "CALL",
        "LINE",
        "INSTRUCTION",
        "JUMP",
        "BRANCH",
        "STOP_ITERATION",
        "RAISE",
        "EXCEPTION_HANDLED",
        "PY_UNWIND",
        "PY_THROW",
        "RERAISE",
        "C_RETURN",
        "C_RAISE",
    ];
}

/// Events of places: they can be wanted in one code only, and be disabled.
pub const LOCAL_EVENTS: u32 = (1 << event::RAISE) - 1;

/// Words of [`root::MONITORING`]: of each tool its name, then its callbacks by event; at the end `DISABLE` and `MISSING`.
const OF_TOOL: usize = 1 + event::NAMES.len();
const DISABLE: usize = TOOLS * OF_TOOL;
const MISSING: usize = DISABLE + 1;

/// A place in a code where an event happens: code, instruction, visited line, event.
type Location = (u32, i64, u32, u32);

/// What the tools want.
#[derive(Default)]
pub struct Monitoring {
    everywhere: [Cell<u32>; TOOLS],
    in_code: RefCell<HashMap<u32, [u32; TOOLS]>>,
    /// The tools that are done with a place, as bits.
    disabled: RefCell<HashMap<Location, u8>>,
    /// Events that any tool wants somewhere.
    any: Cell<u32>,
}

impl Monitoring {
    /// Does any tool want any event?
    pub(crate) fn is_active(&self) -> bool {
        self.any.get() != 0
    }
    /// The events that a tool wants everywhere.
    pub fn events(&self, tool: usize) -> u32 {
        self.everywhere[tool].get()
    }
    /// Those that it wants in a code.
    pub fn local_events(&self, tool: usize, code: CodeIndex) -> u32 {
        self.in_code.borrow().get(&code.0).map_or(0, |sets| sets[tool])
    }
    /// All tools' hear of all places again.
    pub fn restart(&self) {
        self.disabled.borrow_mut().clear();
    }
    fn note(&self) {
        let everywhere = self.everywhere.iter().fold(0, |all, set| all | set.get());
        let local = self.in_code.borrow().values().flatten().fold(0, |all, set| all | set);
        self.any.set(everywhere | local);
    }
}

/// The event whose set decides: a call's end goes with the call.
fn group(event: u32) -> u32 {
    if matches!(event, event::C_RETURN | event::C_RAISE) { event::CALL } else { event }
}

impl Py<'_> {
    /// Makes what the tools' names and callbacks are kept in: `DISABLE` and `MISSING` are given.
    pub fn start_monitoring(self, disable: Value, missing: Value) -> R<()> {
        let array = self.new_array(MISSING + 1)?;
        self.heap().store_element(array, DISABLE, disable);
        self.heap().store_element(array, MISSING, missing);
        self.set_root(root::MONITORING, array.value());
        Ok(())
    }
    fn monitoring_word(self, at: usize) -> Value {
        Object::of(self.root(root::MONITORING)).element(at)
    }
    /// Puts something into a tool's words, and gives what was there; EMPTY is nothing.
    fn exchange(self, at: usize, v: Value) -> Value {
        let before = self.monitoring_word(at);
        self.heap().store_element(Object::of(self.root(root::MONITORING)), at, v);
        before
    }
    /// The argument that stands for none.
    pub fn monitoring_missing(self) -> Value {
        self.monitoring_word(MISSING)
    }
    /// A tool's name, or EMPTY.
    pub fn monitoring_tool(self, tool: usize) -> Value {
        self.monitoring_word(tool * OF_TOOL)
    }
    /// Names a tool.
    pub fn set_monitoring_tool(self, tool: usize, name: Value) {
        self.exchange(tool * OF_TOOL, name);
    }
    /// Sets a tool's callback for an event; EMPTY: none. The one before.
    pub fn set_monitoring_callback(self, tool: usize, event: u32, callback: Value) -> Value {
        self.exchange(tool * OF_TOOL + 1 + event as usize, callback)
    }
    /// Says which events a tool wants: everywhere, or in a code.
    pub fn set_monitoring_events(self, tool: usize, code: Option<CodeIndex>, events: u32) {
        let m = &self.state().monitoring;
        match code {
            None => m.everywhere[tool].set(events),
            Some(code) => m.in_code.borrow_mut().entry(code.0).or_default()[tool] = events,
        }
        m.note();
        self.ops().each_thread(self.0, &mut |thread| Py(thread).begin_stepping());
    }
    /// Does any tool want this event anywhere?
    pub fn monitors(self, event: u32) -> bool {
        self.state().monitoring.any.get() >> group(event) & 1 != 0
    }
    /// Tells the tools that want it of an event in the frame at `place`, which says that it is at `at`: their callbacks get the
    /// code and up to three arguments.
    pub fn monitor(self, place: Place, at: Standing, event: u32, arguments: &[Value]) -> R<()> {
        if !self.monitors(event) {
            return Ok(());
        }
        // As under CPython, the last one first.
        for tool in (0..TOOLS).rev() {
            self.monitor_by(tool, place, at, event, arguments)?;
        }
        Ok(())
    }
    fn monitor_by(self, tool: usize, place: Place, at: Standing, event: u32, arguments: &[Value]) -> R<()> {
        let m = &self.state().monitoring;
        let wanted = m.events(tool) | m.local_events(tool, place.code);
        let location = (place.code.0, at.at, at.visited, group(event));
        let is_done = m.disabled.borrow().get(&location).is_some_and(|tools| tools >> tool & 1 != 0);
        let callback = self.monitoring_word(tool * OF_TOOL + 1 + event as usize);
        if wanted >> group(event) & 1 == 0 || is_done || callback.is_empty() {
            return Ok(());
        }
        let mut all = [self.code_object(place.code)?, Value::EMPTY, Value::EMPTY, Value::EMPTY];
        all[1..=arguments.len()].copy_from_slice(arguments);
        let result = self.in_callback(place, at, || self.call(callback, &all[..=arguments.len()]))?;
        if result != self.monitoring_word(DISABLE) {
            return Ok(());
        }
        if 1 << group(event) & LOCAL_EVENTS == 0 {
            self.set_monitoring_callback(tool, event, Value::EMPTY);
            let name = event::NAMES[event as usize];
            return self.err(Exc::ValueError, &format!("Cannot disable {name} events. Callback removed."));
        }
        *m.disabled.borrow_mut().entry(location).or_default() |= 1 << tool;
        Ok(())
    }
}
