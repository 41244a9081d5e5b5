//! Rules over the claims that do not depend on the time.

use super::demand::Demand;
use super::rules::Policy;
use super::typed::{named_issuer, typed};
use crate::claims::Claims;
use crate::error::{Code, Rejection};
use crate::json::Value;

type Checked = Result<(), Rejection>;

impl Policy {
    /// Validates the claims of an accepted token by the rules of this policy as well:
    /// audiences, subject, authorized party, claims and scopes.
    ///
    /// It is for servers whose routes require more than their common verifier. The
    /// rules over header, issuer, dates and status are not applied.
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
    ///     .claim(Condition::any_of("tier", ["gold", "silver"]));
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
        self.check_claims(claims, None, &Demand::NOTHING).map_err(Rejection::after_signature)
    }

    /// Checks everything except the dates. `issuer` is the issuer of the key, if the
    /// verifier's keys belong to issuers; `demand` holds the further demands of this
    /// call.
    ///
    /// # Errors
    /// [`Code::IssMissing`] to [`Code::ScopeInsufficient`].
    pub(crate) fn check_claims(
        &self,
        claims: &Claims<'_>,
        issuer: Option<&str>,
        demand: &Demand<'_>,
    ) -> Checked {
        check_issuer(claims, issuer)?;
        demand.check_issuer(claims)?;
        self.audience.check(claims)?;
        demand.check_audience(claims)?;
        self.check_subject(claims)?;
        typed(claims.jti(), Code::JtiInvalid, "jti")?;
        if let Some(party) = &self.authorized_party {
            party.check(claims)?;
        }
        self.check_required(claims)?;
        self.conditions.iter().try_for_each(|condition| condition.check(claims))?;
        claims.has_scopes(&self.scopes)
    }

    fn check_subject(&self, claims: &Claims<'_>) -> Checked {
        let subject = typed(claims.sub(), Code::SubInvalid, "sub")?;
        match (self.subject.as_deref(), subject) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(Rejection::of_claim(Code::SubMissing, "sub")),
            (Some(wanted), Some(subject)) if wanted.as_bytes() == subject => Ok(()),
            (Some(_), Some(_)) => Err(Rejection::of_claim(Code::SubMismatch, "sub")),
        }
    }

    fn check_required(&self, claims: &Claims<'_>) -> Checked {
        for name in &self.required {
            match claims.claim(name) {
                None | Some(Value::Null) => return Err(Rejection::of_claim(Code::ClaimMissing, name)),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

fn check_issuer(claims: &Claims<'_>, issuer: Option<&str>) -> Checked {
    //= rfc8725#section-3.8
    //# the application MUST validate that the cryptographic keys used for the cryptographic
    //# operations in the JWT belong to the issuer.
    //= rfc9068#section-4
    //# The resource server MUST use the keys provided by the authorization server.
    match (issuer, named_issuer(claims)?) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Rejection::of_claim(Code::IssMissing, "iss")),
        //= rfc9068#section-4
        //# MUST exactly match the value of the "iss" claim.
        (Some(wanted), Some(named)) if wanted.as_bytes() == named => Ok(()),
        (Some(_), Some(_)) => Err(Rejection::of_claim(Code::IssMismatch, "iss")),
    }
}
