"""Loads the shared library and declares its functions.

The library is the C interface of libjot, ``include/jot.h``. It is in
``jot/_native`` of the installed package; ``JOT_LIBRARY`` names another one.
"""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_char_p, c_int64, c_size_t, c_uint32, c_void_p
from typing import Any

#: The ABI of jot.h that this package uses.
ABI_VERSION = 0

#: "No such thing": no key, no issuer, no offset.
NONE = 0xFFFFFFFF

SIGNATURE_OK, FROM_CACHE, REPEATED, HAS_EXP, HAS_NBF, HAS_IAT = 1, 2, 4, 8, 16, 32
ALLOW_WEAK_KEYS, DATED_KEYS, ALL_CERTIFICATES = 1, 2, 4
CLAIM_ISSUER, CLAIM_SUBJECT, CLAIM_JWT_ID = 1, 2, 4
UNVERIFIED_ALG, UNVERIFIED_KID = 1, 2
TIME_UNKNOWN = 2
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


_HANDLE = c_void_p
_OUT = POINTER(c_void_p)
_FAILURE = POINTER(Failure)
_OPTIONS = POINTER(KeyOptions)

# Name, result, arguments; the result None is void.
_FUNCTIONS: list[tuple[str, Any, list[Any]]] = [
    ("abi_version", c_uint32, []),
    ("version", c_char_p, []),
    ("code_name", c_char_p, [c_uint32]),
    ("code_stage", c_char_p, [c_uint32]),
    ("code_meaning", c_char_p, [c_uint32]),
    ("code_at", c_uint32, [c_size_t]),
    ("alg_parse", c_uint32, [Slice, POINTER(c_uint32)]),
    ("alg_name", c_char_p, [c_uint32]),
    ("error_message", c_uint32, [_FAILURE, c_char_p, c_size_t, POINTER(c_size_t)]),
    ("policy_new", c_uint32, [c_void_p, c_size_t, _OUT, _FAILURE]),
    ("policy_new_access_token", c_uint32, [Slice, c_void_p, c_size_t, _OUT, _FAILURE]),
    ("policy_new_id_token", c_uint32, [Slice, c_void_p, c_size_t, _OUT, _FAILURE]),
    ("policy_typ", c_uint32, [_HANDLE, Slice]),
    ("policy_understand_critical", c_uint32, [_HANDLE, Slice]),
    ("policy_audience", c_uint32, [_HANDLE, Slice]),
    ("policy_any_audience", c_uint32, [_HANDLE]),
    ("policy_subject", c_uint32, [_HANDLE, Slice]),
    ("policy_require", c_uint32, [_HANDLE, Slice]),
    ("policy_nonce", c_uint32, [_HANDLE, Slice]),
    ("policy_authorized_party", c_uint32, [_HANDLE, Slice]),
    ("policy_scope", c_uint32, [_HANDLE, Slice]),
    ("policy_leeway", c_uint32, [_HANDLE, c_uint32]),
    ("policy_allow_missing_exp", c_uint32, [_HANDLE]),
    ("policy_allow_future_iat", c_uint32, [_HANDLE]),
    ("policy_max_age", c_uint32, [_HANDLE, c_uint32]),
    ("policy_issuer_required", c_uint32, [_HANDLE]),
    ("policy_limits", c_uint32, [_HANDLE, c_size_t, c_size_t]),
    ("condition_parse", c_uint32, [Slice, _OUT, _FAILURE]),
    ("condition_new", c_uint32, [c_void_p, c_size_t, c_void_p, c_size_t, c_uint32, _OUT, _FAILURE]),
    ("condition_free", None, [_HANDLE]),
    ("policy_claim", c_uint32, [_HANDLE, _HANDLE]),
    ("policy_free", None, [_HANDLE]),
    ("verifier_builder_new", c_uint32, [_HANDLE, _OUT, _FAILURE]),
    ("verifier_builder_keys", c_uint32, [_HANDLE, _HANDLE]),
    ("verifier_builder_issuer", c_uint32, [_HANDLE, Slice, _HANDLE]),
    ("verifier_builder_cache_entries", c_uint32, [_HANDLE, c_size_t]),
    ("verifier_builder_cache_bytes", c_uint32, [_HANDLE, c_size_t]),
    ("verifier_builder_backend", c_uint32, [_HANDLE, c_uint32]),
    ("verifier_backend_name", View, [_HANDLE, c_uint32]),
    ("verifier_builder_build", c_uint32, [_HANDLE, _OUT, _FAILURE]),
    ("verifier_builder_free", None, [_HANDLE]),
    ("verifier_replace_keys", c_uint32, [_HANDLE, Slice, _HANDLE, _FAILURE]),
    ("verifier_keys", c_uint32, [_HANDLE, Slice, _OUT]),
    ("verifier_set_revocations", c_uint32, [_HANDLE, _HANDLE]),
    ("verifier_revocations", c_uint32, [_HANDLE, _OUT]),
    ("verifier_free", None, [_HANDLE]),
    ("scratch_new", c_void_p, []),
    ("scratch_free", None, [_HANDLE]),
    ("verifier_verify", c_uint32, [_HANDLE, Slice, c_int64, _HANDLE, POINTER(Verdict)]),
    ("verifier_check", c_uint32, [_HANDLE, Slice, c_int64, _HANDLE, POINTER(Verdict)]),
    ("verifier_verify_jws", c_uint32, [_HANDLE, Slice, Slice, Slice, _HANDLE, POINTER(Verdict)]),
    ("key_set_new", c_void_p, []),
    ("key_set_add_jwks", c_uint32, [_HANDLE, Slice, _OPTIONS, _FAILURE]),
    ("key_set_add_jwk", c_uint32, [_HANDLE, Slice, _OPTIONS, _FAILURE]),
    ("key_set_add_pem", c_uint32, [_HANDLE, Slice, _OPTIONS, _FAILURE]),
    ("key_set_add_pem_bundle", c_uint32, [_HANDLE, Slice, _OPTIONS, _FAILURE]),
    ("key_set_add_der", c_uint32, [_HANDLE, Slice, _OPTIONS, _FAILURE]),
    ("key_set_add_secret", c_uint32, [_HANDLE, Slice, _OPTIONS, _FAILURE]),
    ("key_set_add_signer", c_uint32, [_HANDLE, _HANDLE, _FAILURE]),
    ("key_set_len", c_size_t, [_HANDLE]),
    ("key_set_key", c_uint32, [_HANDLE, c_size_t, POINTER(KeyInfo)]),
    ("key_set_skipped_len", c_size_t, [_HANDLE]),
    ("key_set_secret_doubt", View, [_HANDLE]),
    ("key_set_reasons", c_uint32, [_HANDLE, c_char_p, c_size_t, POINTER(c_size_t)]),
    ("key_set_skipped", c_uint32, [_HANDLE, c_size_t, POINTER(c_size_t), POINTER(View), _FAILURE]),
    ("key_set_to_jwks", c_uint32, [_HANDLE, _HANDLE, _FAILURE]),
    ("key_set_to_pem", c_uint32, [_HANDLE, c_size_t, _HANDLE, _FAILURE]),
    ("key_set_check_signature", c_uint32, [_HANDLE, c_size_t, c_uint32, Slice, Slice]),
    ("key_set_free", None, [_HANDLE]),
    ("batch_new", c_uint32, [c_size_t, _OUT, _FAILURE]),
    (
        "batch_verify",
        c_uint32,
        [
            _HANDLE,
            _HANDLE,
            POINTER(TokenColumn),
            POINTER(BatchOptions),
            POINTER(ColumnsOut),
            POINTER(BatchReport),
            _FAILURE,
        ],
    ),
    ("batch_claim", c_uint32, [_HANDLE, c_uint32, POINTER(TextColumn), _FAILURE]),
    ("batch_unverified", c_uint32, [_HANDLE, c_uint32, POINTER(TextColumn), _FAILURE]),
    ("batch_free", None, [_HANDLE]),
    ("watch_progress", ctypes.c_int, [c_void_p, c_size_t, c_size_t]),
    ("verifier_statistics", c_uint32, [_HANDLE, POINTER(Statistics)]),
    ("verifier_verdicts", ctypes.c_uint64, [_HANDLE, c_uint32]),
    ("verifier_verifications", ctypes.c_uint64, [_HANDLE, c_uint32]),
    ("verifier_prometheus", c_uint32, [_HANDLE, _HANDLE]),
    ("revocations_new", c_void_p, [c_size_t]),
    ("revocations_revoke_jti", c_uint32, [_HANDLE, Slice, c_int64]),
    ("revocations_revoke_subject", c_uint32, [_HANDLE, Slice, c_int64]),
    ("revocations_revoke_key", c_uint32, [_HANDLE, Slice]),
    ("revocations_purge", c_uint32, [_HANDLE, c_int64]),
    ("revocations_len", c_size_t, [_HANDLE]),
    ("revocations_to_text", c_uint32, [_HANDLE, _HANDLE]),
    ("revocations_from_text", c_uint32, [Slice, c_size_t, _OUT, _FAILURE]),
    ("revocations_free", None, [_HANDLE]),
    ("signer_generate", c_uint32, [c_uint32, c_size_t, Slice, _OUT, _FAILURE]),
    ("signer_from_jwk", c_uint32, [Slice, _OPTIONS, _OUT, _FAILURE]),
    ("signer_from_pem", c_uint32, [Slice, _OPTIONS, _OUT, _FAILURE]),
    ("signer_from_der", c_uint32, [Slice, _OPTIONS, _OUT, _FAILURE]),
    ("signer_from_secret", c_uint32, [Slice, _OPTIONS, _OUT, _FAILURE]),
    ("signer_key", c_uint32, [_HANDLE, POINTER(KeyInfo)]),
    ("signer_to_jwk", c_uint32, [_HANDLE, _HANDLE, _FAILURE]),
    ("signer_to_pem", c_uint32, [_HANDLE, _HANDLE, _FAILURE]),
    ("signer_sign_claims", c_uint32, [_HANDLE, POINTER(SignHeader), Slice, _HANDLE, _FAILURE]),
    ("signer_sign_payload", c_uint32, [_HANDLE, POINTER(SignHeader), Slice, c_uint32, _HANDLE, _FAILURE]),
    ("signer_sign_message", c_uint32, [_HANDLE, Slice, _HANDLE, _FAILURE]),
    ("signer_free", None, [_HANDLE]),
    ("token_decode_unverified", c_uint32, [Slice, _HANDLE, POINTER(Decoded)]),
    ("text_new", c_void_p, []),
    ("text_view", View, [_HANDLE]),
    ("text_free", None, [_HANDLE]),
]


def _path() -> str:
    chosen = os.environ.get("JOT_LIBRARY")
    if chosen:
        return chosen
    folder = os.path.join(os.path.dirname(__file__), "_native")
    found = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for ending in (".so", ".dylib", ".dll"):
        for name in found:
            if name.endswith(ending):
                return os.path.join(folder, name)
    raise ImportError(f"jot: there is no shared library in {folder}; please install libjot anew")


def _load() -> ctypes.CDLL:
    path = _path()
    try:
        library = ctypes.CDLL(path)
        for name, result, arguments in _FUNCTIONS:
            function = getattr(library, f"jot_{name}")
            function.restype = result
            function.argtypes = arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"jot: {path} is no libjot that this package can use: {error}") from error
    spoken = library.jot_abi_version()
    if spoken != ABI_VERSION:
        raise ImportError(f"jot: {path} speaks ABI {spoken}, this package ABI {ABI_VERSION}")
    return library


#: The library, with its functions declared.
library = _load()
