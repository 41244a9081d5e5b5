//! Demands of a single call, beyond the policy.

use super::boundary::{Growable, given, read, row};
use super::slice::Slice;
use super::verdict::{Scratch, Verdict, judge};
use super::verifier::Verifier;
use crate::error::Error;
use crate::time::UnixSeconds;

/// Demands of one call on its token, in addition to the policy: for a server whose key
/// set, issuer or audience depends on the request.
///
/// A demand can only narrow what the policy allows; use `jot_policy_any_audience` if
/// only calls name audiences. Set `size` to `sizeof(jot_demand)`; all zero otherwise
/// demands nothing. The caller owns it; the data it points to must be valid only for
/// the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// `sizeof(jot_demand)`, set by the caller.
    pub size: usize,
    /// The key set that must verify the token, by the name that
    /// `jot_verifier_builder_key_set` gave it. Absent if the verifier has no such sets.
    pub key_set: Slice,
    /// The `iss` must be exactly one of these; an empty entry matches no token. NULL
    /// demands nothing; a pointer other than NULL with a count of 0 rejects every
    /// token.
    pub issuers: *const Slice,
    /// The number of `issuers`.
    pub issuer_count: usize,
    /// The `aud` must be or contain one of these. Otherwise like `issuers`.
    pub audiences: *const Slice,
    /// The number of `audiences`.
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

/// A buffer for names; more than a few need an allocation for the call.
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

/// Verifies a token like `jot_verifier_verify`; the token must also meet `demand`. The
/// verifier's cache serves calls with any demand.
///
/// Returns the codes of `jot_verifier_verify`; `JOT_ISSUER_UNKNOWN` also if the
/// named key set does not exist or none is named; 15x.
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
