//! The rows of a chunk, in the format of the output.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Int64Builder, StringBuilder, UInt16Builder, UInt32Builder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use jot::Code;

use super::args::{RowFormat, WhichRows};
use super::input::kept::{Keep, Kept};
use super::row::{self, JsonName, Row};

/// How rows are written.
#[derive(Clone, Debug)]
pub(super) struct RowWriter {
    /// `None` if no rows are written.
    format: Option<RowFormat>,
    which: WhichRows,
    with_token: bool,
    keep: Keep,
    json_names: Arc<[JsonName]>,
}

impl RowWriter {
    pub(super) fn new(format: Option<RowFormat>, which: WhichRows, with_token: bool, keep: Keep) -> Self {
        let kept = keep.iter().map(Kept::name);
        let json_names = row::json_names(row::columns(kept, with_token)).into();
        Self { format, which, with_token, keep, json_names }
    }

    /// Lists the names of the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        row::columns(self.keep.iter().map(Kept::name), self.with_token)
    }

    pub(super) const fn format(&self) -> Option<RowFormat> {
        self.format
    }

    pub(super) const fn with_token(&self) -> bool {
        self.with_token
    }

    /// Starts the rows of a chunk.
    pub(super) fn start(&self, rows: usize) -> Rows {
        match self.format {
            None => Rows::None,
            // An estimate of the bytes of a row.
            Some(RowFormat::Ndjson) => Rows::Text(Vec::with_capacity(rows.saturating_mul(450))),
            Some(RowFormat::Csv) => Rows::Text(Vec::with_capacity(rows.saturating_mul(200))),
            Some(RowFormat::Parquet) => Rows::Columns(Box::default()),
        }
    }

    /// Returns the schema of the Parquet output.
    pub(super) fn schema(&self) -> SchemaRef {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let mut fields = vec![
            Field::new("source", DataType::Utf8, false),
            Field::new("line", DataType::UInt64, false),
            Field::new("used_at", DataType::Int64, true),
            Field::new("status", DataType::UInt16, true),
            text("address"),
            Field::new("code", DataType::UInt32, false),
            Field::new("name", DataType::Utf8, false),
            Field::new("signature_ok", DataType::Boolean, false),
            Field::new("time_ok", DataType::Boolean, true),
            Field::new("valid_at_use", DataType::Boolean, false),
            Field::new("expired_by_seconds", DataType::Int64, true),
            Field::new("expires_at", DataType::Int64, true),
            text("alg"),
            text("kid"),
            text("issuer"),
            text("subject"),
            text("jti"),
            text("key_state"),
            Field::new("truncated_suspect", DataType::Boolean, false),
            text("kind"),
            Field::new("token_index", DataType::UInt32, true),
            text("fingerprint"),
        ];
        let more = self.columns().skip(fields.len()).map(text).collect::<Vec<_>>();
        fields.extend(more);
        Arc::new(Schema::new(fields))
    }
}

/// The rows of one chunk.
pub(super) enum Rows {
    None,
    Text(Vec<u8>),
    Columns(Box<RowColumns>),
}

impl Rows {
    pub(super) fn push(&mut self, writer: &RowWriter, row: &Row<'_>) {
        if writer.which == WhichRows::Refused && row.code == Code::Accepted {
            return;
        }
        match (self, writer.format) {
            (Self::Text(out), Some(RowFormat::Csv)) => row.write_csv(writer.with_token, out),
            (Self::Text(out), _) => row.write_ndjson(&writer.json_names, writer.with_token, out),
            (Self::Columns(columns), _) => columns.push(row, writer.with_token),
            (Self::None, _) => {}
        }
    }
}

/// Builders for the columns of a Parquet output.
#[derive(Default)]
pub(super) struct RowColumns {
    source: StringBuilder,
    line: UInt64Builder,
    used_at: Int64Builder,
    status: UInt16Builder,
    code: UInt32Builder,
    token_index: UInt32Builder,
    flags: [BooleanBuilder; 4],
    seconds: [Int64Builder; 2],
    /// address, name, alg, kid, issuer, subject, jti, key state, kind, fingerprint
    texts: [StringBuilder; 10],
    /// Those of `--keep`, and the token.
    more: Vec<StringBuilder>,
}

impl RowColumns {
    fn push(&mut self, row: &Row<'_>, with_token: bool) {
        self.source.append_value(row.source);
        self.line.append_value(row.line);
        self.used_at.append_option(row.used_at);
        self.status.append_option(row.status);
        self.code.append_value(row.code.number());
        self.token_index.append_option(row.token_index);
        let flags =
            [Some(row.signature_ok), row.time_ok, Some(row.code == Code::Accepted), Some(row.truncated)];
        for (builder, flag) in self.flags.iter_mut().zip(flags) {
            builder.append_option(flag);
        }
        for (builder, seconds) in self.seconds.iter_mut().zip([row.expired_by_seconds, row.expires_at]) {
            builder.append_option(seconds);
        }
        let texts = [
            row.address,
            Some(row.code.name()),
            row.alg,
            row.kid,
            row.issuer,
            row.subject,
            row.jti,
            row.key_state,
            row.kind,
            row.fingerprint,
        ];
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_option(text);
        }
        let more = row.kept.iter().map(Option::as_deref).chain(with_token.then_some(row.token));
        for (place, text) in more.enumerate() {
            if self.more.len() == place {
                self.more.push(StringBuilder::new());
            }
            if let Some(builder) = self.more.get_mut(place) {
                builder.append_option(text);
            }
        }
    }

    /// Makes a batch with the schema of [`RowWriter::schema`].
    pub(super) fn finish(mut self, schema: SchemaRef) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let [address, name, alg, kid, issuer, subject, jti, key_state, kind, fingerprint] =
            self.texts.each_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef);
        let [signature_ok, time_ok, valid_at_use, truncated] =
            self.flags.each_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef);
        let [expired_by, expires_at] =
            self.seconds.each_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.source.finish()),
            Arc::new(self.line.finish()),
            Arc::new(self.used_at.finish()),
            Arc::new(self.status.finish()),
            address,
            Arc::new(self.code.finish()),
            name,
            signature_ok,
            time_ok,
            valid_at_use,
            expired_by,
            expires_at,
            alg,
            kid,
            issuer,
            subject,
            jti,
            key_state,
            truncated,
            kind,
            Arc::new(self.token_index.finish()),
            fingerprint,
        ];
        // A chunk without rows has no builders.
        self.more.resize_with(schema.fields().len().saturating_sub(columns.len()), StringBuilder::new);
        columns.extend(self.more.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef));
        RecordBatch::try_new(schema, columns)
    }
}
