//! A stored hash that has been read, and what it says of a password.

use std::fmt;
use std::num::NonZeroU32;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::pbkdf2;
use zeroize::Zeroizing;

use super::cost::Cost;
use super::memory::Memory;

/// The longest password, in bytes. Nobody types more, and hashing it would cost.
pub const MAX_PASSWORD_BYTES: usize = 1024;

pub(super) const HASH_BYTES: usize = 32;

/// A stored hash that has been read, within the caps.
#[derive(Clone, PartialEq, Eq)]
pub enum StoredHash {
    /// `$argon2id$…`, `$argon2i$…` and `$argon2d$…`
    Argon2 {
        /// Which of the three.
        algorithm: Algorithm,
        /// 0x10 or 0x13.
        version: Version,
        /// What it costs.
        cost: Cost,
        /// The salt.
        salt: Vec<u8>,
        /// The hash.
        hash: Vec<u8>,
    },
    /// `$scrypt$…`, and Werkzeug's `scrypt:…`
    Scrypt {
        /// The binary logarithm of N.
        log_n: u8,
        /// The size of a block.
        r: u32,
        /// Parallelism.
        p: u32,
        /// The salt.
        salt: Vec<u8>,
        /// The hash.
        hash: Vec<u8>,
    },
    /// `$2a$…`, `$2b$…`, `$2y$…`
    Bcrypt(String),
    /// Django's `pbkdf2_sha256$…`, and Werkzeug's `pbkdf2:…`
    Pbkdf2 {
        /// SHA-512 instead of SHA-256.
        is_sha512: bool,
        /// Rounds.
        iterations: NonZeroU32,
        /// The salt.
        salt: Vec<u8>,
        /// The hash.
        hash: Vec<u8>,
    },
}

impl fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme())
    }
}

/// Why a text is no hash that this service takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashFault {
    /// Of no scheme that is known.
    Unknown,
    /// Of a known scheme, but not written as it should be.
    Malformed,
    /// It asks for more time or memory than the cap allows.
    TooCostly,
}

impl fmt::Display for HashFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the hash is of no known scheme",
            Self::Malformed => "the hash is malformed",
            Self::TooCostly => "the hash costs more than is allowed",
        })
    }
}

impl std::error::Error for HashFault {}

impl StoredHash {
    /// Returns the name of the scheme.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match self {
            Self::Argon2 { .. } => "argon2",
            Self::Scrypt { .. } => "scrypt",
            Self::Bcrypt(_) => "bcrypt",
            Self::Pbkdf2 { .. } => "pbkdf2",
        }
    }

    /// Returns `true` if this is the hash of the password. It takes as long as the hash
    /// costs, whether the password is right or not.
    #[must_use]
    pub fn matches(&self, password: &str, memory: &mut Memory) -> bool {
        if password.len() > MAX_PASSWORD_BYTES {
            return false;
        }
        match self {
            Self::Argon2 { algorithm, version, cost, salt, hash } => {
                let made = argon2_hash(password, *algorithm, *version, *cost, salt, (hash.len(), memory));
                made.is_some_and(|made| is_same(&made, hash))
            }
            Self::Scrypt { log_n, r, p, salt, hash } => {
                let Ok(params) = scrypt::Params::new(*log_n, *r, *p) else { return false };
                let mut made = Zeroizing::new(vec![0; hash.len()]);
                scrypt::scrypt(password.as_bytes(), salt, &params, &mut made).is_ok() && is_same(&made, hash)
            }
            // Only the first 72 bytes count, as wherever the hash was made.
            Self::Bcrypt(text) => bcrypt::verify(password, text).unwrap_or(false),
            Self::Pbkdf2 { is_sha512, iterations, salt, hash } => {
                let sha256 = pbkdf2::PBKDF2_HMAC_SHA256;
                let algorithm = if *is_sha512 { pbkdf2::PBKDF2_HMAC_SHA512 } else { sha256 };
                pbkdf2::verify(algorithm, *iterations, salt, password.as_bytes(), hash).is_ok()
            }
        }
    }

    /// Returns `true` if a password whose hash this is should be hashed again: it is of
    /// another scheme, or costs less or more than new ones do.
    #[must_use]
    pub fn is_outdated(&self, wanted: Cost) -> bool {
        let Self::Argon2 { algorithm: Algorithm::Argon2id, version: Version::V0x13, cost, hash, .. } = self
        else {
            return true;
        };
        *cost != wanted || hash.len() != HASH_BYTES
    }
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

pub(super) fn argon2_hash(
    password: &str,
    algorithm: Algorithm,
    version: Version,
    cost: Cost,
    salt: &[u8],
    (bytes, memory): (usize, &mut Memory),
) -> Option<Zeroizing<Vec<u8>>> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(bytes)).ok()?;
    let mut hash = Zeroizing::new(vec![0; bytes]);
    let blocks = params.block_count();
    let argon2 = Argon2::new(algorithm, version, params);
    let work = |blocks: &mut [Block]| {
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, blocks)
    };
    memory.with(blocks, work)?.ok()?;
    Some(hash)
}
