//! Token Status Lists (draft-ietf-oauth-status-list): reading a list, and the tokens that
//! name one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first thing that is wrong"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{
    Accepted, Alg, CacheSize, Code, KeyOptions, KeySet, Policy, Scratch, SignHeader, Signer, SigningKey,
    StatusFeed, StatusList, TokenStatus, UnixSeconds, Verifier,
};
use serde_json::{Value, json};

const URI: &str = "https://issuer.example/status/1";
const NOW: UnixSeconds = UnixSeconds(1000);

/// `status[0..12]` of 2 bits: 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3.
const TWELVE: &str = "eNo76fITAAPfAgc";

fn signer() -> Signer {
    Signer::new(SigningKey::from_secret(&[7; 32], &KeyOptions::default()).unwrap())
}

fn keys() -> KeySet {
    KeySet::new([signer().key().verifying_key().unwrap()])
}

/// The claims of a list of twelve tokens.
fn claims() -> Value {
    json!({"sub": URI, "iat": 1000, "exp": 2000, "ttl": 60, "status_list": {"bits": 2, "lst": TWELVE}})
}

/// What reading a signed list with this `typ` and these claims comes to.
fn read_as(typ: &str, claims: &Value, now: i64, most_entries: usize) -> Result<StatusList, Code> {
    let text = claims.to_string();
    let list = signer().sign_claims_with(&SignHeader::default().typ(typ), text.as_bytes()).unwrap();
    let policy = Policy::status_list([Alg::HS256]);
    let verifier = Verifier::builder(policy).keys(keys()).build().unwrap();
    let mut scratch = Scratch::new();
    let verified =
        verifier.verify(&list, UnixSeconds(now), &mut scratch).map_err(|refused| refused.code())?;
    StatusList::from_claims(&verified.claims(), most_entries).map_err(|error| error.code())
}

fn read(claims: &Value) -> Result<StatusList, Code> {
    read_as(StatusList::TYP, claims, 1000, 1 << 24)
}

fn list() -> StatusList {
    read(&claims()).unwrap()
}

fn value(status: TokenStatus) -> u8 {
    match status {
        TokenStatus::Valid => 0,
        TokenStatus::Invalid => 1,
        TokenStatus::Suspended => 2,
        TokenStatus::Other(value) => value,
    }
}

#[test]
fn vectors_of_the_draft_are_read_entry_by_entry() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/status_list/draft.json");
    let vectors: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut bits = Vec::new();
    for vector in &vectors {
        let mut claims = claims();
        claims["status_list"] = json!({"bits": vector["bits"], "lst": vector["lst"]});
        let list = read(&claims).unwrap();
        let entries = vector["entries"].as_u64().unwrap();
        assert_eq!((list.uri(), list.len() as u64, list.is_empty()), (URI, entries, false));
        let named: BTreeMap<u64, u8> = serde_json::from_value::<Vec<(u64, u8)>>(vector["statuses"].clone())
            .unwrap()
            .into_iter()
            .collect();
        // "All values that are not mentioned … can be assumed to be 0 (VALID)."
        for index in 0..entries {
            let wanted = named.get(&index).copied().unwrap_or_default();
            assert_eq!(list.status(index).map(value), Some(wanted), "{index} of {}", vector["bits"]);
        }
        for beyond in [entries, entries + 1, u64::from(u32::MAX) << 3, u64::MAX] {
            assert_eq!(list.status(beyond), None);
        }
        bits.push((vector["bits"].as_u64().unwrap(), named.len()));
    }
    assert_eq!(bits, [(1, 16), (2, 12), (1, 11), (2, 11), (4, 15), (8, 256)]);
}

#[test]
fn statuses_have_the_names_of_the_draft() {
    let statuses: Vec<TokenStatus> = (0..4).map(|index| list().status(index).unwrap()).collect();
    let wanted = [TokenStatus::Invalid, TokenStatus::Suspended, TokenStatus::Valid, TokenStatus::Other(3)];
    assert_eq!(statuses, wanted);
}

