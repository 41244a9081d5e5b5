//! A batch gives every row the verdict that the token alone would get.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod actors;

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jot::batch::{Batch, BatchReport, Columns, Flags, Instants, Progress, Tokens};
use jot::{CacheSize, Claims, Code, Scratch, UnixSeconds, Verifier};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use actors::*;

/// All columns of a batch.
#[derive(Clone, Debug, PartialEq)]
struct Filled {
    codes: Vec<u32>,
    flags: Vec<u8>,
    issuer_index: Vec<u32>,
    key_index: Vec<u32>,
    expires_at: Vec<i64>,
    not_before: Vec<i64>,
    issued_at: Vec<i64>,
    first_row: Vec<u32>,
    /// What was handed out for each row.
    claims: Vec<Option<String>>,
}

/// What no batch writes.
const UNWRITTEN: i64 = 77;

impl Filled {
    fn new(rows: usize) -> Self {
        let (numbers, seconds) = (vec![UNWRITTEN as u32; rows], vec![UNWRITTEN; rows]);
        Self {
            codes: numbers.clone(),
            flags: vec![UNWRITTEN as u8; rows],
            issuer_index: numbers.clone(),
            key_index: numbers.clone(),
            first_row: numbers,
            claims: vec![None; rows],
            expires_at: seconds.clone(),
            not_before: seconds.clone(),
            issued_at: seconds,
        }
    }

    fn columns(&mut self) -> Columns<'_> {
        let mut columns = Columns::codes(&mut self.codes);
        columns.flags = Some(&mut self.flags);
        columns.issuer_index = Some(&mut self.issuer_index);
        columns.key_index = Some(&mut self.key_index);
        columns.expires_at = Some(&mut self.expires_at);
        columns.not_before = Some(&mut self.not_before);
        columns.issued_at = Some(&mut self.issued_at);
        columns.first_row = Some(&mut self.first_row);
        columns
    }

    fn of(
        batch: &mut Batch,
        verifier: &Verifier,
        tokens: &Tokens<'_>,
        instants: Instants<'_>,
        rows: usize,
    ) -> Self {
        let mut filled = Self::new(rows);
        let handed_out = Mutex::new(vec![None; rows]);
        let hand_out = |row: usize, claims: &Claims<'_>| {
            let before = handed_out.lock().unwrap()[row].replace(claims.as_text().to_owned());
            assert_eq!(before, None, "row {row}");
        };
        let mut columns = filled.columns();
        columns.claims = Some(&hand_out);
        let report = batch.verify(verifier, tokens, instants, &mut columns).unwrap();
        filled.claims = handed_out.into_inner().unwrap();
        let accepted = filled.codes.iter().filter(|code| **code == 0).count();
        assert_eq!((report.rows, report.accepted, report.cancelled), (rows, accepted, false));
        filled
    }

    /// What single verifications say, each with a scratch of its own. Dates
    /// are written of tokens that meet every rule but those on dates.
    fn expected(verifier: &Verifier, rows: &[Option<&[u8]>], instants: Instants<'_>) -> Self {
        let mut filled = Self::new(rows.len());
        for (row, token) in rows.iter().enumerate() {
            let now = match instants {
                Instants::AsOf(instants) => UnixSeconds(instants[row]),
                Instants::Now(now) => now,
                _ => unreachable!(),
            };
            let mut scratch = Scratch::new();
            let said = token.map(|token| Said::of(&verifier.verdict(token, now, &mut scratch)));
            let only_dates = |code: Code| {
                code == Code::Accepted
                    || (670..700).contains(&code.number())
                        && ![Code::IatInvalid, Code::NbfInvalid, Code::ExpInvalid].contains(&code)
            };
            let code = said.as_ref().map_or(Code::TokenNull, |said| said.code);
            let dates =
                said.as_ref().and_then(|said| said.dates).filter(|_| only_dates(code)).unwrap_or_default();
            let first = rows.iter().position(|other| other == token).unwrap();
            let repeated = token.is_some() && first < row;
            filled.first_row[row] = token.map_or(u32::MAX, |_| first as u32);
            let claims = said.as_ref().and_then(|said| said.claims.clone());
            filled.claims[row] = claims.filter(|_| !repeated);
            let signature_ok = said.as_ref().is_some_and(|said| said.signature_ok);
            let key = said.and_then(|said| said.key);
            filled.codes[row] = code.number();
            filled.flags[row] = [
                (signature_ok, Flags::SIGNATURE_OK.bits()),
                (repeated, Flags::REPEATED.bits()),
                (dates.expires_at.is_some(), Flags::HAS_EXP.bits()),
                (dates.not_before.is_some(), Flags::HAS_NBF.bits()),
                (dates.issued_at.is_some(), Flags::HAS_IAT.bits()),
            ]
            .into_iter()
            .map(|(is_set, flag)| if is_set { flag } else { 0 })
            .sum();
            filled.issuer_index[row] = key.map_or(u32::MAX, |key| key.issuer_index);
            filled.key_index[row] = key.map_or(u32::MAX, |key| key.key_index);
            filled.expires_at[row] = dates.expires_at.map_or(0, |date| date.floor().0);
            filled.not_before[row] = dates.not_before.map_or(0, |date| date.floor().0);
            filled.issued_at[row] = dates.issued_at.map_or(0, |date| date.floor().0);
        }
        filled
    }
}

