//! Waiting for descriptors to be ready.

use crate::{checked, of_numbers};
use std::io;
use std::time::Duration;

of_numbers! {
    /// `epoll_create1(2)`
    new_epoll(flags: i32) = epoll_create1;
}

/// Descriptors that [`select`] can ask about: those below this number.
pub const SELECT_LIMIT: i32 = libc::FD_SETSIZE as i32;

/// `select(2)` for reading, writing and exceptional conditions: leaves those that are ready.
pub fn select(sets: &mut [Vec<i32>; 3], most: Option<Duration>) -> io::Result<()> {
    // SAFETY: all zeros is a value of these plain structs, the empty set.
    let mut system: [libc::fd_set; 3] = unsafe { std::mem::zeroed() };
    let mut end = 0;
    for (set, given) in system.iter_mut().zip(sets.iter()) {
        for fd in given {
            if !(0..SELECT_LIMIT).contains(fd) {
                return Err(io::Error::from_raw_os_error(libc::EINVAL));
            }
            // SAFETY: the number is in the set's range.
            unsafe { libc::FD_SET(*fd, set) };
            end = end.max(fd + 1);
        }
    }
    let mut time = most.map(|most| libc::timeval {
        tv_sec: libc::time_t::try_from(most.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_usec: most.subsec_nanos().div_ceil(1000).min(999_999).into(),
    });
    let time = time.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let [read, write, other] = &mut system;
    // SAFETY: the sets are locals, and the time is null or a local.
    checked(unsafe { libc::select(end, read, write, other, time) })?;
    for (set, given) in system.iter().zip(sets) {
        // SAFETY: the numbers are in the set's range.
        given.retain(|fd| unsafe { libc::FD_ISSET(*fd, set) });
    }
    Ok(())
}

/// A descriptor, the events that it is asked for, and those that it has.
pub type Polled = (i32, i16, i16);

/// `poll(2)`; without a time it waits for ever. How many descriptors have events.
pub fn poll(entries: &mut [Polled], milliseconds: i32) -> io::Result<usize> {
    let mut system: Vec<libc::pollfd> =
        entries.iter().map(|(fd, events, _)| libc::pollfd { fd: *fd, events: *events, revents: 0 }).collect();
    // SAFETY: there are as many entries.
    let n = checked(unsafe { libc::poll(system.as_mut_ptr(), system.len() as libc::nfds_t, milliseconds) })?;
    for (entry, polled) in entries.iter_mut().zip(system) {
        entry.2 = polled.revents;
    }
    Ok(n as usize)
}

/// What is done to a descriptor of an epoll.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EpollChange {
    /// It is added with these events.
    Add(u32),
    /// It has these events from now on.
    Modify(u32),
    /// It is removed.
    Remove,
}

/// `epoll_ctl(2)`
pub fn change_epoll(epoll: i32, fd: i32, change: EpollChange) -> io::Result<()> {
    let (operation, events) = match change {
        EpollChange::Add(events) => (libc::EPOLL_CTL_ADD, events),
        EpollChange::Modify(events) => (libc::EPOLL_CTL_MOD, events),
        EpollChange::Remove => (libc::EPOLL_CTL_DEL, 0),
    };
    let mut event = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: the event is a local.
    checked(unsafe { libc::epoll_ctl(epoll, operation, fd, &raw mut event) }).map(|_| ())
}

/// `epoll_wait(2)`: at most so many descriptors that have events, with them.
pub fn wait_epoll(epoll: i32, most: usize, milliseconds: i32) -> io::Result<Vec<(i32, u32)>> {
    let most = most.clamp(1, i32::MAX as usize / size_of::<libc::epoll_event>());
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most];
    // SAFETY: there is room for as many.
    let n = checked(unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), most as i32, milliseconds) })?;
    Ok(events[..n as usize].iter().map(|event| (event.u64 as i32, event.events)).collect())
}
