//! `_local`: attributes that each thread has for itself.
//!
//! An object keeps a dictionary of its threads' dictionaries, by thread number; a thread keeps weak references to the objects
//! that have one of its. So the attributes go with the object or with the thread, whichever goes first. The dictionary that
//! attributes are looked for in is that of the thread that last asked: every way to the attributes first changes it to the
//! running thread's.

use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::weakref::word as weak;
use python_objects::{Args, Exc, Native, Object, Py, R, Symbol, TypeSpec, Value, list};

/// Words: the dictionary in use, the number of its thread, all by thread number, what `__init__` gets.
const DICT: usize = 1;
const CURRENT: usize = 2;
const ALL: usize = 3;
const POSITIONAL: usize = 4;
const KEYWORDS: usize = 5;

pub(super) static LOCAL: TypeSpec = TypeSpec::values("_thread", "_local", 5, METHODS, "Thread-local data")
    .inheritable()
    .weakly_referenced()
    .with_dict(DICT);

// The hooks as plain methods: wrappers stand for what the built-in types do, which is not asked.
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::method("__getattribute__", "self, name, /", get, "Return getattr(self, name)."),
    Native::method("__setattr__", "self, name, value, /", set, "Implement setattr(self, name, value)."),
    Native::method("__delattr__", "self, name, /", delete, "Implement delattr(self, name)."),
    Native::getter("__dict__", |py, a| Ok(this(py, a)?.get(DICT)), ""),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.new_native_of(args.at(0), &LOCAL)?;
    let positional = py.tuple_from(args.at(1))?;
    let keywords = args.opt(2).unwrap_or(Value::NONE);
    let given = positional.length() > 0 || (keywords != Value::NONE && py.truth(keywords)?);
    if given && initializer(py, o).is_none() {
        return py.type_error("Initialization arguments are not supported");
    }
    py.store(o, POSITIONAL, positional.value());
    py.store(o, KEYWORDS, keywords);
    let all = py.new_dict()?;
    py.store(o, ALL, all.value());
    // Calling the class initializes it for this thread.
    add(py, o)?;
    Ok(o.value())
}

/// The class's own `__init__`.
fn initializer(py: Py<'_>, o: Object) -> Option<Value> {
    let usual = py.lookup(py.object_class(), sym::INIT);
    py.lookup(py.class_of(o.value()), sym::INIT).filter(|init| Some(*init) != usual)
}

/// Makes a dictionary for the running thread.
fn add(py: Py<'_>, o: Object) -> R<()> {
    let (d, number) = (py.new_dict()?, py.int_u64(py.number())?);
    let objects = match Object::from_value(py.root(root::THREAD_LOCALS)) {
        Some(objects) => objects,
        None => {
            let objects = py.new_list(4)?;
            py.set_root(root::THREAD_LOCALS, objects.value());
            objects
        }
    };
    // Entries of objects that are gone make room, now and then.
    if list::length(objects).is_power_of_two() {
        let mut i = 0;
        while i < list::length(objects) {
            if Object::of(list::item(objects, i)).get(weak::TARGET).is_empty() {
                py.list_pop(objects, i);
            } else {
                i += 1;
            }
        }
    }
    let reference = py.weak_reference(o.value())?;
    py.list_push(objects, reference.value())?;
    py.dict_set(Object::of(o.get(ALL)), number, d.value())?;
    py.store(o, DICT, d.value());
    py.store(o, CURRENT, number);
    Ok(())
}

/// The object, with the running thread's dictionary in use. Runs `__init__` if it is the thread's first look at it.
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let o = py.native_self(args.at(0), &LOCAL)?;
    let number = py.int_u64(py.number())?;
    if o.get(CURRENT) == number {
        return Ok(o);
    }
    let all = Object::of(o.get(ALL));
    if py.dict_get(all, number)?.is_none() {
        add(py, o)?;
        if let Some(init) = initializer(py, o) {
            let (positional, keywords) = (py.tuple_from(o.get(POSITIONAL))?, o.get(KEYWORDS));
            let keywords = if keywords == Value::NONE { Value::EMPTY } else { keywords };
            let class = py.class_of(o.value());
            let bound = py.descriptor_get(init, o.value(), class.value())?;
            if let Err(stop) = py.call_tuple(bound, positional, keywords) {
                // The next look is the first again.
                let pending = py.take_exception();
                drop_entry(py, o, number)?;
                py.raise(pending);
                return Err(stop);
            }
        }
    }
    // Others may have looked at it meanwhile.
    if let Some(d) = py.dict_get(all, number)? {
        py.store(o, DICT, d);
        py.store(o, CURRENT, number);
    }
    Ok(o)
}

fn drop_entry(py: Py<'_>, o: Object, number: Value) -> R<()> {
    py.dict_remove(Object::of(o.get(ALL)), number)?;
    if o.get(CURRENT) == number {
        py.store(o, CURRENT, Value::EMPTY);
        py.store(o, DICT, Value::EMPTY);
    }
    Ok(())
}

/// The running thread ends: its attributes go.
pub(super) fn forget(py: Py<'_>) {
    let Some(objects) = Object::from_value(py.root(root::THREAD_LOCALS)) else { return };
    py.set_root(root::THREAD_LOCALS, Value::EMPTY);
    for i in 0..list::length(objects) {
        let Some(o) = py.weak_target(Object::of(list::item(objects, i))) else { continue };
        let dropped = py.int_u64(py.number()).and_then(|number| drop_entry(py, o, number));
        if dropped.is_err() {
            // There is no memory for the number even: the attributes stay until the object goes.
            py.take_exception();
        }
    }
}

fn name(py: Py<'_>, v: Value) -> R<Symbol> {
    match python_objects::string::exact_or_payload(py, v) {
        Some(name) => py.symbol_of(name),
        None => py.type_error(&format!("attribute name must be string, not '{}'", py.class_name(v))),
    }
}

fn get(py: Py<'_>, args: Args<'_>) -> R {
    let name = name(py, args.at(1))?;
    let o = this(py, args)?.value();
    match py.generic_attribute(o, py.class_of(o), name)? {
        Some(found) => Ok(found),
        None => Err(py.no_attribute(o, name)),
    }
}
fn change(py: Py<'_>, args: Args<'_>, value: Option<Value>) -> R {
    let name = name(py, args.at(1))?;
    let o = this(py, args)?.value();
    if name == sym::DICT {
        let class = py.class_name(o);
        return py.err(Exc::AttributeError, &format!("'{class}' object attribute '__dict__' is read-only"));
    }
    py.generic_set_attribute(o, py.class_of(o), name, value)?;
    Ok(Value::NONE)
}
fn set(py: Py<'_>, args: Args<'_>) -> R {
    change(py, args, Some(args.at(2)))
}
fn delete(py: Py<'_>, args: Args<'_>) -> R {
    change(py, args, None)
}
