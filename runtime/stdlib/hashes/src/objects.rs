//! Hash objects, and the functions and types that make them.

use crate::digest::{ALGORITHMS, Algorithm, Digest, WORDS};
use python_objects::kind::Kind;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, class};

/// Words of a hash object.
mod word {
    /// Leaf with the packed state.
    pub(super) const STATE: usize = 1;
    /// Number of the algorithm.
    pub(super) const ALGORITHM: usize = 2;
    /// Bytes of the digest.
    pub(super) const SIZE: usize = 3;
    /// BLAKE2: is it the last node of its level?
    pub(super) const LAST_NODE: usize = 4;
    pub(super) const FIELDS: u32 = 4;
}

const fn hash_type(module: &'static str, name: &'static str, methods: &'static [Native]) -> TypeSpec {
    TypeSpec::values(module, name, word::FIELDS, methods, "")
}
static TYPES: [TypeSpec; 14] = [
    hash_type("_md5", "md5", METHODS),
    hash_type("_sha1", "sha1", METHODS),
    hash_type("_sha2", "SHA224Type", METHODS),
    hash_type("_sha2", "SHA256Type", METHODS),
    hash_type("_sha2", "SHA384Type", METHODS),
    hash_type("_sha2", "SHA512Type", METHODS),
    hash_type("_sha3", "sha3_224", METHODS),
    hash_type("_sha3", "sha3_256", METHODS),
    hash_type("_sha3", "sha3_384", METHODS),
    hash_type("_sha3", "sha3_512", METHODS),
    hash_type("_sha3", "shake_128", SHAKE_METHODS),
    hash_type("_sha3", "shake_256", SHAKE_METHODS),
    hash_type("_blake2", "blake2b", METHODS).inheritable(),
    hash_type("_blake2", "blake2s", METHODS).inheritable(),
];
static METHODS: &[Native] = &[
    Native::method("update", "self, obj, /", update, "Update this hash object's state with the provided string."),
    Native::method("digest", "self, /", digest, "Return the digest value as a bytes object."),
    Native::method("hexdigest", "self, /", hexdigest, "Return the digest value as a string of hexadecimal digits."),
    Native::method("copy", "self, /", copy, "Return a copy of the hash object."),
    Native::getter("digest_size", digest_size, ""),
    Native::getter("block_size", block_size, ""),
    Native::getter("name", name, ""),
];
static SHAKE_METHODS: &[Native] = &[
    Native::method(
        "update",
        "self, obj, /",
        update,
        "Update this hash object's state with the provided bytes-like object.",
    ),
    Native::method("digest", "self, length, /", shake_digest, "Return the digest value as a bytes object."),
    Native::method(
        "hexdigest",
        "self, length, /",
        shake_hexdigest,
        "Return the digest value as a string of hexadecimal digits.",
    ),
    Native::method("copy", "self, /", copy, "Return a copy of the hash object."),
    Native::getter("digest_size", digest_size, ""),
    Native::getter("block_size", block_size, ""),
    Native::getter("name", name, ""),
];

