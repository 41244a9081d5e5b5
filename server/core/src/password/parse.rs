//! Reading stored hashes.

use std::num::NonZeroU32;

use argon2::{Algorithm, Version};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::cost::Cost;
use super::stored::{HashFault, StoredHash};

/// What a stored hash may ask for. Each is some ten times of what is common.
const MAX_MEMORY_KIB: u64 = 256 * 1024;
const MAX_ARGON2_WORK_KIB: u64 = 2 * 1024 * 1024;
const MAX_LANES: u32 = 16;
const MAX_SCRYPT_WORK: u64 = 1 << 30;
const MAX_BCRYPT_COST: u32 = 15;
const MAX_ITERATIONS: u32 = 5_000_000;
/// Of salts and hashes.
const MAX_BYTES: usize = 128;

impl StoredHash {
    /// Reads a stored hash.
    ///
    /// # Errors
    /// [`HashFault`]
    pub fn from_text(text: &str) -> Result<Self, HashFault> {
        stored(text)
    }
}

fn stored(text: &str) -> Result<StoredHash, HashFault> {
    if text.len() > 1024 {
        return Err(HashFault::Malformed);
    }
    if let Some(rest) = text.strip_prefix("$argon2") {
        return argon2(rest);
    }
    if let Some(rest) = text.strip_prefix("$scrypt$") {
        return phc_scrypt(rest);
    }
    if ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix)) {
        return bcrypt(text);
    }
    if let Some(rest) = text.strip_prefix("pbkdf2_sha256$") {
        return django(rest);
    }
    if let Some(rest) = text.strip_prefix("pbkdf2:") {
        return werkzeug_pbkdf2(rest);
    }
    if let Some(rest) = text.strip_prefix("scrypt:") {
        return werkzeug_scrypt(rest);
    }
    Err(HashFault::Unknown)
}

/// `id$v=19$m=19456,t=2,p=1$SALT$HASH`, after `$argon2`.
fn argon2(rest: &str) -> Result<StoredHash, HashFault> {
    let mut parts = rest.split('$');
    let mut next = || parts.next().ok_or(HashFault::Malformed);
    let algorithm = match next()? {
        "id" => Algorithm::Argon2id,
        "i" => Algorithm::Argon2i,
        "d" => Algorithm::Argon2d,
        _ => return Err(HashFault::Unknown),
    };
    // Without a version it is the first one.
    let second = next()?;
    let (version, numbers) = match second.strip_prefix("v=") {
        Some("19") => (Version::V0x13, next()?),
        Some("16") => (Version::V0x10, next()?),
        Some(_) => return Err(HashFault::Malformed),
        None => (Version::V0x10, second),
    };
    let [memory_kib, passes, lanes] = named_numbers(numbers, ["m", "t", "p"])?;
    let (salt, hash) = (base64(next()?)?, base64(next()?)?);
    if parts.next().is_some() || salt.len() < 8 || hash.len() < 16 || passes == 0 || lanes == 0 {
        return Err(HashFault::Malformed);
    }
    let memory = u64::from(memory_kib);
    if memory > MAX_MEMORY_KIB
        || memory.saturating_mul(passes.into()) > MAX_ARGON2_WORK_KIB
        || lanes > MAX_LANES
    {
        return Err(HashFault::TooCostly);
    }
    if memory_kib < lanes.saturating_mul(8) {
        return Err(HashFault::Malformed);
    }
    let cost = Cost { memory_kib, passes, lanes };
    Ok(StoredHash::Argon2 { algorithm, version, cost, salt, hash })
}

/// `ln=16,r=8,p=1$SALT$HASH`
fn phc_scrypt(rest: &str) -> Result<StoredHash, HashFault> {
    let [numbers, salt, hash] = parts(rest)?;
    let [log_n, r, p] = named_numbers(numbers, ["ln", "r", "p"])?;
    scrypt(log_n, r, p, base64(salt)?, base64(hash)?)
}

/// `32768:8:1$SALT$HEX`; the salt is the text itself.
fn werkzeug_scrypt(rest: &str) -> Result<StoredHash, HashFault> {
    let [numbers, salt, hash] = parts(rest)?;
    let mut numbers = numbers.split(':').map(number);
    let mut next = || numbers.next().unwrap_or(Err(HashFault::Malformed));
    let (n, r, p) = (next()?, next()?, next()?);
    if numbers.next().is_some() || !n.is_power_of_two() {
        return Err(HashFault::Malformed);
    }
    scrypt(n.trailing_zeros(), r, p, salt.as_bytes().to_vec(), hex(hash)?)
}

