//! PostgreSQL that goes away and comes back.

use crate::database::{Cluster, Database};
use crate::kit::{Home, PASSWORD, until};

/// Runs where the other tests run over PostgreSQL.
#[test]
fn database_that_is_gone_is_503_and_heals() {
    if Database::new().is_sqlite() {
        return;
    }
    let cluster = Cluster::new();
    let home = Home::over(Database::of(cluster.clone()), "");
    home.add_user("alice");
    let (one, two) = (home.serve(), home.serve());
    let (access, refresh) = one.tokens("alice");
    cluster.stop();
    for service in [&one, &two] {
        let refused = service.refresh(&refresh);
        assert_eq!(refused.fault(), (503, "temporarily_unavailable".to_owned()));
        assert!(refused.header("retry-after").is_some());
        assert_eq!(service.login("alice", PASSWORD).status, 503);
        assert_eq!(service.get("/readyz").status, 503);
        assert_eq!(service.get("/healthz").status, 200);
        assert_eq!(service.judge(&access), "accepted", "keys and list are in memory");
    }
    let (is_done, text) = home.run(&["user", "list"], "");
    assert!(!is_done && text.contains("the database: error connecting to server"), "{text}");
    cluster.start();
    for service in [&one, &two] {
        until("it is ready again", || service.get("/readyz").status == 200);
        assert_eq!(service.refresh(&refresh).status, 200, "nothing was lost");
        assert_eq!(service.login("alice", PASSWORD).status, 200);
    }
    assert_eq!(one.post("/logout", &[], &[("refresh_token", &refresh)]).status, 204);
    until("the other has it on its list", || two.judge(&access) == "sid_revoked");
}

#[test]
fn tls_is_for_whom_the_authority_signed() {
    if Database::new().is_sqlite() {
        return;
    }
    let authorities = tempfile::TempDir::new().unwrap();
    let authority = |name: &str| authorities.path().join(name);
    let make = |name: &str, more: &[&str]| {
        let mut openssl = std::process::Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]);
        openssl.args(["-days", "2", "-subj", &format!("/CN={name}"), "-keyout"]);
        openssl.arg(authority(&format!("{name}.key"))).arg("-out").arg(authority(name)).args(more);
        let output = openssl.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    make("good", &[]);
    make("other", &[]);
    let (signed_by, its_key) = (authority("good"), authority("good.key"));
    let signer = ["-CA", signed_by.to_str().unwrap(), "-CAkey", its_key.to_str().unwrap()];
    let leaf = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE"];
    make("server", &[signer, leaf].concat());
    let cluster = Cluster::new();
    let port = cluster.restart_with_tls(&authority("server"), &authority("server.key"));
    let plain = Home::over(Database::of(cluster.clone()), "");
    let settings = std::fs::read_to_string(plain.path("jotd.toml")).unwrap();
    let checked = |host: &str, ca: &str| {
        let words = format!("postgresql = \"host={host} port={port} user=postgres dbname=postgres\"");
        let tls = format!("{words}\npostgresql_ca = \"{}\"", authority(ca).display());
        let text = settings.lines().map(|line| if line.starts_with("postgresql") { &tls } else { line });
        std::fs::write(plain.path("jotd.toml"), text.collect::<Vec<_>>().join("\n")).unwrap();
        plain.run(&["check"], "")
    };
    assert_eq!(checked("localhost", "good"), (true, String::new()));
    for (host, ca, wanted) in
        [("localhost", "other", "UnknownIssuer"), ("127.0.0.1", "good", "not valid for name")]
    {
        let (is_done, text) = checked(host, ca);
        assert!(!is_done && text.contains(wanted), "{host}, {ca}: {text}");
    }
}
