//! The format of a source: named by the user, or detected.

use std::path::Path;

use jot::json::JsonReader;

use super::access_log::LogFormat;
use super::delimited::{self, Columns};
use super::ndjson::Picker;
use super::{Fields, Parts, Unreadable};
use crate::audit::args::{AuditInputArgs, InputFormat};
use crate::text::without_mark;

/// The names to try if none is given: token, time, status, address.
const USUAL: [&[&str]; 4] = [
    &[
        "token",
        "authorization",
        "access_token",
        "jwt",
        "http_authorization",
        "request.headers.Authorization",
        "request.headers.authorization",
        "headers.authorization",
    ],
    &["time", "timestamp", "@timestamp", "ts", "used_at", "start_time", "time_iso8601", "time_local", "msec"],
    &["status", "response_code", "status_code", "response.status"],
    &["address", "remote_addr", "client_ip", "remote_ip", "ip", "downstream_remote_address"],
];

/// How the lines of a source are read.
#[derive(Debug)]
pub(in crate::audit) enum LineFormat {
    Ndjson(Picker),
    Delimited(Columns),
    Log(LogFormat),
    /// Each line is a token.
    Token,
}

impl LineFormat {
    /// Finds the parts of a line; `reader` holds the buffers for parsing JSON.
    pub(in crate::audit) fn pick<'l>(
        &self,
        line: &'l [u8],
        reader: &'l mut JsonReader,
    ) -> Result<Parts<'l>, Unreadable> {
        // Concatenated files may have a byte order mark on any line.
        let line = without_mark(line);
        match self {
            Self::Ndjson(picker) => picker.pick(line, reader),
            Self::Delimited(columns) => columns.pick(line),
            Self::Log(format) => format.pick(line),
            Self::Token => Ok([Some(line.into()), None, None, None]),
        }
    }

    /// Returns `true` if lines have a time of use.
    pub(in crate::audit) fn has_time(&self) -> bool {
        match self {
            Self::Ndjson(picker) => picker.has_time,
            Self::Delimited(columns) => columns.has_time(),
            Self::Log(format) => format.has_time(),
            Self::Token => false,
        }
    }

    /// Returns `true` if the first line is a header and not a record.
    pub(in crate::audit) fn has_header(&self) -> bool {
        matches!(self, Self::Delimited(columns) if columns.has_header)
    }
}

/// The user's options for the input.
#[derive(Debug)]
pub(in crate::audit) struct Wanted {
    format: InputFormat,
    log_format: Option<String>,
    pub(in crate::audit) fields: Fields,
}

impl Wanted {
    pub(in crate::audit) fn new(args: &AuditInputArgs) -> Self {
        let fields = Fields {
            token: args.token.clone(),
            time: args.time.clone(),
            status: args.status.clone(),
            address: args.address.clone(),
        };
        let format = match args.log_format {
            Some(_) => InputFormat::Log,
            None => args.format,
        };
        Self { format, log_format: args.log_format.clone(), fields }
    }

    /// Returns `true` if a source is to be read as Parquet; `looks` says whether
    /// it begins as Parquet does.
    pub(in crate::audit) fn is_parquet(&self, looks: bool) -> bool {
        match self.format {
            InputFormat::Parquet => true,
            InputFormat::Auto => looks,
            _ => false,
        }
    }

    /// Returns the fields to read of a Parquet file.
    ///
    /// # Errors
    /// A message about the file, or that no column has a usual name for tokens.
    pub(in crate::audit) fn parquet_fields(&self, path: &Path) -> Result<Fields, String> {
        let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
        let names = super::parquet::names(file)?;
        self.completed(|name| names.iter().any(|other| other == name))
    }

