//! Measures `jotd` on this machine: `bench JOTD [SECONDS]`, and prints a table of Markdown.
//! Each answer is checked before it counts; what is compared takes turns in one run.
//! `make bench-server` writes what it prints into docs/benchmarks.md.
#![allow(
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "it is a program for a terminal, and it may stop at the first thing that is wrong"
)]

mod client;

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use client::{Client, Rate, repeat, text};
use jot::{Alg, Signer, SigningKey};
use jot_login::password::{self, Cost, Memory, StoredHash};

pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

const CLIENTS: usize = 64;
const ROUNDS: usize = 5;
const PASSWORD: &str = "correct horse";
const SECRET: &str = "s3cret";
/// The SHA-256 of the secret.
const HASH: &str = "1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0";

fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args().skip(1);
    let jotd = arguments.next().ok_or("bench JOTD [SECONDS]")?;
    let seconds = arguments.next().map_or(Ok(2.0), |text| text.parse())?;
    let folder = tempfile::TempDir::new()?;
    let service = Service::start(&jotd, folder.path())?;
    let mut found = Found::default();
    let mut refreshing = service.log_in(CLIENTS)?;
    for _ in 0..ROUNDS {
        found
            .empty
            .push(service.measure(seconds, CLIENTS, "GET", "/healthz", "", "", |body| body == "ok\n")?);
        let access = format!("Authorization: Bearer {}\r\n", refreshing[0].access);
        let path = "/forward/nginx?audience=api";
        found.forward.push(service.measure(seconds, CLIENTS, "GET", path, &access, "", |_| true)?);
        let form = format!("client_id=c&client_secret={SECRET}&token={}", refreshing[0].access);
        let is_active = |body: &str| body.contains("\"active\":true");
        found.introspect.push(service.measure(
            seconds,
            CLIENTS,
            "POST",
            "/introspect",
            "",
            &form,
            is_active,
        )?);
        let form = format!("grant_type=client_credentials&client_id=c&client_secret={SECRET}");
        let is_token = |body: &str| text(body, "access_token").is_some();
        found.issue.push(service.measure(seconds, CLIENTS, "POST", "/token", "", &form, is_token)?);
        found.sign.push(sign(seconds)?);
        let before = service.ticks()?;
        let (rate, clients) = repeat(refreshing, seconds, Refreshing::step)?;
        found.refresh.push(Measured { work: (service.ticks()? - before) / rate.count as f64, rate });
        refreshing = clients;
        found.login.push(service.logins(seconds)?);
        found.hash.push(hash(seconds)?);
    }
    found.print();
    Ok(())
}

/// A rate, and the microseconds of the service's processors for each request.
struct Measured {
    rate: Rate,
    work: f64,
}

