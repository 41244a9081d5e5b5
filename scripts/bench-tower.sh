#!/usr/bin/env bash
# Measures the guard of tower beside its peers, and writes its section of docs/tower.md.
set -euo pipefail
cd "$(dirname "$0")/.."

table=$(cd bindings/tower/bench && "${CARGO:-cargo}" run --release --quiet --locked)
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
page=docs/tower.md
section=$(mktemp)
trap 'rm -f "$section"' EXIT
{
    printf '%s, %s, commit %s, `make bench-tower`. Microseconds of processor time for a\n' \
        "$cpu" "$(date -u +%F)" "$(git rev-parse --short HEAD)"
    cat <<SECTION
request to a handler of axum with typed claims, without sockets, on one thread; tokens of some 500
bytes; medians of nine rounds in which all take turns; every answer is checked. *accelerated* has
\`Backend::Auto\`; *with a cache* sees each token again and again.

$table
SECTION
} >"$section"
sed -i -e "/^<!-- figures:begin -->\$/,/^<!-- figures:end -->\$/{/^<!-- figures:begin -->\$/{p;r $section
};/^<!-- figures:end -->\$/p;d}" "$page"
