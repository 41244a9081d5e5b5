//! The real program, and a client for it that can do what clients should not.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use jot::{Alg, KeyOptions, KeySet, Policy, Revocations, Scratch, UnixSeconds, Verifier};
use serde_json::Value;
use tempfile::TempDir;

use crate::database::Database;

pub(crate) const ISSUER: &str = "https://login.example";
pub(crate) const PASSWORD: &str = "correct horse";
/// The SHA-256 of `s3cret`.
pub(crate) const SECRET_HASH: &str = "1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0";

/// A folder with settings and a database, and commands on it.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) database: Database,
    /// Of every program that it starts.
    pub(crate) variables: Vec<(String, String)>,
}

impl Home {
    /// Makes settings that are quick to test with; `more` is TOML behind them, whose tables
    /// replace none of these.
    pub(crate) fn new(more: &str) -> Self {
        Self::over(Database::new(), more)
    }

    pub(crate) fn over(database: Database, more: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
        fs::write(folder.path().join("master.key"), key).unwrap();
        let text = format!(
            "issuer = \"{ISSUER}\"\n{}\nmaster_key_file = \"master.key\"\naudit = \"audit.ndjson\"\n\
             [passwords]\nallow_weak_cost = true\nmemory_kib = 8\npasses = 1\n{more}\n",
            database.setting()
        );
        fs::write(folder.path().join("jotd.toml"), text).unwrap();
        Self { folder, database, variables: Vec::new() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes rows behind the service's back.
    pub(crate) fn execute(&self, sql: &str) {
        self.database.execute(self.folder.path(), sql);
    }

    /// Keeps everybody else from writing, for as long as what it returns lives.
    pub(crate) fn hold_database(&self) -> Box<dyn Send> {
        self.database.hold(self.folder.path())
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotd"));
        command.args(arguments).arg("--config").arg(self.path("jotd.toml")).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command and returns whether it succeeded, and what it printed.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> (bool, String) {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.success(), text)
    }

    pub(crate) fn add_user(&self, name: &str) {
        let arguments = ["user", "add", name, "--scope", "read", "--scope", "write", "--audience", "api"];
        let (is_done, text) = self.run(&arguments, &format!("{PASSWORD}\n"));
        assert!(is_done, "{text}");
    }

    pub(crate) fn serve(&self) -> Service {
        self.serve_with(&[])
    }

    pub(crate) fn serve_with(&self, variables: &[(&str, &str)]) -> Service {
        let mut command = self.command(&["serve"]);
        command.envs(variables.iter().copied());
        Service::start(command)
    }
}

/// A running service; it is killed when the test ends.
pub(crate) struct Service {
    child: Child,
    pub(crate) port: u16,
}

impl Service {
    /// Starts a service by a command, at any port.
    pub(crate) fn start(mut command: Command) -> Self {
        command.env("JOTD_LISTEN_ADDRESS", "127.0.0.1:0");
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (port, ports) = mpsc::channel();
        let log = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if let Some((_, found)) = line.split_once("://127.0.0.1:") {
                    let _ = port.send(found.parse::<u16>().unwrap());
                }
                eprintln!("jotd: {line}");
            }
        });
        let port = ports.recv_timeout(Duration::from_secs(60)).expect("the service has not started");
        Self { child, port }
    }

    /// Starts a service whose log goes elsewhere, at a port that its settings name.
    pub(crate) fn at(mut command: Command, port: u16) -> Self {
        let service = Self { child: command.spawn().unwrap(), port };
        until("it answers", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        service
    }

    /// A path as the service sees it.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(path.strip_prefix("/").unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Some(Self { status, headers, body: body.to_owned() })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name}: {self:?}")).to_owned()
    }

    /// Status and `error`, as a table has them.
    pub(crate) fn fault(&self) -> (u16, String) {
        let value: Value = serde_json::from_str(&self.body).unwrap_or_default();
        (self.status, value["error"].as_str().unwrap_or_default().to_owned())
    }
}

impl Service {
    /// Sends bytes and returns the connection.
    pub(crate) fn open(&self, bytes: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream
    }

    fn message(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut text =
            format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        text + &format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut stream = self.open(&self.message(method, path, headers, body));
        Reply::read(&mut stream).unwrap_or_else(|| panic!("no answer to {method} {path}"))
    }

