"""The algorithms of the facade beside those of PyJWT, and the keys that they take."""

from __future__ import annotations

import copy
import gc
import hashlib
import json
import pickle
import subprocess
import sys
from typing import Any

import jot.pyjwt
import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pyjwt_forge import KEYS, SECRET, private_pem, public_pem

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

MODULES = (jwt, jot.pyjwt)
HMAC = ("HS256", "HS384", "HS512")
SIGNED = [*HMAC, *KEYS]
WEAK = rsa.generate_private_key(65537, 1536)
FAMILIES = {
    "RSAAlgorithm": KEYS["RS256"],
    "ECAlgorithm": KEYS["ES384"],
    "OKPAlgorithm": KEYS["EdDSA"],
}


def by_name(module: Any, name: str) -> Any:
    return module.get_algorithm_by_name(name)


@pytest.mark.parametrize("name", SIGNED)
@pytest.mark.parametrize("form", ["pem", "object"])
def test_each_verifies_the_signatures_of_the_other(name: str, form: str) -> None:
    private = public = SECRET
    if name not in HMAC:
        private = private_pem(KEYS[name]) if form == "pem" else KEYS[name]
        public = public_pem(KEYS[name]) if form == "pem" else KEYS[name].public_key()
    for one, other in ((jwt, jot.pyjwt), (jot.pyjwt, jwt), (jot.pyjwt, jot.pyjwt)):
        signs, verifies = by_name(one, name), by_name(other, name)
        signature = signs.sign(b"any bytes", signs.prepare_key(private))
        key = verifies.prepare_key(public)
        assert verifies.verify(b"any bytes", key, signature) is True
        assert verifies.verify(b"other bytes", key, signature) is False
        assert verifies.verify(b"any bytes", key, b"") is False
        assert verifies.verify(b"any bytes", key, signature[:-1]) is False
    assert by_name(jot.pyjwt, name).prepare_key(key) == key


@pytest.mark.parametrize("name", [name for name in SIGNED if name != "EdDSA"])
def test_hash_is_that_of_the_algorithm(name: str) -> None:
    real, ours = (by_name(module, name).compute_hash_digest(b"access token") for module in MODULES)
    assert ours == real


def test_algorithm_without_a_hash_says_so() -> None:
    for module in MODULES:
        for name in ("EdDSA", "none"):
            with pytest.raises(NotImplementedError):
                by_name(module, name).compute_hash_digest(b"x")


def test_message_may_be_anything_that_holds_bytes() -> None:
    class Long(bytes):
        def __len__(self) -> int:
            return 1 << 30

    for name, key in (("HS256", SECRET.encode()), ("ES256", KEYS["ES256"])):
        one = by_name(jot.pyjwt, name)
        signature = one.sign(Long(b"x"), key)
        assert by_name(jwt, name).verify(b"x", key, signature)
        for message in (bytearray(b"x"), memoryview(b"x"), Long(b"x")):
            assert one.verify(message, key, Long(signature)) and not one.verify(message, key, b"x")


def test_hash_can_be_one_of_cryptography() -> None:
    ours = jot.pyjwt.algorithms.RSAAlgorithm(hashes.SHA512)
    signature = ours.sign(b"x", KEYS["RS256"])
    assert signature == jwt.algorithms.RSAAlgorithm(hashes.SHA512).sign(b"x", KEYS["RS256"])
    assert ours.compute_hash_digest(b"x") == hashlib.sha512(b"x").digest()
    assert jot.pyjwt.algorithms.hashes is hashes
    with pytest.raises(NotImplementedError, match="Algorithm not supported"):
        jot.pyjwt.algorithms.RSAAlgorithm(hashes.SHA1).sign(b"x", KEYS["RS256"])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("private", [True, False])
def test_jwk_is_written_and_read_alike(family: str, private: bool) -> None:
    key = FAMILIES[family] if private else FAMILIES[family].public_key()
    real, ours = (getattr(module.algorithms, family) for module in MODULES)
    members = ours.to_jwk(key, as_dict=True)
    assert members == real.to_jwk(key, as_dict=True) == json.loads(ours.to_jwk(key))
    read = ours.from_jwk(json.dumps(members))
    assert ours.to_jwk(read, True) == members == ours.to_jwk(ours.from_jwk(members), True)
    # Which a program may want of it, and PyJWT's is.
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = read.public_key() if private else read
    assert public.public_bytes(serialization.Encoding.PEM, form) == public_pem(FAMILIES[family])
    for wrong in (object(), 5):
        for kind in (real, ours):
            with pytest.raises((jwt.InvalidKeyError, jot.pyjwt.InvalidKeyError)):
                kind.to_jwk(wrong)


