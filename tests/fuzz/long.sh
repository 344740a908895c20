#!/bin/sh
# libFuzzer for SECONDS on each fuzzer: sh tests/fuzz/long.sh SECONDS BUILD. What it finds interesting
# stays in BUILD/corpus; an input that fails is left in the repository's root, to become a corpus file.
set -u
for fuzzer in "$2"/tests/fuzz/fuzz_*; do
  [ -x "$fuzzer" ] && [ ! -d "$fuzzer" ] || continue
  case $fuzzer in *.d) continue ;; esac
  name=${fuzzer##*/fuzz_}
  longest=4096
  [ "$name" != app ] || longest=400 # a long one is many short ones
  mkdir -p "$2/corpus/$name" "tests/fuzz/corpus/$name"
  "$fuzzer" -max_total_time="$1" -max_len=$longest -entropic=0 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 \
    "$2/corpus/$name" "tests/fuzz/corpus/$name" || exit 1
done
