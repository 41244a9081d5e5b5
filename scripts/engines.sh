#!/usr/bin/env bash
# Tests the audit on Spark, Dask, DuckDB and Polars beside jotctl audit:
#
#   scripts/engines.sh [arguments of pytest...]
#   scripts/engines.sh --long       the long tests: three workers, a job by day, tables of
#                                   Delta and Iceberg, the extension for DuckDB
#   scripts/engines.sh --skew       measures a log of which one token is half
#   scripts/engines.sh --scaling    measures, and writes docs/distributed.md
#
# Installs Java and, into bindings/python/.venv-engines, the engines.
set -euo pipefail
cd "$(dirname "$0")/.."

project=bindings/python
venv=$project/.venv-engines
requirements=$project/requirements-engines.txt
long=$project/requirements-engines-long.txt
stamp=$venv/requirements.txt

if ! command -v java >/dev/null; then
    if ! command -v apt-get >/dev/null; then
        echo "engines: please install Java 17 or later" >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless procps >/dev/null
fi

# The stamp is written last, so that half an installation is begun anew.
if ! cmp -s "$requirements" "$stamp" || ! "$venv/bin/python" -c '' 2>/dev/null; then
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$stamp"
fi
if [ "${1:-}" = --built ]; then
    shift
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "./$project"
    scripts/jotctl.sh >/dev/null
fi

unset JOT_LIBRARY PYTHONPATH
export JOTCTL=${JOTCTL:-$(scripts/target-dir.sh)/tool/jotctl}
bin=$PWD/$venv/bin
page=$PWD/docs/distributed.md
extension=$PWD/scripts/duckdb.sh
if [ "${1:-}" = --long ]; then
    shift
    "$bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$long"
    JOT_DUCKDB=$("$extension")
    export JOT_DUCKDB
    cd "$project"
    exec "$bin/python" -m pytest -q -p no:cacheprovider -W default engines/long "$@"
fi
cd "$project"
if [ "${1:-}" = --scaling ]; then
    exec "$bin/python" -B engines/scaling.py "$page"
fi
if [ "${1:-}" = --skew ]; then
    exec "$bin/python" -B engines/skewed.py
fi
exec "$bin/python" -m pytest -q -p no:cacheprovider -W default --ignore engines/long engines "$@"
