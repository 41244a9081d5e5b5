"""Versions for a bug report: ``python -m jot.pyjwt.help``."""

from __future__ import annotations

import json
import platform

from .. import __version__ as libjot_version
from . import __version__ as pyjwt_version


def info() -> dict[str, dict[str, str]]:
    """Return the versions of the installed components, by PyJWT's names."""
    try:
        from cryptography import __version__ as cryptography_version
    except ImportError:
        cryptography_version = ""
    return {
        "platform": {"system": platform.system(), "release": platform.release()},
        "implementation": {
            "name": platform.python_implementation(),
            "version": platform.python_version(),
        },
        "cryptography": {"version": cryptography_version},
        "pyjwt": {"version": pyjwt_version},
        "libjot": {"version": libjot_version},
    }


def main() -> None:
    """Write it to the standard output."""
    print(json.dumps(info(), sort_keys=True, indent=2))


if __name__ == "__main__":
    main()
