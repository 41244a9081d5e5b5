//! Strict base64url (RFC 7515 §2), seen from outside: as each segment of a
//! token and as a member of a JWK.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use jot::{Alg, Code, KeyOptions, Payload, Rejection, Scratch, UnixSeconds, Verifier, VerifyingKey};
use serde_json::{Value, json};

use common::{base64url, lenient, rows, secret_keys, sign, sign_segments, text, vector_file};

const HEADER: &str = r#"{"alg":"HS256"}"#;

/// The one input that is not about the alphabet within a token: its dot makes
/// a fourth segment.
const WITH_A_DOT: &str = "Zm9v.";

struct Vector {
    input: String,
    /// What it decodes to; `None` when it is not strict base64url.
    decoded: Option<Vec<u8>>,
}

impl Vector {
    fn read(row: &Value) -> Self {
        let decoded = row["valid"].as_bool().unwrap().then(|| {
            let hex = text(row, "hex").as_bytes().chunks(2);
            hex.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
        });
        Self { input: text(row, "input").to_owned(), decoded }
    }

    /// Returns the code, given those for what is base64url and what is not.
    fn expect(&self, valid: Code, invalid: Code) -> Code {
        match &self.decoded {
            Some(_) => valid,
            None if self.input == WITH_A_DOT => Code::TokenSegments,
            None => invalid,
        }
    }
}

/// The code of a segment that is not base64url, by what it begins or ends with.
fn refusal(segment: &[u8], around: Option<&u8>, otherwise: Code) -> Code {
    match around {
        Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'"' | b'\'' | b'`' | b'<' | b'>') => Code::TokenWrapped,
        _ if segment.last() == Some(&b'=') => Code::TokenPadded,
        _ => otherwise,
    }
}

fn vectors() -> Vec<Vector> {
    let file = vector_file("base64url/base64url_strict.json");
    let vectors: Vec<Vector> = rows(&file, "vectors").iter().map(Vector::read).collect();
    let valid = vectors.iter().filter(|vector| vector.decoded.is_some()).count();
    assert_eq!((vectors.len(), valid), (64, 17));
    vectors
}

fn verifier() -> Verifier {
    lenient(secret_keys(), [Alg::HS256])
}

fn verify(token: &[u8]) -> Result<Vec<u8>, Rejection> {
    let mut scratch = Scratch::new();
    verifier().verify_jws(token, Payload::Attached, None, &mut scratch).map(|jws| jws.payload().to_vec())
}

#[test]
fn signature_segment_is_refused_unless_strict() {
    for vector in vectors() {
        let token = format!("{}.e30.{}", base64url(HEADER.as_bytes()), vector.input);
        let bytes = vector.input.as_bytes();
        let wanted =
            vector.expect(Code::SignatureInvalid, refusal(bytes, bytes.last(), Code::SignatureEncoding));
        assert_eq!(verify(token.as_bytes()).unwrap_err().code(), wanted, "{:?}", vector.input);
    }
}

/// None of the inputs decodes to JSON. An empty header segment is no header,
/// which has the code of an encoding fault.
#[test]
fn header_segment_is_refused_unless_strict() {
    for vector in vectors() {
        let token = sign_segments(&vector.input, b"e30");
        let valid = if vector.input.is_empty() { Code::HeaderEncoding } else { Code::HeaderJson };
        let bytes = vector.input.as_bytes();
        let invalid = match vector.input.as_str() {
            // As if a scheme stood before the token.
            "Zm 9v" => Code::TokenWrapped,
            _ => refusal(bytes, bytes.first(), Code::HeaderEncoding),
        };
        let wanted = vector.expect(valid, invalid);
        assert_eq!(verify(&token).unwrap_err().code(), wanted, "{:?}", vector.input);
    }
}

/// The payload is decoded after its signature held, so the odd segment is
/// signed as it is.
#[test]
fn payload_segment_is_refused_unless_strict_though_its_signature_holds() {
    for vector in vectors() {
        let token = sign_segments(&base64url(HEADER.as_bytes()), vector.input.as_bytes());
        match (verify(&token), &vector.decoded) {
            (Ok(payload), Some(decoded)) => assert_eq!(payload, *decoded, "{:?}", vector.input),
            (Err(rejection), None) => {
                let wanted = vector.expect(Code::Accepted, Code::PayloadEncoding);
                let signature_ok = wanted == Code::PayloadEncoding;
                let found = (rejection.code(), rejection.signature_ok());
                assert_eq!(found, (wanted, signature_ok), "{:?}", vector.input);
            }
            (other, _) => panic!("{:?}: {other:?}", vector.input),
        }
        // None of the inputs decodes to JSON.
        let (verifier, mut scratch) = (verifier(), Scratch::new());
        let verdict = verifier.verdict(&token, UnixSeconds(0), &mut scratch);
        let wanted = vector.expect(Code::ClaimsJson, Code::PayloadEncoding);
        assert_eq!(verdict.code(), wanted, "{:?}", vector.input);
        let rejection = verdict.rejection().unwrap();
        assert_eq!(rejection.signature_ok(), wanted != Code::TokenSegments, "{:?}", vector.input);
    }
}

/// The secret is too short unless it is the longest of the inputs.
#[test]
fn jwk_member_is_refused_unless_strict() {
    for vector in vectors() {
        let jwk = json!({"kty": "oct", "alg": "HS256", "k": vector.input}).to_string();
        let found = VerifyingKey::from_jwk(jwk.as_bytes(), &KeyOptions::default());
        let wanted = match &vector.decoded {
            Some(secret) if secret.len() >= 32 => Code::Accepted,
            Some(_) => Code::KeySecretTooShort,
            None => Code::KeyMemberInvalid,
        };
        assert_eq!(found.map_or_else(|error| error.code(), |_| Code::Accepted), wanted, "{:?}", vector.input);
    }
}

/// Every byte in every place of the last two groups of a segment: exactly the
/// 64 characters are taken, and in the last place only those without unused
/// bits.
#[test]
fn segment_takes_exactly_the_alphabet_at_every_place() {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let header = base64url(HEADER.as_bytes());
    for length in [2_usize, 3, 4, 18, 19, 20, 34, 35, 36, 66, 67, 68] {
        for place in length.saturating_sub(8)..length {
            for byte in 0..=u8::MAX {
                let mut segment = vec![b'A'; length];
                segment[place] = byte;
                let value = alphabet.iter().position(|character| *character == byte);
                let unused = if place + 1 < length { 1 } else { [1, 1, 16, 4][length % 4] };
                let wanted = match value {
                    Some(value) if value % unused == 0 => Code::SignatureInvalid,
                    None if byte == b'.' => Code::TokenSegments,
                    _ => refusal(&segment, segment.last(), Code::SignatureEncoding),
                };
                let token = [header.as_bytes(), b".e30.", &segment].concat();
                assert_eq!(verify(&token).unwrap_err().code(), wanted, "{byte:#x} at {place} of {length}");
            }
        }
    }
}

/// The token that the others are variants of is accepted.
#[test]
fn segments_are_accepted_when_all_are_strict() {
    assert_eq!(verify(&sign(HEADER, b"{}")).unwrap(), b"{}");
}
