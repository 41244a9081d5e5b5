//! What following keys costs who verifies with them: `scripts/keys-cost.sh` runs it.
//!
//! ```text
//! cost fixed|followed TOKENS   verifies that many tokens, for callgrind to count
//! cost swaps ROUNDS SECONDS    two threads verify, without and with other keys each second
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a measurement stops at the first thing that is not as it should be"
)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jot::jwks::KeeperOptions;
use jot::{Alg, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier};
use jot_fetch::{Fetcher, RemoteKeys};

const ISSUER: &str = "https://issuer.example";

/// An issuer on this machine.
#[derive(Clone)]
struct Issuer {
    jwks: Arc<Mutex<String>>,
    url: String,
}

impl Issuer {
    fn open(keys: &[&SigningKey]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let issuer = Self { jwks: Arc::default(), url };
        issuer.publish(keys);
        let serving = issuer.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (mut head, mut part) = (Vec::new(), [0; 1024]);
                while !head.ends_with(b"\r\n\r\n") {
                    let length = stream.read(&mut part).unwrap_or(0);
                    if length == 0 {
                        break;
                    }
                    head.extend_from_slice(&part[..length]);
                }
                let body = serving.jwks.lock().unwrap().clone();
                let fields = format!("Content-Length: {}\r\nConnection: close", body.len());
                let _ = write!(stream, "HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{body}");
            }
        });
        issuer
    }

    fn publish(&self, keys: &[&SigningKey]) {
        let keys = keys.iter().map(|key| key.verifying_key().unwrap());
        *self.jwks.lock().unwrap() = KeySet::new(keys).to_jwks().unwrap();
    }

    fn follow(&self, fetcher: &Fetcher) -> RemoteKeys {
        let options = KeeperOptions::default().allow_loopback();
        let keys = fetcher.keys(&self.url, Some(ISSUER), options).unwrap();
        keys.wait(Duration::from_secs(60)).unwrap();
        keys
    }
}

fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Alg::ES256).unwrap().with_kid(kid)
}

fn policy() -> Policy {
    Policy::new([Alg::ES256]).any_audience()
}

fn token(key: &SigningKey) -> String {
    let claims = format!(r#"{{"iss":"{ISSUER}","sub":"alice","exp":{}}}"#, UnixSeconds::now().0 + 86_400);
    Signer::new(key.clone()).sign_claims(claims.as_bytes()).unwrap()
}

fn verify(verifier: &Verifier, tokens: usize, token: &str) {
    let (mut scratch, now) = (Scratch::new(), UnixSeconds::now());
    for _ in 0..tokens {
        assert!(verifier.verify(token, now, &mut scratch).is_ok());
    }
}

fn count(mode: &str, tokens: usize) {
    let ours = key("a");
    let token = token(&ours);
    let builder = Verifier::builder(policy());
    if mode == "fixed" {
        let keys = KeySet::new([ours.verifying_key().unwrap()]);
        verify(&builder.issuer(ISSUER, keys).build().unwrap(), tokens, &token);
        return;
    }
    let fetcher = Fetcher::builder().proxy("").build().unwrap();
    let keys = Issuer::open(&[&ours]).follow(&fetcher);
    verify(&builder.issuer(ISSUER, keys).build().unwrap(), tokens, &token);
}

/// The times that tokens took in nanoseconds, of one thread.
fn times(verifier: &Verifier, token: &str, stop: &AtomicBool) -> Vec<u64> {
    let (mut scratch, mut times) = (Scratch::new(), Vec::new());
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let verdict = verifier.verify(token, UnixSeconds::now(), &mut scratch);
        assert!(verdict.is_ok(), "a token of a key that stays was refused: {:?}", verdict.err());
        times.push(u64::try_from(begun.elapsed().as_nanos()).unwrap());
    }
    times
}

/// Verifies on two threads for so many seconds; with `swap`, other keys each second.
fn load(verifier: &Verifier, token: &str, seconds: u64, swap: impl Fn(u64)) -> Vec<u64> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| times(verifier, token, &stop)));
        for second in 0..seconds {
            std::thread::sleep(Duration::from_secs(1));
            swap(second);
        }
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn swaps(rounds: u64, seconds: u64) {
    let (stays, comes, goes) = (key("stays"), key("comes"), key("goes"));
    let issuer = Issuer::open(&[&stays, &goes]);
    let fetcher = Fetcher::builder().proxy("").build().unwrap();
    let keys = issuer.follow(&fetcher);
    let verifier = Verifier::builder(policy()).issuer(ISSUER, &keys).build().unwrap();
    let token = token(&stays);
    let (mut still, mut swapped) = (Vec::new(), Vec::new());
    let before = keys.health().successes;
    // In turns, so that other work on the machine meets both alike.
    for _ in 0..rounds {
        still.extend(load(&verifier, &token, seconds, |_| {}));
        swapped.extend(load(&verifier, &token, seconds, |second| {
            issuer.publish(&[&stays, if second % 2 == 0 { &comes } else { &goes }]);
            keys.refresh_now().unwrap();
        }));
    }
    let fetched = keys.health().successes - before;
    for (name, mut times) in [("without", still), ("with", swapped)] {
        times.sort_unstable();
        let at = |thousandths: usize| times[(times.len() - 1) * thousandths / 1000];
        let (half, most, worst) = (at(500), at(999), at(1000));
        println!(
            "{name} swaps: {} tokens, none refused; p50 {half} ns, p99.9 {most} ns, longest {worst} ns",
            times.len()
        );
    }
    println!("{fetched} sets were fetched");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize| arguments[index].parse::<u64>().unwrap();
    match &*arguments[0] {
        "swaps" => swaps(number(1), number(2)),
        mode => count(mode, usize::try_from(number(1)).unwrap()),
    }
}
