"""Signing and verifying of any bytes."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from typing import Any, Optional, Union

from .._codes import Code
from .._errors import Error, InvalidArgument, InvalidKey, Rejected
from ..signing import decode_unverified, encode_payload
from . import _keys
from ._keys import ALGORITHMS, PyJWK
from .exceptions import (
    DecodeError,
    InvalidAlgorithmError,
    InvalidKeyError,
    InvalidSignatureError,
    InvalidTokenError,
)
from .warnings import RemovedInPyjwt3Warning

_UNSET: Any = object()

_SYNTAX = {
    Code.TOKEN_EMPTY: "Not enough segments",
    Code.TOKEN_SEGMENTS: "Not enough segments",
    Code.HEADER_ENCODING: "Invalid header padding",
    Code.PAYLOAD_ENCODING: "Invalid payload padding",
    Code.SIGNATURE_ENCODING: "Invalid crypto padding",
    Code.HEADER_NOT_OBJECT: "Invalid header string: must be a json object",
}


def refusal(fault: Error) -> Exception:
    """Return PyJWT's exception for what the engine says."""
    code = fault.code
    if code == Code.SIGNATURE_INVALID:
        return InvalidSignatureError("Signature verification failed")
    if code in _SYNTAX:
        return DecodeError(_SYNTAX[code])
    if 310 <= code < 320:
        return InvalidAlgorithmError(f"The specified alg value is not allowed: {fault}")
    if 320 <= code < 360:
        return InvalidTokenError(str(fault))
    if 400 <= code < 500:
        return InvalidKeyError(str(fault))
    if 300 <= code < 310:
        return DecodeError(f"Invalid header string: {fault}")
    return DecodeError(str(fault))


def _warn_of(unknown: dict[str, Any]) -> None:
    if unknown:
        warnings.warn(
            "passing additional kwargs is deprecated and will be removed in pyjwt version 3. "
            f"Unsupported kwargs: {tuple(unknown)}",
            RemovedInPyjwt3Warning,
            stacklevel=3,
        )


