//! The notation of conditions: `NAME [not] TEST [OPERAND…]`.

use std::str::FromStr;

use super::{Condition, Operand, Order, Test, operands};
use crate::error::{Code, Error};
use crate::json::{self, Storage};
use crate::policy::path::ClaimPath;

/// What a word is as an operand.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    /// JSON strings, numbers and booleans are such values.
    Typed,
    /// Every word is a text without a type.
    Text,
}

/// A word, and where it begins.
#[derive(Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    offset: Option<u32>,
}

impl Word<'_> {
    fn error(&self, code: Code) -> Error {
        let error = Error::of_member(code, self.text);
        match self.offset {
            Some(offset) => error.beginning_at(offset),
            None => error,
        }
    }
}

impl Condition {
    /// Reads a condition as every host's configuration spells it: a name, `not` if it
    /// is negated, a test, and the operands of the test, with spaces in between.
    ///
    /// A name that begins with a slash is a JSON Pointer
    /// ([`ClaimPath::parse`]). The tests are `present`, `equals`, `any_of`, `contains`,
    /// `prefix`, `regex`, `ge`, `gt`, `le` and `lt`. An operand that is a JSON string,
    /// number or boolean is that value, and any other word is the string itself; a
    /// word with spaces in it is written as a JSON string. The operand of `prefix` and
    /// `regex` is always a string.
    ///
    /// ```
    /// use jot::Condition;
    ///
    /// let tier = Condition::parse("tier any_of gold silver \"old gold\"")?;
    /// assert_eq!(tier, Condition::any_of("tier", ["gold", "silver", "old gold"]));
    /// let level = Condition::parse("/tenant/level not lt 3")?;
    /// assert_eq!(level, Condition::lt(["tenant", "level"], 3).not());
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Code::ConditionName`] to [`Code::RegexMissing`], with the word at fault and its
    /// offset; of a malformed pattern the reason and the offset within it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let words = split(text)?;
        let Some((name, rest)) = words.split_first() else {
            return Err(Error::new(Code::ConditionName));
        };
        let path = ClaimPath::parse(&plain(name)?).map_err(|_| name.error(Code::ConditionName))?;
        read(path, rest, Reading::Typed)
    }

    /// Makes a condition of a path and the words that follow it in the notation: `not`
    /// if it is negated, the test, its operands.
    ///
    /// ```
    /// use jot::Condition;
    ///
    /// let tier = Condition::from_words("tier", &["any_of", "gold", "old gold"])?;
    /// assert_eq!(tier, Condition::any_of("tier", ["gold", "old gold"]));
    /// # Ok::<(), jot::Error>(())
    /// ```
    ///
    /// # Errors
    /// As of [`parse`](Self::parse).
    pub fn from_words(path: impl Into<ClaimPath>, words: &[&str]) -> Result<Self, Error> {
        read(path.into(), &unplaced(words), Reading::Typed)
    }

    /// Makes a condition like [`from_words`](Self::from_words), whose operands are
    /// texts without a type ([`Operand::text`]): for values that come with a request.
    ///
    /// # Errors
    /// As of [`parse`](Self::parse).
    pub fn from_texts(path: impl Into<ClaimPath>, words: &[&str]) -> Result<Self, Error> {
        read(path.into(), &unplaced(words), Reading::Text)
    }
}

impl FromStr for Condition {
    type Err = Error;

    /// # Errors
    /// As of [`Condition::parse`].
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

fn unplaced<'t>(words: &[&'t str]) -> Vec<Word<'t>> {
    words.iter().map(|text| Word { text, offset: None }).collect()
}

/// Splits a text at its spaces, but for those within JSON strings.
fn split(text: &str) -> Result<Vec<Word<'_>>, Error> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let offset = u32::try_from(text.len().saturating_sub(rest.len())).ok();
        let end = match end_of_quoted(rest) {
            Some(end) => end,
            None => rest.find(' ').unwrap_or(rest.len()),
        };
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !behind.is_empty() && !behind.starts_with(' ') {
            return Err(Word { text: rest, offset }.error(Code::ConditionQuotes));
        }
        words.push(Word { text: word, offset });
        rest = behind.trim_start_matches(' ');
    }
    Ok(words)
}

