//! Demands of one call.

use jot::{
    Alg, Claims, Code, Condition, Demand, KeyPlace, Policy, Rejection, Scratch, UnixSeconds, Verdict,
    Verified, Verifier,
};
use napi_derive::napi;

use crate::fault::{Fault, of_engine};

/// What a call demands of its token.
#[napi(object)]
pub struct DemandParts {
    /// The key set that must verify the token.
    pub key_set: Option<String>,
    /// The `iss` must be one of these.
    pub issuers: Option<Vec<String>>,
    /// The `aud` must be or contain one of these.
    pub audiences: Option<Vec<String>>,
    /// All of these must be in `scope` or `scp`.
    pub scopes: Option<Vec<String>>,
    /// The `sub` must be this.
    pub subject: Option<String>,
    /// The `nonce` must be this.
    pub nonce: Option<String>,
    /// The `jti` must be this.
    pub jwt_id: Option<String>,
    /// Whether a token may be expired that meets every other rule.
    pub ignore_expiration: Option<bool>,
    /// Whether a token is judged as if it were in force already.
    pub ignore_not_before: Option<bool>,
}

/// What is told of a token.
pub(crate) struct Read<'s> {
    pub(crate) alg: Alg,
    pub(crate) key: KeyPlace,
    pub(crate) claims: Claims<'s>,
}

impl<'s> From<Verified<'s>> for Read<'s> {
    fn from(verified: Verified<'s>) -> Self {
        Self { alg: verified.header().alg(), key: verified.key(), claims: verified.claims() }
    }
}

impl DemandParts {
    /// Verifies a token that must meet these demands as well.
    pub(crate) fn judge<'s>(
        &self,
        verifier: &Verifier,
        token: &[u8],
        now: UnixSeconds,
        scratch: &'s mut Scratch,
    ) -> Result<Result<Read<'s>, Rejection>, Fault> {
        let rules = self.rules()?;
        let issuers = borrowed(self.issuers.as_deref());
        let audiences = borrowed(self.audiences.as_deref());
        let demand = Demand {
            key_set: self.key_set.as_deref(),
            issuers: issuers.as_deref(),
            audiences: audiences.as_deref(),
        };
        let now = if self.ignore_not_before == Some(true) {
            in_force(&verifier.verdict_for(token, now, &demand, scratch), now)
        } else {
            now
        };
        let verdict = verifier.verdict_for(token, now, &demand, scratch);
        Ok(self.read(verdict).and_then(|read| {
            rules.validate_claims(&read.claims)?;
            read.claims.has_scopes(self.scopes.as_deref().unwrap_or_default())?;
            Ok(read)
        }))
    }

    /// Returns the rules that the engine has in a policy.
    fn rules(&self) -> Result<Policy, Fault> {
        // No token is verified by it, so any algorithm will do.
        let mut rules = Policy::new([Alg::HS256]).any_audience();
        if let Some(subject) = &self.subject {
            rules = rules.subject(subject);
        }
        if let Some(nonce) = &self.nonce {
            rules = rules.nonce(nonce);
        }
        if let Some(id) = &self.jwt_id {
            rules = rules.claim(Condition::equals("jti", id.as_str()));
        }
        rules.validate().map_err(of_engine)?;
        Ok(rules)
    }

    fn read<'s>(&self, verdict: Verdict<'s>) -> Result<Read<'s>, Rejection> {
        // `expired` says that every other rule was met.
        if self.ignore_expiration == Some(true)
            && verdict.code() == Code::Expired
            && let (Some(header), Some(key), Some(claims)) =
                (verdict.header(), verdict.key(), verdict.signed_claims())
        {
            return Ok(Read { alg: header.alg(), key, claims });
        }
        verdict.into_result().map(Read::from)
    }
}

/// Returns the first instant from `now` at which a token is in force.
fn in_force(verdict: &Verdict<'_>, now: UnixSeconds) -> UnixSeconds {
    match verdict.dates().not_before {
        Some(start) if verdict.code() == Code::NotYetValid => start.ceil(),
        _ => now,
    }
}

fn borrowed(texts: Option<&[String]>) -> Option<Vec<&str>> {
    texts.map(|texts| texts.iter().map(String::as_str).collect())
}
