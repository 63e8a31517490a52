//! The oracle: a batch of programs in two configurations.

use super::{Configuration, Outcome, run};
use std::fmt;

/// Two runs of a program that do not agree.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Index of the program in its batch; `None` if the VM itself failed, in whichever of them.
    pub program: Option<usize>,
    /// What both saw, or how the VM failed.
    pub what: String,
}

/// What comparing found.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Programs before the first difference.
    pub alike: usize,
    /// The first one.
    pub difference: Option<Difference>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.program {
            Some(program) => write!(f, "program {program}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// Runs programs in two configurations; the first difference.
pub fn check(reference: &Configuration, configuration: &Configuration, programs: &[String]) -> Option<Difference> {
    differs(&run(reference, programs), configuration, programs).difference
}

/// The same where the outcomes in the reference configuration are known.
pub fn differs(
    expected: &Result<Vec<Outcome>, String>,
    configuration: &Configuration,
    programs: &[String],
) -> Compared {
    let failed = |what| Compared { alike: 0, difference: Some(Difference { program: None, what }) };
    let expected = match expected {
        Ok(expected) => expected,
        Err(why) => return failed(format!("the reference: {why}")),
    };
    let seen = match run(configuration, programs) {
        Ok(seen) => seen,
        Err(what) => return failed(what),
    };
    for (program, (expected, seen)) in expected.iter().zip(&seen).enumerate() {
        // Collectors differ in how much fits into a heap. From here on the heap may be full.
        if [expected, seen].iter().any(|outcome| outcome.lacks_memory()) {
            return Compared { alike: program, difference: None };
        }
        for (name, expected, seen) in [
            ("printed", &expected.printed, &seen.printed),
            ("raised", &expected.raised, &seen.raised),
            ("globals", &expected.globals, &seen.globals),
        ] {
            if let Some(what) = first_line(expected, seen) {
                let difference = Difference { program: Some(program), what: format!("{name}, {what}") };
                return Compared { alike: program, difference: Some(difference) };
            }
        }
    }
    Compared { alike: programs.len(), difference: None }
}

/// The first line in which two texts differ.
fn first_line(expected: &str, seen: &str) -> Option<String> {
    if expected == seen {
        return None;
    }
    let (mut expected, mut seen) = (expected.lines(), seen.lines());
    let mut number = 0;
    loop {
        number += 1;
        let (e, s) = (expected.next(), seen.next());
        if e != s || e.is_none() {
            let show = |line: Option<&str>| line.map_or("nothing more".to_owned(), |text| format!("{text:?}"));
            return Some(format!("line {number}: {} became {}", show(e), show(s)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_by_its_first_line() {
        assert_eq!(first_line("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_line("a\nb\n", "a\nc\n").as_deref(), Some("line 2: \"b\" became \"c\""));
        assert_eq!(first_line("a\n", "a\nb\n").as_deref(), Some("line 2: nothing more became \"b\""));
    }

    #[test]
    fn what_depends_on_the_configuration_is_found() {
        // How often the finalizer ran depends on the collector.
        let source = "count = [0]\nclass C:\n def __del__(self): count[0] += 1\n\
                      for i in range(3000): C()\nimport gc\ngc.collect()\n";
        let other: Configuration = "--gc=none".parse().expect("a configuration");
        let found = check(&Configuration::reference(), &other, &[source.to_owned()]);
        assert!(
            found.is_some_and(|d| d.what.starts_with("globals")),
            "finalizers ran under a collector that never collects"
        );
    }
}
