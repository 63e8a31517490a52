//! `_uuid`: identifiers made of the time and the machine (version 1 of RFC 4122).
//!
//! What the processes of a machine make at one moment is told apart by a random sequence number, not by a service that all
//! of them ask: so identifiers are never called safe.

use python_objects::{Args, Native, Object, Py, R, Value};
use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};
use stdlib_core::support::constants;

static FUNCTIONS: &[Native] = &[Native::function(
    "generate_time_safe",
    "",
    generate,
    "Return the bytes of an identifier made of the time, and -1: whether another process made the same is not known.",
)];

/// Units of 100 ns between the beginning of the Gregorian calendar and that of Unix's time.
const EPOCH: u64 = 0x01B2_1DD2_1381_4000;

/// What was used last.
#[derive(Default)]
struct Last {
    time: Cell<u64>,
    /// The process with its sequence number and the machine's address: the child of a fork makes its own.
    source: Cell<Option<(u32, u16, [u8; 6])>>,
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, &[("has_uuid_generate_time_safe", 1)])
}

/// The address of a network interface that has one of its own.
fn machine() -> Option<[u8; 6]> {
    let mut found: Vec<_> = std::fs::read_dir("/sys/class/net").ok()?.flatten().collect();
    found.sort_by_key(std::fs::DirEntry::file_name);
    found.iter().find_map(|interface| {
        let text = std::fs::read_to_string(interface.path().join("address")).ok()?;
        let bytes: Vec<u8> =
            text.trim().split(':').map(|part| u8::from_str_radix(part, 16)).collect::<Result<_, _>>().ok()?;
        // The loopback's is zero.
        <[u8; 6]>::try_from(bytes).ok().filter(|bytes| bytes.iter().any(|b| *b != 0))
    })
}

fn generate(py: Py<'_>, _: Args<'_>) -> R {
    let last = py.state().data("_uuid", Last::default);
    let process = std::process::id();
    let (mut sequence, node) = match last.source.get() {
        Some((of, sequence, node)) if of == process => (sequence, node),
        _ => {
            let mut random = [0; 8];
            if let Err(e) = stdlib_system::random(&mut random) {
                return Err(py.os_error(&e, None));
            }
            let [a, b, c, d, e, f, high, low] = random;
            // One that no interface has: the bit of addresses of groups is set.
            (u16::from_be_bytes([high, low]) & 0x3FFF, machine().unwrap_or([a | 1, b, c, d, e, f]))
        }
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() / 100);
    let mut time = EPOCH.wrapping_add(now as u64);
    if time == last.time.get() {
        time += 1;
    } else if time < last.time.get() && last.time.get() - time > 1000 {
        // The clock was set back.
        sequence = (sequence + 1) & 0x3FFF;
    } else if time < last.time.get() {
        time = last.time.get() + 1;
    }
    last.time.set(time);
    last.source.set(Some((process, sequence, node)));
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(time as u32).to_be_bytes());
    bytes[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
    bytes[6..8].copy_from_slice(&((time >> 48) as u16 & 0x0FFF | 0x1000).to_be_bytes());
    bytes[8..10].copy_from_slice(&(sequence | 0x8000).to_be_bytes());
    bytes[10..].copy_from_slice(&node);
    let bytes = py.bytes(&bytes)?;
    py.tuple(&[bytes.value(), Value::int(-1)])
}
