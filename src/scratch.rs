//! The working room of one verification.

use crate::header_cache::HeaderCache;
use crate::json::Storage;

/// Buffers that a verification writes to and that its results borrow from.
///
/// Make one per thread; each verification reuses it. It grows to the needs of the largest
/// token so far, at most a small multiple of
/// [`Limits::token_bytes`](crate::Limits::token_bytes), after which verifying allocates
/// nothing.
///
/// It also remembers the last few JOSE Headers that came with good signatures, because most
/// tokens of an issuer have the same header, byte for byte.
///
/// ```
/// # use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
/// # let signer = Signer::new(SigningKey::generate(Alg::ES256)?.with_kid("2026-01"));
/// # let policy = Policy::new([Alg::ES256]);
/// # let verifier = Verifier::builder(policy).keys(KeySet::new([signer.key().verifying_key()?])).build()?;
/// # let token = signer.sign_claims(r#"{"sub":"alice","exp":1800003600}"#)?;
/// # let (now, mut scratch) = (UnixSeconds(1_800_000_000), Scratch::new());
///
/// // One for each thread. The claims borrow from it until the next verification.
/// let subject = verifier.verify(&token, now, &mut scratch)?.claims().subject();
/// assert_eq!(subject, Some("alice"));
/// assert!(verifier.verify("not.a.token", now, &mut scratch).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Scratch {
    pub(crate) headers: HeaderCache,
    /// The decoded JWS Signature.
    pub(crate) signature: Vec<u8>,
    /// The signing input of a detached payload.
    pub(crate) signing_input: Vec<u8>,
    /// The decoded JWS Payload.
    pub(crate) payload: Vec<u8>,
    pub(crate) claims: Storage,
}

impl Scratch {
    /// Makes an empty scratch, which allocates at its first use.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for Scratch {
    /// Shows nothing of the last token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}
