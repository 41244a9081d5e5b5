//! How a source is written: named, or told by its beginning. What cannot be told is
//! refused with what was seen.

use std::io::{self, Read as _};
use std::path::Path;

use jot::json::JsonReader;

use super::access_log::LogFormat;
use super::delimited::{self, Columns};
use super::format::{Framing, LineFormat};
use super::kept::Keep;
use super::ndjson::Picker;
use super::shown::shown;
use super::text_log::TextLog;
use super::token_text::{Held, Kind, held};
use super::unwrap::{self, Wrapper};
use super::{Fields, Manner, Part, json_records, tried, usual};
use crate::audit::args::InputFormat;

/// How many lines of the beginning are tried.
const TRIED_LINES: usize = 500;

/// What the user said of the input.
#[derive(Debug)]
pub(in crate::audit) struct Wanted {
    pub(in crate::audit) format: InputFormat,
    pub(in crate::audit) log_format: Option<String>,
    pub(in crate::audit) delimiter: Option<u8>,
    pub(in crate::audit) unwrap: Option<String>,
    pub(in crate::audit) fields: Fields,
    pub(in crate::audit) manner: Manner,
}

impl Wanted {
    /// Returns `true` if a source is to be read as Parquet; `looks` says whether
    /// it begins as Parquet does.
    pub(in crate::audit) fn is_parquet(&self, looks: bool) -> bool {
        match self.format {
            InputFormat::Parquet => true,
            InputFormat::Auto => looks && self.log_format.is_none(),
            _ => false,
        }
    }

    /// Chooses how the records of a source are read by its beginning, which may be all
    /// of it.
    ///
    /// # Errors
    /// Says what was seen, and what would help.
    pub(in crate::audit) fn lines(
        &self,
        name: &str,
        begin: &[u8],
        is_all: bool,
    ) -> Result<(LineFormat, Framing), String> {
        // The last line of a part need not be whole.
        let end = memchr::memrchr(b'\n', begin).filter(|_| !is_all);
        let begin = end.and_then(|end| begin.get(..end)).unwrap_or(begin);
        let lines: Vec<_> = records(begin).take(TRIED_LINES).collect();
        let first = lines.first().copied().unwrap_or_default();
        let quoted = |delimiter| -> Result<_, String> {
            Ok((self.delimited(delimiter, first)?, Framing::Quotes(delimiter)))
        };
        let (format, framing) = match (&self.log_format, self.format) {
            (Some(format), _) => (self.log(format)?, Framing::Lines),
            (None, InputFormat::Auto) => self.told(name, &lines, begin)?,
            (None, InputFormat::Ndjson) => self.json(&lines, begin)?,
            (None, InputFormat::Csv) => quoted(self.delimiter.unwrap_or(b','))?,
            (None, InputFormat::Tsv) => quoted(b'\t')?,
            (None, InputFormat::Log) => return Err("--format log needs --log-format".to_owned()),
            (None, InputFormat::Lines) => (LineFormat::Token, Framing::Lines),
            (None, InputFormat::Parquet) => {
                return Err("this is no Parquet file; compressed ones are not read".to_owned());
            }
        };
        // Of a line that is longer than what is looked at nothing can be told.
        if is_all || end.is_some() {
            let text = framed(framing, begin);
            let framed: Vec<_> = match framing {
                Framing::Lines => lines,
                _ => records(&text).take(TRIED_LINES).collect(),
            };
            self.try_out(&format, &framed)?;
        }
        Ok((format, framing))
    }

    fn try_out(&self, format: &LineFormat, lines: &[&[u8]]) -> Result<(), String> {
        tried::try_out(format, lines, &self.fields, &self.manner)
    }

    fn log(&self, format: &str) -> Result<LineFormat, String> {
        let is_named = |part| !self.fields.of(part).is_empty();
        let other =
            self.fields.of(Part::Token).iter().any(|name| !name.eq_ignore_ascii_case("authorization"));
        let preset = ["nginx-auth", "apache-auth", "envoy-auth", "haproxy", "alb"].contains(&format);
        if preset && (other || [Part::Time, Part::Status, Part::Address].into_iter().any(is_named)) {
            return Err(format!("the fields of {format} have no names; give the log's own format string"));
        }
        Ok(match format {
            "nginx-auth" | "apache-auth" | "envoy-auth" => LineFormat::Text(TextLog::Access, self.keep()),
            "haproxy" => LineFormat::Text(TextLog::Haproxy, self.keep()),
            "alb" => LineFormat::Text(TextLog::LoadBalancer, self.keep()),
            format => LineFormat::Log(LogFormat::new(format, &self.fields)?),
        })
    }

