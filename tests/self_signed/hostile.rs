//! Tokens with their own keys that must be refused, and some that must not.

use jot::{Alg, Code, KeyType};
use serde_json::{Value, json};

use super::cases::forge::{resigned, signature, token, unsigned};
use super::cases::keys::{b64, bare, kid_of, member, oct, private, public, rsa_1024, verifying, with};

pub(crate) const CLAIMS: &str = r#"{"htm":"GET","iat":1800000000,"jti":"1"}"#;

/// A header of a DPoP proof with further members, and without those that are null.
pub(crate) fn header(alg: Alg, jwk: &Value, members: Value) -> String {
    with(json!({"typ": "dpop+jwt", "alg": alg.name(), "jwk": jwk}), members).to_string()
}

/// A proof that is signed with the key of `kid`, and has this key in its header.
fn with_jwk(alg: Alg, kid: &str, jwk: &Value) -> String {
    token(alg, kid, header(alg, jwk, json!({})), CLAIMS)
}

/// The public key for `alg`, with no more members than it must have.
pub(crate) fn jwk_of(alg: Alg) -> Value {
    let kid = kid_of(alg);
    if kid == "ml-dsa-44" { with(public(kid), json!({"kid": null})) } else { bare(kid) }
}

pub(crate) fn good(alg: Alg) -> String {
    with_jwk(alg, kid_of(alg), &jwk_of(alg))
}

/// The algorithms for which there are keys.
pub(crate) fn asymmetric() -> impl Iterator<Item = Alg> {
    let has_key = |alg: &Alg| alg.key_type() != KeyType::Oct && !matches!(alg, Alg::MlDsa65 | Alg::MlDsa87);
    Alg::ALL.iter().copied().filter(has_key)
}

/// A case: the token, the key that is handed over, and the code.
pub(crate) struct Case {
    pub(crate) what: String,
    pub(crate) token: String,
    pub(crate) key: Option<String>,
    pub(crate) code: Option<Code>,
}

fn case(what: &str, token: String, code: Code) -> Case {
    Case { what: what.to_owned(), token, key: None, code: Some(code) }
}

fn handed(what: &str, token: String, key: String, code: Option<Code>) -> Case {
    Case { what: what.to_owned(), token, key: Some(key), code }
}

pub(crate) fn es256(members: Value) -> String {
    token(Alg::ES256, "p256", header(Alg::ES256, &bare("p256"), members), CLAIMS)
}

fn es256_with(members: Value) -> String {
    with_jwk(Alg::ES256, "p256", &with(bare("p256"), members))
}

fn of_headers() -> Vec<Case> {
    let es256_of = |header: &str| token(Alg::ES256, "p256", header, CLAIMS);
    let jwk = bare("p256").to_string();
    let twice = format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{jwk},"jwk":{jwk}}}"#);
    let escaped = format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{jwk},"jw\u006b":{jwk}}}"#);
    let member_twice = jwk.replacen('{', r#"{"crv":"P-256","#, 1);
    let member_twice = format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{member_twice}}}"#);
    let hmac = |jwk: &Value| {
        let header = header(Alg::HS256, jwk, json!({}));
        token(Alg::HS256, "hs256", header, CLAIMS)
    };
    let huge = with(bare("p256"), json!({"padding": "x".repeat(8 * 1024)}));
    let mut cases = vec![
        case("no token", String::new(), Code::TokenEmpty),
        case("no jwk", es256(json!({"jwk": null})), Code::JwkMissing),
        case("two jwk", es256_of(&twice), Code::HeaderRepeated),
        case("two jwk, one of them escaped", es256_of(&escaped), Code::HeaderRepeated),
        case("a member of the jwk twice", es256_of(&member_twice), Code::HeaderRepeated),
        case("huge jwk", with_jwk(Alg::ES256, "p256", &huge), Code::HeaderTooLong),
        case("no alg", es256(json!({"alg": null})), Code::AlgMissing),
        case("alg none", es256(json!({"alg": "none"})), Code::AlgNone),
        case("alg of encryption", es256(json!({"alg": "ECDH-ES"})), Code::AlgUnknown),
        case("HS256 and a secret", hmac(&oct(None, &[7; 32])), Code::AlgNotAllowed),
        case("HS256 and a public key", hmac(&bare("p256")), Code::AlgNotAllowed),
        case("no typ", es256(json!({"typ": null})), Code::TypMissing),
        case("typ of something else", es256(json!({"typ": "at+jwt"})), Code::TypMismatch),
        case("typ that is no text", es256(json!({"typ": 1})), Code::TypInvalid),
        case("crit", es256(json!({"crit": ["jwt"], "jwt": 1})), Code::CritUnknown),
        case("crit of the jwk", es256(json!({"crit": ["jwk"]})), Code::CritRegistered),
        case("b64", es256(json!({"b64": false})), Code::B64NotCritical),
        case("b64 in crit", es256(json!({"b64": false, "crit": ["b64"]})), Code::B64InJwt),
        case("only other keys", es256(json!({"jwk": null, "jku": "https://a"})), Code::JwkMissing),
    ];
    for value in [json!(null), json!("P-256"), json!([bare("p256")]), json!(1), json!(true)] {
        // A member that is null is there, and is no key.
        let text = format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{value}}}"#);
        cases.push(case(&text, es256_of(&text), Code::JwkInvalid));
    }
    cases
}

