"""The keys that a verifier trusts, by issuer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional, Union

from ._codes import Code
from ._errors import InvalidKey
from .keys import KeySet


class Trusted:
    """One key set, of an issuer or of any, or the key sets of several issuers.

    It never changes; :meth:`with_keys` returns another one.
    """

    __slots__ = ("issuer", "keys")
    #: The issuer of the only key set; ``None`` for any.
    issuer: Optional[str]
    keys: Union[KeySet, dict[str, KeySet]]

    def __init__(self, keys: Union[KeySet, Mapping[str, KeySet]], issuer: Optional[str]) -> None:
        self.issuer = issuer
        self.keys = dict(keys) if isinstance(keys, Mapping) else keys

    def issuers(self) -> tuple[Optional[str], ...]:
        """Return the issuers in numeric order; ``None`` for any issuer."""
        return tuple(self.keys) if isinstance(self.keys, dict) else (self.issuer,)

    def meant(self, issuer: Optional[str]) -> Optional[str]:
        """Return the issuer that a caller means: without a name the only one."""
        if issuer is None and isinstance(self.keys, dict):
            return next(iter(self.keys)) if len(self.keys) == 1 else None
        return self.issuer if issuer is None else issuer

    def of(self, issuer: Optional[str]) -> KeySet:
        """Return the keys of an issuer, or the only key set.

        Raises :class:`InvalidKey` for an issuer that is not trusted.
        """
        whose = self.meant(issuer)
        if isinstance(self.keys, dict):
            if whose is not None and whose in self.keys:
                return self.keys[whose]
        elif whose == self.issuer:
            return self.keys
        raise InvalidKey(Code.ISSUER_UNKNOWN, "issuer")

    def with_keys(self, issuer: Optional[str], keys: KeySet) -> Trusted:
        """Return the same with other keys of an issuer that :meth:`meant` named."""
        if isinstance(self.keys, dict):
            return Trusted({**self.keys, str(issuer): keys}, None)
        return Trusted(keys, self.issuer)

    def sets(self) -> list[KeySet]:
        """Return every key set."""
        return list(self.keys.values()) if isinstance(self.keys, dict) else [self.keys]
