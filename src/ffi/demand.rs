//! Verifying for one request: what a call demands beyond the policy.

use super::boundary::{Growable, given, read, row};
use super::slice::Slice;
use super::verdict::{Scratch, Verdict, judge};
use super::verifier::Verifier;
use crate::error::Error;
use crate::time::UnixSeconds;

/// What one call demands of its token beyond the policy, which stays as it is:
/// for a server whose key set, issuer or audience depends on the request.
///
/// A demand only narrows what the policy allows; give the policy
/// `jot_policy_any_audience` where audiences come by call alone. Set `size` to
/// `sizeof(jot_demand)`; all zero otherwise demands nothing. Owned by the
/// caller; what it points to needs to live for the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// `sizeof(jot_demand)`, set by the caller.
    pub size: usize,
    /// The key set that must verify the token, by the name that
    /// `jot_verifier_builder_key_set` gave it. Absent where the verifier has
    /// no such sets.
    pub key_set: Slice,
    /// The `iss` must be one of these, compared exactly; an empty one is
    /// nobody. NULL demands none, a row of 0 elsewhere what no token has.
    pub issuers: *const Slice,
    /// How many there are.
    pub issuer_count: usize,
    /// The `aud` must be or contain one of these. Otherwise as `issuers`.
    pub audiences: *const Slice,
    /// How many there are.
    pub audience_count: usize,
}

// SAFETY: `repr(C)`, a `usize` first, integers and raw pointers behind it.
unsafe impl Growable for Demand {
    const LEAST: usize = size_of::<Self>();
}

impl Demand {
    const NOTHING: Self = Self {
        size: size_of::<Self>(),
        key_set: Slice::ABSENT,
        issuers: std::ptr::null(),
        issuer_count: 0,
        audiences: std::ptr::null(),
        audience_count: 0,
    };
}

/// Room for names: more than a few of them take memory for the call.
#[derive(Default)]
struct Names<'n> {
    few: [&'n str; 8],
    many: Vec<&'n str>,
}

impl<'n> Names<'n> {
    fn read(&mut self, first: *const Slice, count: usize, name: &str) -> Result<Option<&[&'n str]>, Error> {
        if first.is_null() && count == 0 {
            return Ok(None);
        }
        let slices = row(first, count, name)?;
        if let Some(few) = self.few.get_mut(..count) {
            for (place, slice) in few.iter_mut().zip(slices) {
                *place = slice.text(name)?;
            }
            return Ok(Some(few));
        }
        for slice in slices {
            self.many.push(slice.text(name)?);
        }
        Ok(Some(&self.many))
    }
}

/// Verifies a token like `jot_verifier_verify`, which must also be what
/// `demand` says. The verifier's cache serves calls with any demand.
///
/// Codes: those of `jot_verifier_verify`; `JOT_ISSUER_UNKNOWN` also for a key
/// set that is not there or that nobody named; 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_verify_for(
    verifier: Option<&Verifier>,
    token: Slice,
    now: i64,
    demand: *const Demand,
    scratch: Option<&mut Scratch>,
    verdict: *mut Verdict,
) -> u32 {
    judge(verdict, || {
        let scratch = given(scratch, "scratch")?;
        let room = scratch.begin();
        let verifier = given(verifier, "verifier")?;
        let demand = read(demand, Demand::NOTHING, "demand")?;
        let (mut issuers, mut audiences) = (Names::default(), Names::default());
        let demand = crate::policy::Demand {
            key_set: demand.key_set.optional_text("key_set")?,
            issuers: issuers.read(demand.issuers, demand.issuer_count, "issuers")?,
            audiences: audiences.read(demand.audiences, demand.audience_count, "audiences")?,
        };
        let judged = verifier.inner.verdict_for(token.bytes("token")?, UnixSeconds(now), &demand, room);
        Ok(scratch.keep(judged))
    })
}
