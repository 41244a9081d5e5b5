use super::*;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let variables = variables.chain([("JOTD_MASTER_KEY".to_owned(), KEY.to_owned())]);
    let config = Config::from_text(text, variables, Path::new("/etc/jotd"));
    config.map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

#[test]
fn few_settings_are_enough() {
    let config = read("issuer = \"https://login.example\"\ndata = \"db\"\n", &[]).unwrap();
    assert!(matches!(&config.database, Source::Folder(folder) if folder == Path::new("/etc/jotd/db")));
    assert_eq!(config.listen.address.to_string(), "127.0.0.1:8460");
    assert_eq!((config.tokens.access_seconds, config.tokens.algorithm), (600, Alg::ES256));
    assert_eq!(config.passwords.cost, Cost::LEAST);
    assert!(!format!("{config:?}").contains(KEY));
}

#[test]
fn every_fault_has_its_line() {
    let text = "issuer = \"http://login.example\"\ndata = 1\nunknown = 2\n[tokens]\naccess_seconds = 0\n\
                algorithm = \"HS256\"\naces = 1\n[listen]\naddress = \"localhost\"\nbody_seconds = 9\ntls_key = \"k\"\n\
                proxies = [\n  \"10.0.0.0/8\",\n  \"x\",\n]\n[[clients]]\nid = \"a\"\nscopes = [\"a b\"]\n[keys]\nahead_seconds = 90\nsigning_seconds = 80\n";
    let faults = read(text, &[("JOTD_PASSWORDS_PASSES", "1"), ("JOTD_TOKEN_ACCESS", "1")]).unwrap_err();
    assert_eq!(
        faults,
        [
            "line 1: issuer is https://HOST or https://HOST:PORT without anything after it; http only on this machine",
            "line 2: data is a text: write it in quotes",
            "data is missing: the folder of the database; or postgresql, its URL",
            "line 9: address is IP:PORT, such as 127.0.0.1:8460 or [::1]:8460",
            "line 11: tls_certificate and tls_key belong together",
            "line 14: x is no address and no network such as 10.0.0.0/8",
            "line 6: algorithm is ES256, ES384, ES512, EdDSA, RS256 or PS256",
            "line 5: access_seconds is a whole number from 5 to 86400",
            "line 21: keys.signing_seconds is more than keys.ahead_seconds",
            "JOTD_PASSWORDS_PASSES: passes is a whole number from 2 to 8",
            "line 18: \"a b\" is no scope: printable ASCII without space, quote and backslash",
            "line 16: a client has secret_sha256, 64 hexadecimal digits: jotd new-client-secret makes it",
            "line 7: there is no setting tokens.aces",
            "line 3: there is no setting unknown",
            "JOTD_TOKEN_ACCESS: there is no such setting",
        ]
    );
    let broken = read("issuer = \"https://a\"\n\n[tokens\n", &[]).unwrap_err();
    assert!(broken[0].starts_with("line 3: "), "{broken:?}");
}

#[test]
fn environment_stands_before_the_file() {
    let text = "issuer = \"https://a\"\ndata = \"d\"\n[tokens]\naudiences = [\"x\"]\n";
    let config = read(
        text,
        &[
            ("JOTD_ISSUER", "https://b"),
            ("JOTD_TOKENS_AUDIENCES", "api, shop"),
            ("JOTD_LISTEN_ADDRESS", "[::1]:1"),
        ],
    )
    .unwrap();
    assert_eq!((config.issuer.as_str(), config.listen.address.port()), ("https://b", 1));
    assert_eq!(config.tokens.audiences, ["api", "shop"]);
}

#[test]
fn issuers_are_origins() {
    for (issuer, is_good) in [
        ("https://a", true),
        ("https://a:8443", true),
        ("http://127.0.0.1:8460", true),
        ("http://localhost", true),
        ("http://localhost.example", false),
        ("https://a/", false),
        ("https://a/x", false),
        ("https://a?x", false),
        ("https://u@a", false),
        ("https://", false),
        ("a", false),
    ] {
        assert_eq!(read(&format!("issuer = \"{issuer}\"\ndata = \"d\"\n"), &[]).is_ok(), is_good, "{issuer}");
    }
}

#[test]
fn clients_are_known_by_hashes() {
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let text = format!(
        "issuer = \"https://a\"\ndata = \"d\"\n[[clients]]\nid = \"c\"\nsecret_sha256 = \"{hash}\"\naudiences = [\"api\"]\nintrospect = true\n"
    );
    let config = read(&text, &[]).unwrap();
    assert!(config.clients[0].knows("test") && config.clients[0].may_introspect);
    let twice = format!("{text}[[clients]]\nid = \"c\"\nsecret_sha256 = \"{hash}\"\n");
    assert_eq!(read(&twice, &[]).unwrap_err(), ["line 8: there are two clients c"]);
}

#[test]
fn postgresql_of_another_machine_wants_tls() {
    let with = |database: &str| read(&format!("issuer = \"https://a\"\n{database}"), &[]);
    let is_postgresql = |text: &str| matches!(with(text).unwrap().database, Source::Postgresql(_));
    for near in ["host=/run/postgresql", "postgresql://a@localhost/b", "postgresql://127.0.0.1,[::1]/b"] {
        assert!(is_postgresql(&format!("postgresql = \"{near}\"")), "{near}");
    }
    assert!(is_postgresql("postgresql = \"postgresql://a@db.example/b?sslmode=disable\""));
    let wants = "line 2: postgresql on another machine wants postgresql_ca";
    for far in ["a@db.example/b", "localhost,db.example/b", "localhost/b?sslmode=require", "192.0.2.1/b"] {
        let faults = with(&format!("postgresql = \"postgresql://{far}\"")).unwrap_err();
        assert!(faults.len() == 1 && faults[0].starts_with(wants), "{far}: {faults:?}");
    }
    for (text, wanted) in [
        (
            "data = \"d\"\npostgresql = \"host=/a\"",
            "line 3: there is one database: either data or postgresql",
        ),
        ("data = \"d\"\npostgresql_ca = \"c\"", "line 3: postgresql_ca belongs to postgresql"),
        ("postgresql = \"host=\"", "line 2: postgresql is a URL or a list of words"),
        ("postgresql = \"host=/a\"\npostgresql_ca = \"nothing.pem\"", "line 3: /etc/jotd/nothing.pem: "),
    ] {
        let faults = with(text).unwrap_err();
        assert!(faults.len() == 1 && faults[0].starts_with(wanted), "{text}: {faults:?}");
    }
    let debug = format!("{:?}", with("postgresql = \"postgresql://a:hunter2@localhost/b\"").unwrap());
    assert!(!debug.contains("hunter2"), "{debug}");
}
