"""What stands for the ``PyJWKClient`` of PyJWT."""

from __future__ import annotations

from typing import Any

from .exceptions import PyJWKClientError


class PyJWKClient:
    """Fetches no keys: it can be imported and caught, and not made."""

    def __init__(self, uri: str, *arguments: Any, **named: Any) -> None:
        """Raise :class:`PyJWKClientError`."""
        raise PyJWKClientError(
            "jot.pyjwt fetches no keys: fetch the JWK Set with the program's own HTTP client, "
            "and read it with PyJWKSet.from_json"
        )
