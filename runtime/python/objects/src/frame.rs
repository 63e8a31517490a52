//! Frame objects: where a frame stood when the object was made. They do not follow the frame.

use crate::function::word as function_word;
use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use vm_api::code::code::code_flag;
use vm_api::engine::CodeIndex;
use vm_api::heap::{Object, RootedVec, Value};

/// Words of a frame object.
pub mod word {
    /// Index of the code, as an int.
    pub const CODE: usize = 1;
    /// Index of the instruction, as an int.
    pub const AT: usize = 2;
    /// The running function or generator.
    pub const FUNCTION: usize = 3;
    /// `f_locals` once asked for, or EMPTY.
    pub const LOCALS: usize = 4;
    /// The frame that called, or None.
    pub const BACK: usize = 5;
    /// Words in all.
    pub const WORDS: usize = 6;
}

/// The line of an instruction; None if it has none.
pub fn line(py: Py<'_>, code: Value, at: Value) -> R {
    let code = py.ops().code(py.0, CodeIndex(code.as_int() as u32));
    Ok(match code.positions.get(at.as_int() as usize) {
        Some(p) if p.line > 0 => Value::int(i64::from(p.line)),
        _ => Value::NONE,
    })
}

impl Py<'_> {
    /// A frame object.
    pub fn new_frame(self, code: Value, at: Value, function: Value, back: Value) -> R<Object> {
        self.new_object(shape::FRAME, word::WORDS, &[code, at, function, Value::EMPTY, back])
    }
    /// The visible frame at a depth (0: the innermost), with those that called it; `None` if there are not so many.
    pub fn frame_at(self, depth: usize) -> R<Option<Object>> {
        let functions = RootedVec::new(self.heap());
        let mut places: Vec<(u32, u32)> = Vec::new();
        let mut skip = depth;
        self.ops().walk_frames(self.0, &mut |index, at, function| {
            if self.ops().code(self.0, index).flags & code_flag::HIDDEN == 0 {
                if skip > 0 {
                    skip -= 1;
                } else {
                    places.push((index.0, at));
                    functions.push(function);
                }
            }
            true
        });
        let mut back = Value::NONE;
        for (i, (code, at)) in places.iter().enumerate().rev() {
            let [code, at] = [code, at].map(|n| Value::int(i64::from(*n)));
            let function = functions.get(i).unwrap_or(Value::NONE);
            back = self.new_frame(code, at, function, back)?.value();
        }
        Ok(Object::from_value(back))
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
