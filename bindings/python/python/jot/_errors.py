"""The exceptions, and the functions that turn codes into them."""

from __future__ import annotations

import ctypes
from typing import Optional, Union

from ._codes import Code
from ._header import NONE, Failure
from ._library import library

_FAILURE_SIZE = ctypes.sizeof(Failure)


def code_of(number: int) -> Code:
    """Return the code with this number; a code that is newer than this package becomes
    an internal error."""
    try:
        return Code(number)
    except ValueError:
        return Code.INTERNAL


def _words(code: Code) -> str:
    meaning: bytes = library.jot_code_meaning(int(code))
    return f"{code.name.lower()} ({int(code)}): {meaning.decode()}"


class Error(Exception):
    """The base class of this package's errors."""

    #: The code, an ``int`` with a name.
    code: Code

    @property
    def name(self) -> str:
        """The stable name of the code, such as ``"expired"``."""
        return self.code.name.lower()

    @property
    def message(self) -> str:
        """One sentence about the error."""
        return str(self)


class Rejected(Error):
    """A token was rejected.

    >>> import jot
    >>> key = jot.SigningKey.generate("ES256")
    >>> verifier = jot.Verifier(key.public_keys(), algorithms=["ES256"])
    >>> try:
    ...     verifier.verify(jot.encode({"sub": "alice", "exp": 1}, key))
    ... except jot.Rejected as refused:
    ...     print(refused.name, int(refused.code), refused.claim, refused.signature_ok)
    expired 692 exp True
    """

    #: The name of the claim at fault; ``None`` if no single one is.
    claim: Optional[str]
    #: The byte offset of the fault within the JSON text of the header (3xx) or
    #: of the claims (6xx); ``None`` if it is not known.
    offset: Optional[int]
    #: Whether the signature held, independent of the claims.
    signature_ok: bool

    def __init__(
        self,
        code: Union[Code, int],
        claim: Optional[str] = None,
        offset: Optional[int] = None,
        signature_ok: bool = False,
    ) -> None:
        self.code = code_of(code)
        self.claim = claim
        self.offset = offset
        self.signature_ok = signature_ok
        super().__init__(self.code, claim, offset, signature_ok)

    def __str__(self) -> str:
        return _words(self.code) + (f" [{self.claim}]" if self.claim else "")


class _Misuse(Error, ValueError):
    #: The argument, JWK member, Header Parameter or setting at fault, or ``""``.
    argument: str
    #: The byte offset of the fault in the text; ``None`` if not known.
    offset: Optional[int]
    #: If none of several keys can be used, the fault of each; otherwise ``""``.
    reasons: str

    def __init__(
        self, code: Union[Code, int], argument: str = "", offset: Optional[int] = None, reasons: str = ""
    ) -> None:
        self.code = code_of(code)
        self.argument = argument
        self.offset = offset
        self.reasons = reasons
        super().__init__(self.code, argument, offset, reasons)

    def __str__(self) -> str:
        argument = f" [{self.argument}]" if self.argument else ""
        return _words(self.code) + argument + (f" {self.reasons}" if self.reasons else "")


class InvalidKey(_Misuse):
    """A key cannot be read or used: the codes 4xx."""


class InvalidArgument(_Misuse):
    """A policy, claims to sign, or another argument makes no sense: the other
    codes."""


for _kind in (Error, Rejected, InvalidKey, InvalidArgument):
    _kind.__module__ = "jot"


def misuse(number: int, argument: str = "", offset: Optional[int] = None) -> Error:
    """Return the error for the code of a failed call."""
    kind = InvalidKey if 400 <= number < 500 else InvalidArgument
    return kind(number, argument, offset)


def failure() -> Failure:
    """Return a struct for the details of a failed call."""
    return Failure(size=_FAILURE_SIZE)


def check(number: int, explained: Optional[Failure] = None, argument: str = "") -> None:
    """Raise the error of a call that failed."""
    if number == 0:
        return
    offset = None
    if explained is not None:
        argument = explained.name.decode("utf-8", "replace") or argument
        offset = None if explained.offset == NONE else int(explained.offset)
    raise misuse(number, argument, offset)
