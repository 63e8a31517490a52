//! Users and groups that the system knows.

use std::ffi::{CStr, CString};
use std::io;

/// A user: name, password, number, group's number, what is known of them, folder, shell.
#[derive(Clone, Debug)]
pub struct User {
    /// Name, password, what is known of them, folder, shell.
    pub texts: [Vec<u8>; 5],
    /// Their number and that of their group.
    pub numbers: [u32; 2],
}
/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name and password.
    pub texts: [Vec<u8>; 2],
    /// Its number.
    pub number: u32,
    /// Names of its members.
    pub members: Vec<Vec<u8>>,
}

/// By what an account is looked for.
pub enum Account {
    /// Its name.
    Name(CString),
    /// Its number.
    Number(u32),
}

/// # Safety
/// The pointer is null or to a text that ends with NUL.
unsafe fn text(pointer: *const libc::c_char) -> Vec<u8> {
    if pointer.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec()
}

/// Calls with larger and larger buffers until what is found has room. `call`: whether something was found, or the error.
fn with_buffer<T>(mut call: impl FnMut(&mut [u8]) -> Result<Option<T>, i32>) -> io::Result<Option<T>> {
    let mut room = 1024;
    loop {
        match call(&mut vec![0; room]) {
            Ok(found) => return Ok(found),
            Err(libc::ERANGE) if room < 1 << 24 => room *= 2,
            // What some systems say where there is none.
            Err(0 | libc::ENOENT | libc::ESRCH) => return Ok(None),
            Err(error) => return Err(io::Error::from_raw_os_error(error)),
        }
    }
}

/// # Safety
/// It was filled by the C library, whose memory is still there.
unsafe fn to_user(u: &libc::passwd) -> User {
    // SAFETY: the caller's promise.
    let texts = unsafe { [text(u.pw_name), text(u.pw_passwd), text(u.pw_gecos), text(u.pw_dir), text(u.pw_shell)] };
    User { texts, numbers: [u.pw_uid, u.pw_gid] }
}
/// # Safety
/// As above.
unsafe fn to_group(g: &libc::group) -> Group {
    let mut members = Vec::new();
    let mut at = g.gr_mem;
    // SAFETY: the array ends with a null pointer; its texts with NUL.
    unsafe {
        while !at.is_null() && !(*at).is_null() {
            members.push(text(*at));
            at = at.add(1);
        }
        Group { texts: [text(g.gr_name), text(g.gr_passwd)], number: g.gr_gid, members }
    }
}

/// `getpwnam_r(3)` or `getpwuid_r(3)`
pub fn user(account: &Account) -> io::Result<Option<User>> {
    with_buffer(|buffer| {
        // SAFETY: all zeros is a value of this plain struct.
        let mut u: libc::passwd = unsafe { std::mem::zeroed() };
        let (mut found, room, start) = (std::ptr::null_mut(), buffer.len(), buffer.as_mut_ptr().cast());
        let error = match account {
            // SAFETY: the name ends with NUL; the rest are locals, and the buffer has the room.
            Account::Name(name) => unsafe { libc::getpwnam_r(name.as_ptr(), &raw mut u, start, room, &raw mut found) },
            // SAFETY: as above.
            Account::Number(n) => unsafe { libc::getpwuid_r(*n, &raw mut u, start, room, &raw mut found) },
        };
        match error {
            // SAFETY: it was filled; its texts are in the buffer.
            0 => Ok((!found.is_null()).then(|| unsafe { to_user(&u) })),
            error => Err(error),
        }
    })
}
/// `getgrnam_r(3)` or `getgrgid_r(3)`
pub fn group(account: &Account) -> io::Result<Option<Group>> {
    with_buffer(|buffer| {
        // SAFETY: all zeros is a value of this plain struct.
        let mut g: libc::group = unsafe { std::mem::zeroed() };
        let (mut found, room, start) = (std::ptr::null_mut(), buffer.len(), buffer.as_mut_ptr().cast());
        let error = match account {
            // SAFETY: the name ends with NUL; the rest are locals, and the buffer has the room.
            Account::Name(name) => unsafe { libc::getgrnam_r(name.as_ptr(), &raw mut g, start, room, &raw mut found) },
            // SAFETY: as above.
            Account::Number(n) => unsafe { libc::getgrgid_r(*n, &raw mut g, start, room, &raw mut found) },
        };
        match error {
            // SAFETY: it was filled; its texts are in the buffer.
            0 => Ok((!found.is_null()).then(|| unsafe { to_group(&g) })),
            error => Err(error),
        }
    })
}

/// One walk at a time: the position is the process's.
static WALKING: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// All users that the system lists.
pub fn users() -> Vec<User> {
    let _one = WALKING.lock();
    let mut all = Vec::new();
    // SAFETY: nobody else walks here, and an entry is copied before the next is asked for.
    unsafe {
        libc::setpwent();
        while let Some(user) = libc::getpwent().as_ref() {
            all.push(to_user(user));
        }
        libc::endpwent();
    }
    all
}
/// All groups that the system lists.
pub fn groups() -> Vec<Group> {
    let _one = WALKING.lock();
    let mut all = Vec::new();
    // SAFETY: as in `users`.
    unsafe {
        libc::setgrent();
        while let Some(group) = libc::getgrent().as_ref() {
            all.push(to_group(group));
        }
        libc::endgrent();
    }
    all
}
