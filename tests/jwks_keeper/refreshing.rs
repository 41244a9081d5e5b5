//! When keys are fetched, and which of them are in force.

use jot::jwks::{Answer, Budget, Change, Keeper, KeeperOptions, Poll, UnknownKid};
use jot::{Alg, Code};

use crate::kit::{URL, assert_failed, at, fetch, filled, jwks, keeper, kids, ok, sleep, status};

#[test]
fn first_fetch_is_due_at_once_and_until_it_ends_there_are_no_keys() {
    let mut keeper = keeper(KeeperOptions::default());
    assert_eq!(keeper.keys(at(0)).err(), Some(Code::KeysNotYet));
    let change = filled(&mut keeper, 0, &[0, 1]);
    assert!(matches!(change, Change::Keys(set) if kids(&set) == ["k0", "k1"]));
    assert_eq!(keeper.keys(at(0)).unwrap().len(), 2);
}

#[test]
fn refresh_comes_ahead_of_the_end_and_within_bounds() {
    for (fields, fresh) in [
        (&[][..], 600),
        (&[("Cache-Control", "max-age=1000")], 1_000),
        (&[("Cache-Control", "max-age=1")], 60),
        (&[("Cache-Control", "max-age=99999999")], 3_600),
        (&[("Cache-Control", "no-store")], 60),
    ] {
        let mut dues = std::collections::BTreeSet::new();
        for seed in 0..64 {
            let mut keeper = Keeper::of_keys(URL, KeeperOptions::default(), seed).unwrap();
            let (ticket, _) = fetch(&mut keeper, 0);
            keeper.answer(ticket, ok(fields, &jwks(&[0])), at(0));
            dues.insert(sleep(&mut keeper, 0));
        }
        let (first, last) = (*dues.first().unwrap(), *dues.last().unwrap());
        assert!(first * 10 >= fresh * 8 && last * 10 <= fresh * 9, "{fields:?}: {first} to {last}");
        assert!(dues.len() > 4, "processes do not ask at the same time");
    }
}

#[test]
fn copy_with_another_seed_fetches_at_other_times_within_the_same_bounds() {
    let mut parent = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut parent, 0);
    parent.answer(ticket, ok(&[("Cache-Control", "max-age=1000")], &jwks(&[0])), at(0));
    let planned = sleep(&mut parent, 0);
    assert_eq!(sleep(&mut parent.clone(), 0), planned, "a copy has its parent's plan");
    let children: std::collections::BTreeSet<i64> = (0..50)
        .map(|seed| {
            let mut child = parent.clone();
            child.reseed(seed);
            sleep(&mut child, 0)
        })
        .collect();
    assert!(children.len() > 20 && children.iter().all(|due| (800..=900).contains(due)), "{children:?}");
    // What was asked for, and the pause after a failure, stay as they are.
    parent.refresh_now(at(10));
    parent.reseed(1);
    let (ticket, _) = fetch(&mut parent, 10);
    parent.answer(ticket, status(500), at(10));
    let retry = sleep(&mut parent, 10);
    parent.reseed(2);
    assert_eq!(sleep(&mut parent, 10), retry);
}

