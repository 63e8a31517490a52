//! `_random`: the generator under `random.Random`. Seeding from strings and bytes is `random`'s own, in Python.

use python_algorithms::mt19937::{Mt19937, STATE_WORDS};
use python_numbers::bigint::Int;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, int};
use std::hash::{BuildHasher, RandomState};

/// Word of the leaf with the generator.
const GENERATOR: usize = 1;

static RANDOM: TypeSpec = TypeSpec::values(
    "_random",
    "Random",
    1,
    METHODS,
    "Random() -> create a random number generator with its own internal state.",
)
.inheritable();
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, x=None, /", init_object, "Initialize self."),
    Native::method("random", "self, /", random, "random() -> x in the interval [0, 1)."),
    Native::method(
        "seed",
        "self, n=None, /",
        seed,
        "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the current time and the process identifier.",
    ),
    Native::method("getstate", "self, /", getstate, "getstate() -> tuple containing the current state."),
    Native::method("setstate", "self, state, /", setstate, "setstate(state) -> None.  Restores generator state."),
    Native::method(
        "getrandbits",
        "self, k, /",
        getrandbits,
        "getrandbits(k) -> x.  Generates an int with k random bits.",
    ),
];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let class = py.native_type(&RANDOM)?;
    py.dict_set_text(py.module_dict(m), "Random", class.value())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let leaf = py.new_plain::<Mt19937>()?;
    let o = py.new_native_of(args.at(0), &RANDOM)?;
    o.init(GENERATOR, leaf.value());
    with(py, o, |g| g.seed(&[]));
    Ok(o.value())
}
fn init_object(py: Py<'_>, args: Args<'_>) -> R {
    seed(py, args)
}
fn with<U>(py: Py<'_>, o: Object, f: impl FnOnce(&mut Mt19937) -> U) -> U {
    py.with_plain(Object::of(o.get(GENERATOR)), f)
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &RANDOM)
}
fn random(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    Ok(Value::float(with(py, o, Mt19937::random)))
}
/// The 32-bit words of a magnitude, without leading zeros.
fn words(magnitude: &[u64]) -> Vec<u32> {
    let mut words: Vec<u32> = magnitude.iter().flat_map(|limb| [*limb as u32, (*limb >> 32) as u32]).collect();
    while words.last() == Some(&0) {
        words.pop();
    }
    words
}
fn seed(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let words = match args.some(1) {
        // What the system gave for the keys of hash tables.
        None => {
            let key = RandomState::new();
            words(&std::array::from_fn::<u64, 16, _>(|i| key.hash_one(i)))
        }
        Some(v) => match py.as_int(v) {
            Some(i) => int::with_operand(i, |i| words(i.magnitude)),
            None => words(&[py.hash(v)? as u64]),
        },
    };
    with(py, o, |g| g.seed(&words));
    Ok(Value::NONE)
}
fn getstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let state = py.new_tuple(STATE_WORDS + 1)?;
    for i in 0..=STATE_WORDS {
        let word = with(py, o, |g| {
            let (words, index) = g.state();
            words.get(i).copied().unwrap_or(index)
        });
        py.heap().store_element(state, i, Value::int(i64::from(word)));
    }
    Ok(state.value())
}
fn setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(state) = py.as_tuple(args.at(1)) else { return py.type_error("state vector must be a tuple") };
    if state.length() != STATE_WORDS + 1 {
        return py.value_error("state vector is the wrong size");
    }
    let mut new = [0u32; STATE_WORDS];
    let number = |i: usize| -> R<u64> {
        let v = state.element(i);
        let Some(n) = py.as_int(v) else {
            return py.type_error("an integer is required");
        };
        if int::is_negative(n) {
            return py.err(python_objects::Exc::OverflowError, "can't convert negative value to unsigned int");
        }
        match int::with_operand(n, |n| n.to_u64()) {
            Some(n) => Ok(n),
            None => py.err(python_objects::Exc::OverflowError, "Python int too large to convert to C unsigned long"),
        }
    };
    for (i, word) in new.iter_mut().enumerate() {
        *word = number(i)? as u32;
    }
    let index = match py.index_i64(state.element(STATE_WORDS))? {
        i @ 0.. if i <= STATE_WORDS as i64 => i as u32,
        _ => return py.value_error("invalid state"),
    };
    if !with(py, o, |g| g.set_state(&new, index)) {
        return py.value_error("invalid state");
    }
    Ok(Value::NONE)
}
fn getrandbits(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let k = py.index_i32(args.at(1))?;
    let Ok(k) = u32::try_from(k) else { return py.value_error("number of bits must be non-negative") };
    if k <= 64 {
        let bits = with(py, o, |g| g.bits64(k));
        return py.int_u64(bits);
    }
    py.check_bits(u128::from(k))?;
    match with(py, o, |g| g.bits(k as usize)) {
        Ok(words) => {
            let limbs: Vec<u64> = words
                .chunks(2)
                .map(|pair| u64::from(pair[0]) | u64::from(pair.get(1).copied().unwrap_or(0)) << 32)
                .collect();
            py.int_from(Int::new(false, &limbs))
        }
        Err(_) => Err(py.out_of_memory(vm_api::heap::OutOfMemory)),
    }
}
