//! The backend that verifies signatures.

use std::mem::offset_of;

use super::boundary::{Growable, answer, boundary, given, misuse, write};
use super::codes::alg_of;
use super::slice::Slice;
use super::text::Text;
use super::verifier::{Verifier, VerifierBuilder, set};
use crate::crypto::{Backend, BackendNews, BackendReport, BackendWarning, distrusted};
use crate::error::{Code, Error};

/// Only aws-lc; the default.
pub const JOT_BACKEND_AWS_LC: u32 = 0;
/// The fastest code on this machine, for keys that have verified some dozen signatures, or
/// a few under RSA and HMAC. Their tables are built step by step, so no call waits for a
/// whole table.
pub const JOT_BACKEND_AUTO: u32 = 1;
/// The same, with the tables built when the verifier is built and when keys are
/// replaced, which takes some milliseconds for each key.
pub const JOT_BACKEND_ACCELERATED: u32 = 2;
/// The same, without the vector unit.
pub const JOT_BACKEND_PORTABLE: u32 = 3;

/// No warning.
pub const JOT_BACKEND_FINE: u32 = 0;
/// The processor lacks the necessary features, or no algorithm of the policy has
/// accelerated code. aws-lc verifies.
pub const JOT_BACKEND_UNSUPPORTED: u32 = 1;
/// Accelerated code gave a wrong known answer before its first use and is not used. Other
/// accelerated code takes its place where there is some, otherwise aws-lc.
pub const JOT_BACKEND_SELF_TEST_FAILED: u32 = 2;
/// aws-lc rejected a signature that accelerated code had accepted. The token was
/// rejected, and from then on only aws-lc verifies.
pub const JOT_BACKEND_DISAGREEMENT: u32 = 3;
/// What accelerated code computed of a key did not pass its check and is not used. From then
/// on only aws-lc verifies.
pub const JOT_BACKEND_CHECK_FAILED: u32 = 4;

/// Chooses the code that verifies signatures: one of `JOT_BACKEND_…`. The verdicts
/// are the same with each: accelerated code may only accept, and aws-lc decides
/// everything that it does not accept. Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_backend(builder: Option<&mut VerifierBuilder>, backend: u32) -> u32 {
    set(builder, |builder| {
        builder.backend = backend_of(backend)?;
        Ok(())
    })
}

pub(super) fn backend_of(number: u32) -> Result<Backend, Error> {
    match number {
        JOT_BACKEND_AWS_LC => Ok(Backend::AwsLc),
        JOT_BACKEND_AUTO => Ok(Backend::Auto),
        JOT_BACKEND_ACCELERATED => Ok(Backend::Accelerated),
        JOT_BACKEND_PORTABLE => Ok(Backend::Portable),
        _ => Err(misuse(Code::ArgumentValue, "backend")),
    }
}

/// Limits the memory of the accelerated tables of keys in bytes; 32 MiB by default.
/// A key on P-256 takes 256 KiB, one on Ed25519 384 KiB. Returns 15x for wrong
/// arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_table_bytes(
    builder: Option<&mut VerifierBuilder>,
    bytes: usize,
) -> u32 {
    set(builder, |builder| {
        builder.table_bytes = Some(bytes);
        Ok(())
    })
}

/// Lets aws-lc check one in `one_in` of the signatures that accelerated code
/// accepted, at random; 1 for all and 0 for none. The default is 1,024, which costs at
/// most 1.5 % of the time. If aws-lc ever disagrees, the token is rejected, and only
/// aws-lc verifies the algorithms of that code from then on, in the whole process
/// (`jot_backend_distrusted`). Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_cross_check(
    builder: Option<&mut VerifierBuilder>,
    one_in: u32,
) -> u32 {
    set(builder, |builder| {
        builder.cross_check = Some(one_in);
        Ok(())
    })
}

/// Returns for how many algorithms this process does not use accelerated code,
/// because aws-lc denied a signature that it had accepted, because what it computed of a
/// key did not pass its check, or because it gave a wrong known answer before its first use; any
/// verifier may have found it. It is 0 unless the processor, its memory, the compiler or the
/// code is faulty: tell somebody (`jot_backend_news`).
/// It costs a few nanoseconds, and any thread may ask at any time.
#[unsafe(no_mangle)]
pub extern "C" fn jot_backend_distrusted() -> usize {
    answer(0, || distrusted().iter().count())
}

