//! Lines that somebody wrote who does not want to be seen: his token is judged all the
//! same, and he hides no other line.

use std::process::Command;

use serde_json::Value;

use crate::audit_logs::{FIRST, Logs};
use crate::support::{Ran, Room, objects, ran, segment};

/// A line of JSON whose user agent is written as `agent`.
fn json(token: &str, agent: &[u8]) -> Vec<u8> {
    let begin = format!("{{\"time\":{FIRST},\"status\":200,\"address\":\"192.0.2.7\",\"agent\":\"");
    [begin.as_bytes(), agent, b"\",\"authorization\":\"Bearer ", token.as_bytes(), b"\"}\n"].concat()
}

/// nginx's `combined` with a token behind it.
fn combined(token: &str, agent: &[u8]) -> Vec<u8> {
    let begin = b"192.0.2.7 - - [01/Mar/2026:12:30:45 +0000] \"GET /a HTTP/1.1\" 200 17 \"-\" \"";
    [begin, agent, b"\" \"Bearer ", token.as_bytes(), b"\"\n"].concat()
}

fn csv(token: &str, agent: &[u8]) -> Vec<u8> {
    let begin = format!("{FIRST},200,192.0.2.7,");
    [begin.as_bytes(), agent, b",", token.as_bytes(), b"\n"].concat()
}

/// Asserts that every row is that of the same accepted token, with all its parts.
fn assert_whole(rows: &[Value], count: usize, what: &str) {
    assert_eq!(rows.len(), count, "{what}");
    for row in rows {
        let found = (&row["name"], &row["used_at"], &row["status"], &row["address"]);
        let wanted = ("accepted".into(), FIRST.into(), 200.into(), "192.0.2.7".into());
        assert_eq!(found, (&wanted.0, &wanted.1, &wanted.2, &wanted.3), "{what}: {row}");
    }
}

#[test]
fn odd_bytes_beside_a_token_hide_nothing() {
    let logs = Logs::new();
    let token = &logs.uses[0].token;
    // As nginx writes them with escape=default.
    let escaped: [&[u8]; 4] = [
        br"\x22",
        br"x\x22,\x22status\x22:401,\x22authorization\x22:\x22-",
        br"\x5C\x5c\x5Cx41",
        br"\xE2\x80\xAE \x00\x1B[2J",
    ];
    let raw: [&[u8]; 6] = [
        b"\xff\xfe\xc3",
        b"\0\0\0\0",
        b"\x1b[2J\x07",
        b"\xed\xa0\x80",
        b"\xe2\x80\xae",
        b"\xf8\x88\x80\x80\x80",
    ];
    let surrogates: [&[u8]; 3] = [br"\ud800", br"\udc00\ud800", br"\ud83d"];
    let all = || raw.iter().chain(&escaped);
    let lines: Vec<u8> = all().chain(&surrogates).flat_map(|agent| json(token, agent)).collect();
    logs.room.write("odd.ndjson", [json(token, b"curl"), lines].concat());
    logs.audit("odd.ndjson").ok();
    assert_whole(&logs.rows(), 14, "JSON");
    let lines: Vec<u8> = all().flat_map(|agent| combined(token, agent)).collect();
    logs.room.write("odd.log", [combined(token, b"curl"), lines].concat());
    logs.audit("odd.log").ok();
    assert_whole(&logs.rows(), 11, "text");
    let lines: Vec<u8> = raw.iter().flat_map(|agent| csv(token, agent)).collect();
    logs.room.write("odd.csv", [&b"time,status,address,agent,token\n"[..], &lines].concat());
    logs.audit("odd.csv").ok();
    assert_whole(&logs.rows(), 6, "CSV");
    // What a file begins with that was cut while its server had it open.
    logs.room.write("sparse.ndjson", [&[0; 5000][..], &json(token, b"curl"), &json(token, b"x")].concat());
    logs.audit("sparse.ndjson").ok();
    assert_whole(&logs.rows(), 2, "zeros in front");
}

