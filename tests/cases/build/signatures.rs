//! Lines 30 to 38: signatures that do not hold.

use jot::Alg;
use serde_json::json;

use crate::cases::forge::{good, resigned, seal, segments, signature, signing_input};
use crate::cases::keys::{b64, bare, frozen, key_of, kid_of, mac, member, private, public, sign, with};
use crate::cases::table::{Case, accepted, refused};

const CURVES: [(Alg, &str); 4] = [
    (Alg::ES256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    (
        Alg::ES384,
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
    (
        Alg::ES512,
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
         51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ),
    (Alg::ES256K, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
];

const INVALID: &str = "signature_invalid";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = CURVES.into_iter().flat_map(|(alg, order)| ecdsa(alg, &hex(order))).collect();
    cases.extend(ed25519());
    cases.extend(rsa());
    cases.extend(macs());
    cases.extend(missing());
    cases.extend(changed());
    cases
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// a - b, both big-endian and of one length.
fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut result: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(a, b)| {
            let difference = i16::from(*a) - i16::from(*b) - borrow;
            borrow = i16::from(difference < 0);
            difference.rem_euclid(256).to_le_bytes()[0]
        })
        .collect();
    result.reverse();
    result
}

/// a + b, both big-endian and of one length; an overflow is lost.
fn plus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let zero = vec![0; a.len()];
    minus(a, &minus(&zero, b))
}

fn ecdsa(alg: Alg, order: &[u8]) -> Vec<Case> {
    let name = alg.name();
    let token = good(alg);
    let whole = signature(&token);
    let (r, s) = whole.split_at(order.len());
    let zero = vec![0; order.len()];
    let ones = vec![0xff; order.len()];
    let mut one = zero.clone();
    *one.last_mut().unwrap() = 1;
    let case = |line, slug: &str, why: &str, signature: &[u8]| {
        let case = refused(line, &format!("{name}-{slug}"), why, INVALID);
        case.token(resigned(&token, signature)).keys([key_of(alg)]).allow(&[name])
    };
    let pair = |line, slug, r: &[u8], s: &[u8]| {
        case(line, slug, "r and s lie between 0 and the order", &[r, s].concat())
    };
    let der = |r: &[u8], s: &[u8]| -> Vec<u8> {
        let integer = |number: &[u8]| {
            let number: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
            let lead: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
            let length = u8::try_from(lead.len() + number.len()).unwrap();
            [&[2, length], lead, &number].concat()
        };
        let body = [integer(r), integer(s)].concat();
        let length = u8::try_from(body.len()).unwrap();
        if length < 0x80 {
            [&[0x30, length], &body[..]].concat()
        } else {
            [&[0x30, 0x81, length], &body[..]].concat()
        }
    };
    let raw = "the signature is r and s, each as long as a coordinate";
    vec![
        accepted(31, &format!("{name}-high-s"), "n - s is as good as s (RFC 7518 says nothing against it)")
            .token(resigned(&token, &[r, &minus(order, s)].concat()))
            .keys([key_of(alg)])
            .allow(&[name]),
        pair(30, "r-and-s-zero", &zero, &zero),
        pair(31, "r-zero", &zero, s),
        pair(31, "s-zero", r, &zero),
        pair(31, "r-is-the-order", order, s),
        pair(31, "s-is-the-order", r, order),
        pair(31, "r-and-s-are-the-order", order, order),
        pair(31, "r-and-s-one", &one, &one),
        pair(31, "r-and-s-all-ones", &ones, &ones),
        pair(31, "r-is-the-order-less-r", &minus(order, r), s),
        pair(31, "s-plus-order-cut", r, &plus(s, order)),
        pair(31, "r-is-zero-and-s-the-order", &zero, order),
        pair(31, "swapped", s, r),
        case(32, "in-der", raw, &der(r, s)),
        case(32, "in-der-with-high-s", raw, &der(r, &minus(order, s))),
        case(33, "one-byte-short", raw, &whole[..whole.len() - 1]),
        case(33, "one-byte-long", raw, &[&whole[..], &[0]].concat()),
        case(33, "zero-before", raw, &[&[0], &whole[..]].concat()),
        case(33, "zero-before-each", raw, &[&[0], r, &[0], s].concat()),
        case(33, "half", raw, r),
        case(33, "twice", raw, &[&whole[..], &whole].concat()),
        case(33, "one-byte", raw, &[1]),
    ]
}

