//! RSA keys that sign: short ones where they are allowed, and those that come
//! without their primes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod cases;

use cases::keys::{b64, private, read, with};
use jot::{
    Alg, Code, KeyOptions, KeySet, Policy, Scratch, Signer, SigningKey, UnixSeconds, Verifier, VerifyingKey,
};
use num_bigint::BigUint;
use serde_json::{Value, json};

/// The numbers of a key of `rsa_primes.json`.
struct Numbers {
    name: String,
    e: BigUint,
    p: BigUint,
    q: BigUint,
}

impl Numbers {
    fn all() -> Vec<Self> {
        let file = read("rsa_primes.json");
        let number = |row: &Value, name: &str| {
            BigUint::parse_bytes(row[name].as_str().unwrap().as_bytes(), 16).unwrap()
        };
        let rows = file["keys"].as_array().unwrap();
        rows.iter()
            .map(|row| Self {
                name: row["name"].as_str().unwrap().to_owned(),
                e: number(row, "e"),
                p: number(row, "p"),
                q: number(row, "q"),
            })
            .collect()
    }

    fn named(name: &str) -> Self {
        Self::all().into_iter().find(|key| key.name == name).unwrap()
    }

    fn n(&self) -> BigUint {
        &self.p * &self.q
    }

    /// The order of the group, and the least multiple of all orders in it.
    fn totients(&self) -> [BigUint; 2] {
        let (p, q) = (&self.p - 1_u8, &self.q - 1_u8);
        let (mut a, mut b) = (p.clone(), q.clone());
        while b != BigUint::ZERO {
            (a, b) = (b.clone(), a % b);
        }
        let whole = p * q;
        [whole.clone(), whole / a]
    }

    /// The exponent by the greatest totient that FIPS 186 knows of.
    fn d(&self) -> BigUint {
        self.e.modinv(&self.totients()[0]).unwrap()
    }

    /// A JWK without its primes.
    fn bare(&self, d: &BigUint) -> Value {
        json!({"kty": "RSA", "n": uint(&self.n()), "e": uint(&self.e), "d": uint(d)})
    }

    /// The JWK with all members.
    fn full(&self) -> Value {
        let (d, p, q) = (self.d(), &self.p, &self.q);
        let members = json!({
            "p": uint(p), "q": uint(q), "dp": uint(&(&d % (p - 1_u8))), "dq": uint(&(&d % (q - 1_u8))),
            "qi": uint(&q.modinv(p).unwrap()),
        });
        with(self.bare(&d), members)
    }
}

fn uint(number: &BigUint) -> String {
    b64(&number.to_bytes_be())
}

fn weak() -> KeyOptions {
    KeyOptions::default().allow_weak_keys()
}

fn signing(jwk: &Value, options: &KeyOptions) -> Result<SigningKey, Code> {
    SigningKey::from_jwk(jwk.to_string().as_bytes(), options).map_err(|error| error.code())
}

