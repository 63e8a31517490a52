//! Reading and writing descriptors.

use super::{descriptor, none, ok, size};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};
use stdlib_core::buffers::{fill_target, target_length};
use vm_api::heap::OutOfMemory;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("read", "fd, length, /", read, "Read from a descriptor."),
    Native::function("pread", "fd, length, offset, /", pread, "Read at a position."),
    Native::function("readv", "fd, buffers, /", readv, "Read into buffers."),
    Native::function("preadv", "fd, buffers, offset, flags=0, /", preadv, "Read at a position into buffers."),
    Native::function("write", "fd, data, /", write, "Write to a descriptor."),
    Native::function("pwrite", "fd, buffer, offset, /", pwrite, "Write at a position."),
    Native::function("writev", "fd, buffers, /", writev, "Write buffers."),
    Native::function("pwritev", "fd, buffers, offset, flags=0, /", pwritev, "Write buffers at a position."),
    Native::function("sendfile", "out_fd, in_fd, offset, count", sendfile, "Copy from one descriptor to another."),
    Native::function(
        "copy_file_range",
        "src, dst, count, offset_src=None, offset_dst=None",
        copy_file_range,
        "Copy from one file to another within the system.",
    ),
    Native::function(
        "splice",
        "src, dst, count, offset_src=None, offset_dst=None, flags=0",
        splice,
        "Move bytes from or to a pipe within the system.",
    ),
];

fn read(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let mut buffer = vec![0; size(py, args.at(1))?];
    let r = py.restarting(|| stdlib_system::read(fd, &mut buffer))?;
    let n = ok(py, r)?;
    Ok(py.bytes(&buffer[..n])?.value())
}
fn pread(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let mut buffer = vec![0; size(py, args.at(1))?];
    let offset = py.index_i64(args.at(2))?;
    let r = py.restarting(|| stdlib_system::read_at(fd, &mut buffer, offset))?;
    let n = ok(py, r)?;
    Ok(py.bytes(&buffer[..n])?.value())
}
fn not_bytes<T>(py: Py<'_>, v: Value) -> R<T> {
    py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)))
}
fn write(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let Some(content) = py.content_of(args.at(1)) else { return not_bytes(py, args.at(1)) };
    let r = py.restarting(|| stdlib_system::write(fd, &content))?;
    // A signal may have cut it short: its handler runs before anything else does.
    py.poll()?;
    py.int_usize(ok(py, r)?)
}
fn pwrite(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let Some(content) = py.content_of(args.at(1)) else { return not_bytes(py, args.at(1)) };
    let offset = py.index_i64(args.at(2))?;
    let r = py.restarting(|| stdlib_system::write_at(fd, &content, offset))?;
    py.int_usize(ok(py, r)?)
}

