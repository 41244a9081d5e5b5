//! Keys with a past: the interval in which each was in force.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jot::{Alg, KeyOptions, KeySet, UnixSeconds, VerifyingKey};
use jot_show::date;
use jot_show::text::quoted;

use super::args::AuditKeyArgs;
use super::coverage::earlier;
use super::input::time_text;
use crate::failure::{Failure, warn};
use crate::key_file::KeyFile;
use crate::verify::policy;

/// The keys of one issuer, or of all.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) issuer: Option<String>,
    pub(super) keys: Arc<KeySet>,
    /// The date of the first snapshot, if there are any.
    pub(super) first_snapshot: Option<i64>,
}

/// Reads the keys that the arguments name and merges those of one issuer. Keys without
/// an issuer belong to each of `issuers`, or to every issuer if there are none.
pub(super) fn trusted(args: &AuditKeyArgs, issuers: &[String]) -> Result<Vec<Trusted>, Failure> {
    let options = policy::options(args.allow_weak_keys, args.all_certificates).read_validity();
    let options = if args.certificate_validity { options.certificate_validity() } else { options };
    let mut found: Vec<(Option<String>, KeySet, Option<i64>)> = Vec::new();
    for argument in &args.keys {
        let (issuer, path) = split(argument);
        let owners = match issuer.map(str::to_owned) {
            None if !issuers.is_empty() => issuers.iter().cloned().map(Some).collect(),
            owner => vec![owner],
        };
        for owner in owners {
            let Read { keys, first_snapshot } = read(Path::new(path), &options)?;
            match found.iter_mut().find(|(other, ..)| *other == owner) {
                Some((_, set, first)) => {
                    keys.into_iter().for_each(|key| set.push(key));
                    *first = earlier(*first, first_snapshot);
                }
                None => found.push((owner, KeySet::new(keys), first_snapshot)),
            }
        }
    }
    if found.len() > 1 && found.iter().any(|(issuer, ..)| issuer.is_none()) {
        return Err(Failure::of(
            "--keys",
            "keys for every issuer cannot be combined with keys of a named issuer",
        ));
    }
    let trusted = |(issuer, keys, first_snapshot)| Trusted { issuer, keys: Arc::new(keys), first_snapshot };
    Ok(found.into_iter().map(trusted).collect())
}

/// Lists the files that the arguments name, including those in directories.
pub(super) fn files(arguments: &[String]) -> Vec<PathBuf> {
    let paths = arguments.iter().map(|argument| Path::new(split(argument).1));
    let files = paths.flat_map(|path| match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => vec![path.to_owned()],
    });
    files.collect()
}

fn split(argument: &str) -> (Option<&str>, &str) {
    match argument.rsplit_once('=') {
        Some((issuer, path)) if !issuer.is_empty() => (Some(issuer), path),
        _ => (None, argument),
    }
}

/// What a path has.
struct Read {
    keys: Vec<VerifyingKey>,
    first_snapshot: Option<i64>,
}

fn read(path: &Path, options: &KeyOptions) -> Result<Read, Failure> {
    if !path.is_dir() {
        return Ok(Read { keys: parse(&KeyFile::read(path)?, options)?, first_snapshot: None });
    }
    let history = History::read(path, options)?;
    let first_snapshot = history.dates.first().copied();
    Ok(Read { keys: history.into_keys(path)?, first_snapshot })
}

/// Reads every key of a file.
fn parse(file: &KeyFile<'_>, options: &KeyOptions) -> Result<Vec<VerifyingKey>, Failure> {
    let set = file.key_set(options)?;
    for key in set.keys() {
        for (name, bound) in [("nbf", key.not_before()), ("exp", key.expires_at())] {
            if let Some(meant) = bound.and_then(date::as_milliseconds) {
                let kid = key.kid().map_or_else(|| "without kid".to_owned(), quoted);
                file.warn(format!(
                    "the {name} of key {kid} looks like milliseconds, of {meant}; it must be in seconds"
                ));
            }
        }
    }
    Ok(set.into_iter().collect())
}

/// A key, and the first and last snapshot that has it.
struct Seen {
    key: VerifyingKey,
    first: usize,
    last: usize,
}

/// The snapshots of a directory, in the order of their dates.
struct History {
    dates: Vec<i64>,
    seen: Vec<Seen>,
}

