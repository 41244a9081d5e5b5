"""The constants and structs of ``include/jot.h``."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_int64, c_size_t, c_uint32, c_void_p

#: "No such thing": no key, no issuer, no offset.
NONE = 0xFFFFFFFF

SIGNATURE_OK, FROM_CACHE, REPEATED, HAS_EXP, HAS_NBF, HAS_IAT = 1, 2, 4, 8, 16, 32
ALLOW_WEAK_KEYS, DATED_KEYS, ALL_CERTIFICATES, CERTIFICATE_VALIDITY = 1, 2, 4, 8
CLAIM_ISSUER, CLAIM_SUBJECT, CLAIM_JWT_ID = 1, 2, 4
UNVERIFIED_ALG, UNVERIFIED_KID = 1, 2
TIME_OK_UNKNOWN = 2
#: By number: none, and ``JOT_STATE_ACTIVE`` and so on.
KEY_STATES = (None, "active", "retired", "not_yet_valid", "unknown")
SLICES, ARROW32, ARROW64, ARROW_VIEWS, ARROW_DICTIONARY = 0, 1, 2, 3, 4
BOUNDED, UNSIGNED_INDICES = 1, 2
WITHOUT_TYP = 1
ATTACHED, DETACHED, UNENCODED_DETACHED = 0, 1, 2


class Slice(ctypes.Structure):
    """``jot_slice``. Bytes that are assigned to ``ptr`` are kept alive by it."""

    _fields_ = [("ptr", c_char_p), ("len", c_size_t)]


class View(ctypes.Structure):
    """A ``jot_slice`` that the library returns."""

    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]


class Failure(ctypes.Structure):
    """``jot_error``."""

    _fields_ = [("size", c_size_t), ("code", c_uint32), ("offset", c_uint32), ("name", ctypes.c_char * 48)]


class Verdict(ctypes.Structure):
    """``jot_verdict``, its views as two members each."""

    _fields_ = [
        ("size", c_size_t),
        ("code", c_uint32),
        ("flags", c_uint32),
        ("alg", c_uint32),
        ("issuer_index", c_uint32),
        ("key_index", c_uint32),
        ("fault_offset", c_uint32),
        ("expires_at", c_int64),
        ("not_before", c_int64),
        ("issued_at", c_int64),
        ("fault_claim", c_void_p),
        ("fault_claim_len", c_size_t),
        ("header", c_void_p),
        ("header_len", c_size_t),
        ("payload", c_void_p),
        ("payload_len", c_size_t),
        ("kid", c_void_p),
        ("kid_len", c_size_t),
        ("typ", c_void_p),
        ("typ_len", c_size_t),
    ]


class KeyOptions(ctypes.Structure):
    """``jot_key_options``."""

    _fields_ = [("size", c_size_t), ("alg", c_uint32), ("flags", c_uint32), ("kid", Slice)]


class KeyInfo(ctypes.Structure):
    """``jot_key_info``, its views as two members each."""

    _fields_ = [
        ("size", c_size_t),
        ("algs", c_uint32),
        ("alg", c_uint32),
        ("kid", c_void_p),
        ("kid_len", c_size_t),
        ("kty", c_void_p),
        ("kty_len", c_size_t),
        ("crv", c_void_p),
        ("crv_len", c_size_t),
        ("thumbprint", c_void_p),
        ("thumbprint_len", c_size_t),
        ("flags", c_uint32),
        ("reserved", c_uint32),
        ("not_before", c_int64),
        ("expires_at", c_int64),
    ]


class TokenColumn(ctypes.Structure):
    """``jot_tokens``."""

    _fields_ = [
        ("size", c_size_t),
        ("layout", c_uint32),
        ("flags", c_uint32),
        ("rows", c_size_t),
        ("slices", c_void_p),
        ("data", c_void_p),
        ("data_len", c_size_t),
        ("offsets", c_void_p),
        ("validity", c_void_p),
        ("offset", c_size_t),
        ("offsets_bytes", c_size_t),
        ("validity_bytes", c_size_t),
        ("buffers", c_void_p),
        ("buffer_count", c_size_t),
        ("dictionary", c_void_p),
        ("index_bytes", c_size_t),
    ]


class BatchOptions(ctypes.Structure):
    """``jot_batch_options``."""

    _fields_ = [
        ("size", c_size_t),
        ("now", c_int64),
        ("as_of", c_void_p),
        ("progress", c_void_p),
        ("user", c_void_p),
        ("as_of_known", c_void_p),
    ]


class ColumnsOut(ctypes.Structure):
    """``jot_columns``."""

    _fields_ = [
        ("size", c_size_t),
        ("codes", c_void_p),
        ("flags", c_void_p),
        ("issuer_index", c_void_p),
        ("key_index", c_void_p),
        ("expires_at", c_void_p),
        ("not_before", c_void_p),
        ("issued_at", c_void_p),
        ("first_row", c_void_p),
        ("claims", c_uint32),
        ("unverified", c_uint32),
        ("key_state", c_void_p),
        ("time_ok", c_void_p),
        ("expired_by_seconds", c_void_p),
    ]


class TextColumn(ctypes.Structure):
    """``jot_text_column``, its view as two members."""

    _fields_ = [
        ("size", c_size_t),
        ("rows", c_size_t),
        ("data", c_void_p),
        ("data_len", c_size_t),
        ("offsets", c_void_p),
        ("validity", c_void_p),
    ]


class BatchReport(ctypes.Structure):
    """``jot_batch_report``."""

    _fields_ = [
        ("size", c_size_t),
        ("rows", c_size_t),
        ("accepted", c_size_t),
        ("distinct", c_size_t),
        ("cancelled", c_uint32),
        ("reserved", c_uint32),
    ]


class Watch(ctypes.Structure):
    """``jot_watch``."""

    _fields_ = [
        ("done", ctypes.c_uint64),
        ("total", ctypes.c_uint64),
        ("cancel", c_uint32),
        ("reserved", c_uint32),
    ]


class Statistics(ctypes.Structure):
    """``jot_statistics``."""

    _fields_ = [
        ("size", c_size_t),
        ("accepted", ctypes.c_uint64),
        ("refused", ctypes.c_uint64),
        ("cache_hits", ctypes.c_uint64),
        ("cache_misses", ctypes.c_uint64),
        ("cache_evictions", ctypes.c_uint64),
        ("cache_bytes", ctypes.c_uint64),
    ]


class Critical(ctypes.Structure):
    """``jot_critical``."""

    _fields_ = [("name", Slice), ("value", Slice)]


class SignHeader(ctypes.Structure):
    """``jot_sign_header``."""

    _fields_ = [
        ("size", c_size_t),
        ("flags", c_uint32),
        ("reserved", c_uint32),
        ("typ", Slice),
        ("cty", Slice),
        ("parameters", Slice),
        ("critical", c_void_p),
        ("critical_count", c_size_t),
    ]


class SelfSignedOptions(ctypes.Structure):
    """``jot_selfsigned_options``."""

    _fields_ = [
        ("size", c_size_t),
        ("algs", c_uint32),
        ("flags", c_uint32),
        ("typs", c_void_p),
        ("typ_count", c_size_t),
        ("token_bytes", c_size_t),
        ("header_bytes", c_size_t),
        ("backend", c_uint32),
        ("reserved", c_uint32),
    ]


class SelfSigned(ctypes.Structure):
    """``jot_selfsigned``, its view as two members."""

    _fields_ = [
        ("size", c_size_t),
        ("code", c_uint32),
        ("flags", c_uint32),
        ("alg", c_uint32),
        ("fault_offset", c_uint32),
        ("expires_at", c_int64),
        ("not_before", c_int64),
        ("issued_at", c_int64),
        ("thumbprint", ctypes.c_char * 48),
        ("fault_name", ctypes.c_char * 48),
        ("payload", c_void_p),
        ("payload_len", c_size_t),
    ]


class SelfSignedColumns(ctypes.Structure):
    """``jot_selfsigned_columns``."""

    _fields_ = [
        ("size", c_size_t),
        ("codes", c_void_p),
        ("digests", c_void_p),
        ("each", c_void_p),
        ("user", c_void_p),
    ]


class Decoded(ctypes.Structure):
    """``jot_decoded``, its views as two members each."""

    _fields_ = [
        ("size", c_size_t),
        ("header", c_void_p),
        ("header_len", c_size_t),
        ("payload", c_void_p),
        ("payload_len", c_size_t),
        ("signature", c_void_p),
        ("signature_len", c_size_t),
        ("claims_code", c_uint32),
        ("reserved", c_uint32),
    ]
