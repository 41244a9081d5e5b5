//! `jotctl jwks`: public keys gathered into a JWK Set.

use std::path::{Path, PathBuf};

use clap::Args;
use jot::{Alg, KeyOptions, KeySet, KeyType, VerifyingKey};

use crate::algorithm::parse_alg;
use crate::destination::Readers;
use crate::failure::{End, Failure, warn};
use crate::files::Files;
use crate::key_file::KeyFile;
use crate::layout::Layout;
use crate::text::{harmless_json, quoted};
use crate::verify::policy::options;

const AFTER_HELP: &str = "\
A file is a JWK, a JWK Set, PEM with public keys, private keys or
certificates, or one of them in DER; of a private key only the public part is taken. HMAC secrets are
refused: a JWK Set is for everybody.

Examples:
  jotctl jwks public.jwk other.jwk --out jwks.json
  jotctl jwks --alg PS256 --add-kid server.pem
  jotctl keygen --alg ES256 --out-private key.jwk --out-public - | jotctl jwks -";

/// Gather public keys into a JWK Set
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct JwksArgs {
    /// Files with keys; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The algorithm of the keys that do not name their own
    #[arg(long, value_parser = parse_alg)]
    alg: Option<Alg>,
    /// Take the certificates of authorities too: those that issued another one
    /// of their PEM
    #[arg(long)]
    all_certificates: bool,
    /// Give the keys that have no kid the thumbprint of RFC 7638 for one
    #[arg(long)]
    add_kid: bool,
    /// Where the JWK Set goes; standard output without it
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
    // Whatever was gathered must be a set that can be read.
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
            warn(path.display(), "a key that is in the set already is left out");
            return Ok(());
        }
        if let Some(kid) = kid {
            if self.kids.contains(&kid) {
                warn(path.display(), format!("another key has the kid {} too", quoted(&kid)));
            }
            self.kids.push(kid);
        }
        self.jwks.push(jwk);
        Ok(())
    }
}