impl History {
    fn read(directory: &Path, options: &KeyOptions) -> Result<Self, Failure> {
        let mut snapshots = snapshots(directory)?;
        snapshots.sort_unstable();
        let mut history = Self { dates: Vec::new(), seen: Vec::new() };
        for (place, (date, path)) in snapshots.iter().enumerate() {
            if history.dates.last() == Some(date) {
                return Err(Failure::of(path.display(), "another snapshot has the same date"));
            }
            history.dates.push(*date);
            for key in parse(&KeyFile::read(path)?, options)? {
                history.add(key, place, path);
            }
        }
        Ok(history)
    }

    fn add(&mut self, key: VerifyingKey, place: usize, path: &Path) {
        let names = |key: &VerifyingKey| {
            let algorithms: Vec<Alg> = key.algorithms().iter().collect();
            (key.kid().map(str::to_owned), key.thumbprint().to_owned(), algorithms)
        };
        let name = names(&key);
        let Some(seen) = self.seen.iter_mut().find(|seen| names(&seen.key) == name) else {
            self.seen.push(Seen { key, first: place, last: place });
            return;
        };
        if place > seen.last.saturating_add(1) {
            let kid = key.kid().map_or_else(|| "without kid".to_owned(), quoted);
            let reason =
                format!("the key {kid} is back after it disappeared; it counts as in force in between");
            warn(path.display(), reason);
        }
        seen.last = place;
    }

    /// Limits each key to the time from its first snapshot until the one after its
    /// last, and to its own bounds.
    fn into_keys(self, directory: &Path) -> Result<Vec<VerifyingKey>, Failure> {
        let Self { dates, seen } = self;
        let mut keys = Vec::new();
        for Seen { key, first, last } in seen {
            let from = dates.get(first).copied().map(UnixSeconds).max(key.not_before());
            let gone = dates.get(last.saturating_add(1)).copied().map(UnixSeconds);
            let until = match (gone, key.expires_at()) {
                (Some(gone), Some(own)) => Some(gone.min(own)),
                (gone, own) => gone.or(own),
            };
            keys.push(key.with_validity(from, until));
        }
        if keys.is_empty() {
            return Err(Failure::of(directory.display(), "no snapshot has a key"));
        }
        Ok(keys)
    }
}

fn snapshots(directory: &Path) -> Result<Vec<(i64, PathBuf)>, Failure> {
    let blame = |error: std::io::Error| Failure::of(directory.display(), error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(blame)? {
        let path = entry.map_err(blame)?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') || !path.is_file() {
            continue;
        }
        let date = date_in(name).ok_or_else(|| {
            Failure::of(path.display(), "the name has no date, such as 2026-03-01 or 2026-03-01T12-30-00Z")
        })?;
        found.push((date, path));
    }
    Ok(found)
}

/// Reads the date at the end of a name: a day, a time in UTC, whose colons may
/// be hyphens or left out, or seconds since 1970.
fn date_in(name: &str) -> Option<i64> {
    let name = name.get(name.find(|c: char| c.is_ascii_digit())?..)?;
    let (day, time) = name.split_once(['T', 't', '_']).unwrap_or((name, "000000"));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if time == "000000" && day.len() > 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return day.parse().ok();
    }
    let (day, time) = (digits(day), digits(time));
    let (year, month, date) = (day.get(..4)?, day.get(4..6)?, day.get(6..8)?);
    let (hour, minute, second) = (time.get(..2)?, time.get(2..4)?, time.get(4..6).unwrap_or("00"));
    if day.len() != 8 || !matches!(time.len(), 4 | 6) {
        return None;
    }
    time_text::parse(format!("{year}-{month}-{date}T{hour}:{minute}:{second}Z").as_bytes(), None).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_of_names() {
        for name in [
            "2026-03-01",
            "jwks-2026-03-01",
            "20260301",
            "2026-03-01T00-00-00Z",
            "20260301T0000Z",
            "1772323200",
        ] {
            assert_eq!(date_in(name), Some(1_772_323_200), "{name}");
        }
        assert_eq!(date_in("2026-03-01T12:30:45Z"), Some(1_772_368_245));
        for name in ["", "jwks", "2026", "2026-13-01", "2026-03-01T1Z"] {
            assert_eq!(date_in(name), None, "{name}");
        }
    }
}