    /// Asks another server of this machine.
    pub(crate) fn ask_other(&self, port: u16, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(self.message("GET", path, headers, "").as_bytes()).unwrap();
        Reply::read(&mut stream).unwrap_or_else(|| panic!("no answer to {path}"))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    /// Posts a form.
    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Reply {
        let (mut all, body) = (headers.to_vec(), encode(form));
        all.push(("Content-Type", "application/x-www-form-urlencoded"));
        self.send("POST", path, &all, &body)
    }

    /// Posts a form and hangs up without reading the answer.
    pub(crate) fn post_and_lose(&self, path: &str, form: &[(&str, &str)]) {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        drop(self.open(&self.message("POST", path, &headers, &encode(form))));
    }

    pub(crate) fn login(&self, name: &str, password: &str) -> Reply {
        self.post("/login", &[], &[("username", name), ("password", password)])
    }

    /// Logs in and returns access and refresh token.
    #[track_caller]
    pub(crate) fn tokens(&self, name: &str) -> (String, String) {
        self.tokens_of(name, PASSWORD)
    }

    #[track_caller]
    pub(crate) fn tokens_of(&self, name: &str, password: &str) -> (String, String) {
        let reply = self.login(name, password);
        assert_eq!(reply.status, 200, "{reply:?}");
        (reply.text("access_token"), reply.text("refresh_token"))
    }

    pub(crate) fn refresh(&self, token: &str) -> Reply {
        self.post("/token", &[], &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Posts a form to a service that may be gone.
    pub(crate) fn try_post(&self, path: &str, form: &[(&str, &str)]) -> Option<Reply> {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        stream.write_all(self.message("POST", path, &headers, &encode(form)).as_bytes()).ok()?;
        Reply::read(&mut stream)
    }

    pub(crate) fn try_refresh(&self, token: &str) -> Option<Reply> {
        self.try_post("/token", &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    pub(crate) fn keys(&self) -> KeySet {
        KeySet::from_jwks(&self.get("/jwks.json").body, &KeyOptions::default()).unwrap()
    }

    /// A resource server that follows keys and revocations, as of now.
    fn resource(&self, audience: &str) -> Verifier {
        let keys = self.keys();
        let lists = Verifier::builder(Policy::revocation_list([Alg::ES256])).issuer(ISSUER, keys.clone());
        let list = self.get("/revocations").body;
        let mut scratch = Scratch::new();
        let lists = lists.build().unwrap();
        let verified = lists.verify(&list, UnixSeconds::now(), &mut scratch).unwrap();
        let list = Revocations::from_claims(&verified.claims(), 1000).unwrap();
        let policy = Policy::access_token(audience, [Alg::ES256]);
        let verifier = Verifier::builder(policy).issuer(ISSUER, keys).build().unwrap();
        verifier.set_revocations(list);
        verifier
    }

    /// What a resource server says of a token now: the name of the code.
    pub(crate) fn judge(&self, token: &str) -> &'static str {
        self.judge_for("api", token)
    }

    pub(crate) fn judge_for(&self, audience: &str, token: &str) -> &'static str {
        let verdict =
            self.resource(audience).verify_without_claims(token, UnixSeconds::now(), &mut Scratch::new());
        verdict.map_or_else(|rejection| rejection.code().name(), |_| "accepted")
    }

    /// The time that the process has spent on processors, in hundredths of a second.
    pub(crate) fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let number = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &number]).status().unwrap().success());
    }

    /// Waits for the end of the process, and returns how long it took.
    pub(crate) fn wait(mut self) -> Duration {
        let since = Instant::now();
        assert!(self.child.wait().unwrap().success());
        since.elapsed()
    }
}

/// Waits until a thing is so.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(30), "{what} is not so after 30 seconds");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) fn encode(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, at: usize) -> Value {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    serde_json::from_slice(&engine.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

/// The lines of the audit trail.
pub(crate) fn audit(folder: &Path) -> String {
    fs::read_to_string(folder).unwrap()
}

/// The number of a refresh token within its session; only tests look inside.
pub(crate) fn generation(token: &str) -> u32 {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    u32::from_be_bytes(bytes[16..20].try_into().unwrap())
}
