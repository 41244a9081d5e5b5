"""A placeholder for the ``PyJWKClient`` of PyJWT."""

from __future__ import annotations

from typing import Any

from .exceptions import PyJWKClientError


class PyJWKClient:
    """Fetches no keys: programs can import it, but not construct it."""

    def __init__(self, uri: str, *arguments: Any, **named: Any) -> None:
        """Raise :class:`PyJWKClientError`."""
        raise PyJWKClientError(
            "jot.pyjwt fetches no keys: fetch the JWK Set with the program's own HTTP client, "
            "and read it with PyJWKSet.from_json"
        )
