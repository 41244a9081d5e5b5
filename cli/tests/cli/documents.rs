//! Help, completions and the manual page.

use std::collections::BTreeSet;

use crate::support::Room;

const COMMANDS: [&str; 8] = ["keygen", "jwks", "sign", "decode", "verify", "completions", "man", "demo-data"];

/// The long options that a help text lists.
fn options(help: &str) -> BTreeSet<String> {
    let option = |line: &str| {
        let (_, name) = line.trim_start().split_once("--").filter(|(short, _)| short.len() <= 4)?;
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len());
        Some(format!("--{}", &name[..end]))
    };
    let listed = help.split("Examples:").next().unwrap();
    let lines = listed.lines().filter(|line| line.trim_start().starts_with('-'));
    lines.filter_map(option).filter(|name| name != "--help").collect()
}

#[test]
fn every_command_has_help_with_examples() {
    let room = Room::new();
    let help = room.run("--help").ok();
    assert!(help.contains("Examples:\n  jotctl ") && help.contains("Exit codes:"), "{help}");
    for command in COMMANDS {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        let help = room.run(&format!("{command} --help")).ok();
        let example = format!("jotctl {command} ");
        assert!(help.contains("Examples:\n") && help.contains(&example), "{help}");
        let short = room.run(&format!("{command} -h")).ok();
        assert!(!short.contains("Examples:"), "{short}");
        assert_eq!(options(&short), options(&help), "{command}");
    }
}

#[test]
fn every_option_stands_in_the_manual_page() {
    let room = Room::new();
    let manual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/jotctl.md")).unwrap();
    for command in COMMANDS {
        let (_, section) = manual.split_once(&format!("\n## jotctl {command}\n")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let stated: BTreeSet<_> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| `--"))
            .map(|rest| format!("--{}", rest.split(['`', ' ']).next().unwrap()))
            .collect();
        let help = room.run(&format!("{command} --help")).ok();
        assert_eq!(options(&help), stated, "{command}");
    }
    for alg in jot::Alg::ALL {
        assert!(manual.contains(alg.name()), "{alg}");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    let room = Room::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = room.run(&format!("completions {shell}")).ok();
        assert!(script.contains("demo-data") && script.contains("claim-contains"), "{shell}");
    }
    room.run("completions csh").fails_with(&["csh"]);
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let room = Room::new();
    room.run("man made/man1").ok();
    for command in COMMANDS.iter().map(|command| format!("jotctl-{command}")).chain(["jotctl".to_owned()]) {
        let page = std::fs::read_to_string(room.path(&format!("made/man1/{command}.1"))).unwrap();
        assert!(page.contains(".TH ") && page.contains(".SH NAME") && page.contains("Examples"), "{command}");
    }
    room.run("man made/man1/jotctl.1").fails_with(&["made/man1/jotctl.1"]);
}

#[test]
fn version_and_wrong_usage() {
    let room = Room::new();
    assert_eq!(room.run("--version").ok(), format!("jotctl {}\n", env!("CARGO_PKG_VERSION")));
    let ran = room.run("");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("Usage: jotctl"), "{ran:?}");
    room.run("frobnicate").fails_with(&["frobnicate"]);
    room.run("verify --frobnicate").fails_with(&["--frobnicate"]);
    room.run("decode").fails_with(&["<TOKEN>", "--help"]);
}
