//! `jotctl keygen`: new keys.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use jot::{Alg, KeyType, SigningKey};
use jot_show::text;
use zeroize::Zeroizing;

use crate::algorithm::parse_alg;
use crate::destination::{Destination, Readers};
use crate::failure::{End, Failure};
use crate::files::Files;

const AFTER_HELP: &str = "\
The file name determines the format: JWK for .jwk and .json, PEM for .pem; `-`
is standard output, as a JWK. A PEM does not carry the kid.

Examples:
  jotctl keygen --alg ES256 --out-private key.jwk --out-public public.jwk
  jotctl keygen --alg RS256 --rsa-bits 3072 --out-private key.pem --out-public public.pem
  jotctl keygen --alg HS256 --kid 2026-01 --out-private secret.jwk
  jotctl keygen --alg EdDSA --out-private key.jwk --out-public -";

/// Make a new key
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct KeygenArgs {
    /// The algorithm that the key signs with, such as ES256
    #[arg(long, value_parser = parse_alg)]
    alg: Alg,
    /// The key's kid; by default the thumbprint of RFC 7638
    #[arg(long)]
    kid: Option<String>,
    /// The length of an RSA key; 2048 by default
    #[arg(long, value_name = "BITS", value_parser = ["2048", "3072", "4096", "8192"])]
    rsa_bits: Option<String>,
    /// Write the private key or secret to this file, readable by its owner only
    #[arg(long, value_name = "FILE")]
    out_private: PathBuf,
    /// Write the public key to this file; not for HS256, HS384 and HS512
    #[arg(long, value_name = "FILE")]
    out_public: Option<PathBuf>,
    /// Overwrite files that exist
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Jwk,
    Pem,
}

impl Form {
    fn of(path: &Path, destination: &Destination) -> Result<Self, Failure> {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("jwk" | "json") => Ok(Self::Jwk),
            Some("pem") => Ok(Self::Pem),
            None if !destination.is_file() => Ok(Self::Jwk),
            _ => Err(Failure::of(path.display(), "the name must end in .jwk or .json (JWK) or .pem (PEM)")),
        }
    }
}

pub(crate) fn run(args: &KeygenArgs) -> Result<End, Failure> {
    let outputs = check_outputs(args)?;
    let key = generate(args)?;
    let private = Zeroizing::new(
        match outputs.private.form {
            Form::Jwk => key.to_jwk().map(|jwk| jwk + "\n"),
            Form::Pem => key.to_pem(),
        }
        .map_err(Failure::new)?,
    );
    let public = match &outputs.public {
        None => None,
        Some(output) => Some((output, public_text(&key, output.form)?)),
    };
    outputs.private.destination.write(private.as_bytes())?;
    if let Some((output, text)) = public {
        output.destination.write(text.as_bytes())?;
    }
    let kid = text::quoted(key.kid().unwrap_or_default());
    let _ = writeln!(io::stderr(), "made a key for {} with kid {kid}", args.alg);
    Ok(End::Done)
}

struct Output {
    destination: Destination,
    form: Form,
}

struct Outputs {
    private: Output,
    public: Option<Output>,
}

/// Rejects outputs that could not be written, before the key is made.
fn check_outputs(args: &KeygenArgs) -> Result<Outputs, Failure> {
    let is_secret = args.alg.key_type() == KeyType::Oct;
    let mut files = Files::new(args.force);
    let mut output = |option, path: &Path, readers| {
        let destination = files.writes(option, path, readers)?;
        let form = Form::of(path, &destination)?;
        Ok::<_, Failure>(Output { destination, form })
    };
    let private = output("--out-private", &args.out_private, Readers::Owner)?;
    if is_secret && private.form == Form::Pem {
        return Err(Failure::of(args.out_private.display(), "a secret cannot be written as PEM; use .jwk"));
    }
    if is_secret && args.out_public.is_some() {
        let reason = format!("a key for {} is a secret and has no public part", args.alg);
        return Err(Failure::of("--out-public", reason));
    }
    if args.rsa_bits.is_some() && args.alg.key_type() != KeyType::Rsa {
        return Err(Failure::of("--rsa-bits", format!("{} does not take an RSA key", args.alg)));
    }
    let public = match &args.out_public {
        None => None,
        Some(path) => Some(output("--out-public", path, Readers::Everybody)?),
    };
    Ok(Outputs { private, public })
}

fn generate(args: &KeygenArgs) -> Result<SigningKey, Failure> {
    let bits = args.rsa_bits.as_ref().and_then(|bits| bits.parse().ok());
    let key = match bits {
        Some(bits) => SigningKey::generate_rsa(args.alg, bits),
        None => SigningKey::generate(args.alg),
    }
    .map_err(Failure::new)?;
    let kid = match &args.kid {
        Some(kid) => kid.clone(),
        None => key.verifying_key().map_err(Failure::new)?.thumbprint().to_owned(),
    };
    Ok(key.with_kid(kid))
}

fn public_text(key: &SigningKey, form: Form) -> Result<String, Failure> {
    let public = key.verifying_key().map_err(Failure::new)?;
    match form {
        Form::Jwk => public.to_jwk().map(|jwk| jwk + "\n"),
        Form::Pem => public.to_pem(),
    }
    .map_err(Failure::new)
}
