//! CSV (RFC 4180), TSV and the Extended Log File Format, one record on a line.

use std::borrow::Cow;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::find_token::pieces;
use super::{Fields, Part, Parts, Unreadable};

/// The column of a part; a time may be in two.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    columns: Vec<usize>,
    /// Written behind the value.
    zone: &'static [u8],
}

/// Where the columns are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    Nowhere,
    FirstLine,
    /// In a line of comment, as W3C's format has them.
    Comment,
}

/// The columns of the parts.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Columns {
    delimiter: u8,
    /// Those of each part, best first.
    places: [Vec<Place>; 4],
    /// Those that are kept.
    kept: Vec<Option<usize>>,
    /// Text in which a token may stand: queries and cookies.
    texts: Vec<usize>,
    count: usize,
    header: Header,
}

impl Columns {
    /// Finds the columns by the names of the first line, or by number, from 1.
    /// `fields` are those that the user named; the usual ones take the place of
    /// others.
    ///
    /// # Errors
    /// The name of a missing column, and those that are there.
    pub(in crate::audit) fn new(fields: &Fields, delimiter: u8, first_line: &[u8]) -> Result<Self, String> {
        let names: Vec<String> = split(first_line, delimiter)
            .iter()
            .map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned())
            .collect();
        let by_number = fields.of(Part::Token).iter().any(|field| field.parse::<usize>().is_ok());
        let header = if by_number { Header::Nowhere } else { Header::FirstLine };
        Self::of(fields, delimiter, &names, header)
    }

    /// Finds the columns by the line `#Fields: ` of W3C's format.
    ///
    /// # Errors
    /// As of [`new`](Self::new).
    pub(in crate::audit) fn extended(fields: &Fields, delimiter: u8, names: &[u8]) -> Result<Self, String> {
        let names = String::from_utf8_lossy(names);
        let names: Vec<String> = names.split_ascii_whitespace().map(str::to_owned).collect();
        Self::of(fields, delimiter, &names, Header::Comment)
    }

    fn of(fields: &Fields, delimiter: u8, names: &[String], header: Header) -> Result<Self, String> {
        let place = |name: &str| match header {
            Header::Nowhere => {
                let number = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                number.filter(|number| *number < names.len())
            }
            _ => names.iter().position(|other| other.eq_ignore_ascii_case(name)),
        };
        let find = |name: &str| {
            let single = place(name).map(|column| vec![column]);
            let columns = single.or_else(|| name.split('+').map(place).collect())?;
            // W3C's times are those of UTC.
            let zone: &[u8] = if header == Header::Comment { b"Z" } else { b"" };
            Some(Place { columns, zone })
        };
        let mut places = [const { Vec::new() }; 4];
        for (part, found) in Part::ALL.into_iter().zip(&mut places) {
            let named = fields.of(part);
            *found = named.iter().filter_map(|name| find(name)).collect();
            if let (Some(name), true) = (named.first(), found.is_empty()) {
                let seen = super::shown::shown(names.join(" ").as_bytes());
                return Err(format!("there is no column {name}; there are: {seen}"));
            }
            if named.is_empty() && header != Header::Nowhere {
                *found = super::usual::of(part).iter().filter_map(|name| find(name)).collect();
            }
        }
        let kept = fields.keep.iter().map(|kept| kept.fields().find_map(place)).collect();
        let named = !fields.of(Part::Token).is_empty();
        let texts = ["cs(Cookie)", "cs-uri-query"].into_iter().filter(|_| !named).filter_map(place).collect();
        Ok(Self { delimiter, places, kept, texts, count: names.len(), header })
    }

    /// Returns `true` if there is a column for the part.
    pub(in crate::audit) fn has(&self, part: Part) -> bool {
        let some = self.places.get(part as usize).is_some_and(|places| !places.is_empty());
        some || part == Part::Token && !self.texts.is_empty()
    }

    /// Returns `true` if a line is no record but names columns, or is a comment.
    pub(in crate::audit) fn is_header(&self, line: &[u8], is_first: bool) -> bool {
        match self.header {
            Header::Nowhere => false,
            Header::FirstLine => is_first,
            Header::Comment => line.starts_with(b"#"),
        }
    }

    pub(in crate::audit) fn pick<'l>(&self, line: &'l [u8]) -> Result<Parts<'l>, Unreadable> {
        let fields = split(line, self.delimiter);
        if fields.len() != self.count {
            return Err(Unreadable::Columns);
        }
        let mut parts = Parts::default();
        for (part, places) in Part::ALL.into_iter().zip(&self.places) {
            let value = places.iter().find_map(|place| value(place, &fields));
            if !places.is_empty() {
                parts.put(part, value);
            }
        }
        for (number, column) in self.kept.iter().enumerate() {
            if let Some(text) = column.and_then(|column| fields.get(column)) {
                parts.keep(number, text.clone());
            }
        }
        for text in self.texts.iter().filter_map(|column| fields.get(*column)) {
            for piece in pieces(text) {
                parts.add_token(Cow::Owned(piece.to_vec()));
            }
        }
        Ok(parts)
    }
}

