//! `jotctl sign`: tokens from claims.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use jot::{Alg, KeyOptions, SignHeader, Signer, SigningKey, UnixSeconds};
use jot_show::layout;

use crate::algorithm::parse_alg;
use crate::failure::{End, Failure, print};
use crate::key_file::KeyFile;
use crate::span::{Span, When};

const AFTER_HELP: &str = "\
The key signs with its own algorithm; if it names none, with RS256, HS256, EdDSA
or the algorithm of its curve. The current time is added as iat, unless the
claims have one or --no-iat is given; exp and nbf are added on request.
Spans of time are written 90s, 15m, 1h or 7d.

Examples:
  jotctl sign --key key.jwk --claims '{\"sub\":\"alice\",\"aud\":\"api\"}' --expires-in 1h
  jotctl sign --key key.pem --alg PS256 --kid 2026-01 --claims @claims.json
  echo '{\"sub\":\"alice\"}' | jotctl sign --key key.jwk --typ at+jwt --claims -
  jotctl sign --secret-file secret.bin --alg HS256 --claims '{}' --not-before 5m";

/// Sign claims and print the token
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct SignArgs {
    /// The private key: a JWK, PEM or DER; `-` is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "secret_file")]
    key: Option<PathBuf>,
    /// An HMAC secret: every byte of the file, including a newline at its end
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    secret_file: Option<PathBuf>,
    /// The claims: a JSON object, @FILE, or `-` for standard input
    #[arg(long, value_name = "JSON|@FILE|-")]
    claims: String,
    /// The algorithm, if the key does not name its own
    #[arg(long, value_parser = parse_alg)]
    alg: Option<Alg>,
    /// Further Header Parameters: the members of this JSON object
    #[arg(long, value_name = "JSON")]
    header: Option<String>,
    /// The typ; JWT by default
    #[arg(long, conflicts_with = "no_typ")]
    typ: Option<String>,
    /// Leave the typ out
    #[arg(long)]
    no_typ: bool,
    /// The kid, instead of the key's own
    #[arg(long)]
    kid: Option<String>,
    /// Add an exp this far from now
    #[arg(long, value_name = "SPAN")]
    expires_in: Option<Span>,
    /// Add an nbf: a span from now, or Unix seconds
    #[arg(long, value_name = "SPAN|UNIX")]
    not_before: Option<When>,
    /// Add this iat instead of the current time
    #[arg(long, value_name = "UNIX", conflicts_with = "no_iat", allow_negative_numbers = true)]
    iat: Option<i64>,
    /// Add no iat
    #[arg(long)]
    no_iat: bool,
    /// The current time, instead of the system's clock
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true)]
    now: Option<i64>,
}

pub(crate) fn run(args: &SignArgs) -> Result<End, Failure> {
    let key = read_key(args)?;
    let claims = with_dates(args, &read_claims(&args.claims)?)?;
    let mut header = match (&args.typ, args.no_typ) {
        (_, true) => SignHeader::default().without_typ(),
        (Some(typ), _) => SignHeader::default().typ(typ),
        _ => SignHeader::default(),
    };
    if let Some(members) = &args.header {
        header = header.parameters(members);
    }
    let token = Signer::new(key).sign_claims_with(&header, claims.as_bytes()).map_err(Failure::new)?;
    print((token + "\n").as_bytes())?;
    Ok(End::Done)
}

fn read_key(args: &SignArgs) -> Result<SigningKey, Failure> {
    let options = args.alg.map_or_else(KeyOptions::default, |alg| KeyOptions::default().alg(alg));
    let key = match (&args.key, &args.secret_file) {
        (Some(path), _) => {
            if path.as_os_str() == "-" && args.claims == "-" {
                return Err(Failure::new("--key and --claims cannot both be standard input"));
            }
            KeyFile::read(path)?.signing_key(&options)?
        }
        (None, Some(path)) => {
            let file = KeyFile::read(path)?;
            SigningKey::from_secret(file.content(), &options).map_err(|error| file.blame(error))?
        }
        (None, None) => return Err(Failure::new("--key or --secret-file is required")),
    };
    Ok(match &args.kid {
        Some(kid) => key.with_kid(kid),
        None => key,
    })
}

fn read_claims(argument: &str) -> Result<String, Failure> {
    let read = |mut source: Box<dyn Read>| {
        let mut text = String::new();
        source.read_to_string(&mut text).map(|_| text)
    };
    let (place, text) = match argument.strip_prefix('@') {
        _ if argument == "-" => ("standard input", read(Box::new(io::stdin()))),
        Some(path) => (path, File::open(path).and_then(|file| read(Box::new(file)))),
        None => return Ok(argument.to_owned()),
    };
    text.map_err(|error| Failure::of(place, error))
}

/// Adds the requested dates; the claims' own members keep their spelling.
fn with_dates(args: &SignArgs, claims: &str) -> Result<String, Failure> {
    // The signer rejects claims that are not an object, with the reason.
    let Some(names) = layout::member_names(claims) else { return Ok(claims.to_owned()) };
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let now = args.now.map_or_else(UnixSeconds::now, UnixSeconds);
    let iat = match args.iat {
        Some(iat) => Some(UnixSeconds(iat)),
        None if args.no_iat || has("iat") => None,
        None => Some(now),
    };
    let nbf = args.not_before.map(|when| when.from(now));
    let exp = args.expires_in.map(|span| span.after(now));
    let mut added = Vec::new();
    for (name, option, date) in
        [("iat", "--iat", iat), ("nbf", "--not-before", nbf), ("exp", "--expires-in", exp)]
    {
        let Some(date) = date else { continue };
        if has(name) {
            return Err(Failure::of(option, format!("the claims already have {name}")));
        }
        added.push((name, date.to_string()));
    }
    layout::with_members(claims, &added).ok_or_else(|| Failure::new("the claims are not a JSON object"))
}
