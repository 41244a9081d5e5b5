//! Measures caches, threads and batches, and writes the results into
//! docs/benchmarks.md behind what the table wrote.
//!
//! With an argument, prints instead.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a tool that stops at the first thing that is not as it should be"
)]

mod clock;
mod maps;
mod tokens;

use std::fmt::Write as _;
use std::hint::black_box;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, CacheSize, Code, KeySet, Scratch, Verifier};
use jot_bench::page;

use clock::{both, interleaved, median};
use tokens::{NOW, Pool};

fn main() {
    let mut text = String::from(
        "Written by `cargo run --release --bin throughput` in `benches/`. Tokens of 852 bytes; one thread unless said; CPU\n\
         time of the thread, medians over windows that take turns. *check* answers without\n\
         reading the claims of a token that the cache holds; *verify* returns the claims.\n\n\
         | what | measured | wanted |\n|---|--:|--:|\n",
    );
    let mut row = |what: &str, measured: String, wanted: &str| {
        eprintln!("{what}: {measured}");
        writeln!(text, "| {what} | {measured} | {wanted} |").unwrap();
    };
    let hmac = Pool::new(Alg::HS256, 1_000_000);
    hits(&hmac, &mut row);
    misses(&hmac, &mut row);
    let rsa = Pool::new(Alg::RS256, 100_000);
    threads(&rsa, &hmac, &mut row);
    batches(&rsa, &mut row);
    text.push('\n');
    text.push_str(&maps::table(&hmac));
    if std::env::args().nth(1).is_some() {
        println!("{text}");
        return;
    }
    page::put_section("throughput", "Caches, threads and batches", &text);
}

fn verifier(pool: &Pool, cache: Option<usize>) -> Verifier {
    let builder =
        Verifier::builder(tokens::policy(pool.alg)).issuer(tokens::ISSUER, KeySet::new([pool.key()]));
    match cache {
        Some(entries) => builder.cache(CacheSize::Entries(entries)),
        None => builder,
    }
    .build()
    .expect("the verifier is sound")
}

/// Nanoseconds for each token, taking `count` tokens in turn.
fn each(verifier: &Verifier, pool: &Pool, count: usize, rounds: usize) -> f64 {
    let mut scratch = Scratch::new();
    for token in &pool.tokens[..count] {
        verifier.verify_without_claims(token.as_bytes(), NOW, &mut scratch).expect("the token is good");
    }
    let hits = verifier.statistics().cache_hits;
    let mut next = 0;
    let time = median(rounds, 4096, || {
        let token = pool.tokens[next].as_bytes();
        next = (next + 1) % count;
        black_box(verifier.verify_without_claims(black_box(token), NOW, &mut scratch).is_ok())
    });
    let found = verifier.statistics().cache_hits - hits;
    let wanted = (rounds * 4096) as f64;
    assert!(found as f64 >= wanted * 0.98, "{found} of {wanted} were found");
    time
}

fn hits(pool: &Pool, row: &mut impl FnMut(&str, String, &str)) {
    let verifier_one = verifier(pool, Some(1000));
    row("cached hit, *check*, one token", format!("{:.0} ns", each(&verifier_one, pool, 1, 200)), "120 ns");
    let mut scratch = Scratch::new();
    let token = pool.tokens[0].as_bytes();
    let time = median(200, 4096, || {
        black_box(
            verifier_one.verify(black_box(token), NOW, &mut scratch).unwrap().claims().subject().is_some(),
        )
    });
    row("cached hit, *verify*, one token", format!("{time:.0} ns"), "");
    let time = each(&verifier(pool, Some(1000)), pool, 1000, 200);
    row("cached hit, *check*, 1,000 in rotation", format!("{time:.0} ns"), "200 ns");
    let million = verifier(pool, Some(1_000_000));
    let time = each(&million, pool, 1_000_000, 300);
    row("cached hit, *check*, 1,000,000 in rotation", format!("{time:.0} ns"), "1,200 ns");
    let bytes = million.statistics().cache_bytes as f64;
    row("memory of the cache for 1,000,000 tokens", format!("{:.1} MB", bytes / 1e6), "100 MB");
}

