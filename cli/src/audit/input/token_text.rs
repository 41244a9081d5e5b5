//! Extracts the token from a field of a log.

use std::borrow::Cow;

use super::find_token;

/// What a field that may hold a token holds.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::audit) enum Held<'v> {
    /// Nothing, `-`, or a scheme without a token.
    Nothing,
    /// A text of the kind [`Kind::Jwt`].
    Jwt(&'v [u8]),
    /// A token, or something else that is not among others.
    One(Cow<'v, [u8]>),
    /// Tokens within a longer text.
    Several(Vec<Vec<u8>>),
}

/// What kind of text stands in the place of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Kind {
    /// A JWT, be it whole or not.
    Jwt,
    /// Made unreadable by whoever wrote the log.
    Redacted,
    /// The credentials of another scheme than those of tokens.
    OtherScheme,
    /// No JWT, such as a session's random name.
    Opaque,
}

impl Kind {
    pub(in crate::audit) fn of(token: &[u8]) -> Self {
        let begins = [&b"eyJ"[..], b"eyA", b"ewo", b"ew0", b"{"].iter().any(|start| token.starts_with(start));
        if begins && is_all_plain(token) {
            return Self::Jwt;
        }
        let lower = token.get(..token.len().min(LONGEST_MARK)).unwrap_or_default().to_ascii_lowercase();
        let marks = [&b"redacted"[..], b"masked", b"filtered", b"hidden", b"removed", b"sanitized", b"***"];
        if marks.iter().any(|mark| memchr::memmem::find(&lower, mark).is_some())
            || token.ends_with(b"***")
            || token.len() > 1 && token.iter().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'))
        {
            return Self::Redacted;
        }
        match token {
            _ if begins => Self::Jwt,
            _ if has_scheme(token) => Self::OtherScheme,
            _ if memchr::memchr_iter(b'.', token).count() >= 2 && memchr::memchr(b' ', token).is_none() => {
                Self::Jwt
            }
            _ => Self::Opaque,
        }
    }

    pub(in crate::audit) const fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Redacted => "redacted",
            Self::OtherScheme => "other_scheme",
            Self::Opaque => "opaque",
        }
    }
}

/// No mark of a redacted token is looked for further behind.
const LONGEST_MARK: usize = 64;

/// The schemes whose credentials are tokens.
const SCHEMES: [&[u8]; 4] = [b"bearer", b"dpop", b"jwt", b"token"];

/// Those whose credentials are none.
const OTHER_SCHEMES: [&[u8]; 10] = [
    b"basic",
    b"digest",
    b"negotiate",
    b"ntlm",
    b"apikey",
    b"api-key",
    b"hmac",
    b"signature",
    b"aws4-hmac-sha256",
    b"mutual",
];

/// Returns `true` if a text begins with the scheme of an Authorization header.
pub(in crate::audit) fn has_scheme(text: &[u8]) -> bool {
    SCHEMES.iter().chain(&OTHER_SCHEMES).any(|scheme| {
        let (Some(start), rest) = (text.get(..scheme.len()), text.get(scheme.len()..).unwrap_or_default())
        else {
            return false;
        };
        let parted = matches!(rest, [b' ' | b'+', ..] | [b'%', b'2', b'0', ..]);
        start.eq_ignore_ascii_case(scheme) && parted
    })
}

/// Returns the token of the most common form, with or without `Bearer`: what begins as a
/// JWT and has no other characters than one. It is read once, and the rest of this file
/// would come to the same.
fn plain_jwt(value: &[u8]) -> Option<&[u8]> {
    let token = value.strip_prefix(b"Bearer ").unwrap_or(value);
    (token.starts_with(b"eyJ") && is_all_plain(token)).then_some(token)
}

