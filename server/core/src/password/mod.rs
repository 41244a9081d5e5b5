//! Stored hashes of passwords: our own, and those that people bring.
//!
//! ```text
//!   bcrypt, scrypt, pbkdf2,    ┌─────────┐  the password is right   ┌──────────────────┐
//!   argon2 of another cost ──▶ │ brought │ ───────────────────────▶ │ argon2id, today's│
//!                              └─────────┘  hashed again            │ cost             │
//!                               ▲      the cost was raised          └──────────────────┘
//!                               └──────────────────────────────────────────┘
//! ```
//!
//! New hashes are argon2id in the PHC string format. What a stored hash asks of the machine
//! is capped: a hash that somebody slipped in must not cost a minute or a gigabyte.

mod cost;
mod memory;
mod new;
mod parse;
mod stored;

pub use cost::Cost;
pub use memory::Memory;
pub use new::{MIN_PASSWORD_CHARACTERS, PasswordFault, check_new, hash};
pub use stored::{HashFault, MAX_PASSWORD_BYTES, StoredHash};

#[cfg(test)]
mod tests;
