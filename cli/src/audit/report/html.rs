//! The pieces of HTML of which the page is made.

use std::fmt::Write as _;

use jiff::Timestamp;

/// How many characters of a name are shown.
const SHOWN: usize = 160;

/// Escapes what HTML would read as more than text.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    text.chars().for_each(|c| push(c, &mut html));
    html
}

fn push(c: char, html: &mut String) {
    match c {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        '\'' => html.push_str("&#39;"),
        c => html.push(c),
    }
}

/// Returns text of a log, a token or a file. What a reader could not see, or what would
/// turn the text around it, is written as an escape that looks different from text.
pub(super) fn shown(text: &str) -> String {
    let html = isolated(text, SHOWN);
    match text.chars().count().saturating_sub(SHOWN) {
        0 if text.is_empty() => "<span class=\"soft\">empty</span>".to_owned(),
        0 => html,
        more => {
            format!("{html}<span class=\"soft\"> … and {} more</span>", counted(more as u64, "character"))
        }
    }
}

/// Returns all of a text that the user of the program wrote.
pub(super) fn shown_whole(text: &str) -> String {
    isolated(text, usize::MAX)
}

fn isolated(text: &str, most: usize) -> String {
    let mut html = "<bdi>".to_owned();
    for c in text.chars().take(most) {
        if jot_show::text::is_shown(c) {
            push(c, &mut html);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(html, "<code class=\"escape\">{}</code>", c.escape_default());
        }
    }
    html.push_str("</bdi>");
    html
}

/// Returns the text, or a word for none.
pub(super) fn shown_or(text: Option<&str>, none: &str) -> String {
    text.map_or_else(|| format!("<span class=\"soft\">{none}</span>"), shown)
}

/// Returns the number with a comma between thousands.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns the number and the noun.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let plural = match noun {
        _ if count == 1 => "",
        "address" => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", number(count))
}

/// Returns the part of the whole, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a share is rounded anyway")]
pub(super) fn part(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).clamp(0.0, 1.0) }
}

/// Returns a share in percent. What is there is never 0 %, and what is not all is never
/// 100 %.
pub(super) fn percent(count: u64, whole: u64) -> String {
    let share = 100.0 * part(count, whole);
    match share {
        _ if count == 0 => "0 %".to_owned(),
        _ if count >= whole => "100 %".to_owned(),
        share if share < 0.1 => "&lt; 0.1 %".to_owned(),
        share if share > 99.9 => "&gt; 99.9 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

/// Returns the size in bytes.
#[expect(clippy::cast_precision_loss, reason = "the size is rounded anyway")]
pub(super) fn size(bytes: u64) -> String {
    let (mut size, mut unit) = (bytes as f64, "bytes");
    for larger in ["KiB", "MiB", "GiB", "TiB"] {
        if size < 1024.0 {
            break;
        }
        (size, unit) = (size / 1024.0, larger);
    }
    if unit == "bytes" { counted(bytes, "byte") } else { format!("{size:.1} {unit}") }
}

/// Returns a length of time in the largest unit that fits.
pub(super) fn span(seconds: i64) -> String {
    let units = [(604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let unit = units.into_iter().find(|(unit, _)| seconds.rem_euclid(*unit) == 0 && seconds >= *unit);
    let (unit, noun) = unit.unwrap_or((1, "second"));
    match seconds.div_euclid(unit) {
        1 => noun.to_owned(),
        count => counted(count.unsigned_abs(), noun),
    }
}

fn formatted(seconds: i64, format: &str) -> String {
    match Timestamp::from_second(seconds) {
        Ok(timestamp) => timestamp.strftime(format).to_string(),
        Err(_) => seconds.to_string(),
    }
}

/// Returns the date and time in UTC.
pub(super) fn instant(seconds: i64) -> String {
    formatted(seconds, "%Y-%m-%d %H:%M:%S")
}

/// Returns the date in UTC.
pub(super) fn date(seconds: i64) -> String {
    formatted(seconds, "%Y-%m-%d")
}

/// Returns the time of the day in UTC.
pub(super) fn clock(seconds: i64) -> String {
    formatted(seconds, "%H:%M")
}

/// Returns a bar as long as the share, which stands beside it in words.
pub(super) fn bar(share: f64, tone: &str) -> String {
    let least = if share > 0.0 { 0.6 } else { 0.0 };
    let width = (100.0 * share).max(least);
    format!(
        "<svg class=\"bar {tone}\" aria-hidden=\"true\"><rect class=\"track\" width=\"100%\" height=\"100%\"/>\
         <rect width=\"{width:.2}%\" height=\"100%\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped_and_kept_apart() {
        assert_eq!(shown("a<b>&\"'"), "<bdi>a&lt;b&gt;&amp;&quot;&#39;</bdi>");
        assert_eq!(
            shown("x\u{202e}y\u{1b}"),
            "<bdi>x<code class=\"escape\">\\u{202e}</code>y<code class=\"escape\">\\u{1b}</code></bdi>"
        );
        assert_eq!(shown("\u{5e9}"), "<bdi>\u{5e9}</bdi>");
        assert!(
            shown(&"x".repeat(161)).ends_with("</bdi><span class=\"soft\"> … and 1 character more</span>")
        );
        assert_eq!(shown(""), "<span class=\"soft\">empty</span>");
    }

    #[test]
    fn numbers_are_told_in_words() {
        assert_eq!([0, 999, 1000, 10_000_000_000].map(number), ["0", "999", "1,000", "10,000,000,000"]);
        assert_eq!(number(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(
            (counted(1, "row"), counted(2, "address")),
            ("1 row".to_owned(), "2 addresses".to_owned())
        );
        let shares = [(0, 10), (1, 10_000), (1, 3), (9999, 10_000), (10, 10), (0, 0)];
        let told = shares.map(|(count, whole)| percent(count, whole));
        assert_eq!(told, ["0 %", "&lt; 0.1 %", "33.3 %", "&gt; 99.9 %", "100 %", "0 %"]);
        assert_eq!([1, 1023, 1536, 1 << 40].map(size), ["1 byte", "1,023 bytes", "1.5 KiB", "1.0 TiB"]);
        assert_eq!([60, 300, 10_800, 1_209_600].map(span), ["minute", "5 minutes", "3 hours", "2 weeks"]);
        assert_eq!(instant(1_772_368_245), "2026-03-01 12:30:45");
        assert_eq!(instant(i64::MAX), i64::MAX.to_string());
    }
}
