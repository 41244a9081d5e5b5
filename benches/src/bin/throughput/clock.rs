//! Time and medians.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

pub(crate) fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

pub(crate) fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Nanoseconds of CPU time for each call, the median of the windows.
pub(crate) fn median(windows: usize, calls: usize, mut call: impl FnMut() -> bool) -> f64 {
    let [time] = interleaved(windows, calls, &mut [&mut call]);
    time
}

/// The same for several that take turns.
pub(crate) fn interleaved<const N: usize>(
    windows: usize,
    calls: usize,
    each: &mut [&mut dyn FnMut() -> bool; N],
) -> [f64; N] {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..windows {
        for (call, times) in each.iter_mut().zip(&mut times) {
            let start = thread_time();
            for _ in 0..calls {
                assert!(black_box(call()), "a good token was refused");
            }
            times.push((thread_time() - start).as_nanos() as f64 / calls as f64);
        }
    }
    times.map(|mut times| middle(&mut times))
}

/// Seconds on the clock on the wall: what threads share.
pub(crate) fn wall<T>(go: &mut impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    black_box(go());
    start.elapsed().as_secs_f64()
}

/// How many times as fast two threads do the work of one: the median of rounds
/// in which both take turns. `work` is given its thread's index and how many
/// threads there are.
pub(crate) fn both(rounds: usize, work: impl Fn(usize, usize) + Sync) -> f64 {
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let one = wall(&mut || work(0, 1));
        let two = wall(&mut || {
            std::thread::scope(|scope| {
                scope.spawn(|| work(0, 2));
                work(1, 2);
            });
        });
        ratios.push(one / two);
    }
    middle(&mut ratios)
}
