//! Users, groups, sessions of the process.

use crate::{checked, checked_by_errno, of_numbers};
use std::ffi::CStr;
use std::io;

of_numbers! {
    /// `setuid(2)`
    set_user(user: u32) = setuid;
    /// `seteuid(2)`
    set_effective_user(user: u32) = seteuid;
    /// `setreuid(2)`
    set_real_user(real: u32, effective: u32) = setreuid;
    /// `setresuid(2)`
    set_users(real: u32, effective: u32, saved: u32) = setresuid;
    /// `setgid(2)`
    set_group(group: u32) = setgid;
    /// `setegid(2)`
    set_effective_group(group: u32) = setegid;
    /// `setregid(2)`
    set_real_group(real: u32, effective: u32) = setregid;
    /// `setresgid(2)`
    set_groups_of_process(real: u32, effective: u32, saved: u32) = setresgid;
    /// `getpgid(2)`
    process_group(process: i32) = getpgid;
    /// `setpgid(2)`
    set_process_group(process: i32, group: i32) = setpgid;
    /// `getsid(2)`
    session(process: i32) = getsid;
    /// `setsid(2)`
    new_session() = setsid;
}

/// `getresuid(2)`
pub fn users() -> io::Result<[u32; 3]> {
    let mut u = [0; 3];
    let [real, effective, saved] = &mut u;
    // SAFETY: the pointers are to locals.
    checked(unsafe { libc::getresuid(real, effective, saved) })?;
    Ok(u)
}
/// `getresgid(2)`
pub fn groups_of_process() -> io::Result<[u32; 3]> {
    let mut g = [0; 3];
    let [real, effective, saved] = &mut g;
    // SAFETY: the pointers are to locals.
    checked(unsafe { libc::getresgid(real, effective, saved) })?;
    Ok(g)
}
/// `getgroups(2)`
pub fn groups() -> io::Result<Vec<u32>> {
    // SAFETY: with no room only the number is asked for.
    let n = checked(unsafe { libc::getgroups(0, std::ptr::null_mut()) })?;
    let mut groups = vec![0; n as usize];
    // SAFETY: there is room for as many.
    let n = checked(unsafe { libc::getgroups(n as i32, groups.as_mut_ptr()) })?;
    groups.truncate(n as usize);
    Ok(groups)
}
/// `setgroups(2)`
pub fn set_groups(groups: &[u32]) -> io::Result<()> {
    // SAFETY: there are as many.
    checked(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }).map(|_| ())
}
/// `getgrouplist(3)`
pub fn groups_of_user(user: &CStr, group: u32) -> io::Result<Vec<u32>> {
    let mut room = 64;
    loop {
        let (mut groups, mut count) = (vec![0; room as usize], room);
        // SAFETY: the name ends with NUL; there is room for `count` groups.
        if unsafe { libc::getgrouplist(user.as_ptr(), group, groups.as_mut_ptr(), &raw mut count) } >= 0 {
            groups.truncate(count as usize);
            return Ok(groups);
        }
        if room >= 1 << 20 {
            return Err(io::Error::last_os_error());
        }
        room = (room * 2).max(count);
    }
}
/// `initgroups(3)`
pub fn take_groups_of_user(user: &CStr, group: u32) -> io::Result<()> {
    // SAFETY: the name ends with NUL.
    checked(unsafe { libc::initgroups(user.as_ptr(), group) }).map(|_| ())
}
/// `getlogin(3)`
pub fn login_name() -> io::Result<Vec<u8>> {
    // SAFETY: the text is in memory of the C library that the next call overwrites; it is copied at once.
    let name = unsafe { libc::getlogin() };
    if name.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above; it ends with NUL.
    Ok(unsafe { CStr::from_ptr(name) }.to_bytes().to_vec())
}
/// `getpriority(2)`
pub fn priority(which: i32, who: u32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    checked_by_errno(|| unsafe { libc::getpriority(which as _, who) })
}
/// `setpriority(2)`
pub fn set_priority(which: i32, who: u32, priority: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::setpriority(which as _, who, priority) }).map(|_| ())
}
/// `nice(2)`
pub fn nice(increment: i32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    checked_by_errno(|| unsafe { libc::nice(increment) })
}
