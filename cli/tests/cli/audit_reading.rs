//! Logs as servers, proxies and collectors write them: each is judged rightly, or
//! refused by name.

use crate::audit_logs::{FIRST, Logs, Use};
use crate::support::objects;

/// `2026-03-01T12:30:45Z` for the second 45.
fn rfc3339(used: &Use) -> String {
    format!("2026-03-01T12:30:{}Z", clock(used))
}

/// `01/Mar/2026:12:30:45`
fn common(used: &Use) -> String {
    format!("01/Mar/2026:12:30:{}", clock(used))
}

fn clock(used: &Use) -> i64 {
    used.second.saturating_sub(FIRST).saturating_add(45)
}

/// nginx's `combined`, with what is to follow.
fn combined(used: &Use, behind: &str) -> String {
    format!(
        r#"{} - - [{} +0000] "GET /a HTTP/1.1" {} 17 "-" "curl \x22q\x22"{behind}"#,
        used.address,
        common(used),
        used.status
    )
}

#[test]
fn access_logs_in_text_are_recognized() {
    let logs = Logs::new();
    let auth = |used: &Use| format!(r#" "Bearer {}""#, used.token);
    let combined_auth = logs.lines(|used| combined(used, &auth(used)));
    logs.judges("nginx-combined.log", &combined_auth, "");
    logs.judges("nginx-named.log", &combined_auth, "--log-format nginx-auth");
    let more = logs.lines(|used| combined(used, &format!("{} 0.012 \"10.0.0.1:80\"", auth(used))));
    logs.judges("nginx-rt.log", &more, "");
    logs.judges("nginx-rt-named.log", &more, "--log-format nginx-auth");
    let between = logs.lines(|used| combined(used, &format!(" \"203.0.113.9\"{}", auth(used))));
    logs.judges("nginx-main.log", &between, "");
    for (name, front) in [
        ("syslog-3164.log", "<190>Mar  1 12:30:45 host nginx: "),
        ("syslog-5424.log", "<190>1 2026-03-01T12:30:45.003Z host nginx 1234 - - "),
        ("cri.log", "2026-03-01T12:30:45.123456789Z stdout F "),
    ] {
        logs.judges(name, logs.lines(|used| format!("{front}{}", combined(used, &auth(used)))), "");
    }
    let apache = logs.lines(|used| combined(used, &auth(used)).replace(r"\x22", "\\\""));
    logs.judges("apache.log", &apache, "");
    logs.room.write("apache-own.log", &apache);
    let format = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{Authorization}i""#;
    let rules = ["--keys", "jwks.json", "--alg", "ES256", "--aud", "a", "--out", "rows.ndjson", "--force"];
    let own = [&["audit", "apache-own.log", "--log-format", format][..], &rules].concat();
    logs.room.run_with(&own).ok();
    logs.assert_judged("Apache's own format string", 1);
    let envoy = logs.lines(|used| {
        format!(
            r#"[{}] "POST /v1 HTTP/2" {} - 154 0 226 100 "{}" "nsq2http" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "locations" "tcp://10.0.2.1:80" "Bearer {}""#,
            rfc3339(used), used.status, used.address, used.token
        )
    });
    logs.judges("envoy.log", &envoy, "");
    logs.judges("envoy-named.log", &envoy, "--log-format envoy-auth");
    let haproxy = logs.lines(|used| {
        format!(
            "Mar  1 12:30:45 lb haproxy[14389]: {}:33317 [{}.655] http-in static/srv1 10/0/30/69/109 {} 2750 - - ---- 1/1/1/1/0 0/0 {{api.example|Bearer {}}} \"GET /a HTTP/1.1\"",
            used.address, common(used), used.status, used.token
        )
    });
    logs.judges("haproxy.log", &haproxy, "--time-zone UTC");
    let ran = logs.audit("haproxy.log");
    ran.fails_with(&["--time-zone", "01/Mar/2026:12:30:45.655"]);
}

#[test]
fn tokens_in_requests_are_found() {
    let logs = Logs::new();
    let query = |used: &Use| format!("/a?x=1&access_token={}&y=2", used.token);
    let alb = logs.lines(|used| {
        format!(
            r#"https {} app/lb/50 {}:2817 10.0.0.1:80 0.086 0.048 0.037 {} 200 0 57 "GET https://www.example.com:443{} HTTP/1.1" "curl/7" ECDHE TLSv1.2"#,
            rfc3339(used), used.address, used.status, query(used)
        )
    });
    logs.judges("alb.log", &alb, "");
    let head = "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-query sc-status cs(Cookie)\n";
    let w3c = |delimiter: &str, cookie: bool| {
        let lines = logs.lines(|used| {
            let (query, cookie) = if cookie {
                ("-".to_owned(), format!("sid=1;t={}", used.token))
            } else {
                (format!("x=1&t={}", used.token), "-".to_owned())
            };
            let time = format!("12:30:{}", clock(used));
            ["2026-03-01", &time, used.address, "GET", &query, &used.status.to_string(), &cookie]
                .join(delimiter)
        });
        format!("{head}{lines}")
    };
    logs.judges("cloudfront.log", w3c("\t", false), "");
    logs.judges("iis.log", w3c(" ", true), "");
    for (field, name) in [("cookie", "cookie.ndjson"), ("uri", "query.ndjson")] {
        let lines = logs.lines(|used| {
            let text =
                if field == "uri" { query(used) } else { format!("sid=1; access_token={}; o=2", used.token) };
            format!(
                r#"{{"time":{},"status":{},"address":"{}","{field}":"{text}"}}"#,
                used.second, used.status, used.address
            )
        });
        logs.judges(name, lines, &format!("--token {field}"));
    }
}

#[test]
fn servers_that_write_json_are_read_without_options() {
    let logs = Logs::new();
    type Line = fn(&Use) -> String;
    let lines: [(&str, Line); 9] = [
        ("traefik.json", |used| {
            format!(
                r#"{{"ClientAddr":"{}:6","ClientHost":"{}","DownstreamStatus":{},"StartUTC":"{}","time":"2026-03-02T00:00:00Z","request_Authorization":"Bearer {}"}}"#,
                used.address,
                used.address,
                used.status,
                rfc3339(used),
                used.token
            )
        }),
        ("caddy.json", |used| {
            format!(
                r#"{{"ts":{}.5,"request":{{"client_ip":"{}","headers":{{"Authorization":["Bearer {}"]}}}},"status":{}}}"#,
                used.second, used.address, used.token, used.status
            )
        }),
        ("apigw.json", |used| {
            format!(
                r#"{{"ip":"{}","requestTime":"{} +0000","requestTimeEpoch":"{}005","status":"{}","authorization":"Bearer {}"}}"#,
                used.address,
                common(used),
                used.second,
                used.status,
                used.token
            )
        }),
        ("kong.json", |used| {
            format!(
                r#"{{"started_at":{}005,"client_ip":"{}","response":{{"status":{}}},"request":{{"headers":{{"authorization":"Bearer {}"}}}}}}"#,
                used.second, used.address, used.status, used.token
            )
        }),
        ("ecs.json", |used| {
            format!(
                r#"{{"@timestamp":"{}","source":{{"ip":"{}"}},"http":{{"request":{{"headers":{{"authorization":"Bearer {}"}}}},"response":{{"status_code":{}}}}}}}"#,
                rfc3339(used),
                used.address,
                used.token,
                used.status
            )
        }),
        ("hits.json", |used| {
            format!(
                r#"{{"_index":"i","_source":{{"@timestamp":"{}","source.ip":"{}","http.request.headers.authorization":"Bearer {}","http.response.status_code":{}}}}}"#,
                rfc3339(used),
                used.address,
                used.token,
                used.status
            )
        }),
        ("envoy.json", |used| {
            format!(
                r#"{{"start_time":"{}","authorization":"Bearer {}","response_code":{},"downstream_remote_address":"{}:50000"}}"#,
                rfc3339(used),
                used.token,
                used.status,
                used.address
            )
        }),
        // nginx with escape=default.
        ("escaped.json", |used| {
            format!(
                r#"{{"time_iso8601":"{}","remote_addr":"{}","status":"{}","http_user_agent":"curl (\x22q\x22 \x5C \xC3\xA9)","http_authorization":"Bearer {}"}}"#,
                rfc3339(used),
                used.address,
                used.status,
                used.token
            )
        }),
        ("mongo.json", |used| {
            format!(
                r#"{{"time":{{"$date":"{}"}},"address":"{}","status":{}.0,"token":"{}"}}"#,
                rfc3339(used),
                used.address,
                used.status,
                used.token
            )
        }),
    ];
    for (name, line) in lines {
        logs.judges(name, logs.lines(line), "");
    }
}

/// Fields that the first records do not have are found in those that have them.
#[test]
fn fields_are_found_in_each_record() {
    let logs = Logs::new();
    let mut begun = false;
    let lines: String = logs
        .ndjson()
        .lines()
        .map(|line| {
            let line = if begun { line.to_owned() } else { line.replace("\"status\":200,", "") };
            begun = true;
            line + "\n"
        })
        .collect();
    logs.room.write("first.ndjson", format!("{{\"time\":{FIRST},\"msg\":\"started\"}}\n{lines}"));
    logs.audit("first.ndjson --max-unread 50").ok();
    let rows = logs.rows();
    let column = |name: &str| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(
        column("name"),
        ["token_null", "accepted", "expired", "signature_invalid", "aud_mismatch", "token_segments"]
    );
    let none = serde_json::Value::Null;
    assert_eq!(column("status"), [none.clone(), none, 401.into(), 200.into(), 403.into(), 401.into()]);
    // A record in six has no token.
    let ran = logs.audit("first.ndjson");
    assert_eq!((ran.code, ran.stderr.contains("16.7 %")), (1, true), "{ran:?}");
}

#[test]
fn what_says_nothing_is_refused_with_what_was_seen() {
    let logs = Logs::new();
    let ndjson = logs.ndjson();
    let token = &logs.uses[0].token;
    for (what, log, options, words) in [
        ("prose", "an error happened at noon\n".repeat(9), "", &["no known format", "an error happened"][..]),
        ("no-token", ndjson.replace("authorization", "secret"), "", &["--token", "secret"]),
        ("wrong-name", ndjson.clone(), "--token jwt", &["--token jwt: no record has it"]),
        ("wrong-time", ndjson.clone(), "--time when", &["--time when: no record has it"]),
        ("wrong-status", ndjson.clone(), "--status code", &["--status code: no record has it"]),
        ("wrong-address", ndjson.clone(), "--address ip", &["--address ip: no record has it"]),
        (
            "no-time",
            ndjson.replace("\"time\"", "\"when\""),
            "",
            &["no time of use", "--time", "--now", "when"],
        ),
        (
            "bad-time",
            ndjson.replace("\"time\":", "\"time\":\"at noon\",\"x\":"),
            "",
            &["cannot be read: at noon"],
        ),
        (
            "no-status",
            ndjson.replace("\"status\"", "\"code\""),
            "--fail-on accepted-invalid",
            &["accepted-invalid: no record has a status", "--status"],
        ),
        ("csv", format!("when,who\n1,{token}\n"), "--format csv", &["--token", "when,who"]),
        (
            "column",
            format!("time,token\n1,{token}\n"),
            "--token jwt --format csv",
            &["no column jwt", "time token"],
        ),
        ("tokens", format!("{token}\n"), "", &["--now"]),
        ("not-parquet", ndjson.clone(), "--format parquet", &["not-parquet.log"]),
        ("binary", "\u{1}\u{2}\u{3}\n".repeat(9), "", &["no known format"]),
    ] {
        let name = format!("{what}.log");
        logs.room.write(&name, log);
        let _ = std::fs::remove_file(logs.room.path("rows.ndjson"));
        let ran = logs.audit(&format!("{name} {options}"));
        assert!(!ran.stderr.contains(token.get(..40).unwrap()), "{what} shows a token: {ran:?}");
        ran.fails_with(words);
        assert!(!logs.room.path("rows.ndjson").exists(), "{what}");
    }
}

#[test]
fn several_tokens_of_a_record_are_rows_of_their_own() {
    let logs = Logs::new();
    let [first, second] = [0, 2].map(|at: usize| logs.uses[at].token.clone());
    let line = |text: &str| format!("{{\"time\":{FIRST},\"status\":200,\"authorization\":{text}}}\n");
    let log = [
        line(&format!("\"Bearer {first}, Bearer {second}\"")),
        line(&format!("[\"Bearer {first}\",\"Bearer {second}\"]")),
        line(&format!("\"{first}\",\"authorization\":\"{second}\"")),
        line(&format!("\"{first}\"")),
    ];
    logs.room.write("two.ndjson", log.concat());
    logs.audit("two.ndjson").ok();
    let rows = logs.rows();
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            (row["line"].as_u64().unwrap(), row["token_index"].as_u64(), row["name"].as_str().unwrap())
        })
        .collect();
    let expected =
        (1..=3).flat_map(|line| [(line, Some(1), "accepted"), (line, Some(2), "signature_invalid")]);
    assert_eq!(found, expected.chain([(4, None, "accepted")]).collect::<Vec<_>>());
    logs.audit("two.ndjson --find-token first").ok();
    assert_eq!(logs.rows().len(), 4);
}

