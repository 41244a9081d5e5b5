//! Programs with a secret of their own: they get tokens without a user, ask about tokens,
//! and revoke them.
//!
//! A client's secret is made by the service, with 32 random bytes. One SHA-256 is enough
//! for it: nobody tries 2^256 of them, and a slow hash would cost the service more than the
//! attacker.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::account::Permissions;
use crate::random::{self, Random};

/// A client that authenticates with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// The SHA-256 of its secret.
    pub secret_hash: [u8; 32],
    /// What its own tokens may have.
    pub permissions: Permissions,
    /// It may ask about tokens (RFC 7662).
    pub may_introspect: bool,
}

impl Client {
    /// Returns `true` if this is the client's secret. The time does not tell how much of it
    /// was right.
    #[must_use]
    pub fn knows(&self, secret: &str) -> bool {
        verify_slices_are_equal(&hash(secret), &self.secret_hash).is_ok()
    }
}

/// Makes a secret for a client.
pub fn new_secret(random: &mut dyn Random) -> String {
    URL_SAFE_NO_PAD.encode(random::bytes::<32>(random))
}

/// Returns what is kept of a secret.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest(&SHA256, secret.as_bytes()).as_ref()) {
        *to = *from;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn client_is_known_by_its_secret_alone() {
        let mut dice = Dice(1);
        let secret = new_secret(&mut dice);
        let client = Client {
            id: "c".to_owned(),
            secret_hash: hash(&secret),
            permissions: Permissions::default(),
            may_introspect: false,
        };
        assert!(client.knows(&secret));
        for wrong in ["", &secret[1..], &new_secret(&mut dice)] {
            assert!(!client.knows(wrong));
        }
    }
}
