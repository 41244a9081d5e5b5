//! Records of which a part cannot be read: their tokens are judged all the same, and what
//! is missing is told.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use serde_json::Value;

use crate::audit_logs::{FIRST, Logs};
use crate::support::objects;

/// The columns `name`, `used_at`, `time_ok` and `key_state` of each row.
fn told(logs: &Logs) -> Vec<[Value; 4]> {
    let columns = ["name", "used_at", "time_ok", "key_state"];
    logs.rows().iter().map(|row| columns.map(|column| row[column].clone())).collect()
}

fn summary(logs: &Logs) -> Value {
    serde_json::from_str(&logs.room.read("summary.json")).unwrap()
}

#[test]
fn token_is_judged_without_a_time_and_never_accepted() {
    let logs = Logs::new();
    let good = logs.ndjson();
    let bad = |time: &str| {
        let lines =
            logs.uses.iter().map(|used| format!("{{{time}\"status\":200,\"token\":\"{}\"}}\n", used.token));
        lines.collect::<String>()
    };
    // Whatever time it was, these verdicts hold.
    let wanted = ["time_unknown", "time_unknown", "signature_invalid", "aud_mismatch", "token_segments"];
    for (time, reason, seen) in [
        ("\"time\":\"at noon\",", "the time of use cannot be read", Some("at noon")),
        ("\"time\":\"2026-03-01 12:30:45\",", "the time of use has no zone", Some("2026-03-01 12:30:45")),
        ("\"time\":true,", "the time of use cannot be read", None),
        ("\"time\":null,", "the time of use is missing", None),
        ("", "the time of use is missing", None),
    ] {
        logs.room.write("a.ndjson", format!("{good}{}", bad(time)));
        let options = "a.ndjson --summary summary.json --max-unread 60 --fail-on accepted-invalid>1";
        let ran = logs.audit(options);
        // What is wrong whenever it was, and was answered with success.
        assert_eq!((ran.code, ran.stderr.contains("accepted-invalid: 4")), (1, true), "{time}: {ran:?}");
        let rows = told(&logs);
        assert_eq!(rows.len(), 10, "{time}");
        for (row, name) in rows[5..].iter().zip(wanted) {
            assert_eq!((&row[0], &row[1], &row[2]), (&name.into(), &Value::Null, &Value::Null), "{time}");
        }
        assert_eq!(rows[5][3], "active", "{time}");
        let summary = summary(&logs);
        assert_eq!((&summary["rows"], &summary["accepted"]), (&10.into(), &1.into()), "{time}");
        assert_eq!((&summary["refused"], &summary["time_unknown"]), (&7.into(), &2.into()), "{time}");
        assert_eq!(summary["records"]["without_time"], 5, "{time}");
        let sample = summary["records"]["flaw_samples"].as_array().unwrap();
        let sample = sample.iter().find(|sample| sample["reason"].as_str().unwrap().starts_with(reason));
        let sample = sample.unwrap_or_else(|| panic!("{time}: {summary}"));
        assert_eq!((&sample["source"], &sample["line"]), (&"a.ndjson".into(), &6.into()), "{time}");
        assert_eq!(sample["seen"].as_str(), seen, "{time}");
        // Half of the records without a time are a finding of their own.
        let ran = logs.audit("a.ndjson");
        assert_eq!((ran.code, ran.stderr.contains("5 without a time: 50.0 %")), (1, true), "{ran:?}");
    }
    // What is judged at --now is what has no time, and not what has one that is unreadable.
    logs.room.write("a.ndjson", format!("{good}{}{}", bad(""), bad("\"time\":\"at noon\",")));
    logs.audit(&format!("a.ndjson --max-unread 60 --now {FIRST}")).ok();
    let names: Vec<_> = told(&logs).iter().map(|row| row[0].clone()).collect();
    assert_eq!(names[5], "accepted");
    assert_eq!(names[10..], wanted);
}

/// Of a key that was in force for some time only, nobody knows whether it was.
#[test]
fn state_of_a_dated_key_is_unknown_without_a_time() {
    let logs = Logs::new();
    let dated = logs.room.read("jwks.json").replacen("\"kty\"", "\"exp\":9000000000,\"kty\"", 1);
    logs.room.write("jwks.json", dated);
    let token = &logs.uses[0].token;
    logs.room.write(
        "a.ndjson",
        format!("{{\"token\":\"{token}\",\"time\":{FIRST}}}\n{{\"token\":\"{token}\"}}\n"),
    );
    logs.audit("a.ndjson --max-unread 60").ok();
    let rows = told(&logs);
    assert_eq!((&rows[0][0], &rows[0][3]), (&"accepted".into(), &"active".into()));
    assert_eq!((&rows[1][0], &rows[1][3]), (&"time_unknown".into(), &Value::Null));
}

