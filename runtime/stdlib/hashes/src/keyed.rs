//! `_blake2`: BLAKE2b and BLAKE2s with their parameters.

use crate::blake2::Parameters;
use crate::digest::{Algorithm, Digest};
use crate::objects::{feed, new, refuse, spec};
use python_objects::{Args, Native, Object, Py, R, Value, int};

const SIGNATURE: &str = "cls, data=b'', /, *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, \
     node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True";

static BLAKE2B: &[Native] = &[Native::static_method(
    "__new__",
    SIGNATURE,
    |py, args| make(py, args, Algorithm::Blake2b),
    "Return a new BLAKE2b hash object.",
)];
static BLAKE2S: &[Native] = &[Native::static_method(
    "__new__",
    SIGNATURE,
    |py, args| make(py, args, Algorithm::Blake2s),
    "Return a new BLAKE2s hash object.",
)];

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    for (algorithm, methods) in [(Algorithm::Blake2b, BLAKE2B), (Algorithm::Blake2s, BLAKE2S)] {
        let class = py.native_type(spec(algorithm))?;
        py.add_methods(class, methods)?;
        let size = algorithm.size() as i64;
        for (name, v) in
            [("SALT_SIZE", size / 4), ("PERSON_SIZE", size / 4), ("MAX_KEY_SIZE", size), ("MAX_DIGEST_SIZE", size)]
        {
            let symbol = py.intern(name)?;
            py.class_set(class, symbol, Some(Value::int(v)))?;
            let constant = format!("{}_{name}", algorithm.name().to_uppercase());
            py.dict_set_text(d, &constant, Value::int(v))?;
        }
        py.dict_set_text(d, algorithm.name(), class.value())?;
    }
    Ok(())
}

/// A number from 0 to `most`; the messages are CPython's.
fn number(py: Py<'_>, v: Option<Value>, default: u64, most: u64, overflow: bool, message: &str) -> R<u64> {
    let Some(v) = v else { return Ok(default) };
    let i = py.index(v)?;
    match int::with_operand(i, |i| i.to_u64()) {
        Some(n) if n <= most => Ok(n),
        _ => refuse(py, overflow, message),
    }
}
fn part(py: Py<'_>, v: Option<Value>, most: usize, what: &str) -> R<Vec<u8>> {
    let Some(v) = v else { return Ok(Vec::new()) };
    match py.content_of(v) {
        Some(content) if content.len() <= most => Ok(content.to_vec()),
        Some(_) => py.value_error(&format!("maximum {what} length is {most} bytes")),
        None => py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
    }
}

fn make(py: Py<'_>, args: Args<'_>, algorithm: Algorithm) -> R {
    let wide = algorithm == Algorithm::Blake2b;
    let most = algorithm.size();
    let size = match args.opt(2) {
        None => most as i64,
        Some(v) => i64::from(py.index_i32(v)?),
    };
    if size <= 0 || size > most as i64 {
        return py.value_error(&format!("digest_size must be between 1 and {most} bytes"));
    }
    let key = part(py, args.opt(3), most, "key")?;
    let salt = part(py, args.opt(4), most / 4, "salt")?;
    let person = part(py, args.opt(5), most / 4, "person")?;
    let byte = |i: usize, default: u64, least: u64, message: &str| -> R<u8> {
        let n = number(py, args.opt(i), default, 255, false, message)?;
        if n < least { py.value_error(message) } else { Ok(n as u8) }
    };
    let fanout = byte(6, 1, 0, "fanout must be between 0 and 255")?;
    let depth = byte(7, 1, 1, "depth must be between 1 and 255")?;
    let leaf_size = number(py, args.opt(8), 0, u64::from(u32::MAX), true, "leaf_size is too large")?;
    let offset_bound = if wide { u64::MAX } else { (1 << 48) - 1 };
    let node_offset = number(py, args.opt(9), 0, offset_bound, true, "node_offset is too large")?;
    let node_depth = byte(10, 0, 0, "node_depth must be between 0 and 255")?;
    let inner_message = format!("inner_size must be between 0 and is {most}");
    let inner_size = number(py, args.opt(11), 0, most as u64, false, &inner_message)? as u8;
    let last_node = match args.opt(12) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let parameters = Parameters {
        size: size as usize,
        key: &key,
        salt: &salt,
        person: &person,
        fanout,
        depth,
        leaf_size: leaf_size as u32,
        node_offset,
        node_depth,
        inner_size,
    };
    let mut digest = Digest::new(algorithm, Some(parameters.chain(wide)));
    if !key.is_empty() {
        let mut block = key.clone();
        block.resize(algorithm.block(), 0);
        digest.update(&block);
    }
    if let Some(v) = args.opt(1) {
        feed(py, &mut digest, v)?;
    }
    new(py, Some(args.at(0)), algorithm, &digest, size as usize, last_node)
}
