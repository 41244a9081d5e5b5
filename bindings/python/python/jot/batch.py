"""Verifying many tokens at once."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Callable, NamedTuple, Optional, Protocol

from . import _columns, _pool
from ._codes import Code
from ._errors import check, code_of
from ._library import (
    CLAIM_ISSUER,
    CLAIM_JWT_ID,
    CLAIM_SUBJECT,
    FROM_CACHE,
    HAS_EXP,
    HAS_IAT,
    HAS_NBF,
    NONE,
    REPEATED,
    SIGNATURE_OK,
    BatchOptions,
    BatchReport,
    ColumnsOut,
    Failure,
    TextColumn,
    Watch,
    library,
)
from ._values import Instant, seconds

#: A batch with fewer rows is done before anybody could interrupt it.
_SHORT = 512
#: How often the waiting thread checks for signals and progress, in seconds.
_PULSE = 0.05
# The function of the library itself: the batch's threads never enter the interpreter.
_WATCH = ctypes.cast(library.jot_watch_progress, ctypes.c_void_p).value

_COLUMNS = (
    ("codes", 4),
    ("flags", 1),
    ("issuer_index", 4),
    ("key_index", 4),
    ("expires_at", 8),
    ("not_before", 8),
    ("issued_at", 8),
)
_FORMATS = {1: "B", 4: "I", 8: "q"}
_CLAIMS = {"iss": CLAIM_ISSUER, "sub": CLAIM_SUBJECT, "jti": CLAIM_JWT_ID}


class Handled(Protocol):
    """A verifier: the engine's handle lives as long as this object."""

    @property
    def _handle(self) -> Optional[int]: ...


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

    __slots__ = (*(name for name, _ in _COLUMNS), "accepted", "distinct")

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
        for buffer, (name, width) in zip(buffers, _COLUMNS):
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
        columns = [bytearray(memoryview(getattr(self, name)).cast("B")) for name, _ in _COLUMNS]
        return (Verdicts, (columns, len(self), self.accepted, self.distinct))

    def __repr__(self) -> str:
        return f"<jot.Verdicts rows={len(self)} accepted={self.accepted} distinct={self.distinct}>"


def _index(number: Any) -> Optional[int]:
    return None if number == NONE else int(number)


class _Output:
    """The columns that the library fills, and the claims that it keeps."""

    def __init__(
        self, rows: int, buffer: Callable[[int], tuple[object, int]], claims: tuple[str, ...]
    ) -> None:
        self.rows = rows
        #: The copied texts of each claim, part by part.
        self.texts: dict[str, list[Any]] = {name: [] for name in claims}
        self.bits = sum(_CLAIMS[name] for name in claims)
        self.buffers: list[object] = []
        self.places: list[int] = []
        for _, width in _COLUMNS:
            made, at = buffer(max(rows * width, 1))
            self.buffers.append(made)
            self.places.append(at)

    def part(self, row: int) -> ColumnsOut:
        """The columns from a row onwards."""
        places = {name: at + row * width for (name, width), at in zip(_COLUMNS, self.places)}
        return ColumnsOut(size=ctypes.sizeof(ColumnsOut), claims=self.bits, **places)

    def take_texts(self, batch: _pool.Batch) -> None:
        """Copy the claims of the part that the batch has just verified."""
        for name, texts in self.texts.items():
            column, why = TextColumn(size=ctypes.sizeof(TextColumn)), Failure(size=ctypes.sizeof(Failure))
            code = library.jot_batch_claim(
                batch.handle, _CLAIMS[name], ctypes.byref(column), ctypes.byref(why)
            )
            check(code, why)
            texts.append(_text_array(column))


