use proptest::prelude::*;

use super::*;

/// Small enough for tests without optimization.
const SMALL: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

/// The hashes that other libraries made of "correct horse": argon2-cffi and bcrypt for
/// Python, and Python's hashlib in the forms of scrypt's PHC strings, Django and Werkzeug.
const OTHERS: [&str; 11] = [
    "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI",
    "$argon2i$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$Z/f5HXchJUreVezozHfqmhnWE1tO5F47olNKb8N1VHE",
    "$argon2d$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$lwOz6wWnJJGvwewjZaRSglnEU7t7d9JLaYkWoG1IrKs",
    "$argon2id$v=16$m=256,t=1,p=4$c2FsdHNhbHRzYWx0c2FsdA$XtVcL6my1BS6sJ+18ZmLxA",
    "$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$A9lBa6RTbfBovWqamVIqXKovIl4Vk6OZyVojLJmYmSI",
    "$2b$04$OA0O33TySEiXI/HR1kKD4.fb3EdjN9HXSHWlcd5GfFkALKYFfWUXi",
    "$2a$04$Fr/5KJ8MKyhr36lprKE3Mu2AQDEDXL6Vv9rXsi4BmOYikDsO8KA3y",
    "pbkdf2_sha256$1000$saltsalt$qQDPSZa3Ormyy9oK1Pu0ZLLwP2Svzmx3yu8OvDdq/J0=",
    "pbkdf2:sha256:1000$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464b2f03f64afce6c77caef0ebc376afc9d",
    "pbkdf2:sha512:1000$saltsalt$fac5120fc8f0e1ff27b3b9bd6fb923f0f7892def252573bc026d3d04b80eefd9124fd0ff2236b968a20d185e5783b864297c35f9f361073cc93f77885dc597c3",
    "scrypt:1024:8:1$saltsalt$646792c2ba294af1202d0535a6396d20d2ab46f9840529e885da985d47b9119f255fcdfd85ef17967bb51e6eaf060f14d1d8a4e461dfcd7bb56b1d9aa486025d",
];

#[test]
fn hashes_of_other_libraries_are_taken_in_and_hashed_again() {
    for text in OTHERS {
        let stored = StoredHash::from_text(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert!(stored.matches("correct horse", &mut Memory::new(SMALL)), "{text}");
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            assert!(!stored.matches(wrong, &mut Memory::new(SMALL)), "{text}: {wrong}");
        }
        assert!(stored.is_outdated(SMALL), "{text}");
        assert!(!text.contains(&format!("{stored:?}x")), "the hash is in no debug output");
    }
    // `2y` is PHP's name for what `2b` is.
    let php = OTHERS[5].replacen("$2b$", "$2y$", 1);
    assert!(StoredHash::from_text(&php).unwrap().matches("correct horse", &mut Memory::new(SMALL)));
}

