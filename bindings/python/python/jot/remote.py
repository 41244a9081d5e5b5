"""Keys that an issuer publishes at a URL."""

from __future__ import annotations

import ctypes
import weakref
from typing import Any, Callable, NamedTuple, Optional, Union

from ._codes import Code
from ._errors import Error, check, code_of, failure
from ._fetching import (
    ABSENT_TWICE,
    ALLOW_LOOPBACK,
    FetcherOptions,
    KeeperOptions,
)
from ._fetching import Health as RawHealth
from ._header import ALLOW_WEAK_KEYS, NONE
from ._library import library
from ._remote import Remote, flags_of, milliseconds
from ._values import Text, algorithm, count, duration, octets, text, view
from .keys import KeySet

#: The codes of a token whose key may be at the issuer and not here.
MISSING = frozenset(map(int, (Code.KID_UNKNOWN, Code.KEYS_NOT_YET, Code.KEYS_STALE)))


class Health(NamedTuple):
    """How the keys of an issuer do. Instants are seconds since 1970."""

    #: When the keys were fetched or confirmed last; ``None`` for never.
    last_success: Optional[int]
    #: Until when the keys are fresh.
    fresh_until: Optional[int]
    #: When the next fetch is due.
    next_fetch: int
    #: What was wrong with the last fetch; ``None`` if it succeeded.
    error: Optional[Code]
    #: The same in words; ``""`` if it succeeded.
    reason: str
    #: How many fetches failed since the last success.
    failures: int
    #: How many requests were made.
    fetches: int
    #: How many answers brought or confirmed keys.
    successes: int
    #: How often an unknown ``kid`` was refused without a fetch.
    refused: int
    #: How many keys are in force.
    keys: int


class _Fetcher:
    """A thread of the library, and what it trusts."""

    __slots__ = ("__weakref__", "handle")
    handle: Optional[int]

    def __init__(self, ca: Optional[bytes], client: Optional[tuple[bytes, bytes]], proxy: Optional[bytes]):
        self.handle = None
        chain, key = client or (None, None)
        options = FetcherOptions(
            size=ctypes.sizeof(FetcherOptions),
            authorities=view(ca),
            client_chain=view(chain),
            client_key=view(key),
            proxy=view(proxy),
        )
        out, why = ctypes.c_void_p(), failure()
        check(library.jot_fetcher_new(ctypes.byref(options), ctypes.byref(out), why), why)
        self.handle = out.value

    def __del__(self, free: Callable[[int], None] = library.jot_fetcher_free) -> None:
        if self.handle:
            free(self.handle)


#: All keys with the same settings share a thread and a budget.
_fetchers: weakref.WeakValueDictionary[Any, _Fetcher] = weakref.WeakValueDictionary()


