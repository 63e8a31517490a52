//! Running other programs in place of this one, or beside it.

use super::arguments::{File, Of, sequence, system_text, to_c};
use super::{argument_texts, environment_texts, path, path_or_descriptor, small};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};
use std::ffi::CString;
use stdlib_core::audit;
use stdlib_system::signals::{NSIG, SignalSet};
use stdlib_system::spawn::{self, FileAction, SpawnOptions, Texts};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("execv", "path, argv, /", execv, "Run a program in place of this one."),
    Native::function("execve", "path, argv, env", execve, "Run a program with an environment in place of this one."),
    Native::function(
        "posix_spawn",
        "path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=None",
        |py, a| posix_spawn(py, a, "posix_spawn", false),
        "Run a program in a child process.",
    ),
    Native::function(
        "posix_spawnp",
        "path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=None",
        |py, a| posix_spawn(py, a, "posix_spawnp", true),
        "Run a program that is looked for in PATH in a child process.",
    ),
];

/// The arguments of a program, checked with the messages of a function.
fn arguments(py: Py<'_>, v: Value, messages: [&str; 3]) -> R<Vec<CString>> {
    let Some(items) = sequence(py, v)? else { return py.type_error(messages[0]) };
    if list::length(items) == 0 {
        return py.value_error(messages[1]);
    }
    let texts = argument_texts(py, items)?;
    if texts[0].as_bytes().is_empty() { py.value_error(messages[2]) } else { Ok(texts) }
}
fn environment(py: Py<'_>, v: Value, function: &str) -> R<Texts> {
    // What CPython asks of a mapping: that it can be indexed.
    if py.special(v, python_objects::symbol::sym::GETITEM).is_none() {
        return py.type_error(&format!("{function}: environment must be a mapping object"));
    }
    environment_texts(py, v).map(Texts::new)
}

fn execv(py: Py<'_>, args: Args<'_>) -> R {
    let p = path(py, args.at(0), "execv")?;
    let messages = [
        "execv() arg 2 must be a tuple or list",
        "execv() arg 2 must not be empty",
        "execv() arg 2 first element cannot be empty",
    ];
    let texts = Texts::new(arguments(py, args.at(1), messages)?);
    let path = to_c(py, &p.path)?;
    audit::event(py, "os.exec", &[args.at(0), args.at(1), Value::NONE])?;
    let error = spawn::execute(&path, &texts, None);
    Err(py.os_error(&error, None))
}
fn execve(py: Py<'_>, args: Args<'_>) -> R {
    let file = path_or_descriptor(py, args.at(0), "execve")?;
    let messages = [
        "execve: argv must be a tuple or list",
        "execve: argv must not be empty",
        "execve: argv first element cannot be empty",
    ];
    // The environment's kind is looked at before the arguments' content.
    let Some(items) = sequence(py, args.at(1))? else { return py.type_error(messages[0]) };
    if list::length(items) == 0 {
        return py.value_error(messages[1]);
    }
    let environment_given = py.special(args.at(2), python_objects::symbol::sym::GETITEM).is_some();
    if !environment_given {
        return py.type_error("execve: environment must be a mapping object");
    }
    let texts = Texts::new(arguments(py, args.at(1), messages)?);
    let environment = environment(py, args.at(2), "execve")?;
    audit::event(py, "os.exec", &[args.at(0), args.at(1), args.at(2)])?;
    let error = match &file {
        File { of: Of::Descriptor(fd), .. } => spawn::execute_descriptor(*fd, &texts, &environment),
        File { of: Of::Path(path), .. } => spawn::execute(&to_c(py, path)?, &texts, Some(&environment)),
    };
    Err(py.os_error(&error, file.name))
}

fn posix_spawn(py: Py<'_>, args: Args<'_>, function: &str, search: bool) -> R {
    let p = path(py, args.at(0), function)?;
    let messages = [
        format!("{function}: argv must be a tuple or list"),
        format!("{function}: argv must not be empty"),
        format!("{function}: argv first element cannot be empty"),
    ];
    let texts = arguments(py, args.at(1), [&messages[0], &messages[1], &messages[2]])?;
    let environment = environment(py, args.at(2), function)?;
    let truth = |v: Option<Value>| v.map_or(Ok(false), |v| py.truth(v));
    let options = SpawnOptions {
        actions: args.some(3).map_or_else(|| Ok(Vec::new()), |v| file_actions(py, v))?,
        process_group: args.opt(4).map(|v| py.index_i32(v)).transpose()?,
        reset_identity: truth(args.opt(5))?,
        new_session: truth(args.opt(6))?,
        mask: args.opt(7).map(|v| signal_set(py, v)).transpose()?,
        default: args.opt(8).map(|v| signal_set(py, v)).transpose()?,
        scheduler: args.opt(9).map(|v| scheduler(py, v, function)).transpose()?,
    };
    let path = to_c(py, &p.path)?;
    audit::event(py, "os.posix_spawn", &[args.at(0), args.at(1), args.at(2)])?;
    let texts = Texts::new(texts);
    let spawned = py.blocking(|| spawn::spawn(&path, search, &texts, &environment, &options));
    spawned.map(small).map_err(|e| py.os_error(&e, Some(args.at(0))))
}

fn signal_set(py: Py<'_>, v: Value) -> R<SignalSet> {
    let mut set = SignalSet::EMPTY;
    py.each(v, |item| {
        let signal = py.index_i64(item)?;
        if !(1..i64::from(NSIG)).contains(&signal) {
            return py.value_error(&format!("signal number {signal} out of range [1; {}]", NSIG - 1));
        }
        set.insert(signal as i32);
        Ok(())
    })?;
    Ok(set)
}
fn scheduler(py: Py<'_>, v: Value, function: &str) -> R<(Option<i32>, i32)> {
    let Some(pair) = py.as_tuple(v).filter(|t| t.length() == 2) else {
        return py.type_error(&format!("{function}: scheduler must be a tuple or None"));
    };
    let policy = match pair.element(0) {
        Value::NONE => None,
        policy => Some(py.index_i32(policy)?),
    };
    Ok((policy, super::scheduling::priority_of(py, pair.element(1))?))
}

/// Actions as tuples of their number and what it needs.
fn file_actions(py: Py<'_>, v: Value) -> R<Vec<FileAction>> {
    if py.special(v, python_objects::symbol::sym::GETITEM).is_none() {
        return py.type_error("file_actions must be a sequence or None");
    }
    let items = py.list_from(v)?;
    let mut actions = Vec::new();
    for i in 0..list::length(items) {
        let Some(action) = py.as_tuple(list::item(items, i)).filter(|t| t.length() > 0) else {
            return py.type_error("Each file_actions element must be a non-empty tuple");
        };
        actions.push(file_action(py, action)?);
    }
    Ok(actions)
}
fn file_action(py: Py<'_>, action: Object) -> R<FileAction> {
    let number = |i| py.index_i32(action.element(i));
    let parts = |what: &str, n: usize| {
        if action.length() == n {
            Ok(())
        } else {
            py.err(Exc::TypeError, &format!("A {what} file_action tuple must have {n} elements"))
        }
    };
    match number(0)? {
        0 => {
            parts("open", 5)?;
            Ok(FileAction::Open(number(1)?, system_text(py, action.element(2))?, number(3)?, number(4)? as u32))
        }
        1 => {
            parts("close", 2)?;
            Ok(FileAction::Close(number(1)?))
        }
        2 => {
            parts("dup2", 3)?;
            Ok(FileAction::Duplicate(number(1)?, number(2)?))
        }
        _ => py.type_error("Unknown file_actions identifier"),
    }
}