pub(crate) fn of_keys() -> Vec<Case> {
    let of = |alg, kid: &str, members| with_jwk(alg, kid, &with(bare(kid), members));
    let x = member(&bare("p256"), "x");
    let off = with(bare("p256"), json!({"y": b64(&x)}));
    let zero = json!({"x": b64(&[0; 32]), "y": b64(&[0; 32])});
    let beyond = json!({"x": b64(&[0xff; 32])});
    let n = member(&bare("rsa"), "n");
    let mut even = n.clone();
    *even.last_mut().unwrap() &= 0xfe;
    let mut cases = vec![
        case("oct", with_jwk(Alg::ES256, "p256", &oct(None, &[7; 32])), Code::KeySecretNotPublic),
        case("empty jwk", with_jwk(Alg::ES256, "p256", &json!({})), Code::KeyMemberMissing),
        case("no kty", es256_with(json!({"kty": null})), Code::KeyMemberMissing),
        case("other kty", es256_with(json!({"kty": "ec"})), Code::KeyTypeUnknown),
        case("other curve", es256_with(json!({"crv": "P-224"})), Code::KeyCurveUnknown),
        case("curve of another size", es256_with(json!({"crv": "P-384"})), Code::KeyMemberInvalid),
        case("curve of the same size", es256_with(json!({"crv": "secp256k1"})), Code::KeyNotForAlg),
        case("no y", es256_with(json!({"y": null})), Code::KeyMemberMissing),
        case("y that is no text", es256_with(json!({"y": 5})), Code::KeyMemberInvalid),
        case("short x", es256_with(json!({"x": b64(&x[1..])})), Code::KeyMemberInvalid),
        case("long x", es256_with(json!({"x": b64(&[&[0], x.as_slice()].concat())})), Code::KeyMemberInvalid),
        case("padded x", es256_with(json!({"x": format!("{}=", b64(&x))})), Code::KeyMemberInvalid),
        case("point not on the curve", with_jwk(Alg::ES256, "p256", &off), Code::KeyInvalid),
        case("point of zeros", es256_with(zero), Code::KeyInvalid),
        case("coordinate beyond the field", es256_with(beyond), Code::KeyInvalid),
        case("key for encryption", es256_with(json!({"use": "enc"})), Code::KeyUseNotSignature),
        case("key for signing alone", es256_with(json!({"key_ops": ["sign"]})), Code::KeyOpsNotAllowed),
        case("key for another alg", es256_with(json!({"alg": "ES384"})), Code::KeyAlgMismatch),
        case("key for encryption by alg", es256_with(json!({"alg": "ECDH-ES"})), Code::KeyAlgUnknown),
        case("kid that is no text", es256_with(json!({"kid": 7})), Code::KeyMemberInvalid),
        case("x5c of another kind", es256_with(json!({"x5c": "MII"})), Code::KeyMemberInvalid),
        case(
            "key of Ed25519 under ES256",
            with_jwk(Alg::ES256, "p256", &bare("ed25519")),
            Code::KeyNotForAlg,
        ),
        case("key of RSA under ES256", with_jwk(Alg::ES256, "p256", &bare("rsa")), Code::KeyNotForAlg),
        case("key of P-256 under EdDSA", with_jwk(Alg::EdDSA, "ed25519", &bare("p256")), Code::KeyNotForAlg),
        case("key of X25519", of(Alg::EdDSA, "ed25519", json!({"crv": "X25519"})), Code::KeyCurveUnknown),
        case(
            "long key of Ed25519",
            of(Alg::EdDSA, "ed25519", json!({"x": b64(&[1; 33])})),
            Code::KeyMemberInvalid,
        ),
        case("RSA of 1024 bits", with_jwk(Alg::RS256, "rsa", &rsa_1024()), Code::KeyRsaTooShort),
        case("RSA with exponent 1", of(Alg::RS256, "rsa", json!({"e": "AQ"})), Code::KeyRsaExponent),
        case("RSA with an even exponent", of(Alg::RS256, "rsa", json!({"e": "BA"})), Code::KeyRsaExponent),
        case(
            "RSA with a long exponent",
            of(Alg::RS256, "rsa", json!({"e": b64(&[5; 6])})),
            Code::KeyRsaExponent,
        ),
        case(
            "RSA with an even modulus",
            of(Alg::RS256, "rsa", json!({"n": b64(&even)})),
            Code::KeyRsaModulus,
        ),
        case(
            "RSA with a zero in front",
            of(Alg::RS256, "rsa", json!({"n": b64(&[&[0], n.as_slice()].concat())})),
            Code::KeyMemberInvalid,
        ),
        case(
            "RSA of 16384 bits",
            of(Alg::RS256, "rsa", json!({"n": b64(&[0xff; 2048])})),
            Code::KeyRsaModulus,
        ),
        case("RSA bound to another alg", of(Alg::RS256, "rsa", json!({"alg": "PS256"})), Code::KeyNotForAlg),
    ];
    for (alg, kid) in
        [(Alg::ES256, "p256"), (Alg::EdDSA, "ed25519"), (Alg::RS256, "rsa"), (Alg::MlDsa44, "ml-dsa-44")]
    {
        let whole = with(private(kid), json!({"kid": null}));
        cases.push(case(&format!("private {kid}"), with_jwk(alg, kid, &whole), Code::JwkPrivate));
    }
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for value in [json!("AAAA"), json!(""), json!(null), json!(5)] {
            let mut jwk = bare("p256");
            jwk[name] = value;
            cases.push(case(
                &format!("private {name}"),
                with_jwk(Alg::ES256, "p256", &jwk),
                Code::JwkPrivate,
            ));
        }
    }
    cases
}

