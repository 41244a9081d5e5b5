//! Seconds since 1970 out of dates, and numbers out of digits.

pub(super) fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0_i64, |number, byte| {
        byte.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(i64::from(byte & 15)))
    })
}

/// Computes the seconds by Howard Hinnant's `days_from_civil`; a leap second counts as
/// the second before it.
pub(super) fn civil(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<i64> {
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
