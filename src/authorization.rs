//! The token of a request.

use std::fmt;

/// A request carries several tokens where RFC 6750 §2 wants one.
///
/// ```
/// let two: [&[u8]; 2] = [b"Bearer a", b"Bearer b"];
/// assert_eq!(jot::authorization_token("Bearer", two), Err(jot::RepeatedToken));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedToken;

impl fmt::Display for RepeatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("There is more than one token.")
    }
}

impl std::error::Error for RepeatedToken {}

/// Finds the token in the values of `Authorization`: what follows the scheme, which is
/// `Bearer` for RFC 6750, in any case (RFC 9110 §11.1). Values with other schemes are left out.
///
/// ```
/// let values: [&[u8]; 2] = [b"Basic YTpi", b"bearer a.b.c"];
/// assert_eq!(jot::authorization_token("Bearer", values), Ok(Some(&b"a.b.c"[..])));
/// assert_eq!(jot::authorization_token("DPoP", values), Ok(None));
/// ```
///
/// # Errors
/// [`RepeatedToken`]: there are several, in fields of their own or joined by commas.
//= rfc6750#section-2
//# Clients MUST NOT use more than one method to transmit the token in each request.
pub fn authorization_token<'v>(
    scheme: &str,
    values: impl IntoIterator<Item = &'v [u8]>,
) -> Result<Option<&'v [u8]>, RepeatedToken> {
    let mut found = None;
    for value in values {
        let Some(token) = after(scheme, value) else { continue };
        // Several fields of a name may have been joined by commas (RFC 9110 §5.3); no token
        // holds a comma.
        let is_joined = token.split(|byte| *byte == b',').skip(1).any(|part| after(scheme, part).is_some());
        if is_joined || found.replace(token).is_some() {
            return Err(RepeatedToken);
        }
    }
    Ok(found)
}

fn after<'v>(scheme: &str, value: &'v [u8]) -> Option<&'v [u8]> {
    let (first, rest) = value.trim_ascii().split_at_checked(scheme.len())?;
    let token = rest.trim_ascii_start();
    let is_apart = token.len() < rest.len() || rest.is_empty();
    (first.eq_ignore_ascii_case(scheme.as_bytes()) && is_apart).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'v>(values: impl IntoIterator<Item = &'v [u8]>) -> Result<Option<&'v [u8]>, RepeatedToken> {
        authorization_token("Bearer", values)
    }

    #[test]
    fn scheme_is_taken_in_any_case_and_others_are_not() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c ", " Bearer\ta.b.c"] {
            assert_eq!(find([value.as_bytes()]), Ok(Some(&b"a.b.c"[..])), "{value}");
        }
        for value in ["Basic a.b.c", "Bearera.b.c", "a.b.c", "", "Bear", "DPoP a.b.c"] {
            assert_eq!(find([value.as_bytes()]), Ok(None), "{value}");
        }
        assert_eq!(find([&b"Bearer"[..]]), Ok(Some(&b""[..])));
        assert_eq!(find([]), Ok(None));
    }

    #[test]
    fn second_token_is_found_in_a_field_of_its_own_and_in_a_joined_one() {
        assert_eq!(find([&b"Bearer a"[..], b"Bearer a"]), Err(RepeatedToken));
        assert_eq!(find([&b"Bearer a, bearer b"[..]]), Err(RepeatedToken));
        assert_eq!(find([&b"Basic b"[..], b"Bearer a"]), Ok(Some(&b"a"[..])));
        assert_eq!(find([&b"Bearer a, b"[..]]), Ok(Some(&b"a, b"[..])));
    }
}
