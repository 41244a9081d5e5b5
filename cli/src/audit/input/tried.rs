//! Reads the first lines of a source, to refuse one of which nothing could be judged.

use jot::json::JsonReader;

use super::format::LineFormat;
use super::shown::shown;
use super::{Fields, Flaw, Manner, Part, Parts, Unreadable, time_text};

/// What came of the first lines.
#[derive(Default)]
struct Tried {
    records: usize,
    unreadable: Option<Unreadable>,
    token: bool,
    has_time: bool,
    time: bool,
    bad_time: Option<(String, Flaw)>,
}

/// Reads lines as they would be for an audit.
///
/// # Errors
/// Says what was seen, and what would help.
pub(super) fn try_out(
    format: &LineFormat,
    lines: &[&[u8]],
    fields: &Fields,
    manner: &Manner,
) -> Result<(), String> {
    let mut reader = JsonReader::default();
    let mut tried = Tried::default();
    let is_record = |(place, line): &(usize, &&[u8])| !format.is_header(line, *place == 0);
    for (_, line) in lines.iter().enumerate().filter(is_record) {
        match format.pick(line, &mut reader) {
            Ok(parts) => tried.count(&parts, manner),
            Err(reason) => {
                let mended = format.mended(line);
                match mended.as_deref().map_or(Err(reason), |line| format.pick(line, &mut reader)) {
                    Ok(parts) => tried.count(&parts, manner),
                    Err(reason) => tried.unreadable = tried.unreadable.or(Some(reason)),
                }
            }
        }
    }
    let first = shown(lines.first().copied().unwrap_or_default());
    tried.refusal(fields, manner, &first).map_or(Ok(()), Err)
}

impl Tried {
    fn count(&mut self, parts: &Parts<'_>, manner: &Manner) {
        self.records = self.records.saturating_add(1);
        self.token |= parts.has(Part::Token);
        let Some(time) = parts.get(Part::Time) else { return };
        self.has_time = true;
        match time_text::parse(time, manner.zone.as_ref()) {
            Ok(_) => self.time = true,
            Err(reason) if self.bad_time.is_none() => self.bad_time = Some((shown(time), reason)),
            Err(_) => {}
        }
    }

    fn refusal(&self, fields: &Fields, manner: &Manner, first: &str) -> Option<String> {
        if self.records == 0 {
            let reason = self.unreadable?;
            let help = "say the format with --format or --log-format";
            return Some(format!("no line can be read: {reason}; {help}. The first: {first}"));
        }
        if !self.token && fields.of(Part::Token).is_empty() {
            let reason = "no field has a usual name for tokens; name it with --token";
            return Some(format!("{reason}. The first line: {first}"));
        }
        if self.time || manner.now.is_some() {
            return None;
        }
        if let Some((text, reason)) = &self.bad_time {
            return Some(format!("{}: {text}", reason.told()));
        }
        let is_named = !fields.of(Part::Time).is_empty();
        let reason = "no time of use is known; name its field with --time, or one for all with --now";
        (!is_named && !self.has_time).then(|| format!("{reason}. The first line: {first}"))
    }
}
