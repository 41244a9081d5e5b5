//! What a batch takes from the allocator: room in proportion to its rows once,
//! and nothing after that.
#![allow(unsafe_code, reason = "an allocator that counts")]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing amiss"
)]

mod actors;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{CacheSize, Code, Verifier};

use actors::*;

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn took(bytes: usize) {
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    let now = BYTES.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(now, Ordering::Relaxed);
}

// SAFETY: every call goes on to the system's allocator as it is. Growing goes
// through `alloc`, so that the old and the new room are counted side by side.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs something; how many allocations it made, and how far the bytes in use
/// rose above what they were before.
fn cost(run: impl FnOnce()) -> (usize, usize) {
    let (count, bytes) = (ALLOCATIONS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    PEAK.store(bytes, Ordering::Relaxed);
    run();
    (ALLOCATIONS.load(Ordering::Relaxed) - count, PEAK.load(Ordering::Relaxed) - bytes)
}

/// Good tokens of several keys, expired ones, forged ones and nonsense.
fn mixed(count: usize) -> Vec<Vec<u8>> {
    let token = |number: usize| {
        let until = |seconds| format!(r#"{{"sub":"alice","exp":{},"n":{number}}}"#, NOON + seconds);
        match number % 8 {
            0 => sign(ED, &until(10)),
            1 => sign(NAMELESS, &until(10)),
            2 => sign(A, &until(-10)),
            3 => tampered(&sign(A, &until(10))),
            4 => format!("{number}..").into_bytes(),
            _ => sign(A, &until(10)),
        }
    };
    (0..count).map(token).collect()
}

fn nothing_is_allocated_again(threads: usize, most: usize) {
    let tokens = mixed(1600);
    let rows: Vec<&[u8]> = tokens.iter().map(|token| &token[..]).collect();
    let verifier = || {
        let builder = Verifier::builder(policy()).keys(keys(&[A, ED, NAMELESS_OTHER, NAMELESS]));
        builder.cache(CacheSize::Entries(400)).build().unwrap()
    };
    let (mut batch, verifier) = (Batch::new(threads).unwrap(), verifier());
    let mut codes = vec![0; rows.len()];
    let mut run = |count: usize| {
        let (rows, codes) = (rows.get(..count).unwrap(), codes.get_mut(..count).unwrap());
        let (tokens, mut columns) = (Tokens::Slices(rows), Columns::codes(codes));
        let report = batch.verify(&verifier, &tokens, Instants::Now(at(0)), &mut columns).unwrap();
        assert_eq!((report.distinct, report.accepted), (count, count / 8 * 5));
    };
    // Which thread gets which token is chance, and with it how soon each of
    // them has room enough.
    for _ in 0..if threads == 1 { 1 } else { 20 } {
        run(1600);
    }
    let few = cost(|| run(800)).0;
    let many = cost(|| run(1600)).0;
    assert!(few <= most && many <= most, "{few} and {many} allocations on {threads} threads");
}

fn peak_is_in_proportion_to_the_rows() {
    const ROWS: usize = 200_000;
    let tokens: Vec<String> = (0..ROWS).map(|number| format!("{number}..")).collect();
    let rows: Vec<&[u8]> = tokens.iter().map(|token| token.as_bytes()).collect();
    let verifier = Verifier::builder(policy()).keys(keys(&[A])).build().unwrap();
    let mut codes = vec![0; ROWS];
    let (mut batch, mut columns) = (Batch::new(1).unwrap(), Columns::codes(&mut codes));
    let mut run = || {
        let now = Instants::Now(at(0));
        let report = batch.verify(&verifier, &Tokens::Slices(&rows), now, &mut columns).unwrap();
        assert_eq!((report.distinct, report.accepted), (ROWS, 0));
    };
    let peak = cost(&mut run).1;
    // 104 of the outcome, 8 of the hash, 4 + 4 of the indexes and 6.5 of the
    // table, which is half empty at worst: 126.5 bytes a row.
    assert!((124 * ROWS..130 * ROWS).contains(&peak), "{peak} bytes");
    assert_eq!(cost(&mut run), (0, 0));
    assert!(codes.iter().all(|code| *code != Code::BatchCancelled.number()));
}

/// One test, so that nothing else allocates meanwhile.
#[test]
fn batch_allocates_in_proportion_to_its_rows_once() {
    nothing_is_allocated_again(1, 0);
    nothing_is_allocated_again(2, 8);
    peak_is_in_proportion_to_the_rows();
}
