//! Wrong requests: each has its status and error, and none ends the service.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::kit::{Home, PASSWORD};

/// Path, content type, body; status and error.
type Row<'r> = (&'r str, (&'r str, &'r str), &'r str, u16, &'r str);

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn every_malformed_request_has_its_answer() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let deep = "[".repeat(10_000);
    let table: &[Row<'_>] = &[
        ("/login", FORM, "", 400, "invalid_request"),
        ("/login", FORM, "username=alice", 400, "invalid_request"),
        ("/login", FORM, "username=alice&password=", 400, "invalid_request"),
        ("/login", FORM, "username=alice&password=a&password=b", 400, "invalid_request"),
        ("/login", FORM, "username=%ff%00&password=%00", 401, "invalid_login"),
        ("/login", JSON, "", 400, "invalid_request"),
        ("/login", JSON, "[]", 400, "invalid_request"),
        (
            "/login",
            JSON,
            "{\"username\":\"alice\",\"username\":\"bob\",\"password\":\"x\"}",
            400,
            "invalid_request",
        ),
        ("/login", JSON, "{\"username\":\"alice\",\"password\":1}", 400, "invalid_request"),
        ("/login", JSON, "{\"username\":\"alice\",\"password\":null}", 400, "invalid_request"),
        (
            "/login",
            JSON,
            "{\"username\":\"alice\",\"password\":\"x\",\"audience\":[1]}",
            400,
            "invalid_request",
        ),
        ("/login", JSON, &deep, 400, "invalid_request"),
        ("/login", ("Content-Type", "text/plain"), "username=alice", 400, "invalid_request"),
        ("/token", FORM, "", 400, "invalid_request"),
        ("/token", FORM, "grant_type=password&username=alice", 400, "unsupported_grant_type"),
        ("/token", FORM, "grant_type=refresh_token", 400, "invalid_request"),
        ("/token", FORM, "grant_type=refresh_token&refresh_token=x", 400, "invalid_grant"),
        ("/token", FORM, "grant_type=refresh_token&refresh_token=x&client_id=other", 401, "invalid_client"),
        ("/token", FORM, "grant_type=client_credentials", 401, "invalid_client"),
        ("/logout", FORM, "", 401, "invalid_request"),
        ("/logout", FORM, "refresh_token=x", 400, "invalid_grant"),
        ("/password", FORM, "password=a&new_password=b", 401, "invalid_request"),
        ("/revoke", FORM, "", 400, "invalid_request"),
        ("/introspect", FORM, "token=x", 401, "invalid_client"),
    ];
    for (path, content_type, body, status, error) in table {
        let reply = service.send("POST", path, &[*content_type], body);
        assert_eq!(reply.fault(), (*status, (*error).to_owned()), "{path} {body:.80}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    let json = format!("{{\"username\":\"alice\",\"password\":\"{PASSWORD}\",\"audience\":[\"api\"]}}");
    assert_eq!(service.send("POST", "/login", &[JSON], &json).status, 200, "and JSON is read");
    for (method, path, status) in
        [("GET", "/logout", 405), ("POST", "/jwks.json", 405), ("GET", "/x", 404), ("GET", "/../etc", 404)]
    {
        assert_eq!(service.send(method, path, &[], "").status, status, "{method} {path}");
    }
    for token in ["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic YQ==", "bearer \u{e9}"] {
        assert_eq!(service.send("POST", "/logout", &[("Authorization", token)], "").status, 401, "{token}");
    }
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn bodies_and_headers_are_bounded() {
    let home = Home::new("");
    let service = home.serve();
    let large = format!("username=alice&password={}", "x".repeat(70_000));
    assert_eq!(service.send("POST", "/login", &[FORM], &large).status, 413);
    let long = "x".repeat(200_000);
    assert_eq!(service.send("GET", "/healthz", &[("X-Long", &long)], "").status, 431);
    let many: Vec<(String, String)> =
        (0..100).map(|number| (format!("X-{number}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(service.send("GET", "/healthz", &many, "").status, 431);
    let long_password = format!("username=alice&password={}", "x".repeat(10_000));
    assert_eq!(service.send("POST", "/login", &[FORM], &long_password).status, 401);
}

#[test]
fn slow_clients_are_cut() {
    let home = Home::new("[listen]\nheader_seconds = 1\nbody_seconds = 1");
    let service = home.serve();
    let since = Instant::now();
    let mut stream = service.open("GET /healthz HTTP/1.1\r\nHost: x\r\n");
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    assert!(since.elapsed() < Duration::from_secs(20), "slow headers are cut");
    let mut stream = service.open(
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nuser",
    );
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408", "slow bodies are told");
    // Garbage is no request.
    let mut stream = service.open("\0\0\0\0 garbage\r\n\r\n");
    let _ = stream.write_all(b"x");
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    assert!(text.is_empty() || text.starts_with(b"HTTP/1.1 400"), "{text:?}");
    assert_eq!(service.get("/healthz").body, "ok\n");
}

#[test]
fn connections_are_bounded() {
    let home = Home::new("[listen]\nconnections = 2\nheader_seconds = 2");
    let service = home.serve();
    let idle: Vec<_> = (0..2).map(|_| service.open("GET /healthz HTTP/1.1\r\n")).collect();
    let since = Instant::now();
    // It waits until one of the idle ones is cut.
    assert_eq!(service.get("/healthz").status, 200);
    assert!(since.elapsed() > Duration::from_millis(500), "{:?}", since.elapsed());
    drop(idle);
}