/// Returns where a JSON string ends that the text begins with.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    bytes.next().filter(|(_, first)| *first == b'"')?;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'"' => return at.checked_add(1),
            _ => {}
        }
    }
    None
}

/// Returns what a word says: a JSON string its characters, any other word itself.
fn plain(word: &Word<'_>) -> Result<Box<str>, Error> {
    if !word.text.starts_with('"') {
        return Ok(word.text.into());
    }
    let invalid = || word.error(Code::ConditionQuotes);
    // No more than one string: otherwise the object below could have other members.
    if end_of_quoted(word.text) != Some(word.text.len()) {
        return Err(invalid());
    }
    let object = format!("{{\"\":{}}}", word.text);
    let mut storage = Storage::default();
    let object = json::parse(object.as_bytes(), &mut storage).map_err(|_| invalid())?;
    object.member("").and_then(|value| value.as_str()).map(Into::into).ok_or_else(invalid)
}

fn operand(word: &Word<'_>, reading: Reading) -> Result<Operand, Error> {
    if reading == Reading::Text {
        return Ok(Operand::text(word.text));
    }
    if word.text.starts_with('"') {
        return Ok((&*plain(word)?).into());
    }
    // Written so they are taken for null, a list or an object, which no operand is.
    if word.text == "null" || word.text.starts_with(['[', '{']) {
        return Err(word.error(Code::ConditionOperand));
    }
    Ok(Operand::of_word(word.text))
}

fn read(path: ClaimPath, words: &[Word<'_>], reading: Reading) -> Result<Condition, Error> {
    let (negated, words) = match words.split_first() {
        Some((first, rest)) if first.text == "not" => (true, rest),
        _ => (false, words),
    };
    let Some((name, words)) = words.split_first() else { return Err(Error::new(Code::ConditionTest)) };
    let test = test(name, words, reading)?;
    let condition = Condition { path, test, negated };
    condition.validate().map_err(|error| match (error.code(), words) {
        (Code::ConditionOperand, [only]) => only.error(Code::ConditionOperand),
        (code, _) => name.error(code),
    })?;
    Ok(condition)
}

fn test(name: &Word<'_>, words: &[Word<'_>], reading: Reading) -> Result<Test, Error> {
    let wrong_count = || name.error(Code::ConditionOperands);
    let only = || match words {
        [only] => Ok(only),
        _ => Err(wrong_count()),
    };
    let all = || words.iter().map(|word| operand(word, reading)).collect::<Result<Vec<_>, Error>>();
    let string = |word: &Word<'_>| -> Result<Operand, Error> {
        match reading {
            Reading::Text => Ok(Operand::text(word.text)),
            Reading::Typed => Ok((&*plain(word)?).into()),
        }
    };
    let order = |order| Ok(Test::Order(order, operand(only()?, reading)?));
    match name.text {
        "present" if words.is_empty() => Ok(Test::Present),
        "present" => Err(wrong_count()),
        "equals" => Ok(Test::AnyOf(operands([operand(only()?, reading)?]))),
        "any_of" => Ok(Test::AnyOf(operands(all()?))),
        "contains" => Ok(Test::Contains(operands(all()?))),
        "prefix" => Ok(Test::Prefix(string(only()?)?)),
        "regex" => pattern(&string(only()?)?),
        "ge" => order(Order::AtLeast),
        "gt" => order(Order::Above),
        "le" => order(Order::AtMost),
        "lt" => order(Order::Below),
        _ => Err(name.error(Code::ConditionTest)),
    }
}

#[cfg(feature = "regex")]
fn pattern(pattern: &Operand) -> Result<Test, Error> {
    Ok(Test::Regex(super::pattern::Pattern::new(pattern.chars().unwrap_or_default())?))
}

#[cfg(not(feature = "regex"))]
fn pattern(_: &Operand) -> Result<Test, Error> {
    Err(Error::new(Code::RegexMissing))
}
