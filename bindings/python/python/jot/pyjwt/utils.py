"""The helpers of ``jwt.utils`` that programs use. The engine does not use them for
tokens: they are as lenient with base64url as PyJWT's."""

from __future__ import annotations

import base64
from typing import Any, Optional, Union

_PEM_LABELS = (
    *("CERTIFICATE", "TRUSTED CERTIFICATE", "PRIVATE KEY", "PUBLIC KEY", "ENCRYPTED PRIVATE KEY"),
    *("OPENSSH PRIVATE KEY", "DSA PRIVATE KEY", "RSA PRIVATE KEY", "RSA PUBLIC KEY", "EC PRIVATE KEY"),
    *("DH PARAMETERS", "NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST", "SSH2 PUBLIC KEY"),
    *("SSH2 ENCRYPTED PRIVATE KEY", "X509 CRL"),
)
_SSH_NAMES = (
    *(b"ssh-ed25519", b"ssh-rsa", b"ssh-dss"),
    *(b"ecdsa-sha2-nistp256", b"ecdsa-sha2-nistp384", b"ecdsa-sha2-nistp521"),
)


def force_bytes(value: Union[bytes, str]) -> bytes:
    """Return bytes, or the UTF-8 of a text; anything else is a ``TypeError``."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    raise TypeError("Expected a string or bytes value")


def base64url_decode(input: Union[bytes, str]) -> bytes:  # noqa: A002
    """Decode base64url with or without its padding."""
    content = force_bytes(input)
    return base64.urlsafe_b64decode(content + b"=" * (-len(content) % 4))


def base64url_encode(input: bytes) -> bytes:  # noqa: A002
    """Encode as base64url without padding."""
    return base64.urlsafe_b64encode(input).rstrip(b"=")


def to_base64url_uint(val: int, *, bit_length: Optional[int] = None) -> bytes:
    """Encode a number for a member of a JWK."""
    if val < 0:
        raise ValueError("Must be a positive integer")
    return base64url_encode(bytes_from_int(val, bit_length=bit_length) or b"\x00")


def from_base64url_uint(val: Union[bytes, str]) -> int:
    """Decode a number from a member of a JWK."""
    return int.from_bytes(base64url_decode(val), "big")


def number_to_bytes(num: int, num_bytes: int) -> bytes:
    """Write a number in this many bytes."""
    return num.to_bytes(num_bytes, "big")


def bytes_to_number(string: bytes) -> int:
    """Read a number, its highest byte first."""
    return int.from_bytes(string, "big")


def bytes_from_int(val: int, *, bit_length: Optional[int] = None) -> bytes:
    """Write a number in as few bytes as possible, or in the bytes of this many bits."""
    bits = val.bit_length() if bit_length is None else bit_length
    return val.to_bytes((bits + 7) // 8, "big")


def der_to_raw_signature(der_sig: bytes, curve: Any) -> bytes:
    """Write an ECDSA signature in the format of RFC 7518; needs ``cryptography``."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    width = (curve.key_size + 7) // 8
    return b"".join(number_to_bytes(number, width) for number in decode_dss_signature(der_sig))


def raw_to_der_signature(raw_sig: bytes, curve: Any) -> bytes:
    """Write an ECDSA signature in DER; needs ``cryptography``."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    width = (curve.key_size + 7) // 8
    if len(raw_sig) != 2 * width:
        raise ValueError("Invalid signature")
    return encode_dss_signature(bytes_to_number(raw_sig[:width]), bytes_to_number(raw_sig[width:]))


def is_pem_format(key: bytes) -> bool:
    """Return ``True`` if there is a PEM block of a key or a certificate."""
    for label in _PEM_LABELS:
        for left, right in ((b"-----", b"-----"), (b"---- ", b" ----")):
            name = label.encode()
            begin = key.find(left + b"BEGIN " + name + right)
            if begin >= 0 and key.find(left + b"END " + name + right, begin) >= 0:
                return True
    return False


def is_ssh_key(key: bytes) -> bool:
    """Return ``True`` for a public key in SSH format."""
    return key.startswith(_SSH_NAMES)
