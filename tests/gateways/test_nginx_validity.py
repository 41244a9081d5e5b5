"""The dates of certificates in nginx, of keys in files and behind URLs."""

import base64
import datetime
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from forge import ISSUER
from gateway import until
from nginx_gateway import JOTCTL

HTTP = """
    add_header X-Jot-Code $jot_code always;
    jot_file_check 200ms;
    jot_fetch COMMAND --allow-loopback --proxy= --max-age 10 --timeout 2;
    jot_fetch_path DIRECTORY/fetched;
    jot_algorithms RS256;
    jot_audience api;
    server {
        listen 127.0.0.1:PORT;
        jot on;
        jot_key_file DIRECTORY/KEYS issuer=ISSUER;
        location = / { try_files /none =204; }
        location = /dated { jot_certificate_validity on; try_files /none =204; }
        location /url/ {
            jot_key_url http://127.0.0.1:IDP/keys issuer=ISSUER;
            location = /url/plain { try_files /none =204; }
            location = /url/dated { jot_certificate_validity on; try_files /none =204; }
        }
    }
"""


def certificate(key, begins, ends):
    """Return a certificate of the key, for so many days from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.private.public_key())
    builder = builder.serial_number(1).not_valid_before(now + datetime.timedelta(begins)).not_valid_after(now + datetime.timedelta(ends))
    return builder.sign(key.private, hashes.SHA256())


def jwks(key, begins, ends):
    der = certificate(key, begins, ends).public_bytes(serialization.Encoding.DER)
    return json.dumps({"keys": [{**key.jwk(), "x5c": [base64.b64encode(der).decode()]}]})


def start(nginx, issuer, keys="keys.json"):
    return nginx(HTTP.replace("COMMAND", str(JOTCTL)).replace("IDP", str(issuer.port)).replace("KEYS", keys))


def codes(server, token):
    return [server.code_of(server.bearer(token, path)) for path in ("/", "/dated", "/url/plain", "/url/dated")]


def test_dates_count_where_that_is_wanted(nginx, forge, issuer, tmp_path):
    key, token = forge.keys["rsa"], forge.token(set={"iss": ISSUER})
    path = tmp_path / "keys.json"
    cases = [((-2, -1), "key_retired"), ((-1, 1), "accepted"), ((1, 2), "key_not_yet_valid")]
    issuer.good = jwks(key, -2, -1)
    path.write_text(issuer.good)
    server = start(nginx, issuer)
    for dates, code in cases:
        issuer.good = jwks(key, *dates)
        path.write_text(issuer.good)
        assert until(lambda code=code: codes(server, token) == ["accepted", code, "accepted", code], 30), (codes(server, token), server.log())


def test_pem_has_dates_too(nginx, forge, issuer, tmp_path):
    key, token = forge.keys["rsa"], forge.token(set={"iss": ISSUER}, header={"kid": None})
    (tmp_path / "keys.pem").write_bytes(certificate(key, -2, -1).public_bytes(serialization.Encoding.PEM))
    server = start(nginx, issuer, "keys.pem")
    assert codes(server, token)[:2] == ["accepted", "key_retired"], server.log()
