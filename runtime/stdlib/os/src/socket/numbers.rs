//! Byte orders and texts of numbers.

use super::address::unsigned;
use crate::posix::small;
use python_objects::{Args, Exc, Native, Py, R, Value, int, string};
use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};
use stdlib_system::net;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("ntohs", "x, /", |py, a| swap16(py, a, "ntohs"), "Convert from network to host byte order."),
    Native::function("htons", "x, /", |py, a| swap16(py, a, "htons"), "Convert from host to network byte order."),
    Native::function("ntohl", "x, /", swap32, "Convert from network to host byte order."),
    Native::function("htonl", "x, /", swap32, "Convert from host to network byte order."),
    Native::function("inet_aton", "ip_addr, /", inet_aton, "Return the bytes of an internet address."),
    Native::function("inet_ntoa", "packed_ip, /", inet_ntoa, "Return the text of an internet address."),
    Native::function("inet_pton", "af, ip, /", inet_pton, "Return the bytes of an address of a family."),
    Native::function("inet_ntop", "af, packed_ip, /", inet_ntop, "Return the text of an address of a family."),
];

fn swap16(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let n = py.index(args.at(0))?;
    let overflow = |what: &str| py.err(Exc::OverflowError, what);
    match int::to_i64(n) {
        None => overflow("Python int too large to convert to C long"),
        Some(n) if n < 0 => {
            overflow(&format!("{name}: can't convert negative Python int to C 16-bit unsigned integer"))
        }
        Some(n) => match u16::try_from(n) {
            Ok(n) => Ok(small(n.to_be())),
            Err(_) => overflow(&format!("{name}: Python int too large to convert to C 16-bit unsigned integer")),
        },
    }
}
fn swap32(py: Py<'_>, args: Args<'_>) -> R {
    Ok(small(unsigned(py, args.at(0))?.to_be()))
}
fn text(py: Py<'_>, v: Value, what: &str) -> R<String> {
    match string::exact_or_payload(py, v) {
        Some(s) if string::code_points(s).any(|c| c == 0) => py.value_error("embedded null character"),
        Some(s) => Ok(string::to_rust(s)),
        None => py.type_error(&format!("{what} must be str, not {}", py.class_name(v))),
    }
}
fn inet_aton(py: Py<'_>, args: Args<'_>) -> R {
    let shown = text(py, args.at(0), "inet_aton() argument 1")?;
    match CString::new(shown).ok().and_then(|shown| net::old_address(&shown)) {
        Some(bytes) => Ok(py.bytes(&bytes)?.value()),
        None => py.err(Exc::OSError, "illegal IP address string passed to inet_aton"),
    }
}
fn packed(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    match py.bytes_like(v) {
        Some(bytes) => Ok(bytes),
        None => py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
    }
}
fn inet_ntoa(py: Py<'_>, args: Args<'_>) -> R {
    match <[u8; 4]>::try_from(packed(py, args.at(0))?) {
        Ok(bytes) => py.str(&Ipv4Addr::from(bytes).to_string()),
        Err(_) => py.err(Exc::OSError, "packed IP wrong length for inet_ntoa"),
    }
}
fn inet_pton(py: Py<'_>, args: Args<'_>) -> R {
    let family = py.index_i32(args.at(0))?;
    let shown = text(py, args.at(1), "inet_pton() argument 2")?;
    let bytes = match family {
        libc::AF_INET => shown.parse::<Ipv4Addr>().map(|a| a.octets().to_vec()),
        libc::AF_INET6 => shown.parse::<Ipv6Addr>().map(|a| a.octets().to_vec()),
        _ => return Err(py.os_error(&std::io::Error::from_raw_os_error(libc::EAFNOSUPPORT), None)),
    };
    match bytes {
        Ok(bytes) => Ok(py.bytes(&bytes)?.value()),
        Err(_) => py.err(Exc::OSError, "illegal IP address string passed to inet_pton"),
    }
}
fn inet_ntop(py: Py<'_>, args: Args<'_>) -> R {
    let family = py.index_i32(args.at(0))?;
    let bytes = packed(py, args.at(1))?;
    match net::address_text(family, &bytes) {
        Ok(shown) => py.str(&shown),
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => {
            py.value_error("invalid length of packed IP address string")
        }
        Err(e) if e.raw_os_error() == Some(libc::EAFNOSUPPORT) => {
            py.value_error(&format!("unknown address family {family}"))
        }
        Err(e) => Err(py.os_error(&e, None)),
    }
}
