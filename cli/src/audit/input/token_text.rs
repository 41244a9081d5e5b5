//! Extracts the token from a field of a log.

use std::borrow::Cow;

/// Finds the token: escapes and percent-encoding are resolved, quotes and the scheme of
/// RFC 6750 §2.1 removed; `None` for nothing and for `-`.
///
/// A compact token contains none of the characters that are removed here, so no part of
/// a token is lost.
pub(in crate::audit) fn token_in(value: Cow<'_, [u8]>) -> Option<Cow<'_, [u8]>> {
    if value.iter().all(|byte| is_plain(*byte)) {
        return if is_nothing(&value) { None } else { Some(value) };
    }
    match value {
        Cow::Borrowed(value) => match resolved(value) {
            Some(owned) => Some(Cow::Owned(bare(&owned)?.to_vec())),
            None => bare(value).map(Cow::Borrowed),
        },
        Cow::Owned(value) => {
            let value = resolved(&value).unwrap_or(value);
            bare(&value).map(|bare| Cow::Owned(bare.to_vec()))
        }
    }
}

/// Returns `true` for the characters of compact tokens.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Returns `true` for an empty value, `-`, and a scheme without a token.
fn is_nothing(value: &[u8]) -> bool {
    matches!(value, b"" | b"-") || value.eq_ignore_ascii_case(b"bearer")
}

/// Removes quotes, spaces and the scheme from around a token.
fn bare(value: &[u8]) -> Option<&[u8]> {
    const SCHEME: &[u8] = b"bearer";

    let is_plain = |byte: Option<&u8>| byte.is_some_and(|byte| is_plain(*byte));
    // The most common form.
    if let Some(token) = value.strip_prefix(b"Bearer ")
        && is_plain(token.first())
        && is_plain(token.last())
        && token.get(..SCHEME.len()).is_some_and(|start| !start.eq_ignore_ascii_case(SCHEME))
    {
        return Some(token);
    }
    let mut value = value.trim_ascii();
    loop {
        let before = value.len();
        for quote in [b'"', b'\''] {
            value = value.strip_prefix(&[quote]).unwrap_or(value);
            value = value.strip_suffix(&[quote]).unwrap_or(value);
        }
        if let Some((scheme, rest)) = value.split_at_checked(SCHEME.len())
            && scheme.eq_ignore_ascii_case(SCHEME)
            && rest.first().is_none_or(u8::is_ascii_whitespace)
        {
            value = rest;
        }
        value = value.trim_ascii();
        if value.len() == before {
            break;
        }
    }
    (!is_nothing(value)).then_some(value)
}

/// Resolves `\xHH`, `\"`, `\\`, `%HH` and, after a scheme, `+` for a space; returns
/// `None` if there is nothing to resolve.
fn resolved(value: &[u8]) -> Option<Vec<u8>> {
    let encoded = memchr::memchr2(b'\\', b'%', value).is_some();
    let plus = value.get(6) == Some(&b'+')
        && value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"));
    if !encoded && !plus {
        return None;
    }
    let mut text = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((first, tail)) = rest.split_first() {
        (rest, _) = match (first, tail) {
            (b'\\', [b'x' | b'X', high, low, after @ ..]) | (b'%', [high, low, after @ ..])
                if hex(*high, *low).is_some() =>
            {
                (after, text.push(hex(*high, *low).unwrap_or_default()))
            }
            (b'\\', [escaped @ (b'"' | b'\'' | b'\\' | b'/'), after @ ..]) => (after, text.push(*escaped)),
            (b'+', _) if plus && text.len() == 6 => (tail, text.push(b' ')),
            _ => (tail, text.push(*first)),
        };
    }
    Some(text)
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(value: &str) -> Option<String> {
        let borrowed = token_in(Cow::Borrowed(value.as_bytes())).map(Cow::into_owned);
        assert_eq!(token_in(Cow::Owned(value.as_bytes().to_vec())).map(Cow::into_owned), borrowed);
        borrowed.map(|token| String::from_utf8(token).unwrap())
    }

    #[test]
    fn what_stands_around_a_token_is_removed() {
        for value in [
            "a.b-_.c",
            "Bearer a.b-_.c",
            "bEARER   a.b-_.c ",
            "\"Bearer a.b-_.c\"",
            "'a.b-_.c'",
            "Bearer \"a.b-_.c\"",
            "\\x22Bearer a.b-_.c\\x22",
            "\\\"a.b-_.c\\\"",
            "Bearer%20a.b-_.c",
            "Bearer+a.b-_.c",
            "%22a%2Eb-_%2ec%22",
            "\"\\x22a.b-_.c\\x22\"",
        ] {
            assert_eq!(token(value).as_deref(), Some("a.b-_.c"), "{value}");
        }
    }

    #[test]
    fn nothing_is_null() {
        for value in ["", "-", " - ", "\"\"", "\"-\"", "Bearer", "Bearer ", "bearer -", "\\x22\\x22"] {
            assert_eq!(token(value), None, "{value}");
        }
    }

    #[test]
    fn other_text_stays() {
        assert_eq!(token("Basic dXNlcjpw").as_deref(), Some("Basic dXNlcjpw"));
        assert_eq!(token("bearera.b.c").as_deref(), Some("bearera.b.c"));
        assert_eq!(token("100%").as_deref(), Some("100%"));
        assert_eq!(token("a+b").as_deref(), Some("a+b"));
    }
}
