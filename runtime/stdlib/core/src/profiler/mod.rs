//! `_lsprof`: the profiler under `cProfile`, a tool of `sys.monitoring`.
//!
//! What is counted stands outside the heap ([`record`]), by numbers of functions; the objects that stand for these are in a list.
//! A function is known by its code's identity, a native one by its number.

mod record;

use crate::support::add;
use python_objects::struct_sequence::StructSequence;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, list, string};
use record::{Figures, Record};
use std::collections::HashMap;
use std::time::Instant;

/// Words of a profiler: the handle of what is counted, the list of functions, the timer (or EMPTY).
mod word {
    pub(super) const HANDLE: usize = 2;
    pub(super) const USERS: usize = 3;
    pub(super) const TIMER: usize = 4;
    pub(super) const WORDS: u32 = 4;
}

/// `sys.monitoring.PROFILER_ID`
const TOOL: i64 = 2;
/// The events that are wanted, and the methods that are told of them.
const EVENTS: &[(&str, &str)] = &[
    ("PY_START", "_pystart_callback"),
    ("PY_RESUME", "_pystart_callback"),
    ("PY_THROW", "_pystart_callback"),
    ("PY_RETURN", "_pyreturn_callback"),
    ("PY_YIELD", "_pyreturn_callback"),
    ("PY_UNWIND", "_pyreturn_callback"),
    ("CALL", "_ccall_callback"),
    ("C_RETURN", "_creturn_callback"),
    ("C_RAISE", "_creturn_callback"),
];

/// What is outside the heap.
struct Profiler {
    record: Record,
    /// Numbers of functions.
    known: HashMap<u64, usize>,
    began: Instant,
    /// Seconds of a tick of the program's timer; 0 if it answers seconds.
    unit: f64,
    natives: bool,
    enabled: bool,
}

static PROFILER: TypeSpec = TypeSpec::values(
    "_lsprof",
    "Profiler",
    word::WORDS,
    &[
        Native::static_method("__new__", "cls, /, *args, **kwargs", new, ""),
        Native::wrapper("__init__", "self, /, timer=None, timeunit=0.0, subcalls=True, builtins=True", init, ""),
        Native::getter("__dict__", python_objects::class_new::instance_dict, ""),
        Native::method("enable", "self, subcalls=-1, builtins=-1", enable, "Start to count."),
        Native::method("disable", "self, /", disable, "Stop to count."),
        Native::method("clear", "self, /", clear, "Forget what was counted."),
        Native::method("getstats", "self, /", getstats, "Return what was counted: an entry for each function."),
        Native::method("_pystart_callback", "self, code, instruction_offset, exception=None, /", start, ""),
        Native::method("_pyreturn_callback", "self, code, instruction_offset, retval, /", end, ""),
        Native::method("_ccall_callback", "self, code, instruction_offset, callable, self_arg, /", native_start, ""),
        Native::method("_creturn_callback", "self, code, instruction_offset, callable, self_arg, /", native_end, ""),
        Native::method("__del__", "self, /", release, ""),
    ],
    "Counts calls of functions, and the time that they take.",
)
.inheritable()
.weakly_referenced()
.with_dict(1)
.finalized();

static ENTRY: StructSequence = StructSequence {
    name: "profiler_entry",
    module: "_lsprof",
    fields: &["code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"],
    visible: 6,
    constructible: true,
    doc: "What was counted of a function.",
};
static SUB_ENTRY: StructSequence = StructSequence {
    name: "profiler_subentry",
    module: "_lsprof",
    fields: &["code", "callcount", "reccallcount", "totaltime", "inlinetime"],
    visible: 5,
    constructible: true,
    doc: "What was counted of the calls that another function made.",
};

pub(crate) fn init_module(py: Py<'_>, module: Object) -> R<()> {
    add(py, module, "Profiler", py.native_type(&PROFILER)?.value())?;
    add(py, module, "profiler_entry", py.struct_sequence_type(&ENTRY)?.value())?;
    add(py, module, "profiler_subentry", py.struct_sequence_type(&SUB_ENTRY)?.value())
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), PROFILER.kind) {
        Some(o) => Ok(o),
        None => py.type_error("a Profiler is required"),
    }
}

/// Does something with what is counted, without calling Python.
fn with<T>(py: Py<'_>, o: Object, f: impl FnOnce(&mut Profiler) -> T) -> R<T> {
    let mut foreign = py.state().foreign.borrow_mut();
    let handle = o.get(word::HANDLE);
    let found = if handle.is_int() { foreign.get::<Profiler>(handle.as_int() as u32) } else { None };
    match found {
        Some(profiler) => Ok(f(profiler)),
        None => {
            drop(foreign);
            py.value_error("the profiler is gone")
        }
    }
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.new_native_of(args.at(0), &PROFILER)?;
    let users = py.new_list(0)?;
    py.store(o, word::USERS, users.value());
    let profiler = Profiler {
        record: Record::default(),
        known: HashMap::new(),
        began: Instant::now(),
        unit: 0.0,
        natives: true,
        enabled: false,
    };
    let handle = py.state().foreign.borrow_mut().add(Box::new(profiler));
    py.store(o, word::HANDLE, Value::int(i64::from(handle)));
    Ok(o.value())
}

