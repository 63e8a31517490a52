//! Entries of tracebacks, and the frames in them.
//!
//! Frames of compiled code that an exception passes have no object. What is kept of one is an array: its variables, its function, and
//! where it stood. An entry has that array in place of the frame's object, which is made when somebody asks for it.
//!
//! A frame that the exception leaves is complete at once. One that catches it goes on: its array has no variables yet, and stands in the frame's
//! own variable for it ([`vm_api::code::Code::caught`]), by which it is found again: by the exceptions that it catches after that, by who
//! asks for the frame while it is on the stack, and by the frame's end, which completes it.
//!
//! Exceptions: a code without such a variable keeps nothing of what it catches. A frame that is on the stack of another thread than that
//! of who asks shows no variables before it ends. The frame that had called one is known if the exception passed it, too; else `f_back` of
//! one that has ended without anybody asking for it is None.

use crate::exception::traceback;
use crate::frame::{self, Place};
use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use std::cell::Cell;
use vm_api::code::Code;
use vm_api::code::code::code_flag;
use vm_api::heap::{Layout, Object, Value};

/// What stands behind the variables, counted from the end.
mod kept {
    /// The running function.
    pub(super) const FUNCTION: usize = 3;
    /// EMPTY while the frame may be on a stack. Then None, or the entry of the frame that had called it; of a generator False. The frame's object,
    /// once there is one.
    pub(super) const LINK: usize = 2;
    /// The instruction at which an exception passed or the frame ended, as an int.
    pub(super) const AT: usize = 1;
    /// Elements in all.
    pub(super) const COUNT: usize = 3;
}

fn element(kept: Object, which: usize) -> Value {
    kept.element(kept.length() - which)
}

/// What is kept of a frame that has caught an exception in compiled code.
#[inline]
fn caught_in(code: &Code, registers: &[Cell<Value>]) -> Option<Object> {
    Object::from_value(registers.get(usize::from(code.caught?))?.get())
}

fn set(kept: Object, i: usize, v: Value) {
    kept.set_word(Layout::FIRST_ELEMENT + i, v.bits());
}

/// Without barriers: it is fresh, or they have been.
fn copy_variables(kept: Object, code: &Code, registers: &[Cell<Value>]) {
    let variables = &registers[..code.variables.len().min(kept.length())];
    for (i, cell) in variables.iter().enumerate() {
        set(kept, i, cell.get());
    }
    if let Some(r) = code.caught {
        // That it holds itself is of no use.
        set(kept, usize::from(r), Value::EMPTY);
    }
}

/// Notes where the frame stands as an exception passes: see [`Py::frame_stands`].
fn stands(kept: Object, code: &Code, place: Place) {
    if element(kept, kept::AT) != Value::int(i64::from(place.at)) && frame::has_line(code, place.at) {
        stands_at(kept, place);
    }
}

fn stands_at(kept: Object, place: Place) {
    // No barrier: an int takes an int's place.
    set(kept, kept.length() - kept::AT, Value::int(i64::from(place.at)));
}

