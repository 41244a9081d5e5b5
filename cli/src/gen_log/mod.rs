//! `jotctl gen-log`: realistic access logs, and the expected result of an audit.

mod args;
mod expected;
mod issuers;
mod lines;
mod tokens;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::draw::Draw;
pub(crate) use args::GenLogArgs;
use args::{LogForm, Packing};
use expected::Expected;
use issuers::Issuer;
use lines::{Line, Usage, garbage};
use tokens::{Kind, LIFETIME, Plan};

use crate::destination::{Destination, Readers};
use crate::failure::{End, Failure};
use crate::output_file::OutputFile;

/// How many tokens are signed at a time.
const SIGNED_AT_ONCE: u64 = 2048;

/// The number of unreadable lines per thousand.
const GARBAGE: u64 = 3;

pub(crate) fn run(args: &GenLogArgs) -> Result<End, Failure> {
    let issuers = Issuer::all(args.seed, args.start, i64::from(args.days))?;
    let log = log_name(args);
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::of(args.out.display(), error))?;
    let log = destination(args, &args.out.join(log))?;
    write_keys(args, &issuers)?;
    let mut packed = Packed::new(log.open()?, args.compress).map_err(|error| log.blame(error))?;
    let expected = write_lines(args, &issuers, &mut packed, &log)?;
    log.place(packed.finish().map_err(|error| log.blame(error))?)?;
    let text = format!("{:#}\n", expected.to_json());
    destination(args, &args.out.join("expected.json"))?.write(text.as_bytes())?;
    Ok(End::Done)
}

fn destination(args: &GenLogArgs, path: &Path) -> Result<Destination, Failure> {
    Destination::at(path, Readers::Everybody, args.force)
}

fn log_name(args: &GenLogArgs) -> String {
    let name = match args.format {
        LogForm::Ndjson => "access.ndjson",
        LogForm::Csv => "access.csv",
        LogForm::Nginx | LogForm::Envoy => "access.log",
    };
    let behind = match args.compress {
        Packing::None => "",
        Packing::Gzip => ".gz",
        Packing::Zstd => ".zst",
    };
    format!("{name}{behind}")
}

fn write_keys(args: &GenLogArgs, issuers: &[Issuer]) -> Result<(), Failure> {
    let make =
        |path: &Path| std::fs::create_dir_all(path).map_err(|error| Failure::of(path.display(), error));
    make(&args.out.join("keys"))?;
    for issuer in issuers {
        let path = args.out.join("keys").join(format!("{}.json", issuer.name));
        destination(args, &path)?.write(issuer.jwks().as_bytes())?;
        let directory = args.out.join("snapshots").join(issuer.name);
        make(&directory)?;
        for (instant, jwks) in issuer.snapshots() {
            let name =
                Timestamp::from_second(instant).map_err(Failure::new)?.strftime("%Y-%m-%dT%H-%M-%SZ.json");
            let path = directory.join(name.to_string());
            destination(args, &path)?.write(jwks.as_bytes())?;
        }
    }
    Ok(())
}

/// A future use of a token; `Reverse` puts the earliest at the top of the heap.
type Waiting = Reverse<(i64, u64, u64)>;

/// A token in use.
struct Live {
    plan: Plan,
    token: Option<String>,
}

fn write_lines(
    args: &GenLogArgs,
    issuers: &[Issuer],
    out: &mut Packed,
    log: &Destination,
) -> Result<Expected, Failure> {
    let mut expected = Expected::default();
    let mut text = String::with_capacity(1 << 20);
    if args.format == LogForm::Csv {
        text.push_str("time,method,path,status,duration_ms,address,token\n");
    }
    let repeat = u64::from(args.repeat);
    let tokens = args.lines.div_ceil(repeat).max(1);
    let users = tokens.div_euclid(4).max(10);
    let span = i64::from(args.days).saturating_mul(86_400).saturating_sub(2 * LIFETIME);
    let mut waiting = BinaryHeap::<Waiting>::new();
    let mut live = std::collections::HashMap::<u64, Arc<Live>>::new();
    let mut number = 0_u64;
    let mut written = 0_u64;
    while written < args.lines {
        let batch = plans(args, number, tokens, span, repeat, users);
        number = number.saturating_add(SIGNED_AT_ONCE);
        for signed in sign_all(args.seed, issuers, batch)? {
            for (index, used_at) in uses(args.seed, &signed.plan).into_iter().enumerate() {
                waiting.push(Reverse((
                    used_at,
                    signed.plan.number,
                    u64::try_from(index).unwrap_or_default(),
                )));
            }
            live.insert(signed.plan.number, Arc::new(signed));
        }
        let horizon = issued_at(args.start, span, number, tokens);
        while let Some(Reverse((used_at, token, index))) = waiting.peek().copied() {
            if used_at >= horizon || written >= args.lines {
                break;
            }
            waiting.pop();
            written = written.saturating_add(1);
            let Some(found) = live.get(&token).map(Arc::clone) else { continue };
            let plan = &found.plan;
            let code = plan.code_at(used_at, issuers);
            let usage = Usage { plan, token: found.token.as_deref(), used_at, code, index };
            if !args.clean && Draw::of(args.seed, 103, written).below(1000) < GARBAGE {
                garbage(args.format, &mut text);
                expected.unreadable();
            } else {
                let line = Line::of(args.seed, &usage);
                expected.count(&usage, &line);
                line.write(args.format, &usage, &mut text);
            }
            if index.saturating_add(1) == plan.uses {
                live.remove(&token);
            }
            if text.len() > 1 << 20 {
                out.write_all(text.as_bytes()).map_err(|error| log.blame(error))?;
                text.clear();
            }
        }
    }
    out.write_all(text.as_bytes()).map_err(|error| log.blame(error))?;
    Ok(expected)
}

