//! `mmap`: files as memory.
//!
//! The map itself is a foreign payload; its bytes are copied out and in, so that neither a map that is closed or resized nor a
//! file that is cut can be touched where nothing is. For the same reason a map is no buffer: a `memoryview` would keep an
//! address.

use crate::posix::{ok, small};
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};
use stdlib_core::audit;
use stdlib_core::support::{add, constants};
use stdlib_system::MemoryMap;
use vm_api::heap::OutOfMemory;

/// Words of a map.
mod word {
    /// Handle of the payload; EMPTY when closed.
    pub(super) const HANDLE: usize = 1;
    pub(super) const POSITION: usize = 2;
    pub(super) const ACCESS: usize = 3;
    /// Where in the file it begins.
    pub(super) const OFFSET: usize = 4;
    /// Bytes that count towards the limit.
    pub(super) const CHARGE: usize = 5;
    pub(super) const FIELDS: u32 = 5;
}

const DEFAULT: i64 = 0;
const READ: i64 = 1;
const WRITE: i64 = 2;
const COPY: i64 = 3;

static MMAP: TypeSpec = TypeSpec::values(
    "mmap",
    "mmap",
    word::FIELDS,
    &[
        Native::static_method("__new__", "cls, fileno, length, flags=1, prot=3, access=0, offset=0", new, ""),
        Native::wrapper("__del__", "self, /", close, ""),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
        Native::wrapper("__len__", "self, /", |py, a| py.int_usize(length(py, this(py, a)?)?), "Return len(self)."),
        Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
        Native::wrapper("__setitem__", "self, key, value, /", set_item, "Set self[key] to value."),
        Native::wrapper("__iter__", "self, /", iterate, "Implement iter(self)."),
        Native::method("__enter__", "self, /", |py, a| length(py, this(py, a)?).map(|_| a.at(0)), ""),
        Native::method("__exit__", "self, /, *args", close, ""),
        Native::method("close", "self, /", close, "Unmap the file."),
        Native::method(
            "find",
            "self, sub, start=None, end=None, /",
            |py, a| find(py, a, false),
            "Return where bytes are.",
        ),
        Native::method(
            "rfind",
            "self, sub, start=None, end=None, /",
            |py, a| find(py, a, true),
            "The last place where bytes are.",
        ),
        Native::method("flush", "self, offset=0, size=None, /", flush, "Write changes to the file."),
        Native::method("madvise", "self, option, start=0, length=None, /", madvise, "Say how the map will be used."),
        Native::method("move", "self, dest, src, count, /", move_bytes, "Copy bytes within the map."),
        Native::method("read", "self, n=None, /", read, "Read bytes from the position on."),
        Native::method("read_byte", "self, /", read_byte, "Read one byte as an int."),
        Native::method("readline", "self, /", readline, "Read up to the end of a line."),
        Native::method("resize", "self, newsize, /", resize, "Give map and file another length."),
        Native::method("seek", "self, pos, whence=0, /", seek, "Change the position."),
        Native::method("size", "self, /", size, "Return the length of the file."),
        Native::method("tell", "self, /", |py, a| py.int_usize(position(py, this(py, a)?)?), "Return the position."),
        Native::method("write", "self, bytes, /", write, "Write bytes at the position."),
        Native::method("write_byte", "self, byte, /", write_byte, "Write one byte, given as an int."),
        Native::getter("closed", |py, a| Ok(Value::bool(this(py, a)?.get(word::HANDLE).is_empty())), "Is it closed?"),
    ],
    "mmap(fileno, length[, flags[, prot[, access[, offset]]]])\n\nA file, or memory of its own (fileno -1), as bytes.",
)
.inheritable()
.weakly_referenced();
/// Words: the map, the next index.
static ITERATOR: TypeSpec = TypeSpec::values(
    "mmap",
    "mmap_iterator",
    2,
    &[Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), ""), Native::wrapper("__next__", "self, /", next, "")],
    "",
);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    add(py, module, "mmap", py.native_type(&MMAP)?.value())?;
    add(py, module, "error", py.root(Exc::OSError.root()))?;
    let page = ok(py, stdlib_system::system_limit(libc::_SC_PAGESIZE))?;
    constants(py, module, &[("PAGESIZE", page), ("ALLOCATIONGRANULARITY", page)])?;
    constants(py, module, CONSTANTS)
}

