//! The laws of a keeper of remote keys, over made-up histories of time, failures,
//! floods and rotations.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::collections::VecDeque;

use jot::jwks::{Answer, Budget, Change, Keeper, KeeperOptions, Poll, Ticket, UnknownKid};
use jot::{KeySet, UnixSeconds};

const HISTORIES: u64 = 100_000;
const STEPS: usize = 40;
const COOL_DOWN: i64 = 30;
const TIMEOUT: u32 = 5;
const BUDGET: (u16, u32) = (3, 120);
const MOST_REMEMBERED: usize = 4;
/// Points of Ed25519, of RFC 8032 §7.1.
const POINTS: [&str; 3] = [
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
    "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU",
];

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

/// The keys that an issuer publishes: a set of bits.
fn published(bits: u64) -> String {
    let keys = (0..3).filter(|index| bits >> index & 1 == 1);
    let keys = keys
        .map(|index| format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"k{index}","x":"{}"}}"#, POINTS[index]));
    format!(r#"{{"keys":[{}]}}"#, keys.collect::<Vec<_>>().join(","))
}

fn bits_of(set: &KeySet) -> u64 {
    set.keys().iter().map(|key| 1 << key.kid().unwrap()[1..].parse::<u32>().unwrap()).sum()
}

/// What the histories came by; a law about what never happened says nothing.
#[derive(Debug, Default)]
struct Met {
    replaced: u64,
    confirmed: u64,
    moved: u64,
    failed: u64,
    late: u64,
    refused: u64,
    stale: u64,
    kept_absent: u64,
    set_back: u64,
}

struct World {
    dice: Dice,
    met: Met,
    now: i64,
    bodies: Vec<String>,
    keeper: Keeper,
    budget: Budget,
    options: Told,
    /// The request that the server has, and until when its answer counts.
    under_way: Option<(Ticket, i64)>,
    late: Vec<Ticket>,
    /// The keys published now, and those of the last 200.
    published: u64,
    fetched: Option<(u64, i64)>,
    /// When unknown kids caused a fetch.
    on_demand: VecDeque<i64>,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    stale: Option<u32>,
    twice: bool,
}

impl World {
    fn new(seed: u64, bodies: &[String]) -> Self {
        let mut dice = Dice(seed);
        let options =
            Told { stale: [None, Some(0), Some(400)][dice.below(3) as usize], twice: dice.below(4) == 0 };
        let mut told = KeeperOptions::default()
            .fresh_for(300, 60, 900)
            .serve_stale_for(options.stale)
            .cool_down(COOL_DOWN as u32)
            .timeout(TIMEOUT)
            .history(MOST_REMEMBERED);
        if options.twice {
            told = told.absent_twice();
        }
        let issuer = "https://issuer.example";
        let keeper = match dice.below(2) {
            0 => Keeper::of_keys("https://issuer.example/jwks", told, seed),
            _ => Keeper::of_issuer(issuer, told, seed),
        };
        Self {
            now: 1_800_000_000,
            bodies: bodies.to_vec(),
            keeper: keeper.unwrap(),
            budget: Budget::new(BUDGET.0, BUDGET.1),
            options,
            under_way: None,
            late: Vec::new(),
            published: 1 + dice.below(7),
            fetched: None,
            on_demand: VecDeque::new(),
            met: Met::default(),
            dice,
        }
    }

    fn now(&self) -> UnixSeconds {
        UnixSeconds(self.now)
    }

    fn step(&mut self) {
        match self.dice.below(12) {
            0 => self.published = 1 + self.dice.below(7),
            1 | 2 => self.flood(),
            3..=5 => self.poll(),
            6..=8 => self.answer(),
            9 if self.dice.below(8) == 0 => self.set_back(),
            _ => self.now += [1, 7, 31, 200, 700][self.dice.below(5) as usize],
        }
        self.laws();
    }

    /// The clock is set back; what was measured by it is moved along.
    fn set_back(&mut self) {
        self.met.set_back += 1;
        let back = 1 + self.dice.below(5_000) as i64;
        // The keeper and the budget see the clock before and after.
        self.poll();
        self.flood();
        self.now -= back;
        self.on_demand.iter_mut().for_each(|instant| *instant -= back);
        if let Some((_, at)) = &mut self.fetched {
            *at -= back;
        }
        if let Some((_, lost)) = &mut self.under_way {
            *lost -= back;
        }
        self.poll();
        self.flood();
    }

    fn poll(&mut self) {
        let now = self.now();
        let Poll::Fetch(request) = self.keeper.poll(now) else { return };
        let (ticket, lost) = (request.ticket, self.now + i64::from(request.timeout) + 1);
        if let Some((before, until)) = self.under_way.replace((ticket, lost)) {
            assert!(until <= self.now, "two fetches are under way");
            self.late.push(before);
        }
        // Whoever polls again at once is not sent to the server twice.
        assert!(matches!(self.keeper.poll(now), Poll::Sleep(until) if until > now));
    }

