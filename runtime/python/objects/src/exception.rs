//! Exceptions: their classes, their objects, raising.

use crate::kind::Kind;
use crate::py::{Py, R, root};
use crate::symbol::sym;
use vm_api::engine::Stop;
use vm_api::heap::{Object, Value};

/// Words of an exception's object.
pub mod word {
    /// Tuple of arguments.
    pub const ARGS: usize = 1;
    /// `__cause__`, or EMPTY.
    pub const CAUSE: usize = 2;
    /// `__context__`, or EMPTY.
    pub const CONTEXT: usize = 3;
    /// `__traceback__`, or EMPTY.
    pub const TRACEBACK: usize = 4;
    /// `__suppress_context__`: a truth value or EMPTY.
    pub const SUPPRESS: usize = 5;
    /// `__dict__`, or EMPTY.
    pub const DICT: usize = 6;
    /// First of the class's own fields (`value` of StopIteration, `errno` of OSError, …).
    pub const OWN: usize = 7;
    /// Words in all.
    pub const WORDS: usize = 16;
}

/// Words of a traceback entry.
pub mod traceback {
    /// The next entry, towards where the exception was raised; None at the end.
    pub const NEXT: usize = 1;
    /// Index of the code, as an int.
    pub const CODE: usize = 2;
    /// Index of the instruction, as an int.
    pub const AT: usize = 3;
    /// The frame object; or an array of what is kept of the frame ([`crate::traceback`]); or the running function or generator alone.
    pub const FRAME: usize = 4;
    /// `tb_lineno` where a program set it.
    pub const LINE: usize = 5;
    /// Words in all.
    pub const WORDS: usize = 6;
}

macro_rules! exceptions {
    ($($Name:ident($Base:ident) $own:expr;)*) => {
        /// The built-in exception classes. Their roots begin at [`root::EXCEPTIONS`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        #[allow(missing_docs, reason = "they are Python's own names")]
        pub enum Exc { $($Name),* }

        /// Name, base and own fields of each, bases first.
        pub const TABLE: &[(&str, Exc, &[&str])] = &[$((stringify!($Name), Exc::$Base, &$own)),*];
        /// How many there are.
        pub const COUNT: usize = TABLE.len();
    };
}

