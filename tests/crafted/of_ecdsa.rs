//! ECDSA signatures that were made to go wrong, beside aws-lc: sums that are
//! nothing or meet their like, x that is r + n, r and s at every limit.

use num_bigint::BigUint;

use crate::campaign::Algorithm as _;
use crate::ecdsa::{self, Curve, Ecdsa, Signed};
use crate::judge::{Case, Total, judge};
use crate::random::Random;

fn number(value: u32) -> BigUint {
    BigUint::from(value)
}

/// A signature, and every one near it that a slip would take for good.
fn around(of: &Ecdsa, signed: &Signed, what: &str, cases: &mut Vec<Case>) {
    let Signed { message, r, s } = signed;
    let (n, p, limit) = (&of.n, &of.p, number(1) << (8 * of.bytes));
    let zero = number(0);
    let pairs = [
        ("as it is", r.clone(), s.clone()),
        ("-s", r.clone(), n - s % n),
        ("s + n", r.clone(), s + n),
        ("r + n", r + n, s.clone()),
        ("both + n", r + n, s + n),
        ("-r", n - r % n, s.clone()),
        ("r is 0", zero.clone(), s.clone()),
        ("s is 0", r.clone(), zero.clone()),
        ("both 0", zero.clone(), zero),
        ("r is n", n.clone(), s.clone()),
        ("s is n", r.clone(), n.clone()),
        ("both n", n.clone(), n.clone()),
        ("exchanged", s.clone(), r.clone()),
        ("r + 1", r + 1_u32, s.clone()),
        ("s + 1", r.clone(), s + 1_u32),
        ("r is p", p.clone(), s.clone()),
        ("r + p", (r + p) % &limit, s.clone()),
        ("r is the largest", &limit - 1_u32, s.clone()),
        ("s is the largest", r.clone(), &limit - 1_u32),
        ("2^k - s", r.clone(), &limit - s),
    ];
    for (change, r, s) in pairs.iter().filter(|(_, r, s)| *r < limit && *s < limit) {
        let signature = [of.fixed(r), of.fixed(s)].concat();
        cases.push(Case {
            message: message.clone(),
            signature,
            what: format!("{what}, {change}: {r:x} {s:x}"),
        });
    }
    let whole = [of.fixed(r), of.fixed(s)].concat();
    let lengths = [
        ("a byte in front", [&[0], &whole[..]].concat()),
        ("a byte behind", [&whole[..], &[0]].concat()),
        ("a byte short", whole[1..].to_vec()),
        ("r alone", whole[..of.bytes].to_vec()),
        ("empty", Vec::new()),
    ];
    for (change, signature) in lengths {
        cases.push(Case { message: message.clone(), signature, what: format!("{what}, {change}") });
    }
}

/// Scalars at the ends of digits and windows.
fn scalars(of: &Ecdsa, random: &mut Random) -> Vec<BigUint> {
    let n = &of.n;
    let mut scalars: Vec<BigUint> =
        [1, 2, 3, 127, 128, 129, 255, 256, 0x8080, 0x8180].into_iter().map(number).collect();
    scalars.extend([1_u32, 2, 128, 129, 256].map(|small| n - small));
    scalars.extend([n >> 1, (n >> 1) + 1_u32, (n >> 1) - 1_u32]);
    for window in [1_u32, 7, 15, 30] {
        let at = |digit: u32| (number(digit) << (8 * window)) % n;
        scalars.extend([at(1), at(128), at(129), n - at(127)]);
    }
    scalars.extend([0x80, 0x7f].map(|byte| BigUint::from_bytes_be(&vec![byte; of.bytes]) % n));
    scalars.extend((0..3).map(|_| random.number(n)));
    scalars
}

