//! `_signal`: what `signal` is made of.

mod functions;
pub(crate) mod handlers;
mod sets;
mod timers;

pub use handlers::{after_fork, install};

use python_objects::struct_sequence::StructSequence;
use python_objects::{Exc, Object, Py, R, Value};
use stdlib_core::support::{add, constants, exception_class};
use stdlib_system::signals;

static SIGINFO: StructSequence = StructSequence {
    name: "struct_siginfo",
    module: "signal",
    fields: &["si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"],
    visible: 7,
    constructible: true,
    doc: "What is known of a signal, as sigwaitinfo() and sigtimedwait() return it.",
};

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    for table in [functions::FUNCTIONS, sets::FUNCTIONS, timers::FUNCTIONS] {
        py.add_functions(module, table)?;
    }
    add(py, module, "struct_siginfo", py.struct_sequence_type(&SIGINFO)?.value())?;
    let error = exception_class(py, "signal", "itimer_error", Exc::OSError)?;
    add(py, module, "ItimerError", error.value())?;
    timers::keep_error(py, error)?;
    handlers::init(py, module)?;
    let numbers: Vec<(&str, i64)> = signals::names().map(|(name, n)| (name, i64::from(n))).collect();
    constants(py, module, &numbers)?;
    constants(
        py,
        module,
        &[
            ("NSIG", i64::from(signals::NSIG)),
            ("SIG_DFL", handlers::DEFAULT),
            ("SIG_IGN", handlers::IGNORED),
            ("SIG_BLOCK", i64::from(signals::mask::BLOCK)),
            ("SIG_UNBLOCK", i64::from(signals::mask::UNBLOCK)),
            ("SIG_SETMASK", i64::from(signals::mask::SET)),
            ("ITIMER_REAL", i64::from(timers::REAL)),
            ("ITIMER_VIRTUAL", i64::from(timers::VIRTUAL)),
            ("ITIMER_PROF", i64::from(timers::PROFILING)),
        ],
    )
}

/// The number of a signal that may have a handler.
pub(crate) fn signal_number(py: Py<'_>, v: Value) -> R<i32> {
    let signal = py.index_i32(v)?;
    if (1..signals::NSIG).contains(&signal) { Ok(signal) } else { py.value_error("signal number out of range") }
}

/// A result, or OSError.
pub(crate) fn checked<T>(py: Py<'_>, r: std::io::Result<T>) -> R<T> {
    r.map_err(|e| py.os_error(&e, None))
}
