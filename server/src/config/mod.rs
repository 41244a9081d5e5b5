//! The settings: one file of TOML, and over it the environment. docs/server.md lists them.

mod clients;
mod listen;
mod log;
mod network;
mod reader;
mod source;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jot::{Alg, UnixSeconds};
use jot_login::client::Client;
use jot_login::guard::Ladder;
use jot_login::master::MasterKey;
use jot_login::password::Cost;
use jot_login::refresh::Lifetimes;
use jot_login::ring::Timetable;
use toml::de::DeTable;

pub(crate) use clients::Resource;
use clients::{clients, resources};
pub(crate) use listen::Listen;
use listen::listen;
pub(crate) use log::Log;
use log::log;
pub(crate) use network::Network;
pub(crate) use reader::Fault;
use reader::{Place, Reader, Table};
use source::source;
pub(crate) use source::{Postgresql, Source};

/// How long verifiers may allow for their clocks, beyond a token's life.
const LEEWAY: u32 = 300;

#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) issuer: String,
    pub(crate) database: Source,
    pub(crate) master: Arc<MasterKey>,
    /// Where the audit trail goes; `None` is standard output.
    pub(crate) audit: Option<PathBuf>,
    pub(crate) log: Log,
    pub(crate) listen: Listen,
    pub(crate) tokens: Tokens,
    pub(crate) timetable: Timetable,
    pub(crate) revocations: Lists,
    pub(crate) passwords: Passwords,
    pub(crate) guard: Guard,
    pub(crate) clients: Vec<Client>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) pages: Pages,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages {
    /// The debugger is served, without signing in.
    pub(crate) debugger: bool,
}

#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) algorithm: Alg,
    pub(crate) access_seconds: u32,
    pub(crate) refresh: Lifetimes,
    /// What users log in with: a client without a secret.
    pub(crate) client: String,
    /// What accounts may have unless they say otherwise.
    pub(crate) audiences: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists {
    pub(crate) poll_seconds: u32,
    pub(crate) life_seconds: u32,
    pub(crate) wait_seconds: u32,
    pub(crate) limit: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Passwords {
    /// With `target` the least.
    pub(crate) cost: Cost,
    /// So long a hash should take; without it every hash has that cost.
    pub(crate) target: Option<Duration>,
    /// So many are hashed at once.
    pub(crate) at_once: usize,
    /// So many may wait.
    pub(crate) queue: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    pub(crate) account: Ladder,
    pub(crate) address: Ladder,
    /// All attempts together.
    pub(crate) everyone: Ladder,
}

impl Config {
    /// Reads the settings of a file.
    ///
    /// # Errors
    /// Every fault, with its line.
    pub(crate) fn read(
        path: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Fault>> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| vec![Fault { place: Place::File, what: error.to_string() }])?;
        Self::from_text(&text, variables, path.parent().unwrap_or(Path::new("")))
    }

    fn from_text(
        text: &str,
        variables: impl IntoIterator<Item = (String, String)>,
        folder: &Path,
    ) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(text, variables);
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let place = reader.line(error.span().map_or(0, |span| span.start));
                return Err(vec![Fault { place, what: error.message().to_owned() }]);
            }
        };
        let config = read_all(&mut reader, table.get_ref(), folder);
        reader.finish(table.get_ref());
        match config {
            Some(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }

    /// Returns the client without a secret that users log in with, if this is its name.
    pub(crate) fn is_public_client(&self, id: &str) -> bool {
        id == self.tokens.client
    }

    /// When a session that is used at `now` dies at the latest.
    pub(crate) fn dies(&self, started: UnixSeconds) -> i64 {
        started.0.saturating_add(self.tokens.refresh.absolute_seconds.into())
    }
}

