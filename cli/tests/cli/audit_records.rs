//! Records that are not one to a line, and lines within the records of collectors.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::audit_logs::{FIRST, Logs, Use};

fn object(used: &Use) -> String {
    format!(
        r#"{{"time":{},"status":{},"address":"{}","authorization":"Bearer {}"}}"#,
        used.second, used.status, used.address, used.token
    )
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[test]
fn json_is_read_however_it_is_laid_out() {
    let logs = Logs::new();
    let objects: Vec<_> = logs.uses.iter().map(object).collect();
    let indented: Vec<_> = objects
        .iter()
        .map(|object| {
            serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(object).unwrap()).unwrap()
        })
        .collect();
    for (name, log) in [
        ("array.json", format!("[{}]", objects.join(", "))),
        ("array-lines.json", format!("[\n{}\n]\n", objects.join(",\n"))),
        ("indented.json", indented.join("\n")),
        ("indented-array.json", format!("[\n  {}\n]", indented.join(",\n  "))),
        ("end-to-end.json", objects.concat()),
        ("cloudtrail.json", format!(r#"{{"Records":[{}]}}"#, objects.join(","))),
        (
            "search.json",
            format!(r#"{{"took":5,"hits":{{"total":{{"value":5}},"hits":[{}]}}}}"#, objects.join(",")),
        ),
        ("array.log", format!("[{}]", objects.join(", "))),
    ] {
        logs.judges(name, log, "");
    }
    logs.room.write("cut.json", format!("[{},{{\"time\":", objects.join(",")));
    let ran = logs.audit("cut.json");
    assert_eq!((ran.code, ran.stderr.contains("ends within a record")), (2, true), "{ran:?}");
    logs.assert_judged("what is before the cut", 1);
}

#[test]
fn lines_are_taken_out_of_the_records_of_collectors() {
    let logs = Logs::new();
    let combined = |used: &Use| {
        let second = used.second - FIRST + 45;
        format!(
            r#"{} - - [01/Mar/2026:12:30:{second} +0000] "GET /a HTTP/1.1" {} 17 "-" "curl" "Bearer {}""#,
            used.address, used.status, used.token
        )
    };
    let docker = |line: &str| {
        format!(
            r#"{{"log":{},"stream":"stdout","time":"2026-03-02T00:00:00.5Z"}}"#,
            quoted(&format!("{line}\n"))
        )
    };
    logs.judges("docker.log", logs.lines(|used| docker(&object(used))), "");
    logs.judges("docker-text.log", logs.lines(|used| docker(&combined(used))), "");
    logs.judges(
        "journal.json",
        logs.lines(|used| format!(r#"{{"__REALTIME_TIMESTAMP":"1","MESSAGE":{}}}"#, quoted(&object(used)))),
        "",
    );
    logs.judges(
        "loki.ndjson",
        logs.lines(|used| {
            format!(
                r#"{{"labels":{{"a":"b"}},"line":{},"timestamp":"2026-03-02T00:00:00Z"}}"#,
                quoted(&object(used))
            )
        }),
        "",
    );
    logs.judges(
        "own.ndjson",
        logs.lines(|used| format!(r#"{{"a":{{"payload":{}}}}}"#, quoted(&object(used)))),
        "--unwrap a.payload",
    );
    logs.judges(
        "cri.log",
        logs.lines(|used| format!("2026-03-01T12:30:45.1Z stdout F {}", object(used))),
        "",
    );
    logs.judges(
        "syslog.log",
        logs.lines(|used| format!("<190>Mar  1 12:30:45 host app[7]: {}", object(used))),
        "",
    );
    let events =
        logs.lines(|used| format!(r#"{{"id":"1","timestamp":1,"message":{}}},"#, quoted(&object(used))));
    let events = events.trim_end().trim_end_matches(',').to_owned();
    logs.judges("cloudwatch.json", format!(r#"{{"logGroup":"g","logEvents":[{events}]}}"#), "");
    // The collector's time counts where the line has none.
    let timeless = logs.lines(|used| {
        let line = object(used).replace("\"time\"", "\"when\"");
        docker(&line)
            .replace("2026-03-02T00:00:00.5Z", &format!("2026-03-01T12:30:{}Z", used.second - FIRST + 45))
    });
    logs.judges("docker-time.log", timeless, "");
}

#[test]
fn csv_is_read_with_any_delimiter_and_line_breaks() {
    let logs = Logs::new();
    for (name, delimiter, options) in [
        ("semicolon.csv", ";", ""),
        ("pipe.log", "|", ""),
        ("tab.log", "\t", ""),
        ("odd.csv", "#", "--delimiter #"),
    ] {
        let mut log = ["time", "ip", "agent", "status", "token"].join(delimiter) + "\n";
        for used in &logs.uses {
            let agent = format!("\"a {delimiter} \"\"b\"\"\nc\"");
            let fields = [
                &used.second.to_string(),
                used.address,
                &agent,
                &used.status.to_string(),
                &format!("Bearer {}", used.token),
            ];
            writeln!(log, "{}", fields.join(delimiter)).unwrap();
        }
        logs.judges(name, log, options);
    }
    let splunk = logs.lines(|used| {
        format!(
            r#""2026-03-01T12:30:{}.000+0000","{}","{}","Bearer {}""#,
            used.second - FIRST + 45,
            used.address,
            used.status,
            used.token
        )
    });
    logs.judges(
        "splunk.csv",
        format!("\"_time\",\"client_ip\",\"status\",\"Authorization\"\r\n{splunk}"),
        "",
    );
}

/// A quote that a client smuggled in hides no line but its own.
#[test]
fn open_quote_hides_no_other_line() {
    let logs = Logs::new();
    let mut log = "time,ip,agent,status,token\n".to_owned();
    for used in &logs.uses {
        writeln!(log, "{},{},x,{},{}", used.second, used.address, used.status, used.token).unwrap();
    }
    let hostile = format!("{FIRST},1.1.1.1,\"x,200,t\n");
    let end = log.find('\n').unwrap() + 1;
    log.insert_str(end, &hostile);
    logs.room.write("hostile.csv", log);
    let ran = logs.audit("hostile.csv");
    assert_eq!((ran.code, ran.stderr.contains("1 are unreadable")), (1, true), "{ran:?}");
    logs.assert_judged("the others", 1);
}

/// Structs, maps and lists, with pages of every compression that is read.
#[test]
fn parquet_is_read_with_nested_columns_and_every_compression() {
    let logs = Logs::new();
    let uses = &logs.uses;
    let texts =
        |text: fn(&Use) -> String| Arc::new(StringArray::from_iter_values(uses.iter().map(text))) as ArrayRef;
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(uses.iter().map(|used| used.second)));
    let statuses: ArrayRef =
        Arc::new(Int64Array::from_iter_values(uses.iter().map(|used| i64::from(used.status))));
    let request: ArrayRef = Arc::new(StructArray::from(vec![
        (Arc::new(Field::new("at", DataType::Int64, true)), Arc::clone(&times)),
        (Arc::new(Field::new("ip", DataType::Utf8, true)), texts(|used| used.address.to_owned())),
    ]));
    let mut headers = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    let mut tokens = ListBuilder::new(StringBuilder::new());
    for used in uses {
        for (name, value) in [("host", "example"), ("authorization", &*format!("Bearer {}", used.token))] {
            headers.keys().append_value(name);
            headers.values().append_value(value);
        }
        headers.append(true).unwrap();
        tokens.values().append_value(format!("Bearer {}", used.token));
        tokens.append(true);
    }
    let batch = RecordBatch::try_from_iter([
        ("request", request),
        ("status", statuses),
        ("headers", Arc::new(headers.finish()) as ArrayRef),
        ("tokens", Arc::new(tokens.finish()) as ArrayRef),
        ("plain", texts(|used| used.token.clone())),
    ])
    .unwrap();
    for (name, compression) in [
        ("none", Compression::UNCOMPRESSED),
        ("snappy", Compression::SNAPPY),
        ("gzip", Compression::GZIP(GzipLevel::default())),
        ("brotli", Compression::BROTLI(BrotliLevel::default())),
        ("lz4", Compression::LZ4),
        ("lz4-raw", Compression::LZ4_RAW),
        ("zstd", Compression::ZSTD(ZstdLevel::default())),
    ] {
        let mut bytes = Vec::new();
        let properties = WriterProperties::builder().set_compression(compression).build();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        for token in ["plain", "headers.authorization", "/headers/authorization", "tokens"] {
            let options = format!("--token {token} --time request.at --address request.ip");
            logs.judges(&format!("{name}.parquet"), &bytes, &options);
        }
    }
    let ran = logs.audit("zstd.parquet --token request --time request.at");
    ran.fails_with(&["zstd.parquet", "a struct; name a field"]);
}

/// The one compression that is not read is named, and what else there is, is judged.
#[test]
fn parquet_with_lzo_is_refused_by_name() {
    let logs = Logs::new();
    let token: ArrayRef = Arc::new(StringArray::from_iter_values([&logs.uses[0].token]));
    let time: ArrayRef = Arc::new(Int64Array::from_iter_values([FIRST]));
    let batch = RecordBatch::try_from_iter([("token", token), ("time", time)]).unwrap();
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    // Nobody writes LZO any more: in the metadata, the number behind the column's name
    // becomes that of LZO (3 instead of 1; in Thrift's zigzag, twice that).
    let name = bytes.windows(8).rposition(|window| window == b"\x05token\x15\x02").unwrap();
    bytes[name + 7] = 6;
    std::fs::create_dir(logs.room.path("logs")).unwrap();
    logs.room.write("logs/a.parquet", bytes);
    logs.room.write("logs/b.ndjson", logs.ndjson());
    let ran = logs.audit("logs");
    let words = "logs/a.parquet: pages compressed with LZO are not read";
    assert_eq!((ran.code, ran.stderr.contains(words)), (2, true), "{ran:?}");
    logs.assert_judged("the others", 1);
}
