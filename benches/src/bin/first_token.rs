//! Measures the first token of a process, and writes the results into docs/benchmarks.md
//! behind what the others wrote.
//!
//! The self-test and the tables of base points are made once in a process. So each measurement
//! is a process of its own: the program starts itself, and hands over keys and tokens.
//!
//! With an argument, prints instead; with the name of an algorithm, of it alone.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a tool that stops at the first thing that is not as it should be"
)]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use jot::backend::Backend;
use jot::{Alg, KeyOptions, KeySet, Policy, Scratch, UnixSeconds, Verifier, VerifyingKey};
use jot_bench::clock::{middle, thread_time};
use jot_bench::{AUDIENCE, ISSUER, Issuer, Workload, page};

/// The algorithms, and the milliseconds that the self-test with its tables is to take.
const ROWS: &[(Alg, &str)] = &[
    (Alg::ES256, "2"),
    (Alg::EdDSA, "2"),
    (Alg::ES384, ""),
    (Alg::ES256K, ""),
    (Alg::RS256, ""),
    (Alg::PS256, ""),
    (Alg::HS256, ""),
];

/// The first argument of a process that is measured; then come algorithm, backend and the
/// number of keys.
const MEASURED: &str = "--measured";

/// How many keys a verifier has where there are several.
const KEYS: usize = 4;

/// Processes for each figure.
const PROCESSES: usize = 15;

/// Good tokens that follow one another under `Auto`: enough for a key to earn its tables.
const TOKENS: usize = 2000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, alg, backend, keys] = arguments.as_slice()
        && first == MEASURED
    {
        let (alg, backend) = (Alg::from_name(alg).unwrap(), Backend::from_name(backend).unwrap());
        return measured(alg, backend, keys.parse().unwrap());
    }
    let only = arguments.first();
    let mut text = format!(
        "Written by `cargo run --release --bin first_token` in `benches/`. CPU time in milliseconds,\n\
         medians of {PROCESSES} processes, in each of which the verifier is the first. Under *auto*, building a\n\
         verifier tests the code and makes the tables of the base point; under *accelerated* it makes\n\
         those of the keys, too. *Longest call*: of {TOKENS} tokens of one key, while its tables are built.\n\n\
         | | aws-lc: build and first token | auto: build | wanted | auto: first token | auto: longest call | \
         accelerated: build and first token | wanted | each further key | runs |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for (alg, wanted) in ROWS {
        if only.is_some_and(|only| Alg::from_name(only).is_some_and(|only| only != *alg)) {
            continue;
        }
        let row = row(*alg, wanted);
        eprintln!("{row}");
        writeln!(text, "{row}").unwrap();
    }
    if only.is_some() {
        println!("{text}");
        return;
    }
    page::put_section("first-token", "The first token", &text);
}

fn row(alg: Alg, wanted: &str) -> String {
    let issuers: Vec<Issuer> = (0..KEYS).map(|_| Issuer::new(alg)).collect();
    let given = Given::new(&issuers);
    let mut times: [Vec<Times>; 4] = std::array::from_fn(|_| Vec::new());
    for _ in 0..PROCESSES {
        let subjects = [
            (Backend::AwsLc, 1),
            (Backend::Auto, 1),
            (Backend::Accelerated, 1),
            (Backend::Accelerated, KEYS),
        ];
        for (times, (backend, keys)) in times.iter_mut().zip(subjects) {
            times.push(given.measure(alg, backend, keys));
        }
    }
    let median = |which: usize, of: fn(&Times) -> Duration| {
        middle(times[which].iter().map(|times| of(times).as_secs_f64() * 1000.0).collect())
    };
    let whole = |times: &Times| times.build + times.first;
    let (one, several) = (median(2, whole), median(3, whole));
    format!(
        "| {alg} | {:.2} | {:.2} | {wanted} | {:.3} | {:.3} | {one:.2} | 5 | {:.2} | {} |",
        median(0, whole),
        median(1, |times| times.build),
        median(1, |times| times.first),
        median(1, |times| times.longest),
        (several - one) / (KEYS - 1) as f64,
        times[2][0].runs,
    )
}

/// What a process is given: keys, and tokens of the first.
struct Given(String);

impl Given {
    fn new(issuers: &[Issuer]) -> Self {
        let mut text = String::new();
        for issuer in issuers {
            let key = issuer.spki().unwrap_or_else(|| issuer.key_bytes().to_vec());
            writeln!(text, "{}", BASE64URL_NOPAD.encode(&key)).unwrap();
        }
        for token in &Workload::new(&issuers[0]).good {
            writeln!(text, "{}", token.text).unwrap();
        }
        Self(text)
    }

    fn measure(&self, alg: Alg, backend: Backend, keys: usize) -> Times {
        let mut command = Command::new(std::env::current_exe().expect("the program has a path"));
        command.args([MEASURED, alg.name(), backend.name(), &keys.to_string()]);
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
        process.stdin.take().unwrap().write_all(self.0.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success());
        Times::read(std::str::from_utf8(&output.stdout).unwrap())
    }
}

/// What a process tells.
struct Times {
    build: Duration,
    first: Duration,
    longest: Duration,
    /// The name of the code that verifies.
    runs: String,
}

impl Times {
    fn read(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let mut next = || words.next().expect("there are three times and a name").to_owned();
        let mut time = || Duration::from_nanos(next().parse().unwrap());
        Self { build: time(), first: time(), longest: time(), runs: next() }
    }
}

/// Reads keys and tokens, verifies, and prints the times in nanoseconds.
fn measured(alg: Alg, backend: Backend, keys: usize) {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let options = KeyOptions::default().alg(alg);
    let given: Vec<Vec<u8>> =
        lines.by_ref().take(KEYS).map(|line| BASE64URL_NOPAD.decode(line.as_bytes()).unwrap()).collect();
    let key = |bytes: &Vec<u8>| match alg {
        Alg::HS256 => VerifyingKey::from_secret(bytes, &options).unwrap(),
        _ => VerifyingKey::from_der(bytes, &options).unwrap(),
    };
    let set = KeySet::new(given.iter().take(keys).map(key));
    let tokens: Vec<&str> = lines.collect();
    let builder =
        Verifier::builder(Policy::new([alg]).audience(AUDIENCE)).issuer(ISSUER, set).backend(backend);
    let (mut scratch, now) = (Scratch::new(), UnixSeconds::now());

    let start = thread_time();
    let verifier = builder.build().expect("the verifier is sound");
    let build = thread_time() - start;
    let mut verify = |token: &str| {
        let start = thread_time();
        assert!(verifier.verify(token, now, &mut scratch).is_ok());
        thread_time() - start
    };
    let first = verify(tokens[0]);
    let longest = tokens.iter().cycle().skip(1).take(TOKENS).map(|token| verify(token)).max().unwrap();
    let times = [build, first, longest].map(|time| time.as_nanos().to_string()).join(" ");
    println!("{times} {}", verifier.backend_name(alg));
}