fn read_all<'t>(reader: &mut Reader<'t>, table: &'t DeTable<'t>, folder: &Path) -> Option<Config> {
    // Relative to the file, wherever the program was started.
    let path = |text: String| folder.join(text);
    // Which file; read before this.
    reader.allow_variable("CONFIG");
    let top = Reader::top(table);
    let issuer = issuer(reader, &top);
    let database = source(reader, &top, folder);
    let audit = reader.text(&top, "audit").map(|(text, _)| path(text));
    let master = master(reader, &top, folder);
    let log = log(reader, &top);
    let listen = listen(reader, &top, folder);
    let tokens = tokens(reader, &top);
    let timetable = timetable(reader, &top, tokens.as_ref().map_or(600, |tokens| tokens.access_seconds));
    let revocations = lists(reader, &top);
    let passwords = passwords(reader, &top);
    let guard = guard(reader, &top);
    let clients = clients(reader, &top);
    let resources = resources(reader, &top);
    let pages = reader.table(&top, "pages");
    let pages = Pages { debugger: reader.flag(&pages, "debugger", false) };
    Some(Config {
        issuer: issuer?,
        database: database?,
        master: Arc::new(master?),
        audit,
        log,
        listen: listen?,
        tokens: tokens?,
        timetable,
        revocations,
        passwords,
        guard,
        clients,
        resources,
        pages,
    })
}

/// `https`, or `http` to this machine; without a path, query or slash at the end.
fn issuer<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Option<String> {
    let Some((issuer, place)) = reader.text(top, "issuer") else {
        reader.fault(&Place::File, "issuer is missing: the URL by which verifiers know this service");
        return None;
    };
    let host = |rest: &str| !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ']);
    let is_local = |rest: &str| {
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| {
            rest.strip_prefix(local).is_some_and(|port| port.is_empty() || port.starts_with(':'))
        })
    };
    let is_good = issuer.strip_prefix("https://").is_some_and(host)
        || issuer.strip_prefix("http://").is_some_and(|rest| host(rest) && is_local(rest));
    if !is_good {
        reader.fault(&place, "issuer is https://HOST or https://HOST:PORT without anything after it; http only on this machine");
        return None;
    }
    Some(issuer)
}

fn master<'t>(reader: &mut Reader<'t>, top: &Table<'t>, folder: &Path) -> Option<MasterKey> {
    let in_variable = reader.allow_variable("MASTER_KEY");
    let file = reader.text(top, "master_key_file");
    let (text, place) = match (in_variable, file) {
        (Some(text), _) => (text, Place::Variable("JOTD_MASTER_KEY".to_owned())),
        (None, Some((file, place))) => match std::fs::read_to_string(folder.join(&file)) {
            Ok(text) => (text, place),
            Err(error) => {
                reader.fault(&place, format!("{file}: {error}"));
                return None;
            }
        },
        (None, None) => {
            reader.fault(
                &Place::File,
                "master_key_file is missing, and so is JOTD_MASTER_KEY: jotd new-master-key makes one",
            );
            return None;
        }
    };
    let key = MasterKey::from_text(&text);
    if key.is_none() {
        reader.fault(&place, "the master key is 32 bytes in base64url or hexadecimal");
    }
    key
}

const DAY: u32 = 86_400;

fn tokens<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Option<Tokens> {
    let table = reader.table(top, "tokens");
    let algorithm = reader.text(&table, "algorithm");
    let algorithm = match algorithm {
        None => Some(Alg::ES256),
        Some((text, place)) => {
            let asymmetric = [Alg::ES256, Alg::ES384, Alg::ES512, Alg::EdDSA, Alg::RS256, Alg::PS256];
            let found = asymmetric.into_iter().find(|alg| alg.name() == text);
            if found.is_none() {
                reader.fault(&place, "algorithm is ES256, ES384, ES512, EdDSA, RS256 or PS256");
            }
            found
        }
    };
    let client = reader.text(&table, "client").map_or_else(|| "web".to_owned(), |(text, _)| text);
    let audiences = reader.texts(&table, "audiences").map(|found| found.0).unwrap_or_default();
    let access_seconds = reader.number(&table, "access_seconds", 5..=DAY, 600);
    let refresh = Lifetimes {
        absolute_seconds: reader.number(&table, "session_seconds", 60..=366 * DAY, 30 * DAY),
        idle_seconds: reader.number(&table, "idle_seconds", 60..=366 * DAY, 7 * DAY),
        grace_seconds: reader.number(&table, "grace_seconds", 0..=300, 10),
    };
    Some(Tokens {
        algorithm: algorithm?,
        access_seconds,
        refresh,
        client,
        audiences: audiences.into_iter().map(|(text, _)| text).collect(),
    })
}

