//! How long an answer may be used, by its header fields (RFC 9111).

use std::time::{Duration, SystemTime};

/// One header field: its name and its value.
///
/// ```
/// use jot::jwks::Field;
///
/// let fields: [Field<'_>; 2] = [("Cache-Control", "max-age=600"), ("ETag", r#""7""#)];
/// ```
pub type Field<'a> = (&'a str, &'a str);

/// How long an answer is fresh, by its header fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Seconds from now.
    For(u32),
    /// It must be fetched again before each use (`no-cache`, `no-store`).
    None,
    /// It says nothing.
    Unknown,
}

/// After what time something is fetched again, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// That of an answer which does not say so itself.
    default: u32,
    least: u32,
    most: u32,
}

impl Lifetime {
    /// Brings the three into order; none is 0.
    pub(crate) fn new(default: u32, least: u32, most: u32) -> Self {
        let (least, most) = (least.min(most).max(1), least.max(most).max(1));
        Self { default: default.clamp(least, most), least, most }
    }

    /// Returns what answers with these header fields have.
    pub(crate) fn of(self, freshness: Freshness) -> u32 {
        match freshness {
            Freshness::For(seconds) => seconds.clamp(self.least, self.most),
            Freshness::None => self.least,
            Freshness::Unknown => self.default,
        }
    }
}

/// Returns the value of a header field. Names are compared without regard to case.
pub(crate) fn field<'a>(fields: &[Field<'a>], name: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.0.eq_ignore_ascii_case(name)).map(|field| field.1.trim())
}

/// Reads Cache-Control, Age, Expires and Date (RFC 9111 §4.2). This is a private cache,
/// so it ignores `s-maxage`.
pub(crate) fn freshness(fields: &[Field<'_>]) -> Freshness {
    let mut max_age = None;
    let control = fields.iter().filter(|field| field.0.eq_ignore_ascii_case("cache-control"));
    for directive in control.flat_map(|field| field.1.split(',')) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let (name, value) = (name.trim(), value.trim().trim_matches('"'));
        if name.eq_ignore_ascii_case("no-cache") || name.eq_ignore_ascii_case("no-store") {
            return Freshness::None;
        }
        if name.eq_ignore_ascii_case("max-age") {
            // "A cache … is encouraged to consider responses that have invalid
            // freshness information to be stale." (§4.2.1)
            let seconds = seconds(value).unwrap_or(0);
            max_age = Some(max_age.map_or(seconds, |other: u32| other.min(seconds)));
        }
    }
    let lifetime = match max_age {
        Some(seconds) => seconds,
        None => match (field(fields, "expires").map(date), field(fields, "date").and_then(date)) {
            (None, _) => return Freshness::Unknown,
            // RFC 9111 §5.3: an invalid date, such as 0, is in the past.
            (Some(None), _) => return Freshness::For(0),
            // Without Date there is nothing to compare with but a clock that this
            // module does not have.
            (Some(Some(_)), None) => return Freshness::Unknown,
            (Some(Some(expires)), Some(sent)) => {
                let lifetime = expires.duration_since(sent).unwrap_or(Duration::ZERO);
                u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX)
            }
        },
    };
    let age = field(fields, "age").and_then(seconds).unwrap_or(0);
    Freshness::For(lifetime.saturating_sub(age))
}

/// Returns the date of the last change, if nothing can have changed since within the same
/// second (RFC 9110 §8.8.2.2): such a change would be answered with 304 for ever.
pub(super) fn last_modified<'a>(fields: &[Field<'a>]) -> Option<&'a str> {
    let text = field(fields, "last-modified")?;
    let is_over = date(text)? < date(field(fields, "date")?)?;
    is_over.then_some(text)
}

/// Returns how long a server asks to be left alone (RFC 9110 §10.2.3), if it says so
/// in seconds, or by a date beside its own.
pub(crate) fn retry_after(fields: &[Field<'_>]) -> Option<u32> {
    let value = field(fields, "retry-after")?;
    seconds(value).or_else(|| {
        let wait = date(value)?.duration_since(date(field(fields, "date")?)?).ok()?;
        u32::try_from(wait.as_secs()).ok()
    })
}

/// Reads delta-seconds. A number that is too large for the type becomes the largest
/// one.
fn seconds(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u32::MAX))
}

fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetime_keeps_its_bounds_in_whatever_order_they_come() {
        for lifetime in [Lifetime::new(60, 5, 90), Lifetime::new(60, 90, 5)] {
            let of = |seconds| lifetime.of(Freshness::For(seconds));
            assert_eq!([of(0), of(7), of(91)], [5, 7, 90]);
            assert_eq!([lifetime.of(Freshness::None), lifetime.of(Freshness::Unknown)], [5, 60]);
        }
        assert_eq!(Lifetime::new(0, 0, 0).of(Freshness::For(9)), 1);
        assert_eq!(Lifetime::new(99, 5, 90).of(Freshness::Unknown), 90);
    }

    const DATE: Field<'static> = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");

    #[test]
    fn answer_is_fresh_for_as_long_as_it_says() {
        for (fields, expected) in [
            (&[("cache-control", "public, max-age=60")][..], Freshness::For(60)),
            (&[("Cache-Control", "MAX-AGE=\"60\""), ("Age", "20")], Freshness::For(40)),
            (&[("Cache-Control", "max-age=60"), ("Age", "61")], Freshness::For(0)),
            (&[("Cache-Control", "max-age=60"), ("Cache-Control", "max-age=50")], Freshness::For(50)),
            (&[("Cache-Control", "max-age=-1")], Freshness::For(0)),
            (&[("Cache-Control", "max-age=99999999999")], Freshness::For(u32::MAX)),
            (&[("Cache-Control", "max-age=60, no-cache")], Freshness::None),
            (&[("Cache-Control", "no-store")], Freshness::None),
            (&[("Cache-Control", "s-maxage=60")], Freshness::Unknown),
            (&[("Expires", "Sun, 06 Nov 1994 08:50:37 GMT"), DATE], Freshness::For(60)),
            (&[("Expires", "Sun, 06 Nov 1994 08:50:37 GMT"), DATE, ("Age", "x")], Freshness::For(60)),
            (&[("Expires", "Sun, 06 Nov 1994 08:40:37 GMT"), DATE], Freshness::For(0)),
            (&[("Expires", "0"), DATE], Freshness::For(0)),
            (&[("Expires", "Sun, 06 Nov 1994 08:50:37 GMT")], Freshness::Unknown),
            (&[], Freshness::Unknown),
        ] {
            assert_eq!(freshness(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn date_of_a_change_counts_once_its_second_is_over() {
        let changed = |seconds: &'static str| [("last-modified", seconds), DATE];
        let before = "Sun, 06 Nov 1994 08:49:36 GMT";
        assert_eq!(last_modified(&changed(before)), Some(before));
        assert_eq!(last_modified(&changed(DATE.1)), None);
        assert_eq!(last_modified(&changed("Sun, 06 Nov 1994 08:49:38 GMT")), None);
        assert_eq!(last_modified(&changed("yesterday")), None);
        assert_eq!(last_modified(&[("Last-Modified", before)]), None, "nobody says when it was sent");
    }

    #[test]
    fn server_that_wants_to_be_left_alone_says_for_how_long() {
        assert_eq!(retry_after(&[("Retry-After", "120")]), Some(120));
        assert_eq!(retry_after(&[("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"), DATE]), Some(60));
        assert_eq!(retry_after(&[("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT")]), None);
        assert_eq!(retry_after(&[("Retry-After", "soon")]), None);
    }
}