def test_jwk_of_a_secret_is_read_and_written_alike() -> None:
    for module in MODULES:
        kind = module.algorithms.HMACAlgorithm
        members = kind.to_jwk(SECRET, as_dict=True)
        assert members["kty"] == "oct" and kind.from_jwk(members) == SECRET.encode()
        assert module.PyJWK(members).key == SECRET.encode()
        token = module.encode({"a": 1}, SECRET)
        assert module.decode(token, module.PyJWK({**members, "key_ops": ["verify"]})) == {"a": 1}
        with pytest.raises(module.InvalidKeyError, match="must not be empty"):
            kind.from_jwk({"kty": "oct", "k": ""})


@pytest.mark.parametrize("name", [name for name in SIGNED if name not in ("ES256K", *HMAC)])
def test_jwk_has_the_algorithm_that_it_is_for(name: str) -> None:
    family = type(by_name(jwt, name)).__name__
    members = getattr(jwt.algorithms, family).to_jwk(KEYS[name], as_dict=True)
    members.pop("key_ops", None)
    token = jwt.encode({"a": 1}, KEYS[name], name)
    for module in MODULES:
        key = module.PyJWK(members, name)
        assert type(key.Algorithm).__name__ == family
        signature = key.Algorithm.sign(b"x", key.key)
        assert by_name(jwt, name).verify(b"x", KEYS[name].public_key(), signature)
        made = module.encode({"a": 1}, key)
        ours = jot.pyjwt.PyJWK(members, name)
        assert jot.pyjwt.decode(made, ours) == {"a": 1} == jot.pyjwt.decode(token, ours)


@pytest.mark.parametrize("family", FAMILIES)
def test_broken_private_part_is_refused_when_it_is_read(family: str) -> None:
    members: Any = getattr(jwt.algorithms, family).to_jwk(FAMILIES[family], as_dict=True)
    for broken in ({**members, "d": "AAAA"}, {**members, "d": ""}, {**members, "d": 5}):
        with pytest.raises(jot.pyjwt.InvalidKeyError):
            getattr(jot.pyjwt.algorithms, family).from_jwk(broken)
        with pytest.raises(jot.pyjwt.InvalidKeyError):
            jot.pyjwt.PyJWK(broken)


def test_private_rsa_key_without_primes_signs() -> None:
    members = jwt.algorithms.RSAAlgorithm.to_jwk(KEYS["RS256"], as_dict=True)
    short = {name: members[name] for name in ("kty", "n", "e", "d")}
    token = jot.pyjwt.encode({"a": 1}, jot.pyjwt.PyJWK(short), "RS256")
    assert jwt.decode(token, KEYS["RS256"].public_key(), ["RS256"]) == {"a": 1}
    with pytest.raises(jot.pyjwt.InvalidKeyError):
        jot.pyjwt.PyJWK({**short, "p": members["p"]})


@pytest.mark.parametrize("name", ["RS256", "RS512"])
def test_short_rsa_key_signs_and_warns(name: str) -> None:
    for module in MODULES:
        with pytest.warns(module.InsecureKeyLengthWarning, match="is 1536 bits long, which is below"):
            token = module.encode({"a": 1}, WEAK, name)
        with pytest.warns(module.InsecureKeyLengthWarning, match="is 1536 bits long, which is below"):
            assert (
                jot.pyjwt.decode(token, WEAK.public_key(), [name]) == {"a": 1}
                if module is jot.pyjwt
                else (jwt.decode(token, WEAK.public_key(), [name]))
            )
        with pytest.raises(module.InvalidKeyError, match="below"):
            module.PyJWS(options={"enforce_minimum_key_length": True}).encode(b"x", WEAK, name)


def test_length_that_a_subclass_demands_is_demanded() -> None:
    for module in MODULES:
        kind = type("Long", (module.algorithms.RSAAlgorithm,), {"_MIN_KEY_SIZE": 4096})
        short = kind(hashes.SHA256)
        assert "below the minimum recommended size of 4096 bits" in short.check_key_length(
            short.prepare_key(KEYS["RS256"])
        )


