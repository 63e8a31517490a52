//! A zone's file (RFC 8536), and which time it has when. Plain numbers.

use super::rule::{Kind, Rule};

/// What a file says.
pub(super) struct Zone {
    /// Seconds since 1970 of the transitions.
    utc: Vec<i64>,
    /// The same as clocks show them: the later and the earlier of those before and after. By fold, they decide.
    shown: [Vec<i64>; 2],
    /// The kind that holds after each.
    after: Vec<usize>,
    kinds: Vec<Kind>,
    /// The kind that holds before the first.
    first: usize,
    rule: Rule,
}

struct Reader<'a>(&'a [u8]);
impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
    fn word(&mut self) -> Option<i32> {
        self.take(4)?.try_into().ok().map(i32::from_be_bytes)
    }
}
/// The version, and how many there are of: UT indicators, standard indicators, leap seconds, transitions, kinds, characters.
fn header(reader: &mut Reader<'_>) -> Result<(u8, [usize; 6]), String> {
    const SHORT: &str = "Invalid TZif file: it ends too early";
    if reader.take(4) != Some(b"TZif") {
        return Err("Invalid TZif file: magic not found".into());
    }
    let version = reader.take(16).ok_or(SHORT)?[0];
    let mut counts = [0; 6];
    for n in &mut counts {
        *n = reader.word().and_then(|n| usize::try_from(n).ok()).ok_or(SHORT)?;
    }
    Ok((version, counts))
}

