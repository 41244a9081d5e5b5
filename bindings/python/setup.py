"""Builds the wheel: the Python sources, and the library that cargo makes.

The library is one for all versions of Python, because Python calls it through
ctypes; so the wheel has the tag ``py3-none``.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def library() -> pathlib.Path:
    """Build the library in the release profile; return where it is."""
    command = [os.environ.get("CARGO", "cargo"), "rustc", "--release", "--locked", "--lib"]
    command += ["--manifest-path", str(HERE / "Cargo.toml")]
    # Stripped at the link, so that what it is made of is shared with other builds.
    command += ["--message-format", "json-render-diagnostics", "--", "-C", "strip=symbols"]
    if sys.platform == "linux":
        command.append(f"@{ROOT / 'packaging' / 'link.args'}")
    try:
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        raise SystemExit("libjot: cargo is not there; please install Rust 1.95 or later") from None
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"libjot: cargo failed with {failed.returncode}") from None
    told = [json.loads(line) for line in done.stdout.splitlines()]
    made = [one for one in told if one.get("target", {}).get("name") == "jot_native"]
    return pathlib.Path(made[-1]["filenames"][0])


class BuildPy(build_py):
    """Puts the library beside the sources."""

    def run(self) -> None:
        # What an earlier build left is not of this package.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        made = library()
        sources = HERE / "python" if self.editable_mode else pathlib.Path(self.build_lib)
        folder = sources / "jot" / "_native"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, folder / made.name)


class BdistWheel(bdist_wheel):
    """Names the platform, and no version of Python."""

    def get_tag(self) -> tuple[str, str, str]:
        return ("py3", "none", super().get_tag()[2])


class Sdist(sdist):
    """There is none: the engine lies outside of this folder."""

    def run(self) -> None:
        raise SystemExit("libjot: there is no sdist; a checkout of the whole repository builds the wheel")


class Binary(Distribution):
    """A distribution that belongs to a platform."""

    def has_ext_modules(self) -> bool:
        return True


manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
version = re.search(r'^version = "(.*)"$', manifest, flags=re.M)
assert version, "Cargo.toml names the version"
# Beside what cargo builds, and not among the sources.
build = os.path.relpath(ROOT / "target" / "python", HERE)
os.makedirs(HERE / build, exist_ok=True)
setup(
    version=version.group(1),
    distclass=Binary,
    cmdclass={"build_py": BuildPy, "bdist_wheel": BdistWheel, "sdist": Sdist},
    options={"build": {"build_base": build}, "egg_info": {"egg_base": build}},
)