def _plain_buffer(size: int) -> tuple[object, int]:
    made = (ctypes.c_uint64 * ((size + 7) // 8))()
    return made, ctypes.addressof(made)


def _arrow_buffer(size: int) -> tuple[object, int]:
    import pyarrow

    made = pyarrow.allocate_buffer(size)
    return made, int(made.address)


def _text_array(column: TextColumn) -> Any:
    import pyarrow

    places = (
        (column.validity, (column.rows + 7) // 8),
        (column.offsets, 8 * (column.rows + 1)),
        (column.data, column.data_len),
    )
    buffers = []
    for at, size in places:
        made, place = _arrow_buffer(size)
        if size:
            ctypes.memmove(place, at, size)
        buffers.append(made)
    return pyarrow.Array.from_buffers(pyarrow.large_string(), column.rows, buffers)


def _claims(names: object) -> tuple[str, ...]:
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError("claims must be several names")
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in _CLAIMS:
            raise ValueError(f"claims must be of {', '.join(_CLAIMS)}, not {name!r}")
    return wanted


def verify_batch(
    verifier: Handled,
    tokens: Any,
    now: Optional[Instant] = None,
    as_of: Any = None,
    threads: Optional[int] = None,
    progress: Optional[Callable[[int, int], object]] = None,
    claims: Iterable[str] = (),
) -> Any:
    """Verify a column of tokens; each gets the verdict of ``Verifier.verify``.

    ``tokens`` is a list of ``str``, ``bytes`` or ``None``, a numpy array, a
    pyarrow ``Array`` or ``ChunkedArray`` (string, binary, their large and view
    types, dictionary; sliced; with nulls), or another column with Arrow's C data
    interface, such as a Polars series. Bytes and Arrow columns are not copied; do
    not change them during the call.

    ``now`` is the instant to judge at; ``as_of`` gives one for each row instead:
    integers, datetimes, numpy ``datetime64`` or an Arrow timestamp column.
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

    >>> import jot
    >>> key = jot.SigningKey.generate("ES256", kid="1")
    >>> verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"])
    >>> tokens = [jot.encode({"exp": exp}, key) for exp in (1_000, 2_000)]
    >>> [row.code.name for row in verifier.verify_batch(tokens, now=1_500)]
    ['EXPIRED', 'ACCEPTED']
    >>> [row.code.name for row in verifier.verify_batch(tokens, as_of=[999, 2_000])]
    ['ACCEPTED', 'EXPIRED']
    """
    arrow, wanted = _columns.is_arrow(tokens), _claims(claims)
    if wanted and not arrow:
        raise TypeError("claims are for Arrow columns")
    found = _columns.parts(tokens)
    rows = sum(part.rows for part in found)
    output = _Output(rows, _arrow_buffer if arrow else _plain_buffer, wanted)
    options = BatchOptions(size=ctypes.sizeof(BatchOptions))
    kept: object = None
    if as_of is not None:
        if now is not None:
            raise ValueError("give now or as_of, not both")
        options.as_of, kept = _columns.instants(as_of, rows, seconds)
    else:
        options.now = int(time.time()) if now is None else seconds(now, "now")
    if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int)):
        raise TypeError(f"threads must be int, not {type(threads).__name__}")
    if threads is not None and not 1 <= threads <= 1024:
        raise ValueError("threads must be from 1 to 1024")
    if progress is not None and not callable(progress):
        raise TypeError("progress must be a function")
    work = _Work(verifier, found, output, options, threads or 0)
    work.run(progress)
    del kept
    if arrow:
        return _record_batch(output)
    return Verdicts(output.buffers, rows, work.accepted, work.distinct)


class _Work:
    """The calls that a batch takes, one for each part."""

    def __init__(
        self,
        verifier: Handled,
        parts: list[_columns.Part],
        output: _Output,
        options: BatchOptions,
        threads: int,
    ) -> None:
        self.verifier, self.parts, self.output, self.options = verifier, parts, output, options
        self.threads = threads
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
        first_instant, row = self.options.as_of, 0
        for part in self.parts:
            if self.watch.cancel:
                break
            self.watch.done = self.watch.total = 0
            if first_instant:
                self.options.as_of = first_instant + 8 * row
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
        total = self.watch.total
        if progress is None or not total:
            return told
        now = (self.before + self.watch.done, self.before + total)
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


def schema(claims: Iterable[str] = ()) -> Any:
    """Return the ``pyarrow.Schema`` of the verdicts of Arrow columns."""
    import pyarrow

    return pyarrow.schema(
        [
            pyarrow.field("code", pyarrow.uint32(), nullable=False),
            pyarrow.field("name", pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), nullable=False),
            pyarrow.field("accepted", pyarrow.bool_(), nullable=False),
            pyarrow.field("signature_ok", pyarrow.bool_(), nullable=False),
            pyarrow.field("from_cache", pyarrow.bool_(), nullable=False),
            pyarrow.field("repeated", pyarrow.bool_(), nullable=False),
            pyarrow.field("issuer_index", pyarrow.uint32()),
            pyarrow.field("key_index", pyarrow.uint32()),
            pyarrow.field("expires_at", pyarrow.int64()),
            pyarrow.field("not_before", pyarrow.int64()),
            pyarrow.field("issued_at", pyarrow.int64()),
            *(pyarrow.field(name, pyarrow.large_string()) for name in _claims(claims)),
        ]
    )


def _record_batch(output: _Output) -> Any:
    import pyarrow
    import pyarrow.compute as compute

    rows, plain = output.rows, {}
    kinds = {4: pyarrow.uint32(), 1: pyarrow.uint8(), 8: pyarrow.int64()}
    for buffer, (name, width) in zip(output.buffers, _COLUMNS):
        plain[name] = pyarrow.Array.from_buffers(kinds[width], rows, [None, buffer])

    def flag(bit: int) -> Any:
        masked = compute.bit_wise_and(plain["flags"], pyarrow.scalar(bit, pyarrow.uint8()))
        return compute.not_equal(masked, pyarrow.scalar(0, pyarrow.uint8()))

    def masked(name: str, valid: Any) -> Any:
        column = plain[name]
        # A boolean column and a validity bitmap have the same layout.
        return pyarrow.Array.from_buffers(column.type, rows, [valid.buffers()[1], column.buffers()[1]])

    none = pyarrow.scalar(NONE, pyarrow.uint32())
    numbers = pyarrow.array([int(code) for code in Code], pyarrow.uint32())
    names = pyarrow.array([code.name.lower() for code in Code])
    indices = compute.index_in(plain["codes"], value_set=numbers).cast(pyarrow.int32())
    return pyarrow.RecordBatch.from_arrays(
        [
            plain["codes"],
            pyarrow.DictionaryArray.from_arrays(indices, names),
            compute.equal(plain["codes"], pyarrow.scalar(0, pyarrow.uint32())),
            flag(SIGNATURE_OK),
            flag(FROM_CACHE),
            flag(REPEATED),
            masked("issuer_index", compute.not_equal(plain["issuer_index"], none)),
            masked("key_index", compute.not_equal(plain["key_index"], none)),
            masked("expires_at", flag(HAS_EXP)),
            masked("not_before", flag(HAS_NBF)),
            masked("issued_at", flag(HAS_IAT)),
            *(
                pyarrow.concat_arrays(texts) if texts else pyarrow.array([], pyarrow.large_string())
                for texts in output.texts.values()
            ),
        ],
        schema=schema(output.texts),
    )
