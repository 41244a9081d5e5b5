//! Dates in words.

use jiff::Timestamp;
use jot::UnixSeconds;

/// Returns the date in UTC, as RFC 3339 writes it.
#[must_use]
pub fn calendar(instant: UnixSeconds) -> String {
    match Timestamp::from_second(instant.0) {
        Ok(timestamp) => timestamp.to_string(),
        Err(_) => format!("{instant} (beyond the year 9999)"),
    }
}

/// Dates from here on are treated as milliseconds: as seconds they would be in the year
/// 5138 or later, as milliseconds they are in 1973 or later.
const LEAST_MILLISECONDS: i64 = 100_000_000_000;

/// Returns the intended date, if `instant` looks like milliseconds.
#[must_use]
pub fn as_milliseconds(instant: UnixSeconds) -> Option<String> {
    let seconds = instant.0.checked_div(1000).filter(|_| instant.0 >= LEAST_MILLISECONDS)?;
    Timestamp::from_second(seconds).ok().map(|meant| meant.to_string())
}

/// Returns the date as [`calendar`] does, with a note if it looks like milliseconds.
#[must_use]
pub fn told(instant: UnixSeconds) -> String {
    match as_milliseconds(instant) {
        Some(meant) => format!("{}, which looks like milliseconds, of {meant}", calendar(instant)),
        None => calendar(instant),
    }
}

const UNITS: [(u64, &str); 5] =
    [(31_557_600, "year"), (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];

/// Returns the distance of `instant` from `now` in words, in the largest unit that
/// fits.
#[must_use]
pub fn distance(instant: UnixSeconds, now: UnixSeconds) -> String {
    let apart = instant.0.abs_diff(now.0);
    let Some((unit_seconds, unit)) = unit_of(apart) else { return "now".to_owned() };
    let count = counted(apart.checked_div(unit_seconds).unwrap_or_default(), unit);
    if instant > now { format!("in {count}") } else { format!("{count} ago") }
}

/// Returns a time to wait in words, in the largest unit that fits, and rather too long than
/// too short.
#[must_use]
pub fn span(seconds: u64) -> String {
    let (unit_seconds, unit) = unit_of(seconds).unwrap_or((1, "second"));
    counted(seconds.div_ceil(unit_seconds), unit)
}

fn unit_of(seconds: u64) -> Option<(u64, &'static str)> {
    UNITS.into_iter().find(|(unit_seconds, _)| seconds >= *unit_seconds)
}

fn counted(count: u64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_noticed() {
        let meant = |date| as_milliseconds(UnixSeconds(date));
        assert_eq!(meant(1_798_761_600_000).unwrap(), "2027-01-01T00:00:00Z");
        assert_eq!(meant(100_000_000_000).unwrap(), "1973-03-03T09:46:40Z");
        for date in [99_999_999_999, 1_798_761_600, 0, -1_798_761_600_000, i64::MAX, i64::MIN] {
            assert_eq!(meant(date), None, "{date}");
        }
        assert_eq!(told(UnixSeconds(1_798_761_600)), "2027-01-01T00:00:00Z");
        let wrong =
            "1798761600000 (beyond the year 9999), which looks like milliseconds, of 2027-01-01T00:00:00Z";
        assert_eq!(told(UnixSeconds(1_798_761_600_000)), wrong);
    }

    #[test]
    fn dates_are_told_in_words() {
        assert_eq!(calendar(UnixSeconds(1_798_761_600)), "2027-01-01T00:00:00Z");
        assert!(calendar(UnixSeconds(i64::MAX)).ends_with("(beyond the year 9999)"));
        let told = |seconds| distance(UnixSeconds(seconds), UnixSeconds(1_000_000_000));
        assert_eq!(told(1_000_000_000), "now");
        assert_eq!(told(1_000_010_800), "in 3 hours");
        assert_eq!(told(999_999_940), "1 minute ago");
        assert_eq!(told(0), "31 years ago");
        assert_eq!(
            (span(0), span(1), span(60), span(61)),
            ("0 seconds".to_owned(), "1 second".to_owned(), "1 minute".to_owned(), "2 minutes".to_owned())
        );
        assert_eq!(distance(UnixSeconds(i64::MIN), UnixSeconds(i64::MAX)), "584542046090 years ago");
    }
}
