//! Scheduling of processes.

use crate::{checked, of_numbers};
use std::io;

of_numbers! {
    /// `sched_get_priority_max(2)`
    most_priority(policy: i32) = sched_get_priority_max;
    /// `sched_get_priority_min(2)`
    least_priority(policy: i32) = sched_get_priority_min;
    /// `sched_getscheduler(2)`
    policy(process: i32) = sched_getscheduler;
    /// `unshare(2)`
    unshare(flags: i32) = unshare;
    /// `setns(2)`
    enter_namespace(fd: i32, kind: i32) = setns;
}

fn parameters(priority: i32) -> libc::sched_param {
    libc::sched_param { sched_priority: priority }
}
/// `sched_setscheduler(2)`
pub fn set_policy(process: i32, policy: i32, priority: i32) -> io::Result<()> {
    let p = parameters(priority);
    // SAFETY: the pointer is to a local.
    checked(unsafe { libc::sched_setscheduler(process, policy, &raw const p) }).map(|_| ())
}
/// `sched_setparam(2)`
pub fn set_priority(process: i32, priority: i32) -> io::Result<()> {
    let p = parameters(priority);
    // SAFETY: the pointer is to a local.
    checked(unsafe { libc::sched_setparam(process, &raw const p) }).map(|_| ())
}
/// `sched_getparam(2)`
pub fn priority(process: i32) -> io::Result<i32> {
    let mut p = parameters(0);
    // SAFETY: there is room for the result.
    checked(unsafe { libc::sched_getparam(process, &raw mut p) })?;
    Ok(p.sched_priority)
}
/// `sched_rr_get_interval(2)` in seconds.
pub fn round_robin_interval(process: i32) -> io::Result<f64> {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::sched_rr_get_interval(process, &raw mut t) })?;
    Ok(t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9)
}

/// Processors in a mask of the system.
const WORDS: usize = 1 << 10;

/// `sched_getaffinity(2)`: the numbers of the processors.
pub fn processors(process: i32) -> io::Result<Vec<usize>> {
    let mut mask = [0u64; WORDS];
    // SAFETY: there is room for as many bytes.
    checked(unsafe { libc::sched_getaffinity(process, size_of_val(&mask), mask.as_mut_ptr().cast()) })?;
    Ok((0..WORDS * 64).filter(|cpu| mask[cpu / 64] & 1 << (cpu % 64) != 0).collect())
}
/// `sched_setaffinity(2)`; numbers beyond what any system has are refused by it.
pub fn set_processors(process: i32, cpus: &[usize]) -> io::Result<()> {
    let mut mask = [0u64; WORDS];
    for cpu in cpus {
        match mask.get_mut(cpu / 64) {
            Some(word) => *word |= 1 << (cpu % 64),
            None => return Err(io::Error::from_raw_os_error(libc::EINVAL)),
        }
    }
    // SAFETY: there are as many bytes.
    checked(unsafe { libc::sched_setaffinity(process, size_of_val(&mask), mask.as_ptr().cast()) }).map(|_| ())
}
