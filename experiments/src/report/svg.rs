//! Plots as SVG, to stand in a page: the page's style gives the colours (`s0`, `s1`, … for subjects).

use crate::statistics::bootstrap::Estimate;
use std::fmt::Write as _;

/// Colours that people who see few of them tell apart (Okabe and Ito), as classes: so many, then they begin again.
pub const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d00"];

/// A text as XML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in XML.
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A row of a forest plot: a label and, for each subject, its estimate.
pub struct Row {
    pub label: String,
    pub strong: bool,
    pub estimates: Vec<Option<Estimate>>,
}

const LABEL: f64 = 210.0;
const WIDTH: f64 = 860.0;
const MARGIN: f64 = 20.0;
const LINE: f64 = 11.0;

/// Ratios with their intervals on a logarithmic axis, with a line at 1.
pub fn forest(rows: &[Row], subjects: &[usize]) -> String {
    let all: Vec<Estimate> = rows.iter().flat_map(|row| row.estimates.iter().flatten()).copied().collect();
    let ends = all.iter().flat_map(|e| e.interval.map_or([e.value; 2], |(low, high)| [low, high]));
    let positive: Vec<f64> = ends.chain([0.8, 1.25]).filter(|end| end.is_finite() && *end > 0.0).collect();
    let least = positive.iter().copied().fold(f64::INFINITY, f64::min).ln() - 0.05;
    let most = positive.iter().copied().fold(0.0, f64::max).ln() + 0.05;
    let x = |value: f64| LABEL + (value.ln() - least) / (most - least) * (WIDTH - LABEL - MARGIN);
    let block = LINE * subjects.len().max(1) as f64 + 6.0;
    let height = block * rows.len() as f64 + 30.0;
    let mut svg =
        format!("<svg class=\"forest\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"ratios\">\n");
    for tick in ticks(least.exp(), most.exp()) {
        let (x, class) = (x(tick), if tick == 1.0 { "one" } else { "tick" });
        let end = height - 20.0;
        let _ = writeln!(svg, "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"0\" x2=\"{x:.1}\" y2=\"{end:.1}\"/>");
        let _ = writeln!(svg, "<text class=\"axis\" x=\"{x:.1}\" y=\"{:.1}\">{tick}</text>", height - 6.0);
    }
    for (index, row) in rows.iter().enumerate() {
        let top = block * index as f64 + 3.0;
        let class = if row.strong { "label strong" } else { "label" };
        let middle = top + (block - 6.0) / 2.0 + 4.0;
        let label = escape(&row.label);
        let _ = writeln!(svg, "<text class=\"{class}\" x=\"{:.1}\" y=\"{middle:.1}\">{label}</text>", LABEL - 10.0);
        for (place, (estimate, subject)) in row.estimates.iter().zip(subjects).enumerate() {
            let Some(estimate) = estimate.filter(|e| e.value.is_finite() && e.value > 0.0) else { continue };
            let y = top + LINE * place as f64 + LINE / 2.0;
            let colour = subject % COLOURS.len();
            let title = super::estimate(&estimate);
            let _ = write!(svg, "<g class=\"s{colour}\"><title>{label}: {title}</title>");
            if let Some((low, high)) = estimate.interval.filter(|(low, _)| *low > 0.0) {
                let _ = write!(svg, "<line x1=\"{:.1}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{y:.1}\"/>", x(low), x(high));
            }
            let _ = writeln!(svg, "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\"/></g>", x(estimate.value));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Numbers to mark on a logarithmic axis.
fn ticks(least: f64, most: f64) -> Vec<f64> {
    let decades = least.log10().floor() as i32..=most.log10().ceil() as i32;
    let all: Vec<f64> = decades
        .flat_map(|decade| [1.0, 2.0, 5.0].map(|digit| (digit * 10_f64.powi(decade) * 1e6).round() / 1e6))
        .filter(|tick| (least..=most).contains(tick))
        .collect();
    // Many decades want few marks.
    if all.len() <= 12 { all } else { all.into_iter().filter(|t| t.log10().fract().abs() < 1e-9).collect() }
}

/// A course of an invocation: values, and where they change their level.
pub struct Course {
    pub subject: usize,
    pub values: Vec<f64>,
    pub changes: Vec<usize>,
}

/// The iterations of a program, a line an invocation; the axis begins at 0.
pub fn courses(courses: &[Course]) -> String {
    const W: f64 = 420.0;
    const H: f64 = 150.0;
    const LEFT: f64 = 36.0;
    const BOTTOM: f64 = 18.0;
    let longest = courses.iter().map(|course| course.values.len()).max().unwrap_or(0);
    let most = courses.iter().flat_map(|course| &course.values).copied().filter(|v| v.is_finite()).fold(1.0, f64::max);
    let x = |index: usize| LEFT + (W - LEFT - 8.0) * index as f64 / longest.saturating_sub(1).max(1) as f64;
    let y = |value: f64| (H - BOTTOM) - (H - BOTTOM - 8.0) * value / most;
    let mut svg = format!("<svg class=\"courses\" viewBox=\"0 0 {W} {H}\" role=\"img\" aria-label=\"iterations\">\n");
    for mark in [0.0, 1.0, most] {
        let at = y(mark);
        let class = if mark == 1.0 { "one" } else { "tick" };
        let _ = writeln!(svg, "<line class=\"{class}\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{W}\" y2=\"{at:.1}\"/>");
        if mark != 1.0 || most > 1.15 {
            let text = if mark == 0.0 { "0".to_owned() } else { super::figure(mark) };
            let _ = writeln!(svg, "<text class=\"side\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", LEFT - 4.0, at + 4.0);
        }
    }
    for (place, anchor) in [(0, "start"), (longest.saturating_sub(1), "end")] {
        let _ = writeln!(
            svg,
            "<text class=\"foot\" text-anchor=\"{anchor}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x(place),
            H - 4.0,
            place + 1
        );
    }
    for course in courses {
        let points: Vec<String> = course
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_finite())
            .map(|(index, value)| format!("{:.1},{:.1}", x(index), y(*value)))
            .collect();
        let colour = course.subject % COLOURS.len();
        let _ = write!(svg, "<g class=\"s{colour}\">");
        if let [point] = points.as_slice() {
            let (cx, cy) = point.split_once(',').unwrap_or_default();
            let _ = write!(svg, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"2\"/>");
        } else {
            let _ = write!(svg, "<polyline points=\"{}\"/>", points.join(" "));
        }
        for change in course.changes.iter().filter(|change| **change < course.values.len()) {
            let (x, y) = (x(*change), y(course.values[*change]));
            let _ = write!(
                svg,
                "<line class=\"change\" x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>",
                y - 7.0,
                y + 7.0
            );
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

/// A subject's utilisation: the length of windows in milliseconds, and a share.
pub struct Curve {
    pub subject: usize,
    pub points: Vec<(f64, f64)>,
}

/// Shares from 0 to 1 over a logarithmic axis from 1 ms to 1 s.
pub fn utilisation(curves: &[Curve]) -> String {
    const W: f64 = 420.0;
    const H: f64 = 150.0;
    const LEFT: f64 = 36.0;
    const BOTTOM: f64 = 18.0;
    let x = |window: f64| LEFT + (W - LEFT - 16.0) * window.max(1.0).log10().min(3.0) / 3.0;
    let y = |share: f64| (H - BOTTOM) - (H - BOTTOM - 8.0) * share.clamp(0.0, 1.0);
    let mut svg = format!("<svg class=\"courses\" viewBox=\"0 0 {W} {H}\" role=\"img\" aria-label=\"utilisation\">\n");
    for share in [0.0, 0.5, 1.0] {
        let at = y(share);
        let _ = writeln!(svg, "<line class=\"tick\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{W}\" y2=\"{at:.1}\"/>");
        let _ = writeln!(svg, "<text class=\"side\" x=\"{:.1}\" y=\"{:.1}\">{share}</text>", LEFT - 4.0, at + 4.0);
    }
    for window in [1.0, 10.0, 100.0, 1000.0] {
        let (at, foot) = (x(window), H - 4.0);
        let _ =
            writeln!(svg, "<text class=\"foot\" text-anchor=\"middle\" x=\"{at:.1}\" y=\"{foot:.1}\">{window}</text>");
    }
    for curve in curves {
        let points = curve.points.iter().filter(|(window, share)| window.is_finite() && share.is_finite());
        let points: Vec<String> = points.map(|(window, share)| format!("{:.1},{:.1}", x(*window), y(*share))).collect();
        let colour = curve.subject % COLOURS.len();
        let _ = writeln!(svg, "<g class=\"s{colour}\"><polyline points=\"{}\"/></g>", points.join(" "));
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_bad_number(svg: &str) {
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn names_cannot_break_out_of_the_text() {
        assert_eq!(escape("<a b=\"c\">&'\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\u{fffd}");
    }

    #[test]
    fn plots_of_nothing_and_of_extremes_have_finite_coordinates() {
        no_bad_number(&forest(&[], &[]));
        no_bad_number(&courses(&[]));
        no_bad_number(&utilisation(&[]));
        no_bad_number(&utilisation(&[Curve { subject: 9, points: vec![(0.0, -1.0), (f64::NAN, 1.0), (1e9, 2.0)] }]));
        let estimate = |value, interval| Some(Estimate { value, interval });
        let row = |estimates| Row { label: "x".to_owned(), strong: false, estimates };
        let extremes = [estimate(1e-9, Some((0.0, 1e12))), estimate(f64::NAN, None), None];
        no_bad_number(&forest(&[row(extremes.to_vec())], &[0, 1, 2]));
        let course = |values: &[f64]| Course { subject: 0, values: values.to_vec(), changes: vec![0, 7] };
        no_bad_number(&courses(&[course(&[]), course(&[1.0]), course(&[0.0, f64::NAN, 1e9])]));
    }

    #[test]
    fn a_point_lies_where_its_ratio_is() {
        let row = |value: f64| {
            let estimate = Estimate { value, interval: Some((value / 1.5, value * 1.5)) };
            Row { label: String::new(), strong: false, estimates: vec![Some(estimate)] }
        };
        let svg = forest(&[row(0.5), row(1.0), row(2.0)], &[0]);
        let centres: Vec<f64> =
            svg.split("<circle cx=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect();
        // Equal factors are equal distances.
        assert!((centres[1] - centres[0] - (centres[2] - centres[1])).abs() < 0.2, "{centres:?}");
    }

    #[test]
    fn axes_are_marked_at_round_numbers() {
        assert_eq!(ticks(0.4, 6.0), [0.5, 1.0, 2.0, 5.0]);
        assert_eq!(ticks(0.00009, 20_000.0), [0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0]);
    }
}
