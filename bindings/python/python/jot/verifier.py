"""Verifying one token."""

from __future__ import annotations

import ctypes
import datetime
import threading
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Callable, Optional, Union, overload

from . import _doubts, _policy, _scratch
from ._codes import Code
from ._columns import ArrowColumn
from ._conditions import Path
from ._counters import Counters
from ._errors import InvalidArgument, check, failure
from ._following import Following, several
from ._library import library
from ._trusted import Keys, Trusted
from ._values import Instant, Text, from_json, octets, seconds, text, view
from ._verdict import judged, refused
from .batch import Verdicts
from .claims import Claims, Signed, Verdict
from .keys import KeySet
from .remote_revocations import RemoteRevocations
from .revocations import LIMIT, Revocations
from .status_lists import RemoteStatusLists

if TYPE_CHECKING:
    import pyarrow

# A C call would silently wrap around beyond 64 bits.
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_SIGNATURE_INVALID = int(Code.SIGNATURE_INVALID)
_clock, _check = time.time, library.jot_verifier_check
_take, _put = _scratch.pool.pop, _scratch.pool.append


class Verifier(Counters, Following):
    """A policy and trusted keys, ready to verify.

    Any number of threads may use one. The policy never changes; keys and revocations
    can be replaced while other threads verify. It works on both sides of a ``fork`` and
    can be pickled, with its current keys and without its cache, counters and
    revocations, unless these are remote.

    >>> import jot
    >>> key = jot.SigningKey.generate("ES256", kid="1")
    >>> verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"],
    ...                         issuer="https://issuer", audience="api")
    >>> token = jot.encode({"iss": "https://issuer", "aud": "api", "exp": 4102444800}, key)
    >>> verifier.verify(token)["aud"]
    'api'
    """

    __slots__ = (
        "__weakref__",
        "_doubts",
        "_follows",
        "_handle",
        "_revoked",
        "_rules",
        "_statuses",
        "_trusted",
        "_turn",
    )
    _handle: Optional[int]

    def __init__(
        self,
        keys: Union[Keys, Mapping[str, Keys], None] = None,
        *,
        algorithms: Iterable[str],
        issuer: Optional[str] = None,
        audience: Union[str, Iterable[str], None] = None,
        any_audience: bool = False,
        leeway: Union[int, datetime.timedelta] = 0,
        allow_missing_exp: bool = False,
        allow_future_iat: bool = False,
        max_age: Union[int, datetime.timedelta, None] = None,
        typ: Union[str, Iterable[str], None] = None,
        subject: Optional[str] = None,
        require: Iterable[str] = (),
        scope: Union[str, Iterable[str]] = (),
        nonce: Optional[str] = None,
        authorized_party: Optional[str] = None,
        claims: Union[str, Iterable[str], Mapping[Path, Any], None] = None,
        understand_critical: Iterable[str] = (),
        issuer_required: bool = False,
        profile: Optional[str] = None,
        max_token_bytes: Optional[int] = None,
        max_header_bytes: Optional[int] = None,
        cache_entries: Optional[int] = None,
        cache_bytes: Optional[int] = None,
        backend: str = "aws-lc",
        revocations: Union[Revocations, RemoteRevocations, None] = None,
        status_lists: Union[RemoteStatusLists, Iterable[RemoteStatusLists]] = (),
        require_status: bool = False,
    ) -> None:
        """Build a verifier. All defaults are strict.

        - ``keys``: a :class:`KeySet`, or :class:`RemoteKeys`; or a mapping of issuers
          to such, each of which verifies only the tokens of its issuer. Without it the
          configuration of ``issuer`` says where its keys are.
        - ``algorithms``: the allowed algorithms. ``EdDSA`` allows ``Ed25519`` as well.
        - ``issuer``: the required ``iss``. Without it, and without a mapping, tokens of
          any issuer or of none are accepted.
        - ``audience``: one or several; a token's ``aud`` must contain one of them.
          Without it a token that has an ``aud`` is rejected, unless ``any_audience`` is
          set.
        - ``leeway``: how many seconds the clocks may differ.
        - ``allow_missing_exp``: accept tokens that never expire.
        - ``allow_future_iat``: accept tokens whose ``iat`` is in the future; use
          ``leeway`` for clocks that differ.
        - ``max_age``: require an ``iat`` at most this many seconds ago.
        - ``typ``: require this ``typ``, or one of these (RFC 8725 §3.11).
        - ``subject``, ``nonce``, ``authorized_party``: require this ``sub``, ``nonce``,
          ``azp``.
        - ``require``: claims that must be present and not null.
        - ``scope``: scopes, every one of which must be in ``scope`` or ``scp``.
        - ``claims``: conditions that claims must meet, such as ``["tier any_of
          gold silver", "/realm/level ge 3"]``; or a mapping of names, or of tuples
          of names that lead into nested objects, to str, int, float, bool or what
          :func:`any_of`, :func:`contains`, :func:`prefix`, :func:`regex`,
          :func:`ge`, :func:`not_` and so on return.
        - ``understand_critical``: extensions that ``crit`` may name.
        - ``issuer_required``: raise an error if no issuer is given.
        - ``profile``: ``"access_token"`` (RFC 9068) or ``"id_token"`` (OpenID
          Connect), whose audience is the resource or the client.
        - ``max_token_bytes``, ``max_header_bytes``: a longer token is rejected before
          any work is done; 64 KiB and 8 KiB by default.
        - ``cache_entries`` or ``cache_bytes``: remember accepted tokens and do not
          verify their signatures again. It never changes a verdict.
        - ``backend``: the code that verifies signatures, with the same verdicts:
          ``"aws-lc"``; ``"auto"``, the fastest, whose tables of keys are built step by
          step; ``"accelerated"``, the same with tables built at once; ``"portable"``,
          the same without the vector unit.
        - ``revocations``: the revoked tokens, sessions, subjects and keys; as
          :class:`RemoteRevocations` always up to date.
        - ``status_lists``: where the status of tokens that name a status list is looked up;
          by default it is ignored. Several, for issuers with other keys, are asked in turn.
        - ``require_status``: reject tokens that name no status list.

        Raises :class:`InvalidArgument` if the rules make no sense.
        """
        self._handle = None
        self._rules = _policy.rules(
            algorithms=algorithms,
            audience=audience,
            any_audience=any_audience,
            leeway=leeway,
            allow_missing_exp=allow_missing_exp,
            allow_future_iat=allow_future_iat,
            max_age=max_age,
            typ=typ,
            subject=subject,
            require=require,
            scope=scope,
            nonce=nonce,
            authorized_party=authorized_party,
            claims=claims,
            understand_critical=understand_critical,
            issuer_required=issuer_required,
            profile=profile,
            max_token_bytes=max_token_bytes,
            max_header_bytes=max_header_bytes,
            cache_entries=cache_entries,
            cache_bytes=cache_bytes,
            backend=backend,
            require_status=require_status,
        )
        self._statuses = several(status_lists)
        self._trusted = Trusted(keys, issuer)
        self._revoked = revocations if isinstance(revocations, RemoteRevocations) else None
        #: Whether a rejected token may be good in a moment.
        self._follows = bool(self._trusted.remote or self._revoked or self._statuses)
        self._turn = threading.Lock()
        self._handle = _policy.build(self._trusted, self._rules, bool(self._statuses))
        _policy.feed(self._handle, self._trusted)
        if isinstance(revocations, RemoteRevocations):
            revocations._feed(self._handle)
        elif revocations is not None:
            self.set_revocations(revocations)
        for lists in self._statuses:
            lists._feed(self._handle)
        self._doubts = _doubts.Doubts(self._trusted.sets())

    def __del__(self, free: Callable[[int], None] = library.jot_verifier_free) -> None:
        handle = getattr(self, "_handle", None)
        if handle:
            self._handle = None
            free(handle)

    def verify(self, token: Text, now: Optional[Instant] = None) -> Claims:
        """Verify a token and return its claims.

        ``now`` is the instant to judge at, the system's clock by default. Raises
        :class:`Rejected` for the first rule that the token breaks, in the order
        syntax, header, key, signature, claims, revocations, dates.
        """
        if now is None:
            now = int(_clock())
        elif type(now) is not int or not _LEAST <= now <= _MOST:
            now = seconds(now, "now")
        if type(token) is str:
            try:
                token = token.encode()
            except UnicodeEncodeError:
                token = octets(token, "token")
        elif type(token) is not bytes:
            token = octets(token, "token")
        try:
            scratch = _take()
        except IndexError:
            scratch = _scratch.Scratch()
        try:
            view_ = scratch.token
            view_.ptr = token
            view_.len = len(token)
            code = _check(self._handle, view_, now, scratch.handle, scratch.verdict_at)
            verdict = scratch.verdict
            if code and self._follows:
                arguments = (self._handle, view_, now, scratch.handle, scratch.verdict_at)
                code = self._again(code, token, lambda: _check(*arguments))
            if code == 0:
                return Claims(token, verdict.key_index, verdict.issuer_index)
            fault = refused(code, verdict)
            if code == _SIGNATURE_INVALID and self._doubts.any():
                self._doubts.tell(token)
            raise fault
        finally:
            _put(scratch)

    def judge(self, token: Text, now: Optional[Instant] = None) -> Verdict:
        """Verify a token and return everything known about it; a rejected token raises
        nothing.

        >>> import jot
        >>> key = jot.SigningKey.generate("ES256", kid="1")
        >>> verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"])
        >>> verdict = verifier.judge(jot.encode({"exp": 1}, key))
        >>> verdict.name, verdict.signature_ok, verdict.expires_at
        ('expired', True, 1)
        """
        instant = int(_clock()) if now is None else seconds(now, "now")
        content = octets(token, "token")
        scratch = _scratch.take()
        try:
            verdict = scratch.verdict
            arguments = (self._handle, view(content), instant, scratch.handle, scratch.verdict_at)
            code = library.jot_verifier_verify(*arguments)
            if code and self._follows:
                code = self._again(code, content, lambda: library.jot_verifier_verify(*arguments))
            if 100 <= code < 200:
                raise InvalidArgument(code)
            if code == _SIGNATURE_INVALID and self._doubts.any():
                self._doubts.tell(content)
            return judged(code, verdict)
        finally:
            _put(scratch)

    def verify_jws(
        self, token: Text, *, issuer: Optional[str] = None, detached: Optional[bytes] = None
    ) -> Signed:
        """Verify header and signature of a JWS whose payload need not be a Claims
        Set; no rule over claims or dates is checked.

        ``issuer`` selects the keys if the verifier knows issuers by name. ``detached`` is
        the payload of a token that does not carry it (RFC 7515 Appendix F, RFC
        7797). Raises :class:`Rejected`.
        """
        content = octets(token, "token")
        whose = None if issuer is None else text(issuer, "issuer")
        # NULL would mean that the token carries its payload.
        apart = None if detached is None else octets(detached, "detached")
        scratch = _scratch.take()
        try:
            verdict = scratch.verdict
            arguments = (self._handle, view(content), view(whose), view(apart))
            code = library.jot_verifier_verify_jws(*arguments, scratch.handle, scratch.verdict_at)
            if code and self._follows and not (code := self._fetched(code, content, issuer)):
                code = library.jot_verifier_verify_jws(*arguments, scratch.handle, scratch.verdict_at)
            if code:
                raise refused(code, verdict)
            payload = ctypes.string_at(verdict.payload, verdict.payload_len) if verdict.payload_len else b""
            header = from_json(ctypes.string_at(verdict.header, verdict.header_len))
            return Signed(payload, header, verdict.key_index)
        finally:
            _put(scratch)

    @overload
    def verify_batch(
        self,
        tokens: ArrowColumn,
        now: Optional[Instant] = None,
        as_of: Any = None,
        threads: Optional[int] = None,
        progress: Optional[Callable[[int, int], object]] = None,
        claims: Iterable[str] = (),
        columns: Iterable[str] = (),
    ) -> pyarrow.RecordBatch: ...

    @overload
    def verify_batch(
        self,
        tokens: Iterable[Optional[Text]],
        now: Optional[Instant] = None,
        as_of: Any = None,
        threads: Optional[int] = None,
        progress: Optional[Callable[[int, int], object]] = None,
    ) -> Verdicts: ...

    def verify_batch(
        self,
        tokens: Any,
        now: Optional[Instant] = None,
        as_of: Any = None,
        threads: Optional[int] = None,
        progress: Optional[Callable[[int, int], object]] = None,
        claims: Iterable[str] = (),
        columns: Iterable[str] = (),
    ) -> Any:
        """Verify many tokens at once; see :func:`jot.batch.verify_batch`.

        Remote keys, revocations and the status lists that are followed are waited for if
        there are none yet. For a ``kid`` that is not known, and a status list that is named
        for the first time, they are asked for as :meth:`verify` does, once for the batch; if
        that brings something, the whole batch is verified again.
        """
        return self._batch(tokens, as_of, claims, columns, now=now, threads=threads, progress=progress)

    @property
    def issuers(self) -> tuple[Optional[str], ...]:
        """The issuers in numeric order; ``None`` for any issuer."""
        return self._trusted.issuers()

    def keys(self, issuer: Optional[str] = None) -> KeySet:
        """Return the current keys of an issuer, or the only key set.

        Raises :class:`InvalidKey` for an issuer that the verifier does not know, and
        those of :meth:`RemoteKeys.key_set`.
        """
        return self._trusted.of(issuer)

    def replace_keys(self, keys: KeySet, issuer: Optional[str] = None) -> None:
        """Replace the key set of an issuer, or the only key set.

        Verifications that begin after this call returns use the new keys, and cache
        entries of the old keys are not used again.

        Raises :class:`Error`; the old keys stay in use in that case. Remote keys cannot
        be replaced.
        """
        if not isinstance(keys, KeySet):
            raise TypeError(f"keys must be a jot.KeySet, not {type(keys).__name__}")
        whose = self._trusted.meant(issuer)
        if self._trusted.is_remote(whose):
            raise TypeError("jot.RemoteKeys follow their issuer, and cannot be replaced")
        name = None if whose is None else text(whose, "issuer")
        with self._turn:
            why = failure()
            check(library.jot_verifier_replace_keys(self._handle, view(name), keys._handle, why), why)
            self._trusted = self._trusted.with_keys(whose, keys)
            self._doubts = _doubts.Doubts(self._trusted.sets())

    @property
    def revocations(self) -> Revocations:
        """A copy of the current revocations, to which you can add before you set them again."""
        out = ctypes.c_void_p()
        check(library.jot_verifier_revocations(self._handle, ctypes.byref(out)))
        return Revocations._owning(int(out.value or 0), LIMIT)

    def set_revocations(self, revocations: Revocations) -> None:
        """Replace the revocations, also for tokens in the cache."""
        if not isinstance(revocations, Revocations):
            raise TypeError(f"revocations must be jot.Revocations, not {type(revocations).__name__}")
        if self._revoked is not None:
            raise TypeError("jot.RemoteRevocations follow their issuer, and cannot be replaced")
        check(library.jot_verifier_set_revocations(self._handle, revocations._handle))

    def __reduce__(self) -> tuple[Any, ...]:
        rules = {**self._rules, "status_lists": self._statuses}
        return (_rebuilt, (self._trusted.keys, self._trusted.issuer, rules, self._revoked))

    def __repr__(self) -> str:
        return f"<jot.Verifier algorithms={list(self._rules['algorithms'])} issuers={list(self.issuers)}>"


def _rebuilt(keys: Any, issuer: Optional[str], rules: dict[str, Any], revoked: Any) -> Verifier:
    return Verifier(keys, issuer=issuer, revocations=revoked, **rules)
