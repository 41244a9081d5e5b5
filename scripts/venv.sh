#!/bin/sh
# Makes .venv, with the Python libraries that the interoperability tests speak
# to, or brings it up to date. Says and does nothing when it is.
set -eu
cd "$(dirname "$0")/.."

requirements=tests/interop/requirements.txt
stamp=.venv/requirements.txt
python=${PYTHON:-python3}

# The stamp is written last, so that half an installation is begun anew.
if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null && cmp -s "$requirements" "$stamp"; then
    exit 0
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ]; then root=; else root=sudo; fi
    $root apt-get update -qq
    $root apt-get install -qq --no-install-recommends -y python3-venv >/dev/null
fi

"$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$stamp"
