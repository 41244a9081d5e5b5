//! The time of use in the forms that logs write.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Flaw;
use super::calendar::{civil, digits};
use super::time_words::{self, Read};

/// Reads a time: a number of seconds, milliseconds, microseconds or nanoseconds since
/// 1970, told apart by its magnitude, RFC 3339, the Common Log Format, and what
/// [`time_words`] reads. `zone` is that of times without one. A fraction is rounded down.
///
/// # Errors
/// `Time`; `TimeZone` if the zone alone is missing.
pub(in crate::audit) fn parse(text: &[u8], zone: Option<&TimeZone>) -> Result<i64, Flaw> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    let is_number =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+' | b'e' | b'E');
    let known = match text {
        [] => None,
        [b'0'..=b'9', ..] if text.len() == 14 && text.iter().all(u8::is_ascii_digit) => {
            return compact(text).map_or_else(|| epoch(text).ok_or(Flaw::Time), |read| at(read, zone));
        }
        _ if text.get(4) != Some(&b'-') && text.iter().all(is_number) => epoch(text),
        [_, _, b'/', _, _, _, b'/', ..] => common_log(text),
        _ => rfc3339(text),
    };
    if let Some(seconds) = known {
        return Ok(seconds);
    }
    let text = std::str::from_utf8(text).map_err(|_| Flaw::Time)?;
    at(time_words::read(text).ok_or(Flaw::Time)?, zone)
}

/// Places a time in its zone, or in that of times without one.
fn at(read: Read, zone: Option<&TimeZone>) -> Result<i64, Flaw> {
    if let Some(offset) = read.offset_seconds {
        return Ok(read.civil_seconds.saturating_sub(offset));
    }
    let zone = zone.ok_or(Flaw::TimeZone)?;
    let civil = Timestamp::from_second(read.civil_seconds).map_err(|_| Flaw::Time)?;
    let civil = civil.to_zoned(TimeZone::UTC).datetime();
    // Of an hour that comes twice, the first.
    let zoned = zone.to_ambiguous_zoned(civil).compatible().map_err(|_| Flaw::Time)?;
    Ok(zoned.timestamp().as_second())
}

/// `20260301123045`
fn compact(text: &[u8]) -> Option<Read> {
    let number = |from: usize, to: usize| digits(text.get(from..to)?);
    let civil_seconds =
        civil(number(0, 4)?, number(4, 6)?, number(6, 8)?, number(8, 10)?, number(10, 12)?, number(12, 14)?)?;
    Some(Read { civil_seconds, offset_seconds: None })
}

/// Numbers up to here are seconds (until the year 5138), then milliseconds,
/// then microseconds, then nanoseconds.
const LARGEST_SECONDS: i64 = 100_000_000_000;

fn epoch(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        // An exponent.
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
        let seconds = text.parse::<f64>().ok().filter(|number| number.is_finite())?.floor() as i64;
        return Some(scale(seconds));
    }
    let whole: i64 = whole.parse().ok()?;
    let below = text.starts_with('-') && fraction.bytes().any(|byte| byte != b'0');
    Some(scale(whole.saturating_sub(i64::from(below))))
}

fn scale(number: i64) -> i64 {
    const THOUSAND: i64 = 1000;
    let mut seconds = number;
    while seconds.saturating_abs() >= LARGEST_SECONDS {
        seconds = seconds.div_euclid(THOUSAND);
    }
    seconds
}

/// `10/Oct/2000:13:55:36 -0700`
fn common_log(text: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let number = |from: usize, to: usize| digits(text.get(from..to)?);
    let wanted = |place: usize, byte: u8| (text.get(place) == Some(&byte)).then_some(());
    wanted(11, b':')?;
    wanted(14, b':')?;
    wanted(17, b':')?;
    wanted(20, b' ')?;
    let name = text.get(3..6)?;
    let month = MONTHS.iter().position(|month| *month == name)?.saturating_add(1);
    let civil = civil(
        number(7, 11)?,
        i64::try_from(month).ok()?,
        number(0, 2)?,
        number(12, 14)?,
        number(15, 17)?,
        number(18, 20)?,
    )?;
    let sign = match text.get(21)? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let offset = number(22, 24)?.saturating_mul(3600).saturating_add(number(24, 26)?.saturating_mul(60));
    if text.len() != 26 {
        return None;
    }
    Some(civil.saturating_sub(offset.saturating_mul(sign)))
}

