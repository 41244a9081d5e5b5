//! What the choice of the cache's map rests on: maps that others keep, holding
//! whole tokens, and a vetted keyed tag beside ours.

use std::fmt::Write as _;
use std::hint::black_box;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use dashmap::DashMap;
use quick_cache::sync::Cache;

use crate::clock::median;
use crate::tokens::Pool;

/// What an entry of ours keeps beside the token's tag.
type Kept = [u64; 4];

pub(crate) fn table(pool: &Pool) -> String {
    let mut text = String::from(
        "Maps of other crates, with whole tokens as keys, looked up in the same way: these are\n\
         the reason for our own table. Memory counts only the keys and values, without the\n\
         map's own.\n\n\
         | map | 1,000 in rotation | 100,000 in rotation | memory for 1,000,000 |\n|---|--:|--:|--:|\n",
    );
    let mut row = |name: &str, find: &dyn Fn(&[u8]) -> bool| {
        let mut times = Vec::new();
        for count in [1000, 100_000] {
            let mut next = 0;
            times.push(median(100, 4096, || {
                next = (next + 1) % count;
                black_box(find(black_box(pool.tokens[next].as_bytes())))
            }));
        }
        let bytes = (pool.tokens[0].len() + size_of::<Box<[u8]>>() + size_of::<Kept>()) as f64;
        writeln!(text, "| {name} | {:.0} ns | {:.0} ns | {bytes:.0} MB |", times[0], times[1]).unwrap();
    };
    let dash: DashMap<Box<[u8]>, Kept> = DashMap::new();
    let quick: Cache<Box<[u8]>, Kept> = Cache::new(200_000);
    for token in &pool.tokens[..100_000] {
        dash.insert(token.as_bytes().into(), [0; 4]);
        quick.insert(token.as_bytes().into(), [0; 4]);
    }
    row("dashmap 6 (no bound)", &|token| dash.get(token).is_some());
    row("quick_cache 0.7 (S3-FIFO)", &|token| quick.get(token).is_some());
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &[7; 16]).expect("the key is sound"));
    let token = pool.tokens[0].as_bytes();
    let gmac = median(200, 4096, || {
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        black_box(key.seal_in_place_separate_tag(nonce, Aad::from(black_box(token)), &mut []).is_ok())
    });
    writeln!(
        text,
        "\nA tag over one token by GMAC (aws-lc), the fastest vetted one: {gmac:.0} ns, before any lookup."
    )
    .unwrap();
    text
}
