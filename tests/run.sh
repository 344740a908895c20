#!/bin/sh
# SPDX-License-Identifier: MIT
# Run cmocka programs, JOBS at a time: a line for each, all of its output where one fails.
#     sh tests/run.sh JOBS PROGRAM...
set -u
if [ "$1" != one ]; then
  jobs=$1; shift
  printf '%s\n' "$@" | xargs -n 1 -P "$jobs" sh "$0" one
  exit
fi
program=$2
if "$program" >"$program.log" 2>&1; then
  passed=$(grep -h '^\[  PASSED  \]' "$program.log" | tail -n 1)
  printf '%-42s %s\n' "${program#build/*/tests/}" "$passed"
else
  cat "$program.log"
  echo "failed: $program"
  exit 255
fi
