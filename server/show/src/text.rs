//! Text from tokens and files, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns `true` if a terminal only displays `c`.
#[must_use]
pub fn is_shown(c: char) -> bool {
    matches!(c, ' '..='~') || !c.is_ascii() && c.escape_debug().len() == 1
}

/// Removes the byte order mark that some programs put before UTF-8.
#[must_use]
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Quotes untrusted text and escapes every character that a terminal would not just
/// display.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Escapes every character that would end the line or control the terminal.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_shown(c) {
            line.push(c);
        } else {
            line.extend(c.escape_default());
        }
    }
    line
}

/// Escapes, within JSON text, the characters that JSON allows but that control a
/// terminal; the value stays the same.
#[must_use]
pub fn harmless_json(json: &str) -> Cow<'_, str> {
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_shown(c) || c == '\n' {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_controls_are_escaped() {
        assert_eq!(harmless_json("\"gr\u{fc}n\""), "\"gr\u{fc}n\"");
        assert_eq!(harmless_json("\"\u{9b}2J\u{7f}\""), "\"\\u009b2J\\u007f\"");
        assert_eq!(harmless_json("\"\u{202e}\u{e0001}\""), "\"\\u202e\\udb40\\udc01\"");
        assert_eq!(one_line("a\nb\u{1b}[0m"), "a\\nb\\u{1b}[0m");
        assert_eq!(quoted("a\"\u{9b}"), "\"a\\\"\\u{9b}\"");
    }
}
