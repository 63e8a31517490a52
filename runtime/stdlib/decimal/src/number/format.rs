//! `format()`: the mini-language of format specifications, as decimals have it.

use super::scale::{rescale, round_to};
use super::text::{Style, to_text};
use super::{Context, Dec, Env, Kind, MAX_PREC, Res};

/// How numbers are grouped and pointed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conventions {
    pub(crate) point: String,
    pub(crate) separator: String,
    /// Sizes of groups, from the point on. The last one goes on, unless it is 127: then there are no more.
    pub(crate) grouping: Vec<u8>,
}
/// A specification, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) fill: char,
    /// `z`: zeros behind the sign, because a 0 stands before the width.
    align: char,
    sign: char,
    no_negative_zero: bool,
    width: usize,
    precision: Option<i64>,
    kind: char,
    /// Those of the locale are to be filled in.
    pub(crate) is_local: bool,
    pub(crate) conventions: Conventions,
}

/// `None`: it is none.
pub(crate) fn parse(text: &str, capitals: bool) -> Option<Spec> {
    let mut spec = Spec {
        fill: ' ',
        align: '>',
        sign: '-',
        no_negative_zero: false,
        width: 0,
        precision: None,
        kind: if capitals { 'G' } else { 'g' },
        is_local: false,
        conventions: Conventions { point: ".".into(), separator: String::new(), grouping: Vec::new() },
    };
    let is_align = |c: char| matches!(c, '<' | '>' | '=' | '^');
    let mut rest = text.chars().peekable();
    let mut aligned = false;
    let mut first = text.chars();
    match (first.next(), first.next()) {
        (Some(fill), Some(align)) if is_align(align) => {
            (spec.fill, spec.align, aligned) = (fill, align, true);
            rest.nth(1);
        }
        (Some(align), _) if is_align(align) => {
            (spec.align, aligned) = (align, true);
            rest.next();
        }
        _ => {}
    }
    if let Some(sign) = rest.next_if(|c| matches!(c, '+' | '-' | ' ')) {
        spec.sign = sign;
    }
    spec.no_negative_zero = rest.next_if_eq(&'z').is_some();
    if rest.next_if_eq(&'0').is_some() {
        // That is an alignment, which is not given twice.
        if aligned {
            return None;
        }
        (spec.fill, spec.align) = ('0', 'z');
    }
    let number = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| -> Option<Option<i64>> {
        let mut value: Option<i64> = None;
        while let Some(c) = rest.next_if(char::is_ascii_digit) {
            let digit = i64::from(c as u32 - '0' as u32);
            value = Some(value.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
        }
        Some(value)
    };
    spec.width = usize::try_from(number(&mut rest)?.unwrap_or(0)).ok()?;
    if rest.next_if_eq(&',').is_some() {
        (spec.conventions.separator, spec.conventions.grouping) = (",".into(), vec![3]);
    }
    if rest.next_if_eq(&'.').is_some() {
        spec.precision = Some(number(&mut rest)??);
    }
    if let Some(kind) = rest.next() {
        match kind {
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => spec.kind = kind,
            'n' if spec.conventions.separator.is_empty() => (spec.kind, spec.is_local) = ('g', true),
            _ => return None,
        }
    }
    if rest.next().is_some() { None } else { Some(spec) }
}

/// The text of a number; `None` where width or precision are beyond all limits.
pub(crate) fn format(d: &Dec, spec: &Spec, cx: &Context, env: &mut Env<'_>) -> Res<Option<String>> {
    if spec.precision.is_some_and(|p| p > MAX_PREC) || spec.width as u64 > MAX_PREC as u64 {
        return Ok(None);
    }
    let (mut fill, mut align) = (spec.fill, spec.align);
    let mut d = d.clone();
    let percent = spec.kind == '%';
    let kind = if percent { 'f' } else { spec.kind.to_ascii_lowercase() };
    let (mut point, mut style) = (1, Style::Scientific);
    if d.kind == Kind::Finite {
        if percent {
            d.exp += 2;
        }
        style = match kind {
            'e' => Style::Exponent,
            'f' => Style::Fixed,
            _ => Style::Scientific,
        };
        match (kind, spec.precision) {
            ('g', Some(precision)) => d = round_to(&d, precision.max(1), cx, env)?,
            ('e', Some(precision)) if d.is_zero() => point = 1 - precision,
            ('e', Some(precision)) => {
                d = round_to(&d, precision + 1, cx, env)?;
                d = super::round::padded(d, &cx.with_prec(precision + 1), env)?;
            }
            ('f', Some(precision)) => d = rescale(&d, -precision, cx, env)?,
            _ => {}
        }
        if kind == 'f' && d.is_zero() && d.exp > 0 {
            d.exp = 0;
        }
        if spec.no_negative_zero && d.is_zero() {
            d.negative = false;
        }
    } else if align == 'z' {
        (fill, align) = (' ', '>');
    }
    let text = to_text(&d.abs(), style, spec.kind.is_ascii_uppercase(), point, env)?;
    let sign = match (d.negative, spec.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    };
    let mut body = String::new();
    if d.kind == Kind::Finite {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (whole, rest) = text.split_at(end);
        let percent = if percent { "%" } else { "" };
        let rest = match rest.strip_prefix('.') {
            Some(fraction) => format!("{}{fraction}{percent}", spec.conventions.point),
            None => format!("{rest}{percent}"),
        };
        let used = rest.chars().count() + sign.len();
        let width = if align == 'z' { spec.width.saturating_sub(used) } else { 0 };
        env.room(width / 8)?;
        push_grouped(&mut body, whole, width, &spec.conventions);
        body.push_str(&rest);
    } else {
        body.push_str(&text);
        if percent {
            body.push('%');
        }
    }
    let missing = spec.width.saturating_sub(body.chars().count() + sign.len());
    env.room(missing / 8)?;
    let padding = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
    Ok(Some(match align {
        '<' => format!("{sign}{body}{}", padding(missing)),
        '^' => format!("{}{sign}{body}{}", padding(missing / 2), padding(missing - missing / 2)),
        '=' | 'z' => format!("{sign}{}{body}", padding(missing)),
        _ => format!("{}{sign}{body}", padding(missing)),
    }))
}
/// Digits in groups, with zeros before them up to a width.
fn push_grouped(out: &mut String, digits: &str, width: usize, conventions: &Conventions) {
    let separator = &conventions.separator;
    if separator.is_empty() || conventions.grouping.is_empty() || conventions.grouping[0] == 0 {
        out.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
        return out.push_str(digits);
    }
    let mut left = digits;
    let mut missing = width as i64;
    let mut groups: Vec<String> = Vec::new();
    let mut sizes = conventions.grouping.iter().copied();
    let mut size = 0;
    loop {
        match sizes.next() {
            Some(0) | None => {}
            Some(next) => size = next,
        }
        let wanted = (left.len() as i64).max(missing).max(1);
        let is_last = matches!(size, 127 | 255);
        let length = if is_last { wanted } else { wanted.min(size.into()) } as usize;
        let (rest, group) = left.split_at(left.len().saturating_sub(length));
        groups.push(format!("{}{group}", "0".repeat(length - group.len())));
        left = rest;
        missing -= length as i64;
        if is_last || left.is_empty() && missing <= 0 {
            break;
        }
        missing -= separator.chars().count() as i64;
    }
    groups.reverse();
    out.push_str(&groups.join(separator));
}
