#!/bin/sh
# Run cmocka programs one after the other: a line for each, all of its output where one fails.
#     sh tests/run.sh PROGRAM...
set -u
for program in "$@"; do
  if "$program" >"$program.log" 2>&1; then
    printf '%-42s %s\n' "${program#build/*/tests/}" "$(grep -h '^\[  PASSED  \]' "$program.log" | tail -n 1)"
  else
    cat "$program.log"
    echo "failed: $program"
    exit 1
  fi
done
