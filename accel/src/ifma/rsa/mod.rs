//! RSASSA-PKCS1-v1_5 and RSASSA-PSS with the public exponent 65537.
//!
//! A signature s opens to s^65537 mod n. That takes eighteen products modulo n, of
//! which the first converts s into Montgomery form; [`single`] computes them for one
//! signature, [`multi_buffer`] for eight at once. The result must be an encoding of the
//! message ([`encoding`]). [`modulus`] has the numbers, and the preparation of a key, which
//! [`checked`] checks.
//!
//! A signature is accepted only if all of this holds: it has as many bytes as the modulus
//! and is, as a number, below it (RFC 8017 §5.2.2); its power, reduced below n, equals the
//! encoded message in every bit.

mod checked;
mod digest;
mod encoding;
#[cfg(test)]
#[path = "encoding/tests.rs"]
mod encoding_tests;
mod key;
mod modulus;
mod multi_buffer;
mod pkcs1;
mod pss;
mod single;
#[cfg(test)]
mod tests;

pub(super) use key::IMPLEMENTATION;
