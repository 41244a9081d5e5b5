//! A batch that the system has no room for is refused and leaves nothing behind;
//! the process goes on.
//!
//! Each case runs in a process of its own, which may not take more memory than it
//! has and a little.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]
#![expect(unsafe_code, reason = "limits are for C to set")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::process::Command;
use std::ptr;

use jot::batch::{Batch, ClaimTexts, Columns, Instants, TextClaim, Tokens};
use jot::{Alg, CacheSize, Code, KeyOptions, KeySet, Policy, UnixSeconds, Verifier, VerifyingKey};

const CHILD: &str = "JOT_BATCH_MEMORY_CHILD";
const MIB: usize = 1 << 20;
const STACK: usize = 1024 * MIB;

/// Runs the test of this name once more, in a process of its own.
fn in_a_process(name: &str, work: fn()) {
    if std::env::var_os(CHILD).is_some() {
        return work();
    }
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program);
    let child = child.args(["--exact", name, "--nocapture", "--test-threads=1"]).env(CHILD, "1");
    // Threads take much and of a known size, so that it is they who find no room.
    let child = child.env("RUST_MIN_STACK", STACK.to_string()).env("MALLOC_ARENA_MAX", "1");
    let output = child.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", output.status);
}

/// Lets the process have so many bytes more than it has.
fn limit(more: usize) {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = pages.split(' ').next().unwrap().parse().unwrap();
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: for writing the limits to.
    assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) }, 0);
    limit.rlim_cur = (pages * 4096 + more) as libc::rlim_t;
    // SAFETY: the limits are this process's.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const limit) }, 0);
}

/// So many elements, all zero, that take no memory as long as none is written.
fn zeros<T>(count: usize) -> &'static mut [T] {
    let (access, kind) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE);
    // SAFETY: a new mapping, of nothing that is anybody's.
    let place = unsafe { libc::mmap(ptr::null_mut(), count * size_of::<T>(), access, kind, -1, 0) };
    assert!(place != libc::MAP_FAILED);
    // SAFETY: so many elements, of types for which zero is a value.
    unsafe { std::slice::from_raw_parts_mut(place.cast(), count) }
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

fn verifier() -> Verifier {
    let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default().alg(Alg::HS256)).unwrap();
    Verifier::builder(Policy::new([Alg::HS256])).keys(KeySet::new([key])).build().unwrap()
}

/// Judges rows of which each is empty, or a null, and returns what came of it
/// with the code of the first and the last row.
fn outcome(batch: &mut Batch, rows: usize, are_null: bool) -> (Option<Code>, [u32; 2]) {
    let validity = zeros::<u8>(rows.div_ceil(8));
    let validity = are_null.then_some(&*validity);
    let tokens = Tokens::Arrow32 { data: b"", offsets: zeros(rows + 1), validity, validity_offset: 0 };
    let codes = zeros::<u32>(rows);
    let now = Instants::Now(UnixSeconds(0));
    let done = batch.verify(&verifier(), &tokens, now, &mut Columns::codes(codes));
    (done.err().map(|error| error.code()), [codes[0], codes[rows - 1]])
}

#[test]
fn batch_is_refused_when_there_is_no_room_for_its_rows() {
    in_a_process("batch_is_refused_when_there_is_no_room_for_its_rows", || {
        let rows = 1 << 22;
        let mut refused = 0;
        for are_null in [true, false] {
            // Every place at which the memory may run out.
            for more in (8..).step_by(8) {
                let mut batch = Batch::new(1).unwrap();
                // What the rows themselves take is not the batch's.
                limit((more + 40) * MIB);
                let (code, codes) = outcome(&mut batch, rows, are_null);
                match code {
                    None => {
                        let code = if are_null { Code::TokenNull } else { Code::TokenEmpty };
                        assert_eq!(codes, [code.number(); 2]);
                        break;
                    }
                    Some(code) => {
                        assert_eq!((code, codes), (Code::MemoryMissing, [0, 0]), "{more} MiB");
                        refused += 1;
                    }
                }
                // It is of use all the same.
                assert_eq!(outcome(&mut batch, 10, true).1, [Code::TokenNull.number(); 2]);
            }
        }
        assert!(refused > 4, "{refused} refusals");
    });
}

#[test]
fn batch_of_as_many_rows_as_there_may_be_is_refused() {
    in_a_process("batch_of_as_many_rows_as_there_may_be_is_refused", || {
        let rows = u32::MAX as usize;
        let slices: &[Option<&[u8]>] = zeros(rows + 1);
        let codes = zeros::<u32>(rows);
        let mut batch = Batch::new(1).unwrap();
        let verifier = verifier();
        limit(64 * MIB);
        for (slices, codes, wanted) in [
            (&slices[..rows], &mut codes[..], Code::MemoryMissing),
            (slices, &mut [][..], Code::BatchInvalid),
        ] {
            let tokens = Tokens::OptionalSlices(slices);
            let now = Instants::Now(UnixSeconds(0));
            let refused = batch.verify(&verifier, &tokens, now, &mut Columns::codes(codes));
            assert_eq!(refused.unwrap_err().code(), wanted);
        }
        let refused = ClaimTexts::default().start(rows, &TextClaim::ALL).unwrap_err();
        assert_eq!(refused.code(), Code::MemoryMissing);
        let refused = ClaimTexts::default().start(usize::MAX, &TextClaim::ALL).unwrap_err();
        assert_eq!(refused.code(), Code::MemoryMissing);
    });
}

#[test]
fn batch_is_refused_when_there_are_not_so_many_threads() {
    in_a_process("batch_is_refused_when_there_are_not_so_many_threads", || {
        let before = threads();
        for count in [Batch::MAX_THREADS + 1, 65_536, usize::MAX] {
            let refused = Batch::new(count).unwrap_err();
            assert_eq!((refused.code(), refused.member()), (Code::BatchInvalid, Some("threads")));
            assert_eq!(threads(), before);
        }
        // Room for the stacks of some of them.
        limit(8 * STACK + STACK / 2);
        let refused = Batch::new(Batch::MAX_THREADS).unwrap_err();
        assert_eq!((refused.code(), refused.member()), (Code::ThreadsMissing, None));
        assert_eq!(threads(), before);
        let mut batch = Batch::new(2).unwrap();
        assert_eq!(outcome(&mut batch, 10, true).1, [Code::TokenNull.number(); 2]);
        drop(batch);
        assert_eq!(threads(), before);
    });
}

#[test]
fn cache_is_refused_when_there_is_no_room_for_it() {
    in_a_process("cache_is_refused_when_there_is_no_room_for_it", || {
        limit(64 * MIB);
        for size in [
            CacheSize::Entries(usize::MAX),
            CacheSize::Bytes(usize::MAX),
            CacheSize::Entries(10_000_000),
            CacheSize::Bytes(1 << 30),
        ] {
            let key = VerifyingKey::from_secret(&[7; 32], &KeyOptions::default()).unwrap();
            let builder = Verifier::builder(Policy::new([Alg::HS256])).keys(KeySet::new([key]));
            assert_eq!(builder.cache(size).build().unwrap_err().code(), Code::CacheTooLarge, "{size:?}");
        }
    });
}
