//! Measures calls through jot.h beside the same calls in Rust, and writes the
//! results into docs/benchmarks.md behind everything else.
//!
//! The library is `target/release/libjot.so`, or what JOT_LIBRARY names. With an
//! argument, prints instead.
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
#![allow(dead_code, reason = "a part of what the other measurements use")]

#[path = "../throughput/clock.rs"]
mod clock;
mod library;
#[path = "../throughput/tokens.rs"]
mod tokens;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;

use jot::{Alg, CacheSize, KeySet, Scratch, Verifier};
use jot_bench::page;

use clock::{middle, thread_time, wall};
use tokens::{AUDIENCE, ISSUER, NOW, Pool};

fn main() {
    let path = std::env::var_os("JOT_LIBRARY")
        .map_or_else(|| page::root().join("target/release/libjot.so"), PathBuf::from);
    let library = library::load(&path);
    let mut text = String::from(
        "Written by `cargo run --release --bin c_call` in `benches/`: the installed\n\
         `libjot.so`, called through function pointers, and the crate. The same 1,000 tokens of\n\
         852 bytes in the same order; both take turns in windows of 4,096 calls, CPU time of\n\
         the thread. The difference is the median over the windows' differences.\n\n\
         | call | Rust | C | C over Rust | wanted |\n|---|--:|--:|--:|--:|\n",
    );
    let pool = Pool::new(Alg::HS256, 1000);
    let (rust, c) = (rust(&pool, 10_000), c(&library, &pool, 10_000));
    let (rust_plain, c_plain) = (self::rust(&pool, 0), self::c(&library, &pool, 0));
    for (what, rust, c, whole) in [
        ("*check*, cached hit", &rust, &c, false),
        ("*verify*, cached hit", &rust, &c, true),
        ("*verify*, HS256 without a cache", &rust_plain, &c_plain, true),
    ] {
        let [ours, theirs, above] = beside(&pool, rust, c, whole);
        eprintln!("{what}: {ours:.0} {theirs:.0} {above:+.1}");
        writeln!(text, "| {what} | {ours:.0} ns | {theirs:.0} ns | {above:+.0} ns | +30 ns |").unwrap();
    }
    let ratio = crowd(&pool, &c);
    eprintln!("eight threads against two: {ratio:.2}x");
    writeln!(
        text,
        "\nCached hits through C, eight threads against two, on {} processors, in total: {ratio:.2}x \
         as fast (wanted: 1.00x).",
        std::thread::available_parallelism().map_or(0, usize::from)
    )
    .unwrap();
    if std::env::args().nth(1).is_some() {
        println!("{text}");
        return;
    }
    page::put_section("c_call", "The C interface", &text);
}

fn rust(pool: &Pool, cache: usize) -> Verifier {
    let builder = Verifier::builder(tokens::policy(pool.alg)).issuer(ISSUER, KeySet::new([pool.key()]));
    let builder = if cache > 0 { builder.cache(CacheSize::Entries(cache)) } else { builder };
    builder.build().expect("the verifier is sound")
}

fn c<'l>(library: &'l libloading::Library, pool: &Pool, cache: usize) -> library::Verifier<'l> {
    library::Verifier::new(library, &pool.jwk(), pool.alg.name(), [ISSUER, AUDIENCE], cache)
}

const CALLS: usize = 4096;
const WINDOWS: usize = 500;

/// Nanoseconds for each call in Rust, in C, and of the difference.
fn beside(pool: &Pool, rust: &Verifier, c: &library::Verifier<'_>, whole: bool) -> [f64; 3] {
    let (mut scratch, mut c) = (Scratch::new(), c.scratch());
    let mut one = |token: &str| match whole {
        true => rust.verify(black_box(token).as_bytes(), NOW, &mut scratch).is_ok(),
        false => rust.verify_without_claims(black_box(token).as_bytes(), NOW, &mut scratch).is_ok(),
    };
    let mut other = |token: &str| match whole {
        true => c.verify(black_box(token), NOW.0),
        false => c.check(black_box(token), NOW.0),
    };
    // So that both caches hold every token.
    assert!(pool.tokens.iter().all(|token| one(token) && other(token)));
    let (mut ours, mut theirs, mut above) = (Vec::new(), Vec::new(), Vec::new());
    for window in 0..WINDOWS {
        let first = window * CALLS;
        let mut times = [0.0; 2];
        // Who begins changes from window to window.
        for turn in [window % 2, 1 - window % 2] {
            let start = thread_time();
            for call in first..first + CALLS {
                let token = &pool.tokens[call % pool.tokens.len()];
                assert!(if turn == 0 { one(token) } else { other(token) });
            }
            times[turn] = (thread_time() - start).as_nanos() as f64 / CALLS as f64;
        }
        ours.push(times[0]);
        theirs.push(times[1]);
        above.push(times[1] - times[0]);
    }
    [middle(&mut ours), middle(&mut theirs), middle(&mut above)]
}

/// How many times as fast eight threads are together as two.
fn crowd(pool: &Pool, verifier: &library::Verifier<'_>) -> f64 {
    const TOTAL: usize = 800_000;
    let run = |threads: usize| {
        wall(&mut || {
            std::thread::scope(|scope| {
                for thread in 0..threads {
                    scope.spawn(move || {
                        let mut scratch = verifier.scratch();
                        for call in 0..TOTAL / threads {
                            let token = &pool.tokens[(call + thread * 125) % pool.tokens.len()];
                            assert!(scratch.check(token, NOW.0));
                        }
                    });
                }
            });
        })
    };
    let mut ratios: Vec<f64> = (0..25)
        .map(|round| {
            let (two, eight) = match round % 2 {
                0 => (run(2), run(8)),
                _ => {
                    let eight = run(8);
                    (run(2), eight)
                }
            };
            two / eight
        })
        .collect();
    middle(&mut ratios)
}