/// The type of an algorithm's objects.
pub(crate) fn spec(algorithm: Algorithm) -> &'static TypeSpec {
    &TYPES[algorithm as usize]
}
/// A hash object with this state, of `class` or its own type.
pub(crate) fn new(
    py: Py<'_>,
    class: Option<Value>,
    algorithm: Algorithm,
    state: &Digest,
    size: usize,
    last_node: bool,
) -> R {
    let leaf = py.new_plain::<[u64; WORDS]>()?;
    py.with_plain(leaf, |words: &mut [u64; WORDS]| *words = state.pack());
    let o = match class {
        Some(class) => py.new_native_of(class, spec(algorithm))?,
        None => py.new_native(spec(algorithm))?,
    };
    o.init(word::STATE, leaf.value());
    o.init(word::ALGORITHM, Value::int(algorithm as i64));
    o.init(word::SIZE, Value::int(size as i64));
    o.init(word::LAST_NODE, Value::bool(last_node));
    Ok(o.value())
}
/// The object that a method was called on, and its algorithm.
fn this(py: Py<'_>, v: Value) -> R<(Object, Algorithm)> {
    let found = Object::from_value(v)
        .and_then(|o| TYPES.iter().position(|t| t.kind == py.object_kind(o)).map(|i| (o, ALGORITHMS[i])));
    match found {
        Some(found) => Ok(found),
        None => py.type_error(&format!("expected a hash object, not '{}'", py.class_name(v))),
    }
}
fn state(py: Py<'_>, o: Object, algorithm: Algorithm) -> Digest {
    py.with_plain(Object::of(o.get(word::STATE)), |words: &mut [u64; WORDS]| Digest::unpack(algorithm, words))
}
/// Takes a bytes-like object in.
pub(crate) fn feed(py: Py<'_>, digest: &mut Digest, v: Value) -> R<()> {
    if py.kind(v) == Kind::STR {
        return py.type_error("Strings must be encoded before hashing");
    }
    match py.content_of(v) {
        Some(content) => {
            for part in content.chunks(1 << 20) {
                digest.update(part);
                py.poll()?;
            }
            Ok(())
        }
        None => py.type_error("object supporting the buffer API required"),
    }
}
fn update(py: Py<'_>, args: Args<'_>) -> R {
    let (o, algorithm) = this(py, args.at(0))?;
    let mut digest = state(py, o, algorithm);
    feed(py, &mut digest, args.at(1))?;
    py.with_plain(Object::of(o.get(word::STATE)), |words: &mut [u64; WORDS]| *words = digest.pack());
    Ok(Value::NONE)
}
fn finished(py: Py<'_>, o: Object, algorithm: Algorithm) -> Vec<u8> {
    state(py, o, algorithm).finish(o.get(word::SIZE).as_int() as usize, o.get(word::LAST_NODE).as_bool())
}
fn hexadecimal(py: Py<'_>, bytes: &[u8]) -> R {
    let digits: Vec<u8> =
        bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|d| if d < 10 { b'0' + d } else { b'a' + d - 10 }).collect();
    py.new_ascii(&digits).map(Object::value)
}
fn digest(py: Py<'_>, args: Args<'_>) -> R {
    let (o, algorithm) = this(py, args.at(0))?;
    py.bytes(&finished(py, o, algorithm)).map(Object::value)
}
fn hexdigest(py: Py<'_>, args: Args<'_>) -> R {
    let (o, algorithm) = this(py, args.at(0))?;
    hexadecimal(py, &finished(py, o, algorithm))
}
/// The bytes of an extendable digest, as many as the argument says.
fn extended(py: Py<'_>, args: Args<'_>) -> R<Vec<u8>> {
    let (o, algorithm) = this(py, args.at(0))?;
    let length = py.index_i64(args.at(1))?;
    if length < 0 {
        return py.value_error("value must be positive");
    }
    if length >= 1 << 29 {
        return py.value_error("length is too large");
    }
    Ok(state(py, o, algorithm).finish(length as usize, false))
}
fn shake_digest(py: Py<'_>, args: Args<'_>) -> R {
    let bytes = extended(py, args)?;
    py.bytes(&bytes).map(Object::value)
}
fn shake_hexdigest(py: Py<'_>, args: Args<'_>) -> R {
    let bytes = extended(py, args)?;
    hexadecimal(py, &bytes)
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let (o, algorithm) = this(py, args.at(0))?;
    let (size, last_node) = (o.get(word::SIZE).as_int() as usize, o.get(word::LAST_NODE).as_bool());
    new(py, None, algorithm, &state(py, o, algorithm), size, last_node)
}
fn digest_size(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = this(py, args.at(0))?;
    Ok(o.get(word::SIZE))
}
fn block_size(py: Py<'_>, args: Args<'_>) -> R {
    let (_, algorithm) = this(py, args.at(0))?;
    py.int_usize(algorithm.block())
}
fn name(py: Py<'_>, args: Args<'_>) -> R {
    let (_, algorithm) = this(py, args.at(0))?;
    py.str(algorithm.name())
}

