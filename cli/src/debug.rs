//! `jotctl debug`: the debugger, on a loopback port of this machine.

use std::io::IsTerminal as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use clap::{Args, ValueEnum};
use jot::{KeyOptions, UnixSeconds};
use jot_show::debugger::{Debugger, Fetch, Place, Start, door, router};

use crate::decode::read_token;
use crate::failure::{End, Failure, print, tell};
use crate::key_file::KeyFile;
use crate::keys::{ConnectionArgs, fetch_keys};

const AFTER_HELP: &str = "\
Prints the URL of a page on 127.0.0.1 and serves it until Ctrl-C. Nobody can guess
the URL's path, and requests of other sites are refused. Nothing is stored; keys are
fetched only if the page is asked to. docs/debugger.md has more.

Examples:
  jotctl debug
  jotctl debug @token --keys jwks.json
  jotctl debug --browser never --port 4000
  jotctl debug --allow-loopback @token";

/// Explain a token in a browser, each check with what would cure it, and make tokens to
/// try things with
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct DebugArgs {
    /// The token, @FILE, or `-` for standard input
    token: Option<String>,
    /// Keys to begin with: a JWK Set, JWK or PEM; only their public parts get into the page
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// The port; a free one by default
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Whether a browser is opened: `auto` does where a terminal and a desktop are
    #[arg(long, value_enum, default_value_t = Browser::Auto)]
    browser: Browser,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Browser {
    Auto,
    Always,
    Never,
}

pub(crate) fn run(args: DebugArgs) -> Result<End, Failure> {
    let start = start(&args)?;
    let (interrupted, wakes) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = interrupted.send(());
    })
    .map_err(Failure::new)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::new)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let listener = runtime.block_on(tokio::net::TcpListener::bind(address));
    let listener = listener.map_err(|error| Failure::of(address, error))?;
    let authority = listener.local_addr().map_err(Failure::new)?.to_string();
    let path = door::path().map_err(Failure::new)?;
    let url = format!("http://{authority}{path}/verify");
    let browser = args.browser;
    let connection = args.connection;
    let fetch: Fetch = Arc::new(move |place: Place<'_>| {
        fetch_keys(place, KeyOptions::default(), &connection).map_err(Failure::into_words)
    });
    let app = app(
        Debugger { fetch: Some(fetch), start: Arc::new(move || start.clone()), now: UnixSeconds::now },
        &path,
        authority,
    );
    print(format!("{url}\n").as_bytes())?;
    open(&url, browser);
    std::thread::Builder::new()
        .name("debugger".to_owned())
        .spawn(move || runtime.block_on(async { axum::serve(listener, app).await }))
        .map_err(Failure::new)?;
    let _ = wakes.recv();
    Ok(End::Interrupted)
}

fn start(args: &DebugArgs) -> Result<Start, Failure> {
    let token = args.token.as_deref().map(read_token).transpose()?.unwrap_or_default();
    let token = String::from_utf8_lossy(&token).into_owned();
    let keys = match &args.keys {
        // Written anew, so that a private key stays where it is.
        Some(path) => {
            let file = KeyFile::read(path)?;
            file.key_set(&KeyOptions::default())?.to_jwks().map_err(|error| file.blame(error))?
        }
        None => String::new(),
    };
    Ok(Start { token, keys })
}

/// The debugger behind its door.
fn app(debugger: Debugger, path: &str, authority: String) -> Router {
    let guard = move |request: Request, next: Next| {
        let refused = door::refuse(request.headers(), &authority);
        async move {
            match refused {
                Some(status) => status.into_response(),
                None => next.run(request).await,
            }
        }
    };
    Router::new().nest(path, router(debugger)).layer(from_fn(guard))
}

/// Opens the page where that is wanted, and says so where it fails.
fn open(url: &str, browser: Browser) {
    let has_desktop = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let is_wanted = match browser {
        Browser::Always => true,
        Browser::Never => false,
        Browser::Auto => has_desktop && std::io::stdout().is_terminal(),
    };
    if !is_wanted {
        return;
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        tell(format_args!("warning: no browser was opened ({program}: {error}); open the URL yourself"));
    }
}
