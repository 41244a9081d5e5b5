"""The exceptions of PyJWT, with the same names and hierarchy.

If the engine rejected a token or key, the exception's ``__cause__`` is a
:class:`jot.Rejected` or :class:`jot.InvalidKey` with its code.
"""

from __future__ import annotations


class PyJWTError(Exception):
    """The base class of all exceptions here."""


class InvalidTokenError(PyJWTError):
    """A token was rejected."""


class DecodeError(InvalidTokenError):
    """A token cannot be decoded."""


class InvalidSignatureError(DecodeError):
    """The signature of a token does not hold."""


class ExpiredSignatureError(InvalidTokenError):
    """The ``exp`` of a token has passed."""


class InvalidAudienceError(InvalidTokenError):
    """The ``aud`` of a token names none of the expected audiences."""


class InvalidIssuerError(InvalidTokenError):
    """The ``iss`` of a token is not the expected one."""


class InvalidIssuedAtError(InvalidTokenError):
    """The ``iat`` of a token is not a number."""


class ImmatureSignatureError(InvalidTokenError):
    """The ``nbf`` or ``iat`` of a token is in the future."""


class InvalidKeyError(PyJWTError):
    """A key cannot be used."""


class InvalidAlgorithmError(InvalidTokenError):
    """The algorithm of a token is not allowed or not known."""


class MissingRequiredClaimError(InvalidTokenError):
    """A required claim is absent."""

    def __init__(self, claim: str) -> None:
        """Take the name of the claim."""
        super().__init__(claim)
        self.claim = claim

    def __str__(self) -> str:
        return f'Token is missing the "{self.claim}" claim'


class PyJWKError(PyJWTError):
    """A JWK cannot be used."""


class MissingCryptographyError(PyJWKError):
    """Never raised: the engine has its own cryptography."""


class PyJWKSetError(PyJWTError):
    """A JWK Set has no usable key."""


class PyJWKClientError(PyJWTError):
    """``PyJWKClient`` has no key."""


class PyJWKClientConnectionError(PyJWKClientError):
    """``PyJWKClient`` could not fetch the keys."""


class InvalidSubjectError(InvalidTokenError):
    """The ``sub`` of a token is not a string, or not the expected one."""


class InvalidJTIError(InvalidTokenError):
    """The ``jti`` of a token is not a string."""
