//! The handlers that a program set, and their running at polls of the main thread.
//!
//! The table of handlers is made when `_signal` is imported. Until then SIGINT alone is handled, and means KeyboardInterrupt.

use super::{checked, signal_number};
use crate::faulthandler;
use python_objects::{Exc, Object, Py, R, Value, dict};
use std::cell::Cell;
use stdlib_core::report_unraisable;
use stdlib_system::signals::{self, Disposition, Inbox, NSIG, SignalSet};

/// `SIG_DFL`
pub(super) const DEFAULT: i64 = 0;
/// `SIG_IGN`
pub(super) const IGNORED: i64 = 1;

/// Where the table of handlers holds `default_int_handler`: no signal has this number.
const INTERRUPT: usize = 0;

/// The signals of an interpreter.
pub(crate) struct Signals {
    /// Where signals come in.
    pub(crate) inbox: &'static Inbox,
    /// Number of the kept array of handlers by number of the signal: what `getsignal` returns.
    table: Cell<Option<u32>>,
}

/// Lets polls run the handlers of the signals that come to this inbox. After the modules have been installed, whose own work
/// at polls stays.
///
/// # Errors
/// The system refuses a handler.
pub fn install(py: Py<'_>, inbox: &'static Inbox) -> std::io::Result<()> {
    py.state().data("_signal", || Signals { inbox, table: Cell::new(None) });
    py.state().poll.set(poll);
    py.state().interrupt.set(interrupt);
    // Writes beyond the limit on files fail, rather than end the process.
    signals::set_disposition(libc::SIGXFSZ, true)?;
    // Left alone if the process was started with it ignored, as jobs in the background of a shell are.
    if signals::disposition(libc::SIGINT)? == Disposition::Default {
        inbox.handle(libc::SIGINT)?;
    }
    Ok(())
}

/// In the child of a fork: signals that came were the parent's.
pub fn after_fork(py: Py<'_>) {
    if let Some(signals) = data(py) {
        signals.inbox.after_fork();
    }
}

fn data(py: Py<'_>) -> Option<std::rc::Rc<Signals>> {
    py.state().module_data.borrow().get("_signal")?.clone().downcast().ok()
}

/// The signals of this interpreter; RuntimeError if it was set up without.
pub(crate) fn signals(py: Py<'_>) -> R<std::rc::Rc<Signals>> {
    match data(py) {
        Some(signals) => Ok(signals),
        None => py.err(Exc::RuntimeError, "this interpreter does not handle signals"),
    }
}

pub(super) fn init(py: Py<'_>, module: Object) -> R<()> {
    let signals = signals(py)?;
    if signals.table.get().is_some() {
        // Imported anew: the handlers stay.
        return Ok(());
    }
    let interrupt = dict::get_str(py, py.module_dict(module), Object::of(py.str("default_int_handler")?));
    let table = py.new_array(NSIG as usize)?;
    py.heap().store_element(table, INTERRUPT, interrupt.unwrap_or(Value::NONE));
    for signal in 1..NSIG {
        let handler = match signals::disposition(signal) {
            _ if signals.inbox.owns(signal) => interrupt.unwrap_or(Value::NONE),
            // Rust's own handler tells overflows of the stack from other faults: to programs that is the default.
            Ok(Disposition::Handled) if [libc::SIGSEGV, libc::SIGBUS].contains(&signal) => Value::int(DEFAULT),
            Ok(Disposition::Default) => Value::int(DEFAULT),
            Ok(Disposition::Ignored) => Value::int(IGNORED),
            Ok(Disposition::Handled) | Err(_) => Value::NONE,
        };
        py.heap().store_element(table, signal as usize, handler);
    }
    signals.table.set(Some(py.keep(table.value())?));
    Ok(())
}

fn table(py: Py<'_>, signals: &Signals) -> Option<Object> {
    signals.table.get().map(|number| Object::of(py.kept(number)))
}

