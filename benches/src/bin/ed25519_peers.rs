//! Measures Ed25519 with a key for each token beside those who verify it in batches by AVX-512,
//! and writes the results into docs/benchmarks.md.
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

use std::fmt::Write as _;

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use commonware_cryptography::{BatchEntry, BatchVerifier as _};
use commonware_cryptography_curve25519::signing::{Signature, SigningKey, VerifyingKey};
use commonware_math::algebra::Random as _;
use commonware_parallel::Sequential;
use ed25519_simd::{DalekVerifier, VerifyInput};
use jot::backend::Backend;
use jot::batch::{Batch, Tokens};
use jot::{Alg, SelfSignedVerifier};
use jot_bench::clock::Turns;
use jot_bench::own_key::Token;
use jot_bench::page;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

const BATCHES: [usize; 4] = [64, 256, 1024, 8192];
/// So many tokens and keys, of which each batch takes some.
const KEYS: usize = 8192;
/// What it signs and verifies has this before it: no other signature fits.
const NAMESPACE: &[u8] = b"jot-bench";

fn main() {
    let tokens: Vec<Token> = (0..KEYS).map(|number| Token::new(Alg::EdDSA, number, 600)).collect();
    let slices: Vec<&[u8]> = tokens.iter().map(|token| token.text.as_bytes()).collect();
    let messages: Vec<&[u8]> =
        tokens.iter().map(|token| token.text.rsplit_once('.').unwrap().0.as_bytes()).collect();
    let inputs: Vec<VerifyInput<'_>> =
        tokens.iter().zip(&messages).map(|(token, message)| input(token, message)).collect();
    let theirs = signed(&messages);
    let jot = SelfSignedVerifier::builder([Alg::EdDSA]).typ("dpop+jwt").backend(Backend::Auto).build();
    let jot = jot.expect("the rules are sound");
    let mut simd = DalekVerifier::new();
    refuses(&mut simd, &inputs);

    let mut text = String::from(
        "Written by `make bench-keys`, where the processor has AVX-512 IFMA. Every token has a key of its\n\
         own; one thread, microseconds of CPU time a token. *jot* is the whole work on DPoP proofs of 600\n\
         bytes: JWK, thumbprint, JSON and claims; all others are the signature over the same bytes\n\
         alone. *commonware* checks a random combination, with the cofactor: it says only whether all are\n\
         good, and accepts keys with parts of small order; its signatures are over as many bytes. All of\n\
         this program is compiled for this processor, because *ed25519-simd* wants that.\n\n\
         | batch | aws-lc | ed25519-simd | commonware | jot, the whole token |\n|--:|--:|--:|--:|--:|\n",
    );
    for size in BATCHES {
        let row = measured(size, &jot, &slices, &tokens, &messages, &mut simd, &inputs, &theirs);
        eprintln!("{row}");
        writeln!(text, "{row}").unwrap();
    }
    if std::env::args().nth(1).is_some() {
        println!("{text}");
        return;
    }
    page::put_section("ed25519-peers", "Ed25519, a key for each token", &text);
}

fn input<'t>(token: &Token, message: &'t [u8]) -> VerifyInput<'t> {
    let public_key = token.key.as_slice().try_into().unwrap();
    let signature = token.signature.as_slice().try_into().unwrap();
    VerifyInput { public_key, signature, message }
}

fn signed(messages: &[&[u8]]) -> Vec<(VerifyingKey, Signature, Vec<u8>)> {
    let mut random = StdRng::seed_from_u64(1);
    let sign = |message: &&[u8]| {
        let key = SigningKey::random(&mut random);
        (key.verifying_key(), key.sign(NAMESPACE, message), message.to_vec())
    };
    messages.iter().map(sign).collect()
}

/// Asserts that a changed signature is refused.
fn refuses(simd: &mut DalekVerifier, inputs: &[VerifyInput<'_>]) {
    let mut bad = inputs[..8].to_vec();
    bad[3].signature[40] ^= 1;
    let mut answers = [true; 8];
    simd.verify_batch(&bad, &mut answers);
    assert_eq!(answers, [true, true, true, false, true, true, true, true]);
}

#[expect(clippy::too_many_arguments, reason = "each contestant has its own form of the same tokens")]
fn measured(
    size: usize,
    jot: &SelfSignedVerifier,
    slices: &[&[u8]],
    tokens: &[Token],
    messages: &[&[u8]],
    simd: &mut DalekVerifier,
    inputs: &[VerifyInput<'_>],
    theirs: &[(VerifyingKey, Signature, Vec<u8>)],
) -> String {
    let mut places = [0_usize; 4];
    let [bare, other, combined, own] = &mut places;
    let next = |place: &mut usize| {
        *place = (*place + size) % KEYS;
        *place..*place + size
    };
    let (mut batch, mut random) = (Batch::new(1).unwrap(), StdRng::seed_from_u64(2));
    let mut answers = vec![false; size];
    let mut turns = Turns::new(40);
    turns.run(&mut [
        &mut || {
            let place = next(bare).start;
            for row in place..place + 64 {
                let key = ParsedPublicKey::new(&ED25519, &tokens[row].key).expect("the key is sound");
                assert!(key.verify_sig(messages[row], &tokens[row].signature).is_ok());
            }
            64
        },
        &mut || {
            answers.fill(false);
            simd.verify_batch(&inputs[next(other)], &mut answers);
            assert!(answers.iter().all(|answer| *answer));
            size
        },
        &mut || {
            let rows = &theirs[next(combined)];
            assert!(VerifyingKey::verify_batch(&mut random, rows, |_, row| entry(row), &Sequential));
            size
        },
        &mut || {
            let rows = Tokens::Slices(&slices[next(own)]);
            let found = batch.verify_self_signed(jot, &rows, None, None).expect("it is sound");
            assert!(found.iter().all(Result::is_ok));
            size
        },
    ]);
    let times: Vec<String> =
        (0..4).map(|which| format!("{:.2}", turns.nanoseconds(which) / 1000.0)).collect();
    format!("| {size} | {} |", times.join(" | "))
}

fn entry(
    (public_key, signature, message): &(VerifyingKey, Signature, Vec<u8>),
) -> BatchEntry<'_, VerifyingKey> {
    BatchEntry { namespace: NAMESPACE, message, public_key, signature }
}
