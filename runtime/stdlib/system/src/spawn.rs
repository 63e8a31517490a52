//! Starting programs: `exec`, `posix_spawn`, and the fork with everything between it and `exec` that `subprocess` asks for.

use crate::{checked, error_number};
use std::ffi::{CStr, CString};
use std::io;
use std::ptr::null;

/// Texts, and the pointers to them with a null at the end that the system takes.
pub struct Texts {
    // The pointers are into these.
    _texts: Vec<CString>,
    pointers: Vec<*const libc::c_char>,
}

impl Texts {
    /// The texts as the system takes them.
    pub fn new(texts: Vec<CString>) -> Texts {
        let pointers = texts.iter().map(|t| t.as_ptr()).chain(std::iter::once(null())).collect();
        Texts { _texts: texts, pointers }
    }
    fn as_ptr(&self) -> *const *const libc::c_char {
        self.pointers.as_ptr()
    }
}

/// `execve(2)`, or `execv(3)` without an environment. Returns only with an error.
pub fn execute(path: &CStr, arguments: &Texts, environment: Option<&Texts>) -> io::Error {
    match environment {
        // SAFETY: all texts end with NUL and the arrays with a null pointer.
        Some(environment) => unsafe { libc::execve(path.as_ptr(), arguments.as_ptr(), environment.as_ptr()) },
        // SAFETY: as above.
        None => unsafe { libc::execv(path.as_ptr(), arguments.as_ptr()) },
    };
    io::Error::last_os_error()
}
/// `fexecve(3)`. Returns only with an error.
pub fn execute_descriptor(fd: i32, arguments: &Texts, environment: &Texts) -> io::Error {
    // SAFETY: all texts end with NUL and the arrays with a null pointer.
    unsafe { libc::fexecve(fd, arguments.as_ptr(), environment.as_ptr()) };
    io::Error::last_os_error()
}

/// The `fork(2)` of a process whose other threads do not matter to the child; 0 in the child.
///
/// The child has the running thread alone. Memory of the C library's is sound there; locks of other threads may be held for
/// ever.
pub fn fork() -> io::Result<i32> {
    // SAFETY: Rust's library takes no locks across calls of ours; what the interpreter must set right, it does by its hooks.
    checked(unsafe { libc::fork() }).map(|process| process as i32)
}
/// `forkpty(3)`: the process (0 in the child) and the new terminal, which only the parent has.
pub fn fork_with_terminal() -> io::Result<(i32, i32)> {
    let mut terminal = -1;
    // SAFETY: there is room for the number; nothing else is asked or given. Otherwise as `fork`.
    let process = checked(unsafe { libc::forkpty(&raw mut terminal, std::ptr::null_mut(), null(), null()) })?;
    Ok((process as i32, terminal))
}

/// What `subprocess` asks for. Descriptors that are not there are -1.
pub struct Child {
    /// The program: each path is tried until one is there.
    pub programs: Vec<CString>,
    /// Its arguments.
    pub arguments: Texts,
    /// Its environment, if not the parent's.
    pub environment: Option<Texts>,
    /// Its folder.
    pub folder: Option<CString>,
    /// Descriptors that it keeps, in order; errors are reported to the last argument of them that is `report`.
    pub keep: Vec<i32>,
    /// Are all others closed?
    pub close_others: bool,
    /// Standard input: the child's end, the parent's end.
    pub input: [i32; 2],
    /// Standard output: the parent's end, the child's end.
    pub output: [i32; 2],
    /// Standard error: the parent's end, the child's end.
    pub error: [i32; 2],
    /// Where what went wrong is written.
    pub report: i32,
    /// Do the signals that Python ignores get their default meaning?
    pub restore_signals: bool,
    /// Is it a session of its own?
    pub new_session: bool,
    /// Its process group, if not negative.
    pub process_group: i32,
    /// Its supplementary groups.
    pub groups: Option<Vec<u32>>,
    /// Its group.
    pub group: Option<u32>,
    /// Its user.
    pub user: Option<u32>,
    /// Its mask of permissions, if not negative.
    pub mask: i32,
}

