//! What a database has to be able to do. All SQL of this program is written once, in the
//! words that SQLite and PostgreSQL share; parameters are `?1`, `?2`, …

use super::fault::{Outcome, StoreFault};
use super::value::{Row, Value};

/// A database within a transaction, or one that is read.
pub(crate) trait Database {
    /// Changes rows, and returns how many.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Outcome<u64>;

    /// Returns the rows that a question finds.
    fn query(&mut self, sql: &str, values: &[Value]) -> Outcome<Vec<Row>>;
}

impl dyn Database + '_ {
    /// Returns the row of a question that finds one at most.
    pub(super) fn query_one(&mut self, sql: &str, values: &[Value]) -> Outcome<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// Returns the only number of a question.
    pub(super) fn query_number(&mut self, sql: &str) -> Outcome<i64> {
        let row = self.query_one(sql, &[])?;
        row.ok_or_else(|| StoreFault::Database("a table is empty".to_owned()))?.number()
    }
}

/// A connection of its own to a database.
pub(crate) trait Connection: Database + Send {
    /// Begins a transaction in which nobody else writes, in no process. A connection that
    /// was lost is made anew.
    fn begin(&mut self) -> Outcome<()>;

    /// Ends the transaction; then it is on the disk.
    fn commit(&mut self) -> Outcome<()>;

    /// Ends the transaction as if it had not begun.
    fn roll_back(&mut self);

    /// Begins a part of the transaction that can be taken back.
    fn begin_part(&mut self) -> Outcome<()> {
        self.execute("SAVEPOINT part", &[]).map(drop)
    }

    /// Keeps the part, or takes it back.
    fn end_part(&mut self, is_kept: bool) -> Outcome<()> {
        if !is_kept {
            self.execute("ROLLBACK TO SAVEPOINT part", &[])?;
        }
        self.execute("RELEASE SAVEPOINT part", &[]).map(drop)
    }

    /// The connection, as work sees it.
    fn as_database(&mut self) -> &mut dyn Database;
}
