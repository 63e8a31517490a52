//! Frame objects: live views of frames on the stack or of suspended ones, which keep the variables when the frame ends.
//!
//! A frame has one object, made when somebody first asks. Of a frame on the stack it is found by the frame's identity among
//! the objects in [`root::FRAMES`], ascending; a generator holds its own. The runtime then says when the frame ends
//! ([`Py::frame_ended`]). Frames that nobody asks for cost nothing.
//!
//! What an exception passes in compiled code keeps its variables for the traceback, and gets its object from there when somebody asks
//! ([`crate::traceback`]).
//!
//! When a frame that somebody has asked for ends, its object is linked to that of its caller, which is made for it: tracebacks and
//! debuggers follow `f_back` after the fact.

use crate::dict;
use crate::function::word as function_word;
use crate::generator::{self, state, state_of};
use crate::kind::{Kind, shape};
use crate::list;
use crate::py::{Py, R, root};
use crate::symbol::sym;
use std::cell::Cell;
use vm_api::code::Code;
use vm_api::code::code::code_flag;
use vm_api::engine::{CodeIndex, FrameId};
use vm_api::heap::{Object, Value};

/// Words of a frame object.
pub mod word {
    /// Index of the code, as an int.
    pub const CODE: usize = 1;
    /// Index of the instruction at which the frame ended, as an int.
    pub const AT: usize = 2;
    /// The running function or generator.
    pub const FUNCTION: usize = 3;
    /// `f_locals` of a function, once asked for, or EMPTY.
    pub const LOCALS: usize = 4;
    /// Of a frame that has ended: the one that called it, or the entry before this one in a traceback, or
    /// None.
    pub const BACK: usize = 5;
    /// The identity of a frame on the stack, as an int; EMPTY for those of generators and those that have ended.
    pub const ID: usize = 6;
    /// Array for the named variables; EMPTY once they were cleared.
    pub const VALUES: usize = 7;
    /// `f_trace`, or EMPTY.
    pub const TRACE: usize = 8;
    /// `f_trace_lines` (1, EMPTY for true) and `f_trace_opcodes` (2), as an int.
    pub const TRACED: usize = 9;
    /// Words in all.
    pub const WORDS: usize = 10;
}

/// Bits of [`word::TRACED`].
pub mod traced {
    /// `f_trace_lines`
    pub const LINES: i64 = 1;
    /// `f_trace_opcodes`
    pub const OPCODES: i64 = 2;

    /// Those of a frame object.
    pub fn of(f: super::Object) -> i64 {
        match f.get(super::word::TRACED) {
            v if v.is_empty() => LINES,
            v => v.as_int(),
        }
    }
}

/// A frame on the stack.
#[derive(Clone, Copy)]
pub struct Place {
    /// Which one.
    pub id: FrameId,
    /// Its code.
    pub code: CodeIndex,
    /// The executing instruction.
    pub at: u32,
    /// The running function or generator.
    pub function: Value,
}

/// The line of an instruction, or None.
pub fn line(py: Py<'_>, code: Value, at: Value) -> R {
    let code = py.ops().code(py.0, CodeIndex(code.as_int() as u32));
    // What has no line of its own goes with what stands before it: the compiler leaves some without.
    let before = code.positions.iter().take(at.as_int().max(0) as usize + 1).rev();
    Ok(before.map(|p| p.line).find(|line| *line > 0).map_or(Value::NONE, |line| Value::int(i64::from(line))))
}

fn index_of(code: CodeIndex) -> Value {
    Value::int(i64::from(code.0))
}

fn id_value(id: FrameId) -> Value {
    Value::int(id.0 as i64)
}

/// Has the instruction a line? One that the compiler adds to raise an exception again has none.
#[inline]
pub fn has_line(code: &Code, at: u32) -> bool {
    code.positions.get(at as usize).is_some_and(|position| position.line > 0)
}

