//! The fields of a line of text: words, and what stands in quotes and brackets.

/// What stands around a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    Quotes,
    Brackets,
    Braces,
}

/// One field of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'l> {
    pub(super) around: Around,
    pub(super) text: &'l [u8],
}

impl<'l> Field<'l> {
    pub(super) fn is(&self, around: Around) -> bool {
        self.around == around
    }
}

/// Splits a line at its spaces. A quote that a backslash escapes ends no field,
/// and what is not closed ends with the line.
pub(super) fn split(line: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::with_capacity(24);
    let mut rest = line;
    loop {
        let begin = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(rest.len());
        rest = rest.get(begin..).unwrap_or_default();
        let Some((first, after)) = rest.split_first() else { return fields };
        let (around, closing) = match first {
            b'"' => (Around::Quotes, closing_quote(after)),
            b'[' => (Around::Brackets, memchr::memchr(b']', after)),
            b'{' => (Around::Braces, memchr::memchr(b'}', after)),
            _ => (Around::Nothing, None),
        };
        let end_of_word = |text: &[u8]| memchr::memchr2(b' ', b'\t', text).unwrap_or(text.len());
        let (text, behind) = match (around, closing) {
            (Around::Nothing, _) => rest.split_at(end_of_word(rest)),
            (_, None) => (after, &[][..]),
            (_, Some(end)) => {
                (after.get(..end).unwrap_or_default(), after.get(end.saturating_add(1)..).unwrap_or_default())
            }
        };
        fields.push(Field { around, text });
        rest = behind;
    }
}

fn closing_quote(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'"', text).find(|end| {
        let before = text.get(..*end).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_split_as_servers_write_them() {
        let line = br#"10.0.0.1 - [01/Mar/2026:12:30:45 +0000] "GET /a\" b" {x|y z} "" end"#;
        let found: Vec<_> =
            split(line).iter().map(|field| std::str::from_utf8(field.text).unwrap()).collect();
        assert_eq!(
            found,
            ["10.0.0.1", "-", "01/Mar/2026:12:30:45 +0000", r#"GET /a\" b"#, "x|y z", "", "end"]
        );
        assert_eq!(split(b"a \"b c").last().unwrap().text, b"b c");
        assert_eq!(split(b"[x]\"y\"").len(), 2);
        assert!(split(b"  ").is_empty());
    }
}
