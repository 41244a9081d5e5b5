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
#[must_use]
pub fn prove(claims: &[Claim]) -> ExitCode {
    if holds(claims) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Like [`prove`], with the claims about one file. `false` also if there are none.
#[must_use]
pub fn holds_about(file: &str, claims: &[Claim]) -> bool {
    let claims: Vec<Claim> = claims.iter().copied().filter(|claim| claim.about == file).collect();
    holds(&claims)
}

#[expect(clippy::print_stdout, reason = "it is what `make prove` shows")]
fn holds(claims: &[Claim]) -> bool {
    let mut proved = 0_usize;
    for Claim { says, about, proof } in claims {
        lanes::reset();
        let begin = Instant::now();
        let is_proved = catch_unwind(AssertUnwindSafe(proof)).is_ok();
        let seconds = begin.elapsed().as_secs_f64();
        proved += usize::from(is_proved);
        println!("{}  {seconds:7.3} s  {about}: {says}", if is_proved { "proved" } else { "FAILED" });
    }
    println!("{proved} of {} claims proved", claims.len());
    proved == claims.len() && proved > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_claim_that_fails_fails_all_and_no_claims_are_no_proof() {
        let claim = |about, proof| Claim { says: "", about, proof };
        let good = claim("good", || {});
        let bad = claim("bad", || panic!("not so"));
        assert!(holds(&[good, good]));
        assert!(!holds(&[bad, good]));
        assert!(holds_about("good", &[bad, good]));
        assert!(!holds_about("bad", &[bad, good]));
        assert!(!holds_about("other", &[good]));
        assert_eq!(prove(&[]), ExitCode::FAILURE);
    }
}
