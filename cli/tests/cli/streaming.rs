//! Input without end, and output that nobody reads.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;

use crate::support::{Room, VERIFY, names};

#[test]
fn long_lines_are_reported_and_the_rest_goes_on() {
    let room = Room::with_key();
    let token = room.good_token();
    let text = format!("{}\n{}\n{token}\n", "x".repeat(66_000), "x".repeat(3_000_000));
    let ran = room.run_reading(text, VERIFY);
    assert_eq!(names(&ran.stdout), ["token_too_long", "token_too_long", "accepted"]);
    assert!(ran.stdout.starts_with(r#"{"line":1,"code":700,"name":"token_too_long","signature_ok":false}"#));
    let text = format!("{{\"t\":\"{}\"}}\n{{\"t\":\"{token}\"}}\n", "x".repeat(3_000_000));
    let ran = room.run_reading(text, &format!("{VERIFY} --field t"));
    assert_eq!(names(&ran.stdout), ["unreadable", "accepted"]);
    let text = format!("{{\"x\":\"{}\",\"t\":\"{token}\"}}\n", "x".repeat(1_000_000));
    assert_eq!(names(&room.run_reading(text, &format!("{VERIFY} --field t")).ok()), ["accepted"]);
}

#[test]
fn verdicts_are_written_before_more_tokens_are_waited_for() {
    let room = Room::with_key();
    let token = room.good_token();
    let mut command = room.command();
    command.args(VERIFY.split_whitespace()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(stdin, "{token}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(names(&line), ["accepted"]);
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn closed_output_ends_the_program_quietly() {
    let room = Room::with_key();
    room.write("tokens", "x.y.z\n".repeat(50_000));
    let mut command = room.command();
    command.args(VERIFY.split_whitespace()).arg("@tokens");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(2), ""));
}

/// The room that the program may use for an input many times as large.
#[cfg(target_os = "linux")]
const ADDRESS_SPACE_KIB: usize = 128 * 1024;

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_input() {
    let room = Room::with_key();
    let token = room.good_token();
    let mut command = std::process::Command::new("sh");
    let script = format!("ulimit -v {ADDRESS_SPACE_KIB}; exec \"$@\"");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_jotctl")]);
    command.args(VERIFY.split_whitespace()).current_dir(room.path(""));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let block = vec![b'x'; 1 << 20];
        for _ in 0..256 {
            stdin.write_all(&block).unwrap();
        }
        let some = format!("\n{token}\n{}", "header.payload.signature\n".repeat(1999));
        for _ in 0..100 {
            stdin.write_all(some.as_bytes()).unwrap();
        }
    });
    let (mut accepted, mut rejected) = (0, 0);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let is_accepted = line.unwrap().contains("\"code\":0,");
        accepted += usize::from(is_accepted);
        rejected += usize::from(!is_accepted);
    }
    writer.join().unwrap();
    assert_eq!((child.wait().unwrap().code(), accepted, rejected), (Some(1), 100, 199_901));
}
