//! Measures verifiers of one key to a hundred thousand beside aws-lc and ed25519-dalek, and
//! writes the results into docs/benchmarks.md, with a picture.
//!
//! With an argument, measures up to so many keys, and prints instead.
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

mod crowd;
mod picture;

use std::fmt::Write as _;

use jot::Alg;
use jot::backend::Backend;
use jot_bench::clock::Turns;
use jot_bench::page;

use crowd::{Crowd, Spread};
use picture::Line;

/// The numbers of keys, and the memory of tables where it is not the default.
const ROWS: [(usize, Option<usize>); 7] = [
    (1, None),
    (32, None),
    (256, None),
    (2_048, None),
    (10_000, None),
    (10_000, Some(256 << 20)),
    (100_000, None),
];

/// The algorithms, with the bytes of a Claims Set: tokens of some 850 and 600 bytes.
const ALGORITHMS: [(Alg, usize); 2] = [(Alg::ES256, 520), (Alg::EdDSA, 330)];

/// What is wanted of batches in rotation, in microseconds, row by row.
const WANTED: [[&str; 7]; 2] = [["2.4", "4.2", "6", "10", "", "12", ""], ["", "3.8", "6", "", "", "", ""]];

fn main() {
    let most = std::env::args().nth(1).map(|most| most.parse().expect("a number of keys"));
    let mut text = String::from(
        "Written by `make bench-keys`. Whole tokens of 850 bytes (EdDSA: 600), JSON and claims\n\
         included, `Backend::Auto` after three million tokens, or after no more tables were added;\n\
         *aws-lc* and *ed25519-dalek* are the signature alone, with keys that were read before. One\n\
         thread, its processor's time in microseconds a token, means of rounds in which all take\n\
         turns, each beginning somewhere; batches of 256. By Zipf, the key of rank r has a share in proportion to 1/r. The memory is that of\n\
         the tables, of the 32 MiB of the default unless said. What else runs on the machine slows a\n\
         row as a whole: compare within a row.\n\n",
    );
    let mut pictures = Vec::new();
    for ((alg, payload), wanted) in ALGORITHMS.into_iter().zip(WANTED) {
        writeln!(text, "### {alg}\n").unwrap();
        text.push_str("| keys | | tables | batch | wanted | one by one | aws-lc | ed25519-dalek |\n");
        text.push_str("|--:|---|--:|--:|--:|--:|--:|--:|\n");
        let mut lines: Vec<Line> = Vec::new();
        for ((keys, bytes), wanted) in ROWS.into_iter().zip(wanted) {
            if most.is_some_and(|most| keys > most) {
                continue;
            }
            let spreads = if keys == 1 { &[Spread::Rotation][..] } else { &[Spread::Rotation, Spread::Zipf] };
            for spread in spreads {
                let row = measured(alg, keys, *spread, payload, bytes);
                let wanted = if *spread == Spread::Rotation { wanted } else { "" };
                let line = row.line(wanted);
                eprintln!("{line}");
                writeln!(text, "{line}").unwrap();
                if bytes.is_none() {
                    row.draw(&mut lines);
                }
            }
        }
        text.push('\n');
        pictures.push((alg.name(), lines));
    }
    if most.is_some() {
        println!("{text}");
        return;
    }
    picture::draw(&page::root().join("docs/many-keys.svg"), &pictures).expect("the picture can be written");
    text.push_str("![Time of a token by the number of keys](many-keys.svg)\n");
    page::put_section("keys", "Many keys", &text);
}

/// A row of the table.
struct Row {
    keys: usize,
    spread: Spread,
    limit: Option<usize>,
    table_bytes: usize,
    /// Microseconds a token: batches, one by one, aws-lc and ed25519-dalek.
    times: Vec<f64>,
}

fn measured(alg: Alg, keys: usize, spread: Spread, payload: usize, limit: Option<usize>) -> Row {
    let crowd = Crowd::new(alg, keys, spread, payload);
    assert!(crowd.token_bytes().abs_diff(if alg == Alg::ES256 { 850 } else { 600 }) < 20);
    let verifier = crowd.verifier(Backend::Auto, limit);
    let (mut batched, mut singly) = (crowd.batched(&verifier), crowd.singly(&verifier));
    let (mut bare, mut dalek) = (crowd.bare(), crowd.dalek());
    let mut batched = || batched.round();
    let mut contestants: Vec<&mut dyn FnMut() -> usize> = vec![&mut batched, &mut singly, &mut bare];
    if let Some(dalek) = &mut dalek {
        contestants.push(dalek);
    }
    let count = contestants.len();
    let mut turns = Turns::new(41);
    turns.run(&mut contestants);
    let backend = verifier.statistics().backend;
    assert_eq!(backend.disagreements, 0);
    let times = (0..count).map(|which| turns.mean_nanoseconds(which) / 1000.0).collect();
    Row { keys, spread, limit, table_bytes: backend.table_bytes, times }
}

impl Row {
    fn line(&self, wanted: &str) -> String {
        let limit = self.limit.map_or_else(String::new, |bytes| format!(", {} MiB", bytes >> 20));
        let cell = |which: usize| self.times.get(which).map_or("–".to_owned(), |time| format!("{time:.2}"));
        format!(
            "| {} | {}{limit} | {:.1} MB | {} | {wanted} | {} | {} | {} |",
            self.keys,
            self.spread.name(),
            self.table_bytes as f64 / 1e6,
            cell(0),
            cell(1),
            cell(2),
            cell(3)
        )
    }

    /// Adds the points of this row to the lines of the picture.
    fn draw(&self, lines: &mut Vec<Line>) {
        let named = |name: &str| format!("{name}, {}", self.spread.name());
        let mut points = vec![(named("batch"), self.times[0]), (named("one by one"), self.times[1])];
        if self.spread == Spread::Rotation {
            points.push(("aws-lc, signature alone".to_owned(), self.times[2]));
            points.extend(self.times.get(3).map(|time| ("ed25519-dalek, signature alone".to_owned(), *time)));
        }
        for (name, time) in points {
            let line = match lines.iter_mut().find(|line| line.name == name) {
                Some(line) => line,
                None => {
                    lines.push(Line { name, points: Vec::new() });
                    lines.last_mut().expect("it was just added")
                }
            };
            line.points.push((self.keys as f64, time));
            // One key is in rotation and by Zipf at once.
            if self.keys == 1 {
                let other = line.name.replace("in rotation", "by Zipf");
                if other != line.name {
                    lines.push(Line { name: other, points: vec![(1.0, time)] });
                }
            }
        }
    }
}
