//! Times the bare RS256 primitive over given tokens, for the arithmetic of the
//! gateways' benchmarks:
//!
//! ```text
//! bare KEY.der TOKENS.txt
//! ```
//!
//! `KEY.der` is a SubjectPublicKeyInfo, `TOKENS.txt` has a token on each line.
//! Prints the microseconds of CPU time per token, the median over 20 passes.
#![expect(clippy::print_stdout, clippy::panic, clippy::expect_used, reason = "a command line program for developers")]

use std::time::Duration;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use data_encoding::BASE64URL_NOPAD;
use rustix::time::{ClockId, clock_gettime};

const PASSES: usize = 20;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(tokens)) = (arguments.next(), arguments.next()) else {
        panic!("usage: bare KEY.der TOKENS.txt");
    };
    let key = std::fs::read(key).expect("the key can be read");
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).expect("the key is an RSA key");
    let text = std::fs::read_to_string(tokens).expect("the tokens can be read");
    let tokens: Vec<_> = text.lines().map(cut).collect();

    let mut passes: Vec<_> = (0..PASSES)
        .map(|_| {
            let begin = cpu_time();
            for (input, signature) in &tokens {
                assert!(key.verify_sig(input.as_bytes(), signature).is_ok(), "a token is not of the key");
            }
            cpu_time().saturating_sub(begin)
        })
        .collect();
    passes.sort_unstable();
    let median = passes.get(PASSES / 2).expect("there are passes");
    let count = u32::try_from(tokens.len()).expect("there are few tokens");
    println!("{:.3}", median.as_secs_f64() * 1e6 / f64::from(count));
}

/// Returns the signing input and the decoded signature.
fn cut(token: &str) -> (&str, Vec<u8>) {
    let (input, signature) = token.rsplit_once('.').expect("a token has segments");
    (input, BASE64URL_NOPAD.decode(signature.as_bytes()).expect("the signature is base64url"))
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("the clock does not go backwards")
}