/// Runs an audit that may take little memory, so that one which keeps the line fails.
#[cfg(target_os = "linux")]
fn audit_in_little_memory(room: &Room, source: &str) -> Ran {
    let script = format!(
        "ulimit -v 450000 && exec {} audit {source} --keys jwks.json --alg ES256 --aud a --quiet --threads 1 \
         --cache-entries 0 --max-unread 60 --out rows.ndjson --summary summary.json --force",
        env!("CARGO_BIN_EXE_jotctl")
    );
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(room.path("")).env("MALLOC_ARENA_MAX", "1");
    ran(command.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn endless_line_takes_no_memory_and_hides_no_other() {
    const LONG_BYTES: usize = 200 * 1024 * 1024;
    let logs = Logs::new();
    let token = &logs.uses[0].token;
    let write = |out: &mut dyn std::io::Write| {
        out.write_all(&json(token, b"before")).unwrap();
        out.write_all(b"{\"agent\":\"").unwrap();
        let piece = [b'x'; 1024 * 1024];
        (0..LONG_BYTES / piece.len()).for_each(|_| out.write_all(&piece).unwrap());
        out.write_all(b"\"}\n").unwrap();
        out.write_all(&json(token, b"after")).unwrap();
    };
    write(&mut std::fs::File::create(logs.room.path("long.ndjson")).unwrap());
    let gzip = std::fs::File::create(logs.room.path("long.ndjson.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(gzip, flate2::Compression::default());
    write(&mut gzip);
    gzip.finish().unwrap();
    assert!(logs.room.path("long.ndjson.gz").metadata().unwrap().len() < 2_000_000);
    for source in ["long.ndjson", "long.ndjson.gz"] {
        let ran = audit_in_little_memory(&logs.room, source);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_whole(&logs.rows(), 2, source);
        let summary: Value = serde_json::from_str(&logs.room.read("summary.json")).unwrap();
        assert_eq!(summary["unreadable"]["reasons"]["the line is too long"], 1, "{summary}");
    }
}

/// Names that turn text around, ring, or clear the screen.
#[test]
fn names_cannot_control_a_terminal() {
    const HOSTILE: &str = "a\u{202e}b\u{1b}[2Jc\u{9b}1md\u{7}e\u{2066}f\u{200f}g\nh\ri\u{0}j\u{85}k";
    let room = Room::with_key();
    let claims = serde_json::json!({"iss": HOSTILE, "sub": HOSTILE, "jti": HOSTILE, "exp": FIRST + 9});
    let good = room.token(&claims.to_string());
    let header = serde_json::json!({"alg": "ES256", "kid": HOSTILE});
    let strange = format!("{}.e30.{}", segment(header.to_string()), "A".repeat(86));
    let line = |token: &str, at: &str| {
        serde_json::json!({"time": at, "address": HOSTILE, "token": token, "path": HOSTILE}).to_string()
    };
    let name = "log\u{1b}[2J\u{202e}.ndjson";
    let log = [line(&good, "1772368245"), line(&strange, "1772368245"), line(&good, HOSTILE)];
    room.write(name, log.join("\n") + "\ngarbage \u{202e}\u{1b}[2J\n");
    let audit = |out: &str| {
        let options = "--keys jwks.json --alg ES256 --max-unread 100 --fail-on time_unknown --out -";
        let options: Vec<_> = options.split(' ').chain(["--out-format", out]).collect();
        room.run_with(&[&["audit", name], &options[..]].concat())
    };
    for out in ["ndjson", "csv"] {
        let ran = audit(out);
        assert_eq!(ran.code, 1, "{ran:?}");
        for text in [&ran.stdout, &ran.stderr] {
            let odd = |c: char| c.is_control() && c != '\n' && (c != '\r' || out == "ndjson");
            let turns = |c: char| "\u{200f}\u{202e}\u{2066}".contains(c);
            assert!(!text.contains(odd) && !text.contains(turns), "{text:?}");
        }
        assert!(ran.stderr.contains("unknown kid \"a\\u{202e}b\\u{1b}[2Jc"), "{ran:?}");
    }
    // JSON says what the token says.
    let rows = objects(&audit("ndjson").stdout);
    assert_eq!((&rows[0]["subject"], &rows[0]["issuer"]), (&HOSTILE.into(), &HOSTILE.into()));
    assert_eq!(rows[1]["kid"], HOSTILE);
}

/// Undoes what docs/audit.md says of text in CSV.
fn undone(field: &str) -> String {
    let text = field.strip_prefix('\'').unwrap_or(field);
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let (c, after) = match escape.strip_prefix("u{").and_then(|escape| escape.split_once('}')) {
            Some((digits, after)) => {
                (char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap(), after)
            }
            None => {
                let mut chars = escape.chars();
                let c = chars.next().unwrap();
                let letters = [('n', '\n'), ('r', '\r'), ('t', '\t')];
                let meant = letters.iter().find(|(letter, _)| *letter == c).map(|found| found.1);
                (meant.unwrap_or(c), chars.as_str())
            }
        };
        out.push(c);
        rest = after;
    }
    out + rest
}

#[test]
fn formulas_in_csv_are_text_and_can_be_undone() {
    let room = Room::with_key();
    let subjects = [
        "=1+2",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "'=1",
        "'",
        "\u{ff1d}1",
        "plain",
        "a,\"b\"",
        "back\\slash \\u{1b} \\n",
        "line\nbreak\u{1b}\u{202e}",
        "\\",
        "gr\u{fc}n",
    ];
    let log: String = subjects
        .iter()
        .map(|sub| {
            let token = room.token(&serde_json::json!({"sub": sub, "exp": FIRST + 9}).to_string());
            format!("{{\"time\":{FIRST},\"token\":\"{token}\"}}\n")
        })
        .collect();
    room.write("a.ndjson", log);
    let rows = room.run("audit a.ndjson --keys jwks.json --alg ES256 --quiet --out rows.csv").ok();
    assert_eq!(rows, "");
    let rows = room.read("rows.csv");
    let mut lines = rows.split("\r\n");
    let place = lines.next().unwrap().split(',').position(|name| name == "subject").unwrap();
    for (line, subject) in lines.zip(subjects) {
        let field = fields(line).swap_remove(place);
        let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}']);
        assert!(!is_formula && !field.contains(char::is_control), "{field}");
        assert_eq!(undone(&field), subject, "{field}");
    }
}

/// The fields of a record of CSV.
fn fields(record: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = record.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => fields.last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}
