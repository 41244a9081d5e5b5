//! Wrong passwords: the same answer for all, and locks that survive a restart.

use std::time::Duration;

use crate::kit::{Home, PASSWORD};

const SLOW_LOCK: &str = "[guard]\naccount_free = 2\naccount_first_seconds = 3\naddress_free = 100";

#[test]
fn unknown_disabled_and_wrong_read_the_same() {
    let home = Home::new("");
    for name in ["alice", "bob"] {
        home.add_user(name);
    }
    home.run(&["user", "disable", "bob"], "");
    let service = home.serve();
    let wrong = service.login("alice", "wrong horse");
    assert_eq!(wrong.fault(), (401, "invalid_login".to_owned()));
    for (name, password) in [("bob", PASSWORD), ("carol", PASSWORD), ("not a name", PASSWORD)] {
        let other = service.login(name, password);
        assert_eq!((other.status, &other.body), (wrong.status, &wrong.body), "{name}");
    }
}

#[test]
fn unknown_user_costs_as_much_as_a_wrong_password() {
    let home = Home::new("");
    home.add_user("alice");
    // A hash that takes long beside everything else; made by another cost than the account's,
    // the password is not rehashed while it is wrong.
    let service = home.serve_with(&[
        ("JOTD_PASSWORDS_MEMORY_KIB", "65536"),
        ("JOTD_GUARD_ACCOUNT_FREE", "1000"),
        ("JOTD_GUARD_ADDRESS_FREE", "1000"),
    ]);
    assert_eq!(service.login("alice", PASSWORD).status, 200, "hashed again at today's cost");
    // The time on the processor, which other processes do not lengthen.
    let cost = |name: &str| {
        let before = service.ticks();
        for _ in 0..8 {
            assert_eq!(service.login(name, "wrong horse").status, 401);
        }
        service.ticks() - before
    };
    let (known, unknown) = (cost("alice"), cost("nobody"));
    assert!(known > 10, "the hash is too quick to tell: {known}");
    assert!(unknown > known / 2 && known > unknown / 2, "{known} and {unknown}");
}

#[test]
fn account_is_locked_also_after_a_restart_and_for_names_that_are_none() {
    let home = Home::new(SLOW_LOCK);
    home.add_user("alice");
    let service = home.serve();
    for name in ["alice", "nobody"] {
        for _ in 0..3 {
            assert_eq!(service.login(name, "wrong horse").status, 401, "{name}");
        }
        let locked = service.login(name, PASSWORD);
        assert_eq!(locked.fault(), (429, "too_many_attempts".to_owned()), "{name}");
        let seconds: u32 = locked.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3).contains(&seconds), "{seconds}");
    }
    drop(service);
    let service = home.serve();
    assert_eq!(service.login("alice", PASSWORD).status, 429, "a restart forgives nothing");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(service.login("alice", PASSWORD).status, 200, "and it heals");
    // A right password forgives all: two are free again.
    for _ in 0..3 {
        assert_eq!(service.login("alice", "wrong horse").status, 401);
    }
    assert_eq!(service.login("alice", "wrong horse").status, 429);
}

#[test]
fn many_guesses_at_once_are_many_failures() {
    let home = Home::new(SLOW_LOCK);
    home.add_user("alice");
    let service = home.serve();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let guesses: Vec<_> =
            (0..40).map(|_| scope.spawn(|| service.login("alice", "wrong horse").status)).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    let tried = statuses.iter().filter(|status| **status != 429).count();
    assert_eq!(tried, 3, "{statuses:?}");
}

#[test]
fn address_is_slowed_whatever_names_it_tries() {
    let home = Home::new(
        "[guard]\naddress_free = 4\naddress_first_seconds = 60\n[listen]\nproxies = [\"127.0.0.1\"]",
    );
    home.add_user("alice");
    let service = home.serve();
    let from = |address: &str, name: &str, password: &str| {
        let form = [("username", name), ("password", password)];
        service.post("/login", &[("X-Forwarded-For", address)], &form).status
    };
    for name in ["a", "b", "c", "d", "e"] {
        assert_eq!(from("9.9.9.9", name, "wrong horse"), 401);
    }
    assert_eq!(from("9.9.9.9", "alice", PASSWORD), 429);
    assert_eq!(from("6.6.6.6, 9.9.9.9", "alice", PASSWORD), 429, "what the client wrote does not count");
    assert_eq!(from("8.8.8.8", "alice", PASSWORD), 200);
}

#[test]
fn past_the_queue_nobody_waits() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve_with(&[
        ("JOTD_PASSWORDS_MEMORY_KIB", "131072"),
        ("JOTD_PASSWORDS_PASSES", "4"),
        ("JOTD_PASSWORDS_AT_ONCE", "1"),
        ("JOTD_PASSWORDS_QUEUE", "1"),
        ("JOTD_GUARD_ACCOUNT_FREE", "1000"),
        ("JOTD_GUARD_ADDRESS_FREE", "1000"),
    ]);
    let replies: Vec<_> = std::thread::scope(|scope| {
        let logins: Vec<_> =
            (0..12).map(|_| scope.spawn(|| service.login("nobody", "wrong horse"))).collect();
        logins.into_iter().map(|login| login.join().unwrap()).collect()
    });
    let busy: Vec<_> = replies.iter().filter(|reply| reply.status == 503).collect();
    assert!(busy.len() >= 6, "{replies:?}");
    assert!(replies.iter().filter(|reply| reply.status == 401).count() >= 2, "{replies:?}");
    for reply in busy {
        assert_eq!(reply.fault().1, "temporarily_unavailable");
        assert!(reply.header("retry-after").is_some());
    }
    let metrics = service.get("/metrics").body;
    assert!(metrics.contains("jotd_requests_total{endpoint=\"/login\",status=\"503\"}"), "{metrics}");
    assert!(metrics.contains("jotd_password_hashes 0"), "{metrics}");
}

#[test]
fn all_together_are_slowed_whatever_names_and_addresses_they_have() {
    let home = Home::new(
        "[listen]\nproxies = [\"127.0.0.1\"]\n[guard]\neveryone_free = 4\neveryone_first_seconds = 3\neveryone_heal_seconds = 600",
    );
    home.add_user("alice");
    let service = home.serve();
    let try_as = |number: usize, name: &str, password: &str| {
        let address = format!("192.0.2.{number}");
        let form = [("username", name), ("password", password)];
        service.post("/login", &[("X-Forwarded-For", &address)], &form)
    };
    // Whoever is right costs the others nothing.
    for number in 0..8 {
        assert_eq!(try_as(number, "alice", PASSWORD).status, 200);
    }
    for number in 10..15 {
        assert_eq!(try_as(number, &format!("user{number}"), "wrong horse").status, 401);
    }
    let locked = try_as(20, "alice", PASSWORD);
    assert_eq!(locked.fault(), (429, "too_many_attempts".to_owned()));
    assert_eq!(locked.header("retry-after"), Some("3"));
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(try_as(20, "alice", PASSWORD).status, 200, "and everybody is let in again");
}
