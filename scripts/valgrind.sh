#!/usr/bin/env bash
# Runs the programs of the C interface's tests under valgrind, as test-c.sh left them in
# target/c:
#
#   scripts/valgrind.sh              all of them, which takes twenty minutes
#   scripts/valgrind.sh PROGRAM...   those
set -euo pipefail
cd "$(dirname "$0")/.."

out=$(scripts/target-dir.sh)/c
if [ $# = 0 ]; then
    for built in "$out"/bin/*-asan; do
        set -- "$@" "$(basename "$built" -asan)"
    done
fi
for program in "$@"; do
    cases=()
    [[ $program != *cases ]] || cases=("$out/cases.txt")
    # Only what differs from a run without it: it takes fifty times as long.
    JOT_SLOW=1 valgrind --quiet --error-exitcode=99 --leak-check=full \
        --errors-for-leak-kinds=definite,indirect,possible --suppressions=tests/c/valgrind.supp \
        --fair-sched=yes "$out/bin/$program" ${cases[@]+"${cases[@]}"}
done
