//! Sources of an audit: compression, encodings, pipes, and files that break off.

use std::io::Write as _;

use crate::audit_logs::Logs;
use crate::support::Room;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn lz4(text: &[u8]) -> Vec<u8> {
    let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn compressions_and_encodings_are_told_by_their_bytes() {
    let logs = Logs::new();
    let text = logs.ndjson();
    for (what, bytes) in [
        ("plain", text.clone().into_bytes()),
        ("gzip", gzip(text.as_bytes())),
        ("gzip-padded", [gzip(text.as_bytes()), vec![0; 10_000]].concat()),
        ("bzip2", bzip2(text.as_bytes())),
        ("lz4", lz4(text.as_bytes())),
        ("zstd", zstd::encode_all(text.as_bytes(), 1).unwrap()),
        ("mark", format!("\u{feff}{text}").into_bytes()),
        ("utf16", utf16(&text)),
        ("utf16-mark", utf16(&format!("\u{feff}{text}"))),
        ("utf16-mark-gzip", gzip(&utf16(&format!("\u{feff}{text}")))),
    ] {
        logs.judges(&format!("{what}.log"), bytes, "");
    }
}

/// Whatever can be read once only is read from its first byte on.
#[cfg(unix)]
#[test]
fn pipes_lose_no_byte() {
    let logs = Logs::new();
    let text = logs.ndjson();
    for bytes in [text.clone().into_bytes(), gzip(text.as_bytes())] {
        for source in ["-", "/dev/stdin"] {
            let rules = "--keys jwks.json --alg ES256 --aud a --quiet --out rows.ndjson --force";
            logs.room.run_reading(&bytes, &format!("audit {source} {rules}")).ok();
            logs.assert_judged(source, 1);
        }
    }
}

#[test]
fn source_that_breaks_off_is_told_and_the_rest_is_judged() {
    let logs = Logs::new();
    let whole = gzip(logs.ndjson().as_bytes());
    let cut = &whole[..whole.len() - 9];
    for (name, bytes) in [
        ("1-empty.ndjson", &[][..]),
        ("2-cut.ndjson.gz", cut),
        ("3-garbage.ndjson.gz", &[&whole[..], b"log"].concat()),
        ("4-no.ndjson.gz", &[0x1f, 0x8b, 8, 0, 1]),
        ("5-whole.ndjson.gz", &whole),
    ] {
        std::fs::create_dir_all(logs.room.path("logs")).unwrap();
        logs.room.write(&format!("logs/{name}"), bytes);
    }
    let ran = logs.audit("logs --summary summary.json");
    assert_eq!(ran.code, 2, "{ran:?}");
    for words in ["2-cut.ndjson.gz: read up to line", "3-garbage", "4-no", "3 of the sources"] {
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
    assert!(!ran.stderr.contains("5-whole"));
    logs.assert_judged("what could be read", 3);
    let summary: serde_json::Value = serde_json::from_str(&logs.room.read("summary.json")).unwrap();
    assert_eq!((&summary["sources"]["broken"], &summary["sources"]["empty"]), (&3.into(), &1.into()));
}

#[test]
fn nothing_but_empty_sources_is_no_failure() {
    let room = Room::with_key();
    for (name, bytes) in [("a.ndjson", Vec::new()), ("b.csv", Vec::new()), ("c.log.gz", gzip(b""))] {
        room.write(name, bytes);
    }
    let ran = room.run("audit a.ndjson b.csv c.log.gz --keys jwks.json --alg ES256 --any-audience");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("3 empty sources"), "{ran:?}");
}