/// The order of the group of Ed25519, little-endian (RFC 8032 §5.1).
const ED25519_ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

fn ed25519() -> Vec<Case> {
    let token = good(Alg::EdDSA);
    let whole = signature(&token);
    let (r, s) = whole.split_at(32);
    let reversed = |bytes: &[u8]| -> Vec<u8> { bytes.iter().rev().copied().collect() };
    let order = hex(ED25519_ORDER);
    let beyond = reversed(&plus(&reversed(s), &reversed(&order)));
    let mut identity = [0; 32];
    identity[0] = 1;
    let case = |slug: &str, why: &str, signature: &[u8]| {
        refused(34, slug, why, INVALID).token(resigned(&token, signature))
    };
    let mut cases = vec![
        case("s-plus-order", "S lies below the order", &[r, &beyond].concat()),
        case("s-is-the-order", "S lies below the order", &[r, &order].concat()),
        case("s-all-ones", "S lies below the order", &[r, &[0xff; 32]].concat()),
        case("all-zero", "neither point nor scalar", &[0; 64]),
        case("r-identity-and-s-zero", "R of small order", &[identity, [0; 32]].concat()),
        case("r-not-a-point", "R is no point", &[&[0xff; 32], s].concat()),
        case("one-byte-short", "64 bytes exactly", &whole[..63]),
        case("one-byte-long", "64 bytes exactly", &[&whole[..], &[0]].concat()),
        case("half", "64 bytes exactly", r),
        case("swapped", "R before S", &[s, r].concat()),
        case(
            "of-another-key",
            "the key of somebody else",
            &sign(Alg::EdDSA, "ed25519-2", signing_input(&token).as_bytes()),
        ),
    ];
    let mut sign_bit = whole.clone();
    sign_bit[31] ^= 0x80;
    cases.push(case("r-with-other-sign", "minus R is not R", &sign_bit));
    cases
}

fn rsa() -> Vec<Case> {
    let mut cases = Vec::new();
    let kept = |slug: &str, why: &str, code: &str| {
        let case = refused(35, slug, why, code);
        case.token(frozen(slug)).keys([bare("rsa")]).allow(&["RS256", "PS256"])
    };
    let salt = "the salt is as long as the hash output";
    cases.push(kept("ps256-salt-32", salt, "accepted"));
    for slug in ["ps256-salt-0", "ps256-salt-31", "ps256-salt-33", "ps256-salt-222"] {
        cases.push(kept(slug, salt, INVALID));
    }
    for slug in ["ps256-mgf1-sha1", "ps256-inside-sha384"] {
        cases.push(kept(slug, "one hash function throughout", INVALID));
    }
    cases.push(kept("ps256-trailer-cc", "the last byte is bc", INVALID));
    cases.push(kept("rs256-plain", "the padding of RFC 8017", "accepted"));
    for slug in [
        "rs256-without-null",
        "rs256-sha1",
        "rs256-md5",
        "rs256-without-digest-info",
        "rs256-garbage-behind",
        "rs256-block-type-2",
        "rs256-padding-of-zeros",
    ] {
        cases.push(kept(slug, "the padding is exactly that of RFC 8017", INVALID));
    }
    for slug in ["rs256-s-plus-n", "rs256-s-zero", "rs256-s-one", "rs256-s-n", "rs256-s-n-minus-one"] {
        cases.push(kept(slug, "the signature lies below the modulus, and verifies", INVALID));
    }
    let token = good(Alg::RS256);
    let whole = signature(&token);
    for (slug, signature) in [
        ("rs256-one-byte-short", whole[..255].to_vec()),
        ("rs256-one-byte-long", [&whole[..], &[0]].concat()),
        ("rs256-zero-before", [&[0], &whole[..]].concat()),
        ("rs256-half", whole[..128].to_vec()),
        ("rs256-under-ps256", sign(Alg::PS256, "rsa", signing_input(&token).as_bytes())),
        ("rs384-under-rs256", sign(Alg::RS384, "rsa", signing_input(&token).as_bytes())),
        ("of-another-key", sign(Alg::RS256, "rsa-2", signing_input(&token).as_bytes())),
    ] {
        let case = refused(35, slug, "not the signature of this token", INVALID);
        cases.push(case.token(resigned(&token, &signature)).keys([bare("rsa")]).allow(&["RS256", "PS256"]));
    }
    let token = good(Alg::PS256);
    let signature = sign(Alg::RS256, "rsa", signing_input(&token).as_bytes());
    cases.push(
        refused(35, "ps256-under-rs256", "nor PKCS #1 under PSS", INVALID)
            .token(resigned(&token, &signature))
            .keys([bare("rsa")])
            .allow(&["RS256", "PS256"]),
    );
    cases
}

