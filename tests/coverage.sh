#!/bin/sh
# SPDX-License-Identifier: MIT
# gcovr --csv | coverage.sh TOTAL FILE: lines reached, in per cent; fails below TOTAL for all of them or
# below FILE for one source file, and names the files.
awk -F, -v total="$1" -v each="$2" '
  NR > 1 && $2 > 0 {
    lines += $2; reached += $3
    if (100 * $3 < each * $2) { printf "  %5.1f %%  %4d lines missed  %s\n", 100 * $3 / $2, $2 - $3, $1; low++ }
  }
  END {
    printf "coverage: %.1f %% of %d lines; %d files below %d %%\n", 100 * reached / lines, lines, low, each
    exit low > 0 || 100 * reached < total * lines
  }'
