//! Lines 14 to 17: keys that are too weak or meant for something else.

use jot::Alg;
use serde_json::{Value, json};

use crate::cases::forge::{good, plain_claims, token};
use crate::cases::keys::{b64, frozen, mac, member, oct, public, rsa_1024, with};
use crate::cases::table::{Case, accepted, refused};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = secrets();
    cases.extend(rsa());
    cases.extend(uses());
    cases
}

fn macced(alg: Alg, secret: &[u8]) -> String {
    let header = format!(r#"{{"alg":"{}"}}"#, alg.name());
    let input = format!("{}.{}", b64(header.as_bytes()), b64(plain_claims().to_string().as_bytes()));
    format!("{input}.{}", b64(&mac(alg, secret, input.as_bytes())))
}

fn secrets() -> Vec<Case> {
    let weak = json!({"allow_weak_keys": true});
    let short = "key_secret_too_short";
    let empty = refused(14, "empty-secret", "everybody knows the empty secret", short)
        .token(macced(Alg::HS256, b""))
        .allow(&["HS256"]);
    let mut cases = vec![
        empty.clone().secret(b""),
        refused(14, "empty-secret-as-jwk", "also as a JWK", short)
            .token(macced(Alg::HS256, b""))
            .allow(&["HS256"])
            .jwk(oct(None, b"")),
        refused(14, "empty-secret-although-weak", "no option lets it through", short)
            .token(macced(Alg::HS256, b""))
            .allow(&["HS256"])
            .secret(b"")
            .policy(weak.clone()),
        refused(14, "set-of-empty-secret", "a set has then no usable key", "key_set_empty")
            .token(macced(Alg::HS256, b""))
            .allow(&["HS256"])
            .keys([oct(None, b"")]),
    ];
    for (alg, bytes) in [(Alg::HS256, 32), (Alg::HS384, 48), (Alg::HS512, 64)] {
        let name = alg.name();
        let secret: Vec<u8> = (1..=bytes).collect();
        let shorter = &secret[1..];
        cases.extend([
            refused(15, &format!("{name}-secret-too-short"), "one byte less than the hash output", short)
                .token(macced(alg, shorter))
                .allow(&[name])
                .secret(shorter)
                .policy(json!({"key_alg": name})),
            accepted(15, &format!("{name}-secret-long-enough"), "as long as the hash output")
                .token(macced(alg, &secret))
                .allow(&[name])
                .secret(&secret)
                .policy(json!({"key_alg": name})),
            accepted(15, &format!("{name}-weak-secret-allowed"), "only when asked for by name")
                .token(macced(alg, b"1"))
                .allow(&[name])
                .secret(b"1")
                .policy(weak.clone()),
        ]);
    }
    cases.push(
        refused(15, "hs512-secret-of-hs256", "without an alg the length binds the secret", "key_not_for_alg")
            .token(macced(Alg::HS512, &[7; 63]))
            .secret(&[7; 63])
            .allow(&["HS256", "HS384", "HS512"]),
    );
    cases
}

/// A modulus of so many bits; odd unless `last` is even.
fn modulus(bits: usize, last: u8) -> String {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] >>= bits.wrapping_neg() % 8;
    *bytes.last_mut().unwrap() = last;
    b64(&bytes)
}

