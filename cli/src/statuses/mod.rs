//! `jotctl statuses`: the Token Status Lists that an issuer serves.

mod args;
mod folder;
mod lines;
mod source;

use std::collections::BTreeMap;

use jot::{StatusList, TokenStatus};

use self::args::Action;
pub(crate) use self::args::StatusesArgs;
use self::folder::Folder;
use self::lines::Lines;
use self::source::Source;
use crate::failure::{End, Failure, print};
use crate::fetch_state::FetchState;
use crate::following::{Interruption, TICK, listen};

pub(crate) fn run(args: &StatusesArgs) -> Result<End, Failure> {
    match args.action {
        Action::Show => show(args),
        Action::Watch => watch(args),
    }
}

/// Prints a line for each list.
fn show(args: &StatusesArgs) -> Result<End, Failure> {
    let source = Source::follow(args)?;
    let mut text = String::new();
    for uri in &args.uris {
        let list = source.first(uri)?;
        text.push_str(&format!("{uri}\t{}\n", counts(&list)));
    }
    print(text.as_bytes())?;
    Ok(End::Done)
}

/// Says how many tokens have which status.
fn counts(list: &StatusList) -> String {
    let mut counts = BTreeMap::<String, usize>::new();
    for index in 0..list.len() {
        let name = match u64::try_from(index).ok().and_then(|index| list.status(index)) {
            Some(TokenStatus::Valid) => "valid".to_owned(),
            Some(TokenStatus::Invalid) => "invalid".to_owned(),
            Some(TokenStatus::Suspended) => "suspended".to_owned(),
            Some(TokenStatus::Other(value)) => format!("other_{value}"),
            None => continue,
        };
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(1);
    }
    let words: Vec<String> = counts.iter().map(|(name, count)| format!("{name}={count}")).collect();
    words.join(" ")
}

/// Writes each list whenever it changes, until it is interrupted.
fn watch(args: &StatusesArgs) -> Result<End, Failure> {
    let out = args.out.as_deref().ok_or_else(|| Failure::new("--out is wanted"))?;
    let mut folder = Folder::open(out)?;
    let state = args.state.as_deref().map(FetchState::at).transpose()?;
    let interruption = Interruption::noted()?;
    let mut source = Source::follow(args)?;
    // What another process followed, whose lists are in use.
    for uri in folder.left() {
        source.lists.follow(&uri).map_err(Failure::new)?;
    }
    if let Some(path) = &args.ask {
        let (lists, mut lines) = (source.lists.clone(), Lines::default());
        listen(path, move |bytes| lines.read(bytes, |uri| drop(lists.follow(uri))))?;
    }
    while !interruption.has_come() {
        let is_news = source.tell_of_keys() | folder.write(&source.lists)?;
        if is_news && let (Some(state), Some(outcome)) = (&state, source.worst()) {
            state.note(outcome)?;
        }
        std::thread::sleep(TICK);
    }
    Ok(End::Interrupted)
}
