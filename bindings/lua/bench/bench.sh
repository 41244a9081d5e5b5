#!/usr/bin/env bash
# Measures the module; scripts/lua.sh bench calls it.
set -euo pipefail
cd "$(dirname "$0")"

luajit calls.lua
make -C ../../nginx >/dev/null
python3 -B nginx.py
