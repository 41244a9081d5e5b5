//! One run over many tokens.

use std::io::{self, BufWriter, Read as _, Stdout, Write as _};
use std::sync::Arc;

use jot::{Code, NumericDate, Scratch, UnixSeconds, Verifier};
use jot_show::date;
use jot_show::text::without_mark;

use super::args::{Format, VerifyArgs};
use super::input::{Reading, Source, has_scheme};
use super::lines::{Line, Lines};
use super::policy::Judge;
use super::progress::Progress;
use super::record::{Finding, Place};
use super::statuses::Statuses;
use super::summary::Summary;
use crate::failure::{End, Failure, warn};

/// Judges tokens in order and writes their verdicts; holds one line at a time.
pub(super) struct Session {
    verifier: Arc<Verifier>,
    statuses: Statuses,
    now: Option<UnixSeconds>,
    scratch: Scratch,
    format: Format,
    quiet: bool,
    no_summary: bool,
    /// Whether verdicts name their source.
    several: bool,
    out: BufWriter<Stdout>,
    progress: Progress,
    summary: Summary,
    /// Tokens with a date that looks like milliseconds.
    in_milliseconds: u64,
    /// Tokens preceded by a scheme, without `--bearer`.
    with_scheme: u64,
    /// Set from `secret_doubt` as soon as a signature did not hold.
    doubt: Option<&'static str>,
    /// A description of the secret, if it looks like something other than a secret.
    secret_doubt: Option<&'static str>,
}

impl Session {
    pub(super) fn new(args: &VerifyArgs, judge: Judge, sources: &[Source]) -> Self {
        // If all sources are arguments, their numbers are enough.
        let several =
            sources.len() > 1 && !sources.iter().all(|source| matches!(source, Source::Argument(_)));
        let Judge { verifier, secret_doubt, statuses } = judge;
        Self {
            verifier,
            statuses,
            now: args.rules.now.map(UnixSeconds),
            scratch: Scratch::new(),
            format: args.format,
            quiet: args.quiet,
            no_summary: args.no_summary,
            several,
            out: BufWriter::with_capacity(64 * 1024, io::stdout()),
            progress: Progress::new(sources, args.quiet),
            summary: Summary::new(),
            in_milliseconds: 0,
            with_scheme: 0,
            doubt: None,
            secret_doubt,
        }
    }

    /// Judges a token on the command line.
    pub(super) fn judge_argument(
        &mut self,
        number: u64,
        token: &str,
        reading: &Reading,
    ) -> Result<(), Failure> {
        let place = Place { source: self.several.then_some("argument"), line: number };
        match reading.token_on(token.as_bytes()) {
            Ok(token) => self.judge(place, &token),
            Err(reason) => self.tell(place, &Finding::Unreadable(reason)),
        }
    }

    /// Judges a whole source as one token.
    pub(super) fn judge_whole(&mut self, source: &Source, reading: &Reading) -> Result<(), Failure> {
        let bound = reading.line_bytes();
        let mut token = Vec::new();
        let read = source.open()?.take(u64::try_from(bound).unwrap_or(u64::MAX)).read_to_end(&mut token);
        read.map_err(|error| Failure::of(source.name(), error))?;
        let name = source.name();
        let place = Place { source: self.several.then_some(&*name), line: 1 };
        self.judge(place, reading.without_scheme(without_mark(&token)))?;
        self.progress.source_done(u64::try_from(token.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Judges each line of a source.
    pub(super) fn judge_lines(&mut self, source: &Source, reading: &Reading) -> Result<(), Failure> {
        let name = source.name();
        let source_name = self.several.then_some(&*name);
        let mut lines = Lines::new(source.open()?, reading.line_bytes());
        loop {
            if lines.may_wait() {
                // The reader of the verdicts should not wait for more tokens.
                self.flush()?;
            }
            let next = lines.next().map_err(|error| Failure::of(&name, error))?;
            let Some((line, found)) = next else { break };
            let place = Place { source: source_name, line };
            match found {
                Line::Kept(bytes) => match reading.token_on(bytes) {
                    Ok(token) => self.judge(place, &token)?,
                    Err(reason) => self.tell(place, &Finding::Unreadable(reason))?,
                },
                Line::TooLong if reading.lines_are_tokens() => self.tell(place, &Finding::TooLong)?,
                Line::TooLong => self.tell(place, &Finding::Unreadable("the line is too long"))?,
            }
            self.progress.line(lines.consumed_bytes());
        }
        self.progress.source_done(lines.consumed_bytes());
        Ok(())
    }

    fn judge(&mut self, place: Place<'_>, token: &[u8]) -> Result<(), Failure> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let now = self.now.unwrap_or_else(UnixSeconds::now);
        let mut verdict = self.verifier.verdict(token, now, &mut scratch);
        if self.statuses.await_for(verdict.code()) {
            verdict = self.verifier.verdict(token, now, &mut scratch);
        }
        if let Some(claims) = verdict.signed_claims() {
            let dates = [claims.expires_at(), claims.not_before(), claims.issued_at()];
            let is_one = |date: &Option<_>| {
                date.is_some_and(|date: NumericDate| date::as_milliseconds(date.floor()).is_some())
            };
            self.in_milliseconds = self.in_milliseconds.saturating_add(u64::from(dates.iter().any(is_one)));
        }
        match verdict.code() {
            Code::TokenWrapped if has_scheme(token) => {
                self.with_scheme = self.with_scheme.saturating_add(1);
            }
            Code::SignatureInvalid => self.doubt = self.doubt.or(self.secret_doubt),
            _ => {}
        }
        let told = self.tell(place, &Finding::Judged(&verdict));
        self.scratch = scratch;
        told
    }

    fn tell(&mut self, place: Place<'_>, finding: &Finding<'_>) -> Result<(), Failure> {
        self.summary.count(finding.code());
        if self.quiet {
            return Ok(());
        }
        finding.write(place, self.format, &mut self.out).map_err(|error| Failure::of_output(&error))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|error| Failure::of_output(&error))
    }

    /// Writes the summary, if there was more than one token to sum up.
    pub(super) fn finish(mut self) -> Result<End, Failure> {
        self.flush()?;
        self.progress.finish();
        if self.in_milliseconds > 0 {
            let tokens = self.in_milliseconds;
            let plural = if tokens == 1 { "" } else { "s" };
            let reason = format!(
                "{tokens} token{plural} with a date that looks like milliseconds; it must be in seconds"
            );
            warn("exp, nbf or iat", reason);
        }
        if self.with_scheme > 0 {
            let tokens = self.with_scheme;
            let plural = if tokens == 1 { "" } else { "s" };
            warn(
                format_args!("{tokens} token{plural}"),
                "preceded by a scheme; --bearer removes the word Bearer",
            );
        }
        if let Some(doubt) = self.doubt {
            warn("--secret-file", format_args!("a signature does not hold, and {doubt}"));
        }
        let total = self.summary.total();
        if total == 0 {
            return Err(Failure::new("no token in the input"));
        }
        if total > 1 && !self.no_summary {
            let _ = io::stderr().write_all(self.summary.to_text().as_bytes());
        }
        Ok(if self.summary.all_accepted() { End::Done } else { End::Rejected })
    }
}
