"""The examples of the documentation run; everything public is documented."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys

import jot
import pytest
from conftest import ROOT

OPTIONAL = {"jot.spark": "pyspark", "jot.dask": "dask"}
MODULES = sorted(found.name for found in pkgutil.walk_packages(jot.__path__, "jot."))
PAGES = [
    "README.md",
    "docs/python.md",
    "docs/keys.md",
    "docs/revocation.md",
    "docs/pyjwt.md",
    "bindings/python/README.md",
]


@pytest.mark.parametrize("name", ["jot", *MODULES])
def test_doctests_run(name: str) -> None:
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name])
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_modules_are_imported() -> None:
    for name in MODULES:
        if name not in OPTIONAL:
            importlib.import_module(name)


def blocks(page: str) -> list[str]:
    path = ROOT / page
    return re.findall(r"```python\n(.*?)```", path.read_text(), flags=re.S) if path.exists() else []


@pytest.mark.parametrize("page", PAGES)
def test_examples_of_a_page_run(page: str) -> None:
    """Each page is one program, from top to bottom."""
    found = blocks(page)
    assert found, f"{page} has no example"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(found)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["jot", *MODULES])
def test_everything_public_is_documented(name: str) -> None:
    if name in OPTIONAL:
        pytest.importorskip(OPTIONAL[name])
    module = importlib.import_module(name)
    assert module.__doc__, name
    if any(part.startswith("_") for part in name.split(".")):
        return
    for word, thing in vars(module).items():
        # A public name may be of a module that is not.
        if word.startswith("_") or str(getattr(thing, "__module__", None)).split(".")[0] != "jot":
            continue
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert thing.__doc__, f"{name}.{word}"
        if inspect.isclass(thing):
            for method, member in vars(thing).items():
                function = getattr(member, "__func__", getattr(member, "fget", member))
                if not method.startswith("_") and inspect.isfunction(function):
                    assert function.__doc__, f"{name}.{word}.{method}"
