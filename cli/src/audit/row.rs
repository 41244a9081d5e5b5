//! The row of one record, and its text formats.

use std::borrow::Cow;

use jot::Code;

/// A row of the output, in the order of its columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) source: &'r str,
    pub(super) line: u64,
    /// `None` if the time of use is unknown.
    pub(super) used_at: Option<i64>,
    pub(super) status: Option<u16>,
    pub(super) address: Option<&'r str>,
    pub(super) code: Code,
    pub(super) signature_ok: bool,
    pub(super) time_ok: Option<bool>,
    pub(super) expired_by_seconds: Option<i64>,
    pub(super) expires_at: Option<i64>,
    pub(super) alg: Option<&'r str>,
    pub(super) kid: Option<&'r str>,
    pub(super) issuer: Option<&'r str>,
    pub(super) subject: Option<&'r str>,
    pub(super) jti: Option<&'r str>,
    pub(super) key_state: Option<&'static str>,
    pub(super) truncated: bool,
    /// What kind of text stands in the token's place.
    pub(super) kind: Option<&'static str>,
    /// Counts the tokens of a record that has several.
    pub(super) token_index: Option<u32>,
    pub(super) fingerprint: Option<&'r str>,
    /// The texts of the columns of `--keep`.
    pub(super) kept: &'r [Option<Cow<'r, str>>],
    /// Only with `--unsafe-include-token`.
    pub(super) token: Option<&'r str>,
}

/// The columns, except those of `--keep` and the token.
pub(super) const COLUMNS: [&str; 22] = [
    "source",
    "line",
    "used_at",
    "status",
    "address",
    "code",
    "name",
    "signature_ok",
    "time_ok",
    "valid_at_use",
    "expired_by_seconds",
    "expires_at",
    "alg",
    "kid",
    "issuer",
    "subject",
    "jti",
    "key_state",
    "truncated_suspect",
    "kind",
    "token_index",
    "fingerprint",
];

/// A value to write.
enum Value<'v> {
    Null,
    Bool(bool),
    Number(i64),
    Text(&'v str),
}

impl<'r> Row<'r> {
    fn values(&self) -> [Value<'r>; COLUMNS.len()] {
        let text = |text: Option<&'r str>| text.map_or(Value::Null, Value::Text);
        let number = |number: Option<i64>| number.map_or(Value::Null, Value::Number);
        [
            Value::Text(self.source),
            Value::Number(i64::try_from(self.line).unwrap_or(i64::MAX)),
            number(self.used_at),
            number(self.status.map(i64::from)),
            text(self.address),
            Value::Number(i64::from(self.code.number())),
            Value::Text(self.code.name()),
            Value::Bool(self.signature_ok),
            self.time_ok.map_or(Value::Null, Value::Bool),
            Value::Bool(self.code == Code::Accepted),
            number(self.expired_by_seconds),
            number(self.expires_at),
            text(self.alg),
            text(self.kid),
            text(self.issuer),
            text(self.subject),
            text(self.jti),
            text(self.key_state),
            Value::Bool(self.truncated),
            text(self.kind),
            number(self.token_index.map(i64::from)),
            text(self.fingerprint),
        ]
    }

    /// The values of all columns, in their order.
    fn all_values(&self, with_token: bool) -> impl Iterator<Item = Value<'r>> {
        let text = |text: Option<&'r str>| text.map_or(Value::Null, Value::Text);
        let kept = self.kept.iter().map(move |kept| text(kept.as_deref()));
        self.values().into_iter().chain(kept).chain(with_token.then(|| text(self.token)))
    }

    /// Writes one JSON object on a line. Null members are written too, so every line
    /// has the same members. `names` are those of [`json_names`].
    pub(super) fn write_ndjson(&self, names: &[JsonName], with_token: bool, out: &mut Vec<u8>) {
        let mut names = names.iter();
        self.all_values(with_token).for_each(|value| {
            names.next().into_iter().for_each(|name| name.write(out));
            match value {
                Value::Null => out.extend_from_slice(b"null"),
                Value::Bool(true) => out.extend_from_slice(b"true"),
                Value::Bool(false) => out.extend_from_slice(b"false"),
                Value::Number(number) => write_number(number, out),
                Value::Text(text) => write_json_text(text, out),
            }
        });
        out.extend_from_slice(b"}\n");
    }

    /// Writes a record of CSV (RFC 4180); nulls are empty.
    pub(super) fn write_csv(&self, with_token: bool, out: &mut Vec<u8>) {
        for (place, value) in self.all_values(with_token).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match value {
                Value::Null => {}
                Value::Bool(true) => out.extend_from_slice(b"true"),
                Value::Bool(false) => out.extend_from_slice(b"false"),
                Value::Number(number) => write_number(number, out),
                Value::Text(text) => write_csv_text(text, out),
            }
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// Lists the columns: `kept` are those of `--keep`.
pub(super) fn columns<'n>(
    kept: impl Iterator<Item = &'n str>,
    with_token: bool,
) -> impl Iterator<Item = &'n str> {
    COLUMNS.into_iter().chain(kept).chain(with_token.then_some("token"))
}

