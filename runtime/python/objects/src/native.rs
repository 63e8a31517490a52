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
use crate::class;
use crate::exception::Exc;
use crate::kind::{BUILTINS, Kind};
use crate::py::{Py, R};
use crate::string;
use crate::symbol::sym;
use crate::{dict, tuple};
use std::cell::Cell;
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
    /// A hash of the name, by which tables are searched.
    tag: Tag,
    /// Parameters; see the module header.
    pub signature: &'static str,
    /// The code.
    pub function: NativeFn,
    /// What it becomes.
    pub kind: NativeKind,
    /// Its documentation.
    pub doc: &'static str,
    /// Of a getter: does it show what CPython keeps in a field of its own, so that the attribute is a `member_descriptor`?
    pub is_member: bool,
    /// Of a getter or setter that does nothing but read or write a word of the instance: which one. 0: it does more.
    word: u16,
    /// What `inspect` reads: the signature, unless the binding knows more than CPython tells.
    pub shown: &'static str,
    /// What the signature says of numbers.
    parameters: Signature,
    hook: Option<Hook>,
    ignores: bool,
    only: Only,
    intrinsic: Option<Intrinsic>,
}

/// What a function is known to do, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Only {
    Unknown,
    /// Checks its arguments.
    Checks,
    /// Keeps its arguments in the object.
    KeepsArguments,
}

/// Functions that calls may do in place; how is the semantics' own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are named as the functions are")]
pub enum Intrinsic {
    Len,
    Abs,
    Min,
    Max,
    Ord,
    Chr,
    IsInstance,
    Append,
    Pop,
    Insert,
    Add,
    Get,
    Sqrt,
}

/// A hash of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(u32);

impl Tag {
    /// That of a name: Fowler, Noll and Vo's 1a.
    pub(crate) const fn of(name: &str) -> Tag {
        let (name, mut hash, mut i) = (name.as_bytes(), 0x811C_9DC5_u32, 0);
        while i < name.len() {
            hash = (hash ^ name[i] as u32).wrapping_mul(0x0100_0193);
            i += 1;
        }
        Tag(hash)
    }
}

/// The hooks through which attributes are read, set and deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hook {
    /// `__getattribute__`
    Get,
    /// `__setattr__`
    Set,
    /// `__delattr__`
    Delete,
}

/// A signature in numbers. Slots are those of the named parameters, positional ones first, then `*args`, then `**kwargs`.
/// Counts are bytes, because a start looks at some thousand functions.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    named: u8,
    positional: u8,
    positional_only: u8,
    required: u8,
    /// Is there `*args`?
    variadic: bool,
    /// Is there `**kwargs`?
    keywords: bool,
    /// Are all slots those of positional parameters, so that with one argument for each there is nothing to sort?
    plain: bool,
    /// Where in the text the names of the slots begin.
    starts: [u16; MOST_SLOTS],
    /// Slots of the keyword-only ones that must be given, as bits.
    required_keywords: u32,
}

