//! Measures every engine with every algorithm and writes the results to
//! docs/benchmarks.md, and to README.md if that has room marked for them.
//!
//! With arguments, measures the algorithms named and prints instead.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a tool that stops at the first thing that is not as it should be"
)]

mod measure;
mod report;

use std::{env, fs};

use jot::Alg;
use jot_bench::ALGORITHMS;

fn main() {
    let named: Vec<Alg> =
        env::args().skip(1).map(|name| name.parse().expect("an algorithm's name")).collect();
    let algorithms = if named.is_empty() { &ALGORITHMS[..] } else { &named };
    let mut rows = Vec::new();
    for alg in algorithms {
        eprintln!("{alg}");
        rows.push(measure::measure(*alg));
    }
    if !named.is_empty() {
        println!("{}", report::full_table(&rows));
        return;
    }
    let root = jot_bench::page::root();
    fs::create_dir_all(root.join("docs")).expect("docs can be made");
    let page = root.join("docs/benchmarks.md");
    let others = fs::read_to_string(&page).map_or_else(|_| String::new(), |old| report::of_others(&old));
    fs::write(&page, report::page(&rows) + &others).expect("the page can be written");
    let readme = root.join("README.md");
    if let Some(text) = fs::read_to_string(&readme)
        .ok()
        .and_then(|old| report::between_marks(&old, &report::short_table(&rows)))
    {
        fs::write(readme, text).expect("the README can be written");
    }
}
