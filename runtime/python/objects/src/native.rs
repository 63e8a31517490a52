//! Native functions: declared as data, with a signature in Python's notation that binds their arguments.
//!
//! ```text
//! static APPEND: Native = Native::method("append", "self, object, /", append, "Append object to the end of the list.");
//! ```
//!
//! The signature lists parameters as in Python: `/` and `*` as there, `*args`, `**kwargs`, `name=default`. What is not given
//! arrives as EMPTY, whatever the default says: the text is for `inspect`. `*args` arrives as a tuple, `**kwargs` as a dict
//! or EMPTY. A method's first parameter is its instance, already checked to be of the class.

use crate::arguments::Args;
use crate::exception::Exc;
use crate::py::{Py, R};
use crate::string;
use crate::{dict, tuple};
use std::cell::Cell;
use std::sync::OnceLock;
use vm_api::heap::{Object, Value};

/// The code of a native function.
pub type NativeFn = for<'t> fn(Py<'t>, Args<'_>) -> R;

/// How a native function becomes an attribute of its class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NativeKind {
    /// A function of a module.
    Function,
    /// A method: `method_descriptor`.
    Method,
    /// A special method: `wrapper_descriptor`.
    Wrapper,
    /// A class method.
    ClassMethod,
    /// A static method (`__new__` among them).
    Static,
    /// An attribute's getter.
    Getter,
    /// An attribute's setter: takes the new value, or EMPTY to delete it.
    Setter,
}

/// A native function.
pub struct Native {
    /// Its name.
    pub name: &'static str,
    /// Parameters; see the module header.
    pub signature: &'static str,
    /// The code.
    pub function: NativeFn,
    /// What it becomes.
    pub kind: NativeKind,
    /// Its documentation.
    pub doc: &'static str,
    /// The signature, parsed when it is first called.
    parsed: OnceLock<Signature>,
}

/// A parsed signature.
#[derive(Debug, Default)]
pub struct Signature {
    /// Names of the parameters that have a slot each: positional, then keyword-only.
    pub names: Vec<&'static str>,
    /// How many of them are positional.
    pub positional: usize,
    /// How many of those by position only.
    pub positional_only: usize,
    /// How many of the positional ones must be given.
    pub required: usize,
    /// Which keyword-only ones must be given.
    pub required_keywords: Vec<usize>,
    /// Is there `*args`? Its slot follows the named ones.
    pub variadic: bool,
    /// Is there `**kwargs`? Its slot is the last.
    pub keywords: bool,
}

impl Signature {
    fn parse(text: &'static str) -> Signature {
        let mut s = Signature::default();
        let mut keyword_only = false;
        for part in split(text) {
            let (name, default) = match part.split_once('=') {
                Some((name, default)) => (name.trim(), Some(default)),
                None => (part, None),
            };
            match name {
                "/" => s.positional_only = s.names.len(),
                "*" => keyword_only = true,
                _ if name.starts_with("**") => s.keywords = true,
                _ if name.starts_with('*') => (s.variadic, keyword_only) = (true, true),
                _ if keyword_only => {
                    if default.is_none() {
                        s.required_keywords.push(s.names.len());
                    }
                    s.names.push(name);
                }
                _ => {
                    s.names.push(name);
                    s.positional += 1;
                    if default.is_none() {
                        s.required = s.positional;
                    }
                }
            }
        }
        s
    }
    /// Slots that the function gets.
    pub fn slots(&self) -> usize {
        self.names.len() + usize::from(self.variadic) + usize::from(self.keywords)
    }
}

/// The parts between top-level commas.
fn split(text: &'static str) -> impl Iterator<Item = &'static str> {
    let mut depth = 0;
    text.split(move |c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|p| !p.is_empty())
}

impl Native {
    /// A native function of any kind.
    pub const fn new(
        kind: NativeKind,
        name: &'static str,
        signature: &'static str,
        function: NativeFn,
        doc: &'static str,
    ) -> Native {
        Native { name, signature, function, kind, doc, parsed: OnceLock::new() }
    }
    /// A function of a module.
    pub const fn function(name: &'static str, signature: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::Function, name, signature, f, doc)
    }
    /// A method.
    pub const fn method(name: &'static str, signature: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::Method, name, signature, f, doc)
    }
    /// A special method.
    pub const fn wrapper(name: &'static str, signature: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::Wrapper, name, signature, f, doc)
    }
    /// A static method.
    pub const fn static_method(name: &'static str, signature: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::Static, name, signature, f, doc)
    }
    /// A class method.
    pub const fn class_method(name: &'static str, signature: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::ClassMethod, name, signature, f, doc)
    }
    /// An attribute's getter.
    pub const fn getter(name: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::Getter, name, "self, /", f, doc)
    }
    /// An attribute's setter; stands right behind the getter of the same name.
    pub const fn setter(name: &'static str, f: NativeFn) -> Native {
        Native::new(NativeKind::Setter, name, "self, value, /", f, "")
    }
    /// The parsed signature.
    #[inline]
    pub fn parsed(&self) -> &Signature {
        self.parsed.get_or_init(|| Signature::parse(self.signature))
    }
    /// Is the first parameter the instance?
    pub fn takes_self(&self) -> bool {
        !matches!(self.kind, NativeKind::Function | NativeKind::Static)
    }
}

/// Most slots of a native function.
const MOST_SLOTS: usize = 24;

