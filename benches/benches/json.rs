//! `json/<parser>`: a Claims Set parsed by the engine's own parser and by two
//! others, with every buffer used again.
//!
//! The engine keeps its parser to itself, so its sources are taken in here.
//! `serde_json/skip` checks the syntax alone and `serde_json/claims` reads into
//! a type; neither looks for repeated names, as ours does. simd-json wants a
//! text that it can write to, and gets a copy; its tape is used again.
#![allow(missing_docs, reason = "criterion's macros make items without")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use data_encoding::BASE64URL_NOPAD;
use jot_bench::{Issuer, Workload};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[path = "../../src/json/mod.rs"]
#[expect(dead_code, unused_imports, unreachable_pub, reason = "a part of the engine, of which a part is used")]
mod json;
#[path = "../../src/limits.rs"]
#[expect(dead_code, unreachable_pub, reason = "a part of the engine, of which a part is used")]
mod limits;
#[path = "../../src/time.rs"]
#[expect(dead_code, unreachable_pub, reason = "a part of the engine, of which a part is used")]
mod time;

#[derive(Deserialize)]
struct Claims<'c> {
    iss: &'c str,
    sub: &'c str,
    aud: Vec<&'c str>,
    exp: i64,
    nbf: i64,
    scope: &'c str,
}

fn payloads() -> Vec<Vec<u8>> {
    let issuer = Issuer::new(jot::Alg::HS256);
    let payload = |text: &str| text.split('.').nth(1).and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
    Workload::new(&issuer).good.iter().filter_map(|token| payload(&token.text)).collect()
}

fn parse(criterion: &mut Criterion) {
    let payloads = payloads();
    assert_eq!(payloads.len(), jot_bench::TOKENS);
    let mut group = criterion.benchmark_group("json");

    let mut storage = json::Storage::default();
    let mut texts = payloads.iter().cycle();
    group.bench_function("jot", |bencher| {
        bencher.iter(|| texts.next().is_some_and(|text| json::parse(text, &mut storage).is_ok()));
    });
    // The rest are held to the same answer.
    let mut members = |text| json::parse(text, &mut storage).map_or(0, |object| object.members().count());

    let (mut tape, mut buffers) = (simd_json::Tape::null(), simd_json::Buffers::default());
    let mut copy = payloads.first().cloned().unwrap_or_default();
    group.bench_function("simd-json", |bencher| {
        bencher.iter(|| {
            let Some(text) = texts.next() else { return false };
            copy.clone_from(text);
            tape = std::mem::replace(&mut tape, simd_json::Tape::null()).reset();
            todo!()
        });
    });
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