    fn keep(&self) -> Keep {
        Keep::clone(&self.fields.keep)
    }

    fn ndjson(&self) -> LineFormat {
        LineFormat::Ndjson(Picker::new(&usual::completed(&self.fields)))
    }

    fn delimited(&self, delimiter: u8, first: &[u8]) -> Result<LineFormat, String> {
        let columns = Columns::new(&self.fields, delimiter, first)?;
        if !columns.has(Part::Token) {
            return Err(format!(
                "no column has a usual name for tokens; name it with --token: {}",
                shown(first)
            ));
        }
        Ok(LineFormat::Delimited(columns))
    }

    /// Tells the format by the name and the first lines.
    fn told(&self, name: &str, lines: &[&[u8]], begin: &[u8]) -> Result<(LineFormat, Framing), String> {
        let first = lines.first().copied().unwrap_or_default();
        if let Some(names) = extended_fields(begin) {
            let is_tab = |line: &&[u8]| memchr::memchr(b'\t', line).is_some();
            let record = lines.iter().find(|line| !line.starts_with(b"#"));
            let delimiter = if record.is_some_and(is_tab) { b'\t' } else { b' ' };
            let columns = Columns::extended(&self.fields, delimiter, names)?;
            return Ok((LineFormat::Delimited(columns), Framing::Lines));
        }
        let end = extension(name);
        let is_array = || matches!(begin.trim_ascii_start(), [b'[', rest @ ..] if matches!(rest.trim_ascii_start(), [b'{' | b']', ..]));
        if first.trim_ascii_start().starts_with(b"{") || is_array() {
            return self.json(lines, begin);
        }
        if matches!(&*end, "ndjson" | "jsonl" | "json") {
            return self.json(lines, begin);
        }
        let delimiters: &[u8] = self.delimiter.as_ref().map_or(b",;\t|", std::slice::from_ref);
        for delimiter in delimiters {
            if memchr::memchr(*delimiter, first).is_some()
                && let Ok(columns) = Columns::new(&self.fields, *delimiter, first)
                && columns.has(Part::Token)
            {
                return Ok((LineFormat::Delimited(columns), Framing::Quotes(*delimiter)));
            }
        }
        if matches!(&*end, "csv" | "tsv") {
            let usual = if end == "tsv" { b'\t' } else { b',' };
            let delimiter = self.delimiter.unwrap_or(usual);
            return Ok((self.delimited(delimiter, first)?, Framing::Quotes(delimiter)));
        }
        if share(lines, looks_like_token) {
            return Ok((LineFormat::Token, Framing::Lines));
        }
        let mut reader = JsonReader::default();
        let mut is_json = |line: &[u8]| {
            Wrapper::Front
                .open(line, &mut reader)
                .is_some_and(|found| JsonReader::default().read(&found.line).is_some())
        };
        if share(lines, &mut is_json) {
            return Ok((LineFormat::Wrapped(Wrapper::Front, Box::new(self.ndjson())), Framing::Lines));
        }
        let fits = |log: &TextLog| share(lines, |line| log.pick(line, &self.fields.keep).is_ok());
        if let Some(log) = TextLog::ALL.iter().find(|log| fits(log)) {
            if Part::ALL.into_iter().any(|part| !self.fields.of(part).is_empty()) {
                let reason = "the fields of this access log have no names";
                return Err(format!("{reason}; give its format string with --log-format"));
            }
            return Ok((LineFormat::Text(*log, self.keep()), Framing::Lines));
        }
        if delimited::split(first, b',').len() > 1 && memchr::memchr(b' ', first).is_none() {
            return Ok((self.delimited(b',', first)?, Framing::Quotes(b',')));
        }
        Err(format!(
            "the lines are of no known format; say it with --format or --log-format. The first: {}",
            shown(first)
        ))
    }

