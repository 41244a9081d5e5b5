//! `jotctl audit`: judges the tokens of logs as of the time they were used.

mod args;
mod audited;
mod bounded;
mod bytes;
mod chunk;
mod coverage;
mod cut;
mod findings;
mod fingerprint;
mod habit;
mod input;
mod judge;
mod keeper;
mod limit;
mod names;
mod output;
mod parquet_rows;
mod past;
mod pipeline;
mod places;
mod progress;
mod reader;
mod records;
mod redacted;
mod report;
mod row;
mod rows;
mod rules;
mod shared_tokens;
mod snapshots;
mod standing;
mod state;
mod statuses;
mod summary;
mod summary_text;
mod tally;
mod target;
mod trust;
mod verifiers;
mod window;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

pub(crate) use args::AuditArgs;
use args::{AuditOutputArgs, RowFormat, WhichTokens};
use audited::Audited;
use fingerprint::FingerprintKey;
use input::detect::Wanted;
use input::kept::{Keep, Kept, MOST as MOST_KEPT};
use input::source::Source;
use input::{Fields, Manner, Part};
use keeper::Keeper;
use output::Output;
use past::Trusted;
use places::Places;
use reader::Plan;
use rows::RowWriter;
use rules::Rules;
use snapshots::Snapshots;
use standing::Standing;
use state::State;
use statuses::Statuses;
use trust::Trust;
use verifiers::Verifiers;

use crate::destination::Destination;
use crate::failure::{End, Failure, tell};

/// How much longer than the longest token a line may be.
const LINE_SLACK_BYTES: usize = 1024 * 1024;

pub(crate) fn run(args: &AuditArgs) -> Result<End, Failure> {
    let begun = Instant::now();
    let sources = Source::all(&args.sources)?;
    let places = Places::choose(args, &sources)?;
    let trusted = past::trusted(&args.keys, &args.rules.iss)?;
    let command = command(args, &sources, &trusted);
    let keep = kept(&args.output.keep)?;
    let rows = row_writer(&args.output, places.rows.as_ref().map(|place| &place.whole), &keep)?;
    let resumed = match &places.state {
        Some(state) if args.running.resume => Some(State::read(state.named(), &command)?),
        _ => None,
    };
    let fingerprint_key = match &resumed {
        Some(state) => FingerprintKey::of(&state.fingerprint_key()),
        None => FingerprintKey::new(args.output.fingerprint_key.as_deref())?,
    };
    let mut audited = Audited::new(args, &sources, &trusted);
    let Places { rows: rows_place, summary, report, json, state } = places;
    let mark = resumed.as_ref().map(State::mark);
    let Verifiers { cached, uncached } = Verifiers::build(args, &trusted, &sources)?;
    if let (Some(state), false) = (&state, args.running.resume)
        && state.is_file()
        && State::is_at(state.named())
    {
        // That of a run whose rows are about to be replaced.
        state.remove();
    }
    let mut output = Output::open(rows_place, &rows, mark.as_ref())?;
    let token_bytes = usize::try_from(args.rules.max_token_bytes).unwrap_or(usize::MAX);
    let plan = Plan {
        sources,
        wanted: wanted(args, &keep),
        compression: args.input.compression,
        line_bytes: token_bytes.saturating_add(LINE_SLACK_BYTES),
        stop_after: args.running.stop_after,
    };
    let rules = Arc::new(Rules {
        verifier: cached,
        uncached,
        fingerprint_key,
        manner: plan.wanted.manner.clone(),
        omit: args.output.omit.clone(),
        hash: args.output.hash.clone(),
        rows,
        snapshots: Snapshots::of(&trusted),
        statuses: Statuses::of(args, &trusted)?,
        span_seconds: AtomicI64::default(),
    });
    let is_resumed = resumed.is_some();
    let mut standing =
        resumed.map_or_else(Standing::default, |State { next, sequence, lines, tally, doubts, .. }| {
            Standing { next, sequence, lines, tally, interrupted: false, trust: Trust::after(doubts) }
        });
    let every = Duration::from_secs(args.running.checkpoint);
    let mut keeper = Keeper::new(command, rules.fingerprint_key.bytes(), state, every, is_resumed);
    let threads = match args.running.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let quiet = args.output.is_quiet();
    let judged = pipeline::run(plan, &rules, threads, &mut standing, &mut output, &mut keeper, quiet);
    standing.trust.look();
    audited.elapsed = begun.elapsed();
    let seconds = audited.elapsed.as_secs_f64();
    if let Err(failure) = judged.and_then(|()| usable(args, &standing)) {
        match standing.trust.doubt() {
            // What is kept may not say so, and has to be judged again anyway.
            Some(doubt) => {
                tell(doubt);
                keeper.finish();
                output.discard();
            }
            None if keeper.has_kept() => {
                tell("what was judged before is kept; the same command with --resume continues");
            }
            None => output.discard(),
        }
        return Err(failure);
    }
    if standing.interrupted {
        return interrupt(args, &keep, &standing, output, keeper, seconds);
    }
    let Standing { tally, trust, .. } = standing;
    output.finish()?;
    audited.doubt = trust.doubt();
    if args.output.hash_sources {
        audited.hash_sources();
    }
    if summary.is_some() || json.is_some() {
        let text = format!("{:#}\n", summary::to_json(&tally, &audited, &rules));
        for place in summary.iter().chain(&json) {
            place.write(text.as_bytes())?;
        }
    }
    let broken: Vec<_> =
        args.output.fail_on.iter().filter_map(|limit| findings::broken(*limit, &tally)).collect();
    let unread = tally.coverage.unread(args.input.max_unread);
    audited.broken_limits = broken.into_iter().chain(unread).collect();
    if let Some(place) = report {
        place.write(report::page(&tally, &audited).as_bytes())?;
    }
    keeper.finish();
    sum_up(args, &keep, &tally, seconds);
    for found in &audited.broken_limits {
        tell(found);
    }
    incomplete(&tally)?;
    trust.demand()?;
    Ok(if audited.broken_limits.is_empty() { End::Done } else { End::Rejected })
}

