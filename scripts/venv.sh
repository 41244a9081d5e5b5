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

"$python" -c 'import ensurepip, venv' 2>/dev/null || scripts/debian.sh python3 python3-venv

"$python" -m venv --clear "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$stamp"
