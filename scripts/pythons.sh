#!/usr/bin/env bash
# Builds the wheel once, installs it into a fresh environment of the oldest and
# of the newest Python that there is, and uses it there:
#
#   scripts/pythons.sh [--all]      --all: of every Python from 3.9 on
#
# The interpreters are those of pyenv, and python3.9, python3.10 … of the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

pythons=()
for minor in 9 10 11 12 13 14; do
    for python in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python "$(command -v "python3.$minor" || true)"; do
        if [ -x "$python" ] && "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            pythons+=("$python")
            break
        fi
    done
done
if [ ${#pythons[@]} -eq 0 ]; then
    echo "pythons: there is no Python 3.9 or later with its venv module" >&2
    exit 1
fi
[ "${1:-}" = --all ] || [ ${#pythons[@]} -lt 3 ] || pythons=("${pythons[0]}" "${pythons[-1]}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset JOT_LIBRARY PYTHONPATH
root=$PWD
venv=$work/venv
bin=$venv/bin
for python in "${pythons[@]}"; do
    "$python" -m venv --clear "$venv"
    wheels=("$work"/*.whl)
    if [ ! -f "${wheels[0]}" ]; then
        "$bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work" ./bindings/python
        wheels=("$work"/*.whl)
    fi
    "$bin/python" -m pip install --quiet --disable-pip-version-check "${wheels[@]}" pytest==8.4.2
    # From a folder without sources, so that what is installed is what is used.
    (
        cd "$work"
        "$bin/python" -W error "$root/bindings/python/tests/installed.py"
        "$bin/python" -B -m pytest -q -p no:cacheprovider --rootdir "$work" \
            "$root/bindings/python/tests/test_docs.py" -k "examples_of_a_page or modules"
    )
    echo "pythons: $("$bin/python" -V) installs and verifies"
done