/// Two issuers, one of them with keys that have no `kid`.
fn verifier(cache: bool) -> Verifier {
    let builder = Verifier::builder(policy().leeway(3).max_age(500).allow_missing_exp())
        .issuer("https://a", keys(&[ED, A, EC]))
        .issuer("https://b", keys(&[NAMELESS_OTHER, NAMELESS, A_OTHER]));
    let builder = if cache { builder.cache(CacheSize::Entries(100)) } else { builder };
    builder.build().unwrap()
}

fn pool() -> Vec<Vec<u8>> {
    let mut tokens = vec![b"".to_vec(), b"a.b.c".to_vec(), b"{}".to_vec(), signed_nonsense()];
    for issuer in ["https://a", "https://b", "https://c"] {
        for claims in [
            format!(r#""iat":{NOON},"exp":{}"#, NOON + 20),
            format!(r#""iat":{}.5,"nbf":{}.25,"exp":{}.75"#, NOON - 5, NOON + 4, NOON + 9),
            format!(r#""iat":{NOON}"#),
            format!(r#""iat":{NOON},"exp":{}"#, NOON - 20),
            format!(r#""exp":{}"#, NOON + 20),
            format!(r#""iat":{NOON},"aud":"api""#),
            format!(r#""iat":{NOON},"exp":"never""#),
        ] {
            for signer in [A, A_OTHER, ED, EC, NAMELESS, NAMELESS_OTHER] {
                tokens.push(sign(signer, &format!(r#"{{"iss":"{issuer}",{claims}}}"#)));
            }
        }
        tokens.push(tampered(&sign(A, &format!(r#"{{"iss":"{issuer}","iat":{NOON}}}"#))));
        tokens.push(tampered(&sign(NAMELESS, &format!(r#"{{"iss":"{issuer}","iat":{NOON}}}"#))));
    }
    tokens
}

/// The same rows in every layout, in front of and behind bytes of others.
struct Layouts {
    data: Vec<u8>,
    offsets: Vec<i64>,
    offsets32: Vec<i32>,
    validity: Vec<u8>,
}

impl Layouts {
    fn new(rows: &[Option<&[u8]>]) -> Self {
        let mut data = b"before".to_vec();
        let mut offsets = vec![data.len() as i64];
        let mut validity = vec![0; rows.len().div_ceil(8)];
        for (row, token) in rows.iter().enumerate() {
            // A null may cover bytes.
            data.extend_from_slice(token.unwrap_or(b"null"));
            offsets.push(data.len() as i64);
            validity[row / 8] |= u8::from(token.is_some()) << (row % 8);
        }
        data.extend_from_slice(b"behind");
        let offsets32 = offsets.iter().map(|offset| *offset as i32).collect();
        Self { data, offsets, offsets32, validity }
    }

    fn arrow64(&self) -> Tokens<'_> {
        Tokens::Arrow64 {
            data: &self.data,
            offsets: &self.offsets,
            validity: Some(&self.validity),
            validity_offset: 0,
        }
    }

    fn arrow32(&self) -> Tokens<'_> {
        Tokens::Arrow32 {
            data: &self.data,
            offsets: &self.offsets32,
            validity: Some(&self.validity),
            validity_offset: 0,
        }
    }
}

fn batches() -> Vec<Batch> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    vec![Batch::new(1).unwrap(), Batch::new(2).unwrap(), Batch::in_pool(pool)]
}

#[test]
fn every_row_is_judged_as_alone_in_every_layout() {
    let (pool, verifier) = (pool(), verifier(false));
    let mut rows: Vec<Option<&[u8]>> = pool.iter().map(|token| Some(token.as_slice())).collect();
    rows.extend(rows.clone());
    rows.insert(3, None);
    rows.push(None);
    let as_of: Vec<i64> = (0..rows.len() as i64).map(|row| NOON - 10 + row % 40).collect();
    let layouts = Layouts::new(&rows);
    let slices: Vec<&[u8]> = rows.iter().copied().flatten().collect();
    let present: Vec<Option<&[u8]>> = slices.iter().map(|token| Some(*token)).collect();
    let (expected, expected_now) = (
        Filled::expected(&verifier, &rows, Instants::AsOf(&as_of)),
        Filled::expected(&verifier, &present, Instants::Now(at(0))),
    );
    for mut batch in batches() {
        for tokens in [layouts.arrow32(), layouts.arrow64()] {
            let filled = Filled::of(&mut batch, &verifier, &tokens, Instants::AsOf(&as_of), rows.len());
            assert_eq!(filled, expected);
        }
        let tokens = Tokens::Slices(&slices);
        let filled = Filled::of(&mut batch, &verifier, &tokens, Instants::Now(at(0)), slices.len());
        assert_eq!(filled, expected_now);
    }
}

#[test]
fn answer_does_not_depend_on_threads_cache_or_what_came_before() {
    let (pool, verifiers) = (pool(), [verifier(false), verifier(true)]);
    let batches = Mutex::new(batches());
    let rows = proptest::collection::vec(proptest::option::weighted(0.95, any::<Index>()), 0..300);
    let strategy = (rows, -30_i64..30, 0_usize..90);
    let runs = if std::env::var_os("JOT_LONG").is_some() { 2000 } else { 24 };
    let config = Config { cases: runs, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(rows, start, few)| {
        // Some of the pool only, so that tokens come again.
        let some = &pool[few..];
        let rows: Vec<Option<&[u8]>> =
            rows.iter().map(|row| row.as_ref().map(|index| index.get(some).as_slice())).collect();
        let as_of: Vec<i64> = (0..rows.len() as i64).map(|row| NOON + start + row % 7).collect();
        let layouts = Layouts::new(&rows);
        let expected = Filled::expected(&verifiers[0], &rows, Instants::AsOf(&as_of));
        for batch in batches.lock().unwrap().iter_mut() {
            for verifier in &verifiers {
                let tokens = layouts.arrow64();
                let mut filled = Filled::of(batch, verifier, &tokens, Instants::AsOf(&as_of), rows.len());
                for flags in &mut filled.flags {
                    *flags &= !Flags::FROM_CACHE.bits();
                }
                assert_eq!(filled, expected);
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(verifiers[1].statistics().cache_hits > 0);
}

#[test]
fn distinct_tokens_are_verified_once() {
    let verifier = verifier(true);
    let token = |number| sign(A, &format!(r#"{{"iss":"https://a","iat":{NOON},"n":{number}}}"#));
    let (one, other) = (token(1), token(2));
    let rows: Vec<&[u8]> = std::iter::repeat_n([&one[..], &other, b"?"], 500).flatten().collect();
    let mut filled = Filled::new(rows.len());
    for (round, mut batch) in batches().into_iter().enumerate() {
        let report = batch
            .verify(&verifier, &Tokens::Slices(&rows), Instants::Now(at(0)), &mut filled.columns())
            .unwrap();
        assert_eq!((report.rows, report.accepted, report.distinct), (1500, 1000, 3));
        let statistics = verifier.statistics();
        assert_eq!((statistics.cache_misses, statistics.cache_hits), (2, 2 * round as u64));
        assert_eq!(statistics.verdicts(Code::TokenSegments), 1 + round as u64);
        assert_eq!(statistics.verdicts(Code::Accepted), 2 + 2 * round as u64);
        let from_cache = if round > 0 { Flags::FROM_CACHE.bits() } else { 0 };
        let good = Flags::SIGNATURE_OK.bits() | Flags::HAS_IAT.bits() | from_cache;
        let repeated = good | Flags::REPEATED.bits();
        assert_eq!(filled.flags[..6], [good, good, 0, repeated, repeated, Flags::REPEATED.bits()]);
    }
}

#[test]
fn token_from_the_cache_is_marked_whatever_the_dates_say() {
    let verifier = verifier(true);
    let token = sign(A, &format!(r#"{{"iss":"https://a","iat":{NOON},"exp":{}}}"#, NOON + 20));
    verifier.verify_without_claims(&token, at(0), &mut Scratch::new()).unwrap();
    let rows = [&token[..], &token];
    let as_of = [NOON + 50, NOON];
    let mut batch = Batch::new(1).unwrap();
    let filled = Filled::of(&mut batch, &verifier, &Tokens::Slices(&rows), Instants::AsOf(&as_of), 2);
    assert_eq!(filled.codes, [Code::Expired.number(), 0]);
    assert!(filled.flags.iter().all(|flags| flags & Flags::FROM_CACHE.bits() != 0), "{:?}", filled.flags);
}

#[test]
fn empty_batch_writes_nothing() {
    let verifier = verifier(false);
    for mut batch in batches() {
        for tokens in [
            Tokens::Slices(&[]),
            Tokens::Arrow32 { data: b"x", offsets: &[], validity: None, validity_offset: 0 },
            Tokens::Arrow32 { data: b"", offsets: &[0], validity: Some(&[]), validity_offset: 0 },
            Tokens::Arrow64 { data: b"xyz", offsets: &[2], validity: None, validity_offset: 0 },
        ] {
            let filled = Filled::of(&mut batch, &verifier, &tokens, Instants::AsOf(&[]), 0);
            assert_eq!(filled, Filled::new(0));
        }
    }
}

/// Verifies 1000 distinct tokens until the progress says to stop.
fn stopped(batch: &mut Batch, progress: Progress<'_>) -> (BatchReport, Vec<u32>) {
    let tokens: Vec<String> = (0..1000).map(|number| format!("{number}..")).collect();
    let rows: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let mut codes = vec![0; rows.len()];
    let mut columns = Columns::codes(&mut codes);
    let now = Instants::Now(at(0));
    let report =
        batch.verify_with_progress(&verifier(false), &Tokens::Slices(&rows), now, &mut columns, progress);
    (report.unwrap(), codes)
}

#[test]
fn progress_counts_to_the_end() {
    for mut batch in batches() {
        let seen = Mutex::new(Vec::new());
        let (report, codes) = stopped(&mut batch, &|done, total| {
            seen.lock().unwrap().push((done, total));
            ControlFlow::Continue(())
        });
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        let expected: Vec<_> = (1..=16).map(|chunk| (usize::min(64 * chunk, 1000), 1000)).collect();
        // The short last chunk may come before others.
        assert_eq!((seen.len(), seen.last()), (expected.len(), expected.last()));
        assert!(!report.cancelled && !codes.contains(&Code::BatchCancelled.number()));
    }
}

#[test]
fn cancelling_leaves_the_rest_undone() {
    for (round, mut batch) in batches().into_iter().enumerate() {
        let calls = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let (report, codes) = stopped(&mut batch, &|done, _| {
            most.fetch_max(done, Ordering::Relaxed);
            if calls.fetch_add(1, Ordering::Relaxed) == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        let cancelled = codes.iter().filter(|code| **code == Code::BatchCancelled.number()).count();
        assert!(report.cancelled);
        assert_eq!((report.rows, report.accepted, report.distinct), (1000, 0, 1000));
        // What was called done is all that was done.
        assert_eq!(1000 - cancelled, most.into_inner(), "round {round}");
        if round == 0 {
            assert_eq!((cancelled, calls.into_inner()), (1000 - 3 * 64, 3));
            assert!(codes[..192].iter().all(|code| *code != Code::BatchCancelled.number()));
        }
    }
    // The next batch is none the worse.
    let mut batch = Batch::new(1).unwrap();
    assert!(stopped(&mut batch, &|_, _| ControlFlow::Break(())).0.cancelled);
    assert!(!stopped(&mut batch, &|_, _| ControlFlow::Continue(())).0.cancelled);
}
