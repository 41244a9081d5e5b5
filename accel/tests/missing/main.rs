//! A test that cannot run says so, and fails if everything is required.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first thing amiss")]

#[path = "mod.rs"]
mod missing;

use std::panic::catch_unwind;
use std::process::Command;

use missing::{NAMES, is_fault};

#[test]
fn nothing_is_a_fault_unless_all_is_required() {
    assert!(NAMES.iter().all(|name| !is_fault(name, "", "")));
    assert!(is_fault("venv", "all", ""));
    assert_eq!(is_fault("avx512", "all", ""), cfg!(target_arch = "x86_64"));
}

#[test]
fn what_is_allowed_may_be_missing_and_nothing_else() {
    for allowed in ["venv", "root,venv", " venv  chromium"] {
        assert!(!is_fault("venv", "all", allowed), "{allowed}");
        assert!(is_fault("device", "all", allowed), "{allowed}");
    }
}

#[test]
fn words_that_nobody_knows_are_refused() {
    for (name, required, allowed) in [("avx", "", ""), ("venv", "everything", ""), ("venv", "", "avx-512")] {
        assert!(catch_unwind(|| is_fault(name, required, allowed)).is_err(), "{name} {required} {allowed}");
    }
}

/// Runs only when the test below asks for it.
#[test]
fn something_is_missing() {
    if std::env::var_os("JOT_TEST_MISSING").is_some() {
        missing::missing("venv");
    }
}

/// The message is seen although the test passes, and the test fails where it must.
#[test]
fn a_test_that_is_left_out_says_so_or_fails() {
    let run = |required: &str, allowed: &str| {
        let ran = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "something_is_missing"])
            .envs([("JOT_TEST_MISSING", "1"), ("JOT_REQUIRE", required), ("JOT_ALLOW_MISSING", allowed)])
            .output()
            .unwrap();
        (ran.status.success(), String::from_utf8(ran.stderr).unwrap())
    };
    for (required, allowed) in [("", ""), ("all", "venv")] {
        let (passed, said) = run(required, allowed);
        let line = "NOT TESTED, venv is missing: ";
        assert!(passed && said.lines().any(|one| one.contains(line) && one.contains("main.rs")), "{said}");
    }
    assert!(!run("all", "root").0);
}