/// Functions that make objects: of the data in slot `data`.
fn make(py: Py<'_>, args: Args<'_>, class: Option<Value>, data: usize, algorithm: Algorithm) -> R {
    let mut digest = Digest::new(algorithm, None);
    if let Some(v) = args.opt(data) {
        feed(py, &mut digest, v)?;
    }
    new(py, class, algorithm, &digest, algorithm.size(), false)
}
macro_rules! makers {
    ($($algorithm:ident $name:literal)*) => {
        [$(Native::function(
            $name,
            "string=b'', *, usedforsecurity=True",
            |py, args| make(py, args, None, 0, Algorithm::$algorithm),
            concat!("Return a new ", $name, " hash object; optionally initialized with a string."),
        )),*]
    };
}
static MD5: [Native; 1] = makers!(Md5 "md5");
static SHA1: [Native; 1] = makers!(Sha1 "sha1");
static SHA2: [Native; 4] = makers!(Sha224 "sha224" Sha256 "sha256" Sha384 "sha384" Sha512 "sha512");
macro_rules! constructors {
    ($($algorithm:ident)*) => {
        [$((Algorithm::$algorithm, &[Native::static_method(
            "__new__",
            "cls, data=b'', /, *, usedforsecurity=True",
            |py, args| make(py, args, Some(args.at(0)), 1, Algorithm::$algorithm),
            "Create and return a new object.",
        )])),*]
    };
}
static SHA3: [(Algorithm, &[Native]); 6] = constructors!(Sha3x224 Sha3x256 Sha3x384 Sha3x512 Shake128 Shake256);

/// The class of an algorithm's objects, not to be instantiated by calling it.
fn closed_type(py: Py<'_>, m: Object, algorithm: Algorithm, name: &str) -> R<()> {
    let class = py.native_type(spec(algorithm))?;
    class::add_flags(class, class::flag::NO_INSTANCES);
    py.dict_set_text(py.module_dict(m), name, class.value())
}
pub(crate) fn init_md5(py: Py<'_>, m: Object) -> R<()> {
    closed_type(py, m, Algorithm::Md5, "MD5Type")?;
    py.add_functions(m, &MD5)
}
pub(crate) fn init_sha1(py: Py<'_>, m: Object) -> R<()> {
    closed_type(py, m, Algorithm::Sha1, "SHA1Type")?;
    py.add_functions(m, &SHA1)
}
pub(crate) fn init_sha2(py: Py<'_>, m: Object) -> R<()> {
    for algorithm in [Algorithm::Sha224, Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512] {
        closed_type(py, m, algorithm, spec(algorithm).name)?;
    }
    py.add_functions(m, &SHA2)
}
pub(crate) fn init_sha3(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    for (algorithm, methods) in &SHA3 {
        let class = py.native_type(spec(*algorithm))?;
        py.add_methods(class, methods)?;
        let rate = algorithm.block() as i64 * 8;
        let suffix = py.bytes(&[algorithm.suffix()])?.value();
        for (name, v) in
            [("_capacity_bits", Value::int(1600 - rate)), ("_rate_bits", Value::int(rate)), ("_suffix", suffix)]
        {
            let name = py.intern(name)?;
            py.class_set(class, name, Some(v))?;
        }
        py.dict_set_text(d, algorithm.name(), class.value())?;
    }
    let implementation = py.str("tiny_sha3")?;
    py.dict_set_text(d, "implementation", implementation)
}

/// OverflowError or ValueError: messages of BLAKE2's parameters.
pub(crate) fn refuse<T>(py: Py<'_>, overflow: bool, message: &str) -> R<T> {
    py.err(if overflow { Exc::OverflowError } else { Exc::ValueError }, message)
}
