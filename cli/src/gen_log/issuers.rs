//! Issuers that rotate their keys.

use base64_simd::URL_SAFE_NO_PAD;
use jot::{Alg, KeyOptions, Signer, SigningKey};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey as EcKey};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::draw::Draw;
use crate::failure::Failure;

const DAY: i64 = 86_400;

/// How long a key signs.
const ROTATION: i64 = 30 * DAY;

/// How long a key is published before it signs, and after.
const OVERLAP: i64 = 2 * DAY;

/// Fixed keys, because making RSA keys from a seed takes too long.
const RSA_KEYS: &str = include_str!("rsa_keys.json");

/// A key whose signatures depend only on the message.
pub(super) enum Key {
    /// Deterministic nonces (RFC 6979); those of aws-lc are random.
    Ec(Box<EcKey>),
    Other(Box<Signer>),
}

/// A key and when it is published.
pub(super) struct Published {
    pub(super) key: Key,
    pub(super) kid: String,
    /// Its members as a public JWK, without braces.
    pub(super) jwk: String,
    pub(super) from: i64,
    pub(super) until: i64,
}

/// An issuer and its keys, in signing order.
pub(super) struct Issuer {
    pub(super) name: &'static str,
    pub(super) url: &'static str,
    start: i64,
    pub(super) keys: Vec<Published>,
}

impl Issuer {
    /// Makes the issuers for `days` days.
    pub(super) fn all(seed: u64, start: i64, days: i64) -> Result<Vec<Self>, Failure> {
        let rotations = days.saturating_mul(DAY).div_euclid(ROTATION).saturating_add(1);
        [
            ("login", "https://login.example", Alg::ES256),
            ("accounts", "https://accounts.example", Alg::RS256),
            // All keys of this issuer have the same kid.
            ("id", "https://id.example", Alg::EdDSA),
        ]
        .into_iter()
        .zip(0..)
        .map(|((name, url, alg), label)| {
            let publish = |index| published(seed, label, index, name, alg, start);
            let keys = (0..rotations).map(publish).collect::<Result<_, _>>()?;
            Ok(Self { name, url, start, keys })
        })
        .collect()
    }

    /// Returns the key that signs at an instant, or the one `back` before it.
    pub(super) fn key_at(&self, instant: i64, back: usize) -> Option<&Published> {
        let index = instant.saturating_sub(self.start).div_euclid(ROTATION);
        self.keys.get(usize::try_from(index).ok()?.checked_sub(back)?)
    }

    /// Returns the JWK Set with the past of every key.
    pub(super) fn jwks(&self) -> String {
        let dated = |key: &Published| format!("{{{},\"nbf\":{},\"exp\":{}}}", key.jwk, key.from, key.until);
        set(self.keys.iter().map(dated))
    }

    /// Returns the snapshots: the instants at which the set changed, and the
    /// set from then on.
    pub(super) fn snapshots(&self) -> Vec<(i64, String)> {
        let mut instants: Vec<_> = self.keys.iter().flat_map(|key| [key.from, key.until]).collect();
        instants.sort_unstable();
        instants.dedup();
        let at = |instant: i64| {
            let published = self.keys.iter().filter(|key| key.from <= instant && instant < key.until);
            set(published.map(|key| format!("{{{}}}", key.jwk)))
        };
        let last = self.keys.last().map(|key| key.until);
        instants
            .into_iter()
            .filter(|instant| Some(*instant) != last)
            .map(|instant| (instant, at(instant)))
            .collect()
    }
}

fn set(keys: impl Iterator<Item = String>) -> String {
    format!("{{\"keys\":[\n{}\n]}}\n", keys.collect::<Vec<_>>().join(",\n"))
}

fn published(
    seed: u64,
    label: u64,
    index: i64,
    name: &str,
    alg: Alg,
    start: i64,
) -> Result<Published, Failure> {
    let signs_from = start.saturating_add(index.saturating_mul(ROTATION));
    let kid = if name == "id" { "current".to_owned() } else { format!("{name}-{}", index.saturating_add(1)) };
    let number = u64::try_from(index).unwrap_or_default();
    let key = key(alg, Draw::of(seed, label, number).bytes(), index, &kid)?;
    let jwk = key.public_jwk()?;
    let inner = jwk.trim_start_matches('{').trim_end_matches('}');
    Ok(Published {
        jwk: format!("\"kid\":\"{kid}\",\"use\":\"sig\",\"alg\":\"{}\",{inner}", alg.name()),
        key,
        kid,
        from: signs_from.saturating_sub(OVERLAP),
        until: signs_from.saturating_add(ROTATION).saturating_add(OVERLAP),
    })
}

fn key(alg: Alg, mut seed: [u8; 32], index: i64, kid: &str) -> Result<Key, Failure> {
    #[derive(Deserialize)]
    struct Keys(Vec<Box<RawValue>>);

    match alg {
        Alg::ES256 => {
            // A leading byte of 1 keeps the scalar below the order of the curve, and
            // above zero.
            seed.iter_mut().take(1).for_each(|byte| *byte = 1);
            EcKey::from_slice(&seed).map(|key| Key::Ec(Box::new(key))).map_err(Failure::new)
        }
        Alg::RS256 => {
            let Keys(keys) = serde_json::from_str(RSA_KEYS).map_err(Failure::new)?;
            let count = i64::try_from(keys.len()).unwrap_or(1).max(1);
            let place = usize::try_from(index.rem_euclid(count)).unwrap_or_default();
            let jwk = keys.get(place).ok_or_else(|| Failure::new("no RSA key"))?;
            let key = SigningKey::from_jwk(jwk.get().as_bytes(), &KeyOptions::default().alg(alg));
            key.map(|key| Key::Other(Box::new(Signer::new(key.with_kid(kid))))).map_err(Failure::new)
        }
        _ => {
            // PrivateKeyInfo (RFC 8410 §7) with only the seed.
            let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
            der.extend_from_slice(&seed);
            let key = SigningKey::from_der(&der, &KeyOptions::default().alg(alg));
            key.map(|key| Key::Other(Box::new(Signer::new(key.with_kid(kid))))).map_err(Failure::new)
        }
    }
}

impl Key {
    fn public_jwk(&self) -> Result<String, Failure> {
        match self {
            Self::Ec(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let encode = |bytes: Option<&p256::FieldBytes>| {
                    bytes.map(|bytes| URL_SAFE_NO_PAD.encode_to_string(bytes)).unwrap_or_default()
                };
                Ok(format!(
                    r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#,
                    encode(point.x()),
                    encode(point.y())
                ))
            }
            Self::Other(signer) => {
                let jwk = signer.key().verifying_key().and_then(|key| key.to_jwk()).map_err(Failure::new)?;
                // The caller writes these two itself.
                let kid = signer.key().kid().map(|kid| format!(",\"kid\":\"{kid}\"")).unwrap_or_default();
                let alg = format!(",\"alg\":\"{}\"", signer.key().alg().name());
                Ok(jwk.replace(&kid, "").replace(&alg, ""))
            }
        }
    }

    /// Signs claims; an elliptic key does so under any `kid`.
    pub(super) fn sign(&self, kid: &str, claims: &str) -> Result<String, Failure> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode_to_string(bytes);
        match self {
            Self::Ec(key) => {
                let header = format!(r#"{{"alg":"ES256","typ":"JWT","kid":"{kid}"}}"#);
                let input = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
                let signature: Signature = key.sign(input.as_bytes());
                Ok(format!("{input}.{}", encode(&signature.to_bytes())))
            }
            Self::Other(signer) => signer.sign_claims(claims.as_bytes()).map_err(Failure::new),
        }
    }
}
