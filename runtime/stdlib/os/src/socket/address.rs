//! Addresses: from tuples and texts to the system's form, and back.

use super::errors;
use crate::posix::small;
use python_objects::{Exc, Py, R, Value, int, string};
use std::ffi::CString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use stdlib_core::support::{decode_path, encode_path};
use stdlib_system::net::{self, Address};

/// Bytes of a Unix socket's path.
const UNIX_PATH: usize = 108;

/// A host's name: ASCII as it is, other text by IDNA.
pub(super) fn host_name(py: Py<'_>, v: Value) -> R<CString> {
    let bytes = if let Some(s) = string::exact_or_payload(py, v) {
        match string::ascii(s) {
            Some(text) => text.as_bytes().to_vec(),
            None => {
                let encode = py.intern("encode")?;
                let encoded = py.call_method(v, encode, &[py.str("idna")?])?;
                py.bytes_like(encoded).unwrap_or_default()
            }
        }
    } else if py.as_bytes(v).is_some() || py.of_kind(v, python_objects::Kind::BYTEARRAY).is_some() {
        py.bytes_like(v).unwrap_or_default()
    } else {
        return py.type_error(&format!("str, bytes or bytearray expected, not {}", py.class_name(v)));
    };
    match CString::new(bytes) {
        Ok(name) => Ok(name),
        Err(_) => py.type_error("host name must not contain null character"),
    }
}

/// The address of a host's name in a family. Names that are numbers are not looked up.
pub(super) fn resolve_host(py: Py<'_>, name: &CString, family: i32) -> R<IpAddr> {
    let text = name.to_str().unwrap_or_default();
    let found = match text {
        "" => {
            let any = if family == libc::AF_INET6 { "::" } else { "0.0.0.0" };
            return any.parse().or_else(|_| py.err(Exc::OSError, "address family mismatched"));
        }
        "255.255.255.255" | "<broadcast>" => Some(IpAddr::V4(Ipv4Addr::BROADCAST)),
        _ => text.parse().ok(),
    };
    match found {
        Some(address) if family == libc::AF_UNSPEC => return Ok(address),
        Some(address @ IpAddr::V4(_)) if family == libc::AF_INET => return Ok(address),
        Some(address @ IpAddr::V6(_)) if family == libc::AF_INET6 => return Ok(address),
        Some(IpAddr::V4(Ipv4Addr::BROADCAST)) if text == "<broadcast>" => {
            return py.err(Exc::OSError, "address family mismatched");
        }
        _ => {}
    }
    let infos = py.blocking(|| net::resolve(Some(name), None, [family, 0, 0, 0]));
    let infos = infos.map_err(|e| errors::resolving(py, &e))?;
    let first = infos.iter().find_map(|info| {
        let v4 = info.address.as_v4().map(|(host, _)| IpAddr::V4(host));
        v4.or_else(|| info.address.as_v6().map(|(host, ..)| IpAddr::V6(host)))
    });
    match first {
        Some(address) => Ok(address),
        None => py.err(Exc::OSError, "unsupported address family"),
    }
}

fn port(py: Py<'_>, v: Value, function: &str) -> R<u16> {
    let n = py.index_i32(v)?;
    match u16::try_from(n) {
        Ok(port) => Ok(port),
        Err(_) => py.err(Exc::OverflowError, &format!("{function}(): port must be 0-65535.")),
    }
}

