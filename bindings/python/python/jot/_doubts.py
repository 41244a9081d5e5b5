"""What is logged of HMAC secrets that may not have been meant as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from .keys import KeySet
from .signing import decode_unverified


class Doubts:
    """The doubts about the secrets of a verifier; each is told once."""

    __slots__ = ("_sets", "_texts")

    def __init__(self, sets: Iterable[KeySet]) -> None:
        self._sets = sets
        self._texts: Optional[list[str]] = None

    def any(self) -> bool:
        """Whether something is left to be told."""
        if self._texts is None:
            found = [keys.secret_doubt for keys in self._sets]
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
