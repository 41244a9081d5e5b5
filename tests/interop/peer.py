"""Answers requests about tokens and keys with libraries other than libjot.

One JSON object a line comes in and one goes out:

    {"op": "algorithms", "library"}                     -> {"algorithms": [...]}
    {"op": "sign", "library", "alg", "key", "claims"}   -> {"token"}
    {"op": "verify", "library", "alg", "key", "token"}  -> {"claims"} or {"refused"}
    {"op": "keys", "library", "alg", "key"}             -> {"private", "public", "thumbprint"}
    {"op": "jwks", "library", "jwks"}                   -> {"jwks"}

A key is the text of a JWK or a PEM block; in "keys" it may be null, and then
one is made. Whatever else goes wrong comes back as {"fault"}.
"""

import base64
import datetime
import json
import sys
import traceback
import warnings

import joserfc.jwk
import joserfc.jws
import joserfc.jwt
import jwcrypto.common
import jwcrypto.jwk
import jwcrypto.jws
import jwcrypto.jwt
import jwt
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa, utils

warnings.simplefilter("ignore", joserfc.jwk.SecurityWarning)

JWK_PARAMETERS = {
    "HS": {"kty": "oct"},
    "RS": {"kty": "RSA"},
    "PS": {"kty": "RSA"},
    "ES256": {"kty": "EC", "crv": "P-256"},
    "ES384": {"kty": "EC", "crv": "P-384"},
    "ES512": {"kty": "EC", "crv": "P-521"},
    "ES256K": {"kty": "EC", "crv": "secp256k1"},
    "EdDSA": {"kty": "OKP", "crv": "Ed25519"},
    "Ed25519": {"kty": "OKP", "crv": "Ed25519"},
    "ML": {"kty": "AKP"},
}


def parameters(alg):
    return JWK_PARAMETERS.get(alg) or JWK_PARAMETERS[alg[:2]]


def is_jwk(key):
    return key.lstrip().startswith("{")


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PyJwt:
    """PyJWT, its keys read as JWKs."""

    refusal = jwt.InvalidTokenError

    def algorithms(self):
        return list(jwt.algorithms.get_default_algorithms())

    def sign(self, alg, key, claims):
        return jwt.encode(claims, jwt.PyJWK(json.loads(key), algorithm=alg), algorithm=alg)

    def verify(self, alg, key, token):
        return jwt.decode(token, jwt.PyJWK(json.loads(key), algorithm=alg), algorithms=[alg])


class Joserfc:
    refusal = joserfc.errors.BadSignatureError

    def algorithms(self):
        return list(joserfc.jws.JWSRegistry.algorithms)

    def read(self, alg, key):
        if is_jwk(key):
            return joserfc.jwk.import_key(json.loads(key))
        return joserfc.jwk.import_key(key, parameters(alg)["kty"])

    def sign(self, alg, key, claims):
        return joserfc.jwt.encode({"alg": alg}, claims, self.read(alg, key), algorithms=[alg])

    def verify(self, alg, key, token):
        return joserfc.jwt.decode(token, self.read(alg, key), algorithms=[alg]).claims

    def keys(self, alg, key):
        of = parameters(alg)
        if key is None:
            size = {"oct": 512, "RSA": 2048}.get(of["kty"], of.get("crv"))
            key = joserfc.jwk.generate_key(of["kty"], size, private=True)
        else:
            key = self.read(alg, key)
        if of["kty"] == "oct":
            return {"jwk": json.dumps(key.as_dict())}, {}, key.thumbprint()
        private, public = {}, {}
        if key.is_private:
            private["jwk"] = json.dumps(key.as_dict(private=True))
            private["pkcs8"] = key.as_pem(private=True).decode()
        public["jwk"] = json.dumps(key.as_dict(private=False))
        public["spki"] = key.as_pem(private=False).decode()
        return private, public, key.thumbprint()

    def jwks(self, text):
        return json.dumps(joserfc.jwk.KeySet.import_key_set(json.loads(text)).as_dict())


class JwCrypto:
    refusal = jwcrypto.jws.InvalidJWSSignature

    def algorithms(self):
        return list(jwcrypto.jws.default_allowed_algs)

    def read(self, key):
        return jwcrypto.jwk.JWK.from_json(key) if is_jwk(key) else jwcrypto.jwk.JWK.from_pem(key.encode())

    def sign(self, alg, key, claims):
        token = jwcrypto.jwt.JWT(header={"alg": alg}, claims=claims)
        token.make_signed_token(self.read(key))
        return token.serialize()

    def verify(self, alg, key, token):
        # Beneath JWT, whose one error for everything would hide the reason.
        read = jwcrypto.jws.JWS()
        read.allowed_algs = [alg]
        read.deserialize(token)
        read.verify(self.read(key))
        return json.loads(read.payload)

    def keys(self, alg, key):
        of = parameters(alg)
        if key is None:
            extra = {"alg": alg} if of["kty"] == "AKP" else {}
            size = {"oct": 512, "RSA": 2048}.get(of["kty"])
            if size:
                extra["size"] = size
            key = jwcrypto.jwk.JWK.generate(**of, **extra)
        else:
            key = self.read(key)
        if of["kty"] == "oct":
            return {"jwk": key.export()}, {}, key.thumbprint()
        private, public = {}, {}
        if key.has_private:
            private["jwk"] = key.export_private()
            private["pkcs8"] = key.export_to_pem(private_key=True, password=None).decode()
        public["jwk"] = key.export_public()
        public["spki"] = key.export_to_pem().decode()
        return private, public, key.thumbprint()

    def jwks(self, text):
        # Kept in the order of their kids: the library holds a set.
        keys = json.loads(jwcrypto.jwk.JWKSet.from_json(text).export(private_keys=False))["keys"]
        return json.dumps({"keys": sorted(keys, key=lambda key: key["kid"])})


