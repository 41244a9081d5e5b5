//! Rules over the claims that hold or fail whatever the time.

use super::Policy;
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::{Text, Value};

type Outcome = Result<(), Rejection>;

impl Policy {
    /// Validates the claims of a token that a verifier accepted by the rules of
    /// this policy as well: audiences, subject, authorized party, claims and
    /// scopes.
    ///
    /// For servers whose routes demand more than the verifier that they share.
    /// The rules over header, issuer and dates are not asked.
    ///
    /// ```
    /// # use jot::*;
    /// # fn main() -> Result<(), Error> {
    /// # let key = SigningKey::generate(Alg::HS256)?;
    /// # let keys = KeySet::new([key.verifying_key()?]);
    /// # let verifier = Verifier::builder(Policy::new([Alg::HS256]).allow_missing_exp()).keys(keys).build()?;
    /// # let token = Signer::new(key).sign_claims(br#"{"tier":"tin"}"#)?;
    /// let route = Policy::new([Alg::HS256])
    ///     .any_audience()
    ///     .claim_equals("tier", Expected::one_of(["gold", "silver"]));
    /// route.validate()?;
    ///
    /// let mut scratch = Scratch::new();
    /// let verified = verifier.verify(token.as_bytes(), UnixSeconds::now(), &mut scratch).unwrap();
    /// let refused = route.validate_claims(&verified.claims()).unwrap_err();
    /// assert_eq!((refused.code(), refused.claim()), (Code::ClaimMismatch, Some("tier")));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Code::AudMissing`] to [`Code::ScopeInsufficient`].
    pub fn validate_claims(&self, claims: &Claims<'_>) -> Result<(), Rejection> {
        self.check_claims(claims, None).map_err(Rejection::after_signature)
    }

    /// Checks everything but the dates. `issuer` is the one that the key
    /// belongs to, if the verifier's keys belong to issuers.
    ///
    /// # Errors
    /// [`Code::IssMissing`] to [`Code::ScopeInsufficient`].
    pub(crate) fn check_claims(&self, claims: &Claims<'_>, issuer: Option<&str>) -> Outcome {
        check_issuer(claims, issuer)?;
        self.check_audience(claims)?;
        self.check_subject(claims)?;
        typed(claims.jti(), Code::JtiInvalid, "jti")?;
        self.check_authorized_party(claims)?;
        self.check_required(claims)?;
        self.check_expected(claims)?;
        self.check_scopes(claims)
    }

    fn check_audience(&self, claims: &Claims<'_>) -> Outcome {
        let reject = |code| Err(Rejection::of_claim(code, "aud"));
        let is_ours = |audience: &[u8]| self.audiences.iter().any(|ours| ours.as_bytes() == audience);
        let mut meant = false;
        match claims.aud() {
            None if self.audiences.is_empty() => return Ok(()),
            None => return reject(Code::AudMissing),
            Some(Value::String(audience)) => meant = is_ours(audience.as_bytes()),
            Some(Value::Array(array)) => {
                for audience in array.texts() {
                    let Text::Is(audience) = audience else { return reject(Code::AudInvalid) };
                    meant |= is_ours(audience);
                }
            }
            Some(_) => return reject(Code::AudInvalid),
        }
        if self.any_audience || meant {
            Ok(())
        } else if self.audiences.is_empty() {
            reject(Code::AudUnexpected)
        } else {
            reject(Code::AudMismatch)
        }
    }

    fn check_subject(&self, claims: &Claims<'_>) -> Outcome {
        let subject = typed(claims.sub(), Code::SubInvalid, "sub")?;
        match (self.subject.as_deref(), subject) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(Rejection::of_claim(Code::SubMissing, "sub")),
            (Some(wanted), Some(subject)) if wanted.as_bytes() == subject => Ok(()),
            (Some(_), Some(_)) => Err(Rejection::of_claim(Code::SubMismatch, "sub")),
        }
    }

    fn check_authorized_party(&self, claims: &Claims<'_>) -> Outcome {
        let (wanted, required) = match (&self.authorized_party, &self.authorized_party_among_many) {
            (Some(party), _) => (party, true),
            (None, Some(client)) => (client, claims.audiences().nth(1).is_some()),
            (None, None) => return Ok(()),
        };
        match claims.claim("azp") {
            None if required => Err(Rejection::of_claim(Code::AzpMissing, "azp")),
            None => Ok(()),
            Some(Value::String(party)) if **wanted == *party => Ok(()),
            Some(_) => Err(Rejection::of_claim(Code::AzpMismatch, "azp")),
        }
    }

    fn check_required(&self, claims: &Claims<'_>) -> Outcome {
        for name in &self.required {
            match claims.claim(name) {
                None | Some(Value::Null) => return Err(Rejection::of_claim(Code::ClaimMissing, name)),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn check_expected(&self, claims: &Claims<'_>) -> Outcome {
        for (path, expected) in &self.expected {
            let reject = |code| Err(Rejection::of_claim(code, path.last()));
            match path.find(claims.as_object()) {
                None | Some(Value::Null) => return reject(Code::ClaimMissing),
                Some(value) if expected.matches(value) => {}
                Some(_) => return reject(Code::ClaimMismatch),
            }
        }
        Ok(())
    }

    fn check_scopes(&self, claims: &Claims<'_>) -> Outcome {
        if self.scopes.is_empty() {
            return Ok(());
        }
        let scopes = claims.scopes()?;
        if self.scopes.iter().all(|wanted| scopes.grant(wanted)) {
            return Ok(());
        }
        Err(Rejection::of_claim(Code::ScopeInsufficient, scopes.name()))
    }
}

fn check_issuer(claims: &Claims<'_>, issuer: Option<&str>) -> Outcome {
    let named = typed(claims.iss(), Code::IssInvalid, "iss")?;
    match (issuer, named) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Rejection::of_claim(Code::IssMissing, "iss")),
        (Some(wanted), Some(named)) if wanted.as_bytes() == named => Ok(()),
        (Some(_), Some(_)) => Err(Rejection::of_claim(Code::IssMismatch, "iss")),
    }
}

/// A claim that must be a string if it is there at all (RFC 7519 §4.1).
#[inline]
fn typed<'s>(text: Text<'s>, otherwise: Code, claim: &str) -> Result<Option<&'s [u8]>, Rejection> {
    match text {
        Text::Absent => Ok(None),
        Text::Is(text) => Ok(Some(text)),
        Text::Other => Err(Rejection::of_claim(otherwise, claim)),
    }
}
