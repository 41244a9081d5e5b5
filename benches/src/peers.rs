//! The peers, each told to check what ours checks.
//!
//! All are given the key itself, as their plain calls want it; finding it by
//! `kid` is left to their callers and costs them nothing here.

use std::collections::HashSet;
use std::hint::black_box;

use biscuit::jwa::SignatureAlgorithm;
use biscuit::jws::{Compact, Secret};
use biscuit::{ClaimPresenceOptions, ClaimsSet, Empty, Presence, Validation, ValidationOptions};
use jot::Alg;
use jsonwebtoken::{Algorithm, DecodingKey};
use jwt_simple::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AUDIENCE, ISSUER, Issuer, Token};

type Verify = Box<dyn FnMut(&Token) -> bool>;

pub(crate) const JSONWEBTOKEN: &str = "jsonwebtoken";
pub(crate) const JWT_SIMPLE: &str = "jwt-simple";
pub(crate) const BISCUIT: &str = "biscuit";

/// What the caller wants to know of a token.
#[derive(Serialize, Deserialize)]
struct Wanted {
    sub: String,
    scope: String,
}

/// The same, for peers that read the registered claims themselves.
#[derive(Serialize, Deserialize)]
struct Scope {
    scope: String,
}

/// Returns every peer that knows the issuer's algorithm, with its name.
pub(crate) fn all(issuer: &Issuer) -> Vec<(&'static str, Verify)> {
    let jsonwebtoken = jsonwebtoken(issuer).map(|verify| (JSONWEBTOKEN, verify));
    let jwt_simple = jwt_simple(issuer).map(|verify| (JWT_SIMPLE, verify));
    let biscuit = biscuit(issuer).map(|verify| (BISCUIT, verify));
    [jsonwebtoken, jwt_simple, biscuit].into_iter().flatten().collect()
}

fn jsonwebtoken(issuer: &Issuer) -> Option<Verify> {
    let algorithm: Algorithm = issuer.alg().name().parse().ok()?;
    let key = match issuer.alg() {
        Alg::HS256 | Alg::HS384 | Alg::HS512 => DecodingKey::from_secret(issuer.key_bytes()),
        Alg::RS256 | Alg::RS512 | Alg::PS256 => DecodingKey::from_rsa_der(issuer.key_bytes()),
        Alg::ES256 | Alg::ES384 => DecodingKey::from_ec_der(issuer.key_bytes()),
        Alg::EdDSA => DecodingKey::from_ed_der(issuer.key_bytes()),
        _ => return None,
    };
    let mut validation = jsonwebtoken::Validation::new(algorithm);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    Some(Box::new(move |token| match jsonwebtoken::decode::<Wanted>(&token.text, &key, &validation) {
        Ok(data) => !black_box(data.claims).sub.is_empty(),
        Err(_) => false,
    }))
}

/// `verify_token` of every key type wants the options for itself, so that they
/// are copied each time.
macro_rules! with_jwt_simple {
    ($key:expr) => {{
        let key = $key;
        let options = VerificationOptions {
            allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
            allowed_audiences: Some(HashSet::from([AUDIENCE.to_owned()])),
            time_tolerance: Some(Duration::from_secs(0)),
            ..VerificationOptions::default()
        };
        Some(Box::new(move |token: &Token| {
            match key.verify_token::<Scope>(&token.text, Some(options.clone())) {
                Ok(claims) => black_box(claims).subject.is_some(),
                Err(_) => false,
            }
        }))
    }};
}

fn jwt_simple(issuer: &Issuer) -> Option<Verify> {
    let key = issuer.key_bytes();
    let der = || issuer.spki().expect("the key is public");
    match issuer.alg() {
        Alg::HS256 => with_jwt_simple!(HS256Key::from_bytes(key)),
        Alg::HS384 => with_jwt_simple!(HS384Key::from_bytes(key)),
        Alg::HS512 => with_jwt_simple!(HS512Key::from_bytes(key)),
        Alg::RS256 => with_jwt_simple!(RS256PublicKey::from_der(&der()).ok()?),
        Alg::RS512 => with_jwt_simple!(RS512PublicKey::from_der(&der()).ok()?),
        Alg::PS256 => with_jwt_simple!(PS256PublicKey::from_der(&der()).ok()?),
        Alg::ES256 => with_jwt_simple!(ES256PublicKey::from_der(&der()).ok()?),
        Alg::ES384 => with_jwt_simple!(ES384PublicKey::from_der(&der()).ok()?),
        Alg::ES256K => with_jwt_simple!(ES256kPublicKey::from_der(&der()).ok()?),
        Alg::EdDSA => with_jwt_simple!(Ed25519PublicKey::from_bytes(key).ok()?),
        Alg::MlDsa44 => with_jwt_simple!(MLDSA44PublicKey::from_bytes(key).ok()?),
        Alg::MlDsa65 => with_jwt_simple!(MLDSA65PublicKey::from_bytes(key).ok()?),
        Alg::MlDsa87 => with_jwt_simple!(MLDSA87PublicKey::from_bytes(key).ok()?),
        _ => None,
    }
}

fn biscuit(issuer: &Issuer) -> Option<Verify> {
    let secret = || Secret::Bytes(issuer.key_bytes().to_vec());
    let public = || Secret::PublicKey(issuer.key_bytes().to_vec());
    let (algorithm, secret) = match issuer.alg() {
        Alg::HS256 => (SignatureAlgorithm::HS256, secret()),
        Alg::HS384 => (SignatureAlgorithm::HS384, secret()),
        Alg::HS512 => (SignatureAlgorithm::HS512, secret()),
        Alg::RS256 => (SignatureAlgorithm::RS256, public()),
        Alg::RS512 => (SignatureAlgorithm::RS512, public()),
        Alg::PS256 => (SignatureAlgorithm::PS256, public()),
        Alg::ES256 => (SignatureAlgorithm::ES256, public()),
        Alg::ES384 => (SignatureAlgorithm::ES384, public()),
        _ => return None,
    };
    let options = ValidationOptions {
        claim_presence_options: ClaimPresenceOptions {
            expiry: Presence::Required,
            issuer: Presence::Required,
            audience: Presence::Required,
            ..ClaimPresenceOptions::default()
        },
        issuer: Validation::Validate(ISSUER.to_owned()),
        audience: Validation::Validate(AUDIENCE.to_owned()),
        ..ValidationOptions::default()
    };
    Some(Box::new(move |token| {
        let encoded = Compact::<ClaimsSet<Scope>, Empty>::new_encoded(&token.text);
        let Ok(decoded) = encoded.into_decoded(&secret, algorithm) else { return false };
        decoded.validate(options.clone()).is_ok() && black_box(decoded.payload()).is_ok()
    }))
}
