//! Terminals.

use crate::{checked, error_number, of_numbers};
use std::io;

of_numbers! {
    /// `tcgetpgrp(3)`
    foreground(fd: i32) = tcgetpgrp;
    /// `tcsetpgrp(3)`
    set_foreground(fd: i32, group: i32) = tcsetpgrp;
    /// `login_tty(3)`
    log_in(fd: i32) = login_tty;
}

/// `ttyname_r(3)`
pub fn name(fd: i32) -> io::Result<Vec<u8>> {
    let mut buffer = [0u8; 256];
    // SAFETY: the buffer has the room.
    error_number(unsafe { libc::ttyname_r(fd, buffer.as_mut_ptr().cast(), buffer.len()) })?;
    Ok(buffer.iter().copied().take_while(|b| *b != 0).collect())
}
/// A pair of a new terminal: its own end and that of programs, neither inherited.
pub fn open_pair() -> io::Result<(i32, i32)> {
    let (mut own, mut other) = (-1, -1);
    let none = std::ptr::null_mut();
    // SAFETY: there is room for both; nothing else is asked or given.
    checked(unsafe { libc::openpty(&raw mut own, &raw mut other, none, std::ptr::null(), std::ptr::null()) })?;
    crate::set_inheritable(own, false)?;
    crate::set_inheritable(other, false)?;
    Ok((own, other))
}