const CONSTANTS: &[(&str, i64)] = &[
    ("ACCESS_DEFAULT", DEFAULT),
    ("ACCESS_READ", READ),
    ("ACCESS_WRITE", WRITE),
    ("ACCESS_COPY", COPY),
    ("MADV_DODUMP", libc::MADV_DODUMP as i64),
    ("MADV_DOFORK", libc::MADV_DOFORK as i64),
    ("MADV_DONTDUMP", libc::MADV_DONTDUMP as i64),
    ("MADV_DONTFORK", libc::MADV_DONTFORK as i64),
    ("MADV_DONTNEED", libc::MADV_DONTNEED as i64),
    ("MADV_FREE", libc::MADV_FREE as i64),
    ("MADV_HUGEPAGE", libc::MADV_HUGEPAGE as i64),
    ("MADV_HWPOISON", libc::MADV_HWPOISON as i64),
    ("MADV_MERGEABLE", libc::MADV_MERGEABLE as i64),
    ("MADV_NOHUGEPAGE", libc::MADV_NOHUGEPAGE as i64),
    ("MADV_NORMAL", libc::MADV_NORMAL as i64),
    ("MADV_RANDOM", libc::MADV_RANDOM as i64),
    ("MADV_REMOVE", libc::MADV_REMOVE as i64),
    ("MADV_SEQUENTIAL", libc::MADV_SEQUENTIAL as i64),
    ("MADV_UNMERGEABLE", libc::MADV_UNMERGEABLE as i64),
    ("MADV_WILLNEED", libc::MADV_WILLNEED as i64),
    ("MAP_ANON", libc::MAP_ANON as i64),
    ("MAP_ANONYMOUS", libc::MAP_ANONYMOUS as i64),
    ("MAP_DENYWRITE", libc::MAP_DENYWRITE as i64),
    ("MAP_EXECUTABLE", libc::MAP_EXECUTABLE as i64),
    ("MAP_POPULATE", libc::MAP_POPULATE as i64),
    ("MAP_PRIVATE", libc::MAP_PRIVATE as i64),
    ("MAP_SHARED", libc::MAP_SHARED as i64),
    ("MAP_STACK", libc::MAP_STACK as i64),
    ("PROT_EXEC", libc::PROT_EXEC as i64),
    ("PROT_READ", libc::PROT_READ as i64),
    ("PROT_WRITE", libc::PROT_WRITE as i64),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &MMAP)
}