impl Signature {
    const fn parse(text: &str) -> Signature {
        let mut s = Signature {
            named: 0,
            positional: 0,
            positional_only: 0,
            required: 0,
            variadic: false,
            keywords: false,
            plain: false,
            starts: [0; MOST_SLOTS],
            required_keywords: 0,
        };
        let (text, mut i, mut keyword_only) = (text.as_bytes(), 0, false);
        while i < text.len() {
            // One parameter: from `start` to the comma; it has a default if there is a `=` outside of brackets.
            while i < text.len() && text[i] == b' ' {
                i += 1;
            }
            let (start, mut depth, mut default) = (i, 0, false);
            while i < text.len() && (depth > 0 || text[i] != b',') {
                match text[i] {
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth -= 1,
                    b'=' => default = true,
                    _ => {}
                }
                i += 1;
            }
            let length = i - start;
            i += 1;
            match text[start] {
                b'/' => s.positional_only = s.named,
                b'*' if length == 1 => keyword_only = true,
                b'*' if text[start + 1] == b'*' => s.keywords = true,
                b'*' => (s.variadic, keyword_only) = (true, true),
                _ => {
                    s.starts[s.named as usize] = start as u16;
                    if keyword_only && !default {
                        s.required_keywords |= 1 << s.named;
                    }
                    s.named += 1;
                    if !keyword_only {
                        s.positional = s.named;
                        if !default {
                            s.required = s.named;
                        }
                    }
                }
            }
        }
        assert!(s.slots() <= MOST_SLOTS, "a native function has too many parameters");
        assert!(text.len() <= u16::MAX as usize, "a native function's signature is too long");
        s.plain = s.positional() == s.slots();
        s
    }
    /// How many parameters have a name.
    #[inline(always)]
    pub const fn named(&self) -> usize {
        self.named as usize
    }
    /// How many of them are positional.
    #[inline(always)]
    pub const fn positional(&self) -> usize {
        self.positional as usize
    }
    /// How many of those by position only.
    #[inline(always)]
    pub const fn positional_only(&self) -> usize {
        self.positional_only as usize
    }
    /// How many of the positional ones must be given.
    #[inline(always)]
    pub const fn required(&self) -> usize {
        self.required as usize
    }
    /// Slots that the function gets.
    #[inline(always)]
    pub const fn slots(&self) -> usize {
        self.named() + self.variadic as usize + self.keywords as usize
    }
    /// Do positional arguments of this number, and no others, leave nothing out but what is optional?
    #[inline(always)]
    const fn suffices(&self, given: usize) -> bool {
        self.required_keywords == 0 && self.required() <= given && (given <= self.positional() || self.variadic)
    }
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
        let hook = match name.as_bytes() {
            b"__getattribute__" => Some(Hook::Get),
            b"__setattr__" => Some(Hook::Set),
            b"__delattr__" => Some(Hook::Delete),
            _ => None,
        };
        let parameters = Signature::parse(signature);
        Native {
            name,
            tag: Tag::of(name),
            signature,
            function,
            kind,
            doc,
            is_member: false,
            word: 0,
            parameters,
            shown: signature,
            hook,
            ignores: false,
            only: Only::Unknown,
            intrinsic: None,
        }
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
    /// The same with a signature of `first, /, *args, **kwargs`, where the function looks at the first argument only and finds
    /// nothing in the other slots: what `__new__` does with arguments that are for `__init__`.
    pub const fn ignoring_arguments(self) -> Native {
        let s = &self.parameters;
        assert!(s.named == 1 && s.required == 1 && s.variadic && s.keywords, "there must be arguments to ignore");
        Native { ignores: true, ..self }
    }
    /// The same with another signature for `inspect`.
    pub const fn shown_as(self, shown: &'static str) -> Native {
        Native { shown, ..self }
    }
    /// The same of an `__init__` that checks its arguments as the `__new__` of its class does and nothing else: after that it
    /// need not be called.
    pub const fn after_its_new_only_checking(self) -> Native {
        Native { only: Only::Checks, ..self }
    }
    /// The same of an exception's `__new__` or `__init__` that keeps its positional arguments as `args` and does nothing else.
    pub const fn only_keeping_arguments(self) -> Native {
        Native { only: Only::KeepsArguments, ..self }
    }
    /// Is it such a function?
    pub fn keeps_arguments(&self) -> bool {
        self.only == Only::KeepsArguments
    }
    /// The same of a function that calls may do in place.
    pub const fn in_place(self, intrinsic: Intrinsic) -> Native {
        Native { intrinsic: Some(intrinsic), ..self }
    }
    /// What calls may do in place of it.
    #[inline]
    pub fn intrinsic(&self) -> Option<Intrinsic> {
        self.intrinsic
    }
    /// Is it such an `__init__`?
    pub fn only_checks(&self) -> bool {
        self.only == Only::Checks
    }
    /// An attribute's getter.
    pub const fn getter(name: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native::new(NativeKind::Getter, name, "self, /", f, doc)
    }
    /// The same, of an attribute that is a `member_descriptor`.
    pub const fn member(name: &'static str, f: NativeFn, doc: &'static str) -> Native {
        Native { is_member: true, ..Native::getter(name, f, doc) }
    }
    /// An attribute's setter; stands right behind the getter of the same name.
    pub const fn setter(name: &'static str, f: NativeFn) -> Native {
        Native::new(NativeKind::Setter, name, "self, value, /", f, "")
    }
    /// The same of a getter that returns what a word of the instance holds unless that is EMPTY, or of a setter that stores
    /// any value there: inline caches do it without a call.
    pub const fn in_word(self, word: usize) -> Native {
        Native { word: word as u16, ..self }
    }
    /// The word of [`Native::in_word`].
    pub fn word(&self) -> Option<u32> {
        (self.word != 0).then_some(self.word.into())
    }
    /// Which hook of attribute access it is, if any.
    #[inline]
    pub fn hook(&self) -> Option<Hook> {
        self.hook
    }
    /// May it have the name that the tag is of?
    #[inline]
    pub(crate) fn has_tag(&self, tag: Tag) -> bool {
        self.tag == tag
    }
    /// What the signature says of numbers.
    #[inline]
    pub fn parameters(&self) -> &Signature {
        &self.parameters
    }
    /// The names of the parameters that have a slot each, in the order of the slots.
    pub fn parameter_names(&self) -> impl Iterator<Item = &'static str> {
        (0..self.parameters.named()).map(|slot| self.parameter_name(slot))
    }
    /// The slot of a parameter that may be given by this name.
    fn slot_named(&self, name: Object) -> Option<usize> {
        let (s, text, name) = (&self.parameters, self.signature.as_bytes(), string::ascii(name)?.as_bytes());
        let ends = |at: usize| text.get(at).is_none_or(|c| !c.is_ascii_alphanumeric() && *c != b'_');
        (s.positional_only()..s.named()).find(|slot| {
            let at = usize::from(s.starts[*slot]);
            text[at..].starts_with(name) && ends(at + name.len())
        })
    }
    fn parameter_name(&self, slot: usize) -> &'static str {
        let start = self.parameters.starts.get(slot).map_or(usize::MAX, |start| usize::from(*start));
        let text = self.signature.get(start..).unwrap_or_default();
        let end = text.bytes().position(|b| matches!(b, b',' | b'=' | b' ')).unwrap_or(text.len());
        &text[..end]
    }
    /// Is the first parameter the instance?
    pub fn takes_self(&self) -> bool {
        !matches!(self.kind, NativeKind::Function | NativeKind::Static)
    }
}

