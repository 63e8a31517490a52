//! Names of hosts, services, protocols and interfaces.

use super::Address;
use std::ffi::{CStr, CString, c_char, c_int};
use std::io;
use std::ptr::null_mut;

unsafe extern "C" {
    fn gethostbyname_r(
        name: *const c_char,
        found: *mut libc::hostent,
        buffer: *mut c_char,
        room: usize,
        result: *mut *mut libc::hostent,
        error: *mut c_int,
    ) -> c_int;
    fn gethostbyaddr_r(
        address: *const libc::c_void,
        length: libc::socklen_t,
        kind: c_int,
        found: *mut libc::hostent,
        buffer: *mut c_char,
        room: usize,
        result: *mut *mut libc::hostent,
        error: *mut c_int,
    ) -> c_int;
    fn inet_ntop(
        family: c_int,
        address: *const libc::c_void,
        text: *mut c_char,
        room: libc::socklen_t,
    ) -> *const c_char;
    fn inet_aton(text: *const c_char, address: *mut libc::in_addr) -> c_int;
}

/// # Safety
/// The pointer is null or to a text that ends with NUL.
unsafe fn text(pointer: *const c_char) -> Vec<u8> {
    // SAFETY: the caller's promise.
    if pointer.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec() }
}

/// What `getaddrinfo(3)` found.
pub struct AddressInfo {
    /// Family, type, protocol.
    pub numbers: [i32; 3],
    /// The host's proper name, if that was asked for.
    pub name: Vec<u8>,
    /// The address.
    pub address: Address,
}

/// An error of name resolution.
pub enum ResolveError {
    /// Its number, among those of `getaddrinfo(3)`.
    Resolver(i32),
    /// An error of the system.
    System(io::Error),
}

fn resolved(code: i32) -> Result<(), ResolveError> {
    match code {
        0 => Ok(()),
        libc::EAI_SYSTEM => Err(ResolveError::System(io::Error::last_os_error())),
        code => Err(ResolveError::Resolver(code)),
    }
}

/// The text of such a number.
pub fn resolver_error_text(code: i32) -> String {
    // SAFETY: any number may be asked for; the text stays and ends with NUL.
    unsafe { CStr::from_ptr(libc::gai_strerror(code)) }.to_string_lossy().into_owned()
}
/// The text of a number of `h_errno`.
pub fn host_error_text(code: i32) -> String {
    // SAFETY: as above.
    unsafe { CStr::from_ptr(libc::hstrerror(code)) }.to_string_lossy().into_owned()
}

/// `getaddrinfo(3)` with family, type, protocol, flags.
pub fn resolve(host: Option<&CStr>, service: Option<&CStr>, hints: [i32; 4]) -> Result<Vec<AddressInfo>, ResolveError> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut wanted: libc::addrinfo = unsafe { std::mem::zeroed() };
    [wanted.ai_family, wanted.ai_socktype, wanted.ai_protocol, wanted.ai_flags] = hints;
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    let mut list = null_mut();
    // SAFETY: the texts are null or end with NUL; the rest are locals.
    resolved(unsafe { libc::getaddrinfo(pointer(host), pointer(service), &raw const wanted, &raw mut list) })?;
    let mut found = Vec::new();
    let mut at = list;
    // SAFETY: the list ends with a null pointer; its entries are filled.
    while let Some(info) = unsafe { at.as_ref() } {
        found.push(AddressInfo {
            numbers: [info.ai_family, info.ai_socktype, info.ai_protocol],
            // SAFETY: null, or a text that ends with NUL.
            name: unsafe { text(info.ai_canonname) },
            // SAFETY: the entry has an address of this length.
            address: unsafe { Address::copy(info.ai_addr, info.ai_addrlen) },
        });
        at = info.ai_next;
    }
    // SAFETY: the list is ours, and nothing of it is used any more.
    unsafe { libc::freeaddrinfo(list) };
    Ok(found)
}

