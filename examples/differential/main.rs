//! Compares the accelerated code, with nothing behind it, with aws-lc.
//!
//! ```text
//! cargo run --release --example differential -- \
//!     --alg ES256 --cases 10000000 --seed 1
//! ```
//!
//! Every case goes through each accelerated form of its key alone, and in a
//! batch of random length beside its neighbours, good and bad. The cases of the
//! last keys share lanes as well, with tables and without. The run fails at
//! once when a form accepts what aws-lc refuses. What aws-lc accepts and a form
//! does not is counted, by whether the algorithm expects that.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a tool that stops at the first thing that is not as it should be"
)]

mod campaign;
mod ecdsa;
mod eddsa;
mod mac;
mod random;
mod rsa;

use campaign::Algorithm;
use jot::{Alg, KeyType};
use random::Random;

/// How many cases a key gets before there is another.
const CASES_PER_KEY: usize = 2048;

/// Every algorithm that there is a campaign for.
fn algorithm(name: &str, random: &mut Random) -> Option<Box<dyn Algorithm>> {
    Some(match name {
        "ES256" => Box::new(ecdsa::Ecdsa::new(&ecdsa::P256, 160, random)),
        "ES384" => Box::new(ecdsa::Ecdsa::new(&ecdsa::P384, 160, random)),
        "ES512" => Box::new(ecdsa::Ecdsa::new(&ecdsa::P521, 160, random)),
        "ES256K" => Box::new(ecdsa::Ecdsa::new(&ecdsa::SECP256K1, 160, random)),
        "EdDSA" => Box::new(eddsa::Eddsa::new(random)),
        _ => {
            let alg = Alg::from_name(name)?;
            match alg.key_type() {
                KeyType::Rsa => Box::new(rsa::Rsa::new(alg, &[2048, 3072, 4096], 48, random)),
                KeyType::Oct => Box::new(mac::Mac::new(alg)),
                _ => return None,
            }
        }
    })
}

fn main() {
    let (mut name, mut cases, mut seed) = ("ES256".to_owned(), 100_000, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--alg" => name = value,
            "--cases" => cases = value.parse().expect("--cases takes a number"),
            "--seed" => seed = value.parse().expect("--seed takes a number"),
            other => panic!("{other}: --alg, --cases and --seed are known"),
        }
    }
    let mut random = Random::new(seed);
    let mut algorithm = algorithm(&name, &mut random).expect("the algorithm has a campaign");
    let report = campaign::run(algorithm.as_mut(), cases, CASES_PER_KEY, &mut random);
    println!("{name}, seed {seed}: {report}");
}
