"""The keys that a verifier trusts, by issuer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable, Optional, Union

from ._codes import Code
from ._errors import InvalidKey
from .keys import KeySet
from .remote import MISSING, RemoteKeys

#: What has the keys of an issuer.
Keys = Union[KeySet, RemoteKeys]


class Trusted:
    """One key set, of an issuer or of any, or the key sets of several issuers; each may be
    remote.

    It never changes; :meth:`with_keys` returns another one.
    """

    __slots__ = ("issuer", "keys", "remote")
    #: The issuer of the only key set; ``None`` for any.
    issuer: Optional[str]
    keys: Union[Keys, dict[str, Keys]]
    #: The remote keys by the number of their issuer; empty if none are remote.
    remote: tuple[Optional[RemoteKeys], ...]

    def __init__(self, keys: Union[Keys, Mapping[str, Keys], None], issuer: Optional[str]) -> None:
        if keys is None:
            if issuer is None:
                raise TypeError("give keys, or the issuer to discover them from")
            keys = RemoteKeys.discover(issuer)
        self.issuer = keys.issuer if isinstance(keys, RemoteKeys) and issuer is None else issuer
        self.keys = dict(keys) if isinstance(keys, Mapping) else keys
        each = self.keys.values() if isinstance(self.keys, dict) else [self.keys]
        remote = tuple(one if isinstance(one, RemoteKeys) else None for one in each)
        self.remote = remote if any(remote) else ()

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

        Raises :class:`InvalidKey` for an issuer that is not trusted, and for remote keys
        that are not there.
        """
        whose, found = self.meant(issuer), None
        if isinstance(self.keys, dict):
            found = self.keys.get(whose) if whose is not None else None
        elif whose == self.issuer:
            found = self.keys
        if found is None:
            raise InvalidKey(Code.ISSUER_UNKNOWN, "issuer")
        return found.key_set() if isinstance(found, RemoteKeys) else found

    def is_remote(self, issuer: Optional[str]) -> bool:
        """Return whether an issuer that :meth:`meant` named has remote keys."""
        issuers = self.issuers()
        return bool(self.remote) and issuer in issuers and self.remote[issuers.index(issuer)] is not None

    def fetched(self, code: int, whose: Callable[[], Optional[int]]) -> int:
        """Return 0 if a token with this code is to be verified again, and else the code to
        answer with. ``whose`` finds the number of its issuer among several."""
        if code not in MISSING:
            return code
        index = whose() if len(self.remote) > 1 else 0
        remote = None if index is None else self.remote[index]
        return code if remote is None else remote._answer(code)

    def with_keys(self, issuer: Optional[str], keys: KeySet) -> Trusted:
        """Return the same with other keys of an issuer that :meth:`meant` named."""
        if isinstance(self.keys, dict):
            return Trusted({**self.keys, str(issuer): keys}, None)
        return Trusted(keys, self.issuer)

    def sets(self) -> list[KeySet]:
        """Return every key set that is not remote."""
        each = self.keys.values() if isinstance(self.keys, dict) else [self.keys]
        return [keys for keys in each if isinstance(keys, KeySet)]
