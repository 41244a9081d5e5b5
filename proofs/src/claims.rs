//! What is proved, one claim after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use crate::lanes;

/// A statement about a file of the accelerated code, and its proof.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The statement.
    pub says: &'static str,
    /// The file that it is about, from the root of the repository.
    pub about: &'static str,
    /// Panics if the statement does not follow.
    pub proof: fn(),
}

/// Proves every claim and prints a line for each: the time, the file and the statement.
/// Goes on after a failure, and fails at the end.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "it is what `make prove` shows")]
pub fn prove(claims: &[Claim]) -> ExitCode {
    let mut failed = 0_usize;
    for claim in claims {
        lanes::reset();
        let begin = Instant::now();
        let proved = catch_unwind(AssertUnwindSafe(claim.proof)).is_ok();
        let seconds = begin.elapsed().as_secs_f64();
        if proved {
            println!("proved  {seconds:7.3} s  {}: {}", claim.about, claim.says);
        } else {
            eprintln!("FAILED  {seconds:7.3} s  {}: {}", claim.about, claim.says);
            failed += 1;
        }
    }
    println!("{} of {} claims proved", claims.len() - failed, claims.len());
    if failed == 0 && !claims.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
