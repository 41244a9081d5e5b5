//! The tokens of a log, and the expected verdict of each use.

use base64_simd::URL_SAFE_NO_PAD;
use jot::{Code, KeyOptions, Signer, SigningKey};

use super::issuers::{Issuer, Published};
use crate::draw::Draw;
use crate::failure::Failure;

/// How long a token lives, in seconds.
pub(super) const LIFETIME: i64 = 3600;

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Good,
    /// Some uses come after its end.
    Late,
    NotYetValid,
    Tampered,
    OtherAudience,
    UnknownKid,
    Unsecured,
    Confused,
    /// Signed with a key that was already retired.
    RetiredKey,
    Cut,
    Eternal,
    /// Used from many addresses.
    Replayed,
    /// No token, only `-`.
    Nothing,
}

/// Each kind and its number of tokens per thousand.
const MIX: [(Kind, u64); 13] = [
    (Kind::Good, 858),
    (Kind::Late, 45),
    (Kind::NotYetValid, 5),
    (Kind::Tampered, 15),
    (Kind::OtherAudience, 10),
    (Kind::UnknownKid, 12),
    (Kind::Unsecured, 4),
    (Kind::Confused, 4),
    (Kind::RetiredKey, 8),
    (Kind::Cut, 8),
    (Kind::Eternal, 3),
    (Kind::Replayed, 8),
    (Kind::Nothing, 20),
];

/// A token before it is signed.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) number: u64,
    pub(super) kind: Kind,
    pub(super) issuer: usize,
    pub(super) user: u64,
    pub(super) issued_at: i64,
    pub(super) uses: u64,
}

impl Plan {
    /// Draws the token with this number.
    pub(super) fn of(seed: u64, number: u64, issued_at: i64, repeat: u64, clean: bool, users: u64) -> Self {
        let mut draw = Draw::of(seed, 100, number);
        let mut left = draw.below(1000);
        let mut kind = Kind::Good;
        for (other, weight) in MIX {
            if left < weight {
                kind = other;
                break;
            }
            left = left.saturating_sub(weight);
        }
        let issuer = match draw.below(10) {
            0..5 => 0,
            5..9 => 1,
            _ => 2,
        };
        let user = draw.skewed(users);
        if clean {
            let issuer = usize::try_from(number % 2).unwrap_or_default();
            return Self { number, kind: Kind::Good, issuer, user, issued_at, uses: repeat };
        }
        // Between 1 and 2 * repeat - 1 uses, which is `repeat` on average.
        let usual = draw.below(repeat.saturating_mul(2).saturating_sub(1).max(1)).saturating_add(1);
        let (kind, uses) = match kind {
            Kind::Replayed => (kind, usual.saturating_add(4)),
            Kind::Late => (kind, usual.max(2)),
            _ => (kind, usual),
        };
        // Only the EC keys can sign with a kid that is not their own.
        let issuer = if kind == Kind::UnknownKid { 0 } else { issuer };
        Self { number, kind, issuer, user, issued_at, uses }
    }

