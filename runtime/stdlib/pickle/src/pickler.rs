//! The type `Pickler`, and what one `dump` works with.

use crate::kept::{attribute, pickling_error};
use crate::memo::{self, PICKLER_MEMO};
use crate::opcode::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, PROTO, STOP};
use crate::output::Output;
use crate::persistent;
use crate::seen;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, int, list};

pub(crate) static PICKLER: TypeSpec = TypeSpec::values(
    "_pickle",
    "Pickler",
    10,
    METHODS,
    "Writes a pickle to a file, which needs no more than a method write(bytes).\n\nThe protocol is a number from 0 to 5, 4 if it is not given, the highest one if it is negative. With fix_imports and a\nprotocol below 3, names are those of Python 2. With a buffer_callback, buffers that it says False to are left out.",
)
.inheritable()
.weakly_referenced();
mod word {
    /// `file.write`; EMPTY: the object was not initialized.
    pub(super) const WRITE: usize = 1;
    pub(super) const PROTOCOL: usize = 2;
    pub(super) const BIN: usize = 3;
    pub(super) const FAST: usize = 4;
    pub(super) const FIX_IMPORTS: usize = 5;
    pub(super) const CALLBACK: usize = 6;
    pub(super) const PERSISTENT: usize = 7;
    pub(super) const TABLE: usize = 8;
    /// Numbers by identity ([`seen`]), EMPTY if there are none; and the objects in the order in which they came: a list.
    pub(super) const MEMO: usize = 9;
    pub(super) const OBJECTS: usize = 10;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, *args, **kwargs",
        |py, a| make(py, a.at(0)).map(Object::value),
        "Create and return a new object.",
    ),
    Native::wrapper(
        "__init__",
        "self, file, protocol=None, fix_imports=True, buffer_callback=None",
        init,
        "Initialize self.  See help(type(self)) for accurate signature.",
    ),
    Native::method("dump", "self, obj, /", dump_method, "Write a pickle of the object to the file."),
    Native::method(
        "clear_memo",
        "self, /",
        |py, a| memo_clear(py, this(py, a)?),
        "Forget the objects that were pickled before.",
    ),
    Native::method("__sizeof__", "self, /", size, "Returns size in memory, in bytes."),
    Native::member("bin", |py, a| Ok(this(py, a)?.get(word::BIN)), ""),
    Native::setter("bin", |py, a| set_number(py, a, word::BIN)),
    Native::member("fast", |py, a| Ok(this(py, a)?.get(word::FAST)), ""),
    Native::setter("fast", |py, a| set_number(py, a, word::FAST)),
    Native::member("dispatch_table", table, ""),
    Native::setter("dispatch_table", |py, a| {
        py.store(this(py, a)?, word::TABLE, a.at(1));
        Ok(Value::NONE)
    }),
    Native::getter("memo", |py, a| memo::make(py, &PICKLER_MEMO, this(py, a)?), ""),
    Native::setter("memo", set_memo),
    Native::getter("persistent_id", persistent_id, ""),
    Native::setter("persistent_id", set_persistent_id),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &PICKLER)
}
/// One that is not initialized.
pub(crate) fn make(py: Py<'_>, class: Value) -> R<Object> {
    let o = py.new_native_of(class, &PICKLER)?;
    for word in [word::PROTOCOL, word::BIN, word::FAST, word::FIX_IMPORTS] {
        o.init(word, Value::int(0));
    }
    fresh_memo(py, o)?;
    Ok(o)
}
fn fresh_memo(py: Py<'_>, o: Object) -> R<()> {
    py.store(o, word::MEMO, Value::EMPTY);
    let objects = py.new_list(0)?;
    py.store(o, word::OBJECTS, objects.value());
    Ok(())
}
/// Protocol, `fix_imports` and callback as arguments give them.
pub(crate) fn set_up(
    py: Py<'_>,
    o: Object,
    protocol: Option<Value>,
    fix: Option<Value>,
    callback: Option<Value>,
) -> R<()> {
    let protocol = match protocol {
        None => DEFAULT_PROTOCOL,
        Some(v) => match py.index_i64(v)? {
            ..0 => HIGHEST_PROTOCOL,
            n if n > HIGHEST_PROTOCOL => {
                return py.value_error(&format!("pickle protocol must be <= {HIGHEST_PROTOCOL}"));
            }
            n => n,
        },
    };
    let fix = match fix {
        None => true,
        Some(v) => py.truth(v)?,
    };
    if callback.is_some() && protocol < 5 {
        return py.value_error("buffer_callback needs protocol >= 5");
    }
    py.store(o, word::PROTOCOL, Value::int(protocol));
    py.store(o, word::BIN, Value::int(i64::from(protocol > 0)));
    py.store(o, word::FIX_IMPORTS, Value::bool(fix && protocol < 3));
    py.store(o, word::CALLBACK, callback.unwrap_or(Value::EMPTY));
    Ok(())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    set_up(py, o, args.some(2), args.opt(3), args.some(4))?;
    set_file(py, o, args.at(1))?;
    fresh_memo(py, o)?;
    py.store(o, word::FAST, Value::int(0));
    // A method of a subclass, say, or what was set before.
    let persistent = attribute(py, o.value(), "persistent_id")?;
    py.store(o, word::PERSISTENT, persistent.unwrap_or(Value::EMPTY));
    let table = attribute(py, o.value(), "dispatch_table")?;
    py.store(o, word::TABLE, table.unwrap_or(Value::EMPTY));
    Ok(Value::NONE)
}
/// Where the pickle is written to.
pub(crate) fn set_file(py: Py<'_>, o: Object, file: Value) -> R<()> {
    match attribute(py, file, "write")? {
        Some(write) => {
            py.store(o, word::WRITE, write);
            Ok(())
        }
        None => py.type_error("file must have a 'write' attribute"),
    }
}
fn set_number(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let o = this(py, args)?;
    if args.at(1).is_empty() {
        return py.type_error("can't delete numeric/char attribute");
    }
    let n = py.index_i32(args.at(1))?;
    py.store(o, word, Value::int(n.into()));
    Ok(Value::NONE)
}
fn table(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    match o.get(word::TABLE) {
        v if v.is_empty() => {
            let name = py.intern("dispatch_table")?;
            Err(py.no_attribute(o.value(), name))
        }
        v => Ok(v),
    }
}
fn persistent_id(py: Py<'_>, args: Args<'_>) -> R {
    persistent::get(py, this(py, args)?, word::PERSISTENT, "persistent_id")
}
fn set_persistent_id(py: Py<'_>, args: Args<'_>) -> R {
    persistent::set(py, this(py, args)?, word::PERSISTENT, "persistent_id", args.at(1))
}
fn size(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.int_usize(208 + 16 * list::length(Object::of(o.get(word::OBJECTS))))
}

