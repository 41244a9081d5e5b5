#!/usr/bin/env bash
# Measures the login service on this machine, and writes its section of docs/benchmarks.md:
#
#   scripts/bench-server.sh [seconds of each measurement]
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(scripts/target-dir.sh)
(cd server && "${CARGO:-cargo}" build --release --locked --target-dir "$target" --bin jotd --example bench)
table=$("$target/release/examples/bench" "$target/release/jotd" "${1:-2}")
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
page=docs/benchmarks.md
begin='<!-- server:begin -->'
end='<!-- server:end -->'
grep -qx -- "$begin" "$page" || printf '\n%s\n%s\n' "$begin" "$end" >>"$page"
section=$(mktemp)
trap 'rm -f "$section"' EXIT
{
    cat <<SECTION
## The login service

$cpu, $(nproc) processors, $(date -u +%F), commit $(git rev-parse --short HEAD), \`make bench-server\`.

64 clients on this machine keep their connections; they share its processors with the
service. Passwords at the least cost that the service allows, 19 MiB twice. Medians of five
rounds, in each of which all take turns of ${1:-2} seconds; every answer is checked.

$table

The share is of answers each second. What the service's own processors spend on an answer,
the kernel's part of it included, stands beside it.
SECTION
} >"$section"
sed -i -e "/^$begin\$/,/^$end\$/{/^$begin\$/{p;r $section
};/^$end\$/p;d}" "$page"
