//! The command line as a whole.

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::audit::{self, AuditArgs};
use crate::completions::{self, CompletionsArgs};
use crate::debug::{self, DebugArgs};
use crate::decode::{self, DecodeArgs};
use crate::demo_data::{self, DemoDataArgs};
use crate::failure::{End, Failure};
use crate::gen_log::{self, GenLogArgs};
use crate::jwks::{self, JwksArgs};
use crate::keygen::{self, KeygenArgs};
use crate::keys::{self, KeysArgs};
use crate::man::{self, ManArgs};
use crate::revocations::{self, RevocationsArgs};
use crate::sign::{self, SignArgs};
use crate::statuses::{self, StatusesArgs};
use crate::verify::{self, VerifyArgs};

const AFTER_HELP: &str = "\
Examples:
  jotctl keygen --alg ES256 --out-private key.jwk --out-public public.jwk
  jotctl jwks public.jwk --out jwks.json
  jotctl sign --key key.jwk --claims '{\"sub\":\"alice\",\"aud\":\"api\"}' --expires-in 1h > token
  jotctl decode @token
  jotctl verify --jwks jwks.json --alg ES256 --aud api @token

Exit codes:
  0  done; verify: every token was accepted
  1  a token was rejected, or could not be decoded
  2  wrong usage, or something could not be read or written";

/// Verify, decode and sign JSON Web Tokens, and make their keys.
#[derive(Debug, Parser)]
#[command(name = "jotctl", version, arg_required_else_help = true, after_long_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Keygen(KeygenArgs),
    Jwks(JwksArgs),
    Keys(KeysArgs),
    Revocations(Box<RevocationsArgs>),
    Statuses(Box<StatusesArgs>),
    Sign(SignArgs),
    Decode(DecodeArgs),
    Debug(Box<DebugArgs>),
    Verify(Box<VerifyArgs>),
    Audit(Box<AuditArgs>),
    GenLog(GenLogArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    DemoData(DemoDataArgs),
}

impl Command {
    pub(crate) fn run(self) -> Result<End, Failure> {
        match self {
            Self::Keygen(args) => keygen::run(&args),
            Self::Jwks(args) => jwks::run(&args),
            Self::Keys(args) => keys::run(&args),
            Self::Revocations(args) => revocations::run(&args),
            Self::Statuses(args) => statuses::run(&args),
            Self::Sign(args) => sign::run(&args),
            Self::Decode(args) => decode::run(&args),
            Self::Debug(args) => debug::run(*args),
            Self::Verify(args) => verify::run(*args),
            Self::Audit(args) => audit::run(&args),
            Self::GenLog(args) => gen_log::run(&args),
            Self::Completions(args) => completions::run(&args, &mut Cli::command()),
            Self::Man(args) => man::run(&args, Cli::command()),
            Self::DemoData(args) => demo_data::run(&args),
        }
    }
}
