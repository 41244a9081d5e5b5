"""An issuer on this machine, over TLS by an authority of its own, that can misbehave."""

from __future__ import annotations

import datetime
import http.server
import ipaddress
import json
import pathlib
import ssl
import threading
import time
from typing import Any, Callable, Optional, Union

import jot
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: What a path answers: a status, header fields and a body; or what the handler does.
Page = Union[tuple[int, dict[str, str], bytes], Callable[[http.server.BaseHTTPRequestHandler], None]]


def page(body: Any, status: int = 200, **fields: str) -> Page:
    """Return a page with a body, JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status, {name.replace("_", "-"): value for name, value in fields.items()}, content


def jwks(*keys: jot.SigningKey) -> bytes:
    """Return the JWK Set of these keys."""
    found = jot.KeySet()
    for key in keys:
        found += key.public_keys()
    return found.to_jwks().encode()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificates(folder: pathlib.Path) -> str:
    """Write a server's certificate and key; return the authority's certificate."""
    now = datetime.datetime.now(datetime.timezone.utc)
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def certificate(subject: str, public: Any, *extensions: Any) -> x509.Certificate:
        builder = x509.CertificateBuilder(_name("authority"), _name(subject), public, 1)
        builder = builder.not_valid_before(now - datetime.timedelta(1)).not_valid_after(
            now + datetime.timedelta(9)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(authority, hashes.SHA256())

    own = certificate("authority", authority.public_key(), x509.BasicConstraints(ca=True, path_length=0))
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    leaf = certificate("localhost", server.public_key(), x509.SubjectAlternativeName(names))
    pem = serialization.Encoding.PEM
    key = server.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(leaf.public_bytes(pem) + key)
    return own.public_bytes(pem).decode()


class Issuer:
    """A server that counts its requests; ``with`` it."""

    def __init__(self, folder: pathlib.Path, *, tls: bool = True) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.ca = _certificates(folder) if tls else ""
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                issuer.requests.append(self.path)
                issuer.fields.append({name.lower(): value for name, value in self.headers.items()})
                found = issuer.pages.get(self.path, (404, {}, b""))
                if callable(found):
                    found(self)
                    return
                status, fields, body = found
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request: Any, address: Any) -> None:
                # Here, in the connection's own thread, a slow handshake holds nobody up.
                if context is None:
                    super().finish_request(request, address)
                    return
                with context.wrap_socket(request, server_side=True) as wrapped:
                    super().finish_request(wrapped, address)

            def handle_error(self, *_: Any) -> None:
                """Clients may go away."""

        context: Optional[ssl.SSLContext] = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem")
        self._server = Server(("127.0.0.1", 0), Handler)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://localhost:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Issuer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def publish(self, *keys: jot.SigningKey, **fields: str) -> None:
        """Publish these keys, and where they are."""
        where = {"issuer": self.url, "jwks_uri": self.url + "/jwks"}
        self.pages["/.well-known/openid-configuration"] = page(where)
        self.pages["/jwks"] = page(jwks(*keys), **fields)

    def token(self, key: jot.SigningKey, **claims: Any) -> str:
        """Return a token of this issuer."""
        return jot.encode({"iss": self.url, "aud": "api", "exp": int(time.time()) + 600, **claims}, key)

    def count(self, path: str = "/jwks") -> int:
        """Return how often a path was asked for."""
        return self.requests.count(path)


def slow(seconds: float, body: bytes) -> Page:
    """Return a page that takes this long."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dead(handler: http.server.BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.close()


def half(handler: http.server.BaseHTTPRequestHandler) -> None:
    """Close the connection in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"keys":')
    dead(handler)
