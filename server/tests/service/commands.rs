//! Accounts and settings by command.

use crate::kit::{Home, PASSWORD, SECRET_HASH, audit};

#[test]
fn accounts_are_added_once_and_listed() {
    let home = Home::new("");
    home.add_user("Alice");
    let (is_done, text) = home.run(&["user", "add", "alice", "--audience", "api"], "another password\n");
    assert!(!is_done && text.contains("there is an account alice already"), "{text}");
    for (name, password, wanted) in [
        ("a b", PASSWORD, "is no name"),
        ("bob", "short", "fewer than 8 characters"),
        ("bob.the.builder", "Bob.The.Builder", "the name of the account"),
        ("bob", PASSWORD, "no audience"),
    ] {
        let (is_done, text) = home.run(&["user", "add", name], &format!("{password}\n"));
        assert!(!is_done && text.contains(wanted), "{name}: {text}");
    }
    let (_, text) = home.run(&["user", "list"], "");
    assert!(text.starts_with("alice\tenabled\t") && text.lines().count() == 1, "{text}");
    assert!(text.ends_with("roles=\tscopes=read,write\taudiences=api\n"), "{text}");
    for command in [["user", "disable", "nobody"], ["user", "enable", "nobody"], ["user", "passwd", "nobody"]]
    {
        let (is_done, text) = home.run(&command, "battery staple\n");
        assert!(!is_done && text.contains("there is no account nobody"), "{text}");
    }
}

#[test]
fn hashes_of_other_programs_are_taken_in_and_renewed() {
    let home = Home::new("");
    let hashes = [
        ("django", "pbkdf2_sha256$1000$saltsalt$qQDPSZa3Ormyy9oK1Pu0ZLLwP2Svzmx3yu8OvDdq/J0="),
        ("php", "$2y$04$OA0O33TySEiXI/HR1kKD4.fb3EdjN9HXSHWlcd5GfFkALKYFfWUXi"),
        (
            "flask",
            "scrypt:1024:8:1$saltsalt$646792c2ba294af1202d0535a6396d20d2ab46f9840529e885da985d47b9119f255fcdfd85ef17967bb51e6eaf060f14d1d8a4e461dfcd7bb56b1d9aa486025d",
        ),
    ];
    for (name, hash) in hashes {
        let (is_done, text) =
            home.run(&["user", "add", name, "--hash", "--audience", "api"], &format!("{hash}\n"));
        assert!(is_done, "{text}");
    }
    for (hash, wanted) in [
        ("plain", "no known scheme"),
        ("$2b$31$OA0O33TySEiXI/HR1kKD4.fb3EdjN9HXSHWlcd5GfFkALKYFfWUXi", "costs more"),
    ] {
        let (is_done, text) = home.run(&["user", "add", "x", "--hash", "--audience", "api"], hash);
        assert!(!is_done && text.contains(wanted), "{text}");
    }
    let service = home.serve();
    for (name, _) in hashes {
        assert_eq!(service.login(name, "wrong horse").status, 401, "{name}");
        assert_eq!(service.login(name, PASSWORD).status, 200, "{name}");
        assert_eq!(service.login(name, PASSWORD).status, 200, "{name}, with the new hash");
    }
    drop(service);
    let renewed = "account WHERE password LIKE '$argon2id$v=19$m=8,t=1,p=1$%'";
    let renewed = home.database.count(&home.path(""), renewed);
    assert_eq!(renewed, 3);
}

#[test]
fn faults_of_the_settings_are_told_with_their_lines() {
    let home = Home::new("[tokens]\nacces_seconds = 5");
    for command in [&["serve"][..], &["check"], &["user", "list"]] {
        let (is_done, text) = home.run(command, "");
        assert!(
            !is_done && text.contains("jotd.toml: line 10: there is no setting tokens.acces_seconds"),
            "{text}"
        );
    }
    assert_eq!(Home::new("").run(&["check"], ""), (true, String::new()));
}

#[test]
fn secrets_are_made() {
    let home = Home::new("");
    let (_, key) = home.run(&["new-master-key"], "");
    assert_eq!(key.trim().len(), 43);
    let (_, text) = home.run(&["new-client-secret"], "");
    let secret = text.lines().next().unwrap().strip_prefix("client_secret = ").unwrap().to_owned();
    let hash = text.lines().nth(1).unwrap().strip_prefix("secret_sha256 = ").unwrap();
    assert_eq!(SECRET_HASH.len() + 2, hash.len());
    let more = format!("[[clients]]\nid = \"c\"\nsecret_sha256 = {hash}\naudiences = [\"api\"]");
    let service = Home::new(&more);
    let service = service.serve();
    let form = [("grant_type", "client_credentials"), ("client_id", "c"), ("client_secret", &secret)];
    assert_eq!(service.post("/token", &[], &form).status, 200);
}

#[test]
fn backup_of_a_running_service_is_a_service() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    let copy = home.path("copy.db");
    let (is_done, text) = home.run(&["backup", copy.to_str().unwrap()], "");
    if !home.database.is_sqlite() {
        assert!(!is_done && text.contains("pg_dump"), "{text}");
        return;
    }
    assert!(is_done, "{text}");
    assert!(!home.run(&["backup", copy.to_str().unwrap()], "").0, "nothing is written over");
    assert_eq!(service.refresh(&refresh).status, 200);
    let other = Home::new("");
    std::fs::create_dir(other.path("db")).unwrap();
    std::fs::copy(&copy, other.path("db/jotd.db")).unwrap();
    let other = other.serve();
    assert_eq!(other.judge(&access), "accepted");
    assert_eq!(other.refresh(&refresh).status, 200, "as it was when the copy was made");
}

#[test]
fn audit_trail_tells_everything_but_secrets() {
    let home = Home::new("[tokens]\ngrace_seconds = 0");
    home.add_user("alice");
    let service = home.serve();
    service.login("alice", "wrong horse");
    let (access, refresh) = service.tokens("alice");
    let renewed = service.refresh(&refresh).text("refresh_token");
    service.refresh(&refresh);
    let (other, _) = service.tokens("alice");
    service.post("/logout", &[("Authorization", &format!("Bearer {other}"))], &[]);
    home.run(&["user", "disable", "alice"], "");
    let text = audit(&home.path("audit.ndjson"));
    let events: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "account_added",
            "key_announced",
            "login_refused",
            "login",
            "refresh",
            "session_ended",
            "login",
            "session_ended",
            "account_disabled"
        ]
    );
    assert_eq!((&events[2]["reason"], &events[5]["reason"]), (&"wrong".into(), &"reuse".into()));
    assert_eq!(
        (&events[3]["jti"], &events[3]["account"]),
        (&crate::kit::claims(&access)["jti"], &"alice".into())
    );
    for secret in [PASSWORD, "wrong horse", &access, &refresh, &renewed] {
        assert!(!text.contains(secret) && !text.contains(&secret[secret.len() / 2..]), "{secret}");
    }
}
