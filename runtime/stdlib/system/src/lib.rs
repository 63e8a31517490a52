//! System calls on plain numbers of file descriptors, as Python programs name them.
//!
//! Rust's own types own their descriptors; a Python program may close, duplicate or invent any number. Everything here is
//! safe: a wrong number is an `EBADF` from the kernel. Calls that a signal interrupted are left to the caller to repeat,
//! who polls first (PEP 475).

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a system call returned, or the error.
fn checked<T: Into<i64> + Copy>(r: T) -> io::Result<i64> {
    let n: i64 = r.into();
    if n < 0 { Err(io::Error::last_os_error()) } else { Ok(n) }
}

fn path_text(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}

/// `open(2)`, never inherited by child processes.
pub fn open(path: &Path, flags: i32, mode: u32) -> io::Result<i32> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL and lives during the call.
    checked(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) }).map(|fd| fd as i32)
}
/// `read(2)`
pub fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the buffer has room for as many bytes.
    checked(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) } as i64).map(|n| n as usize)
}
/// `write(2)`
pub fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the bytes are there.
    checked(unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) } as i64).map(|n| n as usize)
}
/// `close(2)`
pub fn close(fd: i32) -> io::Result<()> {
    // SAFETY: closing a number has no effect on memory; nothing here keeps descriptors.
    checked(unsafe { libc::close(fd) }).map(|_| ())
}
/// `lseek(2)`
pub fn seek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::lseek(fd, offset, whence) })
}
/// `isatty(3)`
pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::isatty(fd) == 1 }
}
/// `ftruncate(2)`
pub fn truncate(fd: i32, length: i64) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::ftruncate(fd, length) }).map(|_| ())
}
/// `fstat(2)`
pub fn stat_descriptor(fd: i32) -> io::Result<libc::stat> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: it has room for the result.
    checked(unsafe { libc::fstat(fd, &raw mut stat) })?;
    Ok(stat)
}
/// `stat(2)` or `lstat(2)`
pub fn stat(path: &Path, follow: bool) -> io::Result<libc::stat> {
    let path = path_text(path)?;
    // SAFETY: all zeros is a value of this plain struct.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL; there is room for the result.
    checked(unsafe { libc::fstatat(libc::AT_FDCWD, path.as_ptr(), &raw mut stat, flags) })?;
    Ok(stat)
}
/// `dup(2)`, not inherited by child processes.
pub fn duplicate(fd: i32) -> io::Result<i32> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) }).map(|fd| fd as i32)
}
/// `dup2(2)`
pub fn duplicate_to(fd: i32, target: i32, inheritable: bool) -> io::Result<i32> {
    let flags = if inheritable { 0 } else { libc::O_CLOEXEC };
    if fd == target {
        return Ok(target);
    }
    // SAFETY: no memory is involved.
    checked(unsafe { libc::dup3(fd, target, flags) }).map(|fd| fd as i32)
}
/// `pipe2(2)`: reading end, writing end.
pub fn pipe() -> io::Result<(i32, i32)> {
    let mut ends = [0; 2];
    // SAFETY: there is room for both.
    checked(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) })?;
    Ok((ends[0], ends[1]))
}
/// Is the descriptor inherited by child processes?
pub fn is_inheritable(fd: i32) -> io::Result<bool> {
    // SAFETY: no memory is involved.
    let flags = checked(unsafe { libc::fcntl(fd, libc::F_GETFD) })?;
    Ok(flags as i32 & libc::FD_CLOEXEC == 0)
}
/// Says whether child processes inherit the descriptor.
pub fn set_inheritable(fd: i32, inheritable: bool) -> io::Result<()> {
    let flags = if inheritable { 0 } else { libc::FD_CLOEXEC };
    // SAFETY: no memory is involved.
    checked(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) }).map(|_| ())
}
/// Is the signal ignored by this process?
pub fn is_ignored(signal: i32) -> bool {
    // SAFETY: all zeros is a value of this plain struct.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: nothing is changed; there is room for the result.
    let asked = checked(unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) });
    asked.is_ok() && action.sa_sigaction == libc::SIG_IGN
}
/// Lets calls that wait return (`EINTR`) when this signal is handled, rather than go on.
///
/// # Errors
/// It is no signal that can be handled.
pub fn interrupt_calls(signal: i32) -> io::Result<()> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: nothing is changed; there is room for the result.
    checked(unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) })?;
    action.sa_flags &= !libc::SA_RESTART;
    // SAFETY: the handler stays as it was.
    checked(unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) }).map(|_| ())
}
/// A thread, as signals reach it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignalThread(libc::pthread_t);