/// Most slots of a native function.
const MOST_SLOTS: usize = 24;

/// Calls a native function: positional arguments, then the values of the keywords that tuple `names` (or EMPTY) names.
#[inline]
pub fn call(py: Py<'_>, native: &'static Native, arguments: Args<'_>, names: Value) -> R {
    let s = native.parameters();
    if names.is_empty() && s.plain && arguments.len() == s.positional() {
        return (native.function)(py, arguments);
    }
    if names.is_empty() && s.suffices(arguments.len()) && !native.ignores {
        let rest = match s.variadic {
            false => Value::EMPTY,
            true if arguments.len() <= s.positional() => py.empty_tuple(),
            true => py.tuple_with(arguments.len() - s.positional(), |i| arguments.at(s.positional() + i))?,
        };
        let positional = arguments.len().min(s.positional());
        // Behind the named ones comes `*args`; where there is none, `**kwargs`, and the rest is EMPTY.
        let given = |i| match i {
            i if i < positional => arguments.at(i),
            i if i == s.named() => rest,
            _ => Value::EMPTY,
        };
        return py.with_arguments(s.slots(), given, |py, all| (native.function)(py, all));
    }
    bind(py, native, s, arguments, names)
}

#[inline(never)]
fn bind(py: Py<'_>, native: &'static Native, s: &Signature, arguments: Args<'_>, names: Value) -> R {
    let keyword_count = Object::from_value(names).map_or(0, Object::length);
    let given = arguments.len() - keyword_count;
    if native.ignores && given > 0 {
        let nothing = || Cell::new(Value::EMPTY);
        return (native.function)(py, Args(&[Cell::new(arguments.at(0)), nothing(), nothing()]));
    }
    let slots: [Cell<Value>; MOST_SLOTS] = [const { Cell::new(Value::EMPTY) }; MOST_SLOTS];
    if given > s.positional() {
        if !s.variadic {
            return Err(too_many(py, &Shown::new(py, native, arguments), s, given));
        }
        let extra = py.tuple_with(given - s.positional(), |i| arguments.at(s.positional() + i))?;
        slots[s.named()].set(extra);
    } else if s.variadic {
        slots[s.named()].set(py.empty_tuple());
    }
    for (slot, v) in slots[..given.min(s.positional())].iter().zip(arguments.iter()) {
        slot.set(v);
    }
    if let Some(names) = Object::from_value(names) {
        for k in 0..keyword_count {
            let (name, value) = (Object::of(names.element(k)), arguments.at(given + k));
            match native.slot_named(name) {
                Some(i) if slots[i].get().is_empty() => slots[i].set(value),
                Some(i) => {
                    let shown = Shown::new(py, native, arguments);
                    return py.err(
                        Exc::TypeError,
                        &format!(
                            "argument for {}() given by name ('{}') and position ({})",
                            shown.name,
                            native.parameter_name(i),
                            i + 1 - shown.own.min(i)
                        ),
                    );
                }
                None if s.keywords => {
                    let last = s.slots() - 1;
                    if slots[last].get().is_empty() {
                        slots[last].set(py.new_dict_for(keyword_count - k)?.value());
                    }
                    py.dict_set_str(Object::of(slots[last].get()), name, value)?;
                }
                // A subclass may take them in an `__init__` of its own.
                None if s.named() == s.positional_only() && has_own_init(py, native, arguments) => {}
                None if s.named() == s.positional_only() => {
                    let name = Shown::new(py, native, arguments).qualified;
                    return py.err(Exc::TypeError, &format!("{name}() takes no keyword arguments"));
                }
                None => {
                    let (keyword, name) = (string::to_rust(name), Shown::new(py, native, arguments).name);
                    return py.err(Exc::TypeError, &format!("'{keyword}' is an invalid keyword argument for {name}()"));
                }
            }
        }
    }
    if let Some(missing) = (0..s.required()).find(|i| slots[*i].get().is_empty()) {
        return Err(too_few(py, native, &Shown::new(py, native, arguments), s, given, missing));
    }
    let lacking = (s.positional()..s.named()).find(|i| s.required_keywords & 1 << i != 0 && slots[*i].get().is_empty());
    if let Some(missing) = lacking {
        return py.err(
            Exc::TypeError,
            &format!("{}() missing required keyword-only argument: '{}'", native.name, native.parameter_name(missing)),
        );
    }
    (native.function)(py, Args(&slots[..s.slots()]))
}

