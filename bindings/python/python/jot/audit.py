"""Judges the tokens of logs as of the time they were used, on any Arrow engine.

An :class:`Audit` takes record batches with a column of tokens and one of times,
and returns record batches with the verdicts. It can be pickled and sent to
workers, each of which builds the verifier once. :mod:`jot.spark` and
:mod:`jot.dask` run it on Spark and Dask; DuckDB and Polars use it directly. It
needs pyarrow.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Union

from .keys import KeySet
from .verifier import Verifier

#: How many rows of a table are judged at a time: a column of texts must stay below
#: 2 GB, the limit of Arrow's strings.
_ROWS = 1 << 20
#: The columns of a batch, and their names here.
_COLUMNS = {
    "code": "code",
    "name": "name",
    "signature_ok": "signature_ok",
    "time_ok": "time_ok",
    "accepted": "valid_at_use",
    "expired_by_seconds": "expired_by_seconds",
    "expires_at": "expires_at",
    "unverified_alg": "alg",
    "unverified_kid": "kid",
    "iss": "issuer",
    "sub": "subject",
    "jti": "jti",
    "key_state": "key_state",
}
_AUDIT = ("time_ok", "expired_by_seconds", "unverified_alg", "unverified_kid", "key_state")

#: The verifiers of this process, by audit name.
_verifiers: dict[str, Verifier] = {}


class Audit:
    """A policy, keys, and the columns of tokens and times.

    Keys are ``dated``: a JWK is in force between its members ``nbf`` and ``exp``.
    A key that was rotated out last month still verifies last month's tokens, but
    not this month's.

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

        ``token`` and ``time`` name the columns: strings or binaries, and seconds since
        1970 or timestamps. A row without a time is judged by the rules that need none, and
        never accepted. The columns ``keep`` come before the verdicts.
        ``threads`` is 1 because engines use all processors themselves.
        """
        self.token, self.time, self.keep = token, time, tuple(keep)
        self.threads = threads
        self.name = uuid.uuid4().hex
        # Report a mistake here and not on the workers.
        Verifier(keys, **rules)
        self.keys, self.rules = keys, rules

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
        """Return the ``pyarrow.Schema`` of the result for the schema of the input."""
        import pyarrow

        return pyarrow.schema([*(given.field(name) for name in self.keep), *verdict_fields()])

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Judge batch after batch, as Spark's ``mapInArrow`` requires."""
        for batch in batches:
            yield self.judge(batch)

    def judge(self, rows: Any) -> Any:
        """Judge the rows of a ``RecordBatch`` or ``Table``, and return the same type."""
        import pyarrow

        schema = self.schema(rows.schema)
        if isinstance(rows, pyarrow.Table):
            judged = map(self.judge, rows.to_batches(max_chunksize=_ROWS))
            return pyarrow.Table.from_batches(judged, schema=schema)
        verdicts = self.verdicts(rows.column(self.token), rows.column(self.time))
        kept = [rows.column(name) for name in self.keep]
        return pyarrow.RecordBatch.from_arrays([*kept, *verdicts.columns], schema=schema)

    def verdicts(self, tokens: Any, times: Any) -> Any:
        """Judge arrays of tokens and times, and return the verdicts as a ``RecordBatch``."""
        import pyarrow

        found = self.verifier.verify_batch(
            tokens,
            as_of=times,
            threads=self.threads,
            claims=("iss", "sub", "jti"),
            columns=_AUDIT,
        )
        told = {name: found.column(theirs) for theirs, name in _COLUMNS.items()}
        told["used_at"] = _seconds(times)
        fields = verdict_fields()
        columns = [told[field.name].cast(field.type) for field in fields]
        return pyarrow.RecordBatch.from_arrays(columns, schema=pyarrow.schema(fields))


def verdict_fields() -> list[Any]:
    """Return the columns of verdicts, as ``jotctl audit`` names them:

    - ``used_at``: the time of use in seconds since 1970; null if it is unknown
    - ``code`` and ``name``: 0 and ``accepted``, or the first broken rule
    - ``signature_ok``: whether the signature held
    - ``time_ok``: whether the dates were met; null if another rule was broken, or if the
      time of use is unknown
    - ``valid_at_use``: whether the token was accepted
    - ``expired_by_seconds``: for an expired token
    - ``expires_at``: its ``exp``, if the signature held
    - ``alg`` and ``kid``: the values of its header, unverified unless ``signature_ok``
    - ``issuer``, ``subject`` and ``jti``: its ``iss``, ``sub`` and ``jti``, if the
      signature held
    - ``key_state``: of the key that verified it, at the time of use: ``active``,
      ``retired`` or ``not_yet_valid``; ``unknown`` if no key has its ``kid``
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
        pyarrow.field("subject", pyarrow.string()),
        pyarrow.field("jti", pyarrow.string()),
        pyarrow.field("key_state", pyarrow.string()),
    ]


_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _seconds(times: Any) -> Any:
    """Return whole seconds, rounded towards the past."""
    import pyarrow
    import pyarrow.compute as compute

    if not pyarrow.types.is_timestamp(times.type):
        return times.cast(pyarrow.int64())
    counts, unit = times.view(pyarrow.int64()), _UNITS[times.type.unit]
    whole = compute.divide(counts, unit)
    # Division rounds towards zero, which is towards the future before 1970.
    behind = compute.less(compute.subtract(counts, compute.multiply(whole, unit)), 0)
    return compute.subtract(whole, behind.cast(pyarrow.int64()))