#[test]
fn list_that_is_not_good_is_refused() {
    let mut wrong = Vec::new();
    let mut with = |member: &str, value: Value| {
        let mut claims = claims();
        claims[member] = value;
        wrong.push(claims);
    };
    with("status_list", Value::Null);
    with("status_list", json!([]));
    with("status_list", json!({"bits": 2}));
    with("status_list", json!({"lst": TWELVE}));
    for bits in [json!(0), json!(3), json!(16), json!(-1), json!("2"), json!(2.0), Value::Null] {
        with("status_list", json!({"bits": bits, "lst": TWELVE}));
    }
    let padded = format!("{TWELVE}=");
    // Padded, not base64url, cut, other bytes, and DEFLATE without ZLIB.
    for lst in [&padded, "eNo76fITAAPfAg+", "eNo76fITAAPfAg", "AAAA", "O-nyEwA", ""] {
        with("status_list", json!({"bits": 2, "lst": lst}));
    }
    with("status_list", json!({"bits": 2, "lst": 7}));
    for ttl in [json!(0), json!(-1), json!("60"), Value::Null] {
        with("ttl", ttl);
    }
    with("sub", json!(""));
    for claims in wrong {
        assert_eq!(read(&claims), Err(Code::StatusListInvalid), "{claims}");
    }
    assert!(read(&claims()).is_ok());
}

#[test]
fn list_is_a_token_that_the_policy_for_lists_accepts() {
    let without = |claim: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(claim);
        read(&claims)
    };
    assert_eq!(without("sub"), Err(Code::ClaimMissing));
    assert_eq!(without("iat"), Err(Code::ClaimMissing));
    assert_eq!((without("exp"), without("ttl")), (Ok(list()), Ok(list())));
    let at = |typ, now| read_as(typ, &claims(), now, 12);
    assert_eq!(at(StatusList::TYP, 1999), Ok(list()));
    assert_eq!(at("application/statuslist+jwt", 1999), Ok(list()));
    assert_eq!(at(StatusList::TYP, 2000), Err(Code::Expired));
    assert_eq!(at(StatusList::TYP, 999), Err(Code::IssuedInFuture));
    for typ in ["JWT", "at+jwt", "statuslist+cwt", "revocations+jwt"] {
        assert_eq!(at(typ, 1000), Err(Code::TypMismatch), "{typ}");
    }
}

#[test]
fn list_is_bounded_by_its_entries_and_not_by_its_bytes() {
    assert_eq!(read_as(StatusList::TYP, &claims(), 1000, 11), Ok(list()), "the last byte is filled up");
    assert_eq!(read_as(StatusList::TYP, &claims(), 1000, 8), Err(Code::StatusListTooLong));
    // A thousand times more than was sent.
    let zeros = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 1 << 22], 9);
    let mut bomb = claims();
    bomb["status_list"]["bits"] = json!(8);
    bomb["status_list"]["lst"] = json!(base64(&zeros));
    assert_eq!(read_as(StatusList::TYP, &bomb, 1000, (1 << 22) - 1), Err(Code::StatusListTooLong));
    assert_eq!(read_as(StatusList::TYP, &bomb, 1000, 1 << 22).unwrap().len(), 1 << 22);
}

/// In base64url, without padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        let letters = (0..=group.len()).map(|nth| LETTERS[(bits >> (18 - 6 * nth)) as usize & 63]);
        text.extend(letters.map(char::from));
    }
    text
}

fn verifier(policy: Policy) -> Verifier {
    Verifier::builder(policy).keys(keys()).cache(CacheSize::Entries(100)).build().unwrap()
}

fn token(status: &Value) -> String {
    signer().sign_claims(json!({"exp": 2000, "status": status}).to_string()).unwrap()
}

fn named(index: impl Into<Value>) -> String {
    token(&json!({"status_list": {"idx": index.into(), "uri": URI}}))
}

#[test]
fn token_is_judged_by_its_status() {
    let verifier = verifier(Policy::new([Alg::HS256]).check_status());
    verifier.set_status_list(list()).unwrap();
    let mut scratch = Scratch::new();
    let mut code = |token: String| {
        let verdict = verifier.verdict(token.as_bytes(), NOW, &mut scratch);
        assert!(verdict.signature_ok());
        verdict.code()
    };
    assert_eq!(code(named(0)), Code::StatusRevoked);
    assert_eq!(code(named(1)), Code::StatusSuspended);
    assert_eq!(code(named(2)), Code::Accepted);
    assert_eq!(code(named(3)), Code::StatusOther);
    assert_eq!(code(named(9)), Code::StatusSuspended);
    assert_eq!(code(named(11)), Code::StatusOther);
    for beyond in [json!(12), json!(i64::MAX)] {
        assert_eq!(code(named(beyond)), Code::StatusInvalid);
    }
    for index in [json!(-1), json!(2.0), json!("2"), Value::Null, json!(u64::MAX), json!([2])] {
        assert_eq!(code(named(index.clone())), Code::StatusInvalid, "{index}");
    }
    for status in [
        Value::Null,
        json!("valid"),
        json!([]),
        json!({"status_list": null}),
        json!({"status_list": URI}),
        json!({"status_list": {"idx": 2}}),
        json!({"status_list": {"uri": URI}}),
        json!({"status_list": {"idx": 2, "uri": 1}}),
    ] {
        assert_eq!(code(token(&status)), Code::StatusInvalid, "{status}");
    }
    for uri in ["https://issuer.example/status/2", "HTTPS://issuer.example/status/1", ""] {
        let other = token(&json!({"status_list": {"idx": 2, "uri": uri}}));
        assert_eq!(code(other), Code::StatusListUnknown, "{uri}");
    }
}

