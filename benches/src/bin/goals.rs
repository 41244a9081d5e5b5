//! Puts what is wanted beside what the other programs have written into docs/benchmarks.md.
//!
//! Measures nothing: it reads their tables. With an argument, prints instead.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a tool that stops at the first thing that is not as it should be"
)]

use std::fmt::Write as _;
use std::fs;

use jot_bench::page;

/// Where a figure stands: the section, its part below a heading of the third level, how the row
/// begins, and the columns of what is measured and of what it is compared with, counted from 0.
struct Place {
    section: &'static str,
    part: &'static str,
    row: &'static str,
    ours: usize,
    beside: usize,
}

/// What is wanted, in microseconds where the bare primitive takes `bare`; what the best public
/// code needed there; and why it is not reached where it is not.
struct Goal {
    what: &'static str,
    place: Place,
    bare: f64,
    wanted: f64,
    public: &'static str,
    short: &'static str,
}

const fn accelerated(row: &'static str, ours: usize) -> Place {
    Place { section: "accelerated", part: "", row, ours, beside: 1 }
}

const fn keys(part: &'static str, row: &'static str) -> Place {
    Place { section: "keys", part, row, ours: 3, beside: 6 }
}

const fn own(row: &'static str, ours: usize) -> Place {
    Place { section: "own-keys", part: "", row, ours, beside: 1 }
}

const fn goal(
    what: &'static str,
    place: Place,
    [bare, wanted]: [f64; 2],
    public: &'static str,
    short: &'static str,
) -> Goal {
    Goal { what, place, bare, wanted, public, short }
}

const SINGLE: usize = 3;
const BATCH: usize = 4;
const PORTABLE: usize = 5;
const PORTABLE_BATCH: usize = 6;

const P256: f64 = 54.2;
const ED25519: f64 = 37.5;

const GOALS: &[Goal] = &[
    goal(
        "ES256, batch, one key",
        accelerated("| ES256 |", BATCH),
        [P256, 2.4],
        "19.8 crypto_mb",
        "64 additions of 11 products. Additions of affine points in trees, with shared inversions, \
         need six products each, and were no faster in lanes: from parity to 6 % slower, because \
         328 KB of points go through the second cache",
    ),
    goal(
        "ES256, batches of 256, 32 keys",
        keys("ES256", "| 32 | in rotation |"),
        [P256, 4.2],
        "19.8 crypto_mb",
        "",
    ),
    goal("ES256, batch, 256 keys", keys("ES256", "| 256 | in rotation |"), [P256, 6.0], "19.8 crypto_mb", ""),
    goal(
        "ES256, batch, 2,048 keys",
        keys("ES256", "| 2048 | in rotation |"),
        [P256, 10.0],
        "19.8 crypto_mb",
        "",
    ),
    goal(
        "ES256, batch, 10,000 keys, 256 MiB",
        keys("ES256", "| 10000 | in rotation, 256 MiB |"),
        [P256, 12.0],
        "19.8 crypto_mb",
        "",
    ),
    goal(
        "ES256, batch, each token its own key",
        own("| ES256, ", 4),
        [P256, 13.0],
        "19.8 crypto_mb, without reading the JWK",
        "",
    ),
    goal(
        "ES256, one by one, a new key",
        own("| ES256, ", 2),
        [P256, 40.0],
        "52 aws-lc",
        "One signature with a new key is aws-lc's. Lanes can share its doublings only by computing \
         four products of one doubling at once: a product takes as long for one lane as for eight, \
         some 33 ns on the EPYC, and 256 doublings of four products in turn 34 µs, without the \
         additions. Half as many doublings (u2 as a fraction) want a square root, a lattice and a \
         second table. Estimated, not built",
    ),
    goal(
        "EdDSA, batches of 256, 32 keys",
        keys("EdDSA", "| 32 | in rotation |"),
        [ED25519, 3.8],
        "12.05 crypto_mb",
        "",
    ),
    goal(
        "EdDSA, batch, 256 keys",
        keys("EdDSA", "| 256 | in rotation |"),
        [ED25519, 6.0],
        "2.55 commonware (cofactored), 12.05 crypto_mb",
        "",
    ),
    goal(
        "EdDSA, batch, each token its own key",
        own("| EdDSA, ", 4),
        [ED25519, 10.0],
        "8.3 ed25519-simd, without reading the JWK; 4.8 to 8.5 commonware (cofactored)",
        "256 doublings a group of eight, whatever else is done; halving them needs the lattice modulo 8·L",
    ),
    goal("ES384, batch", accelerated("| ES384 |", BATCH), [197.0, 14.0], "67.9 crypto_mb", ""),
    goal(
        "ES256K, batch",
        accelerated("| ES256K |", BATCH),
        [245.0, 4.5],
        "20 to 29 libsecp256k1",
        "The additions of ES256, with a reduction that multiplies more. The endomorphism halves \
         doublings, and there are none with tables",
    ),
    goal("ES512, batch", accelerated("| ES512 |", BATCH), [344.0, 40.0], "–", ""),
    goal("ES512, portable, batch", accelerated("| ES512 |", PORTABLE_BATCH), [344.0, 110.0], "–", ""),
    goal(
        "ES512, portable, one by one",
        accelerated("| ES512 |", PORTABLE),
        [344.0, 110.0],
        "–",
        "132 additions of nine-limb numbers, 81 multiplications a product, of which reducing takes \
         none; what is left is shared by batches",
    ),
    goal("RS256, one by one", accelerated("| RS256 |", SINGLE), [15.7, 6.3], "15.7 aws-lc", ""),
    goal("PS256, one by one", accelerated("| PS256 |", SINGLE), [16.15, 6.8], "16.15 aws-lc", ""),
    goal("RS256, batch", accelerated("| RS256 |", BATCH), [15.7, 4.0], "4.75 crypto_mb, the power alone", ""),
    goal("PS256, batch", accelerated("| PS256 |", BATCH), [16.15, 4.4], "–", ""),
    goal(
        "HS256, batch",
        accelerated("| HS256 |", BATCH),
        [0.515, 0.42],
        "0.50 bare HMAC",
        "SHA-256 in lanes is 30 % of it, parsing JSON 25 %, claims and their rules 10 %, base64url 5 %, \
         the rest is in parts below 7 % (`perf`). None of them can give the missing third",
    ),
    goal(
        "HS256, one by one",
        accelerated("| HS256 |", SINGLE),
        [0.515, 0.75],
        "0.50 bare HMAC",
        "SHA-256 by the processor's instructions is 42 %, one chain of them; parsing JSON is 18 %, the \
         rest is in parts below 8 % (`perf`)",
    ),
    goal("EdDSA, portable, one by one", accelerated("| EdDSA |", PORTABLE), [ED25519, 13.0], "32 dalek", ""),
    goal(
        "ES256, portable, one by one",
        accelerated("| ES256 |", PORTABLE),
        [P256, 15.0],
        "50 aws-lc",
        "Additions of points and one inversion modulo p and one modulo n, each for one signature; batches \
         share them",
    ),
    goal("ES256, portable, batch", accelerated("| ES256 |", PORTABLE_BATCH), [P256, 13.0], "50 aws-lc", ""),
];

