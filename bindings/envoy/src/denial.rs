//! Saying no: RFC 6750 §3.

use jot::{Challenge, Code, Rejection};

use crate::config::FailureConfig;
use crate::exchange::{Counter, Exchange, Level};
use crate::grpc;
use crate::logger::log_lazily;
use crate::metadata::Struct;
use crate::resource::Resource;

/// Why a request does not pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Denial<'f> {
    reason: Reason,
    /// Those that the provider and the route demand.
    scopes: Scopes<'f>,
    /// Whose token it is, or would be.
    pub(crate) provider: Option<&'f str>,
}

/// The scopes of a provider and those of a route.
pub(crate) type Scopes<'f> = [&'f [String]; 2];

#[derive(Clone, Copy, Debug)]
enum Reason {
    Missing,
    Repeated,
    /// The token's key is not known, and whether there is such a key could not be found
    /// out.
    NoKeys,
    /// A route names a provider that its filter does not have.
    UnknownProvider,
    /// A fault of ours.
    Fault,
    /// The engine's word.
    Rejected(Rejection),
}

impl<'f> Denial<'f> {
    const fn new(reason: Reason, provider: Option<&'f str>) -> Self {
        Self { reason, scopes: [&[]; 2], provider }
    }

    pub(crate) const fn missing(scopes: Scopes<'f>) -> Self {
        Self { scopes, ..Self::new(Reason::Missing, None) }
    }

    pub(crate) const fn repeated(provider: &'f str) -> Self {
        Self::new(Reason::Repeated, Some(provider))
    }

    /// Says of a token whose key is not known that it could not be decided on: the fetch
    /// that may have brought the key failed.
    pub(crate) const fn undecided(self) -> Self {
        if self.status() == 401 { Self::new(Reason::NoKeys, self.provider) } else { self }
    }

    pub(crate) const fn unknown_provider(provider: &'f str) -> Self {
        Self::new(Reason::UnknownProvider, Some(provider))
    }

    pub(crate) const fn fault() -> Self {
        Self::new(Reason::Fault, None)
    }

    pub(crate) const fn of(rejection: &Rejection, scopes: Scopes<'f>, provider: &'f str) -> Self {
        Self { scopes, ..Self::new(Reason::Rejected(*rejection), Some(provider)) }
    }

