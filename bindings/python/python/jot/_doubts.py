"""What is logged of HMAC secrets that may not have been meant as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from .keys import KeySet
from .signing import decode_unverified


class Doubts:
    """The doubts about the secrets of a verifier; each is told once."""

    __slots__ = ("_keys", "_texts")

    def __init__(self, keys: Any) -> None:
        self._keys = keys
        self._texts: Optional[list[str]] = None

    def any(self) -> bool:
        """Whether something is left to be told."""
        if self._texts is None:
            sets = self._keys.values() if isinstance(self._keys, Mapping) else [self._keys]
            found = [keys.secret_doubt for keys in sets if isinstance(keys, KeySet)]
            self._texts = sorted({doubt for doubt in found if doubt})
        return bool(self._texts)

    def tell(self, token: bytes) -> None:
        """Log what is left, if the token, whose signature does not hold, has an HMAC."""
        if not decode_unverified(token).header["alg"].startswith("HS"):
            return
        texts, self._texts = self._texts, []
        import logging  # Only here: it takes some milliseconds.

        for text in texts or ():
            logging.getLogger("jot").warning("a signature does not hold, and %s", text)