impl Child {
    /// Forks and, in the child, runs the program. `first` runs in the child, right before the descriptors are closed; false
    /// says that it failed. The child's number.
    ///
    /// # Errors
    /// The process cannot be forked. What goes wrong in the child is written to `report`.
    pub fn start(&self, in_child: Option<&mut dyn FnMut() -> bool>) -> io::Result<i32> {
        let process = fork()?;
        if process == 0 {
            self.run(in_child);
        }
        Ok(process)
    }
    /// In the child, which never returns. Nothing here allocates: other threads may have held the allocator's locks.
    fn run(&self, in_child: Option<&mut dyn FnMut() -> bool>) -> ! {
        let (error, what) = match self.prepare() {
            Err(failed) => failed,
            Ok(()) if in_child.is_some_and(|first| !first()) => {
                self.say(b"SubprocessError:0:Exception occurred in preexec_fn.");
                crate::exit_at_once(255)
            }
            Ok(()) => {
                if self.close_others {
                    self.close_descriptors();
                }
                (self.execute(), "")
            }
        };
        // The number in hexadecimal digits, from the end.
        let mut digits = [0u8; 8];
        let (mut at, mut rest) = (digits.len(), error as u32);
        while rest != 0 {
            at -= 1;
            digits[at] = b"0123456789abcdef"[rest as usize % 16];
            rest /= 16;
        }
        for part in [b"OSError:", &digits[at..], b":", what.as_bytes()] {
            self.say(part);
        }
        crate::exit_at_once(255)
    }
    /// Writes what went wrong. Nobody can be told if that fails.
    fn say(&self, text: &[u8]) {
        _ = crate::write(self.report, text);
    }
    fn prepare(&self) -> Result<(), (i32, &'static str)> {
        let number = |e: io::Error| (e.raw_os_error().unwrap_or(0), "noexec");
        for fd in self.keep.iter().filter(|fd| **fd != self.report) {
            crate::set_inheritable(*fd, true).map_err(number)?;
        }
        for fd in [self.input[1], self.output[0], self.error[0]] {
            if fd != -1 {
                crate::close(fd).map_err(number)?;
            }
        }
        let (mut output, mut error) = (self.output[1], self.error[1]);
        // Those in the way of the standard ones are moved first.
        if output == 0 {
            output = crate::duplicate(output).map_err(number)?;
        }
        while error == 0 || error == 1 {
            error = crate::duplicate(error).map_err(number)?;
        }
        for (fd, standard) in [(self.input[0], 0), (output, 1), (error, 2)] {
            if fd == standard {
                crate::set_inheritable(fd, true).map_err(number)?;
            } else if fd != -1 {
                crate::duplicate_to(fd, standard, true).map_err(number)?;
            }
        }
        if let Some(folder) = &self.folder {
            // SAFETY: the path ends with NUL.
            checked(unsafe { libc::chdir(folder.as_ptr()) })
                .map_err(|e| (e.raw_os_error().unwrap_or(0), "noexec:chdir"))?;
        }
        if self.mask >= 0 {
            crate::set_umask(self.mask as u32);
        }
        if self.restore_signals {
            for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
                crate::signals::set_disposition(signal, false).map_err(number)?;
            }
        }
        if self.new_session {
            crate::identity::new_session().map_err(number)?;
        }
        if self.process_group >= 0 {
            crate::identity::set_process_group(0, self.process_group).map_err(number)?;
        }
        if let Some(groups) = &self.groups {
            crate::identity::set_groups(groups).map_err(number)?;
        }
        if let Some(group) = self.group {
            crate::identity::set_real_group(group, group).map_err(number)?;
        }
        if let Some(user) = self.user {
            crate::identity::set_real_user(user, user).map_err(number)?;
        }
        Ok(())
    }
    /// Closes all descriptors from 3 on but those to keep, which are in order.
    fn close_descriptors(&self) {
        let mut from = 3;
        for keep in self.keep.iter().copied().filter(|fd| *fd >= 3).chain(std::iter::once(i32::MAX)) {
            if keep > from {
                crate::close_range(from, keep);
            }
            from = keep.saturating_add(1);
        }
    }
    /// Runs the program; the error that tells most.
    fn execute(&self) -> i32 {
        let (mut telling, mut last) = (0, 0);
        for program in &self.programs {
            last = execute(program, &self.arguments, self.environment.as_ref()).raw_os_error().unwrap_or(0);
            if last != libc::ENOENT && last != libc::ENOTDIR && telling == 0 {
                telling = last;
            }
        }
        if telling != 0 { telling } else { last }
    }
}

/// What `posix_spawn(3)` does to the child's descriptors.
pub enum FileAction {
    /// Opens a path under a number, with flags and mode.
    Open(i32, CString, i32, u32),
    /// Closes a number.
    Close(i32),
    /// Duplicates one number to another.
    Duplicate(i32, i32),
}

