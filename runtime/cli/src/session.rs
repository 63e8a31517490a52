//! From options to running heaps: the collector, the logs, the counters.

use crate::crash;
use crate::explain::Report;
use crate::options::Options;
use crate::statistics;
use runtime_compose::CollectorEntry;
use runtime_engines::{JitLog, PerfDump, PerfMap, Profilers};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, LineWriter, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use vm_api::heap::events::Event;
use vm_api::heap::stress::Stress;
use vm_api::heap::{Heap, HeapOptions};

/// From now on, looks for values in Rust memory after each collection that moves objects, if the build can.
pub(crate) fn watch(heap: &Heap) {
    #[cfg(feature = "debug-alloc")]
    gc_debug_alloc::watch(heap);
    #[cfg(not(feature = "debug-alloc"))]
    let _ = heap;
}

/// What the options say about heaps and engines, with the files opened. Goes to the VM's thread.
pub(crate) struct Setup {
    collector: &'static CollectorEntry,
    options: HeapOptions,
    log: Option<File>,
    statistics: Option<File>,
    jit_log: Option<File>,
    profilers: Profilers,
    explain: Option<File>,
    /// For the page that explains the run: what it is, and whether anything is compiled.
    about: String,
    compiles: bool,
    collections: Arc<AtomicU64>,
    crash_after: Option<u64>,
    output: crash::Output,
}

impl Setup {
    /// Opens what the options name.
    ///
    /// # Errors
    /// There is no collector, or a file cannot be opened.
    pub(crate) fn new(options: &Options, crash: &crash::Context) -> Result<Setup, String> {
        Ok(Setup {
            collector: options
                .collector
                .ok_or("this build has no collector (its Cargo features leave out all of them)")?,
            options: options.heap.clone(),
            log: options.gc_log.as_deref().map(create).transpose()?,
            statistics: options.gc_stats.as_deref().map(create).transpose()?,
            jit_log: options.jit_log.as_deref().map(create).transpose()?,
            profilers: profilers(options)?,
            explain: options.explain.as_deref().map(create).transpose()?,
            about: crash.about(),
            compiles: options.jit.compiles(),
            collections: crash.collections.clone(),
            crash_after: crash_after(options)?,
            output: crash.output.clone(),
        })
    }

    /// On the VM's thread: the setup in the form that makes heaps. Several may be made, one after the other.
    pub(crate) fn start(self, stack_base: u64) -> Session {
        let log = self.log.map(|file| Rc::new(RefCell::new(LineWriter::new(file))));
        let explain = self.explain.map(|file| Report::new(file, self.about));
        let mut to: Vec<Box<dyn Write>> = Vec::new();
        to.extend(self.jit_log.map(|file| Box::new(file) as Box<dyn Write>));
        to.extend(
            explain.as_ref().filter(|_| self.compiles).map(|report| Box::new(report.jit.clone()) as Box<dyn Write>),
        );
        let is_told = !to.is_empty() || !self.profilers.is_none();
        let jit_log = is_told.then(|| Rc::new(JitLog::new(to, self.profilers)));
        Session {
            collector: self.collector,
            options: self.options,
            log,
            statistics: self.statistics,
            jit_log,
            explain,
            collections: self.collections,
            crash_after: self.crash_after,
            stack_base,
            output: self.output,
        }
    }
}

/// `-X crash-after=N`: fail when N collections have ended, so that crash reports can be tested.
fn crash_after(options: &Options) -> Result<Option<u64>, String> {
    match options.implementation.iter().rev().find(|(key, _)| key == "crash-after") {
        None => Ok(None),
        Some((_, Some(value))) if let Ok(collections) = value.parse() => Ok(Some(collections)),
        Some(_) => Err("-X crash-after needs a number of collections: crash-after=N".to_owned()),
    }
}

/// `--perf-map`, `--perf-dump`
fn profilers(options: &Options) -> Result<Profilers, String> {
    let map = options.perf_map.then(PerfMap::create).transpose();
    let dump = options.perf_dump.as_deref().map(PerfDump::create).transpose();
    Ok(Profilers {
        map: map.map_err(|error| format!("cannot write the map for perf: {error}"))?,
        dump: dump.map_err(|error| format!("cannot write the dump for perf: {error}"))?,
    })
}

fn create(path: &Path) -> Result<File, String> {
    File::create(path).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Makes the heaps of one run.
pub(crate) struct Session {
    collector: &'static CollectorEntry,
    options: HeapOptions,
    log: Option<Rc<RefCell<LineWriter<File>>>>,
    statistics: Option<File>,
    collections: Arc<AtomicU64>,
    crash_after: Option<u64>,
    /// What is told what the JIT does.
    pub(crate) jit_log: Option<Rc<JitLog>>,
    explain: Option<Report>,
    stack_base: u64,
    /// Where programs print.
    pub(crate) output: crash::Output,
}

impl Session {
    /// A heap as the options ask for it, but with this schedule of forced collections.
    pub(crate) fn heap(&self, stress: Stress) -> Box<Heap> {
        let options = HeapOptions { stress, log: self.log.is_some() || self.explain.is_some(), ..self.options.clone() };
        let heap = Heap::new((self.collector.create)(&options), options, self.stack_base);
        heap.count_pauses(self.collections.clone());
        // Without a sink nobody takes time stamps.
        if self.log.is_none() && self.crash_after.is_none() && self.explain.is_none() {
            return heap;
        }
        let (log, collections, crash_after) = (self.log.clone(), self.collections.clone(), self.crash_after);
        let mut page = self.explain.as_ref().map(|report| report.heap.clone());
        let began = Instant::now();
        heap.set_event_sink(Box::new(move |event| {
            if let (Event::Pause(_), Some(crash_after)) = (event, crash_after) {
                assert!(collections.load(Ordering::Relaxed) != crash_after, "-X crash-after");
            }
            if let Some(log) = &log
                && let Err(error) = writeln!(log.borrow_mut(), "{}", event.to_json(began.elapsed()))
            {
                // A run whose log is wanted is worth nothing without it.
                panic!("cannot write the log of the heap: {error}");
            }
            if let Some(page) = &mut page {
                page.line(&event.to_json(began.elapsed()));
            }
        }));
        heap
    }

    /// The schedule that the options ask for.
    pub(crate) fn stress(&self) -> Stress {
        self.options.stress
    }

    /// A heap's program has ended: writes its counters, if that is wanted.
    ///
    /// # Errors
    /// They could not be written.
    pub(crate) fn finish(&mut self, heap: &Heap) -> Result<(), String> {
        match &mut self.statistics {
            Some(file) => file
                .write_all(statistics::to_json(heap).as_bytes())
                .map_err(|error| format!("cannot write the heap's counters: {error}")),
            None => Ok(()),
        }
    }

    /// No further program runs. A log of the JIT that could not be written does not make what ran fail.
    pub(crate) fn end(&mut self) {
        if let Some(Err(why)) = self.jit_log.as_ref().map(|log| log.finish()) {
            // If standard error is closed there is nobody to tell.
            _ = writeln!(io::stderr(), "prism: {why}");
        }
        if let Some(Err(error)) = self.explain.as_mut().map(Report::write) {
            _ = writeln!(io::stderr(), "prism: the page that explains the run is incomplete: {error}");
        }
    }
}
