"""Builds the wheel: the Python sources, and the library that cargo makes.

The library is one for all versions of Python, because Python calls it through
ctypes; so the wheel has the tag ``py3-none``. ``JOT_PLATFORM`` names one of
``TARGETS`` to build the wheel for that platform, whatever this machine is; ``CARGO``
is cargo-zigbuild then.

The source distribution carries the engine in a folder of its own, ``engine/``.
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
ENGINE = HERE / "engine"
ROOT = ENGINE if ENGINE.exists() else HERE.parents[1]
CRATE = "bindings/python"

#: What cargo-zigbuild calls the platforms.
TARGETS = {
    "manylinux_2_28_x86_64": "x86_64-unknown-linux-gnu.2.28",
    "manylinux_2_28_aarch64": "aarch64-unknown-linux-gnu.2.28",
    "musllinux_1_2_x86_64": "x86_64-unknown-linux-musl",
    "musllinux_1_2_aarch64": "aarch64-unknown-linux-musl",
}
PLATFORM = os.environ.get("JOT_PLATFORM")
if PLATFORM and PLATFORM not in TARGETS:
    raise SystemExit(f"libjot: JOT_PLATFORM is one of {', '.join(TARGETS)}")

#: What of the repository the engine is built of.
SOURCES = [
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "build.rs",
    "src",
    "packaging/link.args",
]
SOURCES += ["accel/Cargo.toml", "accel/src", "fetch/Cargo.toml", "fetch/src"]
SOURCES += [f"{CRATE}/Cargo.toml", f"{CRATE}/native"]


def library() -> pathlib.Path:
    """Build the library in the release profile; return where it is."""
    command = [os.environ.get("CARGO", "cargo"), "rustc", "--release", "--locked", "--lib"]
    command += ["--manifest-path", str(ROOT / CRATE / "Cargo.toml")]
    if PLATFORM:
        target = TARGETS[PLATFORM]
        command += ["--target", target]
        if "musl" in target:
            # By default programs for musl are static, and there are no shared libraries.
            command += ["--config", f"target.{target}.rustflags=['-C', 'target-feature=-crt-static']"]
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
        return ("py3", "none", PLATFORM or super().get_tag()[2])


def trimmed(manifest: str) -> str:
    """Leave out the sections that are about tests, and members that are not there."""
    sections = re.split(r"^(?=\[)", manifest, flags=re.M)
    gone = r"\[\[(test|example)\]\]|\[dev-dependencies\]|\[profile\.dev\."
    text = "".join(section for section in sections if not re.match(gone, section))
    return re.sub(r"^members = .*", f'members = [".", "accel", "fetch", "{CRATE}"]', text, flags=re.M)


class Sdist(sdist):
    """Takes in the engine, which lies outside of this folder."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        # Not what setuptools writes elsewhere, and no tests, which ask for the repository.
        super().make_release_tree(base_dir, [file for file in files if not file.startswith(("..", "tests/"))])
        engine = pathlib.Path(base_dir) / "engine"
        for source in SOURCES:
            there = engine / source
            there.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copyfile
            copy(ROOT / source, there)
        for manifest in engine.glob("**/Cargo.toml"):
            manifest.write_text(trimmed(manifest.read_text(encoding="utf-8")), encoding="utf-8")
        # The versions stay; only what is no longer asked for goes out of the lock.
        cargo = os.environ.get("CARGO", "cargo")
        subprocess.run([cargo, "update", "--quiet", "--offline", "--workspace"], check=True, cwd=engine)


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