def test_sign_of_a_subclass_is_what_verifies() -> None:
    for module in MODULES:

        class Own(module.algorithms.HMACAlgorithm):  # type: ignore[misc, name-defined]
            def sign(self, msg: bytes, key: bytes) -> bytes:
                return bytes(super().sign(b"own " + msg, key))

        one = Own(hashlib.sha256)
        assert one.verify(b"x", SECRET.encode(), one.sign(b"x", SECRET.encode()))
        plain = by_name(module, "HS256").sign(b"x", SECRET.encode())
        assert not one.verify(b"x", SECRET.encode(), plain)


def test_names_that_need_cryptography_are_those_of_pyjwt() -> None:
    assert jot.pyjwt.algorithms.requires_cryptography == jwt.algorithms.requires_cryptography
    more = set(jot.pyjwt.algorithms.get_default_algorithms()) - set(jwt.algorithms.get_default_algorithms())
    assert more == {"Ed25519", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}
    assert set(jwt.PyJWS().get_algorithms()) - set(jot.pyjwt.PyJWS().get_algorithms()) == {"ES521"}


@pytest.mark.parametrize("name", ["Ed25519", "ML-DSA-44"])
def test_algorithm_beyond_those_of_pyjwt_works(name: str) -> None:
    key = jot.SigningKey.generate(name)
    jwk = jot.pyjwt.PyJWK({**json.loads(key.to_jwk()), "alg": name})
    assert jot.pyjwt.decode(jot.pyjwt.encode({"a": 1}, jwk), jwk) == {"a": 1}
    pem = key.public_keys().to_pem()
    assert jot.pyjwt.decode(jot.pyjwt.encode({"a": 1}, key.to_pem(), name), pem, [name]) == {"a": 1}


def test_key_that_is_not_supported_is_told_by_its_form() -> None:
    ssh = (
        KEYS["ES256"]
        .public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    )
    with pytest.raises(jot.pyjwt.InvalidKeyError, match="form of SSH are not supported"):
        by_name(jot.pyjwt, "ES256").prepare_key(ssh)
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        locked = KEYS["RS256"].private_bytes(
            serialization.Encoding.PEM, form, serialization.BestAvailableEncryption(b"secret")
        )
        for module in MODULES:
            with pytest.raises(TypeError, match="Password was not given but private key is encrypted"):
                by_name(module, "RS256").prepare_key(locked)


@pytest.mark.parametrize(
    ("name", "key", "raised"),
    [
        ("RS256", 5, "TypeError"),
        ("ES256", None, "TypeError"),
        ("EdDSA", 5, "InvalidKeyError"),
        ("HS256", 5, "TypeError"),
        ("RS256", "nonsense", "InvalidKeyError"),
        ("EdDSA", "nonsense", "InvalidKeyError"),
        ("RS256", public_pem(KEYS["ES256"]), "InvalidKeyError"),
        ("ES256", public_pem(KEYS["RS256"]), "InvalidKeyError"),
        ("ES256", public_pem(KEYS["ES384"]), "InvalidKeyError"),
        ("ES384", KEYS["ES256"], "InvalidKeyError"),
        ("EdDSA", public_pem(KEYS["ES256"]), "InvalidKeyError"),
        ("HS256", public_pem(KEYS["ES256"]), "InvalidKeyError"),
        ("HS256", "", "InvalidKeyError"),
        ("none", "x", "InvalidKeyError"),
    ],
)
def test_key_that_does_not_fit_is_refused_alike(name: str, key: Any, raised: str) -> None:
    for module in MODULES:
        with pytest.raises(Exception) as caught:
            by_name(module, name).prepare_key(key)
        assert type(caught.value).__name__ == raised


def test_curve_that_does_not_fit_is_named() -> None:
    texts = []
    for module in MODULES:
        with pytest.raises(module.InvalidKeyError) as caught:
            by_name(module, "ES256").prepare_key(KEYS["ES384"])
        texts.append(str(caught.value))
    assert texts[1] == texts[0]


