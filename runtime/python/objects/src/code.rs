//! Code objects, and codes that are installed only when they are called: most functions of a program never are.
//!
//! A code object has the number of an installed code, or that of a [`Body`] which becomes one when somebody asks for it
//! ([`Py::index_of`]). A function of a code that is not installed yet has the number of a placeholder instead, whose
//! parameters no call fits directly: so every way into the function leads through [`Py::function_code`]. Installing runs no
//! Python code.

use crate::exception::Exc;
use crate::function;
use crate::kind::shape;
use crate::py::{Py, R, root};
use crate::symbol::Symbol;
use python_compile::extra;
use python_compile::opcodes::{OPCODES, RETURN, flag};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use vm_api::code::code::code_flag;
use vm_api::code::serial::{Deferred, LoadError};
use vm_api::code::{Builder, Code, Constant, Parameters};
use vm_api::engine::{CodeIndex, Stop};
use vm_api::heap::{Object, Value};

/// Words of a code object.
pub mod code_word {
    /// Index of the installed code, as an int; `-1 - n`: it is body `n`.
    pub(crate) const INDEX: usize = 1;
    /// `co_name`
    pub const NAME: usize = 2;
    /// `co_qualname`
    pub const QUALNAME: usize = 3;
    /// The documentation, or None; EMPTY if nobody has asked for it.
    pub const DOC: usize = 4;
    /// `co_filename`
    pub const SOURCE: usize = 5;
    /// Words in all.
    pub const WORDS: usize = 6;
}

/// A code that is not installed.
#[derive(Clone)]
pub(crate) enum Body {
    /// Fresh from the compiler.
    Code(Arc<Code>),
    /// Still in a file.
    Deferred(Deferred),
}

/// The bodies of an interpreter, and the index of the placeholder.
#[derive(Default)]
pub(crate) struct Bodies {
    /// By number; those that are installed are gone.
    waiting: RefCell<Vec<Option<Body>>>,
    /// The last file name that was interned: the codes of a file come together, and its name is long.
    source: RefCell<Option<(Box<str>, Symbol)>>,
    placeholder: Cell<u32>,
}

/// Installs the placeholder.
pub(crate) fn start(py: Py<'_>) {
    let mut b = Builder::new(&OPCODES, "<not called yet>", "");
    b.parameters(Parameters { variadic: true, ..Parameters::default() });
    b.variable("arguments");
    b.add_flags(code_flag::HIDDEN);
    b.emit(RETURN, 0, 0, 0, 0);
    let code = b.finish().expect("a code of one instruction");
    let index = py.ops().install(py.0, Arc::new(code), &[]);
    py.state().bodies.placeholder.set(index.0);
}

