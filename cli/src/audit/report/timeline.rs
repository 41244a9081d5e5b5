//! Verdicts over time: one picture of valid and not valid uses, and a small one for
//! each code, with a scale of its own.

use std::fmt::Write as _;

use jot::Code;

use super::html::{clock, counted, date, escaped, number, span};
use super::samples::code_link;
use super::table::{Cell, Column, Table};
use crate::audit::summary::code_name;
use crate::audit::tally::{Tally, start_of, wider};

/// How many intervals a picture has at most.
const MOST: i64 = 120;

/// How many codes have a picture.
const CODES: usize = 12;

const DAY_SECONDS: i64 = 86_400;

/// Intervals of one length, from the first use to the last.
pub(super) struct Intervals {
    pub(super) start: i64,
    pub(super) seconds: i64,
    pub(super) count: i64,
}

impl Intervals {
    /// Chooses the length: at least `seconds`, and at most `most` intervals.
    pub(super) fn over(first: i64, last: i64, seconds: i64, most: i64) -> Self {
        let mut seconds = seconds;
        loop {
            let start = start_of(first, seconds);
            let count = start_of(last, seconds).saturating_sub(start).div_euclid(seconds).saturating_add(1);
            if count <= most {
                return Self { start, seconds, count };
            }
            seconds = wider(seconds);
        }
    }

    /// Returns the number of the interval that has the instant.
    pub(super) fn place(&self, instant: i64) -> usize {
        usize::try_from(instant.saturating_sub(self.start).div_euclid(self.seconds)).unwrap_or_default()
    }

    fn end(&self) -> i64 {
        self.start.saturating_add(self.seconds.saturating_mul(self.count))
    }

    /// Returns a boundary between intervals, with the time of the day if they are shorter.
    fn told(&self, boundary: i64) -> String {
        match self.seconds < DAY_SECONDS {
            true => format!("{} {}", date(boundary), clock(boundary)),
            false => date(boundary),
        }
    }

    fn starts(&self) -> impl Iterator<Item = i64> + use<> {
        let (start, seconds) = (self.start, self.seconds);
        (0..self.count).map(move |place| start.saturating_add(seconds.saturating_mul(place)))
    }

    /// Returns the labels below a picture: of both ends, and of up to three boundaries
    /// between.
    #[expect(clippy::cast_precision_loss, reason = "the place of a label is rounded anyway")]
    pub(super) fn labels(&self) -> String {
        let mut html = "<svg class=\"labels\" aria-hidden=\"true\">".to_owned();
        let mut before = -1;
        for quarter in 0..=4 {
            let place = self.count.saturating_mul(quarter).div_euclid(4);
            if place == before {
                continue;
            }
            before = place;
            let at = self.start.saturating_add(self.seconds.saturating_mul(place));
            let x = 100.0 * place as f64 / self.count.max(1) as f64;
            let (anchor, class) = match quarter {
                0 => ("start", ""),
                4 => ("end", ""),
                2 => ("middle", ""),
                _ => ("middle", " class=\"minor\""),
            };
            let anchor = if place == 0 { "start" } else { anchor };
            let (day, time) = (date(at), if self.seconds < DAY_SECONDS { clock(at) } else { String::new() });
            let _ = write!(
                html,
                "<g{class}><line x1=\"{x:.2}%\" x2=\"{x:.2}%\" y2=\"5\"/><text x=\"{x:.2}%\" y=\"18\" \
                 text-anchor=\"{anchor}\">{day}</text><text x=\"{x:.2}%\" y=\"33\" text-anchor=\"{anchor}\">{time}</text></g>"
            );
        }
        html.push_str("</svg>");
        html
    }
}

/// Counts by interval.
struct Series {
    name: String,
    label: String,
    counts: Vec<u64>,
}

