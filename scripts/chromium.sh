#!/usr/bin/env bash
# Installs the browser that looks at the pages of jotd and at the report of the audit, where it
# is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v chromium >/dev/null || scripts/debian.sh chromium fonts-dejavu-core
