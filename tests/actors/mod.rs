//! Keys, tokens and key sets that the tests of cache and batch act with.
#![allow(dead_code, reason = "every test program uses a part of this")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::sync::LazyLock;

use jot::{
    Alg, Code, Dates, KeyOptions, KeyPlace, KeySet, PayloadForm, Policy, Rejection, SignHeader, Signer,
    SigningKey, UnixSeconds, Verdict, VerifyingKey,
};

/// The instant around which the tests are set.
pub(crate) const NOON: i64 = 1_800_000_000;

/// The issuers that the tests know; a verifier need not know them all.
pub(crate) const ISSUERS: [Option<&str>; 4] = [None, Some("https://a"), Some("https://b"), Some("https://c")];

pub(crate) const fn at(seconds: i64) -> UnixSeconds {
    UnixSeconds(NOON.saturating_add(seconds))
}

fn secret(byte: u8, kid: Option<&str>) -> SigningKey {
    let key = SigningKey::from_secret(&[byte; 64], &KeyOptions::default().alg(Alg::HS256)).unwrap();
    match kid {
        Some(kid) => key.with_kid(kid),
        None => key,
    }
}

/// The signers, by number: two secrets under the same `kid`, an Ed25519 and a
/// P-256 key, and two secrets without `kid`.
pub(crate) static SIGNERS: LazyLock<Vec<Signer>> = LazyLock::new(|| {
    let keys = [
        secret(1, Some("a")),
        secret(2, Some("a")),
        SigningKey::generate(Alg::EdDSA).unwrap().with_kid("b"),
        SigningKey::generate(Alg::ES256).unwrap().with_kid("c"),
        secret(3, None),
        secret(4, None),
    ];
    keys.into_iter().map(Signer::new).collect()
});

pub(crate) const A: usize = 0;
pub(crate) const A_OTHER: usize = 1;
pub(crate) const ED: usize = 2;
pub(crate) const EC: usize = 3;
pub(crate) const NAMELESS: usize = 4;
pub(crate) const NAMELESS_OTHER: usize = 5;
/// The secret of [`A`] under its `kid`, bound to another algorithm.
pub(crate) const A_HS384: usize = 6;

/// [`A`] until a while after noon, and its other secret from a while before.
pub(crate) const A_EARLY: usize = 7;
pub(crate) const A_OTHER_LATE: usize = 8;
/// [`ED`] around noon.
pub(crate) const ED_AT_NOON: usize = 9;

pub(crate) fn key(number: usize) -> VerifyingKey {
    match number {
        A_EARLY => key(A).with_validity(None, Some(at(15))),
        A_OTHER_LATE => key(A_OTHER).with_validity(Some(at(5)), None),
        ED_AT_NOON => key(ED).with_validity(Some(at(-10)), Some(at(10))),
        A_HS384 => {
            VerifyingKey::from_secret(&[1; 64], &KeyOptions::default().alg(Alg::HS384).kid("a")).unwrap()
        }
        _ => SIGNERS[number].key().verifying_key().unwrap(),
    }
}

/// A key set made anew of these keys.
pub(crate) fn keys(numbers: &[usize]) -> KeySet {
    KeySet::new(numbers.iter().map(|number| key(*number)))
}

/// A policy that takes what every signer signs.
pub(crate) fn policy() -> Policy {
    Policy::new([Alg::HS256, Alg::EdDSA, Alg::ES256])
}

/// Signs claims, well formed or not, with one of the signers.
pub(crate) fn sign(signer: usize, claims: &str) -> Vec<u8> {
    sign_with(signer, &SignHeader::default(), claims)
}

pub(crate) fn sign_with(signer: usize, header: &SignHeader, claims: &str) -> Vec<u8> {
    SIGNERS[signer].sign_payload(header, claims.as_bytes(), PayloadForm::Attached).unwrap().into_bytes()
}

/// Changes one bit of the last but one character of the signature, so that
/// the token stays well formed.
pub(crate) fn tampered(token: &[u8]) -> Vec<u8> {
    let mut token = token.to_vec();
    let place = token.len() - 2;
    token[place] = if token[place] == b'A' { b'B' } else { b'A' };
    token
}

/// A token whose signature holds and whose payload segment has a character
/// outside of the alphabet.
pub(crate) fn signed_nonsense() -> Vec<u8> {
    use aws_lc_rs::hmac;
    use base64_simd::URL_SAFE_NO_PAD;
    let good = String::from_utf8(sign(A, "{}")).unwrap();
    let mut token = format!("{}.e30!", good.split('.').next().unwrap()).into_bytes();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &[1; 64]), &token);
    token.push(b'.');
    token.extend_from_slice(URL_SAFE_NO_PAD.encode_to_string(tag.as_ref()).as_bytes());
    token
}

/// All that a verdict says, without what it borrows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) code: Code,
    pub(crate) signature_ok: bool,
    pub(crate) rejection: Option<Rejection>,
    pub(crate) key: Option<KeyPlace>,
    pub(crate) alg: Option<Alg>,
    pub(crate) dates: Option<Dates>,
    pub(crate) claims: Option<String>,
}

impl Said {
    pub(crate) fn of(verdict: &Verdict<'_>) -> Self {
        let claims = verdict.signed_claims();
        Self {
            code: verdict.code(),
            signature_ok: verdict.signature_ok(),
            rejection: verdict.rejection(),
            key: verdict.key(),
            alg: verdict.header().map(|header| header.alg()),
            dates: claims.map(|claims| {
                let mut dates = Dates::default();
                dates.expires_at = claims.expires_at();
                dates.not_before = claims.not_before();
                dates.issued_at = claims.issued_at();
                dates
            }),
            claims: claims.map(|claims| claims.as_text().to_owned()),
        }
    }
}
