//! Measures tokens that each come with their own key, and writes the results into
//! docs/benchmarks.md behind what the others wrote.
//!
//! With an argument, prints instead. With the name of an algorithm, verifies its tokens in
//! batches for some seconds, for a profiler.
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

use std::fmt::Write as _;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, VerificationAlgorithm};
use jot::backend::Backend;
use jot::batch::{Batch, Tokens};
use jot::{Alg, Scratch, SelfSignedVerifier};
use jot_bench::clock::Turns;
use jot_bench::own_key::Token;
use jot_bench::page;

/// The algorithms, the bytes of their tokens, and what a token is to take in a batch.
const ROWS: &[(Alg, usize, &str)] = &[(Alg::ES256, 850, "13 µs"), (Alg::EdDSA, 600, "10 µs")];
/// More keys than the caches of the processor hold of anything.
const KEYS: usize = 4096;
const BATCH: usize = 256;

fn tokens(alg: Alg, bytes: usize) -> Vec<Token> {
    eprintln!("signing {KEYS} {alg} tokens");
    (0..KEYS).map(|number| Token::new(alg, number, bytes)).collect()
}

fn verifier(alg: Alg, backend: Backend) -> SelfSignedVerifier {
    SelfSignedVerifier::builder([alg]).typ("dpop+jwt").backend(backend).build().expect("the rules are sound")
}

/// Verifies a batch of the tokens from `next` on.
fn batch(verifier: &SelfSignedVerifier, batch: &mut Batch, tokens: &[&[u8]], next: &mut usize) -> usize {
    *next = (*next + BATCH) % KEYS;
    let rows = &tokens[*next..*next + BATCH];
    let found = batch.verify_self_signed(verifier, &Tokens::Slices(rows), None, None).expect("it is sound");
    assert!(found.iter().all(Result::is_ok));
    BATCH
}

fn measured(alg: Alg, bytes: usize, wanted: &str) -> String {
    let tokens = tokens(alg, bytes);
    let length = tokens.iter().map(|token| token.text.len()).sum::<usize>() / KEYS;
    let slices: Vec<&[u8]> = tokens.iter().map(|token| token.text.as_bytes()).collect();
    let algorithm: &'static dyn VerificationAlgorithm =
        if alg == Alg::ES256 { &ECDSA_P256_SHA256_FIXED } else { &ED25519 };
    let (aws_lc, lanes) = (verifier(alg, Backend::AwsLc), verifier(alg, Backend::Auto));
    let (mut places, mut scratch) = ([0_usize; 4], Scratch::new());
    let [bare, single, plain, fast] = &mut places;
    let (mut one, mut other) = (Batch::new(1).unwrap(), Batch::new(1).unwrap());
    let mut turns = Turns::new(60);
    turns.run(&mut [
        &mut || {
            for _ in 0..BATCH {
                *bare = (*bare + 1) % KEYS;
                let Token { text, key, signature } = &tokens[*bare];
                let message = text.rsplit_once('.').unwrap().0.as_bytes();
                let key = ParsedPublicKey::new(algorithm, key).expect("the key is sound");
                assert!(key.verify_sig(message, signature).is_ok());
            }
            BATCH
        },
        &mut || {
            for _ in 0..BATCH {
                *single = (*single + 1) % KEYS;
                assert!(aws_lc.verify(slices[*single], &mut scratch).is_ok());
            }
            BATCH
        },
        &mut || batch(&aws_lc, &mut one, &slices, plain),
        &mut || batch(&lanes, &mut other, &slices, fast),
    ]);
    let report = lanes.backend_report();
    let name = report.accelerated.first().map_or("aws-lc", |one| one.1);
    format!(
        "| {alg}, {length} bytes | {} | {} ({:.2}x) | {} ({:.2}x) | {} ({:.2}x) | {wanted} | {name} |",
        turns.time(0),
        turns.time(1),
        turns.ratio(0, 1),
        turns.time(2),
        turns.ratio(0, 2),
        turns.time(3),
        turns.ratio(0, 3),
    )
}

fn main() {
    let only = std::env::args().nth(1);
    if let Some(alg) = only.as_deref().and_then(Alg::from_name) {
        let bytes = ROWS.iter().find(|row| row.0 == alg).expect("it is measured").1;
        let tokens = tokens(alg, bytes);
        let slices: Vec<&[u8]> = tokens.iter().map(|token| token.text.as_bytes()).collect();
        let (verifier, mut one, mut next) = (verifier(alg, Backend::Auto), Batch::new(1).unwrap(), 0);
        for _ in 0..2000 {
            batch(&verifier, &mut one, &slices, &mut next);
        }
        return;
    }
    let mut text = String::from(
        "Written by `cargo run --release --bin own_keys` in `benches/`. DPoP proofs, every one with a\n\
         key of its own in its header; one thread, CPU time of a token. *bare* parses the raw key and\n\
         checks the signature through aws-lc-rs; everything else is the whole work, with reading the\n\
         JWK, its thumbprint and the claims. The number in brackets is the speed relative to bare.\n\n\
         | | bare | one by one, aws-lc | batch of 256, aws-lc | batch of 256, accelerated | wanted | runs |\n\
         |---|--:|--:|--:|--:|--:|---|\n",
    );
    for (alg, bytes, wanted) in ROWS {
        let row = measured(*alg, *bytes, wanted);
        eprintln!("{row}");
        writeln!(text, "{row}").unwrap();
    }
    if only.is_some() {
        println!("{text}");
        return;
    }
    page::put_section("own-keys", "Tokens with their own keys", &text);
}
