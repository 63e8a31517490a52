//! Compiling one entry, as the log sees it.

use super::caches::Caches;
use super::json::Json;
use super::refusal::Refusal;
use super::summary::{FunctionIndex, entry};
use super::{JitLog, Known, UnitLog, line_of};
use crate::build::Mode;
use crate::tier::UnitKey;
use runtime_core::CodeUnit;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vm_api::code::Code;
use vm_api::vir::Unit;

/// The compilation of one entry, as the log sees it. Without a log it is nothing.
pub(in crate::tier) struct Attempt(Option<Box<Logged>>);

struct Logged {
    log: Rc<JitLog>,
    code: Arc<Code>,
    caches: Caches,
    function: FunctionIndex,
    key: UnitKey,
    builds: u32,
    mode: Mode,
    backend: &'static str,
    /// When the part began that is at work.
    since: Instant,
    build: Option<Duration>,
    vir: Option<usize>,
    number: u64,
}

/// What is built, and how.
pub(in crate::tier) struct Wanted<'t> {
    pub(in crate::tier) unit: &'t CodeUnit,
    pub(in crate::tier) key: UnitKey,
    /// Builds of this entry, this one included.
    pub(in crate::tier) builds: u32,
    pub(in crate::tier) mode: Mode,
    /// Was the one before the last that took something for granted?
    pub(in crate::tier) despaired: bool,
    pub(in crate::tier) backend: &'static str,
}

impl Attempt {
    pub(in crate::tier) fn new(log: Option<&Rc<JitLog>>, wanted: &Wanted<'_>) -> Attempt {
        Attempt(log.map(|log| {
            let Wanted { unit, key, builds, mode, backend, .. } = *wanted;
            let function = log.function(&unit.code);
            if wanted.despaired {
                log.give_up(function, key, "speculation", "exits");
            }
            let (since, build, vir) = (Instant::now(), None, None);
            Box::new(Logged {
                log: log.clone(),
                code: unit.code.clone(),
                caches: Caches::of(unit),
                function,
                key,
                builds,
                mode,
                backend,
                since,
                build,
                vir,
                number: 0,
            })
        }))
    }
    /// The unit is built.
    pub(in crate::tier) fn built(&mut self, unit: &Unit) {
        if let Some(logged) = &mut self.0 {
            logged.build = Some(logged.since.elapsed());
            logged.vir = Some(unit.blocks.iter().map(|block| block.insts.len() + 1).sum());
            logged.since = Instant::now();
        }
    }
    /// The backend is done, and took this long. `bytes`: of machine code.
    pub(in crate::tier) fn compiled(&mut self, bytes: Option<usize>, backend: Duration) {
        let Some(logged) = &mut self.0 else { return };
        let build = logged.build.unwrap_or_default();
        let recorded = &mut *logged.log.recorded.borrow_mut();
        recorded.numbered += 1;
        logged.number = recorded.numbered;
        let bytes = bytes.map(|bytes| bytes as u64);
        let instructions = logged.code.instructions.len() as u64;
        recorded.summary.count(logged.function, |counts| {
            counts.instructions += instructions;
            counts.build += build;
            counts.backend += backend;
        });
        if recorded.output.is_open() {
            let place = recorded.summary.functions[logged.function].place(logged.log.event("compile"));
            let line = logged
                .describe(place.number("unit", logged.number))
                .number_if_known("code_bytes", bytes)
                .number("build_ns", build.as_nanos() as u64)
                .number("backend_ns", backend.as_nanos() as u64);
            recorded.output.line(line.finish());
        }
        logged.since = Instant::now();
    }
    /// The unit is ready to run. Machine code is at an address.
    pub(in crate::tier) fn installed(self, code: Option<(u64, &[u8])>) -> UnitLog {
        let Some(logged) = self.0 else { return UnitLog(None) };
        let install = logged.since.elapsed().as_nanos() as u64;
        let (address, bytes) = (code.map(|(address, _)| address), code.map(|(_, bytes)| bytes.len() as u64));
        let range = code.map(|(address, bytes)| address..address + bytes.len() as u64);
        let known = Known { function: logged.function, code: range, exits: HashMap::new() };
        {
            let recorded = &mut *logged.log.recorded.borrow_mut();
            if let Some((address, bytes)) = code {
                recorded.profilers.add(address, bytes, || logged.name());
            }
            recorded.units.insert(logged.number, known);
            recorded.summary.count(logged.function, |counts| {
                counts.units += 1;
                counts.code_bytes += bytes.unwrap_or(0);
            });
        }
        logged.log.line("install", logged.function, |line| {
            line.number("unit", logged.number)
                .number_if_known("address", address)
                .number_if_known("bytes", bytes)
                .number("install_ns", install)
        });
        UnitLog(Some((logged.log.clone(), logged.number)))
    }
    /// It came to nothing, and is not tried again.
    pub(in crate::tier) fn refused(self, why: &Refusal) {
        let Some(logged) = self.0 else { return };
        {
            let mut recorded = logged.log.recorded.borrow_mut();
            recorded.summary.count(logged.function, |counts| counts.bailouts += 1);
            recorded.summary.functions[logged.function].refuse(logged.key, why);
        }
        let build = logged.build.map(|build| build.as_nanos() as u64);
        logged.log.line("bailout", logged.function, |line| {
            logged
                .describe(line)
                .text("by", why.by())
                .text("reason", why.reason())
                .text("detail", &why.detail())
                .number_if_known("build_ns", build)
                .number("spent_ns", logged.since.elapsed().as_nanos() as u64)
        });
        logged.log.give_up(logged.function, logged.key, "entry", why.reason());
    }
}

impl Logged {
    /// What profilers call it.
    fn name(&self) -> String {
        let (name, file, line) = (&self.code.qualified_name, &self.code.source, self.code.first_line);
        let looping = self.key.and_then(|at| line_of(&self.code, at)).map(|line| format!(" loop at {line}"));
        format!("prism::{name}:{file}:{line}{}", looping.unwrap_or_default())
    }
    /// The fields of what is compiled.
    fn describe(&self, line: Json) -> Json {
        let mode = match self.mode {
            Mode::Speculative => "speculative",
            Mode::Baseline => "baseline",
        };
        entry(line, self.key)
            .number_if_known("entry_line", self.key.and_then(|at| line_of(&self.code, at)))
            .number("build", self.builds.into())
            .text("backend", self.backend)
            .text("mode", mode)
            .number("instructions", self.code.instructions.len() as u64)
            .number_if_known("vir", self.vir.map(|vir| vir as u64))
            .object("caches", self.caches.object())
    }
}
