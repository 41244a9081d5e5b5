"""The claims of an accepted token."""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional

from ._codes import Code
from ._header import NONE
from ._values import from_json

_ALPHABET = bytes.maketrans(b"-_", b"+/")


def _decoded(segment: bytes) -> bytes:
    # The library has checked the alphabet and the length already.
    return binascii.a2b_base64(segment.translate(_ALPHABET) + b"==")


class Claims(Mapping[str, Any]):
    """The Claims Set of an accepted token: an immutable mapping.

    The JSON is parsed on first use, and not at all if the caller only needs to know
    that the token is valid. ``dict(claims)`` makes a dictionary, for example for
    ``json.dumps``.
    """

    __slots__ = ("_claims", "_header", "_issuer_index", "_key_index", "_token")
    _token: bytes
    _claims: Optional[dict[str, Any]]
    _header: Optional[dict[str, Any]]

    def __init__(self, token: bytes, key_index: int, issuer_index: int) -> None:
        """Made by :meth:`Verifier.verify` from an accepted token."""
        self._token = token
        self._key_index = key_index
        self._issuer_index = issuer_index
        self._claims = None
        self._header = None

    def _read(self) -> dict[str, Any]:
        claims = self._claims
        if claims is None:
            claims = self._claims = from_json(self.payload)
        return claims

    def __getitem__(self, name: str) -> Any:
        """Return the value of a claim; raises ``KeyError`` if it is absent."""
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the claims in order."""
        return iter(self._read())

    def __len__(self) -> int:
        """Return the number of claims."""
        return len(self._read())

    def __repr__(self) -> str:
        return f"<jot.Claims {self._read()!r}>"

    @property
    def payload(self) -> bytes:
        """The JSON text of the claims that was signed."""
        return _decoded(self._token.split(b".", 2)[1])

    @property
    def header(self) -> dict[str, Any]:
        """The JOSE Header of the token."""
        header = self._header
        if header is None:
            header = self._header = from_json(_decoded(self._token.split(b".", 1)[0]))
        return header

    @property
    def key_index(self) -> int:
        """The index of the verifying key in its set."""
        return self._key_index

    @property
    def issuer_index(self) -> Optional[int]:
        """The number of the issuer whose key verified, in the order in which they were
        given to the verifier."""
        return None if self._issuer_index == NONE else self._issuer_index

    def __reduce__(self) -> tuple[Any, ...]:
        return (Claims, (self._token, self._key_index, self._issuer_index))


class Verdict(NamedTuple):
    """Everything known about a token, accepted or not; see :meth:`Verifier.judge`."""

    #: 0 for an accepted token, otherwise the first rule that it broke.
    code: Code
    #: Whether the signature held, independent of the claims.
    signature_ok: bool
    #: Whether the verifier's cache held the token.
    from_cache: bool
    #: The algorithm that the header names; ``None`` if it is not known.
    algorithm: Optional[str]
    #: The ``kid`` of the header. It is unverified unless the signature held.
    kid: Optional[str]
    #: The number of the issuer whose key verified; ``None`` if none did.
    issuer_index: Optional[int]
    #: The index of the key in its set; ``None`` if none verified.
    key_index: Optional[int]
    #: The whole seconds of ``exp``, rounded towards the past; ``None`` without ``exp``.
    expires_at: Optional[int]
    #: The whole seconds of ``nbf``, likewise.
    not_before: Optional[int]
    #: The whole seconds of ``iat``, likewise.
    issued_at: Optional[int]
    #: The name of the claim at fault; ``None`` if no single one is.
    claim: Optional[str]
    #: The claims, if the signature held and they are well formed, accepted or not.
    claims: Optional[dict[str, Any]]

    @property
    def accepted(self) -> bool:
        """Whether the token was accepted."""
        return self.code == 0

    @property
    def name(self) -> str:
        """The stable name of the code, such as ``"expired"``."""
        return self.code.name.lower()


class Signed(NamedTuple):
    """A JWS whose signature held; see :meth:`Verifier.verify_jws`."""

    #: The payload's bytes.
    payload: bytes
    #: The JOSE Header.
    header: dict[str, Any]
    #: The index of the key in its set.
    key_index: int


class Unverified(NamedTuple):
    """The content of an unverified token; see :func:`decode_unverified`."""

    #: The JOSE Header.
    header: dict[str, Any]
    #: The claims; ``None`` if the payload is not a JSON object.
    claims: Optional[dict[str, Any]]
    #: The payload's bytes.
    payload: bytes
    #: The signature's bytes.
    signature: bytes
