//! `jotctl jwks`: collects public keys into a JWK Set.

use std::path::{Path, PathBuf};

use clap::Args;
use jot::{Alg, KeyOptions, KeySet, KeyType, VerifyingKey};
use jot_show::layout::Layout;
use jot_show::text::{harmless_json, quoted};

use crate::algorithm::parse_alg;
use crate::destination::Readers;
use crate::failure::{End, Failure, warn};
use crate::files::Files;
use crate::key_file::KeyFile;
use crate::verify::policy::options;

const AFTER_HELP: &str = "\
A file is a JWK, a JWK Set, PEM with public keys, private keys or certificates,
or one of these in DER. Only the public part of a private key is taken. HMAC
secrets are rejected, because a JWK Set is public.

Examples:
  jotctl jwks public.jwk other.jwk --out jwks.json
  jotctl jwks --alg PS256 --add-kid server.pem
  jotctl keygen --alg ES256 --out-private key.jwk --out-public - | jotctl jwks -";

/// Collect public keys into a JWK Set
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct JwksArgs {
    /// Files with keys; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The algorithm for keys that do not name their own
    #[arg(long, value_parser = parse_alg)]
    alg: Option<Alg>,
    /// Also take CA certificates: those that issued another certificate in their PEM
    #[arg(long)]
    all_certificates: bool,
    /// Give keys without a kid the thumbprint of RFC 7638 as their kid
    #[arg(long)]
    add_kid: bool,
    /// Write the JWK Set to this file; standard output by default
    #[arg(long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    out: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &JwksArgs) -> Result<End, Failure> {
    let mut files = Files::new(args.force);
    args.files.iter().for_each(|path| files.reads(path));
    let out = files.writes("--out", &args.out, Readers::Everybody)?;
    let mut gathered = Gathered { jwks: Vec::new(), kids: Vec::new() };
    for path in &args.files {
        let options = options(false, args.all_certificates);
        let options = args.alg.map_or_else(|| options.clone(), |alg| options.clone().alg(alg));
        let file = KeyFile::read(path)?;
        for key in file.key_set(&options)?.keys() {
            gathered.add(path, key, args.add_kid)?;
        }
    }
    let text = format!("{{\"keys\":[{}]}}", gathered.jwks.join(","));
    // The collected text must be readable as a set.
    KeySet::from_jwks(text.as_bytes(), &KeyOptions::default()).map_err(Failure::new)?;
    let text = Layout::Pretty.of(&harmless_json(&text)) + "\n";
    out.write(text.as_bytes())?;
    Ok(End::Done)
}

struct Gathered {
    jwks: Vec<String>,
    kids: Vec<String>,
}

impl Gathered {
    fn add(&mut self, path: &Path, key: &VerifyingKey, add_kid: bool) -> Result<(), Failure> {
        let blame = |error: jot::Error| Failure::of(path.display(), error);
        if key.key_type() == KeyType::Oct {
            return Err(blame(key.to_jwk().err().ok_or_else(|| Failure::new("a secret"))?));
        }
        let mut jwk = key.to_jwk().map_err(blame)?;
        let mut kid = key.kid().map(str::to_owned);
        if add_kid && kid.is_none() {
            let thumbprint = key.thumbprint();
            let options = KeyOptions::default().kid(thumbprint);
            jwk = VerifyingKey::from_jwk(jwk.as_bytes(), &options)
                .and_then(|key| key.to_jwk())
                .map_err(blame)?;
            kid = Some(thumbprint.to_owned());
        }
        if self.jwks.contains(&jwk) {
            warn(path.display(), "left out a key that is already in the set");
            return Ok(());
        }
        if let Some(kid) = kid {
            if self.kids.contains(&kid) {
                warn(path.display(), format!("another key also has the kid {}", quoted(&kid)));
            }
            self.kids.push(kid);
        }
        self.jwks.push(jwk);
        Ok(())
    }
}
