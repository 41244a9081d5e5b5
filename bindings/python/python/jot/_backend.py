"""What is to be told of accelerated code that was wrong."""

from __future__ import annotations

import ctypes
import threading
from typing import Optional

from ._library import library
from ._values import written

_told = ctypes.c_uint64()
_lock = threading.Lock()


def backend_news() -> Optional[str]:
    """Return one line for a log if accelerated code was found wrong since the last call
    in this process, or ``None``. The code is not used any more; the processor, its
    memory or the code is faulty, so tell somebody.

    The line ends in ``(backend_disagreement)`` if aws-lc denied a signature that the
    code had accepted, in ``(backend_check_failed)`` if what it computed of a key did not
    pass its check, in ``(backend_self_test_failed)`` if it gave a wrong known answer
    before its first use.

    >>> import jot
    >>> jot.backend_news() is None
    True
    """
    with _lock:
        line = written(lambda out, _: library.jot_backend_news(ctypes.byref(_told), out))
    return line.decode() or None