#[test]
fn unchanged_keys_are_asked_for_by_their_tag_and_confirmed() {
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    let fields = [
        ("ETag", "\"a\""),
        ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("Date", "Sun, 06 Nov 1994 08:49:38 GMT"),
    ];
    keeper.answer(ticket, ok(&fields, &jwks(&[0])), at(0));
    let due = sleep(&mut keeper, 0);
    let Poll::Fetch(request) = keeper.poll(at(due)) else { panic!("it is due") };
    assert_eq!(request.etag, Some("\"a\""));
    assert_eq!(request.last_modified, Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    let ticket = request.ticket;
    assert!(matches!(keeper.answer(ticket, status(304), at(due)), Change::Confirmed));
    assert!(sleep(&mut keeper, due) > due);
    assert_eq!(keeper.health().last_success, Some(at(due)));
    assert_eq!(keeper.history()[0].last_seen(), at(due));
}

#[test]
fn date_of_the_second_in_which_an_answer_was_sent_asks_for_no_changes() {
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    let second = "Sun, 06 Nov 1994 08:49:37 GMT";
    keeper.answer(ticket, ok(&[("Last-Modified", second), ("Date", second)], &jwks(&[0])), at(0));
    keeper.refresh_now(at(1));
    let Poll::Fetch(request) = keeper.poll(at(1)) else { panic!("it was asked for") };
    assert_eq!((request.etag, request.last_modified), (None, None));
}

#[test]
fn not_modified_is_no_answer_to_who_did_not_ask_for_changes() {
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    assert_failed(&keeper.answer(ticket, status(304), at(0)), Code::FetchStatus);
    keeper.refresh_now(at(0));
    filled(&mut keeper, 0, &[0]);
    keeper.refresh_now(at(0));
    let (ticket, _) = fetch(&mut keeper, 0);
    assert_failed(&keeper.answer(ticket, status(304), at(0)), Code::FetchStatus);
}

#[test]
fn unknown_kid_asks_for_one_fetch_in_a_cool_down_and_failures_count() {
    let mut keeper = keeper(KeeperOptions::default().cool_down(30));
    let mut budget = Budget::default();
    filled(&mut keeper, 0, &[0]);
    // The cool-down does not count from the start.
    assert_eq!(keeper.unknown_kid(&mut budget, at(1)), UnknownKid::Pending);
    let (ticket, _) = fetch(&mut keeper, 1);
    // While it is under way, others wait for the same answer.
    assert_eq!(keeper.unknown_kid(&mut budget, at(1)), UnknownKid::Pending);
    assert_failed(&keeper.answer(ticket, Answer::Failed, at(2)), Code::FetchFailed);
    let retry = sleep(&mut keeper, 2);
    for second in 2..retry.min(31) {
        assert_eq!(keeper.unknown_kid(&mut budget, at(second)), UnknownKid::Refused, "{second}");
    }
    assert!(keeper.health().refused > 0);
    // The retry on schedule does not start the cool-down anew.
    let (ticket, _) = fetch(&mut keeper, retry);
    keeper.answer(ticket, ok(&[], &jwks(&[0])), at(retry));
    assert_eq!(keeper.unknown_kid(&mut budget, at(30)), UnknownKid::Refused);
    assert_eq!(keeper.unknown_kid(&mut budget, at(31)), UnknownKid::Pending);
    fetch(&mut keeper, 31);
}

#[test]
fn issuers_share_one_budget() {
    let mut budget = Budget::new(1, 60);
    let mut keepers = [keeper(KeeperOptions::default()), keeper(KeeperOptions::default())];
    for keeper in &mut keepers {
        filled(keeper, 0, &[0]);
    }
    assert_eq!(keepers[0].unknown_kid(&mut budget, at(1)), UnknownKid::Pending);
    assert_eq!(keepers[1].unknown_kid(&mut budget, at(1)), UnknownKid::Refused);
    assert_eq!(keepers[1].unknown_kid(&mut budget, at(61)), UnknownKid::Pending);
}

#[test]
fn old_keys_are_served_for_as_long_as_is_allowed() {
    for (stale, last_second) in [(Some(0), 599), (Some(900), 899), (None, 1_000_000)] {
        let mut keeper = keeper(KeeperOptions::default().serve_stale_for(stale));
        filled(&mut keeper, 0, &[0]);
        assert!(keeper.keys(at(last_second)).is_ok(), "{stale:?}");
        if stale.is_some() {
            assert_eq!(keeper.keys(at(last_second + 1)).err(), Some(Code::KeysStale), "{stale:?}");
        }
    }
}

#[test]
fn failing_server_is_left_alone_longer_and_longer() {
    let mut keeper = keeper(KeeperOptions::default());
    let mut now = 0;
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let (ticket, _) = fetch(&mut keeper, now);
        assert_failed(&keeper.answer(ticket, status(500), at(now)), Code::FetchStatus);
        let next = sleep(&mut keeper, now);
        pauses.push(next - now);
        now = next;
    }
    assert!(pauses[0] <= 2 && pauses[4] >= 16 && pauses[11] >= 300 && pauses[11] <= 375, "{pauses:?}");
    // It may ask for more patience, within the same bound.
    let (ticket, _) = fetch(&mut keeper, now);
    let busy = Answer::Response { status: 429, fields: &[("Retry-After", "999999")], body: b"" };
    keeper.answer(ticket, busy, at(now));
    assert!((300..=375).contains(&(sleep(&mut keeper, now) - now)));
    assert_eq!(keeper.health().failures, 13);
}

