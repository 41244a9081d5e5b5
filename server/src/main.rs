//! `jotd`, a login service over libjot: the other half of JWT authentication. The engine
//! verifies tokens; this program checks passwords, issues tokens, renews them and takes
//! them back. docs/server.md leads from nothing to a guarded site.
//!
//! What it decides is in the crate `jot_login`, without I/O and clock. Here is the shell:
//!
//! | module | its one job |
//! |---|---|
//! | `cli`, `commands` | the command line, and what it does besides serving |
//! | `config` | the settings, each fault with its line |
//! | `accounts` | how an account is made and changed |
//! | `store` | SQLite or PostgreSQL: one writer, many pieces of work in one commit |
//! | `keyring`, `lists` | signing keys and the list of revocations, in memory |
//! | `calibration`, `hasher` | what a hash costs; passwords on few threads, with a bounded queue |
//! | `http` | the endpoints |
//! | `serve` | the listener, TLS, signals |
//! | `audit`, `metrics`, `log` | what is told, to whom |
//! | `app` | what all requests share |

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "a test may stop at the first thing that is wrong")
)]

mod accounts;
mod app;
mod audit;
mod calibration;
mod cli;
mod clock;
mod commands;
mod config;
mod fingerprint;
mod hasher;
mod http;
mod keyring;
mod lists;
mod log;
mod metrics;
mod serve;
mod store;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

use app::App;
use cli::{Cli, Command};
use config::Config;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            let _ = writeln!(std::io::stderr(), "jotd: {what}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<(), String> {
    match &cli.command {
        Command::NewMasterKey => return commands::new_master_key(),
        Command::NewClientSecret => return commands::new_client_secret(),
        _ => {}
    }
    let config = settings(cli.config)?;
    match cli.command {
        Command::Serve => serve(config),
        Command::Check => {
            if let Some((certificate, key)) = &config.listen.tls {
                serve::tls(certificate, key).map_err(|error| error.to_string())?;
            }
            store::with_database(&config.database, store::ring).map(drop).map_err(|fault| fault.to_string())
        }
        Command::User(command) => commands::user(&config, command),
        Command::Keys(command) => commands::keys(&config, &command),
        Command::Backup { file } => commands::backup(&config, &file),
        Command::NewMasterKey | Command::NewClientSecret => Ok(()),
    }
}

fn settings(path: Option<PathBuf>) -> Result<Config, String> {
    let path = path.or_else(|| std::env::var_os("JOTD_CONFIG").map(PathBuf::from));
    let path = path.unwrap_or_else(|| PathBuf::from("/etc/jotd/jotd.toml"));
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Config::read(&path, variables).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("{}: {fault}", path.display())).collect();
        lines.join("\njotd: ")
    })
}

fn serve(config: Config) -> Result<(), String> {
    log::start(config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let done = runtime.block_on(async {
        let app = App::open(config).await.map_err(|fault| fault.to_string())?;
        serve::serve(app).await.map_err(|error| error.to_string())
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    done
}