#[test]
fn status_is_ignored_checked_or_required_as_the_policy_says() {
    let none = signer().sign_claims(r#"{"exp":2000}"#).unwrap();
    let other = token(&json!({"other_mechanism": {"idx": 0}}));
    let codes = |policy: Policy| {
        let verifier = verifier(policy);
        verifier.set_status_list(list()).unwrap();
        let mut scratch = Scratch::new();
        [&none, &other, &named(0), &token(&Value::Null), &named(2)]
            .map(|token| verifier.verdict(token.as_bytes(), NOW, &mut scratch).code())
    };
    let policy = || Policy::new([Alg::HS256]);
    let (ok, revoked, invalid, missing) =
        (Code::Accepted, Code::StatusRevoked, Code::StatusInvalid, Code::StatusMissing);
    assert_eq!(codes(policy()), [ok; 5]);
    assert_eq!(codes(policy().check_status()), [ok, ok, revoked, invalid, ok]);
    assert_eq!(codes(policy().require_status()), [missing, missing, revoked, invalid, ok]);
    assert_eq!(codes(policy().require_status().check_status())[0], missing, "it is not taken back");
}

#[test]
fn list_that_is_not_there_is_503_and_the_rules_before_it_come_first() {
    let verifier = verifier(Policy::new([Alg::HS256]).check_status());
    let mut scratch = Scratch::new();
    let mut code = |token: &str| {
        let code = verifier.verdict(token.as_bytes(), NOW, &mut scratch).code();
        (code, code.http_status())
    };
    assert_eq!(code(&named(2)), (Code::StatusListUnknown, 503));
    verifier.set_status_list(StatusList::not_yet(URI)).unwrap();
    assert_eq!(code(&named(2)), (Code::StatusListNotYet, 503));
    verifier.set_status_list(StatusList::stale(URI)).unwrap();
    assert_eq!(code(&named(2)), (Code::StatusListStale, 503));
    // Neither a forged token nor one that breaks another rule is worth a list.
    let forged = format!("{}A", named(2).rsplit_once('.').unwrap().0.to_owned() + ".AAAA");
    assert_eq!(code(&forged).1, 401);
    let of_audience = signer().sign_claims(format!(
        r#"{{"exp":2000,"aud":"x","status":{{"status_list":{{"idx":2,"uri":"{URI}"}}}}}}"#
    ));
    assert_eq!(code(&of_audience.unwrap()), (Code::AudUnexpected, 401));
    assert_eq!(verifier.status_list(URI).unwrap().len(), 0);
    assert!(verifier.forget_status_list(URI) && !verifier.forget_status_list(URI));
    assert_eq!(code(&named(2)), (Code::StatusListUnknown, 503));
}

#[test]
fn new_list_counts_for_cached_tokens_and_for_each_call() {
    let verifier = verifier(Policy::new([Alg::HS256]).require_status());
    let mut scratch = Scratch::new();
    let token = named(2);
    let mut codes = || {
        let verdict = verifier.verdict(token.as_bytes(), NOW, &mut scratch).code();
        let short = verifier.verify_without_claims(&token, NOW, &mut scratch);
        let short = short.as_ref().map_or_else(|refused| refused.code(), |_: &Accepted| Code::Accepted);
        [verdict, short]
    };
    verifier.set_status_list(list()).unwrap();
    assert_eq!([codes(), codes()], [[Code::Accepted; 2]; 2]);
    assert!(verifier.statistics().cache_hits >= 3);
    let mut changed = claims();
    // status[2] of one bit is 0 in the list of §4.1, and status[3] is 1.
    changed["status_list"] = json!({"bits": 1, "lst": "eNrbuRgAAhcBXQ"});
    verifier.set_status_list(read(&changed).unwrap()).unwrap();
    assert_eq!(codes(), [Code::Accepted; 2]);
    // 16 tokens of 4 bits, of which each is 3.
    let threes = miniz_oxide::deflate::compress_to_vec_zlib(&[0x33; 8], 9);
    changed["status_list"] = json!({"bits": 4, "lst": base64(&threes)});
    verifier.set_status_list(read(&changed).unwrap()).unwrap();
    assert_eq!(codes(), [Code::StatusOther; 2]);
    // Another list does not touch this one.
    verifier.set_status_list(StatusList::stale("https://issuer.example/status/2")).unwrap();
    assert_eq!(codes(), [Code::StatusOther; 2]);
    verifier.set_status_list(list()).unwrap();
    assert_eq!(codes(), [Code::Accepted; 2]);
}

#[test]
fn batch_gives_the_same_codes() {
    let verifier = verifier(Policy::new([Alg::HS256]).check_status());
    verifier.set_status_list(list()).unwrap();
    let tokens: Vec<String> = (0..13_u64).map(named).collect();
    let tokens: Vec<&[u8]> = tokens.iter().map(String::as_bytes).collect();
    let single: Vec<Code> =
        tokens.iter().map(|token| verifier.verdict(token, NOW, &mut Scratch::new()).code()).collect();
    assert_eq!([single[2], single[12]], [Code::Accepted, Code::StatusInvalid]);
    let mut codes = vec![0; tokens.len()];
    let columns = &mut Columns::codes(&mut codes);
    Batch::new(1).unwrap().verify(&verifier, &Tokens::Slices(&tokens), Instants::Now(NOW), columns).unwrap();
    assert_eq!(codes, single.iter().map(|code| code.number()).collect::<Vec<_>>());
}

/// Has one list at once, and another one later.
#[derive(Debug, Default)]
struct Feed {
    verifier: Mutex<Weak<Verifier>>,
    asked: AtomicUsize,
}

impl StatusFeed for Feed {
    fn wanted(&self, uri: &str) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if uri == URI {
            self.verifier.lock().unwrap().upgrade().unwrap().set_status_list(list()).unwrap();
        }
        uri.starts_with("https://issuer.example/status/")
    }
}