/// What `posix_spawn(3)` is asked for beside the program.
#[derive(Default)]
pub struct SpawnOptions {
    /// What is done to descriptors, in order.
    pub actions: Vec<FileAction>,
    /// The process group.
    pub process_group: Option<i32>,
    /// Are the effective numbers of user and group set to the real ones?
    pub reset_identity: bool,
    /// Is it a session of its own?
    pub new_session: bool,
    /// The blocked signals.
    pub mask: Option<crate::signals::SignalSet>,
    /// The signals that get their default meaning.
    pub default: Option<crate::signals::SignalSet>,
    /// Policy (if it is to be changed) and priority.
    pub scheduler: Option<(Option<i32>, i32)>,
}

/// `posix_spawn(3)` or, looking for the program in `PATH`, `posix_spawnp(3)`.
pub fn spawn(
    path: &CStr,
    search: bool,
    arguments: &Texts,
    environment: &Texts,
    options: &SpawnOptions,
) -> io::Result<i32> {
    // SAFETY: all zeros is a value of these plain structs, which are initialized at once.
    let (mut actions, mut attributes): (libc::posix_spawn_file_actions_t, libc::posix_spawnattr_t) =
        unsafe { (std::mem::zeroed(), std::mem::zeroed()) };
    // SAFETY: they are locals.
    error_number(unsafe { libc::posix_spawn_file_actions_init(&raw mut actions) })?;
    // SAFETY: as above.
    error_number(unsafe { libc::posix_spawnattr_init(&raw mut attributes) })?;
    let spawned = (|| {
        for action in &options.actions {
            let actions = &raw mut actions;
            // SAFETY: the actions are initialized; paths are copied, or live until they are destroyed.
            error_number(unsafe {
                match action {
                    FileAction::Open(fd, path, flags, mode) => {
                        libc::posix_spawn_file_actions_addopen(actions, *fd, path.as_ptr(), *flags, *mode)
                    }
                    FileAction::Close(fd) => libc::posix_spawn_file_actions_addclose(actions, *fd),
                    FileAction::Duplicate(from, to) => libc::posix_spawn_file_actions_adddup2(actions, *from, *to),
                }
            })?;
        }
        set_attributes(&mut attributes, options)?;
        let mut process = 0;
        let call = if search { libc::posix_spawnp } else { libc::posix_spawn };
        // SAFETY: all texts end with NUL and the arrays with a null pointer; the rest is initialized.
        error_number(unsafe {
            call(
                &raw mut process,
                path.as_ptr(),
                &raw const actions,
                &raw const attributes,
                arguments.as_ptr().cast(),
                environment.as_ptr().cast(),
            )
        })?;
        Ok(process)
    })();
    // SAFETY: they were initialized.
    unsafe {
        libc::posix_spawn_file_actions_destroy(&raw mut actions);
        libc::posix_spawnattr_destroy(&raw mut attributes);
    }
    spawned
}

fn set_attributes(attributes: &mut libc::posix_spawnattr_t, options: &SpawnOptions) -> io::Result<()> {
    let a = std::ptr::from_mut(attributes);
    let mut flags = 0;
    if let Some(group) = options.process_group {
        // SAFETY: the attributes are initialized.
        error_number(unsafe { libc::posix_spawnattr_setpgroup(a, group) })?;
        flags |= libc::POSIX_SPAWN_SETPGROUP;
    }
    if options.reset_identity {
        flags |= libc::POSIX_SPAWN_RESETIDS;
    }
    if options.new_session {
        flags |= i32::from(libc::POSIX_SPAWN_SETSID);
    }
    if let Some(mask) = options.mask {
        let mask = mask.to_system();
        // SAFETY: as above; the set is a local that is copied.
        error_number(unsafe { libc::posix_spawnattr_setsigmask(a, &raw const mask) })?;
        flags |= libc::POSIX_SPAWN_SETSIGMASK;
    }
    if let Some(default) = options.default {
        let default = default.to_system();
        // SAFETY: as above.
        error_number(unsafe { libc::posix_spawnattr_setsigdefault(a, &raw const default) })?;
        flags |= libc::POSIX_SPAWN_SETSIGDEF;
    }
    if let Some((policy, priority)) = options.scheduler {
        if let Some(policy) = policy {
            // SAFETY: as above.
            error_number(unsafe { libc::posix_spawnattr_setschedpolicy(a, policy) })?;
            flags |= libc::POSIX_SPAWN_SETSCHEDULER;
        }
        let parameters = libc::sched_param { sched_priority: priority };
        // SAFETY: as above.
        error_number(unsafe { libc::posix_spawnattr_setschedparam(a, &raw const parameters) })?;
        flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
    }
    // SAFETY: as above.
    error_number(unsafe { libc::posix_spawnattr_setflags(a, flags as libc::c_short) })
}
