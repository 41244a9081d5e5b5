//! The one key that everything else at rest is kept under.
//!
//! It is no part of the database: it comes from a file or the environment. Whoever has the
//! database alone can sign nothing and make no refresh token.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::random::{self, Random};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// The master key; other keys are derived from it, one for each purpose.
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

/// What was sealed cannot be opened: another master key, another purpose, or other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSealed;

impl fmt::Display for NotSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this was sealed under another master key, or changed since")
    }
}

impl std::error::Error for NotSealed {}

impl MasterKey {
    /// Makes a new key.
    pub fn generate(random: &mut dyn Random) -> Self {
        Self(Zeroizing::new(random::bytes(random)))
    }

    /// Reads a key: 32 bytes in base64url, or 64 hexadecimal digits. White space around it
    /// is no part of it. `None` for anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = if text.len() == 2 * KEY_BYTES { from_hex(text)? } else { from_base64(text)? };
        let bytes = Zeroizing::new(bytes);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// Writes the key as [`from_text`](Self::from_text) reads it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// Returns the HMAC-SHA256 of `parts` under the key for `purpose`. Each part's length is
    /// part of what is signed, so no two lists of parts are the same.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.derived(purpose));
        let mut context = hmac::Context::with_key(&key);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        to_array(context.sign().as_ref())
    }

    /// Encrypts `secret` with AES-256-GCM. `name` says whose secret it is; it opens under
    /// no other name.
    #[must_use]
    pub fn seal(&self, purpose: &str, name: &str, secret: &[u8], random: &mut dyn Random) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = random::bytes(random);
        let mut sealed = secret.to_vec();
        let aad = Aad::from(name.as_bytes());
        let nonce_given = Nonce::assume_unique_for_key(nonce);
        self.cipher(purpose)?.seal_in_place_append_tag(nonce_given, aad, &mut sealed).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// [`NotSealed`]
    pub fn open(&self, purpose: &str, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotSealed> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(NotSealed)?;
        let cipher = self.cipher(purpose).ok_or(NotSealed)?;
        let mut text = Zeroizing::new(sealed.to_vec());
        let aad = Aad::from(name.as_bytes());
        let opened = cipher.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut text);
        let length = opened.map_err(|_| NotSealed)?.len();
        text.truncate(length);
        Ok(text)
    }

    fn cipher(&self, purpose: &str) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &*self.derived(purpose)).ok().map(LessSafeKey::new)
    }

    /// One HMAC is enough of a derivation: the master key is random already.
    fn derived(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.0);
        Zeroizing::new(to_array(hmac::sign(&key, purpose.as_bytes()).as_ref()))
    }
}

fn to_array(tag: &[u8]) -> [u8; 32] {
    let mut array = [0; 32];
    for (to, from) in array.iter_mut().zip(tag) {
        *to = *from;
    }
    array
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn text_is_read_back_in_both_forms() {
        let key = MasterKey::generate(&mut Dice(1));
        let text = key.to_text();
        assert_eq!(*MasterKey::from_text(&format!(" {}\n", *text)).unwrap().0, *key.0);
        let hex: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(*MasterKey::from_text(&hex).unwrap().0, *key.0);
        for wrong in ["", "AAAA", &text[1..], &hex[2..], &format!("g{}", &hex[1..])] {
            assert!(MasterKey::from_text(wrong).is_none(), "{wrong}");
        }
        assert_eq!(format!("{key:?}"), "MasterKey(..)");
    }

    #[test]
    fn what_is_sealed_opens_only_as_what_it_is() {
        let (key, mut dice) = (MasterKey::generate(&mut Dice(1)), Dice(2));
        let sealed = key.seal("keys", "a", b"secret", &mut dice).unwrap();
        assert_eq!(**key.open("keys", "a", &sealed).unwrap(), *b"secret");
        assert_ne!(sealed, key.seal("keys", "a", b"secret", &mut dice).unwrap());
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
        assert_eq!(key.open("keys", "b", &sealed).unwrap_err(), NotSealed);
        assert_eq!(key.open("other", "a", &sealed).unwrap_err(), NotSealed);
        assert_eq!(key.open("keys", "a", &sealed[..9]).unwrap_err(), NotSealed);
        assert_eq!(MasterKey::generate(&mut dice).open("keys", "a", &sealed).unwrap_err(), NotSealed);
        let mut changed = sealed;
        changed[20] ^= 1;
        assert_eq!(key.open("keys", "a", &changed).unwrap_err(), NotSealed);
    }

    #[test]
    fn macs_tell_purposes_and_parts_apart() {
        let key = MasterKey::generate(&mut Dice(1));
        let macs = [
            key.mac("a", &[b"xy"]),
            key.mac("b", &[b"xy"]),
            key.mac("a", &[b"x", b"y"]),
            key.mac("a", &[b"xy", b""]),
        ];
        for (at, mac) in macs.iter().enumerate() {
            assert!(!macs[..at].contains(mac), "{at}");
        }
    }
}