// ---- the memo

pub(crate) fn memo_clear(py: Py<'_>, o: Object) -> R {
    fresh_memo(py, o)?;
    Ok(Value::NONE)
}
/// `{id: (number, object)}`
pub(crate) fn memo_copy(py: Py<'_>, o: Object) -> R {
    let objects = Object::of(o.get(word::OBJECTS));
    let copy = py.new_dict()?;
    for i in 0..list::length(objects) {
        let Some(object) = list::get(objects, i) else { break };
        let Some(number) = seen::get(o.get(word::MEMO), seen::key_of(py, object)) else { continue };
        let entry = py.tuple(&[py.int(number)?, object])?;
        py.dict_set(copy, py.int(py.identity(object) as i64)?, entry)?;
    }
    Ok(copy.value())
}
fn set_memo(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, args.at(1));
    if v.is_empty() {
        return py.type_error("attribute deletion is not supported");
    }
    let source = match memo::owner_of(py, v, &PICKLER_MEMO) {
        Some(other) => memo_copy(py, other)?,
        None if py.as_dict(v).is_some() => v,
        None => {
            let class = py.class_name(v);
            return py.type_error(&format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {class}"));
        }
    };
    let pairs = memo::pairs(py, source)?;
    // What numbers are asked for may run code of the program's: the new memo takes the old one's place as a whole.
    let numbers = py.new_list(0)?;
    for i in 0..list::length(pairs) {
        let Some(entry) = py.as_tuple(list::item(pairs, i)).and_then(|p| py.as_tuple(p.element(1))) else {
            return py.type_error("'memo' values must be 2-item tuples");
        };
        if entry.length() != 2 {
            return py.type_error("'memo' values must be 2-item tuples");
        }
        let number = py.int(py.index_i64(entry.element(0))?)?;
        py.list_push(numbers, number)?;
        py.list_push(numbers, entry.element(1))?;
    }
    fresh_memo(py, o)?;
    for i in (0..list::length(numbers)).step_by(2) {
        let (Some(number), Some(object)) = (list::get(numbers, i), list::get(numbers, i + 1)) else { break };
        let key = seen::key_of(py, object);
        if let (Some(number), None) = (int::to_i64(number), seen::get(o.get(word::MEMO), key)) {
            note(py, o, object, key, number)?;
        }
    }
    Ok(Value::NONE)
}

