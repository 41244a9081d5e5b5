"""Verifying many tokens at once."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Callable, NamedTuple, Optional, Protocol

from . import _columns, _output, _pool
from ._codes import Code
from ._errors import check, code_of
from ._header import (
    FROM_CACHE,
    HAS_EXP,
    HAS_IAT,
    HAS_NBF,
    NONE,
    REPEATED,
    SIGNATURE_OK,
    BatchOptions,
    BatchReport,
    Failure,
    Watch,
)
from ._library import library
from ._output import schema as schema
from ._values import Instant, seconds

#: A batch with fewer rows is done before anybody could interrupt it.
_SHORT = 512
#: How often the waiting thread checks for signals and progress, in seconds.
_PULSE = 0.05
# The function of the library itself: the batch's threads never enter the interpreter.
_WATCH = ctypes.cast(library.jot_watch_progress, ctypes.c_void_p).value

_FORMATS = {1: "B", 4: "I", 8: "q"}


class Row(NamedTuple):
    """The verdict of one row."""

    #: 0 for an accepted token, otherwise the first rule that it broke.
    code: Code
    #: Whether the signature held, independent of the claims.
    signature_ok: bool
    #: Whether the verifier's cache held the token.
    from_cache: bool
    #: Whether an earlier row has the same token.
    repeated: bool
    #: The number of the issuer whose key verified; ``None`` if none did.
    issuer_index: Optional[int]
    #: The index of the key in its set; ``None`` if none verified.
    key_index: Optional[int]
    #: The whole seconds of ``exp``, rounded towards the past; ``None`` without ``exp``.
    expires_at: Optional[int]
    #: The whole seconds of ``nbf``, likewise.
    not_before: Optional[int]
    #: The whole seconds of ``iat``, likewise.
    issued_at: Optional[int]


class Verdicts:
    """The verdicts of a batch as plain columns, in the order of the tokens.

    The columns are numpy arrays if numpy is imported, otherwise memoryviews.
    ``verdicts[i]`` returns a row with named values.
    """

    __slots__ = (*(name for name, _ in _output.VERDICTS), "accepted", "distinct")

    #: The code of each row as a number; 0 is accepted, 207 is a row without a token.
    codes: Any
    #: ``SIGNATURE_OK`` 1, ``FROM_CACHE`` 2, ``REPEATED`` 4, ``HAS_EXP`` 8,
    #: ``HAS_NBF`` 16, ``HAS_IAT`` 32, or-ed together.
    flags: Any
    #: The number of the issuer whose key verified; 2^32 - 1 if none did.
    issuer_index: Any
    #: The index of the key in its set; 2^32 - 1 if none verified.
    key_index: Any
    #: The whole seconds of ``exp``, rounded towards the past; 0 if unknown.
    expires_at: Any
    #: The whole seconds of ``nbf``, likewise.
    not_before: Any
    #: The whole seconds of ``iat``, likewise.
    issued_at: Any
    #: The number of accepted rows.
    accepted: int
    #: The number of distinct tokens, counted within each chunk.
    distinct: int

    def __init__(self, buffers: Iterable[object], rows: int, accepted: int, distinct: int) -> None:
        """Made by :meth:`Verifier.verify_batch` from the columns that it filled."""
        numpy = sys.modules.get("numpy")
        for buffer, (name, width) in zip(buffers, _output.VERDICTS):
            octets: Any = memoryview(buffer).cast("B")  # type: ignore[arg-type]
            column = octets[: rows * width].cast(_FORMATS[width])
            setattr(self, name, column if numpy is None else numpy.asarray(column))
        self.accepted, self.distinct = accepted, distinct

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def __getitem__(self, row: int) -> Row:
        """Return the verdict of a row."""
        flags = int(self.flags[row])
        return Row(
            code_of(int(self.codes[row])),
            bool(flags & SIGNATURE_OK),
            bool(flags & FROM_CACHE),
            bool(flags & REPEATED),
            _index(self.issuer_index[row]),
            _index(self.key_index[row]),
            int(self.expires_at[row]) if flags & HAS_EXP else None,
            int(self.not_before[row]) if flags & HAS_NBF else None,
            int(self.issued_at[row]) if flags & HAS_IAT else None,
        )

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the verdicts row by row."""
        return (self[row] for row in range(len(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        columns = [bytearray(memoryview(getattr(self, name)).cast("B")) for name, _ in _output.VERDICTS]
        return (Verdicts, (columns, len(self), self.accepted, self.distinct))

    def __repr__(self) -> str:
        return f"<jot.Verdicts rows={len(self)} accepted={self.accepted} distinct={self.distinct}>"


def _index(number: Any) -> Optional[int]:
    return None if number == NONE else int(number)


class Handled(Protocol):
    """A verifier: the engine's handle lives as long as this object."""

    @property
    def _handle(self) -> Optional[int]: ...


def verify_batch(
    verifier: Handled,
    tokens: Any,
    now: Optional[Instant] = None,
    as_of: Any = None,
    threads: Optional[int] = None,
    progress: Optional[Callable[[int, int], object]] = None,
    claims: Iterable[str] = (),
    columns: Iterable[str] = (),
) -> Any:
    """Verify a column of tokens; each gets the verdict of ``Verifier.verify``.

    ``tokens`` is a list of ``str``, ``bytes`` or ``None``, a numpy array, a
    pyarrow ``Array`` or ``ChunkedArray`` (string, binary, their large and view
    types, dictionary; sliced; with nulls), or another column with Arrow's C data
    interface, such as a Polars series. Bytes and Arrow columns are not copied; do
    not change them during the call.

    ``now`` is the instant to judge at; ``as_of`` gives one for each row instead:
    integers, datetimes, numpy ``datetime64`` or an Arrow timestamp column. A null is an
    instant that is unknown: the token is never accepted, and ``time_unknown`` if it
    meets every rule that needs no instant.
    ``threads`` is the number of threads, by default one for each processor; 1 means
    only the caller's. The call releases Python's global lock. It calls ``progress``
    several times a second with the number of distinct tokens done so far and their
    total; an exception of ``progress`` cancels the batch. So does Ctrl-C.

    Returns a ``pyarrow.RecordBatch`` for Arrow columns, with the columns ``code``,
    ``name``, ``accepted``, ``signature_ok``, ``from_cache``, ``repeated``,
    ``issuer_index``, ``key_index``, ``expires_at``, ``not_before`` and ``issued_at``;
    otherwise :class:`Verdicts`. ``claims``, only for Arrow columns, adds a column for
    each of ``iss``, ``sub`` and ``jti`` that it names. A row has the claim if it is a
    string and the token's signature holds, accepted or not.
    ``columns``, only for Arrow columns, adds those of these columns that it names:

    - ``time_ok``: whether the dates of the token and of its key were met; null if the
      token was rejected before its dates were checked, or if its instant is unknown
    - ``expired_by_seconds``: the row's instant minus ``expires_at``, for ``expired``
    - ``key_state``: the state of the verifying key at the row's instant: ``active``,
      ``retired`` or ``not_yet_valid``; ``unknown`` if no key has the ``kid``
    - ``unverified_alg`` and ``unverified_kid``: the header's values, cut at 256
      characters, unverified unless ``signature_ok``; null if the header is not as
      strictly encoded as that of an accepted token

    >>> import jot
    >>> key = jot.SigningKey.generate("ES256", kid="1")
    >>> verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"])
    >>> tokens = [jot.encode({"exp": exp}, key) for exp in (1_000, 2_000)]
    >>> [row.code.name for row in verifier.verify_batch(tokens, now=1_500)]
    ['EXPIRED', 'ACCEPTED']
    >>> [row.code.name for row in verifier.verify_batch(tokens, as_of=[999, 2_000])]
    ['ACCEPTED', 'EXPIRED']
    """
    arrow, wanted = _columns.is_arrow(tokens), _output.Wanted(claims, columns)
    for name in ("claims", "columns"):
        if getattr(wanted, name) and not arrow:
            raise TypeError(f"{name} are for Arrow columns")
    found = _columns.parts(tokens)
    rows = sum(part.rows for part in found)
    output = _output.Output(rows, _output.arrow_buffer if arrow else _output.plain_buffer, wanted)
    options = BatchOptions(size=ctypes.sizeof(BatchOptions))
    instants: Optional[_columns.Instants] = None
    if as_of is not None:
        if now is not None:
            raise ValueError("give now or as_of, not both")
        instants = _columns.instants(as_of, rows, seconds)
    else:
        options.now = int(time.time()) if now is None else seconds(now, "now")
    if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int)):
        raise TypeError(f"threads must be int, not {type(threads).__name__}")
    if threads is not None and not 1 <= threads <= 1024:
        raise ValueError("threads must be from 1 to 1024")
    if progress is not None and not callable(progress):
        raise TypeError("progress must be a function")
    work = _Work(verifier, found, output, options, instants, threads or 0)
    work.run(progress)
    if arrow:
        return _output.record_batch(output)
    return Verdicts(output.buffers, rows, work.accepted, work.distinct)


class _Work:
    """The calls that a batch takes, one for each part."""

    def __init__(
        self,
        verifier: Handled,
        parts: list[_columns.Part],
        output: _output.Output,
        options: BatchOptions,
        instants: Optional[_columns.Instants],
        threads: int,
    ) -> None:
        self.verifier, self.parts, self.output, self.options = verifier, parts, output, options
        self.instants, self.threads = instants, threads
        self.watch = Watch()
        self.before = 0
        self.accepted = self.distinct = 0
        self.fault: Optional[BaseException] = None
        #: Whether the thread has reached the point where it reads ``cancel``.
        self.begun = False
        options.progress, options.user = _WATCH, ctypes.addressof(self.watch)

    def calls(self) -> None:
        """Verify part after part, in this thread."""
        batch = _pool.take(self.threads)
        row = 0
        for part in self.parts:
            if self.watch.cancel:
                break
            self.watch.done = self.watch.total = 0
            if self.instants is not None:
                self.options.as_of, self.options.as_of_known = self.instants.of_row(row)
            report, why = BatchReport(size=ctypes.sizeof(BatchReport)), Failure(size=ctypes.sizeof(Failure))
            code = library.jot_batch_verify(
                batch.handle,
                self.verifier._handle,
                ctypes.byref(part.column),
                ctypes.byref(self.options),
                ctypes.byref(self.output.part(row)),
                ctypes.byref(report),
                ctypes.byref(why),
            )
            check(code, why)
            self.output.take_texts(batch)
            self.accepted += report.accepted
            self.distinct += report.distinct
            row += part.rows
            # In this order: `tell` must not add a part to itself.
            self.watch.total = 0
            self.before += report.distinct
        _pool.put(batch)

    def in_thread(self, done: threading.Event) -> None:
        """Verify in a separate thread and signal the end."""
        # Set before `cancel` is read: a caller that sets `cancel` and then finds this
        # unset knows that nothing will be verified.
        self.begun = True
        try:
            self.calls()
        except BaseException as fault:  # Raised again by the waiting thread.
            self.fault = fault
        finally:
            done.set()

    def run(self, progress: Optional[Callable[[int, int], object]]) -> None:
        """Verify while handling signals and calling ``progress``."""
        interruptible = threading.current_thread() is threading.main_thread()
        if progress is None and (not interruptible or self.output.rows < _SHORT):
            self.calls()
            return
        done = threading.Event()
        worker = threading.Thread(target=self.in_thread, args=(done,), name="jot-batch", daemon=True)
        try:
            # Ctrl-C may come while the thread starts.
            worker.start()
            told = (-1, -1)
            while not done.wait(_PULSE):
                told = self.tell(progress, told)
            worker.join()
        except BaseException:
            self.watch.cancel = 1
            # The threads write into the columns until they have stopped.
            self.wait(done)
            raise
        if self.fault is not None:
            raise self.fault
        if progress is not None and told != (self.before, self.before):
            progress(self.before, self.before)

    def tell(
        self, progress: Optional[Callable[[int, int], object]], told: tuple[int, int]
    ) -> tuple[int, int]:
        """Report the progress, if it has changed."""
        before, done, total = self.before, self.watch.done, self.watch.total
        # Between two parts, and while a part ends, there is nothing to tell.
        if progress is None or not total or before != self.before:
            return told
        now = (before + done, before + total)
        if now != told:
            progress(*now)
        return now

    def wait(self, done: threading.Event) -> None:
        """Wait for a thread that has begun, even if signals arrive."""
        while self.begun and not done.is_set():
            try:
                done.wait(_PULSE)
            except BaseException:  # The first signal's exception is about to be raised.
                continue
