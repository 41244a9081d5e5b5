//! What a batch tells of each token for an audit: the names in its header, the
//! state of its key, whether its dates were met.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod actors;

use std::sync::Mutex;

use base64_simd::URL_SAFE_NO_PAD;
use jot::batch::{Batch, Columns, HeaderNames, HeaderTexts, Instants, KeyState, Tokens};
use jot::{CacheSize, Code, Verifier};

use actors::*;

/// What is told of a row.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    code: Code,
    alg: Option<String>,
    kid: Option<String>,
    key_state: Option<KeyState>,
    time_ok: Option<bool>,
    expired_by_seconds: i64,
}

/// A row, and what is to be told of it.
struct Row {
    token: Vec<u8>,
    /// `None` if the time of use is unknown.
    at: Option<i64>,
    told: Told,
}

fn verifier(cache: bool) -> Verifier {
    let builder = Verifier::builder(policy().allow_missing_exp().leeway(2))
        .issuer("https://a", keys(&[A_EARLY, A_OTHER_LATE]))
        .issuer("https://b", keys(&[EC]))
        .issuer("https://c", keys(&[NAMELESS]));
    if cache { builder.cache(CacheSize::Entries(1000)).build() } else { builder.build() }.unwrap()
}

fn signed(signer: usize, number: usize, claims: &str) -> Vec<u8> {
    sign(signer, &format!("{{\"n\":{number}{claims}}}"))
}

fn of_a(signer: usize, number: usize, claims: &str) -> Vec<u8> {
    signed(signer, number, &format!(",\"iss\":\"https://a\"{claims}"))
}

/// Tokens whose signatures hold. Another number makes others of the same kind.
fn signed_rows(number: usize) -> Vec<Row> {
    use KeyState::{Active, NotYetValid, Retired, Unknown};
    let row = |token: &[u8], at, code, alg: &str, kid: Option<&str>, key_state, time_ok, late| Row {
        token: token.to_vec(),
        at: Some(at),
        told: Told {
            code,
            alg: Some(alg.to_owned()),
            kid: kid.map(str::to_owned),
            key_state,
            time_ok,
            expired_by_seconds: late,
        },
    };
    let (early, late) = (of_a(A, number, ""), of_a(A_OTHER, number, ""));
    let expiring = of_a(A, number, &format!(",\"exp\":{}.5", at(3).0));
    let strange = of_a(A, number, ",\"aud\":\"x\"");
    let nameless = signed(NAMELESS, number, &format!(",\"iss\":\"https://c\",\"nbf\":{}", at(5).0));
    let other = signed(EC, number, ",\"iss\":\"https://b\"");
    let unknown = of_a(EC, number, "");
    let nobody = signed(A, number, ",\"iss\":\"https://d\"");
    let bad = tampered(&early);
    let (yes, no, hs, a) = (Some(true), Some(false), "HS256", Some("a"));
    vec![
        row(&early, 14, Code::Accepted, hs, a, Some(Active), yes, 0),
        row(&early, 15, Code::Accepted, hs, a, Some(Retired), yes, 0),
        row(&early, 17, Code::KeyRetired, hs, a, Some(Retired), no, 0),
        row(&late, 2, Code::KeyNotYetValid, hs, a, Some(NotYetValid), no, 0),
        row(&late, 3, Code::Accepted, hs, a, Some(NotYetValid), yes, 0),
        row(&late, 5, Code::Accepted, hs, a, Some(Active), yes, 0),
        row(&expiring, 5, Code::Accepted, hs, a, Some(Active), yes, 0),
        row(&expiring, 14, Code::Expired, hs, a, Some(Active), no, 11),
        // The first rule that is broken is the key's.
        row(&expiring, 17, Code::KeyRetired, hs, a, Some(Retired), no, 0),
        row(&strange, 0, Code::AudUnexpected, hs, a, Some(Active), None, 0),
        row(&strange, 20, Code::AudUnexpected, hs, a, Some(Retired), None, 0),
        row(&nameless, 0, Code::NotYetValid, hs, None, Some(Active), no, 0),
        row(&other, i64::MAX - NOON, Code::Accepted, "ES256", Some("c"), Some(Active), yes, 0),
        row(&unknown, 0, Code::KidUnknown, "ES256", Some("c"), Some(Unknown), None, 0),
        row(&nobody, 0, Code::IssuerUnknown, hs, a, None, None, 0),
        row(&bad, 0, Code::SignatureInvalid, hs, a, None, None, 0),
    ]
}