class PyJWS:
    """Signs and verifies JWS of any payload, with some algorithms or all."""

    header_typ = "JWT"

    def __init__(
        self, algorithms: Optional[Sequence[str]] = None, options: Optional[dict[str, Any]] = None
    ) -> None:
        """Take the algorithms that may be used, all by default, and options:
        ``verify_signature`` and ``enforce_minimum_key_length``."""
        chosen = ALGORITHMS if algorithms is None else algorithms
        self._algorithms = [name for name in ALGORITHMS if name in chosen]
        self.options: dict[str, Any] = {**self._get_default_options(), **(options or {})}

    @staticmethod
    def _get_default_options() -> dict[str, Any]:
        return {"verify_signature": True, "enforce_minimum_key_length": False}

    def get_algorithms(self) -> list[str]:
        """Return the algorithms that may be used."""
        return list(self._algorithms)

    def encode(
        self,
        payload: bytes,
        key: Any,
        algorithm: Optional[str] = _UNSET,
        headers: Optional[dict[str, Any]] = None,
        json_encoder: Optional[type[json.JSONEncoder]] = None,
        is_payload_detached: bool = False,
        sort_headers: bool = True,
    ) -> str:
        """Sign a payload and return the token.

        Raises :class:`InvalidKeyError`, or ``NotImplementedError`` for an
        algorithm that is not there, such as ``none``.
        """
        rest = dict(headers or {})
        name = _wanted(key, algorithm, rest)
        if name not in self._algorithms:
            raise NotImplementedError("Algorithm not supported")
        if "kid" in rest and not isinstance(rest["kid"], str):
            raise InvalidTokenError("Key ID header parameter must be a string")
        detached = is_payload_detached or rest.pop("b64", True) is False
        rest.pop("b64", None)
        # As text and back, so that what only the encoder knows is plain.
        rest = json.loads(json.dumps(rest, cls=json_encoder))
        rest["typ"] = rest.get("typ", self.header_typ) or None
        if detached and "crit" in rest:
            if not isinstance(rest["crit"], list):
                raise InvalidTokenError("Invalid 'crit' header: must be a list")
            rest["crit"] = [name for name in rest["crit"] if name != "b64"] or None
        signer = _keys.signer(key, name, bool(self.options.get("enforce_minimum_key_length", False)))
        try:
            return encode_payload(payload, signer, None, rest, detached=detached, b64=not detached)
        except InvalidKey as fault:
            raise InvalidKeyError(str(fault)) from fault
        except InvalidArgument as fault:
            raise InvalidTokenError(str(fault)) from fault

    def decode_complete(
        self,
        jwt: Union[str, bytes],
        key: Any = "",
        algorithms: Optional[Sequence[str]] = None,
        options: Optional[dict[str, Any]] = None,
        detached_payload: Optional[bytes] = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Verify a token and return ``payload``, ``header`` and ``signature``."""
        _warn_of(kwargs)
        merged = {**self.options, **(options or {})}
        verify = bool(merged["verify_signature"])
        if verify and not algorithms and not isinstance(key, PyJWK):
            raise DecodeError(
                'It is required that you pass in a value for the "algorithms" argument when calling decode().'
            )
        header, payload, signature = self._load(jwt)
        unencoded = header.get("b64", True) is False
        if detached_payload is not None and not unencoded:
            raise DecodeError(
                'It is only valid to pass "detached_payload" when the protected header has "b64" set to false.'
            )
        if unencoded:
            if payload:
                raise DecodeError("Payload segment must be empty when 'b64' is false.")
            if "b64" not in (header.get("crit") or ()):
                raise InvalidTokenError("The 'b64' header parameter requires 'b64' to be listed in 'crit'.")
            if detached_payload is None:
                raise DecodeError(
                    'It is required that you pass in a value for the "detached_payload" argument to decode'
                    " a message having the b64 header set to false."
                )
            payload = detached_payload
        if verify:
            enforce = bool(merged.get("enforce_minimum_key_length", False))
            self._verify(jwt, header, key, algorithms, detached_payload, enforce)
        return {"payload": payload, "header": header, "signature": signature}

    def decode(
        self,
        jwt: Union[str, bytes],
        key: Any = "",
        algorithms: Optional[Sequence[str]] = None,
        options: Optional[dict[str, Any]] = None,
        detached_payload: Optional[bytes] = None,
        **kwargs: Any,
    ) -> Any:
        """Verify a token and return its payload."""
        _warn_of(kwargs)
        return self.decode_complete(jwt, key, algorithms, options, detached_payload)["payload"]

    def get_unverified_header(self, jwt: Union[str, bytes]) -> dict[str, Any]:
        """Return what the header of a token says, which nobody verified."""
        return self._load(jwt)[0]

    def _load(self, jwt: Union[str, bytes]) -> tuple[dict[str, Any], bytes, bytes]:
        if not isinstance(jwt, (str, bytes)):
            raise DecodeError(f"Invalid token type. Token must be a {bytes}")
        try:
            header, _, payload, signature = decode_unverified(jwt)
        except Rejected as fault:
            raise refusal(fault) from fault
        _check_header(header)
        return header, payload, signature

    def _verify(
        self,
        jwt: Union[str, bytes],
        header: dict[str, Any],
        key: Any,
        algorithms: Optional[Sequence[str]],
        detached: Optional[bytes],
        enforce: bool,
    ) -> None:
        if "alg" not in header:
            raise InvalidAlgorithmError("Algorithm not specified")
        name = header["alg"]
        if isinstance(algorithms, str):
            algorithms = [algorithms]
        if algorithms is None and isinstance(key, PyJWK):
            algorithms = [key.algorithm_name]
        if not isinstance(name, str) or not name or (algorithms is not None and name not in algorithms):
            raise InvalidAlgorithmError("The specified alg value is not allowed")
        if isinstance(key, PyJWK) and name != key.algorithm_name:
            raise InvalidAlgorithmError(
                f"Token algorithm {name!r} does not match the key's algorithm {key.algorithm_name!r}"
            )
        if name not in self._algorithms:
            raise InvalidAlgorithmError("Algorithm not supported")
        verifier = _keys.verifier(key, name, enforce)
        try:
            verifier.verify_jws(jwt, detached=detached)
        except Rejected as fault:
            raise refusal(fault) from fault


def _wanted(key: Any, algorithm: Optional[str], headers: dict[str, Any]) -> str:
    """Return the algorithm to sign with: that of the headers before others."""
    named = headers.pop("alg", None)
    if named:
        return str(named)
    if algorithm is _UNSET or algorithm is None:
        if isinstance(key, PyJWK):
            return key.algorithm_name
        return "HS256" if algorithm is _UNSET else "none"
    return algorithm


def _check_header(header: dict[str, Any]) -> None:
    if not isinstance(header.get("kid", ""), str):
        raise InvalidTokenError("Key ID header parameter must be a string")
    if "crit" not in header:
        return
    critical = header["crit"]
    if not isinstance(critical, list) or not critical:
        raise InvalidTokenError("Invalid 'crit' header: must be a non-empty list")
    for extension in critical:
        if not isinstance(extension, str):
            raise InvalidTokenError("Invalid 'crit' header: values must be strings")
        if extension != "b64":
            raise InvalidTokenError(f"Unsupported critical extension: {extension}")
        if extension not in header:
            raise InvalidTokenError(f"Critical extension '{extension}' is missing from headers")


jws = PyJWS()
encode = jws.encode
decode = jws.decode
decode_complete = jws.decode_complete
get_unverified_header = jws.get_unverified_header
