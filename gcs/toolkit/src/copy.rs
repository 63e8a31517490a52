//! Moving one object.

use crate::list::object_at;
use vm_heap::header::flag;
use vm_heap::identity::IdentityTable;
use vm_heap::{Object, ShapeIndex};

/// Bytes that a copy of `object`, now `bytes` long, will take: one word more if its identity number must come along.
#[inline(always)]
pub fn copied_bytes(object: Object, bytes: u64) -> u64 {
    bytes + ((object.flags() & flag::IDENTITY_IN_TABLE != 0) as u64) * 8
}

/// Copies `object` of `bytes` to `to` and leaves its forwarding address behind. An identity number that stood in the
/// table is appended. There must be [`copied_bytes`] of room at `to`.
#[inline]
pub fn copy_object(object: Object, bytes: u64, to: u64, gc_byte: u8, identities: &mut IdentityTable) -> Object {
    // SAFETY: `object` is live and `bytes` long; `to` is room that the caller has taken for the copy, elsewhere.
    unsafe { std::ptr::copy_nonoverlapping(object.address() as *const u64, to as *mut u64, (bytes / 8) as usize) };
    let copy = object_at(to);
    let mut header = object.header().with_gc_byte(gc_byte);
    if header.flags() & flag::IDENTITY_IN_TABLE != 0 {
        let number = identities.take(object.address());
        debug_assert!(number.is_some(), "an identity number was lost");
        copy.set_word((bytes / 8) as usize, number.unwrap_or(0));
        header = header.with_flags(header.flags() & !flag::IDENTITY_IN_TABLE | flag::IDENTITY_APPENDED);
    }
    copy.set_header(header);
    object.set_word(1, to);
    object.set_shape(ShapeIndex::FORWARDED);
    copy
}

/// Where a forwarded object went.
#[inline(always)]
pub fn forwarded(object: Object) -> Option<Object> {
    (object.shape() == ShapeIndex::FORWARDED).then(|| object_at(object.word(1)))
}

/// Drops table entries of dead objects: those at addresses for which `survives` says no, or whose object does not claim
/// an entry. `survives` must only be true of addresses that still hold the same object.
pub fn purge_identities(identities: &mut IdentityTable, survives: impl Fn(u64) -> bool) {
    identities.retain(|address| survives(address) && object_at(address).flags() & flag::IDENTITY_IN_TABLE != 0);
}
