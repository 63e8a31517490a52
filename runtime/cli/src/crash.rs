//! Crash reports: what is written when the VM itself fails.
//!
//! A panic on the VM's thread is a bug of ours. The report names everything that is needed to see it again: the
//! configuration, the seed, how many collections had been done, and a command line that repeats the run. The hook writes
//! it and ends the process at once: no unwinding crosses stubs or compiled code, and no destructor runs on a heap that
//! may be broken.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{BufWriter, Stdout, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::native_stack::THREAD_NAME;
use crate::options::Options;
use vm_api::heap::HeapOptions;
use vm_api::heap::stress::Stress;

/// The exit code after a crash report: a number that `sysexits.h` leaves free, below those of signals.
pub const EXIT_CODE: u8 = 79;

/// What a report says besides the panic itself.
pub(crate) struct Context {
    configuration: String,
    replay: String,
    /// Collections (and steps of incremental ones) that have ended; the event sink counts them.
    pub(crate) collections: Arc<AtomicU64>,
    /// What the program has printed and is not written yet.
    pub(crate) output: Output,
}

/// Standard output, buffered, such that what was printed before a crash is written.
#[derive(Clone)]
pub(crate) struct Output(Arc<Mutex<BufWriter<Stdout>>>);

impl Output {
    fn new() -> Output {
        Output(Arc::new(Mutex::new(BufWriter::new(std::io::stdout()))))
    }
    fn lock(&self) -> MutexGuard<'_, BufWriter<Stdout>> {
        // Nothing that holds the lock leaves the buffer half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.lock().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.lock().flush()
    }
}

impl Context {
    /// The command line and what it means.
    pub(crate) fn about(&self) -> String {
        format!("{} ({})", self.replay, self.configuration)
    }
    /// The context of a run with these options, which the command line `replay` repeats.
    pub(crate) fn new(options: &Options, replay: String) -> Self {
        Context { configuration: configuration(options), replay, collections: Arc::default(), output: Output::new() }
    }

    fn report(&self, panic: &PanicHookInfo<'_>) -> String {
        let message = panic.payload_as_str().unwrap_or("(no message)");
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let collections = self.collections.load(Ordering::Relaxed);
        // On unless it is turned off: a report is often all there is.
        let backtrace = match std::env::var_os("RUST_BACKTRACE") {
            Some(value) if value == "0" => String::new(),
            _ => std::backtrace::Backtrace::force_capture().to_string(),
        };
        format!(
            "prism: the virtual machine failed; this is a bug in it, not in the program\n\
             panic:         {message}\n\
             at:            {place}\n\
             configuration: {}\n\
             collections:   {collections} had ended\n\
             replay:        {}\n\
             {backtrace}",
            self.configuration, self.replay
        )
    }
}

/// From now on, a panic on the VM's thread writes a report and ends the process with [`EXIT_CODE`].
pub(crate) fn install(context: Arc<Context>) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(THREAD_NAME) {
            if let Ok(mut output) = context.output.0.try_lock() {
                // The report comes first even if nobody reads the output.
                _ = output.flush();
            }
            // One write, so that reports of concurrent processes do not mix. There is nobody to tell if it fails.
            _ = std::io::stderr().write_all(context.report(panic).as_bytes());
            std::process::exit(i32::from(EXIT_CODE));
        } else {
            usual(panic);
        }
    }));
}

/// The options that decide how a run goes, in one line.
fn configuration(options: &Options) -> String {
    let heap = &options.heap;
    let collector = options.collector.map_or("none built in", |entry| entry.descriptor.name);
    let mut out = format!("gc={collector} jit={} heap={}", options.jit.name, heap.limit);
    if let Some(bytes) = heap.nursery {
        _ = write!(out, " nursery={bytes}");
    }
    if let Some(age) = heap.promotion_age {
        _ = write!(out, " promotion-age={age}");
    }
    if heap.compaction != HeapOptions::default().compaction {
        _ = write!(out, " compaction={}", heap.compaction);
    }
    if heap.stress != Stress::Off {
        _ = write!(out, " stress={}", stress_text(heap.stress));
    }
    for (on, name) in [
        (heap.verify_pre, "verify-pre"),
        (heap.verify_post, "verify-post"),
        (heap.poison, "poison"),
        (heap.conservative_all, "conservative-all"),
    ] {
        if on {
            _ = write!(out, " {name}");
        }
    }
    if let Some(entries) = options.jit_threshold {
        _ = write!(out, " jit-threshold={entries}");
    }
    if let Some(background) = options.jit_background {
        _ = write!(out, " jit-compile={}", if background { "background" } else { "waiting" });
    }
    if let Some(every) = options.deopt_every {
        _ = write!(out, " deopt-every={every}");
    }
    if let Some(every) = options.invalidate_every {
        _ = write!(out, " invalidate-every={every}");
    }
    match heap.stress {
        Stress::Random(seed) => _ = write!(out, " seed={seed}"),
        _ => out.push_str(" seed=none"),
    }
    _ = write!(
        out,
        " version={} {}",
        env!("CARGO_PKG_VERSION"),
        if cfg!(debug_assertions) { "debug-assertions" } else { "no-debug-assertions" }
    );
    out
}

/// A schedule as `--gc-stress=` takes it.
pub(crate) fn stress_text(stress: Stress) -> String {
    match stress {
        Stress::Off => "off".to_owned(),
        Stress::Count => "count".to_owned(),
        Stress::Alloc(n) => format!("alloc:{n}"),
        Stress::Safepoint(n) => format!("safepoint:{n}"),
        Stress::Once(k) => format!("once:{k}"),
        Stress::Random(seed) => format!("random:{seed}"),
        Stress::Budget { collections, allocations } => format!("budget:{collections}:{allocations}"),
    }
}

/// The arguments as one line for a POSIX shell.
pub(crate) fn shell_line<'a>(arguments: impl IntoIterator<Item = &'a OsStr>) -> String {
    let mut line = String::new();
    for argument in arguments {
        if !line.is_empty() {
            line.push(' ');
        }
        let text = argument.to_string_lossy();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+:,./%@".contains(c);
        if !text.is_empty() && text.chars().all(plain) {
            line.push_str(&text);
        } else {
            _ = write!(line, "'{}'", text.replace('\'', r"'\''"));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_lines_quote_what_a_shell_would_change() {
        let line = shell_line(["prism", "--gc=satb", "-c", "print('a b')", ""].map(OsStr::new));
        assert_eq!(line, r"prism --gc=satb -c 'print('\''a b'\'')' ''");
    }

    #[test]
    fn schedules_read_back() {
        let schedules = [
            Stress::Alloc(3),
            Stress::Safepoint(4),
            Stress::Once(5),
            Stress::Random(6),
            Stress::Budget { collections: 7, allocations: 8 },
            Stress::Count,
            Stress::Off,
        ];
        for stress in schedules {
            assert_eq!(Stress::parse(&stress_text(stress)), Ok(stress));
        }
    }
}