/// What order the curve's small points have: aws-lc alone says what holds with them.
const LOW_ORDER: [&str; 8] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// Signatures that hold, as far as the equation goes, with keys that are no secret.
fn of_low_order() -> Vec<Case> {
    let mut cases = Vec::new();
    for x in LOW_ORDER {
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": b64(&hex(x))});
        let header = header(Alg::EdDSA, &jwk, json!({}));
        for r in LOW_ORDER {
            let signature = [hex(r), vec![0; 32]].concat();
            let token = unsigned(&header, CLAIMS, &signature);
            let (message, _) = token.rsplit_once('.').unwrap();
            // What aws-lc says of the same, by the way of a verifying key.
            let read = jot::VerifyingKey::from_jwk(&jwk.to_string(), &jot::KeyOptions::default());
            let code = match read {
                Err(error) => Some(error.code()),
                Ok(key) if key.verify_signature(Alg::EdDSA, message, &signature) => None,
                Ok(_) => Some(Code::SignatureInvalid),
            };
            cases.push(Case { what: format!("{x} {r}"), token, key: None, code });
        }
    }
    cases
}

fn of_signatures() -> Vec<Case> {
    let (es256, eddsa) = (good(Alg::ES256), good(Alg::EdDSA));
    let zeros = |token: &str| resigned(token, &[0; 64]);
    let scaled = {
        let mut bytes = signature(&eddsa);
        bytes[32..].fill(0xff);
        resigned(&eddsa, &bytes)
    };
    let foreign = |alg, kid: &str| {
        let other = jot::SigningKey::generate(alg).unwrap().verifying_key().unwrap().to_jwk().unwrap();
        with_jwk(alg, kid, &serde_json::from_str(&other).unwrap())
    };
    let plain =
        |payload: &str| token(Alg::ES256, "p256", header(Alg::ES256, &bare("p256"), json!({})), payload);
    let dotless = es256.rsplit_once('.').unwrap().0.to_owned();
    vec![
        case("empty signature", format!("{dotless}."), Code::SignatureInvalid),
        case("no signature", dotless, Code::TokenSegments),
        case("signature that is no base64url", format!("{es256}+"), Code::SignatureEncoding),
        case("short signature", resigned(&es256, &signature(&es256)[..63]), Code::SignatureInvalid),
        case("zeros", zeros(&es256), Code::SignatureInvalid),
        case("zeros of EdDSA", zeros(&eddsa), Code::SignatureInvalid),
        case("S beyond the order", scaled, Code::SignatureInvalid),
        case("another's ES256", foreign(Alg::ES256, "p256"), Code::SignatureInvalid),
        case("another's EdDSA", foreign(Alg::EdDSA, "ed25519"), Code::SignatureInvalid),
        case("another's ES384", foreign(Alg::ES384, "p384"), Code::SignatureInvalid),
        case("payload that is no JSON", plain("{"), Code::ClaimsJson),
        case("payload that is no object", plain("[]"), Code::ClaimsNotObject),
        case("claim twice", plain(r#"{"htm":"GET","htm":"PUT"}"#), Code::ClaimsRepeated),
    ]
}

fn of_handed_keys() -> Vec<Case> {
    let keyless = |alg: Alg| token(alg, kid_of(alg), header(alg, &json!(null), json!({"jwk": null})), CLAIMS);
    let p256 = bare("p256").to_string();
    vec![
        handed("key", keyless(Alg::ES256), p256.clone(), None),
        handed("key with a mark", keyless(Alg::ES256), format!("\u{feff}{p256}"), None),
        handed("key of EdDSA", keyless(Alg::EdDSA), bare("ed25519").to_string(), None),
        handed("two keys", good(Alg::ES256), p256.clone(), Some(Code::JwkUnexpected)),
        handed(
            "a key and null",
            token(Alg::ES256, "p256", r#"{"alg":"ES256","typ":"dpop+jwt","jwk":null}"#, CLAIMS),
            p256.clone(),
            Some(Code::JwkUnexpected),
        ),
        handed("no key", keyless(Alg::ES256), String::new(), Some(Code::KeyJson)),
        handed("set", keyless(Alg::ES256), format!(r#"{{"keys":[{p256}]}}"#), Some(Code::KeyMemberMissing)),
        handed(
            "PEM",
            keyless(Alg::ES256),
            verifying(&bare("p256")).to_pem().unwrap(),
            Some(Code::KeyTextIsPem),
        ),
        handed("private", keyless(Alg::ES256), private("p256").to_string(), Some(Code::JwkPrivate)),
        handed(
            "secret",
            keyless(Alg::ES256),
            oct(None, &[7; 32]).to_string(),
            Some(Code::KeySecretNotPublic),
        ),
        handed(
            "member twice",
            keyless(Alg::ES256),
            p256.replacen('{', r#"{"crv":"P-256","#, 1),
            Some(Code::KeyJson),
        ),
        handed("other type", keyless(Alg::ES256), bare("ed25519").to_string(), Some(Code::KeyNotForAlg)),
        handed(
            "other key",
            keyless(Alg::EdDSA),
            json!({"kty": "OKP", "crv": "Ed25519", "x": b64(&[3; 32])}).to_string(),
            Some(Code::SignatureInvalid),
        ),
    ]
}

pub(crate) fn all_cases() -> Vec<Case> {
    let good = |alg: Alg| Case { what: alg.to_string(), token: good(alg), key: None, code: None };
    let mut all: Vec<Case> = asymmetric().map(good).collect();
    for more in [of_headers(), of_keys(), of_low_order(), of_signatures(), of_handed_keys()] {
        all.extend(more);
    }
    all
}
