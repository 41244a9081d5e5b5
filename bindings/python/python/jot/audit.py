"""Judges the tokens of logs as of the time they were used, on any Arrow engine.

An :class:`Audit` takes record batches with a column of tokens and one of times,
and returns record batches with the verdicts. It can be pickled and sent to
workers, each of which builds the verifier once. :mod:`jot.spark` and
:mod:`jot.dask` run it on Spark and Dask; DuckDB and Polars use it directly. It
needs pyarrow.
"""

from __future__ import annotations

import base64
import itertools
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional, Union

from ._codes import Code
from .keys import KeySet
from .verifier import Verifier

#: The codes for dates of a token, or of its key, that were not met.
_UNTIMELY = (
    Code.KEY_NOT_YET_VALID,
    Code.KEY_RETIRED,
    Code.ISSUED_IN_FUTURE,
    Code.TOO_OLD,
    Code.NOT_YET_VALID,
    Code.EXPIRED,
)
#: How many rows of a table are judged at a time: a column of texts must stay below
#: 2 GB, the limit of Arrow's strings.
_ROWS = 1 << 20
#: Longer values of an unverified ``alg`` or ``kid`` are cut to this.
_LONGEST = 256

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
        1970 or timestamps without nulls. The columns ``keep`` come before the verdicts.
        ``threads`` is 1 because engines use all processors themselves.
        """
        self.token, self.time, self.keep = token, time, tuple(keep)
        self.threads = threads
        self.name = uuid.uuid4().hex
        # Report a mistake here and not on the workers.
        Verifier(keys, **rules)
        self.keys, self.rules = keys, rules
        sets = [keys] if isinstance(keys, KeySet) else list(keys.values())
        #: The index of the first key of each issuer among all keys.
        self.first_keys = list(itertools.accumulate(map(len, sets), initial=0))[:-1]
        #: The times from which and until which each key is in force.
        self.intervals = [(key.not_before, key.expires_at) for key in itertools.chain(*sets)]

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
        import pyarrow.compute as compute

        if isinstance(rows, pyarrow.Table):
            judged = map(self.judge, rows.to_batches(max_chunksize=_ROWS))
            return pyarrow.Table.from_batches(judged, schema=self.schema(rows.schema))
        tokens = rows.column(self.token)
        times = rows.column(self.time)
        if pyarrow.types.is_dictionary(tokens.type):
            tokens = tokens.cast(tokens.type.value_type)
        found = self.verifier.verify_batch(
            tokens, as_of=times, threads=self.threads, claims=("iss", "sub", "jti")
        )
        code, expires_at = found.column("code"), found.column("expires_at")
        untimely = compute.is_in(code, value_set=pyarrow.array(map(int, _UNTIMELY), pyarrow.uint32()))
        used_at = _seconds(times)
        late = compute.if_else(
            compute.equal(code, pyarrow.scalar(int(Code.EXPIRED), pyarrow.uint32())),
            compute.subtract(used_at, expires_at),
            pyarrow.scalar(None, pyarrow.int64()),
        )
        accepted = found.column("accepted")
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
            *(found.column(name).cast(pyarrow.string()) for name in ("iss", "sub", "jti")),
            self._key_states(found, used_at),
        ]
        kept = [rows.column(name) for name in self.keep]
        return pyarrow.RecordBatch.from_arrays([*kept, *verdicts], schema=self.schema(rows.schema))

    def _key_states(self, found: Any, used_at: Any) -> Any:
        """Return the state of each row's key at the time of use."""
        import pyarrow
        import pyarrow.compute as compute

        def has(code: Code) -> Any:
            return compute.equal(found.column("code"), pyarrow.scalar(int(code), pyarrow.uint32()))

        firsts = pyarrow.array(self.first_keys, pyarrow.int64()).take(found.column("issuer_index"))
        places = compute.add(firsts, found.column("key_index").cast(pyarrow.int64()))
        starts, ends = (
            pyarrow.array([interval[side] for interval in self.intervals], pyarrow.int64()).take(places)
            for side in (0, 1)
        )
        # The first true condition counts: the codes, which include leeway, come before
        # the bare dates.
        states = [
            (has(Code.KEY_NOT_YET_VALID), "not_yet_valid"),
            (has(Code.KEY_RETIRED), "retired"),
            (compute.less(used_at, starts), "not_yet_valid"),
            (compute.greater_equal(used_at, ends), "retired"),
            (compute.is_valid(places), "active"),
            (has(Code.KID_UNKNOWN), "unknown"),
        ]
        conditions = compute.make_struct(*(compute.fill_null(state[0], False) for state in states))
        return compute.case_when(conditions, *(pyarrow.scalar(state[1]) for state in states))


def verdict_fields() -> list[Any]:
    """Return the columns of verdicts, as ``jotctl audit`` names them:

    - ``used_at``: the time of use in seconds since 1970
    - ``code`` and ``name``: 0 and ``accepted``, or the first broken rule
    - ``signature_ok``: whether the signature held
    - ``time_ok``: whether the dates were met; null if another rule was broken
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


def _named(tokens: Any) -> Any:
    """Return a struct of ``alg`` and ``kid`` from the headers.

    Most tokens share a few headers, so each header is read once.
    """
    import pyarrow
    import pyarrow.compute as compute

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
    """Return the values of a header, if it is readable."""
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
    """Return a text without lone surrogates, which UTF-8 cannot encode."""
    return None if text is None else text.encode("utf-8", "replace").decode()
