#!/usr/bin/env bash
# Makes .venv, with the Python libraries that the interoperability tests speak
# to, or brings it up to date. Says and does nothing when it is.
#
#   scripts/venv.sh [folder requirements]
#
# makes another one.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-.venv}
requirements=${2:-tests/interop/requirements.txt}
stamp=$folder/requirements.txt
python=${PYTHON:-python3}

# The stamp is written last, so that half an installation is begun anew.
if cmp -s "$requirements" "$stamp" && "$folder/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if ! command -v apt-get >/dev/null; then
        echo "venv: please install Python 3 with its venv module" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
fi

"$python" -m venv --clear "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$stamp"
