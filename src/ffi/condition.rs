//! Conditions on claims: in policies, and asked of the claims of one token.
//!
//! docs/conditions.md describes the notation, which is the same in every language and
//! configuration.

use std::mem::MaybeUninit;

use super::boundary::{answer, boundary, given, misuse, row};
use super::failure::{Failure, explained};
use super::policy::{Policy, set};
use super::slice::Slice;
use super::verdict::Scratch;
use crate::claims::Claims;
use crate::error::{Code, Error, Rejection};
use crate::policy::ClaimPath;

/// The operands of a condition are texts without a type; see `jot_condition_new`.
pub const JOT_CONDITION_TEXT: u32 = 1;

/// A condition on one claim. Any number of threads may share one.
pub struct Condition {
    inner: crate::policy::Condition,
}

fn make(inner: crate::policy::Condition) -> Option<Box<Condition>> {
    Some(Box::new(Condition { inner }))
}

/// Reads a condition: a name, `not` if it is negated, a test, and the operands of the
/// test, with spaces in between, such as `tier any_of gold silver` or
/// `/realm_access/roles not contains admin`.
///
/// A name that begins with a slash is a JSON Pointer (RFC 6901). The tests are
/// `present`, `equals`, `any_of`, `contains`, `prefix`, `regex`, `ge`, `gt`, `le` and
/// `lt`. An operand that is a JSON string, number or boolean is that value, and any
/// other word is the string itself; a word with spaces in it is written as a JSON
/// string.
///
/// The caller owns `*condition` and frees it with `jot_condition_free`.
///
/// Returns 16x, with the word at fault and its offset in `error`, or, if a regular
/// expression is malformed, the reason and the offset within it; 15x. Any thread may
/// call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_condition_parse(
    text: Slice,
    condition: Option<&mut MaybeUninit<Option<Box<Condition>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let (out, text) = (given(condition, "condition")?, text.text("text")?);
        out.write(make(crate::policy::Condition::parse(text)?));
        Ok(())
    })
}

/// Makes a condition from words: `not` if it is negated, the test, and its operands.
/// `jot_condition_parse` says what a word means; here a word may contain spaces. The
/// `depth` names at `path` lead to the claim: one for a claim at the top, more for a
/// member of nested objects. If `depth` is 0, the first word is the name of the claim
/// or a JSON Pointer.
///
/// `flags` is 0 or `JOT_CONDITION_TEXT`. With the flag, operands are texts without a
/// type, for values that come with a request. Such a text equals a string of these very
/// bytes, and a number or a boolean that the token writes exactly so; it is never read
/// as JSON. An empty text equals nothing, and a condition with an empty text is not
/// met, even if it is negated. `ge`, `gt`, `le` and `lt` take no text.
///
/// Returns the codes of `jot_condition_parse`; `JOT_ARGUMENT_VALUE` for other flags.
/// Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_condition_new(
    path: *const Slice,
    depth: usize,
    words: *const Slice,
    count: usize,
    flags: u32,
    condition: Option<&mut MaybeUninit<Option<Box<Condition>>>>,
    error: *mut Failure,
) -> u32 {
    explained(error, || {
        let out = given(condition, "condition")?;
        let (path, words) = (texts(path, depth, "path")?, texts(words, count, "words")?);
        let (path, words) = match (path.as_slice(), words.as_slice()) {
            ([], [name, words @ ..]) => (ClaimPath::parse(name)?, words),
            (names, words) => (ClaimPath::from(names), words),
        };
        let made = match flags {
            0 => crate::policy::Condition::from_words(path, words)?,
            JOT_CONDITION_TEXT => crate::policy::Condition::from_texts(path, words)?,
            _ => return Err(misuse(Code::ArgumentValue, "flags")),
        };
        out.write(make(made));
        Ok(())
    })
}

fn texts<'t>(first: *const Slice, count: usize, name: &str) -> Result<Vec<&'t str>, Error> {
    row(first, count, name)?.iter().map(|text| text.text(name)).collect()
}

/// Demands that a claim meets a condition. The policy keeps a copy.
///
/// Returns `JOT_ARGUMENT_NULL` for a condition that could not be made. As with every
/// setting that fails, the policy is then unusable.
#[unsafe(no_mangle)]
pub extern "C" fn jot_policy_claim(policy: Option<&mut Policy>, condition: Option<&Condition>) -> u32 {
    set(policy, |policy| Ok(policy.claim(given(condition, "condition")?.inner.clone())))
}

/// Checks whether the claims of the token that the scratch holds meet a condition:
/// returns `JOT_ACCEPTED`, `JOT_CLAIM_MISSING` or `JOT_CLAIM_MISMATCH`;
/// `JOT_VALUE_MISSING` if the scratch holds no claims; 15x.
///
/// Use it for routes with different rules, after a token was accepted. Only the thread
/// that owns the scratch may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_meet(scratch: Option<&Scratch>, condition: Option<&Condition>) -> u32 {
    boundary(|| {
        let scratch = given(scratch, "scratch")?;
        let condition = given(condition, "condition")?;
        condition.inner.check(&claims(scratch)?).map_err(code_of)
    })
}

/// Checks whether the token that the scratch holds grants all `count` scopes at
/// `scopes`, by the rule of `jot_policy_scope`: returns `JOT_ACCEPTED`,
/// `JOT_SCOPE_INSUFFICIENT`, or `JOT_SCOPE_INVALID` if its `scope` or `scp` is neither a
/// string nor an array of strings; `JOT_VALUE_MISSING` if the scratch holds no claims;
/// 15x. If `count` is 0, it accepts.
///
/// Only the thread that owns the scratch may call it.
#[unsafe(no_mangle)]
pub extern "C" fn jot_claims_have_scopes(
    scratch: Option<&Scratch>,
    scopes: *const Slice,
    count: usize,
) -> u32 {
    boundary(|| {
        let scratch = given(scratch, "scratch")?;
        let scopes = row(scopes, count, "scopes")?;
        for scope in scopes {
            scope.text("scopes")?;
        }
        let claims = claims(scratch)?;
        // One by one: nothing is allocated.
        scopes.iter().try_for_each(|scope| claims.has_scopes(&[scope.text("scopes")?]).map_err(code_of))
    })
}

fn claims(scratch: &Scratch) -> Result<Claims<'static>, Error> {
    scratch.claims.ok_or_else(|| misuse(Code::ValueMissing, "claims"))
}

fn code_of(rejection: Rejection) -> Error {
    Error::new(rejection.code())
}

/// Frees a condition; NULL is allowed. Policies keep their copies.
#[unsafe(no_mangle)]
pub extern "C" fn jot_condition_free(condition: Option<Box<Condition>>) {
    answer((), || drop(condition));
}
