//! A member near the beginning of an object, found without reading the rest.

/// Returns the text of the first member `name`, if it and everything before it are as
/// simple as issuers write them: white space is left out, strings have no escapes, and no
/// value before it is an array or object. `begun` is the beginning of an object.
///
/// `None` means nothing: the member may be there nevertheless. A text means little: the
/// object may turn out to be malformed, or to have a second such member.
pub(crate) fn first_text<'t>(begun: &'t [u8], name: &[u8]) -> Option<&'t str> {
    let mut rest = begun.strip_prefix(b"{")?;
    loop {
        let (found, behind) = string(rest)?;
        rest = behind.strip_prefix(b":")?;
        if found == name {
            return std::str::from_utf8(string(rest)?.0).ok();
        }
        rest = match string(rest) {
            Some((_, behind)) => behind,
            None => scalar(rest)?,
        };
        rest = rest.strip_prefix(b",")?;
    }
}

/// Takes a string without escapes and without control characters.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = text.strip_prefix(b"\"")?;
    let end = inside.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    match inside.split_at_checked(end)? {
        (string, [b'"', behind @ ..]) => Some((string, behind)),
        _ => None,
    }
}

/// Takes what may be a number, a Boolean or null.
fn scalar(text: &[u8]) -> Option<&[u8]> {
    let end = text
        .iter()
        .position(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'.' | b'+' | b'-'))?;
    if end == 0 { None } else { text.get(end..) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn member_is_found_behind_simple_ones() {
        for text in [
            r#"{"iss":"a"}"#,
            r#"{"iss":"a","#,
            r#"{"sub":"","exp":17e3,"x":null,"y":true,"iss":"a","z":{"iss":"b"}}"#,
            r#"{"":-0.5E+3,"iss":"a","iss":"b"}"#,
        ] {
            assert_eq!(first_text(text.as_bytes(), b"iss"), Some("a"), "{text}");
        }
        assert_eq!(first_text("{\"iss\":\"\u{e4}\"".as_bytes(), b"iss"), Some("\u{e4}"));
    }

    #[test]
    fn nothing_is_said_of_what_is_not_simple() {
        for text in [
            "",
            "{",
            "[]",
            r#""iss":"a""#,
            r#"{"iss":"a"#,
            r#"{"iss":1}"#,
            r#"{"iss":"a\u0041"}"#,
            r#"{"i\u0073s":"a"}"#,
            r#"{"aud":["b"],"iss":"a"}"#,
            r#"{"x":{},"iss":"a"}"#,
            r#"{ "iss":"a"}"#,
            r#"{"iss" :"a"}"#,
            r#"{"iss": "a"}"#,
            r#"{"x":,"iss":"a"}"#,
            r#"{"x":1"iss":"a"}"#,
            r#"{"x":1,,"iss":"a"}"#,
            "{\"x\":\"\n\",\"iss\":\"a\"}",
            "{\"iss\":\"\u{1}\"}",
        ] {
            assert_eq!(first_text(text.as_bytes(), b"iss"), None, "{text}");
        }
        assert_eq!(first_text(b"{\"iss\":\"\xff\"}", b"iss"), None);
    }
}
