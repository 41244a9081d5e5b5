//! Issuing: Claims Sets and payloads made into signed tokens.

use crate::base64url;
use crate::error::{Code, Error};
use crate::json::{self, Storage};
use crate::key::SigningKey;

/// The Header Parameters that only the signer itself writes: they say how the
/// token is signed.
const RESERVED: [&str; 3] = ["alg", "crit", "b64"];

/// The Header Parameters that RFC 7515 §4.1 and RFC 7518 §4 define, which
/// `crit` must not name.
const REGISTERED: [&str; 20] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk",
    "apu", "apv", "iv", "tag", "p2s", "p2c",
];

/// How the JWS Payload goes into the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadForm {
    /// Inside, in base64url.
    #[default]
    Attached,
    /// Left out; signed in base64url (RFC 7515 Appendix F).
    Detached,
    /// Left out; signed as it is, under `b64` false (RFC 7797).
    UnencodedDetached,
}

/// What the JOSE Header says apart from `alg` and the key's `kid`.
///
/// By default it is `"typ":"JWT"`.
///
/// ```
/// use jot::{Alg, SignHeader, Signer, SigningKey};
///
/// let signer = Signer::new(SigningKey::generate(Alg::EdDSA)?);
/// let header = SignHeader::default().typ("at+jwt").parameters(r#"{"tenant":7}"#);
/// let token = signer.sign_claims_with(&header, br#"{"sub":"alice"}"#)?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignHeader {
    typ: Option<Box<str>>,
    cty: Option<Box<str>>,
    parameters: Option<Box<str>>,
    critical: Vec<Critical>,
}

#[derive(Clone, Debug)]
struct Critical {
    name: Box<str>,
    value: Box<str>,
}

impl Default for SignHeader {
    fn default() -> Self {
        Self { typ: Some("JWT".into()), cty: None, parameters: None, critical: Vec::new() }
    }
}

impl SignHeader {
    /// Sets the `typ` (RFC 7515 §4.1.9), in place of `JWT`.
    #[must_use]
    pub fn typ(self, typ: impl Into<String>) -> Self {
        Self { typ: Some(typ.into().into_boxed_str()), ..self }
    }

    /// Leaves the `typ` out.
    #[must_use]
    pub fn without_typ(self) -> Self {
        Self { typ: None, ..self }
    }

    /// Sets the `cty` (RFC 7515 §4.1.10).
    #[must_use]
    pub fn cty(self, cty: impl Into<String>) -> Self {
        Self { cty: Some(cty.into().into_boxed_str()), ..self }
    }

    /// Sets further Header Parameters: the members of this JSON object.
    ///
    /// None of them may be `alg`, `crit` or `b64`, or be set otherwise as well.
    /// A `kid` is welcome when the key has none.
    #[must_use]
    pub fn parameters(self, object: impl Into<String>) -> Self {
        Self { parameters: Some(object.into().into_boxed_str()), ..self }
    }

    /// Adds a Header Parameter that the recipient must understand
    /// (RFC 7515 §4.1.11); `value` is JSON.
    #[must_use]
    pub fn critical(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into().into_boxed_str(), value.into().into_boxed_str());
        self.critical.push(Critical { name, value });
        self
    }

    /// Writes the JOSE Header.
    fn write(&self, key: &SigningKey, form: PayloadForm) -> Result<String, Error> {
        let mut text = String::from("{\"alg\":");
        json::write_string(key.alg().name(), &mut text);
        for (name, value) in [("typ", self.typ.as_deref()), ("cty", self.cty.as_deref()), ("kid", key.kid())]
        {
            if let Some(value) = value {
                open_member(name, &mut text);
                json::write_string(value, &mut text);
            }
        }
        self.write_parameters(&mut text)?;
        self.write_critical(form, &mut text)?;
        text.push('}');
        // Whatever was put in, one object with unique names must come out.
        let mut storage = Storage::default();
        json::parse(text.as_bytes(), &mut storage)
            .map_err(|fault| Error::at(Code::HeaderToSignInvalid, fault.offset))?;
        Ok(text)
    }

    fn write_parameters(&self, text: &mut String) -> Result<(), Error> {
        let Some(parameters) = self.parameters.as_deref() else { return Ok(()) };
        let mut storage = Storage::default();
        let object = json::parse(parameters.as_bytes(), &mut storage)
            .map_err(|fault| Error::at(Code::HeaderToSignInvalid, fault.offset))?;
        for (name, _) in object.members() {
            if RESERVED.contains(&name) {
                return Err(Error::of_member(Code::HeaderToSignInvalid, name));
            }
        }
        let members = object.as_text().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match members.map(str::trim) {
            None | Some("") => {}
            Some(members) => {
                text.push(',');
                text.push_str(members);
            }
        }
        Ok(())
    }

    fn write_critical(&self, form: PayloadForm, text: &mut String) -> Result<(), Error> {
        let mut names = Vec::new();
        if form == PayloadForm::UnencodedDetached {
            open_member("b64", text);
            text.push_str("false");
            names.push("b64");
        }
        for Critical { name, value } in &self.critical {
            let invalid = Error::of_member(Code::HeaderToSignInvalid, name);
            if REGISTERED.contains(&&**name) || RESERVED.contains(&&**name) || !is_json_value(value) {
                return Err(invalid);
            }
            open_member(name, text);
            text.push_str(value);
            names.push(name);
        }
        if names.is_empty() {
            return Ok(());
        }
        open_member("crit", text);
        for (position, name) in names.iter().enumerate() {
            text.push(if position == 0 { '[' } else { ',' });
            json::write_string(name, text);
        }
        text.push(']');
        Ok(())
    }
}

