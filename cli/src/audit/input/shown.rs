//! Text of a log as a failure may show it: short, harmless, and without secrets.

use jot_show::text::one_line;

/// How many characters are shown.
const SHOWN_CHARS: usize = 160;

/// Longer runs of the characters of tokens are cut to their beginnings.
const RUN_CHARS: usize = 20;

/// How much of a run is left.
const LEFT_CHARS: usize = 6;

/// Shows the beginning of a text; whatever may be a token is cut.
pub(in crate::audit) fn shown(text: &[u8]) -> String {
    let begin = text.get(..text.len().min(4096)).unwrap_or_default();
    let text = String::from_utf8_lossy(begin);
    let mut out = String::new();
    let mut rest = &*text;
    while !rest.is_empty() {
        let is_secret = |c: char| c.is_ascii_alphanumeric() || "-_.+/=~".contains(c);
        let run = rest.find(|c| !is_secret(c)).unwrap_or(rest.len());
        let (front, after) = rest.split_at(run);
        if front.len() > RUN_CHARS {
            out.extend(front.chars().take(LEFT_CHARS));
            out.push('\u{2026}');
        } else {
            out.push_str(front);
        }
        let other = after.find(is_secret).unwrap_or(after.len());
        let (between, after) = after.split_at(other);
        out.push_str(between);
        rest = after;
    }
    let mut line = one_line(&out);
    if let Some((end, _)) = line.char_indices().nth(SHOWN_CHARS) {
        line.truncate(end);
        line.push('\u{2026}');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_controls_are_not_shown() {
        let token = format!("eyJhbGciOiJIUzI1NiJ9.{}.sig", "A".repeat(60));
        let line =
            shown(format!("10.0.0.1 [now] \"Bearer {token}\" \u{1b}[0m 2026-03-01T12:30:45").as_bytes());
        assert_eq!(line, "10.0.0.1 [now] \"Bearer eyJhbG\u{2026}\" \\u{1b}[0m 2026-03-01T12:30:45");
        assert_eq!(shown("a ".repeat(200).as_bytes()).chars().count(), 161);
    }
}
