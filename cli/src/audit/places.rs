//! The files that an audit reads and writes.

use std::path::Path;

use super::args::AuditArgs;
use super::input::source::Source;
use super::past;
use super::state::State;
use crate::destination::{Destination, Readers};
use crate::failure::Failure;
use crate::files::Files;

/// Where an audit writes.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) rows: Option<RowsPlace>,
    pub(super) summary: Option<Destination>,
    pub(super) report: Option<Destination>,
    /// Where `--json` writes the summary.
    pub(super) json: Option<Destination>,
    /// `None` if the run cannot be resumed.
    pub(super) state: Option<Destination>,
}

/// Where rows go.
#[derive(Debug)]
pub(super) struct RowsPlace {
    pub(super) whole: Destination,
    /// Where the rows are before their end, if `whole` is a file.
    pub(super) partial: Option<Destination>,
}

impl Places {
    /// Chooses the places before anything is read, and rejects a file that is both read
    /// and written.
    pub(super) fn choose(args: &AuditArgs, sources: &[Source]) -> Result<Self, Failure> {
        let mut files = Files::new(args.output.force);
        for source in sources {
            match source {
                Source::File(path) => files.reads(path),
                Source::StandardInput => files.reads(Path::new("-")),
            }
        }
        past::files(&args.keys.keys).iter().for_each(|path| files.reads(path));
        args.output.fingerprint_key.iter().for_each(|path| files.reads(path));

        let readers = if args.output.unsafe_include_token { Readers::Owner } else { Readers::Everybody };
        let rows = match &args.output.out {
            None => None,
            Some(path) => {
                let whole = files.writes("--out", path, readers)?;
                let partial = whole.sibling(".partial");
                let partial = partial.map(|path| files.replaces("--out", &path, readers)).transpose()?;
                Some(RowsPlace { whole, partial })
            }
        };
        if args.output.json && rows.as_ref().is_some_and(|rows| rows.whole.is_standard_output()) {
            return Err(Failure::of("--json", "the rows go to standard output; give --out a file"));
        }
        let json = args.output.json.then(|| files.writes("--json", Path::new("-"), Readers::Everybody));
        let json = json.transpose()?;
        let mut page = |option, path: &Option<_>| {
            let path: Option<&std::path::PathBuf> = path.as_ref();
            path.map(|path| files.writes(option, path, Readers::Everybody)).transpose()
        };
        let summary = page("--summary", &args.output.summary)?;
        let report = page("--report", &args.output.report)?;
        if summary.as_ref().is_some_and(Destination::is_standard_output) {
            return Err(Failure::of("--summary", "to have it on standard output say --json"));
        }
        let state = match &rows {
            Some(RowsPlace { whole, partial: None, .. }) if args.running.resume => {
                return Err(Failure::of(whole.named().display(), "output to this place cannot be resumed"));
            }
            Some(RowsPlace { partial: None, .. }) => None,
            rows => {
                let whole = rows.as_ref().map(|rows| &rows.whole);
                let path = State::path(args.running.state.as_deref(), whole);
                let is_state = State::is_at(&path);
                if is_state && !args.running.resume && !args.output.force {
                    let reason =
                        "an interrupted run left this; --resume goes on from it, --force starts anew";
                    return Err(Failure::of(path.display(), reason));
                }
                if !is_state {
                    Destination::at(&path, Readers::Owner, args.output.force)?;
                }
                Some(files.replaces("--state", &path, Readers::Owner)?)
            }
        };
        // A place that cannot be written to is told before anything is read.
        for place in [&summary, &report, &state].into_iter().flatten().filter(|place| place.is_file()) {
            place.open()?;
        }
        Ok(Self { rows, summary, report, json, state })
    }
}
