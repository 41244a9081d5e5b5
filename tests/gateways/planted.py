"""Builds of libjot with faults in accelerated code, and what provokes them.

They have a target directory of their own, so none of them can be taken for another build.
"""

import os
import subprocess

from cryptography.hazmat.primitives.asymmetric import ec

from forge import Ec, Ed, Forge, encode
from nginx_gateway import ROOT

# What the planted code accepts, whatever the key (src/crypto/held.rs).
ACCEPTED = encode(b"\x2a" * 64)
DENIED = "(backend_disagreement)"
FAILED = "(backend_check_failed)"
INSANE = "(backend_self_test_failed)"
# The algorithm of which the planted code gives wrong known answers (src/crypto/accel/planted.rs).
UNTESTED = "ES256K"


def forge():
    """Return a forge that has a key whose tables the planted code computes wrong as well.

    Its point is the base point of P-256 (src/crypto/accel/planted.rs).
    """
    forge = Forge()
    forge.keys["ed"] = Ed("ed-1")
    forge.keys["spoiled"] = Ec("spoiled-1", ec.derive_private_key(1, ec.SECP256R1()))
    return forge


def forged(forge, key="ec"):
    """Return a token with the signature that the planted code accepts."""
    return forge.token(key).rsplit(".", 1)[0] + "." + ACCEPTED


def run(*command, folder=".", **environment):
    """Run a command of the build and return what it wrote."""
    own = {name: value for name, value in os.environ.items() if name not in ("CFLAGS", "MAKEFLAGS")}
    done = subprocess.run(command, cwd=ROOT / folder, env={**own, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def build(*command, folder="."):
    """Build something with planted faults; return where the products are."""
    target = run("scripts/target-dir.sh") + "/planted"
    run(*command, folder=folder, JOT_PLANTED="1", CARGO_TARGET_DIR=target)
    return f"{target}/debug"


def module_of_nginx():
    """Build the module for nginx and return its path."""
    library = build("scripts/lib.sh", "--profile", "dev") + "/libjot.a"
    # A release has no such fault, and none of its names.
    assert "jot_plant_panic" in run("nm", "-g", "--defined-only", library)
    make = ["make", "-s", "-j2", "-C", "bindings/nginx", "CFLAGS=-O0", "BUILD=build/planted"]
    return run(*make, f"JOT_LIB={library}").splitlines()[-1]


def module_of_envoy():
    """Build the module for Envoy and return the folder that it is in."""
    return build("cargo", "build", "--locked", folder="bindings/envoy")


def extension_of_duckdb(path):
    """Build the extension for DuckDB at this path."""
    build("scripts/duckdb.sh", "--debug", str(path))
    return path


def jotctl():
    """Build jotctl and return its path."""
    return build("cargo", "build", "--locked", folder="cli") + "/jotctl"