/// `getnameinfo(3)`: host and service.
pub fn names_of(address: &Address, flags: i32) -> Result<(Vec<u8>, Vec<u8>), ResolveError> {
    let (pointer, length) = address.parts();
    let (mut host, mut service) = ([0 as c_char; 1025], [0 as c_char; 32]);
    // SAFETY: the address is as long as it says; both buffers have the room.
    resolved(unsafe {
        libc::getnameinfo(
            pointer,
            length,
            host.as_mut_ptr(),
            host.len() as libc::socklen_t,
            service.as_mut_ptr(),
            service.len() as libc::socklen_t,
            flags,
        )
    })?;
    // SAFETY: both end with NUL.
    Ok(unsafe { (text(host.as_ptr()), text(service.as_ptr())) })
}

/// A host: its name, other names, addresses.
pub struct Host {
    /// Its name.
    pub name: Vec<u8>,
    /// Other names.
    pub aliases: Vec<Vec<u8>>,
    /// The family of its addresses.
    pub family: i32,
    /// Its addresses, as bytes.
    pub addresses: Vec<Vec<u8>>,
}

/// # Safety
/// It was filled by the C library, whose memory is still there.
unsafe fn to_host(h: &libc::hostent) -> Host {
    let each = |mut at: *mut *mut c_char, take: &mut dyn FnMut(*const c_char)| {
        // SAFETY: the array ends with a null pointer.
        unsafe {
            while !at.is_null() && !(*at).is_null() {
                take(*at);
                at = at.add(1);
            }
        }
    };
    let (mut aliases, mut addresses) = (Vec::new(), Vec::new());
    // SAFETY: the names end with NUL.
    each(h.h_aliases, &mut |name| aliases.push(unsafe { text(name) }));
    each(h.h_addr_list, &mut |address| {
        // SAFETY: each address has the length that the host says.
        addresses.push(unsafe { std::slice::from_raw_parts(address.cast(), h.h_length as usize) }.to_vec());
    });
    // SAFETY: the name ends with NUL.
    Host { name: unsafe { text(h.h_name) }, aliases, family: h.h_addrtype, addresses }
}

fn host(
    mut call: impl FnMut(*mut libc::hostent, &mut [u8], *mut *mut libc::hostent, *mut c_int) -> c_int,
) -> Result<Host, i32> {
    let mut room = 8192;
    loop {
        // SAFETY: all zeros is a value of this plain struct.
        let mut found: libc::hostent = unsafe { std::mem::zeroed() };
        let (mut result, mut error, mut buffer) = (null_mut(), 0, vec![0u8; room]);
        let code = call(&raw mut found, &mut buffer, &raw mut result, &raw mut error);
        if code == libc::ERANGE && room < 1 << 20 {
            room *= 2;
        } else if result.is_null() {
            return Err(error);
        } else {
            // SAFETY: it was filled; what it points to is in the buffer.
            return Ok(unsafe { to_host(&found) });
        }
    }
}
/// `gethostbyname_r(3)`; an error is a number of `h_errno`.
pub fn host_by_name(name: &CStr) -> Result<Host, i32> {
    host(|found, buffer, result, error| {
        // SAFETY: the name ends with NUL; the buffer has the room; the rest are locals of the caller.
        unsafe { gethostbyname_r(name.as_ptr(), found, buffer.as_mut_ptr().cast(), buffer.len(), result, error) }
    })
}
/// `gethostbyaddr_r(3)`; an error is a number of `h_errno`.
pub fn host_by_address(family: i32, address: &[u8]) -> Result<Host, i32> {
    host(|found, buffer, result, error| {
        // SAFETY: the address is there; the buffer has the room; the rest are locals of the caller.
        unsafe {
            gethostbyaddr_r(
                address.as_ptr().cast(),
                address.len() as libc::socklen_t,
                family,
                found,
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                result,
                error,
            )
        }
    })
}

