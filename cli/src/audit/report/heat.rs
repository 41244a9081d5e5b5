//! A map of uses by name and day.

use std::fmt::Write as _;

use super::html::{counted, date, escaped, number, span};
use super::timeline::Intervals;
use crate::audit::tally::Days;

/// How many names and spans a map has at most.
pub(super) const NAMES: usize = 24;
const SPANS: i64 = 100;

/// The least number of uses of each shade.
const SHADES: [u64; 5] = [1, 10, 100, 1000, 10_000];

/// A line of the map.
pub(super) struct Line<'l> {
    /// The name, as HTML.
    pub(super) name: String,
    /// The name for those who do not see the map.
    pub(super) text: String,
    pub(super) days: &'l Days,
    /// When the key was in force, from and until; none if there is no key.
    pub(super) in_force: Vec<(i64, i64)>,
    /// Whether some uses were valid and some were not.
    pub(super) is_mixed: bool,
}

/// Returns the map, or nothing if no use has a known time.
pub(super) fn map(lines: &[Line<'_>]) -> String {
    let instants = || lines.iter().flat_map(|line| line.days.counts.keys());
    let (Some(first), Some(last)) = (instants().min(), instants().max()) else { return String::new() };
    let least = lines.iter().map(|line| line.days.seconds).max().unwrap_or(86_400);
    let days = Intervals::over(*first, *last, least, SPANS);
    let is_mixed = lines.iter().any(|line| line.is_mixed);
    let with_keys = lines.iter().any(|line| !line.in_force.is_empty());
    let mut html = format!(
        "<figure class=\"heat\"><figcaption class=\"legend\"><b>Uses per {}</b>{}",
        span(days.seconds),
        legend(is_mixed, with_keys)
    );
    html.push_str("</figcaption><div class=\"lines\">");
    for line in lines {
        html.push_str(&drawn(line, &days));
    }
    let _ = write!(html, "<div class=\"axis\">{}</div></div></figure>", days.labels());
    html
}

fn legend(is_mixed: bool, with_keys: bool) -> String {
    let mut html = String::new();
    for (shade, least) in SHADES.iter().enumerate() {
        let _ = write!(html, "<span><i class=\"swatch s{shade}\"></i>from {}</span>", number(*least));
    }
    if is_mixed {
        html.push_str("<span><i class=\"swatch refused\"></i>share not valid</span>");
    }
    if with_keys {
        html.push_str("<span><i class=\"swatch force\"></i>key in force</span>");
    }
    html
}

#[expect(clippy::cast_precision_loss, reason = "a picture is rounded anyway")]
fn drawn(line: &Line<'_>, days: &Intervals) -> String {
    let mut cells = vec![(0_u64, 0_u64); usize::try_from(days.count).unwrap_or_default()];
    for (start, uses) in &line.days.counts {
        if let Some((rows, refused)) = cells.get_mut(days.place(*start)) {
            *rows = rows.saturating_add(uses.rows);
            *refused = refused.saturating_add(uses.refused);
        }
    }
    let (mut shades, mut refusals) = (String::new(), String::new());
    let (mut rows_in_all, mut refused_in_all, mut days_in_all) = (0_u64, 0_u64, 0_u64);
    for (place, (rows, refused)) in cells.iter().enumerate().filter(|(_, (rows, _))| *rows > 0) {
        let x = place.saturating_mul(10);
        let shade = SHADES.iter().rposition(|least| rows >= least).unwrap_or_default();
        let at =
            days.start.saturating_add(days.seconds.saturating_mul(i64::try_from(place).unwrap_or_default()));
        let _ = write!(
            shades,
            "<rect class=\"s{shade}\" x=\"{x}\" width=\"9\" height=\"20\"><title>{}: {}, {} not valid</title></rect>",
            date(at),
            counted(*rows, "use"),
            number(*refused)
        );
        if *refused > 0 && line.is_mixed {
            let height = (20.0 * *refused as f64 / *rows as f64).max(2.5);
            let _ = write!(refusals, "M{x} 20v-{height:.1}h9V20z");
        }
        rows_in_all = rows_in_all.saturating_add(*rows);
        refused_in_all = refused_in_all.saturating_add(*refused);
        days_in_all = days_in_all.saturating_add(1);
    }
    let width = days.count.saturating_mul(10);
    let mut force = String::new();
    for (from, until) in &line.in_force {
        let x = |instant: i64| {
            let seconds = instant.saturating_sub(days.start) as f64;
            (10.0 * seconds / days.seconds as f64).clamp(0.0, width as f64)
        };
        if x(*from) < x(*until) {
            let _ = write!(force, "M{:.1} 23H{:.1}v3H{:.1}z", x(*from), x(*until), x(*from));
        }
    }
    let text = format!(
        "{}: {} on {} of {}, {} not valid",
        line.text,
        counted(rows_in_all, "use"),
        number(days_in_all),
        counted(days.count.unsigned_abs(), "interval"),
        number(refused_in_all)
    );
    format!(
        "<div class=\"name\">{}</div><svg class=\"strip\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} 26\" \
         preserveAspectRatio=\"none\"><rect class=\"track\" width=\"{width}\" height=\"20\"/>{shades}\
         <path class=\"refused\" d=\"{refusals}\"/><path class=\"force\" d=\"{force}\"/></svg>",
        line.name,
        escaped(&jot_show::text::one_line(&text)),
    )
}
