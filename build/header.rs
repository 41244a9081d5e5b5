//! `jot.h` out of `src/ffi/`, and `jot_fetch.h` out of `fetch/src/ffi/`.
//!
//! cbindgen turns the items of one file at a time into C. This puts the files
//! into the order of a manual, each behind the module comment of its file, with
//! the handles of all of them in front; and it writes the constants of codes
//! and algorithms out of the tables that the engine has.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a build script may stop at the first thing that is not as it should be"
)]

use std::fmt::Write as _;
use std::path::Path;

use cbindgen::{Braces, Config, DocumentationStyle, Language, Style};

/// The files in the order in which a reader wants them, and their headings.
const SECTIONS: &[(&str, &str)] = &[
    ("slice", "Views"),
    ("failure", "Errors"),
    ("policy", "Policies"),
    ("condition", "Conditions on claims"),
    ("verifier", "Verifiers"),
    ("verdict", "Verifying"),
    ("detail", "What was at fault"),
    ("demand", "Verifying for one request"),
    ("claims", "Claims and header"),
    ("keys", "Keys"),
    ("keeper_options", "How keys at a URL are followed"),
    ("keeper", "Keys at a URL"),
    ("keeper_exchange", "Fetching them"),
    ("tokens", "Tokens of a batch"),
    ("batch", "Batches"),
    ("batch_texts", "Texts that a batch keeps"),
    ("batch_claims", "Handing out those texts"),
    ("watch", "Watching a batch"),
    ("statistics", "Statistics"),
    ("backend", "Backends"),
    ("revocations", "Revocations"),
    ("status_list", "Status lists"),
    ("list_keeper", "Lists at a URL"),
    ("list_exchange", "Fetching them"),
    ("selfsigned", "Tokens that come with their own key"),
    ("signer", "Signing"),
    ("decode", "Decoding without verifying"),
    ("request", "Requests of HTTP"),
    ("text", "Texts"),
    ("codes", "Codes, algorithms and versions"),
];

/// The like for `jot_fetch.h`, out of `fetch/src/ffi/`.
const FETCH_SECTIONS: &[(&str, &str)] = &[
    ("fetcher", "Fetchers"),
    ("remote_keys", "Remote keys"),
    ("remote_revocations", "Remote revocations"),
    ("remote_status_lists", "Remote status lists"),
];

/// The Rust types and what C calls them.
const NAMES: &[(&str, &str)] = &[
    ("Slice", "jot_slice"),
    ("Failure", "jot_error"),
    ("Policy", "jot_policy"),
    ("Condition", "jot_condition"),
    ("VerifierBuilder", "jot_verifier_builder"),
    ("Verifier", "jot_verifier"),
    ("Scratch", "jot_scratch"),
    ("Verdict", "jot_verdict"),
    ("Demand", "jot_demand"),
    ("Value", "jot_value"),
    ("KeySet", "jot_key_set"),
    ("KeyOptions", "jot_key_options"),
    ("KeyInfo", "jot_key_info"),
    ("KeeperOptions", "jot_keeper_options"),
    ("Keeper", "jot_keeper"),
    ("Budget", "jot_budget"),
    ("Health", "jot_health"),
    ("Request", "jot_request"),
    ("Field", "jot_field"),
    ("Reply", "jot_reply"),
    ("Fetcher", "jot_fetcher"),
    ("FetcherOptions", "jot_fetcher_options"),
    ("RemoteKeys", "jot_remote_keys"),
    ("RemoteRevocations", "jot_remote_revocations"),
    ("RemoteStatusLists", "jot_remote_status_lists"),
    ("StatusPlaces", "jot_status_places"),
    ("ListOptions", "jot_list_options"),
    ("ListHealth", "jot_list_health"),
    ("ListKeeper", "jot_list_keeper"),
    ("Batch", "jot_batch"),
    ("TokenColumn", "jot_tokens"),
    ("Progress", "jot_progress"),
    ("BatchOptions", "jot_batch_options"),
    ("ColumnsOut", "jot_columns"),
    ("BatchReport", "jot_batch_report"),
    ("TextColumn", "jot_text_column"),
    ("Watch", "jot_watch"),
    ("Statistics", "jot_statistics"),
    ("Report", "jot_backend_report"),
    ("Revocations", "jot_revocations"),
    ("StatusList", "jot_status_list"),
    ("StatusWanted", "jot_status_wanted"),
    ("SelfSignedOptions", "jot_selfsigned_options"),
    ("SelfSignedVerifier", "jot_selfsigned_verifier"),
    ("SelfSigned", "jot_selfsigned"),
    ("EachSelfSigned", "jot_each_selfsigned"),
    ("SelfSignedColumns", "jot_selfsigned_columns"),
    ("Signer", "jot_signer"),
    ("Critical", "jot_critical"),
    ("SignHeader", "jot_sign_header"),
    ("Decoded", "jot_decoded"),
    ("ChallengeParts", "jot_challenge"),
    ("Text", "jot_text"),
];

/// What the headers are made of, beside `build/`.
const SOURCES: &[&str] = &["src/ffi", "fetch/src/ffi", "src/error/code.rs", "src/alg.rs"];

pub(crate) fn write() {
    let watched = ["header.rs", "preamble.h", "fetch.h"].map(|file| format!("build/{file}"));
    for watched in watched.iter().map(String::as_str).chain(SOURCES.iter().copied()) {
        println!("cargo:rerun-if-changed={watched}");
    }
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    for (name, sections, folder, preamble) in [
        ("jot.h", SECTIONS, "src/ffi", "build/preamble.h"),
        ("jot_fetch.h", FETCH_SECTIONS, "fetch/src/ffi", "build/fetch.h"),
    ] {
        // The published crate has not the other one's sources.
        if Path::new(&root).join(folder).exists() {
            let text = header(Path::new(&root), sections, folder, preamble);
            std::fs::write(Path::new(&out).join(name), text).expect("OUT_DIR can be written");
        }
    }
}