/// Is this the `__new__` of a built-in type, called for a class with an `__init__` in Python?
#[cold]
fn has_own_init(py: Py<'_>, native: &Native, arguments: Args<'_>) -> bool {
    let class = arguments.opt(0).and_then(|c| py.of_kind(c, Kind::TYPE));
    native.name == "__new__"
        && class.and_then(|c| py.lookup(c, sym::INIT)).is_some_and(|init| py.kind(init) != Kind::WRAPPER_DESCRIPTOR)
}

/// How messages about arguments call a function.
struct Shown {
    /// Its name; of `__new__` and `__init__`, the class's.
    name: String,
    /// The same, of a method with the class.
    qualified: String,
    /// How many of the parameters come first that a call does not show: the instance or the class.
    own: usize,
    is_wrapper: bool,
    /// Is it one of the methods that look for a part between bounds, whose arguments CPython parses in another way?
    is_search: bool,
}

impl Shown {
    #[cold]
    fn new(py: Py<'_>, native: &Native, arguments: Args<'_>) -> Shown {
        let plain =
            |name: String, own| Shown { qualified: name.clone(), name, own, is_wrapper: false, is_search: false };
        let first = arguments.opt(0);
        let class = match (native.kind, first) {
            (NativeKind::Static | NativeKind::ClassMethod, Some(c)) => py.of_kind(c, Kind::TYPE),
            (NativeKind::Method | NativeKind::Wrapper, Some(v)) => Some(py.class_of(v)),
            _ => None,
        };
        // A subclass's instances and the built-in class's are called the same.
        let class = class.map(|c| match BUILTINS.get(class::kind(c).0 as usize) {
            Some(b) if b.kind != Kind::OBJECT && b.kind != Kind::EXCEPTION => b.name.to_owned(),
            _ => class::name(py, c),
        });
        match (native.kind, class) {
            (NativeKind::Static, Some(class)) if native.name == "__new__" => plain(class, 1),
            (NativeKind::Wrapper, Some(class)) if native.name == "__init__" => plain(class, 1),
            (NativeKind::Method | NativeKind::ClassMethod, Some(class)) => {
                let bounded = native.parameters().positional() == 4;
                let is_search = bounded && matches!(native.parameter_name(1), "sub" | "prefix" | "suffix");
                Shown { qualified: format!("{class}.{}", native.name), is_search, ..plain(native.name.to_owned(), 1) }
            }
            (NativeKind::Wrapper, _) => Shown { is_wrapper: true, ..plain(native.name.to_owned(), 1) },
            _ => plain(native.name.to_owned(), usize::from(native.takes_self())),
        }
    }
}

