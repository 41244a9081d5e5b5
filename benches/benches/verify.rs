//! `verify/<alg>/<engine>`: one token on one thread, nothing cached.
//!
//! 256 different tokens go in rotation, so that the branch predictor does not
//! learn one by heart. See `Engine` for what each engine does.
#![allow(missing_docs, reason = "criterion's macros make items without")]

use criterion::{Criterion, criterion_group, criterion_main};
use jot_bench::{ALGORITHMS, Engine, Issuer, Workload};

fn verify(criterion: &mut Criterion) {
    for alg in ALGORITHMS {
        let issuer = Issuer::new(alg);
        let workload = Workload::new(&issuer);
        let mut group = criterion.benchmark_group(format!("verify/{alg}"));
        for mut engine in Engine::all(&issuer) {
            engine.check(&workload);
            let mut tokens = workload.good.iter().cycle();
            group.bench_function(engine.name(), |bencher| {
                bencher.iter(|| tokens.next().is_some_and(|token| engine.verify(token)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, verify);
criterion_main!(benches);