/// Finds the token: escapes and percent-encoding are resolved, quotes and the scheme
/// removed. A compact token contains none of the characters that are removed here, so no
/// part of a token is lost. If the text is longer than a token, the tokens in it are
/// found; with `first_only`, the first of them.
pub(in crate::audit) fn held(value: Cow<'_, [u8]>, first_only: bool) -> Held<'_> {
    if let Cow::Borrowed(value) = value
        && let Some(token) = plain_jwt(value)
    {
        return Held::Jwt(token);
    }
    if is_all_plain(&value) {
        return if is_nothing(&value) { Held::Nothing } else { Held::One(value) };
    }
    let found = match value {
        Cow::Borrowed(value) => match resolved(value) {
            Some(owned) => bare(&owned).map(|bare| Cow::Owned(bare.to_vec())),
            None => bare(value).map(Cow::Borrowed),
        },
        Cow::Owned(value) => {
            let value = resolved(&value).unwrap_or(value);
            bare(&value).map(|bare| Cow::Owned(bare.to_vec()))
        }
    };
    let Some(found) = found else { return Held::Nothing };
    if is_all_plain(&found) {
        return Held::One(found);
    }
    let pieces = find_token::pieces(&found).into_iter().take(if first_only { 1 } else { usize::MAX });
    let pieces: Vec<_> = pieces.map(<[u8]>::to_vec).collect();
    // What follows a token that begins the text shows that it was cut or is wrong.
    let is_whole =
        matches!(pieces.as_slice(), [piece] if found.starts_with(piece) && !is_parted(&found, piece.len()));
    if pieces.is_empty() || is_whole { Held::One(found) } else { Held::Several(pieces) }
}

/// Returns `true` if something else than more of a token stands at `end`.
fn is_parted(text: &[u8], end: usize) -> bool {
    text.get(end).is_some_and(|byte| matches!(byte, b' ' | b',' | b';' | b'&' | b'"' | b'|' | b'}'))
}

/// Returns `true` for the characters of compact tokens. Without a branch, so that many
/// bytes are compared at once.
const fn is_plain(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_digit = byte.wrapping_sub(b'0') < 10;
    is_letter | is_digit | (byte == b'.') | (byte == b'_') | (byte == b'-')
}

/// Returns `true` if a text has no other characters than compact tokens have. Only
/// between chunks it stops early, because every line of a log comes by here.
fn is_all_plain(text: &[u8]) -> bool {
    text.chunks(64).all(|chunk| chunk.iter().fold(true, |all, byte| all & is_plain(*byte)))
}

/// Returns `true` for an empty value, `-`, and a scheme without a token.
fn is_nothing(value: &[u8]) -> bool {
    matches!(value, b"" | b"-" | b"null") || SCHEMES.iter().any(|scheme| value.eq_ignore_ascii_case(scheme))
}

/// Removes quotes, spaces and the scheme from around a token.
fn bare(value: &[u8]) -> Option<&[u8]> {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(|byte| is_plain(*byte));
    // The most common form.
    if let Some(token) = value.strip_prefix(b"Bearer ")
        && is_plain(token.first())
        && is_plain(token.last())
        && !has_scheme(token)
        && !is_nothing(token)
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
        for scheme in SCHEMES {
            if let Some((start, rest)) = value.split_at_checked(scheme.len())
                && start.eq_ignore_ascii_case(scheme)
                && rest.first().is_none_or(u8::is_ascii_whitespace)
            {
                value = rest;
            }
        }
        value = value.strip_prefix(b"token=").unwrap_or(value).trim_ascii();
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

    #[test]
    fn plain_jwt_is_what_the_long_way_finds() {
        for text in
            ["eyJ", "eyJhbGciOiJub25lIn0.e30.", "eyJ.-_", "eyJ x", "eyJ,eyJ", "Bearer", "bearer eyJ", ""]
        {
            for text in [text.to_owned(), format!("Bearer {text}")] {
                let Some(token) = plain_jwt(text.as_bytes()) else { continue };
                // What is owned takes the long way.
                let long = held(Cow::Owned(text.clone().into_bytes()), false);
                assert_eq!(long, Held::One(Cow::Owned(token.to_vec())));
                assert_eq!(Kind::of(token), Kind::Jwt);
            }
        }
        assert_eq!(plain_jwt(b"Bearer eyJ.e30."), Some(&b"eyJ.e30."[..]));
        assert_eq!(plain_jwt(b"Bearer Bearer eyJ"), None);
        assert_eq!(plain_jwt(b"eyJ%"), None);
    }

    fn token(value: &str) -> Vec<String> {
        let text = |token: &[u8]| String::from_utf8(token.to_vec()).unwrap();
        let found = |held: Held<'_>| match held {
            Held::Nothing => Vec::new(),
            Held::Jwt(token) => vec![text(token)],
            Held::One(token) => vec![text(&token)],
            Held::Several(tokens) => tokens.iter().map(|token| text(token)).collect(),
        };
        let borrowed = found(held(Cow::Borrowed(value.as_bytes()), false));
        assert_eq!(found(held(Cow::Owned(value.as_bytes().to_vec()), false)), borrowed);
        borrowed
    }

    #[test]
    fn characters_of_tokens_are_told_from_all_others() {
        for byte in 0..=u8::MAX {
            let expected = byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            assert_eq!(is_plain(byte), expected, "{byte}");
            let text = [&[b'a'; 70][..], &[byte]].concat();
            assert_eq!(is_all_plain(&text), expected, "{byte}");
        }
    }

    #[test]
    fn what_stands_around_a_token_is_removed() {
        for value in [
            "a.b-_.c",
            "Bearer a.b-_.c",
            "DPoP a.b-_.c",
            "jwt a.b-_.c",
            "Token token=\"a.b-_.c\"",
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
            assert_eq!(token(value), ["a.b-_.c"], "{value}");
        }
    }

    #[test]
    fn nothing_is_null() {
        for value in
            ["", "-", " - ", "\"\"", "\"-\"", "Bearer", "Bearer ", "bearer -", "null", "DPoP", "\\x22\\x22"]
        {
            assert!(token(value).is_empty(), "{value}");
        }
    }

    #[test]
    fn other_text_stays() {
        for value in ["Basic dXNlcjpw", "bearera.b.c", "100%", "a+b", "eyJh.eyJp.c2ln...", "eyJh.eyJp.c2ln=="]
        {
            assert_eq!(token(value), [value]);
        }
    }

    #[test]
    fn tokens_in_longer_text_are_found() {
        assert_eq!(token("sid=1; t=eyJh.eyJp.c2ln; x"), ["eyJh.eyJp.c2ln"]);
        assert_eq!(token("t%3DeyJh.eyJp.c2ln%26"), ["eyJh.eyJp.c2ln"]);
        let two = "Bearer eyJh.eyJp.c2ln, Bearer eyJa.eyJb.";
        assert_eq!(token(two), ["eyJh.eyJp.c2ln", "eyJa.eyJb."]);
        assert!(
            matches!(held(Cow::Borrowed(two.as_bytes()), true), Held::Several(found) if found.len() == 1)
        );
    }

    #[test]
    fn what_is_no_token_is_told_apart() {
        let kinds = [
            (Kind::Jwt, &["eyJh.eyJp.c2ln", "eyJh", "a.b.c", "{\"payload\":1}", "eyJh.eyJp.c2ln..."][..]),
            (Kind::Redacted, &["REDACTED", "[Filtered]", "eyJh.***", "eyJhbGci***", "xxxxx", "*****"]),
            (Kind::OtherScheme, &["Basic dXNlcjpw", "ApiKey 123", "AWS4-HMAC-SHA256 Credential=A/b.c.d"]),
            (Kind::Opaque, &["5f4dcc3b5aa765d61d8327deb882cf99", "a b", "x"]),
        ];
        for (kind, texts) in kinds {
            for text in texts {
                assert_eq!(Kind::of(text.as_bytes()), kind, "{text}");
            }
        }
    }
}
