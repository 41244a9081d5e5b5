//! What verifies the signatures: aws-lc, or code that is faster on this machine.

use super::boundary::{Growable, answer, boundary, given, misuse, write};
use super::codes::alg_of;
use super::slice::Slice;
use super::verifier::{Verifier, VerifierBuilder, set};
use crate::crypto::{Backend, BackendWarning};
use crate::error::Code;

/// aws-lc alone. The default.
pub const JOT_AWS_LC: u32 = 0;
/// The fastest that this machine can do, for keys that have verified some
/// hundred signatures; their tables are built little by little.
pub const JOT_AUTO: u32 = 1;
/// Like `JOT_AUTO`, but the tables are built when the verifier is built and when
/// keys are replaced, some milliseconds for each key.
pub const JOT_ACCELERATED: u32 = 2;
/// Like `JOT_ACCELERATED`, without the vector unit.
pub const JOT_PORTABLE: u32 = 3;

/// There is no less acceleration than was asked for.
pub const JOT_NO_WARNING: u32 = 0;
/// The processor has not what it takes, or no algorithm of the policy has
/// accelerated code.
pub const JOT_BACKEND_UNSUPPORTED: u32 = 1;
/// Accelerated code gave a wrong known answer and is not used.
pub const JOT_BACKEND_SELF_TEST_FAILED: u32 = 2;
/// aws-lc refused what accelerated code had accepted; the token was refused, and
/// aws-lc verifies alone from then on.
pub const JOT_BACKEND_DISAGREEMENT: u32 = 3;

/// What the accelerated backend of a verifier has done. All zero with
/// `JOT_AWS_LC`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct BackendReport {
    /// `sizeof(jot_backend_report)`, set by the caller.
    pub size: usize,
    /// Signatures that accelerated code accepted.
    pub accepted: u64,
    /// Signatures that it did not accept, and which aws-lc decided.
    pub referred: u64,
    /// Acceptances that aws-lc was asked about as well.
    pub cross_checked: u64,
    /// Those of them that aws-lc refused; the tokens were refused.
    pub disagreements: u64,
    /// The bytes that the tables of keys take.
    pub table_bytes: u64,
    /// Why there is less acceleration than was asked for: `JOT_NO_WARNING`,
    /// `JOT_BACKEND_UNSUPPORTED`, `JOT_BACKEND_SELF_TEST_FAILED` or
    /// `JOT_BACKEND_DISAGREEMENT`.
    pub warning: u32,
    /// 0.
    pub reserved: u32,
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it.
unsafe impl Growable for BackendReport {
    const LEAST: usize = size_of::<Self>();
}

/// Chooses what verifies the signatures: `JOT_AWS_LC`, `JOT_AUTO`,
/// `JOT_ACCELERATED` or `JOT_PORTABLE`. Accelerated code may only accept; what it
/// does not accept, aws-lc decides. Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_backend(builder: Option<&mut VerifierBuilder>, backend: u32) -> u32 {
    set(builder, |builder| {
        builder.acceleration.backend = match backend {
            JOT_AWS_LC => Backend::AwsLc,
            JOT_AUTO => Backend::Auto,
            JOT_ACCELERATED => Backend::Accelerated,
            JOT_PORTABLE => Backend::Portable,
            _ => return Err(misuse(Code::ArgumentValue, "backend")),
        };
        Ok(())
    })
}

/// Bounds the bytes that the accelerated tables of keys may take; 32 MiB by
/// default. Past it the tables that were not used for the longest time are given
/// up. On P-256 and Ed25519 a key takes some 400 kB. Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_table_bytes(
    builder: Option<&mut VerifierBuilder>,
    bytes: usize,
) -> u32 {
    set(builder, |builder| {
        builder.acceleration.table_bytes = Some(bytes);
        Ok(())
    })
}

/// Has aws-lc check one in so many of the signatures that accelerated code
/// accepted; 0, the default, for none and 1 for all. Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_builder_cross_check(
    builder: Option<&mut VerifierBuilder>,
    one_in: u32,
) -> u32 {
    set(builder, |builder| {
        builder.acceleration.cross_check = Some(one_in);
        Ok(())
    })
}

/// Builds now the accelerated tables of all keys in force that have none, and
/// returns how many pairs of key and algorithm have theirs; 0 for NULL. While
/// other threads verify.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_prepare(verifier: Option<&Verifier>) -> usize {
    answer(0, || verifier.map_or(0, |verifier| verifier.inner.prepare()))
}

/// Returns the name of what verifies signatures under `alg`, such as `aws-lc` or
/// `avx512-ifma`; absent for NULL and for what is no algorithm. It lives as long
/// as the program. While other threads verify.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_backend_name(verifier: Option<&Verifier>, alg: u32) -> Slice {
    answer(Slice::ABSENT, || match verifier.zip(alg_of(alg).ok()) {
        Some((verifier, alg)) => Slice::of(verifier.inner.backend_name(alg).as_bytes()),
        None => Slice::ABSENT,
    })
}

/// Tells what the accelerated backend has done. While other threads verify.
/// Codes: 15x.
#[unsafe(no_mangle)]
pub extern "C" fn jot_verifier_backend_report(
    verifier: Option<&Verifier>,
    report: *mut BackendReport,
) -> u32 {
    boundary(|| {
        let taken = given(verifier, "verifier")?.inner.statistics().backend;
        let value = BackendReport {
            size: size_of::<BackendReport>(),
            accepted: taken.accepted,
            referred: taken.referred,
            cross_checked: taken.cross_checked,
            disagreements: taken.disagreements,
            table_bytes: taken.table_bytes as u64,
            warning: match taken.warning {
                None => JOT_NO_WARNING,
                Some(BackendWarning::Unsupported) => JOT_BACKEND_UNSUPPORTED,
                Some(BackendWarning::SelfTestFailed) => JOT_BACKEND_SELF_TEST_FAILED,
                Some(BackendWarning::Disagreement) => JOT_BACKEND_DISAGREEMENT,
            },
            reserved: 0,
        };
        write(report, value, "report")
    })
}