impl<'t> Py<'t> {
    /// The visible frame at a depth (0: the innermost) below those that `skip` says.
    pub fn place_at(self, depth: usize, skip: impl Fn(&Place) -> bool) -> Option<Place> {
        let (mut left, mut found) = (depth, None);
        self.ops().walk_places(self.0, &mut |id, code, at, function| {
            let place = Place { id, code, at, function };
            if self.ops().code(self.0, code).flags & code_flag::HIDDEN != 0 || skip(&place) {
                return true;
            }
            if left > 0 {
                left -= 1;
                return true;
            }
            found = Some(place);
            false
        });
        found
    }
    /// The object of the visible frame at a depth (0: the innermost); `None` if there are not so many.
    pub fn frame_at(self, depth: usize) -> R<Option<Object>> {
        match self.place_at(depth, |_| false) {
            Some(place) => self.frame_object(place).map(Some),
            None => Ok(None),
        }
    }
    /// The object of a frame on the stack.
    pub fn frame_object(self, place: Place) -> R<Object> {
        if let Some(g) = self.generator_of(place.function) {
            let f = self.generator_frame(g)?;
            self.ops().observe_frame(self.0, place.id);
            return Ok(f);
        }
        let frames = Object::of(self.root(root::FRAMES));
        let at = position(frames, place.id);
        if let Some(f) = list::get(frames, at).map(Object::of)
            && f.get(word::ID) == id_value(place.id)
        {
            if f.get(word::CODE) == index_of(place.code) && f.get(word::FUNCTION) == place.function {
                return Ok(f);
            }
            // Its frame has ended unseen.
            self.forget_frames(place.id);
        }
        let kept = self.caught_at(place);
        let f = match kept.and_then(|kept| self.object_of_kept(kept)) {
            Some(f) => self.with_values(f, place.code)?,
            None => self.new_frame_with_values(place.code, place.function)?,
        };
        self.store(f, word::ID, id_value(place.id));
        let frames = Object::of(self.root(root::FRAMES));
        self.list_insert(frames, position(frames, place.id), f.value())?;
        self.ops().observe_frame(self.0, place.id);
        if let Some(kept) = kept {
            self.keeps_object(kept, f);
        }
        Ok(f)
    }
    /// The object of a frame on the stack, if it has one.
    #[inline]
    pub fn known_frame(self, place: Place) -> Option<Object> {
        if let Some(g) = self.generator_of(place.function) {
            return Object::from_value(g.get(generator::word::FRAME));
        }
        let frames = Object::of(self.root(root::FRAMES));
        list::get(frames, position(frames, place.id)).map(Object::of).filter(|f| {
            f.get(word::ID) == id_value(place.id)
                && f.get(word::CODE) == index_of(place.code)
                && f.get(word::FUNCTION) == place.function
        })
    }
    /// The same of a frame of this code.
    #[inline]
    pub fn known_frame_of(self, code: &Code, place: Place) -> Option<Object> {
        if code.flags & code_flag::SUSPENDS == 0 {
            let frames = Object::of(self.root(root::FRAMES));
            let last = list::length(frames).checked_sub(1)?;
            // Mostly those that have objects are far out.
            if Object::of(list::item(frames, last)).get(word::ID).as_int() < place.id.0 as i64 {
                return None;
            }
        }
        self.known_frame(place)
    }
    /// The object of a generator's frame, which has not ended.
    pub fn generator_frame(self, g: Object) -> R<Object> {
        if let Some(f) = Object::from_value(g.get(generator::word::FRAME)) {
            return Ok(f);
        }
        let f = self.new_frame_with_values(crate::function::code_index(g), g.value())?;
        self.store(g, generator::word::FRAME, f.value());
        Ok(f)
    }
    /// A frame object that stands for no frame on the stack.
    pub(crate) fn new_frame(self, code: Value, at: Value, function: Value, back: Value, values: Value) -> R<Object> {
        let empty = Value::EMPTY;
        let fields = [code, at, function, empty, back, empty, values];
        self.new_object(shape::FRAME, word::WORDS, &fields)
    }
    fn new_frame_with_values(self, code: CodeIndex, function: Value) -> R<Object> {
        let f = self.new_frame(index_of(code), Value::int(0), function, Value::NONE, Value::EMPTY)?;
        self.with_values(f, code)
    }
    fn with_values(self, f: Object, code: CodeIndex) -> R<Object> {
        let values = self.new_array(self.ops().code(self.0, code).variables.len())?.value();
        self.store(f, word::VALUES, values);
        Ok(f)
    }
    /// The variables of a frame that has ended are gone, also for who has them from elsewhere.
    pub fn clear_variables(self, f: Object) {
        if let Some(values) = self.of_kind(f.get(word::VALUES), Kind::ARRAY) {
            let variables = self.ops().code(self.0, CodeIndex(f.get(word::CODE).as_int() as u32)).variables.len();
            (0..variables.min(values.length())).for_each(|i| self.heap().store_element(values, i, Value::EMPTY));
        }
        self.store(f, word::VALUES, Value::EMPTY);
    }
    /// An exception leaves a frame: if it is a generator's that has an object, that keeps the variables.
    pub fn generator_left(self, place: Place, registers: &[Cell<Value>]) {
        if let Some(f) = self.generator_of(place.function).and_then(|_| self.known_frame(place)) {
            self.keep_variables(f, registers);
        }
    }
    pub(crate) fn generator_of(self, function: Value) -> Option<Object> {
        Object::from_value(function).filter(|o| generator::is_generator(self.object_kind(*o)))
    }
    /// Objects of frames from this one on upwards stand for none any more.
    fn forget_frames(self, id: FrameId) {
        let frames = Object::of(self.root(root::FRAMES));
        let (at, count) = (position(frames, id), list::length(frames));
        for i in at..count {
            let f = Object::of(list::item(frames, i));
            self.store(f, word::ID, Value::EMPTY);
            self.store(f, word::VALUES, Value::EMPTY);
        }
        self.list_remove_range(frames, at, count);
    }
    /// A frame is left that is observed, or has caught an exception in compiled code: its object, if it has one, or what is kept of it gets the
    /// variables. A pending exception stays pending.
    pub fn frame_ended(self, code: &Code, place: Place, registers: &[Cell<Value>]) {
        if self.caught_ended(code, place, registers) {
            return;
        }
        let f = match self.generator_of(place.function) {
            Some(g) if state_of(g) == state::SUSPENDED => return,
            Some(g) => Object::from_value(g.get(generator::word::FRAME)),
            None => {
                let frames = Object::of(self.root(root::FRAMES));
                let at = position(frames, place.id);
                let found = list::get(frames, at).map(Object::of).filter(|f| {
                    f.get(word::ID) == id_value(place.id)
                        && f.get(word::CODE) == index_of(place.code)
                        && f.get(word::FUNCTION) == place.function
                });
                if let Some(f) = found {
                    // What is above it goes without; it goes itself with its variables.
                    self.store(f, word::ID, Value::EMPTY);
                    self.list_remove_range(frames, at, at + 1);
                }
                self.forget_frames(place.id);
                found
            }
        };
        let Some(f) = f else { return };
        self.keep_variables(f, registers);
        let pending = self.take_exception();
        if pending.is_empty() {
            // A return that the compiler adds has the line before it.
            self.store(f, word::AT, Value::int(i64::from(place.at)));
        } else {
            self.frame_stands(f, place);
        }
        let caller = self.place_at(0, |p| p.id == place.id);
        let back = caller.map(|caller| self.frame_object(caller));
        self.take_exception();
        if let Some(Ok(back)) = back {
            self.store(f, word::BACK, back.value());
        }
        if !pending.is_empty() {
            self.raise(pending);
        }
    }
    /// Notes where a frame stands as an exception passes. What the compiler adds to raise an exception again
    /// has no line and leaves the place where it is.
    pub fn frame_stands(self, f: Object, place: Place) {
        if f.get(word::AT) == Value::int(i64::from(place.at)) {
            return;
        }
        let code = self.ops().code(self.0, place.code);
        if has_line(code, place.at) {
            self.store(f, word::AT, Value::int(i64::from(place.at)));
        }
    }
    /// A generator's frame ends by a return, and stands on the stack still, innermost.
    pub fn generator_frame_ended(self, g: Object) {
        if g.get(generator::word::FRAME).is_empty() {
            return;
        }
        self.ops().current_frame(self.0, &mut |_, at, function, registers| {
            if function == g.value() {
                let f = Object::of(g.get(generator::word::FRAME));
                self.keep_variables(f, registers);
                self.store(f, word::AT, Value::int(i64::from(at)));
            }
        });
    }
    fn keep_variables(self, f: Object, registers: &[Cell<Value>]) {
        let Some(values) = Object::from_value(f.get(word::VALUES)) else { return };
        for (i, cell) in registers.iter().enumerate().take(values.length()) {
            self.heap().store_element(values, i, cell.get());
        }
    }
    /// Where a frame object's frame is on the stack, if it is.
    pub fn frame_place(self, f: Object) -> Option<Place> {
        let function = f.get(word::FUNCTION);
        match self.generator_of(function) {
            Some(g) if state_of(g) == state::RUNNING && g.get(generator::word::FRAME) == f.value() => {
                self.place_at(0, |p| p.function != function)
            }
            Some(_) => None,
            None if f.get(word::ID).is_empty() => None,
            None => self.place_at(0, |p| {
                id_value(p.id) != f.get(word::ID) || index_of(p.code) != f.get(word::CODE) || p.function != function
            }),
        }
    }
    /// The generator whose suspended frame a frame object stands for.
    pub fn suspended_generator(self, f: Object) -> Option<Object> {
        let g = self.generator_of(f.get(word::FUNCTION))?;
        let waits = matches!(state_of(g), state::SUSPENDED | state::CREATED);
        (waits && g.get(generator::word::FRAME) == f.value()).then_some(g)
    }
    /// Index of the executing instruction, or the one at which the frame waits or has ended; -1 before the first.
    pub fn frame_position(self, f: Object) -> i64 {
        if let Some(place) = self.frame_place(f) {
            return self.traced_position(place.id).map_or(i64::from(place.at), |standing| standing.at);
        }
        match self.suspended_generator(f) {
            Some(g) => g.word(generator::word::POSITION) as i64 - 1,
            None => f.get(word::AT).as_int(),
        }
    }
    /// The line that the frame visits without an instruction, as a trace function is being told; otherwise 0.
    pub fn visited_line(self, f: Object) -> u32 {
        let standing = self.frame_place(f).and_then(|place| self.traced_position(place.id));
        standing.map_or(0, |standing| standing.visited)
    }
    /// `f_back`
    pub fn frame_back(self, f: Object) -> R {
        if self.suspended_generator(f).is_some() {
            return Ok(Value::NONE);
        }
        let Some(place) = self.frame_place(f) else {
            let back = f.get(word::BACK);
            if let Some(entry) = self.of_kind(back, Kind::TRACEBACK) {
                let caller = self.entry_frame(entry)?;
                self.store(f, word::BACK, caller);
            }
            return Ok(f.get(word::BACK));
        };
        let reached = Cell::new(false);
        let caller = self.place_at(0, |p| !reached.replace(reached.get() || p.id == place.id));
        match caller {
            Some(caller) => Ok(self.frame_object(caller)?.value()),
            None => Ok(Value::NONE),
        }
    }
    /// `f_locals`: the namespace itself, or a function's variables as they are now in the frame's own dictionary. Where an
    /// inlined comprehension is running, its variables are seen beside the others: in a copy of a namespace.
    pub fn frame_locals(self, f: Object) -> R {
        let function = Object::from_value(f.get(word::FUNCTION));
        let code = self.ops().code(self.0, CodeIndex(f.get(word::CODE).as_int() as u32)).clone();
        let namespace = function.map_or(Value::EMPTY, |f| f.get(function_word::NAMESPACE));
        if !namespace.is_empty() && !has_inlined_variables(&code) {
            return Ok(namespace);
        }
        if let Some(place) = self.frame_place(f) {
            self.ops().inspect_frame(self.0, place.id, &mut |_, _, _, registers| self.keep_variables(f, registers));
        } else if let (Some(g), Some(values)) = (self.suspended_generator(f), Object::from_value(f.get(word::VALUES))) {
            let array = Object::of(g.get(generator::word::REGISTERS));
            self.heap().copy_elements(array, 0, values, 0, values.length().min(array.length()));
        }
        if !namespace.is_empty() {
            return self.namespace_beside_inlined(f, &code, namespace);
        }
        if f.get(word::LOCALS).is_empty() {
            let d = self.new_dict()?.value();
            self.store(f, word::LOCALS, d);
        }
        // A comprehension's variable has a register of its own beside that of the same name around it: what is bound hides
        // what is not, and the inner one the outer one.
        for bound in [false, true] {
            for (i, name) in code.variables.iter().chain(&code.free).enumerate().filter(|(_, name)| is_shown(name)) {
                let (name, d) = (self.intern(name)?, Object::of(f.get(word::LOCALS)));
                match self.variable(f, function, &code, i) {
                    v if v.is_empty() && !bound => {
                        self.dict_remove_str(d, self.symbol_string(name));
                    }
                    v if !v.is_empty() && bound => self.dict_set_symbol(d, name, v)?,
                    _ => {}
                }
            }
        }
        Ok(f.get(word::LOCALS))
    }
    /// The namespace of a module or class, or a copy of it with the bound variables of inlined comprehensions.
    fn namespace_beside_inlined(self, f: Object, code: &Code, namespace: Value) -> R {
        let mut beside = None;
        for (i, name) in code.variables.iter().enumerate().filter(|(_, name)| is_inlined(name)) {
            let v = self.variable(f, None, code, i);
            if v.is_empty() {
                continue;
            }
            let d = match beside {
                Some(d) => d,
                None => {
                    let d = self.new_dict()?;
                    match self.as_dict(namespace) {
                        Some(namespace) => self.dict_copy_into(d, namespace)?,
                        None => {
                            let keys = self.call_method(namespace, sym::KEYS, &[])?;
                            self.each(keys, |key| self.dict_set(d, key, self.get_item(namespace, key)?))?;
                        }
                    }
                    *beside.insert(d)
                }
            };
            self.dict_set_symbol(d, self.intern(name)?, v)?;
        }
        Ok(beside.map_or(namespace, Object::value))
    }
    /// Gives the variables of a function's frame on the stack, at `place`, what `f_locals` says. A local variable stays bound: it
    /// becomes None; one in a cell may become unbound.
    pub fn store_frame_locals(self, f: Object, place: Place) -> R<()> {
        if f.get(word::LOCALS).is_empty() {
            return Ok(());
        }
        self.ops().inspect_frame(self.0, place.id, &mut |_, _, _, registers| self.keep_variables(f, registers));
        let function = Object::from_value(f.get(word::FUNCTION));
        let code = self.ops().code(self.0, place.code).clone();
        for (i, name) in code.variables.iter().chain(&code.free).enumerate() {
            if name.starts_with('.') || code.caught.is_some_and(|r| usize::from(r) == i) {
                continue;
            }
            let name = self.intern(name)?;
            let v = dict::get_symbol(self, Object::of(f.get(word::LOCALS)), name).unwrap_or(Value::EMPTY);
            if v == self.variable(f, function, &code, i) {
                continue;
            }
            if let Some(cell) = self.cell_of(f, function, &code, i) {
                self.store(cell, 1, v);
            } else if i < code.variables.len() {
                let v = if v.is_empty() { Value::NONE } else { v };
                self.ops().inspect_frame(self.0, place.id, &mut |_, _, _, registers| registers[i].set(v));
            }
        }
        Ok(())
    }
    /// How many local variables of a frame on the stack are unbound.
    pub fn unbound_locals(self, place: Place) -> usize {
        let mut count = 0;
        self.each_unbound(place, |_| count += 1);
        count
    }
    /// Binds them to None.
    pub fn bind_unbound(self, place: Place) {
        self.each_unbound(place, |cell| cell.set(Value::NONE));
    }
    fn each_unbound(self, place: Place, mut f: impl FnMut(&Cell<Value>)) {
        let code = self.ops().code(self.0, place.code).clone();
        self.ops().inspect_frame(self.0, place.id, &mut |_, _, _, registers| {
            for (i, cell) in registers.iter().enumerate().take(code.variables.len()) {
                if cell.get().is_empty() && !code.cells.contains(&(i as u16)) && code.caught != Some(i as u16) {
                    f(cell);
                }
            }
        });
    }
    /// The cell of variable `i`, if it lives in one that has been made.
    fn cell_of(self, f: Object, function: Option<Object>, code: &Code, i: usize) -> Option<Object> {
        let v = match i.checked_sub(code.variables.len()) {
            Some(free) => {
                let closure = function.and_then(|f| Object::from_value(f.get(function_word::CLOSURE)));
                closure.filter(|c| free < c.length())?.element(free)
            }
            None if !code.cells.contains(&(i as u16)) => return None,
            None => Object::from_value(f.get(word::VALUES))?.element(i),
        };
        self.of_kind(v, Kind::CELL)
    }
    /// Variable `i`, free ones last; EMPTY if it is unbound.
    fn variable(self, f: Object, function: Option<Object>, code: &Code, i: usize) -> Value {
        let content = |cell: Value| match self.of_kind(cell, Kind::CELL) {
            Some(cell) => cell.get(1),
            None => Value::EMPTY,
        };
        let Some(values) = Object::from_value(f.get(word::VALUES)) else { return Value::EMPTY };
        match i.checked_sub(code.variables.len()) {
            Some(free) => {
                let closure = function.and_then(|f| Object::from_value(f.get(function_word::CLOSURE)));
                closure.filter(|c| free < c.length()).map_or(Value::EMPTY, |c| content(c.element(free)))
            }
            None => {
                let v = values.element(i);
                if code.cells.contains(&(i as u16)) && self.kind(v) == Kind::CELL { content(v) } else { v }
            }
        }
    }
    /// The code object of a running function or generator.
    pub fn code_object_of(self, function: Value, code: Value) -> R {
        if let Some(f) = self.of_kind(function, Kind::FUNCTION)
            && f.get(function_word::CODE) == code
            && !f.get(function_word::CODE_OBJECT).is_empty()
        {
            return Ok(f.get(function_word::CODE_OBJECT));
        }
        self.code_object(CodeIndex(code.as_int() as u32))
    }
}

/// Names that begin with a dot are the compiler's own.
fn is_shown(name: &str) -> bool {
    !name.starts_with('.')
}

/// Of code with a namespace: all variables but those of comprehensions are in the namespace, or cells of a class.
fn is_inlined(name: &str) -> bool {
    is_shown(name) && !matches!(name, "__class__" | "__classdict__")
}

/// Are there variables of inlined comprehensions beside the namespace that this code has?
pub fn has_inlined_variables(code: &Code) -> bool {
    code.variables.iter().any(|name| is_inlined(name))
}

/// Where a frame's object is, or would be, in the list.
fn position(frames: Object, id: FrameId) -> usize {
    let mut at = list::length(frames);
    while at > 0 && Object::of(list::item(frames, at - 1)).get(word::ID).as_int() >= id.0 as i64 {
        at -= 1;
    }
    at
}
