//! The token of a request.

/// The request carries several tokens, where RFC 6750 §2 wants one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeated;

/// Finds the token in the values of `Authorization`. Other schemes are none of ours.
pub(crate) fn find<'v>(values: impl IntoIterator<Item = &'v [u8]>) -> Result<Option<&'v [u8]>, Repeated> {
    let mut found = None;
    for value in values {
        let Some(token) = after_scheme(value) else { continue };
        // Several fields of a name may have been joined by commas (RFC 9110 §5.3); no token
        // holds a comma.
        let is_joined = token.split(|byte| *byte == b',').skip(1).any(|part| after_scheme(part).is_some());
        if is_joined || found.replace(token).is_some() {
            return Err(Repeated);
        }
    }
    Ok(found)
}

/// Returns what follows the scheme, which may be written in any case (RFC 9110 §11.1).
fn after_scheme(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.trim_ascii().split_at_checked("Bearer".len())?;
    let token = rest.trim_ascii_start();
    let is_apart = token.len() < rest.len() || rest.is_empty();
    (scheme.eq_ignore_ascii_case(b"Bearer") && is_apart).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_scheme_is_taken_in_any_case_and_others_are_not() {
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
        assert_eq!(find([&b"Bearer a"[..], b"Bearer a"]), Err(Repeated));
        assert_eq!(find([&b"Bearer a, bearer b"[..]]), Err(Repeated));
        assert_eq!(find([&b"Basic b"[..], b"Bearer a"]), Ok(Some(&b"a"[..])));
        assert_eq!(find([&b"Bearer a, b"[..]]), Ok(Some(&b"a, b"[..])));
    }
}
