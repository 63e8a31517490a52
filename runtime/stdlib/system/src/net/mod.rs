//! Sockets, by the numbers of their descriptors.

mod address;
mod messages;
mod names;

pub use address::Address;
pub use messages::{Ancillary, Received, ancillary_length, ancillary_space, receive_message, send_message};
pub use names::*;

use crate::{checked, of_numbers};
use std::io;

of_numbers! {
    /// `socket(2)`
    new_socket(family: i32, kind: i32, protocol: i32) = socket;
    /// `listen(2)`
    listen(fd: i32, backlog: i32) = listen;
    /// `shutdown(2)`
    shut_down(fd: i32, how: i32) = shutdown;
}

/// `socketpair(2)`
pub fn new_pair(family: i32, kind: i32, protocol: i32) -> io::Result<(i32, i32)> {
    let mut ends = [0; 2];
    // SAFETY: there is room for both.
    checked(unsafe { libc::socketpair(family, kind, protocol, ends.as_mut_ptr()) })?;
    Ok((ends[0], ends[1]))
}
/// `bind(2)`
pub fn bind(fd: i32, address: &Address) -> io::Result<()> {
    let (pointer, length) = address.parts();
    // SAFETY: the address is as long as it says.
    checked(unsafe { libc::bind(fd, pointer, length) }).map(|_| ())
}
/// `connect(2)`
pub fn connect(fd: i32, address: &Address) -> io::Result<()> {
    let (pointer, length) = address.parts();
    // SAFETY: the address is as long as it says.
    checked(unsafe { libc::connect(fd, pointer, length) }).map(|_| ())
}
/// `accept4(2)`: a socket that child processes do not inherit, and who connected.
pub fn accept(fd: i32) -> io::Result<(i32, Address)> {
    let mut accepted = 0;
    let address = Address::from_call(|address, length| {
        // SAFETY: there is room for an address as long as the length says.
        accepted = checked(unsafe { libc::accept4(fd, address, length, libc::SOCK_CLOEXEC) })?;
        Ok(())
    })?;
    Ok((accepted as i32, address))
}
/// `getsockname(2)`
pub fn own_address(fd: i32) -> io::Result<Address> {
    Address::from_call(|address, length| {
        // SAFETY: as in `accept`.
        checked(unsafe { libc::getsockname(fd, address, length) }).map(|_| ())
    })
}
/// `getpeername(2)`
pub fn peer_address(fd: i32) -> io::Result<Address> {
    Address::from_call(|address, length| {
        // SAFETY: as in `accept`.
        checked(unsafe { libc::getpeername(fd, address, length) }).map(|_| ())
    })
}
/// `recv(2)`
pub fn receive(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    // SAFETY: the buffer has room for as many bytes.
    checked(unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) } as i64).map(|n| n as usize)
}
/// `recvfrom(2)`
pub fn receive_from(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<(usize, Address)> {
    let mut n = 0;
    let address = Address::from_call(|address, length| {
        // SAFETY: the buffer has room for as many bytes, and so has the address.
        n = checked(
            unsafe { libc::recvfrom(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, address, length) } as i64
        )?;
        Ok(())
    })?;
    Ok((n as usize, address))
}
/// `send(2)`
pub fn send(fd: i32, bytes: &[u8], flags: i32) -> io::Result<usize> {
    // SAFETY: the bytes are there.
    checked(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) } as i64).map(|n| n as usize)
}
/// `sendto(2)`
pub fn send_to(fd: i32, bytes: &[u8], flags: i32, address: &Address) -> io::Result<usize> {
    let (pointer, length) = address.parts();
    // SAFETY: the bytes are there, and the address is as long as it says.
    checked(unsafe { libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), flags, pointer, length) } as i64)
        .map(|n| n as usize)
}
/// `setsockopt(2)`; `None` is a null pointer with a length.
pub fn set_option(fd: i32, level: i32, option: i32, value: Result<&[u8], u32>) -> io::Result<()> {
    let (pointer, length) = match value {
        Ok(bytes) => (bytes.as_ptr(), bytes.len() as libc::socklen_t),
        Err(length) => (std::ptr::null(), length),
    };
    // SAFETY: the bytes are there; with a null pointer nothing is read.
    checked(unsafe { libc::setsockopt(fd, level, option, pointer.cast(), length) }).map(|_| ())
}
/// `getsockopt(2)`: how many bytes of the buffer it filled.
pub fn option(fd: i32, level: i32, option: i32, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = buffer.len() as libc::socklen_t;
    // SAFETY: the buffer has room for as many bytes.
    checked(unsafe { libc::getsockopt(fd, level, option, buffer.as_mut_ptr().cast(), &raw mut length) })?;
    Ok(length as usize)
}
/// An option that is a number.
pub fn number_option(fd: i32, level: i32, name: i32) -> io::Result<i32> {
    let mut bytes = [0; 4];
    option(fd, level, name, &mut bytes)?;
    Ok(i32::from_ne_bytes(bytes))
}
/// `gethostname(2)`
pub fn host_name() -> io::Result<Vec<u8>> {
    let mut buffer = [0u8; 1024];
    // SAFETY: the buffer has the room.
    checked(unsafe { libc::gethostname(buffer.as_mut_ptr().cast(), buffer.len()) })?;
    Ok(buffer.iter().copied().take_while(|b| *b != 0).collect())
}
/// `sethostname(2)`
pub fn set_host_name(name: &[u8]) -> io::Result<()> {
    // SAFETY: the bytes are there.
    checked(unsafe { libc::sethostname(name.as_ptr().cast(), name.len()) }).map(|_| ())
}
