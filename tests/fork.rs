//! A verifier made before a fork works on both sides of it.
#![cfg(unix)]
#![allow(unsafe_code, reason = "fork can be had in no other way")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first thing amiss")]

mod actors;

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{CacheSize, Code, Scratch, Verifier};

use actors::*;

/// Runs `child` in a child of this process; its exit status.
fn in_child(child: impl FnOnce() -> u8) -> i32 {
    // SAFETY: this program has one test, and nothing else runs beside it that
    // could hold a lock that the child needs.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0);
    if pid == 0 {
        let status = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child)).unwrap_or(255);
        // SAFETY: leaves the child without the parent's exit handlers.
        unsafe { libc::_exit(status.into()) }
    }
    let mut status = 0;
    // SAFETY: `status` lives as long as the call.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert!(libc::WIFEXITED(status), "the child was killed: {status}");
    libc::WEXITSTATUS(status)
}

/// What the parent's and the child's life have in common; the number of the
/// step that went wrong, or 0.
fn live(verifier: &Verifier, scratch: &mut Scratch) -> u8 {
    let held = sign(A, &format!(r#"{{"exp":{}}}"#, NOON + 10));
    let fresh = sign(ED, &format!(r#"{{"exp":{},"pid":{}}}"#, NOON + 10, std::process::id()));
    let code = |token: &[u8], scratch: &mut Scratch| verifier.verdict(token, at(0), scratch).code();
    if !verifier.verify_without_claims(&held, at(0), scratch).is_ok_and(|accepted| accepted.from_cache()) {
        return 1;
    }
    if code(&held, scratch) != Code::Accepted || code(&tampered(&held), scratch) != Code::SignatureInvalid {
        return 2;
    }
    if verifier.verify_without_claims(&fresh, at(0), scratch).map_or(true, |accepted| accepted.from_cache())
        || !verifier.verify_without_claims(&fresh, at(0), scratch).is_ok_and(|accepted| accepted.from_cache())
    {
        return 3;
    }
    let rows = [&held[..], &fresh, b"?"];
    for threads in [1, 2] {
        let (mut codes, mut batch) = ([77; 3], Batch::new(threads).unwrap());
        let (tokens, now) = (Tokens::Slices(&rows), Instants::Now(at(0)));
        if batch.verify(verifier, &tokens, now, &mut Columns::codes(&mut codes)).is_err()
            || codes != [0, 0, Code::TokenSegments.number()]
        {
            return 4;
        }
    }
    if verifier.replace_keys(None, keys(&[A_OTHER, ED])).is_err() {
        return 5;
    }
    let codes = [code(&held, scratch), code(&fresh, scratch)];
    if codes == [Code::SignatureInvalid, Code::Accepted] { 0 } else { 6 }
}

#[test]
fn verifier_works_in_a_child_and_after_it_in_the_parent() {
    let builder = Verifier::builder(policy()).keys(keys(&[A, ED]));
    let verifier = builder.cache(CacheSize::Entries(100)).build().unwrap();
    let held = sign(A, &format!(r#"{{"exp":{}}}"#, NOON + 10));
    let mut scratch = Scratch::new();
    verifier.verify_without_claims(&held, at(0), &mut scratch).unwrap();
    assert_eq!(in_child(|| live(&verifier, &mut scratch)), 0);
    // The child's keys are the child's.
    assert_eq!(live(&verifier, &mut scratch), 0);
}
