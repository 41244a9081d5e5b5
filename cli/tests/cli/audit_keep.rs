//! Fields of a log that are kept beside the verdicts.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::audit_logs::{FIRST, Logs, Use};
use crate::support::Room;

fn clock(used: &Use) -> i64 {
    used.second.saturating_sub(FIRST).saturating_add(45)
}

/// The path of a use.
fn path(used: &Use) -> String {
    format!("/items/{}", used.name)
}

/// Asserts that each row has the path and the method of its use.
fn assert_kept(logs: &Logs, what: &str) {
    logs.assert_judged(what, 1);
    for (row, used) in logs.rows().iter().zip(&logs.uses) {
        assert_eq!((&row["path"], &row["method"]), (&path(used).into(), &"POST".into()), "{what}: {row}");
    }
}

#[test]
fn path_and_method_are_kept_of_every_format() {
    let logs = Logs::new();
    let request = |used: &Use| format!("POST {}?secret={} HTTP/1.1", path(used), "s".repeat(9));
    let combined = |used: &Use| {
        format!(
            r#"{} - - [01/Mar/2026:12:30:{} +0000] "{}" {} 17 "-" "curl" "Bearer {}""#,
            used.address,
            clock(used),
            request(used),
            used.status,
            used.token
        )
    };
    let json = |used: &Use, more: &str| {
        format!(
            r#"{{"time":{},"status":{},"address":"{}","token":"{}",{more}}}"#,
            used.second, used.status, used.address, used.token
        )
    };
    type Line<'l> = &'l dyn Fn(&Use) -> String;
    let lines: [(&str, &str, Line<'_>); 11] = [
        ("combined.log", "", &combined),
        ("cri.log", "", &|used| format!("2026-03-01T12:30:45.1Z stdout F {}", combined(used))),
        ("docker.log", "", &|used| format!(r#"{{"log":{}}}"#, Value::from(combined(used)))),
        ("envoy.log", "", &|used| {
            format!(
                r#"[2026-03-01T12:30:{}.1Z] "{}" {} - 1 0 2 1 "{}" "x" "id" "host" "10.0.0.1:80" "{}""#,
                clock(used),
                request(used),
                used.status,
                used.address,
                used.token
            )
        }),
        ("haproxy.log", "--time-zone UTC", &|used| {
            format!(
                r#"x haproxy[1]: {}:3 [01/Mar/2026:12:30:{}.6] in st/s1 10/0/30/69/109 {} 27 - - ---- 1/1/1/1/0 0/0 {{{}}} "{}""#,
                used.address,
                clock(used),
                used.status,
                used.token,
                request(used)
            )
        }),
        ("alb.log", "", &|used| {
            format!(
                r#"https 2026-03-01T12:30:{}.1Z app/lb/50 {}:2 10.0.0.1:80 0.1 0.1 0.1 {} 200 0 57 "POST https://a.example:443{}?t={} HTTP/1.1" "curl" - -"#,
                clock(used),
                used.address,
                used.status,
                path(used),
                used.token
            )
        }),
        ("own.ndjson", "", &|used| json(used, &format!(r#""path":"{}","method":"POST""#, path(used)))),
        ("nginx.ndjson", "", &|used| json(used, &format!(r#""request":"{}""#, request(used)))),
        ("traefik.ndjson", "", &|used| {
            json(used, &format!(r#""RequestPath":"{}?x","RequestMethod":"POST""#, path(used)))
        }),
        ("caddy.ndjson", "", &|used| {
            json(used, &format!(r#""request":{{"method":"POST","uri":"{}?x=y"}}"#, path(used)))
        }),
        ("wrapped.ndjson", "", &|used| {
            let inner = Value::from(json(used, r#""x":1"#));
            format!(r#"{{"message":{inner},"url":{{"path":"{}"}},"method":["POST","x"]}}"#, path(used))
        }),
    ];
    for (name, options, line) in lines {
        logs.room.write(name, logs.lines(line));
        logs.audit(&format!("{name} --keep path,method {options}")).ok();
        assert_kept(&logs, name);
    }
    let table = logs.lines(|used| {
        [&used.second.to_string(), used.address, &used.status.to_string(), &used.token, &path(used), "POST"]
            .join(",")
    });
    logs.room.write("a.csv", format!("time,ip,status,token,URI,Method\n{table}"));
    logs.audit("a.csv --keep path,method").ok();
    assert_kept(&logs, "CSV");
    logs.room.write("a.csv", &table);
    logs.audit("a.csv --format csv --token 4 --time 1 --status 3 --address 2 --keep 5,6").ok();
    assert_eq!(logs.rows()[1]["5"], "/items/expired");
    let w3c = table.replace(',', " ").replace("17723682", "2026-03-01 12:30:");
    logs.room.write(
        "iis.log",
        format!("#Fields: date time c-ip sc-status cs(Authorization) cs-uri-stem cs-method\n{w3c}"),
    );
    logs.audit("iis.log --keep path,method").ok();
    assert_kept(&logs, "W3C");
    let own = logs.lines(|used| {
        format!("{}|{}|{}|{}|{}", used.address, used.second, used.status, request(used), used.token)
    });
    logs.room.write("format.log", own);
    let format = "--log-format $remote_addr|$msec|$status|$request|$http_authorization";
    logs.audit(&format!("format.log {format} --keep path,method")).ok();
    assert_kept(&logs, "a format string");
    logs.audit(&format!("format.log {format} --keep host")).fails_with(&["the log format has no host"]);
}

#[test]
fn kept_columns_stand_in_every_output() {
    let logs = Logs::new();
    let texts = |text: fn(&Use) -> String| {
        Arc::new(StringArray::from_iter_values(logs.uses.iter().map(text))) as ArrayRef
    };
    let request: ArrayRef = Arc::new(StructArray::from(vec![
        (Arc::new(Field::new("uri", DataType::Utf8, true)), texts(path)),
        (Arc::new(Field::new("method", DataType::Utf8, true)), texts(|_| "POST".to_owned())),
    ]));
    let numbers = |number: fn(&Use) -> i64| {
        Arc::new(Int64Array::from_iter_values(logs.uses.iter().map(number))) as ArrayRef
    };
    let batch = RecordBatch::try_from_iter([
        ("token", texts(|used| used.token.clone())),
        ("time", numbers(|used| used.second)),
        ("status", numbers(|used| used.status.into())),
        ("address", texts(|used| used.address.to_owned())),
        ("request", request),
    ]);
    let batch = batch.unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    logs.room.write("a.parquet", bytes);
    logs.audit("a.parquet --keep path,method").ok();
    assert_kept(&logs, "Parquet");
    logs.room
        .run("audit a.parquet --keys jwks.json --alg ES256 --aud a --quiet --keep path --out b.parquet")
        .ok();
    let file = std::fs::File::open(logs.room.path("b.parquet")).unwrap();
    let batch =
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().next().unwrap().unwrap();
    let kept = batch.column_by_name("path").unwrap().as_string::<i32>();
    assert_eq!(kept.iter().flatten().collect::<Vec<_>>(), logs.uses.iter().map(path).collect::<Vec<_>>());
    let csv = logs.room.run(
        "audit a.parquet --keys jwks.json --alg ES256 --quiet --keep path,method --out - --out-format csv",
    );
    assert!(csv.ok().lines().all(|line| line.ends_with(",path,method") || line.ends_with(",POST")));
}

/// Which endpoint took the forged token stands in the finding, the summary and on the
/// terminal.
#[test]
fn endpoints_of_what_was_wrongly_accepted_are_told() {
    let logs = Logs::new();
    let forged = &logs.uses[2].token;
    let line = |path: &str, token: &str, status: u16| {
        format!(
            "{{\"time\":{FIRST},\"status\":{status},\"uri\":\"{path}?q={token}\",\"requestId\":\"r-{path}\",\"token\":\"{token}\"}}\n"
        )
    };
    let log = line("/open", &logs.uses[0].token, 200).repeat(5)
        + &line("/shut", forged, 401).repeat(3)
        + &line("/admin", forged, 200).repeat(2);
    logs.room.write("a.ndjson", log);
    let options =
        "audit a.ndjson --keys jwks.json --alg ES256 --aud a --summary s.json --keep path,request_id";
    let ran = logs.room.run(options);
    assert!(ran.stderr.contains("\n  path \"/admin\": 2 uses\n"), "{ran:?}");
    let text = logs.room.read("s.json");
    assert!(!text.contains(forged.get(..60).unwrap()), "a token is shown");
    let summary: Value = serde_json::from_str(&text).unwrap();
    let kept = &summary["kept"][0];
    assert_eq!((&kept["name"], &kept["texts"], &kept["lacking"]), (&"path".into(), &3.into(), &0.into()));
    let top = |text: &str, rows: u64, refused: u64| serde_json::json!({"text": text, "rows": rows, "refused": refused});
    assert_eq!(kept["top"], serde_json::json!([top("/open", 5, 0), top("/shut", 3, 3), top("/admin", 2, 2)]));
    assert_eq!(kept["accepted_invalid"], serde_json::json!([{"text": "/admin", "rows": 2}]));
    let incident = &summary["incidents"][0]["kept"];
    assert_eq!(*incident, serde_json::json!({"path": "/admin", "request_id": "r-/admin"}));
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let room = Room::with_key();
    room.write("a.ndjson", "{\"token\":\"a.b.c\",\"time\":1,\"path\":\"/\"}\n");
    let audit = |keep: &str| room.run(&format!("audit a.ndjson --keys jwks.json --alg ES256 --keep {keep}"));
    assert_eq!(audit("path").code, 0);
    audit("status").fails_with(&["--keep status", "another column"]);
    audit("token").fails_with(&["--keep token", "another column"]);
    audit("path,path").fails_with(&["--keep path", "twice"]);
    audit("nowhere").fails_with(&["--keep nowhere: no record has it"]);
    audit("a,b,c,d,e,f,g,h,i,j,k,l,m").fails_with(&["12 fields"]);
}