/// Works on the map, which must be open. `f` touches nothing of the interpreter's.
fn with<T>(py: Py<'_>, o: Object, f: impl FnOnce(&mut MemoryMap) -> std::io::Result<T>) -> R<T> {
    let handle = o.get(word::HANDLE);
    let done = if handle.is_int() {
        py.state().foreign.borrow_mut().get::<MemoryMap>(handle.as_int() as u32).map(f)
    } else {
        None
    };
    match done {
        Some(done) => ok(py, done),
        None => py.value_error("mmap closed or invalid"),
    }
}
fn length(py: Py<'_>, o: Object) -> R<usize> {
    with(py, o, |map| Ok(map.length()))
}
fn position(py: Py<'_>, o: Object) -> R<usize> {
    length(py, o)?;
    Ok(o.get(word::POSITION).as_int() as usize)
}
fn set_position(py: Py<'_>, o: Object, at: usize) {
    py.store(o, word::POSITION, Value::int(at as i64));
}
fn access(o: Object) -> i64 {
    if o.get(word::ACCESS).is_int() { o.get(word::ACCESS).as_int() } else { DEFAULT }
}
fn check_writable(py: Py<'_>, o: Object) -> R<()> {
    if access(o) == READ { py.type_error("mmap can't modify a readonly memory map.") } else { Ok(()) }
}
/// Bytes of the map.
fn bytes(py: Py<'_>, o: Object, from: usize, count: usize) -> R<Vec<u8>> {
    if count > py.heap().options().limit {
        return Err(py.out_of_memory(OutOfMemory));
    }
    let mut bytes = vec![0; count];
    with(py, o, |map| map.read(from, &mut bytes))?;
    Ok(bytes)
}
fn one_byte(py: Py<'_>, o: Object, at: usize) -> R<u8> {
    let mut byte = [0];
    with(py, o, |map| map.read(at, &mut byte))?;
    Ok(byte[0])
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, given) = (py.index_i32(args.at(1))?, py.index_i64(args.at(2))?);
    let mut flags = args.opt(3).map_or(Ok(libc::MAP_SHARED), |v| py.index_i32(v))?;
    let mut protection = args.opt(4).map_or(Ok(libc::PROT_READ | libc::PROT_WRITE), |v| py.index_i32(v))?;
    let mut access = args.opt(5).map_or(Ok(DEFAULT), |v| py.index_i64(v))?;
    let offset = args.opt(6).map_or(Ok(0), |v| py.index_i64(v))?;
    audit::event(py, "mmap.__new__", &[small(fd), args.at(2), Value::int(access), args.opt(6).unwrap_or(small(0))])?;
    let Ok(mut length) = usize::try_from(given) else {
        return py.err(Exc::OverflowError, "memory mapped length must be positive");
    };
    let Ok(start) = u64::try_from(offset) else {
        return py.err(Exc::OverflowError, "memory mapped offset must be positive");
    };
    let default = libc::PROT_READ | libc::PROT_WRITE;
    if access != DEFAULT && (flags != libc::MAP_SHARED || protection != default) {
        return py.value_error("mmap can't specify both access and flags, prot.");
    }
    match access {
        READ => protection = libc::PROT_READ,
        WRITE => protection = default,
        COPY => (flags, protection) = (libc::MAP_PRIVATE, default),
        DEFAULT if protection & default == default => {}
        DEFAULT if protection & libc::PROT_WRITE != 0 => access = WRITE,
        DEFAULT => access = READ,
        _ => return py.value_error("mmap invalid access parameter."),
    }
    if fd != -1
        && let Ok(stat) = stdlib_system::stat_descriptor(fd)
        && stdlib_system::is_regular(&stat)
    {
        let size = stdlib_system::size(&stat) as u64;
        if length == 0 {
            if size == 0 {
                return py.value_error("cannot mmap an empty file");
            }
            if start >= size {
                return py.value_error("mmap offset is greater than file size");
            }
            length = (size - start) as usize;
        } else if start > size || size - start < length as u64 {
            return py.value_error("mmap length is greater than file size");
        }
    }
    // Memory that is no file's counts as what else the program has.
    let charge = if fd == -1 { length } else { 0 };
    let o = py.new_native_of(args.at(0), &MMAP)?;
    py.heap().charge_external(charge).map_err(|e| py.out_of_memory(e))?;
    let map = match py.blocking(|| MemoryMap::new(fd, length, flags, protection, offset)) {
        Ok(map) => map,
        Err(e) => {
            py.heap().release_external(charge);
            return Err(py.os_error(&e, None));
        }
    };
    let handle = py.state().foreign.borrow_mut().add(Box::new(map));
    py.store(o, word::HANDLE, small(handle));
    py.store(o, word::POSITION, small(0));
    py.store(o, word::ACCESS, Value::int(access));
    py.store(o, word::OFFSET, py.int(offset)?);
    py.store(o, word::CHARGE, Value::int(charge as i64));
    Ok(o.value())
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let handle = o.get(word::HANDLE);
    if handle.is_int() {
        py.store(o, word::HANDLE, Value::EMPTY);
        py.state().foreign.borrow_mut().remove(handle.as_int() as u32);
        if o.get(word::CHARGE).is_int() {
            py.heap().release_external(o.get(word::CHARGE).as_int() as usize);
        }
    }
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let name = py.class_name(o.value());
    if o.get(word::HANDLE).is_empty() {
        return py.str(&format!("<{name} closed=True>"));
    }
    let access = match access(o) {
        READ => "ACCESS_READ",
        WRITE => "ACCESS_WRITE",
        COPY => "ACCESS_COPY",
        _ => "ACCESS_DEFAULT",
    };
    let offset = py.str_text(o.get(word::OFFSET))?;
    let (length, at) = (length(py, o)?, position(py, o)?);
    py.str(&format!("<{name} closed=False, access={access}, length={length}, pos={at}, offset={offset}>"))
}

