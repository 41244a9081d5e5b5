//! Regular expressions over whole strings, in linear time and bounded memory.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;

use crate::error::{Code, Error};

/// The longest pattern in bytes.
const MAX_PATTERN: usize = 1 << 10;
/// The most bytes that a pattern may take once it is compiled.
const MAX_PROGRAM: usize = 64 << 10;
/// How deep groups may be nested.
const MAX_NESTING: u32 = 50;

#[derive(Clone, Debug)]
pub(super) struct Pattern {
    source: Box<str>,
    whole: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Pattern {
    /// # Errors
    /// [`Code::ConditionOperand`] if it is empty; [`Code::ConditionPattern`].
    pub(super) fn new(pattern: &str) -> Result<Self, Error> {
        if pattern.is_empty() {
            return Err(Error::of_member(Code::ConditionOperand, pattern));
        }
        let too_large = Error::of_member(Code::ConditionPattern, "too large");
        if pattern.len() > MAX_PATTERN {
            return Err(too_large);
        }
        // By itself first: `a)|(b` would be well-formed within the group that anchors it.
        check(pattern)?;
        let whole = RegexBuilder::new(&format!(r"\A(?:{pattern})\z"))
            .unicode(false)
            .nest_limit(MAX_NESTING.saturating_add(2))
            .size_limit(MAX_PROGRAM)
            .build()
            .map_err(|fault| match fault {
                regex::Error::CompiledTooBig(_) => too_large,
                _ => Error::new(Code::ConditionPattern),
            })?;
        Ok(Self { source: pattern.into(), whole })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.whole.is_match(text.as_bytes())
    }
}

/// Says what is wrong with a pattern, and where.
fn check(pattern: &str) -> Result<(), Error> {
    let parsed =
        ParserBuilder::new().unicode(false).utf8(false).nest_limit(MAX_NESTING).build().parse(pattern);
    let (reason, offset) = match parsed {
        Ok(_) => return Ok(()),
        Err(regex_syntax::Error::Parse(fault)) => (fault.kind().to_string(), fault.span().start.offset),
        Err(regex_syntax::Error::Translate(fault)) => (fault.kind().to_string(), fault.span().start.offset),
        Err(_) => return Err(Error::new(Code::ConditionPattern)),
    };
    let error = Error::of_member(Code::ConditionPattern, &reason);
    Err(error.beginning_at(u32::try_from(offset).unwrap_or(u32::MAX)))
}
