//! SIGINT, SIGTERM and SIGHUP end an experiment in good order: the child is killed, what was measured is kept.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

/// The status that a shell gives a program ended by SIGINT.
pub const EXIT_STATUS: u8 = 130;

/// Why whoever watches a process wakes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    Ended,
    Interrupted,
}

/// Whether the runner was interrupted, and who wants to hear of it.
#[derive(Clone, Debug, Default)]
pub struct Interrupts(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    raised: AtomicBool,
    listener: Mutex<Option<Sender<Wake>>>,
}

impl Interrupts {
    /// Listens from now on, for the whole process.
    pub fn install() -> io::Result<Interrupts> {
        let interrupts = Interrupts::default();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let raising = interrupts.clone();
        std::thread::spawn(move || signals.forever().for_each(|_| raising.raise()));
        Ok(interrupts)
    }

    pub fn raise(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        let listener = self.0.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = listener.as_ref() {
            // Nobody there any more: the process has just ended.
            let _ = listener.send(Wake::Interrupted);
        }
    }

    pub fn raised(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }

    /// Wakes this listener, too, in place of the one before; at once if there was an interrupt already.
    pub fn listen(&self, listener: Sender<Wake>) {
        let mut place = self.0.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if self.raised() {
            let _ = listener.send(Wake::Interrupted);
        }
        *place = Some(listener);
    }
}
