//! One engine made ready for one key.

use std::hint::black_box;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self as sig, ParsedPublicKey, VerificationAlgorithm};
use jot::{Alg, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};

use crate::{AUDIENCE, ISSUER, Issuer, KID, Token, Workload, peers};

type Verify = Box<dyn FnMut(&Token) -> bool>;

/// An engine made ready for one key, as its own documentation advises.
pub struct Engine {
    name: &'static str,
    verify: Verify,
    /// Whether it looks at claims at all.
    checks_claims: bool,
}

impl Engine {
    /// Returns the name of the bare primitive.
    pub const BARE: &'static str = "bare";
    /// Returns the name of the engine under test.
    pub const JOT: &'static str = "jot";
    /// The names of all engines, in the order of [`all`](Self::all).
    pub const NAMES: [&'static str; 5] =
        [Self::BARE, Self::JOT, peers::JSONWEBTOKEN, peers::JWT_SIMPLE, peers::BISCUIT];

    /// Returns every engine that knows the issuer's algorithm: `bare`, `jot`,
    /// then the peers.
    #[must_use]
    pub fn all(issuer: &Issuer) -> Vec<Self> {
        let with_claims = |(name, verify)| Self { name, verify, checks_claims: true };
        let bare = Self { name: Self::BARE, verify: bare(issuer), checks_claims: false };
        let jot = with_claims((Self::JOT, jot(issuer)));
        [bare, jot].into_iter().chain(peers::all(issuer).into_iter().map(with_claims)).collect()
    }

    /// Returns the engine's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Verifies a token.
    #[inline]
    pub fn verify(&mut self, token: &Token) -> bool {
        (self.verify)(token)
    }

    /// Makes sure that the engine accepts what is good and refuses the rest.
    ///
    /// # Panics
    /// When it does not.
    pub fn check(&mut self, workload: &Workload) {
        let name = self.name;
        assert!(workload.good.iter().all(|token| self.verify(token)), "{name} refuses a good token");
        assert!(!workload.forged.iter().any(|token| self.verify(token)), "{name} accepts a forged token");
        let unfit = workload.unfit.iter().any(|token| self.verify(token));
        assert!(unfit != self.checks_claims, "{name} does not check exp, nbf, iss and aud");
    }
}

/// The primitive with a key that was parsed beforehand.
fn bare(issuer: &Issuer) -> Verify {
    let key = issuer.key_bytes();
    let public = |algorithm: &'static dyn VerificationAlgorithm| -> Verify {
        let key = ParsedPublicKey::new(algorithm, key).expect("the key is good");
        Box::new(move |token| key.verify_sig(token.signing_input(), &token.signature).is_ok())
    };
    let mac = |hash: hmac::Algorithm| -> Verify {
        let key = hmac::Key::new(hash, key);
        Box::new(move |token| hmac::verify(&key, token.signing_input(), &token.signature).is_ok())
    };
    match issuer.alg() {
        Alg::HS256 => mac(hmac::HMAC_SHA256),
        Alg::HS384 => mac(hmac::HMAC_SHA384),
        Alg::HS512 => mac(hmac::HMAC_SHA512),
        Alg::RS256 => public(&sig::RSA_PKCS1_2048_8192_SHA256),
        Alg::RS512 => public(&sig::RSA_PKCS1_2048_8192_SHA512),
        Alg::PS256 => public(&sig::RSA_PSS_2048_8192_SHA256),
        Alg::ES256 => public(&sig::ECDSA_P256_SHA256_FIXED),
        Alg::ES384 => public(&sig::ECDSA_P384_SHA384_FIXED),
        Alg::ES512 => public(&sig::ECDSA_P521_SHA512_FIXED),
        Alg::ES256K => public(&sig::ECDSA_P256K1_SHA256_FIXED),
        Alg::EdDSA => public(&sig::ED25519),
        Alg::MlDsa44 => public(&sig::ML_DSA_44),
        Alg::MlDsa65 => public(&sig::ML_DSA_65),
        Alg::MlDsa87 => public(&sig::ML_DSA_87),
        other => panic!("{other} is not measured"),
    }
}

/// Our own engine: one issuer with one key, found by its `kid`.
fn jot(issuer: &Issuer) -> Verify {
    let options = KeyOptions::default().alg(issuer.alg()).kid(KID);
    let key = match issuer.spki() {
        Some(der) => VerifyingKey::from_der(&der, &options),
        None => VerifyingKey::from_secret(issuer.key_bytes(), &options),
    };
    let keys = KeySet::new([key.expect("the key is good")]);
    let policy = Policy::new([issuer.alg()]).audience(AUDIENCE);
    let verifier = Verifier::builder(policy).issuer(ISSUER, keys).build().expect("the policy is good");
    let mut scratch = Scratch::new();
    Box::new(move |token| match verifier.verify(token.text.as_bytes(), UnixSeconds::now(), &mut scratch) {
        Ok(verified) => {
            let claims = verified.claims();
            let scope = claims.claim("scope").and_then(|scope| scope.as_str());
            black_box((claims.subject(), scope)).0.is_some()
        }
        Err(_) => false,
    })
}