/// The address that an argument of `function` gives for a socket of this family.
pub(super) fn from_value(py: Py<'_>, family: i32, v: Value, function: &str) -> R<Address> {
    let tuple = |name: &str| match py.as_tuple(v) {
        Some(t) => Ok(t),
        None => {
            let given = py.class_name(v);
            py.type_error(&format!("{function}(): {name} address must be tuple, not {given}"))
        }
    };
    match family {
        libc::AF_UNIX => unix(py, v),
        libc::AF_INET => {
            let t = tuple("AF_INET")?;
            if t.length() != 2 {
                return py.type_error("AF_INET address must be a pair (host, port)");
            }
            let name = host_name(py, t.element(0))?;
            // The port's kind is looked at before the name is.
            py.index(t.element(1))?;
            let host = resolve_host(py, &name, family)?;
            let port = port(py, t.element(1), function)?;
            match host {
                IpAddr::V4(host) => Ok(Address::v4(host, port)),
                IpAddr::V6(_) => py.err(Exc::OSError, "address family mismatched"),
            }
        }
        libc::AF_INET6 => {
            let t = tuple("AF_INET6")?;
            if !(2..=4).contains(&t.length()) {
                return py.type_error("AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
            }
            let name = host_name(py, t.element(0))?;
            py.index(t.element(1))?;
            let (host, scope) = host_v6(py, &name)?;
            let port = port(py, t.element(1), function)?;
            let number = |i: usize| if i < t.length() { py.index_i64(t.element(i)) } else { Ok(0) };
            let flow = number(2)?;
            if !(0..1 << 20).contains(&flow) {
                return py.err(Exc::OverflowError, &format!("{function}(): flowinfo must be 0-1048575."));
            }
            let given = number(3)? as u32;
            Ok(Address::v6(host, port, flow as u32, if t.length() > 3 { given } else { scope }))
        }
        libc::AF_NETLINK => {
            let t = tuple("AF_NETLINK")?;
            if t.length() != 2 {
                return py.type_error("AF_NETLINK address must be a pair (pid, groups)");
            }
            let (process, groups) = (py.index_i64(t.element(0))? as u32, py.index_i64(t.element(1))? as u32);
            // Two bytes of padding, then both numbers.
            let content = [&[0; 2][..], &process.to_ne_bytes(), &groups.to_ne_bytes()].concat();
            Ok(Address::new(family, &content).unwrap_or_else(|| Address::empty(family)))
        }
        _ => py.err(Exc::OSError, &format!("{function}(): bad family")),
    }
}

/// The address of a name, with the scope that its text names behind a percent sign.
fn host_v6(py: Py<'_>, name: &CString) -> R<(Ipv6Addr, u32)> {
    let is_scoped = name.as_bytes().contains(&b'%');
    if is_scoped {
        let infos = py.blocking(|| net::resolve(Some(name), None, [libc::AF_INET6, 0, 0, 0]));
        let infos = infos.map_err(|e| errors::resolving(py, &e))?;
        if let Some((host, _, _, scope)) = infos.iter().find_map(|info| info.address.as_v6()) {
            return Ok((host, scope));
        }
    }
    match resolve_host(py, name, libc::AF_INET6)? {
        IpAddr::V6(host) => Ok((host, 0)),
        IpAddr::V4(_) => py.err(Exc::OSError, "address family mismatched"),
    }
}

fn unix(py: Py<'_>, v: Value) -> R<Address> {
    let path = match string::exact_or_payload(py, v) {
        Some(s) => encode_path(py, s)?,
        None => match py.bytes_like(v) {
            Some(path) => path,
            None => {
                return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)));
            }
        },
    };
    // Names that begin with NUL are no paths and end where their length says; paths have a NUL behind them.
    let is_abstract = path.first() == Some(&0);
    if path.len() > UNIX_PATH || !is_abstract && path.len() == UNIX_PATH {
        return py.err(Exc::OSError, "AF_UNIX path too long");
    }
    let mut content = path;
    if !is_abstract && !content.is_empty() {
        content.push(0);
    }
    Ok(Address::new(libc::AF_UNIX, &content).unwrap_or_else(|| Address::empty(libc::AF_UNIX)))
}

/// An address as Python sees it; None if there is none.
pub(super) fn to_value(py: Py<'_>, address: &Address) -> R {
    if address.is_empty() {
        return Ok(Value::NONE);
    }
    if let Some((host, port)) = address.as_v4() {
        return py.tuple(&[py.str(&host.to_string())?, small(port)]);
    }
    if let Some((host, port, flow, scope)) = address.as_v6() {
        let shown = net::address_text(libc::AF_INET6, &host.octets()).unwrap_or_else(|_| host.to_string());
        return py.tuple(&[py.str(&shown)?, small(port), small(flow), small(scope)]);
    }
    let content = address.content();
    match address.family() {
        libc::AF_UNIX if content.first() == Some(&0) && content.len() > 1 => Ok(py.bytes(content)?.value()),
        libc::AF_UNIX => decode_path(py, content.split(|b| *b == 0).next().unwrap_or_default()),
        libc::AF_NETLINK if content.len() >= 10 => {
            let part = |from: usize| {
                let mut bytes = [0; 4];
                bytes.copy_from_slice(&content[from..from + 4]);
                u32::from_ne_bytes(bytes)
            };
            py.tuple(&[small(part(2)), small(part(6))])
        }
        family => py.tuple(&[small(family), py.bytes(content)?.value()]),
    }
}

/// A number as C's unsigned int, for the functions on numbers of hosts.
pub(super) fn unsigned(py: Py<'_>, v: Value) -> R<u32> {
    if py.as_int(v).is_none() {
        return py.type_error(&format!("expected int, {} found", py.class_name(v)));
    }
    let n = py.index(v)?;
    if int::is_negative(n) {
        return py.err(Exc::OverflowError, "can't convert negative value to unsigned int");
    }
    match int::with_operand(n, |n| n.to_u64()) {
        None => py.err(Exc::OverflowError, "Python int too large to convert to C unsigned long"),
        Some(n) => u32::try_from(n).or_else(|_| py.err(Exc::OverflowError, "int larger than 32 bits")),
    }
}
