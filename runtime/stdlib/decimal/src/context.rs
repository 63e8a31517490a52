//! `Context`: precision, rounding, limits, flags and traps; and the current one.

use crate::kept::{self, Kept};
use crate::number::{Context, Env, Error, MAX_EMAX, MAX_PREC, MIN_EMIN, ROUNDINGS, Rounding, status};
use crate::signal_dict::{self, Which};
use crate::signals;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, int, string};
use stdlib_functional::contextvars;
use vm_api::heap::{Layout, OutOfMemory};

/// Raw words: those of [`word`] below `FLAGS`.
pub(crate) static CONTEXT: TypeSpec = TypeSpec::new(
    "decimal",
    "Context",
    Layout::Bitmap { words: word::WORDS, bits: 1 << word::FLAGS | 1 << word::TRAPS },
    METHODS,
    "Precision, rounding, limits of exponents, flags and traps of decimal arithmetic.\n\nContext(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
)
.inheritable()
.with_methods(crate::context_methods::METHODS)
.with_methods(crate::decimal_methods::OF_CONTEXT)
.with_methods(crate::decimal_methods::QUESTIONS_OF_CONTEXT);
pub(crate) mod word {
    pub(crate) const PREC: usize = 1;
    pub(crate) const EMIN: usize = 2;
    pub(crate) const EMAX: usize = 3;
    /// Place among the roundings.
    pub(crate) const ROUND: usize = 4;
    pub(crate) const CLAMP: usize = 5;
    pub(crate) const CAPITALS: usize = 6;
    /// Flags that are raised, as bits, and signals that are trapped.
    pub(crate) const STATUS: usize = 7;
    pub(crate) const TRAPPED: usize = 8;
    /// The mappings that show these.
    pub(crate) const FLAGS: usize = 9;
    pub(crate) const TRAPS: usize = 10;
    pub(crate) const WORDS: u32 = 11;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper(
        "__init__",
        "self, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None",
        init,
        "Initialize self.  See help(type(self)) for accurate signature.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("prec", |py, a| number(py, a, word::PREC), ""),
    Native::setter("prec", |py, a| set(py, a, "prec")),
    Native::getter("Emax", |py, a| number(py, a, word::EMAX), ""),
    Native::setter("Emax", |py, a| set(py, a, "Emax")),
    Native::getter("Emin", |py, a| number(py, a, word::EMIN), ""),
    Native::setter("Emin", |py, a| set(py, a, "Emin")),
    Native::getter("capitals", |py, a| number(py, a, word::CAPITALS), ""),
    Native::setter("capitals", |py, a| set(py, a, "capitals")),
    Native::getter("clamp", |py, a| number(py, a, word::CLAMP), ""),
    Native::setter("clamp", |py, a| set(py, a, "clamp")),
    Native::getter("rounding", rounding, ""),
    Native::setter("rounding", |py, a| set(py, a, "rounding")),
    Native::getter("flags", |py, a| Ok(this(py, a)?.get(word::FLAGS)), ""),
    Native::setter("flags", |py, a| set_mapping(py, a, Which::Flags)),
    Native::getter("traps", |py, a| Ok(this(py, a)?.get(word::TRAPS)), ""),
    Native::setter("traps", |py, a| set_mapping(py, a, Which::Traps)),
    Native::method(
        "Etiny",
        "self, /",
        |py, a| py.int(read(this(py, a)?).etiny()),
        "Emin - prec + 1: the least exponent.",
    ),
    Native::method(
        "Etop",
        "self, /",
        |py, a| py.int(read(this(py, a)?).etop()),
        "Emax - prec + 1: the largest exponent of a number as long as the precision.",
    ),
    Native::method("clear_flags", "self, /", |py, a| clear(py, a, word::STATUS), "Reset all flags to False."),
    Native::method("clear_traps", "self, /", |py, a| clear(py, a, word::TRAPPED), "Set all traps to False."),
    Native::method("copy", "self, /", copy_method, "Return a copy of the context, flags included."),
    Native::method("__copy__", "self, /", copy_method, ""),
    Native::method("__reduce__", "self, /", reduce, ""),
];
const TRAPS: u32 = status::INVALID | status::DIVISION_BY_ZERO | status::OVERFLOW;

pub(crate) fn class(py: Py<'_>) -> R<Object> {
    py.native_type(&CONTEXT)
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &CONTEXT)
}
/// The context's numbers.
#[inline]
pub(crate) fn read(o: Object) -> Context {
    Context {
        prec: o.word(word::PREC) as i64,
        emin: o.word(word::EMIN) as i64,
        emax: o.word(word::EMAX) as i64,
        round: ROUNDINGS[o.word(word::ROUND) as usize % ROUNDINGS.len()].1,
        clamp: o.word(word::CLAMP) != 0,
    }
}
pub(crate) fn capitals(o: Object) -> bool {
    o.word(word::CAPITALS) != 0
}
pub(crate) fn traps(o: Object) -> u32 {
    o.word(word::TRAPPED) as u32
}
pub(crate) fn add_status(o: Object, conditions: u32) {
    o.set_word(word::STATUS, o.word(word::STATUS) | u64::from(conditions));
}
/// A context of this class like the default one.
fn make(py: Py<'_>, class: Value, dict_class: Value) -> R<Object> {
    let o = py.new_native_of(class, &CONTEXT)?;
    o.set_word(word::PREC, 28);
    o.set_word(word::EMIN, -999_999i64 as u64);
    o.set_word(word::EMAX, 999_999);
    o.set_word(word::ROUND, Rounding::HalfEven as u64);
    o.set_word(word::CAPITALS, 1);
    o.set_word(word::TRAPPED, TRAPS.into());
    for (word, which) in [(word::FLAGS, Which::Flags), (word::TRAPS, Which::Traps)] {
        let view = signal_dict::make(py, dict_class, o, which)?;
        py.store(o, word, view);
    }
    Ok(o)
}
/// The default context, the basic one, the extended one.
pub(crate) fn template(py: Py<'_>, number: usize, dict_class: Value) -> R<Object> {
    let o = make(py, class(py)?.value(), dict_class)?;
    if number > 0 {
        o.set_word(word::PREC, 9);
        o.set_word(word::TRAPPED, 0);
    }
    if number == 1 {
        o.set_word(word::ROUND, Rounding::HalfUp as u64);
        o.set_word(word::TRAPPED, (TRAPS | status::UNDERFLOW | status::CLAMPED).into());
    }
    Ok(o)
}
fn copy_numbers(from: Object, to: Object) {
    for word in word::PREC..word::FLAGS {
        to.set_word(word, from.word(word));
    }
}
/// A context with the same numbers, flags and traps.
pub(crate) fn copy(py: Py<'_>, o: Object) -> R<Object> {
    let dict_class = py.kept(kept::get(py)?.signal_dict);
    let copy = make(py, class(py)?.value(), dict_class)?;
    copy_numbers(o, copy);
    Ok(copy)
}
fn copy_method(py: Py<'_>, args: Args<'_>) -> R {
    copy(py, this(py, args)?).map(Object::value)
}