impl Py<'_> {
    /// A code object of a code that is installed when it is first called.
    pub(crate) fn new_code_object(self, body: Body) -> R<Object> {
        let object = match &body {
            Body::Code(code) => self.code_object_with(&code.name, &code.qualified_name, &code.source)?,
            Body::Deferred(deferred) => {
                let header = deferred.header().map_err(|e| self.damaged(&e))?;
                self.code_object_with(header.name, header.qualified_name, header.source)?
            }
        };
        let mut waiting = self.state().bodies.waiting.borrow_mut();
        object.init(code_word::INDEX, Value::int(-1 - waiting.len() as i64));
        waiting.push(Some(body));
        Ok(object)
    }
    fn code_object_with(self, name: &str, qualified_name: &str, source: &str) -> R<Object> {
        let (name, qualified_name) = (self.intern(name)?, self.intern(qualified_name)?);
        let source = self.source_symbol(source)?;
        let [name, qualified_name, source] = [name, qualified_name, source].map(|s| self.symbol_string(s).value());
        let words = [Value::int(0), name, qualified_name, Value::EMPTY, source];
        self.new_object(shape::CODE, code_word::WORDS, &words)
    }
    fn source_symbol(self, source: &str) -> R<Symbol> {
        let last = &self.state().bodies.source;
        if let Some((text, symbol)) = &*last.borrow()
            && **text == *source
        {
            return Ok(*symbol);
        }
        let symbol = self.intern(source)?;
        last.replace(Some((source.into(), symbol)));
        Ok(symbol)
    }
    /// What is wrong with a code of a file.
    #[cold]
    pub(crate) fn damaged(self, error: &LoadError) -> Stop {
        self.error(Exc::SystemError, &error.to_string())
    }
    /// The body of a code object that is not installed.
    pub(crate) fn body(self, object: Object) -> Option<Body> {
        let number = -1 - object.get(code_word::INDEX).as_int();
        let number = usize::try_from(number).ok()?;
        self.state().bodies.waiting.borrow().get(number)?.clone()
    }
    /// The index of a code object's code, which is installed now if it was not before. SystemError if the file that it comes from
    /// is damaged.
    #[inline]
    pub fn index_of(self, object: Object) -> R<CodeIndex> {
        match u32::try_from(object.get(code_word::INDEX).as_int()) {
            Ok(index) => Ok(CodeIndex(index)),
            Err(_) => self.install_body(object),
        }
    }
    #[cold]
    #[inline(never)]
    fn install_body(self, object: Object) -> R<CodeIndex> {
        let number = object.get(code_word::INDEX);
        let code = match self.body(object) {
            Some(Body::Code(code)) => Arc::unwrap_or_clone(code),
            Some(Body::Deferred(deferred)) => deferred.load().map_err(|e| self.damaged(&e))?,
            None => return self.err(Exc::SystemError, "a code object without a code"),
        };
        let index = self.install_linked(code)?;
        self.enter_code_object(index, object)?;
        object.set_word(code_word::INDEX, Value::int(i64::from(index.0)).bits());
        self.state().bodies.waiting.borrow_mut()[(-1 - number.as_int()) as usize] = None;
        Ok(index)
    }
    /// The index of a function's code, for a call: installed now if it was not before. Errors as of [`Py::index_of`].
    #[inline]
    pub fn function_code(self, f: Object) -> R<CodeIndex> {
        let index = function::code_index(f);
        if index.0 != self.state().bodies.placeholder.get() { Ok(index) } else { self.first_call(f) }
    }
    #[cold]
    #[inline(never)]
    fn first_call(self, f: Object) -> R<CodeIndex> {
        let code = Object::of(f.get(function::word::CODE_OBJECT));
        let index = self.index_of(code)?;
        f.set_word(function::word::CODE, Value::int(i64::from(index.0)).bits());
        if f.get(function::word::NAMESPACE).is_empty() {
            let globals = Object::of(f.get(function::word::GLOBALS));
            self.store(f, function::word::NAMESPACE, self.default_namespace(code, globals));
        }
        Ok(index)
    }
    /// The namespace that a code runs in where none is given: the globals, unless it is a function's. EMPTY also for a code
    /// that is not installed, whose functions get it at their first call.
    pub fn default_namespace(self, code: Object, globals: Object) -> Value {
        match u32::try_from(code.get(code_word::INDEX).as_int()) {
            Ok(index) if self.ops().code(self.0, CodeIndex(index)).flags & flag::FUNCTION == 0 => globals.value(),
            _ => Value::EMPTY,
        }
    }
    /// What the word [`function::word::CODE`] of a function of this code object is.
    pub(crate) fn code_for_function(self, object: Object) -> Value {
        let index = object.get(code_word::INDEX);
        if index.as_int() >= 0 { index } else { Value::int(i64::from(self.state().bodies.placeholder.get())) }
    }
    /// The documentation of a code object, or None. Errors as of [`Py::index_of`].
    pub fn documentation_of(self, object: Object) -> R {
        let known = object.get(code_word::DOC);
        if !known.is_empty() {
            return Ok(known);
        }
        let found = self.with_extra(object, |flags, all| match extra::documentation(flags, all) {
            Some(c) => self.constant(c),
            None => Ok(Value::NONE),
        })??;
        self.store(object, code_word::DOC, found);
        Ok(found)
    }
    /// The attributes that a function of a code object sets on its first parameter.
    pub(crate) fn stored_attributes(self, object: Object, mut f: impl FnMut(&str)) -> R<()> {
        self.with_extra(object, |flags, all| extra::stored_attributes(flags, all).for_each(&mut f))
    }
    /// Calls `f` with the flags and [`Code::extra`] of a code object.
    fn with_extra<T>(self, object: Object, f: impl FnOnce(u32, &[Constant]) -> T) -> R<T> {
        Ok(match self.body(object) {
            Some(Body::Code(code)) => f(code.flags, &code.extra),
            Some(Body::Deferred(deferred)) => {
                let read = deferred.header().and_then(|header| Ok((header.flags, deferred.extra()?)));
                let (flags, all) = read.map_err(|e| self.damaged(&e))?;
                f(flags, &all)
            }
            None => {
                let code = self.ops().code(self.0, self.index_of(object)?);
                f(code.flags, &code.extra)
            }
        })
    }
    /// The code object of an installed code.
    pub fn code_object(self, index: CodeIndex) -> R {
        let table = Object::of(self.root(root::CODE_OBJECTS));
        if (index.0 as usize) < table.length() && !table.element(index.0 as usize).is_empty() {
            return Ok(table.element(index.0 as usize));
        }
        let code = self.ops().code(self.0, index);
        let object = self.code_object_with(&code.name, &code.qualified_name, &code.source)?;
        object.init(code_word::INDEX, Value::int(i64::from(index.0)));
        self.enter_code_object(index, object)?;
        Ok(object.value())
    }
    /// Makes it the code object of an installed code.
    fn enter_code_object(self, index: CodeIndex, object: Object) -> R<()> {
        let (at, mut table) = (index.0 as usize, Object::of(self.root(root::CODE_OBJECTS)));
        if at >= table.length() {
            let larger = self.new_array((at + 1).next_power_of_two())?;
            table = Object::of(self.root(root::CODE_OBJECTS));
            self.heap().copy_elements(table, 0, larger, 0, table.length());
            self.set_root(root::CODE_OBJECTS, larger.value());
            table = larger;
        }
        self.heap().store_element(table, at, object.value());
        Ok(())
    }
}