fn timetable<'t>(reader: &mut Reader<'t>, top: &Table<'t>, access_seconds: u32) -> Timetable {
    let table = reader.table(top, "keys");
    let ahead_seconds = reader.number(&table, "ahead_seconds", 1..=30 * DAY, 4 * 3600);
    let signing_seconds = reader.number(&table, "signing_seconds", 2..=3660 * DAY, 30 * DAY);
    if signing_seconds <= ahead_seconds {
        let place = reader.place(&table, "signing_seconds");
        reader.fault(&place, "keys.signing_seconds is more than keys.ahead_seconds");
    }
    Timetable { signing_seconds, ahead_seconds, token_seconds: access_seconds.saturating_add(LEEWAY) }
}

fn lists<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Lists {
    let table = reader.table(top, "revocations");
    let poll_seconds = reader.number(&table, "poll_seconds", 1..=3600, 5);
    let life_seconds = reader.number(&table, "life_seconds", 2..=DAY, 60);
    if life_seconds < poll_seconds.saturating_mul(2) {
        let place = reader.place(&table, "life_seconds");
        reader.fault(&place, "revocations.life_seconds is at least twice revocations.poll_seconds");
    }
    let limit = reader.number(&table, "limit", 1..=10_000_000, 1_000_000);
    Lists {
        poll_seconds,
        life_seconds,
        wait_seconds: reader.number(&table, "wait_seconds", 1..=300, 30),
        limit: usize::try_from(limit).unwrap_or(1_000_000),
    }
}

fn passwords<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Passwords {
    let table = reader.table(top, "passwords");
    let least = Cost::LEAST;
    // Tests and demonstrations have no passwords to lose.
    let is_weak = reader.flag(&table, "allow_weak_cost", false);
    let least_memory = if is_weak { 8 } else { least.memory_kib };
    let least_passes = if is_weak { 1 } else { least.passes };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let threads = u32::try_from(threads).unwrap_or(1);
    let at_once = reader.number(&table, "at_once", 1..=1024, threads);
    let queue = reader.number(&table, "queue", 0..=100_000, 64);
    let target = reader.number(&table, "target_milliseconds", 1..=1000, 50);
    // Who says how many passes there are wants no other number.
    let target = match reader.place(&table, "passes") {
        Place::File => Some(Duration::from_millis(target.into())),
        _ => None,
    };
    Passwords {
        target,
        cost: Cost {
            memory_kib: reader.number(&table, "memory_kib", least_memory..=256 * 1024, least.memory_kib),
            passes: reader.number(&table, "passes", least_passes..=Cost::MOST_PASSES, least.passes),
            lanes: 1,
        },
        at_once: usize::try_from(at_once).unwrap_or(1),
        queue: usize::try_from(queue).unwrap_or(64),
    }
}

fn guard<'t>(reader: &mut Reader<'t>, top: &Table<'t>) -> Guard {
    let table = reader.table(top, "guard");
    let mut ladder = |who: &str, default: Ladder| {
        let mut number =
            |what: &str, default| reader.number(&table, &format!("{who}_{what}"), 0..=DAY, default);
        Ladder {
            free: number("free", default.free),
            first_seconds: number("first_seconds", default.first_seconds).max(1),
            longest_seconds: number("longest_seconds", default.longest_seconds).max(1),
            heal_seconds: number("heal_seconds", default.heal_seconds).max(1),
        }
    };
    Guard {
        account: ladder(
            "account",
            Ladder { free: 5, first_seconds: 2, longest_seconds: 900, heal_seconds: 600 },
        ),
        address: ladder(
            "address",
            Ladder { free: 30, first_seconds: 2, longest_seconds: 3600, heal_seconds: 60 },
        ),
        // Short, because it is everybody who waits.
        everyone: ladder(
            "everyone",
            Ladder { free: 1000, first_seconds: 1, longest_seconds: 5, heal_seconds: 1 },
        ),
    }
}

#[cfg(test)]
mod tests;