/// What a program set for the signal.
pub(super) fn handler(py: Py<'_>, signal: i32) -> R {
    let table = table(py, &*signals(py)?);
    Ok(table.map_or(Value::NONE, |table| table.element(signal as usize)))
}

/// `signal.signal`
pub(super) fn set(py: Py<'_>, number: Value, new: Value) -> R {
    let signals = signals(py)?;
    let own = |n: i64| new.is_int() && new.as_int() == n;
    if !signals.inbox.is_of_this_thread() {
        return py.value_error("signal only works in main thread of the main interpreter");
    }
    let signal = signal_number(py, number)?;
    if !own(DEFAULT) && !own(IGNORED) && !py.is_callable(new) {
        return py.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    }
    // Those that came belong to the old handler.
    py.poll()?;
    let done = if own(DEFAULT) || own(IGNORED) {
        signals::set_disposition(signal, own(IGNORED))
    } else {
        signals.inbox.handle(signal)
    };
    checked(py, done)?;
    faulthandler::forget(py, signal);
    let Some(table) = table(py, &signals) else { return Ok(Value::NONE) };
    let old = table.element(signal as usize);
    py.heap().store_element(table, signal as usize, new);
    Ok(old)
}

/// Raises KeyboardInterrupt for a SIGINT that has come, if that is all it means: what native code asks in the middle of a copy.
fn interrupt(py: Py<'_>) -> R<()> {
    let Some(signals) = data(py) else { return Ok(()) };
    if !signals.inbox.is_of_this_thread() || !signals.inbox.came(libc::SIGINT) {
        return Ok(());
    }
    if let Some(table) = table(py, &signals)
        && table.element(libc::SIGINT as usize) != table.element(INTERRUPT)
    {
        return Ok(());
    }
    let mut came = signals.inbox.take();
    came.remove(libc::SIGINT);
    signals.inbox.put_back(came);
    let e = py.new_exception(Exc::KeyboardInterrupt, &[])?;
    Err(py.throw(e))
}

/// The poll word was set: runs the handlers of signals that have come, after what the modules do at a poll.
fn poll(py: Py<'_>) -> R<()> {
    stdlib_core::pending::poll(py)?;
    let Some(signals) = data(py) else { return Ok(()) };
    if !signals.inbox.is_of_this_thread() {
        return Ok(());
    }
    if let Some(error) = signals.inbox.take_wakeup_error() {
        _ = py.os_error(&error, None);
        report_unraisable(py, Some("Exception ignored when trying to write to the signal wakeup fd"), Value::NONE);
    }
    let mut came = signals.inbox.take();
    if came == SignalSet::EMPTY {
        return Ok(());
    }
    let table = table(py, &signals);
    for signal in came.members().collect::<Vec<i32>>() {
        came.remove(signal);
        match faulthandler::came(py, signal) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(stop) => {
                signals.inbox.put_back(came);
                return Err(stop);
            }
        }
        let handler = table.map_or(Value::EMPTY, |table| table.element(signal as usize));
        if let Err(stop) = run(py, signal, handler) {
            // The others are not lost with it.
            signals.inbox.put_back(came);
            return Err(stop);
        }
    }
    Ok(())
}

fn run(py: Py<'_>, signal: i32, handler: Value) -> R<()> {
    if handler.is_empty() {
        // Nobody has imported `_signal`: SIGINT.
        let e = py.new_exception(Exc::KeyboardInterrupt, &[])?;
        return Err(py.throw(e));
    }
    if handler == Value::NONE || handler.is_int() {
        // It came, and then its handler was taken away.
        _ = py.error(Exc::OSError, &format!("Signal {signal} ignored due to race condition"));
        report_unraisable(py, None, Value::NONE);
        return Ok(());
    }
    let frame = py.frame_at(0)?.map_or(Value::NONE, Object::value);
    py.call(handler, &[Value::int(i64::from(signal)), frame]).map(|_| ())
}
