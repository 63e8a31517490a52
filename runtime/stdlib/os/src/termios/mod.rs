//! `termios`

mod constants;

use crate::posix::{descriptor_of, small};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};
use stdlib_core::support::{add, constants as add_constants, exception_class};
use stdlib_system::control::{self, TerminalModes};

static FUNCTIONS: &[Native] = &[
    Native::function("tcgetattr", "fd, /", tcgetattr, "Return a terminal's modes."),
    Native::function("tcsetattr", "fd, when, attributes, /", tcsetattr, "Set a terminal's modes."),
    Native::function("tcsendbreak", "fd, duration, /", |py, a| act(py, a, control::send_break), "Send a break."),
    Native::function("tcdrain", "fd, /", tcdrain, "Wait until everything is sent."),
    Native::function("tcflush", "fd, queue, /", |py, a| act(py, a, control::flush_queue), "Discard what is queued."),
    Native::function("tcflow", "fd, action, /", |py, a| act(py, a, control::suspend_flow), "Suspend or resume."),
    Native::function("tcgetwinsize", "fd, /", tcgetwinsize, "Return a terminal's lines and columns."),
    Native::function("tcsetwinsize", "fd, winsize, /", tcsetwinsize, "Set a terminal's lines and columns."),
];

/// Number of the kept class `termios.error`.
struct ErrorClass(u32);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    let error = exception_class(py, "termios", "error", Exc::Exception)?;
    let number = py.keep(error.value())?;
    py.state().data("termios.error", || ErrorClass(number));
    add(py, module, "error", error.value())?;
    add_constants(py, module, constants::CONSTANTS)
}

/// A result, or `termios.error` of number and text.
fn ok<T>(py: Py<'_>, r: std::io::Result<T>) -> R<T> {
    match r {
        Ok(v) => Ok(v),
        Err(e) => {
            let errno = e.raw_os_error().unwrap_or(0);
            let class = py.kept(py.state().data("termios.error", || ErrorClass(0)).0);
            let text = py.str(&stdlib_system::error_text(errno))?;
            let e = py.call(class, &[small(errno), text])?;
            Err(py.throw(Object::of(e)))
        }
    }
}

fn tcgetattr(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    let modes = ok(py, py.blocking(|| control::terminal_modes(fd)))?;
    let characters = py.new_list(modes.characters.len())?;
    let canonical = modes.flags[3] & libc::ICANON != 0;
    for (i, c) in modes.characters.iter().enumerate() {
        // Without lines two of them are numbers: the least characters and the time that a read waits for.
        let shown =
            if !canonical && (i == libc::VMIN || i == libc::VTIME) { small(*c) } else { py.bytes(&[*c])?.value() };
        py.list_push(characters, shown)?;
    }
    let all = py.new_list(7)?;
    for n in modes.flags.into_iter().chain(modes.speeds) {
        py.list_push(all, small(n))?;
    }
    py.list_push(all, characters.value())?;
    Ok(all.value())
}
fn tcsetattr(py: Py<'_>, args: Args<'_>) -> R {
    let (fd, when) = (descriptor_of(py, args.at(0))?, py.index_i32(args.at(1))?);
    let Some(given) = py.as_list(args.at(2)).filter(|l| list::length(*l) == 7) else {
        return py.type_error("tcsetattr, arg 3: must be 7 element list");
    };
    let mut words = [0; 6];
    for (i, word) in words.iter_mut().enumerate() {
        *word = py.index_i64(list::get(given, i).unwrap_or(Value::NONE))? as u32;
    }
    // Whether it is a terminal comes before what the list holds.
    ok(py, py.blocking(|| control::terminal_modes(fd)))?;
    let characters = list::get(given, 6).and_then(|v| py.as_list(v));
    let Some(characters) = characters.filter(|l| list::length(*l) == libc::NCCS) else {
        return py.type_error(&format!("tcsetattr: attributes[6] must be {} element list", libc::NCCS));
    };
    let [a, b, c, d, input, output] = words;
    let mut modes = TerminalModes { flags: [a, b, c, d], speeds: [input, output], characters: [0; libc::NCCS] };
    for (i, c) in modes.characters.iter_mut().enumerate() {
        let v = list::get(characters, i).unwrap_or(Value::NONE);
        *c = match (py.as_bytes(v).map(python_objects::bytes::slice), py.as_int(v)) {
            (Some([one]), _) => *one,
            (None, Some(_)) => py.index_i64(v)? as u8,
            _ => return py.type_error("tcsetattr: elements of attributes must be characters or integers"),
        };
    }
    ok(py, py.blocking(|| control::set_terminal_modes(fd, when, &modes))).map(|()| Value::NONE)
}
fn act(py: Py<'_>, args: Args<'_>, act: fn(i32, i32) -> std::io::Result<i64>) -> R {
    let (fd, argument) = (descriptor_of(py, args.at(0))?, py.index_i32(args.at(1))?);
    ok(py, py.blocking(|| act(fd, argument))).map(|_| Value::NONE)
}
fn tcdrain(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    ok(py, py.blocking(|| control::drain(fd))).map(|_| Value::NONE)
}
fn tcgetwinsize(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    let (columns, lines) = ok(py, stdlib_system::terminal_size(fd))?;
    py.tuple(&[small(lines), small(columns)])
}
fn tcsetwinsize(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor_of(py, args.at(0))?;
    const MESSAGE: &str = "tcsetwinsize, arg 2: must be a two-item sequence";
    if py.special(args.at(1), python_objects::symbol::sym::GETITEM).is_none() {
        return py.type_error(MESSAGE);
    }
    let size = py.tuple_from(args.at(1))?;
    if size.length() != 2 {
        return py.type_error(MESSAGE);
    }
    let mut parts = [0u16; 2];
    for (i, part) in parts.iter_mut().enumerate() {
        match u16::try_from(py.index_i64(size.element(i))?) {
            Ok(n) => *part = n,
            Err(_) => return py.err(Exc::OverflowError, "winsize value(s) out of range."),
        }
    }
    ok(py, control::set_terminal_size(fd, parts[0], parts[1])).map(|()| Value::NONE)
}