fn index(py: Py<'_>, o: Object, v: Value) -> R<usize> {
    let (i, n) = (py.index_i64(v)?, length(py, o)? as i64);
    match usize::try_from(if i < 0 { i + n } else { i }) {
        Ok(i) if (i as i64) < n => Ok(i),
        _ => py.err(Exc::IndexError, "mmap index out of range"),
    }
}
fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    length(py, o)?;
    if let Some(slice) = py.as_slice(args.at(1)) {
        let bounds = py.slice_bounds(slice)?;
        let selection = bounds.fit(length(py, o)?);
        if selection.step == 1 {
            return Ok(py.bytes(&bytes(py, o, selection.range().start, selection.count)?)?.value());
        }
        let indices: Vec<usize> = selection.indices().collect();
        let (Some(least), Some(most)) = (indices.iter().min(), indices.iter().max()) else {
            return Ok(py.bytes(&[])?.value());
        };
        let whole = bytes(py, o, *least, most - least + 1)?;
        let chosen: Vec<u8> = indices.iter().map(|i| whole[i - least]).collect();
        return Ok(py.bytes(&chosen)?.value());
    }
    if py.as_int(args.at(1)).is_none() && py.special(args.at(1), python_objects::symbol::sym::INDEX).is_none() {
        return py.type_error("mmap indices must be integers");
    }
    let i = index(py, o, args.at(1))?;
    Ok(small(one_byte(py, o, i)?))
}
fn set_item(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    length(py, o)?;
    check_writable(py, o)?;
    if let Some(slice) = py.as_slice(args.at(1)) {
        let bounds = py.slice_bounds(slice)?;
        let Some(content) = py.bytes_like(args.at(2)) else {
            return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(2))));
        };
        let selection = bounds.fit(length(py, o)?);
        if content.len() != selection.count {
            return py.err(Exc::IndexError, "mmap slice assignment is wrong size");
        }
        if selection.step == 1 {
            with(py, o, |map| map.write(selection.range().start, &content))?;
        } else {
            for (i, byte) in selection.indices().zip(&content) {
                with(py, o, |map| map.write(i, &[*byte]))?;
            }
        }
        return Ok(Value::NONE);
    }
    if py.as_int(args.at(1)).is_none() && py.special(args.at(1), python_objects::symbol::sym::INDEX).is_none() {
        return py.type_error("mmap indices must be integers");
    }
    let i = index(py, o, args.at(1))?;
    if py.as_int(args.at(2)).is_none() {
        return py.type_error("mmap item value must be an int");
    }
    let Ok(byte) = u8::try_from(py.index_i64(args.at(2))?) else {
        return py.value_error("mmap item value must be in range(0, 256)");
    };
    with(py, o, |map| map.write(i, &[byte]))?;
    Ok(Value::NONE)
}
fn iterate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let iterator = py.new_native(&ITERATOR)?;
    py.store(iterator, 1, o.value());
    py.store(iterator, 2, small(0));
    Ok(iterator.value())
}
/// A byte as `bytes`: what a sequence's items are.
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.native_self(args.at(0), &ITERATOR)?;
    let (Some(o), at) = (Object::from_value(iterator.get(1)), iterator.get(2)) else { return Ok(special::END) };
    let at = at.as_int() as usize;
    if at >= length(py, o)? {
        return Ok(special::END);
    }
    py.store(iterator, 2, Value::int(at as i64 + 1));
    Ok(py.bytes(&[one_byte(py, o, at)?])?.value())
}

