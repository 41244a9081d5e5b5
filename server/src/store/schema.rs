//! The tables, and how older databases get them. Migrations only go forward: step N brings a
//! database of version N to N + 1.

use super::fault::{Outcome, StoreFault};

pub(super) const SQLITE: &[&str] = &["CREATE TABLE account(
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT, is_disabled INTEGER NOT NULL,
        roles TEXT NOT NULL, scopes TEXT NOT NULL, audiences TEXT NOT NULL, created INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE session(
        id BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id), client TEXT NOT NULL,
        scopes TEXT NOT NULL, audiences TEXT NOT NULL,
        generation INTEGER NOT NULL, newest BLOB NOT NULL, nonce BLOB NOT NULL,
        started INTEGER NOT NULL, replaced TEXT NOT NULL,
        access_until INTEGER NOT NULL, dies INTEGER NOT NULL, ended INTEGER, reason TEXT,
        address TEXT NOT NULL, agent TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_of_account ON session(account) WHERE ended IS NULL;
    CREATE INDEX session_dies ON session(dies);
    CREATE TABLE revoked(
        kind TEXT NOT NULL, name TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(kind, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE revision(revoked INTEGER NOT NULL) STRICT;
    INSERT INTO revision VALUES (0);
    CREATE TRIGGER revoked_added AFTER INSERT ON revoked BEGIN UPDATE revision SET revoked = revoked + 1; END;
    CREATE TRIGGER revoked_changed AFTER UPDATE ON revoked BEGIN UPDATE revision SET revoked = revoked + 1; END;
    CREATE TABLE attempts(
        key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last INTEGER NOT NULL, locked_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE signing_key(
        kid TEXT PRIMARY KEY, sealed BLOB NOT NULL, signs_from INTEGER NOT NULL, signs_until INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ring(version INTEGER NOT NULL) STRICT;
    INSERT INTO ring VALUES (0);",
    "CREATE TABLE setting(name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
];

/// Names of accounts and tokens are compared and sorted by their bytes, as in SQLite.
pub(super) const POSTGRESQL: &[&str] = &["CREATE TABLE account(
        id TEXT COLLATE \"C\" PRIMARY KEY, name TEXT COLLATE \"C\" NOT NULL UNIQUE, password TEXT,
        is_disabled BIGINT NOT NULL, roles TEXT NOT NULL, scopes TEXT NOT NULL, audiences TEXT NOT NULL,
        created BIGINT NOT NULL
    );
    CREATE TABLE session(
        id BYTEA PRIMARY KEY, account TEXT COLLATE \"C\" NOT NULL REFERENCES account(id), client TEXT NOT NULL,
        scopes TEXT NOT NULL, audiences TEXT NOT NULL,
        generation BIGINT NOT NULL, newest BYTEA NOT NULL, nonce BYTEA NOT NULL,
        started BIGINT NOT NULL, replaced TEXT NOT NULL,
        access_until BIGINT NOT NULL, dies BIGINT NOT NULL, ended BIGINT, reason TEXT,
        address TEXT NOT NULL, agent TEXT NOT NULL
    );
    CREATE INDEX session_of_account ON session(account) WHERE ended IS NULL;
    CREATE INDEX session_dies ON session(dies);
    CREATE TABLE revoked(
        kind TEXT COLLATE \"C\" NOT NULL, name TEXT COLLATE \"C\" NOT NULL, until BIGINT NOT NULL,
        PRIMARY KEY(kind, name)
    );
    CREATE TABLE revision(revoked BIGINT NOT NULL);
    INSERT INTO revision VALUES (0);
    CREATE FUNCTION revise() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN UPDATE revision SET revoked = revoked + 1; RETURN NULL; END';
    CREATE TRIGGER revoked_changed AFTER INSERT OR UPDATE ON revoked FOR EACH ROW EXECUTE FUNCTION revise();
    CREATE TABLE attempts(
        key TEXT COLLATE \"C\" PRIMARY KEY, failures BIGINT NOT NULL, last BIGINT NOT NULL,
        locked_until BIGINT NOT NULL
    );
    CREATE TABLE signing_key(
        kid TEXT COLLATE \"C\" PRIMARY KEY, sealed BYTEA NOT NULL, signs_from BIGINT NOT NULL, signs_until BIGINT
    );
    CREATE TABLE ring(version BIGINT NOT NULL);
    INSERT INTO ring VALUES (0)",
    "CREATE TABLE setting(name TEXT COLLATE \"C\" PRIMARY KEY, number BIGINT NOT NULL)",
];

/// Returns the steps that a database of this version lacks.
///
/// # Errors
/// [`StoreFault::Database`] if it is newer than this program.
pub(super) fn steps_from(steps: &'static [&'static str], version: i64) -> Outcome<&'static [&'static str]> {
    let left = usize::try_from(version).ok().and_then(|done| steps.get(done..));
    left.ok_or_else(|| {
        let known = newest(steps);
        StoreFault::Database(format!("it is of version {version}, and this program knows {known}"))
    })
}

/// Returns the version of a database that lacks none of these steps.
pub(super) fn newest(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}
