//! `dump_traceback_later`: a thread of the VM that waits, and then writes where the others stand.
//!
//! It has no number, so that programs do not see it. It writes when it has its turn: while another thread is in native code
//! that does not poll it waits for that.

use super::{descriptor, dump, file, flag, keep_file, kept};
use python_objects::py::root;
use python_objects::{Args, Exc, Object, Py, R, Value};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use vm_api::engine::Thread;

/// What the waiting thread and the others share.
#[derive(Default)]
pub(super) struct Watch {
    /// Number of the request that counts; all others have been cancelled.
    request: Mutex<u64>,
    changed: Condvar,
}

impl Watch {
    /// Makes all requests void; the number of a new one.
    fn next(&self) -> u64 {
        let mut request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        *request += 1;
        self.changed.notify_all();
        *request
    }
    /// Waits so long; false if the request has been cancelled.
    fn wait(&self, of: u64, time: Duration) -> bool {
        let end = Instant::now().checked_add(time);
        let mut request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if *request != of {
                return false;
            }
            let left = end.map_or(time, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return true;
            }
            request = self.changed.wait_timeout(request, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

pub(super) fn start(py: Py<'_>, args: Args<'_>) -> R {
    let Some(time) = crate::time::timeout(py, args.at(0))?.filter(|time| time.as_micros() > 0) else {
        return py.value_error("timeout must be greater than 0");
    };
    let repeat = flag(py, args.opt(1), false)?;
    let (fd, file) = descriptor(py, args.opt(2))?;
    let exit = flag(py, args.opt(3), false)?;
    keep_file(py, file::TIMER, file);
    let request = kept(py).watch.next();
    let job = py.tuple(&[
        py.int_u64(request)?,
        py.int_u64(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))?,
        Value::bool(repeat),
        Value::int(fd.into()),
        Value::bool(exit),
    ])?;
    let (running, memory_error) = (py.new_list(0)?, py.new_exception(Exc::MemoryError, &[])?);
    let frames = py.new_list(0)?;
    let prepare = &mut |new: &Thread| {
        new.set_root(root::REPR_STACK, running.value());
        new.set_root(root::FRAMES, frames.value());
        new.set_root(root::MEMORY_ERROR, memory_error.value());
    };
    match py.ops().start_thread(py.0, 0, job, prepare, run) {
        Ok(_) => Ok(Value::NONE),
        Err(_) => py.err(Exc::RuntimeError, "unable to start watchdog thread"),
    }
}
pub(super) fn cancel(py: Py<'_>, _: Args<'_>) -> R {
    kept(py).watch.next();
    keep_file(py, file::TIMER, Value::NONE);
    Ok(Value::NONE)
}

fn run(thread: &Thread, job: Value) {
    let py = Py(thread);
    let job = Object::of(job);
    let number = |i: usize| python_objects::int::to_i64(job.element(i)).unwrap_or(0) as u64;
    let (request, time, fd) = (number(0), Duration::from_nanos(number(1)), number(3) as i32);
    let (repeat, exit) = (job.element(2) == Value::TRUE, job.element(4) == Value::TRUE);
    let watch = Arc::clone(&kept(py).watch);
    let (seconds, rest) = (time.as_secs(), time.subsec_micros());
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:06}") };
    let header = format!("Timeout ({}:{:02}:{:02}{fraction})!\n", seconds / 3600, seconds / 60 % 60, seconds % 60);
    loop {
        let mut due = false;
        py.blocking(|| due = watch.wait(request, time));
        // It may have been cancelled while this thread waited for its turn.
        if !due || !watch.wait(request, Duration::ZERO) {
            return;
        }
        dump::write(py, fd, &header, true);
        if exit {
            stdlib_system::exit_at_once(1);
        }
        if !repeat {
            return;
        }
    }
}