impl Zone {
    /// Reads a file. What is wrong with it, as an error.
    pub(super) fn parse(content: &[u8]) -> Result<Zone, String> {
        let mut reader = Reader(content);
        let (version, mut counts) = header(&mut reader)?;
        let mut width = 4;
        if version != 0 {
            // The same once more with larger numbers, and a rule behind it.
            let [ut, standard, leaps, transitions, kinds, characters] = counts;
            let size = transitions * 5 + kinds * 6 + characters + leaps * 8 + standard + ut;
            reader.take(size).ok_or("Invalid TZif file: it ends too early")?;
            counts = header(&mut reader)?.1;
            width = 8;
        }
        Zone::body(&mut reader, counts, width).ok_or_else(|| "Invalid TZif file: it ends too early".to_owned())?
    }
    fn body(reader: &mut Reader<'_>, counts: [usize; 6], width: usize) -> Option<Result<Zone, String>> {
        let [ut, standard, leaps, transitions, kind_count, characters] = counts;
        let times = reader.take(transitions.checked_mul(width)?)?;
        let after: Vec<usize> = reader.take(transitions)?.iter().map(|i| usize::from(*i)).collect();
        let found = reader.take(kind_count.checked_mul(6)?)?;
        let names = reader.take(characters)?;
        reader.take(leaps.checked_mul(width + 4)?.checked_add(standard)?.checked_add(ut)?)?;
        if let Some(wrong) = after.iter().find(|i| **i >= kind_count) {
            return Some(Err(format!("Invalid transition index found while reading TZif: {wrong}")));
        }
        let utc: Vec<i64> = times
            .chunks_exact(width)
            .map(|n| match width {
                4 => n.try_into().map_or(0, |n| i64::from(i32::from_be_bytes(n))),
                _ => n.try_into().map_or(0, i64::from_be_bytes),
            })
            .collect();
        let (mut kinds, mut summer) = (Vec::new(), Vec::new());
        for entry in found.chunks_exact(6) {
            let name = names.get(usize::from(entry[5])..)?;
            let end = name.iter().position(|b| *b == 0).unwrap_or(name.len());
            let offset = entry[..4].try_into().map_or(0, i32::from_be_bytes).into();
            kinds.push(Kind { offset, saving: 0, name: String::from_utf8_lossy(&name[..end]).into_owned() });
            summer.push(entry[4] != 0);
        }
        add_savings(&mut kinds, &summer, &after);
        let first = summer.iter().position(|summer| !summer).unwrap_or(0);
        let rule = match (read_rule(reader.0), kinds.get(after.last().copied().unwrap_or(0))) {
            (Ok(Some(rule)), _) => rule,
            (Ok(None), Some(last)) => Rule::fixed(last.clone()),
            (Ok(None), None) => return Some(Err("No time zone information found.".into())),
            (Err(e), _) => return Some(Err(e)),
        };
        // A file may have nothing but the rule.
        if kinds.is_empty() {
            kinds.push(rule.standard.clone());
        }
        let mut shown = [Vec::new(), Vec::new()];
        for (i, at) in utc.iter().enumerate() {
            let before = if i == 0 { 0 } else { after[i - 1] };
            let (x, y) = (kinds[before].offset, kinds[after[i]].offset);
            shown[0].push(at.saturating_add(x.max(y)));
            shown[1].push(at.saturating_add(x.min(y)));
        }
        Some(Ok(Zone { utc, shown, after, kinds, first, rule }))
    }
    /// Bytes that it takes, about.
    pub(super) fn size(&self) -> usize {
        self.utc.len() * 32 + self.kinds.len() * 64 + 256
    }
    /// The only time that it has, if the file names no other, used or not.
    pub(super) fn fixed(&self) -> Option<&Kind> {
        let only = &self.rule.standard;
        (self.rule.is_fixed() && self.kinds.len() == 1 && self.kinds[0] == *only).then_some(only)
    }
    /// The time that it has when clocks show so many seconds since 1970, in this year.
    pub(super) fn at_local(&self, seconds: i64, year: i32, fold: bool) -> &Kind {
        let shown = &self.shown[usize::from(fold)];
        match shown.partition_point(|at| *at <= seconds) {
            0 if !shown.is_empty() => &self.kinds[self.first],
            n if n == shown.len() => self.rule.at_local(seconds, year, fold),
            n => &self.kinds[self.after[n - 1]],
        }
    }
    /// The time at a moment, and whether clocks show it for the second time.
    pub(super) fn at_utc(&self, seconds: i64, year: i32) -> (&Kind, bool) {
        let n = self.utc.partition_point(|at| *at <= seconds);
        if self.utc.last().is_none_or(|last| seconds > *last) {
            let (kind, fold) = self.rule.at_utc(seconds, year);
            // Just behind the last transition, it may be that one that repeats the time.
            let repeated = self
                .utc
                .last()
                .is_some_and(|last| self.rule.is_fixed() && self.before(n - 1).offset - kind.offset > seconds - last);
            return (kind, fold || repeated);
        }
        if n == 0 {
            return (&self.kinds[self.first], false);
        }
        let kind = &self.kinds[self.after[n - 1]];
        (kind, self.before(n - 1).offset - kind.offset > seconds - self.utc[n - 1])
    }
    /// The kind before a transition.
    fn before(&self, transition: usize) -> &Kind {
        &self.kinds[if transition == 0 { self.first } else { self.after[transition - 1] }]
    }
}

/// How far summer times are ahead of the standard time beside them: files say only which are summer times.
fn add_savings(kinds: &mut [Kind], summer: &[bool], after: &[usize]) {
    for (i, kind) in after.iter().enumerate().skip(1) {
        if !summer[*kind] || kinds[*kind].saving != 0 {
            continue;
        }
        let beside = [Some(after[i - 1]), after.get(i + 1).copied()];
        let found = beside
            .into_iter()
            .flatten()
            .filter(|other| !summer[*other])
            .map(|other| kinds[*kind].offset - kinds[other].offset)
            .find(|ahead| *ahead != 0);
        kinds[*kind].saving = found.unwrap_or(0);
    }
    for (kind, _) in kinds.iter_mut().zip(summer).filter(|(_, summer)| **summer) {
        if kind.saving == 0 {
            kind.saving = 3600;
        }
    }
}
/// The rule behind the numbers, between line ends; none if there is nothing.
fn read_rule(rest: &[u8]) -> Result<Option<Rule>, String> {
    let Some(rest) = rest.strip_prefix(b"\n") else { return Ok(None) };
    let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let text = std::str::from_utf8(&rest[..end]).unwrap_or("?");
    if text.is_empty() {
        return Ok(None);
    }
    Rule::parse(text).map(Some).ok_or_else(|| format!("Malformed TZ string: {text}"))
}