fn release(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if with(py, o, |profiler| profiler.enabled)? {
        disable(py, args)?;
    }
    let handle = o.get(word::HANDLE);
    py.store(o, word::HANDLE, Value::EMPTY);
    if handle.is_int() {
        py.state().foreign.borrow_mut().remove(handle.as_int() as u32);
    }
    Ok(Value::NONE)
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let unit = args.opt(2).map_or(Ok(0.0), |v| py.real(v))?;
    py.store(o, word::TIMER, args.some(1).unwrap_or(Value::EMPTY));
    with(py, o, |profiler| {
        profiler.unit = unit;
        (profiler.record.by_caller, profiler.natives) = (true, true);
    })?;
    set_options(py, o, args, 3)?;
    Ok(Value::NONE)
}

/// `subcalls` and `builtins`, in two arguments; without them all stays as it is.
fn set_options(py: Py<'_>, o: Object, args: Args<'_>, at: usize) -> R<()> {
    let flag = |i: usize| args.opt(i).map(|v| py.truth(v)).transpose();
    let (by_caller, natives) = (flag(at)?, flag(at + 1)?);
    with(py, o, |profiler| {
        profiler.record.by_caller = by_caller.unwrap_or(profiler.record.by_caller);
        profiler.natives = natives.unwrap_or(profiler.natives);
    })
}

/// What the clock says, in ticks.
fn now(py: Py<'_>, o: Object) -> R<i64> {
    let timer = o.get(word::TIMER);
    if timer.is_empty() {
        return with(py, o, |profiler| profiler.began.elapsed().as_nanos() as i64);
    }
    let unit = with(py, o, |profiler| profiler.unit)?;
    let read = py
        .call(timer, &[])
        .and_then(|v| if unit > 0.0 { py.index_i64(v) } else { py.real(v).map(|seconds| (seconds * 1e9) as i64) });
    if read.is_err() {
        crate::report_unraisable(py, None, timer);
        return Ok(0);
    }
    read
}

/// The number of a function, made at its first call.
fn number(py: Py<'_>, o: Object, key: u64, user: impl FnOnce() -> R) -> R<usize> {
    if let Some(number) = with(py, o, |profiler| profiler.known.get(&key).copied())? {
        return Ok(number);
    }
    let user = user()?;
    let users = Object::of(o.get(word::USERS));
    py.list_push(users, user)?;
    with(py, o, |profiler| {
        let number = profiler.record.add();
        profiler.known.insert(key, number);
        number
    })
}

fn start(py: Py<'_>, args: Args<'_>) -> R {
    let (o, code) = (this(py, args)?, args.at(1));
    let number = number(py, o, py.identity(code), || Ok(code))?;
    let now = now(py, o)?;
    with(py, o, |profiler| profiler.record.enter(number, now))?;
    Ok(Value::NONE)
}

fn leave(py: Py<'_>, o: Object, key: u64) -> R {
    let (running, known) = with(py, o, |profiler| (profiler.record.is_running(), profiler.known.contains_key(&key)))?;
    if running && known {
        let now = now(py, o)?;
        with(py, o, |profiler| profiler.record.leave(now))?;
    } else if running {
        with(py, o, |profiler| profiler.record.forget())?;
    }
    Ok(Value::NONE)
}

fn end(py: Py<'_>, args: Args<'_>) -> R {
    leave(py, this(py, args)?, py.identity(args.at(1)))
}

/// What is known of a native function: its key, and itself. `None` for other callables.
fn native(py: Py<'_>, args: Args<'_>) -> R<Option<(u64, Object)>> {
    let o = this(py, args)?;
    if !with(py, o, |profiler| profiler.natives)? {
        return Ok(None);
    }
    let callable = py.of_kind(args.at(3), Kind::BUILTIN).or_else(|| py.of_kind(args.at(3), Kind::METHOD_DESCRIPTOR));
    // Below the identities of objects, which are multiples of 16.
    Ok(callable.map(|f| ((f.get(1).as_int() as u64) << 4 | 2, f)))
}

fn native_start(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some((key, function)) = native(py, args)? else { return Ok(Value::NONE) };
    let number = number(py, o, key, || shown(py, function))?;
    let now = now(py, o)?;
    with(py, o, |profiler| profiler.record.enter(number, now))?;
    Ok(Value::NONE)
}
fn native_end(py: Py<'_>, args: Args<'_>) -> R {
    match native(py, args)? {
        Some((key, _)) => leave(py, this(py, args)?, key),
        None => Ok(Value::NONE),
    }
}

