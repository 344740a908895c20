#!/bin/sh
# Replay each fuzzer's corpus and a few random inputs: sh tests/fuzz/run.sh COUNT FUZZER...
set -u
count=$1; shift
for fuzzer in "$@"; do
  corpus=tests/fuzz/corpus/${fuzzer##*/fuzz_}
  for file in "$corpus"/*; do
    [ -f "$file" ] || continue
    FUZZ_JUDGE=1 "$fuzzer" "$file" || { echo "failed: $fuzzer $file"; exit 1; }
  done
  log=$("$fuzzer" --random "$count" 1 2>&1) || { echo "$log"; echo "failed: $fuzzer"; exit 1; }
  printf '%-42s %s\n' "${fuzzer#build/*/tests/}" "$log"
done