class RemoteKeys(Remote, prefix="remote_keys"):
    """The keys that an issuer publishes at a URL, always up to date.

    A thread of the library, which needs no GIL, fetches them before they expire. A
    verification does not wait for it, but for a token whose ``kid`` no key has, or
    while there are no keys at all: then it waits for a fetch, no longer than ``wait``.
    Strangers cannot make it fetch: unknown ``kid``s cause at most one fetch in
    ``cool_down`` seconds, and 10 in a minute over all issuers.

    Any number of threads and verifiers may share one. A child of a ``fork`` follows
    the keys with a thread of its own. It can be pickled; the copy fetches anew.

    >>> import jot
    >>> keys = jot.RemoteKeys("https://issuer.example/jwks")
    >>> verifier = jot.Verifier(keys, algorithms=["RS256"], issuer="https://issuer.example")
    """

    __slots__ = ("_arguments", "_fetcher", "_wait", "issuer", "url")
    #: The ``iss`` of the tokens, if the keys were discovered by it.
    issuer: Optional[str]
    #: The URL; ``None`` if the issuer's configuration names it.
    url: Optional[str]

    def __init__(
        self,
        url: str,
        *,
        wait: float = 5,
        fresh: int = 600,
        least_fresh: int = 60,
        most_fresh: int = 3600,
        stale: Optional[int] = 86_400,
        cool_down: int = 30,
        timeout: int = 5,
        max_bytes: int = 1 << 20,
        max_keys: int = 256,
        absent_twice: bool = False,
        alg: Optional[str] = None,
        allow_weak_keys: bool = False,
        ca: Optional[Text] = None,
        client_certificate: Optional[tuple[Text, Text]] = None,
        proxy: Optional[str] = None,
        allow_loopback: bool = False,
        saved: Optional[str] = None,
    ) -> None:
        """Follow the keys at a URL: a JWK Set, a JWK, PEM, or a JSON object of PEM by
        ``kid``. Times are in seconds.

        - ``wait``: how long a verification may wait for a fetch that it needs; 0 for
          never.
        - ``fresh``, ``least_fresh``, ``most_fresh``: how long an answer is fresh that
          does not say so, and the bounds for one that does.
        - ``stale``: how long keys stay in use, counted from the last success, if they
          cannot be fetched again; 0 for only while they are fresh, ``None`` for ever.
          After that tokens are rejected with ``keys_stale`` (503).
        - ``cool_down``: the least time between two fetches for unknown ``kid``s.
        - ``timeout``: how long a whole fetch may take.
        - ``max_bytes``, ``max_keys``: larger answers are refused.
        - ``absent_twice``: remove a key only after two answers without it.
        - ``alg``, ``allow_weak_keys``: see :meth:`KeySet.from_jwks`.
        - ``ca``: the authorities to trust (PEM) in the place of Mozilla's, which are
          built in.
        - ``client_certificate``: a certificate chain and its key (PEM).
        - ``proxy``: the URL of a proxy; ``""`` for none. By default ``HTTPS_PROXY`` and
          ``NO_PROXY`` say which.
        - ``allow_loopback``: allow ``http`` to this machine.
        - ``saved``: what :meth:`save` of an earlier process returned.

        Raises :class:`InvalidKey` for a URL that is not ``https``.
        """
        arguments = {name: value for name, value in locals().items() if name not in ("self", "url")}
        self._follow(text(url, "url"), None, arguments)
        self.url = url

    @classmethod
    def discover(cls, issuer: str, **options: Any) -> RemoteKeys:
        """Follow the keys that an issuer's OpenID configuration names; the options are
        those of the constructor."""
        self = cls.__new__(cls)
        defaults = cls.__init__.__kwdefaults__ or {}
        unknown = options.keys() - defaults.keys()
        if unknown:
            raise TypeError(f"discover() got an unexpected keyword argument {min(unknown)!r}")
        self._follow(None, text(issuer, "issuer"), {**defaults, **options})
        self.issuer = issuer
        return self

    def _follow(self, url: Optional[bytes], issuer: Optional[bytes], options: dict[str, Any]) -> None:
        self._handle, self.issuer, self.url = None, None, None
        self._arguments = options
        self._wait = milliseconds(options["wait"], "wait")
        how = _keeper_options(options)
        pair = options["client_certificate"]
        settings = (
            None if options["ca"] is None else octets(options["ca"], "ca"),
            None
            if pair is None
            else (octets(pair[0], "client_certificate"), octets(pair[1], "client_certificate")),
            None if options["proxy"] is None else text(options["proxy"], "proxy"),
        )
        fetcher = _fetchers.get(settings)
        if fetcher is None:
            _fetchers[settings] = fetcher = _Fetcher(*settings)
        # Kept alive: its thread ends with it.
        self._fetcher = fetcher
        out, why = ctypes.c_void_p(), failure()
        new = library.jot_remote_keys_discover if url is None else library.jot_remote_keys_new
        where = view(issuer if url is None else url)
        check(new(fetcher.handle, where, ctypes.byref(how), ctypes.byref(out), why), why)
        self._owning(out.value)
        if options["saved"] is not None:
            content, why = text(options["saved"], "saved"), failure()
            check(library.jot_remote_keys_restore(self._handle, view(content), why), why)

    def retry(self, refused: Union[Code, Error], longest: Optional[float] = None) -> Optional[Code]:
        """Say what becomes of a token that was rejected, because its key may have been
        published a moment ago: ``None`` means to verify it again, a code is the answer.

        :meth:`Verifier.verify` does this by itself, with ``wait``. With ``wait=0`` it
        never waits, and a program calls this where it may wait, as docs/keys.md shows
        for asyncio. It returns the code of the fetch if that failed, and
        ``fetch_timeout`` if it did not end within ``longest`` seconds; both are 503.
        """
        code = refused.code if isinstance(refused, Error) else refused
        most = self._wait if longest is None else milliseconds(longest, "longest")
        answer = self._ask("retry", int(code), most)
        return code_of(answer) if answer else None

    def key_set(self) -> KeySet:
        """Return the keys in force.

        Raises :class:`InvalidKey` with ``keys_not_yet`` or ``keys_stale``.
        """
        self.wait(0)
        return KeySet._owning(self._current())

    def _current(self) -> int:
        """Return a handle of the library's for the keys in force, or for an empty set that
        says why there are none; the caller frees it."""
        out = ctypes.c_void_p()
        check(self._ask("set", ctypes.byref(out)))
        return int(out.value or 0)

    def _answer(self, code: int) -> int:
        """Do what :meth:`retry` does, with numbers."""
        return self._ask("retry", code, self._wait)

    def _await_first(self) -> None:
        """Wait for the fetch under way if there are no keys yet."""
        if self._ask("wait", 0):
            self._answer(int(Code.KEYS_NOT_YET))

    def health(self) -> Health:
        """Return how the keys do, for metrics."""
        return self._measured(RawHealth, Health)

    def save(self) -> str:
        """Write what is known as JSON, for the ``saved`` of the next process. Keep it
        where nobody else can write."""
        return self._written("save")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.url, self.issuer, self._arguments))

    def __repr__(self) -> str:
        return f"<jot.RemoteKeys {self.url or self.issuer}>"


def _rebuilt(url: Optional[str], issuer: Optional[str], options: dict[str, Any]) -> RemoteKeys:
    if url is None:
        return RemoteKeys.discover(str(issuer), **options)
    return RemoteKeys(url, **options)


def _keeper_options(given: dict[str, Any]) -> KeeperOptions:
    options = KeeperOptions(size=ctypes.sizeof(KeeperOptions))
    check(library.jot_keeper_options_default(ctypes.byref(options)))
    for name in ("fresh", "least_fresh", "most_fresh", "cool_down", "timeout"):
        setattr(options, name, duration(given[name], name))
    stale = given["stale"]
    options.serve_stale_for = NONE if stale is None else min(duration(stale, "stale"), NONE - 1)
    options.most_keys = min(count(given["max_keys"], "max_keys"), NONE)
    options.most_bytes = count(given["max_bytes"], "max_bytes")
    options.flags = flags_of(given, {"absent_twice": ABSENT_TWICE, "allow_loopback": ALLOW_LOOPBACK})
    options.key_flags = flags_of(given, {"allow_weak_keys": ALLOW_WEAK_KEYS})
    options.key_alg = algorithm(given["alg"])
    return options
