//! `jotctl demo-data`: keys and a mixed set of tokens for trying things out.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use jot::{Alg, Code, KeyOptions, KeySet, SignHeader, Signer, SigningKey, UnixSeconds};
use jot_show::layout::Layout;

use crate::destination::{Destination, Readers};
use crate::draw::Draw;
use crate::failure::{End, Failure};

const AFTER_HELP: &str = "\
Writes one private key per algorithm (NAME.jwk), jwks.json with the public
keys, tokens.txt with a token per line, and expected.txt with the number of
tokens that should get each verdict, within an hour and under the rules of the
second example. The keys are new each time; the mix is the same for the same seed.

Examples:
  jotctl demo-data --out demo --count 100000 --seed 7
  jotctl verify --jwks demo/jwks.json --iss https://issuer.example --aud api \\
      --alg RS256,PS256,ES256,ES384,ES512,ES256K,EdDSA,ML-DSA-65 @demo/tokens.txt";

/// The algorithms of the keys.
const ALGORITHMS: [Alg; 8] =
    [Alg::RS256, Alg::PS256, Alg::ES256, Alg::ES384, Alg::ES512, Alg::ES256K, Alg::EdDSA, Alg::MlDsa65];

/// Make keys and a mixed set of tokens for trying things out
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct DemoDataArgs {
    /// The directory for the files; created if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The number of tokens
    #[arg(long, default_value_t = 1000)]
    count: u32,
    /// The seed of the mix
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Overwrite files that exist
    #[arg(long)]
    force: bool,
}

/// The kinds of tokens in the mix.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Valid,
    Expired,
    NotYetValid,
    Eternal,
    Tampered,
    OtherAudience,
    OtherIssuer,
    UnknownKid,
    Unsecured,
    Confused,
    Garbage,
}

/// Each kind, its percentage of all tokens, and its verdict.
const MIX: [(Kind, u64, Code); 11] = [
    (Kind::Valid, 62, Code::Accepted),
    (Kind::Expired, 10, Code::Expired),
    (Kind::NotYetValid, 2, Code::NotYetValid),
    (Kind::Eternal, 2, Code::ExpMissing),
    (Kind::Tampered, 6, Code::SignatureInvalid),
    (Kind::OtherAudience, 5, Code::AudMismatch),
    (Kind::OtherIssuer, 2, Code::IssMismatch),
    (Kind::UnknownKid, 4, Code::KidUnknown),
    (Kind::Unsecured, 2, Code::AlgNone),
    (Kind::Confused, 2, Code::AlgNotAllowed),
    (Kind::Garbage, 3, Code::TokenSegments),
];

pub(crate) fn run(args: &DemoDataArgs) -> Result<End, Failure> {
    fs::create_dir_all(&args.out).map_err(|error| Failure::of(args.out.display(), error))?;
    let write = |name: &str, text: &str, readers| {
        Destination::at(&args.out.join(name), readers, args.force)?.write(text.as_bytes())
    };
    let mut maker = Maker::new(args.seed)?;
    for signer in &maker.signers {
        let jwk = signer.key().to_jwk().map_err(Failure::new)? + "\n";
        write(&format!("{}.jwk", signer.key().alg()), &jwk, Readers::Owner)?;
    }
    write("jwks.json", &maker.jwks()?, Readers::Everybody)?;
    let mut tokens = String::new();
    let mut counts = BTreeMap::<&str, u32>::new();
    for number in 0..args.count {
        let (token, code) = maker.token(number)?;
        tokens.push_str(&token);
        tokens.push('\n');
        let count = counts.entry(code.name()).or_default();
        *count = count.saturating_add(1);
    }
    write("tokens.txt", &tokens, Readers::Everybody)?;
    let mut expected = String::new();
    for (name, count) in counts {
        // Writing to a String cannot fail.
        let _ = writeln!(expected, "{name} {count}");
    }
    write("expected.txt", &expected, Readers::Everybody)?;
    Ok(End::Done)
}

struct Maker {
    signers: Vec<Signer>,
    /// Has a kid that is not in the set.
    stranger: Signer,
    now: UnixSeconds,
    draw: Draw,
}