/// Nothing that is no JWT counts as accepted although it was not valid.
#[test]
fn what_is_no_jwt_is_a_class_of_its_own() {
    let logs = Logs::new();
    let token = &logs.uses[0].token;
    let texts = [
        (format!("DPoP {token}"), Some("jwt"), "accepted"),
        (format!("JWT {token}"), Some("jwt"), "accepted"),
        (format!("Token {token}"), Some("jwt"), "accepted"),
        ("Basic dXNlcjpw".to_owned(), Some("other_scheme"), ""),
        ("ApiKey 123".to_owned(), Some("other_scheme"), ""),
        ("Bearer 5f4dcc3b5aa765d61d8327deb882cf99".to_owned(), Some("opaque"), ""),
        ("REDACTED".to_owned(), Some("redacted"), ""),
        ("Bearer eyJhbGci***".to_owned(), Some("redacted"), ""),
        ("null".to_owned(), None, "token_null"),
        (token.get(..60).unwrap().to_owned(), Some("jwt"), "token_segments"),
    ];
    let log: String = texts
        .iter()
        .map(|(text, ..)| format!("{{\"time\":{FIRST},\"status\":200,\"authorization\":\"{text}\"}}\n"))
        .collect();
    logs.room.write("schemes.ndjson", log);
    let ran = logs.audit("schemes.ndjson --fail-on accepted-invalid --max-unread 50");
    assert!(ran.stderr.contains("found: accepted-invalid: 1"), "{ran:?}");
    for (row, (text, kind, name)) in objects(&logs.room.read("rows.ndjson")).iter().zip(&texts) {
        assert_eq!(row["kind"].as_str(), *kind, "{text}");
        assert!(name.is_empty() || row["name"] == *name, "{row}");
    }
}

