"""Judging the tokens of logs as of when they were used, on any Arrow engine.

An :class:`Audit` takes record batches with a column of tokens and one of times,
and gives record batches with the verdicts. It can be pickled and sent to
workers, each of which builds the verifier once. :mod:`jot.spark` and
:mod:`jot.dask` hand it to Spark and Dask; DuckDB and Polars take it as it is.
Needs pyarrow.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional, Union

from ._codes import Code
from .keys import KeySet
from .verifier import Verifier

#: The codes that say that the dates of a token, or of its key, were not met.
_UNTIMELY = (
    Code.KEY_NOT_YET_VALID,
    Code.KEY_RETIRED,
    Code.ISSUED_IN_FUTURE,
    Code.TOO_OLD,
    Code.NOT_YET_VALID,
    Code.EXPIRED,
)
#: The longest ``alg`` or ``kid`` of somebody else's that is shown.
_LONGEST = 256

#: The verifiers of this process, by the name of their audit.
_verifiers: dict[str, Verifier] = {}


class Audit:
    """A policy and keys, and where the tokens and times are.

    Keys are ``dated``: the members ``nbf`` and ``exp`` of a JWK say when it was in
    force, so that a key that was rotated out last month still verifies last
    month's tokens and not this month's.

    >>> import jot, jot.audit, pyarrow as pa
    >>> key = jot.SigningKey.generate("ES256", kid="1")
    >>> audit = jot.audit.Audit({"https://issuer": key.public_keys()}, algorithms=["ES256"], keep=["path"])
    >>> token = jot.encode({"iss": "https://issuer", "exp": 2_000}, key)
    >>> rows = pa.record_batch({"token": [token, token], "time": [1_000, 3_000], "path": ["/a", "/b"]})
    >>> found = audit.judge(rows)
    >>> found.select(["path", "name", "valid_at_use", "expired_by_seconds", "kid"]).to_pylist()[1]
    {'path': '/b', 'name': 'expired', 'valid_at_use': False, 'expired_by_seconds': 1000, 'kid': '1'}
    """

    def __init__(
        self,
        keys: Union[KeySet, Mapping[str, KeySet]],
        *,
        token: str = "token",
        time: str = "time",
        keep: Sequence[str] = (),
        threads: int = 1,
        **rules: Any,
    ) -> None:
        """Take keys and ``rules`` as :class:`Verifier` does.

        ``token`` and ``time`` name the columns: strings or binaries, and seconds
        since 1970 or timestamps without nulls. The columns ``keep`` stand in
        front of the verdicts. ``threads`` is 1 because engines make use of each
        processor themselves.
        """
        self.token, self.time, self.keep = token, time, tuple(keep)
        self.threads = threads
        self.name = uuid.uuid4().hex
        # So that a mistake shows here and not on the workers.
        verifier = Verifier(keys, **rules)
        self.keys, self.rules = keys, rules
        self.issuers = verifier.issuers

    @property
    def verifier(self) -> Verifier:
        """The verifier of this process."""
        found = _verifiers.get(self.name)
        if found is None:
            found = _verifiers.setdefault(self.name, Verifier(self.keys, **self.rules))
        return found

    @property
    def columns(self) -> list[str]:
        """The columns that it reads."""
        return list(dict.fromkeys([self.token, self.time, *self.keep]))

    def schema(self, given: Any) -> Any:
        """Return the ``pyarrow.Schema`` of what comes out for what is given."""
        import pyarrow

        return pyarrow.schema([*(given.field(name) for name in self.keep), *verdict_fields()])

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Judge batch after batch: what Spark's ``mapInArrow`` wants."""
        for batch in batches:
            yield self.judge(batch)

    def judge(self, rows: Any) -> Any:
        """Judge the rows of a ``RecordBatch`` or ``Table``, and return the like."""
        import pyarrow
        import pyarrow.compute as compute

        tokens = rows.column(self.token)
        times = rows.column(self.time)
        if pyarrow.types.is_dictionary(tokens.type):
            tokens = tokens.cast(tokens.type.value_type)
        found = self.verifier.verify_batch(tokens, as_of=times, threads=self.threads)
        code, expires_at = found.column("code"), found.column("expires_at")
        untimely = compute.is_in(code, value_set=pyarrow.array(map(int, _UNTIMELY), pyarrow.uint32()))
        used_at = _seconds(times)
        late = compute.if_else(
            compute.equal(code, pyarrow.scalar(int(Code.EXPIRED), pyarrow.uint32())),
            compute.subtract(used_at, expires_at),
            pyarrow.scalar(None, pyarrow.int64()),
        )
        accepted = found.column("accepted")
        issuers = pyarrow.array(self.issuers, pyarrow.string())
        named = _named(tokens)
        verdicts = [
            used_at,
            code.cast(pyarrow.int32()),
            found.column("name").cast(pyarrow.string()),
            found.column("signature_ok"),
            compute.if_else(compute.or_(accepted, untimely), accepted, pyarrow.scalar(None, pyarrow.bool_())),
            accepted,
            late,
            expires_at,
            named.field(0),
            named.field(1),
            issuers.take(found.column("issuer_index")),
        ]
        kept = [rows.column(name) for name in self.keep]
        schema = self.schema(rows.schema)
        if isinstance(rows, pyarrow.Table):
            return pyarrow.Table.from_arrays([*kept, *verdicts], schema=schema)
        return pyarrow.RecordBatch.from_arrays([*kept, *verdicts], schema=schema)


