//! Two logs that differ in the names of their keys only: three keys follow one another,
//! each with a `kid` of its own (`own`), or all with the same one (`one`).

#![allow(clippy::arithmetic_side_effects, reason = "instants of this century are small")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use jot::{Alg, KeyOptions, Signer, SigningKey};

const BEGIN: i64 = 1_767_225_600;
/// How long each key is in force.
const DAYS: i64 = 30 * 86_400;
const KEYS: i64 = 3;

/// Writes `own.ndjson`, `own.json`, `one.ndjson` and `one.json`.
pub(crate) fn write(folder: &Path, lines: i64) -> Result<(), Box<dyn Error>> {
    let keys = (0..KEYS).map(|_| SigningKey::generate(Alg::ES256)).collect::<Result<Vec<_>, _>>()?;
    for (name, kid) in [("own", None), ("one", Some("current"))] {
        let (mut log, mut jwks) = (String::new(), Vec::new());
        for (number, key) in (0..KEYS).zip(&keys) {
            let kid = kid.map_or_else(|| format!("key-{number}"), str::to_owned);
            let from = BEGIN + number * DAYS;
            let until = from + DAYS;
            let public = key.verifying_key()?.to_jwk()?;
            let members = public.trim_start_matches('{');
            jwks.push(format!(r#"{{"kid":"{kid}","nbf":{from},"exp":{until},{members}"#));
            let text = key.to_jwk()?;
            let signer =
                Signer::new(SigningKey::from_jwk(text.as_bytes(), &KeyOptions::default())?.with_kid(kid));
            let share = lines / KEYS;
            for line in 0..share {
                let at = from + DAYS * line / share;
                let claims = format!(
                    r#"{{"iss":"https://login.example","aud":"api","sub":"user-{line}","iat":{at},"exp":{}}}"#,
                    at + 600
                );
                let token = signer.sign_claims(&claims)?;
                writeln!(
                    log,
                    r#"{{"time":{at},"status":200,"address":"192.0.2.1","authorization":"Bearer {token}"}}"#
                )?;
            }
        }
        std::fs::write(folder.join(format!("{name}.ndjson")), log)?;
        std::fs::write(folder.join(format!("{name}.json")), format!("{{\"keys\":[{}]}}", jwks.join(",")))?;
    }
    Ok(())
}
