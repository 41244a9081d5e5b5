"""Signing and verifying Claims Sets.

Every step is a method of :class:`PyJWT`, called as PyJWT calls it; see
:mod:`jot.pyjwt.api_jws`.
"""

from __future__ import annotations

import json
import warnings
from calendar import timegm
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Optional, Union

from .api_jws import _ALGORITHM_UNSET, PyJWS, _jws_global_obj, warn_of
from .exceptions import (
    DecodeError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuedAtError,
    InvalidIssuerError,
    InvalidJTIError,
    InvalidSubjectError,
    MissingRequiredClaimError,
)

_CHECKS = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")


class PyJWT:
    """Signs and verifies JWT, with options that hold for every call."""

    def __init__(self, options: Optional[dict[str, Any]] = None) -> None:
        """Take options; see :func:`decode`."""
        self.options: dict[str, Any] = self._get_default_options()
        if options is not None:
            self.options = self._merge_options(options)
        self._jws = PyJWS(options=self._get_sig_options())

    @staticmethod
    def _get_default_options() -> dict[str, Any]:
        checks = {f"verify_{name}": True for name in ("signature", *_CHECKS)}
        return {**checks, "require": [], "strict_aud": False, "enforce_minimum_key_length": False}

    def _get_sig_options(self) -> dict[str, Any]:
        return {
            "verify_signature": self.options["verify_signature"],
            "enforce_minimum_key_length": self.options.get("enforce_minimum_key_length", False),
        }

    def _merge_options(self, options: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        if options is None:
            return self.options
        merged = dict(options)
        if not merged.get("verify_signature", True):
            # Without the signature check nothing else is checked, unless requested.
            merged = {**{f"verify_{name}": False for name in _CHECKS}, **merged}
        return {**self.options, **merged}

    def encode(
        self,
        payload: dict[str, Any],
        key: Any,
        algorithm: Optional[str] = _ALGORITHM_UNSET,
        headers: Optional[dict[str, Any]] = None,
        json_encoder: Optional[type[json.JSONEncoder]] = None,
        sort_headers: bool = True,
    ) -> str:
        """Sign claims and return the token. Datetimes in ``exp``, ``iat`` and
        ``nbf`` become numbers."""
        if not isinstance(payload, dict):
            raise TypeError("Expecting a dict object, as JWT only supports JSON objects as payloads.")
        claims = payload.copy()
        for name in ("exp", "iat", "nbf"):
            if isinstance(claims.get(name), datetime):
                claims[name] = timegm(claims[name].utctimetuple())
        if "iss" in claims and not isinstance(claims["iss"], str):
            raise TypeError("Issuer (iss) must be a string.")
        content = self._encode_payload(claims, headers=headers, json_encoder=json_encoder)
        return self._jws.encode(content, key, algorithm, headers, json_encoder, sort_headers=sort_headers)

    def _encode_payload(
        self,
        payload: dict[str, Any],
        headers: Optional[dict[str, Any]] = None,
        json_encoder: Optional[type[json.JSONEncoder]] = None,
    ) -> bytes:
        """Write the claims; subclasses may override it."""
        return json.dumps(payload, separators=(",", ":"), cls=json_encoder, allow_nan=False).encode()

    def decode_complete(
        self,
        jwt: Union[str, bytes],
        key: Any = "",
        algorithms: Optional[Sequence[str]] = None,
        options: Optional[dict[str, Any]] = None,
        verify: Optional[bool] = None,
        detached_payload: Optional[bytes] = None,
        audience: Union[str, Iterable[str], None] = None,
        issuer: Any = None,
        subject: Optional[str] = None,
        leeway: Union[float, timedelta] = 0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Verify a token and return its ``header``, ``payload`` (the claims) and
        ``signature``. Otherwise it works like :meth:`decode`."""
        if kwargs:
            warn_of("decode_complete", kwargs)
        signature = True if options is None else options.get("verify_signature", True)
        if verify is not None and verify != signature:
            warnings.warn(
                "The `verify` argument to `decode` does nothing in PyJWT 2.0 and newer. "
                "The equivalent is setting `verify_signature` to False in the `options` dictionary. "
                "This invocation has a mismatch between the kwarg and the option entry.",
                category=DeprecationWarning,
                stacklevel=2,
            )
        merged = self._merge_options(options)
        sig_options = {
            "verify_signature": signature,
            "enforce_minimum_key_length": merged.get("enforce_minimum_key_length", False),
        }
        decoded = self._jws.decode_complete(
            jwt, key=key, algorithms=algorithms, options=sig_options, detached_payload=detached_payload
        )
        claims = self._decode_payload(decoded)
        self._validate_claims(
            claims, merged, audience=audience, issuer=issuer, leeway=leeway, subject=subject
        )
        decoded["payload"] = claims
        return decoded

    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]:
        """Read the claims; subclasses may override it."""
        try:
            claims: Any = _strict_json(decoded["payload"])
        except (ValueError, RecursionError) as fault:
            raise DecodeError(f"Invalid payload string: {fault}") from fault
        if not isinstance(claims, dict):
            raise DecodeError("Invalid payload string: must be a json object")
        return claims

    def decode(
        self,
        jwt: Union[str, bytes],
        key: Any = "",
        algorithms: Optional[Sequence[str]] = None,
        options: Optional[dict[str, Any]] = None,
        verify: Optional[bool] = None,
        detached_payload: Optional[bytes] = None,
        audience: Union[str, Iterable[str], None] = None,
        subject: Optional[str] = None,
        issuer: Any = None,
        leeway: Union[float, timedelta] = 0,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Verify a token and return its claims.

        ``options``: ``verify_signature``, ``verify_exp``, ``verify_nbf``,
        ``verify_iat``, ``verify_aud``, ``verify_iss``, ``verify_sub``, ``verify_jti``
        (all true by default), ``require`` (claims that must be present),
        ``strict_aud``, ``enforce_minimum_key_length``.
        """
        if kwargs:
            warn_of("decode", kwargs)
        decoded = self.decode_complete(
            jwt,
            key,
            algorithms,
            options,
            verify=verify,
            detached_payload=detached_payload,
            audience=audience,
            subject=subject,
            issuer=issuer,
            leeway=leeway,
        )
        claims: dict[str, Any] = decoded["payload"]
        return claims

    def _validate_claims(
        self,
        payload: dict[str, Any],
        options: dict[str, Any],
        audience: Union[str, Iterable[str], None] = None,
        issuer: Any = None,
        subject: Optional[str] = None,
        leeway: Union[float, timedelta] = 0,
    ) -> None:
        if isinstance(leeway, timedelta):
            leeway = leeway.total_seconds()
        if audience is not None and not isinstance(audience, (str, Iterable)):
            raise TypeError("audience must be a string, iterable or None")
        self._validate_required_claims(payload, options["require"])
        now = datetime.now(tz=timezone.utc).timestamp()
        if "iat" in payload and options["verify_iat"]:
            self._validate_iat(payload, now, leeway)
        if "nbf" in payload and options["verify_nbf"]:
            self._validate_nbf(payload, now, leeway)
        if "exp" in payload and options["verify_exp"]:
            self._validate_exp(payload, now, leeway)
        if options["verify_iss"]:
            self._validate_iss(payload, issuer)
        if options["verify_aud"]:
            self._validate_aud(payload, audience, strict=options.get("strict_aud", False))
        if options["verify_sub"]:
            self._validate_sub(payload, subject)
        if options["verify_jti"]:
            self._validate_jti(payload)

    def _validate_required_claims(self, payload: dict[str, Any], claims: Iterable[str]) -> None:
        for claim in claims:
            if payload.get(claim) is None:
                raise MissingRequiredClaimError(claim)

    def _validate_iat(self, payload: dict[str, Any], now: float, leeway: float) -> None:
        iat = _date(payload["iat"])
        if iat is None:
            raise InvalidIssuedAtError("Issued At claim (iat) must be an integer.")
        if iat > now + leeway:
            raise ImmatureSignatureError("The token is not yet valid (iat)")

    def _validate_nbf(self, payload: dict[str, Any], now: float, leeway: float) -> None:
        nbf = _date(payload["nbf"])
        if nbf is None:
            raise DecodeError("Not Before claim (nbf) must be an integer.")
        if nbf > now + leeway:
            raise ImmatureSignatureError("The token is not yet valid (nbf)")

    def _validate_exp(self, payload: dict[str, Any], now: float, leeway: float) -> None:
        exp = _date(payload["exp"])
        if exp is None:
            raise DecodeError("Expiration Time claim (exp) must be an integer.")
        if exp <= now - leeway:
            raise ExpiredSignatureError("Signature has expired")

    def _validate_iss(self, payload: dict[str, Any], issuer: Any) -> None:
        if issuer is None:
            return
        if "iss" not in payload:
            raise MissingRequiredClaimError("iss")
        found = payload["iss"]
        if not isinstance(found, str):
            raise InvalidIssuerError("Payload Issuer (iss) must be a string")
        if isinstance(issuer, str):
            if found != issuer:
                raise InvalidIssuerError("Invalid issuer")
            return
        try:
            known = found in issuer
        except TypeError:
            raise InvalidIssuerError('Issuer param must be "str" or "Container[str]"') from None
        if not known:
            raise InvalidIssuerError("Invalid issuer")

    def _validate_aud(
        self, payload: dict[str, Any], audience: Union[str, Iterable[str], None], *, strict: bool = False
    ) -> None:
        found = payload.get("aud")
        if audience is None:
            if found:
                raise InvalidAudienceError("Invalid audience")
            return
        if not found:
            raise MissingRequiredClaimError("aud")
        if strict:
            _check_one_audience(found, audience)
            return
        named = [found] if isinstance(found, str) else found
        if not isinstance(named, list):
            raise InvalidAudienceError("Invalid claim format in token")
        for one in named:
            if not isinstance(one, str):
                raise InvalidAudienceError("Invalid claim format in token")
        for one in [audience] if isinstance(audience, str) else audience:
            if one in named:
                return
        raise InvalidAudienceError("Audience doesn't match")

    def _validate_sub(self, payload: dict[str, Any], subject: Optional[str] = None) -> None:
        if "sub" not in payload:
            return
        if not isinstance(payload["sub"], str):
            raise InvalidSubjectError("Subject must be a string")
        if subject is not None and payload["sub"] != subject:
            raise InvalidSubjectError("Invalid subject")

    def _validate_jti(self, payload: dict[str, Any]) -> None:
        if not isinstance(payload.get("jti", ""), str):
            raise InvalidJTIError("JWT ID must be a string")


def _check_one_audience(found: Any, audience: Any) -> None:
    if not isinstance(audience, str):
        raise InvalidAudienceError("Invalid audience (strict)")
    if not isinstance(found, str):
        raise InvalidAudienceError("Invalid claim format in token (strict)")
    if audience != found:
        raise InvalidAudienceError("Audience doesn't match (strict)")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member name stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number)
_scan: Callable[[str, int], tuple[Any, int]] = vars(_decoder)["scan_once"]


def _strict_json(content: Union[str, bytes]) -> Any:
    """Read text that may not be JSON."""
    try:
        text = content if isinstance(content, str) else content.decode()
        value, end = _scan(text, 0)
        if end == len(text):
            return value
    except (ValueError, StopIteration):
        pass
    # Surrounding white space, another encoding, or an error to report in full.
    return json.loads(content, object_pairs_hook=_unique, parse_constant=_no_number)


def _date(value: object) -> Optional[int]:
    """Return a NumericDate in whole seconds; strings and booleans are rejected."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return int(value)
    except (OverflowError, ValueError):
        return None


_jwt_global_obj = PyJWT()
_jwt_global_obj._jws = _jws_global_obj
encode = _jwt_global_obj.encode
decode_complete = _jwt_global_obj.decode_complete
decode = _jwt_global_obj.decode
