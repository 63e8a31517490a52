//! Where the threads of this process execute: samples that the kernel takes, without signals. And what a profiler outside asks
//! of a process that makes code ([`announce`]).
//!
//! A program sees its signals and timers (`SIGPROF` is one that programs in Python use), and words that say what a thread does
//! cost a store at each transition, in every run. So the kernel is asked: `perf_event_open` interrupts a thread each time it
//! has used so much processor time and notes its program counter in memory that it shares with the process. The threads notice
//! nothing, and code that is not sampled pays nothing. The price is that not every system has it or permits it; then there are
//! no samples, and [`Sampler::start`] says why.
//!
//! Only user mode is sampled, which is what systems permit to everyone: time in the kernel is not in the samples.
//!
//! A thread of the sampler's own empties the kernel's buffers every now and then. All signals are blocked in it, so that those of
//! the process go to the program's threads.
//!
//! # Fork
//!
//! The child has neither the thread nor samples of its own, and a lock may be held for ever: it calls [`Sampler::abandon`] and
//! nothing else.
//!
//! May import `libc` only.

pub mod announce;
#[cfg(all(target_os = "linux", target_endian = "little"))]
mod linux;
#[cfg(all(target_os = "linux", target_endian = "little"))]
use linux as system;
#[cfg(not(all(target_os = "linux", target_endian = "little")))]
mod other;
#[cfg(not(all(target_os = "linux", target_endian = "little")))]
use other as system;
mod signals;

pub use signals::without_signals;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often the kernel's buffers are emptied. They hold several times as much.
const EMPTIED_EVERY: Duration = Duration::from_millis(100);

/// Samples of the thread that started it, and of all that this one and its descendants start afterwards.
#[derive(Debug)]
pub struct Sampler {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    ends: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    buffers: Vec<system::Buffer>,
    samples: Samples,
}

/// What was found in the buffers and not taken yet.
#[derive(Debug, Default)]
struct Samples {
    /// How often a thread was at an address.
    at: BTreeMap<u64, u64>,
    /// Samples for which there was no room.
    lost: u64,
}

impl State {
    fn empty_buffers(&mut self) {
        for buffer in &mut self.buffers {
            buffer.empty(&mut self.samples);
        }
    }
}

impl Shared {
    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        // Counts are right after each step of who panicked.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.empty_buffers();
        f(&mut state)
    }
}

impl Sampler {
    /// Begins, with a sample after each `period` of a thread's processor time.
    ///
    /// # Errors
    /// The system has no such samples, or does not permit them.
    pub fn start(period: Duration) -> io::Result<Sampler> {
        let shared = Arc::new(Shared::default());
        let its = shared.clone();
        // Before the samples begin, so that the thread is not among what is sampled.
        let thread = without_signals(|| {
            let body = move || {
                while !its.ends.load(Relaxed) {
                    its.with(|_| ());
                    thread::park_timeout(EMPTIED_EVERY);
                }
            };
            thread::Builder::new().name("sampler".to_owned()).spawn(body)
        })??;
        let sampler = Sampler { shared, thread: Some(thread) };
        let buffers = system::open(period)?;
        sampler.shared.with(|state| state.buffers = buffers);
        Ok(sampler)
    }
    /// Samples at these addresses so far; they are forgotten.
    pub fn take(&self, addresses: Range<u64>) -> u64 {
        self.shared.with(|state| {
            let found: Vec<u64> = state.samples.at.range(addresses).map(|(at, _)| *at).collect();
            found.iter().filter_map(|at| state.samples.at.remove(at)).sum()
        })
    }
    /// Samples in the function that begins at this address, likewise.
    pub fn take_function(&self, begin: u64) -> u64 {
        self.shared.with(|state| {
            let at = &mut state.samples.at;
            let found: Vec<u64> = at.keys().copied().filter(|at| system::function_at(*at) == Some(begin)).collect();
            found.iter().filter_map(|address| at.remove(address)).sum()
        })
    }
    /// All that are left, likewise.
    pub fn take_rest(&self) -> u64 {
        self.shared.with(|state| std::mem::take(&mut state.samples.at).into_values().sum())
    }
    /// Samples that were lost because a buffer was full.
    pub fn lost(&self) -> u64 {
        self.shared.with(|state| state.samples.lost)
    }
    /// What the child of a fork does with that of its parent.
    pub fn abandon(self) {
        std::mem::forget(self);
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.shared.ends.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It has nothing to tell, not even by a panic.
            _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[inline(never)]
    fn busy(for_so_long: Duration) -> u64 {
        let (began, mut bits) = (Instant::now(), 1_u64);
        while began.elapsed() < for_so_long {
            // Mostly here, not in the clock, and without a call even where nothing is inlined.
            let mut turns = 200_000;
            while turns > 0 {
                bits ^= bits << 13;
                bits ^= bits >> 7;
                bits ^= bits << 17;
                turns -= 1;
            }
        }
        bits
    }

    #[test]
    fn samples_are_where_the_time_goes_in_this_thread_and_in_those_it_starts() {
        let sampler = match Sampler::start(Duration::from_millis(1)) {
            Ok(sampler) => sampler,
            // As it is where the kernel is not asked, or says no.
            Err(error) => return assert!(!error.to_string().is_empty()),
        };
        busy(Duration::from_millis(150));
        thread::scope(|scope| _ = scope.spawn(|| busy(Duration::from_millis(150))));
        let here = sampler.take_function(busy as fn(Duration) -> u64 as usize as u64);
        let elsewhere = sampler.take_rest();
        // The machine may be busy with other things; of what this process did, most was there.
        assert!(here > 20 && here > 4 * elsewhere, "{here} in the function, {elsewhere} elsewhere");
        assert_eq!(sampler.lost(), 0);
    }

    #[test]
    fn what_is_taken_is_forgotten() {
        let sampler = Sampler { shared: Arc::default(), thread: None };
        sampler.shared.with(|state| state.samples.at = BTreeMap::from([(1, 1), (5, 2), (9, 4), (10, 8)]));
        assert_eq!(sampler.take(5..10), 6);
        assert_eq!(sampler.take(0..10), 1);
        assert_eq!(sampler.take_rest(), 8);
    }
}
