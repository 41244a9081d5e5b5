//! One reader, several judges, and a collector that puts the results in order.
//!
//! The reader cuts the sources into chunks, whose boundaries depend only on the sources.
//! Each chunk needs a permit. The number of permits bounds the chunks in progress, and
//! with them the memory; a permit carries the buffer of a finished chunk. The collector
//! writes rows and merges tallies in the order of the chunks, so the result does not
//! depend on the number or the speed of the judges.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};

use super::chunk::{Chunk, Position};
use super::judge::{Judge, Judged};
use super::keeper::Keeper;
use super::output::Output;
use super::progress::Progress;
use super::reader::{Plan, Reader, Signals};
use super::rules::Rules;
use super::standing::Standing;
use super::tally::Tally;
use crate::failure::Failure;

/// How often the collector checks for an interrupt.
const PATIENCE: Duration = Duration::from_millis(100);

/// The result of a chunk, and the beginning of the next one.
struct Done {
    sequence: u64,
    after: Position,
    lines: u64,
    judged: Result<Judged, Failure>,
}

/// Judges everything from `standing` on, with `threads` judges.
pub(super) fn run(
    plan: Plan,
    rules: &Arc<Rules>,
    threads: usize,
    standing: &mut Standing,
    output: &mut Output,
    keeper: &mut Keeper,
    quiet: bool,
) -> Result<(), Failure> {
    let signals = Arc::new(Signals::default());
    stop_on_signal(&signals)?;
    let under_way = threads.saturating_mul(2).saturating_add(2);
    let (give_permit, permits) = bounded(under_way);
    let (chunks, judges_chunks) = bounded::<Chunk>(under_way);
    let (done, collected) = bounded::<Done>(under_way);
    for _ in 0..under_way {
        let _ = give_permit.send(Vec::new());
    }
    let mut progress = Progress::new(&plan.sources, Arc::clone(&signals.read_bytes), quiet);
    for index in 0..threads {
        let mut judge = Judge::new(Arc::clone(rules))?;
        let (chunks, done) = (judges_chunks.clone(), done.clone());
        let work = move || {
            for chunk in chunks {
                let Chunk { sequence, after, first, .. } = chunk;
                let judged = judge.judge(chunk);
                let lines = after.line.saturating_sub(first);
                if done.send(Done { sequence, after, lines, judged }).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new().name(format!("judge-{index}")).spawn(work).map_err(Failure::new)?;
    }
    drop((done, judges_chunks));
    let (start, sequence, lines) = (standing.next, standing.sequence, standing.lines);
    let reader =
        Reader { plan, signals: Arc::clone(&signals), permits, room: Vec::new(), chunks, sequence, lines };
    // Joined only if the run was not interrupted or the reader has finished:
    // otherwise it may wait for a terminal or a pipe for ever.
    let reading = thread::Builder::new().name("reader".to_owned());
    let reading = reading.spawn(move || reader.run(start)).map_err(Failure::new)?;

    let note_width = |tally: &Tally| rules.span_seconds.store(tally.spans.seconds, Ordering::Relaxed);
    note_width(&standing.tally);
    let mut early = BTreeMap::new();
    let mut received = 0_u64;
    loop {
        let done = match collected.recv_timeout(PATIENCE) {
            Ok(done) => done,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                if signals.interrupted.load(Ordering::Acquire)
                    && signals.sent.load(Ordering::Acquire) == received
                {
                    break;
                }
                continue;
            }
        };
        received = received.saturating_add(1);
        early.insert(done.sequence, done);
        while let Some(next) = early.remove(&standing.sequence) {
            let Judged { rows, tally, bytes } = next.judged?;
            output.write(rows)?;
            standing.tally.merge(tally, |token| rules.fingerprint_key.of_bytes(bytes.get(token)));
            note_width(&standing.tally);
            standing.next = next.after;
            standing.sequence = standing.sequence.saturating_add(1);
            standing.lines = standing.lines.saturating_add(next.lines);
            progress.lines(next.lines);
            let _ = give_permit.try_send(bytes.into_room());
        }
        if keeper.is_due(standing.trust.look())
            && let Some(mark) = output.checkpoint()?
        {
            keeper.keep(standing, &mark)?;
        }
    }
    progress.finish();
    standing.interrupted = signals.interrupted.load(Ordering::Acquire);
    if !standing.interrupted || reading.is_finished() {
        reading.join().map_err(|_| Failure::new("the reading thread panicked"))?;
    }
    Ok(())
}

/// Lets the first signal finish the chunks in progress, and the second end the process
/// at once.
fn stop_on_signal(signals: &Arc<Signals>) -> Result<(), Failure> {
    let signals = Arc::clone(signals);
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::AcqRel) {
            std::process::exit(130);
        }
        signals.interrupted.store(true, Ordering::Release);
    })
    .map_err(Failure::new)
}
