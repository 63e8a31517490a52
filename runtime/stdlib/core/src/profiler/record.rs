//! What a profiler counts, apart from who is counted: functions are numbers here, times are ticks of any clock.

use std::collections::HashMap;

/// Times and calls of a function, or of those that one other function made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// With what was called, of outermost calls.
    pub(super) total: i64,
    /// Without.
    pub(super) own: i64,
    /// All calls that have ended.
    pub(super) calls: i64,
    /// Those of them that were made while another one was running.
    pub(super) recursive: i64,
    /// Calls that run.
    running: i64,
}

impl Figures {
    fn ended(&mut self, total: i64, own: i64) {
        self.running -= 1;
        if self.running == 0 {
            self.total += total;
        } else {
            self.recursive += 1;
        }
        self.own += own;
        self.calls += 1;
    }
}

/// A function.
#[derive(Default)]
pub(super) struct Function {
    pub(super) figures: Figures,
    /// By the numbers of those that it called, in the order of first calls.
    pub(super) callees: Vec<(usize, Figures)>,
    places: HashMap<usize, usize>,
}

impl Function {
    fn callee(&mut self, number: usize) -> &mut Figures {
        let place = *self.places.entry(number).or_insert(self.callees.len());
        if place == self.callees.len() {
            self.callees.push((number, Figures::default()));
        }
        &mut self.callees[place].1
    }
}

/// A call that runs.
struct Call {
    function: usize,
    start: i64,
    /// Ticks of the calls that it made.
    inner: i64,
}

/// See the module.
#[derive(Default)]
pub(super) struct Record {
    pub(super) functions: Vec<Function>,
    calls: Vec<Call>,
    /// Who called whom is kept, too.
    pub(super) by_caller: bool,
}

impl Record {
    /// A function's number; those that are new get the next.
    pub(super) fn add(&mut self) -> usize {
        self.functions.push(Function::default());
        self.functions.len() - 1
    }
    /// A call begins.
    pub(super) fn enter(&mut self, function: usize, now: i64) {
        self.functions[function].figures.running += 1;
        if self.by_caller
            && let Some(caller) = self.calls.last()
        {
            self.functions[caller.function].callee(function).running += 1;
        }
        self.calls.push(Call { function, start: now, inner: 0 });
    }
    /// The innermost call ends.
    pub(super) fn leave(&mut self, now: i64) {
        let Some(call) = self.calls.pop() else { return };
        let total = now - call.start;
        let own = total - call.inner;
        self.functions[call.function].figures.ended(total, own);
        if let Some(caller) = self.calls.last_mut() {
            caller.inner += total;
            let caller = caller.function;
            // Unless it began when callers were not kept.
            if self.by_caller && self.functions[caller].places.contains_key(&call.function) {
                self.functions[caller].callee(call.function).ended(total, own);
            }
        }
    }
    /// The innermost call is forgotten.
    pub(super) fn forget(&mut self) {
        self.calls.pop();
    }
    /// Does any call run?
    pub(super) fn is_running(&self) -> bool {
        !self.calls.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_to_functions_and_their_callers() {
        let mut record = Record { by_caller: true, ..Record::default() };
        let (outer, inner) = (record.add(), record.add());
        record.enter(outer, 0);
        record.enter(inner, 10);
        record.enter(inner, 12);
        record.leave(15);
        record.leave(20);
        record.enter(inner, 30);
        record.leave(31);
        record.leave(100);
        let figures = |total, own, calls, recursive| Figures { total, own, calls, recursive, running: 0 };
        assert_eq!(record.functions[outer].figures, figures(100, 89, 1, 0));
        assert_eq!(record.functions[inner].figures, figures(11, 11, 3, 1));
        assert_eq!(record.functions[outer].callees, [(inner, figures(11, 8, 2, 0))]);
        assert_eq!(record.functions[inner].callees, [(inner, figures(3, 3, 1, 0))]);
        // What nobody entered cannot be left.
        record.leave(200);
        assert!(!record.is_running());
    }
}
