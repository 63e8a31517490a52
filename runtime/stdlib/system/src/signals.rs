//! Signals: from the system's handler to words that a Python thread polls, and the calls about them.
//!
//! A handler may run at any instruction of any thread. All that it does is [`Inbox::post`]: it sets the signal's bit and the
//! poll word of the thread that is to act on it, and writes to the descriptor that wakes an event loop. A signal that the
//! system gave to another thread is sent on to that thread, whose waiting call it is to end (`EINTR`).
//!
//! What belongs to the process is static here: which inbox a signal's handler posts to. Inboxes are never freed, so that a
//! handler may run at any time; a closed one touches no poll word and is used again by the next interpreter.

use crate::checked;
use std::io;
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

/// One more than the largest number of a signal.
pub const NSIG: i32 = 65;

/// A set of signals: bit N - 1 for signal N.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SignalSet(pub u64);

impl SignalSet {
    /// With no members.
    pub const EMPTY: SignalSet = SignalSet(0);
    const fn bit(signal: i32) -> u64 {
        if signal > 0 && signal < NSIG { 1 << (signal - 1) } else { 0 }
    }
    /// Is the signal a member?
    pub fn contains(self, signal: i32) -> bool {
        self.0 & SignalSet::bit(signal) != 0
    }
    /// Makes the signal a member.
    pub fn insert(&mut self, signal: i32) {
        self.0 |= SignalSet::bit(signal);
    }
    /// Makes the signal no member.
    pub fn remove(&mut self, signal: i32) {
        self.0 &= !SignalSet::bit(signal);
    }
    /// The members, in order.
    pub fn members(self) -> impl Iterator<Item = i32> {
        (1..NSIG).filter(move |signal| self.contains(*signal))
    }
    pub(crate) fn to_system(self) -> libc::sigset_t {
        // SAFETY: all zeros is a value of this plain struct.
        let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
        // SAFETY: the set is a local.
        unsafe { libc::sigemptyset(&raw mut set) };
        for signal in self.members() {
            // SAFETY: as above. Numbers that the C library keeps for itself are refused, as they should be.
            unsafe { libc::sigaddset(&raw mut set, signal) };
        }
        set
    }
    fn from_system(set: &libc::sigset_t) -> SignalSet {
        let mut members = SignalSet::EMPTY;
        for signal in 1..NSIG {
            // SAFETY: the set is initialized.
            if unsafe { libc::sigismember(std::ptr::from_ref(set), signal) } == 1 {
                members.insert(signal);
            }
        }
        members
    }
    /// All signals that programs may use.
    pub fn all() -> SignalSet {
        // SAFETY: all zeros is a value of this plain struct.
        let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
        // SAFETY: the set is a local.
        unsafe { libc::sigfillset(&raw mut set) };
        SignalSet::from_system(&set)
    }
}

/// What signals of one interpreter leave for its main thread.
pub struct Inbox {
    /// The signals that have come.
    pending: AtomicU64,
    /// The thread's poll word; null once the inbox is closed.
    poll: AtomicPtr<AtomicU32>,
    /// The thread (`pthread_t`).
    thread: AtomicUsize,
    /// Where the number of each signal is written, or -1.
    wakeup: AtomicI32,
    /// Is it an error that the descriptor takes no more?
    wakeup_complains: AtomicBool,
    /// The error of the last write, or 0.
    wakeup_error: AtomicI32,
    /// Handlers that are running now and may be about to write to `poll`.
    running: AtomicUsize,
}

/// The inbox of each signal that is handled.
static OWNERS: [AtomicPtr<Inbox>; NSIG as usize] = [const { AtomicPtr::new(null_mut()) }; NSIG as usize];

/// Closed inboxes.
static FREE: Mutex<Vec<&'static Inbox>> = Mutex::new(Vec::new());

