//! The examples that the RFCs give, and what each must come to as a JWS and as
//! a JWT. The rows are data, in `tests/rfc/`; their codes are part of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod common;

use jot::{
    Alg, Code, Condition, KeyOptions, KeySet, Policy, Scratch, SigningKey, UnixSeconds, Verifier,
    VerifyingKey,
};
use serde_json::{Value, json};

use common::{Case, base64url, code, own_file, rows, secret_keys, sign, text};

/// Runs every case of a file; `count` is how many there must be.
#[track_caller]
fn run(file: &str, count: usize) {
    let file = own_file(file);
    let cases = rows(&file, "cases");
    assert_eq!(cases.len(), count);
    for case in cases {
        let id = text(case, "id");
        let ready = Case::new(case);
        assert_eq!(ready.as_jws(), code(text(case, "jws")), "{id} as a JWS");
        assert_eq!(ready.as_jwt(), code(text(case, "jwt")), "{id} as a JWT");
    }
}

#[test]
fn rfc7515_appendix_a_comes_out_as_written() {
    run("rfc/rfc7515.json", 7);
}

#[test]
fn rfc7520_signatures_come_out_as_written() {
    run("rfc/rfc7520.json", 6);
}

#[test]
fn rfc7797_payload_is_taken_unencoded_when_detached() {
    run("rfc/rfc7797.json", 3);
}

#[test]
fn rfc8037_signature_holds() {
    run("rfc/rfc8037.json", 1);
}

/// Ed448 has no row among our algorithms: its keys are refused by their curve
/// and its name in a token is unknown.
#[test]
fn rfc9864_names_mean_one_curve_each() {
    run("rfc/rfc9864.json", 8);
}

#[test]
fn rfc9964_signatures_hold() {
    run("rfc/rfc9964.json", 3);
}

#[test]
fn rfc9964_signature_is_refused_when_its_last_byte_is_another() {
    for case in rows(&own_file("rfc/rfc9964.json"), "cases") {
        let mut case = case.clone();
        let (rest, signature) = text(&case, "token").rsplit_once('.').unwrap();
        let mut signature = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(signature).unwrap();
        *signature.last_mut().unwrap() ^= 1;
        case["token"] = format!("{rest}.{}", base64url(&signature)).into();
        assert_eq!(Case::new(&case).as_jws(), Code::SignatureInvalid, "{}", case["id"]);
    }
}

/// RFC 9964 §3: `alg` is required in an AKP key, and what it names is what the
/// public key must be.
#[test]
fn rfc9964_key_is_refused_when_its_alg_is_absent_or_another() {
    let file = own_file("rfc/rfc9964.json");
    for case in rows(&file, "cases") {
        let mut key = case["key"].clone();
        let refusal = |key: &Value| {
            VerifyingKey::from_jwk(key.to_string().as_bytes(), &KeyOptions::default())
                .map_err(|error| (error.code(), error.member().map(str::to_owned)))
                .unwrap_err()
        };
        for (alg, wanted) in [
            (Some("ML-DSA-44"), (Code::KeyMemberInvalid, "pub")),
            (Some("ML-DSA-65"), (Code::KeyMemberInvalid, "pub")),
            (Some("ML-DSA-87"), (Code::KeyMemberInvalid, "pub")),
            (Some("ES256"), (Code::KeyAlgMismatch, "alg")),
            (Some("ML-DSA-44-ES256"), (Code::KeyAlgUnknown, "alg")),
            (None, (Code::KeyMemberMissing, "alg")),
        ] {
            if alg == case["key"]["alg"].as_str() {
                continue;
            }
            match alg {
                Some(alg) => key["alg"] = alg.into(),
                None => drop(key.as_object_mut().unwrap().remove("alg")),
            }
            assert_eq!(refusal(&key), (wanted.0, Some(wanted.1.to_owned())), "{} {alg:?}", case["id"]);
        }
    }
}

#[test]
fn rfc7638_thumbprints_are_as_written() {
    let file = own_file("rfc/rfc7638.json");
    let cases = rows(&file, "cases");
    assert_eq!(cases.len(), 2);
    for case in cases {
        assert_eq!(thumbprint(&case["jwk"]), text(case, "sha256"), "{}", case["source"]);
    }
}

/// In RFC 9964 the `kid` of each example key is its thumbprint, over `alg`,
/// `kty` and `pub`.
#[test]
fn rfc9964_thumbprints_are_the_kids() {
    for case in rows(&own_file("rfc/rfc9964.json"), "cases") {
        assert_eq!(thumbprint(&case["key"]), text(&case["key"], "kid"), "{}", case["id"]);
    }
}

fn thumbprint(jwk: &Value) -> String {
    let key = VerifyingKey::from_jwk(jwk.to_string().as_bytes(), &KeyOptions::default()).unwrap();
    key.thumbprint().to_owned()
}

