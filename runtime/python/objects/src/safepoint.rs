//! Native functions that want a safepoint of the interpreter before they go on: `gc.collect`.
//!
//! Where native code stands, the frames of who called it lie on the native stack, and in them words that nobody uses any more
//! but which a conservative scan cannot tell from others. So such a function prepares a frame of code that does nothing and
//! returns; the interpreter polls when it enters the frame, and the function's other half completes the result. The code jumps
//! back once, where the interpreter polls again: what the first poll left to be collected has its turn there.

use crate::native::Native;
use crate::py::{Py, R};
use python_compile::opcodes;
use std::sync::Arc;
use vm_api::code::code::code_flag;
use vm_api::code::{Builder, Constant};
use vm_api::engine::{CallArguments, CodeIndex, Context};
use vm_api::heap::Value;

/// The first word of the context by which a native function goes on. What other contexts begin with is less.
pub const GOES_ON: i64 = 1 << 16;

struct SafepointCode(CodeIndex);

impl Py<'_> {
    /// The result of a native function that is not done: `then(argument)` is called once the engine has come to a safepoint.
    pub fn after_safepoint(self, then: &'static Native, argument: Value) -> R {
        let code = self.state().data("safepoint", || SafepointCode(self.install_safepoint_code())).0;
        let number = i64::from(self.state().native_number(then));
        let context: Context = [Value::int(GOES_ON), Value::int(number), argument, Value::NONE];
        self.ops().prepare_completed(self.0, code, Value::NONE, CallArguments::plain(&[]), &context)
    }
    fn install_safepoint_code(self) -> CodeIndex {
        let mut builder = Builder::new(&opcodes::OPCODES, "<safepoint>", "<safepoint>");
        builder.add_flags(code_flag::HIDDEN);
        let none = builder.constant(Constant::None);
        let (again, end) = (builder.label(), builder.label());
        builder.jump(opcodes::JUMP, 0, 0, 0, again);
        builder.bind(end);
        builder.emit(opcodes::RETURN_K, 0, 0, 0, none);
        builder.bind(again);
        builder.jump(opcodes::LOOP_BACK, 0, 0, 0, end);
        let code = builder.finish().unwrap_or_else(|e| unreachable!("three instructions: {e:?}"));
        self.ops().install(self.0, Arc::new(code), &[Value::NONE])
    }
}
