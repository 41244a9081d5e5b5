"""An API in FastAPI that is guarded by tokens of jotd: app.py PORT ISSUER AUDIENCE."""

import sys
from typing import Annotated, Callable

import jot
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import PlainTextResponse

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


def bearer(verifier: jot.Verifier) -> Callable[..., jot.Claims]:
    """A dependency: the claims of the request's token, or what RFC 6750 §3 says to it."""

    # Not async: verifying takes some microseconds, and nothing is waited for.
    def claims(authorization: Annotated[str, Header()] = "") -> jot.Claims:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise HTTPException(401, "token_null", {"WWW-Authenticate": "Bearer"})
        try:
            return verifier.verify(token.strip())
        except jot.Rejected as refused:
            if refused.code in UNAVAILABLE:
                raise HTTPException(503, refused.name) from refused
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise HTTPException(401, refused.name, challenge) from refused

    return claims


def application(issuer: str, audience: str) -> FastAPI:
    app = FastAPI()
    user = bearer(verifier_of(issuer, audience))

    @app.get("/orders", response_class=PlainTextResponse)
    def orders(claims: Annotated[jot.Claims, Depends(user)]) -> str:
        return f"two orders of {claims['username']}\n"

    return app


if __name__ == "__main__":
    port, issuer, audience = sys.argv[1:]
    uvicorn.run(application(issuer, audience), host="127.0.0.1", port=int(port), log_level="warning")