/// How many bytes are searched at a time.
const CHUNK: usize = 1 << 20;

fn find(py: Py<'_>, args: Args<'_>, backwards: bool) -> R {
    let o = this(py, args)?;
    let n = length(py, o)?;
    let Some(wanted) = py.bytes_like(args.at(1)) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(1))));
    };
    let bound = |v: Option<Value>, default: usize| -> R<usize> {
        let Some(v) = v else { return Ok(default) };
        let i = py.index_clamped(v)?;
        Ok((if i < 0 { i.saturating_add(n as i64) } else { i }).clamp(0, n as i64) as usize)
    };
    let start = bound(args.opt(2), position(py, o)?.min(n))?;
    let end = bound(args.opt(3), n)?;
    let (mut from, mut to) = (start, end);
    let mut last = None;
    // In chunks that overlap by what is looked for.
    while from + wanted.len() <= to {
        let chunk = (CHUNK + wanted.len()).min(to - from);
        let at = if backwards { to - chunk } else { from };
        let content = bytes(py, o, at, chunk)?;
        let found = if wanted.is_empty() {
            Some(if backwards { content.len() } else { 0 })
        } else if backwards {
            content.windows(wanted.len()).rposition(|w| w == wanted)
        } else {
            content.windows(wanted.len()).position(|w| w == wanted)
        };
        if let Some(found) = found {
            last = Some(at + found);
            break;
        }
        if chunk == to - from {
            break;
        }
        if backwards {
            to = at + wanted.len() - 1;
        } else {
            from = at + chunk - wanted.len() + 1;
        }
        py.poll()?;
    }
    last.map_or(Ok(small(-1)), |at| py.int_usize(at))
}
fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = length(py, o)?;
    let offset = args.opt(1).map_or(Ok(0), |v| py.index_i64(v))?;
    let size = args.some(2).map_or(Ok(n as i64), |v| py.index_i64(v))?;
    let (Ok(offset), Ok(size)) = (usize::try_from(offset), usize::try_from(size)) else {
        return py.value_error("flush values out of range");
    };
    if offset > n || size > n - offset {
        return py.value_error("flush values out of range");
    }
    if access(o) == READ || access(o) == COPY {
        return Ok(Value::NONE);
    }
    with(py, o, |map| map.flush(offset, size))?;
    Ok(Value::NONE)
}
fn madvise(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = length(py, o)?;
    let option = py.index_i32(args.at(1))?;
    let start = args.opt(2).map_or(Ok(0), |v| py.index_i64(v))?;
    let count = args.some(3).map_or(Ok(n as i64), |v| py.index_i64(v))?;
    let Some(start) = usize::try_from(start).ok().filter(|start| *start < n) else {
        return py.value_error("madvise start out of bounds");
    };
    let Ok(count) = usize::try_from(count) else { return py.value_error("madvise length invalid") };
    if start.checked_add(count).is_none_or(|end| i64::try_from(end).is_err()) {
        return py.err(Exc::OverflowError, "madvise length too large");
    }
    with(py, o, |map| map.advise(start, count.min(n - start), option))?;
    Ok(Value::NONE)
}
fn move_bytes(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let [to, from, count] = [py.index_i64(args.at(1))?, py.index_i64(args.at(2))?, py.index_i64(args.at(3))?];
    let n = length(py, o)? as i64;
    check_writable(py, o)?;
    if to < 0 || from < 0 || count < 0 || n - to < count || n - from < count {
        return py.value_error("source, destination, or count out of range");
    }
    let moved = bytes(py, o, from as usize, count as usize)?;
    with(py, o, |map| map.write(to as usize, &moved))?;
    Ok(Value::NONE)
}
fn read(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (at, n) = (position(py, o)?, length(py, o)?);
    let left = n.saturating_sub(at);
    let wanted = args.some(1).map_or(Ok(-1), |v| py.index_i64(v))?;
    let count = usize::try_from(wanted).map_or(left, |wanted| wanted.min(left));
    let content = bytes(py, o, at.min(n), count)?;
    set_position(py, o, at + count);
    Ok(py.bytes(&content)?.value())
}
fn read_byte(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let at = position(py, o)?;
    if at >= length(py, o)? {
        return py.value_error("read byte out of range");
    }
    let byte = one_byte(py, o, at)?;
    set_position(py, o, at + 1);
    Ok(small(byte))
}
fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (start, n) = (position(py, o)?, length(py, o)?);
    let mut line = Vec::new();
    while start + line.len() < n {
        let from = start + line.len();
        // Lines are short: a page at a time.
        let content = bytes(py, o, from, (n - from).min(4096))?;
        match content.iter().position(|b| *b == b'\n') {
            Some(end) => {
                line.extend_from_slice(&content[..=end]);
                break;
            }
            None => line.extend_from_slice(&content),
        }
        py.poll()?;
    }
    set_position(py, o, start + line.len());
    Ok(py.bytes(&line)?.value())
}
fn resize(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    length(py, o)?;
    let new = py.index_i64(args.at(1))?;
    if access(o) == READ || access(o) == COPY {
        return py.type_error("mmap can't resize a readonly or copy-on-write memory map.");
    }
    let Ok(new) = usize::try_from(new) else {
        return py.value_error("new size out of range");
    };
    audit::event(py, "mmap.resize", &[])?;
    let offset = py.index_i64(o.get(word::OFFSET))?;
    let old_charge = o.get(word::CHARGE).as_int() as usize;
    let fd = with(py, o, |map| Ok(map.descriptor()))?;
    let charge = if fd == -1 { new } else { 0 };
    py.heap().charge_external(charge).map_err(|e| py.out_of_memory(e))?;
    let resized = with(py, o, |map| {
        if fd != -1 {
            stdlib_system::truncate(fd, offset + new as i64)?;
        }
        map.resize(new)
    });
    py.heap().release_external(if resized.is_ok() { old_charge } else { charge });
    resized?;
    py.store(o, word::CHARGE, Value::int(charge as i64));
    Ok(Value::NONE)
}
fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let (distance, n) = (py.index_i64(args.at(1))?, length(py, o)? as i64);
    let from = match args.opt(2).map_or(Ok(0), |v| py.index_i32(v))? {
        0 => 0,
        1 => position(py, o)? as i64,
        2 => n,
        _ => return py.value_error("unknown seek type"),
    };
    match from.checked_add(distance).filter(|at| (0..=n).contains(at)) {
        Some(at) => {
            set_position(py, o, at as usize);
            Ok(Value::NONE)
        }
        None => py.value_error("seek out of range"),
    }
}
fn size(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let fd = with(py, o, |map| Ok(map.descriptor()))?;
    py.int(stdlib_system::size(&ok(py, stdlib_system::stat_descriptor(fd))?))
}
fn write(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(1))));
    };
    let (at, n) = (position(py, o)?, length(py, o)?);
    check_writable(py, o)?;
    if at > n || n - at < content.len() {
        return py.value_error("data out of range");
    }
    with(py, o, |map| map.write(at, &content))?;
    set_position(py, o, at + content.len());
    py.int_usize(content.len())
}
fn write_byte(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let byte = py.index_i64(args.at(1))? as u8;
    let (at, n) = (position(py, o)?, length(py, o)?);
    check_writable(py, o)?;
    if at >= n {
        return py.value_error("write byte out of range");
    }
    with(py, o, |map| map.write(at, &[byte]))?;
    set_position(py, o, at + 1);
    Ok(Value::NONE)
}
