"""``PyJWKClient``: the keys at a URL, by the rules of the engine's keeper."""

from __future__ import annotations

import json
import math
import threading
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from ssl import SSLContext
from typing import Any, Optional, Union
from urllib.error import HTTPError
from urllib.parse import urlparse

from .._keeper import Answer, Fault, Keeper
from .api_jwk import PyJWK, PyJWKSet
from .api_jwt import decode_complete
from .exceptions import PyJWKClientConnectionError, PyJWKClientError

#: How long keys stay in use, counted from the last success, if they cannot be fetched again.
STALE = 86_400


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """Leave redirects to the keeper, which follows them within their origin."""


class PyJWKClient:
    """Fetches the keys at a URL with ``urllib``, in the thread that needs them.

    The other threads go on with the keys that they have. A server that fails takes no
    key away for a day, a ``kid`` that no key has causes at most one fetch in
    ``cooldown_duration`` seconds, also while the server fails, and a key that the server
    no longer has is gone with the next answer, whatever ``cache_keys`` says.
    """

    def __init__(
        self,
        uri: str,
        cache_keys: bool = False,
        max_cached_keys: int = 16,
        cache_jwk_set: bool = True,
        lifespan: float = 300,
        headers: Optional[dict[str, Any]] = None,
        timeout: float = 30,
        ssl_context: Optional[SSLContext] = None,
        cooldown_duration: float = 30,
    ) -> None:
        """Take PyJWT's arguments; nothing is fetched yet.

        ``cache_keys`` and ``max_cached_keys`` have no effect: keys are found by a hash.
        Without ``cache_jwk_set`` each call fetches.

        Raises :class:`PyJWKClientError`, also for a URL that is neither ``https`` nor on
        this machine.
        """
        scheme = urlparse(uri).scheme.lower()
        if scheme not in ("http", "https"):
            raise PyJWKClientError(
                f"Invalid JWKS URI scheme {scheme!r}: only 'http' and 'https' are supported."
            )
        if cooldown_duration < 0 or not math.isfinite(cooldown_duration):
            raise PyJWKClientError(
                "Cooldown duration must be greater than or equal to 0 and finite, "
                f'the input is "{cooldown_duration}"'
            )
        if cache_jwk_set and lifespan <= 0:
            raise PyJWKClientError(f'Lifespan must be greater than 0, the input is "{lifespan}"')
        self.uri = uri
        self.headers = headers or {}
        self.timeout = timeout
        self.ssl_context = ssl_context
        self.cooldown_duration = cooldown_duration
        self._caches = cache_jwk_set
        try:
            self._keeper = Keeper(
                uri,
                # The longest time that 32 bits hold stands for "for ever".
                fresh=math.ceil(min(lifespan, 0xFFFFFFFF)) if cache_jwk_set else 1,
                stale=STALE,
                cool_down=math.ceil(min(cooldown_duration, 0xFFFFFFFF)),
                timeout=math.ceil(timeout),
            )
        except Fault as refused:
            raise PyJWKClientError(str(refused)) from refused
        self._set: Optional[tuple[int, PyJWKSet, dict[str, PyJWK]]] = None
        self._turn = threading.Lock()

    def fetch_data(self) -> Any:
        """Fetch the JWK Set now, past everything that is known, and return its JSON. A
        subclass may fetch it elsewhere.

        Raises :class:`PyJWKClientConnectionError` or :class:`PyJWKClientError`.
        """
        answer = self._request(self.uri, {})
        if answer.status != 200:
            raise PyJWKClientConnectionError(
                f'Fail to fetch data from the url, err: "{answer.cause or answer.status}"'
            )
        data = json.loads(answer.body)
        if not isinstance(data, dict):
            raise PyJWKClientError("The JWKS endpoint did not return a JSON object")
        return data

    def get_jwk_set(self, refresh: bool = False) -> PyJWKSet:
        """Return the keys; with ``refresh`` after a fetch.

        Raises :class:`PyJWKClientConnectionError` or :class:`PyJWKClientError` if there
        are none, or with ``refresh`` if the fetch failed.
        """
        if refresh or not self._caches:
            self._keeper.refresh()
            self._fetch()
        elif self._keeper.is_due():
            # If it fails, the keys that are there stay in use.
            with suppress(PyJWKClientError):
                self._fetch()
        return self._current()[0]

    def get_signing_keys(self, refresh: bool = False) -> list[PyJWK]:
        """Return the keys that have a ``kid`` and are for signatures."""
        return _signing_keys(self.get_jwk_set(refresh))

    def get_signing_key(self, kid: str) -> PyJWK:
        """Return the key with this ``kid``, which may have been published a moment ago.

        Raises :class:`PyJWKClientError` if there is none.
        """
        _signing_keys(self.get_jwk_set())
        found = self._current()[1].get(kid)
        if found is None and kid is not None and self._keeper.unknown_kid():
            self._fetch()
        found = found or self._current()[1].get(kid)
        if found is None:
            raise PyJWKClientError(f'Unable to find a signing key that matches: "{kid}"')
        return found

    def get_signing_key_from_jwt(self, token: Union[str, bytes]) -> PyJWK:
        """Return the key that the ``kid`` of an unverified token names."""
        header = decode_complete(token, options={"verify_signature": False})["header"]
        return self.get_signing_key(header.get("kid"))

    @staticmethod
    def match_kid(signing_keys: list[PyJWK], kid: str) -> Optional[PyJWK]:
        """Return the key among these that has this ``kid``."""
        return next((key for key in signing_keys if key.key_id == kid), None)

    def _current(self) -> tuple[PyJWKSet, dict[str, PyJWK]]:
        """Return the keys in force, parsed once, and those for signatures by ``kid``."""
        if not self._keeper.has_keys():
            raise _error(self._keeper.none())
        number, parsed = self._keeper.number, self._set
        if parsed is None or parsed[0] != number:
            keys = PyJWKSet.from_json(self._keeper.text())
            by_kid = {str(key.key_id): key for key in reversed(_usable(keys))}
            self._set = parsed = (number, keys, by_kid)
        return parsed[1:]

    def _fetch(self) -> None:
        """Make the requests that are due, or wait for the thread that does."""
        fault: Optional[Fault] = None
        with self._keeper.turn(self.timeout + 1) as is_mine:
            if not is_mine:
                fault = self._keeper.fault
            for url, fields in self._keeper.requests() if is_mine else ():
                try:
                    fault = None
                    self._keeper.answer(self._answer(url, fields))
                except Fault as refused:
                    fault = refused
        if fault is not None:
            raise _error(fault) from fault

    def _answer(self, url: str, fields: dict[str, str]) -> Answer:
        if type(self).fetch_data is PyJWKClient.fetch_data:
            return self._request(url, fields)
        try:
            return Answer(200, [], json.dumps(self.fetch_data()).encode())
        except PyJWKClientError as failed:
            return Answer(None, [], b"", failed)

    def _request(self, url: str, fields: dict[str, str]) -> Answer:
        handlers: list[Any] = [_NoRedirects()]
        if self.ssl_context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=self.ssl_context))
        request = urllib.request.Request(url, headers={**self.headers, **fields})
        try:
            opener = urllib.request.build_opener(*handlers)
            with opener.open(request, timeout=self.timeout) as response:
                body = response.read(self._keeper.most_bytes + 1)
                return Answer(response.status, response.getheaders(), body)
        except HTTPError as refused:
            with refused:
                return Answer(refused.code, list(refused.headers.items()), b"", refused)
        except (OSError, HTTPException) as failed:
            return Answer(None, [], b"", failed)


def _usable(keys: PyJWKSet) -> list[PyJWK]:
    return [key for key in keys.keys if key.public_key_use in ("sig", None) and key.key_id]


def _signing_keys(keys: PyJWKSet) -> list[PyJWK]:
    found = _usable(keys)
    if not found:
        raise PyJWKClientError("The JWKS endpoint did not contain any signing keys")
    return found


def _error(fault: Fault) -> PyJWKClientError:
    if fault.is_of_connection:
        return PyJWKClientConnectionError(f'Fail to fetch data from the url, err: "{fault}"')
    return PyJWKClientError(str(fault))
