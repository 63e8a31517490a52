//! Calling: any callable, with positional arguments and keywords, from native code.
//!
//! `CALL` and its kin do the frequent cases without coming here; see the semantics.

use crate::arguments::Args;
use crate::class::{self, flag};
use crate::exception::{Exc, word};
use crate::kind::{Kind, class as builtin, shape, special};
use crate::makers::Maker;
use crate::py::{Py, R};
use crate::symbol::sym;
use crate::{function, native};
use std::cell::Cell;
use vm_api::engine::ENTER;
use vm_api::heap::{Object, Value};

/// Levels of nested data that native code goes down into: many more than CPython 3.12 (1,500), and few enough for what
/// takes the square of them.
const MOST_NESTED: u32 = 10_000;

/// A level of [`Py::descend`].
#[must_use]
pub struct Nesting<'t>(&'t Cell<u32>);

impl Drop for Nesting<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Arguments that fit the native stack.
const FEW: usize = 16;
/// So many are not worth the clearing of room for more.
const HANDFUL: usize = 6;
/// Nor are so many.
const COUPLE: usize = 3;

/// How calls of a class that is written in Python make instances.
#[derive(Clone, Copy)]
pub struct PythonConstructor {
    /// The `__init__` that is called with the instance and the arguments.
    pub init: Object,
    /// `__new__` is that of `BaseException`: the instance keeps the arguments without names.
    pub keeps_arguments: bool,
}

