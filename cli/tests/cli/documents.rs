//! Help, completions and the manual page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::pages::{Page, pages};
use crate::support::Room;

const COMMANDS: [&str; 14] = [
    "keygen",
    "jwks",
    "keys",
    "revocations",
    "statuses",
    "sign",
    "decode",
    "debug",
    "verify",
    "audit",
    "gen-log",
    "completions",
    "man",
    "demo-data",
];

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

/// Every option of a command, the short ones too.
fn every_option(help: &str) -> BTreeSet<String> {
    let lines = help.split("Examples:").next().unwrap().lines().map(str::trim_start);
    let short = lines.filter(|line| line.starts_with('-') && !line.starts_with("--"));
    let mut found: BTreeSet<String> = short.filter_map(|line| line.get(..2)).map(str::to_owned).collect();
    found.extend(options(help));
    found.extend(["--help", "--version"].map(str::to_owned));
    found
}

/// The words of a command of a shell up to where another one begins, without
/// what is quoted.
fn words(line: &str) -> Vec<String> {
    let unquoted: String = line.split(['\'', '"']).step_by(2).collect::<Vec<_>>().join("_");
    let end = unquoted.find([';', '|', '>', '#']).unwrap_or(unquoted.len());
    unquoted[..end].split_whitespace().map(str::to_owned).collect()
}

/// The options of other programs that pages name by themselves.
const OF_OTHERS: [(&str, &str); 14] = [
    ("CONTRIBUTING.md", "--test"),
    ("docs/benchmarks.md", "--features"),
    ("docs/benchmarks.md", "--no-default-features"),
    ("docs/c.md", "--static"),
    ("docs/envoy.md", "--base-id"),
    ("docs/envoy.md", "--mode"),
    ("docs/envoy.md", "--restart-epoch"),
    ("docs/java.md", "--enable-native-access"),
    ("docs/keys.md", "--envoy"),
    ("docs/keys.md", "--peers"),
    ("docs/nginx.md", "--with-compat"),
    ("docs/server.md", "--audience"),
    ("docs/server.md", "--config"),
    ("docs/server.md", "--role"),
];

#[test]
fn commands_and_options_that_pages_name_are_there() {
    let room = Room::new();
    let known: BTreeMap<&str, BTreeSet<String>> = COMMANDS
        .into_iter()
        .map(|command| (command, every_option(&room.run(&format!("{command} --help")).ok())))
        .collect();
    let mut missing = BTreeSet::new();
    let mut look = |page: &Page, line: &str| {
        let words = words(line);
        let (program, command) = (words.first().map(String::as_str), words.get(1).map_or("", String::as_str));
        let is_command = program == Some("jotctl");
        let any = || known.values().flatten().cloned().collect();
        let allowed: BTreeSet<String> = match known.get(command) {
            Some(options) if is_command => options.clone(),
            // `COMMAND` stands for any.
            _ if is_command && (command == "COMMAND" || command.starts_with('-')) => any(),
            None if is_command && words.len() > 1 => {
                missing.insert(format!("{}: jotctl {command}", page.name));
                return;
            }
            // By itself, or behind the name of a command alone.
            _ if line.starts_with("--") || known.contains_key(program.unwrap_or_default()) => any(),
            _ => return,
        };
        for word in words.iter().filter(|word| word.starts_with('-') && word.len() > 1) {
            let option = word.split(['=', '[', ',']).next().unwrap();
            let is_of_another = OF_OTHERS.contains(&(page.name.as_str(), option)) && !is_command;
            if !allowed.contains(option) && !is_of_another {
                missing.insert(format!("{}: {option} in `{line}`", page.name));
            }
        }
    };
    for page in pages(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))) {
        for line in page.spans() {
            look(&page, &line);
        }
        for line in page.lines(&["", "sh", "text"]).iter().filter(|line| line.starts_with("jotctl ")) {
            look(&page, line);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn completions_are_made_for_every_shell() {
    let room = Room::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = room.run(&format!("completions {shell}")).ok();
        assert!(script.contains("demo-data") && script.contains("allow-future-iat"), "{shell}");
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
