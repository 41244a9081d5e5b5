//! Revoked sessions, and lists of revocations as signed JWTs.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use jot::{
    Alg, CacheSize, Code, KeySet, Policy, Revocations, Scratch, SignHeader, Signer, SigningKey, UnixSeconds,
    Verifier,
};

const ISSUER: &str = "https://issuer.example";
const NOW: UnixSeconds = UnixSeconds(1000);

fn signer() -> Signer {
    Signer::new(SigningKey::generate(Alg::EdDSA).unwrap())
}

fn keys(signer: &Signer) -> KeySet {
    KeySet::new([signer.key().verifying_key().unwrap()])
}

#[test]
fn session_is_revoked_for_cached_tokens_too() {
    let signer = signer();
    let policy = Policy::new([Alg::EdDSA]).allow_missing_exp();
    let verifier =
        Verifier::builder(policy).keys(keys(&signer)).cache(CacheSize::Entries(100)).build().unwrap();
    let token = |claims: &str| signer.sign_claims(claims).unwrap();
    let of_session = token(r#"{"sid":"a","jti":"1"}"#);
    let others = [token(r#"{"sid":"b"}"#), token(r#"{"sid":["a"]}"#), token(r#"{"jti":"a","sub":"a"}"#)];
    let mut scratch = Scratch::new();
    let mut code = |token: &str| verifier.verdict(token.as_bytes(), NOW, &mut scratch).code();
    assert_eq!([code(&of_session), code(&of_session)], [Code::Accepted; 2]);
    let mut revoked = Revocations::default();
    revoked.revoke_session("a", Some(UnixSeconds(2000))).unwrap();
    verifier.set_revocations(revoked.clone());
    assert_eq!([code(&of_session), code(&of_session)], [Code::SidRevoked; 2]);
    assert_eq!(others.each_ref().map(|token| code(token)), [Code::Accepted; 3]);
    // Once the last token expired, the entry may go.
    revoked.purge(UnixSeconds(1999));
    assert_eq!(revoked.len(), 1);
    revoked.purge(UnixSeconds(2000));
    assert!(revoked.is_empty());
}

#[test]
fn stale_list_refuses_what_nobody_knows_to_be_good() {
    let signer = signer();
    let policy = Policy::new([Alg::EdDSA]).allow_missing_exp();
    let verifier =
        Verifier::builder(policy).keys(keys(&signer)).cache(CacheSize::Entries(100)).build().unwrap();
    let token = signer.sign_claims("{}").unwrap();
    let forged = signer.sign_claims(r#"{"a":1}"#).unwrap().rsplit_once('.').unwrap().0.to_owned()
        + "."
        + token.rsplit_once('.').unwrap().1;
    let mut scratch = Scratch::new();
    assert!(verifier.verify(&token, NOW, &mut scratch).is_ok());
    verifier.set_revocations(Revocations::stale());
    for _ in 0..2 {
        let verdict = verifier.verdict(token.as_bytes(), NOW, &mut scratch);
        assert_eq!((verdict.code(), verdict.signature_ok()), (Code::RevocationsStale, true));
        let jws = verifier.verify_jws(&token, jot::Payload::Attached, None, &mut scratch).unwrap_err();
        assert_eq!(jws.code(), Code::RevocationsStale);
    }
    assert_eq!(verifier.verdict(forged.as_bytes(), NOW, &mut scratch).code(), Code::SignatureInvalid);
    verifier.set_revocations(Revocations::default());
    assert!(verifier.verify(&token, NOW, &mut scratch).is_ok());
}

/// What reading a list with this header and these claims comes to.
fn read(signer: &Signer, typ: &str, claims: &str, now: i64) -> Result<Revocations, Code> {
    let list = signer.sign_claims_with(&SignHeader::default().typ(typ), claims).unwrap();
    let policy = Policy::revocation_list([Alg::EdDSA]);
    let verifier = Verifier::builder(policy).issuer(ISSUER, keys(signer)).build().unwrap();
    let mut scratch = Scratch::new();
    let verified =
        verifier.verify(&list, UnixSeconds(now), &mut scratch).map_err(|refused| refused.code())?;
    Revocations::from_claims(&verified.claims(), 4).map_err(|error| error.code())
}

#[test]
fn list_is_read_as_it_was_written() {
    let mut revoked = Revocations::with_limit(4);
    revoked.revoke_jti("a\"b", Some(UnixSeconds(9))).unwrap();
    revoked.revoke_session("s", None).unwrap();
    revoked.revoke_subject("alice", UnixSeconds(-3)).unwrap();
    revoked.revoke_key("thumbprint").unwrap();
    let claims = revoked.to_claims(ISSUER, NOW, UnixSeconds(1060), 5);
    assert_eq!(read(&signer(), Revocations::TYP, &claims, 1059), Ok(revoked));
    let empty = Revocations::with_limit(4).to_claims(ISSUER, NOW, UnixSeconds(1060), 5);
    assert_eq!(empty, r#"{"iss":"https://issuer.example","iat":1000,"exp":1060,"ttl":5,"revocations":[]}"#);
    assert_eq!(read(&signer(), "application/revocations+jwt", &empty, 1000), Ok(Revocations::with_limit(4)));
}

#[test]
fn list_that_is_not_there_stays_so_when_it_is_saved() {
    let signer = signer();
    let policy = Policy::new([Alg::EdDSA]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(keys(&signer)).build().unwrap();
    let token = signer.sign_claims("{}").unwrap();
    for (list, code) in
        [(Revocations::stale(), Code::RevocationsStale), (Revocations::not_yet(), Code::RevocationsNotYet)]
    {
        let read = Revocations::from_text(&list.to_text(), 9).unwrap();
        assert_eq!(read, Revocations::from_text(&read.to_text(), 9).unwrap());
        verifier.set_revocations(read);
        assert_eq!(verifier.verdict(&token, NOW, &mut Scratch::new()).code(), code);
    }
    let dated = Revocations::with_limit(9).with_end(Some(UnixSeconds(7)));
    assert_eq!(Revocations::from_text(&dated.to_text(), 9), Ok(dated));
    for line in [
        r#"{"absent":"expired"}"#,
        r#"{"absent":true}"#,
        r#"{"absent":"revocations_stale","jti":"a"}"#,
        r#"{"usable_until":"x"}"#,
        r#"{"usable_until":1,"jti":"a"}"#,
    ] {
        let read = Revocations::from_text(line, 9).map_err(|error| error.code());
        assert_eq!(read, Err(Code::RevocationsInvalid), "{line}");
    }
}

#[test]
fn list_is_refused_unless_it_is_one_and_in_force() {
    let signer = signer();
    let claims = Revocations::default().to_claims(ISSUER, NOW, UnixSeconds(1060), 5);
    assert_eq!(read(&signer, Revocations::TYP, &claims, 1060), Err(Code::Expired));
    assert_eq!(read(&signer, "JWT", &claims, 1000), Err(Code::TypMismatch));
    let other = claims.replace("issuer.example", "other.example");
    assert_eq!(read(&signer, Revocations::TYP, &other, 1000), Err(Code::IssMismatch));
    for (claim, code) in [("iat", Code::ClaimMissing), ("exp", Code::ExpMissing), ("iss", Code::IssMissing)] {
        let without = claims.replace(&format!("\"{claim}\":"), "\"x\":");
        assert_eq!(read(&signer, Revocations::TYP, &without, 1000), Err(code), "{claim}");
    }
}

#[test]
fn list_is_refused_as_a_whole_when_an_entry_is_malformed() {
    let signer = signer();
    let with = |entries: &str| {
        let claims = Revocations::default().to_claims(ISSUER, NOW, UnixSeconds(1060), 5);
        read(&signer, Revocations::TYP, &claims.replace("[]", entries), 1000).map(|list| list.len())
    };
    assert_eq!(with(r#"[{"jti":"a"},{"sid":"a"},{"key":"a"},{"sub":"a","issued_before":1}]"#), Ok(4));
    for wrong in [
        "null",
        "{}",
        r#"["a"]"#,
        "[{}]",
        r#"[{"jti":"a"},{"jti":1}]"#,
        r#"[{"sub":"a"}]"#,
        r#"[{"sid":"a","until":"x"}]"#,
        r#"[{"jti":"a","sid":"a"}]"#,
    ] {
        assert_eq!(with(wrong), Err(Code::RevocationsInvalid), "{wrong}");
    }
    let many = r#"[{"jti":"a"},{"jti":"b"},{"jti":"c"},{"jti":"d"},{"jti":"e"}]"#;
    assert_eq!(with(many), Err(Code::RevocationsFull));
}