impl<'t> Py<'t> {
    /// `callee(*args)`
    #[inline]
    pub fn call(self, callee: Value, args: &[Value]) -> R {
        self.call_vector(callee, Args::of(args), Value::EMPTY)
    }
    /// `callee(*args, **keywords)`: the last arguments are the values of the names in tuple `names`, unless that is EMPTY.
    pub fn call_vector(self, callee: Value, args: Args<'_>, names: Value) -> R {
        let Some(o) = Object::from_value(callee) else { return self.not_callable(callee) };
        match self.object_kind(o) {
            Kind::FUNCTION => function::call(self, o, args, names),
            Kind::BUILTIN | Kind::METHOD_WRAPPER => {
                let native = self.state().native(o.get(1).as_int() as u32);
                let this = o.get(2);
                let r = if this.is_empty() {
                    native::call(self, native, args, names)
                } else {
                    self.with_prepended(this, args, |py, args| native::call(py, native, args, names))
                };
                self.entered(self.visible(r))
            }
            Kind::METHOD => {
                let _nesting = self.descend(" while calling a Python object")?;
                let f = o.get(1);
                self.with_prepended(o.get(2), args, |py, args| py.call_vector(f, args, names))
            }
            Kind::TYPE => self.call_type(o, args, names),
            Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR => {
                let native = self.state().native(o.get(1).as_int() as u32);
                if args.is_empty() {
                    return self.type_error(&format!(
                        "unbound method {}.{}() needs an argument",
                        class::name(self, Object::of(o.get(4))),
                        native.name
                    ));
                }
                self.check_owner(o, args.at(0))?;
                self.entered(self.visible(native::call(self, native, args, names)))
            }
            Kind::STATICMETHOD => self.call_vector(o.get(1), args, names),
            _ => {
                let class = self.class_of(callee);
                match self.lookup(class, sym::CALL) {
                    Some(found) if matches!(self.kind(found), Kind::FUNCTION | Kind::WRAPPER_DESCRIPTOR) => {
                        self.check_native_stack()?;
                        self.with_prepended(callee, args, |py, args| py.call_vector(found, args, names))
                    }
                    Some(found) => {
                        let bound = self.descriptor_get(found, callee, class.value())?;
                        self.check_native_stack()?;
                        self.call_vector(bound, args, names)
                    }
                    None => self.not_callable(callee),
                }
            }
        }
    }
    /// The native function that is called with the arguments as they are, if the callee is such a one.
    #[inline]
    pub fn plain_native(self, callee: Value) -> Option<&'static native::Native> {
        let o = Object::from_value(callee).filter(|o| o.shape() == shape::BUILTIN && o.get(2).is_empty())?;
        Some(self.state().native(o.get(1).as_int() as u32))
    }
    /// A native function's result as a program sees it: the end of a native iterator is a StopIteration.
    #[inline]
    pub fn visible(self, r: R) -> R {
        match r {
            Ok(v) if v == special::END => Err(self.stop_iteration(Value::NONE)),
            r => r,
        }
    }
    /// A native function's result; a frame that it prepared ([`Py::after_safepoint`]) is run.
    #[inline]
    pub fn entered(self, r: R) -> R {
        match r {
            Ok(ENTER) => self.ops().run_prepared(self.0),
            r => r,
        }
    }
    #[cold]
    fn not_callable(self, callee: Value) -> R {
        self.type_error(&format!("'{}' object is not callable", self.class_name(callee)))
    }
    /// Runs `f` on `first` followed by `args`.
    pub fn with_prepended<T>(self, first: Value, args: Args<'_>, f: impl FnOnce(Py<'t>, Args<'_>) -> R<T>) -> R<T> {
        self.with_arguments(args.len() + 1, |i| if i == 0 { first } else { args.at(i - 1) }, f)
    }
    /// Runs `f` on `n` arguments that `get` yields; `get` is not called after anything that could move what it reads from,
    /// unless that is a root or on the native stack.
    pub fn with_arguments<T>(
        self,
        n: usize,
        get: impl Fn(usize) -> Value,
        f: impl FnOnce(Py<'t>, Args<'_>) -> R<T>,
    ) -> R<T> {
        fn filled<const N: usize>(n: usize, get: impl Fn(usize) -> Value) -> [Cell<Value>; N] {
            std::array::from_fn(|i| Cell::new(if i < n { get(i) } else { Value::EMPTY }))
        }
        if n <= COUPLE {
            return f(self, Args(&filled::<COUPLE>(n, get)[..n]));
        }
        if n <= HANDFUL {
            return f(self, Args(&filled::<HANDFUL>(n, get)[..n]));
        }
        if n <= FEW {
            return f(self, Args(&filled::<FEW>(n, get)[..n]));
        }
        let array = self.new_array(n)?;
        for i in 0..n {
            self.heap().store_element(array, i, get(i));
        }
        // SAFETY: the array's elements lie in one row; their address is on the native stack while `f` runs, which keeps the
        // array where it is, and the array keeps what they hold alive.
        let args = unsafe { Args::from_registers((array.address() + 16) as *const Value, n) };
        f(self, args)
    }
    /// `callee(first, *args)`
    pub fn call_prepended(self, callee: Value, first: Value, args: &[Value]) -> R {
        self.with_prepended(first, Args::of(args), |py, all| py.call_vector(callee, all, Value::EMPTY))
    }
    /// `callee(*tuple, **dict)`: the dictionary may be EMPTY.
    pub fn call_tuple(self, callee: Value, args: Object, keywords: Value) -> R {
        match Object::from_value(keywords).filter(|d| crate::dict::length(*d) > 0) {
            None => self.with_arguments(
                args.length(),
                |i| args.element(i),
                |py, all| py.call_vector(callee, all, Value::EMPTY),
            ),
            Some(d) => {
                let (names, values) = self.split_keywords(d)?;
                let n = args.length();
                let (count, values) = (names.length(), values);
                self.with_arguments(
                    n + count,
                    |i| if i < n { args.element(i) } else { values.element(i - n) },
                    |py, all| py.call_vector(callee, all, names.value()),
                )
            }
        }
    }
    /// Keys and values of a dictionary of keyword arguments as two arrays; TypeError for a key that is no string.
    pub fn split_keywords(self, d: Object) -> R<(Object, Object)> {
        let count = crate::dict::length(d);
        let (names, values) = (self.new_tuple(count)?, self.new_array(count)?);
        let (mut i, mut n) = (0, 0);
        while let Some((at, key, value)) = crate::dict::next_entry(d, i) {
            i = at + 1;
            let Some(key) = crate::string::exact_or_payload(self, key) else {
                return self.type_error("keywords must be strings");
            };
            self.heap().store_element(names, n, key.value());
            self.heap().store_element(values, n, value);
            n += 1;
        }
        Ok((names, values))
    }
    /// `cls(*args, **keywords)`
    pub fn call_type(self, class: Object, args: Args<'_>, names: Value) -> R {
        let meta = self.class_of(class.value());
        if meta.value() != self.root(builtin::TYPE)
            && let Some(hook) = self.lookup(meta, sym::CALL)
            && self.kind(hook) != Kind::WRAPPER_DESCRIPTOR
        {
            if self.kind(hook) == Kind::FUNCTION {
                return self.with_prepended(class.value(), args, |py, args| py.call_vector(hook, args, names));
            }
            let bound = self.descriptor_get(hook, class.value(), meta.value())?;
            return self.call_vector(bound, args, names);
        }
        self.construct(class, args, names)
    }
    /// `type.__call__(cls, *args, **keywords)`
    pub fn construct(self, class: Object, args: Args<'_>, names: Value) -> R {
        if class.value() == self.root(builtin::TYPE) && names.is_empty() && args.len() == 1 {
            return Ok(self.class_of(args.at(0)).value());
        }
        match self.state().makers.of(class) {
            Maker::Natives { new, init } => return self.construct_natively(class, new, init, args, names),
            Maker::Arguments if names.is_empty() => return self.exception_with(class, args).map(Object::value),
            Maker::Arguments | Maker::Any => {}
        }
        if class::has(class, flag::NO_INSTANCES) {
            return self.type_error(&format!("cannot create '{}' instances", self.class_full_name(class)));
        }
        let Some(new) = self.lookup(class, sym::NEW) else {
            return self.type_error(&format!("cannot create '{}' instances", self.class_full_name(class)));
        };
        let made = if self.is_object_new(new) {
            self.object_new(class, args, !names.is_empty())?
        } else {
            self.note_maker(class, new);
            let native = self.plain_native(new);
            let new = if native.is_some() { new } else { self.descriptor_get(new, Value::EMPTY, class.value())? };
            self.with_prepended(class.value(), args, |py, args| match native {
                Some(native) => py.entered(native::call(py, native, args, names)),
                None => py.call_vector(new, args, names),
            })?
        };
        self.initialize(class, made, args, names)
    }
    /// Both parts of a call of a class that native functions make instances of.
    fn construct_natively(
        self,
        class: Object,
        new: &'static native::Native,
        init: Option<&'static native::Native>,
        args: Args<'_>,
        names: Value,
    ) -> R {
        let made =
            self.with_prepended(class.value(), args, |py, args| py.entered(native::call(py, new, args, names)))?;
        if self.class_of(made) != class {
            return self.initialize(class, made, args, names);
        }
        let Some(init) = init else { return Ok(made) };
        let r =
            self.with_prepended(made, args, |py, args| py.entered(py.visible(native::call(py, init, args, names))))?;
        if r != Value::NONE {
            return Err(self.wrong_init_result(r));
        }
        Ok(made)
    }
    /// An instance of a class of exceptions that [`Maker::Arguments`] make.
    fn exception_with(self, class: Object, args: Args<'_>) -> R<Object> {
        let kept = if args.is_empty() { self.empty_tuple() } else { self.tuple_with(args.len(), |i| args.at(i))? };
        let e = self.alloc_instance(class)?;
        e.init(word::ARGS, kept);
        Ok(e)
    }
    /// What calling a class of exceptions without arguments gives, if that needs no call.
    pub(crate) fn exception_of(self, class: Object) -> R<Option<Object>> {
        let plain = matches!(self.state().makers.of(class), Maker::Arguments)
            && self.class_of(class.value()).value() == self.root(builtin::TYPE);
        if plain { self.exception_with(class, Args::of(&[])).map(Some) } else { Ok(None) }
    }
    /// Do calls of the class only make an exception that keeps the arguments, as far as is known? Until `__new__` or `__init__` of a
    /// class changes.
    pub fn keeps_arguments(self, class: Object) -> bool {
        matches!(self.state().makers.of(class), Maker::Arguments)
    }
    /// Notes it if a class's instances are made by native functions alone, by `new` and what it has for `__init__`.
    fn note_maker(self, class: Object, new: Value) {
        // What odd names say is not kept.
        if self.has_odd_names(class) {
            return;
        }
        let (Some(new), Some(init)) = (self.plain_native(new), self.lookup(class, sym::INIT)) else { return };
        if self.is_object_init(init) {
            self.state().makers.note(class, Maker::Natives { new, init: None });
        } else if let Some(o) = Object::from_value(init).filter(|o| o.shape() == shape::WRAPPER_DESCRIPTOR)
            && self.is_subclass(class, Object::of(o.get(4)))
        {
            let init = self.state().native(o.get(1).as_int() as u32);
            let is_exception = class::kind(class) == class::kind(self.builtin_class(builtin::EXCEPTION));
            if new.keeps_arguments() && init.keeps_arguments() && is_exception {
                return self.state().makers.note(class, Maker::Arguments);
            }
            let is_checked = init.only_checks() && o.get(4) == class.value();
            let init = (!is_checked).then_some(init);
            self.state().makers.note(class, Maker::Natives { new, init });
        }
    }
    /// The second part of a call of a class: `__init__` of what its `__new__` made, if that is an instance.
    fn initialize(self, class: Object, made: Value, args: Args<'_>, names: Value) -> R {
        let made_class = self.class_of(made);
        if made_class != class && !self.is_subclass(made_class, class) {
            return Ok(made);
        }
        let Some(init) = self.lookup(made_class, sym::INIT) else { return Ok(made) };
        if self.is_object_init(init) {
            // `object.__init__` complains about arguments only where `__new__` is not overridden; `object_new` did.
            return Ok(made);
        }
        let r = match self.kind(init) {
            Kind::FUNCTION | Kind::WRAPPER_DESCRIPTOR => {
                self.with_prepended(made, args, |py, args| py.call_vector(init, args, names))?
            }
            _ => {
                let bound = self.descriptor_get(init, made, made_class.value())?;
                self.call_vector(bound, args, names)?
            }
        };
        if r != Value::NONE {
            return Err(self.wrong_init_result(r));
        }
        Ok(made)
    }
    /// The TypeError for an `__init__` that returned something.
    #[cold]
    pub fn wrong_init_result(self, r: Value) -> vm_api::engine::Stop {
        let class = self.class_name(r);
        self.error(Exc::TypeError, &format!("__init__() should return None, not '{class}'"))
    }
    /// How a call of the class makes instances, if it allocates a plain one and then calls a Python function.
    pub fn python_constructor(self, class: Object) -> Option<PythonConstructor> {
        let kind = class::kind(class);
        let keeps_arguments = kind == Kind::EXCEPTION;
        let plain = (kind == Kind::OBJECT || keeps_arguments)
            && self.class_of(class.value()).value() == self.root(builtin::TYPE)
            && !class::has(class, flag::ABSTRACT)
            && !class::has(class, flag::NO_INSTANCES);
        let allocates = |new| match keeps_arguments {
            true => self.plain_native(new).is_some_and(native::Native::keeps_arguments),
            false => self.is_object_new(new),
        };
        if !plain || !self.lookup(class, sym::NEW).is_some_and(allocates) {
            return None;
        }
        let init = self.of_kind(self.lookup(class, sym::INIT)?, Kind::FUNCTION)?;
        Some(PythonConstructor { init, keeps_arguments })
    }
    /// The first part of its call, with the values that have `names` last.
    pub fn construct_plainly(self, class: Object, maker: PythonConstructor, args: Args<'_>, names: Value) -> R<Object> {
        if !maker.keeps_arguments {
            return self.alloc_instance(class);
        }
        let named = Object::from_value(names).map_or(0, |names| names.length());
        self.exception_with(class, args.first(args.len() - named))
    }
    /// Is this `object.__new__`?
    #[inline]
    pub fn is_object_new(self, v: Value) -> bool {
        self.is_native_named(v, sym::NEW)
    }
    /// Is this `object.__init__`?
    #[inline]
    pub fn is_object_init(self, v: Value) -> bool {
        self.is_native_named(v, sym::INIT)
    }
    /// Is this what `object`'s own dictionary holds under the name?
    fn is_native_named(self, v: Value, name: crate::Symbol) -> bool {
        self.lookup(self.object_class(), name) == Some(v)
    }
    /// `object.__new__(cls, …)`: with arguments only if exactly one of `__new__` and `__init__` is overridden.
    pub fn object_new(self, class: Object, args: Args<'_>, keywords: bool) -> R {
        if !args.is_empty() || keywords {
            let init = self.lookup(class, sym::INIT);
            let new = self.lookup(class, sym::NEW);
            if new.is_some_and(|n| !self.is_object_new(n)) {
                return self.type_error("object.__new__() takes exactly one argument (the type to instantiate)");
            }
            if init.is_none_or(|i| self.is_object_init(i)) {
                return self.type_error(&format!("{}() takes no arguments", class::name(self, class)));
            }
        }
        if class::has(class, flag::ABSTRACT) {
            return Err(self.abstract_error(class)?);
        }
        // A native type whose instances have fields that neither `__new__` nor `__init__` fills: its methods rely on them.
        if class::kind(class) != Kind::OBJECT
            && !class::has(class, flag::HAS_DICT)
            && self.lookup(class, sym::INIT).is_none_or(|i| self.is_object_init(i))
        {
            return self.type_error(&format!("cannot create '{}' instances", self.class_full_name(class)));
        }
        Ok(self.alloc_instance(class)?.value())
    }
    #[cold]
    fn abstract_error(self, class: Object) -> R<vm_api::engine::Stop> {
        let methods = self.get_attribute(class.value(), sym::ABSTRACTMETHODS)?;
        let sorted = self.sorted_list(methods)?;
        let mut names = Vec::new();
        for i in 0..crate::list::length(sorted) {
            names.push(format!("'{}'", self.str_text(crate::list::item(sorted, i))?));
        }
        let s = if names.len() == 1 { "" } else { "s" };
        Ok(self.error(
            Exc::TypeError,
            &format!(
                "Can't instantiate abstract class {} without an implementation for abstract method{s} {}",
                class::name(self, class),
                names.join(", ")
            ),
        ))
    }
    /// RecursionError if the native stack is nearly used up: native code that recurses by data calls it.
    #[inline]
    pub fn check_native_stack(self) -> R<()> {
        let here = 0u8;
        if (&raw const here as u64) < self.0.native_limit() {
            return Err(self.recursion_error());
        }
        Ok(())
    }
    /// One level deeper in native code that recurses by data, until what it returns is dropped. RecursionError beyond
    /// [`MOST_NESTED`] levels, whose message ends with `doing`.
    ///
    /// Looks for signals, too: a walk over shared data takes steps without number however flat it is.
    #[inline]
    pub fn descend(self, doing: &str) -> R<Nesting<'t>> {
        self.check_native_stack()?;
        self.poll()?;
        let depth = &self.0.native_depth;
        if depth.get() >= MOST_NESTED {
            return self.err(Exc::RecursionError, &format!("maximum recursion depth exceeded{doing}"));
        }
        depth.set(depth.get() + 1);
        Ok(Nesting(depth))
    }
    /// Bounds the depth of Python frames (`sys.setrecursionlimit`). Native recursion is bounded by the native stack.
    pub fn set_recursion_limit(self, limit: u32) {
        self.state().recursion_limit.set(limit);
        self.ops().limit_frames(self.0, limit as usize);
    }
    /// `RecursionError: maximum recursion depth exceeded`
    #[cold]
    pub fn recursion_error(self) -> vm_api::engine::Stop {
        self.error(Exc::RecursionError, "maximum recursion depth exceeded")
    }
    /// Is the value callable?
    pub fn is_callable(self, v: Value) -> bool {
        match self.kind(v) {
            Kind::FUNCTION | Kind::BUILTIN | Kind::METHOD_WRAPPER | Kind::METHOD | Kind::TYPE => true,
            _ => self.special(v, sym::CALL).is_some(),
        }
    }
}