/// A token that the cache does not hold, against the same without a cache.
fn misses(pool: &Pool, row: &mut impl FnMut(&str, String, &str)) {
    let (without, with) = (verifier(pool, None), verifier(pool, Some(10_000)));
    let (mut scratch, mut other) = (Scratch::new(), Scratch::new());
    let count = 200_000;
    let (mut a, mut b) = (0, 0);
    let [bare, miss] = interleaved(
        150,
        1024,
        &mut [
            &mut || {
                a = (a + 1) % count;
                black_box(without.verify_without_claims(pool.tokens[a].as_bytes(), NOW, &mut scratch).is_ok())
            },
            &mut || {
                b = (b + 1) % count;
                black_box(with.verify_without_claims(pool.tokens[b].as_bytes(), NOW, &mut other).is_ok())
            },
        ],
    );
    let statistics = with.statistics();
    assert!(statistics.cache_hits * 100 < statistics.cache_misses, "the cache held the tokens");
    row("HS256 of 852 bytes without the cache, 200,000 in rotation (170 MB)", format!("{bare:.0} ns"), "");
    row("miss with the cache on, beyond that", format!("{:+.0} ns", miss - bare), "300 ns");
}

/// Two threads that share one verifier, against one.
fn threads(rsa: &Pool, hmac: &Pool, row: &mut impl FnMut(&str, String, &str)) {
    let plain = verifier(rsa, None);
    let distinct = both(25, |index, threads| {
        let mut scratch = Scratch::new();
        let tokens = rsa.tokens[..8000].iter().skip(index).step_by(threads);
        for token in tokens {
            assert!(plain.verify_without_claims(token.as_bytes(), NOW, &mut scratch).is_ok());
        }
    });
    row("two threads against one, 8,000 distinct RS256", format!("{distinct:.2}x"), "1.93x");
    let cached = verifier(hmac, Some(1000));
    let hits = both(25, |index, threads| {
        let mut scratch = Scratch::new();
        for _ in 0..400 {
            for token in hmac.tokens[..1000].iter().skip(index).step_by(threads) {
                assert!(cached.verify_without_claims(token.as_bytes(), NOW, &mut scratch).is_ok());
            }
        }
    });
    row("two threads against one, cache hits", format!("{hits:.2}x"), "1.8x");
}

/// A batch of distinct tokens, against the bare primitive over the same.
fn batches(rsa: &Pool, row: &mut impl FnMut(&str, String, &str)) {
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, rsa.spki()).expect("the key is sound");
    let parts: Vec<(&[u8], Vec<u8>)> = rsa.tokens.iter().map(|token| tokens::parts(token)).collect();
    let slices: Vec<&[u8]> = rsa.tokens.iter().map(|token| token.as_bytes()).collect();
    let verifier = verifier(rsa, None);
    let mut batch = Batch::new(1).expect("no thread is needed");
    let mut codes = vec![u32::MAX; slices.len()];
    // In slices of the whole that take turns, each beginning every other time,
    // so that both see the same weather and find their tokens as near.
    let (mut bare, mut above) = (Vec::new(), Vec::new());
    let mut batches = |window: &[&[u8]], codes: &mut [u32]| {
        let start = clock::thread_time();
        let report = batch
            .verify(&verifier, &Tokens::Slices(window), Instants::Now(NOW), &mut Columns::codes(codes))
            .expect("the columns fit");
        let time = (clock::thread_time() - start).as_nanos() as f64;
        assert_eq!(report.distinct, window.len());
        time
    };
    let primitive = |window: &[(&[u8], Vec<u8>)]| {
        let start = clock::thread_time();
        for (message, signature) in window {
            assert!(key.verify_sig(message, signature).is_ok());
        }
        (clock::thread_time() - start).as_nanos() as f64
    };
    let windows = slices.chunks(2000).zip(parts.chunks(2000)).zip(codes.chunks_mut(2000));
    for (index, ((slices, parts), codes)) in windows.enumerate() {
        let (ours, theirs) = if index % 2 == 0 {
            let ours = batches(slices, codes);
            (ours, primitive(parts))
        } else {
            let theirs = primitive(parts);
            (batches(slices, codes), theirs)
        };
        bare.push(theirs / slices.len() as f64);
        above.push((ours - theirs) / slices.len() as f64);
    }
    assert!(codes.iter().all(|code| *code == Code::Accepted.number()));
    let (above, bare) = (clock::middle(&mut above), clock::middle(&mut bare));
    row(
        "batch of 100,000 distinct RS256, beyond the bare primitive",
        format!("{above:+.0} ns a token, to {bare:.0} ns"),
        "400 ns",
    );
    let whole = |threads| {
        let mut batch = Batch::new(threads).expect("there are threads");
        let mut codes = vec![0; slices.len()];
        let mut go = || {
            batch
                .verify(
                    &verifier,
                    &Tokens::Slices(&slices),
                    Instants::Now(NOW),
                    &mut Columns::codes(&mut codes),
                )
                .expect("the columns fit")
        };
        clock::wall(&mut go)
    };
    row("the same with two threads against one", format!("{:.2}x", whole(1) / whole(2)), "");
}