/// The system's handler of every handled signal. Async-signal-safe: atomics, `write` and `pthread_kill`.
extern "C" fn handler(signal: libc::c_int) {
    // SAFETY: the pointer is to the thread's own number.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    let saved = unsafe { *errno };
    let owner = OWNERS.get(signal as usize).map_or(null_mut(), |owner| owner.load(SeqCst));
    // SAFETY: null, or one of the inboxes, which are never freed.
    if let Some(inbox) = unsafe { owner.as_ref() } {
        inbox.post(signal);
    }
    // SAFETY: as above.
    unsafe { *errno = saved };
}

fn this_thread() -> usize {
    // SAFETY: it only tells.
    unsafe { libc::pthread_self() as usize }
}

impl Inbox {
    /// An inbox of the running thread.
    ///
    /// # Safety
    /// The poll word stays valid until [`Inbox::close`], which happens before the thread ends.
    pub unsafe fn open(poll: *mut u32) -> &'static Inbox {
        let free = FREE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let inbox = free.unwrap_or_else(|| {
            Box::leak(Box::new(Inbox {
                pending: AtomicU64::new(0),
                poll: AtomicPtr::new(null_mut()),
                thread: AtomicUsize::new(0),
                wakeup: AtomicI32::new(-1),
                wakeup_complains: AtomicBool::new(true),
                wakeup_error: AtomicI32::new(0),
                running: AtomicUsize::new(0),
            }))
        });
        inbox.pending.store(0, SeqCst);
        inbox.wakeup.store(-1, SeqCst);
        inbox.wakeup_complains.store(true, SeqCst);
        inbox.wakeup_error.store(0, SeqCst);
        inbox.thread.store(this_thread(), SeqCst);
        inbox.poll.store(poll.cast(), SeqCst);
        inbox
    }
    /// Gives all signals their default meaning back that this inbox handles. No handler touches the poll word from now on.
    pub fn close(&'static self) {
        for signal in 1..NSIG {
            if self.owns(signal) {
                // A signal that was handled can be given back.
                _ = set_action(signal, libc::SIG_DFL);
            }
        }
        self.poll.store(null_mut(), SeqCst);
        for owner in &OWNERS {
            // What it was is of no interest.
            _ = owner.compare_exchange(std::ptr::from_ref(self).cast_mut(), null_mut(), SeqCst, SeqCst);
        }
        // A handler on another thread is at most a few instructions long; one on this thread has ended.
        while self.running.load(SeqCst) != 0 {
            std::thread::yield_now();
        }
        FREE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(self);
    }
    /// A signal came. Async-signal-safe.
    fn post(&self, signal: i32) {
        self.running.fetch_add(1, SeqCst);
        let poll = self.poll.load(SeqCst);
        if poll.is_null() {
            // The interpreter is going.
        } else if self.is_of_this_thread() {
            self.pending.fetch_or(SignalSet::bit(signal), SeqCst);
            // SAFETY: the word lives until `close`, which waits for `running` to become 0 after it has made the pointer null.
            // It is aligned for an atomic of its size; the thread itself reads and writes it as volatile.
            unsafe { (*poll).store(1, SeqCst) };
            self.wake(signal);
        } else {
            // It counts once: where it comes to the right thread.
            // SAFETY: that thread waits in `close` as long as this handler runs.
            unsafe { libc::pthread_kill(self.thread.load(SeqCst) as libc::pthread_t, signal) };
        }
        self.running.fetch_sub(1, SeqCst);
    }
    fn wake(&self, signal: i32) {
        let fd = self.wakeup.load(SeqCst);
        if fd < 0 {
            return;
        }
        let byte = signal as u8;
        // SAFETY: there is one byte.
        while unsafe { libc::write(fd, (&raw const byte).cast(), 1) } < 0 {
            match io::Error::last_os_error().raw_os_error() {
                Some(libc::EINTR) => {}
                Some(libc::EAGAIN) if !self.wakeup_complains.load(SeqCst) => return,
                Some(error) => return self.wakeup_error.store(error, SeqCst),
                None => return,
            }
        }
    }
    /// Is the inbox one of the thread that runs?
    pub fn is_of_this_thread(&self) -> bool {
        self.thread.load(SeqCst) == this_thread()
    }
    /// The signals that have come since the last call.
    pub fn take(&self) -> SignalSet {
        SignalSet(self.pending.swap(0, SeqCst))
    }
    /// Has the signal come since the last call of [`Inbox::take`]?
    pub fn came(&self, signal: i32) -> bool {
        SignalSet(self.pending.load(SeqCst)).contains(signal)
    }
    /// Puts signals back that were taken, for the next poll.
    pub fn put_back(&self, signals: SignalSet) {
        self.pending.fetch_or(signals.0, SeqCst);
        self.ask();
    }
    /// Lets the thread poll. By the thread that the inbox is of.
    fn ask(&self) {
        let poll = self.poll.load(SeqCst);
        if !poll.is_null() {
            // SAFETY: the inbox is open, on this thread.
            unsafe { (*poll).store(1, SeqCst) };
        }
    }
    /// Where the number of each signal is written from now on (-1: nowhere), and whether a full pipe there is an error. The
    /// descriptor that it was.
    pub fn set_wakeup(&self, fd: i32, complains: bool) -> i32 {
        self.wakeup_complains.store(complains, SeqCst);
        self.wakeup.swap(fd, SeqCst)
    }
    /// The error of a write to that descriptor, once.
    pub fn take_wakeup_error(&self) -> Option<io::Error> {
        match self.wakeup_error.swap(0, SeqCst) {
            0 => None,
            error => Some(io::Error::from_raw_os_error(error)),
        }
    }
    /// Does the signal's handler post here?
    pub fn owns(&self, signal: i32) -> bool {
        let owner = OWNERS.get(signal as usize).map_or(null_mut(), |owner| owner.load(SeqCst));
        std::ptr::eq(owner, self)
    }
    /// Posts this signal here from now on; calls that wait return (`EINTR`) when it came.
    ///
    /// # Errors
    /// It is no signal that can be handled.
    pub fn handle(&'static self, signal: i32) -> io::Result<()> {
        let Some(owner) = OWNERS.get(signal as usize) else { return Err(invalid()) };
        let before = owner.swap(std::ptr::from_ref(self).cast_mut(), SeqCst);
        let set = set_action(signal, handler as extern "C" fn(libc::c_int) as libc::sighandler_t);
        if set.is_err() {
            owner.store(before, SeqCst);
        }
        set
    }
    /// The child of a fork: what came was the parent's, and the one thread that is left is this one.
    pub fn after_fork(&self) {
        self.pending.store(0, SeqCst);
        self.running.store(0, SeqCst);
        self.thread.store(this_thread(), SeqCst);
    }
}

