"""Tokens that come with their own key: DPoP proofs, key binding, proofs of workloads."""

from __future__ import annotations

import ctypes
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import Any, Callable, NamedTuple, Optional, Union

from . import _columns, _pool, _scratch
from ._codes import Code
from ._errors import InvalidArgument, Rejected, check, code_of, failure
from ._header import HAS_EXP, HAS_IAT, HAS_NBF, NONE, SelfSignedColumns, SelfSignedOptions, Slice
from ._header import SelfSigned as RawSelfSigned
from ._library import library
from ._policy import BACKENDS, texts
from ._values import Text, algorithm_name, algorithms, count, from_json, octets, view

_ANY_TYP = 1
_SELF_SIGNED = int(Code.SELF_SIGNED)


class SelfSigned(NamedTuple):
    """A token that the key signed which came with it. **This is no acceptance**: anybody
    can make a key and sign with it.

    Compare ``thumbprint`` with what somebody trusted says of the key, such as ``cnf.jkt``
    of an access token that was accepted, before you believe anything else.
    """

    #: The thumbprint of the key (RFC 7638), as ``cnf.jkt`` has it.
    thumbprint: str
    #: The algorithm of the signature.
    algorithm: str
    #: What the holder of the key says. No claim is checked, and no date.
    claims: dict[str, Any]
    #: The whole seconds of ``iat``, rounded towards the past; ``None`` if it is no number.
    issued_at: Optional[int]
    #: The whole seconds of ``nbf``, likewise.
    not_before: Optional[int]
    #: The whole seconds of ``exp``, likewise.
    expires_at: Optional[int]


class SelfSignedVerifier:
    """Verifies tokens that come with their own key; see docs/self-signed.md.

    Any number of threads may use one.

    >>> import json
    >>> import jot
    >>> key = jot.SigningKey.generate("ES256")
    >>> jwk = json.loads(key.public_keys().to_jwks())["keys"][0]
    >>> proof = jot.encode({"htm": "GET", "iat": 1}, key, headers={"typ": "dpop+jwt", "jwk": jwk})
    >>> proofs = jot.SelfSignedVerifier(["ES256"], typ="dpop+jwt")
    >>> known = proofs.verify(proof)
    >>> known.thumbprint == key.thumbprint, known.claims["htm"], known.issued_at
    (True, 'GET', 1)
    """

    __slots__ = ("__weakref__", "_handle", "_rules")
    _handle: Optional[int]

    def __init__(
        self,
        algorithms: Iterable[str],
        *,
        typ: Union[str, Iterable[str], None] = None,
        any_typ: bool = False,
        max_token_bytes: Optional[int] = None,
        max_header_bytes: Optional[int] = None,
        backend: str = "aws-lc",
    ) -> None:
        """Build a verifier.

        - ``algorithms``: the allowed algorithms, none of which may be symmetric.
          ``EdDSA`` allows ``Ed25519`` as well.
        - ``typ``: require this ``typ``, or one of these, such as ``dpop+jwt``.
        - ``any_typ``: take tokens with any ``typ``, or none, instead.
        - ``max_token_bytes``, ``max_header_bytes``: 64 KiB and 8 KiB by default.
        - ``backend``: the code that verifies signatures in batches: with ``"auto"``,
          eight at once under ES256 and EdDSA.

        Raises :class:`InvalidArgument` if the rules make no sense.
        """
        self._handle = None
        named = [algorithms] if isinstance(algorithms, (str, bytes)) else list(algorithms)
        typs = texts(typ, "typ")
        if not isinstance(any_typ, bool):
            raise TypeError(f"any_typ must be bool, not {type(any_typ).__name__}")
        if backend not in BACKENDS:
            raise ValueError(f"backend must be one of {', '.join(BACKENDS)}")
        self._rules = {
            "typ": [one.decode("utf-8", "replace") for one in typs] or None,
            "any_typ": any_typ,
            "max_token_bytes": max_token_bytes,
            "max_header_bytes": max_header_bytes,
            "backend": backend,
        }
        self._rules["algorithms"] = named
        views = (Slice * len(typs))(*(view(one) for one in typs))
        options = SelfSignedOptions(
            size=ctypes.sizeof(SelfSignedOptions),
            algs=_bits(algorithms if isinstance(algorithms, (str, bytes)) else named),
            flags=_ANY_TYP if any_typ else 0,
            typs=ctypes.cast(views, ctypes.c_void_p),
            typ_count=len(typs),
            token_bytes=0 if max_token_bytes is None else count(max_token_bytes, "max_token_bytes"),
            header_bytes=0 if max_header_bytes is None else count(max_header_bytes, "max_header_bytes"),
            backend=BACKENDS.index(backend),
        )
        out, why = ctypes.c_void_p(), failure()
        code = library.jot_selfsigned_verifier_new(ctypes.byref(options), ctypes.byref(out), why)
        check(code, why)
        self._handle = int(out.value or 0)

    def __del__(self, free: Callable[[int], None] = library.jot_selfsigned_verifier_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            free(handle)

    def verify(self, token: Text, key: Optional[Text] = None) -> SelfSigned:
        """Verify a token with the key in its header's ``jwk``, or with this JWK, which the
        token must not bring as well.

        Raises :class:`Rejected` for the first rule that the token or its key breaks.
        """
        content = octets(token, "token")
        # NULL would mean that the token brings its key.
        handed = None if key is None else octets(key, "key")
        scratch = _scratch.take()
        try:
            answer = RawSelfSigned(size=ctypes.sizeof(RawSelfSigned))
            code = library.jot_selfsigned_verify(
                self._handle, view(content), view(handed), scratch.handle, ctypes.byref(answer)
            )
            if code != _SELF_SIGNED:
                raise _refused(code, answer)
            return _known(answer)
        finally:
            _scratch.pool.append(scratch)

    def verify_batch(
        self, tokens: Any, keys: Any = None, threads: Optional[int] = None
    ) -> list[Union[str, Rejected]]:
        """Verify many tokens at once: return the thumbprint of each token's key, or the
        exception that :meth:`verify` would raise, without the name at fault.

        ``tokens`` and ``keys`` are lists of ``str``, ``bytes`` or ``None``, or columns, as
        for :meth:`Verifier.verify_batch`; with ``keys``, each token is verified with the
        JWK of its row. ``threads`` is the number of threads, by default one for each
        processor. Each row is verified, also if tokens are equal.

        The claims of a row with a thumbprint are what :func:`decode_unverified` reads from
        its token.
        """
        parts = _one_part(tokens, "tokens")
        handed = None if keys is None else _one_part(keys, "keys")
        if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int)):
            raise TypeError(f"threads must be int, not {type(threads).__name__}")
        if threads is not None and not 1 <= threads <= 1024:
            raise ValueError("threads must be from 1 to 1024")
        codes = (ctypes.c_uint32 * parts.rows)()
        digests = ctypes.create_string_buffer(max(32 * parts.rows, 1))
        columns = SelfSignedColumns(
            size=ctypes.sizeof(SelfSignedColumns),
            codes=ctypes.cast(codes, ctypes.c_void_p),
            digests=ctypes.cast(digests, ctypes.c_void_p),
        )
        batch, why = _pool.take(threads or 0), failure()
        code = library.jot_batch_verify_selfsigned(
            batch.handle,
            self._handle,
            ctypes.byref(parts.column),
            None if handed is None else ctypes.byref(handed.column),
            ctypes.byref(columns),
            why,
        )
        check(code, why)
        _pool.put(batch)
        found = digests.raw
        return [
            _encoded(found[32 * row : 32 * row + 32]) if number == _SELF_SIGNED else Rejected(number)
            for row, number in enumerate(codes)
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self._rules,))

    def __repr__(self) -> str:
        return f"<jot.SelfSignedVerifier algorithms={self._rules['algorithms']} typ={self._rules['typ']}>"


