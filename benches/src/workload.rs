//! The tokens that are verified.

use data_encoding::BASE64URL_NOPAD;
use jot::UnixSeconds;

use crate::{AUDIENCE, ISSUER, Issuer, KID};

/// How many different tokens are verified in rotation: more than a branch
/// predictor learns by heart.
pub const TOKENS: usize = 256;

/// How many bytes of tokens there are at most, so that there are fewer of the
/// longest: a token that was just received is near, and so must these be.
pub const TOKENS_BYTES: usize = 192 * 1024;

/// The length of every Claims Set in bytes.
pub const PAYLOAD_BYTES: usize = 330;

/// A token, and the parts of it that the bare primitive is given.
pub struct Token {
    /// The Compact Serialization.
    pub text: String,
    /// The JWS Signature, decoded.
    pub signature: Vec<u8>,
    signing_input_bytes: usize,
}

impl Token {
    fn new(issuer: &Issuer, kid: &str, payload: &str) -> Self {
        let header = format!(r#"{{"alg":"{}","typ":"JWT","kid":"{kid}"}}"#, issuer.alg());
        let mut text = BASE64URL_NOPAD.encode(header.as_bytes());
        text.push('.');
        BASE64URL_NOPAD.encode_append(payload.as_bytes(), &mut text);
        let signing_input_bytes = text.len();
        let signature = issuer.sign(text.as_bytes());
        text.push('.');
        BASE64URL_NOPAD.encode_append(&signature, &mut text);
        Self { text, signature, signing_input_bytes }
    }

    /// Issues good tokens, valid for an hour around now: each of the issuer, with the `kid` and
    /// with a Claims Set of so many bytes.
    pub fn issued<'i>(
        payload_bytes: usize,
        tokens: impl IntoIterator<Item = (&'i Issuer, String)>,
    ) -> Vec<Self> {
        let mut random = Random(0x6a6f_7401);
        let claims = Claims::good();
        let issue = |(issuer, kid): (&Issuer, String)| {
            Self::new(issuer, &kid, &claims.payload(&mut random, payload_bytes))
        };
        tokens.into_iter().map(issue).collect()
    }

    /// Returns header and payload with the dot between them.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.text.as_bytes().split_at(self.signing_input_bytes).0
    }

    /// Returns the same token with another character at `position`.
    ///
    /// # Panics
    /// If what is changed is the end of the signature, which then is no base64url.
    #[must_use]
    pub fn with_change_at(&self, position: usize) -> Self {
        let other = |(at, character): (usize, char)| match (at == position, character) {
            (false, character) => character,
            (true, 'A') => 'B',
            (true, _) => 'A',
        };
        let text: String = self.text.char_indices().map(other).collect();
        let signature = text.rsplit('.').next().expect("a token has segments");
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("the change is in the middle");
        Self { text, signature, signing_input_bytes: self.signing_input_bytes }
    }
}

/// What is verified with one key, and what must be refused.
pub struct Workload {
    /// Tokens to accept, all different, of the same length.
    pub good: Vec<Token>,
    /// Tokens to refuse whose signature does not hold.
    pub forged: Vec<Token>,
    /// Tokens to refuse for `exp`, `nbf`, `iss` and `aud`, signed well.
    pub unfit: Vec<Token>,
}

impl Workload {
    /// Issues the tokens, valid for an hour around now.
    #[must_use]
    pub fn new(issuer: &Issuer) -> Self {
        let mut random = Random(0x6a6f_7400);
        let now = UnixSeconds::now().0;
        let good = Claims::good();
        let mut issue = |claims: Claims| Token::new(issuer, KID, &claims.payload(&mut random, PAYLOAD_BYTES));
        let unfit = vec![
            issue(Claims { exp: now - 600, ..good }),
            issue(Claims { nbf: now + 600, ..good }),
            issue(Claims { iss: "https://login.example.org", ..good }),
            issue(Claims { aud: "https://api.example.org", ..good }),
        ];
        let one = issue(good);
        let count = TOKENS.min(TOKENS_BYTES / one.text.len());
        let good: Vec<Token> = (0..count).map(|_| issue(good)).collect();
        let signed = one.signing_input_bytes;
        let positions = [signed - 30, signed.midpoint(one.text.len()), signed + 2];
        let forged = positions.iter().map(|position| one.with_change_at(*position)).collect();
        Self { good, forged, unfit }
    }
}

#[derive(Clone, Copy)]
struct Claims {
    iss: &'static str,
    aud: &'static str,
    exp: i64,
    nbf: i64,
}

impl Claims {
    fn good() -> Self {
        let now = UnixSeconds::now().0;
        Self { iss: ISSUER, aud: AUDIENCE, exp: now + 3600, nbf: now - 3600 }
    }

    /// Writes the Claims Set as an identity provider would. Strings differ in
    /// content and in length from token to token; the whole does not in length.
    fn payload(self, random: &mut Random, bytes: usize) -> String {
        let Self { iss, aud, exp, nbf } = self;
        let (sub, name) = (random.hex(16, 28), random.hex(2, 8));
        let jti = random.hex(22, 22);
        let head = format!(
            r#"{{"iss":"{iss}","sub":"{sub}","aud":["{aud}","account"],"exp":{exp},"nbf":{nbf},"iat":{nbf},"jti":"{jti}","client_id":"web-{name}","scope":"openid orders:read","roles":["reader"],"active":true,"sid":""#
        );
        let room = bytes - head.len() - 2;
        format!("{head}{}\"}}", random.hex(room, room))
    }
}

/// SplitMix64: the tokens need be different, not unpredictable.
struct Random(u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// Returns from `least` to `most` hexadecimal digits.
    fn hex(&mut self, least: usize, most: usize) -> String {
        let length = least as u64 + self.next() % (most - least + 1) as u64;
        (0..length).map(|_| char::from_digit((self.next() & 0xf) as u32, 16).unwrap_or('0')).collect()
    }
}