    /// Tells where the records of JSON are: on lines, in an array, within a document, or
    /// within the records of a collector.
    fn json(&self, lines: &[&[u8]], begin: &[u8]) -> Result<(LineFormat, Framing), String> {
        let mut refusal = None;
        let is_array = begin.trim_ascii_start().starts_with(b"[");
        let on_lines = (!is_array).then_some(Framing::Lines);
        let framings = || on_lines.into_iter().chain(json_records::WAYS.map(Framing::Json));
        for framing in framings() {
            let text = framed(framing, begin);
            let framed: Vec<_> = match framing {
                Framing::Lines => lines.to_vec(),
                _ => records(&text).take(TRIED_LINES).collect(),
            };
            if framed.is_empty() {
                continue;
            }
            let format = self.ndjson();
            if self.unwrap.is_none() {
                match self.try_out(&format, &framed) {
                    Ok(()) => return Ok((format, framing)),
                    Err(reason) => refusal = refusal.or(Some(reason)),
                }
            }
            if let Some(format) = self.wrapped(&framed) {
                return Ok((format, framing));
            }
        }
        // A line that is longer than what is looked at.
        match refusal {
            Some(refusal)
                if memchr::memchr(b'\n', begin).is_some() || lines.len() > 1 || begin.len() < LONG_BYTES =>
            {
                Err(refusal)
            }
            _ => Ok((self.ndjson(), Framing::Lines)),
        }
    }

    /// Finds the lines of a server within the records of a collector.
    fn wrapped(&self, lines: &[&[u8]]) -> Option<LineFormat> {
        let named = self.unwrap.as_deref();
        let mut reader = JsonReader::default();
        for name in json_members(named) {
            let wrapper = Wrapper::member(name, &self.fields.keep);
            let found: Vec<_> = lines
                .iter()
                .filter_map(|line| wrapper.open(line, &mut reader))
                .map(|found| found.line)
                .collect();
            if found.is_empty() || found.len().saturating_mul(2) < lines.len() {
                continue;
            }
            let inner: Vec<_> = found.iter().map(Vec::as_slice).collect();
            let is_json = inner.first().is_some_and(|line| line.trim_ascii_start().starts_with(b"{"));
            let format = match &self.log_format {
                _ if is_json => Some(self.ndjson()),
                _ => TextLog::ALL
                    .into_iter()
                    .find(|log| share(&inner, |line| log.pick(line, &self.fields.keep).is_ok()))
                    .map(|log| LineFormat::Text(log, self.keep())),
            };
            let Some(format) = format else { continue };
            let format = LineFormat::Wrapped(wrapper, Box::new(format));
            if self.try_out(&format, lines).is_ok() {
                return Some(format);
            }
        }
        None
    }
}

/// No beginning that is looked at is longer.
const LONG_BYTES: usize = 1024 * 1024;

fn json_members(named: Option<&str>) -> impl Iterator<Item = &str> {
    let usual = unwrap::MEMBERS.iter().copied().filter(move |_| named.is_none());
    named.into_iter().chain(usual)
}

/// The beginning as lines, of which the last is left out if it is not whole.
fn framed(framing: Framing, begin: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    if framing != Framing::Lines {
        let begin = io::Cursor::new(begin.to_vec());
        // Reading memory does not fail.
        let _ = framing.lines(begin, None).read_to_end(&mut text);
        let end = memchr::memrchr(b'\n', &text).map_or(0, |end| end.saturating_add(1));
        text.truncate(end);
    }
    text
}

/// The extension of a name without those of compression.
fn extension(name: &str) -> String {
    let ends = ["gz", "zst", "bz2", "xz", "lz4"];
    let mut bare = Path::new(name);
    while bare.extension().is_some_and(|end| ends.iter().any(|known| end.eq_ignore_ascii_case(known))) {
        bare = Path::new(bare.file_stem().unwrap_or_default());
    }
    bare.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// The lines of a text that are not blank.
fn records(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.trim_ascii().is_empty())
}

/// The names of the columns where W3C's format tells them.
fn extended_fields(begin: &[u8]) -> Option<&[u8]> {
    let comments = records(begin).take_while(|line| line.starts_with(b"#"));
    comments.filter_map(|line| line.strip_prefix(b"#Fields:")).next()
}

/// Returns `true` if at least half of the lines are such.
fn share(lines: &[&[u8]], mut is_such: impl FnMut(&[u8]) -> bool) -> bool {
    let such = lines.iter().filter(|line| is_such(line)).count();
    such > 0 && such.saturating_mul(2) >= lines.len()
}

/// A line with nothing but a token, as a list of tokens has them.
fn looks_like_token(line: &[u8]) -> bool {
    match held(line.into(), true) {
        Held::One(token) => Kind::of(&token) == Kind::Jwt && memchr::memchr(b' ', &token).is_none(),
        Held::Nothing | Held::Jwt(_) => true,
        Held::Several(_) => false,
    }
}
