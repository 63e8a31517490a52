//! `syslog`: messages to the system's log.

use python_objects::{Args, Native, Object, Py, R, Value, list, string};
use std::ffi::CString;
use stdlib_core::audit;
use stdlib_core::support::{constants, encode_path};
use stdlib_system::log;

static FUNCTIONS: &[Native] = &[
    Native::function("openlog", "ident=None, logoption=0, facility=8", openlog, "Set how messages are logged."),
    Native::function("syslog", "*args", syslog, "Log a message."),
    Native::function("closelog", "", closelog, "Forget how messages are logged."),
    Native::function("setlogmask", "maskpri, /", setlogmask, "Set which priorities are logged; return which were."),
    Native::function("LOG_MASK", "pri, /", |py, a| mask(py, a, |p| 1 << p), "The mask of a priority."),
    Native::function("LOG_UPTO", "pri, /", |py, a| mask(py, a, |p| (1 << (p + 1)) - 1), "The mask up to a priority."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    constants(py, module, CONSTANTS)
}

fn text(py: Py<'_>, v: Value) -> R<CString> {
    let Some(s) = string::exact_or_payload(py, v) else {
        return py.type_error(&format!("argument must be str, not {}", py.class_name(v)));
    };
    match CString::new(encode_path(py, s)?) {
        Ok(text) => Ok(text),
        Err(_) => py.value_error("embedded null character"),
    }
}
/// The name under which messages are logged: that of the program, if it has one.
fn program(py: Py<'_>) -> Option<CString> {
    let name = py.intern("argv").ok()?;
    let arguments = py.sys_item(name).and_then(|v| py.as_list(v))?;
    let path = string::to_rust(string::exact_or_payload(py, list::get(arguments, 0)?)?);
    let last = path.rsplit('/').next().filter(|last| !last.is_empty())?;
    CString::new(last).ok()
}
fn open(py: Py<'_>, ident: Option<CString>, option: i32, facility: i32) -> R<()> {
    audit::event(py, "syslog.openlog", &[Value::NONE, Value::int(option.into()), Value::int(facility.into())])?;
    log::open(ident, option, facility);
    Ok(())
}
fn openlog(py: Py<'_>, args: Args<'_>) -> R {
    let ident = match args.some(0) {
        Some(v) => Some(text(py, v)?),
        None => program(py),
    };
    let option = args.opt(1).map_or(Ok(0), |v| py.index_i32(v))?;
    let facility = args.opt(2).map_or(Ok(libc::LOG_USER), |v| py.index_i32(v))?;
    open(py, ident, option, facility).map(|()| Value::NONE)
}
fn syslog(py: Py<'_>, args: Args<'_>) -> R {
    let given = py.tuple_from(args.at(0))?;
    let (priority, message) = match given.length() {
        1 => (libc::LOG_INFO, given.element(0)),
        2 => (py.index_i32(given.element(0))?, given.element(1)),
        _ => return py.type_error("syslog.syslog requires 1 to 2 arguments"),
    };
    let message = text(py, message)?;
    audit::event(py, "syslog.syslog", &[Value::int(priority.into()), given.element(given.length() - 1)])?;
    if !log::is_open() {
        open(py, program(py), 0, libc::LOG_USER)?;
    }
    py.blocking(|| log::write(priority, &message));
    Ok(Value::NONE)
}
fn closelog(py: Py<'_>, _: Args<'_>) -> R {
    audit::event(py, "syslog.closelog", &[])?;
    log::close();
    Ok(Value::NONE)
}
fn setlogmask(py: Py<'_>, args: Args<'_>) -> R {
    let mask = py.index_i32(args.at(0))?;
    audit::event(py, "syslog.setlogmask", &[args.at(0)])?;
    Ok(Value::int(log::set_mask(mask).into()))
}
fn mask(py: Py<'_>, args: Args<'_>, of: fn(i64) -> i64) -> R {
    let priority = py.index_i64(args.at(0))?;
    Ok(Value::int(if (0..31).contains(&priority) { of(priority) } else { 0 }))
}

const CONSTANTS: &[(&str, i64)] = &[
    ("LOG_ALERT", libc::LOG_ALERT as i64),
    ("LOG_AUTH", libc::LOG_AUTH as i64),
    ("LOG_AUTHPRIV", libc::LOG_AUTHPRIV as i64),
    ("LOG_CONS", libc::LOG_CONS as i64),
    ("LOG_CRIT", libc::LOG_CRIT as i64),
    ("LOG_CRON", libc::LOG_CRON as i64),
    ("LOG_DAEMON", libc::LOG_DAEMON as i64),
    ("LOG_DEBUG", libc::LOG_DEBUG as i64),
    ("LOG_EMERG", libc::LOG_EMERG as i64),
    ("LOG_ERR", libc::LOG_ERR as i64),
    ("LOG_INFO", libc::LOG_INFO as i64),
    ("LOG_KERN", libc::LOG_KERN as i64),
    ("LOG_LOCAL0", libc::LOG_LOCAL0 as i64),
    ("LOG_LOCAL1", libc::LOG_LOCAL1 as i64),
    ("LOG_LOCAL2", libc::LOG_LOCAL2 as i64),
    ("LOG_LOCAL3", libc::LOG_LOCAL3 as i64),
    ("LOG_LOCAL4", libc::LOG_LOCAL4 as i64),
    ("LOG_LOCAL5", libc::LOG_LOCAL5 as i64),
    ("LOG_LOCAL6", libc::LOG_LOCAL6 as i64),
    ("LOG_LOCAL7", libc::LOG_LOCAL7 as i64),
    ("LOG_LPR", libc::LOG_LPR as i64),
    ("LOG_MAIL", libc::LOG_MAIL as i64),
    ("LOG_NDELAY", libc::LOG_NDELAY as i64),
    ("LOG_NEWS", libc::LOG_NEWS as i64),
    ("LOG_NOTICE", libc::LOG_NOTICE as i64),
    ("LOG_NOWAIT", libc::LOG_NOWAIT as i64),
    ("LOG_ODELAY", libc::LOG_ODELAY as i64),
    ("LOG_PERROR", libc::LOG_PERROR as i64),
    ("LOG_PID", libc::LOG_PID as i64),
    ("LOG_SYSLOG", libc::LOG_SYSLOG as i64),
    ("LOG_USER", libc::LOG_USER as i64),
    ("LOG_UUCP", libc::LOG_UUCP as i64),
    ("LOG_WARNING", libc::LOG_WARNING as i64),
];
