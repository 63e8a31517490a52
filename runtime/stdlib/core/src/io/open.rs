//! `open`, and the standard streams.

use super::text::Options;
use super::{CHUNK, base, buffered, file, text};
use crate::support::{set, utf8};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, string};

/// What a mode asks for.
#[derive(Default)]
struct Mode {
    raw: String,
    binary: bool,
    updating: bool,
    reading: bool,
}

fn parse_mode(py: Py<'_>, mode: &str) -> R<Mode> {
    let (mut seen, mut m, mut kinds, mut is_text) = (String::new(), Mode::default(), 0, false);
    for c in mode.chars() {
        if seen.contains(c) || !"rwxabt+".contains(c) {
            return py.value_error(&format!("invalid mode: '{mode}'"));
        }
        seen.push(c);
        match c {
            'b' => m.binary = true,
            't' => is_text = true,
            '+' => m.updating = true,
            c => {
                kinds += 1;
                m.reading = c == 'r';
                m.raw.insert(0, c);
            }
        }
    }
    if is_text && m.binary {
        return py.value_error("can't have text and binary mode at once");
    }
    if kinds != 1 {
        return py.value_error("must have exactly one of create/read/write/append mode");
    }
    if m.updating {
        m.raw.push('+');
    }
    Ok(m)
}

/// `open(file, mode, buffering, encoding, errors, newline, closefd, opener)`
pub(super) fn open(py: Py<'_>, args: Args<'_>) -> R {
    let mode_text = match args.opt(1) {
        Some(mode) => utf8(py, base::text_of(py, mode, "open() argument 'mode'")?)?,
        None => "r".to_owned(),
    };
    let file_argument = args.at(0);
    if string::exact_or_payload(py, file_argument).is_none()
        && py.as_bytes(file_argument).is_none()
        && py.as_int(file_argument).is_none()
        && py.special(file_argument, sym::INDEX).is_none()
    {
        crate::support::fspath(py, file_argument, "")?;
    }
    let mut buffering = args.opt(2).map_or(Ok(-1), |v| py.index_i64(v))?;
    let [encoding, errors, newline] = [3, 4, 5].map(|i| args.opt(i).unwrap_or(Value::NONE));
    for (v, what) in [(encoding, "encoding"), (errors, "errors"), (newline, "newline")] {
        match string::exact_or_payload(py, v) {
            Some(s) => drop(utf8(py, s)?),
            None if v == Value::NONE => {}
            None => {
                let class = py.class_name(v);
                return py.type_error(&format!("open() argument '{what}' must be str or None, not {class}"));
            }
        }
    }
    let m = parse_mode(py, &mode_text)?;
    if m.binary {
        for (v, what) in [(encoding, "an encoding"), (errors, "an errors"), (newline, "a newline")] {
            if v != Value::NONE {
                return py.value_error(&format!("binary mode doesn't take {what} argument"));
            }
        }
        if buffering == 1 {
            let text =
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
            python_builtins::warnings::warn(py, Exc::RuntimeWarning, text, 1)?;
        }
    }
    let raw_mode = py.str(&m.raw)?;
    let closefd = args.opt(6).unwrap_or(Value::TRUE);
    let opener = args.opt(7).unwrap_or(Value::NONE);
    let raw = py.call(file::class(py)?.value(), &[file_argument, raw_mode, closefd, opener])?;
    let made = over(py, raw, &m, &mode_text, &mut buffering, [encoding, errors, newline]);
    if made.is_err() {
        // The error that stands is the one that was there first.
        let pending = py.take_exception();
        if py.call_method(raw, sym::CLOSE, &[]).is_err() {
            py.take_exception();
        }
        return Err(py.raise(pending));
    }
    made
}

fn over(py: Py<'_>, raw: Value, m: &Mode, mode_text: &str, buffering: &mut i64, options: [Value; 3]) -> R {
    let mut line_buffering = false;
    if *buffering == 1 && !m.binary || *buffering < 0 && base::ask(py, raw, "isatty")? {
        *buffering = -1;
        line_buffering = true;
    }
    if *buffering == 1 && m.binary {
        *buffering = -1;
    }
    if *buffering < 0 {
        *buffering = CHUNK as i64;
    }
    if *buffering == 0 {
        if m.binary {
            return Ok(raw);
        }
        return py.value_error("can't have unbuffered text I/O");
    }
    let class = if m.updating {
        buffered::random(py)?
    } else if m.reading {
        buffered::reader(py)?
    } else {
        buffered::writer(py)?
    };
    let buffer = py.call(class.value(), &[raw, Value::int(*buffering)])?;
    if m.binary {
        return Ok(buffer);
    }
    let [encoding, errors, newline] = options;
    let options = Options { encoding, errors, newline, line_buffering, write_through: false };
    if encoding == Value::NONE {
        super::unspecified(py, 1)?;
    }
    let wrapper = text::over(py, buffer, &options)?;
    let (mode, name) = (py.str(mode_text)?, py.intern("mode")?);
    py.set_attribute(wrapper.value(), name, Some(mode))?;
    Ok(wrapper.value())
}

/// Puts `stdin`, `stdout` and `stderr` into `sys`: None for descriptors that are not open.
pub(crate) fn install_streams(py: Py<'_>) -> R<()> {
    let sys = Object::of(py.root(root::SYS));
    for (fd, name, reads) in [(0, "stdin", true), (1, "stdout", false), (2, "stderr", false)] {
        let stream = standard(py, fd, name, reads)?;
        set(py, sys, name, stream)?;
        set(py, sys, &format!("__{name}__"), stream)?;
    }
    Ok(())
}

fn standard(py: Py<'_>, fd: i32, name: &str, reads: bool) -> R {
    if stdlib_system::stat_descriptor(fd).is_err() {
        return Ok(Value::NONE);
    }
    let unbuffered = py.state().settings.unbuffered && !reads;
    let terminal = stdlib_system::is_terminal(fd);
    let shown = py.str(&format!("<{name}>"))?;
    let raw = file::on_descriptor(py, fd, reads, false, shown)?.value();
    let class = if reads { buffered::reader(py)? } else { buffered::writer(py)? };
    let buffer = if unbuffered { raw } else { buffered::over(py, class, raw, CHUNK as i64)?.value() };
    let spec = py.state().settings.stream_encoding.clone();
    let (encoding, errors) = spec.split_once(':').unwrap_or((&spec, ""));
    let errors = match (name, errors) {
        ("stderr", _) => "backslashreplace",
        (_, "") if has_c_locale() => "surrogateescape",
        (_, "") => "strict",
        (_, errors) => errors,
    };
    let options = Options {
        encoding: py.str(if encoding.is_empty() { "utf-8" } else { encoding })?,
        errors: py.str(errors)?,
        newline: if reads { Value::NONE } else { py.str("\n")? },
        line_buffering: terminal || name == "stderr",
        write_through: unbuffered,
    };
    let stream = text::over(py, buffer, &options)?;
    let (mode, attribute) = (py.str(if reads { "r" } else { "w" })?, py.intern("mode")?);
    py.set_attribute(stream.value(), attribute, Some(mode))?;
    Ok(stream.value())
}

/// Is the locale of characters the one in which bytes that are not text pass through the standard streams?
fn has_c_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    matches!(locale.as_str(), "" | "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8")
}