// ---- dumping

/// A pickle that is being made. It lies on the native stack, and so do the values in it.
pub(crate) struct Saver<'t> {
    pub(crate) py: Py<'t>,
    pub(crate) out: Output<'t>,
    pub(crate) protocol: i64,
    pub(crate) bin: bool,
    pub(crate) fast: bool,
    pub(crate) fix_imports: bool,
    pub(crate) callback: Value,
    pub(crate) persistent: Value,
    pub(crate) reducer: Value,
    pub(crate) table: Value,
    /// Of `fast`: how deep in containers, and which ones.
    pub(crate) nested: usize,
    pub(crate) open: Value,
    pickler: Object,
    /// What was asked for last, and its key.
    last: (Value, u64),
}
impl<'t> Saver<'t> {
    fn new(py: Py<'t>, o: Object, write: Value) -> R<Saver<'t>> {
        let number = |word: usize| int::to_i64(o.get(word)).unwrap_or(0);
        let exact = py.class_of(o.value()) == py.native_type(&PICKLER)?;
        let reducer = if exact { None } else { attribute(py, o.value(), "reducer_override")? };
        Ok(Saver {
            py,
            out: Output::new(py, write),
            protocol: number(word::PROTOCOL),
            bin: number(word::BIN) != 0,
            fast: number(word::FAST) != 0,
            fix_imports: o.get(word::FIX_IMPORTS) == Value::TRUE,
            callback: o.get(word::CALLBACK),
            persistent: o.get(word::PERSISTENT),
            reducer: reducer.unwrap_or(Value::EMPTY),
            table: o.get(word::TABLE),
            nested: 0,
            open: Value::EMPTY,
            pickler: o,
            last: (Value::EMPTY, 0),
        })
    }
    fn dump(&mut self, v: Value) -> R<()> {
        if self.protocol >= 2 {
            self.out.push(&[PROTO, self.protocol as u8])?;
            self.out.framing = self.protocol >= 4;
        }
        self.save(v)?;
        self.out.op(STOP)?;
        self.out.commit();
        self.out.framing = false;
        Ok(())
    }
    /// The number of an object that was pickled before.
    #[inline]
    pub(crate) fn known(&mut self, v: Value) -> Option<i64> {
        let key = seen::key_of(self.py, v);
        self.last = (v, key);
        seen::get(self.pickler.get(word::MEMO), key)
    }
    /// Gives an object the next number.
    pub(crate) fn remember(&mut self, v: Value) -> R<Option<i64>> {
        if self.fast {
            return Ok(None);
        }
        // Most are remembered right after they were asked for.
        let key = if self.last.0 == v { self.last.1 } else { seen::key_of(self.py, v) };
        let number = list::length(Object::of(self.pickler.get(word::OBJECTS))) as i64;
        note(self.py, self.pickler, v, key, number)?;
        Ok(Some(number))
    }
}
/// Gives an object a number.
#[inline]
fn note(py: Py<'_>, o: Object, v: Value, key: u64, number: i64) -> R<()> {
    let objects = Object::of(o.get(word::OBJECTS));
    if !seen::set(py, o, word::MEMO, list::length(objects), key, number)? {
        py.list_push(objects, v)?;
    }
    Ok(())
}
fn dump_method(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    dump(py, o, args.at(1))?;
    Ok(Value::NONE)
}
/// Pickles an object to the pickler's file.
pub(crate) fn dump(py: Py<'_>, o: Object, v: Value) -> R<()> {
    let write = o.get(word::WRITE);
    if write.is_empty() {
        let class = py.class_name(o.value());
        return pickling_error(py, &format!("Pickler.__init__() was not called by {class}.__init__()"));
    }
    let mut saver = Saver::new(py, o, write)?;
    saver.dump(v)?;
    saver.out.flush()
}
/// Pickles an object to bytes.
pub(crate) fn dumps(py: Py<'_>, o: Object, v: Value) -> R {
    let mut saver = Saver::new(py, o, Value::EMPTY)?;
    saver.dump(v)?;
    saver.out.finish()
}
