//! The JOSE Header of a token to be signed.

use super::form::PayloadForm;
use crate::error::{Code, Error};
use crate::json::{self, Storage};
use crate::jws::REGISTERED;
use crate::key::SigningKey;

/// The Header Parameters that only the signer itself writes, because they describe the
/// signature.
const RESERVED: [&str; 3] = ["alg", "crit", "b64"];

/// The JOSE Header besides `alg` and the key's `kid`.
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
        //= rfc7519#section-5.1
        //# If present, it is RECOMMENDED that its value be "JWT"
        //= rfc7519#section-5.2
        //# the use of this Header Parameter is NOT RECOMMENDED.
        Self { typ: Some("JWT".into()), cty: None, parameters: None, critical: Vec::new() }
    }
}

impl SignHeader {
    /// Sets the `typ` (RFC 7515 §4.1.9) instead of `JWT`.
    #[must_use]
    pub fn typ(self, typ: impl Into<String>) -> Self {
        Self { typ: Some(typ.into().into_boxed_str()), ..self }
    }

    /// Omits the `typ`.
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
    /// It must not have `alg`, `crit`, `b64` or a parameter that is set otherwise. A
    /// `kid` is allowed if the key has none.
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
    pub(super) fn write(&self, key: &SigningKey, form: PayloadForm) -> Result<String, Error> {
        //= rfc7515#section-5.1
        //# The "alg" (algorithm) Header Parameter MUST be present in the JOSE Header
        let mut text = String::from("{\"alg\":");
        json::write_string(key.alg().name(), &mut text);
        //= rfc7515#section-6
        //# The producer SHOULD include sufficient information in the Header Parameters to identify
        //# the key used
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
        // The result must be one object with unique names, whatever the inputs were.
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
        //= rfc7797#section-7
        //# it is RECOMMENDED that "b64" simply be omitted in this case
        if form == PayloadForm::UnencodedDetached {
            open_member("b64", text);
            text.push_str("false");
            //= rfc7797#section-6
            //# The "crit" Header Parameter MUST be included with "b64" in its set of values
            names.push("b64");
        }
        for Critical { name, value } in &self.critical {
            let invalid = Error::of_member(Code::HeaderToSignInvalid, name);
            //= rfc7515#section-4.1.11
            //# Producers MUST NOT include Header Parameter names defined by this specification or
            //# [JWA] for use with JWS
            if REGISTERED.contains(&&**name) || RESERVED.contains(&&**name) || !is_json_value(value) {
                return Err(invalid);
            }
            open_member(name, text);
            text.push_str(value);
            names.push(name);
        }
        //= rfc7515#section-4.1.11
        //# MUST NOT use the empty list "[]" as the "crit" value.
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

/// Begins another member.
fn open_member(name: &str, text: &mut String) {
    text.push(',');
    json::write_string(name, text);
    text.push(':');
}

/// Returns `true` if `value` is exactly one JSON value.
fn is_json_value(value: &str) -> bool {
    let object = format!("{{\"value\":{value}}}");
    let mut storage = Storage::default();
    json::parse(object.as_bytes(), &mut storage).is_ok_and(|object| object.members().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alg::Alg;
    use crate::base64url;
    use crate::signer::Signer;

    fn signer(kid: Option<&str>) -> Signer {
        let key = SigningKey::generate(Alg::EdDSA).unwrap();
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
}
