"""Signing and verifying any bytes.

Every step is a method of :class:`PyJWS` with PyJWT's name and arguments, and calls
the others as PyJWT does. A subclass or an instance can therefore override a step.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from typing import Any, Optional, Union

from .._codes import Code
from .._errors import Error, Rejected
from .._values import from_json, octets
from ..signing import segments
from .algorithms import Algorithm, get_default_algorithms
from .api_jwk import PyJWK
from .exceptions import (
    DecodeError,
    InvalidAlgorithmError,
    InvalidKeyError,
    InvalidSignatureError,
    InvalidTokenError,
)
from .utils import base64url_encode
from .warnings import InsecureKeyLengthWarning, RemovedInPyjwt3Warning

_ALGORITHM_UNSET: Any = object()

_SYNTAX = {
    Code.TOKEN_EMPTY: "Not enough segments",
    Code.TOKEN_SEGMENTS: "Not enough segments",
    Code.HEADER_ENCODING: "Invalid header padding",
    Code.PAYLOAD_ENCODING: "Invalid payload padding",
    Code.SIGNATURE_ENCODING: "Invalid crypto padding",
    Code.HEADER_NOT_OBJECT: "Invalid header string: must be a json object",
}


def _malformed(fault: Error) -> DecodeError:
    text = _SYNTAX.get(fault.code)
    if text is None:
        of_header = 300 <= fault.code < 310 or fault.code == Code.HEADER_TOO_DEEP
        text = f"Invalid header string: {fault}" if of_header else str(fault)
    return DecodeError(text)


class PyJWS:
    """Signs and verifies JWS of any payload, with some algorithms or all."""

    header_typ = "JWT"
    #: The extensions that ``crit`` may name.
    _supported_crit: set[str] = {"b64"}
    #: A method in PyJWT that decodes one segment; the engine decodes all together.
    _decode_base64url_segment: Any = None

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if cls._decode_base64url_segment is not None:
            raise TypeError(f"{cls.__name__}: {_NOT_CALLED}")

    def __init__(
        self, algorithms: Optional[Sequence[str]] = None, options: Optional[dict[str, Any]] = None
    ) -> None:
        """Take the algorithms that may be used, all by default, and options:
        ``verify_signature`` and ``enforce_minimum_key_length``."""
        known = get_default_algorithms()
        self._valid_algs = set(known if algorithms is None else algorithms)
        self._algorithms = {name: one for name, one in known.items() if name in self._valid_algs}
        self.options: dict[str, Any] = self._get_default_options()
        if options is not None:
            self.options = {**self.options, **options}

    @staticmethod
    def _get_default_options() -> dict[str, Any]:
        return {"verify_signature": True, "enforce_minimum_key_length": False}

    def register_algorithm(self, alg_id: str, alg_obj: Algorithm) -> None:
        """Register a program's own algorithm, which decides what it accepts.

        Raises ``ValueError`` for a name that is taken.
        """
        if alg_id in self._algorithms:
            raise ValueError("Algorithm already has a handler.")
        if not isinstance(alg_obj, Algorithm):
            raise TypeError("Object is not of type `Algorithm`")
        self._algorithms[alg_id] = alg_obj
        self._valid_algs.add(alg_id)

    def unregister_algorithm(self, alg_id: str) -> None:
        """Remove an algorithm. Raises ``KeyError`` if it is not registered."""
        if alg_id not in self._algorithms:
            raise KeyError("The specified algorithm could not be removed because it is not registered.")
        del self._algorithms[alg_id]
        self._valid_algs.remove(alg_id)

    def get_algorithms(self) -> list[str]:
        """Return the algorithms that may be used, in no particular order."""
        return list(self._valid_algs)

    def get_algorithm_by_name(self, alg_name: str) -> Algorithm:
        """Return an algorithm. Raises ``NotImplementedError`` if there is none."""
        try:
            return self._algorithms[alg_name]
        except KeyError as fault:
            raise NotImplementedError("Algorithm not supported") from fault

    def encode(
        self,
        payload: bytes,
        key: Any,
        algorithm: Optional[str] = _ALGORITHM_UNSET,
        headers: Optional[dict[str, Any]] = None,
        json_encoder: Optional[type[json.JSONEncoder]] = None,
        is_payload_detached: bool = False,
        sort_headers: bool = True,
    ) -> str:
        """Sign a payload and return the token.

        Raises :class:`InvalidKeyError`, or ``NotImplementedError`` for an unknown
        algorithm and for ``none``.
        """
        name = _wanted(key, algorithm, headers)
        header: dict[str, Any] = {"typ": self.header_typ, "alg": name}
        if headers:
            is_payload_detached = is_payload_detached or headers.get("b64") is False
            self._validate_headers(headers, encoding=True)
            header.update(headers)
        if not header["typ"]:
            del header["typ"]
        if is_payload_detached:
            header["b64"] = False
            critical = header.get("crit", [])
            if not isinstance(critical, list):
                raise InvalidTokenError("Invalid 'crit' header: must be a list")
            if "b64" not in critical:
                header["crit"] = [*critical, "b64"]
        else:
            header.pop("b64", None)
        written = json.dumps(
            header, separators=(",", ":"), cls=json_encoder, sort_keys=sort_headers, allow_nan=False
        )
        head = base64url_encode(written.encode())
        body = payload if is_payload_detached else base64url_encode(payload)
        message = b".".join((head, body))

        method = self.get_algorithm_by_name(name)
        if isinstance(key, PyJWK):
            key = key.key
        key = method.prepare_key(key)
        short = method.check_key_length(key)
        if short:
            if self.options.get("enforce_minimum_key_length", False):
                raise InvalidKeyError(short)
            warnings.warn(short, InsecureKeyLengthWarning, stacklevel=2)
        signature = base64url_encode(method.sign(message, key))
        return b".".join((head, b"" if is_payload_detached else body, signature)).decode()

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
        if kwargs:
            warn_of("decode_complete", kwargs)
        merged = self.options if options is None else {**self.options, **options}
        verify = merged["verify_signature"]
        if verify and not algorithms and not isinstance(key, PyJWK):
            raise DecodeError(
                'It is required that you pass in a value for the "algorithms" argument when calling decode().'
            )
        payload, signing_input, header, signature = self._load(jwt)
        self._validate_headers(header)
        encoded = header.get("b64", True)
        if not isinstance(encoded, bool):
            raise InvalidTokenError("The 'b64' header parameter must be a boolean.")
        if detached_payload is not None and encoded:
            raise DecodeError(
                'It is only valid to pass "detached_payload" when the protected header has "b64" set to false.'
            )
        if not encoded:
            critical = header.get("crit")
            if not isinstance(critical, list) or "b64" not in critical:
                raise InvalidTokenError("The 'b64' header parameter requires 'b64' to be listed in 'crit'.")
            if detached_payload is None:
                raise DecodeError(
                    'It is required that you pass in a value for the "detached_payload" argument to decode'
                    " a message having the b64 header set to false."
                )
            payload = detached_payload
            signing_input = b".".join((signing_input.rsplit(b".", 1)[0], payload))
        if verify:
            self._verify_signature(signing_input, header, signature, key, algorithms, options=merged)
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
        if kwargs:
            warn_of("decode", kwargs)
        decoded = self.decode_complete(jwt, key, algorithms, options, detached_payload=detached_payload)
        return decoded["payload"]

    def get_unverified_header(self, jwt: Union[str, bytes]) -> dict[str, Any]:
        """Return the unverified header of a token."""
        header = self._load(jwt)[2]
        self._validate_headers(header)
        return header

    def _load(self, jwt: Union[str, bytes]) -> tuple[bytes, bytes, dict[str, Any], bytes]:
        """Decode a token: its payload, signing input, header and signature."""
        if self._decode_base64url_segment is not None:
            raise TypeError(f"{type(self).__name__}: {_NOT_CALLED}")
        if not isinstance(jwt, (str, bytes)):
            raise DecodeError(f"Invalid token type. Token must be a {bytes}")
        token = octets(jwt, "jwt")
        try:
            text, payload, signature, _ = segments(token)
        except Rejected as fault:
            raise _malformed(fault) from fault
        header: dict[str, Any] = from_json(text)
        if payload and header.get("b64", True) is False:
            raise DecodeError("Payload segment must be empty when 'b64' is false.")
        return payload, token[: token.rindex(b".")], header, signature

    def _verify_signature(
        self,
        signing_input: bytes,
        header: dict[str, Any],
        signature: bytes,
        key: Any = "",
        algorithms: Optional[Sequence[str]] = None,
        options: Optional[dict[str, Any]] = None,
    ) -> None:
        """Raise unless the signature holds with an allowed algorithm."""
        wanted = self.options if options is None else options
        if algorithms is None and isinstance(key, PyJWK):
            algorithms = [key.algorithm_name]
        elif isinstance(algorithms, str):
            algorithms = [algorithms]
        if "alg" not in header:
            raise InvalidAlgorithmError("Algorithm not specified")
        name = header["alg"]
        if not name or not isinstance(name, str) or (algorithms is not None and name not in algorithms):
            raise InvalidAlgorithmError("The specified alg value is not allowed")
        if isinstance(key, PyJWK):
            if name != key.algorithm_name:
                raise InvalidAlgorithmError(
                    f"Token algorithm {name!r} does not match the key's algorithm {key.algorithm_name!r}"
                )
            method = key.Algorithm
            prepared = method.prepare_key(key.key)
        else:
            try:
                method = self.get_algorithm_by_name(name)
            except NotImplementedError as fault:
                raise InvalidAlgorithmError("Algorithm not supported") from fault
            prepared = method.prepare_key(key)
        short = method.check_key_length(prepared)
        if short:
            if wanted.get("enforce_minimum_key_length", False):
                raise InvalidKeyError(short)
            warnings.warn(short, InsecureKeyLengthWarning, stacklevel=4)
        if not method.verify(signing_input, prepared, signature):
            raise InvalidSignatureError("Signature verification failed") from Rejected(Code.SIGNATURE_INVALID)

    def _validate_headers(self, headers: dict[str, Any], *, encoding: bool = False) -> None:
        if "kid" in headers:
            self._validate_kid(headers["kid"])
        if not encoding and "crit" in headers:
            self._validate_crit(headers)

    def _validate_kid(self, kid: Any) -> None:
        if not isinstance(kid, str):
            raise InvalidTokenError("Key ID header parameter must be a string")

    def _validate_crit(self, headers: dict[str, Any]) -> None:
        critical = headers["crit"]
        if not isinstance(critical, list) or not critical:
            raise InvalidTokenError("Invalid 'crit' header: must be a non-empty list")
        for extension in critical:
            if not isinstance(extension, str):
                raise InvalidTokenError("Invalid 'crit' header: values must be strings")
            if extension not in self._supported_crit:
                raise InvalidTokenError(f"Unsupported critical extension: {extension}")
            if extension not in headers:
                raise InvalidTokenError(f"Critical extension '{extension}' is missing from headers")


_NOT_CALLED = "_decode_base64url_segment would not be called: the engine decodes the segments"


def warn_of(function: str, unknown: dict[str, Any]) -> None:
    """Warn about unknown arguments, on behalf of the caller of a function."""
    warnings.warn(
        f"passing additional kwargs to {function}() is deprecated and will be removed in pyjwt version 3. "
        f"Unsupported kwargs: {tuple(unknown)}",
        RemovedInPyjwt3Warning,
        stacklevel=3,
    )


def _wanted(key: Any, algorithm: Optional[str], headers: Optional[dict[str, Any]]) -> str:
    """Return the algorithm to sign with; the headers take precedence."""
    named = headers.get("alg") if headers else None
    if named:
        return str(named)
    if algorithm is _ALGORITHM_UNSET or algorithm is None:
        if isinstance(key, PyJWK):
            return key.algorithm_name
        return "HS256" if algorithm is _ALGORITHM_UNSET else "none"
    return algorithm


_jws_global_obj = PyJWS()
encode = _jws_global_obj.encode
decode_complete = _jws_global_obj.decode_complete
decode = _jws_global_obj.decode
register_algorithm = _jws_global_obj.register_algorithm
unregister_algorithm = _jws_global_obj.unregister_algorithm
get_algorithm_by_name = _jws_global_obj.get_algorithm_by_name
get_unverified_header = _jws_global_obj.get_unverified_header