fn scrypt(log_n: u32, r: u32, p: u32, salt: Vec<u8>, hash: Vec<u8>) -> Result<StoredHash, HashFault> {
    if !(1..=63).contains(&log_n) || r == 0 || p == 0 || hash.len() < 16 || hash.len() > MAX_BYTES {
        return Err(HashFault::Malformed);
    }
    let n = 1_u64.checked_shl(log_n).unwrap_or(u64::MAX);
    let memory = n.saturating_mul(r.into()).saturating_mul(128);
    if memory > MAX_MEMORY_KIB.saturating_mul(1024) || memory.saturating_mul(p.into()) > MAX_SCRYPT_WORK {
        return Err(HashFault::TooCostly);
    }
    let log_n = u8::try_from(log_n).map_err(|_| HashFault::Malformed)?;
    Ok(StoredHash::Scrypt { log_n, r, p, salt, hash })
}

/// `$2b$12$` and 53 characters.
fn bcrypt(text: &str) -> Result<StoredHash, HashFault> {
    let rest = text.get(4..).ok_or(HashFault::Malformed)?;
    let (cost, rest) = rest.split_once('$').ok_or(HashFault::Malformed)?;
    let is_digits = cost.len() == 2 && cost.bytes().all(|byte| byte.is_ascii_digit());
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"./".contains(&byte);
    let cost = number(cost)?;
    if !is_digits || cost < 4 || rest.len() != 53 || !rest.bytes().all(is_base64) {
        return Err(HashFault::Malformed);
    }
    if cost > MAX_BCRYPT_COST {
        return Err(HashFault::TooCostly);
    }
    Ok(StoredHash::Bcrypt(text.to_owned()))
}

/// `600000$SALT$BASE64`; the salt is the text itself.
fn django(rest: &str) -> Result<StoredHash, HashFault> {
    let [iterations, salt, hash] = parts(rest)?;
    let hash = STANDARD.decode(hash).map_err(|_| HashFault::Malformed)?;
    pbkdf2(false, number(iterations)?, salt, hash)
}

/// `sha256:600000$SALT$HEX`; the salt is the text itself.
fn werkzeug_pbkdf2(rest: &str) -> Result<StoredHash, HashFault> {
    let [method, salt, hash] = parts(rest)?;
    let (hash_name, iterations) = method.split_once(':').ok_or(HashFault::Malformed)?;
    let is_sha512 = match hash_name {
        "sha256" => false,
        "sha512" => true,
        _ => return Err(HashFault::Unknown),
    };
    pbkdf2(is_sha512, number(iterations)?, salt, hex(hash)?)
}

fn pbkdf2(is_sha512: bool, iterations: u32, salt: &str, hash: Vec<u8>) -> Result<StoredHash, HashFault> {
    let iterations = NonZeroU32::new(iterations).ok_or(HashFault::Malformed)?;
    if hash.len() < 16 || hash.len() > MAX_BYTES {
        return Err(HashFault::Malformed);
    }
    if iterations.get() > MAX_ITERATIONS {
        return Err(HashFault::TooCostly);
    }
    Ok(StoredHash::Pbkdf2 { is_sha512, iterations, salt: salt.as_bytes().to_vec(), hash })
}

fn parts<const N: usize>(text: &str) -> Result<[&str; N], HashFault> {
    text.split('$').collect::<Vec<_>>().try_into().map_err(|_| HashFault::Malformed)
}

/// Digits only: no sign, no space, no leading zero.
fn number(text: &str) -> Result<u32, HashFault> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(HashFault::Malformed);
    }
    // More digits than a number has are a cost beyond any cap.
    text.parse().map_err(|_| HashFault::TooCostly)
}

fn named_numbers<const N: usize>(text: &str, names: [&str; N]) -> Result<[u32; N], HashFault> {
    let mut fields = text.split(',');
    let mut found = [0; N];
    for (place, name) in found.iter_mut().zip(names) {
        let field = fields.next().and_then(|field| field.split_once('=')).filter(|(found, _)| *found == name);
        *place = number(field.ok_or(HashFault::Malformed)?.1)?;
    }
    if fields.next().is_some() { Err(HashFault::Malformed) } else { Ok(found) }
}

fn base64(text: &str) -> Result<Vec<u8>, HashFault> {
    let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| HashFault::Malformed)?;
    if bytes.len() > MAX_BYTES { Err(HashFault::Malformed) } else { Ok(bytes) }
}

fn hex(text: &str) -> Result<Vec<u8>, HashFault> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect::<Option<_>>().ok_or(HashFault::Malformed)
}