/// The current context: a copy of the default one, if none was set.
#[inline]
pub(crate) fn current(py: Py<'_>) -> R<Object> {
    let kept = kept::get(py)?;
    if let Some(v) = contextvars::value(py, py.kept(kept.variable))?
        && let Some(o) = py.of_kind(v, CONTEXT.kind)
    {
        return Ok(o);
    }
    first(py, &kept)
}
#[cold]
fn first(py: Py<'_>, kept: &Kept) -> R<Object> {
    let o = copy(py, Object::of(py.kept(kept.templates[0])))?;
    o.set_word(word::STATUS, 0);
    contextvars::set_value(py, py.kept(kept.variable), o.value())?;
    Ok(o)
}
pub(crate) fn set_current(py: Py<'_>, args: Args<'_>) -> R {
    let Some(mut o) = py.of_kind(args.at(0), CONTEXT.kind) else {
        return py.type_error("argument must be a context");
    };
    let kept = kept::get(py)?;
    if kept::is_template(py, &kept, o) {
        o = copy(py, o)?;
        o.set_word(word::STATUS, 0);
    }
    contextvars::set_value(py, py.kept(kept.variable), o.value())?;
    Ok(Value::NONE)
}
/// An argument `context=None`.
#[inline]
pub(crate) fn argument(py: Py<'_>, v: Option<Value>) -> R<Object> {
    match v.filter(|v| *v != Value::NONE) {
        None => current(py),
        Some(v) => match py.of_kind(v, CONTEXT.kind) {
            Some(o) => Ok(o),
            None => py.type_error("optional argument must be a context"),
        },
    }
}
/// Runs an operation in a context, and signals its conditions.
#[inline]
pub(crate) fn run<T>(py: Py<'_>, context: Object, f: impl FnOnce(&Context, &mut Env<'_>) -> Result<T, Error>) -> R<T> {
    let (result, conditions) = run_quietly(py, &read(context), f)?;
    signals::signal(py, context, conditions)?;
    Ok(result)
}
/// Runs an operation; its conditions are the second result.
#[inline]
pub(crate) fn run_quietly<T>(
    py: Py<'_>,
    context: &Context,
    f: impl FnOnce(&Context, &mut Env<'_>) -> Result<T, Error>,
) -> R<(T, u32)> {
    let poll = py.poller();
    // A number may take an eighth of the memory: an operation holds some at a time.
    let most = py.heap().options().limit / 64;
    let mut env = Env { work: py.work(), poll, most, status: 0, ln_ten: None };
    match f(context, &mut env) {
        Ok(result) => Ok((result, env.status)),
        Err(Error::Memory) => Err(py.out_of_memory(OutOfMemory)),
        // The exception is pending.
        Err(Error::Interrupted) => Err(vm_api::engine::Stop),
    }
}
/// The same with what was computed of the logarithm of 10.
pub(crate) fn run_with_logarithm<T>(
    py: Py<'_>,
    context: Object,
    f: impl FnOnce(&Context, &mut Env<'_>) -> Result<T, Error>,
) -> R<T> {
    let kept = kept::get(py)?;
    let known = kept.ln_ten.borrow().clone();
    run(py, context, |cx, env| {
        env.ln_ten = known;
        let result = f(cx, env);
        if let Some(computed) = env.ln_ten.take()
            && computed.0 <= 10_000
        {
            *kept.ln_ten.borrow_mut() = Some(computed);
        }
        result
    })
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let dict_class = py.kept(kept::get(py)?.signal_dict);
    make(py, args.at(0), dict_class).map(Object::value)
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    for (slot, name) in ["prec", "rounding", "Emin", "Emax", "capitals", "clamp"].iter().enumerate() {
        if let Some(v) = args.some(slot + 1) {
            change(py, o, name, v)?;
        }
    }
    for (slot, word) in [(8, word::TRAPPED), (7, word::STATUS)] {
        if let Some(v) = args.some(slot) {
            let bits = match py.as_list(v) {
                Some(_) => signal_dict::flags_of_list(py, v)?,
                None => signal_dict::flags_of_dict(py, v)?,
            };
            o.set_word(word, bits.into());
        }
    }
    Ok(Value::NONE)
}
fn number(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    py.int(this(py, args)?.word(word) as i64)
}
fn rounding(py: Py<'_>, args: Args<'_>) -> R {
    let name = ROUNDINGS[this(py, args)?.word(word::ROUND) as usize % ROUNDINGS.len()].0;
    let name = py.intern(name)?;
    Ok(py.symbol_string(name).value())
}
fn clear(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    this(py, args)?.set_word(word, 0);
    Ok(Value::NONE)
}
fn set(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let o = this(py, args)?;
    if args.at(1).is_empty() {
        return py.err(Exc::AttributeError, "context attributes cannot be deleted");
    }
    change(py, o, name, args.at(1))?;
    Ok(Value::NONE)
}
/// Gives an attribute a value.
pub(crate) fn change(py: Py<'_>, o: Object, name: &str, v: Value) -> R<()> {
    let (word, range, message) = match name {
        "prec" => (word::PREC, (1, MAX_PREC), "valid range for prec is [1, MAX_PREC]"),
        "Emin" => (word::EMIN, (MIN_EMIN, 0), "valid range for Emin is [MIN_EMIN, 0]"),
        "Emax" => (word::EMAX, (0, MAX_EMAX), "valid range for Emax is [0, MAX_EMAX]"),
        "capitals" => (word::CAPITALS, (0, 1), "valid values for capitals are [0, 1]"),
        "clamp" => (word::CLAMP, (0, 1), "valid values for clamp are 0 or 1"),
        _ => {
            o.set_word(word::ROUND, rounding_argument(py, v)? as u64);
            return Ok(());
        }
    };
    let Some(i) = py.as_int(v) else { return py.type_error("an integer is required") };
    match int::to_i64(i) {
        Some(n) if (range.0..=range.1).contains(&n) => {
            o.set_word(word, n as u64);
            Ok(())
        }
        Some(_) => py.value_error(message),
        None => py.err(Exc::OverflowError, "Python int too large to convert to C ssize_t"),
    }
}
/// A rounding by its name.
pub(crate) fn rounding_argument(py: Py<'_>, v: Value) -> R<Rounding> {
    let s = string::exact_or_payload(py, v);
    match ROUNDINGS.iter().find(|(name, _)| s.is_some_and(|s| string::is(s, name))) {
        Some((_, round)) => Ok(*round),
        None => py.type_error(
            "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]",
        ),
    }
}
/// Sets flags or traps from a mapping of signals.
pub(crate) fn set_signals(py: Py<'_>, o: Object, which: Which, v: Value) -> R<()> {
    let bits = match py.as_list(v) {
        Some(_) => signal_dict::flags_of_list(py, v)?,
        None => signal_dict::flags_of_dict(py, v)?,
    };
    o.set_word(which.word(), bits.into());
    Ok(())
}
fn set_mapping(py: Py<'_>, args: Args<'_>, which: Which) -> R {
    let o = this(py, args)?;
    if args.at(1).is_empty() {
        return py.err(Exc::AttributeError, "context attributes cannot be deleted");
    }
    let bits = signal_dict::flags_of_dict(py, args.at(1))?;
    o.set_word(which.word(), bits.into());
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let cx = read(o);
    py.str(&format!(
        "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags={}, traps={})",
        cx.prec,
        ROUNDINGS[cx.round as usize].0,
        cx.emin,
        cx.emax,
        u8::from(capitals(o)),
        u8::from(cx.clamp),
        signals::shown(o.word(word::STATUS) as u32),
        signals::shown(traps(o)),
    ))
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let rounding = rounding(py, args)?;
    let (flags, traps) = (
        signal_dict::list_of(py, o.word(word::STATUS) as u32)?,
        signal_dict::list_of(py, o.word(word::TRAPPED) as u32)?,
    );
    let number = |word: usize| py.int(o.word(word) as i64);
    let (prec, emin, emax) = (number(word::PREC)?, number(word::EMIN)?, number(word::EMAX)?);
    let (capitals, clamp) = (number(word::CAPITALS)?, number(word::CLAMP)?);
    let fields = py.tuple(&[prec, rounding, emin, emax, capitals, clamp, flags, traps])?;
    py.tuple(&[py.class_of(o.value()).value(), fields])
}