impl Py<'_> {
    /// What a traceback's entry has for a frame of compiled code, without an object, that an exception leaves.
    #[inline]
    pub fn left_frame(self, code: &Code, place: Place, registers: &[Cell<Value>]) -> R<Object> {
        if let Some(kept) = caught_in(code, registers) {
            stands(kept, code, place);
            self.complete_kept(kept, code, registers);
            return Ok(kept);
        }
        let kept = self.new_kept(code, place)?;
        copy_variables(kept, code, registers);
        // A generator's frame has no caller when it has ended.
        let link = if code.flags & code_flag::SUSPENDS != 0 { Value::FALSE } else { Value::NONE };
        kept.init(Layout::FIRST_ELEMENT + kept.length() - kept::LINK, link);
        Ok(kept)
    }
    /// What it has for one that catches the exception.
    #[inline]
    pub fn catching_frame(self, code: &Code, place: Place, registers: &[Cell<Value>]) -> R<Value> {
        if code.flags & code_flag::SUSPENDS != 0
            && let Some(g) = self.generator_of(place.function)
        {
            // All its ends are looked at.
            let f = self.generator_frame(g)?;
            self.frame_stands(f, place);
            return Ok(f.value());
        }
        if let Some(kept) = caught_in(code, registers) {
            stands(kept, code, place);
            return Ok(kept.value());
        }
        let Some(register) = code.caught else { return Ok(place.function) };
        let kept = self.new_kept(code, place)?.value();
        registers[usize::from(register)].set(kept);
        Ok(kept)
    }
    #[inline]
    fn new_kept(self, code: &Code, place: Place) -> R<Object> {
        let length = code.variables.len() + kept::COUNT;
        let kept = self.new_array(length)?;
        kept.init(Layout::FIRST_ELEMENT + length - kept::FUNCTION, place.function);
        kept.init(Layout::FIRST_ELEMENT + length - kept::AT, Value::int(i64::from(place.at)));
        Ok(kept)
    }
    /// What is kept of a frame on the stack that has caught an exception in compiled code.
    pub(crate) fn caught_at(self, place: Place) -> Option<Object> {
        let code = self.ops().code(self.0, place.code);
        code.caught?;
        let mut found = None;
        self.ops().inspect_frame(self.0, place.id, &mut |_, _, _, registers| found = caught_in(code, registers));
        found
    }
    /// The frame has got an object.
    pub(crate) fn keeps_object(self, kept: Object, f: Object) {
        self.heap().store_element(kept, kept.length() - kept::LINK, f.value());
        self.store(f, frame::word::AT, element(kept, kept::AT));
    }
    pub(crate) fn object_of_kept(self, kept: Object) -> Option<Object> {
        self.of_kind(element(kept, kept::LINK), Kind::FRAME)
    }
    /// A frame is left by an exception that it raises again: what is kept of it is complete.
    pub fn caught_raised(self, code: &Code, registers: &[Cell<Value>]) {
        if let Some(kept) = caught_in(code, registers) {
            self.complete_kept(kept, code, registers);
        }
    }
    /// A frame ends. Was it one that has caught something, and has no object that knows of it? A pending exception has noted where it passed.
    pub(crate) fn caught_ended(self, code: &Code, place: Place, registers: &[Cell<Value>]) -> bool {
        let Some(kept) = caught_in(code, registers) else { return false };
        if self.0.exception().is_empty() {
            stands_at(kept, place);
        }
        self.complete_kept(kept, code, registers)
    }
    /// Gives what is kept the variables, unless the frame's object gets them. Says whether that is so.
    fn complete_kept(self, kept: Object, code: &Code, registers: &[Cell<Value>]) -> bool {
        let asked = self.object_of_kept(kept);
        match asked {
            // Another thread has asked for it meanwhile.
            Some(f) if f.get(frame::word::ID).is_empty() && f.get(frame::word::VALUES).is_empty() => {}
            None if element(kept, kept::LINK).is_empty() => {}
            _ => return false,
        }
        self.heap().range_barrier(kept, 0, kept.length());
        copy_variables(kept, code, registers);
        match asked {
            Some(f) => {
                self.store(f, frame::word::VALUES, kept.value());
                self.store(f, frame::word::AT, element(kept, kept::AT));
            }
            None => set(kept, kept.length() - kept::LINK, Value::NONE),
        }
        true
    }
    /// An exception whose last entry is `callee` passes the frame of `entry`, which had called that of the other.
    #[inline]
    pub fn called_from(self, callee: Value, entry: Object) {
        if let Some(callee) = Object::from_value(callee)
            && let Some(kept) = Object::from_value(callee.get(traceback::FRAME))
            && kept.shape() == shape::ARRAY
            && element(kept, kept::LINK) == Value::NONE
        {
            self.heap().store_element(kept, kept.length() - kept::LINK, entry.value());
        }
    }
    /// Notes where the frame of an entry stands as an exception passes it again.
    pub fn entry_stands(self, entry: Object, code: &Code, place: Place) {
        let known = entry.get(traceback::FRAME);
        let kept = self.of_kind(known, Kind::ARRAY).filter(|kept| element(*kept, kept::FUNCTION) == place.function);
        if let Some(kept) = kept {
            stands(kept, code, place);
        }
        let f = kept.map_or_else(|| self.of_kind(known, Kind::FRAME), |kept| self.object_of_kept(kept));
        if let Some(f) = f.filter(|f| f.get(frame::word::FUNCTION) == place.function) {
            self.frame_stands(f, place);
        }
    }
    /// The frame on the stack of which this is kept.
    fn activation_of(self, kept: Object) -> Option<Place> {
        let function = element(kept, kept::FUNCTION);
        let mut found = Vec::new();
        self.ops().walk_places(self.0, &mut |id, code, at, running| {
            if running == function {
                found.push(Place { id, code, at, function });
            }
            true
        });
        found.into_iter().find(|place| self.caught_at(*place) == Some(kept))
    }
    /// The object of the frame in a traceback's entry.
    pub fn entry_frame(self, entry: Object) -> R {
        let known = entry.get(traceback::FRAME);
        if self.kind(known) == Kind::FRAME {
            return Ok(known);
        }
        let (code, at) = (entry.get(traceback::CODE), entry.get(traceback::AT));
        let Some(kept) = self.of_kind(known, Kind::ARRAY) else {
            let f = self.new_frame(code, at, known, Value::NONE, Value::EMPTY)?.value();
            self.store(entry, traceback::FRAME, f);
            return Ok(f);
        };
        let (function, link) = (element(kept, kept::FUNCTION), element(kept, kept::LINK));
        let f = if self.kind(link) == Kind::FRAME {
            link
        } else if let Some(place) = self.activation_of(kept).filter(|_| link.is_empty()) {
            self.frame_object(place)?.value()
        } else {
            let back = if self.kind(link) == Kind::TRACEBACK { link } else { Value::NONE };
            let values = if link.is_empty() { Value::EMPTY } else { known };
            let f = self.new_frame(code, at, function, back, values)?;
            self.keeps_object(kept, f);
            f.value()
        };
        self.store(entry, traceback::FRAME, f);
        Ok(f)
    }
    /// The function or generator that runs in the frame of a traceback's entry.
    pub fn entry_function(self, entry: Object) -> Value {
        let known = entry.get(traceback::FRAME);
        match Object::from_value(known) {
            Some(f) if self.object_kind(f) == Kind::FRAME => f.get(frame::word::FUNCTION),
            Some(kept) if self.object_kind(kept) == Kind::ARRAY => element(kept, kept::FUNCTION),
            _ => known,
        }
    }
}