/// Refuses a run that says nothing.
fn usable(args: &AuditArgs, ended: &Standing) -> Result<(), Failure> {
    let coverage = &ended.tally.coverage;
    if ended.interrupted {
        return Ok(());
    }
    if let (0, Some(broken)) = (ended.tally.lines(), coverage.broken_named.first()) {
        return Err(Failure::of(&broken.source, &broken.reason));
    }
    match lacking(args, coverage) {
        Some(reason) => Err(Failure::new(reason)),
        None => Ok(()),
    }
}

/// Keeps what there is and says how to go on.
fn interrupt(
    args: &AuditArgs,
    keep: &Keep,
    ended: &Standing,
    output: Output,
    mut keeper: Keeper,
    seconds: f64,
) -> Result<End, Failure> {
    sum_up(args, keep, &ended.tally, seconds);
    let lines = ended.lines;
    let mark = output.interrupt()?;
    if keeper.keep(ended, &mark)? {
        tell(format!("interrupted after line {lines}; the same command with --resume continues"));
    } else {
        let out = out_name(args);
        tell(format!("interrupted after line {lines}; output to {out} cannot be resumed"));
    }
    ended.trust.demand()?;
    Ok(End::Interrupted)
}

fn out_name(args: &AuditArgs) -> std::borrow::Cow<'_, str> {
    match args.output.out.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => path.to_string_lossy(),
        None => "standard output".into(),
    }
}

/// Reads the value of `--keep`.
fn kept(names: &[String]) -> Result<Keep, Failure> {
    let refuse = |name: &str, reason: &str| Err(Failure::of(format_args!("--keep {name}"), reason));
    for (place, name) in names.iter().enumerate() {
        if name.is_empty() || names.iter().take(place).any(|other| other == name) {
            return refuse(name, "a name is wanted, and none twice");
        }
        if row::columns(std::iter::empty(), true).any(|column| column == name) {
            return refuse(name, "the rows have another column of this name");
        }
    }
    if names.len() > MOST_KEPT {
        return Err(Failure::of("--keep", format_args!("no more than {MOST_KEPT} fields are kept")));
    }
    Ok(names.iter().map(|name| Kept::new(name)).collect())
}

fn wanted(args: &AuditArgs, keep: &Keep) -> Wanted {
    let input = &args.input;
    let mut fields = Fields::keeping(keep);
    let named = [&input.token, &input.time, &input.status, &input.address];
    for (part, name) in Part::ALL.into_iter().zip(named) {
        fields.set(part, name.iter().cloned().collect());
    }
    let manner = Manner {
        now: args.rules.now,
        zone: input.time_zone.clone(),
        first_token_only: input.find_token == WhichTokens::First,
        hop: input.hop,
        keep: Keep::clone(keep),
    };
    let (format, log_format) = (input.format, input.log_format.clone());
    Wanted { format, log_format, delimiter: input.delimiter, unwrap: input.unwrap.clone(), fields, manner }
}

