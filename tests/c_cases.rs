//! The shared table, the RFCs' examples and the JOSE vectors of Wycheproof,
//! written as lines for `tests/c/cases.c` and `tests/c/cpp_cases.cpp`, which run
//! them through the interfaces for C and C++. What each must come to is what it
//! comes to here, in Rust.
//!
//! `JOT_C_CASES` names the file; without it the lines go to a folder of
//! cargo's and are only counted.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;
mod common;

use std::fmt::Write as _;

use cases::table;
use common::{Case, own_file, rows, text, vector_file};
use jot::{Alg, Code, Error, KeyOptions, KeySet, Payload, Scratch, VerifyingKey};
use serde_json::Value;

/// One word and its arguments on each line; texts in hexadecimal.
struct Lines(String);

impl Lines {
    fn line(&mut self, word: &str, arguments: &[&[u8]]) {
        self.0.push_str(word);
        for argument in arguments {
            self.0.push(' ');
            // An empty text is a word as well.
            self.0.push('=');
            for byte in *argument {
                write!(self.0, "{byte:02x}").unwrap();
            }
        }
        self.0.push('\n');
    }

    fn number(&mut self, word: &str, number: impl std::fmt::Display) {
        writeln!(self.0, "{word} {number}").unwrap();
    }

    fn expect(&mut self, call: &str, code: Code, signature_ok: bool, claim: Option<&str>) {
        let held = u8::from(signature_ok);
        self.line(&format!("{call} {} {held}", code.number()), &[claim.unwrap_or_default().as_bytes()]);
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|all| all.iter().map(|text| text.as_str().unwrap()).collect()).unwrap_or_default()
}

fn of_table(lines: &mut Lines) -> usize {
    let all = table::load();
    for case in &all {
        lines.line("case", &[text(case, "id").as_bytes()]);
        let policy = &case["policy"];
        for name in texts(&policy["algorithms"]) {
            lines.line("alg", &[name.as_bytes()]);
        }
        let preset = ["access_token", "id_token"].into_iter().find(|preset| policy[*preset].is_string());
        match preset {
            Some(preset) => lines.line(preset, &[text(policy, preset).as_bytes()]),
            None => lines.line("policy", &[]),
        }
        settings(policy, lines);
        if policy["allow_weak_keys"] == true {
            lines.line("weak", &[]);
        }
        if let Some(alg) = policy["key_alg"].as_str() {
            lines.line("key_alg", &[alg.as_bytes()]);
        }
        keys(case, lines);
        for list in case["status_lists"].as_array().into_iter().flatten() {
            match list["absent"].as_str() {
                Some(word) => lines.line(word, &[text(list, "sub").as_bytes()]),
                None => lines.line("status_list", &[list.to_string().as_bytes()]),
            }
        }
        lines.number("now", case["now"].as_i64().unwrap());
        lines.line("token", &[&table::token_bytes(case)]);
        let outcome = table::run(case);
        lines.expect("verify", common::code(&outcome.code), outcome.signature_ok, outcome.claim.as_deref());
    }
    all.len()
}

fn settings(policy: &Value, lines: &mut Lines) {
    for (name, value) in policy.as_object().unwrap() {
        match name.as_str() {
            "algorithms" | "access_token" | "id_token" | "issuers" | "allow_weak_keys" | "key_alg" => {}
            "audiences" | "typs" | "required" | "scopes" | "understand_critical" | "claims" => {
                texts(value).into_iter().for_each(|text| lines.line(name, &[text.as_bytes()]));
            }
            "subject" | "nonce" | "authorized_party" => {
                lines.line(name, &[value.as_str().unwrap().as_bytes()]);
            }
            "leeway" | "max_age" | "token_bytes" | "header_bytes" => lines.number(name, value),
            "any_audience" | "allow_missing_exp" | "allow_future_iat" | "issuer_required"
            | "check_status" | "require_status" => {
                assert_eq!(value, true, "{name}");
                lines.line(name, &[]);
            }
            other => panic!("the policy has an unknown setting: {other}"),
        }
    }
}

fn keys(case: &Value, lines: &mut Lines) {
    if let Some(issuers) = case["issuer_keys"].as_object() {
        for (issuer, set) in issuers {
            lines.line("jwks", &[set.to_string().as_bytes()]);
            lines.line("issuer", &[issuer.as_bytes()]);
        }
        return;
    }
    let read = |lines: &mut Lines| {
        if case["keys"].is_object() {
            lines.line("jwks", &[case["keys"].to_string().as_bytes()]);
        } else if case["jwk"].is_object() {
            lines.line("jwk", &[case["jwk"].to_string().as_bytes()]);
        } else if let Some(pem) = case["pem"].as_str() {
            lines.line("pem", &[pem.as_bytes()]);
        } else {
            lines.line("secret", &[&cases::keys::unb64(text(case, "secret_b64"))]);
        }
    };
    match texts(&case["policy"]["issuers"]).as_slice() {
        [] => {
            read(lines);
            lines.line("anyone", &[]);
        }
        issuers => {
            for issuer in issuers {
                read(lines);
                lines.line("issuer", &[issuer.as_bytes()]);
            }
        }
    }
}

