//! `jotctl keys`: keys that an issuer publishes at a URL.

mod args;
mod history;
mod jwks;
mod sources;

use jot::{KeyOptions, KeySet};
use jot_fetch::RemoteKeys;
use jot_show::text::quoted;

use self::args::Action;
pub(crate) use self::args::{ConnectionArgs, KeysArgs};
use self::history::History;
use self::jwks::jwks_of;
use self::sources::Sources;
pub(crate) use self::sources::{Place, fetch as fetch_keys, fetcher, longest, options_of};
use crate::destination::{Destination, Readers};
use crate::failure::{End, Failure, print, tell};
use crate::fetch_state::FetchState;
use crate::following::{Interruption, TICK, listen};

pub(crate) fn run(args: &KeysArgs) -> Result<End, Failure> {
    match args.action {
        Action::Show => show(args),
        Action::Fetch => fetch(args),
        Action::Watch => watch(args),
    }
}

fn reading(args: &KeysArgs) -> KeyOptions {
    let options = KeyOptions::default();
    if args.certificate_validity { options.certificate_validity() } else { options }
}

/// Prints a line for each key.
fn show(args: &KeysArgs) -> Result<End, Failure> {
    let sources = Sources::follow(&args.sources, reading(args), None)?;
    let mut text = String::new();
    for (name, set) in sources.fetch_all()? {
        for key in set.keys() {
            let algorithms: Vec<_> = key.algorithms().iter().map(|alg| alg.name()).collect();
            let kid = key.kid().map_or_else(|| "-".to_owned(), quoted);
            let line =
                [kid, key.key_type().kty().to_owned(), algorithms.join(","), key.thumbprint().to_owned()];
            text.push_str(&line.join("\t"));
            text.push('\n');
        }
        for skipped in set.skipped() {
            tell(format!("warning: {name}: {skipped}"));
        }
    }
    print(text.as_bytes())?;
    Ok(End::Done)
}

/// Writes the keys once.
fn fetch(args: &KeysArgs) -> Result<End, Failure> {
    let out = Destination::at(&args.out, Readers::Everybody, args.force)?;
    let history = args.history.as_deref().map(History::open).transpose()?;
    let sources = Sources::follow(&args.sources, reading(args), None)?;
    let mut all = KeySet::default();
    for (_, set) in sources.fetch_all()? {
        all.append(KeySet::clone(&set));
    }
    if let Some(history) = history {
        history.note(&all)?;
    }
    out.write(jwks_of(&all)?.as_bytes())?;
    Ok(End::Done)
}

/// Writes the keys whenever they change, until it is interrupted.
fn watch(args: &KeysArgs) -> Result<End, Failure> {
    let out = Destination::at(&args.out, Readers::Everybody, true)?;
    let history = args.history.as_deref().map(History::open).transpose()?;
    let state = args.state.as_deref().map(FetchState::at).transpose()?;
    let interruption = Interruption::noted()?;
    let sources = Sources::follow(&args.sources, reading(args), Some(args.max_age))?;
    let [(name, keys)] = sources.all() else {
        return Err(Failure::new("watch follows one URL or issuer"));
    };
    if let Some(path) = &args.ask {
        let keys = keys.clone();
        listen(path, move |_| {
            let _ = keys.ask();
        })?;
    }
    let (mut seen, mut written) = (0, None);
    while !interruption.has_come() {
        if let Some(number) = once(name, keys, seen, &mut written, &out, history.as_ref())? {
            seen = number;
            if let Some(state) = &state {
                state.note(keys.health())?;
            }
        }
    }
    Ok(End::Interrupted)
}

/// Waits a while for a fetch and writes what it changed; returns how many there were.
fn once(
    name: &str,
    keys: &RemoteKeys,
    seen: u64,
    written: &mut Option<String>,
    out: &Destination,
    history: Option<&History>,
) -> Result<Option<u64>, Failure> {
    let Some((number, fetched)) = keys.wait_for_fetch(seen, TICK) else { return Ok(None) };
    match fetched {
        Err(error) => tell(format!("warning: {name}: {error}; what was written stays")),
        Ok(set) => {
            if let Some(history) = history {
                history.note(&set)?;
            }
            let text = jwks_of(&set)?;
            if written.as_ref() == Some(&text) {
                out.touch()?;
            } else {
                out.write(text.as_bytes())?;
                tell(format!("{name}: wrote {} key{}", set.len(), if set.len() == 1 { "" } else { "s" }));
                *written = Some(text);
            }
        }
    }
    Ok(Some(number))
}
