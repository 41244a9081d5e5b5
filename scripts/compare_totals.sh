#!/usr/bin/env bash
# Compares what `jotctl gen-log` expects with the summary of `jotctl audit`:
#
#   scripts/compare_totals.sh expected.json summary.json
#
# Needs nothing but awk: both files have one member on a line, and the totals
# stand at the top and in `codes` and `findings`.
set -euo pipefail

totals() {
    awk '
        /^  "(codes|findings|unreadable)": \{/ { split($0, part, "\""); inside = part[2]; next }
        /^  "[a-z_]+": [\[{]/ { inside = "other"; next }
        /^  [\]}]/ { inside = ""; next }
        /^  "(lines|rows|accepted|refused)": [0-9]/ { gsub(/[ ",]/, ""); print; next }
        /^  "unreadable": [0-9]/ { gsub(/[ ",]/, ""); print; next }
        inside == "unreadable" && /^    "lines": [0-9]/ { gsub(/[^0-9]/, ""); print "unreadable:" $0; next }
        (inside == "codes" || inside == "findings") && /^    "/ { gsub(/[ ",]/, ""); print inside "." $0 }
    ' "$1" | LC_ALL=C sort
}

expected=$(totals "$1")
[ -n "$expected" ] || { echo "compare_totals: $1 has no totals" >&2; exit 2; }
diff -u <(echo "$expected") <(totals "$2")
