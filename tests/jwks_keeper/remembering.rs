//! Keys of the past, and keys that were saved.

use jot::Code;
use jot::jwks::{Change, Keeper, KeeperOptions, Poll};

use crate::kit::{POINTS, START, at, fetch, filled, jwks, keeper, kids, ok};

#[test]
fn history_tells_which_keys_were_there_when() {
    let mut keeper = keeper(KeeperOptions::default().history(1));
    for (now, keys) in [(0, &[0, 1][..]), (100, &[1, 2]), (200, &[2])] {
        keeper.refresh_now(at(now));
        filled(&mut keeper, now, keys);
    }
    let seen: Vec<_> = keeper
        .history()
        .iter()
        .map(|seen| (seen.key().kid().unwrap(), seen.first_seen().0 - START, seen.last_seen().0 - START))
        .collect();
    // Of those that are gone only the last one is remembered.
    assert_eq!(seen, [("k1", 0, 100), ("k2", 100, 200)]);
    let snapshots: Vec<_> =
        keeper.snapshots().iter().map(|(at, set)| (at.0 - START, kids(set).join(" "))).collect();
    assert_eq!(snapshots, [(0, "k1".to_owned()), (100, "k1 k2".to_owned()), (101, "k2".to_owned())]);
}

#[test]
fn history_forgets_first_what_was_gone_first() {
    let mut keeper = keeper(KeeperOptions::default().history(1));
    for (now, keys) in [(0, &[0, 1][..]), (50, &[0]), (100, &[2])] {
        keeper.refresh_now(at(now));
        filled(&mut keeper, now, keys);
    }
    let seen: Vec<_> = keeper.history().iter().map(|seen| seen.key().kid().unwrap()).collect();
    assert_eq!(seen, ["k0", "k2"]);
}

#[test]
fn saved_keys_go_on_and_nothing_else_is_taken_for_them() {
    let mut first = keeper(KeeperOptions::default());
    let (ticket, _) = fetch(&mut first, 0);
    first.answer(ticket, ok(&[("ETag", "\"\\u0000a\"")], &jwks(&[0, 1])), at(0));
    first.refresh_now(at(50));
    filled(&mut first, 50, &[1]);
    let text = first.save();
    let mut next = keeper(KeeperOptions::default());
    assert!(matches!(next.restore(&text), Ok(Change::Keys(set)) if kids(&set) == ["k1"]));
    assert_eq!(next.save(), text);
    // The first fetch is due at once; meanwhile, and for as long as before, the keys hold.
    fetch(&mut next, 60);
    assert!(next.keys(at(50 + 86_399)).is_ok());
    assert_eq!(next.keys(at(50 + 86_400)).err(), Some(Code::KeysStale));
    assert_eq!(next.history().len(), 2);
    for bad in [
        "",
        "{}",
        &text.replace("\"version\":1", "\"version\":2"),
        &text.replace("https://issuer.example/jwks", "https://other.example/jwks"),
        &text.replace("\"last_success\"", "\"x\""),
        &text.replace(POINTS[1], "AAAA"),
        &text.replace("{\"jwk\"", "{\"until\":\"x\",\"jwk\""),
    ] {
        let mut other = keeper(KeeperOptions::default());
        assert_eq!(
            other.restore(bad).map_err(|error| error.code()).err(),
            Some(Code::SavedKeysInvalid),
            "{bad}"
        );
        assert_eq!(other.keys(at(0)).err(), Some(Code::KeysNotYet));
    }
    // A clock that is behind the one of the saved state gives no more time than it had.
    let mut behind = keeper(KeeperOptions::default());
    behind.restore(&text).unwrap();
    sleep_or_fetch(&mut behind, -1_000);
    assert_eq!(behind.keys(at(-1_000 + 86_400)).err(), Some(Code::KeysStale));
}

fn sleep_or_fetch(keeper: &mut Keeper, now: i64) {
    let _ = matches!(keeper.poll(at(now)), Poll::Fetch(_));
}
