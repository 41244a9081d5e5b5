#!/usr/bin/env bash
# Measures the Python package and writes its section of docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "${1:-}" = --built ] || scripts/python.sh --install
[ "${1:-}" = --built ] || "${CARGO:-cargo}" build --release --locked -p libjot-python --example python-batch-twin
exec bindings/python/.venv/bin/python bindings/python/bench/bench.py \
    "$(scripts/target-dir.sh)/release/examples/python-batch-twin" docs/benchmarks.md
