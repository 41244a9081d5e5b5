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
requirements=$project/requirements.txt
stamp=$venv/requirements.txt
python=${PYTHON:-python3}

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if ! command -v apt-get >/dev/null; then
        echo "python: please install Python 3 with its venv module" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
fi

# The stamp is written last, so that half an installation is begun anew.
if ! cmp -s "$requirements" "$stamp" || ! "$venv/bin/python" -c '' 2>/dev/null; then
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$stamp"
fi
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
