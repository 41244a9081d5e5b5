use crate::support::{Room, names};

const ALGORITHMS: [&str; 18] = [
    "HS256",
    "HS384",
    "HS512",
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "ES256K",
    "EdDSA",
    "Ed25519",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
];

#[test]
fn tokens_of_every_algorithm_verify_with_the_keys_made_for_them() {
    assert_eq!(ALGORITHMS.len(), jot::Alg::ALL.len());
    let room = Room::new();
    let every = ALGORITHMS.join(",");
    let mut tokens = Vec::new();
    let mut publics = Vec::new();
    for alg in ALGORITHMS {
        room.run(&format!("keygen --alg {alg} --out-private {alg}.jwk")).ok();
        let token = room.run(&format!("sign --key {alg}.jwk --claims {{}} --expires-in 1h")).ok();
        if alg.starts_with("HS") {
            let verdict = room.run_reading(
                token,
                &format!("verify --jwk {alg}.jwk --alg {every} --format ndjson --no-summary"),
            );
            assert_eq!(names(&verdict.ok()), ["accepted"], "{alg}");
        } else {
            publics.push(format!("{alg}.jwk"));
            tokens.push(token);
        }
    }
    room.run(&format!("jwks {} --out jwks.json", publics.join(" "))).ok();
    room.write("tokens", tokens.concat());
    let verdicts = room.run(&format!("verify --jwks jwks.json --alg {every} --format ndjson @tokens"));
    assert_eq!(names(&verdicts.ok()), vec!["accepted"; tokens.len()]);
}

#[test]
fn tokens_of_pem_keys_verify_with_their_public_pem() {
    let room = Room::new();
    for alg in ["RS256", "PS512", "ES512", "EdDSA", "ML-DSA-44"] {
        room.run(&format!("keygen --alg {alg} --out-private a.pem --out-public b.pem --force")).ok();
        let sign = format!("sign --key a.pem --alg {alg} --claims {{}} --expires-in 1m");
        let token = room.run(&sign).ok();
        let token = token.trim_end();
        room.run(&format!("verify --pem b.pem --alg {alg} {token}")).ok();
    }
}

#[test]
fn demo_data_comes_to_the_verdicts_that_it_promises() {
    let room = Room::new();
    room.run("demo-data --out demo --count 400 --seed 5").ok();
    room.run("demo-data --out demo").fails_with(&["exists", "--force"]);
    let expected = room.read("demo/expected.txt");
    let verify = "verify --jwks demo/jwks.json --iss https://issuer.example --aud api --format ndjson \
        --alg RS256,PS256,ES256,ES384,ES512,ES256K,EdDSA,ML-DSA-65 @demo/tokens.txt";
    let ran = room.run(verify);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let mut counts = std::collections::BTreeMap::new();
    for name in names(&ran.stdout) {
        *counts.entry(name).or_insert(0_u32) += 1;
    }
    let found: String = counts.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
    assert_eq!(found, expected);
    room.run("demo-data --out demo --count 400 --seed 5 --force").ok();
    assert_eq!(room.read("demo/expected.txt"), expected);
}