/// The policy of `common::lenient`.
fn lenient(lines: &mut Lines, algorithms: &[Alg]) {
    for alg in algorithms {
        lines.line("alg", &[alg.name().as_bytes()]);
    }
    lines.line("policy", &[]);
    lines.line("allow_missing_exp", &[]);
    lines.line("any_audience", &[]);
}

/// A case as `common::Case` runs it.
fn of_rfc(case: &Value, lines: &mut Lines) {
    let ready = Case::new(case);
    let named: Vec<Alg> =
        texts(&case["alg_allowed"]).into_iter().filter_map(|name| name.parse().ok()).collect();
    lines.line("case", &[text(case, "id").as_bytes()]);
    lenient(lines, if named.is_empty() { Alg::ALL } else { &named });
    lines.line("jwk", &[case["key"].to_string().as_bytes()]);
    lines.line("anyone", &[]);
    lines.number("now", case["now"].as_i64().unwrap());
    lines.line("token", &[text(case, "token").as_bytes()]);
    lines.expect("verify", ready.as_jwt(), held(case), None);
    if let Some(detached) = case["detached_payload"].as_str() {
        lines.line("detached", &[detached.as_bytes()]);
    }
    let jws = ready.as_jws();
    lines.expect("jws", jws, jws == Code::Accepted, None);
}

/// Whether the signature holds when the token is taken as a JWT.
fn held(case: &Value) -> bool {
    let ready = Case::new(case);
    let code = ready.as_jwt();
    // Codes that come after the signature.
    code == Code::Accepted || code.stage() == jot::Stage::Claims
}

fn of_wycheproof(file: &str, lines: &mut Lines) -> usize {
    let page = vector_file(&format!("wycheproof/{file}"));
    let mut count = 0;
    for group in rows(&page, "testGroups") {
        let key = if group["public"].is_null() { &group["private"] } else { &group["public"] };
        let options = KeyOptions::default();
        let is_set = !key["keys"].is_null();
        let set = match is_set {
            true => KeySet::from_jwks(key.to_string().as_bytes(), &options).map_err(Error::from),
            false => {
                VerifyingKey::from_jwk(key.to_string().as_bytes(), &options).map(|key| KeySet::new([key]))
            }
        };
        let verifier = set.map(|set| common::lenient(set, Alg::ALL.iter().copied()));
        for row in rows(group, "tests") {
            let token = row["jws"].as_str().map_or_else(|| row["jws"].to_string(), str::to_owned);
            lines.line("case", &[format!("{file} {}", row["tcId"]).as_bytes()]);
            lenient(lines, Alg::ALL);
            lines.line(if is_set { "jwks" } else { "jwk" }, &[key.to_string().as_bytes()]);
            lines.line("anyone", &[]);
            lines.number("now", 0);
            lines.line("token", &[token.as_bytes()]);
            let mut scratch = Scratch::new();
            let (code, held) = match &verifier {
                Ok(verifier) => {
                    verifier.verify_jws(token.as_bytes(), Payload::Attached, None, &mut scratch).map_or_else(
                        |refused| (refused.code(), refused.signature_ok()),
                        |_| (Code::Accepted, true),
                    )
                }
                Err(error) => (error.code(), false),
            };
            lines.expect("jws", code, held, None);
            count += 1;
        }
    }
    count
}

#[test]
fn cases_are_written_for_c() {
    let mut lines = Lines(String::new());
    let mut count = of_table(&mut lines);
    assert!(count > 500, "{count}");
    for file in ["rfc7515", "rfc7520", "rfc7797", "rfc8037", "rfc9864", "rfc9964"] {
        let page = own_file(&format!("rfc/{file}.json"));
        for case in rows(&page, "cases") {
            of_rfc(case, &mut lines);
            count += 1;
        }
    }
    for file in ["json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json"] {
        count += of_wycheproof(file, &mut lines);
    }
    lines.number("end", count);
    let path = std::env::var_os("JOT_C_CASES")
        .map_or_else(|| std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("c-cases.txt"), Into::into);
    std::fs::write(path, lines.0).unwrap();
}
