//! RSASSA-PKCS1-v1_5 and RSASSA-PSS with the public exponent 65537.
//!
//! A signature s opens to s^65537 mod n: eighteen products modulo n, of which the
//! first takes s into Montgomery's form; for one signature by [`single`], for
//! eight at once by [`multi_buffer`]. What comes out must
//! be an encoding of the message ([`encoding`]). [`modulus`] has the numbers and
//! what is prepared of a key.
//!
//! A signature is accepted when all of this holds, and so only then: it has as
//! many bytes as the modulus and is, as a number, below it (RFC 8017 §5.2.2);
//! its power, brought below n, is the encoded message in every bit.

mod digest;
mod encoding;
mod key;
mod known;
mod modulus;
mod multi_buffer;
mod pkcs1;
mod pss;
mod single;
#[cfg(test)]
mod tests;

pub(super) use key::IMPLEMENTATION;