/// As if the signal had come to the process, if a handler of ours is set for it.
pub fn simulate(signal: i32) {
    let owner = OWNERS.get(signal as usize).map_or(null_mut(), |owner| owner.load(SeqCst));
    // SAFETY: null, or one of the inboxes, which are never freed.
    if let Some(inbox) = unsafe { owner.as_ref() } {
        inbox.post(signal);
    }
}

fn invalid() -> io::Error {
    io::Error::from_raw_os_error(libc::EINVAL)
}

fn action(signal: i32) -> io::Result<libc::sigaction> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: nothing is changed; there is room for the result.
    checked(unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) })?;
    Ok(action)
}

/// On the alternate stack, as the C library's handlers of faults are; without `SA_RESTART`.
fn set_action(signal: i32, handler: libc::sighandler_t) -> io::Result<()> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = libc::SA_ONSTACK;
    // SAFETY: the handler is one of the system's two or this module's, which is async-signal-safe.
    checked(unsafe { libc::sigaction(signal, &raw const action, null_mut()) }).map(|_| ())
}

/// What happens when a signal comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// What the system does.
    Default,
    /// Nothing.
    Ignored,
    /// A handler runs.
    Handled,
}

/// What happens when the signal comes.
///
/// # Errors
/// It is no signal.
pub fn disposition(signal: i32) -> io::Result<Disposition> {
    Ok(match action(signal)?.sa_sigaction {
        libc::SIG_DFL => Disposition::Default,
        libc::SIG_IGN => Disposition::Ignored,
        _ => Disposition::Handled,
    })
}