#[test]
fn feed_is_asked_for_lists_that_are_not_there_and_only_after_the_signature() {
    let policy = Policy::new([Alg::HS256]).check_status();
    let verifier = Arc::new(Verifier::builder(policy).keys(keys()).build().unwrap());
    let (feed, deaf) = (Arc::new(Feed::default()), Arc::new(Feed::default()));
    *feed.verifier.lock().unwrap() = Arc::downgrade(&verifier);
    verifier.add_status_feed(Arc::clone(&feed) as Arc<dyn StatusFeed>);
    let token = |uri: &str, index: u32| {
        let status = json!({"status_list": {"idx": index, "uri": uri}});
        signer().sign_claims(json!({"exp": 2000, "status": status}).to_string()).unwrap()
    };
    let code = |token: &str| verifier.verdict(token, NOW, &mut Scratch::new()).code();
    let asked = || feed.asked.load(Ordering::Relaxed);
    let mut forged = token(URI, 2).into_bytes();
    let last = forged.len() - 3;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    assert_eq!((code(&String::from_utf8(forged).unwrap()), asked()), (Code::SignatureInvalid, 0));
    // It is there as soon as the feed was asked, and not asked for again.
    assert_eq!((code(&token(URI, 2)), asked()), (Code::Accepted, 1));
    assert_eq!((code(&token(URI, 0)), asked()), (Code::StatusRevoked, 1));
    assert_eq!(code(&token("https://issuer.example/status/2", 0)), Code::StatusListNotYet);
    assert_eq!(code(&token("https://other.example/status/2", 0)), Code::StatusListUnknown);
    // A second feed is asked for what the first one has not.
    verifier.add_status_feed(Arc::clone(&deaf) as Arc<dyn StatusFeed>);
    assert_eq!(code(&token("https://other.example/status/2", 0)), Code::StatusListUnknown);
    assert_eq!(
        (code(&token("https://issuer.example/status/2", 0)), deaf.asked.load(Ordering::Relaxed)),
        (Code::StatusListNotYet, 1)
    );
}
