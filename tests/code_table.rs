//! The code table: unique, in bands, documented, and the same as the page docs/error-codes.md, the
//! constants of Go, the type of JavaScript and the enum of Java that are made from it
//! (`JOT_UPDATE=1` writes them anew).

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use jot::{Code, Stage};

#[test]
fn numbers_and_names_are_unique_and_ascend() {
    let numbers: Vec<u32> = Code::ALL.iter().map(|code| code.number()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    assert!(
        names
            .iter()
            .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
    );
}

#[test]
fn numbers_lie_in_the_band_of_their_stage() {
    for code in Code::ALL {
        let stage = match code.number() {
            0 => Stage::Accepted,
            100..=199 => Stage::Caller,
            200..=299 => Stage::Syntax,
            300..=399 => Stage::Header,
            400..=499 => Stage::Key,
            500..=599 => Stage::Signature,
            600..=699 => Stage::Claims,
            700..=799 => Stage::Limits,
            900..=999 => Stage::Internal,
            other => panic!("{other} lies in no band"),
        };
        assert_eq!(code.stage(), stage, "{code}");
        assert_eq!(Code::from_number(code.number()), Some(*code));
    }
    assert_eq!(Code::from_number(1), None);
}

#[test]
fn meanings_are_one_sentence() {
    for code in Code::ALL {
        let meaning = code.meaning();
        assert!(
            meaning.ends_with('.') && !meaning.contains(". ") && meaning.len() <= 110,
            "{code}: {meaning}"
        );
    }
}

/// Numbers that were given out stay what they are: a change here breaks the
/// programs that compare them.
#[test]
fn published_numbers_stand() {
    for (number, name) in [
        (0, "accepted"),
        (201, "token_segments"),
        (312, "alg_none"),
        (314, "alg_not_allowed"),
        (420, "kid_unknown"),
        (500, "signature_invalid"),
        (501, "self_signed"),
        (600, "claims_json"),
        (612, "iss_mismatch"),
        (622, "aud_mismatch"),
        (681, "not_yet_valid"),
        (692, "expired"),
        (700, "token_too_long"),
        (900, "internal"),
    ] {
        assert_eq!(Code::from_number(number).map(Code::name), Some(name));
    }
}

/// By number, apart from the table's own words: what a gateway answers.
#[test]
fn statuses_are_those_of_rfc_6750() {
    for code in Code::ALL {
        let wanted = match code.number() {
            0 => (200, None),
            207 => (401, None),
            663 => (403, Some("insufficient_scope")),
            200..=206 | 208..=210 | 300..=399 | 420..=422 | 424..=426 | 500..=501 | 600..=699 | 700..=799 => {
                (401, Some("invalid_token"))
            }
            100..=199 | 400..=419 | 423 | 427..=428 | 430..=449 | 460..=461 | 900..=999 => (500, None),
            450..=459 | 462..=469 => (503, None),
            other => panic!("{other}: which status?"),
        };
        assert_eq!((code.http_status(), code.bearer_error()), wanted, "{code}");
    }
}

#[test]
fn page_is_made_from_the_table() {
    let mut page = String::from(
        "# Codes\n\nMade from the table in `src/error/code.rs` by `make docs`; do not edit.\n\n\
         Numbers and names never change and are never used again. A rejection may also\n\
         carry the name of a claim or a byte offset, never bytes of the token.\n\n\
         The status is that of the HTTP response, followed by the error of RFC 6750 §3.1 for\n\
         `WWW-Authenticate`: `Code::http_status` and `Code::bearer_error`, in C\n\
         `jot_code_http_status` and `jot_code_bearer_error`. If the token lacks a claim that the\n\
         policy requires, the error is `invalid_token` (RFC 9068 §4); if it lacks a scope, the\n\
         error is `insufficient_scope`. Faults of the server are 500. A request without a token is\n\
         `token_null`. A request with several tokens is 400 with `invalid_request` and has no code,\n\
         because nobody can say which token was meant.\n\n\
         For a log, `Rejection::detail`, in C `jot_verdict_detail`, names the `kid`, issuer,\n\
         audience or claim at fault, as in `aud=[\"other\",\"x\"]`.\n",
    );
    let mut stage = None;
    for code in Code::ALL {
        if stage != Some(code.stage()) {
            stage = Some(code.stage());
            write!(
                page,
                "\n## {}\n\n| number | name | status | meaning |\n|---|---|---|---|\n",
                code.stage().name()
            )
            .unwrap();
        }
        let error = code.bearer_error().map_or(String::new(), |error| format!(" `{error}`"));
        let status = format!("{}{error}", code.http_status());
        writeln!(page, "| {} | `{}` | {status} | {} |", code.number(), code.name(), code.meaning()).unwrap();
    }
    assert_same("docs/error-codes.md", &page);
}

#[test]
fn constants_of_go_are_made_from_the_table() {
    let mut file = String::from(
        "// Made from src/error/code.rs by `make docs`; do not edit.\n\npackage jot\n\n// The codes.\nconst (\n",
    );
    for code in Code::ALL {
        let name: String = code.name().split('_').map(capitalized).collect();
        let (meaning, number) = (code.meaning(), code.number());
        writeln!(file, "\t// Code{name}: {meaning}\n\tCode{name} Code = {number}").unwrap();
    }
    file.push_str(")\n");
    assert_same("bindings/go/codes.go", &file);
}

#[test]
fn type_of_javascript_is_made_from_the_table() {
    let mut file = String::from(
        "// Made from src/error/code.rs by `make docs`; do not edit.\n\n\
         /** The name of a code. */\nexport type Code =\n",
    );
    for code in Code::ALL {
        let end = if Some(code) == Code::ALL.last() { ";" } else { "" };
        writeln!(file, "  /** {} */\n  | '{}'{end}", code.meaning(), code.name()).unwrap();
    }
    assert_same("bindings/node/lib/codes.d.ts", &file);
}

#[test]
fn enum_of_java_is_made_from_the_table() {
    let mut file = String::from(
        "// Made from src/error/code.rs by `make docs`; do not edit.\n\npackage io.github.libjot;\n\n\
         /** What a token or a call comes to. */\npublic enum Code {\n",
    );
    for code in Code::ALL {
        let end = if Some(code) == Code::ALL.last() { ";" } else { "," };
        let (meaning, name, number) = (code.meaning(), code.name(), code.number());
        writeln!(file, "    /** {meaning} */\n    {}({number}, \"{name}\"){end}", name.to_ascii_uppercase())
            .unwrap();
    }
    file.push_str(include_str!("../bindings/java/code-methods.java"));
    assert_same("bindings/java/src/main/java/io/github/libjot/Code.java", &file);
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + rest
}

#[track_caller]
fn assert_same(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("JOT_UPDATE").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    assert!(written == made, "{name} is stale: run `make docs`");
}