fn rsa() -> Vec<Case> {
    let rsa = public("rsa");
    let with_n = |n: String| with(public("rsa"), json!({ "n": n }));
    let with_e = |e: &[u8]| with(public("rsa"), json!({"e": b64(e)}));
    let led = b64(&[&[0], member(&rsa, "n").as_slice()].concat());
    let rows: Vec<(&str, Value, &str)> = vec![
        ("modulus-of-1024-bits", with_n(modulus(1024, 0xff)), "key_rsa_too_short"),
        ("modulus-of-2047-bits", with_n(modulus(2047, 0xff)), "key_rsa_too_short"),
        ("modulus-of-512-bits", with_n(modulus(512, 0xff)), "key_rsa_too_short"),
        ("modulus-of-8193-bits", with_n(modulus(8193, 0xff)), "key_rsa_modulus"),
        ("even-modulus", with_n(modulus(2048, 0xfe)), "key_rsa_modulus"),
        ("modulus-with-leading-zero", with_n(led), "key_member_invalid"),
        ("empty-modulus", with_n(String::new()), "key_member_invalid"),
        ("padded-modulus", with_n(format!("{}=", modulus(2048, 0xff))), "key_member_invalid"),
        ("exponent-1", with_e(&[1]), "key_rsa_exponent"),
        ("exponent-2", with_e(&[2]), "key_rsa_exponent"),
        ("exponent-0", with_e(&[0]), "key_member_invalid"),
        ("exponent-65536", with_e(&[1, 0, 0]), "key_rsa_exponent"),
        ("exponent-of-34-bits", with_e(&[2, 0, 0, 0, 1]), "key_rsa_exponent"),
        ("exponent-with-leading-zero", with_e(&[0, 1, 0, 1]), "key_member_invalid"),
        ("without-exponent", with(public("rsa"), json!({"e": null})), "key_member_missing"),
        ("exponent-as-number", with(public("rsa"), json!({"e": 65537})), "key_member_invalid"),
    ];
    let mut cases: Vec<Case> = rows
        .into_iter()
        .map(|(slug, jwk, code)| {
            let case = refused(16, slug, "an RSA key has sound numbers", code);
            case.token(good(Alg::RS256)).jwk(jwk).allow(&["RS256"])
        })
        .collect();
    let weak = json!({"allow_weak_keys": true});
    cases.extend([
        accepted(16, "modulus-of-1024-bits-allowed", "only when asked for by name")
            .token(frozen("rs256-1024"))
            .keys([rsa_1024()])
            .allow(&["RS256"])
            .policy(weak.clone()),
        refused(16, "ps256-with-1024-bits", "weak RSA keys verify RS256 and RS512 alone", "key_not_for_alg")
            .token(frozen("ps256-1024"))
            .keys([rsa_1024()])
            .allow(&["PS256"])
            .policy(weak),
        refused(16, "set-of-1024-bits", "a set has then no usable key", "key_set_empty")
            .token(frozen("rs256-1024"))
            .keys([rsa_1024()])
            .allow(&["RS256"]),
        accepted(16, "modulus-of-2048-bits", "the least size")
            .token(good(Alg::RS256))
            .jwk(rsa)
            .allow(&["RS256"]),
    ]);
    cases
}

fn uses() -> Vec<Case> {
    let mut cases = Vec::new();
    for (slug, members, code) in [
        ("use-enc", json!({"use": "enc"}), "key_use_not_signature"),
        ("use-in-capitals", json!({"use": "SIG"}), "key_use_not_signature"),
        ("use-array", json!({"use": ["sig"]}), "key_member_invalid"),
        ("ops-encrypt", json!({"key_ops": ["encrypt"]}), "key_ops_not_allowed"),
        ("ops-sign-alone", json!({"key_ops": ["sign"]}), "key_ops_not_allowed"),
        ("ops-empty", json!({"key_ops": []}), "key_ops_not_allowed"),
        ("ops-repeated", json!({"key_ops": ["verify", "verify"]}), "key_member_invalid"),
        ("ops-string", json!({"key_ops": "verify"}), "key_member_invalid"),
        ("ops-number", json!({"key_ops": ["verify", 1]}), "key_member_invalid"),
        ("use-enc-with-ops-verify", json!({"use": "enc", "key_ops": ["verify"]}), "key_use_not_signature"),
        (
            "use-sig-with-ops-of-encryption",
            json!({"use": "sig", "key_ops": ["verify", "encrypt"]}),
            "key_member_invalid",
        ),
    ] {
        let case = refused(17, slug, "a key is used for what it is meant for", code);
        cases.push(case.jwk(with(public("ed25519"), members)));
    }
    let enc = with(public("ed25519"), json!({"use": "enc"}));
    cases.extend([
        accepted(17, "use-sig-and-ops-verify", "meant for it")
            .jwk(with(public("ed25519"), json!({"use": "sig", "key_ops": ["sign", "verify"]}))),
        refused(17, "enc-key-with-the-kid", "in a set it is as if absent", "kid_unknown")
            .keys([enc, public("ed25519-2")])
            .token(token(
                Alg::EdDSA,
                "ed25519",
                r#"{"alg":"EdDSA","kid":"ed25519"}"#,
                plain_claims().to_string(),
            )),
    ]);
    cases
}