/// The buffers of an argument, as a list.
fn buffers(py: Py<'_>, v: Value, function: &str) -> R<Object> {
    let is_sequence = py.special(v, python_objects::symbol::sym::GETITEM).is_some() && py.as_dict(v).is_none();
    if is_sequence { py.list_from(v) } else { py.type_error(&format!("{function}() arg 2 must be a sequence")) }
}
fn read_into(py: Py<'_>, args: Args<'_>, function: &str, at: Option<(i64, i32)>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let targets = buffers(py, args.at(1), function)?;
    let (mut parts, mut all) = (Vec::new(), 0usize);
    for i in 0..list::length(targets) {
        let target = list::item(targets, i);
        let Some(room) = target_length(py, target) else {
            return match py.content_of(target) {
                Some(_) => py.err(Exc::BufferError, "Object is not writable."),
                None => not_bytes(py, target),
            };
        };
        all = all.saturating_add(room);
        if all > py.heap().options().limit {
            return Err(py.out_of_memory(OutOfMemory));
        }
        parts.push(vec![0u8; room]);
    }
    let r = py.restarting(|| stdlib_system::read_scattered(fd, &mut parts, at))?;
    let read = ok(py, r)?;
    let mut left = read;
    for (i, part) in parts.iter().enumerate() {
        let n = left.min(part.len());
        left -= n;
        if let Some(target) = list::get(targets, i) {
            fill_target(py, target, 0, &part[..n]);
        }
    }
    py.int_usize(read)
}
fn write_from(py: Py<'_>, args: Args<'_>, function: &str, at: Option<(i64, i32)>) -> R {
    let fd = descriptor(py, args.at(0))?;
    let sources = buffers(py, args.at(1), function)?;
    let (mut contents, mut all) = (Vec::new(), 0usize);
    for i in 0..list::length(sources) {
        // A copy: the objects themselves are reached through the list only.
        let Some(content) = py.bytes_like(list::item(sources, i)) else { return not_bytes(py, list::item(sources, i)) };
        all = all.saturating_add(content.len());
        if all > py.heap().options().limit {
            return Err(py.out_of_memory(OutOfMemory));
        }
        contents.push(content);
    }
    let parts: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    let r = py.restarting(|| stdlib_system::write_gathered(fd, &parts, at))?;
    py.int_usize(ok(py, r)?)
}
fn position(py: Py<'_>, args: Args<'_>) -> R<Option<(i64, i32)>> {
    let flags = args.opt(3).map_or(Ok(0), |v| py.index_i32(v))?;
    Ok(Some((py.index_i64(args.at(2))?, flags)))
}
fn readv(py: Py<'_>, args: Args<'_>) -> R {
    read_into(py, args, "readv", None)
}
fn preadv(py: Py<'_>, args: Args<'_>) -> R {
    read_into(py, args, "preadv", position(py, args)?)
}
fn writev(py: Py<'_>, args: Args<'_>) -> R {
    write_from(py, args, "writev", None)
}
fn pwritev(py: Py<'_>, args: Args<'_>) -> R {
    write_from(py, args, "pwritev", position(py, args)?)
}

fn offset(py: Py<'_>, v: Option<Value>) -> R<Option<i64>> {
    v.map(|v| py.index_i64(v)).transpose()
}
fn sendfile(py: Py<'_>, args: Args<'_>) -> R {
    let (to, from) = (descriptor(py, args.at(0))?, descriptor(py, args.at(1))?);
    let (offset, count) = (offset(py, args.some(2))?, py.index_i64(args.at(3))?);
    let Ok(count) = usize::try_from(count) else {
        return none(py, Err::<(), _>(std::io::Error::from_raw_os_error(libc::EINVAL)));
    };
    let r = py.restarting(|| stdlib_system::send_file(to, from, offset, count))?;
    py.int_usize(ok(py, r)?)
}
fn count(py: Py<'_>, v: Value) -> R<usize> {
    match usize::try_from(py.index_i64(v)?) {
        Ok(count) => Ok(count),
        Err(_) => py.value_error("negative value for 'count' not allowed"),
    }
}
fn copy_file_range(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (descriptor(py, args.at(0))?, descriptor(py, args.at(1))?);
    let count = count(py, args.at(2))?;
    let (from_offset, to_offset) = (offset(py, args.some(3))?, offset(py, args.some(4))?);
    let r = py.restarting(|| stdlib_system::copy_range(from, from_offset, to, to_offset, count))?;
    py.int_usize(ok(py, r)?)
}
fn splice(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (descriptor(py, args.at(0))?, descriptor(py, args.at(1))?);
    let count = count(py, args.at(2))?;
    let (from_offset, to_offset) = (offset(py, args.some(3))?, offset(py, args.some(4))?);
    let flags = args.opt(5).map_or(Ok(0), |v| py.index_i32(v))? as u32;
    let r = py.restarting(|| stdlib_system::splice(from, from_offset, to, to_offset, count, flags))?;
    py.int_usize(ok(py, r)?)
}
