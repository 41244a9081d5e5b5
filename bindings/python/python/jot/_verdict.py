"""Reads the verdict of the library on one token."""

from __future__ import annotations

import ctypes

from ._codes import Code
from ._errors import InvalidArgument, Rejected, code_of
from ._header import FROM_CACHE, HAS_EXP, HAS_IAT, HAS_NBF, NONE, SIGNATURE_OK
from ._header import Verdict as RawVerdict
from ._values import algorithm_name, copied, from_json
from .claims import Verdict


def refused(code: int, verdict: RawVerdict) -> Exception:
    """Return the exception for a token that was not accepted."""
    if 100 <= code < 200:
        return InvalidArgument(code)
    offset = verdict.fault_offset
    return Rejected(
        code,
        copied(verdict.fault_claim, verdict.fault_claim_len),
        None if offset == NONE else offset,
        bool(verdict.flags & SIGNATURE_OK),
    )


def judged(code: int, verdict: RawVerdict) -> Verdict:
    """Return everything that the library said about a token."""
    flags = verdict.flags
    claims = None
    # The library did not parse a Claims Set that it rejected for its syntax; Python
    # must not parse it either.
    if verdict.payload_len and not 600 <= code < 610 and code != Code.CLAIMS_TOO_DEEP:
        claims = from_json(ctypes.string_at(verdict.payload, verdict.payload_len))
    return Verdict(
        code=code_of(code),
        signature_ok=bool(flags & SIGNATURE_OK),
        from_cache=bool(flags & FROM_CACHE),
        algorithm=algorithm_name(verdict.alg),
        kid=copied(verdict.kid, verdict.kid_len),
        issuer_index=None if verdict.issuer_index == NONE else verdict.issuer_index,
        key_index=None if verdict.key_index == NONE else verdict.key_index,
        expires_at=verdict.expires_at if flags & HAS_EXP else None,
        not_before=verdict.not_before if flags & HAS_NBF else None,
        issued_at=verdict.issued_at if flags & HAS_IAT else None,
        claim=copied(verdict.fault_claim, verdict.fault_claim_len),
        claims=claims,
    )
