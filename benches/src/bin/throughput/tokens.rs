//! Distinct tokens, all of 852 bytes.

use data_encoding::BASE64URL_NOPAD;
use jot::{Alg, Policy, Signer, SigningKey, UnixSeconds, VerifyingKey};

pub(crate) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
pub(crate) const ISSUER: &str = "https://login.example.com";
pub(crate) const AUDIENCE: &str = "https://api.example.com";
const TOKEN_BYTES: usize = 852;

pub(crate) fn policy(alg: Alg) -> Policy {
    Policy::new([alg]).audience(AUDIENCE)
}

/// Tokens of one key.
pub(crate) struct Pool {
    pub(crate) alg: Alg,
    pub(crate) tokens: Vec<String>,
    signer: Signer,
}

impl Pool {
    pub(crate) fn new(alg: Alg, count: usize) -> Self {
        eprintln!("signing {count} {alg} tokens");
        let key = SigningKey::generate(alg).expect("the key can be made").with_kid("2026-01-Xk3v9bQ");
        let signer = Signer::new(key);
        let filler = Self::filler(&signer);
        let issue = |numbers: std::ops::Range<usize>| -> Vec<String> {
            numbers.map(|number| issue(&signer, number, filler)).collect()
        };
        let tokens = std::thread::scope(|scope| {
            let second = scope.spawn(|| issue(count / 2..count));
            let mut tokens = issue(0..count / 2);
            tokens.extend(second.join().expect("the thread ends"));
            tokens
        });
        Self { alg, tokens, signer }
    }

    /// How much must be added to the claims for the wanted length.
    fn filler(signer: &Signer) -> usize {
        let short = issue(signer, 0, 0).len();
        (0..1000).find(|filler| short + filler * 4 / 3 >= TOKEN_BYTES).expect("the token is not too long")
    }

    pub(crate) fn key(&self) -> VerifyingKey {
        self.signer.key().verifying_key().expect("the key has a public part")
    }

    /// The key as a JWK, which of a secret is the secret.
    #[allow(dead_code, reason = "one of the programs that share this wants it")]
    pub(crate) fn jwk(&self) -> String {
        self.signer.key().to_jwk().expect("the key can be written")
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        let pem = self.key().to_pem().expect("the key is public");
        let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        data_encoding::BASE64.decode(lines.as_bytes()).expect("the PEM is sound")
    }
}

fn issue(signer: &Signer, number: usize, filler: usize) -> String {
    let claims = format!(
        concat!(
            r#"{{"iss":"{}","sub":"user-{:08}","aud":"{}","exp":1800003600,"nbf":1799996400,"#,
            r#""iat":1799996400,"jti":"{:016x}","scope":"openid profile email orders:read","#,
            r#""roles":["admin","user"],"tenant":42,"x":"{}"}}"#
        ),
        ISSUER,
        number,
        AUDIENCE,
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        "x".repeat(filler)
    );
    signer.sign_claims(claims.as_bytes()).expect("the claims can be signed")
}

/// The signing input and the decoded signature of a token.
pub(crate) fn parts(token: &str) -> (&[u8], Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').expect("a token has segments");
    (message.as_bytes(), BASE64URL_NOPAD.decode(signature.as_bytes()).expect("the signature is base64url"))
}
