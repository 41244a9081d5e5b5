//! The tables and the page around them.

use std::fmt::Write as _;

use jot_bench::page;
use jot_bench::{Engine, PAYLOAD_BYTES, TOKENS, TOKENS_BYTES};

use super::measure::{Mean, ROUNDS, Row, SITTINGS, WINDOW};

const BEGIN: &str = "<!-- benchmarks:begin -->";
const END: &str = "<!-- benchmarks:end -->";

/// The most that `jot` may take beyond the bare primitive, in nanoseconds.
const TARGET: f64 = 600.0;

/// The parts of the page that other programs write, between marks after ours.
pub(crate) fn of_others(page: &str) -> String {
    page.find("<!-- ").map_or_else(String::new, |begin| format!("\n{}\n", page[begin..].trim_end()))
}

/// The whole of docs/benchmarks.md.
pub(crate) fn page(rows: &[Row]) -> String {
    let cpu = page::cpu();
    let rustc = page::output("rustc", &["--version"]);
    let date = chrono::Utc::now().format("%Y-%m-%d");
    let commit = page::commit();
    let window = WINDOW.as_millis();
    let kibibytes = TOKENS_BYTES / 1024;
    let (table, sizes, target) = (full_table(rows), sizes(rows), target(rows));
    let [features, rsa] = if cfg!(feature = "boringssl") {
        [" --no-default-features --features boringssl", "BoringSSL, its default"]
    } else {
        [
            "",
            "pure Rust; its default is BoringSSL, which needs CMake: `--no-default-features --features boringssl`",
        ]
    };
    format!(
        "# Benchmarks

Written by `cargo run --release --bin table{features}` in `benches/`; not to be edited by hand.

| | |
|---|---|
| CPU | {cpu} |
| rustc | {rustc} |
| profile | release, `lto = \"fat\"`, `codegen-units = 1`, no `target-cpu` |
| date | {date} |
| commit | {commit} |

## Verification

Microseconds of CPU time per token on one thread. *Above bare* is the time of jot beyond the bare primitive, with two standard errors. *Best peer* is the fastest of the others, and how many times as long as jot it takes.

{table}
{target}

## What is measured

- **bare**: only the primitive: `aws_lc_rs` with a parsed key, over an extracted signing input and a decoded signature.
- **jot**: `Verifier::verify` with one issuer, a key found by `kid`, and a reused `Scratch`, without a cache of verified tokens.
- **jsonwebtoken**: 11, with its `aws_lc_rs` backend. **jwt-simple**: 0.15; RSA with {rsa}. **biscuit**: 0.8.
- Every engine checks the signature, `exp`, `nbf`, `iss` and `aud`, reads the clock for each token, and returns `sub` and `scope`. Before it is timed it must accept every token, and reject three forged ones and four that are signed correctly but have another `iss` or `aud`, are expired or not yet valid.
- A dash: the engine does not support the algorithm.

## Method

- {TOKENS} different tokens in rotation for each algorithm, so branch predictors cannot memorize one; of the longest tokens only as many as fit into {kibibytes} KiB, because a token that was just received is in the cache. Their Claims Sets have {PAYLOAD_BYTES} bytes, 12 members, and strings of varying length; the header has `alg`, `typ` and `kid`.
- Token sizes in bytes: {sizes}.
- Engines take turns in windows of about {window} ms, {ROUNDS} windows each, and each round begins with another engine. A window's time is the CPU time of its thread; the windows of bare and jot cover exactly the same tokens. Differences and ratios are computed within a round; the result is their median.
- This is repeated in {SITTINGS} sittings, each with a new key, new tokens and new engines, because the memory layout makes a primitive a few percent faster or slower. The numbers are means over the sittings.
- Do not compare numbers of different runs or machines; only the ratios within one run are meaningful.
"
    )
}

/// Every engine with every algorithm.
pub(crate) fn full_table(rows: &[Row]) -> String {
    let mut text = String::from("| algorithm |");
    for name in Engine::NAMES {
        let _ = write!(text, " {name} |");
    }
    text.push_str(" above bare | best peer |\n|---|");
    text.push_str(&"--:|".repeat(Engine::NAMES.len() + 1));
    text.push_str("---|\n");
    for row in rows {
        let _ = write!(text, "| {} |", row.alg);
        for name in Engine::NAMES {
            let cell = row.nanoseconds(name).map_or("–".to_owned(), |time| microseconds(time.value));
            let _ = write!(text, " {cell} |");
        }
        let Mean { value, error } = row.above_bare();
        let (value, error) = (value / 1e3, (error / 1e3).max(0.01));
        let _ = writeln!(text, " {value:.2} ± {error:.2} | {} |", best_peer(row));
    }
    text
}

/// Ours and the best peer.
pub(crate) fn short_table(rows: &[Row]) -> String {
    let mut text = String::from("| µs per token | bare primitive | jot | best peer |\n|---|--:|--:|---|\n");
    for row in rows {
        let time = |name| row.nanoseconds(name).map_or("–".to_owned(), |time| microseconds(time.value));
        let (bare, jot) = (time(Engine::BARE), time(Engine::JOT));
        let peer = match row.best_peer() {
            Some((name, _)) => format!("{} {}", time(name), best_peer(row)),
            None => best_peer(row),
        };
        let _ = writeln!(text, "| {} | {bare} | {jot} | {peer} |", row.alg);
    }
    text
}

/// Replaces the text between the marks; `None` if they are missing.
pub(crate) fn between_marks(text: &str, new: &str) -> Option<String> {
    let (head, rest) = text.split_once(BEGIN)?;
    let (_, tail) = rest.split_once(END)?;
    Some(format!("{head}{BEGIN}\n{new}{END}{tail}"))
}

fn best_peer(row: &Row) -> String {
    match row.best_peer() {
        Some((name, ratio)) => format!("{name}, {:.2}x", ratio.value),
        None => "none supports it".to_owned(),
    }
}

/// Three significant digits, and no fewer decimals than the eye needs.
fn microseconds(nanoseconds: f64) -> String {
    let value = nanoseconds / 1e3;
    match value {
        ..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn target(rows: &[Row]) -> String {
    let over: Vec<String> = rows
        .iter()
        .filter(|row| row.above_bare().value - row.above_bare().error > TARGET)
        .map(|row| row.alg.to_string())
        .collect();
    let least = TARGET / 1e3;
    match over.as_slice() {
        [] => format!("The target, at most {least} µs above bare, is met for every algorithm."),
        over => format!("The target is at most {least} µs above bare; it is missed for {}.", over.join(", ")),
    }
}

fn sizes(rows: &[Row]) -> String {
    rows.iter().map(|row| format!("{} {}", row.alg, row.token_bytes)).collect::<Vec<_>>().join(", ")
}
