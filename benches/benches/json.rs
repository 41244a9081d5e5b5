//! `json/<parser>`: a Claims Set of 330 bytes, parsed by the engine's own
//! parser and by others.
//!
//! The engine keeps its parser to itself, so its sources are taken in here. It
//! alone refuses repeated names. simd-json wants a text that it may write to,
//! with padding behind it, and is spared the copy: each text is its own buffer,
//! and the tape is used again. `serde_json/ignored` checks the syntax alone;
//! `serde_json/claims` reads six claims into a type.
#![allow(missing_docs, reason = "criterion's macros make items without")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use data_encoding::BASE64URL_NOPAD;
use jot_bench::{Issuer, TOKENS, Workload};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[path = "../../src/json/mod.rs"]
#[allow(dead_code, unused_imports, unreachable_pub, reason = "of this part of the engine a part is used")]
mod json;
#[path = "../../src/limits.rs"]
#[allow(dead_code, unreachable_pub, reason = "of this part of the engine a part is used")]
mod limits;
#[path = "../../src/time.rs"]
#[allow(dead_code, unused_imports, unreachable_pub, reason = "of this part of the engine a part is used")]
mod time;

#[derive(Deserialize)]
#[expect(dead_code, reason = "only read into")]
struct Claims<'c> {
    iss: &'c str,
    sub: &'c str,
    aud: Vec<&'c str>,
    exp: i64,
    nbf: i64,
    scope: &'c str,
}

/// The Claims Sets of the tokens, and the end of each.
struct Texts {
    padded: Vec<(Vec<u8>, usize)>,
    next: usize,
}

impl Texts {
    fn new() -> Self {
        let workload = Workload::new(&Issuer::new(jot::Alg::HS256));
        let payload = |text: &str| BASE64URL_NOPAD.decode(text.split('.').nth(1)?.as_bytes()).ok();
        let padded: Vec<_> = workload
            .good
            .iter()
            .filter_map(|token| payload(&token.text))
            .map(|mut text| {
                let end = text.len();
                text.resize(end.saturating_add(simd_json::INPUT_PADDING), 0);
                (text, end)
            })
            .collect();
        assert_eq!(padded.len(), TOKENS);
        Self { padded, next: 0 }
    }

    fn next_padded(&mut self) -> Option<&mut (Vec<u8>, usize)> {
        self.next = self.next.wrapping_add(1) % TOKENS;
        self.padded.get_mut(self.next)
    }

    fn next(&mut self) -> &[u8] {
        self.next_padded().and_then(|(text, end)| text.get(..*end)).unwrap_or_default()
    }
}

/// Answers whether it could parse, which is made sure of before it is timed.
fn time_parser(criterion: &mut Criterion, name: &str, mut parse: impl FnMut(&mut Texts) -> bool) {
    let mut texts = Texts::new();
    for _ in 0..TOKENS {
        assert!(parse(&mut texts), "{name} refuses a good text");
    }
    criterion.bench_function(&format!("json/{name}"), |bencher| bencher.iter(|| parse(&mut texts)));
}

fn parsers(criterion: &mut Criterion) {
    let mut storage = json::Storage::default();
    time_parser(criterion, "jot", |texts| json::parse(texts.next(), &mut storage).is_ok());

    let mut buffers = simd_json::Buffers::default();
    let mut spare = simd_json::Tape::null();
    time_parser(criterion, "simd-json", |texts| {
        let Some((text, end)) = texts.next_padded() else { return false };
        let mut tape = std::mem::replace(&mut spare, simd_json::Tape(Vec::new())).reset();
        let parsed = simd_json::fill_tape_padded(text, *end, &mut buffers, &mut tape).is_ok();
        let parsed = parsed && !black_box(&tape).0.is_empty();
        spare = tape.reset();
        parsed
    });

    time_parser(criterion, "serde_json/ignored", |texts| {
        serde_json::from_slice::<IgnoredAny>(texts.next()).is_ok()
    });
    time_parser(criterion, "serde_json/claims", |texts| {
        serde_json::from_slice::<Claims<'_>>(texts.next()).is_ok_and(|claims| black_box(claims).exp > 0)
    });
}

criterion_group!(benches, parsers);
criterion_main!(benches);