/// Signs, and verifies with the same key read as a public one.
#[track_caller]
fn assert_signs(key: SigningKey, alg: Alg) {
    assert_eq!(key.alg(), alg);
    let public = VerifyingKey::from_jwk(key.verifying_key().unwrap().to_jwk().unwrap().as_bytes(), &weak());
    let policy = Policy::new([alg]).allow_missing_exp();
    let verifier = Verifier::builder(policy).keys(KeySet::new([public.unwrap()])).build().unwrap();
    let token = Signer::new(key).sign_claims(br#"{"sub":"me"}"#).unwrap();
    let judge = |token: &str| verifier.verdict(token.as_bytes(), UnixSeconds(0), &mut Scratch::new()).code();
    assert_eq!(judge(&token), Code::Accepted);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let changed = signature.replacen(&signature[..1], if signature.starts_with('A') { "B" } else { "A" }, 1);
    assert_eq!(judge(&format!("{signed}.{changed}")), Code::SignatureInvalid);
}

#[test]
fn key_without_primes_signs_like_the_one_that_has_them() {
    for numbers in Numbers::all() {
        let full = signing(&numbers.full(), &weak()).unwrap();
        for totient in numbers.totients() {
            let d = numbers.e.modinv(&totient).unwrap();
            let found = signing(&numbers.bare(&d), &weak()).unwrap();
            let jwk: Value = serde_json::from_str(&found.to_jwk().unwrap()).unwrap();
            let (mut primes, mut expected) = ([jwk["p"].clone(), jwk["q"].clone()], [&numbers.p, &numbers.q]);
            primes.sort_by_key(|prime| prime.to_string());
            expected.sort_by_key(|prime| json!(uint(prime)).to_string());
            assert_eq!(primes, expected.map(|prime| json!(uint(prime))), "{}", numbers.name);
            assert_eq!(jwk["d"], uint(&d), "{}", numbers.name);
            assert_eq!(signature(found), signature(signing(&numbers.full(), &weak()).unwrap()));
        }
        assert_signs(full, Alg::RS256);
    }
}

/// RS256 is deterministic.
fn signature(key: SigningKey) -> String {
    Signer::new(key).sign_claims(b"{}").unwrap()
}

#[test]
fn generated_keys_are_completed() {
    let without = json!({"p": null, "q": null, "dp": null, "dq": null, "qi": null});
    let rsa = private("rsa");
    let keys = (0..8).map(|round| match round {
        0 => rsa.clone(),
        1 => json(&SigningKey::generate_rsa(Alg::PS256, 4096).unwrap()),
        _ => json(&SigningKey::generate(Alg::RS256).unwrap()),
    });
    for key in keys {
        let alg = Alg::from_name(key["alg"].as_str().unwrap_or("RS256")).unwrap();
        let options = KeyOptions::default();
        assert_signs(signing(&with(key, without.clone()), &options.alg(alg)).unwrap(), alg);
    }
}

fn json(key: &SigningKey) -> Value {
    serde_json::from_str(&key.to_jwk().unwrap()).unwrap()
}

#[test]
fn exponent_that_belongs_to_another_key_is_refused() {
    for name in ["1024", "many-twos", "twos-in-one", "2048"] {
        let numbers = Numbers::named(name);
        let d = numbers.d();
        let other = Numbers::named("exponent-3").d();
        let flipped = |bit: u64| {
            let mut changed = d.clone();
            changed.set_bit(bit, !d.bit(bit));
            changed
        };
        let mut wrong =
            vec![&d + 1_u8, &d + 2_u8, &d - 2_u8, other, numbers.n() - 1_u8, numbers.n() + d.clone()];
        wrong.extend([
            BigUint::from(1_u8),
            BigUint::from(3_u8),
            &d << 4096,
            &d + numbers.totients()[0].clone(),
        ]);
        wrong.extend((0..16).map(|step| flipped(step * 63 + 1)));
        for d in wrong.iter().filter(|wrong| **wrong != d) {
            let code = signing(&numbers.bare(d), &weak()).err();
            assert_eq!(code, Some(Code::KeyInvalid), "{name} {d:x}");
        }
        let empty = with(numbers.bare(&d), json!({"d": ""}));
        assert_eq!(signing(&empty, &weak()).err(), Some(Code::KeyInvalid));
    }
}

#[test]
fn modulus_that_is_no_product_of_two_primes_is_refused() {
    let numbers = Numbers::named("2048");
    let three = json!({"n": uint(&(numbers.n() * Numbers::named("1024").p))});
    assert_eq!(signing(&with(numbers.bare(&numbers.d()), three), &weak()).err(), Some(Code::KeyInvalid));
    // A prime: every base ends at 1, and no root tells anything.
    let prime = &numbers.p;
    let d = numbers.e.modinv(&(prime - 1_u8)).unwrap();
    let jwk = json!({"kty": "RSA", "n": uint(prime), "e": uint(&numbers.e), "d": uint(&d)});
    assert_eq!(signing(&jwk, &weak()).err(), Some(Code::KeyInvalid));
    let square = Numbers { q: numbers.p.clone(), ..numbers };
    let d = square.e.modinv(&(&square.p * (&square.p - 1_u8))).unwrap();
    assert_eq!(signing(&square.bare(&d), &weak()).err(), Some(Code::KeyInvalid));
}

#[test]
fn primes_come_all_or_none() {
    let full = Numbers::named("2048").full();
    for name in ["p", "q", "dp", "dq", "qi"] {
        let lacking = with(full.clone(), json!({ name: null }));
        let error = SigningKey::from_jwk(lacking.to_string().as_bytes(), &KeyOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.member()), (Code::KeyMemberMissing, Some(name)));
    }
}

#[test]
fn short_key_signs_only_where_weak_keys_are_allowed() {
    for name in ["1024", "1536", "2047"] {
        let numbers = Numbers::named(name);
        for jwk in [numbers.full(), numbers.bare(&numbers.d())] {
            assert_eq!(signing(&jwk, &KeyOptions::default()).err(), Some(Code::KeyRsaTooShort), "{name}");
            for alg in [Alg::RS256, Alg::RS512] {
                assert_signs(signing(&jwk, &weak().alg(alg)).unwrap(), alg);
            }
            for alg in [Alg::RS384, Alg::PS256, Alg::PS384, Alg::PS512] {
                assert_eq!(signing(&jwk, &weak().alg(alg)).err(), Some(Code::KeyRsaTooShort), "{alg}");
            }
        }
    }
}

#[test]
fn short_key_survives_every_form() {
    let key = signing(&Numbers::named("1024").full(), &weak().alg(Alg::RS512)).unwrap();
    let pem = key.to_pem().unwrap();
    let options = weak().alg(Alg::RS512);
    let refused = SigningKey::from_pem(pem.as_bytes(), &KeyOptions::default()).unwrap_err();
    assert_eq!(refused.code(), Code::KeyRsaTooShort);
    let from_pem = SigningKey::from_pem(pem.as_bytes(), &options).unwrap();
    let from_jwk = SigningKey::from_jwk(key.to_jwk().unwrap().as_bytes(), &weak()).unwrap();
    let from_der = SigningKey::from_der(&cases::keys::der_of(&pem), &options).unwrap();
    let expected = signature(key);
    for read in [from_pem, from_jwk, from_der] {
        assert_eq!(read.to_pem().unwrap(), pem);
        assert_eq!(signature(read), expected);
    }
}

#[test]
fn short_key_with_a_wrong_number_is_refused() {
    let full = Numbers::named("1024").full();
    let wrong = uint(&Numbers::named("exponent-3").p);
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        assert_eq!(
            signing(&with(full.clone(), json!({ name: wrong })), &weak()).err(),
            Some(Code::KeyInvalid),
            "{name}"
        );
    }
}

#[test]
fn key_below_1024_bits_never_signs() {
    let numbers = Numbers::named("1024");
    let short = Numbers { q: BigUint::from(65_537_u32) * 3_u8 + 2_u8, ..numbers };
    let jwk = short.bare(&BigUint::from(5_u8));
    assert_eq!(signing(&jwk, &weak()).err(), Some(Code::KeyRsaTooShort));
}
