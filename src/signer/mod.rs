//! Issuing: signs Claims Sets and other payloads.

mod form;
mod header;

use crate::base64url;
use crate::error::{Code, Error};
use crate::json::{self, Storage};
use crate::key::SigningKey;

pub use form::PayloadForm;
pub use header::SignHeader;

/// Signs tokens with one key.
///
/// It is immutable, and any number of threads may share it. A clone is cheap and shares
/// the private key.
///
/// ```
/// use jot::{Alg, Signer, SigningKey};
///
/// let signer = Signer::new(SigningKey::generate(Alg::HS256)?.with_kid("2026-01"));
/// let token = signer.sign_claims(br#"{"sub":"alice","exp":1798761600}"#)?;
/// assert!(token.starts_with("eyJ"));
/// # Ok::<(), jot::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    key: SigningKey,
}

impl Signer {
    /// Makes a signer from a key.
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
    /// The bytes go into the token unchanged.
    ///
    /// ```
    /// use jot::{Alg, Code, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let token = signer.sign_claims(r#"{"iss":"https://issuer","exp":1798761600}"#)?;
    /// assert_eq!(token.split('.').count(), 3);
    /// assert_eq!(signer.sign_claims(r#"["no object"]"#).unwrap_err().code(), Code::ClaimsToSignInvalid);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::ClaimsToSignInvalid`] unless they are one JSON object with
    /// unique member names.
    pub fn sign_claims(&self, claims: impl AsRef<[u8]>) -> Result<String, Error> {
        self.sign_claims_with(&SignHeader::default(), claims)
    }

    /// Signs a Claims Set as a JWT.
    ///
    /// ```
    /// use jot::{Alg, SignHeader, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let token = signer.sign_claims_with(&SignHeader::default().typ("at+jwt"), r#"{"exp":1798761600}"#)?;
    /// assert_eq!(token.split('.').count(), 3);
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::ClaimsToSignInvalid`], [`Code::HeaderToSignInvalid`]
    pub fn sign_claims_with(&self, header: &SignHeader, claims: impl AsRef<[u8]>) -> Result<String, Error> {
        self.jwt(header, claims.as_ref())
    }

    fn jwt(&self, header: &SignHeader, claims: &[u8]) -> Result<String, Error> {
        let mut storage = Storage::default();
        //= rfc7519#section-7.1
        //# all steps specified in [JWS] for creating a JWS MUST be followed.
        json::parse(claims, &mut storage)
            .map_err(|fault| Error::at(Code::ClaimsToSignInvalid, fault.offset))?;
        self.jws(header, claims, PayloadForm::Attached)
    }

    /// Signs a Claims Set of the caller's own type as a JWT with the default header.
    ///
    /// What serde writes is held to the rules of [`sign_claims`](Self::sign_claims): it
    /// must be one JSON object, and no name may come twice, as two flattened structs
    /// can bring it about. serde writes a float that is not finite as `null`.
    ///
    /// ```
    /// use jot::{Alg, Signer, SigningKey};
    ///
    /// #[derive(serde::Serialize)]
    /// struct Claims<'c> {
    ///     sub: &'c str,
    ///     exp: i64,
    /// }
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let token = signer.sign_serialize(&Claims { sub: "alice", exp: 1_798_761_600 })?;
    /// assert_eq!(token.split('.').count(), 3);
    /// assert!(signer.sign_serialize(&["no object"]).is_err());
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::ClaimsToSignInvalid`], also if the type refuses to be serialized.
    #[cfg(feature = "serde")]
    pub fn sign_serialize(&self, claims: &(impl serde::Serialize + ?Sized)) -> Result<String, Error> {
        self.sign_serialize_with(&SignHeader::default(), claims)
    }

    /// Signs a Claims Set of the caller's own type as a JWT; see
    /// [`sign_serialize`](Self::sign_serialize).
    ///
    /// # Errors
    /// [`Code::ClaimsToSignInvalid`], [`Code::HeaderToSignInvalid`]
    #[cfg(feature = "serde")]
    pub fn sign_serialize_with(
        &self,
        header: &SignHeader,
        claims: &(impl serde::Serialize + ?Sized),
    ) -> Result<String, Error> {
        let claims = serde_json::to_vec(claims).map_err(|_| Error::new(Code::ClaimsToSignInvalid))?;
        self.jwt(header, &claims)
    }

    /// Signs any bytes as a JWS in the Compact Serialization (RFC 7515 §7.1).
    ///
    /// A detached payload leaves the middle segment empty and is sent separately.
    ///
    /// ```
    /// use jot::{Alg, PayloadForm, SignHeader, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let jws = signer.sign_payload(&SignHeader::default(), "any bytes", PayloadForm::Attached)?;
    /// assert_eq!(jws.split('.').nth(1), Some("YW55IGJ5dGVz"));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::HeaderToSignInvalid`]
    pub fn sign_payload(
        &self,
        header: &SignHeader,
        payload: impl AsRef<[u8]>,
        form: PayloadForm,
    ) -> Result<String, Error> {
        self.jws(header, payload.as_ref(), form)
    }