#[derive(Default)]
struct Found {
    empty: Vec<Measured>,
    forward: Vec<Measured>,
    introspect: Vec<Measured>,
    issue: Vec<Measured>,
    sign: Vec<Measured>,
    refresh: Vec<Measured>,
    login: Vec<Measured>,
    hash: Vec<Measured>,
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

impl Found {
    fn print(&self) {
        let rate = |all: &[Measured]| median(all.iter().map(|one| one.rate.per_second()).collect());
        let work = |all: &[Measured]| median(all.iter().map(|one| one.work).collect());
        // Ratios are those of one round, in which the machine is the same.
        let share = |of: &[Measured], by: &[Measured]| {
            let ratio = |(of, by): (&Measured, &Measured)| of.rate.per_second() / by.rate.per_second();
            100.0 * median(of.iter().zip(by).map(ratio).collect())
        };
        let spent = |of: &[Measured], by: &[Measured]| {
            100.0 * median(of.iter().zip(by).map(|(of, by)| by.work / of.work).collect())
        };
        let line = |what: &str, all: &[Measured], measured: String, wanted: &str| {
            println!("| {what} | {:.0} | {:.1} | {measured} | {wanted} |", rate(all), work(all));
        };
        println!("| what | each second | µs of processors | measured | wanted |");
        println!("|---|--:|--:|--:|--:|");
        line("an empty handler, `GET /healthz`", &self.empty, String::new(), "");
        let forward = format!("{:.0} % of the empty handler", share(&self.forward, &self.empty));
        line("forward auth, one token", &self.forward, forward, "60 %");
        let introspect = format!("{:.0} % of the empty handler", share(&self.introspect, &self.empty));
        line("introspection, one token", &self.introspect, introspect, "60 %");
        line("signing alone, ES256", &self.sign, String::new(), "");
        // What could be reached on processors that clients and service share: an answer that
        // costs no more than an empty one and a signature.
        let both = self.sign.iter().zip(&self.empty).zip(&self.issue).map(|((sign, empty), issue)| {
            100.0 * issue.rate.per_second() * (1.0 / sign.rate.per_second() + 1.0 / empty.rate.per_second())
        });
        let issue = format!(
            "{:.0} % of signing alone; {:.0} % of signing and the empty handler; {:.0} % of jotd's time is signing",
            share(&self.issue, &self.sign),
            median(both.collect()),
            spent(&self.issue, &self.sign)
        );
        line("a token for a client, nothing stored", &self.issue, issue, "60 %");
        let refresh = format!("{:.0} each second", rate(&self.refresh));
        line("refreshes, SQLite, every one on the disk", &self.refresh, refresh, "5,000");
        line("argon2id alone", &self.hash, String::new(), "");
        let login = format!(
            "{:.0} % of argon2id alone; {:.0} % of jotd's time is argon2id",
            share(&self.login, &self.hash),
            spent(&self.login, &self.hash)
        );
        line("logins", &self.login, login, "95 %");
    }
}

/// The microseconds of processors that a process has spent.
fn ticks(process: &str) -> Result<f64, Fault> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(") ").next().ok_or("no figures")?.split(' ').collect();
    Ok(1e4 * (fields[11].parse::<f64>()? + fields[12].parse::<f64>()?))
}

/// Signs the same claims on every processor.
fn sign(seconds: f64) -> Result<Measured, Fault> {
    let claims = r#"{"iss":"http://127.0.0.1:1","aud":"api","sub":"c","client_id":"c","iat":1,"exp":601,"jti":"0123456789012345678901","scope":"read"}"#;
    let threads = std::thread::available_parallelism()?.get();
    let signers = (0..threads).map(|_| Ok(Signer::new(SigningKey::generate(Alg::ES256)?)));
    let signers = signers.collect::<Result<Vec<_>, jot::Error>>()?;
    let before = ticks("self")?;
    let (rate, _) = repeat(signers, seconds, |signer| signer.sign_claims(claims).map(drop))?;
    Ok(Measured { work: (ticks("self")? - before) / rate.count as f64, rate })
}

/// Hashes a password on every processor.
fn hash(seconds: f64) -> Result<Measured, Fault> {
    let threads = std::thread::available_parallelism()?.get();
    let hash =
        password::hash(PASSWORD, Cost::LEAST, [7; 16], &mut Memory::new(Cost::LEAST)).ok_or("no hash")?;
    let stored = StoredHash::from_text(&hash).map_err(|fault| fault.to_string())?;
    let memories = (0..threads).map(|_| Memory::new(Cost::LEAST)).collect();
    let before = ticks("self")?;
    let (rate, _) = repeat(memories, seconds, |memory| {
        if stored.matches(PASSWORD, memory) { Ok(()) } else { Err("the hash is wrong") }
    })?;
    Ok(Measured { work: (ticks("self")? - before) / rate.count as f64, rate })
}

/// Somebody who is logged in.
struct Refreshing {
    client: Client,
    access: String,
    refresh: String,
}

impl Refreshing {
    fn step(&mut self) -> Result<(), Fault> {
        let form = format!("grant_type=refresh_token&refresh_token={}", self.refresh);
        let request = self.client.request("POST", "/token", "", &form);
        let answer = self.client.send(&request)?;
        if answer.status != 200 {
            return Err(format!("a refresh is answered with {}: {}", answer.status, answer.body).into());
        }
        self.refresh = text(answer.body, "refresh_token").ok_or("no refresh token")?.to_owned();
        self.access = text(answer.body, "access_token").ok_or("no access token")?.to_owned();
        Ok(())
    }
}

