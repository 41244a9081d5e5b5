//! CSV (RFC 4180) and TSV, one record on a line.

use std::borrow::Cow;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::{Fields, Part, Parts, Unreadable};

/// The columns of the parts.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Columns {
    delimiter: u8,
    /// The column of each part, counted from 0.
    places: [Option<usize>; 4],
    count: usize,
    /// Whether the first line names the columns.
    pub(in crate::audit) has_header: bool,
}

impl Columns {
    /// Finds the columns by the names of the first line, or by number, from 1.
    ///
    /// # Errors
    /// The name of a missing column.
    pub(in crate::audit) fn new(fields: &Fields, delimiter: u8, first_line: &[u8]) -> Result<Self, String> {
        let names: Vec<_> = split(first_line, delimiter).into_iter().map(Cow::into_owned).collect();
        let number = |field: &str| field.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let has_header = fields.token.as_deref().is_none_or(|field| number(field).is_none());
        let mut places = [None; 4];
        for (part, place) in Part::ALL.into_iter().zip(&mut places) {
            let Some(field) = fields.of(part) else { continue };
            let found = match has_header {
                false => number(field).filter(|number| *number < names.len()),
                true => names.iter().position(|name| name.trim_ascii() == field.as_bytes()),
            };
            *place = Some(found.ok_or_else(|| format!("there is no column {field}"))?);
        }
        Ok(Self { delimiter, places, count: names.len(), has_header })
    }

    pub(in crate::audit) fn has_time(&self) -> bool {
        self.places.get(Part::Time as usize).is_some_and(Option::is_some)
    }

    pub(in crate::audit) fn pick<'l>(&self, line: &'l [u8]) -> Result<Parts<'l>, Unreadable> {
        let fields = split(line, self.delimiter);
        if fields.len() != self.count {
            return Err(Unreadable::Columns);
        }
        let mut parts = Parts::default();
        for (part, place) in parts.iter_mut().zip(self.places) {
            *part = place.and_then(|place| fields.get(place)).cloned();
        }
        Ok(parts)
    }
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

    #[test]
    fn columns_are_found_by_name_or_number() {
        let named = |token: &str, time: &str| Fields {
            token: Some(token.into()),
            time: Some(time.into()),
            ..Fields::default()
        };
        let columns = Columns::new(&named("jwt", "when"), b',', b"when,jwt").unwrap();
        let [token, time, ..] = columns.pick(b"1,a.b.c").unwrap();
        assert_eq!((token.as_deref(), time.as_deref()), (Some(&b"a.b.c"[..]), Some(&b"1"[..])));
        assert_eq!(columns.pick(b"1").unwrap_err(), Unreadable::Columns);
        let columns = Columns::new(&named("2", "1"), b'\t', b"1\ta.b.c").unwrap();
        assert!(!columns.has_header);
        assert_eq!(columns.pick(b"1\ta.b.c").unwrap()[0].as_deref(), Some(&b"a.b.c"[..]));
        assert_eq!(Columns::new(&named("x", "when"), b',', b"when,jwt").unwrap_err(), "there is no column x");
    }
}
