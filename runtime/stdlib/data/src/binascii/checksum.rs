//! Cyclic redundancy checks.

use super::binary;
use python_objects::{Args, Py, R, Value, int};

/// How many bytes are summed up between two looks for signals.
const STEP: usize = 1 << 20;

/// The lowest 32 bits of an integer argument.
fn masked(py: Py<'_>, v: Value) -> R<u32> {
    let i = py.index(v)?;
    let mask = py.int(0xffff_ffff)?;
    let low = python_objects::number::ints(py, python_objects::operator::BinaryOp::And, i, mask)?;
    Ok(int::to_i64(low).unwrap_or(0) as u32)
}
pub(super) fn crc32(py: Py<'_>, args: Args<'_>) -> R {
    let data = binary(py, args.at(0))?;
    let mut hasher = crc32fast::Hasher::new_with_initial(args.opt(1).map_or(Ok(0), |v| masked(py, v))?);
    for part in data.chunks(STEP) {
        hasher.update(part);
        py.poll()?;
    }
    py.int(i64::from(hasher.finalize()))
}
/// The polynomial x**16 + x**12 + x**5 + 1.
pub(super) fn crc_hqx(py: Py<'_>, args: Args<'_>) -> R {
    let data = binary(py, args.at(0))?;
    let mut crc = masked(py, args.at(1))? as u16;
    for part in data.chunks(STEP) {
        for byte in part {
            crc ^= u16::from(*byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
            }
        }
        py.poll()?;
    }
    py.int(i64::from(crc))
}
