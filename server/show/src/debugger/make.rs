//! The side that makes tokens, with keys that it makes itself.

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jot::{Alg, KeyOptions, KeySet, KeyType, SignHeader, Signer, SigningKey};

use super::form::Form;
use super::pages::{MADE_HERE, Made, MakePage};
use super::place::Debugger;
use super::verify;
use crate::decoded::Decoded;
use crate::look;

/// What the form has at first: a token for an hour.
const LIFE_SECONDS: i64 = 3600;

pub(super) fn respond(debugger: &Debugger, mut form: Form) -> Response {
    let algorithms = Alg::ALL.iter().map(|alg| alg.name()).collect();
    if form.claims.trim().is_empty() {
        let now = (debugger.now)().0;
        form.claims = format!(
            "{{\n  \"iss\": \"https://issuer.example\",\n  \"sub\": \"alice\",\n  \"aud\": \"api\",\n  \"iat\": {now},\n  \"exp\": {}\n}}",
            now.saturating_add(LIFE_SECONDS)
        );
    }
    if form.algorithm.is_empty() {
        form.algorithm = Alg::ES256.name().to_owned();
    }
    let (made, fault) = match form.sign {
        true => match sign(debugger, &mut form) {
            Ok(made) => (Some(made), None),
            Err(fault) => (None, Some(fault)),
        },
        false => (None, None),
    };
    look::page(StatusCode::OK, &MakePage { form, algorithms, fault, made })
}

fn sign(debugger: &Debugger, form: &mut Form) -> Result<Made, String> {
    let alg = Alg::from_name(&form.algorithm).ok_or("There is no such algorithm.")?;
    let key = key(alg, &form.key)?;
    form.key = key.to_jwk().map_err(|error| error.to_string())?;
    let typ = form.typ.trim();
    let header = if typ.is_empty() { SignHeader::default() } else { SignHeader::default().typ(typ) };
    let is_secret = alg.key_type() == KeyType::Oct;
    let keys = match is_secret {
        // A secret has no public part: who verifies has it, too.
        true => format!("{{\"keys\":[{}]}}", form.key),
        false => key
            .verifying_key()
            .and_then(|key| KeySet::new([key]).to_jwks())
            .map_err(|error| error.to_string())?,
    };
    let token =
        Signer::new(key).sign_claims_with(&header, &form.claims).map_err(|error| error.to_string())?;
    let dates = Decoded::of(token.as_bytes()).map(|decoded| verify::dates(&decoded, (debugger.now)()));
    Ok(Made {
        segments: token.split('.').map(str::to_owned).collect(),
        token,
        keys,
        is_secret,
        dates: dates.unwrap_or_default(),
    })
}

/// Makes a key, or takes one that was made here for the same algorithm. No other signs: a
/// page is no place for a key that something trusts.
fn key(alg: Alg, text: &str) -> Result<SigningKey, String> {
    if !text.trim().is_empty() {
        let key = SigningKey::from_jwk(text, &KeyOptions::default())
            .map_err(|error| format!("The key: {error}"))?;
        if !key.kid().is_some_and(|kid| kid.starts_with(MADE_HERE)) {
            return Err(
                "This page signs only with keys that it made. jotctl sign signs with yours.".to_owned()
            );
        }
        if key.alg() == alg {
            return Ok(key);
        }
    }
    let mut random = [0; 9];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    let kid = format!("{MADE_HERE}{}", URL_SAFE_NO_PAD.encode(random));
    SigningKey::generate(alg).map(|key| key.with_kid(kid)).map_err(|error| error.to_string())
}
