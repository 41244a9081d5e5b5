//! Saying no: RFC 6750 §3.

use jot::{Code, Rejection};

use crate::config::FailureConfig;
use crate::exchange::{Counter, Exchange};
use crate::grpc;

/// Why a request does not pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Denial<'f> {
    /// The engine's name of the reason, or one of this filter's own.
    pub(crate) code: &'static str,
    meaning: &'static str,
    status: u16,
    /// RFC 6750 §3.1; none where the request carries no token.
    error: Option<&'static str>,
    scopes: &'f [String],
    /// How much it tells: of several, the one with the highest is given.
    rank: u8,
}

impl<'f> Denial<'f> {
    const fn new(
        code: &'static str,
        meaning: &'static str,
        status: u16,
        error: Option<&'static str>,
    ) -> Self {
        Self { code, meaning, status, error, scopes: &[], rank: 1 }
    }

    pub(crate) const fn missing() -> Self {
        let denial = Self::new("token_missing", "The request carries no token.", 401, None);
        Self { rank: 0, ..denial }
    }

    pub(crate) const fn repeated() -> Self {
        let meaning = "The request carries several tokens where one is wanted.";
        let denial = Self::new("token_repeated", meaning, 400, Some("invalid_request"));
        Self { rank: 5, ..denial }
    }

    /// The keys of a provider have not been fetched so far.
    pub(crate) const fn no_keys() -> Self {
        let denial = Self::new("keys_unavailable", "The keys have not been fetched yet.", 503, None);
        Self { rank: 4, ..denial }
    }

    /// A route names a provider that its filter does not have.
    pub(crate) const fn unknown_provider() -> Self {
        let denial = Self::new("provider_unknown", "The route demands an unknown provider.", 500, None);
        Self { rank: 6, ..denial }
    }

    /// A fault of ours.
    pub(crate) const fn internal() -> Self {
        Self::new(Code::Internal.name(), Code::Internal.meaning(), 500, None)
    }

    pub(crate) const fn insufficient_scope(scopes: &'f [String]) -> Self {
        let code = Code::ScopeInsufficient;
        let denial = Self::new(code.name(), code.meaning(), 403, Some("insufficient_scope"));
        Self { scopes, rank: 3, ..denial }
    }

    /// `scopes` are those that the provider demands.
    pub(crate) fn of(rejection: &Rejection, scopes: &'f [String]) -> Self {
        let code = rejection.code();
        let denial = match code {
            Code::ScopeInsufficient => return Self::insufficient_scope(scopes),
            Code::Internal => Self::internal(),
            _ => Self::new(code.name(), code.meaning(), 401, Some("invalid_token")),
        };
        match code {
            _ if rejection.signature_ok() => Self { rank: 3, ..denial },
            Code::SignatureInvalid => Self { rank: 2, ..denial },
            _ => denial,
        }
    }

    /// Returns the denial that tells more; the first of two that tell as much.
    pub(crate) const fn or(self, other: Self) -> Self {
        if other.rank > self.rank { other } else { self }
    }
}

/// How denials are put into words.
#[derive(Debug)]
pub(crate) struct Failure {
    config: FailureConfig,
}

impl Failure {
    pub(crate) fn new(config: FailureConfig) -> Result<Self, String> {
        for (field, text) in [("realm", &config.realm), ("content_type", &config.content_type)] {
            let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'\\' && byte != b'"';
            if text.is_empty() || !text.bytes().all(plain) {
                return Err(format!(
                    "failure.{field}: quotes, backslashes and control characters are not taken"
                ));
            }
        }
        Ok(Self { config })
    }

    /// Answers a request that does not pass.
    pub(crate) fn answer(&self, denial: &Denial<'_>, exchange: &mut impl Exchange) {
        let Denial { code, status, error, .. } = *denial;
        exchange.count(Counter::Denied, Some(code));
        let challenge = self.challenge(denial);
        let body = self.config.body.replace("{code}", code).replace("{status}", &status.to_string());
        let body = body.replace("{error}", error.unwrap_or("unauthorized"));
        let mut headers = Vec::new();
        if status < 500 {
            headers.push(("www-authenticate", challenge.as_bytes()));
        }
        let details = format!("jot_{code}");
        if !grpc::is_call(exchange) {
            headers.push(("content-type", self.config.content_type.as_bytes()));
            return exchange.respond(status, &headers, body.as_bytes(), &details);
        }
        let message = grpc::message_of(&body);
        headers.push(("grpc-status", grpc::status_of(status).as_bytes()));
        headers.push(("grpc-message", message.as_bytes()));
        exchange.respond(status, &headers, b"", &details);
    }

    /// What stands in quotes needs no escapes: realm and scopes were checked,
    /// the rest are words of ours.
    fn challenge(&self, denial: &Denial<'_>) -> String {
        let mut text = format!("Bearer realm=\"{}\"", self.config.realm);
        if let Some(error) = denial.error {
            text.push_str(&format!(", error=\"{error}\""));
            if self.config.describe {
                text.push_str(&format!(", error_description=\"{}\"", denial.meaning));
            }
        }
        if !denial.scopes.is_empty() {
            text.push_str(&format!(", scope=\"{}\"", denial.scopes.join(" ")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::{Answer, Fake};

    fn answer(config: FailureConfig, denial: &Denial<'_>) -> Answer {
        let mut fake = Fake::default();
        Failure::new(config).unwrap().answer(denial, &mut fake);
        assert_eq!(fake.counts, [(Counter::Denied, Some(denial.code.to_owned()))]);
        fake.answer.unwrap()
    }

    #[test]
    fn meanings_can_stand_in_quotes() {
        for code in Code::ALL {
            let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
            assert!(code.meaning().bytes().all(plain), "{code}");
        }
    }

    #[test]
    fn challenge_names_error_and_scope_where_rfc_6750_wants_them() {
        let (status, headers, body, details) = answer(FailureConfig::default(), &Denial::missing());
        assert_eq!((status, &*body, &*details), (401, "token_missing\n", "jot_token_missing"));
        assert_eq!(headers[0].1, r#"Bearer realm="protected""#);

        let scopes = ["a".to_owned(), "b".to_owned()];
        let config =
            FailureConfig { describe: false, body: "{status} {error} {code}".into(), ..Default::default() };
        let (status, headers, body, _) = answer(config, &Denial::insufficient_scope(&scopes));
        assert_eq!((status, &*body), (403, "403 insufficient_scope scope_insufficient"));
        assert_eq!(headers[0].1, r#"Bearer realm="protected", error="insufficient_scope", scope="a b""#);
        assert_eq!(answer(FailureConfig::default(), &Denial::no_keys()).1.len(), 1);
    }

    #[test]
    fn the_more_telling_denial_is_given() {
        assert_eq!(Denial::missing().or(Denial::no_keys()).code, "keys_unavailable");
        assert_eq!(Denial::repeated().or(Denial::no_keys()).code, "token_repeated");
        let config = FailureConfig { realm: "a\"b".into(), ..Default::default() };
        assert!(Failure::new(config).is_err());
    }
}