#[cold]
fn too_many(py: Py<'_>, shown: &Shown, s: &Signature, given: usize) -> vm_api::engine::Stop {
    let Shown { name, qualified, own, is_wrapper, .. } = shown;
    let own = *own;
    let (most, given) = (s.positional() - own.min(s.positional()), given - own.min(given));
    let least = s.required() - own.min(s.required());
    let message = if *is_wrapper {
        let bound = if most == least { "" } else { "at most " };
        format!("expected {bound}{most} argument{}, got {given}", plural(most))
    } else if shown.is_search {
        format!("{name}() takes at most {most} arguments ({given} given)")
    } else if most == 0 && s.named() == s.positional() {
        format!("{qualified}() takes no arguments ({given} given)")
    } else if most == least && most == 1 && s.positional_only() == s.positional() {
        format!("{qualified}() takes exactly one argument ({given} given)")
    } else if s.positional_only() < s.positional() || s.named() > s.positional() {
        let (exactly, all) = (if most == least { "exactly" } else { "at most" }, s.named() - own.min(s.named()));
        if given > all {
            format!("{name}() takes {exactly} {all} argument{} ({given} given)", plural(all))
        } else if most == 0 {
            format!("{name}() takes no positional arguments")
        } else {
            format!("{name}() takes {exactly} {most} positional argument{} ({given} given)", plural(most))
        }
    } else {
        let bound = if most == least { "" } else { "at most " };
        format!("{name} expected {bound}{most} argument{}, got {given}", plural(most))
    };
    py.error(Exc::TypeError, &message)
}

#[cold]
fn too_few(
    py: Py<'_>,
    native: &Native,
    shown: &Shown,
    s: &Signature,
    given: usize,
    missing: usize,
) -> vm_api::engine::Stop {
    let Shown { name, qualified, own, is_wrapper, .. } = shown;
    let own = *own;
    let least = s.required() - own.min(s.required());
    let most = s.positional() - own.min(s.positional());
    let given = given - own.min(given);
    let message = if native.kind == NativeKind::Static && native.name == "__new__" && missing == 0 {
        "__new__(): not enough arguments".to_owned()
    } else if own == 1 && missing == 0 {
        format!("unbound method {name}() needs an argument")
    } else if *is_wrapper {
        let bound = if most == least { "" } else { "at least " };
        format!("expected {bound}{least} argument{}, got {given}", plural(least))
    } else if shown.is_search {
        format!("{name}() takes at least 1 argument (0 given)")
    } else if s.positional_only() <= missing {
        format!("{name}() missing required argument '{}' (pos {})", native.parameter_name(missing), missing + 1 - own)
    } else if s.named() > s.positional_only() && !s.variadic {
        let (bound, n) = (if least < most { "at least" } else { "exactly" }, s.positional_only() - own);
        format!("{name}() takes {bound} {} positional argument{} ({given} given)", n.min(least), plural(n.min(least)))
    } else if most == 1 && least == 1 {
        format!("{qualified}() takes exactly one argument ({given} given)")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_say_how_many_parameters_there_are_and_where_their_names_are() {
        let f = Native::function(
            "f",
            "a, /, bb=(1, 2), *, key, other=None, **rest",
            |_, arguments| Ok(arguments.at(0)),
            "",
        );
        let s = f.parameters();
        assert_eq!(f.parameter_names().collect::<Vec<_>>(), ["a", "bb", "key", "other"]);
        assert_eq!((s.named(), s.positional(), s.positional_only(), s.required(), s.slots()), (4, 2, 1, 1, 5));
        assert_eq!((s.required_keywords, s.suffices(1), s.plain), (0b100, false, false));
        let s = Signature::parse("self, /, *args");
        assert_eq!([0, 1, 300].map(|given| s.suffices(given)), [false, true, true]);
        assert!(size_of::<Native>() <= 144, "{}", size_of::<Native>());
    }
}
