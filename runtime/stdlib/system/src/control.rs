//! `fcntl`, `ioctl`, locks.

use crate::checked;
use std::io;

/// `fcntl(2)` with a number.
pub fn control(fd: i32, command: i32, argument: i64) -> io::Result<i64> {
    // SAFETY: what commands do with a number is the caller's: those that take addresses get them from `control_with`.
    checked(unsafe { libc::fcntl(fd, command, argument) })
}
/// `fcntl(2)` with a buffer that it may change.
pub fn control_with(fd: i32, command: i32, buffer: &mut [u8]) -> io::Result<i64> {
    // SAFETY: the buffer is as large as the caller says; structures of commands are smaller.
    checked(unsafe { libc::fcntl(fd, command, buffer.as_mut_ptr()) })
}
/// `ioctl(2)` with a number.
pub fn device_control(fd: i32, request: u64, argument: i64) -> io::Result<i64> {
    // SAFETY: as for `control`.
    checked(unsafe { libc::ioctl(fd, request as libc::Ioctl, argument) })
}
/// `ioctl(2)` with a buffer that it may change.
pub fn device_control_with(fd: i32, request: u64, buffer: &mut [u8]) -> io::Result<i64> {
    // SAFETY: as for `control_with`.
    checked(unsafe { libc::ioctl(fd, request as libc::Ioctl, buffer.as_mut_ptr()) })
}
/// `flock(2)`
pub fn lock_file(fd: i32, operation: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::flock(fd, operation) }).map(|_| ())
}
/// A record lock by `fcntl(2)`: kind, start, length, whence. Waits for it or not.
pub fn lock_record(fd: i32, wait: bool, kind: i16, start: i64, length: i64, whence: i16) -> io::Result<()> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    (lock.l_type, lock.l_start, lock.l_len, lock.l_whence) = (kind, start, length, whence);
    let command = if wait { libc::F_SETLKW } else { libc::F_SETLK };
    // SAFETY: the lock is a local.
    checked(unsafe { libc::fcntl(fd, command, &raw const lock) }).map(|_| ())
}

/// A terminal's modes: input, output, control, local, input speed, output speed, special characters.
pub struct TerminalModes {
    /// The four words of flags.
    pub flags: [u32; 4],
    /// The speeds of input and output, as the constants that name them.
    pub speeds: [u32; 2],
    /// The special characters.
    pub characters: [u8; libc::NCCS],
}

/// `tcgetattr(3)`
pub fn terminal_modes(fd: i32) -> io::Result<TerminalModes> {
    let t = terminal(fd)?;
    // SAFETY: the modes are a local.
    let speeds = unsafe { [libc::cfgetispeed(&raw const t), libc::cfgetospeed(&raw const t)] };
    Ok(TerminalModes { flags: [t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag], speeds, characters: t.c_cc })
}
fn terminal(fd: i32) -> io::Result<libc::termios> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut t: libc::termios = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::tcgetattr(fd, &raw mut t) })?;
    Ok(t)
}
/// `tcsetattr(3)`
pub fn set_terminal_modes(fd: i32, when: i32, modes: &TerminalModes) -> io::Result<()> {
    let mut t = terminal(fd)?;
    [t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag] = modes.flags;
    t.c_cc = modes.characters;
    let [input, output] = modes.speeds;
    // SAFETY: the modes are a local.
    checked(unsafe { libc::cfsetispeed(&raw mut t, input) })?;
    // SAFETY: as above.
    checked(unsafe { libc::cfsetospeed(&raw mut t, output) })?;
    // SAFETY: as above.
    checked(unsafe { libc::tcsetattr(fd, when, &raw const t) }).map(|_| ())
}
crate::of_numbers! {
    /// `tcsendbreak(3)`
    send_break(fd: i32, duration: i32) = tcsendbreak;
    /// `tcdrain(3)`
    drain(fd: i32) = tcdrain;
    /// `tcflush(3)`
    flush_queue(fd: i32, queue: i32) = tcflush;
    /// `tcflow(3)`
    suspend_flow(fd: i32, action: i32) = tcflow;
}
/// Sets a terminal's lines and columns; what else it knows of its size stays.
pub fn set_terminal_size(fd: i32, lines: u16, columns: u16) -> io::Result<()> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the request fills a `winsize`.
    checked(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) })?;
    (size.ws_row, size.ws_col) = (lines, columns);
    // SAFETY: the request reads a `winsize`.
    checked(unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &raw const size) }).map(|_| ())
}
