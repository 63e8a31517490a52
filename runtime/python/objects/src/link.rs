//! Linking: from compiled code, which knows no heap, to installed code with its constants as values.
//!
//! Linking replaces indices of names by symbols, so that handlers need no table of the code's own, indices of keyword names
//! by numbers of kept values, and turns the returns of
//! codes that suspend into `finish`, which a generator's frame ends with. [`Py::unlinked`] goes back.

use crate::code::{Body, code_word};
use crate::exception::Exc;
use crate::function::word;
use crate::kind::{Kind, shape, special};
use crate::py::{Py, R, root};
use crate::symbol::sym;
use crate::{dict, string};
use python_compile::opcodes::{CALL_KW, CALL_METHOD_KW, FINISH, FINISH_K, OPCODES, RETURN, RETURN_K};
use python_numbers::bigint::Int;
use std::collections::HashMap;
use std::sync::Arc;
use vm_api::code::code::code_flag;
use vm_api::code::{Code, Constant, Immediate};
use vm_api::engine::CodeIndex;
use vm_api::heap::{Object, RootedVec, Value};

impl Py<'_> {
    /// Installs a code; its code object. Those nested in it are installed when they are called.
    pub fn link(self, code: Code) -> R<Object> {
        let index = self.install_linked(code)?;
        self.code_object(index).map(Object::of)
    }
    /// Installs a code.
    pub(crate) fn install_linked(self, mut code: Code) -> R<CodeIndex> {
        let constants = RootedVec::new(self.heap());
        for c in &code.constants {
            constants.push(self.constant(c)?);
        }
        let symbols = code.names.iter().map(|n| self.intern(n)).collect::<R<Vec<_>>>()?;
        let suspends = code.flags & code_flag::SUSPENDS != 0;
        for i in &mut code.instructions {
            if OPCODES[usize::from(i.op)].immediate == Immediate::Name {
                i.d = symbols[i.d as usize].0 as i32;
            }
            if matches!(i.op, CALL_KW | CALL_METHOD_KW) {
                // The names of keyword arguments are kept where stubs find them by number.
                let names = constants.get(i.d as usize).unwrap_or(Value::EMPTY);
                i.d = self.keep(names)? as i32;
            }
            i.op = match i.op {
                RETURN if suspends => FINISH,
                RETURN_K if suspends => FINISH_K,
                op => op,
            };
        }
        Ok(constants.with(|c| self.ops().install(self.0, Arc::new(code), c)))
    }
    /// The code of a code object as the compiler made it, with all that are nested in it: what [`Py::link`] was given.
    /// SystemError if its instructions refer to what it does not hold, or the file that it comes from is damaged.
    pub fn unlinked(self, object: Object) -> R<Code> {
        let complete = match self.body(object) {
            Some(Body::Code(code)) => return Ok(Arc::unwrap_or_clone(code)),
            Some(Body::Deferred(deferred)) => return deferred.load_whole().map_err(|e| self.damaged(&e)),
            None => self.ops().code(self.0, self.index_of(object)?).complete(),
        };
        let mut code = complete.map_err(|e| self.damaged(&e))?;
        let names = code.names.iter().zip(0..).map(|(n, i)| Ok((self.intern(n)?.0 as i32, i)));
        let names = names.collect::<R<HashMap<i32, i32>>>()?;
        let lost = || self.err(Exc::SystemError, "code whose instructions refer to nothing");
        for i in &mut code.instructions {
            if OPCODES[usize::from(i.op)].immediate == Immediate::Name {
                let Some(index) = names.get(&i.d) else { return lost() };
                i.d = *index;
            }
            if matches!(i.op, CALL_KW | CALL_METHOD_KW) {
                let kept = self.kept(i.d as u32);
                let Some(index) = code.constants.iter().position(|c| self.are_names(kept, c)) else { return lost() };
                i.d = index as i32;
            }
            i.op = match i.op {
                FINISH => RETURN,
                FINISH_K => RETURN_K,
                op => op,
            };
        }
        Ok(code)
    }
    /// Is it the tuple of these texts?
    fn are_names(self, kept: Value, constant: &Constant) -> bool {
        let (Some(kept), Constant::Tuple(texts)) = (self.of_kind(kept, Kind::TUPLE), constant) else { return false };
        let same = |v: Value, c: &Constant| match (string::exact_or_payload(self, v), c) {
            (Some(s), Constant::Str(text)) => {
                let mut own = Vec::new();
                string::push_wtf8(s, &mut own);
                *own == **text
            }
            _ => false,
        };
        kept.length() == texts.len() && crate::tuple::items(kept).zip(texts).all(|(v, c)| same(v, c))
    }
    /// Gives a code object another file name, and the codes in it that had the same one.
    pub fn rename_source(self, object: Object, source: &str) -> R<()> {
        let mut code = self.unlinked(object)?;
        let old = code.source.clone();
        rename(&mut code, &old, source);
        let renamed = self.link(code)?;
        for word in [code_word::INDEX, code_word::SOURCE] {
            self.store(object, word, renamed.get(word));
        }
        Ok(())
    }
    /// A constant as a value.
    pub fn constant(self, c: &Constant) -> R {
        Ok(match c {
            Constant::None => Value::NONE,
            Constant::Empty => Value::EMPTY,
            Constant::Ellipsis => special::ELLIPSIS,
            Constant::Special(n) => Value::special(*n),
            Constant::Bool(b) => Value::bool(*b),
            Constant::Int(i) => self.int(*i)?,
            Constant::BigInt { negative, digits } => {
                let limbs: Vec<u64> = digits
                    .chunks(2)
                    .map(|d| u64::from(d[0]) | u64::from(d.get(1).copied().unwrap_or(0)) << 32)
                    .collect();
                self.int_from(Int::new(*negative, &limbs))?
            }
            Constant::Float(f) => Value::float(*f),
            Constant::Complex(re, im) => self.complex(*re, *im)?,
            Constant::Str(text) => {
                let s = self.str_from_wtf8(text)?;
                // Constants that look like names are interned, as under CPython: `is` and attribute names profit.
                if text.len() <= 64 && text.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    let symbol = self.symbol_of(s)?;
                    self.symbol_string(symbol).value()
                } else {
                    s.value()
                }
            }
            Constant::Bytes(b) => self.bytes(b)?.value(),
            Constant::Tuple(items) => {
                let values = RootedVec::new(self.heap());
                for c in items {
                    values.push(self.constant(c)?);
                }
                let t = self.new_tuple(items.len())?;
                values.with(|v| v.iter().enumerate().for_each(|(i, v)| t.init(2 + i, *v)));
                t.value()
            }
            Constant::FrozenSet(items) => {
                let s = self.new_set(shape::FROZENSET)?;
                for c in items {
                    let v = self.constant(c)?;
                    self.set_add(s, v)?;
                }
                s.value()
            }
            Constant::Code(code) => self.new_code_object(Body::Code(code.clone()))?.value(),
            Constant::Deferred(deferred) => self.new_code_object(Body::Deferred(deferred.clone()))?.value(),
        })
    }
    /// The dictionary of builtins that `__builtins__` in globals gives: a module's, a dictionary of any class, the
    /// interpreter's if there is no such name. One without entries for what is neither.
    pub fn builtins_of(self, globals: Object) -> R<Object> {
        let Some(v) = dict::get_symbol(self, globals, sym::BUILTINS) else {
            return Ok(Object::of(self.root(root::BUILTINS_DICT)));
        };
        match (self.of_kind(v, Kind::MODULE), self.as_dict(v)) {
            (Some(module), _) => Ok(self.module_dict(module)),
            (None, Some(d)) => Ok(d),
            (None, None) => self.new_dict(),
        }
    }
    /// A function of a code object. `globals` is a dictionary, `closure` an array of cells or EMPTY, `namespace` a mapping
    /// or EMPTY.
    pub fn new_function(self, code: Object, globals: Object, closure: Value, namespace: Value) -> R<Object> {
        let builtins = self.builtins_of(globals)?;
        self.new_function_with(code, globals, closure, namespace, builtins.value())
    }
    /// The same with all given, for functions that a running function makes.
    pub fn new_function_with(
        self,
        code: Object,
        globals: Object,
        closure: Value,
        namespace: Value,
        builtins: Value,
    ) -> R<Object> {
        let namespace = if namespace.is_empty() { self.default_namespace(code, globals) } else { namespace };
        let f = self.alloc(shape::FUNCTION, word::WORDS)?;
        f.init(word::CODE, self.code_for_function(code));
        f.init(word::GLOBALS, globals.value());
        f.init(word::CLOSURE, closure);
        f.init(word::NAMESPACE, namespace);
        f.init(word::BUILTINS, builtins);
        f.init(word::NAME, code.get(code_word::NAME));
        f.init(word::QUALNAME, code.get(code_word::QUALNAME));
        f.init(word::CODE_OBJECT, code.value());
        // `__module__` is looked up in the globals when it is asked for.
        Ok(f)
    }
    /// Runs the code of a module, class body or `exec` source in a namespace (a dictionary or other mapping).
    pub fn run_code(self, code: Object, globals: Object, namespace: Value) -> R {
        let f = self.new_function(code, globals, Value::EMPTY, namespace)?;
        let index = self.function_code(f)?;
        self.ops().call(self.0, index, f.value(), &[])
    }
    /// The running function or generator of the innermost visible Python frame.
    pub fn running_function(self) -> Option<Object> {
        let mut found = None;
        self.ops().walk_frames(self.0, &mut |index, _, function| {
            let visible = self.ops().code(self.0, index).flags & code_flag::HIDDEN == 0;
            if visible {
                found = Object::from_value(function);
            }
            !visible
        });
        found
    }
    /// The globals of the innermost visible Python frame.
    pub fn running_globals(self) -> Option<Object> {
        Object::from_value(self.running_function()?.get(word::GLOBALS))
    }
}

/// Changes the file name of a code and of those in it that have the `old` one.
fn rename(code: &mut Code, old: &str, source: &str) {
    if *code.source != *old {
        return;
    }
    code.source = source.into();
    for c in &mut code.constants {
        if let Constant::Code(inner) = c {
            // The compiler bounds how deep codes nest.
            rename(Arc::make_mut(inner), old, source);
        }
    }
}
