//! What is followed: the keys of an issuer, or a list.

use jot::jwks::{Answer, Keeper, Poll, Ticket};
use jot::{Code, UnixSeconds};

use crate::gauge::Health;
use crate::listed::{self, Listed};
use crate::remote;
use crate::target::Target;

/// What is followed.
#[derive(Debug)]
pub(crate) enum Subject {
    Keys(Box<Keeper>),
    List(Box<dyn Listed>),
}

impl Subject {
    pub(crate) fn new(target: &Target) -> Result<Self, String> {
        Ok(match target {
            Target::Keys(config) => Self::Keys(Box::new(remote::keeper(config)?)),
            Target::List(list) => Self::List(listed::keeper(list)?),
        })
    }

    pub(crate) fn poll(&mut self, now: UnixSeconds) -> Poll<'_> {
        match self {
            Self::Keys(keeper) => keeper.poll(now),
            Self::List(list) => list.poll(now),
        }
    }

    pub(crate) fn next_fetch(&self) -> UnixSeconds {
        match self {
            Self::Keys(keeper) => keeper.health().next_fetch,
            Self::List(list) => list.next_fetch(),
        }
    }

    pub(crate) fn health(&self) -> Health {
        match self {
            Self::Keys(keeper) => {
                let health = keeper.health();
                Health { last_success: health.last_success, error: health.error.map(|error| error.code()) }
            }
            Self::List(list) => list.told(),
        }
    }

    /// Says why there is nothing that could be used.
    pub(crate) fn missing(&self, now: UnixSeconds) -> Option<Code> {
        match self {
            Self::Keys(keeper) => keeper.keys(now).err(),
            Self::List(list) => list.missing(now),
        }
    }

    /// Returns `true` for a list that cannot be verified so far, and need not be fetched.
    pub(crate) fn is_early(&self) -> bool {
        match self {
            Self::Keys(_) => false,
            Self::List(list) => list.judge().keys(None).is_none_or(|set| set.is_empty()),
        }
    }

    /// Has a fetch begun anew that ends with its configuration.
    pub(crate) fn give_up(&mut self, ticket: Ticket, now: UnixSeconds) {
        match self {
            Self::Keys(keeper) => {
                keeper.answer(ticket, Answer::Failed, now);
                keeper.refresh_now(now);
            }
            Self::List(list) => {
                list.answer(ticket, Answer::Failed, now);
                list.refresh_now(now);
            }
        }
    }
}

/// Tells whether something was there and may not be used any more.
pub(crate) const fn is_over(code: Code) -> bool {
    matches!(code, Code::KeysStale | Code::RevocationsStale | Code::StatusListStale)
}
