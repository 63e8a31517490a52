//! `super`. Words: the class after which to look, the object (or EMPTY), the class whose order is followed.

use python_objects::class;
use python_objects::function::word as function_word;
use python_objects::kind::{Kind, class as builtin};
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value};

const CLASS: usize = 1;
const OBJECT: usize = 2;
const OBJECT_CLASS: usize = 3;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, type=None, object_or_type=None, /", init, "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__getattribute__", "self, name, /", get_attribute, "Return getattr(self, name)."),
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::member("__thisclass__", this_class, "the class invoking super()"),
    Native::member("__self__", this_object, "the instance invoking super(); may be None"),
    Native::member("__self_class__", object_class, "the type of the instance invoking super(); may be None"),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::SUPER), METHODS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::SUPER)?;
    Ok(py.alloc_instance(class)?.value())
}

/// The class whose order `super(class, object)` follows.
fn check(py: Py<'_>, class: Object, object: Value) -> R<Object> {
    if let Some(c) = py.of_kind(object, Kind::TYPE)
        && py.is_subclass(c, class)
    {
        return Ok(c);
    }
    let of = py.class_of(object);
    if py.is_subclass(of, class) {
        return Ok(of);
    }
    if let Some(said) = py.get_optional(object, sym::CLASS)?.and_then(|c| py.of_kind(c, Kind::TYPE))
        && said != of
        && py.is_subclass(said, class)
    {
        return Ok(said);
    }
    py.type_error("super(type, obj): obj must be an instance or subtype of type")
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    let (class, object) = match args.opt(1) {
        Some(c) => match py.of_kind(c, Kind::TYPE) {
            Some(c) => (c, args.some(2)),
            None => {
                return py.type_error(&format!("super() argument 1 must be a type, not {}", py.class_name(c)));
            }
        },
        None => from_frame(py).map(|(c, o)| (c, Some(o)))?,
    };
    let (object, of) = match object {
        Some(o) => (o, check(py, class, o)?.value()),
        None => (Value::EMPTY, Value::EMPTY),
    };
    py.store(this, CLASS, class.value());
    py.store(this, OBJECT, object);
    py.store(this, OBJECT_CLASS, of);
    Ok(Value::NONE)
}

/// What `super()` without arguments found in the calling frame.
enum Found {
    Pair(Value, Value),
    Wrong(&'static str),
}

/// Class and object of `super()` without arguments: the `__class__` cell and the first argument of the calling function.
fn from_frame(py: Py<'_>) -> R<(Object, Value)> {
    let mut found = Found::Wrong("super(): no current frame");
    py.ops().current_frame(py.0, &mut |index, _, function, registers| {
        let code = py.ops().code(py.0, index);
        found = (|| {
            let p = &code.parameters;
            if p.positional == 0 {
                return Found::Wrong("super(): no arguments");
            }
            let mut object = match registers.first() {
                Some(cell) => cell.get(),
                None => return Found::Wrong("super(): no arguments"),
            };
            if code.cells.contains(&0)
                && let Some(cell) = py.of_kind(object, Kind::CELL)
            {
                object = cell.get(1);
            }
            if object.is_empty() {
                return Found::Wrong("super(): arg[0] deleted");
            }
            let Some(at) = code.free.iter().position(|n| &**n == "__class__") else {
                return Found::Wrong("super(): __class__ cell not found");
            };
            let closure = Object::from_value(function).map(|f| f.get(function_word::CLOSURE));
            let Some(closure) = closure.and_then(Object::from_value).filter(|c| at < c.length()) else {
                return Found::Wrong("super(): bad __class__ cell");
            };
            match Object::from_value(closure.element(at)).map(|cell| cell.get(1)) {
                Some(class) if !class.is_empty() => Found::Pair(class, object),
                _ => Found::Wrong("super(): empty __class__ cell"),
            }
        })();
    });
    match found {
        Found::Wrong(message) => py.err(Exc::RuntimeError, message),
        Found::Pair(class, object) => match py.of_kind(class, Kind::TYPE) {
            Some(c) => Ok((c, object)),
            None => py.err(Exc::RuntimeError, &format!("super(): __class__ is not a type ({})", py.class_name(class))),
        },
    }
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    let name = |v: Value| Object::from_value(v).map_or_else(|| "NULL".to_owned(), |c| class::name(py, c));
    let class = name(this.get(CLASS));
    let text = match Object::from_value(this.get(OBJECT_CLASS)) {
        Some(of) => format!("<super: <class '{class}'>, <{} object>>", class::name(py, of)),
        None => format!("<super: <class '{class}'>, NULL>"),
    };
    py.str(&text)
}

fn get_attribute(py: Py<'_>, args: Args<'_>) -> R {
    let (v, name) = (args.at(0), crate::object::attribute_name(py, args.at(1))?);
    let class = py.class_of(v);
    match py.default_attribute(v, class, name)? {
        Some(found) => Ok(found),
        None => Err(py.no_attribute(v, name)),
    }
}

fn get(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    let Some(instance) = args.some(1) else { return Ok(this.value()) };
    let Some(class) = Object::from_value(this.get(CLASS)).filter(|_| this.get(OBJECT).is_empty()) else {
        return Ok(this.value());
    };
    let own = py.class_of(this.value());
    if own.value() != py.root(builtin::SUPER) {
        return py.call(own.value(), &[class.value(), instance]);
    }
    let of = check(py, class, instance)?;
    let o = py.alloc_instance(own)?;
    o.init(CLASS, class.value());
    o.init(OBJECT, instance);
    o.init(OBJECT_CLASS, of.value());
    Ok(o.value())
}

fn or_none(v: Value) -> R {
    Ok(if v.is_empty() { Value::NONE } else { v })
}

fn this_class(_: Py<'_>, args: Args<'_>) -> R {
    or_none(Object::of(args.at(0)).get(CLASS))
}

fn this_object(_: Py<'_>, args: Args<'_>) -> R {
    or_none(Object::of(args.at(0)).get(OBJECT))
}

fn object_class(_: Py<'_>, args: Args<'_>) -> R {
    or_none(Object::of(args.at(0)).get(OBJECT_CLASS))
}
