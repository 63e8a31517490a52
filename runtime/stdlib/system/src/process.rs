//! The process and the system it runs on.

use crate::checked;
use std::ffi::CString;
use std::io;

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
/// `setenv(3)` or, without a value, `unsetenv(3)`.
pub fn set_environment(name: &[u8], value: Option<&[u8]>) -> io::Result<()> {
    let text = |b: &[u8]| CString::new(b).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    let name = text(name)?;
    match value {
        Some(value) => {
            let value = text(value)?;
            // SAFETY: both end with NUL and are copied. A VM's threads run one at a time, and calls without its lock do
            // not read the environment.
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
/// `_exit(2)`: nothing is flushed or run.
pub fn exit_at_once(code: i32) -> ! {
    // SAFETY: it does not return.
    unsafe { libc::_exit(code) }
}
/// `system(3)`: the wait status.
pub fn shell(command: &std::ffi::CStr) -> io::Result<i32> {
    // SAFETY: the command ends with NUL.
    checked(unsafe { libc::system(command.as_ptr()) }).map(|status| status as i32)
}
/// `waitpid(2)`: the process and its status.
pub fn wait(process: i32, options: i32) -> io::Result<(i32, i32)> {
    let mut status = 0;
    // SAFETY: there is room for the status.
    let process = checked(unsafe { libc::waitpid(process, &raw mut status, options) })?;
    Ok((process as i32, status))
}
/// `wait4(2)`: the process, its status, and what it used.
pub fn wait_with_usage(process: i32, options: i32) -> io::Result<(i32, i32, Usage)> {
    let mut status = 0;
    // SAFETY: all zeros is a value of this plain struct.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the results.
    let process = checked(unsafe { libc::wait4(process, &raw mut status, options, &raw mut usage) })?;
    Ok((process as i32, status, usage_from(&usage)))
}
/// `waitid(2)`: process, user, signal, status, code; `None`: none has changed.
pub fn wait_for_state(kind: u32, id: u32, options: i32) -> io::Result<Option<[i64; 5]>> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::waitid(kind, id, &raw mut info, options) })?;
    // SAFETY: these fields of the union are integers, for which any bytes are valid.
    let (process, user, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    if process == 0 {
        return Ok(None);
    }
    Ok(Some([process.into(), user.into(), info.si_signo.into(), status.into(), info.si_code.into()]))
}
/// What a wait status says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WaitStatus(pub i32);

impl WaitStatus {
    /// The exit code, if it ended so.
    pub fn exit_code(self) -> Option<i32> {
        libc::WIFEXITED(self.0).then(|| libc::WEXITSTATUS(self.0))
    }
    /// The signal that ended it, if one did.
    pub fn ended_by(self) -> Option<i32> {
        libc::WIFSIGNALED(self.0).then(|| libc::WTERMSIG(self.0))
    }
    /// The signal that stopped it, if one did.
    pub fn stopped_by(self) -> Option<i32> {
        libc::WIFSTOPPED(self.0).then(|| libc::WSTOPSIG(self.0))
    }
    /// Does it go on after it was stopped?
    pub fn continued(self) -> bool {
        libc::WIFCONTINUED(self.0)
    }
    /// Is there a core file?
    pub fn has_core(self) -> bool {
        libc::WCOREDUMP(self.0)
    }
}

/// What a process used: times in user code and in the system in seconds, then the counters of `rusage` in its order.
pub type Usage = ([f64; 2], [i64; 14]);

fn usage_from(u: &libc::rusage) -> Usage {
    let seconds = |t: &libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    (
        [seconds(&u.ru_utime), seconds(&u.ru_stime)],
        [
            u.ru_maxrss,
            u.ru_ixrss,
            u.ru_idrss,
            u.ru_isrss,
            u.ru_minflt,
            u.ru_majflt,
            u.ru_nswap,
            u.ru_inblock,
            u.ru_oublock,
            u.ru_msgsnd,
            u.ru_msgrcv,
            u.ru_nsignals,
            u.ru_nvcsw,
            u.ru_nivcsw,
        ],
    )
}
/// `getrusage(2)`
pub fn usage(who: i32) -> io::Result<Usage> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::getrusage(who, &raw mut usage) })?;
    Ok(usage_from(&usage))
}
/// `killpg(3)`
pub fn kill_group(group: i32, signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::killpg(group, signal) }).map(|_| ())
}
/// `pidfd_open(2)`
pub fn open_pidfd(process: i32, flags: u32) -> io::Result<i32> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::syscall(libc::SYS_pidfd_open, process, flags) }).map(|fd| fd as i32)
}
/// `getrandom(2)`: at most as many bytes as the buffer has room for.
pub fn random_with(buffer: &mut [u8], flags: u32) -> io::Result<usize> {
    // SAFETY: the buffer has room for as many bytes.
    checked(unsafe { libc::getrandom(buffer.as_mut_ptr().cast(), buffer.len(), flags) } as i64).map(|n| n as usize)
}
/// `umask(2)`
pub fn set_umask(mask: u32) -> u32 {
    // SAFETY: no memory is involved.
    unsafe { libc::umask(mask) }
}
/// The soft and the hard limit of a resource; the largest number is infinity.
pub type Limits = [u64; 2];

/// `prlimit(2)`: the limits that were; 0 is the process itself.
pub fn limits(process: i32, resource: u32, new: Option<Limits>) -> io::Result<Limits> {
    let new = new.map(|[soft, hard]| libc::rlimit { rlim_cur: soft, rlim_max: hard });
    let mut old = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let new = new.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: the first pointer is null or to a local, the second to a local.
    checked(unsafe { libc::prlimit(process, resource, new, &raw mut old) })?;
    Ok([old.rlim_cur, old.rlim_max])
}
