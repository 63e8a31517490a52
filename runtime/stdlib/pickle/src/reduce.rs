//! Writing what an object was reduced to: a callable and its arguments, then its state, items and pairs.

use crate::kept::{self, attribute, pickling_error};
use crate::opcode::*;
use crate::pickler::Saver;
use python_objects::symbol::sym;
use python_objects::{Object, R, Value, string};

/// An optional part of a reduction.
fn part(t: Object, i: usize) -> Option<Value> {
    (i < t.length()).then(|| t.element(i)).filter(|v| *v != Value::NONE)
}

impl Saver<'_> {
    /// Without an object, what is made is not remembered.
    pub(crate) fn save_reduced(&mut self, t: Object, object: Option<Value>) -> R<()> {
        let py = self.py;
        if !(2..=6).contains(&t.length()) {
            return pickling_error(py, "tuple returned by __reduce__ must contain 2 through 6 elements");
        }
        let callable = t.element(0);
        if !py.is_callable(callable) {
            return pickling_error(py, "first item of the tuple returned by __reduce__ must be callable");
        }
        let Some(arguments) = py.as_tuple(t.element(1)) else {
            return pickling_error(py, "second item of the tuple returned by __reduce__ must be a tuple");
        };
        let (state, items, pairs, setter) = (part(t, 2), part(t, 3), part(t, 4), part(t, 5));
        for (v, which) in [(items, "fourth"), (pairs, "fifth")] {
            if let Some(v) = v
                && !py.is_iterator(v)
            {
                let class = py.class_name(v);
                return pickling_error(
                    py,
                    &format!("{which} element of the tuple returned by __reduce__ must be an iterator, not {class}"),
                );
            }
        }
        if let Some(v) = setter
            && !py.is_callable(v)
        {
            let class = py.class_name(v);
            return pickling_error(
                py,
                &format!("sixth element of the tuple returned by __reduce__ must be a function, not {class}"),
            );
        }
        let name = if self.protocol >= 2 { attribute(py, callable, "__name__")? } else { None };
        let name = name.and_then(|v| string::exact_or_payload(py, v));
        if name.is_some_and(|s| string::is(s, "__newobj_ex__")) {
            self.save_newobj_ex(arguments)?;
        } else if name.is_some_and(|s| string::is(s, "__newobj__")) {
            self.save_newobj(arguments, object)?;
        } else {
            self.save(callable)?;
            self.save(arguments.value())?;
            self.out.op(REDUCE)?;
        }
        if let Some(object) = object {
            // One that its own arguments contain (a tuple, say) is known by now.
            if let Some(number) = self.known(object) {
                self.out.op(POP)?;
                return self.get(number);
            }
            self.put(object)?;
        }
        if let Some(items) = items {
            self.save_items(items)?;
        }
        if let Some(pairs) = pairs {
            self.save_pairs(pairs)?;
        }
        let Some(state) = state else { return Ok(()) };
        match (setter, object) {
            (Some(setter), Some(object)) => {
                self.save(setter)?;
                self.save(object)?;
                self.save(state)?;
                self.out.push(&[TUPLE2])?;
                self.out.op(REDUCE)?;
                // It is called for what it does, not for what it returns.
                self.out.op(POP)
            }
            _ => {
                self.save(state)?;
                self.out.op(BUILD)
            }
        }
    }
    fn save_newobj_ex(&mut self, arguments: Object) -> R<()> {
        let py = self.py;
        if arguments.length() != 3 {
            let n = arguments.length();
            return pickling_error(py, &format!("length of the NEWOBJ_EX argument tuple must be exactly 3, not {n}"));
        }
        let [class, args, keywords] = [0, 1, 2].map(|i| arguments.element(i));
        let wrong = |which: &str, v: Value, what: &str| {
            let class = py.class_name(v);
            pickling_error(py, &format!("{which} item from NEWOBJ_EX argument tuple must be a {what}, not {class}"))
        };
        if !py.is_class(class) {
            return wrong("first", class, "class");
        }
        let Some(positional) = py.as_tuple(args) else { return wrong("second", args, "tuple") };
        if py.as_dict(keywords).is_none() {
            return wrong("third", keywords, "dict");
        }
        if self.protocol >= 4 {
            self.save(class)?;
            self.save(args)?;
            self.save(keywords)?;
            return self.out.op(NEWOBJ_EX);
        }
        // partial(class.__new__, class, *args, **keywords)()
        let all = py.new_list(2 + positional.length())?;
        py.list_push(all, py.get_attribute(class, sym::NEW)?)?;
        py.list_push(all, class)?;
        py.list_push_elements(all, positional, 0, positional.length())?;
        let all = Object::of(py.list_to_tuple(all)?);
        let made = py.call_tuple(py.kept(kept::make(py)?.partial), all, keywords)?;
        self.save(made)?;
        self.save(py.empty_tuple())?;
        self.out.op(REDUCE)
    }
    fn save_newobj(&mut self, arguments: Object, object: Option<Value>) -> R<()> {
        let py = self.py;
        if arguments.length() < 1 {
            return pickling_error(py, "__newobj__ arglist is empty");
        }
        let class = arguments.element(0);
        if !py.is_class(class) {
            return pickling_error(py, "args[0] from __newobj__ args is not a type");
        }
        if let Some(object) = object
            && py.get_attribute_text(object, "__class__")? != class
        {
            return pickling_error(py, "args[0] from __newobj__ args has the wrong class");
        }
        self.save(class)?;
        let rest = py.tuple_slice(arguments, 1, arguments.length())?;
        self.save(rest)?;
        self.out.op(NEWOBJ)
    }
    /// `None`, `...` and `NotImplemented` have classes without a name.
    pub(crate) fn save_class(&mut self, v: Value) -> R<()> {
        use python_objects::kind::{class, special};
        let py = self.py;
        for single in [Value::NONE, special::ELLIPSIS, special::NOT_IMPLEMENTED] {
            if py.class_of(single).value() == v {
                let arguments = py.tuple(&[single])?;
                let reduced = py.tuple(&[py.root(class::TYPE), arguments])?;
                return self.save_reduced(Object::of(reduced), Some(v));
            }
        }
        self.save_global(v, None)
    }
}