/// One look at a time at the databases whose answers lie in memory of the C library.
static LOOKING: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn pointer(text: Option<&CString>) -> *const c_char {
    text.map_or(std::ptr::null(), |text| text.as_ptr())
}
/// `getservbyname(3)`: the port.
pub fn service_port(name: &CStr, protocol: Option<&CString>) -> Option<u16> {
    let _one = LOOKING.lock();
    // SAFETY: the texts end with NUL; nobody else looks meanwhile.
    let service = unsafe { libc::getservbyname(name.as_ptr(), pointer(protocol)).as_ref() }?;
    Some(u16::from_be(service.s_port as u16))
}
/// `getservbyport(3)`: the name.
pub fn service_name(port: u16, protocol: Option<&CString>) -> Option<Vec<u8>> {
    let _one = LOOKING.lock();
    // SAFETY: as above.
    let service = unsafe { libc::getservbyport(i32::from(port.to_be()), pointer(protocol)).as_ref() }?;
    // SAFETY: the name ends with NUL.
    Some(unsafe { text(service.s_name) })
}
/// `getprotobyname(3)`: the number.
pub fn protocol_number(name: &CStr) -> Option<i32> {
    let _one = LOOKING.lock();
    // SAFETY: as above.
    Some(unsafe { libc::getprotobyname(name.as_ptr()).as_ref() }?.p_proto)
}

/// `inet_ntop(3)` of an address whose length is that of the family.
pub fn address_text(family: i32, address: &[u8]) -> io::Result<String> {
    let wanted = match family {
        libc::AF_INET => 4,
        libc::AF_INET6 => 16,
        _ => return Err(io::Error::from_raw_os_error(libc::EAFNOSUPPORT)),
    };
    if address.len() != wanted {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    let mut buffer = [0 as c_char; 64];
    let room = buffer.len() as libc::socklen_t;
    // SAFETY: the address is as long as the family says; the buffer has the room.
    let shown = unsafe { inet_ntop(family, address.as_ptr().cast(), buffer.as_mut_ptr(), room) };
    if shown.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it ends with NUL.
    Ok(String::from_utf8_lossy(&unsafe { text(shown) }).into_owned())
}
/// `inet_aton(3)`: an internet address in any of its old forms.
pub fn old_address(shown: &CStr) -> Option<[u8; 4]> {
    let mut address = libc::in_addr { s_addr: 0 };
    // SAFETY: the text ends with NUL; there is room for the result.
    (unsafe { inet_aton(shown.as_ptr(), &raw mut address) } != 0).then(|| address.s_addr.to_ne_bytes())
}

/// `if_nameindex(3)`: numbers and names of the interfaces.
pub fn interfaces() -> io::Result<Vec<(u32, Vec<u8>)>> {
    // SAFETY: it has no arguments.
    let list = unsafe { libc::if_nameindex() };
    if list.is_null() {
        return Err(io::Error::last_os_error());
    }
    let mut found = Vec::new();
    let mut at = list;
    // SAFETY: the array ends with an entry of zeros; names end with NUL. It is freed when nothing of it is used any more.
    unsafe {
        while (*at).if_index != 0 && !(*at).if_name.is_null() {
            found.push(((*at).if_index, text((*at).if_name)));
            at = at.add(1);
        }
        libc::if_freenameindex(list);
    }
    Ok(found)
}
/// `if_nametoindex(3)`
pub fn interface_number(name: &CStr) -> Option<u32> {
    // SAFETY: the name ends with NUL.
    Some(unsafe { libc::if_nametoindex(name.as_ptr()) }).filter(|n| *n != 0)
}
/// `if_indextoname(3)`
pub fn interface_name(number: u32) -> io::Result<Vec<u8>> {
    let mut buffer = [0 as c_char; libc::IF_NAMESIZE + 1];
    // SAFETY: the buffer has the room.
    if unsafe { libc::if_indextoname(number, buffer.as_mut_ptr()) }.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it ends with NUL.
    Ok(unsafe { text(buffer.as_ptr()) })
}