exceptions! {
    BaseException(BaseException) [];
    BaseExceptionGroup(BaseException) ["message", "exceptions"];
    GeneratorExit(BaseException) [];
    KeyboardInterrupt(BaseException) [];
    SystemExit(BaseException) ["code"];
    Exception(BaseException) [];
    ArithmeticError(Exception) [];
    FloatingPointError(ArithmeticError) [];
    OverflowError(ArithmeticError) [];
    ZeroDivisionError(ArithmeticError) [];
    AssertionError(Exception) [];
    AttributeError(Exception) ["name", "obj"];
    BufferError(Exception) [];
    EOFError(Exception) [];
    ImportError(Exception) ["msg", "name", "path", "name_from"];
    ModuleNotFoundError(ImportError) ["msg", "name", "path", "name_from"];
    LookupError(Exception) [];
    IndexError(LookupError) [];
    KeyError(LookupError) [];
    MemoryError(Exception) [];
    NameError(Exception) ["name"];
    UnboundLocalError(NameError) ["name"];
    OSError(Exception) ["errno", "strerror", "filename", "filename2", "characters_written"];
    BlockingIOError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ChildProcessError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ConnectionError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    BrokenPipeError(ConnectionError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ConnectionAbortedError(ConnectionError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ConnectionRefusedError(ConnectionError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ConnectionResetError(ConnectionError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    FileExistsError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    FileNotFoundError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    InterruptedError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    IsADirectoryError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    NotADirectoryError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    PermissionError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ProcessLookupError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    TimeoutError(OSError) ["errno", "strerror", "filename", "filename2", "characters_written"];
    ReferenceError(Exception) [];
    RuntimeError(Exception) [];
    NotImplementedError(RuntimeError) [];
    RecursionError(RuntimeError) [];
    StopAsyncIteration(Exception) [];
    StopIteration(Exception) ["value"];
    SyntaxError(Exception) ["msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"];
    IndentationError(SyntaxError) ["msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"];
    TabError(IndentationError) ["msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"];
    SystemError(Exception) [];
    TypeError(Exception) [];
    ValueError(Exception) [];
    UnicodeError(ValueError) [];
    UnicodeDecodeError(UnicodeError) ["encoding", "object", "start", "end", "reason"];
    UnicodeEncodeError(UnicodeError) ["encoding", "object", "start", "end", "reason"];
    UnicodeTranslateError(UnicodeError) ["encoding", "object", "start", "end", "reason"];
    ExceptionGroup(BaseExceptionGroup) ["message", "exceptions"];
    Warning(Exception) [];
    BytesWarning(Warning) [];
    DeprecationWarning(Warning) [];
    EncodingWarning(Warning) [];
    FutureWarning(Warning) [];
    ImportWarning(Warning) [];
    PendingDeprecationWarning(Warning) [];
    ResourceWarning(Warning) [];
    RuntimeWarning(Warning) [];
    SyntaxWarning(Warning) [];
    UnicodeWarning(Warning) [];
    UserWarning(Warning) [];
}

impl Exc {
    /// The root of the class.
    pub const fn root(self) -> u32 {
        root::EXCEPTIONS + self as u32
    }
}

impl Py<'_> {
    /// The class of a built-in exception.
    #[inline]
    pub fn exception_class(self, e: Exc) -> Object {
        Object::of(self.root(e.root()))
    }
    /// A new exception of a built-in class with these arguments; the class's own fields are left to the caller.
    pub fn new_exception(self, e: Exc, args: &[Value]) -> R<Object> {
        let args = self.tuple(args)?;
        let class = self.exception_class(e);
        let o = self.alloc_instance(class)?;
        o.init(word::ARGS, args);
        Ok(o)
    }
    /// Raises `e(message)`: always an error (MemoryError if even that cannot be made).
    #[cold]
    pub fn error(self, e: Exc, message: &str) -> Stop {
        let made = self.str(message).and_then(|m| self.new_exception(e, &[m]));
        match made {
            Ok(o) => self.throw(o),
            Err(stop) => stop,
        }
    }
    /// The same as a result.
    #[cold]
    pub fn err<T>(self, e: Exc, message: &str) -> R<T> {
        Err(self.error(e, message))
    }
    /// Raises `e(value)`.
    #[cold]
    pub fn error_with(self, e: Exc, value: Value) -> Stop {
        match self.new_exception(e, &[value]) {
            Ok(o) => self.throw(o),
            Err(stop) => stop,
        }
    }
    /// TypeError.
    #[cold]
    pub fn type_error<T>(self, message: &str) -> R<T> {
        self.err(Exc::TypeError, message)
    }
    /// ValueError.
    #[cold]
    pub fn value_error<T>(self, message: &str) -> R<T> {
        self.err(Exc::ValueError, message)
    }
    /// Raises an exception object, with the exception being handled as its context.
    pub fn throw(self, e: Object) -> Stop {
        self.set_context(e);
        self.raise(e.value())
    }
    /// Gives a newly raised exception its context: the one being handled. A cycle is cut, as CPython does.
    pub fn set_context(self, e: Object) {
        if let Some(handled) = Object::from_value(self.handled()) {
            self.set_context_to(e, handled);
        }
    }
    pub(crate) fn set_context_to(self, e: Object, handled: Object) {
        if handled == e {
            return;
        }
        let mut at = handled;
        let mut slow = handled;
        let mut step = false;
        while let Some(context) = Object::from_value(at.get(word::CONTEXT)) {
            if context == e {
                self.store(at, word::CONTEXT, Value::EMPTY);
                break;
            }
            at = context;
            if step && let Some(next) = Object::from_value(slow.get(word::CONTEXT)) {
                slow = next;
                if slow == at {
                    break;
                }
            }
            step = !step;
        }
        self.store(e, word::CONTEXT, handled.value());
    }
    /// Gives an exception that stands for a part of another what that one has: traceback, cause, context and notes.
    pub fn copy_metadata(self, from: Object, to: Object) -> R<()> {
        for w in [word::TRACEBACK, word::CAUSE, word::CONTEXT] {
            self.store(to, w, from.get(w));
        }
        self.store(to, word::SUPPRESS, Value::TRUE);
        if let Some(notes) = self.get_optional(from.value(), sym::NOTES)?
            && (self.as_list(notes).is_some() || self.as_tuple(notes).is_some())
        {
            let copy = self.list_from(notes)?;
            self.set_attribute(to.value(), sym::NOTES, Some(copy.value()))?;
        }
        Ok(())
    }
    /// Is the value an exception's instance?
    #[inline]
    pub fn is_exception(self, v: Value) -> bool {
        self.of_kind(v, Kind::EXCEPTION).is_some()
    }
    /// Is the value a class of exceptions?
    pub fn is_exception_class(self, v: Value) -> bool {
        self.of_kind(v, Kind::TYPE).is_some_and(|c| self.is_subclass(c, self.exception_class(Exc::BaseException)))
    }
    /// Is the pending exception an instance of this class?
    pub fn pending_is(self, e: Exc) -> bool {
        let v = self.exception();
        !v.is_empty() && self.is_subclass(self.class_of(v), self.exception_class(e))
    }
    /// Takes the pending exception if it is an instance of this class.
    pub fn catch(self, e: Exc) -> Option<Object> {
        if self.pending_is(e) { Object::from_value(self.take_exception()) } else { None }
    }
    /// `r`, or `None` if it raised an instance of this class.
    pub fn caught<T>(self, r: R<T>, e: Exc) -> R<Option<T>> {
        match r {
            Ok(v) => Ok(Some(v)),
            Err(_) if self.catch(e).is_some() => Ok(None),
            Err(stop) => Err(stop),
        }
    }
    /// Own field `name` of a built-in exception class.
    pub fn exception_field(e: Exc, name: &str) -> Option<usize> {
        TABLE[e as usize].2.iter().position(|n| *n == name).map(|i| word::OWN + i)
    }
    /// Raises AttributeError with `name` and `obj` set.
    #[cold]
    pub fn attribute_error(self, object: Value, name: crate::Symbol, message: &str) -> Stop {
        match self.new_str(message) {
            Ok(message) => self.attribute_error_with(object, name, message),
            Err(stop) => stop,
        }
    }
    /// The same with a message that is a string.
    pub(crate) fn attribute_error_with(self, object: Value, name: crate::Symbol, message: Object) -> Stop {
        match self.new_exception(Exc::AttributeError, &[message.value()]) {
            Ok(o) => {
                self.store(o, word::OWN, self.symbol_string(name).value());
                self.store(o, word::OWN + 1, object);
                self.throw(o)
            }
            Err(stop) => stop,
        }
    }
    /// Raises NameError with `name` set, or UnboundLocalError.
    #[cold]
    pub fn name_error(self, e: Exc, name: Object, message: &str) -> Stop {
        let made = self.str(message).and_then(|m| self.new_exception(e, &[m]));
        match made {
            Ok(o) => {
                // As CPython, which proposes no other names for variables that will be bound.
                if e == Exc::NameError {
                    self.store(o, word::OWN, name.value());
                }
                self.throw(o)
            }
            Err(stop) => stop,
        }
    }
    /// Raises `StopIteration(value)`, without arguments for None.
    pub fn stop_iteration(self, value: Value) -> Stop {
        let args: &[Value] = if value == Value::NONE { &[] } else { &[value] };
        match self.new_exception(Exc::StopIteration, args) {
            Ok(o) => {
                self.store(o, word::OWN, value);
                self.throw(o)
            }
            Err(stop) => stop,
        }
    }
    /// Raises `KeyError(key)`.
    #[cold]
    pub fn key_error(self, key: Value) -> Stop {
        // A tuple would be taken for several arguments only by callers of the class; here it is one.
        self.error_with(Exc::KeyError, key)
    }
    /// An exception from a class or instance, as `raise` takes it. TypeError for anything else.
    pub fn make_exception(self, v: Value) -> R<Object> {
        if self.is_exception(v) {
            return Ok(Object::of(v));
        }
        if self.is_exception_class(v) {
            if let Some(e) = self.exception_of(Object::of(v))? {
                return Ok(e);
            }
            let made = self.call(v, &[])?;
            if self.is_exception(made) {
                return Ok(Object::of(made));
            }
            return self.type_error(&format!(
                "calling {} should have returned an instance of BaseException, not {}",
                self.repr_text(v)?,
                self.repr_text(self.class_of(made).value())?
            ));
        }
        self.type_error("exceptions must derive from BaseException")
    }
    /// Raises OSError, or the subclass that belongs to the number, for a failed system call.
    #[cold]
    pub fn os_error(self, e: &std::io::Error, filename: Option<Value>) -> Stop {
        let errno = e.raw_os_error().unwrap_or(0);
        let text = e.to_string();
        let text = text.split(" (os error").next().unwrap_or_default().to_owned();
        self.os_error_numbered(errno, &text, filename)
    }
    /// The same from number and text.
    #[cold]
    pub fn os_error_numbered(self, errno: i32, text: &str, filename: Option<Value>) -> Stop {
        let made = (|| {
            let (number, text) = (self.int(i64::from(errno))?, self.str(text)?);
            let class = self.exception_class(os_error_class(errno));
            let args: &[Value] = match &filename {
                Some(f) => &[number, text, *f],
                None => &[number, text],
            };
            self.call(class.value(), args)
        })();
        match made {
            Ok(v) => self.throw(Object::of(v)),
            Err(stop) => stop,
        }
    }
    /// Writes a message to the process's standard error.
    pub fn write_stderr(self, text: &str) {
        use std::io::Write;
        // Nobody is left to be told if that fails.
        _ = std::io::stderr().write_all(text.as_bytes());
    }
    /// Reads an attribute that may be missing: AttributeError is taken.
    pub fn get_optional(self, v: Value, name: crate::Symbol) -> R<Option<Value>> {
        let found = self.find_attribute(v, name);
        Ok(self.caught(found, Exc::AttributeError)?.flatten())
    }
    /// The `__notes__` of an exception, for printing.
    pub fn exception_notes(self, e: Object) -> R<Option<Value>> {
        self.get_optional(e.value(), sym::NOTES)
    }
}

/// The subclass of OSError for an error number (PEP 3151).
pub fn os_error_class(errno: i32) -> Exc {
    match errno {
        11 | 115 | 114 => Exc::BlockingIOError,
        10 => Exc::ChildProcessError,
        32 | 108 => Exc::BrokenPipeError,
        103 => Exc::ConnectionAbortedError,
        111 => Exc::ConnectionRefusedError,
        104 => Exc::ConnectionResetError,
        17 => Exc::FileExistsError,
        2 => Exc::FileNotFoundError,
        4 => Exc::InterruptedError,
        21 => Exc::IsADirectoryError,
        20 => Exc::NotADirectoryError,
        1 | 13 => Exc::PermissionError,
        3 => Exc::ProcessLookupError,
        110 => Exc::TimeoutError,
        _ => Exc::OSError,
    }
}
