//! Where tokens come from.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::PathBuf;

use super::args::VerifyArgs;
use crate::failure::Failure;
use crate::file_identity::standard_input_metadata;

/// How much longer than the longest token a line may be and still be read whole.
const SLACK_BYTES: usize = 4 * 1024;

/// How much longer than the token a line of JSON may be.
const JSON_SLACK_BYTES: usize = 1024 * 1024;

/// A source of tokens.
#[derive(Debug)]
pub(super) enum Source {
    Argument(String),
    File(PathBuf),
    StandardInput,
}

impl Source {
    /// Lists the sources that the arguments name.
    pub(super) fn all(args: &VerifyArgs) -> Result<Vec<Self>, Failure> {
        let files = args.input.file.iter().map(|path| Self::of_path(path.clone()));
        let tokens = args.tokens.iter().map(|token| match token.strip_prefix('@') {
            Some(path) => Self::of_path(path.into()),
            None if token == "-" => Self::StandardInput,
            None => Self::Argument(token.clone()),
        });
        let sources: Vec<_> = tokens.chain(files).collect();
        if sources.is_empty() {
            if io::stdin().is_terminal() {
                return Err(Failure::new("no token: give tokens, @FILE, --file FILE or standard input"));
            }
            return Ok(vec![Self::StandardInput]);
        }
        Ok(sources)
    }

    fn of_path(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Self::StandardInput } else { Self::File(path) }
    }

    /// Names the source in verdicts and failures.
    pub(super) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Argument(_) => "argument".into(),
            Self::File(path) => path.to_string_lossy(),
            Self::StandardInput => "-".into(),
        }
    }

    /// Opens a file or standard input.
    pub(super) fn open(&self) -> Result<Box<dyn Read>, Failure> {
        match self {
            Self::File(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(error) => Err(Failure::of(path.display(), error)),
            },
            Self::StandardInput => Ok(Box::new(io::stdin().lock())),
            Self::Argument(token) => Ok(Box::new(io::Cursor::new(token.clone()))),
        }
    }

    /// Returns the size, if it is known before reading.
    pub(super) fn size_bytes(&self) -> Option<u64> {
        let metadata = match self {
            Self::Argument(token) => return u64::try_from(token.len()).ok(),
            Self::File(path) => path.metadata().ok()?,
            Self::StandardInput => standard_input_metadata()?,
        };
        metadata.is_file().then_some(metadata.len())
    }
}

/// Finds the token on a line.
#[derive(Debug)]
pub(super) struct Reading {
    field: Option<String>,
    bearer: bool,
    token_bytes: usize,
}

impl Reading {
    pub(super) fn new(args: &VerifyArgs) -> Self {
        Self {
            field: args.input.field.clone(),
            bearer: args.input.bearer,
            token_bytes: usize::try_from(args.rules.max_token_bytes).unwrap_or(usize::MAX),
        }
    }

    /// Returns the number of bytes of a line that are kept.
    pub(super) fn line_bytes(&self) -> usize {
        let slack = if self.field.is_some() { JSON_SLACK_BYTES } else { SLACK_BYTES };
        self.token_bytes.saturating_add(slack)
    }

    /// Returns `true` if lines are tokens, and not JSON objects that contain one.
    pub(super) const fn lines_are_tokens(&self) -> bool {
        self.field.is_none()
    }

    /// Finds the token on a line.
    ///
    /// # Errors
    /// The reason why there is none, without any text of the line.
    pub(super) fn token_on<'l>(&self, line: &'l [u8]) -> Result<Cow<'l, [u8]>, &'static str> {
        let Some(field) = &self.field else { return Ok(Cow::Borrowed(self.without_scheme(line))) };
        let object: serde_json::Value = serde_json::from_slice(line).map_err(|_| "the line is not JSON")?;
        if !object.is_object() {
            return Err("the line is not a JSON object");
        }
        let value =
            object.get(field).or_else(|| field.split('.').try_fold(&object, |value, name| value.get(name)));
        match value {
            None => Err("the member is absent"),
            Some(serde_json::Value::String(token)) => {
                Ok(Cow::Owned(self.without_scheme(token.as_bytes()).to_vec()))
            }
            Some(_) => Err("the member is not a string"),
        }
    }

    /// Removes the scheme of RFC 6750 §2.1, if requested.
    pub(super) fn without_scheme<'t>(&self, token: &'t [u8]) -> &'t [u8] {
        const SCHEME: &[u8] = b"bearer";

        let Some((scheme, rest)) = token.split_at_checked(SCHEME.len()).filter(|_| self.bearer) else {
            return token;
        };
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        match rest.get(spaces..) {
            Some(bare) if spaces > 0 && scheme.eq_ignore_ascii_case(SCHEME) => bare,
            _ => token,
        }
    }
}

/// Returns `true` if a word precedes the token, as in an Authorization header.
pub(super) fn has_scheme(token: &[u8]) -> bool {
    let word = token.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(token.len());
    word > 0 && token.get(word) == Some(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(field: Option<&str>, bearer: bool) -> Reading {
        Reading { field: field.map(str::to_owned), bearer, token_bytes: 100 }
    }

    #[test]
    fn bearer_is_removed_only_when_asked_for() {
        let bare = |bearer, line: &'static str| {
            reading(None, bearer).token_on(line.as_bytes()).unwrap().into_owned()
        };
        assert_eq!(bare(false, "Bearer a"), b"Bearer a");
        assert_eq!(bare(true, "BEARER  a"), b"a");
        assert_eq!(bare(true, "bearera"), b"bearera");
        assert_eq!(bare(true, "\u{e9}\u{e9}\u{e9}\u{e9}"), "\u{e9}\u{e9}\u{e9}\u{e9}".as_bytes());
        assert_eq!(bare(true, "a"), b"a");
    }

    #[test]
    fn field_is_followed_by_its_name_or_its_path() {
        let found = |field, line: &'static str| {
            reading(Some(field), false).token_on(line.as_bytes()).map(|token| token.into_owned())
        };
        assert_eq!(found("a", r#"{"a":"t"}"#).unwrap(), b"t");
        assert_eq!(found("a.b", r#"{"a":{"b":"t"}}"#).unwrap(), b"t");
        assert_eq!(found("a.b", r#"{"a.b":"u","a":{"b":"t"}}"#).unwrap(), b"u");
        assert_eq!(found("a.b", r#"{"a":"t"}"#), Err("the member is absent"));
        assert_eq!(found("a", r#"{"a":7}"#), Err("the member is not a string"));
        assert_eq!(found("a", "[]"), Err("the line is not a JSON object"));
        assert_eq!(found("a", "{"), Err("the line is not JSON"));
    }
}