    /// Signs the token; `None` where there is none.
    pub(super) fn sign(&self, seed: u64, issuers: &[Issuer]) -> Result<Option<String>, Failure> {
        let missing = || Failure::new("a token is issued when its issuer has no key");
        let issuer = issuers.get(self.issuer).ok_or_else(missing)?;
        let key = self.key(issuers).ok_or_else(missing)?;
        let claims = self.claims(seed, issuer, false);
        Ok(Some(match self.kind {
            Kind::Nothing => return Ok(None),
            Kind::UnknownKid => key.key.sign(&stranger(self.issued_at), &claims)?,
            Kind::Unsecured => unsigned(r#"{"alg":"none","typ":"JWT"}"#, &claims),
            Kind::Confused => confused(key, &claims)?,
            Kind::Tampered => {
                let token = key.key.sign(&key.kid, &claims)?;
                let mut segments = token.split('.');
                let (header, signature) = (segments.next(), segments.nth(1));
                let payload = URL_SAFE_NO_PAD.encode_to_string(self.claims(seed, issuer, true).as_bytes());
                format!("{}.{payload}.{}", header.unwrap_or_default(), signature.unwrap_or_default())
            }
            Kind::Cut => {
                let token = key.key.sign(&key.kid, &claims)?;
                // Within the payload.
                let dot = token.find('.').unwrap_or_default();
                token.chars().take(dot.saturating_add(60)).collect()
            }
            _ => key.key.sign(&key.kid, &claims)?,
        }))
    }

    /// Returns the expected verdict if the token is used at this instant.
    pub(super) fn code_at(&self, used_at: i64, issuers: &[Issuer]) -> Code {
        let expired = used_at >= self.issued_at.saturating_add(LIFETIME);
        match self.kind {
            Kind::Nothing => Code::TokenNull,
            Kind::NotYetValid => Code::NotYetValid,
            Kind::Tampered => Code::SignatureInvalid,
            Kind::OtherAudience => Code::AudMismatch,
            Kind::UnknownKid => Code::KidUnknown,
            Kind::Unsecured => Code::AlgNone,
            Kind::Confused => Code::AlgNotAllowed,
            Kind::Cut => Code::TokenSegments,
            Kind::Eternal => Code::ExpMissing,
            _ if self.key(issuers).is_some_and(|key| used_at >= key.until) => Code::KeyRetired,
            _ if expired => Code::Expired,
            _ => Code::Accepted,
        }
    }

    /// Returns the signing key; if a retired key is asked for and none existed before,
    /// the current one.
    fn key<'i>(&self, issuers: &'i [Issuer]) -> Option<&'i Published> {
        let issuer = issuers.get(self.issuer)?;
        let back = usize::from(self.kind == Kind::RetiredKey);
        issuer.key_at(self.issued_at, back).or_else(|| issuer.key_at(self.issued_at, 0))
    }

    fn claims(&self, seed: u64, issuer: &Issuer, promoted: bool) -> String {
        let mut draw = Draw::of(seed, 101, self.number);
        let audience = if self.kind == Kind::OtherAudience { "another-api" } else { "api" };
        let subject = if promoted { "admin".to_owned() } else { format!("user-{}", self.user) };
        let mut dates = format!(r#""iat":{}"#, self.issued_at);
        if self.kind == Kind::NotYetValid {
            dates = format!(r#""nbf":{}"#, self.issued_at.saturating_add(3 * LIFETIME));
        }
        if self.kind != Kind::Eternal {
            let mut end = self.issued_at.saturating_add(LIFETIME);
            if self.kind == Kind::NotYetValid {
                end = end.saturating_add(4 * LIFETIME);
            }
            dates.push_str(&format!(r#","exp":{end}"#));
        }
        let id = u128::from(draw.next()) << 64 | u128::from(draw.next());
        let client = draw.below(12);
        format!(
            r#"{{"iss":"{}","sub":"{subject}","aud":"{audience}",{dates},"jti":"{id:032x}","client_id":"client-{client}","scope":"openid orders:read orders:write","sid":"{:016x}"}}"#,
            issuer.url,
            draw.next()
        )
    }
}

/// Returns a kid that no key has; it changes every eleven days.
fn stranger(issued_at: i64) -> String {
    format!("legacy-{}", issued_at.div_euclid(11 * 86_400) % 100)
}

fn unsigned(header: &str, claims: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode_to_string(text.as_bytes());
    format!("{}.{}.", encode(header), encode(claims))
}

/// Makes an HMAC whose secret is derived from the public key.
fn confused(key: &Published, claims: &str) -> Result<String, Failure> {
    let options = KeyOptions::default().alg(jot::Alg::HS256).kid(key.kid.as_str());
    let secret: String = key.jwk.chars().filter(char::is_ascii_alphanumeric).collect();
    let signing = SigningKey::from_secret(secret.as_bytes(), &options).map_err(Failure::new)?;
    Signer::new(signing).sign_claims(claims.as_bytes()).map_err(Failure::new)
}