fn main() {
    let page = fs::read_to_string(page::root().join("docs/benchmarks.md")).expect("the page is there");
    let mut text = String::from(
        "Written by `cargo run --release --bin goals` in `benches/`, which measures nothing: it reads the\n\
         tables below. The goals are microseconds on an AMD EPYC with one IFMA multiplication a cycle; so\n\
         that other machines can be compared, what counts is how many times as fast as bare aws-lc of the\n\
         same run it is. *Public* is the best public code there, in microseconds, the signature alone.\n\n\
         | | wanted | public | of aws-lc, wanted | reached | |\n|---|--:|---|--:|--:|---|\n",
    );
    for goal in GOALS {
        let (wanted, reached) = (goal.bare / goal.wanted, ratio(&page, &goal.place));
        let verdict = if reached >= wanted { "reached" } else { goal.short };
        assert!(!verdict.is_empty(), "{}: {reached:.2} of {wanted:.2}, and nobody says why", goal.what);
        writeln!(
            text,
            "| {} | {} | {} | {wanted:.2}x | {reached:.2}x | {verdict} |",
            goal.what, goal.wanted, goal.public
        )
        .expect("a string takes all");
    }
    let hit = number(row(section(&page, "throughput", ""), "| cached hit, *verify*, one token |")[1]);
    writeln!(
        text,
        "\nA cached hit whose claims are handed over takes {hit:.0} ns, where 300 were wanted (and 520 were \
         measured on the EPYC before). Of its instructions, parsing the Claims Set is 48 %, decoding base64url 15 %, \
         the tag of the token and the judgement 15 % (`callgrind`). Claims that are read only when they are \
         asked for would make the figure small, and no program faster that asks for one. What the first \
         token takes, beside its goal of 5 ms, stands under *The first token*."
    )
    .expect("a string takes all");
    if std::env::args().nth(1).is_some() {
        println!("{text}");
        return;
    }
    page::put_section("goals", "What is wanted", &text);
}

/// Returns how many times as fast as aws-lc it is.
fn ratio(page: &str, place: &Place) -> f64 {
    let cells = row(section(page, place.section, place.part), place.row);
    // Some tables have the median of the rounds' ratios beside the time.
    match cells[place.ours].split_once('(') {
        Some((_, ratio)) => number(ratio),
        None => number(cells[place.beside]) / number(cells[place.ours]),
    }
}

/// Returns a section, or its part below a heading.
fn section<'p>(page: &'p str, name: &str, part: &str) -> &'p str {
    let (_, section) = page.split_once(&format!("<!-- {name}:begin -->")).expect("the section is there");
    let (section, _) = section.split_once(&format!("<!-- {name}:end -->")).expect("the section ends");
    if part.is_empty() {
        return section;
    }
    let (_, section) = section.split_once(&format!("### {part}\n")).expect("the heading is there");
    section.split_once("\n### ").map_or(section, |(section, _)| section)
}

/// Returns the cells of the row that begins so.
fn row<'p>(section: &'p str, begin: &str) -> Vec<&'p str> {
    let row = section.lines().find(|line| line.starts_with(begin));
    let row = row.unwrap_or_else(|| panic!("there is no row {begin}"));
    row.trim_matches('|').split(" | ").map(str::trim).collect()
}

/// Returns the number that a text begins with.
fn number(text: &str) -> f64 {
    let digits: String = text.chars().take_while(|one| one.is_ascii_digit() || *one == '.').collect();
    digits.parse().unwrap_or_else(|_| panic!("{text} begins with no number"))
}
