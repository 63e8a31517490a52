//! Names of hosts, services, protocols and interfaces.

use super::address::{host_name, resolve_host, to_value, unsigned};
use super::errors;
use crate::posix::{none, ok, small, system_text};
use python_objects::{Args, Exc, Native, Py, R, Value, string};
use std::ffi::CString;
use std::net::IpAddr;
use stdlib_core::audit;
use stdlib_core::support::decode_path;
use stdlib_system::net::{self, Host};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("gethostname", "", gethostname, "Return the name of this host."),
    Native::function("sethostname", "name, /", sethostname, "Set the name of this host."),
    Native::function("gethostbyname", "host, /", gethostbyname, "Return the internet address of a host."),
    Native::function("gethostbyname_ex", "host, /", gethostbyname_ex, "Return a host's names and addresses."),
    Native::function("gethostbyaddr", "host, /", gethostbyaddr, "Return the names and addresses of an address."),
    Native::function("getaddrinfo", "host, port, family=0, type=0, proto=0, flags=0", getaddrinfo, "Resolve names."),
    Native::function("getnameinfo", "sockaddr, flags, /", getnameinfo, "Return the names of an address."),
    Native::function("getservbyname", "servicename, protocolname=None, /", getservbyname, "Return a service's port."),
    Native::function("getservbyport", "port, protocolname=None, /", getservbyport, "Return the service of a port."),
    Native::function("getprotobyname", "name, /", getprotobyname, "Return the number of a protocol."),
    Native::function("if_nameindex", "", if_nameindex, "Return numbers and names of the interfaces."),
    Native::function("if_nametoindex", "name, /", if_nametoindex, "Return the number of an interface."),
    Native::function("if_indextoname", "index, /", if_indextoname, "Return the name of an interface."),
];

fn gethostname(py: Py<'_>, _: Args<'_>) -> R {
    audit::event(py, "socket.gethostname", &[])?;
    decode_path(py, &ok(py, net::host_name())?)
}
fn sethostname(py: Py<'_>, args: Args<'_>) -> R {
    let name = system_text(py, args.at(0))?;
    audit::event(py, "socket.sethostname", &[args.at(0)])?;
    none(py, net::set_host_name(name.as_bytes()))
}
/// The host's name of an argument of `function`.
fn host_argument(py: Py<'_>, v: Value, function: &str) -> R<CString> {
    host_name(py, v).or_else(|stop| match py.catch(Exc::TypeError) {
        Some(_) if py.as_bytes(v).is_none() && string::exact_or_payload(py, v).is_none() => {
            py.type_error(&format!("{function}() argument 1 must be str, bytes or bytearray, not {}", py.class_name(v)))
        }
        Some(e) => Err(py.throw(e)),
        None => Err(stop),
    })
}
fn gethostbyname(py: Py<'_>, args: Args<'_>) -> R {
    let name = host_argument(py, args.at(0), "gethostbyname")?;
    audit::event(py, "socket.gethostbyname", &[args.at(0)])?;
    py.str(&resolve_host(py, &name, libc::AF_INET)?.to_string())
}
fn to_host(py: Py<'_>, found: Result<Host, i32>) -> R {
    let found = found.map_err(|code| errors::of_host(py, code))?;
    let (aliases, addresses) = (py.new_list(0)?, py.new_list(1)?);
    for alias in &found.aliases {
        let alias = decode_path(py, alias)?;
        py.list_push(aliases, alias)?;
    }
    for address in &found.addresses {
        let shown = py.str(&ok(py, net::address_text(found.family, address))?)?;
        py.list_push(addresses, shown)?;
    }
    py.tuple(&[decode_path(py, &found.name)?, aliases.value(), addresses.value()])
}
fn gethostbyname_ex(py: Py<'_>, args: Args<'_>) -> R {
    let name = host_argument(py, args.at(0), "gethostbyname_ex")?;
    audit::event(py, "socket.gethostbyname", &[args.at(0)])?;
    // Errors of unknown names are those of the resolver.
    resolve_host(py, &name, libc::AF_INET)?;
    to_host(py, py.blocking(|| net::host_by_name(&name)))
}
fn gethostbyaddr(py: Py<'_>, args: Args<'_>) -> R {
    let name = host_argument(py, args.at(0), "gethostbyaddr")?;
    audit::event(py, "socket.gethostbyaddr", &[args.at(0)])?;
    let found = match resolve_host(py, &name, libc::AF_UNSPEC)? {
        IpAddr::V4(a) => py.blocking(|| net::host_by_address(libc::AF_INET, &a.octets())),
        IpAddr::V6(a) => py.blocking(|| net::host_by_address(libc::AF_INET6, &a.octets())),
    };
    to_host(py, found)
}

