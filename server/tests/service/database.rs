//! The database of a test: SQLite, or PostgreSQL if `JOT_DATABASE=postgresql`. The tests of
//! the service are the same over both.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use postgres::{Client, NoTls, SimpleQueryMessage};
use tempfile::TempDir;

pub(crate) enum Database {
    Sqlite,
    Postgresql(Arc<Cluster>, String),
}

impl Database {
    pub(crate) fn new() -> Self {
        match std::env::var("JOT_DATABASE").as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgresql") => Self::of(Cluster::shared()),
            Ok(other) => panic!("JOT_DATABASE is sqlite or postgresql, not {other}"),
        }
    }

    /// Makes a database on a server of PostgreSQL.
    pub(crate) fn of(cluster: Arc<Cluster>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("jotd{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let _turn = lock();
        cluster.connect("postgres").batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Self::Postgresql(cluster, name)
    }

    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite)
    }

    /// The line of the settings.
    pub(crate) fn setting(&self) -> String {
        match self {
            Self::Sqlite => "data = \"db\"".to_owned(),
            Self::Postgresql(cluster, name) => format!("postgresql = \"{}\"", cluster.words(name)),
        }
    }

    /// Changes rows behind the service's back.
    pub(crate) fn execute(&self, home: &Path, sql: &str) {
        match self {
            Self::Sqlite => open(home).execute_batch(sql).unwrap(),
            Self::Postgresql(cluster, name) => cluster.connect(name).batch_execute(sql).unwrap(),
        }
    }

    /// Counts rows.
    pub(crate) fn count(&self, home: &Path, from: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {from}");
        match self {
            Self::Sqlite => open(home).query_row(&sql, [], |row| row.get(0)).unwrap(),
            Self::Postgresql(cluster, name) => cluster.connect(name).query_one(&sql, &[]).unwrap().get(0),
        }
    }

    /// All that the database has on the disk, or would give away.
    pub(crate) fn bytes(&self, home: &Path) -> Vec<u8> {
        match self {
            Self::Sqlite => {
                let mut bytes = std::fs::read(home.join("db/jotd.db")).unwrap();
                bytes.extend(std::fs::read(home.join("db/jotd.db-wal")).unwrap_or_default());
                bytes
            }
            Self::Postgresql(cluster, name) => {
                let tables =
                    "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
                let mut client = cluster.connect(name);
                let mut bytes = Vec::new();
                for table in client.query(tables, &[]).unwrap() {
                    let sql = format!("SELECT * FROM {}", table.get::<_, &str>(0));
                    for row in client.simple_query(&sql).unwrap() {
                        let SimpleQueryMessage::Row(row) = row else { continue };
                        (0..row.len()).for_each(|at| bytes.extend(shown(row.get(at).unwrap_or_default())));
                    }
                }
                bytes
            }
        }
    }

    /// Keeps everybody else from writing, for as long as what it returns lives.
    pub(crate) fn hold(&self, home: &Path) -> Box<dyn Send> {
        match self {
            Self::Sqlite => {
                let holder = open(home);
                holder.execute_batch("BEGIN IMMEDIATE").unwrap();
                Box::new(holder)
            }
            Self::Postgresql(cluster, name) => {
                let mut holder = cluster.connect(name);
                holder.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(1785689188)").unwrap();
                Box::new(holder)
            }
        }
    }
}

fn open(home: &Path) -> rusqlite::Connection {
    let database = rusqlite::Connection::open(home.join("db/jotd.db")).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    database
}

/// The bytes that PostgreSQL shows as hexadecimal digits, and other text as it is.
fn shown(text: &str) -> Vec<u8> {
    let Some(digits) = text.strip_prefix("\\x") else { return text.as_bytes().to_vec() };
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// A server of PostgreSQL, which listens at a socket in its folder and nowhere else.
pub(crate) struct Cluster {
    folder: TempDir,
    port: AtomicU16,
}

static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

fn lock() -> MutexGuard<'static, Weak<Cluster>> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cluster {
    /// The server that tests share while one of them needs it.
    fn shared() -> Arc<Self> {
        let mut shared = lock();
        shared.upgrade().unwrap_or_else(|| {
            let cluster = Self::new();
            *shared = Arc::downgrade(&cluster);
            cluster
        })
    }

    pub(crate) fn new() -> Arc<Self> {
        let folder = TempDir::new().unwrap();
        // Debian's user may not own the folder of another; it owns one within it.
        set_mode(folder.path(), 0o755);
        let cluster = Self { folder, port: 5432.into() };
        let data = cluster.data();
        std::fs::create_dir(&data).unwrap();
        own(&data);
        let data = data.to_str().unwrap().to_owned();
        run("initdb", &["--pgdata", &data, "--auth", "trust", "--username", "postgres", "--no-sync"]);
        cluster.set("listen_addresses = ''\n");
        cluster.start();
        Arc::new(cluster)
    }

    /// Adds settings, of which the last one counts.
    fn set(&self, settings: &str) {
        let mut file = OpenOptions::new().append(true).open(self.data().join("postgresql.conf")).unwrap();
        file.write_all(settings.as_bytes()).unwrap();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn start(&self) {
        let data = self.data().to_str().unwrap().to_owned();
        let options = format!("-c unix_socket_directories={data} -c max_connections=300");
        let log = format!("{data}/log");
        run(
            "pg_ctl",
            &["start", "--wait", "--silent", "--pgdata", &data, "--log", &log, "--options", &options],
        );
    }

    /// Starts it anew, so that it also listens at a port of this machine, and returns the port.
    pub(crate) fn restart_with_tls(&self, certificate: &Path, key: &Path) -> u16 {
        self.stop();
        let data = self.data();
        for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
            // The server may read it, and nobody else.
            let to = data.join(name);
            std::fs::copy(from, &to).unwrap();
            set_mode(&to, 0o600);
            own(&to);
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        self.set(&format!("ssl = on\nlisten_addresses = 'localhost'\nport = {port}\n"));
        self.port.store(port, Ordering::Relaxed);
        self.start();
        port
    }

    /// Stops it as a power cut would.
    pub(crate) fn stop(&self) {
        let data = self.data().to_str().unwrap().to_owned();
        run("pg_ctl", &["stop", "--wait", "--silent", "--pgdata", &data, "--mode", "immediate"]);
    }

    fn words(&self, database: &str) -> String {
        let port = self.port.load(Ordering::Relaxed);
        format!("host={} port={port} user=postgres dbname={database}", self.data().display())
    }

    fn connect(&self, database: &str) -> Client {
        Client::connect(&self.words(database), NoTls).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.stop();
        }
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Gives a file to Debian's user, who runs the server if this is root.
fn own(path: &Path) {
    if is_root() {
        assert!(Command::new("chown").arg("postgres").arg(path).status().unwrap().success());
    }
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs a program of Debian's PostgreSQL, which does not run as root.
fn run(program: &str, arguments: &[&str]) {
    let versions = std::fs::read_dir("/usr/lib/postgresql").map(|found| found.flatten().last());
    let Ok(Some(version)) = versions else {
        panic!("there is no PostgreSQL: scripts/setup-server.sh postgresql installs it")
    };
    let program = version.path().join("bin").join(program);
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
    }
    let output = command.arg(program).args(arguments).current_dir("/").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