/// Gives the signal its default meaning, or none.
///
/// # Errors
/// It is no signal whose meaning can be changed.
pub fn set_disposition(signal: i32, ignored: bool) -> io::Result<()> {
    set_action(signal, if ignored { libc::SIG_IGN } else { libc::SIG_DFL })?;
    if let Some(owner) = OWNERS.get(signal as usize) {
        owner.store(null_mut(), SeqCst);
    }
    Ok(())
}

pub use libc::SIGINT;

/// Ends the process as the signal's default meaning does, so that whoever waits for it sees that. Returns if this thread blocks
/// the signal.
///
/// # Errors
/// It is no signal whose meaning can be changed.
pub fn end_by(signal: i32) -> io::Result<()> {
    set_disposition(signal, false)?;
    raise(signal)
}

/// Says whether calls that wait return (`EINTR`) when this signal was handled, or go on.
///
/// # Errors
/// It is no signal that can be handled.
pub fn interrupt_calls(signal: i32, interrupt: bool) -> io::Result<()> {
    let mut action = action(signal)?;
    if interrupt {
        action.sa_flags &= !libc::SA_RESTART;
    } else {
        action.sa_flags |= libc::SA_RESTART;
    }
    // SAFETY: the handler stays as it was.
    checked(unsafe { libc::sigaction(signal, &raw const action, null_mut()) }).map(|_| ())
}

/// How [`change_mask`] changes the set of blocked signals: the system's numbers.
pub mod mask {
    pub use libc::{SIG_BLOCK as BLOCK, SIG_SETMASK as SET, SIG_UNBLOCK as UNBLOCK};
}

/// Changes the thread's set of blocked signals; the set that it was.
///
/// # Errors
/// `how` is none of [`mask`].
pub fn change_mask(how: i32, set: SignalSet) -> io::Result<SignalSet> {
    let (set, mut before) = (set.to_system(), SignalSet::EMPTY.to_system());
    // SAFETY: both are locals.
    match unsafe { libc::pthread_sigmask(how, &raw const set, &raw mut before) } {
        0 => Ok(SignalSet::from_system(&before)),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// The blocked signals that have come and wait.
pub fn pending() -> io::Result<SignalSet> {
    let mut set = SignalSet::EMPTY.to_system();
    // SAFETY: there is room for the result.
    checked(unsafe { libc::sigpending(&raw mut set) })?;
    Ok(SignalSet::from_system(&set))
}

/// Waits for one of the signals, which are blocked.
pub fn wait(set: SignalSet) -> io::Result<i32> {
    let (set, mut signal) = (set.to_system(), 0);
    // SAFETY: there is room for the result.
    match unsafe { libc::sigwait(&raw const set, &raw mut signal) } {
        0 => Ok(signal),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// What is known of a signal that came: number, code, error, sender's process, its user, status, band.
pub type SignalInfo = [i64; 7];

/// Waits for one of the signals, which are blocked, at most so long. `EAGAIN`: that time is over.
pub fn wait_for_info(set: SignalSet, most: Option<Duration>) -> io::Result<SignalInfo> {
    let set = set.to_system();
    // SAFETY: all zeros is a value of this plain struct.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let waited = match most {
        // SAFETY: there is room for the result.
        None => unsafe { libc::sigwaitinfo(&raw const set, &raw mut info) },
        Some(most) => {
            let most = crate::time::to_system(most);
            // SAFETY: as above.
            unsafe { libc::sigtimedwait(&raw const set, &raw mut info, &raw const most) }
        }
    };
    checked(waited)?;
    // The status lies behind process and user, and the band where those are: CPython shows both whatever the signal.
    // SAFETY: these fields of the union are integers, for which any bytes are valid.
    let (process, user, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    let band = i64::from(process) & 0xFFFF_FFFF | i64::from(user) << 32;
    Ok([
        i64::from(info.si_signo),
        i64::from(info.si_code),
        i64::from(info.si_errno),
        i64::from(process),
        i64::from(user),
        i64::from(status),
        band,
    ])
}

/// `raise(3)`
pub fn raise(signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::raise(signal) }).map(|_| ())
}

/// The number by which [`send_to_thread`] knows the running thread.
pub fn thread_number() -> u64 {
    this_thread() as u64
}

/// Sends a thread of the process a signal, by the number that the kernel gives it.
pub fn send_to_native_thread(thread: u32, signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, signal) }).map(|_| ())
}

