//! Times as programs write them for people: dates and hours in any order, with
//! names of months and zones.

use super::calendar::{civil, digits};

/// What a text says of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// Seconds since 1970 as if in UTC.
    pub(super) civil_seconds: i64,
    pub(super) offset_seconds: Option<i64>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[derive(Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    hour: Option<[i64; 3]>,
    offset_seconds: Option<i64>,
}

/// Reads a date and a time of day; `None` if a word is unknown, or anything is missing
/// or there twice.
pub(super) fn read(text: &str) -> Option<Read> {
    let mut found = Found::default();
    for word in text.split_ascii_whitespace().filter(|word| *word != "@") {
        found.word(word.trim_end_matches(','))?;
    }
    let [hour, minute, second] = found.hour?;
    let civil_seconds = civil(found.year?, found.month?, found.day?, hour, minute, second)?;
    Some(Read { civil_seconds, offset_seconds: found.offset_seconds })
}

impl Found {
    fn word(&mut self, word: &str) -> Option<()> {
        let is_digit = |place: usize| word.as_bytes().get(place).is_some_and(u8::is_ascii_digit);
        if let Some((date, time)) = word.split_once('T').filter(|_| is_digit(0)) {
            self.date(date)?;
            return self.time(time);
        }
        // As in `01/Mar/2026:12:30:45`.
        if let Some((date, time)) = word.split_once(':').filter(|(date, _)| date.contains('/')) {
            self.date(date)?;
            return self.time(time);
        }
        if word.contains(':') && is_digit(0) {
            return self.time(word);
        }
        if let Some(offset) = offset(word) {
            // Go writes `+0000 UTC`.
            return self
                .offset_seconds
                .is_none_or(|other| other == offset)
                .then(|| self.offset_seconds = Some(offset));
        }
        let lower = word.to_ascii_lowercase();
        if let Some(month) = month(&lower) {
            return put(&mut self.month, month);
        }
        if DAYS.iter().any(|day| lower.starts_with(day))
            && lower.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            return Some(());
        }
        match word.len() {
            1 | 2 => put(&mut self.day, digits(word.as_bytes())?),
            4 => put(&mut self.year, digits(word.as_bytes())?),
            _ => self.date(word),
        }
    }

    /// `2026-03-01`, `20260301`, `01/Mar/2026` and `1-Mar-2026`.
    fn date(&mut self, text: &str) -> Option<()> {
        let parts: Vec<_> = text.split(['-', '/']).collect();
        let number = |text: &str| digits(text.as_bytes()).filter(|_| !text.is_empty());
        let [year, month, day] = match parts.as_slice() {
            [whole] if whole.len() == 8 => {
                [number(whole.get(..4)?)?, number(whole.get(4..6)?)?, number(whole.get(6..)?)?]
            }
            [year, month, day] if year.len() == 4 => [number(year)?, number(month)?, number(day)?],
            [day, name, year] if year.len() == 4 => {
                [number(year)?, month(&name.to_ascii_lowercase())?, number(day)?]
            }
            _ => return None,
        };
        put(&mut self.year, year)?;
        put(&mut self.month, month)?;
        put(&mut self.day, day)
    }

    /// `12:30:45`, with a fraction, a zone, or both behind it.
    fn time(&mut self, text: &str) -> Option<()> {
        let (clock, behind) = text.split_at_checked(8)?;
        let parts: Vec<_> = clock.split(':').map(two_digits).collect();
        let [Some(hour), Some(minute), Some(second)] = parts.as_slice() else { return None };
        let fraction = behind.strip_prefix(['.', ',']);
        let zone = fraction.map_or(behind, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        if !zone.is_empty() {
            put(&mut self.offset_seconds, offset(zone)?)?;
        }
        let hour = [*hour, *minute, *second];
        self.hour.is_none().then(|| self.hour = Some(hour))
    }
}

fn two_digits(text: &str) -> Option<i64> {
    digits(text.as_bytes()).filter(|_| text.len() == 2)
}

fn put(place: &mut Option<i64>, value: i64) -> Option<()> {
    place.is_none().then(|| *place = Some(value))
}

fn month(lower: &str) -> Option<i64> {
    let place = MONTHS.iter().position(|month| lower == *month || month.get(..3) == Some(lower))?;
    i64::try_from(place.saturating_add(1)).ok()
}

/// `Z`, `UTC`, `GMT`, `+01`, `+0100` and `+01:00`.
fn offset(text: &str) -> Option<i64> {
    if ["Z", "UTC", "GMT"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let number: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    let number = match number.len() {
        2 => digits(number.as_bytes())?.saturating_mul(100),
        4 => digits(number.as_bytes())?,
        _ => return None,
    };
    let seconds =
        number.div_euclid(100).saturating_mul(3600).saturating_add(number.rem_euclid(100).saturating_mul(60));
    (seconds < 86_400).then(|| seconds.saturating_mul(sign))
}
