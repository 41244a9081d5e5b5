//! The formats in which logs write the time of use.

use jiff::Timestamp;

/// Reads RFC 3339, the Common Log Format, or a number since 1970, whose size decides
/// between seconds, milliseconds, microseconds and nanoseconds. Fractions are rounded
/// towards the past.
pub(in crate::audit) fn parse(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    match text {
        [] => None,
        _ if text
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
            && !is_date(text) =>
        {
            epoch(text)
        }
        [_, _, b'/', _, _, _, b'/', ..] => common_log(text),
        _ => rfc3339(text),
    }
}

fn is_date(text: &[u8]) -> bool {
    text.get(4) == Some(&b'-')
}

/// Numbers up to here are seconds (until the year 5138), then milliseconds,
/// then microseconds, then nanoseconds.
const LARGEST_SECONDS: i64 = 100_000_000_000;

fn epoch(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
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

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0_i64, |number, byte| {
        byte.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(i64::from(byte & 15)))
    })
}

/// Computes the seconds by Howard Hinnant's `days_from_civil`; a leap second counts as
/// the second before it.
fn civil(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<i64> {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let fits = (1..=12).contains(&month)
        && (1..=days).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !fits {
        return None;
    }
    let shifted = if month <= 2 { year.saturating_sub(1) } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = month
        .saturating_add(9)
        .rem_euclid(12)
        .saturating_mul(153)
        .saturating_add(2)
        .div_euclid(5)
        .saturating_add(day)
        .saturating_sub(1);
    let day_of_era = of_era
        .saturating_mul(365)
        .saturating_add(of_era.div_euclid(4))
        .saturating_sub(of_era.div_euclid(100))
        .saturating_add(of_year);
    let days = era.saturating_mul(146_097).saturating_add(day_of_era).saturating_sub(719_468);
    Some(
        days.saturating_mul(86_400)
            .saturating_add(hour.saturating_mul(3600))
            .saturating_add(minute.saturating_mul(60))
            .saturating_add(second.min(59)),
    )
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
        ] {
            assert_eq!(parse(text.as_bytes()), Some(1_772_368_245), "{text}");
        }
        assert_eq!(parse(b"-0.5"), Some(-1));
        assert_eq!(parse(b"2000-02-29T00:00:00Z"), Some(951_782_400));
        assert_eq!(parse(b"2016-12-31T23:59:60Z"), Some(1_483_228_799));
        assert_eq!(parse(b"1969-12-31T23:59:59.5+00:00"), Some(-1));
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
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