def _rebuilt(rules: dict[str, Any]) -> SelfSignedVerifier:
    return SelfSignedVerifier(**rules)


def self_signed(
    token: Text,
    algorithms: Iterable[str],
    *,
    typ: Union[str, Iterable[str], None] = None,
    any_typ: bool = False,
    key: Optional[Text] = None,
) -> SelfSigned:
    """Verify one token as :meth:`SelfSignedVerifier.verify` does; to verify several, make
    a :class:`SelfSignedVerifier` once.

    >>> import jot
    >>> jot.self_signed("a.b.c", ["ES256"], typ="dpop+jwt")
    Traceback (most recent call last):
    ...
    jot.Rejected: header_encoding (203): The header segment is empty or not strict base64url.
    """
    return SelfSignedVerifier(algorithms, typ=typ, any_typ=any_typ).verify(token, key)


def access_token_hash(token: Text) -> str:
    """Return what ``ath`` of a DPoP proof must be: base64url of the SHA-256 of the access
    token (RFC 9449 §4.2).

    >>> import jot
    >>> jot.access_token_hash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU")
    'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo'
    """
    return _encoded(hashlib.sha256(octets(token, "token")).digest())


def _encoded(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _bits(names: Any) -> int:
    bits = 0
    for number in algorithms(names):
        bits |= 1 << number
    return bits


def _one_part(column: Any, name: str) -> _columns.Part:
    """Return a column as one part; several chunks are joined."""
    parts = _columns.parts(column)
    if len(parts) == 1:
        return parts[0]
    if not hasattr(column, "combine_chunks"):
        column = _columns.as_arrow(column)
    joined = _columns.parts(column.combine_chunks())
    if len(joined) == 1:
        return joined[0]
    if not joined:
        return _columns.parts(())[0]
    raise TypeError(f"{name} must be one column")


def _known(answer: RawSelfSigned) -> SelfSigned:
    flags = answer.flags
    return SelfSigned(
        thumbprint=answer.thumbprint.decode(),
        algorithm=algorithm_name(answer.alg) or "",
        claims=from_json(ctypes.string_at(answer.payload, answer.payload_len)),
        issued_at=answer.issued_at if flags & HAS_IAT else None,
        not_before=answer.not_before if flags & HAS_NBF else None,
        expires_at=answer.expires_at if flags & HAS_EXP else None,
    )


def _refused(code: int, answer: RawSelfSigned) -> Exception:
    if 100 <= code < 200:
        return InvalidArgument(code)
    name, offset = answer.fault_name.decode("utf-8", "replace"), answer.fault_offset
    signed = 600 <= code < 700 or code == Code.PAYLOAD_ENCODING or code == Code.CLAIMS_TOO_DEEP
    return Rejected(code_of(code), name or None, None if offset == NONE else offset, signed)
