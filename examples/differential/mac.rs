//! HS256, HS384 and HS512.

use aws_lc_rs::hmac;
use jot::{Alg, KeyOptions, VerifyingKey};

use crate::campaign::{Algorithm, Case};
use crate::random::Random;

pub(crate) struct Mac {
    alg: Alg,
    hash: hmac::Algorithm,
    secret: Vec<u8>,
}

impl Mac {
    pub(crate) fn new(alg: Alg) -> Self {
        let hash = match alg {
            Alg::HS256 => hmac::HMAC_SHA256,
            Alg::HS384 => hmac::HMAC_SHA384,
            _ => hmac::HMAC_SHA512,
        };
        Self { alg, hash, secret: Vec::new() }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(self.hash, &self.secret), message).as_ref().to_vec()
    }
}

impl Algorithm for Mac {
    fn alg(&self) -> Alg {
        self.alg
    }

    fn next_key(&mut self, random: &mut Random) -> VerifyingKey {
        let length = random.pick(&[1, 20, 32, 48, 63, 64, 65, 127, 128, 129, 300]);
        self.secret = random.bytes(length);
        let options = KeyOptions::default().alg(self.alg).allow_weak_keys();
        VerifyingKey::from_secret(&self.secret, &options).unwrap()
    }

    fn case(&mut self, random: &mut Random) -> Case {
        // Around the ends of blocks, with and without the padding.
        let edge = random.pick(&[0, 55, 64, 111, 119, 128, 239, 512]);
        let length = if random.below(4) == 0 { random.below(1500) } else { edge + random.below(4) };
        let mut message = random.bytes(length);
        let mut signature = self.sign(&message);
        let kind = random.below(12);
        match kind {
            0 => {
                let bit = random.below(8 * signature.len());
                signature[bit / 8] ^= 1 << (bit % 8);
            }
            1 => signature.truncate(random.below(signature.len())),
            2 => signature.extend(random.bytes(1)),
            3 => message.push(0),
            4 => {
                message.pop();
            }
            5 => signature.fill(random.pick(&[0, 255])),
            6 => signature = self.sign(&signature),
            7 if length > 0 => {
                let bit = random.below(8 * length);
                message[bit / 8] ^= 1 << (bit % 8);
            }
            _ => {}
        }
        Case { message, signature }
    }

    fn is_left(&self, _: &Case) -> bool {
        false
    }

    /// Longer hashes, that is.
    fn is_left_alone(&self) -> bool {
        self.alg != Alg::HS256
    }
}