/// The service; it is killed when the run ends.
struct Service {
    child: Child,
    port: u16,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn start(jotd: &str, folder: &std::path::Path) -> Result<Self, Fault> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let settings = folder.join("jotd.toml");
        fs::write(folder.join("master.key"), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n")?;
        let text = format!(
            "issuer = \"http://127.0.0.1:{port}\"\ndata = \"db\"\nmaster_key_file = \"master.key\"\n\
             audit = \"audit.ndjson\"\n[listen]\naddress = \"127.0.0.1:{port}\"\nheader_seconds = 300\n[passwords]\nqueue = 1000\npasses = 2\n\
             [tokens]\naudiences = [\"api\"]\n[guard]\naddress_free = 86400\n\
             [[clients]]\nid = \"c\"\nsecret_sha256 = \"{HASH}\"\nscopes = [\"read\"]\naudiences = [\"api\"]\nintrospect = true\n"
        );
        fs::write(&settings, text)?;
        for user in 0..CLIENTS {
            let mut add = Command::new(jotd);
            add.args(["user", "add", &format!("u{user}"), "--scope", "read", "--config"]).arg(&settings);
            let mut add = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
            std::io::Write::write_all(&mut add.stdin.take().ok_or("no input")?, PASSWORD.as_bytes())?;
            if !add.wait()?.success() {
                return Err("no account was added".into());
            }
        }
        let mut serve = Command::new(jotd);
        serve.args(["serve", "--config"]).arg(&settings).stderr(Stdio::null());
        let service = Self { child: serve.spawn()?, port };
        let since = Instant::now();
        while Client::new(port).is_err() {
            if since.elapsed() > Duration::from_secs(30) {
                return Err("the service does not start".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(service)
    }

    fn ticks(&self) -> Result<f64, Fault> {
        ticks(&self.child.id().to_string())
    }

    /// Sends one request again and again on many connections.
    #[allow(clippy::too_many_arguments, reason = "they are the parts of a request")]
    fn measure(
        &self,
        seconds: f64,
        clients: usize,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
        is_right: impl Fn(&str) -> bool + Sync,
    ) -> Result<Measured, Fault> {
        let clients = (0..clients).map(|_| Client::new(self.port)).collect::<Result<Vec<_>, _>>()?;
        let request = clients[0].request(method, path, headers, body);
        let before = self.ticks()?;
        let (rate, _) = repeat(clients, seconds, |client| {
            let answer = client.send(&request)?;
            if answer.status != 200 || !is_right(answer.body) {
                return Err::<(), Fault>(format!("{path}: {}: {}", answer.status, answer.body).into());
            }
            Ok(())
        })?;
        Ok(Measured { work: (self.ticks()? - before) / rate.count as f64, rate })
    }

    fn log_in(&self, count: usize) -> Result<Vec<Refreshing>, Fault> {
        (0..count)
            .map(|user| {
                let mut client = Client::new(self.port)?;
                let request = client.request("POST", "/login", "", &login_form(user));
                let answer = client.send(&request)?;
                let found = |name| text(answer.body, name).map(str::to_owned).ok_or("nobody logged in");
                let (access, refresh) = (found("access_token")?, found("refresh_token")?);
                Ok(Refreshing { client, access, refresh })
            })
            .collect()
    }

    /// Logs each user in, again and again.
    fn logins(&self, seconds: f64) -> Result<Measured, Fault> {
        let clients = (0..CLIENTS).map(|user| Ok((user, Client::new(self.port)?)));
        let clients = clients.collect::<Result<Vec<_>, Fault>>()?;
        let before = self.ticks()?;
        let (rate, _) = repeat(clients, seconds, |(user, client)| {
            let request = client.request("POST", "/login", "", &login_form(*user));
            let answer = client.send(&request)?;
            if answer.status != 200 {
                return Err::<(), Fault>(format!("a login: {}: {}", answer.status, answer.body).into());
            }
            Ok(())
        })?;
        Ok(Measured { work: (self.ticks()? - before) / rate.count as f64, rate })
    }
}

fn login_form(user: usize) -> String {
    format!("username=u{user}&password=correct+horse")
}