impl SignalThread {
    /// The running thread. Async-signal-safe.
    pub fn current() -> SignalThread {
        // SAFETY: it only tells.
        SignalThread(unsafe { libc::pthread_self() })
    }
    /// Sends the thread a signal. Async-signal-safe.
    ///
    /// # Safety
    /// The thread has not ended.
    pub unsafe fn send(self, signal: i32) {
        // SAFETY: the caller's promise. That the number is refused is all that can go wrong.
        unsafe { libc::pthread_kill(self.0, signal) };
    }
}
/// Waits, at most until a signal is handled.
pub fn sleep(time: std::time::Duration) {
    let time = libc::timespec {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: time.subsec_nanos().into(),
    };
    // SAFETY: the time is valid; nobody asks what was left of it.
    unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
}
/// `access(2)`
pub fn access(path: &Path, mode: i32) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::access(path.as_ptr(), mode) }).map(|_| ())
}
/// `chmod(2)`
pub fn change_mode(path: &Path, mode: u32) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::chmod(path.as_ptr(), mode) }).map(|_| ())
}
/// `mkdir(2)`
pub fn make_directory(path: &Path, mode: u32) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::mkdir(path.as_ptr(), mode) }).map(|_| ())
}
/// `umask(2)`
pub fn set_umask(mask: u32) -> u32 {
    // SAFETY: no memory is involved.
    unsafe { libc::umask(mask) }
}
/// `kill(2)`
pub fn kill(process: i32, signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::kill(process, signal) }).map(|_| ())
}
/// Process, parent, user, effective user, group and effective group numbers.
pub fn identities() -> [u32; 6] {
    // SAFETY: these have no arguments and cannot fail.
    unsafe {
        [
            libc::getpid() as u32,
            libc::getppid() as u32,
            libc::getuid(),
            libc::geteuid(),
            libc::getgid(),
            libc::getegid(),
        ]
    }
}
/// `getrandom(2)`: fills the buffer.
pub fn random(buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut buffer[filled..];
        // SAFETY: the rest has room for as many bytes.
        match checked(unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) } as i64) {
            Ok(n) => filled += n as usize,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
/// Nanoseconds of a clock (`CLOCK_REALTIME` and the like).
pub fn clock(clock: i32) -> io::Result<i128> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::clock_gettime(clock, &raw mut time) })?;
    Ok(i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec))
}
/// Resolution of a clock in nanoseconds.
pub fn clock_resolution(clock: i32) -> io::Result<i128> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::clock_getres(clock, &raw mut time) })?;
    Ok(i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec))
}
/// Broken-down local time or UTC of seconds since the epoch.
pub fn broken_down(seconds: i64, local: bool) -> io::Result<BrokenDown> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    let result = if local {
        // SAFETY: both pointers are to locals.
        unsafe { libc::localtime_r(&raw const seconds, &raw mut tm) }
    } else {
        // SAFETY: as above.
        unsafe { libc::gmtime_r(&raw const seconds, &raw mut tm) }
    };
    if result.is_null() {
        return Err(io::Error::from_raw_os_error(libc::EOVERFLOW));
    }
    let zone = if tm.tm_zone.is_null() {
        String::new()
    } else {
        // SAFETY: the C library's zone name is a text with NUL at its end that stays.
        unsafe { std::ffi::CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
    };
    Ok(BrokenDown {
        fields: [
            tm.tm_year + 1900,
            tm.tm_mon + 1,
            tm.tm_mday,
            tm.tm_hour,
            tm.tm_min,
            tm.tm_sec,
            tm.tm_wday,
            tm.tm_yday + 1,
            tm.tm_isdst,
        ],
        zone,
        offset: tm.tm_gmtoff,
    })
}
/// A time in fields.
#[derive(Clone, Debug)]
pub struct BrokenDown {
    /// Year, month (1–12), day, hour, minute, second, weekday (0: Sunday), day of the year (1–366), daylight saving.
    pub fields: [i32; 9],
    /// Name of the time zone.
    pub zone: String,
    /// Seconds east of UTC.
    pub offset: i64,
}
/// `mktime(3)`: seconds since the epoch of local time, in the fields of [`BrokenDown`].
pub fn seconds_of_local(fields: [i32; 9]) -> Option<i64> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    tm.tm_year = fields[0].checked_sub(1900)?;
    tm.tm_mon = fields[1].checked_sub(1)?;
    [tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec] = [fields[2], fields[3], fields[4], fields[5]];
    tm.tm_isdst = fields[8];
    // So that -1 can be told from an error.
    tm.tm_wday = -1;
    // SAFETY: the pointer is to a local.
    let seconds = unsafe { libc::mktime(&raw mut tm) };
    if seconds == -1 && tm.tm_wday == -1 { None } else { Some(seconds) }
}
/// `tzset(3)`
pub fn refresh_time_zone() {
    unsafe extern "C" {
        safe fn tzset();
    }
    tzset();
}
/// `times(2)` in seconds: user, system, children's user, children's system, elapsed.
pub fn process_times() -> io::Result<[f64; 5]> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut t: libc::tms = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    let elapsed = checked(unsafe { libc::times(&raw mut t) })?;
    // SAFETY: no memory is involved.
    let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as f64;
    Ok([t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime, elapsed].map(|n| n as f64 / ticks))
}
/// The text of an error number.
pub fn error_text(number: i32) -> String {
    let text = io::Error::from_raw_os_error(number).to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
/// Columns and lines of a terminal.
pub fn terminal_size(fd: i32) -> io::Result<(u16, u16)> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the request fills a `winsize`.
    checked(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) })?;
    Ok((size.ws_col, size.ws_row))
}
/// Flags of [`open`].
pub mod open_flag {
    pub use libc::{
        O_APPEND as APPEND, O_CLOEXEC as CLOEXEC, O_CREAT as CREAT, O_EXCL as EXCL, O_RDONLY as RDONLY, O_RDWR as RDWR,
        O_TRUNC as TRUNC, O_WRONLY as WRONLY,
    };
}
/// Names and values of all flags of `open(2)` that `os` has.
pub const OPEN_FLAGS: [(&str, i32); 16] = [
    ("O_RDONLY", libc::O_RDONLY),
    ("O_WRONLY", libc::O_WRONLY),
    ("O_RDWR", libc::O_RDWR),
    ("O_CREAT", libc::O_CREAT),
    ("O_EXCL", libc::O_EXCL),
    ("O_TRUNC", libc::O_TRUNC),
    ("O_APPEND", libc::O_APPEND),
    ("O_NONBLOCK", libc::O_NONBLOCK),
    ("O_NDELAY", libc::O_NDELAY),
    ("O_SYNC", libc::O_SYNC),
    ("O_DSYNC", libc::O_DSYNC),
    ("O_NOCTTY", libc::O_NOCTTY),
    ("O_CLOEXEC", libc::O_CLOEXEC),
    ("O_DIRECTORY", libc::O_DIRECTORY),
    ("O_NOFOLLOW", libc::O_NOFOLLOW),
    ("O_ACCMODE", libc::O_ACCMODE),
];
/// `unlink(2)`
pub fn unlink(path: &Path) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::unlink(path.as_ptr()) }).map(|_| ())
}
/// `fsync(2)`
pub fn synchronize(fd: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::fsync(fd) }).map(|_| ())
}
/// `setenv(3)` or, without a value, `unsetenv(3)`.
pub fn set_environment(name: &[u8], value: Option<&[u8]>) -> io::Result<()> {
    let text = |b: &[u8]| CString::new(b).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    let name = text(name)?;
    match value {
        Some(value) => {
            let value = text(value)?;
            // SAFETY: both end with NUL and are copied. A VM runs one thread; others of the process do not read the
            // environment.
            checked(unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) }).map(|_| ())
        }
        // SAFETY: as above.
        None => checked(unsafe { libc::unsetenv(name.as_ptr()) }).map(|_| ()),
    }
}
/// `uname(2)`: system, node, release, version, machine.
pub fn system_names() -> io::Result<[Vec<u8>; 5]> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut names: libc::utsname = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::uname(&raw mut names) })?;
    let text = |field: &[libc::c_char]| field.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
    Ok([text(&names.sysname), text(&names.nodename), text(&names.release), text(&names.version), text(&names.machine)])
}
/// Is it a directory's?
pub fn is_directory(stat: &Stat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFDIR
}
/// Size in bytes.
pub fn size(stat: &Stat) -> i64 {
    stat.st_size
}
pub use libc::stat as Stat;

