//! `repr` and `str`: natively for built-in types, by special methods for the rest. Texts under construction are generalized
//! UTF-8, so that lone surrogates pass.

use crate::class;
use crate::exception::{self, Exc};
use crate::int;
use crate::kind::{Kind, shape};
use crate::py::{Py, R, root};
use crate::symbol::sym;
use crate::{bytes, dict, list, set, string, tuple};
use python_numbers::{bigint, complex, decimal, float};
use python_syntax::ast::PyStr;
use python_syntax::repr::write_str;
use python_text::repr::{push_ascii, push_bytes_repr, push_repr};
use vm_api::heap::{Object, OutOfMemory, Value};

/// Most decimal digits of a conversion between `int` and text, unless a program sets another limit.
pub const MAX_DIGITS: usize = 4300;

/// `repr` of a string.
pub fn quoted(s: Object) -> String {
    let mut text = Vec::new();
    string::push_wtf8(s, &mut text);
    let mut out = String::with_capacity(text.len() + 2);
    write_str(&mut out, PyStr::from_wtf8(&text));
    out
}

/// The last line of a traceback for an exception that nobody prints properly.
pub fn exception_line(py: Py<'_>, e: Object) -> String {
    let name = py.class_full_name(py.class_of(e.value()));
    let name = name.strip_prefix("__main__.").unwrap_or(&name).to_owned();
    match py.str_text(e.value()) {
        Ok(text) if text.is_empty() => name,
        Ok(text) => format!("{name}: {text}"),
        Err(_) => {
            py.take_exception();
            format!("{name}: <exception str() failed>")
        }
    }
}

