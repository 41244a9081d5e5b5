//! Signals, TLS, health, and a database that fails.

use std::time::Duration;

use crate::kit::{Home, PASSWORD, audit, until};

#[test]
fn service_ends_on_sigterm_and_answers_who_waits() {
    let home = Home::new("");
    let service = home.serve();
    let etag = service.get("/revocations").header("etag").unwrap().to_owned();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let headers = [("If-None-Match", etag.as_str()), ("Prefer", "wait=30")];
            service.send("GET", "/revocations", &headers, "").status
        });
        std::thread::sleep(Duration::from_millis(500));
        service.signal("TERM");
        assert_eq!(waiting.join().unwrap(), 304);
    });
    assert!(service.wait() < Duration::from_secs(9));
}

#[test]
fn audit_trail_is_opened_again_on_sighup() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    std::fs::rename(home.path("audit.ndjson"), home.path("audit.1")).unwrap();
    service.signal("HUP");
    until("the new file is there", || home.path("audit.ndjson").exists());
    service.tokens("alice");
    assert!(audit(&home.path("audit.ndjson")).contains("\"login\""));
    assert!(!audit(&home.path("audit.1")).contains("\"login\""));
}

#[test]
fn health_and_metrics_tell() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    assert_eq!((service.get("/healthz").status, service.get("/readyz").status), (200, 200));
    let (access, _) = service.tokens("alice");
    service.login("alice", "wrong horse");
    service.post("/logout", &[("Authorization", &format!("Bearer {access}"))], &[]);
    let metrics = service.get("/metrics").body;
    for line in [
        "jotd_requests_total{endpoint=\"/login\",status=\"200\"} 1",
        "jotd_requests_total{endpoint=\"/login\",status=\"401\"} 1",
        "jotd_events_total{event=\"session_ended\"} 1",
        "# TYPE jotd_password_hashes gauge",
        "# TYPE jot_verdicts_total counter",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}: {metrics}");
    }
}

#[test]
fn database_that_cannot_be_written_is_503_and_heals() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    // Somebody holds the one lock for longer than the service waits.
    let holder = home.hold_database();
    let refused = service.refresh(&refresh);
    assert_eq!(refused.fault(), (503, "temporarily_unavailable".to_owned()));
    assert!(refused.header("retry-after").is_some());
    assert_eq!(service.get("/readyz").status, 503);
    assert_eq!((service.get("/healthz").status, service.judge(&access)), (200, "accepted"));
    drop(holder);
    assert_eq!(service.refresh(&refresh).status, 200, "nothing was lost");
    assert_eq!(service.login("alice", PASSWORD).status, 200);
}

#[test]
fn certificates_are_served_and_read_again() {
    let home = Home::new("[listen]\ntls_certificate = \"cert.pem\"\ntls_key = \"key.pem\"");
    let (is_done, text) = home.run(&["check"], "");
    assert!(!is_done && text.contains("cert.pem"), "{text}");
    let make = |name: &str| {
        let openssl = std::process::Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ])
            .args(["-subj", &format!("/CN={name}"), "-keyout"])
            .arg(home.path("key.pem"))
            .arg("-out")
            .arg(home.path("cert.pem"))
            .output();
        assert!(openssl.unwrap().status.success());
    };
    make("first.example");
    let service = home.serve();
    let subject = || {
        let mut openssl = std::process::Command::new("openssl");
        openssl.args(["s_client", "-connect", &format!("127.0.0.1:{}", service.port)]);
        let output = openssl.stdin(std::process::Stdio::null()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(subject().contains("first.example"), "{}", subject());
    make("second.example");
    service.signal("HUP");
    until("the new certificate is served", || subject().contains("second.example"));
    std::fs::write(home.path("cert.pem"), "broken").unwrap();
    service.signal("HUP");
    std::thread::sleep(Duration::from_millis(500));
    assert!(subject().contains("second.example"), "the old one stays");
}

#[test]
fn log_names_each_request_and_no_secret() {
    let home = Home::new("[log]\nlevel = \"debug\"\nformat = \"json\"");
    home.add_user("alice");
    let log = home.path("log");
    let mut command = std::process::Command::new("sh");
    let serve = format!("exec \"$@\" 2>{}", log.display());
    command.args(["-c", &serve, "sh", env!("CARGO_BIN_EXE_jotd"), "serve", "--config"]);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    command.arg(home.path("jotd.toml")).env("JOTD_LISTEN_ADDRESS", format!("127.0.0.1:{port}"));
    let service = crate::kit::Service::at(command, port);
    let reply = service.send("GET", "/healthz", &[("X-Request-Id", "from-the-proxy.1")], "");
    assert_eq!(reply.header("x-request-id"), Some("from-the-proxy.1"));
    let made_up = service.send("GET", "/healthz", &[("X-Request-Id", "a b")], "");
    let id = made_up.header("x-request-id").expect("a name for a request without one");
    assert!(id.len() >= 16 && !id.contains(' '), "{id}");
    let (access, refresh) = service.tokens("alice");
    service.get(&format!("/forward/nginx?audience=api&secret={refresh}"));
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let told = |path: &str, id: Option<&str>| {
        lines.iter().any(|line| {
            let span = &line["span"];
            span["path"] == path
                && id.is_none_or(|id| span["id"] == id)
                && line["fields"]["status"].is_number()
        })
    };
    assert!(told("/healthz", Some("from-the-proxy.1")) && told("/login", None), "{text}");
    for secret in [PASSWORD, "correct+horse", &access, &refresh] {
        assert!(!text.contains(secret), "{text}");
    }
}
