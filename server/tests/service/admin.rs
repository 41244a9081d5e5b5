//! `/admin/accounts`: for who has the scope, and for nobody else.

use crate::kit::{Home, ISSUER, PASSWORD, Reply, Service, audit, claims};

/// A service with an administrator, and the administrator's token.
fn administered(home: &Home) -> (Service, String) {
    home.add_user("alice");
    let arguments = [
        "user",
        "add",
        "root",
        "--scope",
        "jotd:admin",
        "--scope",
        "read",
        "--audience",
        ISSUER,
        "--audience",
        "api",
    ];
    assert!(home.run(&arguments, &format!("{PASSWORD}\n")).0);
    let service = home.serve();
    let (access, _) = service.tokens("root");
    (service, access)
}

fn ask(service: &Service, token: &str, method: &str, path: &str, body: &str) -> Reply {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    // Nothing is no JSON.
    let count = if body.is_empty() { 1 } else { 2 };
    service.send(method, path, &headers[..count], body)
}

#[test]
fn accounts_are_made_changed_and_shown() {
    let home = Home::new("[tokens]\naudiences = [\"shop\"]");
    let (service, root) = administered(&home);
    let ask = |method: &str, path: &str, body: &str| ask(&service, &root, method, path, body);
    let new = r#"{"username": "Bob", "password": "correct horse", "scope": "read write", "roles": "clerk"}"#;
    let made = ask("POST", "/admin/accounts", new);
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!((made.text("username"), made.text("scope")), ("bob".to_owned(), "read write".to_owned()));
    assert_eq!(made.json()["audience"], serde_json::json!(["shop"]), "what accounts have by default");
    assert!(!made.body.contains("argon2"), "no hash is told");
    assert_eq!(ask("POST", "/admin/accounts", new).fault(), (409, "account_exists".to_owned()));
    let (access, refresh) = service.tokens("bob");
    assert_eq!(claims(&access)["scope"], "read write");
    let shown = ask("GET", "/admin/accounts/bob", "");
    assert_eq!((shown.status, shown.json()), (200, made.json()));
    let all = ask("GET", "/admin/accounts", "").json();
    let names: Vec<&str> =
        all["accounts"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["alice", "bob", "root"]);
    // What a session was granted by what the account was ends with it.
    let less = ask("PATCH", "/admin/accounts/bob", r#"{"scope": "read", "roles": ""}"#);
    assert_eq!(
        (less.status, less.text("scope"), less.text("roles")),
        (200, "read".to_owned(), String::new())
    );
    assert_eq!(service.refresh(&refresh).status, 400);
    assert_eq!(service.get("/forward/nginx?audience=shop").status, 401);
    let (access, _) = service.tokens("bob");
    assert_eq!(claims(&access)["scope"], "read");
    let other = ask("PATCH", "/admin/accounts/bob", r#"{"password": "battery staple"}"#);
    assert_eq!(other.status, 200, "{other:?}");
    assert_eq!(service.login("bob", PASSWORD).status, 401);
    assert_eq!(service.login("bob", "battery staple").status, 200);
    let disabled = ask("PATCH", "/admin/accounts/bob", r#"{"disabled": true}"#);
    assert_eq!(disabled.json()["disabled"], true);
    assert_eq!(service.login("bob", "battery staple").status, 401);
    assert_eq!(ask("PATCH", "/admin/accounts/bob", r#"{"disabled": false}"#).status, 200);
    let (access, refresh) = service.tokens_of("bob", "battery staple");
    let ended = ask("DELETE", "/admin/accounts/bob/sessions", "");
    assert_eq!((ended.status, ended.json()["sessions_ended"].clone()), (200, 1.into()));
    assert_eq!((service.judge_for("shop", &access), service.refresh(&refresh).status), ("sid_revoked", 400));
    let trail = audit(&home.path("audit.ndjson"));
    for event in ["account_added", "account_changed", "sessions_ended"] {
        let by = format!("\"by\":\"{}\"", claims(&root)["sub"].as_str().unwrap());
        assert!(trail.lines().any(|line| line.contains(event) && line.contains(&by)), "{event}: {trail}");
    }
    assert!(!trail.contains("battery") && !trail.contains("argon2"));
}

#[test]
fn cleared_password_lets_nobody_in() {
    let home = Home::new("");
    let (service, root) = administered(&home);
    let ask = |method: &str, body: &str| ask(&service, &root, method, "/admin/accounts/alice", body);
    let (access, refresh) = service.tokens("alice");
    let cleared = ask("PATCH", r#"{"password": null}"#);
    assert_eq!((cleared.status, cleared.json()["has_password"].clone()), (200, false.into()), "{cleared:?}");
    assert_eq!(ask("GET", "").json(), cleared.json());
    assert_eq!((service.judge_for("api", &access), service.refresh(&refresh).status), ("sid_revoked", 400));
    for password in [PASSWORD, "null", ""] {
        assert_ne!(service.login("alice", password).status, 200, "{password:?}");
    }
    let body = r#"{"username": "alice", "password": null}"#;
    let reply = service.send("POST", "/login", &[("Content-Type", "application/json")], body);
    assert_eq!(reply.fault(), (400, "invalid_request".to_owned()));
    // What says nothing of the password leaves it as it is; a new one is one.
    assert_eq!(ask("PATCH", r#"{"roles": "clerk"}"#).json()["has_password"], false);
    assert_eq!(ask("PATCH", r#"{"password": "battery staple"}"#).json()["has_password"], true);
    assert_eq!(service.login("alice", "battery staple").status, 200);
}

#[test]
fn nobody_else_may() {
    let home = Home::new("");
    let (service, root) = administered(&home);
    let (alice, _) = service.tokens("alice");
    let narrowed = |form: &[(&str, &str)]| {
        let form = [&[("username", "root"), ("password", PASSWORD)], form].concat();
        service.post("/login", &[], &form).text("access_token")
    };
    let (no_scope, other_audience) = (narrowed(&[("scope", "read")]), narrowed(&[("audience", "api")]));
    for (method, path) in [
        ("GET", "/admin/accounts"),
        ("POST", "/admin/accounts"),
        ("GET", "/admin/accounts/alice"),
        ("PATCH", "/admin/accounts/alice"),
        ("DELETE", "/admin/accounts/alice/sessions"),
    ] {
        let body = r#"{"username": "mallory", "password": "correct horse", "audience": "api"}"#;
        let refused = |token: &str| ask(&service, token, method, path, body);
        let reply = refused(&no_scope);
        assert_eq!(reply.fault(), (403, "insufficient_scope".to_owned()), "{method} {path}");
        for (token, code) in
            [(&alice, "aud_mismatch"), (&other_audience, "aud_mismatch"), (&"x".to_owned(), "malformed")]
        {
            let reply = refused(token);
            assert_eq!(reply.status, 401, "{method} {path}: {reply:?}");
            assert!(reply.header("www-authenticate").is_some());
            if code == "aud_mismatch" {
                assert_eq!(reply.text("error_description"), code);
            }
        }
        // A cookie is no credential here.
        let cookie = format!("__Host-access={root}");
        let headers = [("Cookie", cookie.as_str()), ("Content-Type", "application/json")];
        assert_eq!(service.send(method, path, &headers, body).status, 401, "{method} {path}");
    }
    assert_eq!(service.login("mallory", PASSWORD).status, 401);
    assert_eq!(service.refresh(&service.tokens("alice").1).status, 200, "no session has ended");
}

#[test]
fn malformed_accounts_are_told() {
    let home = Home::new("");
    let (service, root) = administered(&home);
    for (method, path, body, wanted) in [
        ("POST", "/admin/accounts", r#"{"username": "a b"}"#, (400, "invalid_account")),
        ("POST", "/admin/accounts", r#"{"username": "bob"}"#, (400, "invalid_account")),
        ("POST", "/admin/accounts", "{}", (400, "invalid_request")),
        (
            "POST",
            "/admin/accounts",
            r#"{"username": "bob", "audience": "api", "scope": "a\"b"}"#,
            (400, "invalid_account"),
        ),
        (
            "POST",
            "/admin/accounts",
            r#"{"username": "bob", "audience": "api", "password": "short"}"#,
            (400, "invalid_password"),
        ),
        (
            "POST",
            "/admin/accounts",
            r#"{"username": "bob", "audience": "api", "password_hash": "plain"}"#,
            (400, "invalid_password"),
        ),
        (
            "PATCH",
            "/admin/accounts/alice",
            r#"{"password": "a b c d e f", "password_hash": "x"}"#,
            (400, "invalid_request"),
        ),
        (
            "PATCH",
            "/admin/accounts/alice",
            r#"{"password": null, "password_hash": "$2b$04$abcdefghijklmnopqrstuuPZBVbOQGvVnlJZzGlmXPJB0GYV6dVkS"}"#,
            (400, "invalid_request"),
        ),
        ("PATCH", "/admin/accounts/alice", r#"{"scope": null}"#, (400, "invalid_request")),
        ("PATCH", "/admin/accounts/alice", r#"{"disabled": "perhaps"}"#, (400, "invalid_request")),
        ("PATCH", "/admin/accounts/nobody", r#"{"disabled": true}"#, (404, "no_account")),
        ("GET", "/admin/accounts/no%20name", "", (404, "no_account")),
        ("DELETE", "/admin/accounts/nobody/sessions", "", (404, "no_account")),
    ] {
        let reply = ask(&service, &root, method, path, body);
        assert_eq!(reply.fault(), (wanted.0, wanted.1.to_owned()), "{method} {path} {body}");
    }
    assert_eq!(service.login("alice", PASSWORD).status, 200, "nothing was changed");
    let taken = r#"{"username": "bob", "audience": "api", "password_hash": "$2b$04$abcdefghijklmnopqrstuuPZBVbOQGvVnlJZzGlmXPJB0GYV6dVkS"}"#;
    assert_eq!(ask(&service, &root, "POST", "/admin/accounts", taken).status, 201);
}
