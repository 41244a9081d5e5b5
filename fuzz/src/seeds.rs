//! The inputs that fuzzing begins with, made of known keys and tokens.

use std::fs;
use std::path::Path;

use jot::{KeyOptions, PayloadForm, SignHeader, Signer, VerifyingKey};

use crate::{NOW, keys};

/// Puts the seeds of a target into its corpus, where they are not yet.
pub fn plant(target: &str, seeds: impl IntoIterator<Item = Vec<u8>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder).unwrap();
    for (index, seed) in seeds.into_iter().enumerate() {
        let path = folder.join(format!("seed-{index:02}"));
        if !path.exists() {
            fs::write(path, seed).unwrap();
        }
    }
}

/// Payloads of every shape that the rules tell apart.
pub fn payloads() -> Vec<Vec<u8>> {
    let nested = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
    let many: Vec<_> = (0..40).map(|n| format!(r#""member{n}":{n}"#)).collect();
    [
        r#"{"iss":"https://issuer/7","sub":"alice","aud":["a","b"],"exp":1800000060,"nbf":1700000000,"iat":1700000000.5,"jti":"1"}"#,
        r#"{"exp":1800000000,"aud":"a"}"#,
        r#"{"exp":1e400,"nbf":-0,"iat":-1.5e-3}"#,
        r#"{"exp":18446744073709551616}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"s":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é☃"}"#,
        r#"{"lone":"\ud83d"}"#,
        r#" { "n" : [ 0 , -0.0 , 1E+2 , null , true , false ] , "o" : { } } "#,
        r#"{"realm_access":{"roles":["a"]},"scope":"read write","azp":"c"}"#,
        "[]",
        "{}",
        "null",
        "",
        "\u{feff}{}",
        &nested(32),
        &nested(33),
        &format!("{{{}}}", many.join(",")),
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect()
}

/// Tokens of every algorithm, and of every payload above.
pub fn tokens() -> Vec<Vec<u8>> {
    let mut tokens = Vec::new();
    for (index, key) in keys::signing() {
        let kid = key.alg().name().to_owned();
        let signer = Signer::new(key.with_kid(kid));
        let claims = format!(r#"{{"iss":"https://issuer/{index}","exp":{}}}"#, NOW + 60);
        tokens.push(signer.sign_claims(claims.as_bytes()).unwrap());
    }
    let signer = Signer::new(keys::signing().swap_remove(0).1);
    let header = SignHeader::default().typ("at+jwt").parameters(r#"{"kid":"any","x":{"y":[]}}"#);
    for payload in payloads() {
        tokens.push(signer.sign_payload(&header, &payload, PayloadForm::Attached).unwrap());
    }
    let critical = SignHeader::default().critical("urn:x", "1");
    tokens.push(signer.sign_claims_with(&critical, b"{}").unwrap());
    let unencoded = SignHeader::default();
    tokens.push(signer.sign_payload(&unencoded, b"{}", PayloadForm::UnencodedDetached).unwrap());
    tokens.into_iter().map(String::into_bytes).collect()
}

/// Private, public and broken JWKs, and a set of them.
pub fn jwks() -> Vec<Vec<u8>> {
    let mut texts = keys::texts();
    for (_, key) in keys::signing() {
        texts.extend(key.verifying_key().unwrap().to_jwk());
    }
    texts.push(r#"{"kty":"oct","k":"AAAA","use":"sig","key_ops":["verify"],"kid":"1"}"#.to_owned());
    texts.push(r#"{"kty":"OKP","crv":"X25519","x":"AAAA"}"#.to_owned());
    texts.push(format!(r#"{{"keys":[{}]}}"#, texts[2..5].join(",")));
    texts.into_iter().map(String::into_bytes).collect()
}

/// Public and private keys in PEM and in DER.
pub fn pems() -> Vec<Vec<u8>> {
    let mut texts: Vec<String> = keys::signing().iter().filter_map(|(_, key)| key.to_pem().ok()).collect();
    for text in keys::texts() {
        let key = VerifyingKey::from_jwk(text.as_bytes(), &KeyOptions::default()).unwrap();
        texts.extend(key.to_pem());
    }
    let ders: Vec<_> = texts.iter().map(|text| pem::parse(text).unwrap().into_contents()).collect();
    texts.into_iter().map(String::into_bytes).chain(ders).collect()
}

/// The tokens that stand in columns: accepted ones that differ in `exp`, refused
/// ones, and texts about as long as an Arrow view has room for.
pub fn column_tokens() -> Vec<Vec<u8>> {
    let signer = Signer::new(keys::signing().swap_remove(0).1);
    let sign = |exp: i64| signer.sign_claims(format!(r#"{{"exp":{exp}}}"#).as_bytes()).unwrap().into_bytes();
    let mut tokens: Vec<_> = (1..5).map(|seconds| sign(NOW + seconds)).collect();
    tokens.push(sign(NOW));
    let mut changed = tokens[0].clone();
    changed[30] ^= 1;
    tokens.push(changed);
    assert_eq!(tokens.len(), usize::from(crate::columns::SHORT));
    let texts = ["", "a.b", "e30.e30.AAA", "e30.e30.AAAA", "e30.e30.AAAAA", "....", "not a token at all"];
    tokens.extend(texts.map(|text| text.as_bytes().to_vec()));
    tokens
}

/// Columns of these, of each layout and within each other, sound but for one; see
/// [`crate::columns`].
pub fn columns() -> Vec<Vec<u8>> {
    /// Accepted tokens, a null, a strange null, and short ones between them.
    const ROWS: [u8; 14] = [4, 0, 6, 1, 0x80, 8, 2, 9, 0xc1, 10, 3, 5, 12, 0];
    let (rows, before) = (11, 3);
    let mut seeds = Vec::new();
    for layout in 0..4 {
        // With lengths, without, at the front of a page, in the old struct, with many rows.
        for flags in [1, 0, 0x11, 0x20, 0x09] {
            let column = [&[layout, flags, rows, before][..], &ROWS].concat();
            for width in [0, 0x40, 0x80, 0xc0] {
                let words = [&[4, flags & 0x11 | width | 2, rows, before][..], &column, &ROWS].concat();
                let outer = [&[4, 1, rows, before][..], &words, &ROWS].concat();
                seeds.extend([words, outer]);
            }
            seeds.push(column);
        }
    }
    // The last row names the 132nd word, which a signed byte cannot.
    seeds.push([&[4, 1, rows, before, 1, 9, rows, before][..], &ROWS, &[12; 14]].concat());
    seeds
}
