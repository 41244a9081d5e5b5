"""What tests of batches share; those without pyarrow do not import it."""

from __future__ import annotations

from typing import Any

import jot
import pyarrow
from conftest import NOW


def found(verifier: jot.Verifier, column: Any, **how: Any) -> list[int]:
    out = verifier.verify_batch(column, **{"now": NOW + 100, **how})
    if isinstance(out, pyarrow.RecordBatch):
        out.validate(full=True)
        return out.column("code").to_pylist()  # type: ignore[no-any-return]
    return [int(code) for code in out.codes]