/// Names and numbers of errors; the usual name of a number comes first.
pub const ERRORS: &[(&str, i32)] = &[
    ("EPERM", libc::EPERM),
    ("ENOENT", libc::ENOENT),
    ("ESRCH", libc::ESRCH),
    ("EINTR", libc::EINTR),
    ("EIO", libc::EIO),
    ("ENXIO", libc::ENXIO),
    ("E2BIG", libc::E2BIG),
    ("ENOEXEC", libc::ENOEXEC),
    ("EBADF", libc::EBADF),
    ("ECHILD", libc::ECHILD),
    ("EAGAIN", libc::EAGAIN),
    ("EWOULDBLOCK", libc::EWOULDBLOCK),
    ("ENOMEM", libc::ENOMEM),
    ("EACCES", libc::EACCES),
    ("EFAULT", libc::EFAULT),
    ("ENOTBLK", libc::ENOTBLK),
    ("EBUSY", libc::EBUSY),
    ("EEXIST", libc::EEXIST),
    ("EXDEV", libc::EXDEV),
    ("ENODEV", libc::ENODEV),
    ("ENOTDIR", libc::ENOTDIR),
    ("EISDIR", libc::EISDIR),
    ("EINVAL", libc::EINVAL),
    ("ENFILE", libc::ENFILE),
    ("EMFILE", libc::EMFILE),
    ("ENOTTY", libc::ENOTTY),
    ("ETXTBSY", libc::ETXTBSY),
    ("EFBIG", libc::EFBIG),
    ("ENOSPC", libc::ENOSPC),
    ("ESPIPE", libc::ESPIPE),
    ("EROFS", libc::EROFS),
    ("EMLINK", libc::EMLINK),
    ("EPIPE", libc::EPIPE),
    ("EDOM", libc::EDOM),
    ("ERANGE", libc::ERANGE),
    ("EDEADLK", libc::EDEADLK),
    ("EDEADLOCK", libc::EDEADLOCK),
    ("ENAMETOOLONG", libc::ENAMETOOLONG),
    ("ENOLCK", libc::ENOLCK),
    ("ENOSYS", libc::ENOSYS),
    ("ENOTEMPTY", libc::ENOTEMPTY),
    ("ELOOP", libc::ELOOP),
    ("ENOMSG", libc::ENOMSG),
    ("EIDRM", libc::EIDRM),
    ("ECHRNG", libc::ECHRNG),
    ("EL2NSYNC", libc::EL2NSYNC),
    ("EL3HLT", libc::EL3HLT),
    ("EL3RST", libc::EL3RST),
    ("ELNRNG", libc::ELNRNG),
    ("EUNATCH", libc::EUNATCH),
    ("ENOCSI", libc::ENOCSI),
    ("EL2HLT", libc::EL2HLT),
    ("EBADE", libc::EBADE),
    ("EBADR", libc::EBADR),
    ("EXFULL", libc::EXFULL),
    ("ENOANO", libc::ENOANO),
    ("EBADRQC", libc::EBADRQC),
    ("EBADSLT", libc::EBADSLT),
    ("EBFONT", libc::EBFONT),
    ("ENOSTR", libc::ENOSTR),
    ("ENODATA", libc::ENODATA),
    ("ETIME", libc::ETIME),
    ("ENOSR", libc::ENOSR),
    ("ENONET", libc::ENONET),
    ("ENOPKG", libc::ENOPKG),
    ("EREMOTE", libc::EREMOTE),
    ("ENOLINK", libc::ENOLINK),
    ("EADV", libc::EADV),
    ("ESRMNT", libc::ESRMNT),
    ("ECOMM", libc::ECOMM),
    ("EPROTO", libc::EPROTO),
    ("EMULTIHOP", libc::EMULTIHOP),
    ("EDOTDOT", libc::EDOTDOT),
    ("EBADMSG", libc::EBADMSG),
    ("EOVERFLOW", libc::EOVERFLOW),
    ("ENOTUNIQ", libc::ENOTUNIQ),
    ("EBADFD", libc::EBADFD),
    ("EREMCHG", libc::EREMCHG),
    ("ELIBACC", libc::ELIBACC),
    ("ELIBBAD", libc::ELIBBAD),
    ("ELIBSCN", libc::ELIBSCN),
    ("ELIBMAX", libc::ELIBMAX),
    ("ELIBEXEC", libc::ELIBEXEC),
    ("EILSEQ", libc::EILSEQ),
    ("ERESTART", libc::ERESTART),
    ("ESTRPIPE", libc::ESTRPIPE),
    ("EUSERS", libc::EUSERS),
    ("ENOTSOCK", libc::ENOTSOCK),
    ("EDESTADDRREQ", libc::EDESTADDRREQ),
    ("EMSGSIZE", libc::EMSGSIZE),
    ("EPROTOTYPE", libc::EPROTOTYPE),
    ("ENOPROTOOPT", libc::ENOPROTOOPT),
    ("EPROTONOSUPPORT", libc::EPROTONOSUPPORT),
    ("ESOCKTNOSUPPORT", libc::ESOCKTNOSUPPORT),
    ("ENOTSUP", libc::ENOTSUP),
    ("EOPNOTSUPP", libc::EOPNOTSUPP),
    ("EPFNOSUPPORT", libc::EPFNOSUPPORT),
    ("EAFNOSUPPORT", libc::EAFNOSUPPORT),
    ("EADDRINUSE", libc::EADDRINUSE),
    ("EADDRNOTAVAIL", libc::EADDRNOTAVAIL),
    ("ENETDOWN", libc::ENETDOWN),
    ("ENETUNREACH", libc::ENETUNREACH),
    ("ENETRESET", libc::ENETRESET),
    ("ECONNABORTED", libc::ECONNABORTED),
    ("ECONNRESET", libc::ECONNRESET),
    ("ENOBUFS", libc::ENOBUFS),
    ("EISCONN", libc::EISCONN),
    ("ENOTCONN", libc::ENOTCONN),
    ("ESHUTDOWN", libc::ESHUTDOWN),
    ("ETOOMANYREFS", libc::ETOOMANYREFS),
    ("ETIMEDOUT", libc::ETIMEDOUT),
    ("ECONNREFUSED", libc::ECONNREFUSED),
    ("EHOSTDOWN", libc::EHOSTDOWN),
    ("EHOSTUNREACH", libc::EHOSTUNREACH),
    ("EALREADY", libc::EALREADY),
    ("EINPROGRESS", libc::EINPROGRESS),
    ("ESTALE", libc::ESTALE),
    ("EUCLEAN", libc::EUCLEAN),
    ("ENOTNAM", libc::ENOTNAM),
    ("ENAVAIL", libc::ENAVAIL),
    ("EISNAM", libc::EISNAM),
    ("EREMOTEIO", libc::EREMOTEIO),
    ("EDQUOT", libc::EDQUOT),
    ("ENOMEDIUM", libc::ENOMEDIUM),
    ("EMEDIUMTYPE", libc::EMEDIUMTYPE),
    ("ECANCELED", libc::ECANCELED),
    ("ENOKEY", libc::ENOKEY),
    ("EKEYEXPIRED", libc::EKEYEXPIRED),
    ("EKEYREVOKED", libc::EKEYREVOKED),
    ("EKEYREJECTED", libc::EKEYREJECTED),
    ("EOWNERDEAD", libc::EOWNERDEAD),
    ("ENOTRECOVERABLE", libc::ENOTRECOVERABLE),
    ("ERFKILL", libc::ERFKILL),
];