impl Series {
    fn sum(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    fn most(&self) -> u64 {
        self.counts.iter().copied().max().unwrap_or_default()
    }
}

/// Returns the pictures of all verdicts.
pub(super) fn section(tally: &Tally) -> String {
    let ends = tally.spans.counts.keys().next().zip(tally.spans.counts.keys().next_back());
    let Some((first, last)) = ends else {
        return "<p class=\"nothing\">No use has a known time.</p>".to_owned();
    };
    let intervals = Intervals::over(*first, *last, tally.spans.seconds, MOST);
    let series = series(tally, &intervals);
    let unit = span(intervals.seconds);
    let (valid, invalid): (Vec<_>, Vec<_>) =
        series.iter().partition(|series| series.name == Code::Accepted.name());
    let mut html = format!(
        "<p class=\"note\">Uses per {unit}, in UTC. The first and the last interval may not be whole. \
         Each picture of a code has a scale of its own.</p>"
    );
    html.push_str(&overview(&valid, &invalid, &intervals));
    html.push_str("<div class=\"multiples\">");
    for one in series.iter().filter(|series| series.name != Code::Accepted.name()) {
        html.push_str(&multiple(one, &intervals, &unit));
    }
    html.push_str("</div>");
    html.push_str(&figures(&series, &intervals));
    html
}

/// Returns the counts of each code, the most frequent first; the rare ones beyond
/// [`CODES`] are one series.
fn series(tally: &Tally, intervals: &Intervals) -> Vec<Series> {
    let mut codes: Vec<_> = tally.totals.codes.iter().collect();
    codes.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let length = usize::try_from(intervals.count).unwrap_or_default();
    let of = |name: &str, label: String, wanted: &dyn Fn(u32) -> bool| {
        let mut counts = vec![0_u64; length];
        for (start, codes) in &tally.spans.counts {
            if let Some(count) = counts.get_mut(intervals.place(*start)) {
                let more = codes.iter().filter(|(code, _)| wanted(**code)).map(|(_, count)| *count);
                *count = more.fold(*count, u64::saturating_add);
            }
        }
        Series { name: name.to_owned(), label, counts }
    };
    let mut all: Vec<_> = codes
        .iter()
        .take(CODES)
        .map(|(code, _)| of(code_name(**code), code_link(**code), &|other| other == **code))
        .collect();
    let rare: Vec<u32> = codes.iter().skip(CODES).map(|(code, _)| **code).collect();
    if !rare.is_empty() {
        all.push(of("others", "others".to_owned(), &|code| rare.contains(&code)));
    }
    all
}

/// Returns one picture: uses that were not valid upon those that were.
fn overview(valid: &[&Series], invalid: &[&Series], intervals: &Intervals) -> String {
    let length = usize::try_from(intervals.count).unwrap_or_default();
    let sums = |series: &[&Series]| {
        let mut sums = vec![0_u64; length];
        for (sum, place) in sums.iter_mut().zip(0..) {
            let counts = series.iter().filter_map(|series| series.counts.get::<usize>(place));
            *sum = counts.fold(0, |sum, count| sum.saturating_add(*count));
        }
        sums
    };
    let (good, bad) = (sums(valid), sums(invalid));
    let all: Vec<_> = good.iter().zip(&bad).map(|(good, bad)| good.saturating_add(*bad)).collect();
    let top = ceiling(all.iter().copied().max().unwrap_or_default());
    let total = |counts: &[u64]| counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let text = format!(
        "Uses from {} until {}, in {}: {} valid, {} not valid; at most {} in one.",
        intervals.told(intervals.start),
        intervals.told(intervals.end()),
        counted(intervals.count.unsigned_abs(), "interval"),
        number(total(&good)),
        number(total(&bad)),
        number(all.iter().copied().max().unwrap_or_default()),
    );
    let grid = "<path class=\"grid\" d=\"M0 0H1000M0 50H1000\"/><path class=\"ground\" d=\"M0 100H1000\"/>";
    format!(
        "<figure class=\"overview\"><figcaption class=\"legend\"><span><i class=\"swatch valid\"></i>valid</span>\
         <span><i class=\"swatch invalid\"></i>not valid</span></figcaption><div class=\"plot\">\
         <div class=\"scale\" aria-hidden=\"true\"><span>{}</span><span>{}</span><span>0</span></div>\
         <svg class=\"area\" role=\"img\" aria-label=\"{text}\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\">\
         {grid}<path class=\"invalid\" d=\"{}\"/><path class=\"valid\" d=\"{}\"/></svg>{}</div></figure>",
        number(top),
        number(top.div_euclid(2)),
        steps(&all, top),
        steps(&good, top),
        intervals.labels(),
    )
}

/// Returns the small picture of one code.
fn multiple(series: &Series, intervals: &Intervals, unit: &str) -> String {
    let (sum, most) = (series.sum(), series.most());
    let text = format!("{}: {}, at most {} per {unit}", series.name, counted(sum, "use"), number(most));
    let (uses, of) = (counted(sum, "use"), most.max(1));
    format!(
        "<figure class=\"multiple\"><figcaption>{}<span>{uses}, at most {} per {unit}</span></figcaption>\
         <svg class=\"area\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\">\
         <path class=\"ground\" d=\"M0 100H1000\"/><path class=\"one\" d=\"{}\"/></svg>\
         <p class=\"ends\" aria-hidden=\"true\"><span>{}</span><span>{}</span></p></figure>",
        series.label,
        number(most),
        escaped(&text),
        steps(&series.counts, of),
        intervals.told(intervals.start),
        intervals.told(intervals.end()),
    )
}

/// Returns the outline of the counts as steps, in a field of 1000 by 100.
#[expect(clippy::cast_precision_loss, reason = "a picture is rounded anyway")]
fn steps(counts: &[u64], top: u64) -> String {
    let width = 1000.0 / counts.len().max(1) as f64;
    let mut path = "M0 100".to_owned();
    for (place, count) in counts.iter().enumerate() {
        let height = 100.0 * *count as f64 / top.max(1) as f64;
        // What is there stays visible.
        let height = if *count > 0 { height.max(1.0) } else { 0.0 };
        let _ = write!(path, "V{:.1}H{:.1}", 100.0 - height, width * (place.saturating_add(1)) as f64);
    }
    path.push_str("V100z");
    path
}

/// Returns the next number of one digit and zeros, or such a number and a half.
fn ceiling(most: u64) -> u64 {
    let mut unit = 1_u64;
    while unit.saturating_mul(10) <= most {
        unit = unit.saturating_mul(10);
    }
    let halves = most.saturating_mul(2).div_ceil(unit).max(2);
    halves.saturating_mul(unit).div_ceil(2).max(2)
}

/// Returns the figures of the pictures.
fn figures(series: &[Series], intervals: &Intervals) -> String {
    let mut table = Table::new(
        "time-table",
        "Uses by interval and verdict",
        &[Column::Word("from (UTC)"), Column::Word("verdict"), Column::Number("uses")],
    )
    .whole();
    for (place, start) in intervals.starts().enumerate() {
        for one in series {
            let count = one.counts.get(place).copied().unwrap_or_default();
            if count > 0 {
                let at = Cell::sorted(intervals.told(start), start);
                table.row([at, one.name.clone().into(), Cell::number(count)]);
            }
        }
    }
    format!(
        "<details class=\"data\"><summary>The figures as a table</summary>{}</details>",
        table.html("None.")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_cover_every_use_and_are_few() {
        let hour = Intervals::over(1_772_368_245, 1_772_368_245, 60, 120);
        assert_eq!((hour.start, hour.seconds, hour.count), (1_772_368_200, 60, 1));
        let years = Intervals::over(0, 1_772_368_245, 3600, 120);
        assert!(years.count <= 120 && years.end() > 1_772_368_245 && years.start <= 0);
        assert_eq!(years.place(1_772_368_245), usize::try_from(years.count).unwrap() - 1);
        let all = Intervals::over(i64::MIN, i64::MAX, 60, 120);
        assert!(all.count <= 120);
        assert_eq!(hour.labels().matches("<text").count(), 4);
        assert_eq!(years.labels().matches("<g").count(), 5);
    }

    #[test]
    fn outlines_are_steps_that_stay_visible() {
        assert_eq!(steps(&[1, 0, 1000], 1000), "M0 100V99.0H333.3V100.0H666.7V0.0H1000.0V100z");
        assert_eq!(
            [0, 1, 7, 11, 99, 100, 10_000_000_001].map(ceiling),
            [2, 2, 7, 15, 100, 100, 15_000_000_000]
        );
    }
}
