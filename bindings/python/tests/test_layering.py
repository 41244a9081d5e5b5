"""No module of the package imports one that imports it, not even for its types."""

from __future__ import annotations

import ast
import graphlib
import pathlib
from typing import Optional

import jot
import pytest

PACKAGE = pathlib.Path(jot.__file__).parent


def imports(source: str, package: str, known: set[str]) -> set[str]:
    """Return the modules among ``known`` that a module of ``package`` names anywhere."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            names = {f"{module}.{alias.name}" for alias in node.names}
            # What is no module is a name of the module itself.
            found |= names & known
            if names - known:
                found.add(module)
    return found & known


def graph(folder: pathlib.Path) -> dict[str, set[str]]:
    """Return the modules that each module below ``folder`` imports."""
    modules = {}
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        package = ".".join(parts[:-1])
        modules[package if parts[-1] == "__init__" else ".".join(parts)] = (path.read_text(), package)
    return {name: imports(text, package, set(modules)) for name, (text, package) in modules.items()}


def circle(modules: dict[str, set[str]]) -> Optional[list[str]]:
    """Return the modules of a circle, in its order, if there is one."""
    try:
        graphlib.TopologicalSorter(modules).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return None


def test_no_module_is_part_of_a_circle() -> None:
    modules = graph(PACKAGE)
    assert len(modules) > 25
    assert {"jot._scratch", "jot.batch", "jot.keys"} <= modules["jot.verifier"]
    assert {"jot._errors", "jot.keys", "jot.pyjwt.utils"} <= modules["jot.pyjwt._keys"]
    assert circle(modules) is None


@pytest.mark.parametrize(
    "back",
    [
        "from .a import x",
        "from . import a",
        "import jot.a",
        "from jot import a",
        "from jot.a import x",
        "if TYPE_CHECKING:\n    from .a import x",
        "def f():\n    from .inner import c",
    ],
)
def test_circle_is_found_however_it_is_written(tmp_path: pathlib.Path, back: str) -> None:
    package = tmp_path / "jot"
    (package / "inner").mkdir(parents=True)
    sources = {
        "__init__": "from .b import y",
        "a": "from .b import y",
        "b": back,
        "inner/__init__": "",
        "inner/c": "from ..a import x",
    }
    for name, text in sources.items():
        (package / f"{name}.py").write_text(text)
    found = circle(graph(package))
    assert found is not None and {"jot.a", "jot.b"} <= set(found)