    /// Returns the engine's name of the reason, or one of this filter's own.
    pub(crate) const fn code(&self) -> &'static str {
        match self.reason {
            Reason::Missing => "token_missing",
            Reason::Repeated => "token_repeated",
            Reason::NoKeys => "keys_unavailable",
            Reason::UnknownProvider => "provider_unknown",
            Reason::Fault => Code::Internal.name(),
            Reason::Rejected(rejection) => rejection.code().name(),
        }
    }

    /// Returns the code's number, if it is one of the engine's.
    fn number(&self) -> Option<u32> {
        match self.reason {
            Reason::Rejected(rejection) => Some(rejection.code().number()),
            _ => None,
        }
    }

    pub(crate) const fn status(&self) -> u16 {
        match self.reason {
            Reason::Missing => 401,
            //= rfc6750#section-3.1
            //# The resource server SHOULD respond with the HTTP 400 (Bad Request) status code.
            Reason::Repeated => 400,
            Reason::NoKeys => 503,
            Reason::UnknownProvider | Reason::Fault => 500,
            Reason::Rejected(rejection) => rejection.code().http_status(),
        }
    }

    /// Returns what the engine would have a client told of the reason.
    const fn challenge(&self) -> Challenge<'static> {
        match self.reason {
            Reason::Repeated => Challenge::of_several_tokens(),
            Reason::Rejected(rejection) => Challenge::of(rejection.code()),
            // The others are no fault of the client's, so it is not told of them.
            Reason::Missing | Reason::NoKeys | Reason::UnknownProvider | Reason::Fault => {
                Challenge::of(Code::TokenNull)
            }
        }
    }

    /// How much it tells: of several, the one with the highest is given.
    const fn rank(&self) -> u8 {
        match self.reason {
            Reason::Missing => 0,
            Reason::Rejected(rejection) if rejection.signature_ok() => 3,
            Reason::Rejected(rejection) => match rejection.code() {
                Code::KeysNotYet | Code::KeysStale => 4,
                Code::SignatureInvalid => 2,
                _ => 1,
            },
            Reason::NoKeys => 4,
            Reason::Repeated => 5,
            Reason::UnknownProvider | Reason::Fault => 6,
        }
    }

    /// Returns the denial that tells more; the first of two that tell as much.
    pub(crate) const fn or(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    /// Returns `true` if a route names a provider that is not there.
    pub(crate) const fn is_misrouted(&self) -> bool {
        matches!(self.reason, Reason::UnknownProvider)
    }

    /// Says in words for a log what was at fault in the token; nothing where the
    /// code says it all.
    pub(crate) fn detail(&self, token: Option<&[u8]>) -> String {
        match self.reason {
            Reason::Rejected(rejection) => rejection.detail(token.unwrap_or_default()),
            _ => String::new(),
        }
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
            //= rfc6750#section-3
            //# MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E.
            let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'\\' && byte != b'"';
            if text.is_empty() || !text.bytes().all(plain) {
                return Err(format!(
                    "failure.{field}: quotes, backslashes and control characters are not taken"
                ));
            }
        }
        if config.metadata_key.as_deref() == Some("") {
            return Err("failure.metadata_key: it is empty".to_owned());
        }
        Ok(Self { config })
    }

    /// Tells the operator of a token that was refused.
    pub(crate) fn tell(
        &self,
        denial: &Denial<'_>,
        detail: &str,
        namespace: &str,
        exchange: &mut impl Exchange,
    ) {
        let (code, number, provider) = (denial.code(), denial.number(), denial.provider);
        if let Some(key) = &self.config.metadata_key {
            let mut fields = Struct::default();
            fields.text("code", code);
            for (name, text) in [("provider", provider.unwrap_or_default()), ("detail", detail)] {
                if !text.is_empty() {
                    fields.text(name, text);
                }
            }
            if let Some(number) = number {
                fields.number("number", number);
            }
            let mut whole = Struct::default();
            whole.nested(key, &fields);
            exchange.set_metadata(namespace, &whole.into_bytes());
        }
        log_lazily(Level::Debug, || {
            let number = number.map(|number| format!(" ({number})")).unwrap_or_default();
            let whose = provider.map(|name| format!(", provider {name}")).unwrap_or_default();
            let space = if detail.is_empty() { "" } else { ": " };
            format!("jot: refused: {code}{number}{whose}{space}{detail}")
        });
    }

    /// Answers a request that does not pass.
    pub(crate) fn answer(
        &self,
        denial: &Denial<'_>,
        detail: &str,
        resource: Option<&Resource>,
        exchange: &mut impl Exchange,
    ) {
        let (code, status, error) = (denial.code(), denial.status(), denial.challenge().error);
        exchange.count(Counter::Denied, Some(code));
        let challenge = self.challenge(denial, resource);
        let body = self.config.body.replace("{code}", code).replace("{status}", &status.to_string());
        let body = body.replace("{error}", error.unwrap_or("unauthorized"));
        let mut headers = Vec::new();
        //= rfc6750#section-3
        //# the resource server MUST include the HTTP "WWW-Authenticate" response header field
        if status < 500 {
            headers.push(("www-authenticate", challenge.as_bytes()));
        }
        let details = details(code, detail);
        if !grpc::is_call(exchange) {
            headers.push(("content-type", self.config.content_type.as_bytes()));
            return exchange.respond(status, &headers, body.as_bytes(), &details);
        }
        let message = grpc::message_of(&body);
        headers.push(("grpc-status", grpc::status_of(status).as_bytes()));
        headers.push(("grpc-message", message.as_bytes()));
        exchange.respond(status, &headers, b"", &details);
    }

    fn challenge(&self, denial: &Denial<'_>, resource: Option<&Resource>) -> String {
        let reason = denial.challenge();
        let mut scopes: Vec<String> = Vec::new();
        for scope in denial.scopes.into_iter().flatten() {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        let challenge = Challenge {
            realm: &self.config.realm,
            error_description: reason.error_description.filter(|_| self.config.describe),
            resource_metadata: resource.map(|resource| &*resource.url),
            ..reason
        };
        challenge.with_scopes(&scopes).to_string()
    }
}