/// A port or service as text, if there is one.
fn service(py: Py<'_>, v: Value) -> R<Option<CString>> {
    let bytes = if v == Value::NONE {
        return Ok(None);
    } else if py.as_int(v).is_some() {
        py.str_text(py.index(v)?)?.into_bytes()
    } else if string::exact_or_payload(py, v).is_some() {
        // So that what is no text is the error that it is everywhere.
        let encode = py.intern("encode")?;
        let encoded = py.call_method(v, encode, &[])?;
        py.bytes_like(encoded).unwrap_or_default()
    } else if let Some(b) = py.as_bytes(v) {
        python_objects::bytes::slice(b).to_vec()
    } else {
        return py.err(Exc::OSError, "Int or String expected");
    };
    // As C does, it ends at the first NUL.
    Ok(CString::new(bytes.split(|b| *b == 0).next().unwrap_or_default()).ok())
}
fn getaddrinfo(py: Py<'_>, args: Args<'_>) -> R {
    let host = match args.at(0) {
        Value::NONE => None,
        v if string::exact_or_payload(py, v).is_some() => {
            let encode = py.intern("encode")?;
            let encoded = py.call_method(v, encode, &[py.str("idna")?])?;
            let bytes = py.bytes_like(encoded).unwrap_or_default();
            CString::new(bytes.split(|b| *b == 0).next().unwrap_or_default()).ok()
        }
        v => match py.as_bytes(v).map(python_objects::bytes::slice) {
            Some(bytes) => CString::new(bytes.split(|b| *b == 0).next().unwrap_or_default()).ok(),
            None => return py.type_error("getaddrinfo() argument 1 must be string or None"),
        },
    };
    let service = service(py, args.at(1))?;
    let number = |i| args.opt(i).map_or(Ok(0), |v| py.index_i32(v));
    let hints = [number(2)?, number(3)?, number(4)?, number(5)?];
    let [family, kind, protocol, flags] = hints.map(small);
    audit::event(py, "socket.getaddrinfo", &[args.at(0), args.at(1), family, kind, protocol, flags])?;
    let found = py.blocking(|| net::resolve(host.as_deref(), service.as_deref(), hints));
    let all = py.new_list(4)?;
    for info in found.map_err(|e| errors::resolving(py, &e))? {
        let [family, kind, protocol] = info.numbers.map(small);
        let name = decode_path(py, &info.name)?;
        let entry = py.tuple(&[family, kind, protocol, name, to_value(py, &info.address)?])?;
        py.list_push(all, entry)?;
    }
    Ok(all.value())
}
fn getnameinfo(py: Py<'_>, args: Args<'_>) -> R {
    let flags = py.index_i32(args.at(1))?;
    let Some(given) = py.as_tuple(args.at(0)) else {
        return py.type_error("getnameinfo() argument 1 must be a tuple");
    };
    let is_text = |v| string::exact_or_payload(py, v).is_some();
    if !(2..=4).contains(&given.length()) || !is_text(given.element(0)) || py.as_int(given.element(1)).is_none() {
        return py.type_error("getnameinfo(): illegal sockaddr argument");
    }
    let host = host_name(py, given.element(0))?;
    let port = py.index_i32(given.element(1))?.to_string();
    let number = |i: usize| if i < given.length() { unsigned(py, given.element(i)) } else { Ok(0) };
    let (flow, scope) = (number(2)?, number(3)?);
    if flow > 0xF_FFFF {
        return py.err(Exc::OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
    }
    audit::event(py, "socket.getnameinfo", &[args.at(0)])?;
    let Ok(port) = CString::new(port) else { return py.value_error("embedded null character") };
    let hints = [libc::AF_UNSPEC, libc::SOCK_DGRAM, 0, libc::AI_NUMERICHOST];
    let found = py.blocking(|| net::resolve(Some(&host), Some(&port), hints));
    let found = found.map_err(|e| errors::resolving(py, &e))?;
    let [info] = &found[..] else { return py.err(Exc::OSError, "sockaddr resolved to multiple addresses") };
    let address = match (info.address.as_v4(), info.address.as_v6()) {
        (Some(_), _) if given.length() != 2 => return py.err(Exc::OSError, "IPv4 sockaddr must be 2 tuple"),
        (_, Some((host, port, ..))) => net::Address::v6(host, port, flow, scope),
        _ => info.address,
    };
    let names = py.blocking(|| net::names_of(&address, flags));
    let (host, service) = names.map_err(|e| errors::resolving(py, &e))?;
    py.tuple(&[decode_path(py, &host)?, decode_path(py, &service)?])
}

fn plain_text(py: Py<'_>, v: Value, what: &str) -> R<CString> {
    match string::exact_or_payload(py, v).map(string::to_rust) {
        Some(text) => CString::new(text).or_else(|_| py.value_error("embedded null character")),
        None => py.type_error(&format!("{what} must be str, not {}", py.class_name(v))),
    }
}
fn getservbyname(py: Py<'_>, args: Args<'_>) -> R {
    let name = plain_text(py, args.at(0), "getservbyname() argument 1")?;
    let protocol = args.opt(1).map(|v| plain_text(py, v, "getservbyname() argument 2")).transpose()?;
    audit::event(py, "socket.getservbyname", &[args.at(0), args.opt(1).unwrap_or(Value::NONE)])?;
    match py.blocking(|| net::service_port(&name, protocol.as_ref())) {
        Some(port) => Ok(small(port)),
        None => py.err(Exc::OSError, "service/proto not found"),
    }
}
fn getservbyport(py: Py<'_>, args: Args<'_>) -> R {
    let port = py.index_i32(args.at(0))?;
    let protocol = args.opt(1).map(|v| plain_text(py, v, "getservbyport() argument 2")).transpose()?;
    let Ok(port) = u16::try_from(port) else {
        return py.err(Exc::OverflowError, "getservbyport: port must be 0-65535.");
    };
    audit::event(py, "socket.getservbyport", &[small(port), args.opt(1).unwrap_or(Value::NONE)])?;
    match py.blocking(|| net::service_name(port, protocol.as_ref())) {
        Some(name) => decode_path(py, &name),
        None => py.err(Exc::OSError, "port/proto not found"),
    }
}
fn getprotobyname(py: Py<'_>, args: Args<'_>) -> R {
    let name = plain_text(py, args.at(0), "getprotobyname() argument 1")?;
    match py.blocking(|| net::protocol_number(&name)) {
        Some(number) => Ok(small(number)),
        None => py.err(Exc::OSError, "protocol not found"),
    }
}
fn if_nameindex(py: Py<'_>, _: Args<'_>) -> R {
    let all = py.new_list(4)?;
    for (number, name) in ok(py, net::interfaces())? {
        let name = decode_path(py, &name)?;
        let pair = py.tuple(&[small(number), name])?;
        py.list_push(all, pair)?;
    }
    Ok(all.value())
}
fn if_nametoindex(py: Py<'_>, args: Args<'_>) -> R {
    match net::interface_number(&system_text(py, args.at(0))?) {
        Some(number) => Ok(small(number)),
        None => py.err(Exc::OSError, "no interface with this name"),
    }
}
fn if_indextoname(py: Py<'_>, args: Args<'_>) -> R {
    decode_path(py, &ok(py, net::interface_name(unsigned(py, args.at(0))?))?)
}
