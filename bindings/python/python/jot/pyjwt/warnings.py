"""The warnings of PyJWT, with the same names."""

from __future__ import annotations


class RemovedInPyjwt3Warning(DeprecationWarning):
    """An argument does nothing and will be gone in PyJWT 3."""


class InsecureKeyLengthWarning(UserWarning):
    """A key is shorter than RFC 7518 requires."""
