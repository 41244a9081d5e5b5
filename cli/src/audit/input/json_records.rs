//! JSON records that are not one to a line: arrays, indented objects, objects end to
//! end, and arrays within an object. Each becomes a line.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, OnceLock};

const ROOM_BYTES: usize = 64 * 1024;

/// The members that hold the records of a document, as CloudTrail, Elastic and
/// CloudWatch write them.
pub(super) const WAYS: [&[&str]; 8] =
    [&[], &["Records"], &["records"], &["hits", "hits"], &["logEvents"], &["events"], &["items"], &["value"]];

/// Where a byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Between,
    /// Within a record, which is kept.
    Record,
    /// Within a value beside the records.
    Skipped,
    /// Within the name of a member beside the records.
    Name,
    /// Within a line that is no JSON; it is kept, and found to be unreadable.
    Garbage,
}

/// Writes a line for each record of a JSON text.
pub(super) struct JsonRecords<R> {
    input: R,
    /// The members that lead to the records; with none, every object is one.
    way: &'static [&'static str],
    at: At,
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// How many objects of the way are open.
    open: usize,
    in_array: bool,
    name: Vec<u8>,
    after_colon: bool,
    out: Cursor<Vec<u8>>,
    /// Takes the reason if the text ends within a record.
    broken: Option<Arc<OnceLock<String>>>,
}

impl<R: Read> JsonRecords<R> {
    pub(super) fn new(input: R, way: &'static [&'static str], broken: Option<Arc<OnceLock<String>>>) -> Self {
        Self {
            input,
            way,
            at: At::Between,
            depth: 0,
            in_string: false,
            escaped: false,
            open: 0,
            in_array: false,
            name: Vec::new(),
            after_colon: false,
            out: Cursor::default(),
            broken,
        }
    }

    fn take(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.at {
            At::Between => self.between(byte, out),
            At::Garbage => {
                out.push(byte);
                if byte == b'\n' {
                    self.at = At::Between;
                }
            }
            At::Name => {
                if self.ends_string(byte) {
                    self.at = At::Between;
                } else {
                    self.name.push(byte);
                }
            }
            At::Record | At::Skipped => self.within(byte, out),
        }
    }

    /// Returns `true` if the byte ends the string that it is in.
    fn ends_string(&mut self, byte: u8) -> bool {
        let ends = byte == b'"' && !self.escaped;
        self.escaped = byte == b'\\' && !self.escaped;
        ends
    }

    fn within(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.in_string && byte == b'\n' {
            // A record that was cut hides no other.
            (self.in_string, self.escaped, self.depth) = (false, false, 0);
        } else if self.in_string {
            self.in_string = !self.ends_string(byte);
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        if self.at == At::Record {
            out.push(if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
        }
        if self.depth == 0 && !self.in_string {
            if self.at == At::Record {
                out.push(b'\n');
            }
            self.at = At::Between;
        }
    }

    fn between(&mut self, byte: u8, out: &mut Vec<u8>) {
        let is_beside = !self.way.is_empty() && !self.in_array;
        let next = self.open.checked_sub(1).and_then(|last| self.way.get(last));
        let is_wanted = next.is_some_and(|name| name.as_bytes() == self.name);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return,
            b',' => self.name.clear(),
            b':' if is_beside => {
                self.after_colon = true;
                return;
            }
            b'{' if !is_beside => {
                (self.at, self.depth) = (At::Record, 1);
                out.push(byte);
            }
            b'{' if self.open == 0 => self.open = 1,
            b'{' if is_wanted && self.open < self.way.len() => self.open = self.open.saturating_add(1),
            b'[' if !is_beside && !self.in_array => self.in_array = true,
            b'[' if is_beside && is_wanted && self.open == self.way.len() => self.in_array = true,
            b'{' | b'[' if is_beside => (self.at, self.depth) = (At::Skipped, 1),
            b']' if self.in_array => self.in_array = false,
            b'}' if is_beside => self.open = self.open.saturating_sub(1),
            b'"' if is_beside && self.after_colon => {
                (self.at, self.depth, self.in_string) = (At::Skipped, 0, true);
            }
            b'"' if is_beside => {
                self.name.clear();
                self.at = At::Name;
            }
            // Numbers and words.
            _ if is_beside => {}
            _ => {
                self.at = At::Garbage;
                out.push(byte);
            }
        }
        self.after_colon = false;
    }
}

impl<R: Read> Read for JsonRecords<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.out.read(room)?;
            if read > 0 || room.is_empty() {
                return Ok(read);
            }
            let mut bytes = Vec::with_capacity(ROOM_BYTES);
            self.input.by_ref().take(ROOM_BYTES as u64).read_to_end(&mut bytes)?;
            if bytes.is_empty() {
                if let (At::Record, Some(broken)) = (self.at, &self.broken) {
                    let _ = broken.set("the JSON ends within a record".to_owned());
                }
                return Ok(0);
            }
            let mut out = std::mem::take(&mut self.out).into_inner();
            out.clear();
            for byte in bytes {
                self.take(byte, &mut out);
            }
            self.out = Cursor::new(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(way: &'static [&'static str], text: &str) -> String {
        let mut found = String::new();
        JsonRecords::new(text.as_bytes(), way, None).read_to_string(&mut found).unwrap();
        found
    }

    #[test]
    fn every_record_becomes_a_line() {
        let expected = "{\"a\":\"}]\\\"{\"}\n{\"b\":[{}]}\n";
        for text in [
            r#"[{"a":"}]\"{"},{"b":[{}]}]"#,
            r#"{"a":"}]\"{"}{"b":[{}]}"#,
            "{\"a\":\"}]\\\"{\"}\n{\"b\":[{}]}\n",
            "[\n{\"a\":\"}]\\\"{\"}\n,\n{\"b\":[{}]}]",
        ] {
            assert_eq!(lines(&[], text), expected, "{text}");
        }
        assert_eq!(lines(&[], "{\n  \"a\": 1\n}\n"), "{   \"a\": 1 }\n");
        assert_eq!(lines(&[], "{\"a\":1}\ngarbage\n{\"b\":2}"), "{\"a\":1}\ngarbage\n{\"b\":2}\n");
        assert_eq!(lines(&[], "[]"), "");
    }

    #[test]
    fn records_within_a_document_are_found() {
        let text = r#"{"a":"Records","b":{"Records":[{"no":1}]},"Records":[{"x":1},{"y":{"Records":[]}}],"c":[{"no":2}],"d":7}"#;
        assert_eq!(lines(&["Records"], text), "{\"x\":1}\n{\"y\":{\"Records\":[]}}\n");
        let text = r#"{"took":5,"hits":{"total":{"value":2},"max":1.0,"hits":[{"_source":{"a":1}}]}}"#;
        assert_eq!(lines(&["hits", "hits"], text), "{\"_source\":{\"a\":1}}\n");
        let two = format!("{text}\n{text}");
        assert_eq!(lines(&["hits", "hits"], &two).lines().count(), 2);
    }

    #[test]
    fn record_that_was_cut_hides_no_other() {
        assert_eq!(lines(&[], "[{\"a\":\"1,\n{\"b\":2}]"), "{\"a\":\"1, \n{\"b\":2}\n");
    }

    #[test]
    fn end_within_a_record_is_told() {
        let broken = Arc::new(OnceLock::new());
        let mut records = JsonRecords::new(&b"[{\"a\":1},{\"b\""[..], &[], Some(Arc::clone(&broken)));
        let mut text = String::new();
        records.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("{\"a\":1}\n") && broken.get().is_some());
    }
}
