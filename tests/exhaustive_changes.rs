//! One good token of each kind of key, and every single bit of it flipped,
//! every truncation, every byte put in place of another: none is accepted,
//! none passes the signature, and each is refused for the reason that its
//! place gives.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use std::collections::BTreeSet;

use cases::{forge, keys};
use jot::{Alg, Code, KeySet, Policy, Scratch, Stage, UnixSeconds, Verifier};

const NOW: UnixSeconds = UnixSeconds(forge::NOW);

struct Subject {
    verifier: Verifier,
    scratch: Scratch,
    token: Vec<u8>,
    /// Where the two dots are.
    dots: [usize; 2],
    seen: BTreeSet<Code>,
}

impl Subject {
    fn new(alg: Alg) -> Self {
        let policy = Policy::new(Alg::ALL.iter().copied());
        let set = KeySet::new([keys::verifying(&keys::key_of(alg))]);
        let token = forge::good(alg).into_bytes();
        let mut dots = token.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at);
        let dots = [dots.next().unwrap(), dots.next().unwrap()];
        let verifier = Verifier::builder(policy).keys(set).build().unwrap();
        let mut scratch = Scratch::new();
        assert!(verifier.verdict(&token, NOW, &mut scratch).is_accepted(), "{alg}");
        Self { verifier, scratch, token, dots, seen: BTreeSet::new() }
    }

    fn code(&mut self, token: &[u8]) -> Code {
        let verdict = self.verifier.verdict(token, NOW, &mut self.scratch);
        let code = verdict.code();
        assert!(!verdict.signature_ok(), "{code}: {}", String::from_utf8_lossy(token));
        self.seen.insert(code);
        code
    }

    /// Asserts that a token that differs at `at` alone is refused as the place
    /// says.
    fn refuse_changed(&mut self, token: &[u8], at: usize) {
        let code = self.code(token);
        let [first, second] = self.dots;
        let made_a_dot = token[at] == b'.';
        if at == first || at == second || made_a_dot {
            assert_eq!(code, Code::TokenSegments, "byte {at}");
        } else if at < first {
            let stages = [Stage::Syntax, Stage::Header, Stage::Key, Stage::Signature];
            assert!(stages.contains(&code.stage()), "byte {at}: {code}");
            if !is_base64url(&token[..first]) && token[0] != b'{' {
                // A space as the second byte leaves a word of one letter before it.
                let is_wrapped = is_wrap(token[0]) || token[1] == b' ';
                let expected = match (is_wrapped, token[first - 1]) {
                    (true, _) => Code::TokenWrapped,
                    (false, b'=') => Code::TokenPadded,
                    (false, _) => Code::HeaderEncoding,
                };
                assert_eq!(code, expected, "byte {at}");
            }
        } else if at < second {
            // The payload is not so much as decoded before the signature holds.
            assert_eq!(code, Code::SignatureInvalid, "byte {at}");
        } else {
            assert_eq!(code, refusal_of_signature(&token[second + 1..]), "byte {at}");
        }
    }

    fn flip_every_bit(&mut self) {
        let mut token = self.token.clone();
        for at in 0..token.len() {
            for bit in 0..8 {
                token[at] ^= 1 << bit;
                self.refuse_changed(&token, at);
                token[at] ^= 1 << bit;
            }
        }
        assert_eq!(token, self.token);
    }

    fn cut_everywhere(&mut self) {
        let token = self.token.clone();
        let second = self.dots[1];
        for length in 0..token.len() {
            let code = self.code(&token[..length]);
            match length {
                0 => assert_eq!(code, Code::TokenEmpty),
                _ if length <= second => assert_eq!(code, Code::TokenSegments, "{length} bytes"),
                _ => assert_eq!(code, refusal_of_signature(&token[second + 1..length]), "{length} bytes"),
            }
        }
    }

    fn run(alg: Alg) {
        let mut subject = Self::new(alg);
        subject.flip_every_bit();
        subject.cut_everywhere();
        for expected in [Code::SignatureInvalid, Code::SignatureEncoding, Code::TokenSegments] {
            assert!(subject.seen.contains(&expected), "{alg} never came to {expected}");
        }
    }
}

/// What a signature segment is refused for that is not the right one, told
/// without the library's own decoder.
fn refusal_of_signature(segment: &[u8]) -> Code {
    match segment.last() {
        _ if is_base64url(segment) => Code::SignatureInvalid,
        Some(last) if is_wrap(*last) => Code::TokenWrapped,
        Some(b'=') => Code::TokenPadded,
        _ => Code::SignatureEncoding,
    }
}

