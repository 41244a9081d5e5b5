//! What verifies the signatures.

use super::boundary::{Growable, answer, boundary, given, misuse, write};
use super::codes::alg_of;
use super::slice::Slice;
use super::verifier::{Verifier, VerifierBuilder, set};
use crate::crypto::{Backend, BackendReport, BackendWarning};
use crate::error::Code;

/// aws-lc alone; what a builder begins with.
pub const JOT_BACKEND_AWS_LC: u32 = 0;
/// The fastest that this machine can do, for keys that have verified some
/// hundred signatures; their tables are built little by little, so that no
/// call waits for a whole one.
pub const JOT_BACKEND_AUTO: u32 = 1;
/// The like, with the tables built when the verifier is built and when keys
/// are replaced, some milliseconds for each key.
pub const JOT_BACKEND_ACCELERATED: u32 = 2;
/// The like, without the vector unit.
pub const JOT_BACKEND_PORTABLE: u32 = 3;

/// Nothing to warn of.
pub const JOT_BACKEND_FINE: u32 = 0;
/// The processor has not what it takes, or no algorithm of the policy has
/// accelerated code. aws-lc verifies.
pub const JOT_BACKEND_UNSUPPORTED: u32 = 1;
/// Accelerated code gave a wrong known answer and is not used.
pub const JOT_BACKEND_SELF_TEST_FAILED: u32 = 2;
/// aws-lc refused what accelerated code had accepted. The token was refused,
/// and from then on aws-lc verifies alone.
pub const JOT_BACKEND_DISAGREEMENT: u32 = 3;

/// Chooses what verifies the signatures: one of `JOT_BACKEND_…`. Whichever it
/// is, the verdicts are the same: accelerated code may only accept, and what it
/// does not accept aws-lc decides. Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_backend(builder: Option<&mut VerifierBuilder>, backend: u32) -> u32 {
    set(builder, |builder| {
        builder.backend = match backend {
            JOT_BACKEND_AWS_LC => Backend::AwsLc,
            JOT_BACKEND_AUTO => Backend::Auto,
            JOT_BACKEND_ACCELERATED => Backend::Accelerated,
            JOT_BACKEND_PORTABLE => Backend::Portable,
            _ => return Err(misuse(Code::ArgumentValue, "backend")),
        };
        Ok(())
    })
}

/// Bounds the bytes that the accelerated tables of keys may take; 32 MiB at
/// first. A key on P-256 takes 256 KiB, one on Ed25519 384 KiB. Codes: 15x.
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

/// Has aws-lc check one in so many of the signatures that accelerated code
/// accepted; 0, as at first, for none and 1 for all. Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_cross_check(
    builder: Option<&mut VerifierBuilder>,
    one_in: u32,
) -> u32 {
    set(builder, |builder| {
        builder.cross_check = one_in;
        Ok(())
    })
}

/// Builds now the accelerated tables of all keys in force that have none, as
/// far as the budget goes; returns how many pairs of key and algorithm have
/// theirs, 0 for NULL. Some milliseconds for each key. While other threads
/// verify.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_prepare(verifier: Option<&Verifier>) -> usize {
    answer(0, || verifier.map_or(0, |verifier| verifier.inner.prepare()))
}

/// Returns the name of what verifies signatures under an algorithm: `"aws-lc"`
/// or the accelerated code that runs before it, such as `"avx512-ifma"`; absent
/// for NULL and for what is no algorithm. It lives as long as the program.
/// While other threads verify.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_backend_name(verifier: Option<&Verifier>, alg: u32) -> Slice {
    answer(Slice::ABSENT, || {
        let both = verifier.zip(alg_of(alg).ok());
        Slice::of_option(both.map(|(verifier, alg)| verifier.inner.backend_name(alg)))
    })
}

/// What the accelerated code of a verifier has done since it was built.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// `sizeof(jot_backend_report)`, set by the caller.
    pub size: usize,
    /// Signatures that accelerated code accepted.
    pub accepted: u64,
    /// Signatures that it did not accept, and which aws-lc decided.
    pub referred: u64,
    /// Acceptances that aws-lc was asked about as well.
    pub cross_checked: u64,
    /// Those of them that aws-lc refused. They were refused.
    pub disagreements: u64,
    /// The bytes that the tables of keys take.
    pub table_bytes: u64,
    /// `JOT_BACKEND_FINE`, or why there is less than was asked for.
    pub warning: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for Report {
    const LEAST: usize = size_of::<Self>();
}

/// Tells what the accelerated code did. While other threads verify. Codes: 15x.
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
        };
        write(report, value, "report")
    })
}