fn issued_at(start: i64, span: i64, number: u64, tokens: u64) -> i64 {
    let before = i128::from(span).saturating_mul(i128::from(number)).checked_div(i128::from(tokens));
    start.saturating_add(i64::try_from(before.unwrap_or_default()).unwrap_or(i64::MAX))
}

fn plans(args: &GenLogArgs, first: u64, tokens: u64, span: i64, repeat: u64, users: u64) -> Vec<Plan> {
    (first..first.saturating_add(SIGNED_AT_ONCE))
        .map(|number| {
            // After the last token, the log continues within its last hour.
            let issued = issued_at(args.start, span, number.min(tokens), tokens);
            Plan::of(args.seed, number, issued, repeat, args.clean, users)
        })
        .collect()
}

/// Signs on all processors and keeps the order.
fn sign_all(seed: u64, issuers: &[Issuer], plans: Vec<Plan>) -> Result<Vec<Live>, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = plans.len().div_ceil(threads).max(1);
    let sign = |plan: &Plan| Ok(Live { plan: plan.clone(), token: plan.sign(seed, issuers)? });
    std::thread::scope(|scope| {
        let work = |plans: &[Plan]| plans.iter().map(sign).collect::<Result<Vec<_>, Failure>>();
        let running: Vec<_> = plans.chunks(share).map(|plans| scope.spawn(move || work(plans))).collect();
        let mut signed = Vec::with_capacity(plans.len());
        for thread in running {
            let part = thread.join().map_err(|_| Failure::new("a signing thread panicked"))?;
            signed.extend(part?);
        }
        Ok(signed)
    })
}

/// When a token is used, in ascending order.
fn uses(seed: u64, plan: &Plan) -> Vec<i64> {
    let mut draw = Draw::of(seed, 104, plan.number);
    let at = |seconds: i64| plan.issued_at.saturating_add(seconds);
    let mut uses: Vec<_> = (0..plan.uses).map(|_| draw.between(at(0), at(LIFETIME))).collect();
    if plan.kind == Kind::Late {
        // From seconds to days too late, with equal frequency.
        let magnitudes = [10, 60, 900, 7200, 86_400, 400_000];
        let late = plan.uses.div_ceil(3);
        for (used_at, _) in uses.iter_mut().zip(0..late) {
            let most =
                magnitudes.get(usize::try_from(draw.below(6)).unwrap_or_default()).copied().unwrap_or(10);
            *used_at = draw.between(at(LIFETIME), at(LIFETIME.saturating_add(most)));
        }
    }
    uses.sort_unstable();
    uses
}

/// The output of the log, compressed or not.
enum Packed {
    Plain(BufWriter<OutputFile>),
    Gzip(flate2::write::GzEncoder<BufWriter<OutputFile>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<OutputFile>>),
}

impl Packed {
    fn new(file: OutputFile, packing: Packing) -> std::io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 18, file);
        Ok(match packing {
            Packing::None => Self::Plain(file),
            Packing::Gzip => Self::Gzip(flate2::write::GzEncoder::new(file, flate2::Compression::fast())),
            Packing::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(file, 1)?),
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
            Self::Zstd(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> std::io::Result<OutputFile> {
        let file = match self {
            Self::Plain(file) => file,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        file.into_inner().map_err(std::io::IntoInnerError::into_error)
    }
}