#[test]
fn answer_replaces_the_keys_only_if_it_has_some_to_use() {
    let mut keeper =
        keeper(KeeperOptions::default().limits(2_000, 2).algorithms([Alg::EdDSA].into_iter().collect()));
    filled(&mut keeper, 0, &[0]);
    let secret = r#"{"keys":[{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#;
    let p256 = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    let long = format!("{}{}", jwks(&[1]), " ".repeat(2_000));
    for (body, code) in [
        ("<html>", Code::KeyTextIsPage),
        (r#"{"keys":[]}"#, Code::KeySetEmpty),
        (secret, Code::KeySetEmpty),
        (p256, Code::KeyNotForAlg),
        (&long, Code::ReplyTooLong),
        (&jwks(&[0, 1, 2]), Code::KeysTooMany),
    ] {
        let now = sleep(&mut keeper, 0);
        let (ticket, _) = fetch(&mut keeper, now);
        assert_failed(&keeper.answer(ticket, ok(&[], body), at(now)), code);
        assert_eq!(kids(keeper.keys(at(now)).unwrap()), ["k0"]);
        assert_eq!(keeper.health().error.map(|error| error.code()), Some(code));
        keeper.refresh_now(at(0));
        let (ticket, _) = fetch(&mut keeper, 0);
        assert!(matches!(keeper.answer(ticket, ok(&[], &jwks(&[0])), at(0)), Change::Confirmed));
    }
}

#[test]
fn removed_key_goes_at_once_or_with_the_second_answer_without_it() {
    let mut at_once = keeper(KeeperOptions::default());
    let mut twice = keeper(KeeperOptions::default().absent_twice());
    for (keeper, after_first) in [(&mut at_once, &["k1"][..]), (&mut twice, &["k1", "k0"])] {
        filled(keeper, 0, &[0, 1]);
        keeper.refresh_now(at(1));
        filled(keeper, 1, &[1]);
        assert_eq!(kids(keeper.keys(at(1)).unwrap()), after_first);
        keeper.refresh_now(at(2));
        filled(keeper, 2, &[1]);
        assert_eq!(kids(keeper.keys(at(2)).unwrap()), ["k1"]);
    }
    // A key that comes back is there again.
    twice.refresh_now(at(3));
    filled(&mut twice, 3, &[1, 0]);
    twice.refresh_now(at(4));
    filled(&mut twice, 4, &[1]);
    assert_eq!(kids(twice.keys(at(4)).unwrap()), ["k1", "k0"]);
}

#[test]
fn late_answer_changes_nothing() {
    let mut keeper = keeper(KeeperOptions::default().timeout(5));
    let (lost, _) = fetch(&mut keeper, 0);
    assert_eq!(sleep(&mut keeper, 5), 6);
    let retry = sleep(&mut keeper, 6);
    assert_eq!(keeper.health().error.map(|error| error.code()), Some(Code::FetchTimeout));
    let (ticket, _) = fetch(&mut keeper, retry);
    assert!(matches!(keeper.answer(lost, ok(&[], &jwks(&[0])), at(retry)), Change::Late));
    assert_eq!(keeper.keys(at(retry)).err(), Some(Code::KeysNotYet));
    assert!(matches!(keeper.answer(ticket, ok(&[], &jwks(&[1])), at(retry)), Change::Keys(_)));
    assert!(matches!(keeper.answer(ticket, ok(&[], &jwks(&[0])), at(retry)), Change::Late));
}

#[test]
fn clock_that_is_set_back_delays_nothing() {
    let mut keeper = keeper(KeeperOptions::default());
    filled(&mut keeper, 100_000, &[0]);
    let due = sleep(&mut keeper, 100_000) - 100_000;
    assert_eq!(sleep(&mut keeper, 0), due);
    let (ticket, _) = fetch(&mut keeper, due);
    assert!(sleep(&mut keeper, -50_000) <= -50_000 + 6);
    keeper.answer(ticket, Answer::Failed, at(-50_000));
    // Nor does a cool-down last longer.
    let mut budget = Budget::default();
    assert_eq!(keeper.unknown_kid(&mut budget, at(-50_000)), UnknownKid::Pending);
    filled(&mut keeper, -50_000, &[0]);
    assert_eq!(keeper.unknown_kid(&mut budget, at(-90_000)), UnknownKid::Refused);
    assert_eq!(keeper.unknown_kid(&mut budget, at(-90_000 + 30)), UnknownKid::Pending);
}

#[test]
fn object_of_pem_by_kid_is_read() {
    let key = jot::SigningKey::generate(Alg::ES256).unwrap().verifying_key().unwrap();
    let pem = key.to_pem().unwrap().replace('\n', "\\n");
    let mut keeper = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut keeper, 0);
    let body = format!(r#"{{"a":"{pem}","b":"-----BEGIN x"}}"#);
    let Change::Keys(set) = keeper.answer(ticket, ok(&[], &body), at(0)) else { panic!("keys") };
    assert_eq!((kids(&set), set.skipped().len()), (vec!["a"], 1));
}

#[test]
fn other_options_apply_from_the_next_answer_on() {
    let mut keeper = keeper(KeeperOptions::default());
    filled(&mut keeper, 0, &[0]);
    assert_eq!(keeper.keys(at(80_000)).map(|keys| keys.len()), Ok(1));
    keeper.set_options(KeeperOptions::default().fresh_for(60, 60, 60).serve_stale_for(Some(100)));
    assert_eq!(keeper.keys(at(80_000)).map(|keys| keys.len()), Err(Code::KeysStale));
    keeper.refresh_now(at(10));
    let (ticket, _) = fetch(&mut keeper, 10);
    keeper.answer(ticket, ok(&[], &jwks(&[0])), at(10));
    assert!((10 + 48..=10 + 54).contains(&sleep(&mut keeper, 10)));
}
