//! Where random bytes come from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A source of random bytes: the system's in the service, dice in tests.
pub trait Random {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Returns `N` random bytes.
pub fn bytes<const N: usize>(random: &mut dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// Returns a name that nobody can guess and that no other thing has: 16 bytes as base64url.
pub fn name(random: &mut dyn Random) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>(random))
}
