//! Messages with ancillary data.

use super::Address;
use crate::checked;
use std::io;

/// A piece of ancillary data: level, type, content.
pub type Ancillary = (i32, i32, Vec<u8>);

/// A message that was received.
pub struct Received {
    /// How many bytes the buffers got.
    pub length: usize,
    /// Ancillary data.
    pub ancillary: Vec<Ancillary>,
    /// Flags.
    pub flags: i32,
    /// Who sent it.
    pub from: Address,
}

/// The most that a length of an address or of ancillary data can be.
const LONGEST: usize = i32::MAX as usize;

/// Room of a piece of ancillary data, with the padding behind it; `None`: more than there can be.
pub fn ancillary_space(length: usize) -> Option<usize> {
    ancillary_length(length)?;
    // SAFETY: it only computes.
    Some(unsafe { libc::CMSG_SPACE(length as u32) } as usize).filter(|space| *space <= LONGEST)
}
/// The same without the padding.
pub fn ancillary_length(length: usize) -> Option<usize> {
    // SAFETY: it only computes.
    let header = unsafe { libc::CMSG_LEN(0) } as usize;
    (length <= LONGEST - header).then(|| length + header)
}

/// Room for ancillary data, aligned as its headers are.
fn room_for(bytes: usize) -> Vec<u64> {
    vec![0; bytes.div_ceil(8)]
}

/// `recvmsg(2)` into buffers, with room for ancillary data.
pub fn receive_message(fd: i32, buffers: &mut [Vec<u8>], ancillary: usize, flags: i32) -> io::Result<Received> {
    let mut parts: Vec<libc::iovec> =
        buffers.iter_mut().map(|b| libc::iovec { iov_base: b.as_mut_ptr().cast(), iov_len: b.len() }).collect();
    let mut control = room_for(ancillary);
    // SAFETY: all zeros is a value of this plain struct.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = parts.as_mut_ptr();
    message.msg_iovlen = parts.len();
    if ancillary > 0 {
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = ancillary;
    }
    let mut length = 0;
    let from = Address::from_call(|address, room| {
        message.msg_name = address.cast();
        // SAFETY: the pointer is to a local of `from_call`.
        message.msg_namelen = unsafe { *room };
        // SAFETY: the message's pointers are to locals with as much room as it says.
        length = checked(unsafe { libc::recvmsg(fd, &raw mut message, flags) } as i64)?;
        // SAFETY: as above.
        unsafe { *room = message.msg_namelen };
        Ok(())
    })?;
    let mut pieces = Vec::new();
    // SAFETY: the message is filled; its ancillary data lie in `control`.
    let mut header = unsafe { libc::CMSG_FIRSTHDR(&raw const message) };
    let end = control.as_ptr() as usize + message.msg_controllen;
    while !header.is_null() {
        // SAFETY: the header lies within the ancillary data.
        let (level, kind, whole, data) = unsafe {
            ((*header).cmsg_level, (*header).cmsg_type, (*header).cmsg_len, libc::CMSG_DATA(header).cast_const())
        };
        // What has no room is cut off, whatever the header says.
        let said = whole.saturating_sub(data as usize - header as usize);
        let content = said.min(end.saturating_sub(data as usize));
        // SAFETY: so many bytes are there.
        pieces.push((level, kind, unsafe { std::slice::from_raw_parts(data, content) }.to_vec()));
        if content < said {
            break;
        }
        // SAFETY: as above.
        header = unsafe { libc::CMSG_NXTHDR(&raw const message, header) };
    }
    Ok(Received { length: length as usize, ancillary: pieces, flags: message.msg_flags, from })
}

/// `sendmsg(2)` of parts, with ancillary data, to an address. How many bytes it sent.
pub fn send_message(
    fd: i32,
    parts: &[&[u8]],
    ancillary: &[Ancillary],
    flags: i32,
    to: Option<&Address>,
) -> io::Result<usize> {
    let mut parts: Vec<libc::iovec> =
        parts.iter().map(|b| libc::iovec { iov_base: b.as_ptr().cast_mut().cast(), iov_len: b.len() }).collect();
    let too_large = || io::Error::from_raw_os_error(libc::EINVAL);
    let mut bytes = 0usize;
    for (_, _, content) in ancillary {
        bytes += ancillary_space(content.len()).ok_or_else(too_large)?;
    }
    let mut control = room_for(bytes);
    // SAFETY: all zeros is a value of this plain struct.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = parts.as_mut_ptr();
    message.msg_iovlen = parts.len();
    if let Some(to) = to {
        let (pointer, length) = to.parts();
        (message.msg_name, message.msg_namelen) = (pointer.cast_mut().cast(), length);
    }
    if bytes > 0 {
        (message.msg_control, message.msg_controllen) = (control.as_mut_ptr().cast(), bytes);
        // SAFETY: the message has the ancillary room.
        let mut header = unsafe { libc::CMSG_FIRSTHDR(&raw const message) };
        for (level, kind, content) in ancillary {
            if header.is_null() {
                return Err(too_large());
            }
            // SAFETY: the room was made for just these pieces, one behind the other. Lengths are set first, since the next
            // header is found by them.
            unsafe {
                ((*header).cmsg_level, (*header).cmsg_type) = (*level, *kind);
                (*header).cmsg_len = ancillary_length(content.len()).ok_or_else(too_large)?;
                std::ptr::copy_nonoverlapping(content.as_ptr(), libc::CMSG_DATA(header), content.len());
                header = libc::CMSG_NXTHDR(&raw const message, header);
            }
        }
    }
    // SAFETY: the message's pointers are to locals that are as long as it says.
    checked(unsafe { libc::sendmsg(fd, &raw const message, flags) } as i64).map(|n| n as usize)
}
