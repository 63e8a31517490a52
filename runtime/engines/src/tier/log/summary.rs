//! What the log's last line says: per function what was made of it, and why what was hot was not compiled.

use super::Known;
use super::json::Json;
use super::refusal::Refusal;
use super::shares::Shares;
use crate::tier::UnitKey;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use vm_api::code::Code;

/// Index of a function in the summary.
pub(super) type FunctionIndex = usize;

/// What is counted of a function, or of all.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) units: u64,
    pub(super) bailouts: u64,
    pub(super) discarded: u64,
    pub(super) freed: u64,
    pub(super) code_bytes: u64,
    /// Of bytecode in the functions of units that came to code.
    pub(super) instructions: u64,
    /// Of the kernel, in compiled code.
    samples: u64,
    pub(super) build: Duration,
    pub(super) backend: Duration,
    /// By the guard's reason.
    exits: BTreeMap<&'static str, u64>,
    forced: u64,
}

impl Counts {
    pub(super) fn exit(&mut self, reason: &'static str, forced: bool) {
        if forced {
            self.forced += 1;
        } else {
            *self.exits.entry(reason).or_default() += 1;
        }
    }
    fn fields(&self, object: Json) -> Json {
        let exits = self.exits.iter().fold(Json::new(), |object, (reason, times)| object.number(reason, *times));
        object
            .number("units", self.units)
            .number("bailouts", self.bailouts)
            .number("discarded", self.discarded)
            .number("freed", self.freed)
            .number("code_bytes", self.code_bytes)
            .number("instructions", self.instructions)
            .number("samples", self.samples)
            .number("build_ns", self.build.as_nanos() as u64)
            .number("backend_ns", self.backend.as_nanos() as u64)
            .object("exits", exits)
            .number("forced", self.forced)
    }
    /// How much it has to do with what readers look for: the busiest come first.
    fn weight(&self) -> (u64, u64) {
        (self.samples, self.units + self.bailouts + self.exits.values().sum::<u64>())
    }
}

/// A function that was hot.
pub(super) struct Function {
    pub(super) name: Box<str>,
    pub(super) file: Box<str>,
    pub(super) line: u32,
    pub(super) counts: Counts,
    /// How often it was hot and not compiled, by entry and why.
    refused: BTreeMap<(UnitKey, &'static str), (u64, String)>,
}

impl Function {
    /// Which function it is.
    pub(super) fn place(&self, object: Json) -> Json {
        object.text("function", &self.name).text("file", &self.file).number("line", self.line.into())
    }
    pub(super) fn refuse(&mut self, key: UnitKey, why: &Refusal) {
        self.refused.entry((key, why.reason())).or_insert_with(|| (0, why.detail())).0 += 1;
    }
    fn object(&self) -> Json {
        let refused = self.refused.iter().map(|((key, reason), (times, detail))| {
            entry(Json::new(), *key).text("reason", reason).text("detail", detail).number("times", *times)
        });
        self.counts.fields(self.place(Json::new())).list("refused", refused)
    }
}

/// The fields that say where a unit is entered.
pub(super) fn entry(object: Json, key: UnitKey) -> Json {
    let kind = if key.is_some() { "loop" } else { "function" };
    object.text("entry", kind).number_if_known("position", key.map(u64::from))
}

/// All functions that were hot, by where they are: runtimes that follow each other number their codes anew.
#[derive(Default)]
pub(super) struct Summary {
    pub(super) functions: Vec<Function>,
    by_place: HashMap<(Box<str>, Box<str>, u32), FunctionIndex>,
    pub(super) total: Counts,
}

impl Summary {
    /// The function of a code.
    pub(super) fn function(&mut self, code: &Code) -> FunctionIndex {
        let (name, file, line) = (code.qualified_name.clone(), code.source.clone(), code.first_line);
        *self.by_place.entry((name.clone(), file.clone(), line)).or_insert_with(|| {
            self.functions.push(Function { name, file, line, counts: Counts::default(), refused: BTreeMap::new() });
            self.functions.len() - 1
        })
    }
    /// Counts for a function and for all.
    pub(super) fn count(&mut self, function: FunctionIndex, f: impl Fn(&mut Counts)) {
        f(&mut self.functions[function].counts);
        f(&mut self.total);
    }
    /// Counts the samples in a unit's code.
    pub(super) fn sample(&mut self, known: &Known, shares: &mut Shares) {
        let samples = known.code.as_ref().map_or(0, |code| shares.in_code(code));
        self.count(known.function, |counts| counts.samples += samples);
    }
    pub(super) fn object(&self, object: Json) -> Json {
        let mut functions: Vec<&Function> = self.functions.iter().collect();
        functions.sort_by_key(|function| std::cmp::Reverse(function.counts.weight()));
        self.total.fields(object).list("functions", functions.into_iter().map(Function::object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Bailout;

    #[test]
    fn what_is_busiest_comes_first_and_refusals_are_counted_by_entry() {
        let mut summary = Summary::default();
        let code = |name: &str| Code { qualified_name: name.into(), source: "a.py".into(), ..Code::default() };
        let quiet = summary.function(&code("quiet"));
        let busy = summary.function(&code("busy"));
        assert_eq!(summary.function(&code("quiet")), quiet);
        for key in [None, Some(7), Some(7)] {
            summary.functions[quiet].refuse(key, &Bailout::Unsettled.into());
        }
        summary.count(busy, |counts| {
            counts.units += 1;
            counts.exit("rare", false);
            counts.exit("rare", true);
        });
        let text = summary.object(Json::new()).finish();
        assert!(text.starts_with("{\"units\":1,"), "{text}");
        assert!(text.contains("\"exits\":{\"rare\":1},\"forced\":1,\"functions\":[{\"function\":\"busy\","), "{text}");
        assert!(text.contains("{\"entry\":\"function\",\"position\":null,\"reason\":\"unsettled\","), "{text}");
        assert!(text.contains("{\"entry\":\"loop\",\"position\":7,\"reason\":\"unsettled\","), "{text}");
        assert!(text.ends_with("\"times\":2}]}]}"), "{text}");
    }
}