/// RFC 8037 A.1 and A.2: the private key belongs to the public one.
#[test]
fn rfc8037_private_key_yields_the_public_one() {
    let public = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let mut jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "x": public,
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    });
    let read = |jwk: &Value| SigningKey::from_jwk(jwk.to_string().as_bytes(), &KeyOptions::default());
    let key = read(&jwk).unwrap().verifying_key().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&key.to_jwk().unwrap()).unwrap()["x"], public);
    jwk["d"] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2B".into();
    assert_eq!(read(&jwk).unwrap_err().code(), Code::KeyMemberInvalid);
    jwk["d"] = "nGGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A".into();
    assert_eq!(read(&jwk).unwrap_err().code(), Code::KeyInvalid);
}

/// RFC 7519 §3.1, under the strictest policy that it meets.
#[test]
fn rfc7519_example_gives_its_claims() {
    let file = own_file("rfc/rfc7515.json");
    let case = &rows(&file, "cases")[0];
    let key = VerifyingKey::from_jwk(case["key"].to_string().as_bytes(), &KeyOptions::default()).unwrap();
    let policy =
        Policy::new([Alg::HS256]).typ("JWT").claim(Condition::equals("http://example.com/is_root", true));
    let verifier = Verifier::builder(policy).issuer("joe", KeySet::new([key])).build().unwrap();
    let token = text(case, "token").as_bytes();
    let mut scratch = Scratch::new();

    let verified = verifier.verify(token, UnixSeconds(1_300_819_379), &mut scratch).unwrap();
    assert_eq!(verified.claims().issuer(), Some("joe"));
    assert_eq!(verified.claims().expires_at().map(|date| date.floor()), Some(UnixSeconds(1_300_819_380)));
    assert_eq!(verified.header().parameter("typ").and_then(|typ| typ.as_str()), Some("JWT"));

    let verdict = verifier.verdict(token, UnixSeconds(1_300_819_380), &mut scratch);
    assert_eq!((verdict.code(), verdict.signature_ok()), (Code::Expired, true));
}

/// RFC 7515 Appendix E names an extension that nobody understands. Its own
/// token is also unsecured, so the header is signed here.
#[test]
fn rfc7515_crit_is_refused_unless_understood() {
    let name = "http://example.com/UNDEFINED";
    let header = json!({"alg": "HS256", "crit": [name], name: true}).to_string();
    let token = sign(&header, b"{}");
    let refused = |policy: Policy| {
        let policy = policy.allow_missing_exp();
        let verifier = Verifier::builder(policy).keys(secret_keys()).build().unwrap();
        verifier.verdict(&token, UnixSeconds(0), &mut Scratch::new()).code()
    };
    assert_eq!(refused(Policy::new([Alg::HS256])), Code::CritUnknown);
    assert_eq!(refused(Policy::new([Alg::HS256]).understand_critical(name)), Code::Accepted);
}

/// RFC 9068 §4 with the claims of §2.2. The RFC signs nothing, so the tokens
/// are signed here.
fn access_token(typ: &Value, claims: &Value) -> Code {
    let mut header = json!({"alg": "HS256"});
    if !typ.is_null() {
        header["typ"] = typ.clone();
    }
    let policy = Policy::access_token("https://rs.example.com/", [Alg::HS256]);
    let issuer = "https://authorization-server.example.com/";
    let verifier = Verifier::builder(policy).issuer(issuer, secret_keys()).build().unwrap();
    let token = sign(&header.to_string(), claims.to_string().as_bytes());
    verifier.verdict(&token, UnixSeconds(1_639_528_911), &mut Scratch::new()).code()
}

#[test]
fn rfc9068_typ_is_the_media_type_and_no_other() {
    let file = own_file("rfc/rfc9068.json");
    let cases = rows(&file, "typ_cases");
    assert_eq!(cases.len(), 7);
    for case in cases {
        let wanted = code(case[1].as_str().unwrap());
        assert_eq!(access_token(&case[0], &file["claims"]), wanted, "{case}");
    }
}

#[test]
fn rfc9068_access_token_is_refused_when_a_required_claim_is_absent_or_another() {
    let file = own_file("rfc/rfc9068.json");
    for (name, wanted) in [
        ("iss", Code::IssMissing),
        ("exp", Code::ExpMissing),
        ("aud", Code::AudMissing),
        ("sub", Code::ClaimMissing),
        ("client_id", Code::ClaimMissing),
        ("iat", Code::ClaimMissing),
        ("jti", Code::ClaimMissing),
        ("scope", Code::Accepted),
    ] {
        let mut claims = file["claims"].clone();
        claims.as_object_mut().unwrap().remove(name).unwrap();
        assert_eq!(access_token(&"at+jwt".into(), &claims), wanted, "without {name}");
    }
    for (name, value, wanted) in [
        ("iss", json!("https://authorization-server.example.com"), Code::IssMismatch),
        ("aud", json!("https://rs.example.com"), Code::AudMismatch),
        ("aud", json!(["https://other.example.com/", "https://rs.example.com/"]), Code::Accepted),
        ("exp", json!(1_639_528_911), Code::Expired),
    ] {
        let mut claims = file["claims"].clone();
        claims[name] = value.clone();
        assert_eq!(access_token(&"at+jwt".into(), &claims), wanted, "{name}: {value}");
    }
}
