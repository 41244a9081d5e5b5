//! The requests of a keeper of a list, which are those of a `jot_keeper`.

use std::mem::MaybeUninit;

use super::boundary::{boundary, given, read, writable, write};
use super::failure::{Failure, explained};
use super::keeper_exchange::{JOT_CHANGE_CONFIRMED, JOT_CHANGE_ELSEWHERE, JOT_CHANGE_LATE, Reply, Request};
use super::list_keeper::{Kind, ListKeeper, each};
use crate::error::Error;
use crate::jwks::Ticket;
use crate::lists::{ListChange, SignedList};
use crate::time::UnixSeconds;

/// Another list is in force.
pub const JOT_CHANGE_LIST: u32 = 1;

/// Says what to do at this instant: make a request, or sleep, no longer than until the list
/// goes out of use. It works like `jot_keeper_poll`.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_poll(
    keeper: Option<&mut ListKeeper>,
    now: i64,
    request: *mut Request,
) -> u32 {
    boundary(|| {
        let keeper = given(keeper, "keeper")?;
        writable(request, "request")?;
        let made = each!(&mut keeper.inner, inner => Request::of(&inner.poll(UnixSeconds(now))));
        write(request, made, "request")
    })
}

/// Takes how the request with this ticket ended. `*change` becomes `JOT_CHANGE_LIST` or
/// another `JOT_CHANGE_…`. `error` may be NULL. Then feed the verifiers.
///
/// Returns what is wrong with the answer or its list, as if the list were a token: then the
/// one in force stays for as long as the options say. 15x for wrong arguments: then the
/// keeper still waits.
#[unsafe(no_mangle)]
pub extern "C" fn jot_list_keeper_answer(
    keeper: Option<&mut ListKeeper>,
    ticket: u64,
    reply: *const Reply,
    now: i64,
    change: Option<&mut MaybeUninit<u32>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (keeper, change) = (given(keeper, "keeper")?, given(change, "change")?);
        let reply = read(reply, Reply::NONE, "reply")?;
        let (ticket, now) = (Ticket::of_number(ticket), UnixSeconds(now));
        let changed = each!(&mut keeper.inner, inner => number(&reply.lend(|answer| inner.answer(ticket, answer, now))?));
        change.write(changed?);
        Ok(())
    })
}

fn number<L: SignedList>(change: &ListChange<L>) -> Result<u32, Error> {
    match change {
        ListChange::List(_) => Ok(JOT_CHANGE_LIST),
        ListChange::Confirmed => Ok(JOT_CHANGE_CONFIRMED),
        ListChange::Elsewhere => Ok(JOT_CHANGE_ELSEWHERE),
        ListChange::Late => Ok(JOT_CHANGE_LATE),
        ListChange::Failed(error) => Err(*error),
    }
}