fn value<'l>(place: &Place, fields: &[Cow<'l, [u8]>]) -> Option<Cow<'l, [u8]>> {
    let is_null = |field: &[u8]| matches!(field, b"" | b"-");
    if let ([column], b"") = (place.columns.as_slice(), place.zone) {
        return fields.get(*column).filter(|field| !is_null(field)).cloned();
    }
    let mut joined = Vec::new();
    for column in &place.columns {
        let field = fields.get(*column).filter(|field| !is_null(field))?;
        if !joined.is_empty() {
            joined.push(b' ');
        }
        joined.extend_from_slice(field);
    }
    if place.columns.len() > 1 {
        joined.extend_from_slice(place.zone);
    }
    Some(Cow::Owned(joined))
}

/// Splits a line into its fields.
pub(in crate::audit) fn split(line: &[u8], delimiter: u8) -> Vec<Cow<'_, [u8]>> {
    // Some programs put a byte order mark at the beginning of a file.
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    if memchr::memchr(b'"', line).is_none() {
        let mut fields = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(delimiter, line).chain([line.len()]) {
            fields.push(Cow::Borrowed(line.get(start..end).unwrap_or_default()));
            start = end.saturating_add(1);
        }
        return fields;
    }
    let mut reader: Reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut fields = Vec::new();
    let mut room = vec![0; line.len()];
    let mut rest = line;
    loop {
        let (result, read, written) = reader.read_field(rest, &mut room);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            ReadFieldResult::Field { .. } | ReadFieldResult::InputEmpty => {
                // One call writes the whole field, because the buffer is as long as the
                // line.
                let field = room.get(..written).unwrap_or_default().to_vec();
                match result {
                    ReadFieldResult::Field { .. } => fields.push(Cow::Owned(field)),
                    _ => {
                        // The end of the input ends the last field.
                        let (last, _, more) =
                            reader.read_field(&[], room.get_mut(written..).unwrap_or_default());
                        let end = written.saturating_add(more);
                        if matches!(last, ReadFieldResult::Field { .. }) {
                            fields.push(Cow::Owned(room.get(..end).unwrap_or_default().to_vec()));
                        }
                        return fields;
                    }
                }
            }
            ReadFieldResult::OutputFull | ReadFieldResult::End => return fields,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str) -> Vec<String> {
        let owned = |field: &Cow<'_, [u8]>| String::from_utf8(field.to_vec()).unwrap();
        split(line.as_bytes(), b',').iter().map(owned).collect()
    }

    #[test]
    fn lines_are_split_with_and_without_quotes() {
        assert_eq!(fields("a,b,,c"), ["a", "b", "", "c"]);
        assert_eq!(fields("\"a,b\",\"c\"\"d\",e"), ["a,b", "c\"d", "e"]);
        assert_eq!(fields("\"a\",\"\""), ["a", ""]);
        assert_eq!(fields("\"a\","), ["a", ""]);
        assert_eq!(fields("a"), ["a"]);
    }

    fn named(token: &str, time: &str) -> Fields {
        let mut fields = Fields::default();
        fields.set(Part::Token, vec![token.to_owned()]);
        fields.set(Part::Time, vec![time.to_owned()]);
        fields
    }

    fn texts(columns: &Columns, line: &str) -> [String; 2] {
        let parts = columns.pick(line.as_bytes()).unwrap();
        [Part::Token, Part::Time].map(|part| {
            parts.get(part).map_or_else(String::new, |text| String::from_utf8_lossy(text).into_owned())
        })
    }

    #[test]
    fn columns_are_found_by_name_or_number() {
        let columns = Columns::new(&named("jwt", "when"), b',', b"when,jwt").unwrap();
        assert_eq!(texts(&columns, "1,a.b.c"), ["a.b.c", "1"]);
        assert_eq!(columns.pick(b"1").unwrap_err(), Unreadable::Columns);
        assert!(columns.is_header(b"when,jwt", true) && !columns.is_header(b"1,t", false));
        let columns = Columns::new(&named("2", "1"), b'\t', b"1\ta.b.c").unwrap();
        assert!(!columns.is_header(b"1\ta.b.c", true));
        assert_eq!(texts(&columns, "1\ta.b.c"), ["a.b.c", "1"]);
        let error = Columns::new(&named("x", "when"), b',', b"when,jwt").unwrap_err();
        assert_eq!(error, "there is no column x; there are: when jwt");
        let columns = Columns::new(&named("t", "day+hour"), b';', b"day;hour;t").unwrap();
        assert_eq!(texts(&columns, "2026-03-01;12:30:45;a.b.c"), ["a.b.c", "2026-03-01 12:30:45"]);
    }

    #[test]
    fn extended_log_is_read_by_its_fields() {
        let names = b"date time c-ip cs-uri-query sc-status cs(Cookie)";
        let columns = Columns::extended(&Fields::default(), b' ', names).unwrap();
        assert!(columns.is_header(b"#Date: 2026", false) && columns.has(Part::Token));
        let line = "2026-03-01 12:30:45 ::1 a=1&t=eyJh.eyJp.c2ln 200 -";
        assert_eq!(texts(&columns, line), ["eyJh.eyJp.c2ln", "2026-03-01 12:30:45Z"]);
    }
}