/// `pidfd_send_signal(2)`
pub fn send_to_pidfd(pidfd: i32, signal: i32, flags: u32) -> io::Result<()> {
    // SAFETY: the null pointer is allowed: the system says who sent it.
    checked(unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd, signal, null_mut::<libc::siginfo_t>(), flags) })
        .map(|_| ())
}

/// `alarm(2)`: the seconds that were left.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: no memory is involved.
    unsafe { libc::alarm(seconds) }
}

/// `pause(2)`: returns when a signal was handled.
pub fn pause() {
    // SAFETY: no memory is involved. It always fails, with EINTR.
    unsafe { libc::pause() };
}

/// A timer's time until it fires and time between firings, in microseconds.
pub type Timer = [i64; 2];

fn timer_from(timer: &libc::itimerval) -> Timer {
    let microseconds = |t: &libc::timeval| t.tv_sec.saturating_mul(1_000_000).saturating_add(t.tv_usec);
    [microseconds(&timer.it_value), microseconds(&timer.it_interval)]
}

/// `setitimer(2)`: what the timer was.
pub fn set_timer(which: i32, timer: Timer) -> io::Result<Timer> {
    let [value, interval] = timer.map(|t| libc::timeval { tv_sec: t / 1_000_000, tv_usec: t % 1_000_000 });
    let (new, mut old) = (
        libc::itimerval { it_value: value, it_interval: interval },
        libc::itimerval { it_value: value, it_interval: interval },
    );
    // SAFETY: both are locals.
    checked(unsafe { libc::setitimer(which, &raw const new, &raw mut old) })?;
    Ok(timer_from(&old))
}

/// `getitimer(2)`
pub fn timer(which: i32) -> io::Result<Timer> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut timer: libc::itimerval = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::getitimer(which, &raw mut timer) })?;
    Ok(timer_from(&timer))
}

/// `strsignal(3)`
pub fn text(signal: i32) -> Option<String> {
    // SAFETY: any number may be asked for. The text may be in memory that the next call overwrites; it is copied at once.
    let text = unsafe { libc::strsignal(signal) };
    // SAFETY: as above; it ends with NUL.
    (!text.is_null()).then(|| unsafe { std::ffi::CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// Names and numbers of the signals.
pub fn names() -> impl Iterator<Item = (&'static str, i32)> {
    NAMES.iter().copied().chain([("SIGRTMIN", libc::SIGRTMIN()), ("SIGRTMAX", libc::SIGRTMAX())])
}

const NAMES: &[(&str, i32)] = &[
    ("SIGABRT", libc::SIGABRT),
    ("SIGALRM", libc::SIGALRM),
    ("SIGBUS", libc::SIGBUS),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGCLD", libc::SIGCHLD),
    ("SIGCONT", libc::SIGCONT),
    ("SIGFPE", libc::SIGFPE),
    ("SIGHUP", libc::SIGHUP),
    ("SIGILL", libc::SIGILL),
    ("SIGINT", libc::SIGINT),
    ("SIGIO", libc::SIGIO),
    ("SIGIOT", libc::SIGIOT),
    ("SIGKILL", libc::SIGKILL),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGPOLL", libc::SIGPOLL),
    ("SIGPROF", libc::SIGPROF),
    ("SIGPWR", libc::SIGPWR),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGSTKFLT", libc::SIGSTKFLT),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGSYS", libc::SIGSYS),
    ("SIGTERM", libc::SIGTERM),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGURG", libc::SIGURG),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
];
