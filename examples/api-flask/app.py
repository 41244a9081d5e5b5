"""An API in Flask that is guarded by tokens of jotd: app.py PORT ISSUER AUDIENCE."""

import functools
import sys
from typing import Any, Callable

import flask
import jot

# The issuer cannot be asked at this moment: our fault, and not the token's.
UNAVAILABLE = {
    jot.Code.KEYS_NOT_YET,
    jot.Code.KEYS_STALE,
    jot.Code.REVOCATIONS_NOT_YET,
    jot.Code.REVOCATIONS_STALE,
}


def verifier_of(issuer: str, audience: str) -> jot.Verifier:
    """Follow the issuer's keys and what it took back, as often as the issuer says."""
    keys = jot.RemoteKeys.discover(issuer, allow_loopback=True)
    revoked = jot.RemoteRevocations(
        f"{issuer}/revocations", keys, algorithms=["ES256"], issuer=issuer, least_poll=1, allow_loopback=True
    )
    return jot.Verifier(
        keys, algorithms=["ES256"], issuer=issuer, audience=audience, typ="at+jwt", revocations=revoked
    )


def guarded(verifier: jot.Verifier) -> Callable[..., Any]:
    """Let only requests with a sound token through, as RFC 6750 §3 says."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def inner(*args: Any, **kwargs: Any) -> Any:
            scheme, _, token = flask.request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer":
                return flask.Response("token_null\n", 401, {"WWW-Authenticate": "Bearer"})
            try:
                flask.g.claims = verifier.verify(token.strip())
            except jot.Rejected as refused:
                if refused.code in UNAVAILABLE:
                    return flask.Response(f"{refused.name}\n", 503)
                challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
                return flask.Response(f"{refused.name}\n", 401, challenge)
            return view(*args, **kwargs)

        return inner

    return wrap


def application(issuer: str, audience: str) -> flask.Flask:
    app = flask.Flask(__name__)

    @app.get("/orders")
    @guarded(verifier_of(issuer, audience))
    def orders() -> Any:
        return flask.Response(f"two orders of {flask.g.claims['username']}\n", mimetype="text/plain")

    return app


if __name__ == "__main__":
    port, issuer, audience = sys.argv[1:]
    application(issuer, audience).run("127.0.0.1", int(port))
