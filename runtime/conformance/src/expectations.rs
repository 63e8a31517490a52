//! Cases that are known not to pass, with the reason: `expectations.txt`.
//!
//! A line has the full name of a case, two spaces, and a reason: `differences: HEADING`, where `docs/differences.md` has that
//! heading, or `missing: WHAT`. A case that passes is to be taken out, so the file only shrinks.

use std::collections::BTreeMap;

/// Reasons by the full name of a case.
#[derive(Debug, Default)]
pub(crate) struct Expectations(BTreeMap<String, String>);

impl Expectations {
    /// The expectations of this build.
    ///
    /// # Errors
    /// A line is malformed.
    pub(crate) fn checked_in() -> Result<Expectations, String> {
        Expectations::parse(include_str!("../expectations.txt"), include_str!("../../../docs/differences.md"))
    }

    fn parse(text: &str, differences: &str) -> Result<Expectations, String> {
        let mut reasons = BTreeMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let wrong = |what: &str| format!("expectations.txt, line {}: {what}", index + 1);
            let (name, reason) = line.split_once("  ").ok_or_else(|| wrong("a case has no reason"))?;
            match reason.split_once(": ") {
                Some(("differences", heading)) => {
                    if !differences.lines().any(|line| line.trim_start_matches('#').trim() == heading) {
                        return Err(wrong("docs/differences.md has no such heading"));
                    }
                }
                Some(("missing", what)) if !what.trim().is_empty() => {}
                _ => return Err(wrong("a reason is 'differences: HEADING' or 'missing: WHAT'")),
            }
            if reasons.insert(name.to_owned(), reason.to_owned()).is_some() {
                return Err(wrong("this case was there before"));
            }
        }
        Ok(Expectations(reasons))
    }

    /// Why a case does not pass, if that is known.
    pub(crate) fn reason(&self, full_name: &str) -> Option<&str> {
        self.0.get(full_name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_asked_for() {
        let differences = "# Differences\n\n## Reference counts\n";
        let parse = |text| Expectations::parse(text, differences);
        let good = "# Text\ntest_a.B.test_c  differences: Reference counts\ntest_a.B.test_d  missing: _tkinter\n";
        assert_eq!(parse(good).expect("well-formed").reason("test_a.B.test_d"), Some("missing: _tkinter"));
        for wrong in [
            "test_a.B.test_c",
            "test_a.B.test_c  it fails",
            "test_a.B.test_c  missing: ",
            "test_a.B.test_c  differences: Nothing of the kind",
            "test_a.B.test_c  missing: x\ntest_a.B.test_c  missing: x",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_checked_in_is_well_formed() {
        Expectations::checked_in().expect("well-formed");
    }
}
