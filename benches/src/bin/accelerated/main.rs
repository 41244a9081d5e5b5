//! Measures the accelerated backend beside aws-lc's fastest calls, and writes
//! the results into docs/benchmarks.md behind what the others wrote.
//!
//! With an argument, prints instead; with the name of an algorithm, of it
//! alone.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a tool that stops at the first thing that is not as it should be"
)]

mod subject;

use std::fmt::Write as _;

use jot::Alg;
use jot::backend::Backend;
use jot_bench::clock::Turns;
use jot_bench::page;

use subject::Subject;

/// The algorithms, with how many times as fast as the bare primitive they are to be: one token, a
/// batch, and the same without the vector unit. They come from microseconds on an AMD EPYC with one
/// IFMA multiplication a cycle, such as 2.4 for ES256 in batches, where the primitive takes 54.2.
const ROWS: &[(Alg, [&str; 4])] = &[
    (Alg::ES256, ["8x", "22.6x", "3.6x", "4.2x"]),
    (Alg::EdDSA, ["5.5x", "9x", "2.9x", ""]),
    (Alg::ES384, ["", "14x", "", ""]),
    (Alg::ES512, ["", "8.6x", "3.1x", ""]),
    (Alg::ES256K, ["", "54.6x", "", ""]),
    (Alg::RS256, ["2.5x", "3.9x", "", ""]),
    (Alg::PS256, ["2.4x", "3.7x", "", ""]),
    (Alg::HS256, ["0.69x", "1.23x", "", ""]),
];

/// How many keys take turns where many do.
const KEYS: usize = 32;

fn main() {
    let only = std::env::args().nth(1);
    let mut text = String::from(
        "Written by `cargo run --release --bin accelerated` in `benches/`. One thread, CPU time;\n\
         tokens of the tables above; *bare* is only the primitive through aws-lc-rs, everything\n\
         else the whole verification, including JSON and claims. The number in brackets is the\n\
         speed relative to bare, the median of rounds in which all take turns; the target follows\n\
         after the bar. *aws-lc*, *accelerated* and *portable* verify one token after the other with\n\
         that backend; *batch* verifies 256 at once.\n\n\
         | | bare | aws-lc | accelerated | batch | portable | batch | runs |\n\
         |---|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for (alg, wanted) in ROWS {
        if only.as_ref().is_some_and(|only| Alg::from_name(only).is_some_and(|only| only != *alg)) {
            continue;
        }
        let row = measured(*alg, *wanted);
        eprintln!("{row}");
        writeln!(text, "{row}").unwrap();
    }
    text.push_str("\n| | measured | wanted |\n|---|--:|--:|\n");
    for alg in [Alg::ES256, Alg::EdDSA] {
        if only.as_ref().is_some_and(|only| Alg::from_name(only).is_some_and(|only| only != alg)) {
            continue;
        }
        for row in shared(alg) {
            eprintln!("{row}");
            writeln!(text, "{row}").unwrap();
        }
    }
    if only.is_some() {
        println!("{text}");
        return;
    }
    page::put_section("accelerated", "The accelerated backend", &text);
}

/// One row of the table.
fn measured(alg: Alg, wanted: [&str; 4]) -> String {
    let subject = Subject::new(alg);
    let mut bare = subject.bare();
    let mut singles =
        [Backend::AwsLc, Backend::Accelerated, Backend::Portable].map(|backend| subject.single(backend));
    let mut batches = [Backend::Accelerated, Backend::Portable].map(|backend| subject.batch(backend));
    let [batch, portable_batch] = &mut batches;
    let runs = singles.each_ref().map(|single| single.name);
    let [aws_lc, accelerated, portable] = &mut singles;
    let mut turns = Turns::new(60);
    turns.run(&mut [
        &mut || bare.round(),
        &mut || aws_lc.round(),
        &mut || accelerated.round(),
        &mut || batch.round(),
        &mut || portable.round(),
        &mut || portable_batch.round(),
    ]);
    let [one, many, alone, many_alone] = wanted;
    let cell = |which: usize, wanted: &str, runs: bool| {
        let bar = if wanted.is_empty() { String::new() } else { format!(" \\| {wanted}") };
        if runs {
            format!("{} ({:.2}x{bar})", turns.time(which), turns.ratio(0, which))
        } else {
            "–".to_owned()
        }
    };
    format!(
        "| {alg} | {} | {} | {} | {} | {} | {} | {} |",
        turns.time(0),
        cell(1, "", true),
        cell(2, one, runs[1] != "aws-lc"),
        cell(3, many, runs[1] != "aws-lc"),
        cell(4, alone, runs[2] != "aws-lc"),
        cell(5, many_alone, runs[2] != "aws-lc"),
        runs[1],
    )
}

/// Many keys that take turns, and two threads.
fn shared(alg: Alg) -> Vec<String> {
    let one_key = Subject::new(alg);
    let many_keys = Subject::with_keys(alg, KEYS);
    let mut rows = Vec::new();
    let (mut one, mut many) = (one_key.single(Backend::Accelerated), many_keys.single(Backend::Accelerated));
    let bytes = many.table_bytes();
    let mut turns = Turns::new(60);
    turns.run(&mut [&mut || one.round(), &mut || many.round()]);
    let more = (1.0 / turns.ratio(0, 1) - 1.0) * 100.0;
    rows.push(format!("| {alg}, {KEYS} keys in rotation ({:.1} MB of tables) against one, one by one | {more:+.0} % | +25 % |", bytes as f64 / 1e6));
    let (mut one, mut many) = (one_key.batch(Backend::Accelerated), many_keys.batch(Backend::Accelerated));
    let mut turns = Turns::new(60);
    turns.run(&mut [&mut || one.round(), &mut || many.round()]);
    let more = (1.0 / turns.ratio(0, 1) - 1.0) * 100.0;
    rows.push(format!("| {alg}, {KEYS} keys in rotation against one, batches of 256 | {more:+.0} % | |"));
    let scale = one_key.two_threads(Backend::Accelerated);
    rows.push(format!("| {alg}, two threads against one | {scale:.2}x | 1.9x |"));
    rows
}
