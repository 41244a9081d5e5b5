"""Loads the shared library and declares its functions.

The library is the C interface of libjot, ``include/jot.h``. It is in
``jot/_native`` of the installed package; ``JOT_LIBRARY`` names another one.
"""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_char_p, c_int64, c_size_t, c_uint32, c_void_p
from typing import Any

from ._header import (
    BatchOptions,
    BatchReport,
    ColumnsOut,
    Decoded,
    Failure,
    KeyInfo,
    KeyOptions,
    SelfSigned,
    SelfSignedColumns,
    SelfSignedOptions,
    SignHeader,
    Slice,
    Statistics,
    TextColumn,
    TokenColumn,
    Verdict,
    View,
)

#: The ABI of jot.h that this package uses.
ABI_VERSION = 0

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
    ("policy_check_status", c_uint32, [_HANDLE]),
    ("policy_require_status", c_uint32, [_HANDLE]),
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
    ("backend_news", c_uint32, [POINTER(ctypes.c_uint64), _HANDLE]),
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
    ("revocations_revoke_session", c_uint32, [_HANDLE, Slice, c_int64]),
    ("revocations_revoke_subject", c_uint32, [_HANDLE, Slice, c_int64]),
    ("revocations_revoke_key", c_uint32, [_HANDLE, Slice]),
    ("revocations_purge", c_uint32, [_HANDLE, c_int64]),
    ("revocations_len", c_size_t, [_HANDLE]),
    ("revocations_to_text", c_uint32, [_HANDLE, _HANDLE]),
    ("revocations_from_text", c_uint32, [Slice, c_size_t, _OUT, _FAILURE]),
    ("revocations_from_claims", c_uint32, [Slice, c_size_t, _OUT, _FAILURE]),
    ("revocations_free", None, [_HANDLE]),
    ("selfsigned_verifier_new", c_uint32, [POINTER(SelfSignedOptions), _OUT, _FAILURE]),
    ("selfsigned_verifier_free", None, [_HANDLE]),
    ("selfsigned_verify", c_uint32, [_HANDLE, Slice, Slice, _HANDLE, POINTER(SelfSigned)]),
    (
        "batch_verify_selfsigned",
        c_uint32,
        [
            _HANDLE,
            _HANDLE,
            POINTER(TokenColumn),
            POINTER(TokenColumn),
            POINTER(SelfSignedColumns),
            _FAILURE,
        ],
    ),
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
    ("verifier_unverified_issuer", c_uint32, [_HANDLE, Slice, _HANDLE, POINTER(c_uint32)]),
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


def declare(library: ctypes.CDLL, functions: list[tuple[str, Any, list[Any]]]) -> None:
    """Declare functions by their names without ``jot_``, results and arguments."""
    try:
        for name, result, arguments in functions:
            function = getattr(library, f"jot_{name}")
            function.restype = result
            function.argtypes = arguments
    except AttributeError as error:
        raise ImportError(f"jot: {library._name} is no libjot that this package can use: {error}") from error


def _load() -> ctypes.CDLL:
    path = _path()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"jot: {path} is no libjot that this package can use: {error}") from error
    declare(library, _FUNCTIONS)
    spoken = library.jot_abi_version()
    if spoken != ABI_VERSION:
        raise ImportError(f"jot: {path} speaks ABI {spoken}, this package ABI {ABI_VERSION}")
    return library


#: The library, with its functions declared.
library = _load()