/// Writes one line for a log into `line`, about every algorithm whose accelerated code was found
/// wrong in this process and that was not told of yet; the line is empty if there is none.
/// `*told` holds what was told: begin with 0, and pass it again after each verification or now
/// and then. The line ends in `(backend_disagreement)`, `(backend_check_failed)` or
/// `(backend_self_test_failed)`.
///
/// Without news it costs a few nanoseconds. Returns 15x for wrong arguments. Any thread may ask,
/// each with its own `told` and text.
#[unsafe(no_mangle)]
pub extern "C" fn jot_backend_news(told: Option<&mut u64>, line: Option<&mut Text>) -> u32 {
    boundary(|| {
        let (told, line) = (given(told, "told")?, given(line, "line")?);
        let news = BackendNews::after(*told);
        let new = news.take();
        *told = news.told();
        line.set(&new.unwrap_or_default());
        Ok(())
    })
}

/// Builds now the accelerated tables of all current keys that have none, within the
/// memory limit. Returns how many pairs of key and algorithm have tables; 0 for
/// NULL. It takes some milliseconds for each key. Other threads may verify
/// meanwhile.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_prepare(verifier: Option<&Verifier>) -> usize {
    answer(0, || verifier.map_or(0, |verifier| verifier.inner.prepare()))
}

/// Returns the name of the code that verifies signatures under an algorithm:
/// `"aws-lc"` or the accelerated code that runs before it, such as `"avx512-ifma"`;
/// absent for NULL and for a number that is not an algorithm. It is valid as long
/// as the program runs. Other threads may verify meanwhile.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_backend_name(verifier: Option<&Verifier>, alg: u32) -> Slice {
    answer(Slice::ABSENT, || {
        let both = verifier.zip(alg_of(alg).ok());
        Slice::of_option(both.map(|(verifier, alg)| verifier.inner.backend_name(alg)))
    })
}

/// Counters of a verifier's accelerated code since the verifier was built.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// `sizeof(jot_backend_report)`, set by the caller.
    pub size: usize,
    /// Signatures that accelerated code accepted.
    pub accepted: u64,
    /// Signatures that it did not accept and that aws-lc decided.
    pub referred: u64,
    /// Accepted signatures that aws-lc checked as well.
    pub cross_checked: u64,
    /// Those of them that aws-lc rejected, in this verifier. The tokens were rejected.
    pub disagreements: u64,
    /// The memory of the tables of keys in bytes.
    pub table_bytes: u64,
    /// `JOT_BACKEND_FINE`, or the reason why less than requested is in use.
    pub warning: u32,
    /// 0.
    pub reserved: u32,
    /// The number of these tables. A key may have two, a small one and a large one.
    pub tables: u64,
    /// Tables that a key had earned and that were not built, because those in memory are worth
    /// more. If it grows, the memory of `jot_verifier_builder_table_bytes` is too small.
    pub tables_refused: u64,
    /// Keys of which accelerated code computed what did not pass its check, in this verifier.
    /// Nothing was verified with it.
    pub failed_checks: u64,
    /// Algorithms for which accelerated code gave a wrong known answer when this verifier was built,
    /// once for each such code. It verified nothing.
    pub failed_self_tests: u64,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for Report {
    const LEAST: usize = offset_of!(Self, tables);
    const BETWEEN: &'static [usize] = &[offset_of!(Self, failed_checks), offset_of!(Self, failed_self_tests)];
}

/// Reads the counters of the accelerated code. Other threads may verify meanwhile.
/// Returns 15x for wrong arguments.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_backend_report(verifier: Option<&Verifier>, report: *mut Report) -> u32 {
    boundary(|| {
        let taken = given(verifier, "verifier")?.inner.statistics().backend;
        let BackendReport { accepted, referred, cross_checked, disagreements, .. } = taken;
        let warning = match taken.warning {
            None => JOT_BACKEND_FINE,
            Some(BackendWarning::Unsupported) => JOT_BACKEND_UNSUPPORTED,
            Some(BackendWarning::SelfTestFailed) => JOT_BACKEND_SELF_TEST_FAILED,
            Some(BackendWarning::Disagreement) => JOT_BACKEND_DISAGREEMENT,
            Some(BackendWarning::CheckFailed) => JOT_BACKEND_CHECK_FAILED,
        };
        let value = Report {
            size: size_of::<Report>(),
            accepted,
            referred,
            cross_checked,
            disagreements,
            table_bytes: taken.table_bytes as u64,
            warning,
            reserved: 0,
            tables: taken.tables as u64,
            tables_refused: taken.tables_refused,
            failed_checks: taken.failed_checks,
            failed_self_tests: taken.failed_self_tests,
        };
        write(report, value, "report")
    })
}
