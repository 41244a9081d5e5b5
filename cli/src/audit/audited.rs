//! What was audited: the sources, keys and rules of a run, and the run itself.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{Context, SHA256};
use clap::ValueEnum;
use jot::UnixSeconds;
use jot_show::date::calendar;
use serde_json::{Value, json};

use super::args::AuditArgs;
use super::input::source::Source;
use super::past::Trusted;
use crate::verify::RuleArgs;

/// A source as it was when the run began.
pub(super) struct SourceFacts {
    pub(super) name: String,
    pub(super) bytes: Option<u64>,
    modified: Option<SystemTime>,
    pub(super) hash: Hash,
}

/// The SHA-256 of a source.
pub(super) enum Hash {
    /// `--hash-sources` was not given.
    NotWanted,
    /// In hexadecimal.
    Taken(String),
    /// Why there is none.
    Missing(String),
}

/// A key, and when it was in force.
pub(super) struct KeyFacts {
    pub(super) issuer: Option<String>,
    pub(super) kid: Option<String>,
    pub(super) algorithms: String,
    pub(super) thumbprint: String,
    pub(super) from: Option<i64>,
    /// The first instant at which it was no longer in force.
    pub(super) until: Option<i64>,
}

/// The facts of a run.
pub(super) struct Audited {
    pub(super) sources: Vec<SourceFacts>,
    pub(super) keys: Vec<KeyFacts>,
    /// Names and values, in plain text.
    pub(super) rules: Vec<(&'static str, String)>,
    /// The columns of `--keep`.
    pub(super) kept: Vec<String>,
    pub(super) command: String,
    pub(super) begun: i64,
    pub(super) elapsed: Duration,
    pub(super) is_resumed: bool,
    /// What `--fail-on` and `--max-unread` found.
    pub(super) broken_limits: Vec<String>,
    /// Why the verdicts are not to be relied on, if they are not.
    pub(super) doubt: Option<String>,
}

fn seconds(time: SystemTime) -> Option<i64> {
    i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs()).ok()
}

impl SourceFacts {
    fn of(source: &Source) -> Self {
        let data = match source {
            Source::File(path) => path.metadata().ok().filter(std::fs::Metadata::is_file),
            Source::StandardInput => None,
        };
        Self {
            name: source.name(),
            bytes: data.as_ref().map(std::fs::Metadata::len),
            modified: data.and_then(|data| data.modified().ok()),
            hash: Hash::NotWanted,
        }
    }

    /// Returns when it was last changed, in seconds since 1970.
    pub(super) fn modified(&self) -> Option<i64> {
        self.modified.and_then(seconds)
    }

    /// Reads the source again for its hash, unless it is no longer what it was.
    fn hash(&mut self) {
        self.hash = match (self.bytes, self.modified) {
            (None, _) => Hash::Missing("not a file".to_owned()),
            (Some(bytes), modified) => match hash(Path::new(&self.name)) {
                Err(error) => Hash::Missing(error.to_string()),
                Ok((_, read, now)) if read != bytes || now != modified => {
                    Hash::Missing("changed while the audit ran".to_owned())
                }
                Ok((hash, ..)) => Hash::Taken(hash),
            },
        };
    }

    fn to_json(&self) -> Value {
        let hash = match &self.hash {
            Hash::Taken(hash) => Some(hash),
            Hash::NotWanted | Hash::Missing(_) => None,
        };
        json!({"name": self.name, "bytes": self.bytes, "modified": self.modified(), "sha256": hash})
    }
}

