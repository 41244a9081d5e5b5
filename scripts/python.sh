#!/usr/bin/env bash
# Installs the Python package into a virtual environment and tests it there:
#
#   scripts/python.sh [arguments of pytest...]
#   scripts/python.sh --install      only installs
#
# PYTHON names the interpreter. The environment is bindings/python/.venv.
set -euo pipefail
cd "$(dirname "$0")/.."

project=bindings/python
venv=$project/.venv

scripts/venv.sh "$venv" $project/requirements.txt
# As a user does it: pip fetches the build tools and builds the wheel.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "./$project"
[ "${1:-}" != --install ] || exit 0

# Of what is installed, wherever the sources are.
unset JOT_LIBRARY PYTHONPATH
# The tool as `make test` has built it.
target=$(realpath "$(scripts/target-dir.sh)")
"${CARGO:-cargo}" test --quiet --no-run --locked --manifest-path cli/Cargo.toml --target-dir "$target" --test cli
JOTCTL=$target/debug/jotctl
export JOTCTL
bin=$PWD/$venv/bin
cd "$project"
"$bin/ruff" format --check .
"$bin/ruff" check .
exec "$bin/python" -m pytest -q "$@"