def verdict_fields() -> list[Any]:
    """Return the columns of verdicts, as ``jotctl audit`` names them:

    - ``used_at``: the time of use in seconds since 1970
    - ``code`` and ``name``: 0 and ``accepted``, or the first rule that was broken
    - ``signature_ok``: whether the signature held
    - ``time_ok``: whether the dates were met; null where other things were wrong
    - ``valid_at_use``: whether the token was accepted
    - ``expired_by_seconds``: of one that had expired
    - ``expires_at``: its ``exp``, once the signature held
    - ``alg`` and ``kid``: what its header says, which nobody may have signed
    - ``issuer``: whose key verified it
    """
    import pyarrow

    return [
        pyarrow.field("used_at", pyarrow.int64()),
        pyarrow.field("code", pyarrow.int32()),
        pyarrow.field("name", pyarrow.string()),
        pyarrow.field("signature_ok", pyarrow.bool_()),
        pyarrow.field("time_ok", pyarrow.bool_()),
        pyarrow.field("valid_at_use", pyarrow.bool_()),
        pyarrow.field("expired_by_seconds", pyarrow.int64()),
        pyarrow.field("expires_at", pyarrow.int64()),
        pyarrow.field("alg", pyarrow.string()),
        pyarrow.field("kid", pyarrow.string()),
        pyarrow.field("issuer", pyarrow.string()),
    ]


_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _seconds(times: Any) -> Any:
    """Return whole seconds, rounded towards the past."""
    import pyarrow
    import pyarrow.compute as compute

    if isinstance(times, pyarrow.ChunkedArray):
        chunks = [_seconds(chunk) for chunk in times.chunks]
        return pyarrow.concat_arrays(chunks) if chunks else pyarrow.array([], pyarrow.int64())
    if not pyarrow.types.is_timestamp(times.type):
        return times.cast(pyarrow.int64())
    counts, unit = times.view(pyarrow.int64()), _UNITS[times.type.unit]
    whole = compute.divide(counts, unit)
    # Division rounds towards zero, which before 1970 is the future.
    behind = compute.less(compute.subtract(counts, compute.multiply(whole, unit)), 0)
    return compute.subtract(whole, behind.cast(pyarrow.int64()))


def _named(tokens: Any) -> Any:
    """Return a struct of ``alg`` and ``kid`` as the headers name them.

    Most tokens have one of a few headers, so that each is read once.
    """
    import pyarrow
    import pyarrow.compute as compute

    if isinstance(tokens, pyarrow.ChunkedArray):
        chunks = [_named(chunk) for chunk in tokens.chunks]
        kind = pyarrow.struct([("alg", pyarrow.string()), ("kid", pyarrow.string())])
        return pyarrow.concat_arrays(chunks) if chunks else pyarrow.array([], kind)
    if "view" in str(tokens.type):
        tokens = tokens.cast(
            pyarrow.large_binary() if "binary" in str(tokens.type) else pyarrow.large_string()
        )
    heads = compute.extract_regex(tokens, r"^(?P<header>[^.]*)")
    heads = heads.field(0) if isinstance(heads, pyarrow.StructArray) else heads
    encoded = heads.dictionary_encode()
    read = [_header(head) for head in encoded.dictionary.to_pylist()]
    columns = [pyarrow.array([row[place] for row in read], pyarrow.string()) for place in (0, 1)]
    taken = [column.take(encoded.indices) for column in columns]
    return pyarrow.StructArray.from_arrays(taken, names=["alg", "kid"])


def _header(segment: Union[str, bytes, None]) -> tuple[Optional[str], Optional[str]]:
    """Return what a header names, as far as it can be read at all."""
    if not segment:
        return None, None
    octets = segment.encode() if isinstance(segment, str) else segment
    try:
        if len(octets) > 16_384:
            raise ValueError
        header = json.loads(base64.b64decode(octets + b"=" * (-len(octets) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(header, dict):
        return None, None
    values = (header.get("alg"), header.get("kid"))
    alg, kid = (value[:_LONGEST] if isinstance(value, str) else None for value in values)
    return _plain(alg), _plain(kid)


def _plain(text: Optional[str]) -> Optional[str]:
    """Return a text that is UTF-8 as it must be: without lone surrogates."""
    return None if text is None else text.encode("utf-8", "replace").decode()
