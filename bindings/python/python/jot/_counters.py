"""What a verifier tells about its work."""

from __future__ import annotations

import ctypes
from typing import Optional

from ._codes import Code
from ._errors import check
from ._header import Statistics
from ._library import library
from ._values import algorithms, written


class Counters:
    """The part of a verifier that counts."""

    __slots__ = ()
    _handle: Optional[int]

    def statistics(self) -> dict[str, int]:
        """Return the counters of the verifier since it was built: ``accepted``,
        ``refused``, ``cache_hits``, ``cache_misses``, ``cache_evictions``,
        ``cache_bytes``."""
        counts = Statistics(size=ctypes.sizeof(Statistics))
        check(library.jot_verifier_statistics(self._handle, ctypes.byref(counts)))
        return {name: int(getattr(counts, name)) for name, *_ in Statistics._fields_ if name != "size"}

    def backend_name(self, algorithm: str) -> str:
        """Return the name of the code that verifies signatures under an algorithm.

        >>> import jot
        >>> keys = jot.SigningKey.generate("ES256").public_keys()
        >>> jot.Verifier(keys, algorithms=["ES256"]).backend_name("ES256")
        'aws-lc'
        """
        number = algorithms([algorithm])[0]
        name = library.jot_verifier_backend_name(self._handle, number)
        return ctypes.string_at(name.ptr, name.len).decode()

    def verdicts(self) -> dict[str, int]:
        """Return how often each code was the verdict, by name."""
        counts = ((code, library.jot_verifier_verdicts(self._handle, int(code))) for code in Code)
        return {code.name.lower(): int(count) for code, count in counts if count}

    def prometheus(self) -> str:
        """Write the counters in the Prometheus text format (version 0.0.4)."""
        return written(lambda out, _: library.jot_verifier_prometheus(self._handle, out)).decode()