/// Keys chosen so that the sum is a point of our choice.
fn forged(of: &Ecdsa, random: &mut Random) -> Total {
    let mut total = Total::default();
    let (scalars, alg) = (scalars(of, random), of.alg());
    for turn in 0..42_usize {
        let x = of.special_x(random);
        let s = scalars[turn % scalars.len()].clone();
        let Some((key, signed)) = of.forged(&x, turn % 3 == 1, &s, format!("m{turn}").as_bytes()) else {
            continue;
        };
        let mut cases = Vec::new();
        around(of, &signed, &format!("x is {x:x}"), &mut cases);
        let other = Signed { message: b"other".to_vec(), ..signed.clone() };
        around(of, &other, "another message", &mut cases);
        if x >= of.n {
            around(of, &Signed { r: x.clone(), ..signed.clone() }, "r not reduced", &mut cases);
        }
        let first = &cases[0];
        assert!(key.probe(alg).unwrap().aws_lc(&first.message, &first.signature), "{x:x} is well forged");
        total.add(judge(&key, alg, &cases, 0, random));
    }
    total
}

/// u1 and u2 chosen so that additions meet their like or come to nothing.
fn meeting(of: &Ecdsa, random: &mut Random) -> Total {
    let mut total = Total::default();
    let (n, alg) = (&of.n, of.alg());
    let half = of.inverse(&number(2));
    let third = of.inverse(&number(3));
    let few = [number(1), n - 1_u32, number(2), number(3), number(128), number(256), n - 256_u32];
    for d in few.into_iter().chain([half, third, number(1) << 64]) {
        let key = of.key(&of.times_generator(&d)).unwrap();
        let scalars = scalars(of, random);
        let mut cases = Vec::new();
        for turn in 0..60 {
            let (message, u1) = (format!("w{turn}").into_bytes(), random.pick(&scalars));
            let u2 = of.meeting_u2(&u1, &d, random);
            let [r, s] = of.meeting(&u1, &u2, &message);
            let what = format!("d is {d:x}, u1 {u1:x}, u2 {u2:x}");
            around(of, &Signed { message, r, s }, &what, &mut cases);
        }
        // The point at infinity, whatever s is.
        for (turn, s) in scalars.iter().enumerate() {
            let message = format!("nothing {turn}").into_bytes();
            let r = (n - of.digest(&message)) * of.inverse(&d) % n;
            let signature = [of.fixed(&r), of.fixed(s)].concat();
            cases.push(Case { message, signature, what: format!("nothing, d is {d:x}, s {s:x}") });
        }
        // And good ones, with small nonces among them.
        for nonce in scalars.iter().step_by(3) {
            let message = b"good".to_vec();
            let Some([x, _]) = of.times_generator(nonce) else { continue };
            let r = x % n;
            let s = (of.digest(&message) + &r * &d) * of.inverse(nonce) % n;
            let signature = [of.fixed(&r), of.fixed(&s)].concat();
            cases.push(Case { message, signature, what: format!("good, d is {d:x}, nonce {nonce:x}") });
        }
        total.add(judge(&key, alg, &cases, 60, random));
    }
    total
}

fn is_refused(curve: &'static Curve) {
    let mut random = Random::new(0x6a6f_7403);
    let of = Ecdsa::new(curve, 0, &mut random);
    let total = forged(&of, &mut random);
    assert!(total.cases > 1500 && total.good > 80 && total.accepted > 40, "{total:?}");
    let total = meeting(&of, &mut random);
    assert!(total.cases > 12_000 && total.good > 60 && total.accepted > 30, "{total:?}");
}

#[test]
fn crafted_es256_is_refused_as_by_aws_lc() {
    is_refused(&ecdsa::P256);
}

#[test]
fn crafted_es384_is_refused_as_by_aws_lc() {
    is_refused(&ecdsa::P384);
}

#[test]
fn crafted_es512_is_refused_as_by_aws_lc() {
    is_refused(&ecdsa::P521);
}

#[test]
fn crafted_es256k_is_refused_as_by_aws_lc() {
    is_refused(&ecdsa::SECP256K1);
}
