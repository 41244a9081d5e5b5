//! `jotctl keygen`: new keys.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use jot::{Alg, KeyType, SigningKey};
use zeroize::Zeroizing;

use crate::cli::parse_alg;
use crate::failure::{End, Failure};
use crate::output_file::{self, Readers};
use crate::text;

const AFTER_HELP: &str = "\
The form follows the file's name: JWK for .jwk and .json, PEM for .pem; `-` is
standard output and takes a JWK. A PEM does not carry the kid.

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
    /// The key's kid; without it the thumbprint of RFC 7638
    #[arg(long)]
    kid: Option<String>,
    /// The length of an RSA key; 2048 without it
    #[arg(long, value_name = "BITS", value_parser = ["2048", "3072", "4096", "8192"])]
    rsa_bits: Option<String>,
    /// Where the private key or secret goes; only its owner can read the file
    #[arg(long, value_name = "FILE")]
    out_private: PathBuf,
    /// Where the public key goes; not for HS256, HS384 and HS512
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
    fn of(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("jwk" | "json") => Ok(Self::Jwk),
            Some("pem") => Ok(Self::Pem),
            None if path.as_os_str() == "-" => Ok(Self::Jwk),
            _ => Err(Failure::of(path.display(), "the name must end in .jwk or .json (JWK) or .pem (PEM)")),
        }
    }
}

pub(crate) fn run(args: &KeygenArgs) -> Result<End, Failure> {
    let outputs = check_outputs(args)?;
    let key = generate(args)?;
    let private = Zeroizing::new(
        match outputs.private {
            Form::Jwk => key.to_jwk().map(|jwk| jwk + "\n"),
            Form::Pem => key.to_pem(),
        }
        .map_err(Failure::new)?,
    );
    let public = match outputs.public {
        None => None,
        Some(form) => Some(public_text(&key, form)?),
    };
    output_file::write(&args.out_private, private.as_bytes(), Readers::Owner, args.force)?;
    if let (Some(path), Some(text)) = (&args.out_public, public) {
        output_file::write(path, text.as_bytes(), Readers::Everybody, args.force)?;
    }
    let kid = text::quoted(key.kid().unwrap_or_default());
    let _ = writeln!(io::stderr(), "made a key for {} with kid {kid}", args.alg);
    Ok(End::Done)
}

struct Outputs {
    private: Form,
    public: Option<Form>,
}

/// Refuses, before there is a key, what could not be written afterwards.
fn check_outputs(args: &KeygenArgs) -> Result<Outputs, Failure> {
    let is_secret = args.alg.key_type() == KeyType::Oct;
    let private = Form::of(&args.out_private)?;
    if is_secret && private == Form::Pem {
        return Err(Failure::of(args.out_private.display(), "a secret has no PEM form; use .jwk"));
    }
    if is_secret && args.out_public.is_some() {
        let reason = format!("a key for {} is a secret and has no public part", args.alg);
        return Err(Failure::of("--out-public", reason));
    }
    if args.rsa_bits.is_some() && args.alg.key_type() != KeyType::Rsa {
        return Err(Failure::of("--rsa-bits", format!("{} does not take an RSA key", args.alg)));
    }
    if args.out_public.as_ref() == Some(&args.out_private) {
        return Err(Failure::of("--out-public", "the same file as --out-private"));
    }
    output_file::refuse_existing(&args.out_private, args.force)?;
    let public = match &args.out_public {
        None => None,
        Some(path) => {
            output_file::refuse_existing(path, args.force)?;
            Some(Form::of(path)?)
        }
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
        None => key.verifying_key().map_err(Failure::new)?.thumbprint(),
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
