//! What `jotctl audit` is measured against, on the log of `jotctl gen-log
//! --clean`: the in-memory batch over the same tokens, and a loop over the
//! lines with jsonwebtoken and rayon. `scripts/bench_audit.py` runs it.
//!
//!     audit_peers batch|jsonwebtoken LOG JWKS[,JWKS...] THREADS
//!     audit_peers kids DIR LINES
//!
//! The first prints how many tokens were accepted, the seconds that it took and those of
//! all processors; threads are 0 for one per processor. The second writes two logs and
//! their keys: see `kids`.
#![allow(clippy::print_stdout, reason = "what it is for")]

mod kids;

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use jot::backend::Backend;
use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, KeyOptions, KeySet, Policy, Verifier};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rayon::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

/// What a loop reads of a line.
#[derive(Deserialize)]
struct Line<'l> {
    time: &'l str,
    authorization: &'l str,
}

#[derive(Deserialize)]
struct Claims {
    exp: i64,
}

/// How many tokens were accepted, and the seconds: of the clock, and of all processors.
type Found = (usize, f64, f64);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (log, jwks, threads) = match arguments.as_slice() {
        ["kids", folder, lines] => return kids::write(folder.as_ref(), lines.parse()?),
        ["batch" | "jsonwebtoken", log, jwks, threads] => (log, jwks, threads.parse()?),
        _ => return Err("usage: audit_peers batch|jsonwebtoken LOG JWKS[,JWKS...] THREADS".into()),
    };
    let sets = jwks.split(',').map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let (accepted, seconds, work) = match arguments.first() {
        Some(&"batch") => batch(&std::fs::read(log)?, &sets, threads)?,
        _ => peer(log, &sets)?,
    };
    println!("{accepted} {seconds:.6} {work:.6}");
    Ok(())
}

/// The time that the processors spent on this process so far, in seconds.
#[allow(clippy::cast_precision_loss, reason = "a clock's digits fit")]
fn work() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn second(time: &str) -> Option<i64> {
    Some(chrono::DateTime::parse_from_rfc3339(time).ok()?.timestamp())
}

fn token<'l>(line: &Line<'l>) -> &'l str {
    line.authorization.strip_prefix("Bearer ").unwrap_or(line.authorization)
}

/// Tokens and instants lie ready; only the batch is timed. The best of three.
fn batch(log: &[u8], sets: &[Vec<u8>], threads: usize) -> Result<Found, Box<dyn Error>> {
    let mut tokens: Vec<&[u8]> = Vec::new();
    let mut instants = Vec::new();
    for line in log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: Line<'_> = serde_json::from_slice(line)?;
        tokens.push(token(&line).as_bytes());
        instants.push(second(line.time).ok_or("no time")?);
    }
    let issuers = ["https://login.example", "https://accounts.example"];
    let mut builder = Verifier::builder(Policy::new([Alg::ES256, Alg::RS256]).audience("api"));
    for (issuer, set) in issuers.into_iter().zip(sets) {
        builder = builder.issuer(issuer, KeySet::from_jwks(set, &KeyOptions::default().read_validity())?);
    }
    let verifier = builder.backend(Backend::Auto).build()?;
    let mut batch = Batch::new(threads)?;
    let mut codes = vec![0; tokens.len()];
    let (mut best, mut least, mut accepted) = (f64::MAX, f64::MAX, 0);
    for _ in 0..3 {
        let (begun, worked) = (Instant::now(), work());
        let mut columns = Columns::codes(&mut codes);
        let report =
            batch.verify(&verifier, &Tokens::Slices(&tokens), Instants::AsOf(&instants), &mut columns)?;
        best = best.min(begun.elapsed().as_secs_f64());
        least = least.min(work() - worked);
        accepted = report.accepted;
    }
    Ok((accepted, best, least))
}

/// From the file to the count of accepted tokens.
fn peer(log: &str, sets: &[Vec<u8>]) -> Result<Found, Box<dyn Error>> {
    let (begun, worked) = (Instant::now(), work());
    let mut keys = HashMap::new();
    for set in sets {
        for jwk in serde_json::from_slice::<JwkSet>(set)?.keys {
            keys.insert(jwk.common.key_id.clone().unwrap_or_default(), DecodingKey::from_jwk(&jwk)?);
        }
    }
    let rules = |alg| {
        let mut rules = Validation::new(alg);
        rules.set_audience(&["api"]);
        rules.set_issuer(&["https://login.example", "https://accounts.example"]);
        // The time of use is compared below; it knows the system's clock alone.
        rules.validate_exp = false;
        rules
    };
    let rules = [rules(Algorithm::ES256), rules(Algorithm::RS256)];
    let log = std::fs::read(log)?;
    let lines: Vec<_> = log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let accept = |line: &&[u8]| {
        let line: Line<'_> = serde_json::from_slice(line).ok()?;
        let token = token(&line);
        let header = jsonwebtoken::decode_header(token).ok()?;
        let rules = rules.iter().find(|rules| rules.algorithms.contains(&header.alg))?;
        let decoded = jsonwebtoken::decode::<Claims>(token, keys.get(&header.kid?)?, rules).ok()?;
        (second(line.time)? < decoded.claims.exp).then_some(())
    };
    let accepted = lines.par_iter().filter(|line| accept(line).is_some()).count();
    Ok((accepted, begun.elapsed().as_secs_f64(), work() - worked))
}