fn header(root: &Path, sections: &[(&str, &str)], folder: &str, preamble: &str) -> String {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect("the source is there");
    let (mut handles, mut body) = (String::new(), String::new());
    for (file, heading) in sections {
        let path = format!("{folder}/{file}.rs");
        let introduction: String = read(&path)
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .fold(String::new(), |text, line| text + " *" + line + "\n");
        let heading = format!("/* {} {heading}\n *\n{introduction} */\n", "=".repeat(74 - heading.len()));
        write!(body, "\n{heading}").expect("a string can be written");
        if *file == "codes" {
            body.push_str(&tables(&read("src/error/code.rs"), &read("src/alg.rs")));
        }
        for item in items(&root.join(&path)) {
            match item.lines().last().is_some_and(is_handle) {
                true => write!(handles, "\n{item}\n"),
                false => write!(body, "\n{item}\n"),
            }
            .expect("a string can be written");
        }
    }
    let preamble = read(preamble);
    let (before, after) = preamble.split_once("@HANDLES@\n").expect("the preamble has a place for handles");
    let (between, end) = after.split_once("@BODY@\n").expect("the preamble has a place for the rest");
    [before, handles.trim_start(), between, body.trim_start(), end].concat()
}

fn is_handle(line: &str) -> bool {
    line.starts_with("typedef struct ") && line.ends_with(';')
}

/// The items of one file as C, each with its comment.
fn items(path: &Path) -> Vec<String> {
    let mut config = Config {
        language: Language::C,
        style: Style::Both,
        braces: Braces::SameLine,
        documentation: true,
        documentation_style: DocumentationStyle::Doxy,
        no_includes: true,
        usize_is_size_t: true,
        line_length: 96,
        tab_width: 2,
        ..Config::default()
    };
    config.function.prefix = Some("JOT_API".to_owned());
    config.export.rename = NAMES.iter().map(|(rust, c)| ((*rust).to_owned(), (*c).to_owned())).collect();
    // No functions of their own files use them.
    config.export.include = ["Slice", "TextColumn", "TokenColumn", "Watch"].map(str::to_owned).to_vec();
    config.layout.aligned_n = Some("JOT_ALIGNED".to_owned());
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_src(path)
        .generate()
        .expect("cbindgen understands the file");
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = String::from_utf8(text).expect("a header is text");
    text.split("\n\n").map(|item| plain(item.trim())).filter(|item| !item.is_empty()).collect()
}

/// Leaves out `struct` where a typedef name will do.
fn plain(item: &str) -> String {
    let line = |line: &str| match line.starts_with("typedef struct") || line.trim_start().starts_with('*') {
        true => line.to_owned(),
        false => line
            .replace("struct jot_", "jot_")
            .replace("9223372036854775807", "INT64_MAX")
            .replace("4294967295", "UINT32_MAX"),
    };
    item.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The constants of codes and algorithms.
fn tables(codes: &str, algorithms: &str) -> String {
    let mut text = String::from(
        "\n/** Every code. Numbers and names are stable: they are never changed or reused.\n\
         \x20* Bands: 0 accepted, 1xx caller, 2xx syntax, 3xx header, 4xx key, 5xx signature,\n\
         \x20* 6xx claims, 7xx limits, 9xx internal. Further ones may be added; treat one that\n\
         \x20* you do not know as a refusal. */\nenum jot_code {\n",
    );
    for row in rows(codes, "\ncodes! {") {
        let (left, right) = row.split_once('=').expect("a row of codes");
        let _ = left;
        let mut cells = right.splitn(4, ',').map(str::trim);
        let (number, name, _, meaning) = (
            cells.next().expect("a number"),
            cells.next().expect("a name"),
            cells.next(),
            cells.next().expect("a meaning"),
        );
        constant(&mut text, name, number, meaning);
    }
    text.push_str(
        "};\n\n/** The algorithms. 0 is none of them: it stands where none was named, and is never\n\
         \x20* accepted as one. */\nenum jot_alg {\n",
    );
    for row in rows(algorithms, "\nalgorithms! {") {
        let (_, right) = row.split_once('=').expect("a row of algorithms");
        let cells: Vec<&str> = right.splitn(2, ',').map(str::trim).collect();
        let number: u32 = cells[0].parse().expect("a number");
        let name = cells[1].split(',').next().expect("a name");
        let what = cells[1].rsplit('"').nth(1).expect("a description");
        constant(&mut text, name, &(number + 1).to_string(), &format!("\"{what}\""));
    }
    text + "};\n"
}

fn constant(text: &mut String, name: &str, number: &str, meaning: &str) {
    let name = name.trim_matches('"').replace('-', "_").to_uppercase();
    let meaning = meaning.trim_end_matches(';').trim_matches('"');
    writeln!(text, "  /** {meaning} */\n  JOT_{name} = {number},").expect("a string can be written");
}

/// The rows of a table that is written as the argument of a macro.
fn rows<'t>(source: &'t str, begin: &str) -> impl Iterator<Item = &'t str> {
    let (_, table) = source.split_once(begin).expect("the table is there");
    let (table, _) = table.split_once("\n}").expect("the table has an end");
    table.lines().map(str::trim).filter(|line| !line.is_empty())
}