    fn jws(&self, header: &SignHeader, payload: &[u8], form: PayloadForm) -> Result<String, Error> {
        let mut token = String::new();
        base64url::encode_onto(header.write(&self.key, form)?.as_bytes(), &mut token);
        token.push('.');
        let signature = match form {
            PayloadForm::Attached => {
                base64url::encode_onto(payload, &mut token);
                self.signature_of(token.as_bytes())?
            }
            PayloadForm::Detached => self.signature_of(
                [token.as_bytes(), base64url::encode(payload).as_bytes()].concat().as_slice(),
            )?,
            PayloadForm::UnencodedDetached => self.signature_of(&[token.as_bytes(), payload].concat())?,
        };
        token.push('.');
        base64url::encode_onto(&signature, &mut token);
        Ok(token)
    }

    /// Signs bytes that are not a token and returns only the signature; an ECDSA
    /// signature is R followed by S (RFC 7518 §3.4).
    ///
    /// ```
    /// use jot::{Alg, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate(Alg::ES256)?);
    /// let signature = signer.sign_message(b"any bytes")?;
    /// assert!(signer.key().verifying_key()?.verify_signature(Alg::ES256, b"any bytes", &signature));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// The code for a failure of the backend.
    pub fn sign_message(&self, message: impl AsRef<[u8]>) -> Result<Vec<u8>, Error> {
        self.signature_of(message.as_ref())
    }

    fn signature_of(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signature = Vec::new();
        self.key.sign(message, &mut signature)?;
        Ok(signature)
    }
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

    fn signer() -> Signer {
        Signer::new(SigningKey::from_jwk(ED25519, &KeyOptions::default()).unwrap())
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serialized_claims_are_held_to_the_rules_of_others() {
        #[derive(serde::Serialize)]
        struct Inner {
            sub: &'static str,
        }
        #[derive(serde::Serialize)]
        struct Twice {
            sub: &'static str,
            #[serde(flatten)]
            inner: Inner,
        }
        let signer = signer();
        let good = signer.sign_serialize(&Inner { sub: "alice" }).unwrap();
        assert_eq!(good, signer.sign_claims(r#"{"sub":"alice"}"#).unwrap());
        let code = |signed: Result<String, Error>| signed.unwrap_err().code();
        let twice = Twice { sub: "alice", inner: Inner { sub: "bob" } };
        assert_eq!(code(signer.sign_serialize(&twice)), Code::ClaimsToSignInvalid);
        assert_eq!(code(signer.sign_serialize("alice")), Code::ClaimsToSignInvalid);
        let no_text = std::collections::HashMap::from([((), 1)]);
        assert_eq!(code(signer.sign_serialize(&no_text)), Code::ClaimsToSignInvalid);
    }

    #[test]
    fn signer_makes_the_token_of_rfc8037_a4() {
        let header = SignHeader::default().without_typ();
        let token = signer().sign_payload(&header, b"Example of Ed25519 signing", PayloadForm::Attached);
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
    fn claims_are_refused_unless_one_object_with_unique_names() {
        for claims in ["", "[]", "{", "{\"a\":1,\"a\":2}", "{} x", "\u{feff}{}"] {
            let error = signer().sign_claims(claims.as_bytes()).unwrap_err();
            assert_eq!(error.code(), Code::ClaimsToSignInvalid, "{claims}");
        }
    }

    #[test]
    fn token_is_verified_by_the_verifying_key() {
        let signer = signer();
        let key = signer.key().verifying_key().unwrap();
        let attached = signer.sign_claims(b" {\"sub\":\"a\"}").unwrap();
        let (input, signature) = attached.rsplit_once('.').unwrap();
        let signature = base64url::decode(signature.as_bytes()).unwrap();
        assert!(key.verify_signature(Alg::EdDSA, input.as_bytes(), &signature));

        let detached = signer.sign_payload(&SignHeader::default(), b"p", PayloadForm::Detached).unwrap();
        let (header, signature) = detached.split_once("..").unwrap();
        let signature = base64url::decode(signature.as_bytes()).unwrap();
        assert!(key.verify_signature(Alg::EdDSA, format!("{header}.cA").as_bytes(), &signature));
    }
}