    /// Chooses the format of a source by its first lines.
    ///
    /// # Errors
    /// A message about the missing option or field.
    pub(in crate::audit) fn lines(&self, name: &str, begin: &[u8]) -> Result<LineFormat, String> {
        let begin = without_mark(begin);
        let mut lines =
            begin.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let first = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        let format = match self.format {
            InputFormat::Auto => detect(name, first),
            format => format,
        };
        match format {
            InputFormat::Ndjson => {
                // An unreadable first line is skipped.
                let object = begin
                    .split(|byte| *byte == b'\n')
                    .find_map(|line| {
                        serde_json::from_slice::<serde_json::Value>(line)
                            .ok()
                            .filter(serde_json::Value::is_object)
                    })
                    .unwrap_or_default();
                let known = |name: &str| {
                    let way = name.split('.').try_fold(&object, |value, name| value.get(name));
                    object.get(name).or(way).is_some()
                };
                Ok(LineFormat::Ndjson(Picker::new(&self.completed(known)?)))
            }
            InputFormat::Csv | InputFormat::Tsv => {
                let delimiter = if format == InputFormat::Csv { b',' } else { b'\t' };
                let names = delimited::split(first, delimiter);
                let known = |name: &str| names.iter().any(|other| other.trim_ascii() == name.as_bytes());
                Columns::new(&self.completed(known)?, delimiter, first).map(LineFormat::Delimited)
            }
            InputFormat::Log => match &self.log_format {
                Some(format) => LogFormat::new(format, &self.fields).map(LineFormat::Log),
                None => Err("--format log needs --log-format".to_owned()),
            },
            InputFormat::Lines => Ok(LineFormat::Token),
            InputFormat::Parquet | InputFormat::Auto => {
                Err("Parquet can only be read from files that are not compressed".to_owned())
            }
        }
    }

    /// Fills in the usual names for fields that were not given.
    fn completed(&self, known: impl Fn(&str) -> bool) -> Result<Fields, String> {
        let usual = |given: &Option<String>, names: &[&str]| {
            given.clone().or_else(|| names.iter().find(|name| known(name)).map(|name| (*name).to_owned()))
        };
        let [token, time, status, address] = USUAL;
        let fields = Fields {
            token: usual(&self.fields.token, token),
            time: usual(&self.fields.time, time),
            status: usual(&self.fields.status, status),
            address: usual(&self.fields.address, address),
        };
        match fields.token {
            Some(_) => Ok(fields),
            None => Err("no field has a usual name for tokens; name it with --token".to_owned()),
        }
    }
}

fn detect(name: &str, first: &[u8]) -> InputFormat {
    let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let commas = memchr::memchr(b',', first).is_some();
    match extension {
        _ if first.trim_ascii_start().starts_with(b"{") => InputFormat::Ndjson,
        "ndjson" | "jsonl" | "json" => InputFormat::Ndjson,
        "csv" => InputFormat::Csv,
        "tsv" => InputFormat::Tsv,
        _ if memchr::memchr(b'\t', first).is_some() => InputFormat::Tsv,
        _ if commas && memchr::memchr(b' ', first).is_none() => InputFormat::Csv,
        _ => InputFormat::Lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(token: Option<&str>) -> Wanted {
        let fields = Fields { token: token.map(str::to_owned), ..Fields::default() };
        Wanted { format: InputFormat::Auto, log_format: None, fields }
    }

    fn looks(name: &str, begin: &str) -> &'static str {
        match wanted(None).lines(name, begin.as_bytes()) {
            Ok(LineFormat::Ndjson(_)) => "ndjson",
            Ok(LineFormat::Delimited(_)) => "delimited",
            Ok(LineFormat::Log(_)) => "log",
            Ok(LineFormat::Token) => "token",
            Err(_) => "error",
        }
    }

    #[test]
    fn format_is_told_by_name_and_first_line() {
        assert_eq!(looks("a.log", "{\"token\":\"t\"}\n"), "ndjson");
        assert_eq!(looks("a.ndjson.gz", "garbage\n{\"jwt\":\"t\"}\n"), "ndjson");
        assert_eq!(looks("a.ndjson", "{\"b\":\"t\"}\n"), "error");
        assert_eq!(looks("-", "time,token\r\n1,t\r\n"), "delimited");
        assert_eq!(looks("a.txt", "time\tjwt\n"), "delimited");
        assert_eq!(looks("a.csv", "time,x\n"), "error");
        assert_eq!(looks("-", "a.b.c\n"), "token");
        assert_eq!(looks("-", ""), "token");
    }
}
