"""What a verifier does when something that it follows may help a rejected token."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any, Callable, Optional

from . import _scratch
from ._codes import Code
from ._columns import kept
from ._library import library
from ._trusted import Trusted
from ._values import octets, view
from .batch import verify_batch
from .remote import MISSING
from .remote_revocations import RemoteRevocations
from .status_lists import RemoteStatusLists

NO_STATUS_YET = int(Code.STATUS_LIST_NOT_YET)
_NOT_YET = int(Code.REVOCATIONS_NOT_YET)
#: The codes of tokens that a fetch may help.
_MISSING = MISSING | {NO_STATUS_YET}
_put = _scratch.pool.append


class Following:
    """The part of a verifier that follows keys, revocations and status lists."""

    __slots__ = ()
    _follows: bool
    _handle: Optional[int]
    _trusted: Trusted
    _revoked: Optional[RemoteRevocations]
    _statuses: tuple[RemoteStatusLists, ...]

    def _batch(self, tokens: Any, as_of: Any, claims: Any, columns: Any, **how: Any) -> Any:
        """Verify a batch, and once more if what its tokens were refused for came."""
        if not self._follows:
            return verify_batch(self, tokens, as_of=as_of, claims=claims, columns=columns, **how)
        self._await_first()
        tokens, as_of, claims, columns = (kept(one) for one in (tokens, as_of, claims, columns))

        def verified() -> Any:
            return verify_batch(self, tokens, as_of=as_of, claims=claims, columns=columns, **how)

        before = self._refused()
        found = verified()
        refused = {code for code, count in self._refused().items() if count > before[code]}
        return verified() if self._brought(refused, found, tokens) else found

    def _await_first(self) -> None:
        """Wait for the first keys and lists, each as long as it may be waited for."""
        for remote in self._trusted.remote:
            if remote is not None:
                remote._await_first()
        if self._revoked is not None:
            self._revoked._await_first()
        for lists in self._statuses:
            lists._answer(NO_STATUS_YET)

    def _refused(self) -> dict[int, int]:
        """Return how often tokens were refused for want of a key or a status list."""
        return {code: int(library.jot_verifier_verdicts(self._handle, code)) for code in _MISSING}

    def _brought(self, refused: set[int], found: Any, tokens: Any) -> bool:
        """Ask for what tokens were refused for, and return whether any of it came."""
        brought = False
        for index in self._lacking(found, tokens) if refused & MISSING else ():
            remote = self._trusted.remote[index]
            if remote is not None:
                before = remote.health().successes
                remote._answer(min(refused & MISSING))
                brought |= remote.health().successes != before
        if NO_STATUS_YET in refused:
            for lists in self._statuses:
                brought |= not lists._answer(NO_STATUS_YET)
        return brought

    def _lacking(self, found: Any, tokens: Any) -> set[int]:
        """Return the numbers of the issuers whose keys some tokens of a batch want."""
        if len(self._trusted.remote) <= 1:
            return {0}
        codes = found.column("code").to_pylist() if hasattr(found, "column") else found.codes
        rows = (row for row, code in enumerate(codes) if code in MISSING)
        of_rows = (tokens[row] for row in rows)
        texts = (one.as_py() if hasattr(one, "as_py") else one for one in of_rows)
        found_ = {self._whose(octets(text, "tokens")) for text in texts}
        return {index for index in found_ if index is not None}

    def _whose(self, token: bytes) -> Optional[int]:
        """Return the number of the issuer that a token names, which is not verified."""
        index, scratch = ctypes.c_uint32(), _scratch.take()
        try:
            find = library.jot_verifier_unverified_issuer
            unknown = find(self._handle, view(token), scratch.handle, ctypes.byref(index))
            return None if unknown else index.value
        finally:
            _put(scratch)

    def _again(
        self, code: int, token: bytes, check_it: Callable[[], int], issuer: Optional[str] = None
    ) -> int:
        """Verify a rejected token again where something that comes may help; return its code."""
        code = self._fetched(code, token, issuer) or check_it()
        # Only a token that was verified so far names a status list.
        return (self._fetched(code, token, issuer) or check_it()) if code == NO_STATUS_YET else code

    def _fetched(self, code: int, token: bytes, issuer: Optional[str] = None) -> int:
        """Return 0 if a rejected token is to be verified again, and else its code."""

        def whose() -> Optional[int]:
            return self._whose(token) if issuer is None else self._trusted.issuers().index(issuer)

        if code == NO_STATUS_YET:
            answers = [lists._answer(code) for lists in self._statuses]
            return min(answers, default=code)
        code = self._trusted.fetched(code, whose) if code != _NOT_YET and self._trusted.remote else code
        if self._revoked is not None and code in (0, _NOT_YET):
            # The first keys and the first list come one after the other.
            return _NOT_YET if self._revoked._await_first() == _NOT_YET else 0
        return code


def several(lists: object) -> tuple[RemoteStatusLists, ...]:
    """Return one or several as a tuple."""
    several = (lists,) if isinstance(lists, RemoteStatusLists) else lists
    if not isinstance(several, Iterable) or isinstance(several, (str, bytes)):
        raise TypeError(f"status_lists must be jot.RemoteStatusLists, not {type(lists).__name__}")
    found = tuple(several)
    for one in found:
        if not isinstance(one, RemoteStatusLists):
            raise TypeError(f"status_lists must be jot.RemoteStatusLists, not {type(one).__name__}")
    return found
