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
long=$project/requirements-engines-long.txt

command -v java >/dev/null || scripts/debian.sh openjdk-17-jre-headless procps

scripts/venv.sh "$venv" $project/requirements-engines.txt
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
