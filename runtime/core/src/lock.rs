//! The global lock: of a VM's threads, one runs language code at a time.
//!
//! The lock is handed over in the order in which threads ask for it. The first that waits wants a turn when the holder has had
//! the switch interval, and sets the holder's poll word; the holder hands over when its engine polls next, and queues up
//! behind those that wait. A thread that is about to wait for something else lets go of the lock before, and queues up after.
//!
//! A *closed* lock is the last thread's: the others stop for good when they next ask for it, wherever they stand.

use std::collections::VecDeque;
use std::mem::replace;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The switch interval at the start.
const INTERVAL: Duration = Duration::from_millis(5);

/// See the module header.
pub(crate) struct GlobalLock {
    turns: Mutex<Turns>,
    /// Somebody waits for longer than the interval.
    wanted: AtomicBool,
    /// Nanoseconds.
    interval: AtomicU64,
}

struct Turns {
    held: bool,
    /// Who had it last.
    last: u64,
    queue: VecDeque<Arc<Seat>>,
    /// The one thread that still gets it.
    closed_by: Option<u64>,
}

/// A thread, as the lock knows it.
pub(crate) struct Seat {
    number: u64,
    /// It is this thread's turn. Changed with the mutex held.
    granted: AtomicBool,
    turn: Condvar,
}

impl Seat {
    pub(crate) fn new(number: u64) -> Arc<Seat> {
        Arc::new(Seat { number, granted: AtomicBool::new(false), turn: Condvar::new() })
    }
}

