//! `jotctl revocations`: the list of revocations that an issuer serves at a URL.

mod args;
mod source;

use std::sync::Arc;
use std::time::Duration;

use jot::{Code, Revocations};
use jot_fetch::{Error, RemoteRevocations};

use self::args::Action;
pub(crate) use self::args::RevocationsArgs;
use self::source::Source;
pub(crate) use self::source::fetch as fetch_revocations;
use crate::destination::{Destination, Readers};
use crate::failure::{End, Failure, print, tell};
use crate::fetch_state::FetchState;
use crate::following::{Interruption, TICK, listen};

pub(crate) fn run(args: &RevocationsArgs) -> Result<End, Failure> {
    match args.action {
        Action::Show => {
            print(once(args)?.as_bytes())?;
            Ok(End::Done)
        }
        Action::Fetch => {
            let out = Destination::at(&args.out, Readers::Everybody, args.force)?;
            out.write(once(args)?.as_bytes())?;
            Ok(End::Done)
        }
        Action::Watch => watch(args),
    }
}

/// Fetches the list once.
fn once(args: &RevocationsArgs) -> Result<String, Failure> {
    let source = Source::follow(args)?;
    let list = source.first()?;
    Ok(text_of(&list, &source.list))
}

/// Returns the text of a list with its end.
fn text_of(list: &Arc<Revocations>, remote: &RemoteRevocations) -> String {
    Revocations::clone(list).with_end(remote.health().usable_until).to_text()
}

/// Writes the list whenever it changes or goes out of use, until it is interrupted.
fn watch(args: &RevocationsArgs) -> Result<End, Failure> {
    let out = Destination::at(&args.out, Readers::Everybody, true)?;
    let state = args.state.as_deref().map(FetchState::at).transpose()?;
    let interruption = Interruption::noted()?;
    let source = Source::follow(args)?;
    if let Some(path) = &args.ask {
        let list = source.list.clone();
        listen(path, move |_| {
            let _ = list.refresh_now();
        })?;
    }
    let (mut seen, mut written) = (0, None);
    while !interruption.has_come() {
        if let Some((number, fetched)) = source.list.wait_for_fetch(seen, TICK) {
            seen = number;
            note(&args.url, &fetched, &source.list, &mut written, &out)?;
            if let Some(state) = &state {
                state.note(source.list.health())?;
            }
        }
        // What lapsed while nothing was fetched.
        let lapsed = source.list.wait(Duration::ZERO).is_err_and(|error| is_stale(&error));
        let stale = Revocations::stale().to_text();
        if lapsed && written.as_ref() != Some(&stale) {
            out.write(stale.as_bytes())?;
            tell(format!("{}: the list is stale; tokens are answered with 503", args.url));
            written = Some(stale);
        }
    }
    Ok(End::Interrupted)
}

fn is_stale(error: &Error) -> bool {
    *error == Error::NotInTime(Code::RevocationsStale)
}

/// Writes what a fetch changed.
fn note(
    url: &str,
    fetched: &Result<Arc<Revocations>, Error>,
    remote: &RemoteRevocations,
    written: &mut Option<String>,
    out: &Destination,
) -> Result<(), Failure> {
    match fetched {
        Err(error) => tell(format!("warning: {url}: {error}; what was written stays")),
        Ok(list) => {
            let text = text_of(list, remote);
            if written.as_ref() == Some(&text) {
                return out.touch();
            }
            out.write(text.as_bytes())?;
            tell(format!("{url}: wrote {} entr{}", list.len(), if list.len() == 1 { "y" } else { "ies" }));
            *written = Some(text);
        }
    }
    Ok(())
}
