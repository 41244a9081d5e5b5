//! The laws of a keeper of a list, over made-up histories of time, failures, revocations,
//! and servers that serve old lists.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jot::jwks::{Answer, Poll, Ticket};
use jot::lists::{ListChange, ListKeeper, ListOptions};
use jot::{Alg, Code, Policy, Revocations, UnixSeconds};

use super::kit::{START, URL, at, in_force, list, signer, verifier};

const HISTORIES: u64 = 100_000;
const STEPS: usize = 40;
const TIMEOUT: u32 = 5;
const LEAST: u32 = 60;
const MOST: u32 = 900;
/// The longest pause after a failure, and a quarter more.
const LONGEST_PAUSE: i64 = 38;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// A list that was published.
#[derive(Clone, Copy, Debug)]
struct Published {
    number: u64,
    iat: i64,
    exp: i64,
}

/// What the histories came by; a law about what never happened says nothing.
#[derive(Debug, Default)]
struct Met([u64; 9]);

const REPLACED: usize = 0;
const CONFIRMED: usize = 1;
const UNCHANGED: usize = 2;
const OLDER: usize = 3;
const EXPIRED: usize = 4;
const LATE: usize = 5;
const STALE: usize = 6;
const SET_BACK: usize = 7;
const FORGED: usize = 8;