/// Calls a native function: positional arguments, then the values of the keywords that tuple `names` (or EMPTY) names.
pub fn call(py: Py<'_>, native: &'static Native, arguments: Args<'_>, names: Value) -> R {
    let s = native.parsed();
    if names.is_empty()
        && arguments.len() == s.names.len()
        && s.positional == s.names.len()
        && !s.variadic
        && !s.keywords
    {
        return (native.function)(py, arguments);
    }
    bind(py, native, s, arguments, names)
}

fn bind(py: Py<'_>, native: &'static Native, s: &Signature, arguments: Args<'_>, names: Value) -> R {
    let slots: [Cell<Value>; MOST_SLOTS] = [const { Cell::new(Value::EMPTY) }; MOST_SLOTS];
    let keyword_count = Object::from_value(names).map_or(0, Object::length);
    let given = arguments.len() - keyword_count;
    if given > s.positional {
        if !s.variadic {
            return Err(too_many(py, native, s, given));
        }
        let extra = py.tuple_with(given - s.positional, |i| arguments.at(s.positional + i))?;
        slots[s.names.len()].set(extra);
    } else if s.variadic {
        slots[s.names.len()].set(py.empty_tuple());
    }
    for i in 0..given.min(s.positional) {
        slots[i].set(arguments.at(i));
    }
    if let Some(names) = Object::from_value(names) {
        for k in 0..keyword_count {
            let (name, value) = (Object::of(names.element(k)), arguments.at(given + k));
            let found = s.names.iter().enumerate().skip(s.positional_only).find(|(_, n)| string::is(name, n));
            match found {
                Some((i, _)) if slots[i].get().is_empty() => slots[i].set(value),
                Some((i, _)) => {
                    return py.err(
                        Exc::TypeError,
                        &format!(
                            "argument for {}() given by name ('{}') and position ({})",
                            native.name,
                            s.names[i],
                            i + usize::from(!native.takes_self())
                        ),
                    );
                }
                None if s.keywords => {
                    let last = s.slots() - 1;
                    if slots[last].get().is_empty() {
                        slots[last].set(py.new_dict()?.value());
                    }
                    py.dict_set_str(Object::of(slots[last].get()), name, value)?;
                }
                None if s.names.len() == s.positional_only => {
                    return py.err(Exc::TypeError, &format!("{} takes no keyword arguments", qualified(py, native)));
                }
                None => {
                    return py.err(
                        Exc::TypeError,
                        &format!("'{}' is an invalid keyword argument for {}()", string::to_rust(name), native.name),
                    );
                }
            }
        }
    }
    if let Some(missing) = (0..s.required).find(|i| slots[*i].get().is_empty()) {
        return Err(too_few(py, native, s, given, missing));
    }
    if let Some(missing) = s.required_keywords.iter().find(|i| slots[**i].get().is_empty()) {
        return py.err(
            Exc::TypeError,
            &format!("{}() missing required keyword-only argument: '{}'", native.name, s.names[*missing]),
        );
    }
    (native.function)(py, Args(&slots[..s.slots()]))
}

/// The name in messages: of methods with their class where that is known from the self argument's position only by name.
fn qualified(_: Py<'_>, native: &Native) -> String {
    format!("{}()", native.name)
}

#[cold]
fn too_many(py: Py<'_>, native: &Native, s: &Signature, given: usize) -> vm_api::engine::Stop {
    let own = usize::from(native.takes_self());
    let (most, given) = (s.positional - own.min(s.positional), given - own.min(given));
    let least = s.required - own.min(s.required);
    let name = native.name;
    let message = if most == 0 && s.names.len() == s.positional {
        format!("{name}() takes no arguments ({given} given)")
    } else if most == least && most == 1 {
        format!("{name}() takes exactly one argument ({given} given)")
    } else if s.positional_only < s.positional || s.names.len() > s.positional {
        let exactly = if most == least { "exactly" } else { "at most" };
        format!("{name}() takes {exactly} {most} argument{} ({given} given)", plural(most))
    } else {
        let bound = if most == least { "" } else { "at most " };
        format!("{name} expected {bound}{most} argument{}, got {given}", plural(most))
    };
    py.error(Exc::TypeError, &message)
}

#[cold]
fn too_few(py: Py<'_>, native: &Native, s: &Signature, given: usize, missing: usize) -> vm_api::engine::Stop {
    let own = usize::from(native.takes_self());
    let least = s.required - own.min(s.required);
    let most = s.positional - own.min(s.positional);
    let given = given - own.min(given);
    let name = native.name;
    let message = if own == 1 && missing == 0 {
        format!("unbound method {name}() needs an argument")
    } else if s.positional_only <= missing {
        format!("{name}() missing required argument '{}' (pos {})", s.names[missing], missing + 1 - own)
    } else if most == 1 && least == 1 {
        format!("{name}() takes exactly one argument ({given} given)")
    } else {
        let bound = if most == least && !s.variadic { "" } else { "at least " };
        format!("{name} expected {bound}{least} argument{}, got {given}", plural(least))
    };
    py.error(Exc::TypeError, &message)
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// The items of `*args` as the function got them.
pub fn variadic(args: Args<'_>, slot: usize) -> impl ExactSizeIterator<Item = Value> {
    tuple::items(Object::of(args.at(slot)))
}

/// Item `name` of `**kwargs` as the function got them.
pub fn keyword(py: Py<'_>, args: Args<'_>, slot: usize, name: crate::Symbol) -> Option<Value> {
    dict::get_symbol(py, Object::from_value(args.at(slot))?, name)
}