/// Signs tokens with one key.
///
/// It is immutable and shared by any number of threads.
///
/// ```
/// use jot::{Alg, Signer, SigningKey};
///
/// let signer = Signer::new(SigningKey::generate(Alg::HS256)?.with_kid("2026-01"));
/// let token = signer.sign_claims(br#"{"sub":"alice","exp":1798761600}"#)?;
/// assert!(token.starts_with("eyJ"));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Debug)]
pub struct Signer {
    key: SigningKey,
}

impl Signer {
    /// Makes a signer of a key.
    #[must_use]
    pub const fn new(key: SigningKey) -> Self {
        Self { key }
    }

    /// Returns the key.
    #[must_use]
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Signs a Claims Set as a JWT with the default header.
    ///
    /// The bytes go into the token as they are.
    ///
    /// # Errors
    /// [`Code::ClaimsToSignInvalid`] unless they are one JSON object with
    /// unique member names.
    pub fn sign_claims(&self, claims: &[u8]) -> Result<String, Error> {
        self.sign_claims_with(&SignHeader::default(), claims)
    }

    /// Signs a Claims Set as a JWT.
    ///
    /// # Errors
    /// [`Code::ClaimsToSignInvalid`], [`Code::HeaderToSignInvalid`]
    pub fn sign_claims_with(&self, header: &SignHeader, claims: &[u8]) -> Result<String, Error> {
        let mut storage = Storage::default();
        json::parse(claims, &mut storage)
            .map_err(|fault| Error::at(Code::ClaimsToSignInvalid, fault.offset))?;
        self.sign_payload(header, claims, PayloadForm::Attached)
    }

    /// Signs any bytes as a JWS in the Compact Serialization (RFC 7515 §7.1).
    ///
    /// A detached payload leaves the middle segment empty and travels on its
    /// own.
    ///
    /// # Errors
    /// [`Code::HeaderToSignInvalid`]
    pub fn sign_payload(
        &self,
        header: &SignHeader,
        payload: &[u8],
        form: PayloadForm,
    ) -> Result<String, Error> {
        let mut token = String::new();
        base64url::encode_onto(header.write(&self.key, form)?.as_bytes(), &mut token);
        token.push('.');
        let signature = match form {
            PayloadForm::Attached => {
                base64url::encode_onto(payload, &mut token);
                self.signature(token.as_bytes())?
            }
            PayloadForm::Detached => {
                self.signature([token.as_bytes(), base64url::encode(payload).as_bytes()].concat().as_slice())?
            }
            PayloadForm::UnencodedDetached => self.signature(&[token.as_bytes(), payload].concat())?,
        };
        token.push('.');
        base64url::encode_onto(&signature, &mut token);
        Ok(token)
    }

    fn signature(&self, signing_input: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signature = Vec::new();
        self.key.sign(signing_input, &mut signature)?;
        Ok(signature)
    }
}

/// Begins a further member.
fn open_member(name: &str, text: &mut String) {
    text.push(',');
    json::write_string(name, text);
    text.push(':');
}