struct World {
    dice: Dice,
    met: Met,
    now: i64,
    keeper: ListKeeper<Revocations>,
    stale: Option<u32>,
    /// The request that the server has, until when its answer counts, and whether it asks
    /// for changes only.
    under_way: Option<(Ticket, i64, bool)>,
    late: Vec<Ticket>,
    published: Vec<Published>,
    /// What must be in force.
    taken: Option<Published>,
    last_fetch: Option<i64>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let stale = [None, Some(0), Some(400)][dice.below(3) as usize];
        let options = ListOptions::default()
            .poll_every(300, LEAST, MOST)
            .serve_stale_for(stale)
            .timeout(TIMEOUT)
            .limits(10_000, 4);
        let verifier = verifier(Policy::revocation_list([Alg::HS256]));
        let mut world = Self {
            dice,
            met: Met::default(),
            now: START,
            keeper: ListKeeper::new(URL, verifier, options, seed).unwrap(),
            stale,
            under_way: None,
            late: Vec::new(),
            published: Vec::new(),
            taken: None,
            last_fetch: None,
        };
        world.publish();
        world
    }

    fn publish(&mut self) {
        let exp = self.now + [30, 120, 900, 4_000][self.dice.below(4) as usize];
        let number = self.published.len() as u64 / (1 + self.dice.below(2));
        self.published.push(Published { number, iat: self.now, exp });
    }

    fn step(&mut self) {
        match self.dice.below(12) {
            0 | 1 => self.publish(),
            2..=4 => self.poll(),
            5..=8 => self.answer(),
            9 if self.dice.below(8) == 0 => self.set_back(),
            _ => self.now += [1, 7, 31, 200, 700][self.dice.below(5) as usize],
        }
        self.laws();
    }

    /// The clock is set back; what was planned by it is moved along, dates are not.
    fn set_back(&mut self) {
        self.met.0[SET_BACK] += 1;
        self.poll();
        let back = 1 + self.dice.below(2_000) as i64;
        self.now -= back;
        if let Some((_, lost, _)) = &mut self.under_way {
            *lost -= back;
        }
        self.last_fetch.iter_mut().for_each(|instant| *instant -= back);
        self.poll();
    }

    fn poll(&mut self) {
        let now = UnixSeconds(self.now);
        let Poll::Fetch(request) = self.keeper.poll(now) else { return };
        let (ticket, is_conditional) = (request.ticket, request.etag.is_some());
        let lost = self.now + i64::from(request.timeout) + 1;
        if let Some((before, until, _)) = self.under_way.replace((ticket, lost, is_conditional)) {
            assert!(until <= self.now, "two fetches are under way");
            self.late.push(before);
        }
        assert!(self.last_fetch.is_none_or(|last| self.now > last), "two fetches in a second");
        self.last_fetch = Some(self.now);
        // Whoever polls again at once is not sent to the server twice.
        assert!(matches!(self.keeper.poll(now), Poll::Sleep(until) if until > now));
    }

    fn answer(&mut self) {
        let now = UnixSeconds(self.now);
        if let Some(ticket) = self.late.pop().filter(|_| self.dice.below(2) == 0) {
            let late = self.keeper.answer(ticket, Answer::Failed, now);
            assert!(matches!(late, ListChange::Late), "{late:?}");
        }
        let Some((ticket, lost, is_conditional)) = self.under_way.take() else { return };
        // Some servers have an old list.
        let newest = self.published.len() - 1;
        let back = [0, 0, 0, 1, 2][self.dice.below(5) as usize].min(newest);
        let served = self.published[newest - back];
        let body = list(&served.number.to_string(), served.iat - START, served.exp - START, 100);
        let forged = body.replace('.', "") + ".x.y";
        let others = signer(9).sign_claims(format!(r#"{{"exp":{}}}"#, served.exp)).unwrap();
        let tag = [("ETag", "\"x\"")];
        let (answer, is_list) = match self.dice.below(10) {
            0 => (Answer::Failed, false),
            1 => (Answer::TimedOut, false),
            2 => (Answer::Response { status: 200, fields: &[], body: forged.as_bytes() }, false),
            3 => (Answer::Response { status: 200, fields: &[], body: others.as_bytes() }, false),
            4 | 5 => (Answer::Response { status: 304, fields: &[], body: b"" }, false),
            6 => (Answer::Response { status: 200, fields: &[], body: body.as_bytes() }, true),
            _ => (Answer::Response { status: 200, fields: &tag, body: body.as_bytes() }, true),
        };
        let is_unchanged = matches!(answer, Answer::Response { status: 304, .. }) && is_conditional;
        let is_known = self.taken.is_some_and(|taken| taken.number == served.number);
        let is_in_time = served.iat <= self.now && self.now < served.exp;
        let is_new = self.taken.is_none_or(|taken| taken.iat <= served.iat);
        let change = self.keeper.answer(ticket, answer, now);
        let code = if let ListChange::Failed(error) = &change { Some(error.code()) } else { None };
        let met = match change {
            ListChange::Late => {
                assert!(lost <= self.now);
                LATE
            }
            ListChange::List(_) => {
                assert!(is_list && is_in_time && is_new && !is_known);
                self.taken = Some(served);
                REPLACED
            }
            ListChange::Confirmed if is_list => {
                assert!(is_in_time && is_new && is_known);
                self.taken = Some(served);
                CONFIRMED
            }
            ListChange::Confirmed => {
                assert!(is_unchanged);
                UNCHANGED
            }
            ListChange::Failed(_) => {
                let is_good = is_list && is_in_time && is_new;
                assert!(!(is_unchanged || is_good));
                match code {
                    Some(Code::RevocationsOlder) => OLDER,
                    Some(Code::Expired) => EXPIRED,
                    _ => FORGED,
                }
            }
            ListChange::Elsewhere => panic!("nobody sent it anywhere"),
        };
        self.met.0[met] += 1;
    }

    fn laws(&mut self) {
        // The list in force is the newest that was taken, until it ends and no longer.
        let expected = match (self.taken, self.stale) {
            (None, _) => Err(Code::RevocationsNotYet),
            (Some(taken), Some(stale)) if taken.exp + i64::from(stale) <= self.now => {
                Err(Code::RevocationsStale)
            }
            (Some(taken), _) => Ok(taken.number.to_string()),
        };
        self.met.0[STALE] += u64::from(expected == Err(Code::RevocationsStale));
        assert_eq!(in_force(&self.keeper, self.now - START), expected);
        // A fetch is never far away, and nobody sleeps beyond the end of a list.
        let mut twin = self.keeper.clone();
        let Poll::Sleep(until) = twin.poll(at(self.now - START)) else { return };
        let ahead = until.0 - self.now;
        assert!((1..=i64::from(MOST).max(LONGEST_PAUSE)).contains(&ahead), "it sleeps for {ahead} s");
        if let (Some(taken), Some(stale)) = (self.taken, self.stale) {
            let end = taken.exp + i64::from(stale);
            assert!(end <= self.now || until.0 <= end, "it sleeps beyond the end of the list");
        }
    }
}

#[test]
fn laws_hold_over_many_histories() {
    let mut all = [0_u64; 9];
    for seed in 0..HISTORIES {
        let mut world = World::new(seed);
        for step in 0..STEPS {
            let caught = catch_unwind(AssertUnwindSafe(|| world.step()));
            assert!(caught.is_ok(), "history {seed}, step {step}, stale for {:?}", world.stale);
        }
        all.iter_mut().zip(world.met.0).for_each(|(all, one)| *all += one);
    }
    assert!(all.iter().all(|count| *count > HISTORIES / 100), "{all:?}");
}