#[test]
fn own_hash_is_read_back_and_is_of_today() {
    let text = hash("correct horse", SMALL, [7; 16], &mut Memory::new(SMALL)).unwrap();
    assert!(text.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{text}");
    let stored = StoredHash::from_text(&text).unwrap();
    assert!(
        stored.matches("correct horse", &mut Memory::new(SMALL))
            && !stored.matches("correct horsf", &mut Memory::new(SMALL))
    );
    assert!(!stored.is_outdated(SMALL));
    for other in [Cost { memory_kib: 65, ..SMALL }, Cost { passes: 2, ..SMALL }, Cost { lanes: 2, ..SMALL }] {
        assert!(stored.is_outdated(other));
    }
    assert_ne!(hash("correct horse", SMALL, [8; 16], &mut Memory::new(SMALL)).unwrap(), text);
}

#[test]
fn costly_hashes_are_refused_before_any_work() {
    for text in [
        "$argon2id$v=19$m=262145,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$XtVcL6my1BS6sJ+18ZmLxA",
        "$argon2id$v=19$m=262144,t=9,p=1$c2FsdHNhbHRzYWx0c2FsdA$XtVcL6my1BS6sJ+18ZmLxA",
        "$argon2id$v=19$m=262144,t=1,p=17$c2FsdHNhbHRzYWx0c2FsdA$XtVcL6my1BS6sJ+18ZmLxA",
        "$argon2id$v=19$m=99999999999,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$XtVcL6my1BS6sJ+18ZmLxA",
        "$scrypt$ln=19,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$A9lBa6RTbfBovWqamVIqXKovIl4Vk6OZyVojLJmYmSI",
        "$scrypt$ln=63,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$A9lBa6RTbfBovWqamVIqXKovIl4Vk6OZyVojLJmYmSI",
        "scrypt:32768:8:99$saltsalt$646792c2ba294af1202d0535a6396d20",
        "$2b$16$OA0O33TySEiXI/HR1kKD4.fb3EdjN9HXSHWlcd5GfFkALKYFfWUXi",
        "pbkdf2_sha256$5000001$saltsalt$qQDPSZa3Ormyy9oK1Pu0ZLLwP2Svzmx3yu8OvDdq/J0=",
        "pbkdf2:sha256:99999999999$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464",
    ] {
        assert_eq!(StoredHash::from_text(text), Err(HashFault::TooCostly), "{text}");
    }
}

#[test]
fn malformed_hashes_and_plain_passwords_are_refused() {
    for (text, fault) in [
        ("", HashFault::Unknown),
        ("correct horse", HashFault::Unknown),
        ("$1$abc$def", HashFault::Unknown),
        ("$2x$04$OA0O33TySEiXI/HR1kKD4.fb3EdjN9HXSHWlcd5GfFkALKYFfWUXi", HashFault::Unknown),
        ("$argon2x$v=19$m=64,t=2,p=1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Unknown),
        ("$argon2id$v=20$m=64,t=2,p=1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Malformed),
        ("$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Malformed),
        ("$argon2id$v=19$m=7,t=1,p=1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Malformed),
        ("$argon2id$v=19$t=2,m=64,p=1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Malformed),
        ("$argon2id$v=19$m=64,t=2,p=+1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Malformed),
        ("$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHQ$XtVcL6my1BS6sJ+18ZmLxA$", HashFault::Malformed),
        ("$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHQ$AAAA", HashFault::Malformed),
        ("$argon2id$v=19$m=64,t=2,p=1$c2Fs$XtVcL6my1BS6sJ+18ZmLxA", HashFault::Malformed),
        ("$2b$4$OA0O33TySEiXI/HR1kKD4.fb3EdjN9HXSHWlcd5GfFkALKYFfWUXi", HashFault::Malformed),
        ("$2b$04$OA0O33TySEiXI", HashFault::Malformed),
        ("pbkdf2_sha256$0$saltsalt$qQDPSZa3Ormyy9oK1Pu0ZLLwP2Svzmx3yu8OvDdq/J0=", HashFault::Malformed),
        ("pbkdf2_sha256$1000$saltsalt$", HashFault::Malformed),
        ("pbkdf2:sha1:1000$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464", HashFault::Unknown),
        ("pbkdf2:sha256$saltsalt$a900cf4996b73ab9b2cbda0ad4fbb464", HashFault::Malformed),
        ("scrypt:1000:8:1$saltsalt$646792c2ba294af1202d0535a6396d20", HashFault::Malformed),
        ("scrypt:1024:8:1$saltsalt$xx6792c2ba294af1202d0535a6396d20", HashFault::Malformed),
    ] {
        assert_eq!(StoredHash::from_text(text), Err(fault), "{text}");
    }
    assert_eq!(StoredHash::from_text(&"$2b$".repeat(300)), Err(HashFault::Malformed));
}

#[test]
fn long_passwords_match_nothing_and_are_not_hashed() {
    let long = "a".repeat(MAX_PASSWORD_BYTES + 1);
    let stored =
        StoredHash::from_text(&hash(&long, SMALL, [7; 16], &mut Memory::new(SMALL)).unwrap()).unwrap();
    assert!(!stored.matches(&long, &mut Memory::new(SMALL)));
}

#[test]
fn new_passwords_have_bounds() {
    assert_eq!(check_new("1234567", "alice"), Err(PasswordFault::TooShort));
    assert_eq!(check_new("ääääääää", "alice"), Ok(()));
    assert_eq!(check_new(&"a".repeat(1025), "alice"), Err(PasswordFault::TooLong));
    assert_eq!(check_new(&"a".repeat(1024), "alice"), Ok(()));
    assert_eq!(check_new("Alice.Miller", "alice.miller"), Err(PasswordFault::IsName));
}

proptest! {
    /// Changed hashes are refused or read, without a panic, and never cost more than the caps.
    #[test]
    fn changed_hashes_are_read_or_refused(which in 0..OTHERS.len(), at in 0_usize..100, with in "[\\$:,=0-9a-z]{0,3}") {
        let mut text = OTHERS[which].to_owned();
        let at = at.min(text.len());
        text.replace_range(at..(at + with.len()).min(text.len()), &with);
        let _ = StoredHash::from_text(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,80}") {
        prop_assert!(StoredHash::from_text(&text).is_err());
    }
}
