//! Addresses of sockets, as the system lays them out.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An address of any family.
#[derive(Clone, Copy)]
pub struct Address {
    // Room for all families, as the system defines it, and aligned for them.
    storage: libc::sockaddr_storage,
    length: libc::socklen_t,
}

const FAMILY_BYTES: usize = size_of::<libc::sa_family_t>();

impl Address {
    /// An address of a family with no content.
    pub fn empty(family: i32) -> Address {
        // SAFETY: all zeros is a value of this plain struct.
        let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
        storage.ss_family = family as libc::sa_family_t;
        Address { storage, length: FAMILY_BYTES as libc::socklen_t }
    }
    /// An address of a family with these bytes behind its number; `None` if they are too many.
    pub fn new(family: i32, content: &[u8]) -> Option<Address> {
        let mut address = Address::empty(family);
        let room = address.bytes_mut().get_mut(FAMILY_BYTES..FAMILY_BYTES + content.len())?;
        room.copy_from_slice(content);
        address.length = (FAMILY_BYTES + content.len()) as libc::socklen_t;
        Some(address)
    }
    fn bytes_mut(&mut self) -> &mut [u8] {
        let n = size_of_val(&self.storage);
        // SAFETY: the struct is plain, and any bytes are a value of it.
        unsafe { std::slice::from_raw_parts_mut((&raw mut self.storage).cast(), n) }
    }
    fn bytes(&self) -> &[u8] {
        // SAFETY: the struct is plain and initialized as a whole.
        unsafe { std::slice::from_raw_parts((&raw const self.storage).cast(), size_of_val(&self.storage)) }
    }
    /// An internet address.
    pub fn v4(host: Ipv4Addr, port: u16) -> Address {
        let mut content = [0; 14];
        content[..2].copy_from_slice(&port.to_be_bytes());
        content[2..6].copy_from_slice(&host.octets());
        Address::new(libc::AF_INET, &content).unwrap_or_else(|| Address::empty(libc::AF_INET))
    }
    /// An internet address of the sixth version.
    pub fn v6(host: Ipv6Addr, port: u16, flow: u32, scope: u32) -> Address {
        let mut content = [0; 26];
        content[..2].copy_from_slice(&port.to_be_bytes());
        content[2..6].copy_from_slice(&flow.to_be_bytes());
        content[6..22].copy_from_slice(&host.octets());
        content[22..].copy_from_slice(&scope.to_ne_bytes());
        Address::new(libc::AF_INET6, &content).unwrap_or_else(|| Address::empty(libc::AF_INET6))
    }
    /// The address that a call leaves in the room that it gets.
    pub(crate) fn from_call(
        call: impl FnOnce(*mut libc::sockaddr, *mut libc::socklen_t) -> io::Result<()>,
    ) -> io::Result<Address> {
        let mut address = Address::empty(libc::AF_UNSPEC);
        let mut length = size_of_val(&address.storage) as libc::socklen_t;
        call((&raw mut address.storage).cast(), &raw mut length)?;
        // The system says how long it would be, were there room.
        address.length = length.min(size_of_val(&address.storage) as libc::socklen_t);
        Ok(address)
    }
    /// # Safety
    /// The pointer is to an address of so many bytes.
    pub(crate) unsafe fn copy(pointer: *const libc::sockaddr, length: libc::socklen_t) -> Address {
        let mut address = Address::empty(libc::AF_UNSPEC);
        address.length = length.min(size_of_val(&address.storage) as libc::socklen_t);
        // SAFETY: the caller's promise; there is room.
        unsafe {
            std::ptr::copy_nonoverlapping(
                pointer.cast::<u8>(),
                (&raw mut address.storage).cast::<u8>(),
                address.length as usize,
            );
        }
        address
    }
    /// As the system takes it.
    pub(crate) fn parts(&self) -> (*const libc::sockaddr, libc::socklen_t) {
        ((&raw const self.storage).cast(), self.length)
    }
    /// Is there one at all?
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
    /// Its family.
    pub fn family(&self) -> i32 {
        i32::from(self.storage.ss_family)
    }
    /// The bytes behind the family's number.
    pub fn content(&self) -> &[u8] {
        self.bytes().get(FAMILY_BYTES..self.length as usize).unwrap_or_default()
    }
    fn part<const N: usize>(&self, from: usize) -> [u8; N] {
        let mut part = [0; N];
        part.copy_from_slice(&self.bytes()[FAMILY_BYTES + from..FAMILY_BYTES + from + N]);
        part
    }
    /// Host and port, if it is an internet address.
    pub fn as_v4(&self) -> Option<(Ipv4Addr, u16)> {
        (self.family() == libc::AF_INET).then(|| (Ipv4Addr::from(self.part::<4>(2)), u16::from_be_bytes(self.part(0))))
    }
    /// Host, port, flow information and scope, if it is one of the sixth version.
    pub fn as_v6(&self) -> Option<(Ipv6Addr, u16, u32, u32)> {
        (self.family() == libc::AF_INET6).then(|| {
            (
                Ipv6Addr::from(self.part::<16>(6)),
                u16::from_be_bytes(self.part(0)),
                u32::from_be_bytes(self.part(2)),
                u32::from_ne_bytes(self.part(22)),
            )
        })
    }
}