fn macs() -> Vec<Case> {
    let token = good(Alg::HS256);
    let whole = signature(&token);
    let secret = member(&private("hs256"), "k");
    let of = |alg| mac(alg, &secret, signing_input(&token).as_bytes());
    let mut cases = Vec::new();
    for (slug, signature) in [
        ("hs256-cut-to-16-bytes", whole[..16].to_vec()),
        ("hs256-cut-to-31-bytes", whole[..31].to_vec()),
        ("hs256-one-byte-long", [&whole[..], &[0]].concat()),
        ("hs256-of-zeros", vec![0; 32]),
        ("hs384-under-hs256", of(Alg::HS384)),
        ("hs512-under-hs256", of(Alg::HS512)),
        ("hs512-under-hs256-cut", of(Alg::HS512)[..32].to_vec()),
        ("hs256-in-hex", whole.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
    ] {
        let case = refused(33, slug, "a MAC is compared whole", INVALID);
        cases.push(case.token(resigned(&token, &signature)).keys([bare("hs256")]).allow(&["HS256", "HS512"]));
    }
    cases
}

fn missing() -> Vec<Case> {
    let algorithms = [
        Alg::HS256,
        Alg::HS384,
        Alg::HS512,
        Alg::RS256,
        Alg::RS384,
        Alg::RS512,
        Alg::PS256,
        Alg::PS384,
        Alg::PS512,
        Alg::ES256,
        Alg::ES384,
        Alg::ES512,
        Alg::ES256K,
        Alg::EdDSA,
        Alg::Ed25519,
        Alg::MlDsa44,
    ];
    algorithms
        .into_iter()
        .map(|alg| {
            let case = refused(36, &format!("{}-empty", alg.name()), "an empty signature", INVALID);
            let header = format!(r#"{{"alg":"{}"}}"#, alg.name());
            let token = seal(alg, kid_of(alg), &b64(header.as_bytes()), &b64(b"{}"));
            let key = with(public(kid_of(alg)), json!({"alg": alg.name()}));
            case.token(format!("{}.", signing_input(&token))).keys([key]).allow(&[alg.name()])
        })
        .collect()
}

fn changed() -> Vec<Case> {
    let token = good(Alg::EdDSA);
    let [header, payload, sig] = segments(&token);
    let flip = |text: &str, at: usize| {
        let mut bytes = crate::cases::keys::unb64(text);
        bytes[at] ^= 1;
        b64(&bytes)
    };
    let last = payload.len() - 4;
    vec![
        refused(37, "bit-of-alg", "one bit of the header", "alg_unknown")
            .token(format!("{}.{payload}.{sig}", flip(header, 9))),
        refused(37, "bit-of-payload", "one bit of the payload", INVALID)
            .token(format!("{header}.{}.{sig}", flip(payload, 20))),
        refused(37, "bit-of-signature", "one bit of the signature", INVALID)
            .token(format!("{header}.{payload}.{}", flip(sig, 63))),
        refused(37, "payload-of-another-token", "a payload of somebody else", INVALID)
            .token(format!("{header}.{}.{sig}", b64(br#"{"sub":"root","exp":1800003600}"#))),
        refused(38, "signature-cut", "the last group of the signature", INVALID)
            .token(token[..token.len() - 2].to_owned()),
        refused(38, "without-signature", "nothing behind the last dot", INVALID)
            .token(format!("{header}.{payload}.")),
        refused(38, "without-last-dot", "two segments", "token_segments")
            .token(format!("{header}.{payload}")),
        refused(38, "payload-cut", "the last group of the payload", INVALID)
            .token(format!("{header}.{}.{sig}", &payload[..last])),
        refused(38, "header-alone", "one segment", "token_segments").token(header),
    ]
}
