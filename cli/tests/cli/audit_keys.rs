//! Uses from before the first snapshot of the keys.

use serde_json::Value;

use crate::support::Room;

#[test]
fn use_before_the_first_snapshot_is_told() {
    let room = Room::with_key();
    let token = room.token(r#"{"exp":9000000000}"#);
    let good = room.read("jwks.json");
    std::fs::create_dir(room.path("past")).unwrap();
    room.write("past/2026-02-01.json", &good);
    room.run("keygen --alg ES256 --kid gone --out-private key.jwk --out-public x.jwk --force").ok();
    let gone = room.token(r#"{"exp":9000000000}"#);
    let line = |day: &str, token: &str| format!("{{\"time\":\"{day}T00:00:00Z\",\"token\":\"{token}\"}}\n");
    let log = [
        line("2026-02-02", &token),
        line("2026-01-15", &token),
        line("2026-01-16", &gone),
        line("2026-02-03", &gone),
        line("2026-01-17", "garbage.x.y"),
    ];
    room.write("a.ndjson", log.concat());
    let audit = |keys: &str| {
        let ran = room.run(&format!("audit a.ndjson --keys {keys} --alg ES256 --summary s.json --force"));
        let summary: Value = serde_json::from_str(&room.read("s.json")).unwrap();
        (ran, summary["before_snapshots"].clone())
    };
    let (ran, told) = audit("past");
    assert_eq!(ran.code, 0, "{ran:?}");
    let words =
        "2 uses cannot be judged for sure, first a.ndjson:2: used before the first snapshot of the keys";
    assert!(ran.stderr.contains(words), "{ran:?}");
    assert_eq!(
        (&told["rows"], &told["first_snapshots"]),
        (&2.into(), &serde_json::json!([{"issuer": null, "date": 1_769_904_000}]))
    );
    let lines: Vec<_> =
        told["samples"].as_array().unwrap().iter().map(|sample| sample["line"].as_u64()).collect();
    assert_eq!(lines, [Some(2), Some(3)]);
    let (_, told) = audit("https://issuer.example=past --hash issuer");
    assert_eq!(told["first_snapshots"][0]["issuer"], Value::Null);
    let (_, told) = audit("https://issuer.example=past");
    assert_eq!(told["first_snapshots"][0]["issuer"], "https://issuer.example");
    let (_, told) = audit("jwks.json");
    assert_eq!((&told["rows"], &told["first_snapshots"]), (&0.into(), &serde_json::json!([])));
    for (keys, is_told) in [("past", true), ("jwks.json", false)] {
        room.run(&format!("audit a.ndjson --keys {keys} --alg ES256 --quiet --report r.html --force")).ok();
        assert_eq!(room.read("r.html").contains("which keys were in force then"), is_told, "{keys}");
    }
    let ran = room.run("audit a.ndjson --keys past --alg ES256 --fail-on before-snapshot>1");
    assert_eq!(
        (ran.code, ran.stderr.contains("found: before-snapshot: 2, more than 1")),
        (1, true),
        "{ran:?}"
    );
}
