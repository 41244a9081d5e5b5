//! Tokens of a batch whose headers are alike, and alike but for a byte: each is
//! judged by its own header.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first thing that is not as it should be")]

use aws_lc_rs::hmac;
use base64_simd::URL_SAFE_NO_PAD;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, Code, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// A token with any header, signed well by HMAC with SHA-256.
fn token(secret: &[u8], header: &str, number: usize) -> String {
    let claims = format!(r#"{{"exp":1900000000,"n":{number}}}"#);
    let [header, claims] = [header, &claims].map(|text| URL_SAFE_NO_PAD.encode_to_string(text));
    let input = format!("{header}.{claims}");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode_to_string(tag.as_ref()))
}

#[test]
fn each_token_is_judged_by_its_own_header() {
    let secrets = [[1; 32], [2; 32]];
    let key = |kid: &str, secret: &[u8]| {
        VerifyingKey::from_secret(secret, &KeyOptions::default().kid(kid).alg(Alg::HS256)).unwrap()
    };
    let keys = KeySet::new([key("a", &secrets[0]), key("b", &secrets[1])]);
    let verifier = Verifier::builder(Policy::new([Alg::HS256]).typ("JWT")).keys(keys).build().unwrap();
    let good = r#"{"alg":"HS256","typ":"JWT","kid":"a"}"#;
    let others = [
        (r#"{"alg":"HS256","typ":"JWT","kid":"b"}"#, 1, Code::Accepted),
        (r#"{"alg":"HS256","typ":"JWT","kid":"b"}"#, 0, Code::SignatureInvalid),
        (r#"{"alg":"none","typ":"JWT","kid":"a"}"#, 0, Code::AlgNone),
        (r#"{"alg":"HS384","typ":"JWT","kid":"a"}"#, 0, Code::AlgNotAllowed),
        (r#"{"alg":"HS256","typ":"jot","kid":"a"}"#, 0, Code::TypMismatch),
        (r#"{"alg":"HS256","typ":"JWT","kid":"c"}"#, 0, Code::KidUnknown),
        (r#"{"alg":"HS256","typ":"JWT","kid":"a","crit":["x"],"x":1}"#, 0, Code::CritUnknown),
        (r#"{"alg":"HS256","typ":"JWT","kid":"a","b64":false,"crit":["b64"]}"#, 0, Code::B64InJwt),
        (r#"{"alg":"HS256","typ":"JWT","kid":"a"} "#, 0, Code::Accepted),
    ];
    let mut texts = Vec::new();
    let mut wanted = Vec::new();
    for (number, (header, signer, code)) in others.into_iter().enumerate() {
        for at in 0..3 {
            texts.push(token(&secrets[0], good, 10 * number + at));
            wanted.push(Code::Accepted.number());
        }
        texts.push(token(&secrets[signer], header, number));
        wanted.push(code.number());
    }
    let rows: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
    let mut batch = Batch::new(1).unwrap();
    // At first no header is known.
    for _ in 0..3 {
        let mut codes = vec![u32::MAX; rows.len()];
        let columns = &mut Columns::codes(&mut codes);
        batch.verify(&verifier, &Tokens::Slices(&rows), Instants::Now(NOW), columns).unwrap();
        assert_eq!(codes, wanted);
    }
    let mut scratch = Scratch::new();
    for (row, wanted) in rows.iter().zip(wanted) {
        assert_eq!(verifier.verdict(row, NOW, &mut scratch).code().number(), wanted);
    }
}