/// What stands for a native function: a text, so that nothing is kept alive that it is bound to.
fn shown(py: Py<'_>, function: Object) -> R {
    let v = function.value();
    if py.of_kind(v, Kind::BUILTIN).is_none() {
        return py.repr_text(v).and_then(|text| py.str(&text));
    }
    let name = py.get_attribute(v, sym::NAME)?;
    let bound = py.get_attribute_text(v, "__self__")?;
    if bound != Value::NONE
        && let Some(name) = string::exact_or_payload(py, name)
        && let Some(method) = py.lookup(py.class_of(bound), py.symbol_of(name)?)
    {
        return py.repr_text(method).and_then(|text| py.str(&text));
    }
    let name = py.str_text(name)?;
    let module = py.get_attribute_text(v, "__module__")?;
    match string::exact_or_payload(py, module).map(string::to_rust) {
        Some(module) if bound == Value::NONE && module != "builtins" => py.str(&format!("<{module}.{name}>")),
        _ if bound == Value::NONE => py.str(&format!("<{name}>")),
        Some(module) => py.str(&format!("<built-in method {module}.{name}>")),
        None => py.str(&format!("<built-in method {name}>")),
    }
}

fn monitoring(py: Py<'_>) -> R {
    let name = py.intern("monitoring")?;
    match py.sys_item(name) {
        Some(monitoring) => Ok(monitoring),
        None => py.err(Exc::RuntimeError, "lost sys.monitoring"),
    }
}

/// Calls a function of `sys.monitoring` with the tool's number and further arguments.
fn tell(py: Py<'_>, name: &str, arguments: &[Value]) -> R {
    let function = py.get_attribute_text(monitoring(py)?, name)?;
    let mut all = [Value::int(TOOL), Value::NONE, Value::NONE];
    all[1..=arguments.len()].copy_from_slice(arguments);
    py.call(function, &all[..=arguments.len()])
}

/// The number of an event.
fn event(py: Py<'_>, name: &str) -> R<i64> {
    let events = py.get_attribute_text(monitoring(py)?, "events")?;
    let event = py.get_attribute_text(events, name)?;
    py.index_i64(event)
}

fn enable(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    set_options(py, o, args, 1)?;
    let name = py.str("cProfile")?;
    let taken = tell(py, "use_tool_id", &[name]);
    if taken.is_err() && py.catch(Exc::ValueError).is_some() {
        return py.value_error("Another profiling tool is already active");
    }
    taken?;
    let mut all = 0;
    for (name, method) in EVENTS {
        let event = event(py, name)?;
        let callback = py.get_attribute_text(o.value(), method)?;
        tell(py, "register_callback", &[Value::int(event), callback])?;
        all |= event;
    }
    with(py, o, |profiler| profiler.enabled = true)?;
    tell(py, "set_events", &[Value::int(all)])?;
    Ok(Value::NONE)
}

fn disable(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if !with(py, o, |profiler| std::mem::take(&mut profiler.enabled))? {
        return Ok(Value::NONE);
    }
    tell(py, "set_events", &[Value::int(0)])?;
    for (name, _) in EVENTS {
        let event = event(py, name)?;
        tell(py, "register_callback", &[Value::int(event), Value::NONE])?;
    }
    tell(py, "free_tool_id", &[])?;
    // Calls that have not ended end here.
    while with(py, o, |profiler| profiler.record.is_running())? {
        let now = now(py, o)?;
        with(py, o, |profiler| profiler.record.leave(now))?;
    }
    Ok(Value::NONE)
}

fn clear(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let users = py.new_list(0)?;
    py.store(o, word::USERS, users.value());
    with(py, o, |profiler| {
        let by_caller = profiler.record.by_caller;
        profiler.record = Record::default();
        profiler.record.by_caller = by_caller;
        profiler.known.clear();
    })?;
    Ok(Value::NONE)
}

fn getstats(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let has_unit = !o.get(word::TIMER).is_empty();
    let (count, unit) = with(py, o, |profiler| {
        let unit = if has_unit && profiler.unit > 0.0 { profiler.unit } else { 1e-9 };
        (profiler.record.functions.len(), unit)
    })?;
    let users = Object::of(o.get(word::USERS));
    let user = |number: usize| list::get(users, number).unwrap_or(Value::NONE);
    let figures = |number: usize, f: &Figures| -> R<[Value; 5]> {
        let times = [f.total, f.own].map(|ticks| Value::float(ticks as f64 * unit));
        Ok([user(number), py.int(f.calls)?, py.int(f.recursive)?, times[0], times[1]])
    };
    let entries = py.new_list(count)?;
    for number in 0..count {
        py.poll()?;
        let known = with(py, o, |profiler| {
            profiler.record.functions.get(number).map(|function| (function.figures, function.callees.clone()))
        })?;
        let Some((own, callees)) = known.filter(|(figures, _)| figures.calls > 0) else { continue };
        let calls = if callees.is_empty() {
            Value::NONE
        } else {
            let calls = py.new_list(callees.len())?;
            for (callee, of_callee) in callees.iter().filter(|(_, figures)| figures.calls > 0) {
                let entry = py.struct_sequence(&SUB_ENTRY, &figures(*callee, of_callee)?)?;
                py.list_push(calls, entry)?;
            }
            calls.value()
        };
        let [code, callcount, recursive, total, inline] = figures(number, &own)?;
        let entry = py.struct_sequence(&ENTRY, &[code, callcount, recursive, total, inline, calls])?;
        py.list_push(entries, entry)?;
    }
    Ok(entries.value())
}