/// The name of a column as JSON writes it between the value before it and its own.
#[derive(Clone, Debug)]
pub(super) struct JsonName {
    text: Vec<u8>,
    /// Its first bytes, padded with zeros: a copy of a fixed length needs no call.
    begin: [u8; 24],
}

impl JsonName {
    fn new(place: usize, name: &str) -> Self {
        let mut text = vec![if place == 0 { b'{' } else { b',' }];
        write_json_text(name, &mut text);
        text.push(b':');
        let mut begin = [0; 24];
        for (to, from) in begin.iter_mut().zip(&text) {
            *to = *from;
        }
        Self { text, begin }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let end = out.len().saturating_add(self.text.len());
        out.extend_from_slice(&self.begin);
        if let Some(rest) = self.text.get(self.begin.len()..) {
            out.extend_from_slice(rest);
        }
        out.truncate(end);
    }
}

/// Returns the names of the columns as JSON writes them.
pub(super) fn json_names<'n>(columns: impl Iterator<Item = &'n str>) -> Vec<JsonName> {
    columns.enumerate().map(|(place, name)| JsonName::new(place, name)).collect()
}

/// Returns the header record of a CSV.
pub(super) fn csv_header<'n>(columns: impl Iterator<Item = &'n str>) -> Vec<u8> {
    let mut header = Vec::new();
    for (place, name) in columns.enumerate() {
        if place > 0 {
            header.push(b',');
        }
        write_csv_text(name, &mut header);
    }
    header.extend_from_slice(b"\r\n");
    header
}

fn write_number(number: i64, out: &mut Vec<u8>) {
    let mut room = [0; 20];
    let mut start = room.len();
    let mut left = number.unsigned_abs();
    for place in room.iter_mut().rev() {
        *place = b'0' | u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        start = start.saturating_sub(1);
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(room.get(start..).unwrap_or_default());
}

fn write_json_text(text: &str, out: &mut Vec<u8>) {
    // Without a branch, so that many bytes are compared at once.
    let plain = |byte: u8| (byte.wrapping_sub(b' ') <= b'~' - b' ') & (byte != b'"') & (byte != b'\\');
    out.push(b'"');
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        out.extend_from_slice(text.as_bytes());
    } else {
        let quoted = serde_json::to_string(text).unwrap_or_default();
        let harmless = jot_show::text::harmless_json(&quoted);
        let inner = harmless.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
        out.extend_from_slice(inner.as_bytes());
    }
    out.push(b'"');
}

/// What a spreadsheet takes for the beginning of a formula, in full width too.
const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Puts an apostrophe before text that a spreadsheet would run as a formula or that begins
/// with one, escapes terminal control characters, and doubles backslashes. So the text can
/// be found again: without an apostrophe in front, and without escapes.
fn write_csv_text(text: &str, out: &mut Vec<u8>) {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b',' | b'\\');
    let is_guarded = text.starts_with(FORMULAS) || text.starts_with('\'');
    if !is_guarded && text.bytes().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    if is_guarded {
        out.push(b'\'');
    }
    let text = text.split('\\').map(jot_show::text::one_line).collect::<Vec<_>>().join("\\\\");
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row<'static> {
        Row {
            source: "a.log",
            line: 7,
            used_at: Some(-1),
            status: Some(200),
            address: None,
            code: Code::Expired,
            signature_ok: true,
            time_ok: Some(false),
            expired_by_seconds: Some(3),
            expires_at: Some(-4),
            alg: Some("ES256"),
            kid: Some("k\"\u{1b}"),
            issuer: Some("=1,\"x\""),
            subject: None,
            jti: None,
            key_state: Some("active"),
            truncated: false,
            kind: Some("jwt"),
            token_index: None,
            fingerprint: Some("00"),
            kept: &[None, Some(Cow::Borrowed("/a"))],
            token: Some("a.b.c"),
        }
    }

    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 7, -7, 10, 1_767_225_600, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            write_number(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn row_is_written_as_json_and_csv() {
        let mut out = Vec::new();
        let names = || columns(["request \"id\"", "path"].into_iter(), true);
        row().write_ndjson(&json_names(names()), true, &mut out);
        let line = String::from_utf8(out).unwrap();
        let object: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(object.as_object().unwrap().keys().collect::<Vec<_>>(), names().collect::<Vec<_>>());
        assert_eq!((&object["path"], &object["token"]), (&"/a".into(), &"a.b.c".into()));
        assert_eq!((&object["kid"], &object["time_ok"]), (&"k\"\u{1b}".into(), &false.into()));
        assert!(!line.contains('\u{1b}'));
        let mut out = Vec::new();
        row().write_ndjson(&json_names(columns(["a", "b"].into_iter(), false)), false, &mut out);
        assert!(!String::from_utf8(out).unwrap().contains("a.b.c"));
        let mut out = Vec::new();
        row().write_csv(true, &mut out);
        let line = String::from_utf8(out).unwrap();
        assert_eq!(
            line,
            "a.log,7,-1,200,,692,expired,true,false,false,3,-4,ES256,\"k\"\"\\u{1b}\",\"'=1,\"\"x\"\"\",,,active,false,jwt,,00,,/a,a.b.c\r\n"
        );
        assert_eq!(
            String::from_utf8(csv_header(names())).unwrap().split(',').count(),
            line.trim_end().replace("=1,", "").split(',').count()
        );
    }
}