/// Response code details: Envoy wants no white space in them, and access logs
/// put them into quotes.
fn details(code: &str, detail: &str) -> String {
    match detail {
        "" => format!("jot_{code}"),
        detail => format!("jot_{code}{{{}}}", detail.replace(' ', "_").replace('"', "'")),
    }
}

#[cfg(test)]
mod tests {
    use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};

    use super::*;
    use crate::exchange::tests::{Answer, Fake};

    fn answer(config: FailureConfig, denial: &Denial<'_>, detail: &str) -> Answer {
        let mut fake = Fake::default();
        Failure::new(config).unwrap().answer(denial, detail, None, &mut fake);
        assert_eq!(fake.counts, [(Counter::Denied, Some(denial.code().to_owned()))]);
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
        let (status, headers, body, details) =
            answer(FailureConfig::default(), &Denial::missing([&[]; 2]), "");
        assert_eq!((status, &*body, &*details), (401, "token_missing\n", "jot_token_missing"));
        assert_eq!(headers[0].1, r#"Bearer realm="protected""#);

        let config = FailureConfig { body: "{status} {error} {code}".into(), ..Default::default() };
        let (status, headers, body, details) = answer(config, &Denial::repeated("main"), "a=\"b c\"");
        assert_eq!((status, &*body), (400, "400 invalid_request token_repeated"));
        let several = r#"error="invalid_request", error_description="There is more than one token.""#;
        assert_eq!(headers[0].1, format!(r#"Bearer realm="protected", {several}"#));
        assert_eq!(details, "jot_token_repeated{a='b_c'}");
        assert_eq!(answer(FailureConfig::default(), &Denial::missing([&[]; 2]).undecided(), "").1.len(), 1);
    }

    /// RFC 6750 §3
    #[test]
    fn challenge_has_each_attribute_once() {
        let key = SigningKey::generate(Alg::HS256).unwrap();
        let keys = KeySet::new([key.verifying_key().unwrap()]);
        let policy = Policy::new([Alg::HS256]).allow_missing_exp().scope("a");
        let verifier = Verifier::builder(policy).keys(keys).build().unwrap();
        let token = Signer::new(key).sign_claims(b"{}").unwrap();
        let rejection = verifier.verify(token.as_bytes(), UnixSeconds(0), &mut Scratch::new()).unwrap_err();
        let demanded = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let scopes = [&demanded[..2], &demanded[1..]];
        let denial = Denial::of(&rejection, scopes, "main");
        let resource = serde_json::from_str(r#"{"url":"https://example/x"}"#).unwrap();
        let resource = Resource::new(resource).unwrap();
        let failure = Failure::new(FailureConfig::default()).unwrap();
        let text = failure.challenge(&denial, Some(&resource));
        assert!(
            text.starts_with("Bearer realm=\"") && text.contains(r#"error="insufficient_scope""#),
            "{text}"
        );
        assert!(text.contains(r#"scope="a b c""#), "{text}");
        for name in ["realm", "error", "error_description", "scope", "resource_metadata"] {
            assert_eq!(text.matches(&format!("{name}=\"")).count(), 1, "{name} in {text}");
        }
        // Who is sent to the metadata learns what to ask for there.
        let told = r#"Bearer realm="protected", scope="a b c", resource_metadata="https://example/x""#;
        assert_eq!(failure.challenge(&Denial::missing(scopes), Some(&resource)), told);
        assert_eq!(failure.challenge(&Denial::missing(scopes), None), r#"Bearer realm="protected""#);
    }

    #[test]
    fn the_more_telling_denial_is_given() {
        let undecided = Denial::missing([&[]; 2]).undecided();
        assert_eq!(Denial::missing([&[]; 2]).or(undecided).code(), "keys_unavailable");
        assert_eq!(Denial::repeated("a").or(undecided).provider, Some("a"));
        assert_eq!(Denial::repeated("a").undecided().code(), "token_repeated");
        let config = FailureConfig { realm: "a\"b".into(), ..Default::default() };
        assert!(Failure::new(config).is_err());
    }
}
