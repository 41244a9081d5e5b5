//! Uses of tokens whose verdicts are known, for logs of any format.

use serde_json::Value;

use crate::support::{Ran, Room, objects};

/// The second of the first use: 2026-03-01T12:30:45Z.
pub(crate) const FIRST: i64 = 1_772_368_245;

/// One use of a token, and what an audit has to say of it.
pub(crate) struct Use {
    pub(crate) second: i64,
    pub(crate) token: String,
    pub(crate) status: u16,
    pub(crate) address: &'static str,
    pub(crate) name: &'static str,
}

/// A room with keys and uses of tokens that were made with them.
pub(crate) struct Logs {
    pub(crate) room: Room,
    pub(crate) uses: Vec<Use>,
}

impl Logs {
    pub(crate) fn new() -> Self {
        let room = Room::with_key();
        let claims = |sub: &str, until: i64| {
            format!(
                r#"{{"sub":"{sub}","aud":"a","iat":{},"exp":{}}}"#,
                FIRST.saturating_sub(60),
                FIRST.saturating_add(until)
            )
        };
        let valid = room.token(&claims("alice", 600));
        let expired = room.token(&claims("bob", -1));
        let audience = room.token(&claims("carol", 600).replace("\"a\"", "\"b\""));
        // Of another key under the same name.
        room.run("keygen --alg ES256 --kid k1 --out-private key.jwk --force").ok();
        let forged = room.token(&claims("mallory", 600));
        let cut = valid.get(..100).unwrap().to_owned();
        let uses = [
            (valid, 200, "192.0.2.7", "accepted"),
            (expired, 401, "192.0.2.8", "expired"),
            (forged, 200, "198.51.100.9", "signature_invalid"),
            (audience, 403, "192.0.2.7", "aud_mismatch"),
            (cut, 401, "192.0.2.7", "token_segments"),
        ];
        let uses = (FIRST..).zip(uses);
        let uses = uses
            .map(|(second, (token, status, address, name))| Use { second, token, status, address, name })
            .collect();
        Self { room, uses }
    }

    /// A line for each use.
    pub(crate) fn lines(&self, line: impl Fn(&Use) -> String) -> String {
        self.uses.iter().map(|used| line(used) + "\n").collect()
    }

    /// The uses as lines of JSON under the usual names.
    pub(crate) fn ndjson(&self) -> String {
        self.lines(|used| {
            format!(
                r#"{{"time":{},"status":{},"address":"{}","authorization":"Bearer {}"}}"#,
                used.second, used.status, used.address, used.token
            )
        })
    }

    pub(crate) fn audit(&self, options: &str) -> Ran {
        let rules = "--keys jwks.json --alg ES256 --aud a --quiet --out rows.ndjson --force";
        self.room.run(&format!("audit {options} {rules}"))
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        objects(&self.room.read("rows.ndjson"))
    }

    /// Asserts that the rows say of every use what is true, times over.
    pub(crate) fn assert_judged(&self, what: &str, times: usize) {
        let rows = self.rows();
        let expected: Vec<_> = std::iter::repeat_n(&self.uses, times).flatten().collect();
        assert_eq!(rows.len(), expected.len(), "{what}");
        for (row, used) in rows.iter().zip(expected) {
            let found = (&row["name"], &row["used_at"], &row["status"], &row["address"]);
            let wanted: [Value; 4] =
                [used.name.into(), used.second.into(), used.status.into(), used.address.into()];
            assert_eq!(found, (&wanted[0], &wanted[1], &wanted[2], &wanted[3]), "{what}: {row}");
        }
    }

    /// Audits what was written to `name` and asserts that every use is judged
    /// rightly.
    pub(crate) fn judges(&self, name: &str, log: impl AsRef<[u8]>, options: &str) {
        self.room.write(name, log);
        let ran = self.audit(&format!("{name} {options}"));
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        self.assert_judged(name, 1);
    }
}
