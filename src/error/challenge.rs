//! The challenge that goes with a refusal.

use std::fmt;

use super::code::Code;

/// The value of `WWW-Authenticate` for a request that is refused (RFC 6750 §3).
///
/// A status below 500 has one; see [`Code::http_status`]. [`Default`] challenges a request
/// without a token. What stands in quotes is escaped, and control characters, which could end
/// the header, are left out.
///
/// ```
/// use jot::{Challenge, Code};
///
/// let challenge = Challenge { realm: "orders", ..Challenge::of(Code::Expired) };
/// assert!(challenge.to_string().starts_with(r#"Bearer realm="orders", error="invalid_token""#));
/// assert_eq!(Challenge::default().to_string(), r#"Bearer realm="""#);
///
/// let scopes = ["orders:read".to_owned()];
/// let challenge = Challenge { scopes: &scopes, ..Challenge::of(Code::ScopeInsufficient) };
/// assert!(challenge.to_string().ends_with(r#"scope="orders:read""#));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Challenge<'c> {
    /// What the client is asked to authenticate for.
    pub realm: &'c str,
    /// The error of RFC 6750 §3.1; none if the request had no token.
    pub error: Option<&'c str>,
    /// What is wrong, for a person.
    pub error_description: Option<&'c str>,
    /// The scopes that would do; none is left out.
    pub scopes: &'c [String],
    /// The URL of the resource's metadata (RFC 9728 §5.1).
    pub resource_metadata: Option<&'c str>,
}

impl Challenge<'_> {
    /// Returns the challenge for a token with this code: its error, and its meaning as the
    /// description if there is an error.
    #[must_use]
    pub const fn of(code: Code) -> Self {
        let error = code.bearer_error();
        let error_description = if error.is_some() { Some(code.meaning()) } else { None };
        Self { realm: "", error, error_description, scopes: &[], resource_metadata: None }
    }

    /// Returns the challenge for a request with several tokens, whose status is 400: nobody can
    /// say which one was meant, so there is no code.
    #[must_use]
    pub const fn of_several_tokens() -> Self {
        Self {
            realm: "",
            error: Some("invalid_request"),
            error_description: Some("There is more than one token."),
            scopes: &[],
            resource_metadata: None,
        }
    }
}

impl<'c> Challenge<'c> {
    /// Tells the scopes that would do, if the client can make use of them: its token lacks one,
    /// or it has none and the metadata of the resource say where to ask for one.
    ///
    /// ```
    /// use jot::{Challenge, Code};
    ///
    /// let scopes = ["orders:read".to_owned()];
    /// assert!(Challenge::of(Code::Expired).with_scopes(&scopes).scopes.is_empty());
    /// assert_eq!(Challenge::of(Code::ScopeInsufficient).with_scopes(&scopes).scopes, scopes);
    /// ```
    #[must_use]
    pub fn with_scopes(self, scopes: &'c [String]) -> Self {
        let are_of_use = match self.error {
            None => self.resource_metadata.is_some(),
            Some(error) => Some(error) == Code::ScopeInsufficient.bearer_error(),
        };
        Self { scopes: if are_of_use { scopes } else { &[] }, ..self }
    }
}

impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        //= rfc6750#section-3
        //# The "realm" attribute MUST NOT appear more than once.
        write!(f, "Bearer realm=\"{}\"", Quoted(self.realm))?;
        let mut attribute = |name: &str, text: Option<&str>| match text {
            Some(text) => write!(f, ", {name}=\"{}\"", Quoted(text)),
            None => Ok(()),
        };
        attribute("error", self.error)?;
        attribute("error_description", self.error_description)?;
        let scope = self.scopes.join(" ");
        attribute("scope", Some(&*scope).filter(|scope| !scope.is_empty()))?;
        attribute("resource_metadata", self.resource_metadata)
    }
}

/// The content of a quoted-string (RFC 9110 §5.6.4).
struct Quoted<'q>(&'q str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;

        for character in self.0.chars().filter(|character| !character.is_control()) {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenge_has_each_attribute_once_and_in_quotes() {
        let scopes = ["a".to_owned(), "b".to_owned()];
        let challenge = Challenge {
            realm: "a \"b\" \\\r\nX-Evil: 1",
            scopes: &scopes,
            resource_metadata: Some("https://api.example/m"),
            ..Challenge::of(Code::ScopeInsufficient)
        };
        let text = challenge.to_string();
        assert!(
            text.starts_with(r#"Bearer realm="a \"b\" \\X-Evil: 1", error="insufficient_scope", "#),
            "{text}"
        );
        assert!(text.ends_with(r#", scope="a b", resource_metadata="https://api.example/m""#), "{text}");
        for name in ["realm", "error", "error_description", "scope", "resource_metadata"] {
            assert_eq!(text.matches(&format!(" {name}=\"")).count(), 1, "{name} in {text}");
        }
    }

    #[test]
    fn challenge_tells_scopes_only_to_who_can_use_them() {
        let scopes = ["a".to_owned()];
        let metadata = Some("https://api.example/m");
        for (challenge, told) in [
            (Challenge::of(Code::ScopeInsufficient), true),
            (Challenge::of(Code::Expired), false),
            (Challenge { resource_metadata: metadata, ..Challenge::of(Code::Expired) }, false),
            (Challenge::of(Code::TokenNull), false),
            (Challenge { resource_metadata: metadata, ..Challenge::of(Code::TokenNull) }, true),
            (Challenge { resource_metadata: metadata, ..Challenge::of_several_tokens() }, false),
        ] {
            assert_eq!(!challenge.with_scopes(&scopes).scopes.is_empty(), told, "{challenge}");
        }
    }

    /// RFC 6750 §3.1: without a token there is no error code.
    #[test]
    fn challenge_has_a_description_only_beside_an_error() {
        for code in Code::ALL {
            let challenge = Challenge::of(*code);
            assert_eq!(challenge.error, code.bearer_error());
            assert_eq!(challenge.error.is_some(), challenge.error_description.is_some(), "{code}");
        }
        assert_eq!(Challenge::of(Code::TokenNull).to_string(), r#"Bearer realm="""#);
    }
}