impl Py<'_> {
    /// `repr(v)`, an exact string. Runs Python code.
    pub fn repr(self, v: Value) -> R<Object> {
        match Object::from_value(v) {
            Some(s) if string::is_exact(s) => return self.text_with(|out| push_repr(string::units(s), out)),
            Some(b) if b.shape() == shape::BYTES => return self.text_with(|out| push_bytes_repr(bytes::slice(b), out)),
            None if v.is_int() => return self.new_ascii(decimal::text(v.as_int(), &mut [0; 20])),
            _ => {}
        }
        let mut out = self.spare_buffer();
        out.clear();
        self.repr_into(v, &mut out)?;
        let s = self.str_from_wtf8(&out);
        self.give_back(out);
        s
    }
    /// The same as the program's `repr()` gives it: what `__repr__` returned, perhaps an instance of a subclass.
    pub fn repr_object(self, v: Value) -> R<Object> {
        let Some(o) = Object::from_value(v) else { return self.repr(v) };
        if o.shape().0 <= shape::LEAF.0 {
            return self.repr(v);
        }
        match self.call_special(v, sym::REPR, &[])? {
            Some(r) => match self.of_kind(r, Kind::STR) {
                Some(s) => Ok(s),
                None => self.type_error(&format!("__repr__ returned non-string (type {})", self.class_name(r))),
            },
            None => self.repr(v),
        }
    }
    /// `repr(v)` for messages.
    pub fn repr_text(self, v: Value) -> R<String> {
        self.repr(v).map(string::to_rust)
    }
    /// `str(v)`: an exact string or an instance of a subclass. Runs Python code.
    pub fn str_of(self, v: Value) -> R<Object> {
        if let Some(o) = Object::from_value(v) {
            if string::is_exact(o) {
                return Ok(o);
            }
        } else if !v.is_empty() {
            return self.repr(v);
        }
        let class = self.class_of(v);
        let default = self.lookup(self.object_class(), sym::STR);
        match self.lookup(class, sym::STR) {
            Some(f) if Some(f) != default => {
                let r = self.call_descriptor(f, v, class, &[])?;
                match self.of_kind(r, Kind::STR) {
                    Some(s) => Ok(s),
                    None => self.type_error(&format!("__str__ returned non-string (type {})", self.class_name(r))),
                }
            }
            _ => self.repr_object(v),
        }
    }
    /// `str(v)` for messages.
    pub fn str_text(self, v: Value) -> R<String> {
        let s = self.str_of(v)?;
        Ok(string::exact_or_payload(self, s.value()).map_or_else(String::new, string::to_rust))
    }
    /// Appends `repr(v)`.
    pub fn repr_into(self, v: Value, out: &mut Vec<u8>) -> R<()> {
        if out.len() > self.heap().options().limit {
            return Err(self.out_of_memory(OutOfMemory));
        }
        match Object::from_value(v) {
            None => return self.native_repr_into(v, out),
            Some(o)
                if matches!(
                    o.shape(),
                    shape::STR | shape::STR_VIEW | shape::INT | shape::LIST | shape::TUPLE | shape::DICT
                ) =>
            {
                return self.native_repr_into(v, out);
            }
            Some(_) => {}
        }
        let _nesting = self.descend(" while getting the repr of an object")?;
        let class = self.class_of(v);
        let Some(f) = self.lookup(class, sym::REPR) else { return self.default_repr_into(v, out) };
        let r = self.call_descriptor(f, v, class, &[])?;
        match string::exact_or_payload(self, r) {
            Some(s) => {
                string::push_wtf8(s, out);
                Ok(())
            }
            None => self.type_error(&format!("__repr__ returned non-string (type {})", self.class_name(r))),
        }
    }
    /// `object.__repr__`: `<module.Class object at 0x…>`
    pub fn default_repr_into(self, v: Value, out: &mut Vec<u8>) -> R<()> {
        let name = self.class_full_name(self.class_of(v));
        out.extend_from_slice(format!("<{name} object at {}>", self.address_text(v)).as_bytes());
        Ok(())
    }
    /// `hex(id(v))` as reprs show it.
    pub fn address_text(self, v: Value) -> String {
        format!("{:#x}", self.identity(v))
    }
    /// `id(v)`: a number that no other live object has, the same as long as it lives.
    pub fn identity(self, v: Value) -> u64 {
        match Object::from_value(v) {
            Some(o) => self.heap().identity(o) << 4,
            // Immediate values are the same object when they are the same word. Numbers of objects never get as large as the
            // words of integers and floats.
            None if v.bits() >> 48 != 0 => v.bits(),
            None => v.bits() << 4 | 1,
        }
    }
    /// Appends what the built-in type's own `__repr__` answers.
    pub fn native_repr_into(self, v: Value, out: &mut Vec<u8>) -> R<()> {
        match self.kind(v) {
            Kind::NONE => out.extend_from_slice(b"None"),
            Kind::ELLIPSIS => out.extend_from_slice(b"Ellipsis"),
            Kind::NOT_IMPLEMENTED => out.extend_from_slice(b"NotImplemented"),
            Kind::BOOL => out.extend_from_slice(if v.as_bool() { b"True" } else { b"False" }),
            Kind::INT => {
                let i = self.as_int(v).unwrap_or(v);
                if i.is_int() {
                    out.extend_from_slice(decimal::text(i.as_int(), &mut [0; 20]));
                } else {
                    let poll = self.poller();
                    let limit = self.digits_limit();
                    match int::with_operand(i, |i| bigint::to_decimal(i, limit, poll)) {
                        Ok(text) => out.extend_from_slice(text.as_bytes()),
                        Err(e) => return Err(self.int_error(e)),
                    }
                }
            }
            Kind::FLOAT => out.extend_from_slice(float::repr(self.as_float(v).unwrap_or(0.0)).as_bytes()),
            Kind::COMPLEX => {
                let (re, im) = self.as_complex(v).unwrap_or((0.0, 0.0));
                out.extend_from_slice(complex::repr(complex::Complex::new(re, im)).as_bytes());
            }
            Kind::STR => {
                if let Some(s) = string::exact_or_payload(self, v) {
                    string::push_wtf8(self.repr(s.value())?, out);
                }
            }
            Kind::BYTES => {
                if let Some(b) = self.as_bytes(v) {
                    string::push_wtf8(self.repr(b.value())?, out);
                }
            }
            Kind::BYTEARRAY => {
                let content = self.bytes_like(v).unwrap_or_default();
                let text = self.text_with(|out| push_bytes_repr(&content, out))?;
                out.extend_from_slice(format!("{}(", self.class_name(v)).as_bytes());
                string::push_wtf8(text, out);
                out.push(b')');
            }
            Kind::LIST => {
                return self.nested(v, out, b"[...]", |py, out| {
                    let l = Object::of(v);
                    out.push(b'[');
                    let mut i = 0;
                    while let Some(item) = list::get(l, i) {
                        if i > 0 {
                            out.extend_from_slice(b", ");
                        }
                        py.repr_into(item, out)?;
                        i += 1;
                        if i & 0xFFF == 0 {
                            py.poll()?;
                        }
                    }
                    out.push(b']');
                    Ok(())
                });
            }
            Kind::TUPLE => {
                return self.nested(v, out, b"(...)", |py, out| {
                    let t = py.as_tuple(v).unwrap_or(Object::of(v));
                    out.push(b'(');
                    for i in 0..t.length() {
                        if i > 0 {
                            out.extend_from_slice(b", ");
                        }
                        py.repr_into(t.element(i), out)?;
                        if i & 0xFFF == 0xFFF {
                            py.poll()?;
                        }
                    }
                    out.extend_from_slice(if t.length() == 1 { b",)" } else { b")" });
                    Ok(())
                });
            }
            Kind::DICT => {
                return self.nested(v, out, b"{...}", |py, out| {
                    let d = Object::of(v);
                    out.push(b'{');
                    let mut i = 0;
                    while let Some((at, key, value)) = dict::next_entry(d, i) {
                        if i > 0 {
                            out.extend_from_slice(b", ");
                        }
                        i = at + 1;
                        if i & 0xFFF == 0 {
                            py.poll()?;
                        }
                        py.repr_into(key, out)?;
                        out.extend_from_slice(b": ");
                        py.repr_into(value, out)?;
                    }
                    out.push(b'}');
                    Ok(())
                });
            }
            Kind::SET | Kind::FROZENSET => return self.repr_set(v, out),
            Kind::RANGE => {
                let r = Object::of(v);
                let parts = if int::to_i64(r.get(3)) == Some(1) { 2 } else { 3 };
                out.extend_from_slice(b"range(");
                for i in 0..parts {
                    if i > 0 {
                        out.extend_from_slice(b", ");
                    }
                    self.repr_into(r.get(1 + i), out)?;
                }
                out.push(b')');
            }
            Kind::SLICE => {
                let s = Object::of(v);
                out.extend_from_slice(b"slice(");
                for i in 0..3 {
                    if i > 0 {
                        out.extend_from_slice(b", ");
                    }
                    self.repr_into(s.get(1 + i), out)?;
                }
                out.push(b')');
            }
            Kind::FUNCTION => {
                let name = crate::function::qualified_name(Object::of(v));
                out.extend_from_slice(format!("<function {name} at {}>", self.address_text(v)).as_bytes());
            }
            Kind::METHOD_WRAPPER => {
                let o = Object::of(v);
                let name = self.state().native(o.get(1).as_int() as u32).name;
                let (class, address) = (self.class_name(o.get(2)), self.address_text(o.get(2)));
                out.extend_from_slice(format!("<method-wrapper '{name}' of {class} object at {address}>").as_bytes());
            }
            Kind::BUILTIN => {
                let o = Object::of(v);
                let native = self.state().native(o.get(1).as_int() as u32);
                let this = o.get(2);
                let is_module = self.of_kind(this, Kind::MODULE).is_some();
                let text = if this.is_empty() || is_module {
                    format!("<built-in function {}>", native.name)
                } else {
                    let of = if self.is_class(this) { "type" } else { &self.class_name(this) };
                    format!("<built-in method {} of {of} object at {}>", native.name, self.address_text(this))
                };
                out.extend_from_slice(text.as_bytes());
            }
            Kind::METHOD_DESCRIPTOR | Kind::WRAPPER_DESCRIPTOR | Kind::CLASS_METHOD_DESCRIPTOR => {
                let o = Object::of(v);
                let native = self.state().native(o.get(1).as_int() as u32);
                let what = if self.kind(v) == Kind::WRAPPER_DESCRIPTOR { "slot wrapper" } else { "method" };
                let owner = self.type_name(Object::of(o.get(4)));
                out.extend_from_slice(format!("<{what} '{}' of '{owner}' objects>", native.name).as_bytes());
            }
            Kind::GETSET | Kind::MEMBER => {
                let o = Object::of(v);
                let (what, name, owner) = match self.kind(v) {
                    Kind::GETSET if o.shape() == shape::GETSET => ("attribute", o.get(3), o.get(4)),
                    Kind::GETSET => ("member", o.get(3), o.get(4)),
                    _ => ("member", o.get(2), o.get(3)),
                };
                let (name, owner) = (string::to_rust(Object::of(name)), self.type_name(Object::of(owner)));
                out.extend_from_slice(format!("<{what} '{name}' of '{owner}' objects>").as_bytes());
            }
            Kind::METHOD => {
                let o = Object::of(v);
                let f = o.get(1);
                let name = match self.get_optional(f, sym::QUALNAME)? {
                    Some(n) => self.str_text(n)?,
                    None => match self.get_optional(f, sym::NAME)? {
                        Some(n) => self.str_text(n)?,
                        None => "?".to_owned(),
                    },
                };
                out.extend_from_slice(format!("<bound method {name} of ").as_bytes());
                self.repr_into(o.get(2), out)?;
                out.push(b'>');
            }
            Kind::TYPE => {
                let name = self.class_full_name(Object::of(v));
                out.extend_from_slice(format!("<class '{name}'>").as_bytes());
            }
            Kind::EXCEPTION => return self.repr_exception(Object::of(v), out),
            Kind::GENERATOR | Kind::COROUTINE | Kind::ASYNC_GENERATOR => {
                let name = Object::from_value(Object::of(v).get(crate::generator::word::QUALNAME)).map(string::to_rust);
                let what = if self.kind(v) == Kind::ASYNC_GENERATOR {
                    "async_generator"
                } else {
                    crate::generator::describe(self, Object::of(v))
                };
                out.extend_from_slice(
                    format!("<{what} object {} at {}>", name.unwrap_or_default(), self.address_text(v)).as_bytes(),
                );
            }
            Kind::CELL => {
                let content = Object::of(v).get(1);
                let inner = if content.is_empty() {
                    "empty".to_owned()
                } else {
                    format!("{} object at {}", self.class_name(content), self.address_text(content))
                };
                out.extend_from_slice(format!("<cell at {}: {inner}>", self.address_text(v)).as_bytes());
            }
            Kind::CODE => {
                let code = self.ops().code(self.0, self.index_of(Object::of(v))?);
                out.extend_from_slice(
                    format!(
                        "<code object {} at {}, file \"{}\", line {}>",
                        code.name,
                        self.address_text(v),
                        code.source,
                        code.first_line
                    )
                    .as_bytes(),
                );
            }
            Kind::DICT_KEYS | Kind::DICT_VALUES | Kind::DICT_ITEMS => {
                return self.nested(v, out, b"...", |py, out| {
                    let name = py.class_name(v);
                    let l = py.list_from(v)?;
                    out.extend_from_slice(format!("{name}(").as_bytes());
                    py.repr_into(l.value(), out)?;
                    out.push(b')');
                    Ok(())
                });
            }
            Kind::MAPPINGPROXY => {
                out.extend_from_slice(b"mappingproxy(");
                self.repr_into(Object::of(v).get(1), out)?;
                out.push(b')');
            }
            _ => return self.default_repr_into(v, out),
        }
        Ok(())
    }
    /// The limit of `sys.set_int_max_str_digits`; 0 is none.
    pub fn digits_limit(self) -> usize {
        self.state().digits_limit.get()
    }
    fn repr_set(self, v: Value, out: &mut Vec<u8>) -> R<()> {
        let s = Object::of(v);
        let name = self.class_name(v);
        if set::length(s) == 0 {
            out.extend_from_slice(format!("{name}()").as_bytes());
            return Ok(());
        }
        let cycle = format!("{name}(...)");
        self.nested(v, out, cycle.as_bytes(), |py, out| {
            let plain = Object::of(v).shape() == shape::SET;
            if !plain {
                out.extend_from_slice(format!("{name}(").as_bytes());
            }
            out.push(b'{');
            // A copy, since `__repr__` may change the set.
            let items = py.list_from(v)?;
            for i in 0..list::length(items) {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                py.repr_into(list::item(items, i), out)?;
                if i & 0xFFF == 0xFFF {
                    py.poll()?;
                }
            }
            out.extend_from_slice(if plain { b"}" } else { b"})" });
            Ok(())
        })
    }
    fn repr_exception(self, e: Object, out: &mut Vec<u8>) -> R<()> {
        let args = Object::of(e.get(exception::word::ARGS));
        out.extend_from_slice(class::name(self, self.class_of(e.value())).as_bytes());
        if args.length() == 1 {
            out.push(b'(');
            self.repr_into(args.element(0), out)?;
            out.push(b')');
            return Ok(());
        }
        self.repr_into(args.value(), out)
    }
    /// `BaseException.__str__`
    pub fn exception_str(self, e: Object) -> R<Object> {
        let args = Object::of(e.get(exception::word::ARGS));
        match args.length() {
            0 => Ok(Object::of(self.root(root::EMPTY_STRING))),
            1 => self.str_of(args.element(0)),
            _ => self.repr(args.value()),
        }
    }
    /// Runs `f` unless the `repr` of the same object is running already: then appends `cycle`.
    pub fn nested(
        self,
        v: Value,
        out: &mut Vec<u8>,
        cycle: &[u8],
        f: impl FnOnce(Self, &mut Vec<u8>) -> R<()>,
    ) -> R<()> {
        let _nesting = self.descend(" while getting the repr of an object")?;
        let running = Object::of(self.root(root::REPR_STACK));
        let n = list::length(running);
        // Reprs nest a few deep, so a linear search is quick; their bound keeps it from being quadratic in earnest.
        if (0..n).rev().any(|i| list::item(running, i) == v) {
            out.extend_from_slice(cycle);
            return Ok(());
        }
        self.list_push(running, v)?;
        let r = f(self, out);
        let running = Object::of(self.root(root::REPR_STACK));
        let n = list::length(running);
        if n > 0 {
            self.list_pop(running, n - 1);
        }
        r
    }
    /// `ascii(v)`: a string, perhaps of a subclass.
    pub fn ascii(self, v: Value) -> R<Object> {
        let whole = self.repr_object(v)?;
        let s = string::exact_or_payload(self, whole.value()).unwrap_or(whole);
        if string::is_ascii(s) {
            return Ok(whole);
        }
        self.text_with(|out| push_ascii(string::units(s), out))
    }
    /// Is the pending exception one that stops everything (`KeyboardInterrupt`, `SystemExit`, …)?
    pub fn pending_is_exception(self) -> bool {
        self.pending_is(Exc::Exception)
    }
    /// The names in a tuple of strings, for messages.
    pub fn names_in(self, t: Object) -> Vec<String> {
        tuple::items(t).filter_map(|v| string::exact_or_payload(self, v)).map(string::to_rust).collect()
    }
}