/// What stands around a token that was copied carelessly.
fn is_wrap(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'"' | b'\'' | b'`' | b'<' | b'>')
}

fn is_base64url(segment: &[u8]) -> bool {
    let value = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    };
    let values: Option<Vec<u8>> = segment.iter().map(value).collect();
    let Some(values) = values else { return false };
    match (values.len() % 4, values.last()) {
        (1, _) => false,
        (2, Some(last)) => last & 0xf == 0,
        (3, Some(last)) => last & 0x3 == 0,
        _ => true,
    }
}

macro_rules! changed {
    ($($name:ident: $alg:ident;)*) => {
        $(#[test]
        fn $name() {
            Subject::run(Alg::$alg);
        })*
    };
}

changed! {
    hs256_token_is_refused_when_any_bit_is_changed: HS256;
    hs384_token_is_refused_when_any_bit_is_changed: HS384;
    hs512_token_is_refused_when_any_bit_is_changed: HS512;
    rs256_token_is_refused_when_any_bit_is_changed: RS256;
    rs512_token_is_refused_when_any_bit_is_changed: RS512;
    ps256_token_is_refused_when_any_bit_is_changed: PS256;
    ps384_token_is_refused_when_any_bit_is_changed: PS384;
    es256_token_is_refused_when_any_bit_is_changed: ES256;
    es384_token_is_refused_when_any_bit_is_changed: ES384;
    es512_token_is_refused_when_any_bit_is_changed: ES512;
    es256k_token_is_refused_when_any_bit_is_changed: ES256K;
    eddsa_token_is_refused_when_any_bit_is_changed: EdDSA;
    ed25519_token_is_refused_when_any_bit_is_changed: Ed25519;
    ml_dsa_44_token_is_refused_when_any_bit_is_changed: MlDsa44;
}

#[test]
fn token_is_refused_when_any_byte_is_another() {
    let mut subject = Subject::new(Alg::HS256);
    let mut token = subject.token.clone();
    for at in 0..token.len() {
        let right = token[at];
        for byte in (0..=255).filter(|byte| *byte != right) {
            token[at] = byte;
            if byte == b'{' && at == 0 {
                assert_eq!(subject.code(&token), Code::TokenJsonSerialization);
            } else {
                subject.refuse_changed(&token, at);
            }
        }
        token[at] = right;
    }
}

#[test]
fn token_is_refused_when_a_byte_is_missing_or_doubled_or_swapped() {
    let mut subject = Subject::new(Alg::EdDSA);
    let whole = subject.token.clone();
    for at in 0..whole.len() {
        let mut missing = whole.clone();
        missing.remove(at);
        let code = subject.code(&missing);
        assert!(code != Code::Accepted && code.stage() != Stage::Internal);
        let mut doubled = whole.clone();
        doubled.insert(at, whole[at]);
        let code = subject.code(&doubled);
        assert!(code != Code::Accepted && code.stage() != Stage::Internal);
        let mut swapped = whole.clone();
        swapped.swap(at, (at + 1) % whole.len());
        if swapped != whole {
            let code = subject.code(&swapped);
            assert!(code != Code::Accepted && code.stage() != Stage::Internal);
        }
    }
}

#[test]
fn token_is_refused_when_anything_is_put_behind_it() {
    let mut subject = Subject::new(Alg::EdDSA);
    let second = subject.dots[1];
    for byte in 0..=255 {
        let token = [subject.token.as_slice(), &[byte]].concat();
        let code = subject.code(&token);
        match byte {
            b'.' => assert_eq!(code, Code::TokenSegments),
            _ => assert_eq!(code, refusal_of_signature(&token[second + 1..]), "{byte:02x}"),
        }
    }
}

#[test]
fn token_is_refused_when_a_segment_is_that_of_another() {
    let mut subject = Subject::new(Alg::HS256);
    let here = String::from_utf8(subject.token.clone()).unwrap();
    let there =
        forge::token(Alg::HS256, "hs256", r#"{"kid":"hs256","alg":"HS256"}"#, r#"{"exp":1900000000}"#);
    let (here, there) = (forge::segments(&here), forge::segments(&there));
    // Every mixture of the two but the two themselves.
    for choice in 1..7 {
        let pick = |at: usize| if choice >> at & 1 == 1 { there[at] } else { here[at] };
        let token = format!("{}.{}.{}", pick(0), pick(1), pick(2));
        assert_eq!(subject.code(token.as_bytes()), Code::SignatureInvalid, "{choice:03b}");
    }
}
