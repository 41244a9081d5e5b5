"""PyJWT's names for the types of its arguments."""

from __future__ import annotations

from typing import Any, Callable, TypedDict

JWKDict = dict[str, Any]
HashlibHash = Callable[..., Any]


class SigOptions(TypedDict, total=False):
    """The options of ``PyJWS``."""

    verify_signature: bool
    enforce_minimum_key_length: bool


class Options(TypedDict, total=False):
    """The options of ``decode`` and ``decode_complete``, all optional."""

    verify_signature: bool
    verify_exp: bool
    verify_nbf: bool
    verify_iat: bool
    verify_aud: bool
    verify_iss: bool
    verify_sub: bool
    verify_jti: bool
    require: list[str]
    strict_aud: bool
    enforce_minimum_key_length: bool


class FullOptions(TypedDict):
    """The options of a ``PyJWT``, every one of which has a value."""

    verify_signature: bool
    verify_exp: bool
    verify_nbf: bool
    verify_iat: bool
    verify_aud: bool
    verify_iss: bool
    verify_sub: bool
    verify_jti: bool
    require: list[str]
    strict_aud: bool
    enforce_minimum_key_length: bool
