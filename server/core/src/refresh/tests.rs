use proptest::prelude::*;

use super::*;
use crate::dice::Dice;

const LIVES: Lifetimes = Lifetimes { absolute_seconds: 1000, idle_seconds: 300, grace_seconds: 10 };

struct World {
    master: MasterKey,
    dice: Dice,
    family: Family,
}

impl World {
    fn new() -> (Self, RefreshToken) {
        let mut dice = Dice(7);
        let master = MasterKey::generate(&mut dice);
        let (family, token) = Family::begin([3; SESSION_BYTES], UnixSeconds(0), &mut dice);
        (Self { master, dice, family }, token)
    }

    fn present(&mut self, token: &RefreshToken, now: i64) -> Presented {
        self.family.present(token, &LIVES, UnixSeconds(now), &self.master, &mut self.dice)
    }

    fn rotate(&mut self, token: &RefreshToken, now: i64) -> RefreshToken {
        match self.present(token, now) {
            Presented::Rotated { family, successor } => {
                self.family = family;
                successor
            }
            other => panic!("not rotated: {other:?}"),
        }
    }
}

#[test]
fn text_is_read_back_and_nothing_else_is() {
    let (world, token) = World::new();
    let text = token.to_text(&world.master);
    assert_eq!(text.len(), 91);
    assert_eq!(RefreshToken::from_text(&text, &world.master).as_ref(), Some(&token));
    assert_eq!(format!("{token:?}"), "RefreshToken { generation: 0, .. }");
    for place in 0..text.len() {
        let mut other = text.clone().into_bytes();
        other[place] = if other[place] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert!(RefreshToken::from_text(&other, &world.master).is_none(), "{place}");
    }
    for other in ["", "A", &text[..90], &format!("{text}A"), &text.repeat(2)] {
        assert!(RefreshToken::from_text(other, &world.master).is_none(), "{other}");
    }
    let stranger = MasterKey::generate(&mut Dice(8));
    assert!(RefreshToken::from_text(&text, &stranger).is_none());
}

#[test]
fn lost_answer_is_given_again_within_the_grace() {
    let (mut world, first) = World::new();
    let second = world.rotate(&first, 5);
    assert_eq!(world.present(&first, 14), Presented::Repeated { successor: second.clone() });
    assert_eq!(world.present(&first, 15), Presented::Reused);
    // A clock that was set back is no theft.
    assert_eq!(world.present(&first, 1), Presented::Repeated { successor: second });
}

#[test]
fn late_retry_beside_a_quick_winner_harms_nobody() {
    let (mut world, first) = World::new();
    let second = world.rotate(&first, 5);
    let third = world.rotate(&second, 6);
    assert_eq!(world.present(&first, 7), Presented::Superseded);
    world.rotate(&third, 20);
    assert_eq!(world.present(&first, 21), Presented::Reused);
}

#[test]
fn lives_end_idle_and_absolute() {
    let (mut world, mut token) = World::new();
    assert_eq!(world.family.expires_at(&LIVES), UnixSeconds(300));
    assert_eq!(world.present(&token, 300), Presented::Expired);
    for now in [299, 598, 897] {
        token = world.rotate(&token, now);
    }
    assert_eq!(world.family.expires_at(&LIVES), UnixSeconds(1000));
    assert_eq!(world.present(&token, 1000), Presented::Expired);
    world.rotate(&token, 999);
}

#[test]
fn database_that_was_set_back_trusts_no_token_of_its_future() {
    let (mut world, first) = World::new();
    let copy = world.family.clone();
    let second = world.rotate(&first, 5);
    world.family = copy;
    assert_eq!(world.present(&second, 6), Presented::Reused);
    let other = world.rotate(&first, 7);
    assert_ne!(other, second, "another number was drawn");
    assert_eq!(world.present(&second, 8), Presented::Reused);
}

#[test]
fn what_is_kept_is_no_token() {
    let (mut world, first) = World::new();
    let second = world.rotate(&first, 5);
    let kept = [world.family.newest.as_slice(), &world.family.nonce].concat();
    for token in [&first, &second] {
        assert!(!kept.windows(8).any(|part| token.secret.windows(8).any(|secret| secret == part)));
    }
    assert_ne!(world.family.newest, *second.secret);
}

proptest! {
    /// Any number of holders present any tokens at any time. However they do, each
    /// generation has one token, and who presents the newest is never refused.
    #[test]
    fn one_successor_for_each(steps in prop::collection::vec((0_usize..6, 0_i64..12), 1..120)) {
        let (mut world, first) = World::new();
        let (mut tokens, mut now) = (vec![first], 0_i64);
        for (back, pause) in steps {
            now += pause;
            let at = tokens.len().saturating_sub(back + 1);
            let token = tokens[at].clone();
            let expired = now >= world.family.expires_at(&LIVES).0;
            match world.present(&token, now) {
                Presented::Rotated { family, successor } => {
                    prop_assert_eq!(at, tokens.len() - 1, "only the newest makes a new one");
                    world.family = family;
                    tokens.push(successor);
                }
                Presented::Repeated { successor } => {
                    prop_assert_eq!(at + 2, tokens.len());
                    prop_assert_eq!(Some(&successor), tokens.last(), "the same successor");
                }
                Presented::Superseded => prop_assert!(at + 2 < tokens.len()),
                Presented::Expired => prop_assert!(expired),
                Presented::Reused => {
                    prop_assert!(at + 1 < tokens.len(), "the newest is never a theft");
                    prop_assert!(now >= world.family.replaced.get(tokens.len() - 2 - at).copied().unwrap_or(i64::MIN)
                        .saturating_add(10), "within the grace nobody is a thief");
                }
            }
        }
    }
}