#[test]
fn status_and_address_that_cannot_be_read_are_null_and_told() {
    let logs = Logs::new();
    let token = &logs.uses[0].token;
    let line = |status: &str, address: &str| {
        format!("{{\"time\":{FIRST},\"status\":{status},\"address\":{address},\"token\":\"{token}\"}}\n")
    };
    let log = [
        line("200.0", "\"192.0.2.7\""),
        line("\"200 OK\"", "\"gateway.example\""),
        line("999", "\"a b\""),
        line("600", "\"=1+2\""),
        line("\"ok\"", "\"192.0.2.7, 192.0.2.8\""),
        line("\"-\"", "\"-\""),
        line("200", "{}"),
    ];
    logs.room.write("a.ndjson", log.concat());
    let ran = logs.audit("a.ndjson --summary summary.json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let rows = logs.rows();
    assert!(rows.iter().all(|row| row["name"] == "accepted"), "{rows:?}");
    let statuses: Vec<_> = rows.iter().map(|row| row["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(200), Some(200), None, None, None, None, Some(200)]);
    let addresses: Vec<_> = rows.iter().map(|row| row["address"].as_str()).collect();
    let (plain, host) = (Some("192.0.2.7"), Some("gateway.example"));
    assert_eq!(addresses, [plain, host, None, None, plain, None, None]);
    let flaws = &summary(&logs)["records"];
    let count = |reason: &str| flaws["flaws"][reason].as_u64();
    assert_eq!(count("the status is not a number from 100 to 599"), Some(3), "{flaws}");
    assert_eq!(count("the address cannot be read"), Some(2), "{flaws}");
    assert_eq!(count("a wanted value is neither text nor a number"), Some(1), "{flaws}");
    let samples = flaws["flaw_samples"].as_array().unwrap();
    let seen: Vec<_> = samples
        .iter()
        .map(|sample| (sample["line"].as_u64().unwrap(), sample["seen"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(seen, [(3, "999"), (3, "a b"), (4, "600"), (4, "=1+2"), (5, "ok"), (7, "")]);
    let ran = logs.audit("a.ndjson --hop 2");
    assert_eq!((ran.code, logs.rows()[4]["address"].as_str()), (0, Some("192.0.2.8")));
    assert_eq!(logs.rows()[0]["address"], Value::Null);
}

/// In Parquet, text that is no number was null without a word.
#[test]
fn parquet_with_text_for_numbers_is_read_like_a_log() {
    let logs = Logs::new();
    let token = &logs.uses[0].token;
    let texts = |texts: [&str; 4]| Arc::new(StringArray::from_iter_values(texts)) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("token", texts([token; 4])),
        ("time", texts(["2026-03-01T12:30:45Z", "noon", "1772368245", ""])),
        ("status", texts(["200 OK", "200.0", "600", "-"])),
        ("address", texts(["192.0.2.7:5", "a b", "::ffff:192.0.2.7", "-"])),
    ]);
    let batch = batch.unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    logs.room.write("a.parquet", bytes);
    let ran = logs.audit("a.parquet --summary summary.json --max-unread 60");
    assert_eq!(ran.code, 0, "{ran:?}");
    let rows = logs.rows();
    let names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["accepted", "time_unknown", "accepted", "time_unknown"]);
    let found: Vec<_> = rows.iter().map(|row| (row["status"].as_u64(), row["address"].as_str())).collect();
    let address = Some("192.0.2.7");
    assert_eq!(found, [(Some(200), address), (Some(200), None), (None, address), (None, None)]);
    let samples = summary(&logs)["records"]["flaw_samples"].clone();
    let seen = |line: u64| samples.as_array().unwrap().iter().filter(move |sample| sample["line"] == line);
    assert_eq!(seen(2).map(|sample| sample["seen"].as_str().unwrap()).collect::<Vec<_>>(), ["noon", "a b"]);
    assert_eq!(seen(3).map(|sample| sample["seen"].as_str().unwrap()).collect::<Vec<_>>(), ["600"]);
}

/// A kind of fault that comes in floods leaves the others their samples.
#[test]
fn one_reason_does_not_use_up_the_samples_of_the_others() {
    let logs = Logs::new();
    let mut log = logs.ndjson().repeat(30);
    log.push_str(&"garbage\n".repeat(300));
    let line = format!("{{\"time\":{FIRST},\"status\":999,\"authorization\":\"-\"}}\n");
    log.push_str(&line.repeat(300));
    log.push_str(&line.replace("999", "200,\"address\":\"a b\""));
    logs.room.write("a.ndjson", log);
    logs.audit("a.ndjson --summary summary.json --max-unread 60").ok();
    let summary = summary(&logs);
    assert_eq!(summary["unreadable"]["samples"].as_array().unwrap().len(), 20);
    let samples = summary["records"]["flaw_samples"].as_array().unwrap();
    assert_eq!((samples.len(), &samples[20]["seen"]), (21, &"a b".into()));
    assert_eq!(objects(&logs.room.read("rows.ndjson")).len(), 451);
}