impl Maker {
    fn new(seed: u64) -> Result<Self, Failure> {
        let signer = |alg: Alg, kid: String| {
            SigningKey::generate(alg).map(|key| Signer::new(key.with_kid(kid))).map_err(Failure::new)
        };
        let own = |alg: &Alg| signer(*alg, format!("demo-{}", alg.name().to_ascii_lowercase()));
        let signers = ALGORITHMS.iter().map(own).collect::<Result<_, _>>()?;
        let stranger = signer(Alg::ES256, "demo-retired".to_owned())?;
        Ok(Self { signers, stranger, now: UnixSeconds::now(), draw: Draw::new(seed) })
    }

    fn jwks(&self) -> Result<String, Failure> {
        let keys = self.signers.iter().map(|signer| signer.key().verifying_key());
        let set = keys.collect::<Result<KeySet, _>>().map_err(Failure::new)?;
        Ok(Layout::Pretty.of(&set.to_jwks().map_err(Failure::new)?) + "\n")
    }

    fn token(&mut self, number: u32) -> Result<(String, Code), Failure> {
        let mut left = self.draw.below(100);
        let mut chosen = (Kind::Valid, Code::Accepted);
        for (kind, weight, code) in MIX {
            if left < weight {
                chosen = (kind, code);
                break;
            }
            left = left.saturating_sub(weight);
        }
        let drawn = usize::try_from(self.draw.below(8)).unwrap_or_default();
        let signer = self.signers.get(drawn).unwrap_or(&self.stranger);
        let token = self.make(chosen.0, signer, number).map_err(Failure::new)?;
        Ok((token, chosen.1))
    }

    fn make(&self, kind: Kind, signer: &Signer, number: u32) -> Result<String, jot::Error> {
        let at = |seconds: i64| self.now.0.saturating_add(seconds);
        let (mut issuer, mut audience) = ("https://issuer.example", "api");
        let mut dates = format!(r#""iat":{},"exp":{}"#, at(-60), at(7200));
        match kind {
            Kind::Expired => dates = format!(r#""iat":{},"exp":{}"#, at(-7200), at(-3600)),
            Kind::NotYetValid => dates = format!(r#""nbf":{},"exp":{}"#, at(3600 * 2), at(3600 * 3)),
            Kind::Eternal => dates = format!(r#""iat":{}"#, at(-60)),
            Kind::OtherAudience => audience = "another-api",
            Kind::OtherIssuer => issuer = "https://impostor.example",
            _ => {}
        }
        let claims = format!(r#"{{"iss":"{issuer}","sub":"user-{number}","aud":"{audience}",{dates}}}"#);
        let claims = claims.as_bytes();
        match kind {
            Kind::Garbage => Ok(format!("this is no token {number}")),
            Kind::UnknownKid => self.stranger.sign_claims(claims),
            Kind::Unsecured => Ok(forged(r#"{"alg":"none","typ":"JWT"}"#, claims)),
            // An HMAC whose secret is derived from the public key.
            Kind::Confused => {
                let public = signer.key().verifying_key()?;
                let secret = public.thumbprint();
                let options = KeyOptions::default().alg(Alg::HS256).kid(public.kid().unwrap_or_default());
                let key = SigningKey::from_secret(secret.as_bytes(), &options)?;
                Signer::new(key).sign_claims_with(&SignHeader::default(), claims)
            }
            Kind::Tampered => {
                let token = signer.sign_claims(claims)?;
                let promoted = format!(r#"{{"iss":"{issuer}","sub":"admin","aud":"{audience}",{dates}}}"#);
                let mut segments = token.split('.');
                let (header, signature) = (segments.next(), segments.nth(1));
                Ok(format!(
                    "{}.{}.{}",
                    header.unwrap_or_default(),
                    URL_SAFE_NO_PAD.encode(promoted),
                    signature.unwrap_or_default()
                ))
            }
            _ => signer.sign_claims(claims),
        }
    }
}

/// Writes a token without a signature.
fn forged(header: &str, claims: &[u8]) -> String {
    format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}
