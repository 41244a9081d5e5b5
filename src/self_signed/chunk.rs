//! Verifies a batch of tokens with their own keys, chunk by chunk.

use super::answer::SelfSigned;
use super::verifier::{SelfSignedVerifier, WithKey};
use crate::base64url::{Arena, Span};
use crate::crypto::{SingleUse, verify_single_use};
use crate::error::{Code, Rejection};
use crate::key::Thumbprint;
use crate::scratch::Scratch;

/// A function that receives the row of each token that its own key signed, and what is
/// known of it. Threads call it concurrently.
///
/// ```
/// use jot::SelfSigned;
/// use jot::batch::EachSelfSigned;
///
/// let show = |row: usize, proof: &SelfSigned<'_>| println!("{row}: {}", proof.claims().as_text());
/// let each: EachSelfSigned<'_> = &show; // for Batch::verify_self_signed
/// ```
pub type EachSelfSigned<'e> = &'e (dyn Fn(usize, &SelfSigned<'_>) + Sync);

/// A row of a batch: the token, if there is one, and its key, if keys are handed over.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    pub(crate) token: Option<&'t [u8]>,
    /// `Some(None)` for a row without a key in a batch whose keys are handed over.
    pub(crate) key: Option<Option<&'t [u8]>>,
}

/// The buffers of one thread.
#[derive(Default)]
pub(crate) struct Worker {
    scratch: Scratch,
    /// The decoded signatures, end to end.
    arena: Arena,
}

/// A token whose signature has yet to be checked.
struct Waiting<'t> {
    row: usize,
    token: WithKey<'t>,
    signature: Span,
}

impl Worker {
    /// Verifies the tokens of a chunk. `read` receives what is known of each token that
    /// its own key signed.
    pub(crate) fn verify<'t>(
        &mut self,
        verifier: &SelfSignedVerifier,
        rows: impl ExactSizeIterator<Item = Row<'t>>,
        outcomes: &mut [Result<Thumbprint, Rejection>],
        read: Option<EachSelfSigned<'_>>,
    ) {
        self.arena.clear();
        let mut waiting = Vec::with_capacity(rows.len());
        for (row, (content, outcome)) in rows.zip(outcomes.iter_mut()).enumerate() {
            match self.begin(verifier, content) {
                Ok((token, signature)) => waiting.push(Waiting { row, token, signature }),
                Err(rejection) => *outcome = Err(rejection),
            }
        }
        // The order among tokens of one algorithm stays, but nothing depends on it.
        waiting.sort_by_key(|waiting| waiting.token.alg);
        for group in waiting.chunk_by(|a, b| a.token.alg == b.token.alg) {
            self.settle(verifier, group, outcomes, read);
        }
    }

    /// Reads a token up to its signature, which is decoded.
    fn begin<'t>(
        &mut self,
        verifier: &SelfSignedVerifier,
        Row { token, key }: Row<'t>,
    ) -> Result<(WithKey<'t>, Span), Rejection> {
        let token = token.ok_or(Rejection::new(Code::TokenNull))?;
        let handed = match key {
            Some(None) => return Err(Rejection::new(Code::JwkMissing)),
            Some(handed) => handed,
            None => None,
        };
        let token = verifier.begin(token, handed, &mut self.scratch.headers)?;
        let segments = &token.segments;
        let signature = self
            .arena
            .decode(segments.signature, verifier.accelerator.wide())
            .map_err(|_| segments.undecodable(Code::SignatureEncoding))?;
        Ok((token, signature))
    }

    /// Verifies the signatures of one algorithm and finishes their tokens.
    fn settle(
        &mut self,
        verifier: &SelfSignedVerifier,
        group: &[Waiting<'_>],
        outcomes: &mut [Result<Thumbprint, Rejection>],
        read: Option<EachSelfSigned<'_>>,
    ) {
        let Some(alg) = group.first().map(|first| first.token.alg) else { return };
        let Self { scratch: Scratch { payload, claims, .. }, arena } = self;
        let arena = &*arena;
        let mut jobs: Vec<_> = group
            .iter()
            .map(|Waiting { token: WithKey { segments, key, .. }, signature, .. }| {
                SingleUse::new(key.part(), segments.signing_input, arena.get(*signature))
            })
            .collect();
        verify_single_use(&verifier.accelerator, alg, &mut jobs);
        let wide = verifier.accelerator.wide();
        for (job, Waiting { row, token, .. }) in jobs.iter().zip(group) {
            let known = job.answer().map_err(Rejection::new).and_then(|held| {
                let signed = (token.key.thumbprint(), alg);
                SelfSigned::read(held, signed, token.segments.payload, (&mut *payload, &mut *claims), wide)
            });
            if let (Ok(known), Some(read)) = (&known, read) {
                read(*row, known);
            }
            if let Some(outcome) = outcomes.get_mut(*row) {
                *outcome = known.map(|known| known.thumbprint());
            }
        }
    }
}
