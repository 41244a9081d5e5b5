//! The requests of a keeper, and what comes of them.

use std::mem::MaybeUninit;

use super::boundary::{Growable, boundary, given, misuse, read, row, write};
use super::failure::{Failure, explained};
use super::keeper::Keeper;
use super::slice::Slice;
use crate::error::{Code, Error};
use crate::jwks::{Answer, Change, Field as TextField, Poll, Ticket};
use crate::time::UnixSeconds;

/// A GET request that a keeper wants, or until when it wants none. Its views are valid
/// until the keeper is used again.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// `sizeof(jot_request)`, set by the caller.
    pub size: usize,
    /// What the answer belongs to; 0 if there is nothing to fetch.
    pub ticket: u64,
    /// When to poll again, if there is nothing to fetch.
    pub until: i64,
    /// An absolute URL. Do not follow redirects.
    pub url: Slice,
    /// The value of `If-None-Match`; absent for none.
    pub etag: Slice,
    /// The value of `If-Modified-Since`; absent for none.
    pub last_modified: Slice,
    /// The bytes after which the body need not be read any further. One byte more than
    /// these tells the keeper that it is too long.
    pub most_bytes: usize,
    /// The seconds after which the whole request is given up.
    pub timeout: u32,
    /// 0.
    pub reserved: u32,
    /// The value of `Accept`. A caller with a smaller `size` does without.
    pub accept: Slice,
}

/// A header field. One that is not UTF-8 is ignored.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, in any case.
    pub name: Slice,
    /// Its value.
    pub value: Slice,
}

/// How a request ended. Its views must be valid only for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// `sizeof(jot_reply)`, set by the caller.
    pub size: usize,
    /// `JOT_REPLIED`, `JOT_FAILED` or `JOT_TIMED_OUT`.
    pub outcome: u32,
    /// The status code.
    pub status: u32,
    /// The header fields; NULL only if there are none.
    pub fields: *const Field,
    /// How many there are.
    pub field_count: usize,
    /// The body, decoded from what Content-Encoding says.
    pub body: Slice,
}

/// There was a response.
pub const JOT_REPLIED: u32 = 0;

/// There was none: no address, no connection, no valid certificate, cut off.
pub const JOT_FAILED: u32 = 1;

/// The request was given up after its time.
pub const JOT_TIMED_OUT: u32 = 2;

/// Other keys are in force: hand them to the verifiers.
pub const JOT_CHANGE_KEYS: u32 = 1;

/// The keys in force were confirmed.
pub const JOT_CHANGE_CONFIRMED: u32 = 2;

/// The keys are at another URL: poll now.
pub const JOT_CHANGE_ELSEWHERE: u32 = 3;

/// Nothing: the request had been given up before.
pub const JOT_CHANGE_LATE: u32 = 4;

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for Request {
    const LEAST: usize = std::mem::offset_of!(Self, accept);
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for Reply {
    const LEAST: usize = size_of::<Self>();
}

impl Request {
    const NONE: Self = Self {
        size: size_of::<Self>(),
        ticket: 0,
        until: 0,
        url: Slice::ABSENT,
        etag: Slice::ABSENT,
        last_modified: Slice::ABSENT,
        most_bytes: 0,
        timeout: 0,
        reserved: 0,
        accept: Slice::ABSENT,
    };

    pub(super) fn of(poll: &Poll<'_>) -> Self {
        match poll {
            Poll::Sleep(until) => Self { until: until.0, ..Self::NONE },
            Poll::Fetch(request) => Self {
                ticket: request.ticket.number(),
                url: Slice::of(request.url.as_bytes()),
                etag: Slice::of_option(request.etag),
                last_modified: Slice::of_option(request.last_modified),
                most_bytes: request.most_bytes,
                timeout: request.timeout,
                accept: Slice::of(request.accept.as_bytes()),
                ..Self::NONE
            },
        }
    }
}

impl Reply {
    pub(super) const NONE: Self = Self {
        size: size_of::<Self>(),
        outcome: JOT_FAILED,
        status: 0,
        fields: std::ptr::null(),
        field_count: 0,
        body: Slice::ABSENT,
    };

    pub(super) fn lend<R>(&self, take: impl FnOnce(Answer<'_>) -> R) -> Result<R, Error> {
        match self.outcome {
            JOT_FAILED => return Ok(take(Answer::Failed)),
            JOT_TIMED_OUT => return Ok(take(Answer::TimedOut)),
            JOT_REPLIED => {}
            _ => return Err(misuse(Code::ArgumentValue, "outcome")),
        }
        let status = u16::try_from(self.status).map_err(|_| misuse(Code::ArgumentValue, "status"))?;
        let mut fields: Vec<TextField<'_>> = Vec::new();
        for field in row(self.fields, self.field_count, "fields")? {
            let (name, value) = (field.name.bytes("fields")?, field.value.bytes("fields")?);
            if let (Ok(name), Ok(value)) = (std::str::from_utf8(name), std::str::from_utf8(value)) {
                fields.push((name, value));
            }
        }
        Ok(take(Answer::Response { status, fields: &fields, body: self.body.bytes("body")? }))
    }
}

/// Says what to do at this instant: make a request, or sleep. Call it at the start, after
/// every answer, after a `JOT_KID_UNKNOWN` that is pending, and at the end of a sleep.
///
/// At most one request is under way at a time; one whose answer does not come is given up
/// one second after its time. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_poll(keeper: Option<&mut Keeper>, now: i64, request: *mut Request) -> u32 {
    boundary(|| {
        let keeper = given(keeper, "keeper")?;
        super::boundary::writable(request, "request")?;
        write(request, Request::of(&keeper.inner.poll(UnixSeconds(now))), "request")
    })
}

/// Takes how the request with this ticket ended. `*change` becomes a `JOT_CHANGE_…`.
/// `error` may be NULL.
///
/// Returns what is wrong with the answer: 43x, 44x, 452 to 459, `JOT_KEY_SET_EMPTY`,
/// `JOT_KEY_NOT_FOR_ALG`; then the keys stay in use for as long as the options say. 15x
/// for wrong arguments: then the keeper still waits.
#[unsafe(no_mangle)]
pub extern "C" fn jot_keeper_answer(
    keeper: Option<&mut Keeper>,
    ticket: u64,
    reply: *const Reply,
    now: i64,
    change: Option<&mut MaybeUninit<u32>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (keeper, change) = (given(keeper, "keeper")?, given(change, "change")?);
        let reply = read(reply, Reply::NONE, "reply")?;
        let ticket = Ticket::of_number(ticket);
        let changed = reply.lend(|answer| keeper.inner.answer(ticket, answer, UnixSeconds(now)))?;
        change.write(match changed {
            Change::Keys(_) => JOT_CHANGE_KEYS,
            Change::Confirmed => JOT_CHANGE_CONFIRMED,
            Change::Elsewhere => JOT_CHANGE_ELSEWHERE,
            Change::Late => JOT_CHANGE_LATE,
            Change::Failed(error) => return Err(error),
        });
        Ok(())
    })
}
