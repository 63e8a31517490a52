//! How a process's time divides among compiled code, the interpreter and everything else.
//!
//! By samples of the kernel ([`runtime_sampler`] says why that and nothing else): each is an address, and where it lies says
//! what ran. The code of a unit is asked for when the unit is freed and at the end, before anything else can come to lie there.
//! The interpreter is its loop, one function with all handlers in it; what it calls is not part of it, so slow paths and stubs count as
//! *runtime* whoever calls them, as do the collector, the JIT itself, libraries, and the loop of threads that step. The
//! evaluator's units are data, so its time is the runtime's too.

use super::json::Json;
use runtime_sampler::Sampler;
use std::ops::Range;
use std::time::Duration;

/// Processor time of a thread between two samples. Not a round number, so that it does not go with what programs do each
/// millisecond.
const PERIOD: Duration = Duration::from_micros(997);

/// See the module header.
pub(super) struct Shares {
    /// Or why there are no samples.
    sampler: Result<Sampler, String>,
    compiled: u64,
    /// Where the loops of interpreters begin.
    interpreters: Vec<u64>,
}

impl Shares {
    /// From now on, of the calling thread and those that it will start.
    pub(super) fn begin() -> Shares {
        let sampler = Sampler::start(PERIOD).map_err(|error| error.to_string());
        Shares { sampler, compiled: 0, interpreters: Vec::new() }
    }
    /// Nothing is sampled, for this reason.
    pub(super) fn none(why: String) -> Shares {
        Shares { sampler: Err(why), compiled: 0, interpreters: Vec::new() }
    }
    /// The function at this address is an interpreter's loop.
    pub(super) fn interprets(&mut self, function: u64) {
        if !self.interpreters.contains(&function) {
            self.interpreters.push(function);
        }
    }
    /// Samples in a unit's code since this was last asked.
    pub(super) fn in_code(&mut self, code: &Range<u64>) -> u64 {
        let samples = self.sampler.as_ref().map_or(0, |sampler| sampler.take(code.clone()));
        self.compiled += samples;
        samples
    }
    /// This is the child of a fork.
    pub(super) fn forked(&mut self) {
        let in_child = Err("the child of a fork is not sampled".to_owned());
        if let Ok(sampler) = std::mem::replace(&mut self.sampler, in_child) {
            sampler.abandon();
        }
    }
    /// Ends the samples: the fields of the summary about them. Units have been asked for.
    pub(super) fn end(&mut self, summary: Json) -> Json {
        let ended = Err("the samples have ended".to_owned());
        let sampler = match std::mem::replace(&mut self.sampler, ended) {
            Ok(sampler) => sampler,
            Err(why) => return summary.absent("shares").text("no_shares", &why),
        };
        let interpreter: u64 = self.interpreters.iter().map(|function| sampler.take_function(*function)).sum();
        let (runtime, lost) = (sampler.take_rest(), sampler.lost());
        shares(summary, [self.compiled, interpreter, runtime], lost)
    }
}

/// The fields, from how many samples were in compiled code, in the interpreter and elsewhere.
fn shares(summary: Json, samples: [u64; 3], lost: u64) -> Json {
    let all: u64 = samples.iter().sum();
    if all == 0 {
        return summary.absent("shares").text("no_shares", "the process was too short for samples");
    }
    let shares = ["compiled", "interpreter", "runtime"].into_iter().zip(samples);
    let shares = shares.fold(Json::new(), |object, (key, part)| object.fraction(key, part as f64 / all as f64));
    summary.object("shares", shares.number("samples", all).number("lost", lost))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_was_sampled_or_absent_with_a_reason() {
        assert_eq!(
            shares(Json::new(), [1, 2, 5], 3).finish(),
            "{\"shares\":{\"compiled\":0.1250,\"interpreter\":0.2500,\"runtime\":0.6250,\"samples\":8,\"lost\":3}}"
        );
        let none = shares(Json::new(), [0; 3], 0).finish();
        assert_eq!(none, "{\"shares\":null,\"no_shares\":\"the process was too short for samples\"}");
        let mut forked = Shares::none("not permitted".to_owned());
        assert_eq!(forked.in_code(&(0..9)), 0);
        assert!(forked.end(Json::new()).finish().ends_with("\"not permitted\"}"));
    }
}
