//! Keys in files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use jot::{KeyOptions, KeySet, SigningKey, VerifyingKey};
use jot_show::layout;
use jot_show::text::without_mark;
use zeroize::Zeroizing;

use crate::failure::{Failure, warn};

/// The largest key file: far more than any JWK Set is.
const LARGEST_BYTES: u64 = 16 * 1024 * 1024;

/// A key file's name and content.
pub(crate) struct KeyFile<'p> {
    path: &'p Path,
    content: Zeroizing<Vec<u8>>,
}

/// The format of a key file, judged by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Jwk,
    JwkSet,
    Pem,
    Der,
}

impl<'p> KeyFile<'p> {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(path: &'p Path) -> Result<Self, Failure> {
        let content = match path.as_os_str() == "-" {
            true => read_bounded(io::stdin().lock()),
            false => File::open(path).and_then(read_bounded),
        };
        let content = content.map_err(|error| Failure::of(path.display(), error))?;
        Ok(Self { path, content })
    }

    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Names the file in a failure.
    pub(crate) fn blame(&self, reason: impl std::fmt::Display) -> Failure {
        Failure::of(self.path.display(), reason)
    }

    /// Names the file in a warning.
    pub(crate) fn warn(&self, reason: impl std::fmt::Display) {
        warn(self.path.display(), reason);
    }

    /// Reads the private key that signs.
    pub(crate) fn signing_key(&self, options: &KeyOptions) -> Result<SigningKey, Failure> {
        match self.form() {
            Form::Jwk => SigningKey::from_jwk(&self.content, options),
            Form::Pem => SigningKey::from_pem(&self.content, options),
            Form::Der => SigningKey::from_der(&self.content, options),
            Form::JwkSet => return Err(self.blame("a JWK Set; give the one key to sign with")),
        }
        .map_err(|error| self.blame(error))
    }

    /// Reads every verifying key, in any format.
    pub(crate) fn key_set(&self, options: &KeyOptions) -> Result<KeySet, Failure> {
        let set = match is_sequence(&self.content) {
            true => KeySet::new([
                VerifyingKey::from_der(&self.content, options).map_err(|error| self.blame(error))?
            ]),
            false => KeySet::from_text(&self.content, options).map_err(|error| self.blame(error))?,
        };
        Ok(self.warn_of_skipped(set))
    }

    /// Warns the user about the keys that the set skipped.
    pub(crate) fn warn_of_skipped(&self, set: KeySet) -> KeySet {
        for skipped in set.skipped() {
            self.warn(format_args!("skipped {skipped}"));
        }
        set
    }

    /// Recognizes the format. PEM is the fallback, because its parser explains best
    /// what else a text may be.
    fn form(&self) -> Form {
        let text = without_mark(&self.content);
        if text.trim_ascii_start().starts_with(b"{") {
            let names = std::str::from_utf8(text).ok().and_then(layout::member_names);
            let is_set = names.is_some_and(|names| names.iter().any(|name| name == "keys"));
            return if is_set { Form::JwkSet } else { Form::Jwk };
        }
        if is_sequence(&self.content) { Form::Der } else { Form::Pem }
    }
}

/// Returns `true` if the tag and length are those of a DER SEQUENCE, as in every key.
/// The length is checked because text may begin with `0`, the byte of the tag.
fn is_sequence(content: &[u8]) -> bool {
    match content {
        [0x30, length @ ..=0x7f, rest @ ..] => rest.len() == usize::from(*length),
        [0x30, 0x81..=0x84, ..] => true,
        _ => false,
    }
}

fn read_bounded(source: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut content = Zeroizing::new(Vec::new());
    source.take(LARGEST_BYTES.saturating_add(1)).read_to_end(&mut content)?;
    match u64::try_from(content.len()) {
        Ok(length) if length <= LARGEST_BYTES => Ok(content),
        _ => Err(io::Error::other("larger than any key file")),
    }
}
