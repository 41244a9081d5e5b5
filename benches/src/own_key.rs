//! Tokens that each come with their own key.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a bench stops at the first thing that is not as it should be"
)]

use data_encoding::BASE64URL_NOPAD;
use jot::{Alg, PayloadForm, SignHeader, Signer, SigningKey};

/// A token, and what the bare primitive needs of it.
pub struct Token {
    /// The whole token.
    pub text: String,
    /// The raw public key, as aws-lc-rs reads it.
    pub key: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Token {
    /// Signs a token of about so many bytes with a new key.
    ///
    /// # Panics
    /// If the algorithm has no such tokens.
    #[must_use]
    pub fn new(alg: Alg, number: usize, bytes: usize) -> Self {
        let key = SigningKey::generate(alg).expect("the key can be made");
        let jwk = key.verifying_key().unwrap().to_jwk().unwrap();
        let member = |name: &str| {
            let begin = jwk.split_once(&format!(r#""{name}":""#)).map(|(_, rest)| rest);
            begin.map(|rest| BASE64URL_NOPAD.decode(rest.split('"').next().unwrap().as_bytes()).unwrap())
        };
        let raw = match alg {
            Alg::ES256 => [vec![4], member("x").unwrap(), member("y").unwrap()].concat(),
            _ => member("x").unwrap(),
        };
        let header = SignHeader::default().typ("dpop+jwt").parameters(format!(r#"{{"jwk":{jwk}}}"#));
        let signer = Signer::new(key);
        let sign = |filler: usize| {
            let claims = format!(
                concat!(
                    r#"{{"jti":"{:016x}","htm":"POST","htu":"https://api.example.com/orders","#,
                    r#""iat":1800000000,"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo","x":"{}"}}"#
                ),
                number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
                "x".repeat(filler)
            );
            signer.sign_payload(&header, claims.as_bytes(), PayloadForm::Attached).expect("it can be signed")
        };
        let filler = bytes.saturating_sub(sign(0).len()) * 3 / 4;
        let text = sign(filler);
        let signature = BASE64URL_NOPAD.decode(text.rsplit_once('.').unwrap().1.as_bytes()).unwrap();
        Self { text, key: raw, signature }
    }
}