/// Returns the SHA-256 of a file in hexadecimal, how many bytes it has, and when it was
/// last changed.
fn hash(path: &Path) -> io::Result<(String, u64, Option<SystemTime>)> {
    let mut file = File::open(path)?;
    let (mut context, mut read, mut room) = (Context::new(&SHA256), 0_u64, vec![0; 1 << 18]);
    loop {
        let piece = match file.read(&mut room) {
            Ok(0) => break,
            Ok(length) => room.get(..length).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        context.update(piece);
        read = read.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }
    let hash = context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((hash, read, file.metadata()?.modified().ok()))
}

impl Audited {
    /// Notes what there is when a run begins.
    pub(super) fn new(args: &AuditArgs, sources: &[Source], trusted: &[Trusted]) -> Self {
        let keys = trusted.iter().flat_map(|Trusted { issuer, keys, .. }| {
            keys.keys().iter().map(|key| KeyFacts {
                issuer: issuer.clone(),
                kid: key.kid().map(str::to_owned),
                algorithms: joined(key.algorithms().iter(), ", "),
                thumbprint: key.thumbprint().to_owned(),
                from: key.not_before().map(|UnixSeconds(seconds)| seconds),
                until: key.expires_at().map(|UnixSeconds(seconds)| seconds),
            })
        });
        Self {
            sources: sources.iter().map(SourceFacts::of).collect(),
            keys: keys.collect(),
            rules: rules(args),
            kept: args.output.keep.clone(),
            command: command_line(),
            begun: seconds(SystemTime::now()).unwrap_or_default(),
            elapsed: Duration::ZERO,
            is_resumed: args.running.resume,
            broken_limits: Vec::new(),
            doubt: None,
        }
    }

    /// Reads every source again for its hash.
    pub(super) fn hash_sources(&mut self) {
        self.sources.iter_mut().for_each(SourceFacts::hash);
    }

    /// Returns the sources and their hashes.
    pub(super) fn sources_json(&self) -> Vec<Value> {
        self.sources.iter().map(SourceFacts::to_json).collect()
    }

    /// Returns the keys and when they were in force.
    pub(super) fn keys_json(&self) -> Vec<Value> {
        let key = |key: &KeyFacts| {
            let KeyFacts { issuer, kid, algorithms, thumbprint, from, until } = key;
            json!({
                "issuer": issuer,
                "kid": kid,
                "algorithms": algorithms,
                "thumbprint": thumbprint,
                "not_before": from,
                "expires_at": until,
            })
        };
        self.keys.iter().map(key).collect()
    }
}

/// Returns the command as a shell would take it.
fn command_line() -> String {
    let words = std::env::args_os().map(|word| {
        let word = word.to_string_lossy().into_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,%+@".contains(c);
        match !word.is_empty() && word.chars().all(plain) {
            true => word,
            false => format!("'{}'", word.replace('\'', "'\\''")),
        }
    });
    joined(words, " ")
}

fn joined(items: impl IntoIterator<Item = impl ToString>, joint: &str) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(joint)
}

/// Returns the rules that were set, in words.
fn rules(args: &AuditArgs) -> Vec<(&'static str, String)> {
    let RuleArgs { alg, iss, aud, any_audience, sub, typ, azp, scope, require, claim, .. } = &args.rules;
    let RuleArgs { profile, leeway, max_age, allow_missing_exp, allow_future_iat, now, .. } = &args.rules;
    let audience = match (any_audience, aud.is_empty()) {
        (true, _) => "any".to_owned(),
        (false, true) => "none: a token that has one is rejected".to_owned(),
        (false, false) => joined(aud, " or "),
    };
    let mut rules = vec![
        ("Algorithms", joined(alg, ", ")),
        ("Audience", audience),
        ("Leeway", format!("{leeway} s")),
        ("Longest token", format!("{} bytes", args.rules.max_token_bytes)),
    ];
    let mut add = |name, value: Option<String>| rules.extend(value.map(|value| (name, value)));
    let some = |values: &[String], joint| (!values.is_empty()).then(|| joined(values, joint));
    add("Issuer", some(iss, " or "));
    add("Subject", sub.clone());
    add("Type", some(typ, " or "));
    add("Authorized party", azp.clone());
    add("Scopes", some(scope, " and "));
    add("Required claims", some(require, " and "));
    add("Conditions", some(claim, " and "));
    add("Profile", names(profile.as_slice()));
    add("Greatest age", max_age.map(|seconds| format!("{seconds} s")));
    add("Without expiry", allow_missing_exp.then(|| "accepted".to_owned()));
    add("Issued in the future", allow_future_iat.then(|| "accepted".to_owned()));
    add("Weak keys", args.keys.allow_weak_keys.then(|| "accepted".to_owned()));
    add("Time of records without one", now.map(|now| calendar(UnixSeconds(now))));
    add("Columns left out", names(&args.output.omit));
    add("Columns shown as fingerprints", names(&args.output.hash));
    rules
}

fn names<V: ValueEnum>(values: &[V]) -> Option<String> {
    let names = values.iter().filter_map(ValueEnum::to_possible_value);
    (!values.is_empty()).then(|| joined(names.map(|value| value.get_name().to_owned()), ", "))
}