    /// Tokens with a kid that no key has.
    fn flood(&mut self) {
        let now = self.now();
        for _ in 0..1 + self.dice.below(4) {
            let was_idle = matches!(self.keeper.clone().poll(now), Poll::Sleep(_)) && self.is_idle();
            let answer = self.keeper.unknown_kid(&mut self.budget, now);
            self.met.refused += u64::from(answer == UnknownKid::Refused);
            if answer == UnknownKid::Pending && was_idle {
                self.on_demand.push_back(self.now);
                assert!(!matches!(self.keeper.clone().poll(now), Poll::Sleep(_)), "it asked for no fetch");
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.under_way.is_none_or(|(_, lost)| lost <= self.now)
    }

    fn answer(&mut self) {
        let now = self.now();
        if let Some(ticket) = self.late.pop().filter(|_| self.dice.below(2) == 0) {
            let body = self.bodies[1].as_bytes();
            let late = self.keeper.answer(ticket, Answer::Response { status: 200, fields: &[], body }, now);
            assert!(matches!(late, Change::Late), "{late:?}");
        }
        let Some((ticket, lost)) = self.under_way.take() else { return };
        let is_late = lost <= self.now;
        let is_metadata = format!("{ticket:?}").contains("Metadata");
        let document = r#"{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/jwks"}"#;
        let body =
            if is_metadata { document.as_bytes() } else { self.bodies[self.published as usize].as_bytes() };
        let html = b"<html>sorry</html>";
        let cache =
            [("Cache-Control", ["max-age=60", "no-store", "max-age=9999999"][self.dice.below(3) as usize])];
        let answer = match self.dice.below(8) {
            0 => Answer::Failed,
            1 => Answer::TimedOut,
            2 => Answer::Response { status: 200, fields: &[], body: html },
            3 => Answer::Response { status: 503, fields: &[("Retry-After", "100000")], body },
            _ => Answer::Response { status: 200, fields: &cache, body },
        };
        let is_good = matches!(answer, Answer::Response { status: 200, body: sent, .. } if sent == body);
        let change = self.keeper.answer(ticket, answer, now);
        match &change {
            Change::Late => self.met.late += 1,
            Change::Failed(_) => self.met.failed += 1,
            Change::Keys(_) => self.met.replaced += 1,
            Change::Confirmed => self.met.confirmed += 1,
            Change::Elsewhere => self.met.moved += 1,
        }
        match change {
            // A poll may not have come by since it was lost.
            Change::Late => assert!(is_late),
            Change::Failed(_) => assert!(!is_good),
            Change::Keys(_) | Change::Confirmed | Change::Elsewhere => {
                assert!(is_good);
                if !is_metadata {
                    self.fetched = Some((self.published, self.now));
                }
            }
        }
    }

    fn laws(&mut self) {
        let keys = self.keeper.keys(self.now());
        // A known key is never refused while old keys may be served.
        if let Some((_, at)) = self.fetched {
            let is_served = self.options.stale.is_none_or(|stale| self.now < at + i64::from(stale));
            assert!(keys.is_ok() || !is_served, "refused {} s after a success", self.now - at);
            self.met.stale += u64::from(keys.is_err());
        } else {
            assert!(keys.is_err());
        }
        // A removed key is refused from the first answer without it.
        if let (Ok(set), Some((fetched, _))) = (keys, self.fetched) {
            let there = bits_of(set);
            assert_eq!(there & fetched, fetched);
            assert!(self.options.twice || there == fetched, "{there:b} after {fetched:b}");
            self.met.kept_absent += u64::from(there != fetched);
        }
        // One in a cool-down, and the budget in any window.
        let is_close =
            self.on_demand.iter().zip(self.on_demand.iter().skip(1)).any(|(a, b)| b - a < COOL_DOWN);
        assert!(!is_close, "within a cool-down: {:?}", self.on_demand);
        let (most, window) = (usize::from(BUDGET.0), i64::from(BUDGET.1));
        let over = self.on_demand.iter().zip(self.on_demand.iter().skip(most)).any(|(a, b)| b - a < window);
        assert!(!over, "more than the budget: {:?}", self.on_demand);
        // The state is bounded.
        assert!(self.keeper.history().len() <= MOST_REMEMBERED + 3);
    }
}

#[test]
fn laws_hold_over_many_histories() {
    let bodies: Vec<String> = (0..8).map(published).collect();
    let mut all = [0_u64; 9];
    for seed in 0..HISTORIES {
        let mut world = World::new(seed, &bodies);
        for step in 0..STEPS {
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.step()));
            assert!(caught.is_ok(), "history {seed}, step {step}, {:?}", world.options);
        }
        let Met { replaced, confirmed, moved, failed, late, refused, stale, kept_absent, set_back } =
            world.met;
        let met = [replaced, confirmed, moved, failed, late, refused, stale, kept_absent, set_back];
        all.iter_mut().zip(met).for_each(|(all, one)| *all += one);
    }
    assert!(all.iter().all(|count| *count > HISTORIES / 100), "{all:?}");
}
