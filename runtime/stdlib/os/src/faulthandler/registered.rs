//! `register`: signals at which a program says where it stands.
//!
//! They come to the interpreter's inbox as those with handlers do; what is written is written by the main thread's next poll.

use super::{descriptor, dump, flag};
use crate::signal::{checked, handlers, signal_number};
use python_objects::{Args, Exc, Object, Py, R, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use stdlib_system::signals::{self, Disposition};

/// Signals that are registered, and number of the kept dict of files whose descriptors are written to, by signal.
#[derive(Default)]
pub(crate) struct Registered {
    signals: RefCell<BTreeMap<i32, Registration>>,
    files: Cell<Option<u32>>,
}

#[derive(Clone, Copy)]
struct Registration {
    fd: i32,
    all: bool,
    chain: bool,
    /// What was to happen before.
    before: Disposition,
    /// Was that something that the interpreter does?
    owned: bool,
}

fn registered(py: Py<'_>) -> std::rc::Rc<Registered> {
    py.state().data("faulthandler signals", Registered::default)
}
/// The file of each signal.
fn files(py: Py<'_>) -> R<Object> {
    let registered = registered(py);
    if let Some(number) = registered.files.get() {
        return Ok(Object::of(py.kept(number)));
    }
    let files = py.new_dict()?;
    registered.files.set(Some(py.keep(files.value())?));
    Ok(files)
}

/// A signal that may be registered.
fn number(py: Py<'_>, v: Value) -> R<i32> {
    let signal = signal_number(py, v)?;
    if [libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGABRT, libc::SIGSEGV].contains(&signal) {
        return py.err(Exc::RuntimeError, &format!("signal {signal} cannot be registered, use enable() instead"));
    }
    Ok(signal)
}

pub(super) fn register(py: Py<'_>, args: Args<'_>) -> R {
    let signal = number(py, args.at(0))?;
    let (fd, file) = descriptor(py, args.opt(1))?;
    let (all, chain) = (flag(py, args.opt(2), true)?, flag(py, args.opt(3), false)?);
    let inbox = handlers::signals(py)?.inbox;
    let known = registered(py).signals.borrow().get(&signal).copied();
    let (before, owned) = match known {
        Some(known) => (known.before, known.owned),
        None => (checked(py, signals::disposition(signal))?, inbox.owns(signal)),
    };
    let files = files(py)?;
    checked(py, inbox.handle(signal))?;
    py.dict_set(files, Value::int(signal.into()), file)?;
    registered(py).signals.borrow_mut().insert(signal, Registration { fd, all, chain, before, owned });
    Ok(Value::NONE)
}
pub(super) fn unregister(py: Py<'_>, args: Args<'_>) -> R {
    let signal = number(py, args.at(0))?;
    let Some(was) = registered(py).signals.borrow_mut().remove(&signal) else { return Ok(Value::FALSE) };
    py.dict_remove(files(py)?, Value::int(signal.into()))?;
    if !was.owned {
        checked(py, signals::set_disposition(signal, was.before == Disposition::Ignored))?;
    }
    Ok(Value::TRUE)
}
/// The signal's meaning was set anew: nothing is written at it any more.
pub(crate) fn forget(py: Py<'_>, signal: i32) {
    registered(py).signals.borrow_mut().remove(&signal);
}
/// A signal came: writes what there is to write. Does it have a further meaning, which the caller knows?
pub(crate) fn came(py: Py<'_>, signal: i32) -> R<bool> {
    let Some(found) = registered(py).signals.borrow().get(&signal).copied() else { return Ok(true) };
    dump::write(py, found.fd, "", found.all);
    if !found.chain || found.owned {
        return Ok(found.chain);
    }
    if found.before == Disposition::Default {
        // Most end the process by it. What does not (as SIGCHLD) is registered again.
        checked(py, signals::end_by(signal))?;
        checked(py, handlers::signals(py)?.inbox.handle(signal))?;
    }
    Ok(false)
}