/// Says what no record had although it was named or is needed. An audit without it
/// would say nothing, or less than it seems to.
fn lacking(args: &AuditArgs, coverage: &coverage::Coverage) -> Option<String> {
    let input = &args.input;
    if coverage.counts.records == 0 {
        return None;
    }
    let named = [&input.token, &input.time, &input.status, &input.address];
    for (part, name) in Part::ALL.into_iter().zip(named) {
        if let (Some(name), 0) = (name, coverage.fields(part)) {
            return Some(format!("{} {name}: no record has it", part.option()));
        }
    }
    for (name, count) in args.output.keep.iter().zip(coverage.counts.kept) {
        if count == 0 {
            return Some(format!("--keep {name}: no record has it"));
        }
    }
    if coverage.fields(Part::Time) == 0 && args.rules.now.is_none() {
        return Some(
            "no record has a time of use; name its field with --time, or one for all with --now".to_owned(),
        );
    }
    let by_status = args.output.fail_on.iter().any(|limit| limit.finding == limit::Finding::AcceptedInvalid);
    (by_status && coverage.fields(Part::Status) == 0).then(|| {
        "--fail-on accepted-invalid: no record has a status; name its field with --status".to_owned()
    })
}

/// Tells which sources are not in the answer, or not whole.
fn incomplete(tally: &tally::Tally) -> Result<(), Failure> {
    let coverage = &tally.coverage;
    if coverage.broken == 0 {
        return Ok(());
    }
    for broken in &coverage.broken_named {
        tell(format!("{}: {}", broken.source, broken.reason));
    }
    Err(Failure::new(format!(
        "not read to the end: {} of the sources; what could be read is judged and written",
        coverage.broken
    )))
}

fn sum_up(args: &AuditArgs, keep: &Keep, tally: &tally::Tally, seconds: f64) {
    if !args.output.is_quiet() {
        let width = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0);
        let _ = io::stderr().write_all(summary_text::to_text(tally, keep, seconds, width).as_bytes());
    }
}

fn row_writer(
    args: &AuditOutputArgs,
    place: Option<&Destination>,
    keep: &Keep,
) -> Result<RowWriter, Failure> {
    let (Some(path), Some(place)) = (&args.out, place) else {
        return Ok(RowWriter::new(None, args.rows, false, Keep::clone(keep)));
    };
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let format = match (args.out_format, extension) {
        (Some(format), _) => format,
        (None, "ndjson" | "jsonl" | "json") => RowFormat::Ndjson,
        (None, "csv") => RowFormat::Csv,
        (None, "parquet") => RowFormat::Parquet,
        (None, _) if place.is_standard_output() => RowFormat::Ndjson,
        _ => {
            let reason =
                "the name does not end in .ndjson, .csv or .parquet; choose the format with --out-format";
            return Err(Failure::of(path.display(), reason));
        }
    };
    if format == RowFormat::Parquet && place.is_standard_output() {
        return Err(Failure::of("--out", "Parquet can only be written to a file"));
    }
    Ok(RowWriter::new(Some(format), args.rows, args.unsafe_include_token, Keep::clone(keep)))
}

/// Returns a digest of everything that rows and tallies depend on. A run can resume
/// only with the same digest.
fn command(args: &AuditArgs, sources: &[Source], trusted: &[Trusted]) -> String {
    let AuditOutputArgs { out, out_format, rows, keep, omit, hash, unsafe_include_token, .. } = &args.output;
    let mut text = format!(
        "{:?}{:?}{:?}{}{out:?}{out_format:?}{rows:?}{keep:?}{omit:?}{hash:?}{unsafe_include_token}",
        args.input, args.rules, args.status.status_list, args.status.require_status
    );
    // Writing to a String cannot fail.
    for source in sources {
        let _ = write!(text, "{source:?}{:?}", source.size_bytes());
    }
    for Trusted { issuer, keys, first_snapshot } in trusted {
        let _ = write!(text, "{first_snapshot:?}");
        for key in keys.keys() {
            let bounds = (key.not_before(), key.expires_at());
            let _ =
                write!(text, "{issuer:?}{:?}{:?}{}{bounds:?}", key.kid(), key.algorithms(), key.thumbprint());
        }
    }
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
