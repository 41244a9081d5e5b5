//! The engine's batch in Rust, beside which `bench.py` measures Python's.
//!
//! Reads a JWK Set, a file of tokens and an algorithm, `twin JWKS TOKENS ALG NOW
//! THREADS`, then for each line of standard input verifies the tokens once and
//! answers with the seconds that it took and the number of accepted rows.

use std::io::{BufRead, Write};
use std::time::Instant;

use jot::batch::{Batch, Columns, Instants, Tokens};
use jot::{Alg, KeyOptions, KeySet, Policy, UnixSeconds, Verifier};

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, jwks, tokens, alg, now, threads] = arguments.as_slice() else {
        return Err("twin JWKS TOKENS ALG NOW THREADS".into());
    };
    let keys = KeySet::from_jwks(&std::fs::read(jwks)?, &KeyOptions::default())?;
    let policy = Policy::new([alg.parse::<Alg>()?]).audience("api");
    let verifier = Verifier::builder(policy).issuer("https://issuer.example/realms/main", keys).build()?;
    let text = std::fs::read(tokens)?;
    // The layout of an Arrow column, as Python has it.
    let (mut data, mut offsets) = (Vec::with_capacity(text.len()), vec![0_i32]);
    for token in text.split(|byte| *byte == b'\n').filter(|token| !token.is_empty()) {
        data.extend_from_slice(token);
        offsets.push(i32::try_from(data.len())?);
    }
    let column = Tokens::Arrow32 { data: &data, offsets: &offsets, validity: None, validity_offset: 0 };
    let rows = offsets.len().saturating_sub(1);
    let mut batch = Batch::new(threads.parse()?)?;
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        line?;
        let began = Instant::now();
        let (mut codes, mut flags) = (vec![0; rows], vec![0; rows]);
        let (mut issuer_index, mut key_index) = (vec![0; rows], vec![0; rows]);
        let (mut expires_at, mut not_before, mut issued_at) = (vec![0; rows], vec![0; rows], vec![0; rows]);
        let mut columns = Columns::codes(&mut codes);
        columns.flags = Some(&mut flags);
        columns.issuer_index = Some(&mut issuer_index);
        columns.key_index = Some(&mut key_index);
        columns.expires_at = Some(&mut expires_at);
        columns.not_before = Some(&mut not_before);
        columns.issued_at = Some(&mut issued_at);
        let instants = Instants::Now(UnixSeconds(now.parse()?));
        let report = batch.verify(&verifier, &column, instants, &mut columns)?;
        writeln!(output, "{} {}", began.elapsed().as_secs_f64(), report.accepted)?;
        output.flush()?;
    }
    Ok(())
}
