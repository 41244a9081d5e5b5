"""Signing and verifying of Claims Sets."""

from __future__ import annotations

import json
import time
import warnings
from calendar import timegm
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Optional, Union

from . import api_jws
from .api_jws import PyJWS
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
        self.options = self._merge_options(options)
        names = ("verify_signature", "enforce_minimum_key_length")
        self._jws = PyJWS(options={name: self.options[name] for name in names})

    @staticmethod
    def _get_default_options() -> dict[str, Any]:
        checks = {f"verify_{name}": True for name in ("signature", *_CHECKS)}
        return {**checks, "require": [], "strict_aud": False, "enforce_minimum_key_length": False}

    def _merge_options(self, options: Optional[dict[str, Any]]) -> dict[str, Any]:
        merged = dict(options or {})
        if not merged.get("verify_signature", True):
            # Whoever does not look at the signature looks at nothing, unless told.
            merged = {**{f"verify_{name}": False for name in _CHECKS}, **merged}
        return {**self.options, **merged}

    def encode(
        self,
        payload: dict[str, Any],
        key: Any,
        algorithm: Optional[str] = api_jws._UNSET,
        headers: Optional[dict[str, Any]] = None,
        json_encoder: Optional[type[json.JSONEncoder]] = None,
        sort_headers: bool = True,
    ) -> str:
        """Sign claims and return the token. Datetimes in ``exp``, ``iat`` and
        ``nbf`` become numbers."""
        if not isinstance(payload, dict):
            raise TypeError("Expecting a dict object, as JWT only supports JSON objects as payloads.")
        claims = dict(payload)
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
        """Write the claims; for subclasses that write them otherwise."""
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
        ``signature``. Otherwise as :meth:`decode`."""
        api_jws._warn_of(kwargs)
        signature = True if options is None else bool(options.get("verify_signature", True))
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
            "enforce_minimum_key_length": merged["enforce_minimum_key_length"],
        }
        decoded = self._jws.decode_complete(jwt, key, algorithms, sig_options, detached_payload)
        claims = self._decode_payload(decoded)
        self._validate_claims(claims, merged, audience, issuer, subject, leeway)
        decoded["payload"] = claims
        return decoded

    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]:
        """Read the claims; for subclasses that write them otherwise."""
        try:
            claims = json.loads(decoded["payload"], object_pairs_hook=_unique, parse_constant=_no_number)
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
        ``verify_iat``, ``verify_aud``, ``verify_iss``, ``verify_sub``,
        ``verify_jti`` (all true by default), ``require`` (claims that must be
        there), ``strict_aud``, ``enforce_minimum_key_length``.
        """
        api_jws._warn_of(kwargs)
        decoded = self.decode_complete(
            jwt,
            key,
            algorithms,
            options,
            verify=verify,
            detached_payload=detached_payload,
            audience=audience,
            issuer=issuer,
            subject=subject,
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
        margin = leeway.total_seconds() if isinstance(leeway, timedelta) else leeway
        if audience is not None and not isinstance(audience, (str, Iterable)):
            raise TypeError("audience must be a string, iterable or None")
        for claim in options["require"]:
            if payload.get(claim) is None:
                raise MissingRequiredClaimError(claim)
        _check_dates(payload, options, time.time(), margin)
        if options["verify_iss"] and issuer is not None:
            _check_iss(payload, issuer)
        if options["verify_aud"]:
            _check_aud(payload, audience, bool(options["strict_aud"]))
        if options["verify_sub"] and "sub" in payload:
            if not isinstance(payload["sub"], str):
                raise InvalidSubjectError("Subject must be a string")
            if subject is not None and payload["sub"] != subject:
                raise InvalidSubjectError("Invalid subject")
        if options["verify_jti"] and not isinstance(payload.get("jti", ""), str):
            raise InvalidJTIError("JWT ID must be a string")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member name stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _date(value: object) -> Optional[int]:
    """Return a NumericDate in whole seconds; a text is none, nor is a boolean."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return int(value)
    except (OverflowError, ValueError):
        return None


def _check_dates(payload: dict[str, Any], options: dict[str, Any], now: float, leeway: float) -> None:
    if "iat" in payload and options["verify_iat"]:
        iat = _date(payload["iat"])
        if iat is None:
            raise InvalidIssuedAtError("Issued At claim (iat) must be an integer.")
        if iat > now + leeway:
            raise ImmatureSignatureError("The token is not yet valid (iat)")
    if "nbf" in payload and options["verify_nbf"]:
        nbf = _date(payload["nbf"])
        if nbf is None:
            raise DecodeError("Not Before claim (nbf) must be an integer.")
        if nbf > now + leeway:
            raise ImmatureSignatureError("The token is not yet valid (nbf)")
    if "exp" in payload and options["verify_exp"]:
        exp = _date(payload["exp"])
        if exp is None:
            raise DecodeError("Expiration Time claim (exp) must be an integer.")
        if exp <= now - leeway:
            raise ExpiredSignatureError("Signature has expired")


def _check_iss(payload: dict[str, Any], issuer: Any) -> None:
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


def _check_aud(payload: dict[str, Any], audience: Union[str, Iterable[str], None], strict: bool) -> None:
    found = payload.get("aud")
    if audience is None:
        if found:
            raise InvalidAudienceError("Invalid audience")
        return
    if not found:
        raise MissingRequiredClaimError("aud")
    if strict:
        if not isinstance(audience, str):
            raise InvalidAudienceError("Invalid audience (strict)")
        if not isinstance(found, str):
            raise InvalidAudienceError("Invalid claim format in token (strict)")
        if audience != found:
            raise InvalidAudienceError("Audience doesn't match (strict)")
        return
    named = [found] if isinstance(found, str) else found
    if not isinstance(named, list) or any(not isinstance(one, str) for one in named):
        raise InvalidAudienceError("Invalid claim format in token")
    wanted = [audience] if isinstance(audience, str) else audience
    if all(one not in named for one in wanted):
        raise InvalidAudienceError("Audience doesn't match")


_jwt = PyJWT()
encode = _jwt.encode
decode = _jwt.decode
decode_complete = _jwt.decode_complete