/// Reads the usual form itself and leaves other forms of RFC 3339 to jiff.
fn rfc3339(text: &[u8]) -> Option<i64> {
    let quick = || {
        let number = |from: usize, to: usize| digits(text.get(from..to)?);
        let fraction = match text.get(19..)? {
            [b'Z'] => &[][..],
            [b'.', digits @ .., b'Z'] if !digits.is_empty() => digits,
            _ => return None,
        };
        let parted = text.get(4) == Some(&b'-')
            && text.get(7) == Some(&b'-')
            && text.get(10) == Some(&b'T')
            && text.get(13) == Some(&b':')
            && text.get(16) == Some(&b':')
            && fraction.iter().all(u8::is_ascii_digit);
        if !parted {
            return None;
        }
        civil(number(0, 4)?, number(5, 7)?, number(8, 10)?, number(11, 13)?, number(14, 16)?, number(17, 19)?)
    };
    quick().or_else(|| {
        let timestamp: Timestamp = std::str::from_utf8(text).ok()?.parse().ok()?;
        Some(timestamp.as_second().saturating_sub(i64::from(timestamp.subsec_nanosecond() < 0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_the_same_second() {
        for text in [
            "2026-03-01T12:30:45Z",
            "2026-03-01T12:30:45.999Z",
            "2026-03-01T13:30:45+01:00",
            "2026-03-01 12:30:45Z",
            "01/Mar/2026:12:30:45 +0000",
            "[01/Mar/2026:05:30:45 -0700]",
            "1772368245",
            "1772368245.75",
            "1772368245750",
            "1772368245750123",
            "1.772368245e9",
            " 1772368245 ",
            "1772368245,123",
            "2026-03-01 12:30:45 UTC",
            "2026-03-01 12:30:45,123 +0000",
            "2026-03-01T13:30:45.5+0100",
            "20260301T123045Z",
            "Sun, 01 Mar 2026 12:30:45 GMT",
            "Sun Mar  1 12:30:45 UTC 2026",
            "01/Mar/2026:12:30:45.123 +0000",
            "1/Mar/2026:13:30:45 +0100",
            "01-Mar-2026 12:30:45Z",
            "2026-03-01 12:30:45 +0000 UTC",
            "Mar  1, 2026 @ 12:30:45.000 Z",
            "1 March 2026 12:30:45 GMT",
            "2026/03/01 12:30:45 GMT",
        ] {
            assert_eq!(parse(text.as_bytes(), None), Ok(1_772_368_245), "{text}");
        }
        assert_eq!(parse(b"-0.5", None), Ok(-1));
        assert_eq!(parse(b"2000-02-29T00:00:00Z", None), Ok(951_782_400));
        assert_eq!(parse(b"2016-12-31T23:59:60Z", None), Ok(1_483_228_799));
        assert_eq!(parse(b"1969-12-31T23:59:59.5+00:00", None), Ok(-1));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "-",
            "now",
            "2026-03-01",
            "2026-02-30T00:00:00Z",
            "1/Mar/2026",
            "01/Foo/2026:12:30:45 +0000",
            "2026-03-01T25:00:00Z",
            "1e999",
            "--5",
            "01/Mar/2026:12:30:45 +00000",
        ] {
            assert_eq!(parse(text.as_bytes(), None), Err(Flaw::Time), "{text}");
        }
    }

    #[test]
    fn zone_is_that_which_was_named() {
        for text in [
            "2026-03-01 12:30:45",
            "2026-03-01T12:30:45.5",
            "20260301123045",
            "Sun Mar  1 12:30:45 2026",
            "01/Mar/2026:12:30:45.123",
        ] {
            assert_eq!(parse(text.as_bytes(), None), Err(Flaw::TimeZone), "{text}");
            assert_eq!(parse(text.as_bytes(), Some(&TimeZone::UTC)), Ok(1_772_368_245), "{text}");
            assert_eq!(
                parse(text.as_bytes(), Some(&TimeZone::get("Europe/Berlin").unwrap())),
                Ok(1_772_364_645),
                "{text}"
            );
        }
        assert_eq!(parse(b"17723682450000", None), Ok(17_723_682_450));
    }
}