impl GlobalLock {
    /// A lock that thread `number` holds.
    pub(crate) fn held_by(number: u64) -> GlobalLock {
        GlobalLock {
            turns: Mutex::new(Turns { held: true, last: number, queue: VecDeque::new(), closed_by: None }),
            wanted: AtomicBool::new(false),
            interval: AtomicU64::new(INTERVAL.as_nanos() as u64),
        }
    }
    fn turns(&self) -> MutexGuard<'_, Turns> {
        // Nothing below panics with the mutex held.
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval.load(SeqCst))
    }
    pub(crate) fn set_interval(&self, interval: Duration) {
        self.interval.store(u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX), SeqCst);
    }
    /// Should the holder hand over?
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(SeqCst)
    }

    /// Waits for the lock; `poll` is the holder's poll word. Did another thread have it meanwhile? Does not return if the
    /// lock was closed by another thread.
    pub(crate) fn acquire(&self, seat: &Arc<Seat>, poll: &AtomicU32) -> bool {
        let mut turns = self.turns();
        if turns.closed_by.is_some_and(|owner| owner != seat.number) {
            drop(turns);
            loop {
                std::thread::park();
            }
        }
        if replace(&mut turns.held, true) {
            turns.queue.push_back(seat.clone());
            turns = self.wait(turns, seat, poll);
        }
        replace(&mut turns.last, seat.number) != seat.number
    }
    /// Lets go of the lock.
    pub(crate) fn release(&self) {
        self.pass(&mut self.turns());
    }
    /// Gives those that wait their turns, if any do. Did another thread have the lock meanwhile?
    pub(crate) fn yield_turn(&self, seat: &Arc<Seat>, poll: &AtomicU32) -> bool {
        let mut turns = self.turns();
        if turns.queue.is_empty() {
            self.wanted.store(false, SeqCst);
            return false;
        }
        turns.queue.push_back(seat.clone());
        self.pass(&mut turns);
        turns = self.wait(turns, seat, poll);
        turns.last = seat.number;
        true
    }
    fn pass(&self, turns: &mut Turns) {
        self.wanted.store(false, SeqCst);
        match turns.queue.pop_front() {
            Some(next) => {
                next.granted.store(true, SeqCst);
                next.turn.notify_one();
                // It has the interval to measure from now on.
                if let Some(first) = turns.queue.front() {
                    first.turn.notify_one();
                }
            }
            None => turns.held = false,
        }
    }
    /// Waits in the queue until the lock has been passed to this thread.
    fn wait<'l>(
        &'l self,
        mut turns: MutexGuard<'l, Turns>,
        seat: &Arc<Seat>,
        poll: &AtomicU32,
    ) -> MutexGuard<'l, Turns> {
        let first = |turns: &Turns| turns.queue.front().is_some_and(|s| Arc::ptr_eq(s, seat));
        while !seat.granted.swap(false, SeqCst) {
            if !first(&turns) {
                turns = seat.turn.wait(turns).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (guard, waited) =
                seat.turn.wait_timeout(turns, self.interval()).unwrap_or_else(PoisonError::into_inner);
            turns = guard;
            if waited.timed_out() && first(&turns) {
                // Again after each interval: the holder may have cleared the word just now without seeing the wish.
                self.wanted.store(true, SeqCst);
                poll.store(1, SeqCst);
            }
        }
        turns
    }

    /// The holder keeps the lock for good: other threads stop when they next ask for it.
    pub(crate) fn close(&self, seat: &Seat) {
        let mut turns = self.turns();
        turns.closed_by = Some(seat.number);
        turns.queue.clear();
        self.wanted.store(false, SeqCst);
    }
    pub(crate) fn is_closed(&self) -> bool {
        self.turns().closed_by.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// The holder's poll word, and a lock that thread 0 holds.
    fn setting() -> (Arc<AtomicU32>, Arc<GlobalLock>, Arc<Seat>) {
        (Arc::default(), Arc::new(GlobalLock::held_by(0)), Seat::new(0))
    }

    #[test]
    fn who_waits_for_an_interval_sets_the_poll_word_and_gets_the_next_turn() {
        let (poll, lock, seat) = setting();
        let (other_poll, other_lock) = (poll.clone(), lock.clone());
        let (said, heard) = mpsc::channel();
        let other = std::thread::spawn(move || {
            let seat = Seat::new(1);
            assert!(other_lock.acquire(&seat, &other_poll));
            said.send(()).expect("the holder listens");
            other_lock.release();
        });
        while poll.load(SeqCst) == 0 {
            assert!(heard.try_recv().is_err(), "the lock was held");
            std::thread::yield_now();
        }
        assert!(lock.is_wanted());
        assert!(lock.yield_turn(&seat, &poll));
        heard.try_recv().expect("the other had its turn");
        assert!(!lock.is_wanted());
        other.join().expect("no panic");
    }

    #[test]
    fn turns_are_given_in_the_order_of_asking() {
        let (poll, lock, seat) = setting();
        let (said, heard) = mpsc::channel();
        let threads: Vec<_> = (1..5)
            .map(|number| {
                let (poll, other, said) = (poll.clone(), lock.clone(), said.clone());
                let thread = std::thread::spawn(move || {
                    let seat = Seat::new(number);
                    other.acquire(&seat, &poll);
                    said.send(number).expect("the test listens");
                    other.release();
                });
                while lock.turns().queue.len() < number as usize {
                    std::thread::yield_now();
                }
                thread
            })
            .collect();
        lock.release();
        lock.acquire(&seat, &poll);
        threads.into_iter().for_each(|t| t.join().expect("no panic"));
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn nobody_else_gets_a_closed_lock() {
        let (poll, lock, seat) = setting();
        let (said, heard) = mpsc::channel();
        let (other_poll, other_lock) = (poll.clone(), lock.clone());
        std::thread::spawn(move || {
            other_lock.acquire(&Seat::new(1), &other_poll);
            said.send(()).expect("the test listens");
        });
        while lock.turns().queue.is_empty() {
            std::thread::yield_now();
        }
        lock.close(&seat);
        lock.release();
        assert!(!lock.acquire(&seat, &poll));
        assert!(heard.recv_timeout(Duration::from_millis(50)).is_err());
    }
}