#[test]
fn addresses_and_statuses_have_one_spelling() {
    let logs = Logs::new();
    let token = &logs.uses[0].token;
    let line = |status: &str, address: &str| {
        format!("{{\"time\":{FIRST},\"status\":{status},\"address\":\"{address}\",\"token\":\"{token}\"}}\n")
    };
    let log = [
        line("200.0", "192.0.2.7:443"),
        line("\"200 OK\"", "::ffff:192.0.2.7"),
        line("200", "192.0.2.7, 10.0.0.1"),
        line("999", "192.0.2.7"),
        line("true", "192.0.2.7"),
    ];
    logs.room.write("odd.ndjson", log.concat());
    logs.audit("odd.ndjson --summary summary.json").ok();
    let rows = logs.rows();
    assert!(rows.iter().all(|row| row["address"] == "192.0.2.7" && row["name"] == "accepted"), "{rows:?}");
    let statuses: Vec<_> = rows.iter().map(|row| row["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(200), Some(200), Some(200), None, None]);
    let summary: serde_json::Value = serde_json::from_str(&logs.room.read("summary.json")).unwrap();
    assert_eq!(summary["records"]["flaws"].as_object().unwrap().len(), 2, "{summary}");
    logs.audit("odd.ndjson --hop -1").ok();
    assert_eq!(logs.rows()[2]["address"], "10.0.0.1");
}