/// Tokens with made-up headers.
fn made_up_rows(number: usize) -> Vec<Row> {
    let segment = |header: &str| URL_SAFE_NO_PAD.encode_to_string(header);
    let payload = segment(&format!("{{\"iss\":\"https://a\",\"n\":{number}}}"));
    let row = |token: String, code, alg: Option<&str>, kid: Option<&str>| Row {
        token: token.into_bytes(),
        at: Some(0),
        told: Told {
            code,
            alg: alg.map(str::to_owned),
            kid: kid.map(str::to_owned),
            key_state: (code == Code::KidUnknown).then_some(KeyState::Unknown),
            time_ok: None,
            expired_by_seconds: 0,
        },
    };
    let of = |header: &str, code, alg, kid| row(format!("{}.{payload}.AA", segment(header)), code, alg, kid);
    let hs = Some("HS256");
    let own = segment(r#"{"alg":"HS256","kid":"a"}"#);
    // Another last character for the same bytes.
    let mut unused = segment(r#"{"alg":"HS256","kid":"ab"}"#);
    assert_eq!(unused.pop(), Some('0'));
    unused.push('1');
    let long = "k".repeat(300);
    vec![
        of(r#"{"alg":"none","kid":"a"}"#, Code::AlgNone, Some("none"), Some("a")),
        of(r#"{"alg":"\u0048S256","kid":"\u00e9"}"#, Code::KidUnknown, hs, Some("é")),
        of(r#"{"alg":"HS256","kid":7}"#, Code::KidInvalid, hs, None),
        of(r#"{"alg":7,"kid":"a"}"#, Code::AlgInvalid, None, Some("a")),
        of(r#"{"alg":"HS256","kid":"a","typ":{}}"#, Code::TypInvalid, hs, Some("a")),
        of(r#"{"alg":"HS256","kid":"a","alg":"none"}"#, Code::HeaderRepeated, None, None),
        of(r#"{"alg":"HS256","kid":"\ud800"}"#, Code::HeaderJson, None, None),
        of(r#"["HS256"]"#, Code::HeaderNotObject, None, None),
        of(&format!(r#"{{"alg":"HS256","kid":"{long}"}}"#), Code::KidUnknown, hs, Some(&long[..256])),
        row(format!("{unused}.{payload}.AA"), Code::HeaderEncoding, None, None),
        row(format!("{own}=.{payload}.AA"), Code::TokenPadded, None, None),
        row(format!(".{payload}.AA"), Code::HeaderEncoding, None, None),
        row(format!("{own}.{payload}"), Code::TokenSegments, hs, Some("a")),
        row(own[..20].to_owned(), Code::TokenSegments, None, None),
        row(
            format!("{}.a.b.{number}.", segment(r#"{"alg":"dir","enc":"A256GCM"}"#)),
            Code::TokenEncrypted,
            Some("dir"),
            None,
        ),
        row(format!("gar.bage.{number}"), Code::HeaderEncoding, None, None),
        row(format!("{own}.{}", "x".repeat(70_000)), Code::TokenTooLong, hs, Some("a")),
    ]
}

/// Everything that a batch tells of the rows.
fn told(batch: &mut Batch, verifier: &Verifier, rows: &[Row]) -> Vec<Told> {
    let tokens: Vec<Option<&[u8]>> =
        rows.iter().map(|row| Some(&row.token[..]).filter(|token| !token.is_empty())).collect();
    let known: Vec<Option<i64>> = rows.iter().map(|row| row.at.map(|seconds| at(seconds).0)).collect();
    let all: Option<Vec<i64>> = known.iter().copied().collect();
    let mut texts = HeaderTexts::default();
    texts.start(rows.len()).unwrap();
    let texts = Mutex::new((texts, vec![0_u32; rows.len()]));
    let keep = |row: usize, names: &HeaderNames<'_>| {
        let mut texts = texts.lock().unwrap();
        texts.0.keep(row, names);
        texts.1[row] = texts.1[row].saturating_add(1);
    };
    let (mut codes, mut firsts) = (vec![77; rows.len()], vec![77; rows.len()]);
    let (mut states, mut times, mut late) =
        (vec![77; rows.len()], vec![77; rows.len()], vec![77; rows.len()]);
    let mut columns = Columns::codes(&mut codes);
    columns.first_row = Some(&mut firsts);
    columns.key_state = Some(&mut states);
    columns.time_ok = Some(&mut times);
    columns.expired_by_seconds = Some(&mut late);
    columns.unverified_header = Some(&keep);
    let instants = all.as_deref().map_or(Instants::AsOfKnown(&known), Instants::AsOf);
    let tokens = Tokens::OptionalSlices(&tokens);
    batch.verify(verifier, &tokens, instants, &mut columns).unwrap();
    let (texts, calls) = texts.into_inner().unwrap();
    let row = |row: usize| {
        assert_eq!(calls[row], u32::from(firsts[row] as usize == row), "row {row}");
        let names = texts.names(firsts[row] as usize);
        Told {
            code: Code::from_number(codes[row]).unwrap(),
            alg: names.alg().map(str::to_owned),
            kid: names.kid().map(str::to_owned),
            key_state: KeyState::from_number(states[row]),
            time_ok: match times[row] {
                0 => Some(false),
                1 => Some(true),
                Columns::TIME_UNKNOWN => None,
                other => panic!("{other}"),
            },
            expired_by_seconds: late[row],
        }
    };
    (0..rows.len()).map(row).collect()
}

#[test]
fn batch_tells_of_each_row_what_an_audit_writes() {
    let null = Told {
        code: Code::TokenNull,
        alg: None,
        kid: None,
        key_state: None,
        time_ok: None,
        expired_by_seconds: 0,
    };
    let mut rows: Vec<Row> =
        (0..8).flat_map(|number| [signed_rows(number), made_up_rows(number)]).flatten().collect();
    rows.insert(1, Row { token: Vec::new(), at: Some(0), told: null });
    assert_told(&rows);
    // Each row twice, once without its instant.
    let timeless = rows.iter().map(timeless).collect::<Vec<_>>();
    let mixed = timeless.into_iter().zip(rows).flat_map(|(timeless, row)| [timeless, row]);
    assert_told(&mixed.collect::<Vec<_>>());
}

/// The row if its instant is unknown: what depends on it is not told.
fn timeless(row: &Row) -> Row {
    let mut told = row.told.clone();
    if told.time_ok.is_some() {
        told.code = Code::TimeUnknown;
    }
    (told.time_ok, told.expired_by_seconds) = (None, 0);
    // The key `a` has an interval.
    if told.kid.as_deref() == Some("a") {
        told.key_state = None;
    }
    Row { token: row.token.clone(), at: None, told }
}

#[test]
fn token_without_instant_is_never_accepted() {
    let rows = |claims: &str| [Some(0), None].map(|at| (sign(EC, claims), at));
    let policy = policy().max_age(100);
    let verifier = Verifier::builder(policy).keys(keys(&[EC])).cache(CacheSize::Entries(9)).build().unwrap();
    let (iat, exp) = (NOON - 5, NOON + 5);
    for (claims, code, timeless) in [
        (format!("{{\"iat\":{iat},\"exp\":{exp}}}"), Code::Accepted, Code::TimeUnknown),
        (format!("{{\"iat\":{exp},\"exp\":{exp}}}"), Code::IssuedInFuture, Code::TimeUnknown),
        // At no time would these be accepted.
        (format!("{{\"exp\":{iat}}}"), Code::IatMissing, Code::IatMissing),
        (format!("{{\"iat\":{iat},\"nbf\":{exp}}}"), Code::NotYetValid, Code::ExpMissing),
    ] {
        let (tokens, known): (Vec<_>, Vec<_>) = rows(&claims).into_iter().unzip();
        let known = known.into_iter().map(|seconds| seconds.map(|seconds| at(seconds).0)).collect::<Vec<_>>();
        let tokens = tokens.iter().map(Vec::as_slice).collect::<Vec<_>>();
        for turn in 0..3 {
            let mut codes = [77; 2];
            let (tokens, instants) = (Tokens::Slices(&tokens), Instants::AsOfKnown(&known));
            let mut batch = Batch::new(1).unwrap();
            batch.verify(&verifier, &tokens, instants, &mut Columns::codes(&mut codes)).unwrap();
            assert_eq!(codes, [code.number(), timeless.number()], "{claims}, turn {turn}");
        }
    }
}

fn assert_told(rows: &[Row]) {
    let wanted: Vec<Told> = rows.iter().map(|row| row.told.clone()).collect();
    for cache in [false, true] {
        let verifier = verifier(cache);
        for threads in [1, 2] {
            let mut batch = Batch::new(threads).unwrap();
            // The first time no header is known, and nothing is in the cache.
            for turn in 0..3 {
                let found = told(&mut batch, &verifier, rows);
                for (row, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                    assert_eq!(found, wanted, "row {row}, turn {turn}, {threads} threads, cache {cache}");
                }
            }
        }
    }
}

#[test]
fn columns_of_another_length_are_refused() {
    let mut column = [0; 2];
    let mut late = [0; 2];
    for place in 0..3 {
        let mut codes = [77];
        let mut columns = Columns::codes(&mut codes);
        match place {
            0 => columns.key_state = Some(&mut column),
            1 => columns.time_ok = Some(&mut column),
            _ => columns.expired_by_seconds = Some(&mut late),
        }
        let (tokens, now) = (Tokens::Slices(&[b"a"]), Instants::Now(at(0)));
        let refused = Batch::new(1).unwrap().verify(&verifier(false), &tokens, now, &mut columns);
        assert_eq!(refused.unwrap_err().code(), Code::BatchInvalid);
        assert_eq!(codes, [77]);
    }
}