/// Tells whether `value` is one JSON value and nothing besides.
fn is_json_value(value: &str) -> bool {
    let object = format!("{{\"value\":{value}}}");
    let mut storage = Storage::default();
    json::parse(object.as_bytes(), &mut storage).is_ok_and(|object| object.members().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alg::Alg;
    use crate::key::KeyOptions;

    /// RFC 8037 A.1
    const ED25519: &[u8] = br#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn signer(kid: Option<&str>) -> Signer {
        let key = SigningKey::from_jwk(ED25519, &KeyOptions::default()).unwrap();
        Signer::new(match kid {
            Some(kid) => key.with_kid(kid),
            None => key,
        })
    }

    fn header_of(token: &str) -> String {
        String::from_utf8(base64url::decode(token.split('.').next().unwrap().as_bytes()).unwrap()).unwrap()
    }

    fn refusal(header: &SignHeader, kid: Option<&str>) -> Option<Code> {
        signer(kid).sign_claims_with(header, b"{}").err().map(|error| error.code())
    }

    #[test]
    fn signer_makes_the_token_of_rfc8037_a4() {
        let header = SignHeader::default().without_typ();
        let token = signer(None).sign_payload(&header, b"Example of Ed25519 signing", PayloadForm::Attached);
        assert_eq!(
            token.unwrap(),
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AI\
             bQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    #[test]
    fn signer_makes_the_token_of_rfc7797_4_2() {
        let secret = base64url::decode(
            b"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        );
        let key = SigningKey::from_secret(&secret.unwrap(), &KeyOptions::default()).unwrap();
        let header = SignHeader::default().without_typ();
        let token = Signer::new(key).sign_payload(&header, b"$.02", PayloadForm::UnencodedDetached);
        assert_eq!(
            token.unwrap(),
            "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPf\
             f6dmDY"
        );
    }

    #[test]
    fn header_holds_what_was_asked_for() {
        let token = signer(Some("k\"1")).sign_claims(b"{}").unwrap();
        assert_eq!(header_of(&token), r#"{"alg":"EdDSA","typ":"JWT","kid":"k\"1"}"#);
        let header = SignHeader::default()
            .typ("at+jwt")
            .cty("x")
            .parameters(" { \"a\" : [1] , \"kid\":\"own\" } ")
            .critical("urn:one", "{\"x\":1}")
            .critical("urn:two", "null");
        let token = signer(None).sign_claims_with(&header, b"{}").unwrap();
        assert_eq!(
            header_of(&token),
            concat!(
                r#"{"alg":"EdDSA","typ":"at+jwt","cty":"x","a" : [1] , "kid":"own","#,
                r#""urn:one":{"x":1},"urn:two":null,"crit":["urn:one","urn:two"]}"#
            )
        );
    }

    #[test]
    fn header_is_refused_when_it_repeats_or_reserves() {
        let with = |text: &str| SignHeader::default().parameters(text);
        let invalid = Some(Code::HeaderToSignInvalid);
        assert_eq!(refusal(&with("{}"), None), None);
        assert_eq!(refusal(&with("{\"kid\":\"b\"}"), None), None);
        assert_eq!(refusal(&with("{\"kid\":\"b\"}"), Some("a")), invalid);
        for text in [
            r#"{"alg":"none"}"#,
            r#"{"\u0061lg":"none"}"#,
            r#"{"crit":[]}"#,
            r#"{"b64":false}"#,
            r#"{"typ":"x"}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":1},"#,
            "[]",
            "",
        ] {
            assert_eq!(refusal(&with(text), None), invalid, "{text}");
        }
        for (name, value) in
            [("alg", "1"), ("kid", "1"), ("b64", "true"), ("x", ""), ("x", "1,\"alg\":2"), ("x", "1}{")]
        {
            assert_eq!(
                refusal(&SignHeader::default().critical(name, value), None),
                invalid,
                "{name} {value}"
            );
        }
        let twice = SignHeader::default().critical("x", "1").critical("x", "1");
        assert_eq!(refusal(&twice, None), invalid);
    }

    #[test]
    fn claims_are_refused_unless_one_object_with_unique_names() {
        for claims in ["", "[]", "{", "{\"a\":1,\"a\":2}", "{} x", "\u{feff}{}"] {
            let error = signer(None).sign_claims(claims.as_bytes()).unwrap_err();
            assert_eq!(error.code(), Code::ClaimsToSignInvalid, "{claims}");
        }
    }

    #[test]
    fn token_is_verified_by_the_verifying_key() {
        let signer = signer(None);
        let key = signer.key().verifying_key().unwrap();
        let attached = signer.sign_claims(b" {\"sub\":\"a\"}").unwrap();
        let (input, signature) = attached.rsplit_once('.').unwrap();
        let signature = base64url::decode(signature.as_bytes()).unwrap();
        assert!(key.holds(Alg::EdDSA, input.as_bytes(), &signature));

        let detached = signer.sign_payload(&SignHeader::default(), b"p", PayloadForm::Detached).unwrap();
        let (header, signature) = detached.split_once("..").unwrap();
        let signature = base64url::decode(signature.as_bytes()).unwrap();
        assert!(key.holds(Alg::EdDSA, format!("{header}.cA").as_bytes(), &signature));
    }
}