def test_unsecured_token_is_neither_made_nor_accepted() -> None:
    none = by_name(jot.pyjwt, "none")
    assert none.verify(b"x", none.prepare_key(None), b"") is False
    with pytest.raises(NotImplementedError, match="unsecured tokens are not made"):
        none.sign(b"x", None)
    one = jot.pyjwt.PyJWS()
    one.unregister_algorithm("none")
    with pytest.raises(NotImplementedError, match="Algorithm not supported"):
        one.encode(b"x", None, "none")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copy_of_a_key_works_when_the_key_is_gone(copied: Any) -> None:
    members = jwt.algorithms.ECAlgorithm.to_jwk(KEYS["ES256"], as_dict=True)
    key, prepared = (
        jot.pyjwt.PyJWK(members),
        by_name(jot.pyjwt, "ES256").prepare_key(public_pem(KEYS["ES256"])),
    )
    token = jot.pyjwt.encode({"a": 1}, key)
    assert jot.pyjwt.decode(token, key) == {"a": 1} == jot.pyjwt.decode(token, prepared, ["ES256"])
    copies = copied(key), copied(prepared), copied(prepared.verifying("ES256"))
    jot.pyjwt._keys._pem.cache_clear()
    del key, prepared
    gc.collect()
    assert jot.pyjwt.decode(token, copies[0]) == {"a": 1} == jot.pyjwt.decode(token, copies[1], ["ES256"])
    message, signature = token.rsplit(".", 1)
    assert copies[2].holds(message.encode(), jot.pyjwt.utils.base64url_decode(signature))


def test_many_keys_stay_parsed() -> None:
    keys = [ec.generate_private_key(ec.SECP256R1()).public_key() for _ in range(200)]
    prepared = [by_name(jot.pyjwt, "ES256").prepare_key(key) for key in keys]
    again = [by_name(jot.pyjwt, "ES256").prepare_key(key) for key in keys]
    assert all(one is other for one, other in zip(prepared, again))
    pems = [f"{SECRET} {number}" for number in range(200)]
    kept = [jot.pyjwt._keys.secret(pem.encode()) for pem in pems]
    assert all(jot.pyjwt._keys.secret(pem.encode()) is one for pem, one in zip(pems, kept))


def test_objects_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jot.pyjwt._keys, "_KEPT", 3)
    monkeypatch.setattr(jot.pyjwt._keys, "_objects", {})
    for _ in range(5):
        key = ed25519.Ed25519PrivateKey.generate()
        assert jot.pyjwt.decode(jot.pyjwt.encode({"a": 1}, key, "EdDSA"), key.public_key(), ["EdDSA"]) == {
            "a": 1
        }
    assert len(jot.pyjwt._keys._objects) == 3


def test_help_tells_the_versions() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jot.pyjwt.help"], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert told["pyjwt"] == {"version": jwt.__version__} and told["libjot"] == {"version": jot.__version__}
    assert (
        {name: set(part) for name, part in told.items() if name != "libjot"}
        == {name: set(part) for name, part in jwt.help.info().items()}
        if hasattr(jwt, "help")
        else told["platform"]
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda one: one.base64url_encode(b"\xfb\xff"),
        lambda one: one.base64url_decode("-_8"),
        lambda one: one.base64url_decode(b"-_8="),
        lambda one: one.force_bytes("é"),
        lambda one: one.force_bytes(5),
        lambda one: one.to_base64url_uint(0),
        lambda one: one.to_base64url_uint(65537),
        lambda one: one.to_base64url_uint(1, bit_length=256),
        lambda one: one.to_base64url_uint(-1),
        lambda one: one.from_base64url_uint("AQAB"),
        lambda one: one.number_to_bytes(5, 4),
        lambda one: one.bytes_to_number(b"\x01\x00"),
        lambda one: one.bytes_from_int(256),
        lambda one: one.raw_to_der_signature(b"\x01" * 64, ec.SECP256R1()),
        lambda one: one.raw_to_der_signature(b"\x01" * 63, ec.SECP256R1()),
        lambda one: one.der_to_raw_signature(bytes.fromhex("3006020101020102"), ec.SECP256R1()),
        lambda one: one.is_pem_format(public_pem(KEYS["RS256"])),
        lambda one: one.is_pem_format(b"-----BEGIN PUBLIC KEY-----"),
        lambda one: one.is_pem_format(b"---- BEGIN SSH2 PUBLIC KEY ----\n---- END SSH2 PUBLIC KEY ----"),
        lambda one: one.is_ssh_key(b"ssh-rsa AAAA"),
        lambda one: one.is_ssh_key(b"rsa"),
    ],
)
def test_helpers_come_to_the_same(call: Any) -> None:
    outcomes = []
    for module in MODULES:
        try:
            outcomes.append(call(module.utils))
        except Exception as error:
            outcomes.append((type(error), str(error)))
    assert outcomes[1] == outcomes[0]
