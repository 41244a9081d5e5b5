//! The state that an interrupted run saves for `--resume`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::chunk::Position;
use super::standing::Standing;
use super::tally::Tally;
use super::target::Mark;
use crate::destination::Destination;
use crate::failure::Failure;

/// The version of the state's format.
const FORM: u32 = 6;

/// What every version's state begins with.
#[derive(Deserialize)]
struct Head {
    form: u32,
    command: String,
}

/// The progress of a run after its last complete chunk.
#[derive(Serialize, Deserialize)]
pub(super) struct State {
    form: u32,
    /// A digest of the command; only the same command can resume.
    command: String,
    pub(super) next: Position,
    pub(super) sequence: u64,
    pub(super) lines: u64,
    /// The length of the partial output.
    out_bytes: u64,
    /// The description of its row groups in base64, if it is Parquet.
    out_groups: String,
    fingerprint_key: String,
    /// What speaks against the verdicts so far.
    pub(super) doubts: Vec<String>,
    pub(super) tally: Tally,
}

impl State {
    pub(super) fn new(command: String, standing: &Standing, fingerprint_key: &[u8], mark: &Mark) -> Self {
        let fingerprint_key = fingerprint_key.iter().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        let Standing { next, sequence, lines, tally, trust, .. } = standing;
        Self {
            form: FORM,
            command,
            next: *next,
            sequence: *sequence,
            lines: *lines,
            out_bytes: mark.bytes,
            out_groups: STANDARD.encode(&mark.groups),
            fingerprint_key,
            doubts: trust.lines().to_vec(),
            tally: tally.clone(),
        }
    }

    /// How far the rows were on disk. If this was damaged, so is the description of the
    /// row groups, and Parquet is not gone on with.
    pub(super) fn mark(&self) -> Mark {
        Mark { bytes: self.out_bytes, groups: STANDARD.decode(&self.out_groups).unwrap_or_default() }
    }

    pub(super) fn fingerprint_key(&self) -> Vec<u8> {
        let digits = self.fingerprint_key.as_bytes().chunks_exact(2);
        let byte =
            |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        digits.filter_map(byte).collect()
    }

    /// Returns the place of the state: the one that the user named, or next to the
    /// output.
    pub(super) fn path(named: Option<&Path>, out: Option<&Destination>) -> PathBuf {
        match (named, out) {
            (Some(named), _) => named.to_owned(),
            (None, Some(out)) => {
                let mut name = out.named().as_os_str().to_owned();
                name.push(".resume");
                name.into()
            }
            _ => PathBuf::from("jotctl-audit.resume"),
        }
    }

    /// Reads the state of an interrupted run of the same command.
    pub(super) fn read(path: &Path, command: &str) -> Result<Self, Failure> {
        let blame = |reason: String| Failure::of(path.display(), reason);
        let text =
            std::fs::read(path).map_err(|error| blame(format!("there is nothing to resume: {error}")))?;
        let no_state = |_| blame("not the state of an audit".to_owned());
        let head: Head = serde_json::from_slice(&text).map_err(no_state)?;
        if head.form != FORM {
            let reason =
                "the state of another version of jotctl, which has to finish it; --force starts anew";
            return Err(blame(reason.to_owned()));
        }
        if head.command != command {
            return Err(blame("the state of another command, or of other sources or keys".to_owned()));
        }
        serde_json::from_slice(&text).map_err(no_state)
    }

    /// Returns `true` if the file is the state of an audit, be it of another version.
    pub(super) fn is_at(path: &Path) -> bool {
        std::fs::read(path).is_ok_and(|text| serde_json::from_slice::<Head>(&text).is_ok())
    }

    /// Writes the state. Only its owner may read it, because it holds the key of the
    /// fingerprints.
    pub(super) fn write(&self, place: &Destination) -> Result<(), Failure> {
        let text = serde_json::to_vec(self).map_err(|error| Failure::of(place.named().display(), error))?;
        place.rewrite(&text)
    }
}
