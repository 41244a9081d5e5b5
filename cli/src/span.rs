//! Spans of time as users type them: `90s`, `15m`, `1h`, `7d`.

use std::str::FromStr;

use jot::UnixSeconds;

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    seconds: i64,
}

impl Span {
    pub(crate) fn after(self, instant: UnixSeconds) -> UnixSeconds {
        UnixSeconds(instant.0.saturating_add(self.seconds))
    }
}

impl FromStr for Span {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "give a whole number and one of s, m, h, d, such as 90s or 1h";

        let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or(FORM)?;
        let (digits, unit) = text.split_at(unit_at);
        let unit_seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return Err(FORM),
        };
        let count: u32 = digits.parse().map_err(|_| FORM)?;
        Ok(Self { seconds: i64::from(count).saturating_mul(unit_seconds) })
    }
}

/// An instant, given as Unix seconds or as a span from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    At(UnixSeconds),
    In(Span),
}

impl When {
    pub(crate) fn from(self, now: UnixSeconds) -> UnixSeconds {
        match self {
            Self::At(instant) => instant,
            Self::In(span) => span.after(now),
        }
    }
}

impl FromStr for When {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(seconds) => Ok(Self::At(UnixSeconds(seconds))),
            Err(_) => Ok(Self::In(text.parse()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        let seconds = |text: &str| text.parse::<Span>().ok().map(|span| span.seconds);
        assert_eq!([seconds("90s"), seconds("15m")], [Some(90), Some(900)]);
        assert_eq!([seconds("1h"), seconds("7d")], [Some(3600), Some(604_800)]);
        assert_eq!(seconds("4294967295d"), Some(4_294_967_295 * 86_400));
        for wrong in ["", "90", "h", "1w", "1.5h", "-1h", "+1h", "1 h", "4294967296s", "1hh"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        let now = UnixSeconds(1000);
        assert_eq!("1m".parse::<When>().unwrap().from(now), UnixSeconds(1060));
        assert_eq!("77".parse::<When>().unwrap().from(now), UnixSeconds(77));
    }
}
