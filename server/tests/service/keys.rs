//! Signing keys: published before they sign, and as long as their tokens live.

use jot::{Alg, Policy, Scratch, UnixSeconds, Verifier};

use crate::kit::{Home, ISSUER, header, until};

#[test]
fn key_is_published_before_it_signs_and_the_old_one_stays() {
    let home = Home::new("[keys]\nahead_seconds = 3");
    home.add_user("alice");
    let service = home.serve();
    let (old, _) = service.tokens("alice");
    let first = service.keys();
    assert_eq!(first.len(), 1);
    // Two at once: one of them announces.
    let outcomes: Vec<(bool, String)> = std::thread::scope(|scope| {
        let rotations: Vec<_> = (0..4).map(|_| scope.spawn(|| home.run(&["keys", "rotate"], ""))).collect();
        rotations.into_iter().map(|rotation| rotation.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|(is_done, _)| *is_done).count(), 1, "{outcomes:?}");
    until("both keys are published", || service.keys().len() == 2);
    let both = service.keys();
    let (before, _) = service.tokens("alice");
    assert_eq!(header(&before)["kid"], header(&old)["kid"], "the new one does not sign yet");
    let mut after = before;
    until("the new key signs", || {
        after = service.tokens("alice").0;
        header(&after)["kid"] != header(&old)["kid"]
    });
    // Who fetched the keys before it signed knows it.
    let verifier =
        Verifier::builder(Policy::access_token("api", [Alg::ES256])).issuer(ISSUER, both).build().unwrap();
    let mut scratch = Scratch::new();
    assert!(verifier.verify(&after, UnixSeconds::now(), &mut scratch).is_ok());
    assert_eq!((service.judge(&old), service.judge(&after)), ("accepted", "accepted"));
    let (_, listed) = home.run(&["keys", "list"], "");
    let states: Vec<&str> = listed.lines().map(|line| line.split('\t').nth(1).unwrap()).collect();
    assert_eq!(states, ["retired", "signing"]);
}

#[test]
fn keys_and_sessions_survive_kill_and_restart() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    let (ended, ended_refresh) = service.tokens("alice");
    assert_eq!(service.post("/logout", &[], &[("refresh_token", &ended_refresh)]).status, 204);
    let renewed = service.refresh(&refresh).text("refresh_token");
    // A kill: nothing that was acknowledged may be gone.
    drop(service);
    let service = home.serve();
    assert_eq!((service.judge(&access), service.judge(&ended)), ("accepted", "sid_revoked"));
    assert_eq!(service.refresh(&refresh).text("refresh_token"), renewed, "the same successor");
    let again = service.refresh(&renewed);
    assert_eq!(header(&again.text("access_token"))["kid"], header(&access)["kid"]);
}

#[test]
fn instances_on_one_database_are_one_service() {
    let home = Home::new("");
    home.add_user("alice");
    let (one, two) = (home.serve(), home.serve());
    let (access, refresh) = one.tokens("alice");
    assert_eq!(two.judge(&access), "accepted", "one has made the key, and not both");
    let renewed = two.refresh(&refresh);
    assert_eq!(renewed.status, 200);
    assert_eq!(one.refresh(&refresh).text("refresh_token"), renewed.text("refresh_token"));
    assert_eq!(one.post("/logout", &[], &[("refresh_token", &refresh)]).status, 204);
    until("the other has it on its list", || two.judge(&access) == "sid_revoked");
}

#[test]
fn keys_at_rest_are_sealed() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let (_, refresh) = service.tokens("alice");
    drop(service);
    let bytes = home.database.bytes(&home.path(""));
    let contains = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(contains(b"alice"), "this is the database");
    assert!(!contains(b"\"d\":") && !contains(b"PRIVATE KEY"));
    assert!(!contains(refresh.as_bytes()));
    let other = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let mut command = home.command(&["serve"]);
    let output =
        command.env("JOTD_MASTER_KEY", other).env("JOTD_LISTEN_ADDRESS", "127.0.0.1:0").output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && text.contains("sealed under another master key"), "{text}");
}
