//! The HTTP status in the forms that logs write.

use super::Flaw;

/// Reads the digits that a text begins with: `200`, `200.0`, `200 OK`, and such a text behind
/// `HTTP/1.1`.
///
/// # Errors
/// `Status`
pub(in crate::audit) fn parse(text: &[u8]) -> Result<Option<u16>, Flaw> {
    let text = text.trim_ascii();
    if matches!(text, b"" | b"-") {
        return Ok(None);
    }
    let begin = if text.starts_with(b"HTTP/") { memchr::memchr(b' ', text).unwrap_or(0) } else { 0 };
    let text = text.get(begin..).unwrap_or_default().trim_ascii_start();
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, behind) = text.split_at_checked(end).ok_or(Flaw::Status)?;
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok());
    match behind.first() {
        None | Some(b'.' | b' ') => of(number.ok_or(Flaw::Status)?),
        Some(_) => Err(Flaw::Status),
    }
}

/// Reads a number. Envoy and others write 0 if no response was sent.
///
/// # Errors
/// `Status`
pub(super) fn of(number: i64) -> Result<Option<u16>, Flaw> {
    match u16::try_from(number) {
        Ok(0) => Ok(None),
        Ok(status @ 100..600) => Ok(Some(status)),
        _ => Err(Flaw::Status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_read_in_its_forms() {
        for text in ["200", "200.0", "200 OK", " 200 ", "HTTP/1.1 200 OK", "HTTP/2 200"] {
            assert_eq!(parse(text.as_bytes()), Ok(Some(200)), "{text}");
        }
        for text in ["", "-", "0", "000"] {
            assert_eq!(parse(text.as_bytes()), Ok(None), "{text}");
        }
        for text in ["999", "600", "99", "-200", "ok", "200x", "HTTP/1.1", "99999999999999999999"] {
            assert_eq!(parse(text.as_bytes()), Err(Flaw::Status), "{text}");
        }
    }
}
