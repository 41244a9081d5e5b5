//! The memory of a verifier's tables, and which keys may have it.
//!
//! A table is worth as much as it saves: its key's signatures of late, times the time that
//! each takes less, for each byte. A new one takes the place of others only if it is worth
//! twice as much as each of them, so that keys of equal use do not take turns in building
//! tables.

use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use super::cost::Size;
use super::slot::{Gone, Slot};

/// The most tables of each size that are looked at for the one that is worth least.
const LOOKED_AT: usize = 32;

/// The good signatures of late that a key must have for its table to take the place of others.
/// Those with tables are counted in sixteens, so fewer tell keys of equal use apart.
const TELLING: u32 = 256;

/// A table, and its bytes of the limit.
struct Held {
    slot: Weak<Slot>,
    size: Size,
    bytes: usize,
    /// What it saves of each signature, see [`Wish::saves`].
    saves: u32,
    /// Set if the table was given up. It counts until nobody uses or builds it.
    given_up: Option<Gone>,
}

impl Held {
    /// Drops the table; returns `None` if a thread is building it right now.
    fn give_up(&mut self) -> Option<()> {
        let left =
            self.slot.upgrade().map_or_else(|| Some(Gone::default()), |slot| slot.vacate(self.size))?;
        self.given_up = Some(left);
        Some(())
    }

    /// Returns `true` if the table, or what is built of it, takes memory.
    fn is_there(&self) -> bool {
        match &self.given_up {
            Some(gone) => !gone.is_gone(),
            None => self.slot.upgrade().is_some_and(|slot| !slot.is_idle(self.size)),
        }
    }

    fn worth(&self, epoch: u32) -> u64 {
        self.slot.upgrade().map_or(0, |slot| worth(slot.heat(epoch), self.saves, self.bytes))
    }
}

fn worth(heat: u32, saves: u32, bytes: usize) -> u64 {
    let saved = u64::from(heat).saturating_add(1).saturating_mul(u64::from(saves)).saturating_mul(1 << 8);
    saved.checked_div(bytes as u64).unwrap_or(u64::MAX)
}

/// A table that is to be built.
pub(super) struct Wish<'w> {
    pub(super) slot: &'w Weak<Slot>,
    pub(super) size: Size,
    pub(super) bytes: usize,
    /// What it saves of each signature, compared with other tables.
    pub(super) saves: u32,
    /// The key's good signatures of late.
    pub(super) heat: u32,
}

/// The tables of a verifier.
pub(super) struct Budget {
    limit: usize,
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    /// Of each size.
    held: [Vec<Held>; 2],
    /// Wishes until all tables are looked at for those that are gone.
    until_sweep: usize,
    /// Where the next look for the least one begins.
    turn: usize,
}

impl Tables {
    fn bytes(&self) -> usize {
        self.held.iter().flatten().map(|row| row.bytes).fold(0, usize::saturating_add)
    }

    /// Forgets the tables that take no memory any more.
    fn sweep(&mut self) {
        for held in &mut self.held {
            held.retain(Held::is_there);
        }
        self.until_sweep = self.held.iter().map(Vec::len).fold(0, usize::saturating_add) / 4;
    }

    /// Gives up the table that is worth least, of those looked at; returns `false` if there
    /// is none that is worth less than half as much as `most`.
    fn give_up_below(&mut self, most: u64, epoch: u32) -> bool {
        self.turn = self.turn.wrapping_add(LOOKED_AT);
        let mut least: Option<(u64, usize, usize)> = None;
        for (size, held) in self.held.iter().enumerate() {
            for step in 0..held.len().min(LOOKED_AT) {
                let place = self.turn.wrapping_add(step).checked_rem(held.len()).unwrap_or(0);
                let Some(row) = held.get(place).filter(|row| row.given_up.is_none()) else { continue };
                let worth = row.worth(epoch);
                if least.is_none_or(|(lowest, ..)| worth < lowest) {
                    least = Some((worth, size, place));
                }
            }
        }
        let Some((worth, size, place)) = least else { return false };
        if worth.saturating_mul(2) >= most {
            return false;
        }
        let Some(held) = self.held.get_mut(size) else { return false };
        if held.get_mut(place).and_then(Held::give_up).is_none() {
            return false;
        }
        if held.get(place).is_some_and(|row| !row.is_there()) {
            held.swap_remove(place);
        }
        true
    }
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, tables: Mutex::default() }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reserves memory for a table, if need be by giving up others that are worth less.
    /// Returns `false` if there is not enough, or if the table exceeds the limit, alone or
    /// with those that were given up and are still in use.
    pub(super) fn admit(&self, wish: &Wish<'_>, epoch: u32) -> bool {
        let Wish { slot, size, bytes, saves, heat } = *wish;
        if bytes > self.limit {
            return false;
        }
        let mut tables = self.tables();
        for held in &mut tables.held {
            // What was begun before and failed.
            held.retain(|row| row.given_up.is_some() || row.size != size || !row.slot.ptr_eq(slot));
        }
        tables.until_sweep = tables.until_sweep.saturating_sub(1);
        let is_full = |tables: &Tables| tables.bytes().saturating_add(bytes) > self.limit;
        if is_full(&tables) && tables.until_sweep == 0 {
            tables.sweep();
        }
        let worth = worth(heat, saves, bytes);
        while is_full(&tables) {
            if heat < TELLING || !tables.give_up_below(worth, epoch) {
                return false;
            }
        }
        if let Some(held) = tables.held.get_mut(size as usize) {
            held.push(Held { slot: slot.clone(), size, bytes, saves, given_up: None });
        }
        true
    }

    /// Returns the memory of all tables, and their number.
    pub(super) fn in_use(&self) -> (usize, usize) {
        let mut tables = self.tables();
        tables.sweep();
        (tables.bytes(), tables.held.iter().flatten().count())
    }
}