class Cryptography:
    """The primitives of cryptography under a JWS put together by hand, with
    keys read from PEM."""

    refusal = InvalidSignature
    hashes = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
    curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1(), "ES256K": ec.SECP256K1()}
    ml_dsa = {
        "ML-DSA-44": mldsa.MLDSA44PrivateKey,
        "ML-DSA-65": mldsa.MLDSA65PrivateKey,
        "ML-DSA-87": mldsa.MLDSA87PrivateKey,
    }

    def algorithms(self):
        sized = [name + size for name in ("HS", "RS", "PS") for size in self.hashes]
        return sized + list(self.curves) + ["EdDSA", "Ed25519"] + list(self.ml_dsa)

    def hash(self, alg):
        return self.hashes[alg[2:5]]

    def read(self, key):
        try:
            return serialization.load_pem_private_key(key.encode(), None)
        except ValueError:
            return serialization.load_pem_public_key(key.encode())

    def mac(self, alg, key, message):
        mac = hmac.HMAC(decode(json.loads(key)["k"]), self.hash(alg))
        mac.update(message)
        return mac

    def padding(self, alg):
        if alg.startswith("RS"):
            return padding.PKCS1v15()
        return padding.PSS(padding.MGF1(self.hash(alg)), self.hash(alg).digest_size)

    def sign(self, alg, key, claims):
        message = (encode(json.dumps({"alg": alg}).encode()) + "." + encode(json.dumps(claims).encode())).encode()
        if alg.startswith("HS"):
            signature = self.mac(alg, key, message).finalize()
        elif alg[:2] in ("RS", "PS"):
            signature = self.read(key).sign(message, self.padding(alg), self.hash(alg))
        elif alg in self.curves:
            private = self.read(key)
            size = (private.key_size + 7) // 8
            r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(self.hash(alg))))
            signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
        else:
            signature = self.read(key).sign(message)
        return message.decode() + "." + encode(signature)

    def verify(self, alg, key, token):
        message, signature = token.rsplit(".", 1)
        header, payload = message.split(".")
        if json.loads(decode(header))["alg"] != alg:
            raise ValueError("another alg")
        message, signature = message.encode(), decode(signature)
        if alg.startswith("HS"):
            self.mac(alg, key, message).verify(signature)
        elif alg[:2] in ("RS", "PS"):
            self.read(key).verify(signature, message, self.padding(alg), self.hash(alg))
        elif alg in self.curves:
            half = len(signature) // 2
            r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
            self.read(key).verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(self.hash(alg)))
        else:
            self.read(key).verify(signature, message)
        return json.loads(decode(payload))

    def generate(self, alg):
        if alg in self.curves:
            return ec.generate_private_key(self.curves[alg])
        if alg in self.ml_dsa:
            return self.ml_dsa[alg].generate()
        if alg[:2] in ("RS", "PS"):
            return rsa.generate_private_key(65537, 2048)
        return ed25519.Ed25519PrivateKey.generate()

    def keys(self, alg, key):
        key = self.generate(alg) if key is None else self.read(key)
        pem, private, public = serialization.Encoding.PEM, {}, {}
        if hasattr(key, "public_key"):
            plain = serialization.NoEncryption()
            private["pkcs8"] = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain).decode()
            if isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
                form = "pkcs1" if isinstance(key, rsa.RSAPrivateKey) else "sec1"
                traditional = serialization.PrivateFormat.TraditionalOpenSSL
                private[form] = key.private_bytes(pem, traditional, plain).decode()
            public["certificate"] = self.certificate(key)
            key = key.public_key()
        public["spki"] = key.public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        if isinstance(key, rsa.RSAPublicKey):
            public["pkcs1"] = key.public_bytes(pem, serialization.PublicFormat.PKCS1).decode()
        return private, public, None

    def certificate(self, key):
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer")])
        start = datetime.datetime(2026, 1, 1)
        certificate = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start.replace(year=2049))
        usage = x509.KeyUsage(True, *[False] * 8)
        certificate = certificate.add_extension(usage, critical=True)
        plain = isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey))
        return certificate.sign(key, hashes.SHA256() if plain else None).public_bytes(serialization.Encoding.PEM).decode()


LIBRARIES = {"pyjwt": PyJwt(), "joserfc": Joserfc(), "jwcrypto": JwCrypto(), "cryptography": Cryptography()}


def answer(request):
    library = LIBRARIES[request["library"]]
    match request["op"]:
        case "algorithms":
            return {"algorithms": library.algorithms()}
        case "sign":
            return {"token": library.sign(request["alg"], request["key"], request["claims"])}
        case "verify":
            try:
                return {"claims": library.verify(request["alg"], request["key"], request["token"])}
            except library.refusal as refusal:
                return {"refused": str(refusal)}
        case "keys":
            private, public, thumbprint = library.keys(request["alg"], request["key"])
            return {"private": private, "public": public, "thumbprint": thumbprint}
        case "jwks":
            return {"jwks": library.jwks(request["jwks"])}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception:
        reply = {"fault": traceback.format_exc()}
    print(json.dumps(reply), flush=True)
