//! New passwords: what they have to be, and their hashes.

use std::fmt;

use argon2::{Algorithm, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::cost::Cost;
use super::memory::Memory;
use super::stored::{HASH_BYTES, MAX_PASSWORD_BYTES, argon2_hash};

/// The shortest new password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for 8 beside
/// a second factor, and for 15 alone).
pub const MIN_PASSWORD_CHARACTERS: usize = 8;

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than [`MIN_PASSWORD_CHARACTERS`].
    TooShort,
    /// More than [`MAX_PASSWORD_BYTES`].
    TooLong,
    /// The name of the account.
    IsName,
}

impl fmt::Display for PasswordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => write!(f, "the password has fewer than {MIN_PASSWORD_CHARACTERS} characters"),
            Self::TooLong => write!(f, "the password has more than {MAX_PASSWORD_BYTES} bytes"),
            Self::IsName => f.write_str("the password is the name of the account"),
        }
    }
}

impl std::error::Error for PasswordFault {}

/// Checks a new password of the account `name`.
///
/// # Errors
/// [`PasswordFault`]
pub fn check_new(password: &str, name: &str) -> Result<(), PasswordFault> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordFault::TooLong);
    }
    if password.chars().count() < MIN_PASSWORD_CHARACTERS {
        return Err(PasswordFault::TooShort);
    }
    if password.eq_ignore_ascii_case(name) {
        return Err(PasswordFault::IsName);
    }
    Ok(())
}

/// Hashes a password with argon2id; `None` if the machine has not the memory, or the cost is
/// none that argon2 knows.
#[must_use]
pub fn hash(password: &str, cost: Cost, salt: [u8; 16], memory: &mut Memory) -> Option<String> {
    let hash = argon2_hash(password, Algorithm::Argon2id, Version::V0x13, cost, &salt, (HASH_BYTES, memory))?;
    let Cost { memory_kib, passes, lanes } = cost;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(&*hash));
    Some(format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}"))
}
