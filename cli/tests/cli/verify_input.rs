//! Everywhere that `jotctl verify` takes tokens from.

use crate::support::{Room, VERIFY, names, objects};

#[test]
fn tokens_come_from_arguments_files_and_stdin() {
    let room = Room::with_key();
    let token = room.good_token();
    room.write("tokens", format!("{token}\nbad\n"));
    assert_eq!(names(&room.run(&format!("{VERIFY} {token}")).ok()), ["accepted"]);
    for arguments in ["@tokens", "--file tokens"] {
        let ran = room.run(&format!("{VERIFY} {arguments}"));
        assert_eq!((ran.code, names(&ran.stdout)), (1, vec!["accepted".into(), "token_segments".into()]));
    }
    for arguments in ["", "-", "--file -", "@-"] {
        assert_eq!(names(&room.run_reading(&token, &format!("{VERIFY} {arguments}")).ok()), ["accepted"]);
    }
}

#[test]
fn several_sources_are_named_and_kept_in_order() {
    let room = Room::with_key();
    let token = room.good_token();
    room.write("one", format!("{token}\n"));
    room.write("two", format!("\n{token}"));
    let ran = room.run_reading(&token, &format!("{VERIFY} @one {token} - {token} --file two"));
    let found: Vec<_> = objects(&ran.ok())
        .iter()
        .map(|object| format!("{}:{}", object["source"].as_str().unwrap(), object["line"]))
        .collect();
    assert_eq!(found, ["one:1", "argument:1", "-:1", "argument:2", "two:2"]);
    let ran = room.run(&format!("{VERIFY} {token} {token}"));
    let objects = objects(&ran.ok());
    assert_eq!((objects.len(), &objects[1]["line"], objects[1].get("source")), (2, &2.into(), None));
}

#[test]
fn lines_are_taken_strictly() {
    let room = Room::with_key();
    let token = room.good_token();
    let text =
        format!("{token}\r\n\n  \n {token}\n{token} \n{token}\r\r\nBearer {token}\n\u{feff}{token}\n{token}");
    let ran = room.run_reading(text, VERIFY);
    let found: Vec<_> = objects(&ran.stdout)
        .iter()
        .map(|object| (object["line"].as_u64().unwrap(), object["name"].as_str().unwrap().to_owned()))
        .collect();
    let wanted = [
        (1, "accepted"),
        (4, "token_wrapped"),
        (5, "token_wrapped"),
        (6, "token_wrapped"),
        (7, "token_wrapped"),
        (8, "header_encoding"),
        (9, "accepted"),
    ];
    assert_eq!(found, wanted.map(|(line, name)| (line, name.to_owned())));
    // Of one of them `--bearer` would make a token.
    assert!(ran.stderr.contains("1 token: preceded by a scheme; --bearer removes"), "{ran:?}");
}

#[test]
fn mark_at_the_beginning_of_a_file_is_removed() {
    let room = Room::with_key();
    let token = room.good_token();
    room.write("marked", format!("\u{feff}{token}\n{token}\n"));
    for arguments in ["@marked", "--file marked"] {
        assert_eq!(names(&room.run(&format!("{VERIFY} {arguments}")).ok()), ["accepted", "accepted"]);
    }
    room.write("one", format!("\u{feff}{token}"));
    assert_eq!(names(&room.run(&format!("{VERIFY} --whole @one")).ok()), ["accepted"]);
    assert!(room.run("decode @one").ok().contains("\"sub\": \"s\""));
}

#[test]
fn bearer_is_removed_when_asked_for() {
    let room = Room::with_key();
    let token = room.good_token();
    let text = format!("Bearer {token}\nBEARER   {token}\n{token}\nBearer{token}\n");
    let ran = room.run_reading(text, &format!("{VERIFY} --bearer"));
    assert_eq!(names(&ran.stdout), ["accepted", "accepted", "accepted", "header_encoding"]);
}

#[test]
fn field_finds_the_token_in_json_lines() {
    let room = Room::with_key();
    let token = room.good_token();
    let text = [
        format!(r#"{{"at":1,"request":{{"token":"{token}"}}}}"#),
        format!(r#"{{"request.token":"{token}"}}"#),
        "{}".to_owned(),
        "not json".to_owned(),
        String::new(),
        r#"{"request":{"token":7}}"#.to_owned(),
        "[]".to_owned(),
        format!(r#"{{"request":{{"token":"{token}x"}}}}"#),
    ]
    .join("\n");
    let ran = room.run_reading(text, &format!("{VERIFY} --field request.token"));
    assert_eq!(ran.code, 1);
    assert!(!ran.stdout.contains(&token));
    let unreadable = ["unreadable"; 2];
    let found = names(&ran.stdout);
    assert_eq!(found[..2], ["accepted", "accepted"]);
    assert_eq!(
        (&found[2..4], &found[4..6]),
        (&unreadable.map(String::from)[..], &unreadable.map(String::from)[..])
    );
    assert_eq!(found.len(), 7);
    let line = ran.stdout.lines().nth(3).unwrap();
    assert_eq!(line, r#"{"line":4,"code":null,"name":"unreadable","reason":"the line is not JSON"}"#);
    let ran =
        room.run_reading(format!(r#"{{"t":"bearer {token}"}}"#), &format!("{VERIFY} --field t --bearer"));
    assert_eq!(names(&ran.ok()), ["accepted"]);
}

#[test]
fn whole_files_are_taken_byte_for_byte() {
    let room = Room::with_key();
    let token = room.good_token();
    room.write("exact", &token);
    room.write("newline", format!("{token}\n"));
    room.write("empty", "");
    room.write("long", "x".repeat(200_000));
    let ran = room.run(&format!("{VERIFY} --whole @exact @newline @empty --file long"));
    assert_eq!(names(&ran.stdout), ["accepted", "token_wrapped", "token_empty", "token_too_long"]);
    assert_eq!(names(&room.run_reading(&token, &format!("{VERIFY} --whole")).ok()), ["accepted"]);
}

#[test]
fn no_token_at_all_is_not_success() {
    let room = Room::with_key();
    room.write("blank", "\n \n");
    room.run(VERIFY).fails_with(&["no token"]);
    room.run(&format!("{VERIFY} @blank")).fails_with(&["no token"]);
    room.run(&format!("{VERIFY} @nothing")).fails_with(&["nothing"]);
    room.run(&format!("{VERIFY} --file .")).fails_with(&[".: "]);
}

#[test]
fn a_file_that_cannot_be_read_fails_behind_the_verdicts_so_far() {
    let room = Room::with_key();
    let ran = room.run(&format!("{VERIFY} {} @nothing", room.good_token()));
    assert_eq!((ran.code, names(&ran.stdout)), (2, vec!["accepted".to_owned()]));
    assert!(ran.stderr.starts_with("jotctl: nothing: "), "{ran:?}");
}
